using System.Text.RegularExpressions;

using Isthmus.Reports;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Finds the statements of a text that routing may decide, by fixed rules: who carries whom, since when, from when to
/// when, what part, how many, alone or not, for the first time or not. A sentence about anything else gives none.
/// </summary>
internal sealed partial class ClaimReader
{
    private readonly Cast _cast;
    private readonly Mentions _mentions;
    private readonly Times _times;
    private readonly Actors _actors;
    private readonly NameIndex _names;
    private readonly List<(int Place, int Length)> _read = [];
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private readonly StatedTime _end;
    private Named? _lastCarrier;
    private bool _lastIsSubject;

    public ClaimReader(string text, Report report, Cast cast, NameIndex names)
    {
        _cast = cast;
        _end = new("the end of the data", report.To, report.To, report.To, TimeSpan.Zero, ZoneGiven: true);
        _names = names;
        _actors = new(names);
        _mentions = new(text, names, cast.Networks);
        _times = new(report.From, report.To, report.Subject.Country);
    }

    /// <summary>The statements of a text, in order.</summary>
    public IReadOnlyList<Claim> Read(string text)
    {
        var claims = new List<Claim>();
        foreach (var sentence in Sentences.Of(text))
            foreach (var clause in Sentences.Clauses(sentence))
            {
                _read.Clear();
                var found = OfClause(sentence, clause).ToArray();
                if (found.Length == 0) continue;
                var unread = Remainder.Of(clause.Text, _read);
                bool isMood = Remainder.IsMood(clause.Text);
                // A name and its number stand for themselves beside another statement; alone they are not what the clause states.
                bool isNameAlone = found.All(claim => claim.Kind is ClaimKind.Identity);
                claims.AddRange(found.Select(claim =>
                    claim.Kind is ClaimKind.Identity && !isNameAlone ? claim : claim with { Unread = unread, IsMood = isMood }));
            }
        return claims;
    }

    private void Took(int place, int length) => _read.Add((place, length));

    // "All four were down": an act of the subject's own is judged by all of its prefixes.
    private void TookWhole(string words)
    {
        foreach (Match match in EveryOf().Matches(words))
            if (Words.NumberOf(match.Groups["count"].Value) == _cast.Prefixes) Took(match.Index, match.Length);
    }

    // A name counts as read where a statement is about it, or it is the subject, or it says whose the carrier is.
    private void TookNames(string words, IReadOnlyList<Mention> mentions, IReadOnlyCollection<Named> about)
    {
        foreach (var mention in mentions)
            if (_cast.IsSubject(mention) || about.Any(who => who == mention.Named || who.Asns.Any(mention.Named.IsOneOf)))
                Took(mention.Place, mention.Length);
        foreach (var who in about)
            if (words.IndexOf(who.Text, StringComparison.Ordinal) is >= 0 and var place) Took(place, who.Text.Length);
        foreach (Match word in Capitalised().Matches(words).Concat(OneCapitalised().Matches(words)))
            if (Mentions.CountryOf(word.Groups["name"].Value) is { } country
                && (_cast.Own.Any(asn => _names.Registry.CountryOf(asn) == country)
                    || about.Any(who => who.Country == country || who.Asns.Any(asn => _names.Registry.CountryOf(asn) == country))))
                Took(word.Index, word.Length);
    }

