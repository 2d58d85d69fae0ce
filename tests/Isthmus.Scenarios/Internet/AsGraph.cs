namespace Isthmus.Scenarios;

/// <summary>What a neighbour is to an AS.</summary>
public enum Relation : byte
{
    /// <summary>It pays: its routes are told to everybody.</summary>
    Customer,
    Peer,
    /// <summary>It is paid: its routes are told to customers alone.</summary>
    Upstream,
}

/// <summary>ASes and their business relationships, which decide who tells whom of which route.</summary>
public sealed class AsGraph
{
    private readonly SortedDictionary<uint, SortedDictionary<uint, Relation>> _links = [];

    public IReadOnlyCollection<uint> Ases => _links.Keys;

    /// <summary>The neighbours of an AS, in the order of their numbers.</summary>
    public IReadOnlyDictionary<uint, Relation> Neighbours(uint asn) => _links[asn];

    public bool AreLinked(uint one, uint other) => _links.TryGetValue(one, out var links) && links.ContainsKey(other);

    public AsGraph Add(uint asn)
    {
        _links.TryAdd(asn, []);
        return this;
    }

    /// <summary>One AS sells transit to another.</summary>
    public AsGraph Transit(uint upstream, uint customer) => Link(upstream, customer, Relation.Customer, Relation.Upstream);

    public AsGraph Peering(uint one, uint other) => Link(one, other, Relation.Peer, Relation.Peer);

    public AsGraph Unlink(uint one, uint other)
    {
        _links[one].Remove(other);
        _links[other].Remove(one);
        return this;
    }

    /// <summary>The same ASes and links, to be changed on their own.</summary>
    public AsGraph Copy()
    {
        var copy = new AsGraph();
        foreach (var (asn, links) in _links) copy._links[asn] = new(links);
        return copy;
    }

    /// <summary>
    /// A drawn Internet: a full mesh of transit-free ASes, regional carriers below two or three of them that also
    /// peer with each other, and edge networks below one to three carriers. Every AS reaches every other.
    /// </summary>
    /// <param name="random">Used up by the drawing.</param>
    public static AsGraph Draw(SeededRandom random, int core, int carriers, int edges)
    {
        var graph = new AsGraph();
        // Real transit-free networks, as the cleaning of paths knows them; all others are numbers that mean nothing.
        var top = random.Shuffle<uint>([174, 701, 1299, 2914, 3257, 3320, 3356, 3491, 5511, 6453, 6762, 7018, 12956]).Take(core).ToList();
        foreach (uint one in top)
            foreach (uint other in top.Where(asn => asn < one)) graph.Peering(one, other);
        var middle = new List<uint>();
        for (int i = 0; i < carriers; i++)
        {
            uint carrier = graph.FreeNumber(random);
            // Some buy from a carrier that is there already, so that paths differ in length.
            foreach (uint upstream in random.Shuffle(top).Take(random.Between(1, 2))) graph.Transit(upstream, carrier);
            if (middle.Count > 0 && random.Chance(0.5)) graph.Transit(random.Pick(middle), carrier);
            foreach (uint other in middle.Where(_ => random.Chance(0.2)).Where(other => !graph.AreLinked(carrier, other)).ToList())
                graph.Peering(carrier, other);
            middle.Add(carrier);
        }
        var below = new List<uint>();
        for (int i = 0; i < edges; i++)
        {
            uint edge = graph.FreeNumber(random);
            foreach (uint upstream in random.Shuffle(middle).Take(random.Between(1, 3))) graph.Transit(upstream, edge);
            if (random.Chance(0.1)) graph.Transit(random.Pick(top), edge);
            foreach (uint other in below.Where(_ => random.Chance(0.02)).Where(other => !graph.AreLinked(edge, other)).ToList())
                graph.Peering(edge, other);
            below.Add(edge);
        }
        return graph;
    }

    /// <summary>A public number that no AS of the graph has, of two or of four octets.</summary>
    public uint FreeNumber(SeededRandom random)
    {
        while (true)
        {
            uint asn = random.Chance(0.6) ? (uint)random.Between(13000, 56000) : (uint)random.Between(131100, 399000);
            if (asn != 23456 && !_links.ContainsKey(asn)) return asn;
        }
    }

    private AsGraph Link(uint one, uint other, Relation otherToOne, Relation oneToOther)
    {
        if (one == other) throw new ArgumentException($"AS{one} has no link with itself", nameof(other));
        Add(one).Add(other);
        _links[one][other] = otherToOne;
        _links[other][one] = oneToOther;
        return this;
    }
}
