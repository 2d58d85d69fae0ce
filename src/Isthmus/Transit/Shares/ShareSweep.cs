using System.Diagnostics.CodeAnalysis;

using Isthmus.Routes;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>
/// Shares and visibility over time, kept up step by step: each step takes one peer's part out of the sums and puts
/// its new part in, so that the cost is linear in the steps. Bins hold means over time.
/// </summary>
internal sealed class ShareSweep
{
    private readonly Sightings _sightings;
    private readonly int[] _peers;
    private readonly (Timestamp Time, int Sighting, int Place)[] _steps;
    private readonly int _prefixes;
    private readonly VoteGroups _groups;

    /// <summary>One route in parts that all numbers of upstreams up to <see cref="PathTable.SetMax"/> divide, so that sums stay exact.</summary>
    private const long Whole = 720_720;

    /// <summary>
    /// One session: of how many prefixes it is known what it holds, and not, how many it sees, and by which upstream (in parts of a
    /// <see cref="Whole"/>).
    /// </summary>
    private sealed class Session
    {
        private int _carried;

        public int Known, Unknown, Visible;

        /// <summary>The parts by all upstreams together.</summary>
        public long Total { get; private set; }

        /// <summary>By upstream, sorted; one that it does not use any more has no parts.</summary>
        public SortedList<int, long> ByUpstream { get; } = [];

        /// <summary>True where any upstream has a part.</summary>
        public bool IsCarried => _carried > 0;

        public void Add(int upstream, long parts)
        {
            long before = ByUpstream.GetValueOrDefault(upstream), after = before + parts;
            ByUpstream[upstream] = after;
            Total += parts;
            _carried += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
        }
    }

    /// <param name="prefix">One prefix of the subject; null for all together.</param>
    /// <param name="groups">Who shares one vote in the shares; visibility is a mean over peer ASes always.</param>
    public ShareSweep(Sightings sightings, int? prefix, VoteGroups groups)
    {
        _sightings = sightings;
        _groups = groups;
        _prefixes = prefix is null ? sightings.Prefixes.Length : 1;
        _peers = [.. Enumerable.Range(0, sightings.Seen.Peers.Count)
            .Where(peer => prefix is { } of ? sightings.Counts(peer, of) : sightings.Counted[peer])];
        _steps = StepsOf(sightings, prefix);
    }

    private static (Timestamp Time, int Sighting, int Place)[] StepsOf(Sightings sightings, int? prefix)
    {
        var all = prefix is { } only ? sightings.PlacesOf(only) : 0..sightings.All.Length;
        var steps = new List<(Timestamp Time, int Sighting, int Place)>(all.End.Value - all.Start.Value);
        for (int index = all.Start.Value; index < all.End.Value; index++)
        {
            var sighting = sightings.All[index];
            if (!sightings.Counts(sighting.Peer, sighting.Prefix)) continue;
            for (int place = 0; place < sighting.Runs.Length; place++) steps.Add((sighting.Runs[place].From, index, place));
        }
        steps.Sort();
        return [.. steps];
    }

    /// <summary>The means over each bin of a period.</summary>
    public IReadOnlyList<SeriesPoint> Bins(Timestamp from, Timestamp to, TimeSpan bin)
    {
        var points = new List<SeriesPoint>();
        var walk = new Walk(this);
        for (var start = from; start < to; start += bin)
        {
            var end = start + bin < to ? start + bin : to;
            points.Add(walk.Mean(start, end));
        }
        return points;
    }

    /// <summary>The values at instants, in order of time.</summary>
    public IEnumerable<SeriesPoint> At(IEnumerable<Timestamp> times)
    {
        var walk = new Walk(this);
        foreach (var time in times) yield return walk.At(time);
    }

    /// <summary>
    /// The values where they may have changed: of each stretch of a grid in which something happened those at its end, dated by its
    /// beginning. The first stretch has one always. What it costs goes by the steps, and not by the length of the period.
    /// </summary>
    public IEnumerable<SeriesPoint> Steps(Timestamp from, Timestamp to, TimeSpan grid)
    {
        var walk = new Walk(this);
        for (var start = from; start < to;)
        {
            var end = start + grid;
            yield return walk.At(end - TimeSpan.FromMicroseconds(1)) with { Time = start };
            var next = walk.NextTime(to);
            if (next >= to) yield break;
            start = from + grid * Math.Floor((next - from) / grid);
            // Rounding may put what lies on the edge before it.
            if (start < end) start = end;
        }
    }

    private sealed class Walk(ShareSweep sweep)
    {
        private readonly Dictionary<int, Session> _sessions = Silent(sweep);
        private readonly (int Group, int[] Peers)[] _peersOfAs = [.. sweep._peers
            .GroupBy(sweep._sightings.PeerAs).OrderBy(peers => peers.Key)
            .Select(peers => (sweep._groups.Of(peers.Key), peers.ToArray()))];
        private readonly Queue<(Timestamp Time, int Peer, bool Up)> _spans = new(Spans(sweep));
        private readonly HashSet<int> _up = [];
        private readonly List<(int Group, int Seeing, int[] Peers)> _carrying = [];

        // Shares are kept by the place of their upstream among all in order.
        private readonly Asn[] _asns = [.. sweep._sightings.Upstreams.Order()];
        private readonly int[] _placeOf = PlacesOf(sweep._sightings.Upstreams);
        private readonly DenseShares _now = new(sweep._sightings.Upstreams.Count), _sum = new(sweep._sightings.Upstreams.Count);
        private double? _visibility;
        private double _floor;
        private bool _isFloorKnown, _isNowKnown;
        private int _next;

