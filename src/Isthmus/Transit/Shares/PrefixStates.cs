using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>How each prefix of one address family stands at the end of the period: the one place that says which there are.</summary>
internal static class PrefixStates
{
    /// <summary>The prefixes that some peer holds at the end, sorted.</summary>
    /// <param name="sightings">Of one family.</param>
    public static PrefixState[] Of(Sightings sightings, VoteGroups groups)
    {
        var end = sightings.Seen.To;
        var counted = SharesAt.Counted(sightings, end);
        var all = SharesAt.AtEnd(sightings);
        var states = new List<PrefixState>();
        var (watching, origins, peerAses) = (new Watching(sightings), new OriginTally(sightings), new PeerAsTally(sightings));
        int sighting = 0, one = 0, other = 0;
        for (int prefix = 0; prefix < sightings.Prefixes.Length; prefix++)
        {
            // All three are sorted by prefix.
            var ofPrefix = Next(sightings.All, ref sighting, entry => entry.Prefix, prefix);
            var shares = Next(counted, ref one, held => held.Prefix, prefix);
            var routes = Next(all, ref other, held => held.Prefix, prefix);
            if (!IsHeld(ofPrefix)) continue;
            var own = origins.Of(ofPrefix, ownAlone: true);
            states.Add(new(sightings.Prefixes[prefix], own.Length == 0 ? null : own[0].Asn, watching.VisibilityOf(ofPrefix),
                peerAses.CountOf(ofPrefix), UpstreamsOf(sightings, routes, shares, groups))
            {
                OwnOrigins = [.. own.Select(origin => origin.Asn)],
                Origins = origins.Of(ofPrefix, ownAlone: false),
            });
        }
        return [.. states];
    }

    private static ArraySegment<T> Next<T>(T[] sorted, ref int from, Func<T, int> prefixOf, int prefix)
    {
        int start = from;
        while (from < sorted.Length && prefixOf(sorted[from]) == prefix) from++;
        return new(sorted, start, from - start);
    }

    private static bool IsHeld(ArraySegment<Sighting> ofPrefix)
    {
        foreach (var sighting in ofPrefix)
            if (Holding.IsSubject(sighting.AtEnd)) return true;
        return false;
    }

    // Of hundreds of thousands of prefixes most have one route: what is grouped and sorted elsewhere is there at once.
    private static PrefixUpstream[] UpstreamsOf(
        Sightings sightings, ArraySegment<HeldRoute> routes, ArraySegment<HeldRoute> counted, VoteGroups groups)
    {
        if (routes.Count == 0) return [];
        if (routes is [var only] && counted.Count == 0) return [new(sightings.Upstreams[only.Upstream], 0, 1)];
        if (routes is [var one] && counted is [{ Part: 1 } by] && by.Upstream == one.Upstream)
            return [new(sightings.Upstreams[one.Upstream], 1, 1)];
        var parts = SharesAt.PartsOfPrefix(counted, groups);
        return [.. routes.GroupBy(held => held.Upstream)
            .Select(by => new PrefixUpstream(
                sightings.Upstreams[by.Key], parts.GetValueOrDefault(by.Key), by.Select(held => held.PeerAs).Distinct().Count()))
            .OrderByDescending(upstream => upstream.PeerAs).ThenBy(upstream => upstream.Asn)];
    }

    /// <summary>Counts the peer ASes that hold a route of the subject.</summary>
    private sealed class PeerAsTally(Sightings sightings)
    {
        private readonly HashSet<Asn> _holding = [];

        public int CountOf(ArraySegment<Sighting> ofPrefix)
        {
            _holding.Clear();
            foreach (var sighting in ofPrefix)
                if (Holding.IsSubject(sighting.AtEnd)) _holding.Add(sightings.PeerAs(sighting.Peer));
            return _holding.Count;
        }
    }

    /// <summary>Counts the origins of the routes of a prefix.</summary>
    private sealed class OriginTally(Sightings sightings)
    {
        private readonly HashSet<(Asn PeerAs, Asn Origin)> _said = [];
        private readonly Dictionary<Asn, int> _counts = [];

        // A path that is refused, or ends in a set, does not say who of them is the origin.
        public PrefixOrigin[] Of(ArraySegment<Sighting> ofPrefix, bool ownAlone)
        {
            _said.Clear();
            _counts.Clear();
            foreach (var sighting in ofPrefix)
            {
                if (ownAlone ? !Holding.IsSubject(sighting.AtEnd) : sighting.AtEnd is Holding.Unknown or Holding.None) continue;
                foreach (int path in sightings.Paths.Each(sightings.Seen.Histories[sighting.History].PathAt(sightings.Seen.To)))
                    if (sightings.Paths[path].Origin is { } origin && _said.Add((sightings.PeerAs(sighting.Peer), origin)))
                        _counts[origin] = _counts.GetValueOrDefault(origin) + 1;
            }
            if (_counts.Count <= 1)
            {
                foreach (var (origin, peerAses) in _counts) return [new(origin, peerAses)];
                return [];
            }
            return [.. _counts.Select(entry => new PrefixOrigin(entry.Key, entry.Value))
                .OrderByDescending(origin => origin.PeerAses).ThenBy(origin => origin.Asn)];
        }
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
            HashSet<int>? unknown = null;
            foreach (var sighting in ofPrefix)
            {
                if (!sightings.Counted[sighting.Peer]) continue;
                if (sighting.At(sightings.Seen.To) is not Holding.Unknown and var held) holding[sighting.Peer] = Holding.IsSubject(held);
                else (unknown ??= []).Add(sighting.Peer);
            }
            // A session whose table was never known is known as far as it has spoken.
            var spoken = holding.Keys.GroupBy(sightings.PeerAs).Where(group => !_sessions.ContainsKey(group.Key)).ToArray();
            int silent = unknown?.Select(sightings.PeerAs).Distinct()
                .Count(asn => _sessions.TryGetValue(asn, out int[]? peers) && peers.All(unknown.Contains)) ?? 0;
            int ases = _sessions.Count + spoken.Length - silent;
            if (ases == 0) return 0;
            double seen = holding.Where(entry => entry.Value).GroupBy(entry => sightings.PeerAs(entry.Key))
                .Sum(group => (double)group.Count() / (KnownOf(group.Key, unknown) ?? group.Count()));
            return Math.Min(1, seen / ases);
        }

        // Sessions of a peer AS of which it is known what they hold.
        private int? KnownOf(Asn asn, HashSet<int>? unknown) => !_sessions.TryGetValue(asn, out int[]? peers) ? null
            : unknown is null ? peers.Length : peers.Count(peer => !unknown.Contains(peer));
    }
}
