using System.Globalization;
using System.Text.Unicode;

namespace Isthmus.Wire;

/// <summary>An autonomous system number (RFC 6793): <c>131279</c>, written <c>AS131279</c> where people read it.</summary>
/// <param name="Number">The number, 0 to 4294967295.</param>
public readonly record struct Asn(uint Number) : IComparable<Asn>, ISpanParsable<Asn>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>Stands in for a 4-octet number in a 2-octet field (RFC 6793 section 9).</summary>
    public static readonly Asn Trans = new(23456);

    /// <summary>Reads <c>131279</c>, <c>AS131279</c> or <c>2.207</c> (RFC 5396 section 2).</summary>
    /// <exception cref="FormatException">The text is no AS number.</exception>
    public static Asn Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads <c>131279</c>, <c>AS131279</c> or <c>2.207</c> (RFC 5396 section 2).</summary>
    /// <exception cref="FormatException">The text is no AS number.</exception>
    public static Asn Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var asn) ? asn : throw new FormatException($"'{s}' is no AS number");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out Asn)"/>
    public static bool TryParse(string? s, IFormatProvider? provider, out Asn result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>
    /// Reads <c>131279</c>, <c>AS131279</c> or the dotted form <c>2.207</c> (RFC 5396 section 2); false, and AS0, for other text.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Asn result)
    {
        if (s.StartsWith("AS", StringComparison.OrdinalIgnoreCase)) s = s[2..];
        result = default;
        int dot = s.IndexOf('.');
        if (dot < 0)
        {
            if (!uint.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)) return false;
            result = new(number);
            return true;
        }
        if (!ushort.TryParse(s[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out ushort high)) return false;
        if (!ushort.TryParse(s[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort low)) return false;
        result = new((uint)high << 16 | low);
        return true;
    }

    /// <summary>Order: by number.</summary>
    public int CompareTo(Asn other) => Number.CompareTo(other.Number);

    /// <summary>True when the left one is a lower number.</summary>
    public static bool operator <(Asn left, Asn right) => left.Number < right.Number;
    /// <summary>True when the left one is a higher number.</summary>
    public static bool operator >(Asn left, Asn right) => left.Number > right.Number;
    /// <summary>True when the left one is a lower or the same number.</summary>
    public static bool operator <=(Asn left, Asn right) => left.Number <= right.Number;
    /// <summary>True when the left one is a higher or the same number.</summary>
    public static bool operator >=(Asn left, Asn right) => left.Number >= right.Number;

    /// <summary>The form for people: <c>AS131279</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"AS{Number}");

    /// <summary>What <see cref="ToString()"/> gives: there is no other form.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Writes what <see cref="ToString()"/> gives; false where there is no room.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        destination.TryWrite(CultureInfo.InvariantCulture, $"AS{Number}", out charsWritten);

    /// <summary>Writes what <see cref="ToString()"/> gives, as UTF-8; false where there is no room.</summary>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Utf8.TryWrite(utf8Destination, CultureInfo.InvariantCulture, $"AS{Number}", out bytesWritten);
}
