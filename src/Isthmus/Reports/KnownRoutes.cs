using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>
/// What is known of the routes of a subject apart from who has a vote: at the start, before a change, and of whom at all.
/// </summary>
/// <param name="family">The address family of the headline; null where there is none.</param>
internal sealed class KnownRoutes(Report report, AddressFamily? family)
{
    private AttributedPaths? _paths;

    private AttributedPaths Paths => _paths ??= report.JudgedPaths();

    /// <summary>
    /// Peer ASes that held a route at any time. What is announced is seen, also where the table of who announces it is not known:
    /// such a peer has no vote, but there was a route.
    /// </summary>
    public int PeerAsesShown => report.Observations.Histories
        .Where(history => history.Steps.Any(step => step.Path >= 0 && Paths.Counts(history.Prefix, step.Path)))
        .Select(history => report.Observations.Peers[history.Peer].Peer.Asn).Distinct().Count();

    /// <summary>
    /// True where the upstream that came carried any prefix of the subject before, for more peer ASes than may be stuck: then it
    /// did not begin to carry the subject. What a collector of a wrong clock shows is of another time.
    /// </summary>
    public bool CarriedBefore(TransitChange change, Asn? upstream)
    {
        var (users, known) = (new HashSet<Asn>(), new HashSet<Asn>());
        var time = change.First - Onset.GapMax > report.From ? change.First - Onset.GapMax : change.First - TimeSpan.FromSeconds(1);
        foreach (var held in report.Observations.StateAt(time))
        {
            if (held.Path == RouteStep.Unknown || HasWrongClock(held.Peer)) continue;
            known.Add(report.Observations.Peers[held.Peer].Peer.Asn);
            if (Paths.Each(held.Path).Any(one => Paths[one] is { IsTransit: true, Upstream: { } by } && by == upstream
                && Paths.Counts(held.Prefix, one)))
                users.Add(report.Observations.Peers[held.Peer].Peer.Asn);
        }
        if (users.Count <= Presences.UsersBeforeMax(known.Count)) users.UnionWith(UsersBefore(time, upstream));
        return users.Count > Presences.UsersBeforeMax(known.Count);
    }

    // Who held a route by an upstream at any time before, for longer than paths are tried.
    private IEnumerable<Asn> UsersBefore(Timestamp time, Asn? upstream) => report.Observations.Histories
        .Where(history => !HasWrongClock(history.Peer) && history.Steps.Where(step => step.Time < time).Index().Any(step =>
            step.Item.Path >= 0 && EndOf(history, step.Index, time) - step.Item.Time >= Presences.Lasting
            && Paths.Each(step.Item.Path).Any(one => Paths[one] is { IsTransit: true, Upstream: { } by } && by == upstream
                && Paths.Counts(history.Prefix, one))))
        .Select(history => report.Observations.Peers[history.Peer].Peer.Asn);

    private static Timestamp EndOf(RouteHistory history, int step, Timestamp time) =>
        step + 1 < history.Steps.Count && history.Steps[step + 1].Time < time ? history.Steps[step + 1].Time : time;

    /// <summary>
    /// Who carried the subject at a time, of all its prefixes in both families, those of most routes first: none of them with no more than
    /// may be stuck.
    /// </summary>
    /// <param name="prefixes">Those that are asked for; null for all.</param>
    public IReadOnlyList<Asn> CarriersAt(Timestamp time, IReadOnlyCollection<Prefix>? prefixes = null)
    {
        if (report.Transit.Heard is not { } heard)
        {
            var shares = report.Transit.Series.LastOrDefault(point => point.Time + report.Bin <= time)?.Upstreams;
            return shares is null ? [] : [.. shares.Where(of => of.Value > ChangeWords.Stuck).OrderByDescending(of => of.Value)
                .ThenBy(of => of.Key).Select(of => of.Key)];
        }
        var routes = new Dictionary<Asn, int>();
        int all = 0;
        var asked = prefixes?.ToHashSet();
        foreach (var sighting in heard.All.Where(sighting => heard.Counts(sighting.Peer, sighting.Prefix)
            && asked?.Contains(heard.Prefixes[sighting.Prefix]) is not false))
        {
            if (heard.UpstreamsOf(sighting.At(time)) is not { Length: > 0 } upstreams) continue;
            all++;
            foreach (int upstream in upstreams)
                routes[heard.Upstreams[upstream]] = routes.GetValueOrDefault(heard.Upstreams[upstream]) + 1;
        }
        return [.. routes.Where(of => of.Value > ChangeWords.Stuck * all).OrderByDescending(of => of.Value).ThenBy(of => of.Key)
            .Select(of => of.Key)];
    }

