using System.Globalization;
using System.Text.RegularExpressions;

namespace Isthmus.Claims;

/// <summary>The words by which news texts speak of routes. All are matched without case.</summary>
internal static partial class Words
{
    public static bool SaysBegan(string clause) => Began().IsMatch(clause) && !BeganOther().IsMatch(clause);

    public static bool SaysEnded(string clause) => Ended().IsMatch(clause);

    public static bool SaysReturned(string clause) => Returned().IsMatch(clause);

    /// <summary>What a clause says that somebody did, and whether it was so: the words that the rules above stand for.</summary>
    public static IEnumerable<Match> Acts(string clause) =>
        ((Regex[])[Began(), Ended(), Returned(), Carries(), Sole(), First(), Outage(), Unstable(), Now(), ActOfSubject()])
        .SelectMany(verb => verb.Matches(clause));

    /// <summary>Where a clause says that something began, ended or returned, and which.</summary>
    public static IEnumerable<(ClaimKind Kind, Match Words)> Turns(string clause) =>
        Began().Matches(clause).Select(match => (ClaimKind.Began, match))
            .Concat(Ended().Matches(clause).Select(match => (ClaimKind.Ended, match)))
            .Concat(Returned().Matches(clause).Select(match => (ClaimKind.Returned, match)));

    /// <summary>Where a clause says of the one that its words begin with that it vanished, or was withdrawn; else null.</summary>
    public static Match? SubjectVanishes(string after) => Vanishes().Match(after) is { Success: true } match ? match : null;

    /// <summary>Where it says so of one that came back; else null.</summary>
    public static Match? SubjectComesBack(string after) => ComesBack().Match(after) is { Success: true } match ? match : null;

    /// <summary>True where a clause tells of what was done and still holds: "has stopped", "have left".</summary>
    public static bool IsPerfect(string clause) => Perfect().IsMatch(clause);

    /// <summary>True where a clause tells of an outage as an event, which may fill a part of the stated time: "went dark", "outages".</summary>
    public static bool SaysEventOfOutage(string clause) => EventOfOutage().IsMatch(clause);

    /// <summary>True where it says in what state something was, and an event may be meant as well: "was gone", "was cut off".</summary>
    public static bool SaysStayedDown(string clause) => StayedDown().IsMatch(clause);

    /// <summary>True where a clause says that it was so altogether.</summary>
    public static bool SaysWholly(string clause) => Wholly().IsMatch(clause);

    /// <summary>The verb by which somebody loses a part, or lets it go; null for none.</summary>
    public static Match? LosesPart(string clause) => Loses().Match(clause) is { Success: true } match ? match : null;

    /// <summary>The verb by which somebody gains a part; null for none.</summary>
    public static Match? GainsPart(string clause) => Gains().Match(clause) is { Success: true } match ? match : null;

    /// <summary>True where somebody is told to gain more of what it may have had before: "gained a prefix", "picked up another".</summary>
    public static bool SaysMore(string clause) => More().IsMatch(clause);

    /// <summary>True where a share is told to move ("fell to", "rose from"), which no rule reads.</summary>
    public static Match? MovesShare(string clause) => Moves().Match(clause) is { Success: true } match ? match : null;

    /// <summary>True where a clause of the present tells of a state that holds now.</summary>
    public static bool IsPresent(string clause) => Present().IsMatch(clause);

    public static bool SaysCarries(string clause) => Carries().IsMatch(clause);

    public static bool SaysSole(string clause) => Sole().IsMatch(clause);

    public static bool SaysFirst(string clause) => First().IsMatch(clause);

    /// <summary>The words that say that it was the first time: "for the first time", "had never"; null for none.</summary>
    public static string? FirstTime(string clause) => First().Match(clause) is { Success: true } match ? match.Value : null;

    public static bool SaysOutage(string clause) => Outage().IsMatch(clause);

    public static bool SaysUnstable(string clause) => Unstable().IsMatch(clause);

    public static bool SaysNow(string clause) => Now().IsMatch(clause);

    /// <summary>True where a clause says anything of routes by itself.</summary>
    public static bool SaysSomething(string clause) =>
        SaysBegan(clause) || SaysEnded(clause) || SaysReturned(clause) || SaysCarries(clause) || SaysOutage(clause)
        || SaysUnstable(clause) || Percent().IsMatch(clause);

    /// <summary>The word that denies a statement of a kind: "never" of "never carried", "no" of "no outages"; null where none does.</summary>
    public static Group? DenialOf(string clause, ClaimKind kind)
    {
        var verb = kind switch
        {
            ClaimKind.Began => Began(),
            ClaimKind.Ended => Ended(),
            ClaimKind.Returned => Returned(),
            ClaimKind.Sole => Sole(),
            ClaimKind.Outage => Outage(),
            ClaimKind.Unstable => Unstable(),
            ClaimKind.Carries or ClaimKind.Share or ClaimKind.Part => Carries(),
            _ => null,
        };
        if (verb is null) return null;
        foreach (Match match in verb.Matches(clause))
            if (Negation.Just(clause[..match.Index]) is { } not) return not;
        return null;
    }

