using Isthmus.Relationships;
using Isthmus.Scenarios;
using Isthmus.Wire;

namespace Isthmus.Tests.Relationships;

/// <summary>
/// Relationships inferred from paths: from the definitions (docs/methods.md, "Relationships"), and on worlds where they are known.
/// </summary>
public sealed class InferenceTests
{
    [Fact]
    public void Below_the_first_transit_free_AS_each_buys_from_the_next()
    {
        var graph = AnchoredWalk.Infer(DrawnGraph.Paths("30844 3356 1239 4837 131279", "20485 1299 3356 1239 4837"));
        Assert.Equal("4837>131279", graph.Told(4837, 131279));
        Assert.Equal("1239>4837", graph.Told(1239, 4837));
        Assert.Equal("3356>1239", graph.Told(3356, 1239));
        Assert.Equal("1299-3356", graph.Told(1299, 3356));
        // 1299 has the route of its peer, and passes it to customers alone.
        Assert.Equal("1299>20485", graph.Told(1299, 20485));
        // Whether 30844 buys or is a peer, to which a customer's route goes, too, no path says.
        Assert.Equal("3356-30844", graph.Told(3356, 30844));
    }

    [Fact]
    public void A_path_without_a_transit_free_AS_decides_nothing_and_one_that_may_be_such_counts_below_another()
    {
        var graph = AnchoredWalk.Infer(DrawnGraph.Paths("50001 50002 50003", "50009 6461 50004", "3356 6461 50005 50006"));
        Assert.Equal("50002-50003", graph.Told(50002, 50003));
        Assert.Equal("6461-50004", graph.Told(6461, 50004));
        Assert.Equal("6461>50005", graph.Told(6461, 50005));
        Assert.Equal("50005>50006", graph.Told(50005, 50006));
    }

    [Fact]
    public void A_link_has_its_different_paths_and_the_peer_ASes_that_hold_them()
    {
        var graph = AnchoredWalk.Infer(DrawnGraph.Paths("20 3356 4837 131279", "20 3356 4837 50001", "30 3356 4837 131279",
            "20 3356 4837 131279"));
        var link = Assert.Single(graph.Links, link => link.Second.Number == 4837);
        Assert.Equal((3, 2), (link.Paths, link.Peers));
    }

    [Fact]
    public void Who_passes_routes_to_a_peer_of_the_clique_sells_transit_from_the_top_down()
    {
        // 10, 20 and 30 are the clique; 41 is below 10 and sells to 51; 52 is below 20.
        var graph = RankInference.Infer(DrawnGraph.Paths(
            "20 10 41 51", "30 10 41 51", "30 20 52", "10 20 52", "10 30 53", "20 30 53", "30 10 54", "20 10 54"));
        Assert.Equal([new Asn(10), new Asn(20), new Asn(30)], graph.Clique);
        Assert.Equal(["10>41", "41>51", "20>52", "30>53", "10-20", "10-30", "20-30"],
            [graph.Told(10, 41), graph.Told(41, 51), graph.Told(20, 52), graph.Told(30, 53), graph.Told(10, 20), graph.Told(10, 30),
                graph.Told(20, 30)]);
    }

    [Fact]
    public void A_network_below_two_members_is_none_of_the_clique()
    {
        // 40 links to all three, and 20 has its route of 10.
        string[] paths = ["20 10 40 60", "10 20 61", "30 20 40 60", "10 30 62", "20 30 62", "30 10 63", "10 40 64", "20 40 64", "30 40 64",
            "10 30 40", "20 10 40", "30 20 40"];
        Assert.DoesNotContain(new Asn(40), RankInference.Infer(DrawnGraph.Paths(paths)).Clique);
    }

