using Isthmus.Wire;

namespace Isthmus.Relationships;

/// <summary>
/// ASes and their relationships, as compact arrays: each AS has an index, in the order of AS numbers, and its neighbours by what they are
/// to it, each in the order of their indices. 8 bytes a link and side, 12 an AS, beside the list of links.
/// </summary>
public sealed class RelationshipGraph
{
    private const int Kinds = 3;

    private readonly Asn[] _ases;
    private readonly AsLink[] _links;
    // Where the customers, peers and providers of an AS begin in the arrays of neighbours and of the links to them.
    private readonly int[] _starts, _neighbours, _linkIds;

    private RelationshipGraph(Asn[] ases, AsLink[] links, IReadOnlyList<Asn> clique)
    {
        (_ases, _links, Clique) = (ases, links, clique);
        _starts = new int[ases.Length * Kinds + 1];
        var ends = new (int First, int Second)[links.Length];
        for (int id = 0; id < links.Length; id++)
        {
            ref readonly var link = ref links[id];
            ends[id] = (IndexOf(link.First), IndexOf(link.Second));
            bool isTransit = link.Kind is LinkKind.Transit;
            _starts[Place(ends[id].First, isTransit ? Neighbour.Customer : Neighbour.Peer) + 1]++;
            _starts[Place(ends[id].Second, isTransit ? Neighbour.Provider : Neighbour.Peer) + 1]++;
        }
        for (int i = 1; i < _starts.Length; i++) _starts[i] += _starts[i - 1];
        _neighbours = new int[links.Length * 2];
        _linkIds = new int[links.Length * 2];
        int[] next = _starts[..^1];
        for (int id = 0; id < links.Length; id++)
        {
            bool isTransit = links[id].Kind is LinkKind.Transit;
            Put(ends[id].First, isTransit ? Neighbour.Customer : Neighbour.Peer, ends[id].Second, id);
            Put(ends[id].Second, isTransit ? Neighbour.Provider : Neighbour.Peer, ends[id].First, id);
        }
        for (int place = 0; place < _starts.Length - 1; place++)
            Array.Sort(_neighbours, _linkIds, _starts[place], _starts[place + 1] - _starts[place]);

        void Put(int of, Neighbour kind, int neighbour, int id)
        {
            int at = next[Place(of, kind)]++;
            (_neighbours[at], _linkIds[at]) = (neighbour, id);
        }
    }

    /// <summary>Makes the graph of some links.</summary>
    /// <param name="links">Of two ASes the first link counts; one of an AS with itself is passed over.</param>
    /// <param name="clique">ASes that buy from nobody and are each other's peers; empty for all with customers and no provider.</param>
    public static RelationshipGraph Of(IEnumerable<AsLink> links, IReadOnlyList<Asn>? clique = null)
    {
        var known = new HashSet<(uint, uint)>();
        var ases = new HashSet<Asn>();
        var kept = new List<AsLink>();
        foreach (var link in links)
        {
            uint low = Math.Min(link.First.Number, link.Second.Number), high = Math.Max(link.First.Number, link.Second.Number);
            if (low == high || !known.Add((low, high))) continue;
            ases.Add(link.First);
            ases.Add(link.Second);
            kept.Add(link.Kind is LinkKind.Peering ? link with { First = new(low), Second = new(high) } : link);
        }
        var graph = new RelationshipGraph([.. ases.Order()], [.. kept], []);
        IReadOnlyList<Asn> top = clique is { Count: > 0 } ? [.. clique.Where(ases.Contains).Order()] : [.. graph.TopmostAses()];
        return new(graph._ases, graph._links, top);
    }

    /// <summary>ASes.</summary>
    public int Count => _ases.Length;

    /// <summary>All links, in the order in which they were given; a link's id is its place.</summary>
    public IReadOnlyList<AsLink> Links => _links;

    /// <summary>The ASes at the top, which buy transit from nobody, in order.</summary>
    public IReadOnlyList<Asn> Clique { get; }

    /// <summary>The AS of an index.</summary>
    public Asn this[int index] => _ases[index];

    /// <summary>The index of an AS; negative where the graph does not have it.</summary>
    public int IndexOf(Asn asn) => Array.BinarySearch(_ases, asn);

    /// <summary>The indices of the neighbours of a kind, lowest AS number first.</summary>
    public ReadOnlySpan<int> Of(int index, Neighbour kind) =>
        _neighbours.AsSpan(_starts[Place(index, kind)].._starts[Place(index, kind) + 1]);

    /// <summary>The ids of the links to the neighbours of a kind, in the order of <see cref="Of(int, Neighbour)"/>.</summary>
    public ReadOnlySpan<int> LinksOf(int index, Neighbour kind) =>
        _linkIds.AsSpan(_starts[Place(index, kind)].._starts[Place(index, kind) + 1]);

    /// <summary>What a neighbour is to an AS and the id of the link; null where they are no neighbours.</summary>
    public (Neighbour Kind, int Link)? Between(int index, int neighbour)
    {
        for (var kind = Neighbour.Customer; kind <= Neighbour.Provider; kind++)
            if (Of(index, kind).BinarySearch(neighbour) is >= 0 and var at) return (kind, LinksOf(index, kind)[at]);
        return null;
    }

    private static int Place(int index, Neighbour kind) => index * Kinds + (int)kind;

    private IEnumerable<Asn> TopmostAses()
    {
        for (int i = 0; i < Count; i++)
            if (Of(i, Neighbour.Provider).IsEmpty && !Of(i, Neighbour.Customer).IsEmpty) yield return _ases[i];
    }
}
