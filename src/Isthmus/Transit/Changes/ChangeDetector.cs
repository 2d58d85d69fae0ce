using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// Finds and dates what changed (methods.md section 8.2). It reads downward: each prefix by itself, what disturbed
/// it, which upstreams came and went; then what has one cause is joined over prefixes; then shifts of share that
/// nothing else explains.
/// </summary>
internal static class ChangeDetector
{
    /// <summary>Findings of one kind and upstream within this time have one cause.</summary>
    private static readonly TimeSpan OneCauseWithin = TimeSpan.FromSeconds(300);

    /// <summary>A change that touches a smaller part of a large subject's prefixes is not reported.</summary>
    private const double PrefixPartMin = 0.05;

    /// <summary>Around another change a shift of share is that change's doing.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(300);

    public static IReadOnlyList<TransitChange> Find(Sightings sightings, ShareSweep sweep)
    {
        var seen = sightings.Seen;
        if (seen.To <= seen.From) return [];
        var findings = new List<Finding>();
        foreach (int[] indexes in ByPrefix(sightings))
            findings.AddRange(OfPrefix(sightings, new Levels(sightings, sightings.All[indexes[0]].Prefix, indexes)));
        var joined = Join(findings)
            .Where(group => group.Count >= PrefixPartMin * sightings.Prefixes.Length)
            .OrderBy(TimeOf).ThenBy(group => group[0].Kind).ThenBy(group => group[0].Upstream).ToList();
        var others = joined.Select(group => (From: group.Min(finding => finding.First), To: EndOf(group) + Settling));
        var shifts = ShareShifts.Find(sweep, seen.From, seen.To, others).Select(shift => OfShift(sightings, shift)).OfType<Finding>();
        joined.AddRange(shifts.Select(finding => new List<Finding> { finding }));
        return [.. Describe(sightings, sweep, [.. joined.OrderBy(TimeOf).ThenBy(group => group[0].Kind).ThenBy(group => group[0].Upstream)])
            .Where(change => change.Time >= seen.From)];
    }

    // The sightings of each prefix on which anything changed: of a large country most never do.
    private static IEnumerable<int[]> ByPrefix(Sightings sightings)
    {
        var all = sightings.All;
        for (int from = 0, to; from < all.Length; from = to)
        {
            bool changes = false;
            for (to = from; to < all.Length && all[to].Prefix == all[from].Prefix; to++) changes |= all[to].Runs.Length > 1;
            if (changes) yield return [.. Enumerable.Range(from, to - from)];
        }
    }

    private static IEnumerable<Finding> OfPrefix(Sightings sightings, Levels levels)
    {
        var outages = Disturbances.Outages(levels);
        var unstable = Disturbances.Unstable(levels);
        foreach (var outage in outages)
            if (OutageFindings.Outage(sightings, levels, outage) is { } finding) yield return finding;
        foreach (var time in unstable)
            if (OutageFindings.Unstable(sightings, levels, time) is { } finding) yield return finding;
        var upstreams = new UpstreamFindings(sightings, levels, [.. outages, .. unstable]);
        int[] used = [.. levels.Indexes.SelectMany(index => sightings.All[index].Runs)
            .Select(run => run.Holding).Where(holding => holding >= 0).Distinct().Order()];
        foreach (int upstream in used)
            foreach (var finding in upstreams.Find(upstream)) yield return finding;
        foreach (var finding in OriginFindings.Find(sightings, levels)) yield return finding;
    }

    // Unstable times of one cause overlap; the others begin within minutes of each other.
    private static IEnumerable<List<Finding>> Join(List<Finding> findings)
    {
        foreach (var kind in findings.GroupBy(finding => (finding.Kind, finding.Upstream, finding.Origin)))
        {
            List<Finding>? open = null;
            foreach (var finding in kind.OrderBy(finding => finding.Time).ThenBy(finding => finding.Prefix))
            {
                bool joins = open is not null && (kind.Key.Kind is ChangeKind.Unstable
                    ? finding.First <= open.Max(other => other.Until)
                    : finding.Time - open[0].Time <= OneCauseWithin);
                if (!joins && open is not null) yield return open;
                if (!joins) open = [];
                open!.Add(finding);
            }
            if (open is not null) yield return open;
        }
    }

    private static Finding? OfShift(Sightings sightings, ShareShift shift)
    {
        int upstream = sightings.Upstreams.Index().First(entry => entry.Item == shift.Upstream).Index;
        var turns = sightings.All.Index()
            .SelectMany(entry => entry.Item.Runs.Select(
            (run, place) => (Turn: new Turn(sightings.PeerAs(entry.Item.Peer), run.From, entry.Index, place), entry.Item)))
            .Where(entry => (entry.Turn.Time - shift.Around).Duration() <= OneCauseWithin && entry.Turn.Place > 0
                && (entry.Item.Runs[entry.Turn.Place].Holding == upstream || entry.Item.Runs[entry.Turn.Place - 1].Holding == upstream))
            .Select(entry => entry.Turn).GroupBy(turn => turn.PeerAs).Select(group => group.MinBy(turn => turn.Time)).ToArray();
        int watching = sightings.All.Select(sighting => sightings.PeerAs(sighting.Peer)).Distinct().Count();
        return turns.Length < Presences.Threshold(watching) ? null
            : new(ChangeKind.ShareShifted, -1, shift.Upstream, null, turns, watching, null);
    }

