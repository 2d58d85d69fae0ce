using System.Globalization;
using System.Text.RegularExpressions;

namespace Isthmus.Claims;

/// <summary>The words by which news texts speak of routes. All are matched without case.</summary>
internal static partial class Words
{
    public static bool SaysBegan(string clause) => Began().IsMatch(clause);

    public static bool SaysEnded(string clause) => Ended().IsMatch(clause);

    public static bool SaysReturned(string clause) => Returned().IsMatch(clause);

    public static bool SaysCarries(string clause) => Carries().IsMatch(clause);

    public static bool SaysSole(string clause) => Sole().IsMatch(clause);

    public static bool SaysFirst(string clause) => First().IsMatch(clause);

    public static bool SaysOutage(string clause) => Outage().IsMatch(clause);

    public static bool SaysUnstable(string clause) => Unstable().IsMatch(clause);

    public static bool SaysNow(string clause) => Now().IsMatch(clause);

    /// <summary>True where a clause says anything of routes by itself.</summary>
    public static bool SaysSomething(string clause) =>
        SaysBegan(clause) || SaysEnded(clause) || SaysReturned(clause) || SaysCarries(clause) || SaysOutage(clause)
        || SaysUnstable(clause) || Percent().IsMatch(clause);

    public static bool SaysTraffic(string clause) => Traffic().IsMatch(clause);

    /// <summary>True where the words around a name make it one that is carried: "routes of X", "X's network", "X gets".</summary>
    public static bool MakesSubject(string before, string after) => Of().IsMatch(before) || Owns().IsMatch(after);

    /// <summary>True where they make it a carrier: "via X", "the X carrier", "X carries".</summary>
    public static bool MakesCarrier(string before, string after) => Via().IsMatch(before) || CarriesOn().IsMatch(after);

    /// <summary>A small number in digits or words; null for another word.</summary>
    public static int? NumberOf(string word)
    {
        int place = Array.FindIndex(_numbers, number => number.Equals(word, StringComparison.OrdinalIgnoreCase));
        if (place >= 0) return place;
        return int.TryParse(word, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out int count) ? count : null;
    }

    /// <summary>The numbers that have a word, for a pattern.</summary>
    public const string NumberPattern = @"(?:\d{1,3}(?:,\d{3})+|\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)";

    private static readonly string[] _numbers =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    /// <summary>A prefix or the like, by any of the words that the press has for it.</summary>
    public static ClaimUnit UnitOf(string word) => word.ToUpperInvariant() switch
    {
        "ADDRESS" or "ADDRESSES" or "HOST" or "HOSTS" => ClaimUnit.Addresses,
        "UPSTREAM" or "UPSTREAMS" or "PROVIDER" or "PROVIDERS" or "CARRIER" or "CARRIERS" or "LINK" or "LINKS" => ClaimUnit.Upstreams,
        "OUTAGE" or "OUTAGES" or "PERIOD" or "PERIODS" or "TIMES" or "BLACKOUT" or "BLACKOUTS" => ClaimUnit.Outages,
        "TRAFFIC" or "BANDWIDTH" => ClaimUnit.Traffic,
        _ => ClaimUnit.Prefixes,
    };

    [GeneratedRegex(@"\b(?:routes?|routing|transit|links?|access|connections?|connectivity|networks?|prefixes|traffic|Internet|outages?)\s+(?:of|to|for|in|into)\s+(?:the\s+)?$|\b(?:carr(?:y|ies|ied|ying)|serv(?:e|es|ed|ing)|connect(?:s|ed|ing))\s+$", Plain)]
    private static partial Regex Of();

    [GeneratedRegex(@"^['’]?s?\s+(?:only\s+|sole\s+|new\s+|second\s+|four\s+)*(?:routes?|networks?|Internet|links?|prefixes|gets?|has|had|gained|is reached|relies)\b", Plain)]
    private static partial Regex Owns();

    [GeneratedRegex(@"\b(?:via|through|by|by way of|across)\s+(?:the\s+)?$", Plain)]
    private static partial Regex Via();

    [GeneratedRegex(@"^(?:['’]s)?\s+(?:[\p{L}-]+\s+){0,3}(?:carriers?|telcos?|providers?|compan(?:y|ies)|operators?|began|began to carry|carr(?:y|ies|ied))\b", Plain)]
    private static partial Regex CarriesOn();

    [GeneratedRegex(@"\d\s*(?:%|per ?cent)", Plain)]
    private static partial Regex Percent();

    private const RegexOptions Plain = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\b(?:beg[au]n|begins|start(?:s|ed)|appear(?:s|ed)|came (?:online|up|into)|emerge[sd]|activated|switched on|gain(?:s|ed)|gets? (?:a |its )?(?:new|second)|added|established)\b", Plain)]
    private static partial Regex Began();

    [GeneratedRegex(@"\b(?:disappear(?:s|ed)|vanish(?:es|ed)|end(?:s|ed)|stop(?:s|ped)|cease[sd]?|los(?:t|es)|withdr[ae]wn?|withdrew|gone|went away|dropped|no longer)\b", Plain)]
    private static partial Regex Ended();

    [GeneratedRegex(@"\b(?:return(?:s|ed)|resume[sd]|reappear(?:s|ed)|came back|(?:is|was|were|are) back|back again|restored)\b", Plain)]
    private static partial Regex Returned();

    [GeneratedRegex(@"\b(?:carr(?:y|ies|ied|ying)|transit(?:s|ed)?|provid(?:e|es|ed|ing)|connect(?:s|ed|ing|ion)?|serv(?:e|es|ed|ing)|link(?:s|ed)?|handl(?:e|es|ed|ing)|rout(?:ed|ing)|upstreams?|providers?|carriers?|via|through|by way of|rel(?:y|ies|ied) on)\b", Plain)]
    private static partial Regex Carries();

    [GeneratedRegex(@"\b(?:sole|solely|only (?:upstream|provider|carrier|link|route|connection|one)|only (?:by|via|through)|exclusive(?:ly)?|single (?:upstream|provider|carrier|link)|alone)\b", Plain)]
    private static partial Regex Sole();

    [GeneratedRegex(@"\b(?:for the first time|first[- ]ever|first time|never before|had never)\b", Plain)]
    private static partial Regex First();

    [GeneratedRegex(@"\b(?:down|outages?|offline|unreachable|blackouts?|went dark|knocked off|cut off)\b", Plain)]
    private static partial Regex Outage();

    [GeneratedRegex(@"\b(?:unstable|instability|flapp(?:ed|ing))\b", Plain)]
    private static partial Regex Unstable();

    [GeneratedRegex(@"\b(?:now|still|currently|today|at the (?:time|moment) of (?:this )?writing|at present)\b", Plain)]
    private static partial Regex Now();

    [GeneratedRegex(@"\b(?:traffic|bandwidth|queries|packets)\b", Plain)]
    private static partial Regex Traffic();
}
