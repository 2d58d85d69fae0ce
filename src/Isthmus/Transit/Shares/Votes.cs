using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>The part of a peer AS's sessions that hold a prefix by an upstream, 0 to 1.</summary>
internal readonly record struct PrefixPart(int Prefix, int Upstream, double Part);

/// <summary>What one peer AS uses an upstream for.</summary>
/// <param name="Routes">Routes of its sessions by it.</param>
/// <param name="Part">Mean over its sessions of the part of their routes by it.</param>
internal readonly record struct UpstreamPart(int Upstream, double Routes, double Part);

/// <summary>What one peer AS says at an instant; each of its sessions weighs the same.</summary>
/// <param name="Routes">Routes that its sessions hold.</param>
/// <param name="ByUpstream">Sorted by upstream.</param>
/// <param name="Crossing">For each upstream on its paths the mean over its sessions of betweenness (methods.md, "Shares").</param>
/// <param name="ByPrefix">Sorted by prefix, then upstream.</param>
internal sealed record Vote(
    Asn PeerAs, double Routes, UpstreamPart[] ByUpstream, (int Upstream, double Part)[] Crossing, PrefixPart[] ByPrefix);

/// <summary>
/// Routes at an instant as one vote a peer AS. Each is counted once, however often it is drawn; without a collector only
/// those are counted anew that have a session there.
/// </summary>
internal sealed class Votes
{
    private readonly IReadOnlyList<double> _weights;
    private readonly Dictionary<Asn, int> _upstreams = [];
    private readonly Dictionary<IReadOnlyList<Asn>, int[]> _crossed = new(ReferenceEqualityComparer.Instance);
    private readonly SortedDictionary<Asn, SortedDictionary<int, List<HeldRoute>>> _sessions = [];
    private readonly Dictionary<Asn, Vote> _whole = [];

    /// <param name="routes">Every counted route, whatever its upstream, sorted by prefix.</param>
    /// <param name="asns">The AS number of each upstream.</param>
    /// <param name="weights">Addresses of each prefix that no more specific prefix of the subject covers.</param>
    public Votes(IEnumerable<HeldRoute> routes, IReadOnlyList<Asn> asns, IReadOnlyList<double> weights)
    {
        _weights = weights;
        for (int i = 0; i < asns.Count; i++) _upstreams[asns[i]] = i;
        foreach (var held in routes)
        {
            if (!_sessions.TryGetValue(held.PeerAs, out var sessions)) _sessions[held.PeerAs] = sessions = [];
            if (!sessions.TryGetValue(held.Peer, out var session)) sessions[held.Peer] = session = [];
            session.Add(held);
        }
        foreach (var (peerAs, sessions) in _sessions) _whole[peerAs] = Count(peerAs, [.. sessions.Values]);
    }

    /// <summary>The votes of all, in order of peer AS.</summary>
    public Vote[] All => [.. _sessions.Keys.Select(peerAs => _whole[peerAs])];

    /// <summary>For each peer that has a route the number of sessions of its AS that have one.</summary>
    public IReadOnlyDictionary<int, int> SessionsBeside =>
        _sessions.Values.SelectMany(sessions => sessions.Keys.Select(peer => (peer, sessions.Count)))
            .ToDictionary(entry => entry.peer, entry => entry.Count);

    /// <summary>The votes without some peers, in order of peer AS; those that lose every session are not among them.</summary>
    public Vote[] Without(Func<int, bool> isOut)
    {
        var votes = new List<Vote>(_sessions.Count);
        foreach (var (peerAs, sessions) in _sessions)
        {
            List<HeldRoute>[] left = [.. sessions.Where(session => !isOut(session.Key)).Select(session => session.Value)];
            if (left.Length == sessions.Count) votes.Add(_whole[peerAs]);
            else if (left.Length > 0) votes.Add(Count(peerAs, left));
        }
        return [.. votes];
    }

    private Vote Count(Asn peerAs, List<HeldRoute>[] sessions)
    {
        var byUpstream = new Dictionary<int, UpstreamPart>();
        var crossing = new Dictionary<int, double>();
        foreach (var session in sessions)
        {
            double addresses = 0, routes = RoutesOf(session);
            foreach (var held in session)
            {
                var part = byUpstream.GetValueOrDefault(held.Upstream);
                byUpstream[held.Upstream] =
                    new(held.Upstream, part.Routes + held.Part, part.Part + held.Part / routes / sessions.Length);
                addresses += held.Part * _weights[held.Prefix];
            }
            if (addresses == 0) continue;
            foreach (var held in session)
                foreach (int upstream in Crossed(held.Hops))
                    crossing[upstream] = crossing.GetValueOrDefault(upstream)
                        + held.Part * _weights[held.Prefix] / addresses / sessions.Length;
        }
        return new(peerAs, sessions.Sum(RoutesOf), [.. byUpstream.Values.OrderBy(part => part.Upstream)],
            [.. crossing.OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value))], ByPrefix(sessions));
    }

    // The parts of one route add up to one but for rounding.
    private static double RoutesOf(List<HeldRoute> session) => Math.Round(session.Sum(held => held.Part));

    // Paths are interned, so that equal ones are one list.
    private int[] Crossed(IReadOnlyList<Asn> hops)
    {
        if (_crossed.TryGetValue(hops, out int[]? crossed)) return crossed;
        return _crossed[hops] = [.. hops.Where(_upstreams.ContainsKey).Select(hop => _upstreams[hop])];
    }

    private static PrefixPart[] ByPrefix(List<HeldRoute>[] sessions)
    {
        if (sessions is [var only]) return [.. only.Select(held => new PrefixPart(held.Prefix, held.Upstream, held.Part))];
        HeldRoute[] routes = [.. sessions.SelectMany(session => session).OrderBy(held => held.Prefix).ThenBy(held => held.Upstream)];
        var parts = new List<PrefixPart>(routes.Length);
        for (int from = 0, to; from < routes.Length; from = to)
        {
            double all = 0;
            for (to = from; to < routes.Length && routes[to].Prefix == routes[from].Prefix; to++) all += routes[to].Part;
            for (int one = from, next; one < to; one = next)
            {
                double part = 0;
                for (next = one; next < to && routes[next].Upstream == routes[one].Upstream; next++) part += routes[next].Part;
                parts.Add(new(routes[one].Prefix, routes[one].Upstream, part / all));
            }
        }
        return [.. parts];
    }
}