    private static Timestamp TimeOf(List<Finding> group)
    {
        var turns = TurnsByPeerAs(group);
        // Good news is dated by the first, bad news by the median of the last: path hunting draws it out.
        return group[0].Kind is ChangeKind.UpstreamVanished or ChangeKind.Outage
            ? Finding.Median([.. turns.Select(turn => turn.Time)]) : turns[0].Time;
    }

    private static Timestamp EndOf(List<Finding> group) =>
        group.Max(finding => finding.Until is { } until && until > finding.Last ? until : finding.Last);

    // One time for each peer AS: its first on any of the prefixes.
    private static Turn[] TurnsByPeerAs(List<Finding> group) => [.. group
        .SelectMany(finding => finding.Turns).GroupBy(turn => turn.PeerAs)
        .Select(turns => turns.MinBy(turn => turn.Time)).OrderBy(turn => turn.Time).ThenBy(turn => turn.PeerAs)];

    private static TransitChange[] Describe(Sightings sightings, ShareSweep sweep, List<Finding>[] groups)
    {
        var changes = new TransitChange[groups.Length];
        for (int i = 0; i < groups.Length; i++) changes[i] = Describe(sightings, sweep, groups[i]);
        // Outages of an unstable time are parts of it.
        for (int i = 0; i < changes.Length; i++)
            if (changes[i].Kind is ChangeKind.Outage && Array.Find(changes, change => change.Kind is ChangeKind.Unstable
                && change.First <= changes[i].Last && changes[i].First <= change.Until) is { } whole)
                changes[i] = changes[i] with { PartOf = whole.Id };
        return changes;
    }

    private static TransitChange Describe(Sightings sightings, ShareSweep sweep, List<Finding> group)
    {
        var finding = group[0];
        var turns = TurnsByPeerAs(group);
        Timestamp time = TimeOf(group), first = turns[0].Time, last = turns[^1].Time;
        var around = sweep.At([first - TimeSpan.FromMicroseconds(1), last]).ToArray();
        double? Share(SeriesPoint point) => finding.Kind is ChangeKind.Outage or ChangeKind.Unstable or ChangeKind.OriginChanged
            ? point.Visibility : finding.Upstream is { } upstream && point.Upstreams.Count > 0
            ? point.Upstreams.GetValueOrDefault(upstream) : null;
        Prefix[] prefixes = [.. group.Where(part => part.Prefix >= 0).Select(part => sightings.Prefixes[part.Prefix]).Distinct().Order()];
        var testimony = Testimony.Of(PeersOf(sightings, group), group.Max(part => part.Watching), sightings.Paths.Registry);
        return new(
            IdOf(finding, time), finding.Kind, time, first,
            turns.Length >= Presences.PeerAsesMin ? turns[Presences.PeerAsesMin - 1].Time : null,
            Finding.Median([.. turns.Select(turn => turn.Time)]), last, group.Max(part => part.Until),
            finding.Upstream, finding.Origin, prefixes, sightings.Prefixes.Length,
            turns.Length, testimony.Watching, testimony.Collectors.Count, testimony.Confidence,
            Share(around[0]), Share(around[1]), null, Witnesses(sightings, group))
        {
            P90 = turns[(9 * turns.Length + 9) / 10 - 1].Time,
            Countries = testimony.Countries,
            Projects = testimony.Projects,
            Reasons = testimony.Reasons,
        };
    }

    private static IEnumerable<Peer> PeersOf(Sightings sightings, List<Finding> group) => group
        .SelectMany(finding => finding.Turns).Select(turn => sightings.Seen.Peers[sightings.All[turn.Sighting].Peer].Peer);

    private static Witness[] Witnesses(Sightings sightings, List<Finding> group) => [.. group
        .SelectMany(finding => finding.Turns)
        .Select(turn => WitnessOf(sightings, turn))
        .OrderBy(witness => witness.Step.Time).ThenBy(witness => witness.Prefix).ThenBy(witness => witness.Peer)];

    private static Witness WitnessOf(Sightings sightings, Turn turn)
    {
        var sighting = sightings.All[turn.Sighting];
        var history = sightings.Seen.Histories[sighting.History];
        return new(sighting.Peer, history.Prefix, history.Steps[sighting.Runs[turn.Place].Step]);
    }

    private static string IdOf(Finding finding, Timestamp time)
    {
        string stamp = time.ToDateTimeOffset().ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        string kind = finding.Kind switch
        {
            ChangeKind.UpstreamAppeared => "upstream-appeared",
            ChangeKind.UpstreamVanished => "upstream-vanished",
            ChangeKind.UpstreamReturned => "upstream-returned",
            ChangeKind.ShareShifted => "share-shifted",
            ChangeKind.OriginChanged => "origin-changed",
            ChangeKind.FeedProblem => "feed-problem",
            ChangeKind.Outage => "outage",
            _ => "unstable",
        };
        return $"{kind}-{stamp}" + (finding.Upstream ?? finding.Origin) switch { { } asn => $"-{asn}", null => "" };
    }
}
