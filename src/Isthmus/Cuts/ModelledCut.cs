using Isthmus.Relationships;
using Isthmus.Wire;

namespace Isthmus.Cuts;

/// <summary>Cuts in the routes that policy makes of relationships (docs/methods.md, "Cuts").</summary>
public sealed class ModelledCut
{
    /// <summary>Peer ASes are held out in so many parts, each judged by relationships that the others show.</summary>
    private const int Parts = 5;

    /// <summary>Origins by which the model is judged: those with the most prefixes.</summary>
    private const int JudgedOriginsMax = 50;

    private readonly SubjectRoutes _routes;
    private readonly RelationshipGraph _graph;
    private readonly Dictionary<Asn, List<int>> _rowsOf = [];

    // Of each peer AS and origin: by how many prefixes it has which next hop.
    private readonly Dictionary<(Asn Peer, Asn Origin), Dictionary<Asn, int>> _nextHops = [];

    /// <param name="graph">The relationships.</param>
    public ModelledCut(SubjectRoutes routes, RelationshipGraph graph)
    {
        (_routes, _graph) = (routes, graph);
        foreach (int row in routes.Rows)
        {
            var origins = new HashSet<Asn>();
            foreach (int peer in routes.Peers)
                foreach (int path in routes.Held(peer, row))
                {
                    origins.Add(routes[path].Origin);
                    var hops = routes.Table.Paths[path].Hops;
                    if (routes.Table.Peers[peer].Transparent || hops.Length < 2) continue;
                    var key = (routes.Table.Peers[peer].Peer.Asn, routes[path].Origin);
                    if (!_nextHops.TryGetValue(key, out var next)) _nextHops[key] = next = [];
                    next[hops[1]] = next.GetValueOrDefault(hops[1]) + 1;
                }
            foreach (var origin in origins)
            {
                if (!_rowsOf.TryGetValue(origin, out var rows)) _rowsOf[origin] = rows = [];
                rows.Add(row);
            }
        }
    }

    /// <summary>The routes before and after.</summary>
    /// <param name="relationships">Where they are from, in words.</param>
    /// <param name="paths">Those that they were inferred from, to be held out in parts; null where a file said them.</param>
    public WhatIfAnswer Run(IReadOnlyList<Cut> cuts, string relationships, SeenPaths? paths, CancellationToken stop)
    {
        Asn[] peers = [.. _routes.PeerAses.Where(asn => !ObservedCut.IsCutItself(_routes, cuts, asn))];
        var cut = MaskOf(cuts);
        var before = new Outcome(this, peers, null, stop);
        var after = new Outcome(this, peers, cut, stop);
        var grown = before.Lengths.Where(length => after.Lengths.ContainsKey(length.Key))
            .Select(length => (Hops: after.Lengths[length.Key] - length.Value, Prefixes: _rowsOf[length.Key.Origin].Count)).ToList();
        double? added = grown.Count == 0 ? null : grown.Sum(one => (double)one.Hops * one.Prefixes) / grown.Sum(one => one.Prefixes);
        var (agreement, heldOut) = paths is null ? Judge(_graph, _routes.PeerAses, stop) : JudgeInParts(paths, stop);
        return new(_routes, cuts, WhatIfMode.Modelled,
            new(relationships, agreement, heldOut) { AreHeldOut = paths is not null }, before.Reach, after.Reach,
            _routes.PeerAses.Count - peers.Length, added, Isolating());
    }

    /// <summary>
    /// The smallest sets that every way of purchases crosses, from the subject up to the ASes that buy from nobody. None where one of those
    /// is the subject's.
    /// </summary>
    public IReadOnlyList<IsolatingCut> Isolating()
    {
        var ids = new Dictionary<int, int>();
        var links = new List<(Asn Near, Asn Far)>();
        var open = new Stack<int>(_rowsOf.Keys.Select(_graph.IndexOf).Where(index => index >= 0));
        var met = new HashSet<int>(open);
        while (open.TryPop(out int at))
            foreach (int provider in _graph.Of(at, Neighbour.Provider))
            {
                if (!IsInside(provider)) links.Add((_graph[provider], _graph[at]));
                if (met.Add(provider)) open.Push(provider);
            }
        int[] top = [.. met.Where(index => _graph.Clique.Contains(_graph[index]))];
        if (top.Length == 0 || top.Any(IsInside)) return [];
        Asn[] ases = [.. met.Where(index => !IsInside(index)).Order().Select(index => _graph[index])];
        for (int id = 0; id < ases.Length; id++) ids[_graph.IndexOf(ases[id])] = id;
        (Asn Near, Asn Far)[] ordered = [.. links.Distinct().OrderBy(link => link.Near).ThenBy(link => link.Far)];
        var cuts = new MinimumCuts(ases.Length,
            [.. ordered.Select(link => (ids[_graph.IndexOf(link.Near)], ids.GetValueOrDefault(_graph.IndexOf(link.Far), ases.Length)))],
            [.. top.Select(index => ids[index])]);
        return ObservedCut.Told(cuts, ases, ordered);
    }

    /// <summary>The part of peer ASes whose next hop toward the origins the relationships say, and of how many.</summary>
    public (double? Agreement, int HeldOut) Judge(RelationshipGraph graph, IEnumerable<Asn> peers, CancellationToken stop)
    {
        var parts = Judged(graph, peers, stop).GroupBy(one => one.Peer)
            .Select(of => of.Sum(one => one.Right) / (double)of.Sum(one => one.All)).ToList();
        return (parts.Count == 0 ? null : parts.Average(), parts.Count);
    }

