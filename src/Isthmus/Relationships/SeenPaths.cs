using System.IO.Hashing;
using System.Runtime.InteropServices;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Relationships;

/// <summary>
/// Different clean AS paths, each with the peer AS that held it: what relationships are inferred from. ASes have ids in order of arrival.
/// Paths that count for no inference (an AS_SET as origin, a loop, transit-free ASes apart from each other) are passed over and counted.
/// </summary>
public sealed class SeenPaths
{
    private readonly Dictionary<uint, int> _ids = [];
    private readonly List<Asn> _ases = [];
    private readonly HashSet<UInt128> _known = [];
    private readonly List<int> _hops = [], _ends = [], _peers = [];

    /// <summary>Different paths.</summary>
    public int Count => _ends.Count;

    /// <summary>Different ASes on them.</summary>
    public int AsCount => _ases.Count;

    /// <summary>Paths that were passed over.</summary>
    public int PassedOver { get; private set; }

    /// <summary>The AS of an id.</summary>
    public Asn AsOf(int id) => _ases[id];

    /// <summary>The id of an AS; -1 where no path has it.</summary>
    public int IdOf(Asn asn) => _ids.GetValueOrDefault(asn.Number, -1);

    /// <summary>The ids of the ASes of a path, from the vantage point to the origin; at least two.</summary>
    public ReadOnlySpan<int> this[int path] =>
        CollectionsMarshal.AsSpan(_hops)[(path == 0 ? 0 : _ends[path - 1]).._ends[path]];

    /// <summary>The peer AS that held a path.</summary>
    public Asn PeerOf(int path) => new((uint)_peers[path]);

    /// <summary>Adds a path that a peer AS holds; one that is known of it already, and one of the origin alone, change nothing.</summary>
    public void Add(Asn peer, CleanPath path)
    {
        if (!path.CountsForInference) PassedOver++;
        else Add(peer, [.. path.Hops]);
    }

    /// <summary>Adds the hops of a path, from the vantage point to the origin, each AS once.</summary>
    public void Add(Asn peer, ReadOnlySpan<Asn> hops)
    {
        if (hops.Length < 2) return;
        Span<int> ids = hops.Length <= 64 ? stackalloc int[hops.Length] : new int[hops.Length];
        for (int i = 0; i < ids.Length; i++) ids[i] = Intern(hops[i]);
        if (!_known.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes(ids), peer.Number))) return;
        _hops.AddRange(ids);
        _ends.Add(_hops.Count);
        _peers.Add((int)peer.Number);
    }

    /// <summary>The same paths without those of some peer ASes.</summary>
    public SeenPaths Without(IReadOnlySet<Asn> peers)
    {
        var left = new SeenPaths { PassedOver = PassedOver };
        for (int path = 0; path < Count; path++)
        {
            if (peers.Contains(PeerOf(path))) continue;
            foreach (int hop in this[path]) left._hops.Add(left.Intern(_ases[hop]));
            left._ends.Add(left._hops.Count);
            left._peers.Add(_peers[path]);
        }
        return left;
    }

    /// <summary>The same paths with ids in the order of AS numbers.</summary>
    internal SeenPaths Ordered()
    {
        var ordered = new SeenPaths { PassedOver = PassedOver };
        foreach (var asn in _ases.Order()) ordered.Intern(asn);
        foreach (int hop in _hops) ordered._hops.Add(ordered.Intern(_ases[hop]));
        ordered._ends.AddRange(_ends);
        ordered._peers.AddRange(_peers);
        return ordered;
    }

    private int Intern(Asn asn)
    {
        ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, asn.Number, out bool isKnown);
        if (isKnown) return id;
        id = _ases.Count;
        _ases.Add(asn);
        return id;
    }
}
