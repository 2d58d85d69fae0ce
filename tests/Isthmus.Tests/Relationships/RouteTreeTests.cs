using Isthmus.Relationships;
using Isthmus.Scenarios;

namespace Isthmus.Tests.Relationships;

/// <summary>Routes as policy makes them (docs/methods.md, "Propagation"): a worked example, and every route of random graphs.</summary>
public sealed class RouteTreeTests
{
    private const string Kp = "1-2 1>4837 1>3 1>5 2>20485 2>4 2>5 4837>131279 20485>131279";
    private static readonly uint[] _vantage = [3, 4, 5];

    private readonly RelationshipGraph _graph = DrawnGraph.Of(Kp);
    private readonly RouteTree _tree;

    public RouteTreeTests() => _tree = new(_graph);

    [Fact]
    public void Customer_routes_come_before_peer_routes_before_provider_routes_then_the_shortest_then_the_lowest_number()
    {
        _tree.Run(Index(131279));
        Assert.Equal("3 1 4837 131279", Path(3));
        Assert.Equal("4 2 20485 131279", Path(4));
        Assert.Equal("5 1 4837 131279", Path(5));
        Assert.Equal([4837, 20485, 4837], _vantage.Select(Upstream));
        Assert.Equal(RouteClass.Customer, _tree.ClassOf(Index(1)));
        Assert.Equal(RouteClass.Provider, _tree.ClassOf(Index(3)));
    }

    [Fact]
    public void Without_a_link_its_provider_has_the_route_over_the_top()
    {
        var cut = new GraphCut(_graph);
        cut.RemoveLink(_graph.Between(Index(4837), Index(131279))!.Value.Link);
        _tree.Run(Index(131279), cut);
        Assert.Equal("4837 1 2 20485 131279", Path(4837));
        Assert.Equal("3 1 2 20485 131279", Path(3));
        Assert.Equal("5 2 20485 131279", Path(5));
        Assert.All(_vantage, asn => Assert.Equal(20485u, Upstream(asn)));
    }

    [Fact]
    public void Without_both_links_nobody_else_has_a_route()
    {
        var cut = new GraphCut(_graph);
        cut.RemoveLink(_graph.Between(Index(4837), Index(131279))!.Value.Link);
        cut.RemoveLink(_graph.Between(Index(20485), Index(131279))!.Value.Link);
        _tree.Run(Index(131279), cut);
        Assert.Equal(1, _tree.Reached);
        Assert.Equal("", Path(3));
    }

    [Fact]
    public void Without_an_AS_all_go_by_the_other()
    {
        var cut = new GraphCut(_graph);
        cut.Remove(Index(20485));
        _tree.Run(Index(131279), cut);
        Assert.All(_vantage, asn => Assert.Equal(4837u, Upstream(asn)));
        Assert.Equal("", Path(20485));
        // 4 has it of 2, which has it of its peer: up, up, across and down is no valley.
        Assert.Equal("4 2 1 4837 131279", Path(4));
    }

    [Fact]
    public void A_customer_passes_no_route_of_one_provider_to_another()
    {
        _tree.Run(Index(4837));
        // 2 has it of its peer 1, and never of its customers 20485 and 5.
        Assert.Equal("20485 2 1 4837", Path(20485));
        Assert.Equal("5 1 4837", Path(5));
    }

    [Theory]
    [InlineData(1UL, 30)]
    [InlineData(2UL, 12)]
    public void Every_route_of_random_graphs_is_what_routers_come_to_that_tell_each_other(ulong seed, int ases)
    {
        for (ulong world = 0; world < 20; world++)
        {
            var random = new SeededRandom(seed * 1000 + world);
            var graph = Random(random, ases);
            var tree = new RouteTree(graph);
            var cut = new GraphCut(graph);
            foreach (bool isCut in (bool[])[false, true])
            {
                if (isCut && graph.Links.Count > 2)
                {
                    cut.RemoveLink(random.Between(0, graph.Links.Count - 1));
                    cut.Remove(random.Between(0, graph.Count - 1));
                }
                for (int origin = 0; origin < graph.Count; origin++)
                {
                    tree.Run(origin, cut);
                    var told = TellingEachOther.Run(graph, origin, cut);
                    for (int at = 0; at < graph.Count; at++)
                        Assert.Equal(told[at].Select(index => graph[index]), tree.PathOf(at));
                }
            }
        }
    }

    // Providers have lower numbers in the drawing, and shuffled ones in the graph.
    private static RelationshipGraph Random(SeededRandom random, int ases)
    {
        var numbers = random.Shuffle(Enumerable.Range(1, ases)).ToList();
        var links = new List<AsLink>();
        for (int one = 0; one < ases; one++)
            for (int other = one + 1; other < ases; other++)
                if (random.Chance(4.0 / ases)) links.Add(new(new((uint)numbers[one]), new((uint)numbers[other]),
                    random.Chance(0.6) ? LinkKind.Transit : LinkKind.Peering));
        return RelationshipGraph.Of(links);
    }

    private int Index(uint asn) => _graph.IndexOf(new(asn));

    private string Path(uint asn) => _tree.PathText(_graph, asn);

    private uint Upstream(uint asn) => _graph[_tree.UpstreamOf(Index(asn))].Number;

    /// <summary>Each AS tells its neighbours what policy allows, and chooses anew, until nobody does.</summary>
    private static class TellingEachOther
    {
        public static List<int>[] Run(RelationshipGraph graph, int origin, GraphCut cut)
        {
            var best = Enumerable.Range(0, graph.Count).Select(_ => new List<int>()).ToArray();
            if (cut.Lacks(origin)) return best;
            best[origin] = [origin];
            for (bool changes = true; changes;)
            {
                changes = false;
                for (int at = 0; at < graph.Count; at++)
                {
                    if (at == origin || cut.Lacks(at)) continue;
                    var chosen = Offers(graph, best, at, cut).OrderBy(offer => offer.Kind).ThenBy(offer => offer.Path.Count)
                        .ThenBy(offer => graph[offer.Path[0]]).Select(offer => (List<int>)[at, .. offer.Path]).FirstOrDefault([]);
                    if (chosen.SequenceEqual(best[at])) continue;
                    (best[at], changes) = (chosen, true);
                }
            }
            return best;
        }

        private static IEnumerable<(Neighbour Kind, List<int> Path)> Offers(RelationshipGraph graph, List<int>[] best, int at, GraphCut cut)
        {
            for (int from = 0; from < graph.Count; from++)
            {
                if (graph.Between(at, from) is not { } link || cut.LacksLink(link.Link) || best[from].Count == 0
                    || best[from].Contains(at)) continue;
                bool isOwnOrOfCustomer = best[from].Count == 1 || graph.Between(from, best[from][1])!.Value.Kind is Neighbour.Customer;
                if (isOwnOrOfCustomer || link.Kind is Neighbour.Provider) yield return (link.Kind, best[from]);
            }
        }
    }
}
