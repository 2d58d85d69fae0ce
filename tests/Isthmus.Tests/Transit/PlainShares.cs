using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>The shares word by word as methods.md, "Shares", defines them, slow and without any sums kept.</summary>
internal static class PlainShares
{
    public static UpstreamShares Of(HeldRoute[] routes, int upstream, double[] weights)
    {
        var peerAses = routes.GroupBy(route => route.PeerAs).ToArray();
        var prefixes = routes.GroupBy(route => route.Prefix).ToArray();
        double PartOf(IEnumerable<HeldRoute> held) => held.Average(route => route.Upstream == upstream ? 1.0 : 0);
        double ByPrefix(IEnumerable<HeldRoute> held) => held.GroupBy(route => route.PeerAs).Average(PartOf);
        double addresses = prefixes.Sum(prefix => weights[prefix.Key]);
        double prefixShare = prefixes.Average(ByPrefix);
        return new(
            PartOf(routes),
            peerAses.Average(sessions => sessions.GroupBy(route => route.Peer).Average(PartOf)),
            prefixShare,
            addresses == 0 ? prefixShare : prefixes.Sum(prefix => weights[prefix.Key] * ByPrefix(prefix)) / addresses,
            peerAses.Average(sessions => sessions.Any(route => route.Upstream == upstream) ? 1.0 : 0),
            Hegemony.Of([.. peerAses.Select(sessions => sessions.GroupBy(route => route.Peer).Average(session =>
                Hegemony.Betweenness(AsnOf(upstream), session.Select(route => (route.Hops, weights[route.Prefix])))))]));
    }

    private static Asn AsnOf(int upstream) => new[] { new Asn(20485), new Asn(4837), new Asn(9002) }[upstream];
}