    /// <summary>
    /// A clause where somebody who counts holds prefixes by another origin in a stretch in which the subject has none; else empty.
    /// </summary>
    private string ButOthers(Absence unseen, IReadOnlyCollection<Prefix> prefixes)
    {
        var asked = prefixes.ToHashSet();
        bool IsOther(Sighting sighting) => sighting.Runs.Index().Any(run => run.Item.Holding is Holding.Foreign
            && !(run.Item.From >= unseen.To) && (run.Index + 1 == sighting.Runs.Length || sighting.Runs[run.Index + 1].From > unseen.From));
        return report.Transit.Heard is { } heard && heard.All.Any(sighting => heard.Counts(sighting.Peer, sighting.Prefix)
            && asked.Contains(heard.Prefixes[sighting.Prefix]) && IsOther(sighting)) ? ", but for those of another origin" : "";
    }

    private bool HasWrongClock(int peer) =>
        report.Transit.VantagePoints is { Count: > 0 } judged && judged[peer].Why is VoteReason.WrongClock;

    /// <summary>
    /// Words for it where of a quarter of the full-feed peer ASes that saw the subject, or more, nothing is known at the end: the shares
    /// are of the others, and of all may differ by as much. Null where more are known.
    /// </summary>
    public string? ManyAreUnknown => (_manyAreUnknown ??= new(FindUnknown)).Value;

    private Lazy<string?>? _manyAreUnknown;

    private string? FindUnknown()
    {
        if (family is not { } only || report.Transit.Heard?.Of(only) is not { } heard) return null;
        var known = heard.All.Where(sighting => heard.Counts(sighting.Peer, sighting.Prefix))
            .GroupBy(sighting => heard.PeerAs(sighting.Peer))
            .ToDictionary(ofPeerAs => ofPeerAs.Key, ofPeerAs => ofPeerAs.Any(sighting => Holding.IsKnown(sighting.At(report.To))));
        // Nobody knows what a session holds whose table no dump and no transfer has shown.
        foreach (var feed in report.Observations.Peers.Where(feed => feed.TableSince(only) is null
            && (only is AddressFamily.IPv4 ? feed.Ipv4Prefixes : feed.Ipv6Prefixes) > 0)) known.TryAdd(feed.Peer.Asn, false);
        int unknown = known.Values.Count(isKnown => !isKnown);
        return unknown == 0 || 4 * unknown < known.Count ? null
            : $"Of {Wording.Count(unknown)} of {Wording.Count(known.Count, "peer AS", "peer ASes")} nothing is known at the end; at the others";
    }

    /// <summary>Who holds a route in a stretch without any that counts: another origin, or somebody without a vote.</summary>
    public string ButBy(WholeOutage whole) =>
        (report.Transit.Heard is { } heard ? ButOthers(whole.Unseen, heard.Prefixes) : "") + ButBy(whole.Unseen.From);

    /// <summary>When nothing of the subject was seen though no loss alone is of all; null where there was no such time.</summary>
    public WholeOutage? WholeOutageOf(IEnumerable<TransitChange> losses) =>
        report.Transit.Heard is { } heard && WholeOutage.Of(losses, heard) is { } whole
            ? whole with { Unseen = Settled(whole.Unseen, heard.Prefixes) } : null;

    /// <summary>The upstreams by which a witness came to hold its prefix; none for a route without one that counts.</summary>
    public IEnumerable<Asn> UpstreamsOf(Witness witness) => witness.Step.Path < 0 ? []
        : Paths.Each(witness.Step.Path)
            .Where(path => Paths[path] is { IsTransit: true, Upstream: not null } && Paths.Counts(witness.Prefix, path))
            .Select(path => Paths[path].Upstream!.Value).Distinct();

    /// <summary>
    /// The stretch of an outage in which nobody who counts held a route to its prefixes, the longest where there are several. Null for
    /// one that only some peer ASes show, or only dumps, and where what is not believed alone makes it one.
    /// </summary>
    public Absence? Unseen(TransitChange outage)
    {
        if (outage.ShareAfter is > 0 || outage.Earliest is not null || report.Transit.Heard is not { } heard) return null;
        var absences = Absences.Of(heard, outage.Prefixes)
            .Where(absence => (outage.Until is not { } until || absence.From < until) && !(absence.To <= outage.First));
        return absences.Cast<Absence?>().MaxBy(absence => absence!.Value.LengthTo(report.To)) is { } longest
            ? Settled(longest, outage.Prefixes) : null;
    }

