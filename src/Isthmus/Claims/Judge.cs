using System.Globalization;
using System.Text.RegularExpressions;

using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>Holds claims against a report: changes and their dates here, figures in <see cref="FigureJudge"/>.</summary>
internal sealed partial class Judge(Report report, Cast cast, NameIndex index, Held held)
{
    private readonly StateJudge _states = new(report, held);
    private readonly FigureJudge _figures = new(report, cast, index, held);
    private readonly LastingJudge _lasting = new(report, held);
    private readonly FewPeers _few = new(report, held);
    private readonly Names _names = new(report.Registry);
    private readonly Courses _courses = new(report);

    public JudgedClaim Of(Claim claim)
    {
        if (WhyOpen(claim) is { } why) return new(claim, Mark.NotDecidable, why, null, []);
        var judged = SpanEdges.Within(_states.InPeriodAlone(_states.Besides(BehindIntermediary(AsStated(claim)))), held);
        if (claim.Denied) judged = judged.Mark switch
        {
            Mark.Confirmed => judged with { Mark = Mark.Contradicted },
            Mark.Contradicted => judged with { Mark = Mark.Confirmed, Closest = null },
            _ => judged,
        };
        if ((PartlyOutside(judged) ?? BetweenDumpsAlone(judged)) is { } partly) judged = partly;
        judged = _few.Of(judged with { Why = Capital(judged.Why) });
        if (claim.IsForGood) judged = _lasting.ForGood(judged);
        return claim.Unread.Count == 0 ? judged : InPart(judged);
    }

    // Why the words alone leave it open, whatever the data show; null where they do not.
    private string? WhyOpen(Claim claim)
    {
        if (claim.Who is { IsUnknown: true } unknown)
            return $"Neither the registry nor the data know who {unknown.Text} is; the number (AS…) or the registered name would do.";
        if (claim.IsCut) return string.Create(CultureInfo.InvariantCulture,
            $"The sentence has more than {Sentences.SentenceMax:N0} characters, and its parts do not decide the whole; shorter sentences can be judged.");
        if (Negation.IsIn(string.Join(' ', claim.Unread))) return $"Words that deny or turn round were not read: {Unread(claim)}.";
        if (claim.Kind is ClaimKind.Identity) return null;
        if (claim.Time is { IsZoneOpen: true } || claim.Until is { IsZoneOpen: true })
            return $"In which time zone {claim.Time!.Text} is meant is not told by the words, or the zone is not known.";
        if (claim.IsMixed)
            return "The clause joins several statements, and which words belong to which is not read; a sentence for each would do.";
        if (IsOfOneFamily(claim))
            return "The subject has IPv4 and IPv6 prefixes, and the words are of one of them; what is held against the data is of both.";
        return claim.IsMood ? "The words speak of what may be, will be or was agreed; no record of routes decides that." : null;
    }

    // "Cuba's IPv6 prefix": of a subject with both a statement of one is none of the other.
    private bool IsOfOneFamily(Claim claim) => claim is { Prefix: null, Unit: not ClaimUnit.Addresses }
        && SaysFamily(claim, "IPv4") != SaysFamily(claim, "IPv6")
        && held.Prefixes.Select(prefix => prefix.Family).Distinct().Count() > 1;

    private static bool SaysFamily(Claim claim, string family) => claim.Words.Contains(family, StringComparison.OrdinalIgnoreCase);

    // Words that no rule has read may narrow, extend or explain the statement. What the data show of the rest is said, but is not
    // the whole. A contradiction stands where no narrowing could make it true: nothing of the kind happened at all.
    private JudgedClaim InPart(JudgedClaim judged)
    {
        var claim = judged.Claim;
        bool stands = judged.Mark is Mark.Contradicted && !claim.Denied && claim.Number is null
            && !SaysWhen(claim) && !SaysAnotherAct(claim)
            && !Words.SaysPartly(claim.Words) && !Words.SaysTraffic(claim.Words) && !IsOfPart(claim)
            && (claim.Who is not { Stated: false } who || who.Asns.Any(cast.Networks.Contains)
                || who.Asns is [var only] && claim.Words.Contains(only.ToString(), StringComparison.Ordinal))
            && claim.Kind is ClaimKind.Carries
            or ClaimKind.Began or ClaimKind.Ended or ClaimKind.Returned or ClaimKind.Vanished or ClaimKind.CameBack or ClaimKind.Outage
            or ClaimKind.Identity;
        // Who lost or gained it to or from whom does not help where the part itself is another.
        stands |= judged.Mark is Mark.Contradicted && claim.Kind is ClaimKind.Lost or ClaimKind.Gained
            && claim.Unread.All(words => cast.Networks.Any(asn => asn.ToString() == words));
        if (stands || judged.Mark is Mark.NotDecidable) return judged;
        string unread = Unread(claim);
        return judged with
        {
            Mark = Mark.NotDecidable,
            InPart = judged.Mark is Mark.Confirmed,
            Why = judged.Mark is Mark.Confirmed ? $"{judged.Why} That is the part that was read; not read: {unread}."
                : $"Not all of it was read ({unread}), so what the data show does not decide it: {judged.Why}",
        };
    }

