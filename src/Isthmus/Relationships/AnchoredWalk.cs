using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Relationships;

/// <summary>
/// Relationships by a walk that anyone can follow with a finger: from the origin of each path to the first transit-free AS every AS buys
/// from the next (docs/methods.md, "Relationships"; BGPKIT's as2rel).
/// </summary>
public static class AnchoredWalk
{
    // Transit-free in one family alone, or by some accounts: they end the walk where the next hop is one that is so beyond doubt.
    private static readonly Asn _doubtful = new(6461), _doubtfulIpv6 = new(6939);

    /// <summary>Infers what the neighbours on some paths are to each other. Links that no path decides are told as peerings.</summary>
    /// <param name="ipv6">True for paths of IPv6 routes, where AS6939 may be transit-free.</param>
    public static RelationshipGraph Infer(SeenPaths paths, bool ipv6 = false)
    {
        var links = new SeenLinks(paths);
        // Paths by which the lower or the higher id is the provider; those beyond the top count where none stands below it.
        var votes = new (int Low, int High)[links.Count];
        var beyond = new (int Low, int High)[links.Count];
        for (int path = 0; path < paths.Count; path++)
        {
            var hops = paths[path];
            int top = TopOf(paths, hops, ipv6);
            if (top < 0) continue;
            for (int i = hops.Length - 1; i > top; i--) Vote(votes, links.Between(hops[i - 1], hops[i]), hops[i - 1], hops[i]);
            // Who has a route of an AS that buys from nobody has it of a provider or a peer, and passes it to customers alone.
            for (int i = top - 1; i > 0; i--) Vote(beyond, links.Between(hops[i - 1], hops[i]), hops[i], hops[i - 1]);
        }
        var told = new List<AsLink>(links.Count);
        for (int link = 0; link < links.Count; link++)
        {
            var (low, high) = links.EndsOf(link);
            var (forLow, forHigh) = votes[link] is (0, 0) ? beyond[link] : votes[link];
            bool areTop = PathCleaning.IsTransitFree(paths.AsOf(low)) && PathCleaning.IsTransitFree(paths.AsOf(high));
            told.Add(links.Told(link, areTop || forLow == forHigh ? -1 : forLow > forHigh ? low : high));
        }
        return RelationshipGraph.Of(told, [.. Enumerable.Range(0, paths.AsCount).Select(paths.AsOf).Where(PathCleaning.IsTransitFree)]);
    }

    // Where the walk from the origin ends; -1 where the path has no such AS, or only one that is doubtful.
    private static int TopOf(SeenPaths paths, ReadOnlySpan<int> hops, bool ipv6)
    {
        for (int i = hops.Length - 1; i >= 0; i--)
        {
            var asn = paths.AsOf(hops[i]);
            if (PathCleaning.IsTransitFree(asn)) return i;
            if (asn == _doubtful || ipv6 && asn == _doubtfulIpv6)
                return i > 0 && PathCleaning.IsTransitFree(paths.AsOf(hops[i - 1])) ? i : -1;
        }
        return -1;
    }

    private static void Vote((int Low, int High)[] votes, int link, int provider, int customer)
    {
        if (provider < customer) votes[link].Low++; else votes[link].High++;
    }
}
