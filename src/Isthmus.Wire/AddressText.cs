using System.Buffers.Binary;

namespace Isthmus.Wire;

/// <summary>Writes addresses and numbers as ASCII. IPv6 is as RFC 5952 asks and as <c>inet_ntop</c> prints it.</summary>
internal static class AddressText
{
    /// <summary>The longest: eight groups of four digits, or the last two dotted, and <c>/128</c>.</summary>
    public const int BytesMax = 50;

    /// <summary>Writes an address into at least <see cref="BytesMax"/> bytes; <c>-</c> for no address.</summary>
    public static int Write(IpAddress address, Span<byte> text)
    {
        switch (address.Family)
        {
            case AddressFamily.IPv4:
                return WriteV4((uint)(address.High >> 32), text);
            case AddressFamily.IPv6:
                return WriteV6(address, text);
            default:
                text[0] = (byte)'-';
                return 1;
        }
    }

    public static int Write(uint number, Span<byte> text)
    {
        int digits = 1;
        for (uint rest = number; rest >= 10; rest /= 10) digits++;
        for (int at = digits - 1; at >= 0; at--, number /= 10) text[at] = (byte)('0' + number % 10);
        return digits;
    }

    /// <summary>Copies ASCII out as characters; false where there is no room.</summary>
    public static bool TryWiden(ReadOnlySpan<byte> text, Span<char> destination, out int charsWritten)
    {
        charsWritten = 0;
        if (destination.Length < text.Length) return false;
        for (int i = 0; i < text.Length; i++) destination[i] = (char)text[i];
        charsWritten = text.Length;
        return true;
    }

    /// <summary>Copies ASCII out as UTF-8; false where there is no room.</summary>
    public static bool TryCopy(ReadOnlySpan<byte> text, Span<byte> destination, out int bytesWritten)
    {
        bytesWritten = 0;
        if (!text.TryCopyTo(destination)) return false;
        bytesWritten = text.Length;
        return true;
    }

    private static int WriteV4(uint bits, Span<byte> text)
    {
        int at = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            at += Write(bits >> shift & 0xFF, text[at..]);
            if (shift > 0) text[at++] = (byte)'.';
        }
        return at;
    }

    // RFC 5952 section 4.2: the longest run of two or more zero groups, the first of equals, becomes "::".
    private static int WriteV6(IpAddress address, Span<byte> text)
    {
        var (start, length) = LongestZeroRun(address);
        bool dotted = start == 0 && (length == 6 || length == 5 && Group(address, 5) == 0xFFFF);
        int at = 0;
        for (int group = 0; group < 8; group++)
        {
            if (group == start)
            {
                "::"u8.CopyTo(text[at..]);
                at += 2;
                group += length - 1;
                continue;
            }
            if (group > 0 && group != start + length) text[at++] = (byte)':';
            if (dotted && group == 6) return at + WriteV4((uint)(address.Low & uint.MaxValue), text[at..]);
            at += WriteHex(Group(address, group), text[at..]);
        }
        return at;
    }

    private static int WriteHex(uint group, Span<byte> text)
    {
        int digits = group > 0xFFF ? 4 : group > 0xFF ? 3 : group > 0xF ? 2 : 1;
        for (int i = 0; i < digits; i++) text[i] = "0123456789abcdef"u8[(int)(group >> 4 * (digits - 1 - i) & 0xF)];
        return digits;
    }

    private static (int Start, int Length) LongestZeroRun(IpAddress address)
    {
        int best = -1, bestLength = 1, start = -1;
        for (int group = 0; group < 8; group++)
        {
            if (Group(address, group) != 0)
            {
                start = -1;
                continue;
            }
            if (start < 0) start = group;
            if (group - start + 1 <= bestLength) continue;
            best = start;
            bestLength = group - start + 1;
        }
        return best < 0 ? (-1, 0) : (best, bestLength);
    }

    private static uint Group(IpAddress address, int group) =>
        (uint)((group < 4 ? address.High >> 48 - 16 * group : address.Low >> 112 - 16 * group) & 0xFFFF);

    /// <summary>Reads dotted decimal: four numbers without leading zeros.</summary>
    public static bool TryReadV4(ReadOnlySpan<char> text, out uint bits)
    {
        bits = 0;
        Span<byte> octets = stackalloc byte[4];
        int count = 0, digits = 0, value = 0;
        foreach (char one in text)
        {
            if (one == '.')
            {
                if (digits == 0 || count == 3) return false;
                octets[count++] = (byte)value;
                digits = value = 0;
                continue;
            }
            if (!char.IsAsciiDigit(one) || digits > 0 && value == 0) return false;
            value = value * 10 + (one - '0');
            if (value > 255) return false;
            digits++;
        }
        if (count != 3 || digits == 0) return false;
        octets[3] = (byte)value;
        bits = BinaryPrimitives.ReadUInt32BigEndian(octets);
        return true;
    }
}
