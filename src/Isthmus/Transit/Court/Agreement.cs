using Isthmus.Transit.Timelines;

namespace Isthmus.Transit.Court;

/// <summary>
/// How far each peer holds what most other peer ASes hold: the part of time, over the prefixes that it ever held. The
/// sessions of a peer AS share its voice, and none is compared with its own AS.
/// </summary>
internal sealed class Agreement
{
    private readonly Sightings _sightings;
    private readonly double[] _compared, _agreed;
    private readonly Dictionary<int, double> _voices = [];

    private Agreement(Sightings sightings)
    {
        _sightings = sightings;
        _compared = new double[sightings.Seen.Peers.Count];
        _agreed = new double[sightings.Seen.Peers.Count];
        var all = sightings.All;
        for (int from = 0, to; from < all.Length; from = to)
        {
            for (to = from; to < all.Length && all[to].Prefix == all[from].Prefix;) to++;
            Compare(new(all, from, to - from));
        }
    }

    /// <summary>For each peer the part, 0 to 1; null where nobody else was there to compare with.</summary>
    public static double?[] Of(Sightings sightings)
    {
        var agreement = new Agreement(sightings);
        return [.. agreement._compared.Zip(agreement._agreed, (all, part) => all > 0 ? (double?)Math.Min(1, part / all) : null)];
    }

    private void Compare(ArraySegment<Sighting> ofPrefix)
    {
        if (!IsOfSeveral(ofPrefix)) return;
        var (start, end) = (_sightings.Seen.From, _sightings.Seen.To);
        int[] holdings = [.. ofPrefix.Select(sighting => sighting.At(start))];
        int[][] besides = Besides(ofPrefix);
        var steps = ofPrefix.Index()
            .SelectMany(entry => entry.Item.Runs.Where(run => run.From > start && run.From < end)
                .Select(run => (Time: run.From, Place: entry.Index, run.Holding)))
            .OrderBy(step => step.Time);
        // A single instant weighs as one second would.
        if (end == start) end = start + TimeSpan.FromSeconds(1);
        foreach (var moment in steps.GroupBy(step => step.Time))
        {
            Weigh(ofPrefix, besides, holdings, (moment.Key - start).TotalSeconds);
            foreach (var (_, place, holding) in moment) holdings[place] = holding;
            start = moment.Key;
        }
        Weigh(ofPrefix, besides, holdings, (end - start).TotalSeconds);
    }

    // Where all are of one peer AS there is nobody to compare it with.
    private bool IsOfSeveral(ArraySegment<Sighting> ofPrefix)
    {
        var first = _sightings.PeerAs(ofPrefix[0].Peer);
        foreach (var sighting in ofPrefix)
            if (_sightings.PeerAs(sighting.Peer) != first) return true;
        return false;
    }

    // For each sighting those of the same peer AS, itself among them.
    private int[][] Besides(ArraySegment<Sighting> ofPrefix)
    {
        int[][] besides = new int[ofPrefix.Count][];
        foreach (var peerAs in Enumerable.Range(0, ofPrefix.Count).GroupBy(place => _sightings.PeerAs(ofPrefix[place].Peer)))
        {
            int[] places = [.. peerAs];
            foreach (int place in places) besides[place] = places;
        }
        return besides;
    }

    private void Weigh(ArraySegment<Sighting> ofPrefix, int[][] besides, int[] holdings, double seconds)
    {
        _voices.Clear();
        for (int place = 0; place < holdings.Length; place++)
            if (IsComparable(holdings[place]))
                foreach (int one in Each(holdings[place])) _voices[one] = _voices.GetValueOrDefault(one) + 1.0 / besides[place].Length;
        for (int place = 0; place < holdings.Length; place++)
        {
            if (!IsComparable(holdings[place])) continue;
            double most = 0, same = 0;
            foreach (var (holding, voices) in _voices)
            {
                double others = voices;
                foreach (int beside in besides[place])
                    if (IsIn(holdings[beside], holding)) others -= 1.0 / besides[place].Length;
                most = Math.Max(most, others);
                if (IsIn(holdings[place], holding)) same = Math.Max(same, others);
            }
            // What rounding leaves of nothing is nothing.
            if (most < 1e-9) continue;
            _compared[ofPrefix[place].Peer] += seconds;
            if (same > most - 1e-9) _agreed[ofPrefix[place].Peer] += seconds;
        }
    }

    // Who uses several upstreams at once has a voice for each of them.
    private int[] Each(int holding) => holding >= 0 ? _sightings.UpstreamsOf(holding) : holding == Holding.None ? _none : _foreign;

    private bool IsIn(int holding, int one) => one < 0 ? holding == one : _sightings.IsBy(holding, one);

    private static readonly int[] _none = [Holding.None], _foreign = [Holding.Foreign];

    // What is not known, and the vantage point's own link, can be set against nothing.
    private static bool IsComparable(int holding) => Holding.IsKnown(holding) && holding != Holding.Uncounted;
}
