namespace Isthmus.Claims;

/// <content>What a clause says of the subject itself: that it was down, vanished, came back.</content>
internal sealed partial class ClaimReader
{
    private (ClaimKind Kind, StatedNumber? Number, ClaimUnit Unit)? Trouble(string words, NumberMention[] counts)
    {
        var number = counts.Where(count => count.Unit is ClaimUnit.Outages).Select(count => count.Number).FirstOrDefault();
        if (number is not null) return (ClaimKind.Outage, number, ClaimUnit.Outages);
        if (!Words.SaysOutage(words)) return Words.SaysUnstable(words) ? (ClaimKind.Unstable, null, ClaimUnit.Unstated) : null;
        // "Only one prefix was down" counts prefixes; "all four were down" is the subject itself.
        foreach (var part in counts.Where(IsSome))
        {
            if (part.Of > 0 && part.Of != _cast.Prefixes) LeaveOpen(part.Number.Text);
            Took(part.Place, part.Length);
            if (Only().Match(words[..part.Place]) is { Success: true } only) Took(only.Index, only.Length);
            return (ClaimKind.Outage, part.Number, ClaimUnit.Prefixes);
        }
        return (ClaimKind.Outage, null, ClaimUnit.Unstated);
    }

    // A number of prefixes that are not all of the subject's.
    private bool IsSome(NumberMention count) =>
        count.Unit is ClaimUnit.Prefixes && !(count.Of == _cast.Prefixes && count.Number.Holds(count.Of));

    // "AS131279 disappeared", "North Korea was withdrawn", "and came back": the act is the subject's own.
    private Claim? OfSubject(
        string words, IReadOnlyList<Mention> mentions, Mention[] carriers, NumberMention[] counts, Claim plain)
    {
        var subject = mentions.LastOrDefault(mention => _cast.IsSubject(mention) && Turns(AfterOwn(words, mention)));
        // "175.45.178.0/24 disappeared": so does a prefix, where nobody else is named.
        bool isAlone = subject is null && carriers.Length == 0 && mentions.All(_cast.IsSubject);
        var prefix = isAlone ? PrefixText().Matches(words).LastOrDefault() : null;
        int from = subject?.End ?? (prefix is null ? 0 : prefix.Index + prefix.Length);
        // "The outage began at 03:00 and ended at 06:00": what ended is what the clause before told.
        if (carriers.Length == 0 && mentions.Count == 0 && _ended is { Kind: ClaimKind.Outage or ClaimKind.Vanished, Denied: false } outage
            && EndsOutage().Match(words) is { Success: true } end)
        {
            Took(end.Index, end.Length);
            return plain with { Kind = ClaimKind.CameBack, Prefix = outage.Prefix };
        }
        string? rest = subject is not null ? AfterOwn(words, subject)
            : prefix is not null && Turns(words[from..]) ? words[from..]
            : carriers.Length == 0 && mentions.Count == 0 && _lastIsSubject && Words.StartsWithVerb(words) ? " " + words : null;
        if (rest is null) return null;
        // "X's connection to Y returned" tells of X's connection, not of Y.
        if (subject is not null && BelongsToNoun().IsMatch(words[..subject.Place])
            && carriers.Any(carrier => carrier.Place < subject.Place)) return null;
        if (subject is null && prefix is null) rest = rest.Replace(" and ", " ", StringComparison.Ordinal);
        // A number of prefixes was down: not all of the subject.
        if (counts.Any(IsSome)) return null;
        var number = counts.Where(count => count.Unit is ClaimUnit.Outages).Select(count => count.Number).FirstOrDefault();
        // "Were down from 10:00 to 10:30", "is offline", "was offline at 10:10" are states; "went offline" is an event.
        if (Words.SaysOutage(words) && (plain.Until is not null || plain.AtEnd || !Words.SaysEventOfOutage(words))) return null;
        var (gone, back) = (Words.SubjectVanishes(rest), Words.SubjectComesBack(rest));
        if ((gone ?? back) is not { } turn) return null;
        bool denied = NotOrNever().Match(turn.Value) is { Success: true } not && TookWithin(words, from, not.Value);
        if (plain.Until is null && UntilBefore(words) is { } until) LeaveOpen(until);
        LeaveOpen(Words.FirstTime(words));
        return plain with
        {
            Kind = gone is not null ? ClaimKind.Vanished : ClaimKind.CameBack,
            Number = number,
            Unit = number is null ? ClaimUnit.Unstated : ClaimUnit.Outages,
            Denied = denied,
            Lasts = plain.Time is null && Words.IsPerfect(words),
        };
    }

    private static bool Turns(string after) => Words.SubjectVanishes(after) is not null || Words.SubjectComesBack(after) is not null;

    private bool TookWithin(string words, int from, string part)
    {
        if (words.IndexOf(part, from, StringComparison.Ordinal) is >= 0 and var place) Took(place, part.Length);
        return true;
    }

    private static string? UntilBefore(string words) => AnyUntil().Match(words) is { Success: true } until ? until.Value : null;

    // Behind the name and what is the subject's: "'s network (AS131279)".
    private static string AfterOwn(string words, Mention mention) => Owned().Replace(words[mention.End..], "", 1);
}
