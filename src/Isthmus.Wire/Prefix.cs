using System.Globalization;
using System.Text;

namespace Isthmus.Wire;

/// <summary>
/// An address block with a length (RFC 4271 section 4.3): <c>175.45.176.0/24</c>. Bits beyond the length are zero.
/// <c>default</c> is no prefix.
/// </summary>
public readonly record struct Prefix : IComparable<Prefix>, ISpanParsable<Prefix>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>The first 64 bits of the address, left-aligned; an IPv4 address is the top 32.</summary>
    public ulong High { get; }

    /// <summary>The last 64 bits; zero for IPv4.</summary>
    public ulong Low { get; }

    /// <summary>Which family; <see cref="AddressFamily.None"/> where there is no prefix.</summary>
    public AddressFamily Family { get; }

    /// <summary>How many leading bits are fixed: 0 to 32 for IPv4, 0 to 128 for IPv6.</summary>
    public byte Length { get; }

    /// <summary>Bits beyond the length are cleared: on the wire they mean nothing (RFC 4271 section 4.3).</summary>
    /// <param name="address">Any address of the block.</param>
    /// <param name="length">In bits; below 0 it is 0, above 32 or 128 it is these.</param>
    public Prefix(IpAddress address, int length)
    {
        Family = address.Family;
        Length = (byte)Math.Clamp(length, 0, Family is AddressFamily.IPv4 ? 32 : 128);
        High = Length >= 64 ? address.High : Length == 0 ? 0 : address.High & ulong.MaxValue << 64 - Length;
        Low = Length <= 64 ? 0 : address.Low & ulong.MaxValue << 128 - Length;
    }

    /// <summary>The first address of the block.</summary>
    public IpAddress Address => new(High, Low, Family);

    /// <summary>True when every address of <paramref name="other"/> lies in this prefix; a prefix covers itself.</summary>
    public bool Covers(Prefix other) =>
        Family == other.Family && Length <= other.Length && new Prefix(other.Address, Length) == this;

    /// <summary>Reads <c>address/length</c>.</summary>
    /// <exception cref="FormatException">The text is no prefix.</exception>
    public static Prefix Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads <c>address/length</c>.</summary>
    /// <exception cref="FormatException">The text is no prefix.</exception>
    public static Prefix Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var prefix) ? prefix : throw new FormatException($"'{s}' is no prefix");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out Prefix)"/>
    public static bool TryParse(string? s, IFormatProvider? provider, out Prefix result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>
    /// Reads <c>address/length</c>. Bits beyond the length must be zero: <c>10.0.0.1/8</c> is refused as a slip, with false.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Prefix result)
    {
        result = default;
        int slash = s.IndexOf('/');
        if (slash < 0 || !IpAddress.TryParse(s[..slash], provider, out var address)) return false;
        if (!byte.TryParse(s[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out byte length)) return false;
        if (length > (address.Family is AddressFamily.IPv4 ? 32 : 128)) return false;
        result = new(address, length);
        return result.Address == address;
    }

    /// <summary>Order: family, address, length; so a covering prefix comes before what it covers.</summary>
    public int CompareTo(Prefix other) =>
        Address.CompareTo(other.Address) is var order and not 0 ? order : Length.CompareTo(other.Length);

    /// <summary>True when the left one is before, by family, address and length.</summary>
    public static bool operator <(Prefix left, Prefix right) => left.CompareTo(right) < 0;
    /// <summary>True when the left one is after, by family, address and length.</summary>
    public static bool operator >(Prefix left, Prefix right) => left.CompareTo(right) > 0;
    /// <summary>True when the left one is before or the same.</summary>
    public static bool operator <=(Prefix left, Prefix right) => left.CompareTo(right) <= 0;
    /// <summary>True when the left one is after or the same.</summary>
    public static bool operator >=(Prefix left, Prefix right) => left.CompareTo(right) >= 0;

    /// <summary>The same for equal prefixes.</summary>
    public override int GetHashCode()
    {
        ulong mixed = unchecked((High ^ ulong.RotateLeft(Low, 32) ^ (ulong)Length << 8 ^ (ulong)Family) * 0x9E3779B97F4A7C15);
        return unchecked((int)(mixed >> 32));
    }

    /// <summary><c>175.45.176.0/24</c>; IPv6 by RFC 5952.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[AddressText.BytesMax];
        return Encoding.ASCII.GetString(text[..Write(text)]);
    }

    /// <summary>What <see cref="ToString()"/> gives: there is no other form.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Writes what <see cref="ToString()"/> gives; false where there is no room.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> text = stackalloc byte[AddressText.BytesMax];
        return AddressText.TryWiden(text[..Write(text)], destination, out charsWritten);
    }

    /// <summary>Writes what <see cref="ToString()"/> gives, as UTF-8; false where there is no room.</summary>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> text = stackalloc byte[AddressText.BytesMax];
        return AddressText.TryCopy(text[..Write(text)], utf8Destination, out bytesWritten);
    }

    private int Write(Span<byte> text)
    {
        int at = AddressText.Write(Address, text);
        text[at++] = (byte)'/';
        return at + AddressText.Write(Length, text[at..]);
    }
}
