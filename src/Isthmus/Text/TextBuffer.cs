using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

using Isthmus.Wire;

namespace Isthmus.Text;

/// <summary>UTF-8 text in the making, in one pooled array: numbers and addresses are written straight into it.</summary>
internal sealed class TextBuffer(int bytes = 256) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(bytes);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Text => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void DropLast() => Length--;

    /// <summary>Appends an ASCII character.</summary>
    public void Append(char one)
    {
        if (Length == _bytes.Length) Grow(1);
        _bytes[Length++] = (byte)one;
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        if (text.Length > _bytes.Length - Length) Grow(text.Length);
        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
    }

    public void Append(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out int written);
        Length += written;
    }

    /// <summary>Appends the eight bytes of a number, the least first.</summary>
    public void AppendBytes(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), number);
        Length += sizeof(long);
    }

    /// <summary>Sets four bytes that are there to a number, the least first.</summary>
    public void Set(int at, int number) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(at, sizeof(int)), number);

    /// <summary>Appends a number with leading zeros up to a width.</summary>
    public void AppendPadded(long number, byte digits)
    {
        Utf8Formatter.TryFormat(number, Room(24), out int written, new('D', digits));
        Length += written;
    }

    /// <summary>Appends the bytes in lower-case hexadecimal.</summary>
    public void AppendHex(ReadOnlySpan<byte> bytes)
    {
        const string Digits = "0123456789abcdef";
        var room = Room(bytes.Length * 2);
        for (int i = 0; i < bytes.Length; i++)
        {
            room[2 * i] = (byte)Digits[bytes[i] >> 4];
            room[2 * i + 1] = (byte)Digits[bytes[i] & 15];
        }
        Length += bytes.Length * 2;
    }

    /// <summary>Appends seconds since 1970, with six digits of microseconds on request.</summary>
    public void AppendUnix(Timestamp time, bool microseconds)
    {
        Append(time.Microseconds / Timestamp.PerSecond);
        if (!microseconds) return;
        Append('.');
        AppendPadded(time.Microseconds % Timestamp.PerSecond, 6);
    }

    /// <summary>Appends the ISO 8601 text of a time.</summary>
    public void Append(Timestamp time)
    {
        time.ToDateTimeOffset().UtcDateTime.TryFormat(Room(40), out int written, time.Microseconds % Timestamp.PerSecond == 0
            ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Length += written;
    }

    public void Append(Prefix prefix, int zeroGroupsMin = 2)
    {
        Append(prefix.Address, zeroGroupsMin);
        Append('/');
        Append(prefix.Length);
    }

    /// <summary>Appends an address (RFC 5952); nothing for no address.</summary>
    /// <param name="zeroGroupsMin">So many zero groups of IPv6 become "::"; the standard wants two, bgpdump takes one.</param>
    public void Append(IpAddress address, int zeroGroupsMin = 2)
    {
        if (address.Family is AddressFamily.IPv4) AppendV4((uint)(address.High >> 32));
        else if (address.Family is AddressFamily.IPv6) AppendV6(address, zeroGroupsMin);
    }

    private void AppendV4(uint bits)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            uint octet = bits >> shift & 0xFF;
            var room = Room(4);
            int at = 0;
            if (octet >= 100) room[at++] = (byte)('0' + octet / 100);
            if (octet >= 10) room[at++] = (byte)('0' + octet / 10 % 10);
            room[at++] = (byte)('0' + octet % 10);
            if (shift > 0) room[at++] = (byte)'.';
            Length += at;
        }
    }

    // RFC 5952 section 4.2: the longest run of zero groups, the first of equals, becomes "::".
    private void AppendV6(IpAddress address, int zeroGroupsMin)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], address.Low);
        var (start, length) = LongestZeroRun(bytes, zeroGroupsMin);
        bool dotted = start == 0 && (length == 6 || length == 5 && bytes[10] == 0xFF && bytes[11] == 0xFF);
        for (int group = 0; group < 8; group++)
        {
            if (group == start)
            {
                Append("::"u8);
                group += length - 1;
                continue;
            }
            if (group > 0 && group != start + length) Append(':');
            if (dotted && group == 6)
            {
                AppendV4((uint)(address.Low & uint.MaxValue));
                return;
            }
            Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * group)..]), Room(4), out int written, new('x'));
            Length += written;
        }
    }

    private static (int Start, int Length) LongestZeroRun(ReadOnlySpan<byte> bytes, int groupsMin)
    {
        int best = -1, bestLength = groupsMin - 1, start = -1;
        for (int group = 0; group < 8; group++)
        {
            if ((bytes[2 * group] | bytes[2 * group + 1]) != 0)
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

    /// <summary>Hands the text to a stream and starts anew.</summary>
    public void FlushTo(Stream stream)
    {
        stream.Write(_bytes, 0, Length);
        Length = 0;
    }

    /// <summary>Hands the text to another buffer, behind what that holds, and starts anew. Nothing is copied to an empty one.</summary>
    public void MoveTo(TextBuffer other)
    {
        if (other.Length > 0) other.Append(Text);
        else (_bytes, other._bytes, other.Length) = (other._bytes, _bytes, Length);
        Length = 0;
    }

    private Span<byte> Room(int bytes)
    {
        if (bytes > _bytes.Length - Length) Grow(bytes);
        return _bytes.AsSpan(Length);
    }

    private void Grow(int bytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + bytes, _bytes.Length * 2));
        Text.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }
}
