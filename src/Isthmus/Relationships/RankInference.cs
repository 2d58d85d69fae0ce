using Isthmus.Wire;

namespace Isthmus.Relationships;

/// <summary>
/// Relationships by the steps of AS-Rank (Luckie et al., IMC 2013; docs/methods.md, "Relationships"): a clique of peers at the top, then
/// from large ASes to small ones who passes whose routes to providers and peers, and so sells transit to them. No AS becomes its own
/// provider by way of others. Written from the published description.
/// </summary>
public sealed class RankInference
{
    /// <summary>A vantage point that shows routes of fewer than a fiftieth of all ASes tells customer and peer routes alone.</summary>
    private const int PartialFeedPart = 50;

    /// <summary>Paths that have to end with a network which buys from a smaller one.</summary>
    private const int SmallerProviderEndsMin = 3;

    /// <summary>Transit degree of a network that peers with all larger ones and buys from none.</summary>
    private const int UnprovidedDegreeMin = 10;

    // What a link is: not known yet, a peering, or the id of the provider and 1.
    private const int Unknown = -1, Peering = 0;

    private readonly SeenPaths _paths;
    private readonly SeenLinks _links;
    private readonly Triplets _triplets;
    private readonly int[] _rank;
    private readonly int[] _told;
    private readonly List<int>[] _customers;
    private readonly int[] _providers;
    private readonly HashSet<int> _clique;
    private int[][]? _neighbours;

    private RankInference(SeenPaths seen)
    {
        // The order in which paths arrived is to have no say.
        var paths = _paths = seen.Ordered();
        var all = new SeenLinks(paths);
        var members = TopClique.Find(paths, all, Ranked(paths, all, []));
        _clique = [.. members];
        HashSet<int> poisoned = [.. Enumerable.Range(0, paths.Count).Where(path => IsPoisoned(paths[path]))];
        _links = poisoned.Count == 0 ? all : new(paths, poisoned);
        _triplets = new(paths, poisoned);
        int[] ranked = Ranked(paths, _links, members);
        _rank = new int[paths.AsCount];
        for (int place = 0; place < ranked.Length; place++) _rank[ranked[place]] = place;
        _told = new int[_links.Count];
        Array.Fill(_told, Unknown);
        _customers = new List<int>[paths.AsCount];
        _providers = new int[paths.AsCount];
        foreach (int one in members)
            foreach (int other in members)
                if (one < other && _links.Between(one, other) is >= 0 and var link) _told[link] = Peering;
        SellDownwards(ranked);
        SellToStubsOfPartialFeeds(poisoned);
        SellByAreSmaller(ranked);
        PeerWithoutProviders(ranked);
        SellToStubsOfTheClique();
        SellOnFromAbove();
        SellToTheUnprovided(ranked);
        Fold(ranked);
        Graph = RelationshipGraph.Of(
            Enumerable.Range(0, _links.Count).Select(link => _links.Told(link, _told[link] - 1)), [.. members.Select(paths.AsOf)]);
    }

    private RelationshipGraph Graph { get; }

    /// <summary>Infers what the neighbours on some paths are to each other.</summary>
    public static RelationshipGraph Infer(SeenPaths paths) => paths.Count == 0 ? RelationshipGraph.Of([]) : new RankInference(paths).Graph;

    private static int[] Ranked(SeenPaths paths, SeenLinks links, IReadOnlyList<int> clique)
    {
        var top = clique.ToHashSet();
        return [.. Enumerable.Range(0, paths.AsCount).OrderBy(id => !top.Contains(id)).ThenByDescending(id => links.TransitDegree[id])
            .ThenByDescending(id => links.Degree[id]).ThenBy(paths.AsOf)];
    }

    // Members of the clique are neighbours where they stand in one path: what is between them was put there.
    private bool IsPoisoned(ReadOnlySpan<int> hops)
    {
        int first = -1, last = -1, members = 0;
        for (int i = 0; i < hops.Length; i++)
        {
            if (!_clique.Contains(hops[i])) continue;
            if (first < 0) first = i;
            last = i;
            members++;
        }
        return members > 1 && last - first + 1 > members;
    }

