using Isthmus.Wire;

namespace Isthmus.Transit;

/// <summary>One route of the subject that a peer holds at an instant.</summary>
internal readonly record struct HeldRoute(int Peer, Asn PeerAs, int Prefix, int Upstream, IReadOnlyList<Asn> Hops);

/// <summary>The shares of methods.md section 4.1 at one instant, and hegemony by section 5.</summary>
internal static class SharesAt
{
    /// <summary>The routes that counted peers hold at a time.</summary>
    public static IReadOnlyList<HeldRoute> Routes(Sightings sightings, Timestamp time, bool onlyCounted) => [.. sightings.All
        .Where(sighting => !onlyCounted || sightings.Counted[sighting.Peer])
        .Select(sighting => (Sighting: sighting, Holding: sighting.At(time)))
        .Where(held => held.Holding >= 0)
        .Select(held => new HeldRoute(held.Sighting.Peer, sightings.PeerAs(held.Sighting.Peer), held.Sighting.Prefix, held.Holding,
            sightings.Paths[sightings.Seen.Histories[held.Sighting.History].PathAt(time)].Clean.Hops))];

    /// <summary>All shares of one upstream.</summary>
    /// <param name="routes">Every counted route, whatever its upstream.</param>
    /// <param name="weights">Addresses of each prefix that no more specific prefix of the subject covers.</param>
    /// <param name="asn">The AS whose hegemony is asked: the upstream's.</param>
    public static UpstreamShares Of(int upstream, Asn asn, IReadOnlyList<HeldRoute> routes, IReadOnlyList<double> weights)
    {
        if (routes.Count == 0) return new(0, 0, 0, 0, 0, 0);
        double route = (double)routes.Count(held => held.Upstream == upstream) / routes.Count;
        var byPeerAs = routes.GroupBy(held => held.PeerAs).OrderBy(group => group.Key).ToArray();
        double peerAs = byPeerAs.Average(peers => peers
            .GroupBy(held => held.Peer).Average(session => session.Average(held => held.Upstream == upstream ? 1.0 : 0.0)));
        double coverage = (double)byPeerAs.Count(peers => peers.Any(held => held.Upstream == upstream)) / byPeerAs.Length;
        var byPrefix = routes.GroupBy(held => held.Prefix).OrderBy(group => group.Key)
            .Select(held => (Prefix: held.Key, Share: OfPrefix(upstream, held))).ToArray();
        double prefix = byPrefix.Average(held => held.Share);
        double total = byPrefix.Sum(held => weights[held.Prefix]);
        double address = total == 0 ? prefix : byPrefix.Sum(held => held.Share * weights[held.Prefix]) / total;
        return new(route, peerAs, prefix, address, coverage, HegemonyOf(asn, byPeerAs, weights));
    }

    /// <summary>Mean over the peer ASes that see a prefix of the part of their sessions that goes by the upstream.</summary>
    public static double OfPrefix(int upstream, IEnumerable<HeldRoute> ofPrefix) => ofPrefix
        .GroupBy(held => held.PeerAs).OrderBy(group => group.Key)
        .Average(peers => peers.Average(held => held.Upstream == upstream ? 1.0 : 0.0));

    private static double HegemonyOf(Asn asn, IEnumerable<IGrouping<Asn, HeldRoute>> byPeerAs, IReadOnlyList<double> weights) =>
        Hegemony.Of([.. byPeerAs.Select(peers => peers.GroupBy(held => held.Peer).Average(session =>
            Hegemony.Betweenness(asn, session.Select(held => (held.Hops, weights[held.Prefix])))))]);

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