    [Fact]
    public void Nobody_becomes_its_own_provider_by_way_of_others()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var random = new SeededRandom(seed);
            // Paths of random ASes, of which most break every rule.
            var paths = DrawnGraph.Paths(Enumerable.Range(0, 200).Select(_ =>
                string.Join(' ', random.Shuffle(Enumerable.Range(100, 20)).Take(random.Between(2, 6)))));
            var graph = RankInference.Infer(paths);
            for (int index = 0; index < graph.Count; index++)
            {
                var above = new HashSet<int>();
                var open = new Stack<int>([index]);
                while (open.TryPop(out int at))
                    foreach (int provider in graph.Of(at, Neighbour.Provider))
                        if (above.Add(provider)) open.Push(provider);
                Assert.DoesNotContain(index, above);
            }
        }
    }

    [Fact]
    public void The_order_in_which_paths_come_has_no_say()
    {
        var random = new SeededRandom(7);
        var world = AsGraph.Draw(random, 4, 12, 40);
        string[] lines = [.. LinesOf(DrawnGraph.Of(world), random, 8)];
        var one = RankInference.Infer(DrawnGraph.Paths(lines));
        var other = RankInference.Infer(DrawnGraph.Paths(lines.Reverse()));
        Assert.Equal(one.Links.OrderBy(link => link.First).ThenBy(link => link.Second), other.Links.OrderBy(link => link.First)
            .ThenBy(link => link.Second));
    }

    [Fact]
    public void On_worlds_whose_relationships_are_known_the_walk_mistakes_no_sale()
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var random = new SeededRandom(seed);
            var truth = DrawnGraph.Of(AsGraph.Draw(random, 6, 30, 150));
            var told = AnchoredWalk.Infer(DrawnGraph.Paths(LinesOf(truth, random, 20)));
            Assert.All(told.Links.Where(link => link.Kind is LinkKind.Transit), link => Assert.True(IsTrue(truth, link), $"{link}"));
        }
    }

    [Fact]
    public void On_worlds_whose_relationships_are_known_the_steps_from_the_top_down_are_nearly_always_right()
    {
        int sales = 0, rightSales = 0, shown = 0, found = 0;
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var random = new SeededRandom(seed);
            var truth = Grown(random, 400);
            string[] lines = [.. LinesOf(truth, random, 30)];
            var inferred = RankInference.Infer(DrawnGraph.Paths(lines));
            Assert.Equal(truth.Clique, inferred.Clique);
            foreach (var link in inferred.Links.Where(link => link.Kind is LinkKind.Transit))
                (sales, rightSales) = (sales + 1, rightSales + (IsTrue(truth, link) ? 1 : 0));
            // What no path shows from above cannot be told from a peering.
            foreach (var link in ShownFromAbove(truth, lines))
                (shown, found) = (shown + 1, found + (inferred.Told(link.First.Number, link.Second.Number).Contains('>') ? 1 : 0));
        }
        // What is published of AS-Rank: 99.6 % of sales and 98.7 % of peerings; here there are 30 vantage points for 400 ASes.
        Assert.True(rightSales >= 0.99 * sales, $"{rightSales} of {sales} sales");
        Assert.True(found >= 0.98 * shown, $"{found} of {shown} sales that are shown");
    }

    [Fact]
    public void A_cone_is_counted_in_three_ways()
    {
        var graph = DrawnGraph.Of("1-2 1>3 3>4 3>5 2>6", 1, 2);
        // 3 passes 4 to its provider; 5 is seen from below alone.
        var cones = new CustomerCones(graph, DrawnGraph.Paths("2 1 3 4", "3 5"));
        Assert.Equal([3, 4, 5], Numbers(cones, 3, ConeKind.Recursive));
        Assert.Equal([3, 4, 5], Numbers(cones, 3, ConeKind.Observed));
        Assert.Equal([3, 4], Numbers(cones, 3, ConeKind.SeenFromAbove));
        Assert.Equal([1, 3, 4, 5], Numbers(cones, 1, ConeKind.Recursive));
        Assert.Equal([1, 3, 4], Numbers(cones, 1, ConeKind.Observed));
        Assert.Equal([1, 3, 4], Numbers(cones, 1, ConeKind.SeenFromAbove));
        Assert.Equal([6], Numbers(cones, 6, ConeKind.Recursive));
        Assert.Equal(4, cones.Sizes(ConeKind.Recursive)[graph.IndexOf(new(1))]);
        Assert.Empty(cones.Of(new(99), ConeKind.Recursive));
    }

    // As the Internet grew: a newcomer buys mostly of those that have many customers, and peers with some of its size.
    private static RelationshipGraph Grown(SeededRandom random, int ases)
    {
        var links = new List<AsLink>();
        int[] customers = new int[ases];
        for (int one = 0; one < ases; one++)
        {
            bool isTop = one < 6;
            for (int other = 0; isTop && other < one; other++) links.Add(new(new((uint)one + 101), new((uint)other + 101),
                LinkKind.Peering));
            var providers = new HashSet<int>();
            for (int wanted = isTop ? 0 : random.Between(1, 3); wanted > 0; wanted--) providers.Add(Drawn(one));
            foreach (int provider in providers)
            {
                customers[provider]++;
                links.Add(new(new((uint)provider + 101), new((uint)one + 101), LinkKind.Transit));
            }
            for (int peers = one > 12 && random.Chance(0.3) ? 2 : 0; peers > 0; peers--)
                if (random.Between(Math.Max(6, one - 40), one - 1) is var peer && !providers.Contains(peer) && customers[peer] < 12)
                    links.Add(new(new((uint)peer + 101), new((uint)one + 101), LinkKind.Peering));
        }
        return RelationshipGraph.Of(links, [.. Enumerable.Range(101, 6).Select(number => new Asn((uint)number))]);

        int Drawn(int below)
        {
            int weight = random.Below(Enumerable.Range(0, below).Sum(Weight)), provider = 0;
            while ((weight -= Weight(provider)) >= 0) provider++;
            return provider;
        }

        int Weight(int provider) => customers[provider] * 3 + (provider < 6 ? 20 : provider < 60 ? 2 : 0);
    }

    // The sales of which some path shows that the seller passes the buyer's routes to a provider or a peer.
    private static HashSet<AsLink> ShownFromAbove(RelationshipGraph truth, IEnumerable<string> lines)
    {
        var shown = new HashSet<AsLink>();
        foreach (string line in lines)
        {
            int[] hops = [.. line.Split(' ').Select(word => truth.IndexOf(Asn.Parse(word)))];
            for (int i = 2; i < hops.Length; i++)
                if (truth.Between(hops[i - 1], hops[i]) is { Kind: Neighbour.Customer } sale
                    && truth.Between(hops[i - 1], hops[i - 2]) is { Kind: not Neighbour.Customer }) shown.Add(truth.Links[sale.Link]);
        }
        return shown;
    }

    private static uint[] Numbers(CustomerCones cones, uint asn, ConeKind kind) => [.. cones.Of(new(asn), kind).Select(one => one.Number)];

    private static bool IsTrue(RelationshipGraph truth, AsLink link) =>
        truth.Between(truth.IndexOf(link.First), truth.IndexOf(link.Second)) is { } real
        && real.Kind == (link.Kind is LinkKind.Transit ? Neighbour.Customer : Neighbour.Peer);

    private static IEnumerable<string> LinesOf(RelationshipGraph world, SeededRandom random, int vantagePoints)
    {
        var tree = new RouteTree(world);
        int[] points = [.. random.Shuffle(Enumerable.Range(0, world.Count)).Take(vantagePoints)];
        for (int origin = 0; origin < world.Count; origin++)
        {
            tree.Run(origin);
            foreach (int point in points.Where(point => tree.PathOf(point).Count > 1))
                yield return string.Join(' ', tree.PathOf(point).Select(hop => hop.Number));
        }
    }
}
