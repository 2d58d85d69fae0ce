using Isthmus.Routes;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Transit.Court;

/// <summary>
/// Sets the dates of changes that many saw against each other (methods.md section 8.2). The clock that dates a record is
/// the collector's, so collectors are judged; what one peer is late alone is the network's doing. Slowness varies from
/// change to change and is late only; a wrong clock is off by the same each time.
/// </summary>
internal sealed class ClockSkews
{
    /// <summary>A clock that is further off is wrong.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    /// <summary>Fewer changes are too few to judge.</summary>
    public const int ChangesMin = 3;

    /// <summary>A change counts when so many peer ASes saw it; with fewer collectors nobody knows whose clock is wrong.</summary>
    public const int PeerAsesMin = 5, CollectorsMin = 3;

    /// <summary>What comes within this of each other is one change; slower convergence is left aside.</summary>
    private static readonly TimeSpan OneChange = TimeSpan.FromSeconds(300);

    /// <summary>Two prefixes that change within this change together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(60);

    /// <summary>A clock may be off by a time zone, but hardly by more.</summary>
    private static readonly TimeSpan OffsetMax = TimeSpan.FromHours(13);

    private readonly record struct Turn(Timestamp Time, int Peer);

    /// <param name="Around">The median of those who saw it together.</param>
    private sealed record Change(Timestamp Around, List<(int Peer, double Seconds)> Offsets);

    private readonly Observations _seen;
    private readonly Dictionary<Collector, ClockSkew> _ofCollector = [];
    private readonly ClockSkew[] _ofPeer;

    public ClockSkews(Sightings sightings)
    {
        _seen = sightings.Seen;
        var changes = Unite([.. Lasting(sightings).GroupBy(turn => turn.Key, turn => turn.Turn).SelectMany(Changes)]);
        var byCollector = new SortedDictionary<Collector, List<double>>();
        var byPeer = _seen.Peers.Select(_ => new List<double>()).ToArray();
        foreach (var change in changes)
        {
            var here = change.Offsets.GroupBy(offset => _seen.Peers[offset.Peer].Peer.Collector)
                .Select(group => (Collector: group.Key, Seconds: Median(group.Select(offset => offset.Seconds)))).ToArray();
            if (here.Length < CollectorsMin) continue;
            // Each collector has one voice, however many peers it has.
            double usual = Median(here.Select(offset => offset.Seconds));
            foreach (var (collector, seconds) in here) At(byCollector, collector).Add(seconds - usual);
            foreach (var peer in change.Offsets.GroupBy(offset => offset.Peer))
                byPeer[peer.Key].Add(Median(peer.Select(offset => offset.Seconds)) - usual);
        }
        foreach (var (collector, offsets) in byCollector) _ofCollector[collector] = Judge(offsets);
        // Where as many are off as are not, nobody knows who is.
        if (_ofCollector.Values.Count(skew => skew.IsWrong) * 2 >= _ofCollector.Values.Count(skew => skew.Offset is not null))
            foreach (var collector in byCollector.Keys) _ofCollector[collector] = _ofCollector[collector] with { IsWrong = false };
        _ofPeer = [.. byPeer.Select(offsets => Judge(offsets) with { IsWrong = false })];
    }

    /// <summary>How far a peer's dates are off, for whatever reason.</summary>
    public ClockSkew OfPeer(int peer) => _ofPeer[peer];

    /// <summary>How far a collector's dates are off.</summary>
    public ClockSkew OfCollector(Collector collector) => _ofCollector.GetValueOrDefault(collector, new(null, 0, false));

    private static ClockSkew Judge(List<double> offsets)
    {
        if (offsets.Count < ChangesMin) return new(null, offsets.Count, false);
        double skew = Median(offsets), spread = Median(offsets.Select(offset => Math.Abs(offset - skew)));
        return new(TimeSpan.FromSeconds(skew), offsets.Count, Math.Abs(skew) > Most.TotalSeconds && spread <= Math.Abs(skew) / 2);
    }

    // What a record says changed, and stayed changed. What follows from a dump or a session is not dated by a clock.
    private static IEnumerable<((int Prefix, int Holding) Key, Turn Turn)> Lasting(Sightings sightings)
    {
        foreach (var sighting in sightings.All)
            for (int i = 1; i < sighting.Runs.Length; i++)
            {
                var run = sighting.Runs[i];
                var until = i + 1 < sighting.Runs.Length ? sighting.Runs[i + 1].From : sightings.Seen.To;
                if (run.Holding < Holding.None || sighting.Runs[i - 1].Holding == Holding.Unknown) continue;
                if (run.From < sightings.Seen.From || until - run.From < Presences.Lasting) continue;
                if (sightings.Seen.Histories[sighting.History].Steps[run.Step].Cause is Cause.Announcement or Cause.Withdrawal)
                    yield return ((sighting.Prefix, run.Holding), new(run.From, sighting.Peer));
            }
    }

    // The changes of one prefix to one upstream, or to none, that many peer ASes saw; each peer's nearest turn beside them.
    private IEnumerable<Change> Changes(IEnumerable<Turn> toOneHolding)
    {
        Turn[] turns = [.. toOneHolding.OrderBy(turn => turn.Time).ThenBy(turn => turn.Peer)];
        var around = new List<Timestamp>();
        for (int from = 0, to; from < turns.Length; from = to)
        {
            for (to = from + 1; to < turns.Length && turns[to].Time - turns[to - 1].Time <= OneChange;) to++;
            int peerAses = turns[from..to].Select(turn => _seen.Peers[turn.Peer].Peer.Asn).Distinct().Count();
            if (peerAses >= PeerAsesMin) around.Add(turns[from + (to - from - 1) / 2].Time);
        }
        var byPeer = turns.GroupBy(turn => turn.Peer, turn => turn.Time).ToArray();
        foreach (var time in around)
            yield return new(time, [.. byPeer
                .Select(peer => (Peer: peer.Key, Offset: peer.Select(turn => turn - time).MinBy(offset => offset.Duration())))
                .Where(peer => peer.Offset.Duration() <= OffsetMax)
                .Select(peer => (peer.Peer, peer.Offset.TotalSeconds))]);
    }

    // Prefixes that change together are one change: they are no independent proof of a clock.
    private static List<Change> Unite(Change[] changes)
    {
        var united = new List<Change>();
        foreach (var change in changes.OrderBy(change => change.Around))
        {
            if (united.Count > 0 && change.Around - united[^1].Around <= Together) united[^1].Offsets.AddRange(change.Offsets);
            else united.Add(change);
        }
        return united;
    }

    private static List<double> At(SortedDictionary<Collector, List<double>> lists, Collector collector) =>
        lists.TryGetValue(collector, out var list) ? list : lists[collector] = [];

    /// <summary>The middle one, of two the lower: a value that somebody has.</summary>
    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(sorted.Length - 1) / 2];
    }
}