        private static int[] PlacesOf(IReadOnlyList<Asn> upstreams)
        {
            int[] places = new int[upstreams.Count];
            foreach (var (place, upstream) in Enumerable.Range(0, places.Length).OrderBy(upstream => upstreams[upstream]).Index())
                places[upstream] = place;
            return places;
        }

        // Before its first step nothing is known of a prefix.
        private static Dictionary<int, Session> Silent(ShareSweep sweep) => sweep._steps.Where(step => step.Place == 0)
            .GroupBy(step => sweep._sightings.All[step.Sighting].Peer)
            .ToDictionary(group => group.Key, group => new Session { Unknown = group.Count() });

        private static IEnumerable<(Timestamp, int, bool)> Spans(ShareSweep sweep) => sweep._peers
            .SelectMany(peer => sweep._sightings.Seen.Peers[peer].Up.SelectMany(span =>
                // A session that is up when the data end has not gone down then.
                span.To >= sweep._sightings.Seen.To ? new (Timestamp Time, int Peer, bool Up)[] { (span.From, peer, true) }
                    : [(span.From, peer, true), (span.To, peer, false)]))
            .OrderBy(step => step.Time).ThenBy(step => step.Peer).ThenBy(step => step.Up);

        public SeriesPoint At(Timestamp time)
        {
            Advance(time);
            Find();
            return new(time, _visibility, _now.Of(_asns));
        }

        public SeriesPoint Mean(Timestamp from, Timestamp to)
        {
            double known = 0, carried = 0, visibility = 0;
            _sum.Clear();
            for (var at = from; at < to;)
            {
                Advance(at);
                var next = NextTime(to);
                double seconds = (next - at).TotalSeconds;
                Find();
                if (_visibility is { } visible)
                {
                    known += seconds;
                    visibility += visible * seconds;
                }
                if (_now.Any) carried += seconds;
                _sum.Add(_now, seconds);
                at = next;
            }
            return new(from, known > 0 ? visibility / known : null, _sum.Of(_asns, carried));
        }

        public Timestamp NextTime(Timestamp end)
        {
            var next = end;
            if (_next < sweep._steps.Length && sweep._steps[_next].Time < next) next = sweep._steps[_next].Time;
            if (_spans.TryPeek(out var span) && span.Time < next) next = span.Time;
            return next;
        }

        private void Advance(Timestamp time)
        {
            while (_spans.TryPeek(out var span) && span.Time <= time)
            {
                _spans.Dequeue();
                _isNowKnown = false;
                if (span.Up) _up.Add(span.Peer); else _up.Remove(span.Peer);
            }
            for (; _next < sweep._steps.Length && sweep._steps[_next].Time <= time; _next++)
            {
                var (_, index, place) = sweep._steps[_next];
                var sighting = sweep._sightings.All[index];
                var session = _sessions[sighting.Peer];
                int before = session.Visible;
                Add(session, place > 0 ? sighting.Runs[place - 1].Holding : Holding.Unknown, -1);
                Add(session, sighting.Runs[place].Holding, 1);
                _isNowKnown = false;
                if (session.Visible != before) _isFloorKnown = false;
            }
        }

        private void Add(Session session, int holding, int sign)
        {
            if (holding == Holding.Unknown) session.Unknown += sign; else session.Known += sign;
            if (Holding.IsSubject(holding)) session.Visible += sign;
            int[] upstreams = sweep._sightings.UpstreamsOf(holding);
            foreach (int upstream in upstreams) session.Add(upstream, sign * (Whole / upstreams.Length));
        }

        // What stands since the last step.
        private void Find()
        {
            if (_isNowKnown) return;
            _isNowKnown = true;
            int watching = 0;
            double visibility = 0;
            _carrying.Clear();
            if (!_isFloorKnown) _floor = VotingFloor.Of(_sessions.Values.Select(session => session.Visible));
            _isFloorKnown = true;
            _now.Clear();
            foreach (var (group, peers) in _peersOfAs)
            {
                double visible = 0;
                int known = 0, seeing = 0;
                foreach (int peer in peers)
                {
                    var session = _sessions.GetValueOrDefault(peer);
                    // A session whose table is known holds what it holds; one that is not is known as far as it has spoken.
                    int prefixes = _up.Contains(peer) ? sweep._prefixes - (session?.Unknown ?? 0) : session?.Known ?? 0;
                    if (prefixes <= 0) continue;
                    known++;
                    visible += (double)(session?.Visible ?? 0) / prefixes;
                    if (Votes(session)) seeing++;
                }
                if (known == 0) continue;
                watching++;
                visibility += visible / known;
                if (seeing > 0) _carrying.Add((group, seeing, peers));
            }
            double[] weights = sweep._groups.Weigh([.. _carrying.Select(carrying => carrying.Group)]);
            for (int i = 0; i < weights.Length; i++)
                foreach (int peer in _carrying[i].Peers)
                    if (_sessions.GetValueOrDefault(peer) is var session && Votes(session))
                        AddShares(session, weights[i] / _carrying[i].Seeing);
            _visibility = watching == 0 ? null : Math.Min(1, visibility / watching);
        }

        private bool Votes([NotNullWhen(true)] Session? session) => session is not null && session.Visible >= _floor && session.IsCarried;

        private void AddShares(Session session, double weight)
        {
            double total = session.Total / (double)Whole;
            if (total == 0) return;
            for (int i = 0; i < session.ByUpstream.Count; i++)
            {
                long parts = session.ByUpstream.GetValueAtIndex(i);
                if (parts != 0) _now.Add(_placeOf[session.ByUpstream.GetKeyAtIndex(i)], weight * (parts / (double)Whole) / total);
            }
        }
    }
}
