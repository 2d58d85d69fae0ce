using System.Globalization;
using System.Text;

using Isthmus.Wire;

namespace Isthmus.Text;

/// <summary>Numbers, times and lists in the words that all texts use. No culture, no zone but UTC.</summary>
public static class Wording
{
    // Ten tenths are not quite one in binary, and all of them.
    private const double WholeMin = 1 - 1e-9;

    /// <summary>A share in whole percent; what is more than nothing never reads as nothing, nor less than all as all.</summary>
    public static string Percent(double share) => share switch
    {
        double.NaN => "–",
        > 0 and < 0.005 => "<1%",
        < WholeMin and >= 0.995 => ">99%",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(share * 100, MidpointRounding.AwayFromZero):0}%"),
    };

    /// <summary>A share with one decimal, for tables.</summary>
    public static string PercentFine(double share) => double.IsFinite(share)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Round(share * 100, 1, MidpointRounding.AwayFromZero):0.0}%")
        : "–";

    /// <summary><c>1,024</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 prefix</c>, <c>4 prefixes</c>.</summary>
    public static string Count(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";

    /// <summary>Small numbers as words, as in a sentence.</summary>
    public static string InWords(int count) => count switch
    {
        1 => "one",
        2 => "two",
        3 => "three",
        4 => "four",
        5 => "five",
        6 => "six",
        7 => "seven",
        8 => "eight",
        9 => "nine",
        _ => Count(count),
    };

    /// <summary><c>2017-10-01</c>.</summary>
    public static string Date(Timestamp time) => Format(time, "yyyy-MM-dd");

    /// <summary><c>1 October 2017</c>.</summary>
    public static string Day(Timestamp time) => Format(time, "d MMMM yyyy");

    /// <summary><c>09:07:51</c>.</summary>
    public static string Clock(Timestamp time) => Format(time, "HH:mm:ss");

    /// <summary><c>09:07</c> on the minute, else with seconds.</summary>
    public static string ClockBrief(Timestamp time) => Format(time, time.Seconds % 60 == 0 ? "HH:mm" : "HH:mm:ss");

    /// <summary><c>2017-10-01 09:07:51</c>.</summary>
    public static string Moment(Timestamp time) => Format(time, "yyyy-MM-dd HH:mm:ss");

    /// <summary>The two largest units: <c>58 s</c>, <c>4 min 12 s</c>, <c>1 h 39 min</c>, <c>2 d 3 h</c>.</summary>
    public static string Length(TimeSpan span)
    {
        long seconds = (long)Math.Round(Math.Abs(span.TotalSeconds), MidpointRounding.AwayFromZero);
        return seconds switch
        {
            < 60 => $"{Count(seconds)} s",
            < 3600 => Two(seconds / 60, "min", seconds % 60, "s"),
            < 86400 => Two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
            _ => Two(seconds / 86400, "d", seconds % 86400 / 3600, "h"),
        };
    }

    /// <summary>A time beside another: <c>+12 s</c>, <c>−18 s</c>, <c>+0 s</c>.</summary>
    public static string Offset(TimeSpan span) => (span < TimeSpan.Zero ? "−" : "+") + Length(span);

    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static string Join(IReadOnlyList<string> items) => items.Count switch
    {
        0 => "",
        1 => items[0],
        _ => $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}",
    };

    /// <summary>Prefixes as Dyn wrote them, the common half said once: <c>175.45.176.0/24, .178.0/24 and 3 more</c>.</summary>
    public static string Prefixes(IReadOnlyList<Prefix> prefixes, int most)
    {
        var shown = new List<string>();
        Prefix? before = null;
        foreach (var prefix in prefixes.Take(most))
        {
            bool alike = before is { } last && prefix.Family is AddressFamily.IPv4 && prefix.Family == last.Family
                && prefix.Length >= 16 && prefix.High >> 48 == last.High >> 48;
            string text = prefix.ToString();
            shown.Add(alike ? text[text.IndexOf('.', text.IndexOf('.') + 1)..] : text);
            before = prefix;
        }
        int more = prefixes.Count - shown.Count;
        return more > 0 ? $"{string.Join(", ", shown)} and {Count(more)} more" : string.Join(", ", shown);
    }

    /// <summary>At most so many characters; what is cut off is shown by an ellipsis.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : $"{text[..(most - 1)].TrimEnd()}…";

    /// <summary>
    /// The text without what could speak to a terminal or turn the order of what is read: control characters, line separators,
    /// halves of surrogate pairs, and the invisible marks of format (Unicode category Cf, bidirectional overrides among them)
    /// except the joiners and the soft hyphen that names in Persian, Indic and European writing have.
    /// Each becomes U+FFFD, the replacement character.
    /// </summary>
    public static string Printable(string text)
    {
        int at = 0;
        while (at < text.Length && char.IsBetween(text[at], ' ', '~')) at++;
        if (at == text.Length) return text;
        var printable = new StringBuilder(text.Length).Append(text, 0, at);
        foreach (var rune in text.AsSpan(at).EnumerateRunes()) printable.Append(IsPrintable(rune) ? rune.ToString() : "\uFFFD");
        return printable.ToString();
    }

    /// <summary>True for what <see cref="Printable"/> lets through.</summary>
    public static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator => false,
        UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate => false,
        UnicodeCategory.Format => rune.Value is 0x00AD or 0x200C or 0x200D,
        _ => true,
    };

    private static string Two(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? $"{Count(large)} {largeUnit}" : $"{Count(large)} {largeUnit} {Count(small)} {smallUnit}";

    private static string Format(Timestamp time, string format) =>
        time.ToDateTimeOffset().ToString(format, CultureInfo.InvariantCulture);
}