    private IEnumerable<Claim> OfClause(Passage sentence, Passage clause)
    {
        string words = clause.Text;
        if (Words.Compares(words)) yield break;
        var mentions = _mentions.Of(words);
        var times = _times.Read(words);
        // The sole upstream until then, and the first time then, mean the time itself.
        if (!Words.SaysSole(words) && !Words.SaysFirst(words)) times = [.. times.Select(mention => mention.Sided(words))];
        var pairs = Pairs(words, mentions).ToArray();
        // Of a name and its number the name says who is meant: a wrong number is a statement of its own.
        Mention[] carriers =
        [
            .. mentions.Except(pairs.Select(pair => pair.Number))
                .Where(mention => mention.Named.Asns.Count > 0 && !_cast.IsSubject(mention)),
        ];
        var plain = new Claim(ClaimKind.Carries, sentence.Text, words, clause.Start)
        {
            Prefix = PrefixOf(words),
            AtEnd = Words.SaysNow(words) || times.Count == 0 && Words.IsPresent(words),
            Time = times.Count > 0 ? times[0].Time : null,
            // "Between 09:07 and 10:14" is a stretch; "at 09:08 UTC, 17:38 in Pyongyang" are two times for one event.
            Until = times.Count > 1 && Range().IsMatch(words) ? times[^1].Time
                : times is [var since] && Words.SaysSole(words) && Since().Match(words[..since.Place]) is { Success: true } ? _end : null,
        };
        if (ReferenceEquals(plain.Until, _end) && Since().Match(words[..times[0].Place]) is var open) Took(open.Index, open.Length);
        foreach (var (name, number) in pairs)
            yield return plain with { Kind = ClaimKind.Identity, Who = number.Named with { Text = name.Named.Text } };
        // A number that is nearly one of the subject's own says by itself whose it should be.
        foreach (var slip in mentions.Except(pairs.Select(pair => pair.Number)).Where(mention => _cast.IsSlipOfSubject(mention)))
            yield return plain with { Kind = ClaimKind.Identity, Who = slip.Named };
        foreach (var time in times)
        {
            Took(time.Place, time.Length);
            if (!time.Time.Text.StartsWith("after ", StringComparison.Ordinal)
                && !time.Time.Text.StartsWith("before ", StringComparison.Ordinal) && !SoleBefore().IsMatch(words[..time.Place])) continue;
            if (Side().Match(words[..time.Place]) is { Success: true } side) Took(side.Index, side.Length);
        }
        foreach (var (place, length) in _times.DatesOf(words)) Took(place, length);
        foreach (Match match in PrefixText().Matches(words)) Took(match.Index, match.Length);
        foreach (var (name, number) in pairs) Took(name.Place, number.End > name.End ? number.End - name.Place : name.Length);
        foreach (Match match in NameBeforeNumber().Matches(words))
            if (Asn.TryParse(match.Groups["number"].Value, null, out var borne)
                && _names.Find(match.Groups["name"].Value, whole: false).Contains(borne))
                Took(match.Index, match.Length);
        foreach (Match match in OnlyNumber().Matches(words))
            if (plain.AtEnd || !char.IsDigit(words[match.Index + match.Length])) Took(match.Index, match.Length);
        NumberMention[] shares = [.. Numbers.Shares(words)], counts = [.. Numbers.Counts(words)];
        // "All four were down" is read where it is four that the subject has; another number is not what an outage was judged by.
        foreach (var count in counts)
            if (count.Unit is ClaimUnit.Outages || count.Of == _cast.Prefixes && count.Number.Holds(count.Of))
                Took(count.Place, count.Length);
        if (OfSubject(words, mentions, carriers, counts, plain) is { } turn)
        {
            TookNames(words, mentions, []);
            TookWhole(words);
            (_lastCarrier, _lastIsSubject) = (null, true);
            yield return turn;
            yield break;
        }
        if (Trouble(words, counts) is { } trouble)
        {
            TookNames(words, mentions, []);
            TookWhole(words);
            foreach (Match match in Every().Matches(words)) Took(match.Index, match.Length);
            yield return plain with { Kind = trouble.Kind, Number = trouble.Number, Denied = Words.Denies(words, trouble.Kind) };
            yield break;
        }
        var actor = _actors.Of(words, mentions, mentions.Any(_cast.IsSubject));
        var who = actor is not null && (carriers.Length == 0 || actor.Place < carriers[0].Place) ? actor.Named
            : carriers.Length > 0 ? Main(words, carriers).Named
            : Words.SaysSomething(words) && Words.PointsBack(words) ? _lastCarrier : null;
        if (who is not null) (_lastCarrier, _lastIsSubject) = (who, false);
        foreach (var number in shares.Concat(counts))
        {
            Took(number.Place, number.Length);
            if (Qualifier().Match(words[..number.Place]) is { Success: true } qualifier) Took(qualifier.Index, qualifier.Length);
        }
        TookNames(words, mentions, who is null ? [] : Words.SaysCarries(words) && carriers.Length > 1 || shares.Length > 1
            ? [who, .. carriers.Select(carrier => carrier.Named)] : [who]);
        foreach (var share in SharesOf(words, shares, carriers, plain with { Who = who })) yield return share;
        foreach (var claim in OfCarrier(words, who, plain, shares.Length > 0, carriers))
        {
            yield return claim;
            foreach (var beside in OfPrefixesBeside(words, claim)) yield return beside;
            if (plain.Until is not null) continue;
            foreach (var other in times.Skip(1)) yield return claim with { Time = other.Time };
        }
        foreach (var claim in CountsOf(words, counts, who, carriers.Length > 0, plain)) yield return claim;
    }