    /// <summary>
    /// True where the one that a clause is about stands outside of it: a pronoun, "the carrier", or a verb at its head.
    /// </summary>
    public static bool PointsBack(string clause) => Back().IsMatch(clause) || StartsWithVerb(clause);

    /// <summary>True where a clause begins with what somebody did: "returned at 12:22".</summary>
    public static bool StartsWithVerb(string clause) => VerbFirst().IsMatch(clause);

    /// <summary>The first verb of an end or a beginning that is none of a return; null for none.</summary>
    public static string? OtherThanReturn(string clause)
    {
        Match[] returns = [.. Returned().Matches(clause).Cast<Match>()];
        return Ended().Matches(clause).Concat(Began().Matches(clause)).FirstOrDefault(act => !returns.Any(
            come => act.Index < come.Index + come.Length && come.Index < act.Index + act.Length))?.Value;
    }

    /// <summary>True where words tell of times that come again: "only at night", "every weekend".</summary>
    public static bool SaysWhen(string words) => Recurring().IsMatch(words);

    public static bool SaysTraffic(string clause) => Traffic().IsMatch(clause);

    /// <summary>True where a clause says of what it tells that it was so in part: a partial outage.</summary>
    public static bool SaysPartly(string clause) => Partly().IsMatch(clause);

    /// <summary>The words by which what a clause tells is of a part of the subject alone: "some prefixes", "the largest network"; null for none.</summary>
    public static Match? PartOfSubject(string clause) => SomeOfIt().Match(clause) is { Success: true } match ? match : null;

    /// <summary>True where the words around a name make it one that is carried: "routes of X", "X's network", "X gets".</summary>
    public static bool MakesSubject(string before, string after) => Of().IsMatch(before) || Owns().IsMatch(after);

    /// <summary>True where they make it a carrier: "via X", "the X carrier", "X carries".</summary>
    public static bool MakesCarrier(string before, string after) => Via().IsMatch(before) || CarriesOn().IsMatch(after);

    /// <summary>True where a name stands before a verb of carrying, or behind a word that makes it the carrier.</summary>
    public static bool MakesActor(string before, string after) => Via().IsMatch(before) || Acts().IsMatch(after);

    /// <summary>True where a clause weighs two against each other, as "more routes than": what no rule here reads.</summary>
    public static bool Compares(string clause) => Comparison().IsMatch(clause);

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
        "UPSTREAM" or "UPSTREAMS" or "PROVIDER" or "PROVIDERS" or "CARRIER" or "CARRIERS" or "LINK" or "LINKS" or "COMPANIES" or "FIRMS"
            or "OPERATORS" or "TELCOS" => ClaimUnit.Upstreams,
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

    [GeneratedRegex(@"^(?:['’]s\s+(?:own\s+)?(?:routes?|network|links?|service|transit))?\s+(?:(?:also|now|still|then|later|again|has|have|had|is|was|were|did|does|not|never|briefly|suddenly|reportedly|been|only)\s+){0,3}(?:carr(?:y|ies|ied|ying)|transits?|transited|transmit(?:s|ted)?|provid(?:es?|ed|ing)|connect(?:s|ed)|serv(?:es|ed|ing)|handl(?:es|ed)|rout(?:es|ed|ing)|reach(?:es|ed)|beg[ua]n|begins|started|starts|appear(?:s|ed)|bec[ao]mes?|took over|return(?:s|ed)|resumed?|reappear(?:s|ed)|came|vanish(?:es|ed)|disappear(?:s|ed)|stop(?:s|ped)|ceased?|withdrew|the (?:sole|only|new|second|main))\b", Plain)]
    private static partial Regex Acts();

    [GeneratedRegex(@"^(?:['’]s)?\s+(?:[\p{L}-]+\s+){0,3}(?:carriers?|telcos?|providers?|compan(?:y|ies)|operators?|began|began to carry|carr(?:y|ies|ied))\b", Plain)]
    private static partial Regex CarriesOn();

    [GeneratedRegex(@"\d\s*(?:%|per ?cent)", Plain)]
    private static partial Regex Percent();

    // "Began to announce" is no beginning of carrying.
    [GeneratedRegex(@"\b(?:beg[au]n|begins|start(?:s|ed)) to (?!be\b|carry|provide|handle|serve|transit|route|appear|connect|reach|go\b|transmit|link)", Plain)]
    private static partial Regex BeganOther();

