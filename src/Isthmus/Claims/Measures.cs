using System.Text.RegularExpressions;

namespace Isthmus.Claims;

/// <content>How long, how often and by how much: "for good", "throughout", "twice", "doubled", "lost half of its routes".</content>
internal sealed partial class ClaimReader
{
    // What was done for good was never undone; what was so throughout was so at every moment of the stated time.
    private Claim[] HowLong(string words, Claim[] found)
    {
        if (Lasting().Match(words) is { Success: true } lasting && Array.Exists(found, IsTurn))
        {
            Took(lasting.Index, lasting.Length);
            found = [.. found.Select(claim => IsTurn(claim) ? claim with { IsForGood = true } : claim)];
        }
        if (Throughout().Match(words) is { Success: true } all && found.Length > 0 && Array.TrueForAll(found, IsState))
        {
            Took(all.Index, all.Length);
            found = [.. found.Select(claim => claim with
            {
                IsThroughout = true,
                Until = claim.Kind is ClaimKind.Outage ? claim.Until ?? claim.Time : claim.Until,
            })];
        }
        return found;
    }

    // Who takes the place of another for good may be away; who went for good is not back.
    private static bool IsTurn(Claim claim) => claim is { Denied: false, Number: null }
        && (claim.Kind is ClaimKind.Ended || !claim.TakesOver
            && claim.Kind is ClaimKind.Began or ClaimKind.Returned or ClaimKind.Vanished or ClaimKind.CameBack);

    private static bool IsState(Claim claim) => claim is { Denied: false, Time: not null }
        && (claim.Kind is ClaimKind.Carries or ClaimKind.Share || claim is { Kind: ClaimKind.Outage, Number: null });

    // "AS1 came back twice", "carried it only once": how often a carrier did so, and no outage of the subject.
    private Claim? OfTimes(string words, Mention[] carriers, NumberMention[] shares, NumberMention[] counts, Claim plain)
    {
        NumberMention[] times = [.. counts.Where(count => count.Unit is ClaimUnit.Outages && HowOften().IsMatch(words[count.Place..]))];
        if (times is not [var often] || shares.Length > 0 || Words.SaysOutage(words) || Words.SaysUnstable(words)) return null;
        var who = carriers is [var only] ? only.Named : carriers.Length == 0 && Words.PointsBack(words) ? _lastCarrier : null;
        ClaimKind? kind = Words.SaysReturned(words) ? ClaimKind.Returned : Words.SaysEnded(words) ? ClaimKind.Ended
            : Words.SaysBegan(words) ? ClaimKind.Began : Words.SaysCarries(words) ? ClaimKind.Carries : null;
        if (who is null || kind is null || Words.SaysSole(words) || Words.SaysFirst(words)) return null;
        Took(often.Place, often.Length);
        if (Qualifier().Match(words[..often.Place]) is { Success: true } qualifier) Took(qualifier.Index, qualifier.Length);
        if (OnlyBefore().Match(words[..often.Place]) is { Success: true } alone) Took(alone.Index, alone.Length);
        TookNames(words, [.. carriers, .. _mentions.Of(words).Where(_cast.IsSubject)], [who]);
        (_lastCarrier, _lastIsSubject) = (who, false);
        return plain with { Kind = kind.Value, Who = who, Number = often.Number, Unit = ClaimUnit.Times, AtEnd = false };
    }

    // "Its share doubled": what it was before and after. Of anything else that doubles routing tells nothing.
    private Claim? OfFactor(string words, NumberMention[] shares, Claim plain)
    {
        if (shares.Length > 0 || plain.Who is null || Factor().Match(words) is not { Success: true } factor) return null;
        string word = factor.Groups["factor"].Value.ToUpperInvariant();
        Took(factor.Index, factor.Length);
        if (ShareNoun().Match(words) is not { Success: true } share) LeaveOpen(factor.Groups["factor"].Value);
        else Took(share.Index, share.Length);
        double times = word switch { "DOUBLED" => 2, "HALVED" => 0.5, "QUADRUPLED" => 4, _ => 3 };
        return plain with { Kind = times > 1 ? ClaimKind.Gained : ClaimKind.Lost, Factor = times, AtEnd = false };
    }

