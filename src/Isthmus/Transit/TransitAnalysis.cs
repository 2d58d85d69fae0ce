using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit;

/// <summary>From what the peers held to who carried the subject: shares, size, series and changes.</summary>
public static class TransitAnalysis
{
    /// <summary>Prefixes with a series of their own; a report of thousands would drown in them.</summary>
    public const int PrefixSeriesMax = 32;

    /// <summary>A prefix counts as routed when this part of the peer ASes holds it (methods.md section 4.3).</summary>
    public const double VisibleFrom = 0.5;

    /// <summary>Answers for a subject.</summary>
    /// <param name="bin">Width of the bins of the series.</param>
    public static TransitAnswer Answer(Observations seen, AttributedPaths paths, TimeSpan bin)
    {
        var sightings = new Sightings(seen, paths);
        var sweep = new ShareSweep(sightings, null);
        var counted = SharesAt.Routes(sightings, seen.To, onlyCounted: true);
        var all = SharesAt.Routes(sightings, seen.To, onlyCounted: false);
        var weights = SharesAt.Weights(sightings.Prefixes);
        var prefixes = PrefixStates(sightings, counted, all);
        // A single instant has no series.
        bool hasTime = seen.To > seen.From;
        return new(
            SizeOf(prefixes), Upstreams(sightings, counted, all, weights), prefixes,
            ChangeDetector.Find(sightings, sweep),
            hasTime ? sweep.Bins(seen.From, seen.To, bin) : [],
            hasTime ? [.. sightings.Prefixes.Take(PrefixSeriesMax).Select((prefix, index) => new PrefixSeries(prefix, new ShareSweep(sightings, index).Bins(seen.From, seen.To, bin)))] : [],
            sightings.Basis, FullFeedPeerAses(seen));
    }

    private static int FullFeedPeerAses(Observations seen) =>
        seen.Peers.Where(feed => feed.FullIpv4 || feed.FullIpv6).Select(feed => feed.Peer.Asn).Distinct().Count();

    private static UpstreamState[] Upstreams(
        Sightings sightings, IReadOnlyList<HeldRoute> counted, IReadOnlyList<HeldRoute> all, IReadOnlyList<double> weights)
    {
        var states = new List<UpstreamState>();
        for (int upstream = 0; upstream < sightings.Upstreams.Count; upstream++)
        {
            var asn = sightings.Upstreams[upstream];
            var (first, last) = Seen(sightings, upstream);
            int peerAses = all.Where(held => held.Upstream == upstream).Select(held => held.PeerAs).Distinct().Count();
            states.Add(new(asn, first, last, peerAses, Adjacent: false, SharesAt.Of(upstream, asn, counted, weights)));
        }
        return [.. states.OrderByDescending(state => state.Shares.PeerAs).ThenByDescending(state => state.PeerAses).ThenBy(state => state.Asn)];
    }

    private static (Timestamp First, Timestamp Last) Seen(Sightings sightings, int upstream)
    {
        Timestamp first = sightings.Seen.To, last = sightings.Seen.From;
        foreach (var sighting in sightings.All)
            for (int i = 0; i < sighting.Times.Length; i++)
            {
                if (sighting.Holdings[i] != upstream) continue;
                var end = i + 1 < sighting.Times.Length ? sighting.Times[i + 1] : sightings.Seen.To;
                if (sighting.Times[i] < first) first = sighting.Times[i];
                if (end > last) last = end;
            }
        return (first, last);
    }

    private static PrefixState[] PrefixStates(Sightings sightings, IReadOnlyList<HeldRoute> counted, IReadOnlyList<HeldRoute> all)
    {
        var states = new List<PrefixState>();
        var bySighting = Enumerable.Range(0, sightings.All.Length).ToLookup(index => sightings.All[index].Prefix);
        for (int prefix = 0; prefix < sightings.Prefixes.Length; prefix++)
        {
            int number = prefix;
            var holders = bySighting[prefix].Select(index => sightings.All[index]).Where(sighting => Holding.IsSubject(sighting.At(sightings.Seen.To))).ToArray();
            if (holders.Length == 0) continue;
            var shares = counted.Where(held => held.Prefix == number).ToArray();
            var routes = all.Where(held => held.Prefix == number).ToArray();
            var upstreams = routes.Select(held => held.Upstream).Distinct()
                .Select(upstream => new PrefixUpstream(
                    sightings.Upstreams[upstream], shares.Length == 0 ? 0 : SharesAt.OfPrefix(upstream, shares),
                    routes.Where(held => held.Upstream == upstream).Select(held => held.PeerAs).Distinct().Count()))
                .OrderByDescending(upstream => upstream.PeerAs).ThenBy(upstream => upstream.Asn);
            states.Add(new(sightings.Prefixes[prefix], OriginOf(sightings, holders), Visibility(sightings, prefix),
                holders.Select(holder => sightings.PeerAs(holder.Peer)).Distinct().Count(), [.. upstreams]));
        }
        return [.. states];
    }

    private static double Visibility(Sightings sightings, int prefix) =>
        new ShareSweep(sightings, prefix).At([sightings.Seen.To]).Single().Visibility ?? 0;

    private static Asn OriginOf(Sightings sightings, IEnumerable<Sighting> holders) => holders
        .Select(holder => sightings.Paths[sightings.Seen.Histories[holder.History].PathAt(sightings.Seen.To)].Origin).OfType<Asn>()
        .GroupBy(asn => asn).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => group.Key).FirstOrDefault();

    private static SubjectSize SizeOf(IReadOnlyCollection<PrefixState> prefixes)
    {
        var visible = prefixes.Where(state => state.Visibility >= VisibleFrom).ToArray();
        // Where fewer full feeds than that hold anything, what is held at all is what there is to say.
        var routed = visible.Length > 0 ? visible : [.. prefixes];
        var union = PrefixUnion.Of(routed.Select(state => state.Prefix));
        return new(union.Prefixes, union.Ipv4Addresses, union.Ipv4Slash24s, union.Ipv6Slash48s, routed.Select(state => state.Origin).Distinct().Count());
    }
}