    // From the top down: who passes a network's routes to a provider or a peer sells transit to it.
    private void SellDownwards(int[] ranked)
    {
        foreach (int z in ranked)
            if (!_clique.Contains(z)) SellTo(z);
    }

    private void SellTo(int z)
    {
        var (from, end) = BoundsOf(_triplets.EndingWith(z));
        for (int at = from; at < end; at++)
        {
            var (x, y, _, _) = _triplets[at];
            if (_rank[y] < _rank[z] && IsAboveOrBeside(x, y)) TrySell(y, z);
        }
    }

    // A vantage point that shows little sends what it has of customers and peers: of a peer's route the origin is that peer's customer.
    private void SellToStubsOfPartialFeeds(HashSet<int> poisoned)
    {
        var origins = new Dictionary<Asn, HashSet<int>>();
        for (int path = 0; path < _paths.Count; path++)
        {
            if (poisoned.Contains(path)) continue;
            if (!origins.TryGetValue(_paths.PeerOf(path), out var seen)) origins[_paths.PeerOf(path)] = seen = [];
            seen.Add(_paths[path][^1]);
        }
        for (int path = 0; path < _paths.Count; path++)
        {
            var hops = _paths[path];
            if (hops.Length != 3 || poisoned.Contains(path)
                || origins[_paths.PeerOf(path)].Count * (long)PartialFeedPart > _paths.AsCount) continue;
            if (_links.TransitDegree[hops[2]] == 0 && !_clique.Contains(hops[2])) TrySell(hops[1], hops[2]);
        }
    }

    // A customer may be larger than its provider; one path alone may be a leak.
    private void SellByAreSmaller(int[] ranked)
    {
        foreach (int z in ranked)
        {
            if (_clique.Contains(z)) continue;
            var (from, end) = BoundsOf(_triplets.EndingWith(z));
            for (int at = from; at < end; at++)
            {
                var (x, y, _, ends) = _triplets[at];
                if (_rank[y] > _rank[z] && ends >= SmallerProviderEndsMin && IsProvider(x, y) && TrySell(y, z)) SellOnwards(y, z);
            }
        }
    }

    // A network that has a provider now passes routes to it: those are of its customers.
    private void SellOnwards(int provider, int through)
    {
        var open = new Stack<(int X, int Y)>([(provider, through)]);
        while (open.TryPop(out var next))
            foreach (int z in NeighboursOf(next.Y))
            {
                var (from, end) = BoundsOf(_triplets.EndingWith(next.Y, z));
                for (int at = from; at < end; at++)
                    if (_triplets[at].X == next.X && _rank[next.Y] < _rank[z] && TrySell(next.Y, z)) open.Push((next.Y, z));
            }
    }

    // Large networks that buy from nobody and are not of the clique, as research networks: they peer with larger ones.
    private void PeerWithoutProviders(int[] ranked)
    {
        foreach (int y in ranked)
        {
            if (_clique.Contains(y) || _providers[y] > 0 || _links.TransitDegree[y] < UnprovidedDegreeMin) continue;
            foreach (int x in NeighboursOf(y))
                if (_rank[x] < _rank[y] && _links.Between(x, y) is >= 0 and var link && _told[link] == Unknown) _told[link] = Peering;
            foreach (int z in NeighboursOf(y))
            {
                if (_rank[z] < _rank[y]) continue;
                var (from, end) = BoundsOf(_triplets.EndingWith(y, z));
                for (int at = from; at < end; at++)
                    if (IsAboveOrBeside(_triplets[at].X, y) && TrySell(y, z)) SellOnwards(y, z);
            }
        }
    }

    private void SellToStubsOfTheClique()
    {
        for (int link = 0; link < _links.Count; link++)
        {
            if (_told[link] != Unknown) continue;
            var (low, high) = _links.EndsOf(link);
            if (_clique.Contains(low) && _links.TransitDegree[high] == 0) TrySell(low, high);
            else if (_clique.Contains(high) && _links.TransitDegree[low] == 0) TrySell(high, low);
        }
    }