    // "Carries A and B", "carries A but not B": each prefix is a statement of its own.
    private static IEnumerable<Claim> OfPrefixesBeside(string words, Claim claim)
    {
        if (claim.Prefix is null || claim.Kind is ClaimKind.First or ClaimKind.Sole) yield break;
        Match[] all = [.. PrefixText().Matches(words).Cast<Match>()];
        bool denied = claim.Denied;
        for (int i = 1; i < all.Length; i++)
        {
            if (Except().IsMatch(words[(all[i - 1].Index + all[i - 1].Length)..all[i].Index])) denied = !denied;
            if (Prefix.TryParse(all[i].Value, null, out var prefix)) yield return claim with { Prefix = prefix, Denied = denied };
        }
    }

    // The one that the verb belongs to: before it, or behind "by", "via", "through", "from".
    private static Mention Main(string words, Mention[] carriers)
    {
        foreach (var carrier in carriers)
            if (By().IsMatch(words[..carrier.Place])) return carrier;
        return carriers[0];
    }

    private static IEnumerable<Claim> OfCarrier(string words, Named? who, Claim plain, bool hasShares, Mention[] carriers)
    {
        if (who is null) yield break;
        var about = plain with { Who = who };
        if (Words.SaysFirst(words)) yield return about with { Kind = ClaimKind.First };
        if (Words.SaysSole(words)) yield return about with { Kind = ClaimKind.Sole, Denied = Words.Denies(words, ClaimKind.Sole) };
        if (Words.SaysFirst(words) || Words.SaysSole(words)) yield break;
        var kind = Words.SaysReturned(words) ? ClaimKind.Returned : Words.SaysEnded(words) ? ClaimKind.Ended
            : Words.SaysBegan(words) ? ClaimKind.Began : ClaimKind.Carries;
        about = about with { Denied = Words.Denies(words, kind) };
        // "No longer carried at 20:30" tells of a state, whose end came before; a second is that of an event.
        if (kind is ClaimKind.Ended && plain.Time?.Precision >= _minute && Words.SaysNoLonger(words))
            (kind, about) = (ClaimKind.Carries, about with { Denied = true });
        if (kind is ClaimKind.Carries && (hasShares || !Words.SaysCarries(words))) yield break;
        if (kind is ClaimKind.Carries && plain.Prefix is null && carriers.Length > 1)
            foreach (var carrier in carriers) yield return about with { Kind = kind, Who = carrier.Named };
        else
            yield return about with { Kind = kind };
    }

