using Isthmus.Registry;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>One route of the subject that a peer holds at an instant, or its part by one of several upstreams.</summary>
/// <param name="Part">1, or with several upstreams at once an equal part for each.</param>
internal readonly record struct HeldRoute(int Peer, Asn PeerAs, int Prefix, int Upstream, IReadOnlyList<Asn> Hops, double Part = 1);

/// <summary>What the peers hold at one instant, and the shares of methods.md, "Shares", that follow from it.</summary>
internal static class SharesAt
{
    /// <summary>The routes that the counted peers hold at a time, sorted by prefix, then peer.</summary>
    public static HeldRoute[] Counted(Sightings sightings, Timestamp time)
    {
        int parts = 0, at = 0;
        foreach (var sighting in sightings.All)
            if (sightings.Counted[sighting.Peer]) parts += sightings.UpstreamsOf(sighting.At(time)).Length;
        var routes = new HeldRoute[parts];
        foreach (var sighting in sightings.All)
            if (sightings.Counted[sighting.Peer]) at += Put(routes.AsSpan(at), sightings, sighting, sighting.At(time), time);
        return routes;
    }

    /// <summary>All routes that are proved to be held at the end, whoever counts, in the same order.</summary>
    public static HeldRoute[] AtEnd(Sightings sightings)
    {
        int parts = 0, at = 0;
        foreach (var sighting in sightings.All) parts += sightings.UpstreamsOf(sighting.AtEnd).Length;
        var routes = new HeldRoute[parts];
        foreach (var sighting in sightings.All)
            at += Put(routes.AsSpan(at), sightings, sighting, sighting.AtEnd, sightings.Seen.To);
        return routes;
    }

    // The parts of one route; how many there are.
    private static int Put(Span<HeldRoute> routes, Sightings sightings, Sighting sighting, int holding, Timestamp time)
    {
        int[] upstreams = sightings.UpstreamsOf(holding);
        if (upstreams.Length == 0) return 0;
        int path = sightings.Seen.Histories[sighting.History].PathAt(time);
        for (int i = 0; i < upstreams.Length; i++)
            routes[i] = new(sighting.Peer, sightings.PeerAs(sighting.Peer), sighting.Prefix, upstreams[i],
                sightings.Paths[sightings.PathBy(path, upstreams[i])].Clean.Hops, 1.0 / upstreams.Length);
        return upstreams.Length;
    }

    /// <summary>Those of the counted routes whose session holds enough of the subject to vote, of one address family.</summary>
    /// <param name="counted">From <see cref="Counted"/>.</param>
    public static HeldRoute[] OfVoters(Sightings sightings, HeldRoute[] counted)
    {
        int[] held = Visible(sightings);
        double floor = VotingFloor.Of(held.Where(prefixes => prefixes > 0));
        return Array.TrueForAll(counted, Votes) ? counted : Array.FindAll(counted, Votes);

        bool Votes(HeldRoute route) => held[route.Peer] >= floor;
    }

    /// <summary>
    /// Sessions that hold something, too little to vote, and of so many prefixes of which nothing is known at the end that they may hold
    /// enough.
    /// </summary>
    public static IReadOnlySet<int> MayVote(Sightings sightings)
    {
        int[] held = Visible(sightings), unknown = new int[held.Length];
        double floor = VotingFloor.Of(held.Where(prefixes => prefixes > 0));
        foreach (var sighting in sightings.All)
            if (sighting.At(sightings.Seen.To) == Holding.Unknown) unknown[sighting.Peer]++;
        return Enumerable.Range(0, held.Length)
            .Where(peer => held[peer] > 0 && held[peer] < floor && held[peer] + unknown[peer] >= floor).ToHashSet();
    }

    // How many prefixes each counted session holds at the end, whether or not an upstream can be counted.
    private static int[] Visible(Sightings sightings)
    {
        int[] held = new int[sightings.Seen.Peers.Count];
        foreach (var sighting in sightings.All)
            if (sightings.Counted[sighting.Peer] && Holding.IsSubject(sighting.At(sightings.Seen.To))) held[sighting.Peer]++;
        return held;
    }

    /// <summary>All shares of every upstream that some route goes by, each peer AS weighing the same.</summary>
    /// <param name="routes">Every counted route, whatever its upstream, sorted by prefix.</param>
    /// <param name="asns">The AS number of each upstream.</param>
    /// <param name="weights">Addresses of each prefix that no more specific prefix of the subject covers.</param>
    public static IReadOnlyDictionary<int, UpstreamShares> All(
        HeldRoute[] routes, IReadOnlyList<Asn> asns, IReadOnlyList<double> weights)
    {
        var votes = new Votes(routes, asns, weights).All;
        var groups = new VoteGroups(Weighting.PeerAs, _ => Country.None);
        var shares = new ShareTally(votes, asns.Count, weights, often: true).Shares(groups.Weigh(votes));
        return routes.Select(held => held.Upstream).Distinct().Order().ToDictionary(upstream => upstream, upstream => shares[upstream]);
    }

    /// <summary>For each upstream of a prefix: the weighed mean over peer ASes of the part of their sessions that goes by it.</summary>
    public static IReadOnlyDictionary<int, double> PartsOfPrefix(IEnumerable<HeldRoute> ofPrefix, VoteGroups groups)
    {
        var parts = new Dictionary<int, double>();
        var ases = ofPrefix.GroupBy(held => held.PeerAs).OrderBy(group => group.Key).ToArray();
        double[] weights = groups.Weigh([.. ases.Select(peers => groups.Of(peers.Key))]);
        foreach (var (place, peers) in ases.Index())
        {
            double routes = peers.Sum(held => held.Part);
            foreach (var held in peers)
                parts[held.Upstream] = parts.GetValueOrDefault(held.Upstream) + weights[place] * held.Part / routes;
        }
        return parts;
    }

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
        foreach (int i in PrefixUnion.InOrder(prefixes))
        {
            if (prefixes[i].Family != family) continue;
            weights[i] = family is AddressFamily.IPv4 ? Math.Pow(2, 32 - prefixes[i].Length) : Math.Pow(2, 48 - prefixes[i].Length);
            while (covering.TryPeek(out int above) && !prefixes[above].Covers(prefixes[i])) covering.Pop();
            if (covering.TryPeek(out int parent)) weights[parent] -= weights[i];
            covering.Push(i);
        }
        return weights;
    }
}
