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
        var watching = new Watching(sightings);
        int sighting = 0, one = 0, other = 0;
        for (int prefix = 0; prefix < sightings.Prefixes.Length; prefix++)
        {
            // All three are sorted by prefix.
            var ofPrefix = Next(sightings.All, ref sighting, entry => entry.Prefix, prefix);
            var shares = Next(counted, ref one, held => held.Prefix, prefix);
            var routes = Next(all, ref other, held => held.Prefix, prefix);
            Sighting[] holders = [.. ofPrefix.Where(entry => Holding.IsSubject(entry.AtEnd))];
            if (holders.Length == 0) continue;
            var parts = SharesAt.PartsOfPrefix(shares, groups);
            var upstreams = routes.GroupBy(held => held.Upstream)
                .Select(by => new PrefixUpstream(
                    sightings.Upstreams[by.Key], parts.GetValueOrDefault(by.Key), by.Select(held => held.PeerAs).Distinct().Count()))
                .OrderByDescending(upstream => upstream.PeerAs).ThenBy(upstream => upstream.Asn);
            var own = Origins(sightings, holders);
            states.Add(new(sightings.Prefixes[prefix], own.Length == 0 ? null : own[0].Asn, watching.VisibilityOf(ofPrefix),
                holders.Select(holder => sightings.PeerAs(holder.Peer)).Distinct().Count(), [.. upstreams])
            {
                OwnOrigins = [.. own.Select(origin => origin.Asn)],
                Origins = Origins(sightings, ofPrefix.Where(entry => entry.AtEnd is not (Holding.Unknown or Holding.None))),
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

    // A path that is refused, or ends in a set, does not say who of them is the origin.
    private static PrefixOrigin[] Origins(Sightings sightings, IEnumerable<Sighting> holders) => [.. holders
        .SelectMany(holder => sightings.Paths.Each(sightings.Seen.Histories[holder.History].PathAt(sightings.Seen.To))
            .Select(path => (PeerAs: sightings.PeerAs(holder.Peer), sightings.Paths[path].Origin)))
        .Where(held => held.Origin is not null).Distinct()
        .GroupBy(held => held.Origin!.Value).Select(group => new PrefixOrigin(group.Key, group.Count()))
        .OrderByDescending(origin => origin.PeerAses).ThenBy(origin => origin.Asn)];

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