    private static IEnumerable<Claim> SharesOf(string words, NumberMention[] shares, Mention[] carriers, Claim plain)
    {
        bool traffic = Words.SaysTraffic(words);
        for (int i = 0; i < shares.Length; i++)
        {
            // "A carries 60 percent and B 40": in order; "60 percent by A": the nearest.
            var carrier = carriers.Length == 0 ? plain.Who
                : carriers.Length == shares.Length ? carriers[i].Named
                : carriers.MinBy(candidate => Math.Abs(candidate.Place - shares[i].Place))!.Named;
            yield return plain with
            {
                Kind = ClaimKind.Share,
                Who = carrier,
                Denied = Words.Denies(words, ClaimKind.Share),
                Number = shares[i].Number,
                Unit = traffic ? ClaimUnit.Traffic : shares[i].Unit,
            };
        }
    }

    private static IEnumerable<Claim> CountsOf(string words, NumberMention[] counts, Named? who, bool named, Claim plain)
    {
        foreach (var count in counts.Where(count => count.Unit is not ClaimUnit.Outages))
        {
            bool isPart = who is not null && count.Unit is not ClaimUnit.Upstreams && (named || count.Of > 0)
                && (Words.SaysBegan(words) || Words.SaysEnded(words) || Words.SaysReturned(words) || Words.SaysCarries(words));
            yield return plain with
            {
                Kind = isPart ? ClaimKind.Part : ClaimKind.Size,
                PartVerb = Words.SaysReturned(words) ? ClaimKind.Returned : Words.SaysEnded(words) ? ClaimKind.Ended
                    : Words.SaysBegan(words) ? ClaimKind.Began : ClaimKind.Carries,
                Denied = isPart && Words.Denies(words, ClaimKind.Part),
                Who = isPart ? who : null,
                Number = count.Number,
                Of = count.Of,
                Unit = count.Unit,
            };
        }
    }

    private static (ClaimKind Kind, StatedNumber? Number)? Trouble(string words, NumberMention[] counts)
    {
        var number = counts.Where(count => count.Unit is ClaimUnit.Outages).Select(count => count.Number).FirstOrDefault();
        if (Words.SaysOutage(words) || number is not null) return (ClaimKind.Outage, number);
        return Words.SaysUnstable(words) ? (ClaimKind.Unstable, null) : null;
    }

    // "AS131279 disappeared", "North Korea was withdrawn", "and came back": the act is the subject's own.
    private Claim? OfSubject(
        string words, IReadOnlyList<Mention> mentions, Mention[] carriers, NumberMention[] counts, Claim plain)
    {
        var subject = mentions.LastOrDefault(mention => _cast.IsSubject(mention)
            && (Words.SubjectVanishes(words[mention.End..]) || Words.SubjectComesBack(words[mention.End..])
                || Words.SubjectVanishes(AfterOwn(words, mention)) || Words.SubjectComesBack(AfterOwn(words, mention))));
        string? rest = subject is not null ? AfterOwn(words, subject)
            : carriers.Length == 0 && mentions.Count == 0 && _lastIsSubject && Words.StartsWithVerb(words) ? " " + words : null;
        if (rest is null) return null;
        // "X's connection to Y returned" tells of X's connection, not of Y.
        if (subject is not null && BelongsToNoun().IsMatch(words[..subject.Place])
            && carriers.Any(carrier => carrier.Place < subject.Place)) return null;
        if (subject is null) rest = rest.Replace(" and ", " ", StringComparison.Ordinal);
        var number = counts.Where(count => count.Unit is ClaimUnit.Outages).Select(count => count.Number).FirstOrDefault();
        // "Were down from 10:00 to 10:30" is a state with two ends.
        if (plain.Until is not null && Words.SaysOutage(words)) return null;
        if (Words.SubjectVanishes(rest))
            return plain with { Kind = ClaimKind.Vanished, Number = number, Denied = Words.IsDenied(rest) };
        return Words.SubjectComesBack(rest)
            ? plain with { Kind = ClaimKind.CameBack, Number = number, Denied = Words.IsDenied(rest) } : null;
    }

    // Behind the name and what is the subject's: "'s network (AS131279)".
    private static string AfterOwn(string words, Mention mention) => Owned().Replace(words[mention.End..], "", 1);

