using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>How each prefix of one address family stands at the end of the period: the one place that says which there are.</summary>
internal static class PrefixStates
{
    /// <summary>The prefixes that some peer holds at the end, sorted.</summary>
    /// <param name="sightings">Of one family.</param>
    public static PrefixState[] Of(Sightings sightings, VoteGroups groups) =>
        Of(sightings, groups, SharesAt.Counted(sightings, sightings.Seen.To), SharesAt.AtEnd(sightings));

    /// <param name="counted">What is counted at the end of the period, from <see cref="SharesAt.Counted"/>.</param>
    /// <param name="all">All that is held then, from <see cref="SharesAt.AtEnd"/>.</param>
    /// <inheritdoc cref="Of(Sightings, VoteGroups)"/>
    public static PrefixState[] Of(Sightings sightings, VoteGroups groups, HeldRoute[] counted, HeldRoute[] all)
    {
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
                int held = sightings.Seen.Histories[sighting.History].PathAt(sightings.Seen.To);
                if (sightings.Paths.SetOf(held) is not { } paths) Say(held, sightings.PeerAs(sighting.Peer));
                else foreach (int path in paths) Say(path, sightings.PeerAs(sighting.Peer));
            }
            if (_counts.Count <= 1)
            {
                foreach (var (origin, peerAses) in _counts) return [new(origin, peerAses)];
                return [];
            }
            return [.. _counts.Select(entry => new PrefixOrigin(entry.Key, entry.Value))
                .OrderByDescending(origin => origin.PeerAses).ThenBy(origin => origin.Asn)];
        }

        private void Say(int path, Asn peerAs)
        {
            if (path >= 0 && sightings.Paths[path].Origin is { } origin && _said.Add((peerAs, origin)))
                _counts[origin] = _counts.GetValueOrDefault(origin) + 1;
        }
    }

    /// <summary>Who watches at the end of the period: the sessions that count and whose table is known.</summary>
    private sealed class Watching
    {
        private readonly Sightings _sightings;

        // For each peer the place of its AS, and whether it watches; for each AS how many of its sessions do.
        private readonly int[] _asOf;
        private readonly bool[] _watches;
        private readonly int[] _sessions;
        private readonly int _watching;

        // Of the prefix that is looked at, for each AS: sessions that hold it, that are known, that are not, and those of these that watch.
        private readonly (int Holding, int Known, int Unknown, int UnknownWatching)[] _of;
        private readonly List<int> _met = [], _holding = [];

        public Watching(Sightings sightings)
        {
            _sightings = sightings;
            var peers = sightings.Seen.Peers;
            var places = new Dictionary<Asn, int>();
            _asOf = new int[peers.Count];
            for (int peer = 0; peer < peers.Count; peer++)
            {
                var asn = sightings.PeerAs(peer);
                if (!places.TryGetValue(asn, out int place)) places[asn] = place = places.Count;
                _asOf[peer] = place;
            }
            _watches = [.. Enumerable.Range(0, peers.Count)
                .Select(peer => sightings.Counted[peer] && peers[peer].Up is [.., var last] && last.To >= sightings.Seen.To)];
            _sessions = new int[places.Count];
            for (int peer = 0; peer < peers.Count; peer++)
                if (_watches[peer]) _sessions[_asOf[peer]]++;
            _watching = _sessions.Count(sessions => sessions > 0);
            _of = new (int, int, int, int)[places.Count];
        }

        /// <summary>Mean over peer ASes of the part of their sessions that holds the prefix.</summary>
        public double VisibilityOf(ArraySegment<Sighting> ofPrefix)
        {
            foreach (var sighting in ofPrefix) Meet(sighting);
            int ases = _watching;
            foreach (int place in _met)
            {
                // A session whose table was never known is known as far as it has spoken.
                if (_sessions[place] == 0) ases += _of[place].Known > 0 ? 1 : 0;
                else if (_of[place].Unknown > 0 && _of[place].UnknownWatching == _sessions[place]) ases--;
            }
            double seen = 0;
            foreach (int place in _holding)
                seen += (double)_of[place].Holding
                    / (_sessions[place] == 0 ? _of[place].Holding : _sessions[place] - _of[place].UnknownWatching);
            foreach (int place in _met) _of[place] = default;
            _met.Clear();
            _holding.Clear();
            return ases == 0 ? 0 : Math.Min(1, seen / ases);
        }

        private void Meet(Sighting sighting)
        {
            if (!_sightings.Counted[sighting.Peer]) return;
            int place = _asOf[sighting.Peer], held = sighting.At(_sightings.Seen.To);
            ref var of = ref _of[place];
            if (of == default) _met.Add(place);
            if (held == Holding.Unknown)
            {
                of.Unknown++;
                if (_watches[sighting.Peer]) of.UnknownWatching++;
                return;
            }
            of.Known++;
            if (!Holding.IsSubject(held)) return;
            if (of.Holding++ == 0) _holding.Add(place);
        }
    }
}
