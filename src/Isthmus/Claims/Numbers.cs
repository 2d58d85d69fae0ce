using System.Globalization;
using System.Text.RegularExpressions;

namespace Isthmus.Claims;

/// <summary>A number in a passage with what it counts.</summary>
/// <param name="Of">The whole: four in "three of the four"; 0 where none is named.</param>
/// <param name="Place">Characters from the start of the passage.</param>
internal readonly record struct NumberMention(StatedNumber Number, ClaimUnit Unit, int Of, int Place, int Length);

/// <summary>
/// Reads shares and counts. A plain number may be rounded: 60 percent is 59.5 to 60.5. "Roughly" and its kin widen it
/// by five points of a share, or a tenth of a count; "more than" and "less than" open one side.
/// </summary>
internal static partial class Numbers
{
    private const double RoughPoints = 0.05, RoughPart = 0.1;

    /// <summary>"A third" may be off by so much, and by no more than a tenth of itself.</summary>
    private const double FractionPoints = 0.02;

    /// <summary>A share that exceeds another by so much is more.</summary>
    private const double MoreThan = 1e-4;

    /// <summary>The shares of a passage, in order; as parts of 1.</summary>
    public static IEnumerable<NumberMention> Shares(string passage)
    {
        foreach (Match match in Share().Matches(passage))
        {
            double value = match.Groups["digits"].Success
                ? double.Parse(match.Groups["digits"].Value, CultureInfo.InvariantCulture) / 100
                : FractionOf(match);
            int point = match.Groups["digits"].Value.IndexOf('.', StringComparison.Ordinal);
            int decimals = point < 0 ? 0 : match.Groups["digits"].Value.Length - point - 1;
            double half = match.Groups["digits"].Success ? 0.005 / Math.Pow(10, decimals) : Math.Min(FractionPoints, value / 10);
            var band = Widen(passage, match, value, half, RoughPoints);
            yield return new(band with { Low = Math.Max(0, band.Low), High = Math.Min(1, band.High) },
                Words.SaysTraffic(passage[match.Index..]) ? ClaimUnit.Traffic : ClaimUnit.Unstated, 0, match.Index, match.Length);
        }
    }

    /// <summary>The counts of a passage, in order.</summary>
    public static IEnumerable<NumberMention> Counts(string passage)
    {
        Match[] all = [.. All().Matches(passage).Cast<Match>()];
        foreach (Match match in Count().Matches(passage))
        {
            // "All four routes" is four of four.
            if (Array.Exists(all, whole => whole.Index <= match.Index && match.Index < whole.Index + whole.Length)) continue;
            if (Words.NumberOf(match.Groups["count"].Value) is not { } count || OneIn().IsMatch(passage[..match.Index])) continue;
            int of = match.Groups["of"].Success ? Words.NumberOf(match.Groups["of"].Value) ?? 0 : 0;
            var unit = Words.UnitOf(match.Groups["unit"].Value);
            // "Three networks carry it", "carried by three networks": those that carry, and not what is carried.
            if (match.Groups["unit"].Value.StartsWith("network", StringComparison.OrdinalIgnoreCase)
                && (Carrying().IsMatch(passage[(match.Index + match.Length)..]) || CarriedBy().IsMatch(passage[..match.Index])))
                unit = ClaimUnit.Upstreams;
            yield return new(Widen(passage, match, count, 0, RoughPart * count), unit, of, match.Index, match.Length);
        }
        foreach (Match match in Often().Matches(passage))
        {
            int times = match.Groups["once"].Success ? 1 : match.Groups["twice"].Success ? 2 : 3;
            yield return new(Widen(passage, match, times, 0, RoughPart * times), ClaimUnit.Outages, 0, match.Index, match.Length);
        }
        foreach (var match in all)
            if (Words.NumberOf(match.Groups["count"].Value) is { } count)
                yield return new(new(match.Value, count, count), Words.UnitOf(match.Groups["unit"].Value), count, match.Index, match.Length);
    }

    private static StatedNumber Widen(string passage, Match match, double value, double half, double rough)
    {
        string before = passage[..match.Index], text = match.Value.Trim();
        // "Most of" and "the majority of" are more than half.
        if (text.StartsWith("mo", StringComparison.OrdinalIgnoreCase) || text.EndsWith("ority", StringComparison.OrdinalIgnoreCase))
            return new(text, value + 1e-3, double.MaxValue);
        // "More than three" is four; exactly half is not "more than half".
        double beyond = half > 0 ? MoreThan : 0.5;
        if (AtLeast().Match(before) is { Success: true } least) return new(least.Value.Trim() + " " + text, value, double.MaxValue);
        if (AtMost().Match(before) is { Success: true } most) return new(most.Value.Trim() + " " + text, 0, value);
        if (Above().Match(before) is { Success: true } above) return new(above.Value.Trim() + " " + text, value + beyond, double.MaxValue);
        if (Below().Match(before) is { Success: true } below) return new(below.Value.Trim() + " " + text, 0, value - beyond);
        if (Nearly().Match(before) is { Success: true } nearly) return new(nearly.Value.Trim() + " " + text, value - rough, value + half);
        if (Roughly().Match(before) is { Success: true } about) return new(about.Value.Trim() + " " + text, value - rough, value + rough);
        return OrSo().IsMatch(passage[(match.Index + match.Length)..])
            ? new(text + " or so", value - rough, value + rough) : new(text, value - half, value + half);
    }

