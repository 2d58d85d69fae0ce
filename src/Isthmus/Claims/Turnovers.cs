using System.Text.RegularExpressions;

namespace Isthmus.Claims;

/// <content>What a clause says of one carrier that takes the place of another: both the beginning and the end are stated.</content>
internal sealed partial class ClaimReader
{
    /// <summary>Characters between a word and the name that belongs to it: "from the Russian carrier …".</summary>
    private const int BesideMax = 40;

    // Who comes and who goes, and the words that say so.
    private readonly record struct Turnover(Mention Comes, Mention Goes, Match Verb, bool IsBack);

    // "MTN took over from Orange", "MTN replaced Orange", "Orange handed it back to MTN", "it moved from Orange to MTN": all of it.
    private Claim[] OfTurnover(
        string words, Mention[] carriers, NumberMention[] shares, NumberMention[] counts, IReadOnlyList<TimeMention> times, Claim plain)
    {
        if (carriers.Length < 2 || TurnoverOf(words, carriers) is not { } turnover) return [];
        // Of a part neither the one began nor the other ended.
        if (shares.Length > 0 || counts.Any(IsSome) || plain.Until is not null || times.Count > 1
            || Words.SaysSole(words) || Words.SaysFirst(words))
        {
            // "Took over all of the routes" is read as what was gained.
            if (shares.Length != 1 || (Words.GainsPart(words) ?? Words.LosesPart(words)) is null) LeaveOpen(turnover.Verb.Groups["act"].Value);
            return [];
        }
        foreach (string part in (string[])["act", "beside", "to"])
            if (turnover.Verb.Groups[part] is { Success: true } group) Took(group.Index, group.Length);
        if (Words.SaysTraffic(words)) LeaveOpen("traffic");
        foreach (var count in counts) Took(count.Place, count.Length);
        TookNames(words, carriers, [turnover.Comes.Named, turnover.Goes.Named]);
        foreach (var name in carriers.Where(name => name == turnover.Comes || name == turnover.Goes)) Took(name.Place, name.Length);
        (_lastCarrier, _lastIsSubject) = (turnover.Comes.Named, false);
        var both = plain with { TakesOver = true, AtEnd = false };
        return
        [
            both with { Kind = turnover.IsBack ? ClaimKind.Returned : ClaimKind.Began, Who = turnover.Comes.Named },
            both with { Kind = ClaimKind.Ended, Who = turnover.Goes.Named },
        ];
    }

    // Where the two stand: around the verb, or both behind it with the one that goes first.
    private enum Order
    {
        ComesFirst,
        GoesFirst,
        BothBehind,
    }

    private static Turnover? TurnoverOf(string words, Mention[] carriers)
    {
        Mention? Before(int place) => carriers.LastOrDefault(carrier => carrier.End <= place);
        Mention? Behind(int place) => carriers.FirstOrDefault(carrier => carrier.Place >= place && carrier.Place - place <= BesideMax);
        (Regex Verb, Order Order)[] patterns =
        [
            (TakesOverFrom(), Order.ComesFirst), (ReplacedBy(), Order.GoesFirst), (Replaces(), Order.ComesFirst),
            (FromTo(), Order.BothBehind), (HandsTo(), Order.GoesFirst), (GivesWay(), Order.GoesFirst), (DropsFor(), Order.BothBehind),
        ];
        foreach (var (pattern, order) in patterns)
        {
            if (pattern.Match(words) is not { Success: true } verb) continue;
            int first = verb.Groups["act"].Index, end = verb.Index + verb.Length;
            int behind = verb.Groups["beside"] is { Success: true } beside ? beside.Index : first;
            var (comes, goes) = order switch
            {
                Order.ComesFirst => (Before(first), Behind(end)),
                Order.GoesFirst => (Behind(end), Before(first)),
                _ => (Behind(end), Behind(behind)),
            };
            if (comes is not null && goes is not null && comes != goes && !comes.Named.Asns.Any(goes.Named.IsOneOf))
                return new(comes, goes, verb, verb.Groups["back"].Success);
        }
        return null;
    }

    [GeneratedRegex(@"\b(?<act>t(?:akes?|ook|aken) (?:back )?over(?<back> again)?)\b[^,;]{0,60}?\b(?<beside>from)\b", Plain)]
    private static partial Regex TakesOverFrom();

    [GeneratedRegex(@"\b(?:is|was|were|been|being|be)\s+(?:[\p{L}]+ly\s+|then\s+)?(?<act>replaced|ousted|displaced|supplanted|dropped)\b[^,;]{0,60}?\bby\b", Plain)]
    private static partial Regex ReplacedBy();

    [GeneratedRegex(@"(?<!\b(?:is|was|were|been|being|be)\s+(?:[\p{L}]+ly\s+|then\s+)?)\b(?<act>replace[sd]?|oust(?:s|ed)?|displace[sd]?|supplant(?:s|ed)?)\b(?! by\b)", Plain)]
    private static partial Regex Replaces();

    [GeneratedRegex(@"\b(?<act>switch(?:es|ed)?|mov(?:es?|ed)|chang(?:es?|ed)|migrat(?:es?|ed)|went over|transfer(?:s|red)?)\b[^,;]{0,60}?\b(?<beside>from)\b[^,;]{1,60}?\b(?<to>(?<back>back )?to)\b", Plain)]
    private static partial Regex FromTo();

    [GeneratedRegex(@"\b(?<act>hand(?:s|ed)|ced(?:es|ed))\b[^,;]{0,60}?\b(?<beside>(?<back>back )?(?:over )?to)\b", Plain)]
    private static partial Regex HandsTo();

    [GeneratedRegex(@"\b(?<act>g(?:ives?|ave|iven) way|ma(?:kes?|de) way)\b\s+(?:[\p{L}]+ly\s+)?(?<beside>to|for)\b", Plain)]
    private static partial Regex GivesWay();

    [GeneratedRegex(@"\b(?<act>drop(?:s|ped)|swap(?:s|ped)|ditch(?:es|ed)|abandon(?:s|ed)|exchange[sd]|left|leaves)\b[^,;]{1,60}?\b(?<to>for)\b", Plain)]
    private static partial Regex DropsFor();
}
