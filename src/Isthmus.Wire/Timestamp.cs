using System.Globalization;

namespace Isthmus.Wire;

/// <summary>
/// An instant in UTC, in microseconds since 1970. Text is ISO 8601: <c>2017-10-01T09:07:51Z</c>, with
/// <c>.372152</c> where the source has microseconds. The time of a record lies from 1970 to 2106.
/// </summary>
/// <param name="Microseconds">Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.</param>
public readonly record struct Timestamp(long Microseconds)
    : IComparable<Timestamp>, ISpanParsable<Timestamp>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>Microseconds in a second.</summary>
    public const long PerSecond = 1_000_000;

    private const int TextMax = 40;

    private static readonly string[] Forms =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>So many seconds after 1970; before it where they are negative.</summary>
    /// <exception cref="OverflowException">It is 292,000 years or more from 1970.</exception>
    public static Timestamp FromSeconds(long seconds) => new(seconds * PerSecond);

    /// <summary>The same instant; what is below a microsecond is cut off.</summary>
    public static Timestamp From(DateTimeOffset time) =>
        new((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    /// <summary>Whole seconds since 1970, rounded down.</summary>
    public long Seconds => (Microseconds - ((Microseconds % PerSecond + PerSecond) % PerSecond)) / PerSecond;

    /// <summary>The same instant, in UTC.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside the years 1 to 9999, for which there is no text either.</exception>
    /// <exception cref="OverflowException">It is farther still, 29,000 years or more from 1970.</exception>
    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.UnixEpoch.AddTicks(Microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>So much later, to the microsecond.</summary>
    public static Timestamp operator +(Timestamp time, TimeSpan span) => new(time.Microseconds + (long)span.TotalMicroseconds);
    /// <summary>So much earlier, to the microsecond.</summary>
    public static Timestamp operator -(Timestamp time, TimeSpan span) => new(time.Microseconds - (long)span.TotalMicroseconds);
    /// <summary>How much later the left one is.</summary>
    public static TimeSpan operator -(Timestamp left, Timestamp right) => TimeSpan.FromMicroseconds(left.Microseconds - right.Microseconds);
    /// <summary>True when the left one is earlier.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.Microseconds < right.Microseconds;
    /// <summary>True when the left one is later.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.Microseconds > right.Microseconds;
    /// <summary>True when the left one is earlier or the same.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.Microseconds <= right.Microseconds;
    /// <summary>True when the left one is later or the same.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.Microseconds >= right.Microseconds;

    /// <summary>Order: the earlier first.</summary>
    public int CompareTo(Timestamp other) => Microseconds.CompareTo(other.Microseconds);

    /// <summary>Reads ISO 8601 text; no zone means UTC.</summary>
    /// <exception cref="FormatException">The text is no ISO 8601 time.</exception>
    public static Timestamp Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads ISO 8601 text; no zone means UTC.</summary>
    /// <exception cref="FormatException">The text is no ISO 8601 time.</exception>
    public static Timestamp Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var time) ? time : throw new FormatException($"'{s}' is no ISO 8601 time");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out Timestamp)"/>
    public static bool TryParse(string? s, IFormatProvider? provider, out Timestamp result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>
    /// Reads <c>2017-10-01</c>, <c>2017-10-01T09:07</c>, <c>2017-10-01 09:07:51.372152Z</c>; no zone means UTC. False, and 1970, for
    /// other text.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Timestamp result)
    {
        result = default;
        Span<char> text = stackalloc char[TextMax];
        if (s.Length > TextMax) return false;
        s.CopyTo(text);
        text = text[..s.Length];
        if (text.Length > 10 && text[10] == ' ') text[10] = 'T';
        if (!DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return false;
        result = From(time);
        return true;
    }

    /// <summary>ISO 8601 in UTC; with six digits of a second where it is no whole one.</summary>
    public override string ToString()
    {
        Span<char> buffer = stackalloc char[TextMax];
        TryFormat(buffer, out int length, default, null);
        return buffer[..length].ToString();
    }

    /// <summary>What <see cref="ToString()"/> gives: there is no other form.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Writes what <see cref="ToString()"/> gives; false where there is no room.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        ToDateTimeOffset().TryFormat(destination, out charsWritten, Form, CultureInfo.InvariantCulture);

    /// <summary>Writes what <see cref="ToString()"/> gives, as UTF-8; false where there is no room.</summary>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        ToDateTimeOffset().TryFormat(utf8Destination, out bytesWritten, Form, CultureInfo.InvariantCulture);

    private string Form =>
        Microseconds % PerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
}
