using Isthmus.Wire;

namespace Isthmus.Relationships;

/// <summary>By what an AS has its route: the order of preference (Gao and Rexford).</summary>
public enum RouteClass : byte
{
    /// <summary>It has none.</summary>
    None,
    /// <summary>It is the origin.</summary>
    Own,
    /// <summary>From a customer: it is passed on to everybody.</summary>
    Customer,
    /// <summary>From a peer: it is passed on to customers alone.</summary>
    Peer,
    /// <summary>From a provider: it is passed on to customers alone.</summary>
    Provider,
}

/// <summary>ASes and links of a graph that are taken away.</summary>
public sealed class GraphCut
{
    private readonly bool[] _ases, _links;

    /// <summary>Nothing is taken away yet.</summary>
    public GraphCut(RelationshipGraph graph) => (_ases, _links) = (new bool[graph.Count], new bool[graph.Links.Count]);

    /// <summary>True where some link is taken away.</summary>
    public bool HasLinks { get; private set; }

    /// <summary>Takes an AS away, by its index.</summary>
    public void Remove(int index) => _ases[index] = true;

    /// <summary>Takes a link away, by its id.</summary>
    public void RemoveLink(int link)
    {
        _links[link] = true;
        HasLinks = true;
    }

    /// <summary>True where an AS is taken away.</summary>
    public bool Lacks(int index) => _ases[index];

    /// <summary>True where a link is taken away.</summary>
    public bool LacksLink(int link) => _links[link];
}

/// <summary>
/// The routes of all ASes to one origin as policy makes them (Gao and Rexford; docs/methods.md, "Propagation"): of a customer before of a
/// peer before of a provider, then the shortest, then the lowest AS number next; routes of peers and providers go to customers alone.
/// Each origin costs time linear in ASes and links. The arrays are used again from origin to origin.
/// </summary>
public sealed class RouteTree
{
    /// <summary>No AS.</summary>
    public const int None = -1;

    private readonly RelationshipGraph _graph;
    // Together, as a look at one is mostly a look at all.
    private readonly Row[] _rows;
    private readonly List<List<int>> _byLength = [];
    private readonly List<int> _reached = [];
    private GraphCut? _cut;

    private struct Row
    {
        public int Next;
        public ushort Length;
        public RouteClass Class;
    }

    /// <param name="graph">Cycles of providers do no harm: a route never comes back to an AS that has it.</param>
    public RouteTree(RelationshipGraph graph) =>
        (_graph, _rows) = (graph, new Row[graph.Count]);

    /// <summary>ASes with a route, the origin among them.</summary>
    public int Reached => _reached.Count;

    /// <summary>Finds the routes of all ASes to an origin.</summary>
    /// <param name="origin">By its index. Where it is taken away itself nobody has a route.</param>
    public void Run(int origin, GraphCut? cut = null)
    {
        _cut = cut;
        foreach (int at in _reached) _rows[at].Class = RouteClass.None;
        _reached.Clear();
        foreach (var level in _byLength) level.Clear();
        if (cut?.Lacks(origin) is true) return;
        Take(origin, RouteClass.Own, 0, None);
        Up();
        Across();
        Down();
    }

    /// <summary>By what an AS has its route.</summary>
    public RouteClass ClassOf(int index) => _rows[index].Class;

    /// <summary>Links to the origin; only where there is a route.</summary>
    public int LengthOf(int index) =>
        _rows[index].Class is RouteClass.None ? throw new InvalidOperationException("no route") : _rows[index].Length;

    /// <summary>The next AS toward the origin; <see cref="None"/> at the origin and where there is no route.</summary>
    public int NextOf(int index) => _rows[index].Class is RouteClass.None ? None : _rows[index].Next;

    /// <summary>The route of an AS, itself first and the origin last; empty for none.</summary>
    public IReadOnlyList<Asn> PathOf(int index)
    {
        var path = new List<Asn>();
        for (int at = _rows[index].Class is RouteClass.None ? None : index; at != None; at = _rows[at].Next) path.Add(_graph[at]);
        return path;
    }

    /// <summary>
    /// The AS next to the origin by which an AS has its route; <see cref="None"/> for the origin and where there is no route.
    /// </summary>
    public int UpstreamOf(int index)
    {
        if (_rows[index].Class is RouteClass.None or RouteClass.Own) return None;
        int at = index;
        while (_rows[_rows[at].Next].Class is not RouteClass.Own) at = _rows[at].Next;
        return at;
    }

    // From customers to providers, one length after the other.
    private void Up()
    {
        for (int length = 0; length < _byLength.Count; length++)
        {
            var level = _byLength[length];
            for (int i = 0; i < level.Count; i++) Offer(level[i], Neighbour.Provider, RouteClass.Customer);
        }
    }

    // One step, from those that have a customer's route or their own.
    private void Across()
    {
        int told = _reached.Count;
        for (int i = 0; i < told; i++) Offer(_reached[i], Neighbour.Peer, RouteClass.Peer);
    }

    // From providers to customers, the shortest first: what is taken at a length is final when that length comes.
    private void Down()
    {
        foreach (var level in _byLength) level.Clear();
        foreach (int at in _reached) LevelOf(_rows[at].Length).Add(at);
        for (int length = 0; length < _byLength.Count; length++)
        {
            var level = _byLength[length];
            for (int i = 0; i < level.Count; i++) Offer(level[i], Neighbour.Customer, RouteClass.Provider);
        }
    }

    private void Offer(int from, Neighbour to, RouteClass by)
    {
        var neighbours = _graph.Of(from, to);
        var links = _cut is { HasLinks: true } ? _graph.LinksOf(from, to) : default;
        int length = _rows[from].Length + 1;
        for (int i = 0; i < neighbours.Length; i++)
        {
            int at = neighbours[i];
            ref var row = ref _rows[at];
            if (row.Class is RouteClass.None)
            {
                if (!IsCut(at, links, i)) Take(at, by, length, from);
                continue;
            }
            if (row.Class != by || length > row.Length || length == row.Length && from >= row.Next || IsCut(at, links, i)) continue;
            // Of peers a shorter one may come later; up and down come in order of length.
            (row.Length, row.Next) = ((ushort)length, from);
        }
    }

    private bool IsCut(int at, ReadOnlySpan<int> links, int place) =>
        _cut is { } cut && (cut.Lacks(at) || !links.IsEmpty && cut.LacksLink(links[place]));

    private void Take(int at, RouteClass by, int length, int next)
    {
        _rows[at] = new() { Class = by, Length = (ushort)length, Next = next };
        _reached.Add(at);
        // Most ASes sell to nobody, and have nobody to pass a provider's route on to.
        if (by is RouteClass.Provider ? !_graph.Of(at, Neighbour.Customer).IsEmpty : by is not RouteClass.Peer) LevelOf(length).Add(at);
    }

    private List<int> LevelOf(int length)
    {
        while (_byLength.Count <= length) _byLength.Add([]);
        return _byLength[length];
    }
}