    // "Two fifths" is two of five; "all" is one, "most" more than a half.
    private static double FractionOf(Match match)
    {
        if (match.Groups["in"].Success)
            return Math.Min(1, (double)(Words.NumberOf(match.Groups["some"].Value) ?? 1) / (Words.NumberOf(match.Groups["whole"].Value) ?? 1));
        if (!match.Groups["parts"].Success) return match.Groups["fraction"].Value.StartsWith("all", StringComparison.OrdinalIgnoreCase) ? 1 : 0.5;
        string parts = match.Groups["parts"].Value;
        double all = Array.FindIndex(_parts, part => parts.StartsWith(part, StringComparison.OrdinalIgnoreCase)) / 2 + 2;
        return match.Groups["some"].Value is { Length: > 2 } some ? Math.Min(1, (Words.NumberOf(some) ?? 1) / all) : 1 / all;
    }

    // Two names each, from two parts on.
    private static readonly string[] _parts =
        ["half", "halves", "third", "third", "quarter", "fourth", "fifth", "fifth", "sixth", "sixth", "seventh", "seventh", "eighth", "eighth", "ninth", "ninth",
            "tenth", "tenth"];

    private const RegexOptions Plain = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"(?<![\d.])(?<digits>\d{1,3}(?:\.\d+)?)\s*(?:%|per ?cent\b)|\b(?<fraction>half|(?<some>an?|one|two|three|four|five|six|seven|eight|nine)[ -](?<parts>half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?)|(?<some>one|two|three|four)(?<in> in )(?<whole>two|three|four|five|six|seven|eight|nine|ten)|most|all|(?:a|the) majority)\b(?= of)", Plain)]
    private static partial Regex Share();

    // Whose they are: "North Korea's", "AS131279's".
    private const string Owner = @"(?:\p{L}[\p{L}\d]{0,40}\s+){0,3}\p{L}[\p{L}\d]{0,40}['’]s?";

    private const string Unit =
        @"(?<unit>routes|route|networks|prefixes|prefix|blocks|address blocks|/24s|addresses|address|hosts|upstreams|providers|carriers|links|companies|firms|operators|telcos|outages|times|(?:short |brief )?periods|blackouts|(?<=\b(?:has|had|have)\s+(?:only\s+|just\s+)?one\s+)(?:provider|upstream|carrier))\b";

    [GeneratedRegex(@"(?<![\d.:/])\b(?<count>" + Words.NumberPattern + @")\b(?:\s+of\s+(?:the|its|all|their|" + Owner + @")?\s*(?<of>" + Words.NumberPattern + @"))?(?:\s+(?:of\s+(?:its|the|their|" + Owner + @")\s+)?)(?:(?:BGP|routed|IP|IPv4|Internet|different|short|brief|of|its)\s+){0,3}" + Unit, Plain)]
    private static partial Regex Count();

    [GeneratedRegex(@"\ball\s+(?:of\s+)?(?:(?:its|the|their|" + Owner + @")\s+)?(?<count>" + Words.NumberPattern + @")\s+(?:of\s+(?:its|the|their|" + Owner + @")\s+)?(?:(?:BGP|routed)\s+)?" + Unit, Plain)]
    private static partial Regex All();

    // "Two networks, A and B, carry it".
    [GeneratedRegex(@"^(?:\s*,[^,;.]{1,80}(?:,[^,;.]{1,80}){0,2},|\s*\([^)]{1,120}\))?\s+(?:(?:that|which|now|still|currently|all|also)\s+){0,3}(?:carr(?:y|ies|ied|ying)|serve[sd]?|provide[sd]?|connect(?:s|ed)?|transit|reach(?:es|ed)?|handle[sd]?)\b", Plain)]
    private static partial Regex Carrying();

    [GeneratedRegex(@"\b(?:by|via|through)\s+(?:the\s+|only\s+|just\s+)?$", Plain)]
    private static partial Regex CarriedBy();

    [GeneratedRegex(@"\b(?:roughly|about|around|approximately|some|circa)\s*(?:the remaining\s*)?$", Plain)]
    private static partial Regex Roughly();

    [GeneratedRegex(@"\b(?:nearly|almost|close to|up to)\s*$", Plain)]
    private static partial Regex Nearly();

    // "One in three of the routes" is a share.
    [GeneratedRegex(@"\b(?:one|two|three|four) in $", Plain)]
    private static partial Regex OneIn();

    [GeneratedRegex(@"\bat least\s*$", Plain)]
    private static partial Regex AtLeast();

    [GeneratedRegex(@"\bat most\s*$", Plain)]
    private static partial Regex AtMost();

    [GeneratedRegex(@"(?<!\bt(?:akes?|ook|aken|aking)\s+)\b(?:more than|over|above)\s*$", Plain)]
    private static partial Regex Above();

    [GeneratedRegex(@"\b(?:less than|fewer than|under|below)\s*$", Plain)]
    private static partial Regex Below();

    // "Once" alone is "formerly", "twice a day" comes again, and "twice as long" compares.
    [GeneratedRegex(@"\b(?:(?<=\b(?:only|just|at least|at most|more than|less than|exactly)\s+)(?<once>once)|(?<twice>twice)|(?<thrice>thrice))\b(?!\s+(?:again|an?|as|every|per|each|more|the)\b)", Plain)]
    private static partial Regex Often();

    [GeneratedRegex(@"^\s*or so\b", Plain)]
    private static partial Regex OrSo();
}
