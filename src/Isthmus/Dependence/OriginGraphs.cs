using System.Runtime.InteropServices;

using Isthmus.Routes;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>
/// The local graphs of all origins of a scope, one after the other (<see cref="HegemonyScores"/>): each route of a peer is looked at once, and
/// what is computed of an origin is let go of before the next.
/// </summary>
internal sealed class OriginGraphs
{
    private readonly WholeTable _table;
    private readonly IReadOnlyList<PeerPaths> _walked;

    // By origin, then session: what it reaches of it by a path.
    private readonly (Asn Origin, int Session, int Path, double Weight)[] _routes;

    // The place of each session's peer AS among all.
    private readonly int[] _asOf;
    private readonly int _ases;

    /// <param name="walked">What each session reaches; one that reaches nothing of an origin has no say on it.</param>
    /// <param name="takes">Which origins; the weight of an AS_SET is split equally over its members.</param>
    public OriginGraphs(WholeTable table, IReadOnlyList<PeerPaths> walked, Func<Asn, bool> takes)
    {
        (_table, _walked) = (table, walked);
        Asn[] ases = [.. walked.Select(peer => table.Peers[peer.Peer].Peer.Asn).Distinct().Order()];
        _asOf = [.. walked.Select(peer => Array.BinarySearch(ases, table.Peers[peer.Peer].Peer.Asn))];
        _ases = ases.Length;
        var routes = new List<(Asn Origin, int Session, int Path, double Weight)>();
        for (int session = 0; session < walked.Count; session++)
            foreach (var (path, weight, _) in walked[session].Paths)
            {
                if (weight == 0 || !table.IsBelieved(walked[session].Peer, path)) continue;
                var origins = table.Paths[path].Origins;
                foreach (var origin in origins)
                    if (takes(origin)) routes.Add((origin, session, path, weight / origins.Length));
            }
        _routes = [.. routes];
        // Stable, so that sums are added up in one order.
        Array.Sort(_routes, (one, two) => one.Origin.CompareTo(two.Origin) is var byOrigin and not 0 ? byOrigin
            : one.Session.CompareTo(two.Session) is var bySession and not 0 ? bySession : one.Path.CompareTo(two.Path));
        Origins = [.. _routes.Select(route => route.Origin).Distinct()];
    }

    /// <summary>The origins, in order.</summary>
    public Asn[] Origins { get; }

    /// <summary>The mean of the scores of each AS over the origins.</summary>
    /// <param name="voters">To so many peer ASes each score is filled up with zeros; 0 for those that hold a route of the origin.</param>
    /// <param name="weightOf">The weight of an origin; null for 1 each.</param>
    /// <param name="transitOnly">True to leave out what an origin is for itself.</param>
    public Dictionary<Asn, double> Means(int voters, Func<Asn, double>? weightOf = null, bool transitOnly = true)
    {
        var sums = new Dictionary<Asn, double>();
        var graph = new Graph(_ases);
        double total = 0;
        for (int start = 0, end; start < _routes.Length; start = end)
        {
            var origin = _routes[start].Origin;
            for (end = start; end < _routes.Length && _routes[end].Origin == origin; end++) { }
            double weight = weightOf?.Invoke(origin) ?? 1;
            if (weight <= 0) continue;
            total += weight;
            if (!transitOnly) CollectionsMarshal.GetValueRefOrAddDefault(sums, origin, out _) += weight;
            Fill(graph, _routes.AsSpan(start..end));
            graph.AddTo(sums, weight, voters);
        }
        foreach (var asn in sums.Keys) sums[asn] /= total;
        return sums;
    }

    private void Fill(Graph graph, ReadOnlySpan<(Asn Origin, int Session, int Path, double Weight)> routes)
    {
        graph.Clear();
        for (int start = 0, end; start < routes.Length; start = end)
        {
            int session = routes[start].Session;
            double reached = 0;
            for (end = start; end < routes.Length && routes[end].Session == session; end++) reached += routes[end].Weight;
            graph.Vote(_asOf[session]);
            foreach (var (_, _, path, weight) in routes[start..end])
                foreach (var asn in _table.Paths[path].Carriers) graph.Add(asn, _asOf[session], weight / reached);
        }
    }

    /// <summary>The same apart for each origin, to be drawn from; none where origins times peer ASes are more.</summary>
    public IReadOnlyList<VotedParts<Asn>> Tallies(int most)
    {
        if ((long)Origins.Length * _ases > most) return [];
        Peer[] peers = [.. _walked.Select(peer => _table.Peers[peer.Peer].Peer)];
        var tallies = Origins.ToDictionary(origin => origin, _ => new VotedParts<Asn>(peers));
        foreach (var (origin, session, path, weight) in _routes)
        {
            tallies[origin].AddTotal(session, weight);
            foreach (var asn in _table.Paths[path].Carriers) tallies[origin].Add(session, asn, weight);
        }
        return [.. Origins.Select(origin => tallies[origin])];
    }

    /// <summary>One origin: for each AS the sum of its betweenness over the sessions of each peer AS.</summary>
    private sealed class Graph(int ases)
    {
        private readonly Dictionary<Asn, int> _rows = [];
        private readonly int[] _sessions = new int[ases];
        private readonly double[] _values = new double[ases];
        private double[] _sums = new double[ases * 64];

        public void Clear()
        {
            _sums.AsSpan(0, _rows.Count * ases).Clear();
            _rows.Clear();
            Array.Clear(_sessions);
        }

        public void Vote(int peerAs) => _sessions[peerAs]++;

        public void Add(Asn asn, int peerAs, double part)
        {
            ref int row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, asn, out bool isKnown);
            if (!isKnown) row = _rows.Count - 1;
            if ((row + 1) * ases > _sums.Length) Array.Resize(ref _sums, _sums.Length * 2);
            _sums[row * ases + peerAs] += part;
        }

        public void AddTo(Dictionary<Asn, double> sums, double weight, int voters)
        {
            int all = Math.Max(voters, _sessions.AsSpan().Length - _sessions.AsSpan().Count(0)), cut = (int)(Hegemony.Trim * all);
            foreach (var (asn, row) in _rows)
            {
                var parts = _sums.AsSpan(row * ases, ases);
                int met = 0;
                for (int peerAs = 0; peerAs < ases; peerAs++)
                    if (parts[peerAs] > 0) _values[met++] = parts[peerAs] / _sessions[peerAs];
                // As many as are left out at the upper end see it, or fewer.
                if (met <= cut) continue;
                var values = _values.AsSpan(0, met);
                values.Sort();
                // Zeros stand before them: of the lower end those are left out first.
                double sum = 0;
                for (int i = Math.Max(0, cut - (all - met)); i < met - cut; i++) sum += values[i];
                if (sum > 0) CollectionsMarshal.GetValueRefOrAddDefault(sums, asn, out _) += weight * sum / (all - 2 * cut);
            }
        }
    }
}