    // "AS12880 went dark": what one network of a country did, the routes of all of it do not decide.
    private static bool IsOfPart(Claim claim) => claim.Kind is ClaimKind.Outage or ClaimKind.Vanished or ClaimKind.CameBack
        && (Words.PartOfSubject(claim.Words) is not null || claim.Unread.Any(words => AsNumber().IsMatch(words)));

    [GeneratedRegex(@"\bAS ?\d+\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsNumber();

    // "Only at night", "every weekend": times that no rule reads, and of which the end of the data may be none.
    private static bool SaysWhen(Claim claim) => claim is { Kind: ClaimKind.Carries, AtEnd: true, Time: null }
        && claim.Unread.Any(Words.SaysWhen);

    // Of two acts in one clause it is not known which the times belong to.
    private static bool SaysAnotherAct(Claim claim) => claim.Kind is ClaimKind.Returned
        && claim.Unread.Any(words => Words.SaysEnded(words) || Words.SaysBegan(words));

    private static string Unread(Claim claim) => string.Join("; ", claim.Unread.Select(words => $"\"{words}\""));

    // Held against the data as if nothing were denied.
    private JudgedClaim AsStated(Claim claim) => claim.Kind switch
    {
        _ when OutsideData(claim) is { } outside => outside,
        _ when BetweenDumps(claim) is { } between => between,
        _ when claim is { Who: { } who, Kind: ClaimKind.Carries, NoLonger: false } && !Seen(who) && Sees && _states.Knows(claim)
            && !held.Over(report.From, report.To, who, claim.Prefix).Any(at => at.Carries)
            => NeverSeen(claim),
        _ when claim.Unit is ClaimUnit.Times => _lasting.Times(claim),
        _ when claim.Factor is not null => _lasting.Factor(claim),
        _ when claim is { Kind: ClaimKind.Carries, IsThroughout: true } => _lasting.Throughout(claim),
        _ when _states.Of(claim) is { } state => state,
        _ => _states.Reviewed(OfChanges(claim)),
    };

    private JudgedClaim OfChanges(Claim claim) => claim.Kind switch
    {
        ClaimKind.Began => OfChange(claim, "began to carry it", ChangeKind.UpstreamAppeared, ChangeKind.UpstreamReturned),
        ClaimKind.Returned => OfChange(claim, "came back", ChangeKind.UpstreamReturned),
        ClaimKind.Ended => OfChange(claim, "ceased to carry it", ChangeKind.UpstreamVanished),
        ClaimKind.Carries when claim is { Time: not null, Until: not null } => OfStretch(claim),
        ClaimKind.Carries => OfCarrying(claim),
        ClaimKind.Unstable => OfTrouble(claim),
        _ => _figures.Of(claim),
    };

    // What lies wholly outside the period was not looked at.
    private JudgedClaim? OutsideData(Claim claim)
    {
        if (claim.Time is not { } time || claim.Kind is ClaimKind.First or ClaimKind.Identity) return null;
        bool isUntilInside = claim.Until is not { IsInstant: true } until || until.From <= report.To;
        if (time.To > report.From && time.From <= report.To && isUntilInside) return null;
        if (!isUntilInside) time = claim.Until!;
        return new(claim, Mark.NotDecidable,
            $"{time.Text} lies outside the data, which cover {Wording.Moment(report.From)} to {Wording.Moment(report.To)} UTC.", null, []);
    }

    // That nothing of the kind happened in a time is shown only where the data cover all of it.
    private JudgedClaim? PartlyOutside(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (claim.Time is not { } time || claim.Kind is ClaimKind.Identity or ClaimKind.First or ClaimKind.Began) return null;
        bool isUniversal = claim.Kind is ClaimKind.Sole ? judged.Mark is Mark.Confirmed && !claim.Denied && !StateJudge.IsUntil(claim)
            : judged.Mark is Mark.Contradicted && !claim.Denied
                && claim.Kind is ClaimKind.Outage or ClaimKind.Vanished or ClaimKind.CameBack or ClaimKind.Carries or ClaimKind.Unstable
            || judged.Mark is Mark.Confirmed && (claim.Denied || claim.IsThroughout);
        var to = (claim.Until ?? time).To;
        bool before = !time.IsBound && time.From + _edge < report.From, after = to > report.To + _edge && to != StatedTime.FarFuture;
        if (!isUniversal || !before && !after) return null;
        return new(claim, Mark.NotDecidable, $"{Capital(time.Text)} is covered in part: the data run from {Wording.Moment(report.From)} to "
            + $"{Wording.Moment(report.To)} UTC. {judged.Why}", null, judged.Changes);
    }

    /// <summary>A period that ends so shortly before a day does covers the day.</summary>
    private static readonly TimeSpan _edge = TimeSpan.FromMinutes(10);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    // Of a time between two dumps that differ nothing is known but that it lies between them.
    private JudgedClaim? BetweenDumps(Claim claim)
    {
        if (claim.Time is not { } time || claim.Kind is ClaimKind.Identity) return null;
        var to = (claim.Until ?? time).To;
        bool Cuts(Timestamp? earliest, Timestamp? latest) => earliest is { } after && latest is { } by
            && time.From < by && to > after && !(time.From <= after && to > by);
        var undated = report.Transit.Changes.FirstOrDefault(
            change => Cuts(change.Earliest, change.Time) || Cuts(change.UntilEarliest, change.Until));
        if (undated is null) return null;
        var (from, until) = Cuts(undated.Earliest, undated.Time) ? (undated.Earliest!.Value, undated.Time)
            : (undated.UntilEarliest!.Value, undated.Until!.Value);
        return new(claim, Mark.NotDecidable, $"Only dumps show what changed between {Wording.Moment(from)} and {Wording.Moment(until)} UTC, "
            + $"and not when: {time.Text} lies within.", null, [undated.Id]);
    }

    // Who is carried on behind another has not surely stopped, and was not surely replaced.
    private JudgedClaim BehindIntermediary(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (judged.Mark is not Mark.Confirmed || claim.Kind is not ClaimKind.Ended && !claim.TakesOver) return judged;
        var inserted = report.Transit.Changes.FirstOrDefault(change => change.Kind is ChangeKind.IntermediaryInserted
            && (claim.Time is not { } time || time.IsBound || Fits(change, time)));
        return inserted is null ? judged : new(claim, Mark.NotDecidable,
            $"{Who(inserted)} came between the subject and a carrier that stays behind it, on {Dates(inserted)}: whether that one stopped the words do not say.",
            null, [inserted.Id]);
    }

    // Dumps alone prove their own seconds: what came and went between two of them is not seen, be they alike or not.
    private JudgedClaim? BetweenDumpsAlone(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (judged.Mark is Mark.NotDecidable || claim.Kind is ClaimKind.Identity or ClaimKind.First or ClaimKind.Size
            || claim is { Time: null, AtEnd: true } || held.DumpsAlone is not { } dumps) return null;
        var (from, to) = (claim.Time?.From ?? report.From, (claim.Until ?? claim.Time)?.To ?? report.To);
        bool isInstant = claim is { Time: { IsInstant: true, IsOpen: false, IsBound: false }, Until: null };
        // Nothing of the kind at any moment, or something at every one.
        bool isUniversal = judged.Mark is Mark.Confirmed
            ? claim.Denied || claim.Kind is ClaimKind.Sole || claim.Until is not null
            : claim is { Denied: false, Time: not null } && claim.Kind is ClaimKind.Outage or ClaimKind.Vanished or ClaimKind.CameBack
                or ClaimKind.Carries or ClaimKind.Unstable or ClaimKind.Share or ClaimKind.Part;
        if (isInstant ? dumps.Any(dump => dump >= from && dump < to) : !isUniversal) return null;
        return new(claim, Mark.NotDecidable, $"There are dumps alone, {Wording.Count(dumps.Count)} of them, and what came and went between "
            + $"two of them is not seen. {Capital(judged.Why)}", null, judged.Changes);
    }

    private IEnumerable<TransitChange> ChangesOf(Named who, params ReadOnlySpan<ChangeKind> kinds)
    {
        var wanted = kinds.ToArray();
        return report.Transit.Changes
            .Where(change => change.Tier == 1 && wanted.Contains(change.Kind) && change.Upstream is { } upstream && who.IsOneOf(upstream))
            .OrderBy(change => change.Time).ThenBy(change => change.Id, StringComparer.Ordinal);
    }

    private JudgedClaim OfChange(Claim claim, string verb, params ReadOnlySpan<ChangeKind> kinds)
    {
        var who = claim.Who!;
        TransitChange[] all = [.. ChangesOf(who, kinds)];
        TransitChange[] changes = [.. all.Where(change => claim.Prefix is not { } prefix || change.Prefixes.Contains(prefix))];
        if (changes.Length == 0) return WithoutChange(claim, verb, all);
        if (claim.Time is not { } time) return new(claim, Mark.Confirmed,
            $"{Who(changes[0])} {verb} on {Dates(changes[0])}, for {Scope(changes[0])}.", null, [changes[0].Id]);
        var fits = changes.Where(change => Fits(change, time)).ToArray();
        if (fits.Length > 0) return new(claim, Mark.Confirmed,
            $"{Who(fits[0])} {verb} on {Dates(fits[0])}, for {Scope(fits[0])}.{Assumed(time)}", null, [.. fits.Select(change => change.Id)]);
        var nearest = changes.MinBy(change => time.DistanceTo(change.First))!;
        return new(claim, Mark.Contradicted, $"At {time.Text} no such change was found: {Who(nearest)} {verb} on {Dates(nearest)}.{Assumed(time)}",
            $"{Wording.Moment(nearest.First)} UTC, {Wording.Length(nearest.First - time.At)} away", [nearest.Id]);
    }

    private JudgedClaim WithoutChange(Claim claim, string verb, TransitChange[] ofOthers)
    {
        var who = claim.Who!;
        if (ofOthers.Length > 0) return new(claim, Mark.Contradicted,
            $"{Who(ofOthers[0])} {verb}, but never for {claim.Prefix}: for {Scope(ofOthers[0])}.", Scope(ofOthers[0]), [ofOthers[0].Id]);
        if (StateOf(who) is not { } state) return NeverSeen(claim);
        bool fromStart = state.FirstSeen - report.From <= Tolerance;
        return new(claim, Mark.Contradicted, claim.Kind is ClaimKind.Ended
            ? $"{_names.Spoken(state.Asn)} carried routes of it until {Wording.Moment(state.LastSeen)}; no end of that was found."
            : fromStart ? $"{_names.Spoken(state.Asn)} was there when the data begin; that it {verb} was not found."
            : $"{_names.Spoken(state.Asn)} was seen from {Wording.Moment(state.FirstSeen)} on; no such change of it was found.",
            $"first seen {Wording.Moment(state.FirstSeen)} UTC", []);
    }

    private JudgedClaim NeverSeen(Claim claim)
    {
        string others = Wording.Join([.. report.Transit.OfAnyFamily.Select(upstream => _names.Spoken(upstream.Asn))]);
        if (!Sees) return new(claim, Mark.NotDecidable, "The data hold no vantage point that sees the subject.", null, []);
        var meant = claim.Who is { Stated: true } stated ? cast.MeantBy(stated.Asns[0]) : null;
        string slip = meant is { } other ? $" The number is nearly that of {_names.Spoken(other)}." : "";
        string nobody = claim.Who!.Country.IsNone ? $"{claim.Who.Text} is never seen as an upstream"
            : $"No network registered there ({claim.Who.Text}) is seen as an upstream";
        return new(claim, Mark.Contradicted, $"{nobody}; seen are {others}.{slip}", others, []);
    }

    private JudgedClaim OfCarrying(Claim claim)
    {
        var who = claim.Who!;
        if (StateOf(who) is not { } state) return NeverSeen(claim);
        if (claim.Prefix is { } one && !(claim.AtEnd && claim.Time is null)) return OfCarryingPrefix(claim, one);
        if (claim.AtEnd && claim.Time is null) return OfCarryingAtEnd(claim, _names.Spoken(state.Asn));
        if (claim.Time is { } time)
        {
            bool seen = _courses.ShareBetween(who, time.From, time.To).Max > ChangeWords.Stuck;
            return new(claim, seen ? Mark.Confirmed : Mark.Contradicted,
                $"{_names.Spoken(state.Asn)} was {(seen ? "" : "not ")}an upstream ({time.Text}).{Assumed(time)}",
                seen ? null : $"seen {Wording.Moment(state.FirstSeen)} to {Wording.Moment(state.LastSeen)} UTC", []);
        }
        return new(claim, Mark.Confirmed,
            $"{_names.Spoken(state.Asn)} is seen as an upstream from {Wording.Moment(state.FirstSeen)} to {Wording.Moment(state.LastSeen)} UTC.", null,
            [.. ChangesOf(who, ChangeKind.UpstreamAppeared).Select(change => change.Id)]);
    }

    private JudgedClaim OfCarryingAtEnd(Claim claim, string name)
    {
        var who = claim.Who!;
        var end = held.At(report.To, who, claim.Prefix);
        bool only = claim.Prefix is not null && claim.Words.Contains($"only {claim.Prefix}", StringComparison.OrdinalIgnoreCase);
        Prefix[] all = [.. held.Prefixes.Where(prefix => held.At(report.To, who, prefix).IsHeld)];
        Prefix[] carried = [.. all.Where(prefix => held.At(report.To, who, prefix).Carries)];
        bool holds = end.Carries && (!only || carried is [var one] && one == claim.Prefix);
        string what = carried.Length == 0 ? "none of its prefixes" : string.Join(", ", carried);
        string found = all.Length == 0 ? "At the end of the data nobody holds a route of it."
            : $"At the end of the data {name} carries {carried.Length} of {all.Length}: {what}.";
        if (holds) return new(claim, Mark.Confirmed, found, null, []);
        return end.IsClear ? new(claim, Mark.Contradicted, found, what, [])
            : new(claim, Mark.NotDecidable, StateJudge.NotClear([end]), null, []);
    }

    private JudgedClaim OfCarryingPrefix(Claim claim, Prefix prefix)
    {
        var (who, behind) = (claim.Who!, report.To + TimeSpan.FromSeconds(1));
        var (from, to) = claim.Time is { } time ? (time.From, time.To) : (report.From, behind);
        if (_courses.MostOf(prefix, who, from, to) is not { } most) return new(claim, Mark.NotDecidable,
            report.Transit.Prefixes.Any(of => of.Prefix == prefix) ? $"There are too many prefixes to follow each, {prefix} among them."
                : $"{prefix} is none of the subject's prefixes in these data.", null, []);
        string when = claim.Time is { } stated ? $"({stated.Text})" : "in these data";
        bool seen = most > ChangeWords.Stuck;
        return new(claim, seen ? Mark.Confirmed : Mark.Contradicted,
            $"{prefix} went by {who.Text} {(seen ? $"for up to {Wording.Percent(most)} of the peer ASes" : "for none of the peer ASes")} {when}.",
            null,
            [.. ChangesOf(who, ChangeKind.UpstreamAppeared).Where(change => change.Prefixes.Contains(prefix)).Select(change => change.Id)]);
    }

    private JudgedClaim OfStretch(Claim claim)
    {
        var (who, from, until) = (claim.Who!, claim.Time!, claim.Until!);
        if (StateOf(who) is null) return NeverSeen(claim);
        bool IsOf(TransitChange change) => claim.Prefix is not { } prefix || change.Prefixes.Contains(prefix);
        var comes = ChangesOf(who, ChangeKind.UpstreamAppeared, ChangeKind.UpstreamReturned).Where(IsOf).ToArray();
        var goes = ChangesOf(who, ChangeKind.UpstreamVanished).Where(IsOf).ToArray();
        var begin = comes.FirstOrDefault(change => Fits(change, from));
        var end = goes.FirstOrDefault(change => Fits(change, until));
        if (begin is not null && end is not null) return new(claim, Mark.Confirmed,
            $"{Who(begin)} came on {Dates(begin)} and went on {Dates(end)}.", null, [begin.Id, end.Id]);
        // It may have carried all that time and longer: whether the text means a coming and a going its words do not say.
        bool isBetween = claim.Words.Contains("between", StringComparison.OrdinalIgnoreCase);
        if ((begin is null && end is null || isBetween) && _states.CarriesThroughout(claim)) return new(claim, Mark.NotDecidable,
            $"{who.Text} carried routes all of that time, but it did not both come at {from.Text} and go at {until.Text}.", null, []);
        if (_states.OfStretch(claim) is { } bySteps) return bySteps;
        var nearest = begin ?? comes.MinBy(change => from.DistanceTo(change.First));
        var after = nearest is null ? null : goes.FirstOrDefault(change => change.Time > nearest.Time);
        return new(claim, Mark.Contradicted, $"{who.Text} did not come at {from.Text} and go at {until.Text}.",
            nearest is null ? null : $"{Wording.Moment(nearest.First)} to {(after is null ? "the end of the data" : Wording.Moment(after.Time) + " UTC")}",
            [.. new[] { nearest, after }.OfType<TransitChange>().Select(change => change.Id)]);
    }

    private JudgedClaim OfTrouble(Claim claim)
    {
        if (claim.Prefix is not null) return new(claim, Mark.NotDecidable, "Unstable times are found for all prefixes together.", null, []);
        TransitChange[] all =
            [.. report.Transit.Changes.Where(change => change.Kind is ChangeKind.Unstable).OrderBy(change => change.Time)];
        if (all.Length == 0) return new(claim, Sees && report.Coverage.Complete ? Mark.Contradicted : Mark.NotDecidable,
            $"No unstable time was found{(report.Coverage.Complete ? "" : ", but data are missing")}.", null, []);
        TransitChange[] within = claim switch
        {
            { Time: { } from, Until: { } until } =>
                [.. all.Where(change => change.Time < until.To && (change.Until ?? report.To) >= from.From)],
            { Time: { } time } =>
                [.. all.Where(change => Fits(change, time) || change.Until is { } end && time.Holds(end))],
            _ => all,
        };
        string Found(TransitChange[] changes) => string.Join(", ",
            changes.Select(change => $"{Wording.Moment(change.Time)} to {(change.Until is { } end ? Wording.Clock(end) : "the end")}"));
        if (within.Length == 0) return new(claim, Mark.Contradicted, $"Unstable times are {Found(all)}, and none at the stated time.", Found(all),
            [.. all.Select(change => change.Id)]);
        string[] ids = [.. within.Select(change => change.Id)];
        // The stretch of one unstable time is stated by its ends.
        if (claim is { Time: { } begun, Until: { } ended } && within is [{ Until: { } last } one]
            && (Far(begun, one.First) || Far(ended, last)))
            return new(claim, Mark.Contradicted, $"It was unstable from {Found(within)}.", Found(within), ids);
        return new(claim, Mark.Confirmed, $"Unstable: {Found(within)}.", null, ids);
    }

    private static bool Far(StatedTime stated, Timestamp time) => stated.DistanceTo(time) > stated.Precision;

    /// <summary>
    /// A change fits a stated time when its date lies within; of one that all peer ASes made within minutes, when any of their
    /// times does. Of a slow one neither the first peer AS to leave is an end, nor one that came on the way a beginning.
    /// </summary>
    private static bool Fits(TransitChange change, StatedTime time)
    {
        if (time.Holds(change.Time)) return true;
        if (change.Last - change.First > _slow && change.Kind is not ChangeKind.Unstable)
            return time.Holds(change.Kind is ChangeKind.UpstreamVanished ? change.Last : change.First);
        return time.Holds(change.First) || time.Holds(change.Median) || time.From >= change.First && time.From <= change.Last;
    }

    /// <summary>A change that takes longer goes step by step, and has no one time.</summary>
    private static readonly TimeSpan _slow = TimeSpan.FromMinutes(10);

    private bool Seen(Named who) => StateOf(who) is not null;

    private UpstreamState? StateOf(Named who) => report.Transit.OfAnyFamily.FirstOrDefault(upstream => who.IsOneOf(upstream.Asn));

    private bool Sees => report.Transit.OfAnyFamily.Count > 0;

    private TimeSpan Tolerance => report.Bin > TimeSpan.Zero ? report.Bin : TimeSpan.FromMinutes(5);

    private string Who(TransitChange change) => change.Upstream is { } upstream ? _names.Spoken(upstream) : "the subject";

    private static string Scope(TransitChange change) => change.Prefixes.Count > 0 && change.Prefixes.Count < 4
        ? $"{ChangeWords.Scope(change)} ({string.Join(", ", change.Prefixes)})" : ChangeWords.Scope(change);

    private static string Dates(TransitChange change) => change.Earliest is { } earliest
        ? $"a time between {Wording.Moment(earliest)} and {Wording.Moment(change.Time)} UTC, as two dumps show"
        : change.First == change.Time
        ? $"{Wording.Moment(change.Time)} UTC (last peer AS {Wording.Offset(change.Last - change.Time)})"
        : $"{Wording.Moment(change.Time)} UTC (first peer AS {Wording.Clock(change.First)}, last {Wording.Clock(change.Last)})";

    private static string Assumed(StatedTime time) => time.ZoneGiven || time.Precision >= TimeSpan.FromDays(1) ? "" : " (No zone is given; UTC is assumed.)";
}
