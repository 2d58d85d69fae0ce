using System.Text.RegularExpressions;

namespace Isthmus.Claims;

/// <content>Clauses that state something of several times, prefixes or carriers at once.</content>
internal sealed partial class ClaimReader
{
    // The networks and countries that stand in a clause beside the subject.
    private IReadOnlyList<Mention> _named = [];

    // True where a clause before it in the same sentence tells of a coming or a going.
    private bool _followsTurn;

    // The subject's own networks that it names.
    private IReadOnlyList<Mention> _own = [];

    // Further times of a list, of each of which the same is stated.
    private IReadOnlyList<StatedTime> _alsoAt = [];

    // Which words belong to which is not read: two stretches, a number for each of two times, "A carries one prefix and B another",
    // "A reaches it through B".
    private static bool IsMixed(string words, Mention[] carriers, IReadOnlyList<TimeMention> times, Claim plain, int numbers)
    {
        if (times.Count > 2 && plain.Until is not null) return true;
        // "Went dark twice, at 10:00 and at 12:00" counts both.
        if (times.Count > 1 && numbers > 1 && plain.Until is null && times.Any(other => !IsSame(times[0], other))) return true;
        if (carriers is [var one, var two, ..] && Behind().IsMatch(words[one.End..two.Place])) return true;
        var prefixes = PrefixText().Matches(words);
        if (prefixes.Count > 1 && times.Count > 1 && plain.Until is null && times.Any(other => !IsSame(times[0], other))) return true;
        return prefixes is [var first, .., var last]
            && Array.Exists(carriers, carrier => carrier.Place > first.Index && carrier.Place < last.Index);
    }

    // "Bhutan and Nepal came back": the other country is no carrier, and nothing here is about it.
    private bool StandsBesideSubject(string words, Mention mention, IReadOnlyList<Mention> mentions)
    {
        bool IsBeside(Mention one, Mention other) => one.End <= other.Place && And().IsMatch(words[one.End..other.Place]);
        return !mention.Country.IsNone
            && mentions.Any(subject => _cast.IsSubject(subject) && (IsBeside(subject, mention) || IsBeside(mention, subject)));
    }

    [GeneratedRegex(@"^\s*(?:,|and|or|as well as|,\s*and)\s+$", Plain)]
    private static partial Regex And();

    // "At 03:30 and 05:30": so it is said of each. "Began at 03:00 and was over at 06:00" says another thing of the second.
    private void TakeTimes(string words, Claim plain, IReadOnlyList<TimeMention> times)
    {
        LeaveOpen(JoinedAnother().Match(words) is { Success: true } joined ? joined.Value : null);
        LeaveOpen(OfPeriod().Match(words) is { Success: true } edge ? edge.Value : null);
        if (times.Count < 2 || plain.Until is not null) return;
        var also = new List<StatedTime>();
        for (int i = 1; i < times.Count; i++)
        {
            int before = times[i - 1].Place + times[i - 1].Length;
            string between = before < times[i].Place ? words[before..times[i].Place] : "";
            if (IsSame(times[0], times[i]) || Listed().IsMatch(between)) also.Add(times[i].Time);
            else LeaveOpen(times[i].Time.Text);
        }
        _alsoAt = also;
    }

    // "Went down and was restored": a turn that no statement is about was not judged.
    private void LeaveTurnsOpen(string words, Claim[] found)
    {
        foreach (var (kind, match) in Words.Turns(words))
            if (!Array.Exists(found, claim => IsOf(claim, kind))
                && !_read.Any(part => part.Place <= match.Index && match.Index < part.Place + part.Length)) LeaveOpen(match.Value);
    }