    // Beyond the published steps: who passes on a route that it has of a provider or a peer passes it to a customer. It tells of the links
    // on the side of the vantage point, which others do not see.
    private void SellOnFromAbove()
    {
        var sales = new HashSet<(int Rank, int Provider, int Customer)>();
        for (int at = 0; at < _triplets.Count; at++)
        {
            var (x, y, z, _) = _triplets[at];
            if (_rank[y] < _rank[x] && _told[_links.Between(x, y)] == Unknown && _told[_links.Between(y, z)] is var told
                && (told == Peering || told == z + 1)) sales.Add((_rank[x], y, x));
        }
        foreach (var (_, provider, customer) in sales.Order()) TrySell(provider, customer);
    }

    // Who is not at the top has to buy of somebody to be reached. Of a network that is the origin of all its paths, and of which nothing
    // shows a provider, the larger neighbour by which most paths go on is one.
    private void SellToTheUnprovided(int[] ranked)
    {
        foreach (int z in ranked)
        {
            if (_clique.Contains(z) || _providers[z] > 0 || _links.TransitDegree[z] > 0) continue;
            var (from, end) = BoundsOf(_triplets.EndingWith(z));
            int seller = -1, most = 0;
            for (int at = from; at < end; at++)
            {
                int y = _triplets[at].Y, link = _links.Between(y, z);
                if (_rank[y] > _rank[z] || _told[link] != Unknown || _links.PathsOf(link) <= most) continue;
                (seller, most) = (y, _links.PathsOf(link));
            }
            if (seller >= 0) TrySell(seller, z);
        }
    }

    // Two peerings in a row cannot be: a route of a peer goes to customers alone. The one nearer to the origin is a sale, where sizes
    // allow.
    private void Fold(int[] ranked)
    {
        foreach (int z in ranked)
        {
            var (from, end) = BoundsOf(_triplets.EndingWith(z));
            for (int at = from; at < end; at++)
            {
                var (x, y, _, _) = _triplets[at];
                if (_rank[y] < _rank[z] && _links.Between(x, y) is >= 0 and var nearer && _told[nearer] == Unknown) TrySell(y, z);
            }
        }
    }

    private bool IsAboveOrBeside(int x, int y) => _links.Between(x, y) is >= 0 and var link && (_told[link] == Peering
        || _told[link] == x + 1);

    private bool IsProvider(int x, int y) => _links.Between(x, y) is >= 0 and var link && _told[link] == x + 1;

    private bool TrySell(int provider, int customer)
    {
        int link = _links.Between(provider, customer);
        if (link < 0 || _told[link] != Unknown || _clique.Contains(customer) || IsInCone(customer, provider)) return false;
        _told[link] = provider + 1;
        (_customers[provider] ??= []).Add(customer);
        _providers[customer]++;
        return true;
    }

    // Whether an AS buys from another by way of any: that one can buy nothing from it.
    private bool IsInCone(int of, int asked)
    {
        if (_customers[of] is null || _providers[asked] == 0) return false;
        var open = new Stack<int>([of]);
        var reached = new HashSet<int> { of };
        while (open.TryPop(out int at))
            foreach (int customer in _customers[at] ?? [])
            {
                if (customer == asked) return true;
                if (reached.Add(customer)) open.Push(customer);
            }
        return false;
    }

    private int[] NeighboursOf(int id)
    {
        if (_neighbours is null)
        {
            var lists = new List<int>[_paths.AsCount];
            for (int link = 0; link < _links.Count; link++)
            {
                var (low, high) = _links.EndsOf(link);
                (lists[low] ??= []).Add(high);
                (lists[high] ??= []).Add(low);
            }
            _neighbours = [.. lists.Select(list => list is null ? [] : list.OrderBy(one => _rank[one]).ToArray())];
        }
        return _neighbours[id];
    }

    private static (int From, int End) BoundsOf(Range range) => (range.Start.Value, range.End.Value);
}
