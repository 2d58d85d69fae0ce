using Isthmus.Routes;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>
/// For each of some keys, as countries or ASes, the part of what a vantage point reaches that goes by it; then one value a peer AS, as the
/// sessions of one network are no independent witnesses (docs/methods.md, "Dependence").
/// </summary>
/// <param name="peers">The sessions.</param>
internal sealed class VotedParts<TKey>(IReadOnlyList<Peer> peers) where TKey : notnull
{
    private readonly double[] _totals = new double[peers.Count];
    private readonly Dictionary<TKey, double[]> _sums = [];

    // The peer ASes in order, and for each session the place of its own among them.
    private readonly Asn[] _ases = [.. peers.Select(peer => peer.Asn).Distinct().Order()];
    private readonly int[] _asOf = PlacesOf(peers);

    private static int[] PlacesOf(IReadOnlyList<Peer> peers)
    {
        Asn[] ases = [.. peers.Select(peer => peer.Asn).Distinct().Order()];
        return [.. peers.Select(peer => Array.BinarySearch(ases, peer.Asn))];
    }

    /// <summary>The keys that anything was added to.</summary>
    public IReadOnlyCollection<TKey> Keys => _sums.Keys;

    /// <summary>Adds to what a session reaches in all.</summary>
    public void AddTotal(int session, double weight) => _totals[session] += weight;

    /// <summary>Adds to what it reaches by a key.</summary>
    public void Add(int session, TKey key, double weight)
    {
        if (!_sums.TryGetValue(key, out double[]? sums)) _sums[key] = sums = new double[peers.Count];
        sums[session] += weight;
    }

    /// <summary>True where a session reaches anything.</summary>
    public bool Votes(int session) => _totals[session] > 0;

    /// <summary>Mean over the voters of what their sessions reach on average.</summary>
    public double MeanTotal => Enumerable.Range(0, _totals.Length).Where(Votes).GroupBy(session => _asOf[session])
        .Select(peerAs => peerAs.Average(session => _totals[session])).DefaultIfEmpty().Average();

    /// <summary>The peer ASes of which a session reaches anything, in order.</summary>
    /// <param name="without">A collector that is left out; null for none.</param>
    public Asn[] Voters(Collector? without = null) =>
        [.. Sessions(without).Select(session => peers[session].Asn).Distinct().Order()];

    /// <summary>One value a voter, in their order: the mean over its sessions of the part by the key, of 0 where none goes by it.</summary>
    /// <param name="counts">Which sessions count for the key; null for all that vote.</param>
    public double[] Of(TKey key, Collector? without = null, Func<Peer, bool>? counts = null)
    {
        double[]? sums = _sums.GetValueOrDefault(key);
        Span<double> parts = _ases.Length <= 128 ? stackalloc double[_ases.Length] : new double[_ases.Length];
        Span<int> sessions = _ases.Length <= 128 ? stackalloc int[_ases.Length] : new int[_ases.Length];
        parts.Clear();
        sessions.Clear();
        int voters = 0;
        for (int session = 0; session < _totals.Length; session++)
        {
            if (_totals[session] <= 0 || without is not null && peers[session].Collector == without) continue;
            if (counts?.Invoke(peers[session]) is false) continue;
            if (sessions[_asOf[session]]++ == 0) voters++;
            if (sums is not null) parts[_asOf[session]] += sums[session] / _totals[session];
        }
        double[] values = new double[voters];
        for (int place = 0, at = 0; at < voters; place++)
            if (sessions[place] > 0) values[at++] = parts[place] / sessions[place];
        return values;
    }

    private IEnumerable<int> Sessions(Collector? without) => Enumerable.Range(0, peers.Count)
        .Where(session => Votes(session) && (without is null || peers[session].Collector != without));

    /// <summary>The collectors of the sessions that vote.</summary>
    public Collector[] Collectors() => [.. Sessions(null).Select(session => peers[session].Collector).Distinct().Order()];

    /// <summary>The value over all voters, and how sure it is.</summary>
    /// <param name="over">Of one value a peer AS.</param>
    /// <param name="counts">Which sessions count for the key; null for all that vote.</param>
    public Estimate EstimateOf(TKey key, Func<IReadOnlyCollection<double>, double> over, Func<Peer, bool>? counts = null)
    {
        double[] values = Of(key, null, counts);
        if (values.Length == 0) return new(null, null, null, null, null);
        double value = over(values);
        // Where all say the same, every draw does.
        bool isOne = !values.AsSpan().ContainsAnyExcept(values[0]) && values.Length >= ShareBasis.PeerAsesLeast;
        var (low, high) = isOne ? (value, value)
            : PeerAsDraws.Interval(values.Length, value, times => over(PeerAsDraws.Repeat(values, times)));
        double[] others = [.. Collectors().Select(without => Of(key, without, counts)).Where(rest => rest.Length > 0).Select(over)];
        return others.Length < 2 ? new(value, low, high, null, null)
            : new(value, low, high, Math.Min(value, others.Min()), Math.Max(value, others.Max()));
    }
}

/// <summary>A figure between 0 and 1, and how sure it is.</summary>
/// <param name="Value">Null where it is not known.</param>
/// <param name="Low">The lower end of the 95 % interval of a bootstrap over peer ASes; null from fewer than three.</param>
/// <param name="High">Its upper end. The interval always holds the value.</param>
/// <param name="LeaveOneOutLow">The least that it is, of all collectors and without each in turn; null for one collector.</param>
/// <param name="LeaveOneOutHigh">The most.</param>
public readonly record struct Estimate(double? Value, double? Low, double? High, double? LeaveOneOutLow, double? LeaveOneOutHigh);

/// <summary>Draws of peer ASes with replacement, the same in every run (<see cref="ShareBootstrap"/>).</summary>
internal static class PeerAsDraws
{
    /// <summary>The 95 % interval of a figure that is computed anew from each draw.</summary>
    /// <param name="of">The figure, where each peer AS was drawn so many times.</param>
    public static (double? Low, double? High) Interval(int peerAses, double value, Func<int[], double> of)
    {
        if (peerAses < ShareBasis.PeerAsesLeast) return (null, null);
        int[] times = new int[peerAses];
        double[] drawn = new double[ShareBootstrap.Draws];
        ulong state = ShareBootstrap.Seed;
        for (int draw = 0; draw < drawn.Length; draw++)
        {
            Array.Clear(times);
            for (int i = 0; i < times.Length; i++) times[ShareBootstrap.Below(times.Length, ref state)]++;
            drawn[draw] = of(times);
        }
        Array.Sort(drawn);
        const double Tail = (1 - ShareBasis.Level) / 2;
        return (Math.Min(value, ShareBootstrap.Quantile(drawn, Tail)), Math.Max(value, ShareBootstrap.Quantile(drawn, 1 - Tail)));
    }

    /// <summary>Each value as often as it was drawn.</summary>
    public static double[] Repeat(double[] values, int[] times)
    {
        double[] repeated = new double[times.Sum()];
        int at = 0;
        for (int i = 0; i < values.Length; i++)
            for (int time = 0; time < times[i]; time++) repeated[at++] = values[i];
        return repeated;
    }
}