    private const string Auxiliary = @"^\)?(?:[\s,]*\((?:AS)?\d+\))?[\s,]+(?:(?:also|then|later|again|has|have|had|is|was|were|did|does|not|never|briefly|suddenly|reportedly|been|completely|entirely)\s+){0,4}";

    [GeneratedRegex(Auxiliary + @"(?:disappear(?:s|ed)?|vanish(?:es|ed)?|withdrawn|(?:go|goes|went|gone|fell|taken|knocked) (?:offline|dark|down)|offline|gone(?! (?:up|back))|dropped (?:off|out))\b", Plain)]
    private static partial Regex Vanishes();

    [GeneratedRegex(Auxiliary + @"(?:c[ao]mes? back|return(?:s|ed)?|reappear(?:s|ed)?|back|restored|recovered)\b", Plain)]
    private static partial Regex ComesBack();

    [GeneratedRegex(@"\b(?:withdrawn|(?:go|goes|went|gone|fell|taken|knocked) (?:offline|dark|down)|c[ao]mes? back(?: online)?|suffer(?:s|ed)|recovered|dropped (?:off|out)|fell)\b", Plain)]
    private static partial Regex ActOfSubject();

    [GeneratedRegex(@"\b(?:completely|entirely|wholly|totally)\b", Plain)]
    private static partial Regex Wholly();

    [GeneratedRegex(@"\b(?:has|have)\b(?! not\b| never\b| no\b)", Plain)]
    private static partial Regex Perfect();

    [GeneratedRegex(@"\b(?:was|were|been|stayed|remained)\s+(?:(?:all|completely|entirely|totally)\s+)?(?:cut off|gone|away|knocked|taken|withdrawn)\b|\bhad\s+(?:all\s+|already\s+)?(?:gone|disappeared|vanished)\b", Plain)]
    private static partial Regex StayedDown();

    [GeneratedRegex(@"\b(?:outages?|blackouts?|cut off|knocked off|(?:go|goes|went|gone|fell|taken|knocked) (?:offline|dark|down|off)|disappear\w*|vanish\w*|suffered)\b", Plain)]
    private static partial Regex EventOfOutage();

    [GeneratedRegex(@"\b(?:los(?:t|es|e|ing)|shed|stop(?:s|ped)|cease[sd]?|withdrew|dropped(?!\s+(?:to|by|from|below|under)\b)|g(?:a|i)ve[sn]? up)\b", Plain)]
    private static partial Regex Loses();

    [GeneratedRegex(@"\b(?:gain(?:s|ed)?|regain(?:s|ed)?|won|picked up|took over|added|beg[au]n|start(?:s|ed)|return(?:s|ed)|resume[sd])\b", Plain)]
    private static partial Regex Gains();

    [GeneratedRegex(@"\b(?:gain(?:s|ed)?|w[io]ns?|pick(?:s|ed)? up|add(?:s|ed)|another|second|more|additional|further|extra)\b", Plain)]
    private static partial Regex More();

    [GeneratedRegex(@"\b(?:fell|fallen|falls|dropped|drops|declined|declines|shrank|sank|slid|rose|risen|rises|grew|grown|grows|increased|climbed|jumped|surged|halved|doubled|tripled|cut|reduced|missed|lacked)\b", Plain)]
    private static partial Regex Moves();

    [GeneratedRegex(@"\b(?:carr(?:y|ies)|provides?|handles?|serves?|transits|transmits|is|are|does|do|goes|go|relies|rely|has no|have no)\b", Plain)]
    private static partial Regex Present();

    private const RegexOptions Plain = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\b(?:beg[au]n|begins|start(?:s|ed)|appear(?:s|ed)?(?! to\b)|opened|came (?:online|up|into)|emerge[sd]|activated|switched on|bec[ao]mes?|took over|(?:gone|went|go(?:es)?) over to|joined|switched to|turned to|gain(?:s|ed)|gets? (?:a |its )?(?:new|second)|added|established|picked up)\b", Plain)]
    private static partial Regex Began();

    [GeneratedRegex(@"\b(?:disappear(?:s|ed)?|vanish(?:es|ed)?|end(?:s|ed)|stop(?:s|ped)?|left (?=(?-i:\p{Lu}))|(?<=(?-i:\p{Lu})[\p{L}\d]*\)? |^\W*|\b(?:it|and|has|had|then|also|never|not) )left(?=\s+(?:at|on|by|again|for good|and)\b|\W*$)|cease[sd]?|los(?:t|es)(?!\s+(?:(?:a|an|the|its|their|one|two|several|all|some|many)\s+)?(?:[\p{L}-]+\s+)?(?:cables?|power|electricity|fib(?:re|er)s?|contracts?|customers?|licen[cs]es?|staff|money|court|cases?|lawsuits?|control|interest|patience)\b)|withdr[ae]wn?|withdrew|gone(?! over\b)|went away|(?:is|was|were|been|stay(?:s|ed)) away|dropped(?!\s+(?:to|by|from|below|under)\b))\b", Plain)]
    private static partial Regex Ended();

