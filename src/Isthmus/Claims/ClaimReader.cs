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
    private readonly List<string> _open = [];
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private readonly StatedTime _end;
    private Named? _lastCarrier;
    private bool _lastIsSubject;

    // What the clauses before this one of the same sentence say: "stopped carrying A at 10:00 and never returned".
    private Claim? _ended, _began;
    private Prefix? _prefix;

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
        {
            (_ended, _began, _prefix) = (null, null, null);
            _times.BeginSentence();
            foreach (var clause in Sentences.Clauses(sentence))
            {
                _read.Clear();
                _open.Clear();
                (_alsoAt, _named, _own) = ([], [], []);
                Claim[] found = HowLong(clause.Text, [.. OfClause(sentence, clause).SelectMany(AtEachTime).Select(AfterEnd)]);
                if (found.Length == 0) continue;
                _followsTurn = _ended is not null || _began is not null;
                _ended = found.LastOrDefault(
                    claim => claim is { Denied: false, Kind: ClaimKind.Ended or ClaimKind.Vanished or ClaimKind.Outage });
                _began = found.LastOrDefault(claim => claim is { Denied: false, Kind: ClaimKind.Began or ClaimKind.Returned });
                _prefix = found[^1].Prefix;
                LeaveTurnsOpen(clause.Text, found);
                LeaveOthersOpen(clause.Text, found);
                IReadOnlyList<string> unread = [.. Remainder.Of(clause.Text, _read), .. _open];
                // A question states nothing.
                bool isMood = Remainder.IsMood(clause.Text) || sentence.Text.EndsWith('?');
                // A name and its number stand for themselves beside another statement; alone they are not what the clause states.
                bool isNameAlone = found.All(claim => claim.Kind is ClaimKind.Identity);
                foreach (var claim in found)
                {
                    var read = claim with { IsCut = sentence.IsCut };
                    claims.Add(claim.Kind is ClaimKind.Identity && !isNameAlone ? read : read with { Unread = unread, IsMood = isMood });
                }
            }
        }
        return claims;
    }

    // "Stopped at 10:00 and never returned": what came back, or did not, did so after that.
    private Claim AfterEnd(Claim claim)
    {
        if (_ended is not { Time: { } stop } ended || claim.Kind is not (ClaimKind.Returned or ClaimKind.CameBack)) return claim;
        bool isSame = ended.Kind is ClaimKind.Ended ? claim.Who == ended.Who : claim.Who is null;
        return isSame ? claim with { After = stop } : claim;
    }

    private void Took(int place, int length) => _read.Add((place, length));

    // Takes the word that denies a statement of a kind. Of several carriers that are no plain list it may deny one alone.
    private bool Denies(string words, ClaimKind kind, bool isList = true)
    {
        if (!isList) return false;
        // That it was so at all of the time is denied by "not"; "at no time" denies that it was so at any.
        Capture? not = Words.DenialOf(words, kind) ?? (Capture?)(kind is ClaimKind.Sole ? null : Negation.AtNoTime(words));
        if (not is null) return false;
        Took(not.Index, not.Length);
        return true;
    }

    // Plain words that change what is stated here, so that the statement stays open.
    private void LeaveOpen(string? words)
    {
        if (words is { Length: > 0 }) _open.Add(words);
    }

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
        // Of a name and its number the name says who is meant: a wrong number is a statement of its own. A name that is not of the data
        // may be another one that the number goes by, and stays unread.
        var alien = pairs.Where(pair => !pair.Name.Named.Asns.Any(asn => _cast.Networks.Contains(asn) || pair.Number.Named.IsOneOf(asn))
            && _cast.MeantBy(pair.Number.Named.Asns[0]) is null).ToArray();
        Mention[] carriers =
        [
            .. mentions.Except(pairs.Select(pair => alien.Contains(pair) ? pair.Name : pair.Number))
                .Where(mention => mention.Named.Asns.Count > 0 && !_cast.IsSubject(mention)
                    && !StandsBesideSubject(words, mention, mentions)),
        ];
        var plain = new Claim(ClaimKind.Carries, sentence.Text, words, clause.Start)
        {
            Prefix = PrefixOf(words) ?? (mentions.Count == 0 && Words.StartsWithVerb(words) ? _prefix : null),
            AtEnd = Words.SaysNow(words) || times.Count == 0 && Words.IsPresent(words) && !Never().IsMatch(words),
            Time = times.Count > 0 ? times[0].Time : null,
            // "Between 09:07 and 10:14" is a stretch; "at 09:08 UTC, 17:38 in Pyongyang" are two times for one event.
            Until = times.Count > 1 && Range().IsMatch(words) ? times[^1].Time
                : times is [var since] && Words.SaysSole(words) && Since().Match(words[..since.Place]) is { Success: true } ? _end : null,
        };
        _named = [.. mentions.Except(pairs.SelectMany(pair => new[] { pair.Name, pair.Number }))
            .Where(mention => !_cast.IsSubject(mention))];
        _own = [.. mentions.Where(_cast.IsSubject)];
        NumberMention[] shares = [.. Numbers.Shares(words)], counts = [.. Numbers.Counts(words)];
        int numbers = shares.Length + counts.Length + counts.Count(count => count.Unit is ClaimUnit.Outages);
        plain = plain with { IsMixed = IsMixed(words, carriers, times, plain, numbers) };
        TakeTimes(words, plain, times);
        if (plain.Time is { IsInstant: true } then && HadBefore().Match(words, times[0].Place) is { Success: true })
            plain = plain with { Time = then with { IsBound = true } };
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
        foreach (var (name, number) in pairs.Except(alien)) Took(name.Place, Math.Max(number.End, name.End) - name.Place);
        foreach (Match match in NameBeforeNumber().Matches(words))
            if (Asn.TryParse(match.Groups["number"].Value, null, out var borne)
                && _names.Find(match.Groups["name"].Value, whole: false).Contains(borne))
                Took(match.Index, match.Length);
        foreach (Match match in OnlyNumber().Matches(words))
            if (plain.AtEnd || !char.IsDigit(words[match.Index + match.Length])) Took(match.Index, match.Length);
        if (OfTurnover(words, carriers, shares, counts, times, plain) is { Length: > 0 } turnover)
        {
            TookNames(words, [.. mentions.Where(_cast.IsSubject)], []);
            foreach (var party in turnover) yield return party;
            yield break;
        }
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
            foreach (var beside in OfPrefixesBeside(words, turn)) yield return beside;
            yield break;
        }
        if (OfTimes(words, carriers, shares, counts, plain) is { } often)
        {
            yield return often;
            yield break;
        }
        if (Trouble(words, counts) is { } trouble)
        {
            // "The link through B went down" is of B, and no outage of the subject.
            if (carriers.Length > 0 && !mentions.Any(_cast.IsSubject) && Link().IsMatch(words)) yield break;
            TookNames(words, mentions, []);
            TookWhole(words);
            foreach (Match match in Every().Matches(words)) Took(match.Index, match.Length);
            var told = plain with { Kind = trouble.Kind, Number = trouble.Number, Unit = trouble.Unit };
            told = told with { Denied = Denies(words, told.Kind) };
            if (told is { Until: null, Kind: ClaimKind.Outage } && UntilThen(words, times))
            {
                if (told.Denied) LeaveOpen("until");
                told = told with { Kind = ClaimKind.CameBack, IsUntil = true };
            }
            if (Negation.NoLonger(words) is { } ended) Took(ended.Index, ended.Length);
            LeaveOpen(Words.FirstTime(words));
            yield return told;
            foreach (var beside in OfPrefixesBeside(words, told)) yield return beside;
            yield break;
        }
        var actor = _actors.Of(words, mentions, mentions.Any(_cast.IsSubject));
        if (actor is not null && StandsBesideSubject(words, actor, mentions)) actor = null;
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
        var about = plain with { Who = who };
        if ((OfFactor(words, shares, about) ?? OfMovedPart(words, mentions, shares, about)) is { } moved)
        {
            yield return moved;
            yield break;
        }
        var parts = CountsOf(words, counts, who, carriers.Length > 0, plain).ToArray();
        foreach (var share in SharesOf(words, shares, carriers, plain with { Who = who })) yield return share;
        foreach (var claim in OfCarrier(words, who, plain, shares.Length > 0, carriers, times))
        {
            // "Lost two of the four prefixes" says of two that they were lost, and not of all.
            if (claim.Kind is ClaimKind.Began or ClaimKind.Ended or ClaimKind.Returned
                && parts.Any(part => part.Kind is ClaimKind.Part)) continue;
            yield return claim;
            foreach (var beside in OfPrefixesBeside(words, claim)) yield return beside;
        }
        foreach (var part in parts) yield return part;
    }

    // "Until 10:00" tells of an end then; of the sole upstream, and of "from … until", the ends are read elsewhere.
    private bool UntilThen(string words, IReadOnlyList<TimeMention> times)
    {
        if (times.Count == 0 || Until().Match(words[..times[0].Place]) is not { Success: true } until) return false;
        Took(until.Index, until.Length);
        return true;
    }

    // "Carries A and B", "carries A but not B": each prefix is a statement of its own.
    private IEnumerable<Claim> OfPrefixesBeside(string words, Claim claim)
    {
        if (claim.Prefix is null || claim.Kind is ClaimKind.First) yield break;
        Match[] all = [.. PrefixText().Matches(words).Cast<Match>()];
        bool denied = claim.Denied;
        for (int i = 1; i < all.Length; i++)
        {
            int behind = all[i - 1].Index + all[i - 1].Length;
            if (Except().Match(words[behind..all[i].Index]) is { Success: true } except)
            {
                denied = !denied;
                Took(behind + except.Index, except.Length);
            }
            if (Prefix.TryParse(all[i].Value, null, out var prefix)) yield return claim with { Prefix = prefix, Denied = denied };
        }
    }

    // The one that the verb belongs to: before it, or behind "by", "via", "through", "from".
    private static Mention Main(string words, Mention[] carriers)
    {
        foreach (var carrier in carriers)
            if (By().IsMatch(words[..carrier.Place]) && !TookOver().IsMatch(words[..carrier.Place])) return carrier;
        return carriers[0];
    }

    private IEnumerable<Claim> OfCarrier(
        string words, Named? who, Claim plain, bool hasShares, Mention[] carriers, IReadOnlyList<TimeMention> times)
    {
        if (who is null) yield break;
        var about = plain with { Who = who };
        bool isList = IsList(words, carriers);
        if (Words.SaysFirst(words)) yield return about with { Kind = ClaimKind.First };
        if (Words.SaysSole(words))
        {
            var sole = about with { Kind = ClaimKind.Sole, Denied = Denies(words, ClaimKind.Sole) };
            if (Negation.NoLonger(words) is { } longer) Took(longer.Index, longer.Length);
            if (times.Count > 0) UntilThen(words, times);
            yield return sole;
        }
        if (Words.SaysFirst(words) || Words.SaysSole(words)) yield break;
        var kind = Words.SaysReturned(words) ? ClaimKind.Returned : Words.SaysEnded(words) ? ClaimKind.Ended
            : Words.SaysBegan(words) ? ClaimKind.Began : ClaimKind.Carries;
        if (EventOf(words, who, carriers) is { } named) kind = named;
        if (Negation.NeitherNor(words) is { } neither)
        {
            if (!isList || kind is not ClaimKind.Carries || hasShares) yield break;
            Took(neither.Groups["neither"].Index, neither.Groups["neither"].Length);
            Took(neither.Groups["nor"].Index, neither.Groups["nor"].Length);
            about = about with { Denied = true };
        }
        else if (kind is ClaimKind.Carries && Negation.NoLonger(words) is { } noLonger)
        {
            // "No longer" tells of a state, whose end came before.
            if (isList) Took(noLonger.Index, noLonger.Length);
            about = about with { Denied = true, NoLonger = true };
            if (plain is { Time: null, AtEnd: false }) LeaveOpen("when");
        }
        else about = about with { Denied = Denies(words, kind, isList) };
        if (kind is not ClaimKind.Carries && plain.Time is null && Words.IsPerfect(words)) about = about with { Lasts = true };
        if (kind is ClaimKind.Carries && (hasShares || !Words.SaysCarries(words) && !about.NoLonger)) yield break;
        if (kind is ClaimKind.Ended && plain.Time is not null && (Away().Match(words) is { Success: true } && plain.Until is not null))
        {
            // "Was gone between": what it did all that time, and no event.
            yield return about with { Kind = ClaimKind.Carries, Denied = !about.Denied };
            yield break;
        }
        if (kind is ClaimKind.Began or ClaimKind.Ended or ClaimKind.Returned && plain is { Time: { } opens, Until: { } closes })
        {
            // An event between two times lies within; one "from … to" has two.
            if (Between().IsMatch(words) && closes.To > opens.From)
                about = about with { Time = opens with { Text = $"{opens.Text} to {closes.Text}", To = closes.To, Precision = closes.To - opens.From }, Until = null };
            else LeaveOpen(closes.Text);
        }
        if (kind is ClaimKind.Returned && about.Denied && LastSince().Match(words) is { Success: true } since)
            Took(since.Index, since.Length);
        if (Words.SaysReturned(words) && OtherAct(words) is { } other) LeaveOpen(other);
        if (kind is ClaimKind.Carries && about.Until is null && _began is { Time: { } begun } && _began.Who == who && carriers.Length == 0
            && UntilThen(words, times))
        {
            // "Came back at 01:20 and carried it until 02:20": all the time from the one to the other.
            yield return about with { Time = begun, Until = plain.Time };
            yield break;
        }
        if (kind is ClaimKind.Carries && about.Until is null && UntilThen(words, times))
        {
            if (about.Denied || carriers.Length > 1) LeaveOpen("until");
            kind = ClaimKind.Ended;
        }
        if (kind is ClaimKind.Carries && !about.Denied && carriers.Length > 1
            && carriers.Zip(carriers.Skip(1)).Any(pair => Or().IsMatch(words[pair.First.End..pair.Second.Place]))) LeaveOpen("or");
        if (kind is ClaimKind.Carries && carriers.Length > 1 && (plain.Prefix is null || isList))
            foreach (var carrier in carriers) yield return about with { Kind = kind, Who = carrier.Named };
        else
            yield return about with { Kind = kind };
    }

    // "The arrival of A at 10:00 ended …", "A's departure …": the noun says what A did, whatever the verb says of others.
    private ClaimKind? EventOf(string words, Named who, Mention[] carriers)
    {
        if (carriers.FirstOrDefault(carrier => carrier.Named == who) is not { } actor) return null;
        var (noun, place) = (EventBefore().Match(words[..actor.Place]), 0);
        if (!noun.Success) (noun, place) = (EventBehind().Match(words[actor.End..]), actor.End);
        foreach (var (group, kind) in ((string, ClaimKind)[])[("began", ClaimKind.Began), ("ended", ClaimKind.Ended), ("returned", ClaimKind.Returned)])
        {
            if (noun.Groups[group] is not { Success: true } act) continue;
            Took(place + act.Index, act.Length);
            return kind;
        }
        return null;
    }

    // An end or a beginning beside a return is a statement of its own, which the clause does not set apart.
    private static string? OtherAct(string words) => Words.SaysEnded(words) || Words.SaysBegan(words)
        ? Words.OtherThanReturn(words) : null;

    // "A, B and the Russian C": nothing but conjunctions and describing words between them.
    private static bool IsList(string words, Mention[] carriers) =>
        carriers.Zip(carriers.Skip(1)).All(pair => pair.Second.Place >= pair.First.End
            && Conjunction().IsMatch(words[pair.First.End..pair.Second.Place]));

    private IEnumerable<Claim> SharesOf(string words, NumberMention[] shares, Mention[] carriers, Claim plain)
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
                Denied = Denies(words, ClaimKind.Share),
                Number = shares[i].Number,
                Unit = traffic ? ClaimUnit.Traffic : shares[i].Unit,
            };
        }
    }

    private IEnumerable<Claim> CountsOf(string words, NumberMention[] counts, Named? who, bool named, Claim plain)
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
                Denied = isPart && Denies(words, Words.SaysReturned(words) ? ClaimKind.Returned : Words.SaysEnded(words) ? ClaimKind.Ended
                    : Words.SaysBegan(words) ? ClaimKind.Began : ClaimKind.Part),
                Who = isPart ? who : null,
                Number = count.Number,
                Of = count.Of,
                Unit = count.Unit,
            };
        }
    }

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

}