using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Isthmus.Wire;

/// <summary>The address families of unicast routing (AFI 1 and 2 of RFC 4760).</summary>
public enum AddressFamily : byte
{
    /// <summary>No address.</summary>
    None = 0,
    /// <summary>AFI 1.</summary>
    IPv4 = 1,
    /// <summary>AFI 2.</summary>
    IPv6 = 2,
}

/// <summary>
/// An IPv4 or IPv6 address as 128 bits, left-aligned: an IPv4 address is the top 32 bits of <see cref="High"/>, the rest zero.
/// <c>default</c> is no address: what a field gives that is missing or malformed.
/// </summary>
/// <param name="High">The first 64 bits.</param>
/// <param name="Low">The last 64 bits; zero for IPv4.</param>
/// <param name="Family">Which family the bits are of; <see cref="AddressFamily.None"/> for no address.</param>
public readonly record struct IpAddress(ulong High, ulong Low, AddressFamily Family)
    : IComparable<IpAddress>, ISpanParsable<IpAddress>, ISpanFormattable, IUtf8SpanFormattable
{
    private static readonly SearchValues<char> V6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>An IPv4 address of its 32 bits, the first octet uppermost.</summary>
    public static IpAddress V4(uint bits) => new((ulong)bits << 32, 0, AddressFamily.IPv4);

    /// <summary>An IPv6 address of the first 16 bytes, in the order of the wire.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public static IpAddress V6(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), AddressFamily.IPv6);

    /// <summary>Reads dotted decimal or RFC 5952 text.</summary>
    /// <exception cref="FormatException">The text is no IP address.</exception>
    public static IpAddress Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads dotted decimal or RFC 5952 text.</summary>
    /// <exception cref="FormatException">The text is no IP address.</exception>
    public static IpAddress Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var address) ? address : throw new FormatException($"'{s}' is no IP address");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out IpAddress)"/>
    public static bool TryParse(string? s, IFormatProvider? provider, out IpAddress result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>
    /// Reads dotted decimal of four parts, or IPv6 text. Neither <c>10.1</c>, <c>010.0.0.1</c>, a zone nor brackets are
    /// an address, since a routing tool must not guess: false, and no address, for those and other text.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out IpAddress result)
    {
        result = default;
        if (AddressText.TryReadV4(s, out uint bits))
        {
            result = V4(bits);
            return true;
        }
        if (!s.Contains(':') || s.IndexOfAnyExcept(V6Characters) >= 0 || !IPAddress.TryParse(s, out var parsed)) return false;
        Span<byte> bytes = stackalloc byte[16];
        if (!parsed.TryWriteBytes(bytes, out int length) || length != 16) return false;
        result = V6(bytes);
        return true;
    }

    /// <summary>Order: family, then bits; no address comes first.</summary>
    public int CompareTo(IpAddress other) =>
        Family != other.Family ? Family.CompareTo(other.Family)
        : High != other.High ? High.CompareTo(other.High)
        : Low.CompareTo(other.Low);

    /// <summary>True when the left one is before, by family and then by bits.</summary>
    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;
    /// <summary>True when the left one is after, by family and then by bits.</summary>
    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;
    /// <summary>True when the left one is before or the same.</summary>
    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;
    /// <summary>True when the left one is after or the same.</summary>
    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;

    /// <summary>Dotted decimal, or RFC 5952 text; <c>-</c> for no address.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[AddressText.BytesMax];
        return Encoding.ASCII.GetString(text[..AddressText.Write(this, text)]);
    }

    /// <summary>What <see cref="ToString()"/> gives: there is no other form.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Writes what <see cref="ToString()"/> gives; false where there is no room.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> text = stackalloc byte[AddressText.BytesMax];
        return AddressText.TryWiden(text[..AddressText.Write(this, text)], destination, out charsWritten);
    }

    /// <summary>Writes what <see cref="ToString()"/> gives, as UTF-8; false where there is no room.</summary>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> text = stackalloc byte[AddressText.BytesMax];
        return AddressText.TryCopy(text[..AddressText.Write(this, text)], utf8Destination, out bytesWritten);
    }
}
