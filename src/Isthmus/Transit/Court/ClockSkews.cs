using Isthmus.Routes;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Court;

/// <summary>
/// Sets the dates of changes that many saw against each other (methods.md, "Clocks"). The clock that dates a record is
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

    /// <summary>From fewer, only a clock is judged that is never right.</summary>
    public static readonly TimeSpan OnceMin = TimeSpan.FromSeconds(180);

    /// <summary>What comes within this of each other is one change; slower convergence is left aside.</summary>
    private static readonly TimeSpan OneChange = TimeSpan.FromSeconds(300);

    /// <summary>Two prefixes that change within this change together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(60);

    /// <summary>Who comes to something else this near a collector's peers shows that its clock is right.</summary>
    private static readonly TimeSpan WaveGap = TimeSpan.FromSeconds(120);

    /// <summary>Changes so near each other are one moment: no second proof.</summary>
    private static readonly TimeSpan OneMoment = TimeSpan.FromMinutes(10);

    /// <summary>A clock may be off by a time zone, but hardly by more.</summary>
    private static readonly TimeSpan OffsetMax = TimeSpan.FromHours(13);

    /// <summary>One peer AS, or two others, may be slow together.</summary>
    private const int OwnMin = 2, OthersMin = 3;

    private readonly record struct Turn(Timestamp Time, int Peer);

    /// <summary>How far a peer's turn is from the change.</summary>
    /// <param name="Ambiguous">The peer came to the same more than once near it: which of them is this change nobody can tell.</param>
    private readonly record struct Offset(int Peer, double Seconds, bool Ambiguous);

    /// <param name="Around">The median of the collectors that saw it together.</param>
    /// <param name="Elsewhere">Turns on the same prefixes to something else.</param>
    /// <param name="All">Every turn to the same within an hour, also those that are further from it than another of the same peer.</param>
    private sealed record Change(Timestamp Around, List<Offset> Offsets, List<Offset> Elsewhere, List<Offset> All);

    /// <summary>So many of the samples must agree: a slow roll-out is off by something else each time.</summary>
    private const double AgreeingPartMin = 0.8;

    /// <summary>They agree within <see cref="Most"/>, or within this part of the offset where that is more.</summary>
    private const double AgreementPart = 0.125;

    /// <summary>One moment alone condemns where its waves are so short beside the offset: a roll-out in steps is drawn out.</summary>
    private const double SharpPart = 0.25;

    /// <summary>The middle half of a change takes at most this part of what a clock is off.</summary>
    private const double BriefPart = 0.5;

    /// <param name="Apart">All peers of the collector changed when no other did.</param>
    /// <param name="Sharp">They did at once, and so did the others.</param>
    /// <param name="Spread">
    /// Seconds in which the middle half of its own turns lie, or those of the others where that is more: how drawn out the change was.
    /// </param>
    /// <param name="Ambiguous">Most of its turns are.</param>
    /// <param name="Turns">The seconds of all its turns to the same within an hour, by peer.</param>
    private readonly record struct Sample(
        Timestamp At, double Seconds, bool Apart, bool Sharp, double Spread, bool Ambiguous, double[][] Turns);

    /// <summary>What a file that is missing cuts off after so long is no hunting for a path.</summary>
    private static readonly TimeSpan HuntingMax = TimeSpan.FromSeconds(60);

    /// <summary>Who comes to the same twice within this may be dated by the wrong one of both.</summary>
    private static readonly TimeSpan AmbiguousWithin = TimeSpan.FromHours(1);

    private readonly Sightings _sightings;
    private readonly IRouteSpans _seen;
    private readonly SortedDictionary<Collector, ClockSkew> _ofCollector = [];
    private readonly ClockSkew[] _ofPeer;

    public ClockSkews(Sightings sightings)
    {
        (_sightings, _seen) = (sightings, sightings.Seen);
        var samples = new SortedDictionary<Collector, List<Sample>>();
        var byPeer = _seen.Peers.Select(_ => new List<double>()).ToArray();
        var several = new MultiCollectorPeers(_seen, Turns(sightings, TimeSpan.Zero).Select(
            turn => (turn.Prefix, turn.Holding, turn.Turn.Time, turn.Turn.Peer)));
        foreach (var change in Unite([.. Turns(sightings, Presences.Lasting).GroupBy(turn => turn.Prefix).SelectMany(Changes)]))
        {
            foreach (var (collector, seconds) in Voices(change.Offsets))
                (samples.TryGetValue(collector, out var list) ? list : samples[collector] = [])
                    .Add(new(change.Around, seconds, IsApart(change, collector, seconds), IsSharp(change, collector, seconds),
                        SpreadOf(change, collector), IsAmbiguous(change, collector), TurnsOf(change, collector)));
            foreach (var peer in change.Offsets.GroupBy(offset => offset.Peer))
                byPeer[peer.Key].Add(Median(peer.Select(offset => offset.Seconds)));
        }
        foreach (var (collector, list) in samples) _ofCollector[collector] = Judge(list, offset => several.OffsetOf(collector, offset));
        // Where as many are off as are not, nobody knows who is.
        if (2 * _ofCollector.Values.Count(skew => skew.IsWrong) >= _ofCollector.Count)
            foreach (var collector in samples.Keys) _ofCollector[collector] = _ofCollector[collector] with { IsWrong = false };
        _ofPeer = [.. byPeer.Select(offsets => new ClockSkew(
            offsets.Count < ChangesMin ? null : TimeSpan.FromSeconds(Median(offsets)), offsets.Count, false))];
    }

    /// <summary>How far a peer's dates are off, for whatever reason.</summary>
    public ClockSkew OfPeer(int peer) => _ofPeer[peer];

    /// <summary>How far a collector's dates are off.</summary>
    public ClockSkew OfCollector(Collector collector) => _ofCollector.GetValueOrDefault(collector, new(null, 0, false));

    /// <summary>How far the clock of each collector that is wrong is off.</summary>
    public IReadOnlyDictionary<Collector, TimeSpan> Wrong => _ofCollector.Where(entry => entry.Value.IsWrong)
        .ToDictionary(entry => entry.Key, entry => entry.Value.Offset!.Value);

    private static ClockSkew Judge(List<Sample> all, Func<TimeSpan, TimeSpan?> bySeveral)
    {
        var samples = Clear(all);
        double skew = Median(samples.Select(sample => sample.Seconds)), off = Math.Abs(skew);
        var offset = TimeSpan.FromSeconds(skew);
        if (bySeveral(offset) is { } told)
        {
            if (told != TimeSpan.Zero) return new(told, samples.Count, true);
            return new(samples.Count < ChangesMin ? null : offset, samples.Count, false);
        }
        bool never = samples.TrueForAll(sample => sample.Apart && Math.Abs(sample.Seconds - skew) <= Most.TotalSeconds);
        bool again = samples.Max(sample => sample.At) - samples.Min(sample => sample.At) > OneMoment;
        bool once = off > OnceMin.TotalSeconds && samples.TrueForAll(sample => sample.Sharp);
        // What takes long is off by chance: a clock is off by more than what it dates takes.
        bool brief = Median(samples.Select(sample => sample.Spread)) <= BriefPart * off;
        if (off > Most.TotalSeconds && brief && never && (again || once)) return new(offset, samples.Count, true);
        if (off > Most.TotalSeconds && IsShifted(all, skew)) return new(offset, all.Count, true);
        if (samples.Count < ChangesMin) return new(null, samples.Count, false);
        double spread = Median(samples.Select(sample => Math.Abs(sample.Seconds - skew)));
        double near = Math.Max(Most.TotalSeconds, AgreementPart * off);
        bool agree = samples.Count(sample => Math.Abs(sample.Seconds - skew) <= near) >= AgreeingPartMin * samples.Count;
        return new(offset, samples.Count, off > Most.TotalSeconds && spread <= off / 2 && agree && brief);
    }

    // What is ambiguous proves that a clock is right where most of it is on time, and else nothing.
    private static List<Sample> Clear(List<Sample> samples)
    {
        var clear = samples.FindAll(sample => !sample.Ambiguous);
        int ambiguous = samples.Count - clear.Count;
        int onTime = samples.Count(sample => sample.Ambiguous && Math.Abs(sample.Seconds) <= Most.TotalSeconds);
        return clear.Count == 0 || 2 * onTime > ambiguous ? samples : clear;
    }

    // Of what goes to and fro each turn has its like among the others' when the clock is set right, and few have before.
    private static bool IsShifted(List<Sample> samples, double skew)
    {
        int On(double seconds) => samples.Count(sample => 2 * sample.Turns.Count(
            peer => Array.Exists(peer, turn => Math.Abs(turn - seconds) <= Most.TotalSeconds)) > sample.Turns.Length);
        return samples.Count >= ChangesMin && On(skew) >= AgreeingPartMin * samples.Count && 2 * On(0) < samples.Count;
    }

    private double[][] TurnsOf(Change change, Collector collector) => [.. change.All
        .Where(offset => CollectorOf(offset.Peer) == collector).GroupBy(offset => offset.Peer)
        .Select(peer => peer.Select(offset => offset.Seconds).ToArray())];

    private bool IsAmbiguous(Change change, Collector collector)
    {
        bool[] own = [.. change.Offsets.Where(offset => CollectorOf(offset.Peer) == collector).Select(offset => offset.Ambiguous)];
        return 2 * own.Count(ambiguous => ambiguous) > own.Length;
    }

    // Each collector has one voice, however many peers it has, and each of its peer ASes one in it.
    private (Collector Collector, double Seconds)[] Voices(IEnumerable<Offset> offsets) => [.. offsets
        .GroupBy(offset => CollectorOf(offset.Peer))
        .Select(group => (group.Key, Median(ByPeerAs(group))))];

    private IEnumerable<double> ByPeerAs(IEnumerable<Offset> offsets) => offsets
        .GroupBy(offset => _seen.Peers[offset.Peer].Peer.Asn).Select(peerAs => Median(peerAs.Select(offset => offset.Seconds)));

    // None of the others changed when its peers did, to this or to anything else.
    private bool IsApart(Change change, Collector collector, double seconds)
    {
        Offset[] own = [.. change.Offsets.Where(offset => CollectorOf(offset.Peer) == collector
            && Math.Abs(offset.Seconds - seconds) <= OneChange.TotalSeconds)];
        Offset[] others = [.. change.Offsets.Where(offset => CollectorOf(offset.Peer) != collector
            && Math.Abs(offset.Seconds) <= OneChange.TotalSeconds)];
        if (PeerAses(own) < OwnMin || PeerAses(others) < OthersMin) return false;
        double first = own.Min(offset => offset.Seconds), last = own.Max(offset => offset.Seconds);
        // Who comes to the same with them, long after or before the wave, shows that they come one after another.
        double near = Math.Max(WaveGap.TotalSeconds, SharpPart * Math.Abs(seconds));
        if (change.Offsets.Exists(other => CollectorOf(other.Peer) != collector && Math.Abs(other.Seconds) > OneChange.TotalSeconds
            && other.Seconds >= first - near && other.Seconds <= last + near)) return false;
        return (last < others.Min(offset => offset.Seconds) || first > others.Max(offset => offset.Seconds))
            && !change.Elsewhere.Exists(other => CollectorOf(other.Peer) != collector
                && other.Seconds >= first - WaveGap.TotalSeconds && other.Seconds <= last + WaveGap.TotalSeconds);
    }

    private bool IsSharp(Change change, Collector collector, double seconds)
    {
        double most = SharpPart * Math.Abs(seconds);
        double[] own = [.. change.Offsets.Where(offset => CollectorOf(offset.Peer) == collector
            && Math.Abs(offset.Seconds - seconds) <= OneChange.TotalSeconds).Select(offset => offset.Seconds)];
        double[] others = [.. change.Offsets.Where(offset => CollectorOf(offset.Peer) != collector
            && Math.Abs(offset.Seconds) <= OneChange.TotalSeconds).Select(offset => offset.Seconds)];
        return own.Length > 0 && others.Length > 0 && own.Max() - own.Min() <= most && others.Max() - others.Min() <= most;
    }

    private double SpreadOf(Change change, Collector collector)
    {
        double Middle(bool own)
        {
            double[] sorted = [.. ByPeerAs(change.Offsets.Where(offset => CollectorOf(offset.Peer) == collector == own)).Order()];
            return sorted.Length == 0 ? 0 : sorted[(3 * sorted.Length - 1) / 4] - sorted[sorted.Length / 4];
        }
        return Math.Max(Middle(own: true), Middle(own: false));
    }

    private Collector CollectorOf(int peer) => _seen.Peers[peer].Peer.Collector;

    private int PeerAses(IEnumerable<Offset> offsets) => offsets.Select(offset => _seen.Peers[offset.Peer].Peer.Asn).Distinct().Count();

    // What a record says changed, and stayed changed. What follows from a dump or a session is not dated by a clock. After lost bytes
    // a message is a change, whatever it was before, and what they cut off had come to stay where nobody hunts any more.
    private static IEnumerable<(int Prefix, long Holding, Turn Turn)> Turns(Sightings sightings, TimeSpan lasting)
    {
        foreach (var sighting in sightings.All)
            for (int i = 1; i < sighting.Runs.Length; i++)
            {
                var run = sighting.Runs[i];
                var until = i + 1 < sighting.Runs.Length ? sighting.Runs[i + 1].From : sightings.Seen.To;
                bool isCut = i + 1 < sighting.Runs.Length && !Holding.IsKnown(sighting.Runs[i + 1].Holding);
                var steps = sightings.Seen.Histories[sighting.History].Steps;
                if (!Holding.IsKnown(run.Holding) || run.Holding == Holding.Uncounted) continue;
                if (!Holding.IsKnown(sighting.Runs[i - 1].Holding) && !IsOfLostBytes(steps, sighting.Runs, i)) continue;
                if (run.From < sightings.Seen.From || until - run.From < (isCut && HuntingMax < lasting ? HuntingMax : lasting)) continue;
                var step = steps[run.Step];
                if (step.Cause is not (Cause.Announcement or Cause.Withdrawal)) continue;
                // Of other origins each is something else to come to.
                long to = run.Holding is Holding.Foreign ? (1L << 32) + (sightings.Paths[step.Path].Origin?.Number ?? 0) : run.Holding;
                yield return (sighting.Prefix, to, new(run.From, sighting.Peer));
            }
    }

    // A session that comes up sends what it may have held all the time, and who comes to rest holds what it held last; where bytes were
    // lost, what differs from before is a change.
    private static bool IsOfLostBytes(IReadOnlyList<RouteStep> steps, HoldingRun[] runs, int at)
    {
        int before = at - 1;
        for (; before >= 0 && !Holding.IsKnown(runs[before].Holding); before--)
            if (steps[runs[before].Step].Cause is Cause.PeerState or Cause.Announcement or Cause.Withdrawal) return false;
        return before >= 0 && runs[before].Holding != runs[at].Holding;
    }

    // The changes of one prefix to one upstream, to none or to another origin, that many peer ASes saw. A partial feed may change for
    // reasons of its own: where those that count are at every collector, they tell.
    private IEnumerable<Change> Changes(IEnumerable<(int Prefix, long Holding, Turn Turn)> ofPrefix)
    {
        var all = ofPrefix.ToArray();
        var counted = Array.FindAll(all, turn => _sightings.Counts(turn.Turn.Peer, turn.Prefix));
        if (counted.Select(turn => CollectorOf(turn.Turn.Peer)).Distinct().Count()
            != all.Select(turn => CollectorOf(turn.Turn.Peer)).Distinct().Count()) counted = all;
        var telling = counted.ToLookup(turn => turn.Holding, turn => turn.Turn);
        foreach (var toOne in all.GroupBy(turn => turn.Holding, turn => turn.Turn))
        {
            Turn[] whole = [.. toOne.OrderBy(turn => turn.Time).ThenBy(turn => turn.Peer)];
            Turn[] turns = [.. telling[toOne.Key].OrderBy(turn => turn.Time).ThenBy(turn => turn.Peer)];
            Wave[] waves = [.. WavesOf(whole)];
            int[] places = [.. turns.Select(turn => Array.FindIndex(waves, wave => turn.Time <= wave.To))];
            for (int at = 0; at < waves.Length && turns.Length > 0; at++)
            {
                // That many saw it all of them tell; when it was, those do who count.
                if (waves[at].PeerAses < PeerAsesMin) continue;
                bool[] others = [.. waves.Select((_, other) => IsAnother(waves, other, at))];
                Turn[] own = [.. turns.Where((_, turn) => !others[places[turn]])];
                var near = Nearest(own, waves[at].Middle);
                if (near.Select(turn => CollectorOf(turn.Peer)).Distinct().Count() < CollectorsMin) continue;
                // Told by the collectors' middle, a wave of one whose clock is wrong is the same change as that of the rest.
                var middle = Voices(near.Select(turn => new Offset(turn.Peer, (turn.Time - turns[0].Time).TotalSeconds, false)));
                var around = turns[0].Time + TimeSpan.FromSeconds(Median(middle.Select(voice => voice.Seconds)));
                Turn[] beside = [.. turns.Where(turn => (turn.Time - around).Duration() <= AmbiguousWithin)];
                var again = beside.GroupBy(turn => turn.Peer).Where(peer => peer.Skip(1).Any()).Select(peer => peer.Key).ToHashSet();
                yield return new(around, Offsets(Nearest(own, around), around, again),
                    Offsets(counted.Where(turn => turn.Holding != toOne.Key).Select(turn => turn.Turn), around, []),
                    Offsets(beside, around, again));
            }
        }
    }

    /// <summary>Turns to the same, each soon after the one before.</summary>
    private sealed record Wave(Timestamp From, Timestamp Middle, Timestamp To, int PeerAses, HashSet<Collector> Collectors);

    private IEnumerable<Wave> WavesOf(Turn[] turns)
    {
        for (int from = 0, to; from < turns.Length; from = to)
        {
            for (to = from + 1; to < turns.Length && turns[to].Time - turns[to - 1].Time <= OneChange;) to++;
            Turn[] wave = turns[from..to];
            yield return new(wave[0].Time, wave[(wave.Length - 1) / 2].Time, wave[^1].Time,
                wave.Select(turn => _seen.Peers[turn.Peer].Peer.Asn).Distinct().Count(),
                [.. wave.Select(turn => CollectorOf(turn.Peer))]);
        }
    }

    // A change without this one: many at several collectors, or many together with the wave next to it, at other collectors, of which the
    // clock of one may be wrong.
    private static bool IsAnother(Wave[] waves, int at, int than)
    {
        if (at == than) return false;
        if (waves[at].PeerAses >= PeerAsesMin && waves[at].Collectors.Count > 1) return true;
        return PartnerOf(waves, at) is { } partner && partner != than;
    }

    // The wave that is nearest to another, and to which this is the nearest.
    private static int? PartnerOf(Wave[] waves, int at)
    {
        int? partner = Nearer(at);
        if (partner is not { } other || Nearer(other) != at) return null;
        bool isPair = Math.Min(waves[at].PeerAses, waves[other].PeerAses) >= OwnMin
            && waves[at].PeerAses + waves[other].PeerAses >= PeerAsesMin && !waves[at].Collectors.Overlaps(waves[other].Collectors);
        return isPair ? partner : null;

        int? Nearer(int of)
        {
            if (waves.Length < 2) return null;
            if (of == 0 || of == waves.Length - 1) return of == 0 ? 1 : of - 1;
            return waves[of].From - waves[of - 1].To <= waves[of + 1].From - waves[of].To ? of - 1 : of + 1;
        }
    }

    // Each peer's turn that is nearest to a time.
    private static Turn[] Nearest(Turn[] turns, Timestamp time) => [.. turns.GroupBy(turn => turn.Peer)
        .Select(peer => peer.MinBy(turn => (turn.Time - time).Duration())).Where(turn => (turn.Time - time).Duration() <= OffsetMax)];

    private static List<Offset> Offsets(IEnumerable<Turn> turns, Timestamp around, HashSet<int> again) =>
        [.. turns.Select(turn => new Offset(turn.Peer, (turn.Time - around).TotalSeconds, again.Contains(turn.Peer)))];

    // Prefixes that change together are one change: they are no independent proof of a clock.
    private static List<Change> Unite(Change[] changes)
    {
        var united = new List<Change>();
        foreach (var change in changes.OrderBy(change => change.Around))
        {
            if (united.Count > 0 && change.Around - united[^1].Around <= Together)
            {
                united[^1].Offsets.AddRange(change.Offsets);
                united[^1].Elsewhere.AddRange(change.Elsewhere);
                united[^1].All.AddRange(change.All);
            }
            else
            {
                united.Add(change);
            }
        }
        return united;
    }

    /// <summary>The middle one, of two the lower: a value that somebody has.</summary>
    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(sorted.Length - 1) / 2];
    }
}