    [GeneratedRegex(@"^(?:['’]s?)?(?:\s+(?:only|whole|entire|four|own))*(?:\s+(?:routes?|networks?|Internet|links?|prefixes))?(?:[\s,]*\((?:AS)?\d+\)|\))?(?=\s)", Plain)]
    private static partial Regex Owned();

    [GeneratedRegex(@"(?<name>\p{Lu}[\p{L}\d&-]{0,40}(?: \p{Lu}[\p{L}\d&-]{0,40}){0,3})\s{0,3}\(AS(?<number>\d{1,10})\)")]
    private static partial Regex NameBeforeNumber();

    [GeneratedRegex(@"\bonly\s+(?=\d|(?:one|two|three|four|five|six|seven|eight|nine|ten)\b)", Plain)]
    private static partial Regex OnlyNumber();

    [GeneratedRegex(@"\ball\b(?!\s+(?:\d|two|three|four|five|six|seven|eight|nine|ten))", Plain)]
    private static partial Regex Every();

    [GeneratedRegex(@"\ball (?:of )?(?:the )?(?<count>" + Words.NumberPattern + @")\b", Plain)]
    private static partial Regex EveryOf();

    [GeneratedRegex(@"\b(?:roughly|about|around|approximately|some|circa|nearly|almost|close to|up to|more than|over|at least|above|less than|fewer than|under|at most|below)\s+(?:the remaining\s+)?$", Plain)]
    private static partial Regex Qualifier();

    [GeneratedRegex(@"\b(?:before|prior to|after)\s+(?:the\s+)?$", Plain)]
    private static partial Regex Side();

    // The sole upstream before a time is judged over all of the data before it.
    [GeneratedRegex(@"\bbefore\s+(?:the\s+)?$", Plain)]
    private static partial Regex SoleBefore();

    [GeneratedRegex(@"\bsince\s+(?:the\s+)?$", Plain)]
    private static partial Regex Since();

    [GeneratedRegex(@"\b(?:to|with|for|into)\s+(?:the\s+)?$", Plain)]
    private static partial Regex BelongsToNoun();

    [GeneratedRegex(@"\b(?:but not|not|except|unlike|without)\b", Plain)]
    private static partial Regex Except();

    [GeneratedRegex(@"(?<name>\p{Lu}\p{L}+)(?:['’]s)?")]
    private static partial Regex OneCapitalised();

    [GeneratedRegex(@"(?<name>\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?)(?:['’]s)?")]
    private static partial Regex Capitalised();

    // A name with a number in brackets behind it, or the other way round.
    private static IEnumerable<(Mention Name, Mention Number)> Pairs(string words, IReadOnlyList<Mention> mentions)
    {
        for (int i = 0; i + 1 < mentions.Count; i++)
        {
            var (first, second) = (mentions[i], mentions[i + 1]);
            if (first.Named.Stated == second.Named.Stated || !Bracket().IsMatch(words[first.End..second.Place])) continue;
            var pair = first.Named.Stated ? (Name: second, Number: first) : (Name: first, Number: second);
            if (pair.Name.Country.IsNone) yield return pair;
        }
    }

    private static Prefix? PrefixOf(string words) =>
        PrefixText().Match(words) is { Success: true } match && Prefix.TryParse(match.Value, null, out var prefix) ? prefix : null;

    private const RegexOptions Plain = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\b(?:by|via|through|from|of)\s+(?:the\s+)?(?:[\p{L}-]+\s+){0,4}$", Plain)]
    private static partial Regex By();

    [GeneratedRegex(@"\b(?:between|from)\b.*\b(?:and|to|until|till)\b|\d\s*[–—-]\s*\d", Plain)]
    private static partial Regex Range();

    [GeneratedRegex(@"^[\s,]*\(\s*$")]
    private static partial Regex Bracket();

    [GeneratedRegex(@"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}/\d{1,2}\b|\b[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4})+/\d{1,3}\b")]
    private static partial Regex PrefixText();
}
