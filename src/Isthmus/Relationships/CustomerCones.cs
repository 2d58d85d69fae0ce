using Isthmus.Wire;

namespace Isthmus.Relationships;

/// <summary>The customer cones of a graph, in three ways. An AS is of its own cone.</summary>
public sealed class CustomerCones
{
    private readonly RelationshipGraph _graph;
    private readonly SeenPaths _paths;
    private readonly Dictionary<ConeKind, int[][]> _seen = [];

    /// <param name="paths">Those that the two ways which rest on paths are counted by.</param>
    public CustomerCones(RelationshipGraph graph, SeenPaths paths) => (_graph, _paths) = (graph, paths);

    /// <summary>The ASes of a cone, in order; empty for an AS that the graph does not have.</summary>
    public IReadOnlyList<Asn> Of(Asn asn, ConeKind kind) => _graph.IndexOf(asn) is >= 0 and var index
        ? [.. (kind is ConeKind.Recursive ? Below(index) : Seen(kind)[index]).Select(member => _graph[member])] : [];

    /// <summary>How many ASes the cone of each AS has, by its index in the graph.</summary>
    public int[] Sizes(ConeKind kind) => kind is ConeKind.Recursive
        ? [.. Enumerable.Range(0, _graph.Count).Select(index => Below(index).Length)]
        : [.. Seen(kind).Select(members => members.Length)];

    private int[] Below(int index)
    {
        if (_graph.Of(index, Neighbour.Customer).IsEmpty) return [index];
        var reached = new HashSet<int> { index };
        var open = new Stack<int>([index]);
        while (open.TryPop(out int at))
            foreach (int customer in _graph.Of(at, Neighbour.Customer))
                if (reached.Add(customer)) open.Push(customer);
        return [.. reached.Order()];
    }

    private int[][] Seen(ConeKind kind)
    {
        if (_seen.TryGetValue(kind, out int[][]? known)) return known;
        var pairs = new HashSet<ulong>();
        var indices = new int[_paths.AsCount];
        for (int id = 0; id < indices.Length; id++) indices[id] = _graph.IndexOf(_paths.AsOf(id));
        for (int path = 0; path < _paths.Count; path++) Walk(_paths[path], indices, kind, pairs);
        int[][] cones = [.. Enumerable.Range(0, _graph.Count).Select(index => new[] { index })];
        foreach (var of in pairs.GroupBy(pair => (int)(pair >> 32)))
            cones[of.Key] = [.. of.Select(pair => (int)(pair & uint.MaxValue)).Append(of.Key).Order()];
        return _seen[kind] = cones;
    }

    // What goes from provider to customer without a break stands below all that are in it before.
    private void Walk(ReadOnlySpan<int> hops, int[] indices, ConeKind kind, HashSet<ulong> pairs)
    {
        for (int i = 0; i < hops.Length - 1; i++)
        {
            int at = indices[hops[i]];
            if (at < 0 || kind is ConeKind.SeenFromAbove && (i == 0 || !IsFromAbove(indices[hops[i - 1]], at))) continue;
            for (int below = i + 1; below < hops.Length; below++)
            {
                int nearer = indices[hops[below - 1]], farther = indices[hops[below]];
                if (farther < 0 || _graph.Between(nearer, farther) is not { Kind: Neighbour.Customer }) break;
                pairs.Add((ulong)(uint)at << 32 | (uint)farther);
            }
        }
    }

    // Whether the one nearer to the vantage point is a provider or a peer.
    private bool IsFromAbove(int nearer, int at) =>
        nearer >= 0 && _graph.Between(at, nearer) is { Kind: Neighbour.Provider or Neighbour.Peer };
}