    private (double?, int) JudgeInParts(SeenPaths paths, CancellationToken stop)
    {
        Asn[] peers = [.. _routes.PeerAses];
        if (peers.Length < 2) return (null, 0);
        var judged = new List<(Asn Peer, int Right, int All)>();
        for (int part = 0; part < Math.Min(Parts, peers.Length); part++)
        {
            stop.ThrowIfCancellationRequested();
            var heldOut = peers.Where((_, place) => place % Parts == part).ToHashSet();
            judged.AddRange(Judged(RankInference.Infer(paths.Without(heldOut)), heldOut, stop));
        }
        var parts = judged.GroupBy(one => one.Peer).Select(of => of.Sum(one => one.Right) / (double)of.Sum(one => one.All)).ToList();
        return (parts.Count == 0 ? null : parts.Average(), parts.Count);
    }

    private IEnumerable<(Asn Peer, int Right, int All)> Judged(RelationshipGraph graph, IEnumerable<Asn> peers, CancellationToken stop)
    {
        Asn[] asked = [.. peers];
        var tree = new RouteTree(graph);
        foreach (var origin in _rowsOf.OrderByDescending(of => of.Value.Count).ThenBy(of => of.Key).Take(JudgedOriginsMax).Select(of =>
            of.Key))
        {
            stop.ThrowIfCancellationRequested();
            int index = graph.IndexOf(origin);
            if (index >= 0) tree.Run(index);
            foreach (var peer in asked)
            {
                if (!_nextHops.TryGetValue((peer, origin), out var next)) continue;
                int at = index < 0 ? -1 : graph.IndexOf(peer);
                int hop = at < 0 ? RouteTree.None : tree.NextOf(at);
                yield return (peer, hop < 0 ? 0 : next.GetValueOrDefault(graph[hop]), next.Values.Sum());
            }
        }
    }

    private bool IsInside(int index) => _routes.Subject.Kind is Attribution.SubjectKind.Prefix
        ? _rowsOf.ContainsKey(_graph[index]) : _routes.IsInside(_graph[index]);

    private GraphCut MaskOf(IReadOnlyList<Cut> cuts)
    {
        var mask = new GraphCut(_graph);
        foreach (var cut in cuts)
        {
            if (cut.Kind is CutKind.Network && _graph.IndexOf(cut.Asn) is >= 0 and var index) mask.Remove(index);
            if (cut.Kind is CutKind.Link && _graph.IndexOf(cut.Asn) is >= 0 and var one && _graph.IndexOf(cut.Other) is >= 0 and var other
                && _graph.Between(one, other) is { } link) mask.RemoveLink(link.Link);
            if (cut.Kind is CutKind.Country)
                for (int at = 0; at < _graph.Count; at++)
                    if (!IsInside(at) && _routes.CountryOf(_graph[at]) == cut.Country) mask.Remove(at);
            if (cut.Kind is CutKind.Border)
                for (int id = 0; id < _graph.Links.Count; id++)
                    if (ObservedCut.IsBorder(_routes, cut, _graph.Links[id].First, _graph.Links[id].Second)) mask.RemoveLink(id);
        }
        return mask;
    }

    /// <summary>What is reached of all origins, with or without a cut.</summary>
    private sealed class Outcome
    {
        public Outcome(ModelledCut model, IReadOnlyList<Asn> peers, GraphCut? cut, CancellationToken stop)
        {
            var graph = model._graph;
            var uses = peers.ToDictionary(peer => peer, _ => new UpstreamUse());
            var rows = new HashSet<int>();
            bool[] reaches = new bool[graph.Count];
            var lengths = new object();
            // Each origin for itself; what they give is put together in their order.
            Asn[] origins = [.. model._rowsOf.Keys.Order().Where(origin => graph.IndexOf(origin) >= 0)];
            var found = new List<(Asn Peer, int Length, Asn Upstream)>[origins.Length];
            Parallel.For(0, origins.Length, new() { CancellationToken = stop }, () => new RouteTree(graph), (place, _, tree) =>
            {
                tree.Run(graph.IndexOf(origins[place]), cut);
                found[place] = [.. Found(model, tree, peers)];
                lock (lengths)
                    for (int at = 0; at < reaches.Length; at++) reaches[at] |= tree.ClassOf(at) is not RouteClass.None
                        && !model.IsInside(at);
                return tree;
            }, _ => { });
            for (int place = 0; place < origins.Length; place++)
            {
                foreach (var (peer, length, upstream) in found[place])
                {
                    Lengths[(peer, origins[place])] = length;
                    rows.UnionWith(model._rowsOf[origins[place]]);
                    if (upstream != default) uses[peer].Add(upstream, model._rowsOf[origins[place]].Count);
                }
            }
            Reach = new(Lengths.Keys.Select(key => key.Peer).Distinct().Count(), rows.Count,
                model._routes.Family is AddressFamily.IPv4 ? rows.Sum(row => model._routes.Weights[row]) : null,
                UpstreamUse.Shares(uses.Select(use => (use.Key, use.Value))), reaches.Count(one => one));
        }

        /// <summary>Links from each peer AS with a route to each origin.</summary>
        public Dictionary<(Asn Peer, Asn Origin), int> Lengths { get; } = [];

        public Reach Reach { get; }

        private static IEnumerable<(Asn Peer, int Length, Asn Upstream)> Found(ModelledCut model, RouteTree tree, IReadOnlyList<Asn> peers)
        {
            var graph = model._graph;
            foreach (var peer in peers)
            {
                int at = graph.IndexOf(peer);
                if (at < 0 || tree.ClassOf(at) is RouteClass.None) continue;
                // The last outside the subject on the way.
                int upstream = at, next = at;
                for (; next >= 0; next = tree.NextOf(next))
                    if (!model.IsInside(next)) upstream = next;
                yield return (peer, tree.LengthOf(at), upstream == at || model.IsInside(upstream) ? default : graph[upstream]);
            }
        }
    }
}