    // Who has no vote loses a route some seconds later all the same, or has one sooner: none is seen from when it is gone there, too, but
    // for one that is stuck, until the first is back.
    private Absence Settled(Absence absence, IReadOnlyCollection<Prefix> prefixes)
    {
        var (last, first) = (absence.From, absence.To);
        var asked = prefixes.ToHashSet();
        foreach (var history in report.Observations.Histories.Where(history => asked.Contains(history.Prefix)))
        {
            bool IsRoute(int path) => path >= 0 && Paths.Counts(history.Prefix, path);
            bool wasHeld = IsRoute(history.PathAt(absence.From));
            foreach (var step in history.Steps.Where(step => step.Time > absence.From && !(step.Time >= absence.To)))
            {
                bool isHeld = IsRoute(step.Path);
                if (wasHeld && !isHeld && step.Time > last && step.Time - absence.From <= OneChange.BorneOutWithin) last = step.Time;
                if (!wasHeld && isHeld && absence.To - step.Time <= OneChange.BorneOutWithin && !(step.Time >= first)) first = step.Time;
                wasHeld = isHeld;
            }
        }
        return last < absence.To || absence.To is null ? new(last, first > last ? first : absence.To) : absence;
    }

    /// <summary>Who holds a route in an outage in which nobody who counts holds one.</summary>
    public string ButBy(TransitChange outage)
    {
        if (outage.ShareAfter is > 0) return "";
        var unseen = Unseen(outage);
        string others = unseen is { } stretch ? ButOthers(stretch, outage.Prefixes) : "";
        // When nobody who counts has one, who is stuck has no vote any more.
        return others + ButBy(unseen?.From ?? (outage.Until <= outage.Last ? outage.Time : outage.Last), outage.Prefixes);
    }

    /// <summary>
    /// Who holds a route then and has no vote, in a clause behind "no route is seen": a route that is stuck, or of a session whose
    /// table is not known. Empty where nobody does.
    /// </summary>
    public string ButBy(Timestamp time, IReadOnlyCollection<Prefix>? prefixes = null)
    {
        var voting = report.Transit.Heard is not { } heard ? [] : heard.All
            .Where(sighting => heard.Counts(sighting.Peer, sighting.Prefix) && Holding.IsSubject(sighting.At(time)))
            .Select(sighting => (sighting.Peer, heard.Prefixes[sighting.Prefix])).ToHashSet();
        var asked = prefixes?.ToHashSet();
        Asn[] holders = [.. report.Observations.StateAt(time)
            .Where(held => held.Path >= 0 && Paths.Counts(held.Prefix, held.Path) && asked?.Contains(held.Prefix) is not false
                && !voting.Contains((held.Peer, held.Prefix)))
            .Select(held => report.Observations.Peers[held.Peer].Peer.Asn).Distinct().Order()];
        return holders.Length switch
        {
            0 => "",
            1 => $" but by {holders[0]}, which has no vote",
            _ => $" but by {Wording.Count(holders.Length)} peer ASes, which have no vote",
        };
    }

    /// <summary>True where an outage of prefixes of a change went on at a time before it, or later.</summary>
    public bool WereLost(TransitChange change, Timestamp from) => report.Transit.Changes.Any(outage =>
        outage.Kind is ChangeKind.Outage && outage.First < change.First && !(outage.Until < from)
        && outage.Prefixes.Any(change.Prefixes.Contains));

    /// <summary>"From the start" is what a dump shows that begins in the first second, or what is held in it.</summary>
    private static readonly TimeSpan FirstSecond = TimeSpan.FromSeconds(1);

    /// <summary>True where an upstream is proved to have carried a route at the start.</summary>
    public bool AtStart(Asn asn)
    {
        var seen = report.Observations;
        var firsts = report.Transit.Upstreams.Where(upstream => upstream.Asn == asn).Select(upstream => upstream.FirstSeen);
        if (firsts.Any(first => first >= report.From && first - report.From <= FirstSecond)) return true;
        // Where the data begin before the period, what was carried then may have been lost since.
        if (report.Transit.Heard is { } heard && heard.All.Any(sighting =>
            heard.UpstreamsOf(sighting.At(report.From)).Any(upstream => heard.Upstreams[upstream] == asn))) return true;
        // A dump takes effect as a whole: what it shows was there when it began.
        return seen.Histories.Any(history => seen.Peers[history.Peer].TableSince(history.Prefix.Family) is { } since
            && since >= report.From && since - report.From <= FirstSecond
            && history.Steps.FirstOrDefault(step => step.Path != RouteStep.Unknown) is { Cause: Cause.RibEntry, Path: >= 0 } first
            && Paths.Counts(history.Prefix, first.Path)
            // The vantage point's own link is no carrying.
            && Paths.Each(first.Path).Any(path => Paths[path] is { IsTransit: true, Upstream: { } by } && by == asn));
    }