    // Who is named in a carrier's place and no statement is about; "as did B", "both", and that it was so before.
    private void LeaveOthersOpen(string words, Claim[] found)
    {
        // "Japan's KDDI" says whose it is.
        foreach (var mention in _named.Where(mention => mention.Country.IsNone || !Owns().IsMatch(words[mention.Place..])))
            if (!Array.Exists(found, claim => claim.Who is { } who && who.Asns.SequenceEqual(mention.Named.Asns)))
                LeaveOpen(mention.Named.Text);
        // "Iran's AS12880": one network of several is a part.
        if (found.All(claim => claim.Prefix is null && claim.Kind is not ClaimKind.Identity))
            foreach (var own in _named.Concat(_own).Where(_cast.IsPart)) LeaveOpen(own.Named.Text);
        foreach (Match like in Likewise().Matches(words)) LeaveOpen(like.Value);
        if (found.Select(claim => claim.Who).Distinct().Count() < 2 && Both().Match(words) is { Success: true } both) LeaveOpen(both.Value);
        // "Some prefixes went offline": what a part did, what was held of the whole does not decide.
        bool isOfAll = Array.Exists(found, claim =>
            claim is { Kind: ClaimKind.Outage or ClaimKind.Vanished or ClaimKind.CameBack, Number: null, Prefix: null });
        if (isOfAll && Words.PartOfSubject(words) is { } part) LeaveOpen(part.Value);
        // That it was so before, and is so a second time, no rule decides; a return is one by its verb, and "came back and left again"
        // says it.
        if (!_followsTurn && Again().Match(words) is { Success: true } again && !IsReadOfReturn(words, again)) LeaveOpen(again.Value);
        LeaveRestOpen(words, found);
    }

    // "Is back again", "returned to service": the verb says it; "returned again" says that it had before.
    private static bool IsReadOfReturn(string words, Match again) => Words.Turns(words).Any(turn => turn.Kind is ClaimKind.Returned
        && turn.Words.Index <= again.Index && again.Index < turn.Words.Index + turn.Words.Length);

    // What a clause adds to the time that it states: that it was so from then on, is so now, or stayed so; or how much of it.
    private void LeaveRestOpen(string words, Claim[] found)
    {
        if (Array.Exists(found, claim => claim is { Time: not null, Until: null } or { Time: not null, Until.Precision.Ticks: 0 }))
            foreach (Match more in FromThenOn().Matches(words).Concat(AndStill().Matches(words))) LeaveOpen(more.Value.Trim());
        // "From 07:00 A was the sole upstream": up to when is not said.
        bool isOpenStretch = Array.Exists(found, claim => claim.Until is null && claim.Time is { } time
            && claim.Kind is ClaimKind.Carries or ClaimKind.Sole or ClaimKind.Share or ClaimKind.Part
            && words.IndexOf(time.Text, StringComparison.Ordinal) is > 0 and var at && JustFrom().IsMatch(words[..at]));
        if (isOpenStretch) LeaveOpen("from");
        // "The Russian carriers" are all of them.
        if (Array.Exists(found, claim => claim.Who is { Country.IsNone: false }) && SeveralOf().Match(words) is { Success: true } several)
            LeaveOpen(several.Value);
        foreach (Match stayed in AndStayed().Matches(words)) LeaveOpen(stayed.Value.Trim());
        if (Array.Exists(found, claim => claim.Kind is ClaimKind.CameBack or ClaimKind.Returned or ClaimKind.Began)
            && Altogether().Match(words) is { Success: true } all) LeaveOpen(all.Value);
        foreach (Match only in OnlyOneThat().Matches(words)) LeaveOpen(only.Value.Trim());
    }

    [GeneratedRegex(@"\b(?:up )?to (?:the )?(?:very )?end\b(?! of (?:the )?(?:day|\d))|\b(?:up )?to (?:now|this day|date)\b|\bfrom\b[^,;.]{2,60}\bon(?=\s*(?:$|[,;.)]))|\b(?:and|or) (?:later|after(?:wards)?|then on|from then on)\b|\bfrom then on\b|\bas of\b", Plain)]
    private static partial Regex FromThenOn();

