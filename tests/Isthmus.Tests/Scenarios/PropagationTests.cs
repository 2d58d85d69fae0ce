using Isthmus.Scenarios;
using Isthmus.Wire;

namespace Isthmus.Tests.Scenarios;

/// <summary>The drawn Internet behaves as the real one does, where it matters for what observers see.</summary>
public sealed class PropagationTests
{
    private static readonly Timestamp _start = Timestamp.Parse("2020-01-01T00:00:00Z"), _end = Timestamp.Parse("2020-01-02T00:00:00Z");

    // 174 and 3356 peer; 20 buys from 174, 30 from 3356, 40 from both of these; 50 peers with 20.
    private static AsGraph Small() => new AsGraph()
        .Peering(174, 3356).Transit(174, 20).Transit(3356, 30).Transit(20, 40).Transit(30, 40).Peering(20, 50).Transit(3356, 50);

    [Fact]
    public void A_route_of_a_customer_is_preferred_to_a_shorter_one_of_a_peer()
    {
        var travel = new Propagation(new AsGraph().Transit(1, 2).Transit(2, 3).Transit(3, 4).Peering(1, 4), seed: 1);
        travel.Originate(_start, 4, Origination.To(1, 3));
        travel.Run(_end);
        Assert.Equal([1, 2, 3, 4], travel.ChoicesOf(1)[^1].Path);
        Assert.Equal([[1, 4]], travel.AlternativesOf(1));
    }

    [Fact]
    public void What_a_peer_tells_is_told_to_customers_alone()
    {
        var travel = new Propagation(new AsGraph().Peering(1, 2).Peering(2, 3).Transit(2, 4), seed: 1);
        travel.Originate(_start, 1, Origination.To(2));
        travel.Run(_end);
        Assert.Equal([4, 2, 1], travel.ChoicesOf(4)[^1].Path);
        Assert.Empty(travel.ChoicesOf(3));
    }

    [Fact]
    public void A_broken_link_is_failed_over_and_paths_are_hunted_for_before_all_is_given_up()
    {
        var travel = new Propagation(Small(), seed: 1);
        travel.Originate(_start, 40, Origination.To(20, 30));
        travel.Unlink(_start + TimeSpan.FromHours(1), 174, 20);
        travel.Originate(_start + TimeSpan.FromHours(2), 40, null);
        travel.Run(_end);
        var after = _start + TimeSpan.FromHours(1);
        Assert.Equal([174, 20, 40], travel.ChoicesOf(174).Last(choice => choice.Time < after).Path);
        Assert.Equal([174, 3356, 30, 40], travel.ChoicesOf(174).Last(choice => choice.Time < after + TimeSpan.FromHours(1)).Path);
        Assert.All(new uint[] { 174, 3356, 20, 30, 50 }, asn => Assert.Null(travel.ChoicesOf(asn)[^1].Path));
    }

    [Fact]
    public void A_poisoned_as_refuses_the_route_and_prepending_turns_others_away()
    {
        var plain = Origination.To(20, 30);
        var travel = new Propagation(Small(), seed: 1);
        travel.Originate(_start, 40, plain with { Poison = 3356 });
        travel.Originate(_start + TimeSpan.FromHours(1), 40, new(new Dictionary<uint, int> { [20] = 3, [30] = 0 }));
        travel.Run(_end);
        Assert.DoesNotContain(travel.ChoicesOf(3356), choice => choice.Time < _start + TimeSpan.FromHours(1) && choice.Path is not null);
        // A customer's route stays the best, however long.
        Assert.Equal([174, 20, 40, 40, 40, 40], travel.ChoicesOf(174)[^1].Path);
    }

    [Fact]
    public void Prefixes_that_are_announced_alike_travel_alike()
    {
        var random = new SeededRandom(5);
        var graph = AsGraph.Draw(random, core: 5, carriers: 10, edges: 30);
        uint origin = graph.Ases.Last();
        var journeys = Enumerable.Range(0, 2).Select(_ =>
        {
            var travel = new Propagation(graph, seed: 7);
            travel.Originate(_start, origin, Origination.To(graph.Neighbours(origin).Keys));
            travel.Run(_end);
            return graph.Ases.SelectMany(travel.ChoicesOf).Select(choice => $"{choice.Time} {PathText.Of(choice.Path ?? [])}").ToArray();
        }).ToArray();
        Assert.Equal(journeys[0], journeys[1]);
        Assert.All(graph.Ases.Where(asn => asn != origin), asn =>
            Assert.Contains(journeys[0], step => step.Contains($" {asn} ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void No_path_of_a_drawn_internet_goes_down_and_up_again(ulong seed)
    {
        var graph = AsGraph.Draw(new(seed), core: 5, carriers: 12, edges: 40);
        foreach (uint origin in graph.Ases.Where((_, i) => i % 9 == 0))
        {
            var travel = new Propagation(graph, seed);
            travel.Originate(_start, origin, Origination.To(graph.Neighbours(origin).Keys));
            travel.Originate(_start + TimeSpan.FromHours(1), origin, null);
            travel.Run(_end);
            foreach (var path in graph.Ases.SelectMany(travel.ChoicesOf).Select(choice => choice.Path).OfType<IReadOnlyList<uint>>())
            {
                // From the vantage point: up by upstreams, over one peering at most, and down by customers.
                var steps = path.Zip(path.Skip(1), (here, next) => graph.Neighbours(here)[next]).ToList();
                int top = steps.FindIndex(step => step is not Relation.Upstream);
                if (top < 0) continue;
                Assert.All(steps.Skip(top + 1), step => Assert.Equal(Relation.Customer, step));
            }
        }
    }
}
