using System.Buffers.Binary;

using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Export;

/// <summary>
/// Text of an extended community (RFC 4360, RFC 5668): <c>rt:65001:100</c>, <c>soo:192.0.2.1:7</c>, others as
/// <c>0x</c> and 16 digits.
/// </summary>
internal static class ExtendedCommunityText
{
    public static void Write(TextBuffer text, ReadOnlySpan<byte> bytes)
    {
        // Bit 0x40 says whether it is transitive; 0 two-octet AS, 1 IPv4 address, 2 four-octet AS.
        int type = bytes[0] & ~0x40;
        if (type > 2 || bytes[1] is not (2 or 3))
        {
            text.Append("0x"u8);
            text.AppendHex(bytes);
            return;
        }
        text.Append(bytes[1] == 2 ? "rt:"u8 : "soo:"u8);
        if (type == 1) text.Append(IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(bytes[2..])));
        else if (type == 2) text.Append(BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));
        else text.Append(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        text.Append(':');
        if (type == 0) text.Append(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));
        else text.Append(BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
    }
}
