using Isthmus.Cuts;
using Isthmus.Dependence;
using Isthmus.Relationships;
using Isthmus.Wire;

namespace Isthmus.Resilience;

/// <summary>The links by which the routes of a subject leave it, as vantage points outside see them.</summary>
public sealed class Frontier
{
    private readonly Dictionary<(Asn Gateway, Asn Upstream), double> _weights = [];
    private readonly HashSet<(Asn Near, Asn Far)> _links = [];
    private readonly HashSet<Asn> _starts = [], _origins = [], _peers = [];

    /// <summary>What is reached by each gateway and foreign upstream, over all vantage points.</summary>
    public IReadOnlyDictionary<(Asn Gateway, Asn Upstream), double> Weights => _weights;

    /// <summary>The origins of its routes.</summary>
    public IReadOnlySet<Asn> Origins => _origins;

    /// <summary>Peer ASes outside that hold a route.</summary>
    public int PeerAses => _peers.Count;

    /// <summary>Adds what a peer reaches by a path.</summary>
    /// <param name="hops">From the vantage point to the origin.</param>
    /// <param name="gate">The place of the gateway in them, behind which all are inside; not the first.</param>
    public void Add(Asn peer, ReadOnlySpan<Asn> hops, int gate, double weight)
    {
        _peers.Add(peer);
        _origins.Add(hops[^1]);
        var way = (hops[gate], hops[gate - 1]);
        _weights[way] = _weights.GetValueOrDefault(way) + weight;
        _starts.Add(hops[0]);
        for (int i = 1; i <= gate; i++) _links.Add((hops[i - 1], hops[i]));
    }

    /// <summary>The routes of one subject.</summary>
    public static Frontier Of(SubjectRoutes routes)
    {
        var frontier = new Frontier();
        foreach (int row in routes.Rows)
            foreach (int peer in routes.Peers)
                foreach (int path in routes.Held(peer, row))
                {
                    var hops = routes.Table.Paths[path].Hops;
                    int gate = hops.IndexOf(routes[path].Gateway);
                    if (gate > 0) frontier.Add(routes.Table.Peers[peer].Peer.Asn, hops, gate, routes.Weights[row]);
                }
        return frontier;
    }

    /// <summary>Those of all countries, each path of a peer walked once.</summary>
    /// <param name="countryOf">The country of an AS.</param>
    public static IReadOnlyDictionary<Registry.Country, Frontier> OfAll(
        WholeTable table, AddressFamily family, Func<Asn, Registry.Country> countryOf, CancellationToken stop)
    {
        var all = new SortedDictionary<Registry.Country, Frontier>();
        foreach (var (peer, paths) in table.Walk(family))
        {
            stop.ThrowIfCancellationRequested();
            var own = table.Peers[peer].Peer.Asn;
            foreach (var (path, weight, _) in paths)
            {
                var clean = table.Paths[path];
                if (clean.Origins.Length != 1 || clean.Hops.Length < 2 || !table.IsBelieved(peer, path)) continue;
                var hops = clean.Hops;
                var country = countryOf(hops[^1]);
                int gate = hops.Length - 1;
                while (gate > 0 && countryOf(hops[gate - 1]) == country) gate--;
                if (country.IsNone || gate == 0 || countryOf(own) == country) continue;
                if (!all.TryGetValue(country, out var frontier)) all[country] = frontier = new();
                frontier.Add(own, hops, gate, weight);
            }
        }
        return all;
    }

    /// <summary>The smallest sets of networks, or of links, that every way crosses.</summary>
    public IReadOnlyList<IsolatingCut> Isolating()
    {
        var inside = _weights.Keys.Select(way => way.Gateway).ToHashSet();
        (Asn Near, Asn Far)[] links = [.. _links.Where(link => !inside.Contains(link.Near)).Order()];
        Asn[] ases = [.. links.SelectMany(link => new[] { link.Near, link.Far }).Where(asn => !inside.Contains(asn)).Distinct().Order()];
        var ids = ases.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var cuts = new MinimumCuts(ases.Length, [.. links.Select(link => (ids[link.Near], ids.GetValueOrDefault(link.Far, ases.Length)))],
            [.. _starts.Where(ids.ContainsKey).Select(asn => ids[asn])]);
        return
        [
            .. cuts.OfNodes().Select(set => new IsolatingCut(false, [.. set.Select(id => (ases[id], (Asn?)null))])),
            .. cuts.OfLinks().Select(set => new IsolatingCut(true, [.. set.Select(id => (links[id].Near, (Asn?)links[id].Far))])),
        ];
    }
}