    // "Lost half of its routes", "gained 20 percent of the routes": a change, and never the level that was there before or after.
    private Claim? OfMovedPart(string words, IReadOnlyList<Mention> mentions, NumberMention[] shares, Claim plain)
    {
        if (shares.Length == 0 && AnyLost().Match(words) is { Success: true } any
            && (Negation.Just(words[..any.Index]) is not null || !Numbers.Counts(words).Any()))
        {
            if (Negation.Just(words[..any.Index]) is { } never) Took(never.Index, never.Length);
            Took(any.Index, any.Length);
            var holder = mentions.LastOrDefault(mention => mention.End <= any.Index);
            bool isOwn = holder is not null && _cast.IsSubject(holder);
            if (isOwn) (_lastCarrier, _lastIsSubject) = (null, true);
            return plain with
            {
                Kind = ClaimKind.Lost,
                Who = isOwn ? null : holder is { Named.Asns.Count: > 0 } ? holder.Named : plain.Who,
                Denied = Negation.Just(words[..any.Index]) is not null,
                AtEnd = false,
                Unit = any.Groups["route"].Success ? ClaimUnit.Unstated : ClaimUnit.Prefixes,
            };
        }
        if (shares.Length != 1)
        {
            if (shares.Length > 1) LeaveOpen((Words.LosesPart(words) ?? Words.GainsPart(words) ?? Words.MovesShare(words))?.Value);
            return null;
        }
        var (loses, gains) = (Words.LosesPart(words), Words.GainsPart(words));
        if ((loses ?? gains) is not { } verb || verb.Index > shares[0].Place || loses is not null && gains is not null)
        {
            LeaveOpen((loses ?? gains ?? Words.MovesShare(words))?.Value);
            return null;
        }
        // "AS131279 lost half of its routes": the one before the verb lost them, be it the subject or a carrier.
        var loser = mentions.LastOrDefault(mention => mention.End <= verb.Index);
        bool isSubject = loser is not null && _cast.IsSubject(loser);
        if (isSubject && mentions.Any(mention => !_cast.IsSubject(mention)) || isSubject && gains is not null || plain.Prefix is not null)
            LeaveOpen(verb.Value);
        if (Negation.IsIn(words)) LeaveOpen("not");
        Took(verb.Index, verb.Length);
        if (isSubject) (_lastCarrier, _lastIsSubject) = (null, true);
        return plain with
        {
            Kind = loses is not null ? ClaimKind.Lost : ClaimKind.Gained,
            Who = isSubject ? null : loser is { Named.Asns.Count: > 0 } ? loser.Named : plain.Who,
            Number = shares[0].Number,
            Unit = Words.SaysTraffic(words) ? ClaimUnit.Traffic : shares[0].Unit,
        };
    }

    // "For good reasons" states a cause.
    [GeneratedRegex(@"\b(?:for good(?=\s+(?:at|on|by|in|from|since|after|when|and|but|as|to|then)\b|\W*$)|permanently|forever|for ever|once and for all|definitively)\b", Plain)]
    private static partial Regex Lasting();

    [GeneratedRegex(@"\bthroughout\b|\ball day\b|\b(?:(?:for|during)\s+)?(?:all|the whole|the entire|the entirety)\s+(?:of\s+)?(?=\d{1,2}\s+\p{L}|\d{4}-\d|\p{L}+day\b|(?:(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Sept|Nov|Dec)ember|October)\s+\d)", Plain)]
    private static partial Regex Throughout();

    [GeneratedRegex(@"^(?:[^ ]+ times|once|twice|thrice)\b", Plain)]
    private static partial Regex HowOften();

    [GeneratedRegex(@"\b(?:only|just|exactly)\s+$", Plain)]
    private static partial Regex OnlyBefore();

    [GeneratedRegex(@"\b(?<factor>doubled|halved|tripled|trebled|quadrupled)\b", Plain)]
    private static partial Regex Factor();

    [GeneratedRegex(@"\bshares?(?:\s+of\s+(?:the\s+)?routes)?\b", Plain)]
    private static partial Regex ShareNoun();
}