    [GeneratedRegex(@"\b(?:return(?:s|ed)?|resume[sd]?|reappear(?:s|ed)?|c[ao]mes? back|(?:is|was|were|are|been) back|back again|seen (?:again|since)|restored)\b", Plain)]
    private static partial Regex Returned();

    [GeneratedRegex(@"\b(?:carr(?:y|ies|ied|ying)|transit(?:s|ed)?|provid(?:e|es|ed|ing)|reach(?:es|ed|able)|transmit(?:s|ted)?|go(?:es)? (?:by|via|through)|went (?:(?:entire|complete|whole|pure|total|main)ly )?(?:by|via|through)|connect(?:s|ed|ing|ion)?|serv(?:e|es|ed|ing)|link(?:s|ed)?|handl(?:e|es|ed|ing)|rout(?:ed|ing)|upstreams?|providers?|carriers?|via|through|by way of|rel(?:y|ies|ied) on)\b", Plain)]
    private static partial Regex Carries();

    [GeneratedRegex(@"\b(?:sole|solely|only (?:upstream|provider|carrier|link|route|connection|one(?! (?:of|route|prefix|network|block)))|only (?:by|via|through)|exclusive(?:ly)?|(?:entire|complete|whole|pure|total)ly (?:by|via|through|on)|single (?:upstream|provider|carrier|link)|alone)\b", Plain)]
    private static partial Regex Sole();

    [GeneratedRegex(@"\b(?:for the first time|first[- ]ever|first time|never before|had never)\b", Plain)]
    private static partial Regex First();

    [GeneratedRegex(@"\b(?:down|outages?|offline|unreachable|blackouts?|went dark|knocked off|cut off)\b", Plain)]
    private static partial Regex Outage();

    [GeneratedRegex(@"\b(?:unstable|instability|flapp(?:ed|ing))\b", Plain)]
    private static partial Regex Unstable();

    [GeneratedRegex(@"\b(?:it|its|they|their|them|this|that|both|(?:the|these|those|all|same) (?:(?:\w+ )?(?:carriers?|compan(?:y|ies)|operators?|providers?|telcos?|links?|routes?|networks?|prefixes|connections?|upstreams?)))\b", Plain)]
    private static partial Regex Back();

    [GeneratedRegex(@"^\W*(?:(?:and|then|later|again|but)\s+)*(?:(?:has|had|have|did|does|was)\s+(?=(?:never|not|since|also|been|carr|return|left|stop|c[ao]me)))?(?:(?:never|not|also|since|yet|ever|been)\s+){0,3}(?:beg[au]n|start|appear|c[ao]me|bec[ao]me|took over|vanish|disappear|end|stop|cease|los[te]|left|withdr|went|return|resume|reappear|(?:was|were|is) (?:back|gone|away)|seen again|carr)\w*\b", Plain)]
    private static partial Regex VerbFirst();

    [GeneratedRegex(@"\b(?:only|nights?|nightly|daily|every|sometimes|often|usually|mostly|regularly|occasionally|weekends?|mornings?|evenings?|hourly)\b", Plain)]
    private static partial Regex Recurring();

    [GeneratedRegex(@"\b(?:more|fewer|less|bigger|larger|greater)\s+(?!than)[\p{L}-]+\s+than\b", Plain)]
    private static partial Regex Comparison();

    [GeneratedRegex(@"\b(?:now|still|currently|today|at the (?:time|moment) of (?:this )?writing|at present)\b", Plain)]
    private static partial Regex Now();

    [GeneratedRegex(@"\b(?:part(?:ial(?:ly)?|ly)|parts? of|half|thirds? of|quarters? of|several|dozens?|in part|mostly|largely|nearly|almost|(?:most|many|some|few) of)\b", Plain)]
    private static partial Regex Partly();

    [GeneratedRegex(@"\b(?:much of|large (?:parts?|portions?|swathes?)|portions? of|sections? of|some(?=\s+(?:of\b|(?:[\p{L}'’]+\s+){0,2}(?:prefix|network|route|block|address|provider|region|cit))|\s+parts?\b)|percent of|per cent of|% of|(?:biggest|largest|smallest|main|major|second|third) (?:[\p{L}-]+\s+){0,2}(?:network|provider|prefix|operator|carrier|ISP|block)|(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+) (?:more|other|further) (?:[\p{L}-]+\s+){0,2}(?:prefix|network|route|block)|another (?:prefix|network|block|route))", Plain)]
    private static partial Regex SomeOfIt();

    [GeneratedRegex(@"\b(?:traffic|bandwidth|queries|packets)\b", Plain)]
    private static partial Regex Traffic();
}