    /// <summary>
    /// What takes the place of "No change" where most of the peer ASes that held a route are not known from the start: that nothing
    /// changed is known of the rest, or since then. Null where most are.
    /// </summary>
    public string? UnknownBefore() => Start switch
    {
        { IsKnown: true } => null,
        { Known: > 0 and var known } => $"{OfPeerAses}: {(known == 1 ? "it shows" : "these show")} no change; "
            + "what the others held before they spoke is not known.",
        { Since: { } since } => $"What was held before {ChangeWords.At(since)} UTC is not known; since then "
            + (ManyAreUnknown is null ? "no change was found." : "the peer ASes whose table is known show no change."),
        _ => "What the peers held before they spoke is not known: no change can be told.",
    };

    /// <summary>
    /// The same beside changes: what was before them is not known. Null where most peer ASes are known within
    /// <see cref="Coverage.TableLateMin"/> of the start.
    /// </summary>
    public string? UnknownAtStart => Start switch
    {
        { IsKnownSoon: true } => null,
        { Known: > 0 } => $"{OfPeerAses}; what the others held before they spoke is not known.",
        { Since: { } since } => $"What was held before {ChangeWords.At(since)} UTC is not known.",
        _ => "What the peers held before they spoke is not known.",
    };

    /// <summary>
    /// Of how many of the peer ASes that count nothing is known right before a change, as a clause; empty where that is less than half.
    /// </summary>
    public string UnknownPeers(TransitChange change)
    {
        if (report.Transit.Heard is not { } heard) return "";
        var before = change.First - TimeSpan.FromMicroseconds(1);
        bool[] known = [.. heard.All.Where(sighting => heard.Counted[sighting.Peer])
            .GroupBy(sighting => heard.PeerAs(sighting.Peer), sighting => Holding.IsKnown(sighting.At(before)))
            .Select(ofPeerAs => ofPeerAs.Any(isKnown => isKnown))];
        int unknown = known.Count(isKnown => !isKnown);
        return 2 * unknown < known.Length || unknown == 0 ? ""
            : $"; what {Wording.Count(unknown)} of {Wording.Count(known.Length, "peer AS", "peer ASes")} held then is not known";
    }

    private string OfPeerAses => $"Of {Wording.Count(Start.PeerAses, "peer AS", "peer ASes")} that held a route {Wording.InWords(Start.Known)} "
        + $"{(Start.Known == 1 ? "is" : "are")} known from the start of the period";

    // Known: peer ASes known from the start; Since: when half of them are, where none is at the start.
    private readonly record struct KnownStart(bool IsKnown, bool IsKnownSoon, int PeerAses, int Known, Timestamp? Since);

    private KnownStart Start => (_start ??= new(FindStart)).Value;

    private Lazy<KnownStart>? _start;

    private KnownStart FindStart()
    {
        var seen = report.Observations;
        // Of what a session sends of its table each route is known when it comes: of a peer AS the middle of these times counts.
        Timestamp? KnownFrom(RouteHistory history)
        {
            if (seen.Peers[history.Peer].TableSince(history.Prefix.Family) is not { } table) return null;
            foreach (var step in history.Steps)
                if (step.Path != RouteStep.Unknown) return step.Time > table ? step.Time : table;
            return table;
        }

        var byPeerAs = new Dictionary<Asn, List<Timestamp>>();
        int all = 0, knownRoutes = 0;
        foreach (var history in seen.Histories)
        {
            if (family is not null && history.Prefix.Family != family) continue;
            all++;
            var asn = seen.Peers[history.Peer].Peer.Asn;
            if (!byPeerAs.TryGetValue(asn, out var times)) byPeerAs[asn] = times = [];
            if (KnownFrom(history) is not { } from) continue;
            times.Add(from);
            if (from - report.From <= FirstSecond) knownRoutes++;
        }
        foreach (var times in byPeerAs.Values) times.Sort();
        Timestamp?[] since = [.. byPeerAs.Values
            .Select(times => times.Count > 0 ? times[(times.Count - 1) / 2] : (Timestamp?)null)];
        int known = since.Count(time => time - report.From <= FirstSecond);
        Timestamp[] later = [.. since.OfType<Timestamp>().Order()];
        bool isKnown = 2 * known >= since.Length && 2 * knownRoutes >= all;
        bool isKnownSoon = isKnown || 2 * later.Count(time => time - report.From <= Coverage.TableLateMin) >= since.Length;
        return new(isKnown, isKnownSoon, since.Length, known,
            known > 0 || later.Length == 0 || later[(later.Length - 1) / 2] >= report.To ? null : later[(later.Length - 1) / 2]);
    }
}
