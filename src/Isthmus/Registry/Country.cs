namespace Isthmus.Registry;

/// <summary>A country by its ISO 3166-1 alpha-2 code, as registries use it: where a holder is registered, not where packets pass.</summary>
public readonly record struct Country : IComparable<Country>, ISpanParsable<Country>, ISpanFormattable
{
    private readonly ushort _code;

    private Country(char first, char second) => _code = (ushort)(first << 8 | second);

    /// <summary>No country: an unregistered number, or the codes that registries use for regions (EU, AP, ZZ).</summary>
    public static Country None => default;

    public bool IsNone => _code == 0;

    public static Country Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    public static Country Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var country) ? country : throw new FormatException($"'{s}' is no country code");

    public static bool TryParse(string? s, IFormatProvider? provider, out Country result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>
    /// Reads a two-letter code in either case. EU, AP and ZZ are no countries (methods.md, "Countries"). UK, which ISO 3166-1
    /// reserves for the United Kingdom, is GB.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Country result)
    {
        result = default;
        if (s.Length != 2 || !char.IsAsciiLetter(s[0]) || !char.IsAsciiLetter(s[1])) return false;
        var code = new Country(char.ToUpperInvariant(s[0]), char.ToUpperInvariant(s[1]));
        // Compared as numbers: a registry has hundreds of thousands.
        if (code == new Country('E', 'U') || code == new Country('A', 'P') || code == new Country('Z', 'Z')) return false;
        result = code == new Country('U', 'K') ? new Country('G', 'B') : code;
        return true;
    }

    public int CompareTo(Country other) => _code.CompareTo(other._code);

    public static bool operator <(Country left, Country right) => left._code < right._code;
    public static bool operator >(Country left, Country right) => left._code > right._code;
    public static bool operator <=(Country left, Country right) => left._code <= right._code;
    public static bool operator >=(Country left, Country right) => left._code >= right._code;

    /// <summary>The two letters; empty for <see cref="None"/>.</summary>
    public override string ToString() => IsNone ? "" : string.Create(2, _code, (chars, code) =>
    {
        chars[0] = (char)(code >> 8);
        chars[1] = (char)(code & 0xFF);
    });

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        destination.TryWrite($"{ToString()}", out charsWritten);
}