    [GeneratedRegex(@"(?:\band|\bas (?:it|they)|,)\s+(?:(?:is|are|does|do|has|have)\s+(?:so\s+)?(?:still|now|today|again|so|ever since|since)\b|still\s+(?:is|are|does|do|has|have)\b|(?:now|today|still)(?=\s*(?:$|[,;.)])))|\b(?:does|is) so (?:now|still|today|again)\b|\bever since\b", Plain)]
    private static partial Regex AndStill();

    [GeneratedRegex(@"\bfrom\s+(?:the\s+|about\s+)?$", Plain)]
    private static partial Regex JustFrom();

    [GeneratedRegex(@"\b(?:carriers|providers|operators|telcos|companies)\b", Plain)]
    private static partial Regex SeveralOf();

    [GeneratedRegex(@"\band\s+(?:then\s+|has\s+|have\s+)?(?:stay|remain|kept?)(?:s|ed)?\b", Plain)]
    private static partial Regex AndStayed();

    [GeneratedRegex(@"\b(?:completely|entirely|wholly|totally|fully|altogether)\b", Plain)]
    private static partial Regex Altogether();

    [GeneratedRegex(@"\b(?:only|sole)\s+(?:[\p{L}-]+\s+){0,2}(?:carrier|provider|upstream|network|one|company|operator)s?\s+(?:that|which|who|to)\s+(?!carr|provid|serv|is\b|was\b|has\b|had\b)[\p{L}]+", Plain)]
    private static partial Regex OnlyOneThat();

    [GeneratedRegex(@"^[\p{L} ]+['’]s?\b", Plain)]
    private static partial Regex Owns();

    [GeneratedRegex(@"\b(?:and so (?:did|was|were|has|had|does|is)|as (?:did|was|were|has|does|is)|(?:with|and) (?:it|them)(?=\W*$|\s+\p{Lu})|with it\b|(?<=,\s{0,3})with(?=\s+(?-i:\p{Lu})))", Plain)]
    private static partial Regex Likewise();

    [GeneratedRegex(@"\bboth\b(?!\s+(?:of\s+)?(?:its|the|their)?\s*(?:prefix|route|block|network))", Plain)]
    private static partial Regex Both();

    [GeneratedRegex(@"\b(?:again|once more|anew)\b", Plain)]
    private static partial Regex Again();

    private static bool IsOf(Claim claim, ClaimKind turn) => claim.Kind switch
    {
        ClaimKind.Began or ClaimKind.Ended or ClaimKind.Returned => claim.Kind == turn,
        ClaimKind.CameBack => turn is ClaimKind.Returned,
        ClaimKind.Vanished => turn is ClaimKind.Ended,
        ClaimKind.Part => claim.PartVerb == turn,
        ClaimKind.Lost => turn is ClaimKind.Ended,
        ClaimKind.Gained => turn is ClaimKind.Began,
        _ => true,
    };

    private static bool IsSame(TimeMention one, TimeMention other) => other.Time.DistanceTo(one.Time.At) <= StatedTime.Slack;

    private IEnumerable<Claim> AtEachTime(Claim claim) => claim is { Kind: not ClaimKind.Identity, Time: not null, Until: null }
        ? [claim, .. _alsoAt.Select(time => claim with { Time = time })] : [claim];

    [GeneratedRegex(@"^[\s,]*(?:(?:and|or|then|again|also|once more|on|at|the|UTC|GMT|\d{1,2}|\d{4}|(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Sept|Nov|Dec)ember|October|\d{4}-\d{2}-\d{2}|\p{Lu}\p{Ll}+day|[,(])[\s,]*)*$")]
    private static partial Regex Listed();

    [GeneratedRegex(@"\b(?:through|via|behind)\s+(?:the\s+)?(?:(?!and\b|or\b)[\p{L}-]+\s+){0,3}$", Plain)]
    private static partial Regex Behind();

    [GeneratedRegex(@"\bat the (?:very )?(?:beginning|start|outset)\b(?!\s+of\s+(?:the\s+)?\d)", Plain)]
    private static partial Regex OfPeriod();
}
