using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Incidents;
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
    /// <param name="weighting">Who has one vote in the shares.</param>
    public static TransitAnswer Answer(
        Observations seen, AttributedPaths paths, TimeSpan bin, Weighting weighting = Weighting.PeerAs)
    {
        var groups = new VoteGroups(weighting, paths.Registry.CountryOf);
        var told = new Sightings(seen, paths);
        var court = new VantagePointCourt(told, groups);
        // From here on a vantage point that has no vote is not heard.
        var sightings = court.Heard;
        var sweep = new ShareSweep(sightings, null, groups);
        var counted = SharesAt.Routes(sightings, seen.To, onlyCounted: true);
        var all = SharesAt.Routes(sightings, seen.To, onlyCounted: false);
        var shares = new ShareReckoning(sightings, counted, groups);
        var prefixes = PrefixStates(sightings, counted, all, groups);
        // A single instant has no series.
        bool hasTime = seen.To > seen.From;
        var changes = ChangeDetector.Find(court, sweep);
        return new(
            SizeOf(prefixes), Upstreams(sightings, all, shares), prefixes,
            changes,
            hasTime ? sweep.Bins(seen.From, seen.To, bin) : [],
            hasTime ? [.. sightings.Prefixes.Take(PrefixSeriesMax).Select((prefix, index) =>
                new PrefixSeries(prefix, new ShareSweep(sightings, index, groups).Bins(seen.From, seen.To, bin)))] : [],
            sightings.Basis, FullFeedPeerAses(seen))
        {
            Incidents = IncidentLog.Of(changes, seen.To),
            Shares = shares.Basis,
            VantagePoints = court.Verdicts(shares.Votes),
        };
    }

    private static int FullFeedPeerAses(Observations seen) =>
        seen.Peers.Where(feed => feed.FullIpv4 || feed.FullIpv6).Select(feed => feed.Peer.Asn).Distinct().Count();

    private static UpstreamState[] Upstreams(Sightings sightings, HeldRoute[] all, ShareReckoning shares)
    {
        var seen = Seen(sightings);
        var peerAses = all.GroupBy(held => held.Upstream)
            .ToDictionary(group => group.Key, group => group.Select(held => held.PeerAs).Distinct().Count());
        return [.. sightings.Upstreams.Select((asn, upstream) => new UpstreamState(
            asn, seen[upstream].First, seen[upstream].Last, peerAses.GetValueOrDefault(upstream), Adjacent: false, shares.Of(upstream))
            {
                Intervals = shares.IntervalsOf(upstream),
                Countries = shares.SpreadOf(upstream),
            })
            // Shares that differ by rounding alone are equal, and no order.
            .OrderByDescending(state => Math.Round(state.Shares.PeerAs, 9))
            .ThenByDescending(state => state.PeerAses).ThenBy(state => state.Asn)];
    }

    // The first and last time that any peer held a route by each upstream.
    private static (Timestamp First, Timestamp Last)[] Seen(Sightings sightings)
    {
        var seen = new (Timestamp First, Timestamp Last)[sightings.Upstreams.Count];
        Array.Fill(seen, (sightings.Seen.To, sightings.Seen.From));
        foreach (var sighting in sightings.All)
            for (int i = 0; i < sighting.Runs.Length; i++)
            {
                var run = sighting.Runs[i];
                if (run.Holding < 0) continue;
                ref var of = ref seen[run.Holding];
                var end = i + 1 < sighting.Runs.Length ? sighting.Runs[i + 1].From : sightings.Seen.To;
                if (run.From < of.First) of.First = run.From;
                if (end > of.Last) of.Last = end;
            }
        return seen;
    }

    private static PrefixState[] PrefixStates(Sightings sightings, HeldRoute[] counted, HeldRoute[] all, VoteGroups groups)
    {
        var states = new List<PrefixState>();
        var watching = new Watching(sightings);
        int sighting = 0, one = 0, other = 0;
        for (int prefix = 0; prefix < sightings.Prefixes.Length; prefix++)
        {
            // All three are sorted by prefix.
            var ofPrefix = Next(sightings.All, ref sighting, entry => entry.Prefix, prefix);
            var shares = Next(counted, ref one, held => held.Prefix, prefix);
            var routes = Next(all, ref other, held => held.Prefix, prefix);
            Sighting[] holders = [.. ofPrefix.Where(entry => Holding.IsSubject(entry.At(sightings.Seen.To)))];
            if (holders.Length == 0) continue;
            var parts = SharesAt.PartsOfPrefix(shares, groups);
            var upstreams = routes.GroupBy(held => held.Upstream)
                .Select(by => new PrefixUpstream(
                    sightings.Upstreams[by.Key], parts.GetValueOrDefault(by.Key), by.Select(held => held.PeerAs).Distinct().Count()))
                .OrderByDescending(upstream => upstream.PeerAs).ThenBy(upstream => upstream.Asn);
            states.Add(new(sightings.Prefixes[prefix], OriginOf(sightings, holders), watching.VisibilityOf(ofPrefix),
                holders.Select(holder => sightings.PeerAs(holder.Peer)).Distinct().Count(), [.. upstreams]));
        }
        return [.. states];
    }

    /// <summary>How large the subject is at the end of the period.</summary>
    /// <param name="counted">From <see cref="SharesAt.Routes"/>.</param>
    internal static SubjectSize SizeOf(Sightings sightings, HeldRoute[] counted) =>
        SizeOf(PrefixStates(sightings, counted, SharesAt.Routes(sightings, sightings.Seen.To, onlyCounted: false),
            new(Weighting.PeerAs, sightings.Paths.Registry.CountryOf)));

    private static ArraySegment<T> Next<T>(T[] sorted, ref int from, Func<T, int> prefixOf, int prefix)
    {
        int start = from;
        while (from < sorted.Length && prefixOf(sorted[from]) == prefix) from++;
        return new(sorted, start, from - start);
    }

    /// <summary>Who watches at the end of the period: the sessions that count and whose table is known.</summary>
    private sealed class Watching(Sightings sightings)
    {
        private readonly Dictionary<Asn, int[]> _sessions = Enumerable.Range(0, sightings.Seen.Peers.Count)
            .Where(peer => sightings.Counted[peer] && sightings.Seen.Peers[peer].Up is [.., var last] && last.To >= sightings.Seen.To)
            .GroupBy(sightings.PeerAs).ToDictionary(group => group.Key, group => group.ToArray());

        /// <summary>Mean over peer ASes of the part of their sessions that holds the prefix.</summary>
        public double VisibilityOf(IReadOnlyList<Sighting> ofPrefix)
        {
            var holding = new Dictionary<int, bool>();
            foreach (var sighting in ofPrefix)
                if (sightings.Counted[sighting.Peer] && sighting.At(sightings.Seen.To) is not Holding.Unknown and var held)
                    holding[sighting.Peer] = Holding.IsSubject(held);
            // A session whose table was never known is known as far as it has spoken.
            var spoken = holding.Keys.GroupBy(sightings.PeerAs).Where(group => !_sessions.ContainsKey(group.Key)).ToArray();
            int ases = _sessions.Count + spoken.Length;
            if (ases == 0) return 0;
            double seen = holding.Where(entry => entry.Value).GroupBy(entry => sightings.PeerAs(entry.Key))
                .Sum(group => (double)group.Count() / (_sessions.GetValueOrDefault(group.Key)?.Length ?? group.Count()));
            return Math.Min(1, seen / ases);
        }
    }

    private static Asn OriginOf(Sightings sightings, IEnumerable<Sighting> holders) => holders
        .Select(holder => sightings.Paths[sightings.Seen.Histories[holder.History].PathAt(sightings.Seen.To)].Origin).OfType<Asn>()
        .GroupBy(asn => asn).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => group.Key)
        .FirstOrDefault();

    private static SubjectSize SizeOf(IReadOnlyCollection<PrefixState> prefixes)
    {
        var visible = prefixes.Where(state => state.Visibility >= VisibleFrom).ToArray();
        // Where fewer full feeds than that hold anything, what is held at all is what there is to say.
        var routed = visible.Length > 0 ? visible : [.. prefixes];
        var union = PrefixUnion.Of(routed.Select(state => state.Prefix));
        return new(union.Prefixes, union.Ipv4Addresses, union.Ipv4Slash24s, union.Ipv6Slash48s,
            routed.Select(state => state.Origin).Distinct().Count());
    }
}
