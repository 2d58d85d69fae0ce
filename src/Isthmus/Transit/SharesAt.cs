using Isthmus.Wire;

namespace Isthmus.Transit;

/// <summary>One route of the subject that a peer holds at an instant.</summary>
internal readonly record struct HeldRoute(int Peer, Asn PeerAs, int Prefix, int Upstream, IReadOnlyList<Asn> Hops);

/// <summary>The shares of methods.md section 4.1 at one instant, and hegemony by section 5.</summary>
internal static class SharesAt
{
    /// <summary>The routes that peers, or the counted ones, hold at a time, sorted by prefix, then peer.</summary>
    public static HeldRoute[] Routes(Sightings sightings, Timestamp time, bool onlyCounted) => [.. sightings.All
        .Where(sighting => !onlyCounted || sightings.Counted[sighting.Peer])
        .Select(sighting => (Sighting: sighting, Holding: sighting.At(time)))
        .Where(held => held.Holding >= 0)
        .Select(held => new HeldRoute(held.Sighting.Peer, sightings.PeerAs(held.Sighting.Peer), held.Sighting.Prefix, held.Holding,
            sightings.Paths[sightings.Seen.Histories[held.Sighting.History].PathAt(time)].Clean.Hops))];

    /// <summary>All shares of every upstream that some route goes by, in one pass over the routes.</summary>
    /// <param name="routes">Every counted route, whatever its upstream, sorted by prefix.</param>
    /// <param name="asns">The AS number of each upstream.</param>
    /// <param name="weights">Addresses of each prefix that no more specific prefix of the subject covers.</param>
    public static IReadOnlyDictionary<int, UpstreamShares> All(
        HeldRoute[] routes, IReadOnlyList<Asn> asns, IReadOnlyList<double> weights)
    {
        Dictionary<int, double> route = [], peerAs = [], prefix = [], address = [], coverage = [];
        foreach (var held in routes) Add(route, held.Upstream, 1.0 / routes.Length);
        var crossing = asns.ToDictionary(asn => asn, _ => new List<double>());
        var byPeerAs = routes.GroupBy(held => held.PeerAs).OrderBy(group => group.Key).ToArray();
        foreach (var peers in byPeerAs)
        {
            foreach (var (upstream, part) in MeanParts(peers)) Add(peerAs, upstream, part / byPeerAs.Length);
            foreach (int upstream in peers.Select(held => held.Upstream).Distinct()) Add(coverage, upstream, 1.0 / byPeerAs.Length);
            foreach (var (asn, betweenness) in MeanBetweenness(peers, weights))
                if (crossing.TryGetValue(asn, out var values)) values.Add(betweenness);
        }
        int prefixes = 0;
        double total = 0;
        foreach (var ofPrefix in ByPrefix(routes)) (prefixes, total) = (prefixes + 1, total + weights[ofPrefix[0].Prefix]);
        foreach (var ofPrefix in ByPrefix(routes))
            foreach (var (upstream, part) in PartsOfPrefix(ofPrefix))
            {
                Add(prefix, upstream, part / prefixes);
                Add(address, upstream, total == 0 ? part / prefixes : part * weights[ofPrefix[0].Prefix] / total);
            }
        // Peer ASes that never see an AS count zero for it (methods.md section 5, step 5).
        double HegemonyOf(Asn asn) => Hegemony.Of([.. crossing[asn], .. Enumerable.Repeat(0.0, byPeerAs.Length - crossing[asn].Count)]);
        return route.Keys.Order().ToDictionary(upstream => upstream, upstream => new UpstreamShares(
            route[upstream], peerAs[upstream], prefix[upstream], address.GetValueOrDefault(upstream), coverage[upstream],
            HegemonyOf(asns[upstream])));
    }

    private static IEnumerable<ArraySegment<HeldRoute>> ByPrefix(HeldRoute[] routes)
    {
        for (int from = 0, to; from < routes.Length; from = to)
        {
            to = from + 1;
            while (to < routes.Length && routes[to].Prefix == routes[from].Prefix) to++;
            yield return new(routes, from, to - from);
        }
    }

    // Each session's parts, averaged over the sessions of one peer AS.
    private static Dictionary<int, double> MeanParts(IEnumerable<HeldRoute> ofPeerAs)
    {
        var parts = new Dictionary<int, double>();
        var sessions = ofPeerAs.GroupBy(held => held.Peer).ToArray();
        foreach (var session in sessions)
        {
            int count = session.Count();
            foreach (var held in session) Add(parts, held.Upstream, 1.0 / count / sessions.Length);
        }
        return parts;
    }

    private static Dictionary<Asn, double> MeanBetweenness(IEnumerable<HeldRoute> ofPeerAs, IReadOnlyList<double> weights)
    {
        var crossing = new Dictionary<Asn, double>();
        var sessions = ofPeerAs.GroupBy(held => held.Peer).ToArray();
        foreach (var session in sessions)
        {
            double total = session.Sum(held => weights[held.Prefix]);
            if (total == 0) continue;
            foreach (var held in session)
                foreach (var hop in held.Hops)
                    crossing[hop] = crossing.GetValueOrDefault(hop) + weights[held.Prefix] / total / sessions.Length;
        }
        return crossing;
    }

    /// <summary>For each upstream of a prefix: the mean over peer ASes of the part of their sessions that goes by it.</summary>
    public static IReadOnlyDictionary<int, double> PartsOfPrefix(IEnumerable<HeldRoute> ofPrefix)
    {
        var parts = new Dictionary<int, double>();
        var ases = ofPrefix.GroupBy(held => held.PeerAs).ToArray();
        foreach (var peers in ases)
        {
            int count = peers.Count();
            foreach (var held in peers) Add(parts, held.Upstream, 1.0 / count / ases.Length);
        }
        return parts;
    }

    private static void Add(Dictionary<int, double> sums, int key, double value) => sums[key] = sums.GetValueOrDefault(key) + value;

    /// <summary>
    /// For each prefix the addresses that no more specific prefix of the list covers. Where the subject has IPv4 these
    /// are IPv4 addresses and IPv6 prefixes weigh nothing; otherwise they are /48s.
    /// </summary>
    public static IReadOnlyList<double> Weights(IReadOnlyList<Prefix> prefixes)
    {
        var family = prefixes.Any(prefix => prefix.Family is AddressFamily.IPv4) ? AddressFamily.IPv4 : AddressFamily.IPv6;
        double[] weights = new double[prefixes.Count];
        var covering = new Stack<int>();
        // Sorted, a prefix follows what covers it: what it holds is taken from the nearest one that does.
        foreach (int i in Enumerable.Range(0, prefixes.Count).Where(i => prefixes[i].Family == family).OrderBy(i => prefixes[i]))
        {
            weights[i] = family is AddressFamily.IPv4 ? Math.Pow(2, 32 - prefixes[i].Length) : Math.Pow(2, 48 - prefixes[i].Length);
            while (covering.TryPeek(out int above) && !prefixes[above].Covers(prefixes[i])) covering.Pop();
            if (covering.TryPeek(out int parent)) weights[parent] -= weights[i];
            covering.Push(i);
        }
        return weights;
    }
}
