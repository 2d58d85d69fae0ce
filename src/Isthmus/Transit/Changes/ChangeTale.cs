using System.Globalization;
using System.Text.RegularExpressions;

using Isthmus.Routes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Shares;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>Tells changes: their dates, shares, witnesses, and how sure they are.</summary>
/// <param name="sightings">Of which the changes are; a part of what the court hears, or what lies beside it.</param>
internal sealed partial class ChangeTale(
    VantagePointCourt court, Sightings sightings, Func<int, ShareSweep> sweepOf, IReadOnlyList<TransitChange> problems)
{
    private readonly Sightings _sightings = sightings;
    private readonly PrefixVisibility _visibility = new(sightings);

    /// <summary>Trouble of a feed that begins or ends so near a change may have to do with it (the feed guard).</summary>
    private static readonly TimeSpan TroubleNear = TimeSpan.FromSeconds(300);

    public IReadOnlyList<TransitChange> Tell(IReadOnlyList<List<Finding>> groups)
    {
        var changes = groups.Select(Tell).ToArray();
        // Outages of an unstable time are parts of it.
        for (int i = 0; i < changes.Length; i++)
            if (changes[i].Kind is ChangeKind.Outage && Array.Find(changes, change => change.Kind is ChangeKind.Unstable
                && change.First <= changes[i].Last && changes[i].First <= change.Until) is { } whole)
                changes[i] = changes[i] with { PartOf = whole.Id };
        return changes;
    }

    private TransitChange Tell(List<Finding> group)
    {
        var finding = group[0];
        var turns = OneChange.TurnsByPeerAs(group);
        Timestamp time = OneChange.TimeOf(group, _sightings), first = turns[0].Time;
        var last = finding.End is { } end && end > turns[^1].Time ? end : turns[^1].Time;
        var (before, after) = Shares(group, first, group.Max(part => part.Last));
        var testimony = Testimony.Of(PeersOf(group), group.Max(part => part.Watching), _sightings.Paths.Registry) with
        {
            Trouble = [.. problems.Where(problem => IsNear(problem, first, last)).Select(problem => problem.Feed!)],
            // Of what lies beside the subject's prefixes the court has judged nobody's word.
            LeftOut = [.. court.LeftOut(_sightings == court.Heard
                ? group.Select(part => part.Prefix).Where(prefix => prefix >= 0).ToHashSet() : [-1], first, last)],
        };
        Prefix[] prefixes = [.. group.Where(part => part.Prefix >= 0).Select(part => _sightings.Prefixes[part.Prefix]).Distinct().Order()];
        return new(
            IdOf(finding, time), finding.Of.Kind, time, first,
            turns.Length >= Presences.PeerAsesMin ? turns[Presences.PeerAsesMin - 1].Time : null,
            Finding.MedianOf([.. turns.Select(turn => turn.Time)]), last, OneChange.UntilOf(group),
            finding.Of.Upstream, finding.Of.Origin, prefixes, _sightings.Prefixes.Length,
            turns.Length, testimony.Watching, testimony.Collectors.Count, testimony.Confidence, before, after, null, Witnesses(group))
        {
            Tier = finding.Of.Tier,
            P90 = turns[(9 * turns.Length + 9) / 10 - 1].Time,
            Between = finding.Of.Between,
            Above = finding.Of.Above,
            Gateway = finding.Of.Gateway,
            Earliest = Earliest(group),
            UntilEarliest = Earliest(group) is null ? null : UntilEarliest(group),
            Level = Levelling.Of(_sightings, group, first, last),
            Countries = testimony.Countries,
            Projects = testimony.Projects,
            HeardBy = testimony.Collectors,
            Trouble = testimony.Trouble,
            LeftOut = testimony.LeftOut,
        };
    }

    // Between two dumps nothing tells when it was. One witness whose updates show it dates it.
    private Timestamp? Earliest(List<Finding> group)
    {
        Timestamp? earliest = null;
        foreach (var turn in group.SelectMany(finding => finding.Turns))
        {
            var history = _sightings.Seen.Histories[turn.History];
            if (!history.Steps[turn.Step].IsOfDump) return null;
            if (_sightings.Seen.Peers[history.Peer].DumpBefore(turn.Time) is { } before && !(earliest < before)) earliest = before;
        }
        return earliest;
    }

    private Timestamp? UntilEarliest(List<Finding> group) => OneChange.UntilOf(group) is not { } until ? null : group
        .SelectMany(finding => finding.Turns).Select(turn => _sightings.Seen.Peers[_sightings.Seen.Histories[turn.History].Peer])
        .Select(feed => feed.DumpBefore(until)).Min();

    // A share is what it is a minute after the last peer AS has changed on the last prefix: before that it is on the way.
    private (double? Before, double? After) Shares(List<Finding> group, Timestamp first, Timestamp last)
    {
        if (group[0].Share is not null) return (group.Average(part => part.Share?.Before), group.Average(part => part.Share?.After));
        var before = first - TimeSpan.FromMicroseconds(1);
        if (group[0].Of.Upstream is not { } upstream)
        {
            // The figures of a change are of the prefixes that it names, and of no others.
            int[] prefixes = [.. group.Select(part => part.Prefix).Distinct()];
            double? most = group[0].Of.Kind is ChangeKind.Outage ? BeforeOutage(group, prefixes) : _visibility.Of(prefixes, before);
            return (most, After(group).Min(time => _visibility.Of(prefixes, time)));
        }
        var settled = last + OneChange.BorneOutWithin < _sightings.Seen.To ? last + OneChange.BorneOutWithin : _sightings.Seen.To;
        var around = sweepOf(group[0].Prefix).At([before, last, settled]).ToArray();
        double? Share(SeriesPoint point) => point.Upstreams.Count > 0 ? point.Upstreams.GetValueOrDefault(upstream) : null;
        // What goes as all goes has no share after it; what came before all went had one for a moment.
        return (Share(around[0]), Share(around[2]) ?? (group[0].Of.Kind is ChangeKind.UpstreamVanished ? null : Share(around[1])));
    }

    /// <summary>Losses of an outage before which it is asked how much was seen.</summary>
    private const int LossesMax = 8;

    // The most that was seen before any of its losses: where an earlier outage had not ended for some, the first of them lies within that.
    private double? BeforeOutage(List<Finding> group, int[] prefixes)
    {
        var turns = OneChange.TurnsByPeerAs(group);
        int step = (turns.Length + LossesMax - 1) / LossesMax;
        return Enumerable.Range(0, turns.Length).Where(at => at % step == 0)
            .Max(at => _visibility.Of(prefixes, turns[at].Time - TimeSpan.FromMicroseconds(1)));
    }

    // An outage is as deep as it was until the first came back; all else is what it was when the last had changed, on the last of
    // the prefixes.
    private static Timestamp[] After(List<Finding> group)
    {
        var last = group.Max(finding => finding.Last);
        if (group[0].Of.Kind is not ChangeKind.Outage || OneChange.UntilOf(group) is not { } until) return [last];
        var end = until - TimeSpan.FromMicroseconds(1);
        Timestamp[] times = [.. OneChange.TurnsByPeerAs(group).Select(turn => turn.Time).Order()];
        return [times[(times.Length - 1) / 2], last < end ? last : end];
    }

    private static bool IsNear(TransitChange problem, Timestamp first, Timestamp last) =>
        IsIn(problem.First, first, last) || problem.Until is { } until && IsIn(until, first, last);

    private static bool IsIn(Timestamp time, Timestamp first, Timestamp last) =>
        time >= first - TroubleNear && time <= last + TroubleNear;

    private IEnumerable<Peer> PeersOf(List<Finding> group) => group.SelectMany(finding => finding.Turns)
        .Select(turn => _sightings.Seen.Peers[_sightings.Seen.Histories[turn.History].Peer].Peer);

    private Witness[] Witnesses(List<Finding> group) => [.. group
        .SelectMany(finding => finding.Turns)
        .Select(turn => (History: _sightings.Seen.Histories[turn.History], turn.Step))
        .Select(shown => new Witness(shown.History.Peer, shown.History.Prefix, shown.History.Steps[shown.Step]))
        .OrderBy(witness => witness.Step.Time).ThenBy(witness => witness.Prefix).ThenBy(witness => witness.Peer)];

    private static string IdOf(Finding finding, Timestamp time)
    {
        var of = finding.Of;
        string stamp = time.ToDateTimeOffset().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string kind = WordStart().Replace(of.Kind.ToString(), "-").ToLowerInvariant();
        string id = $"{kind}-{stamp}" + ((of.Gateway ?? of.Upstream ?? of.Origin) is { } asn ? $"-{asn}" : "");
        return of.Above is { } above ? $"{id}-above-{above}" : id;
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
