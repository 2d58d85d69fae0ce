using Isthmus.Attribution;
using Isthmus.Cuts;
using Isthmus.Registry;
using Isthmus.Relationships;
using Isthmus.Resilience;
using Isthmus.Scenarios;
using Isthmus.Tests.Dependence;
using Isthmus.Tests.Relationships;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Resilience;

/// <summary>
/// How easily a country could be cut off (docs/methods.md, "Resilience"): by the definitions, on written worlds and on the sample.
/// </summary>
public sealed class ResilienceTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(1, FrontierClass.Severe)]
    [InlineData(2, FrontierClass.Severe)]
    [InlineData(9, FrontierClass.Significant)]
    [InlineData(10, FrontierClass.Low)]
    [InlineData(40, FrontierClass.Low)]
    [InlineData(41, FrontierClass.Resistant)]
    public void A_country_has_the_class_of_its_organisations_at_the_frontier(int organisations, FrontierClass? expected) =>
        Assert.Equal(expected, ResilienceMeasures.ClassOf(organisations));

    [Fact]
    public void Points_of_control_are_the_gateways_that_lead_nine_tenths()
    {
        Assert.Equal(3, ResilienceMeasures.PointsOfControl([50, 30, 15, 5]));
        Assert.Equal(1, ResilienceMeasures.PointsOfControl([90, 10]));
        Assert.Equal(0, ResilienceMeasures.PointsOfControl([]));
    }

    [Fact]
    public void The_worst_failure_of_a_country_costs_three_of_five_networks_their_way_up()
    {
        var graph = DrawnGraph.Of("1-2 1>10 10>11 10>12 10>13 2>13 11>14", 1, 2);
        var reliability = new NationalReliability(graph).Of(asn => asn.Number >= 10 ? Country.Parse("KP")
            : Country.None)[Country.Parse("KP")];
        Assert.Equal((10u, 3, 5, 0.6, 0.8),
            (reliability.Worst.Number, reliability.Lost, reliability.Networks, reliability.Score, reliability.ScoreWithIt));
    }

    [Fact]
    public void What_a_failure_costs_is_what_is_cut_off_when_it_is_tried()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var random = new SeededRandom(seed);
            var graph = DrawnGraph.Of(AsGraph.Draw(random, 4, 8, 30));
            Country[] countries = [Country.Parse("AA"), Country.Parse("BB"), Country.Parse("CC")];
            Country Of(Asn asn) => countries[asn.Number % 3];
            foreach (var (country, found) in new NationalReliability(graph).Of(Of))
            {
                int[] own = [.. Enumerable.Range(0, graph.Count).Where(at => Of(graph[at]) == country && Reaches(graph, at, -1))];
                Assert.Equal(own.Length, found.Networks);
                Assert.Equal(own.Max(failed => own.Count(at => at != failed && !Reaches(graph, at, failed))), found.Lost);
            }
        }
    }

    [Fact]
    public void Gateways_upstreams_and_the_smallest_cuts_are_those_of_the_paths_seen_from_outside()
    {
        // Two networks of North Korea's country code, of which 65 sends by the other; 4837 is Chinese, 20485 Russian.
        var world = new World()
            .Peer(3, ("175.45.176.0/24", "3 1 4837 131279"), ("175.45.178.0/24", "3 2 20485 131279"))
            .Peer(4, ("175.45.176.0/24", "4 1 4837 131279"), ("175.45.178.0/24", "4 1 4837 131279"));
        var view = new CountryView(RegistrySnapshot.Shipped, CountryRule.Origin);
        var routes = new SubjectRoutes(world.Table(), Subjects.Resolve("KP", RegistrySnapshot.Shipped, out _)!, view);
        var answer = new ResilienceRun(RegistrySnapshot.Shipped, view,
            DrawnGraph.Of("1-2 1>4837 2>20485 4837>131279 20485>131279", 1, 2)).Of(routes);
        Assert.Equal([(131279u, 1.0)], answer.Gateways.Select(one => (one.Asn.Number, one.Share)));
        Assert.Equal([(4837u, 0.75), (20485u, 0.25)], answer.ForeignUpstreams.Select(one => (one.Asn.Number, one.Share)));
        Assert.Equal(["CN", "RU"], answer.ForeignCountries.Select(one => one.Country.ToString()));
        Assert.Equal((FrontierClass.Severe, 1, 2), (answer.Class, answer.PointsOfControl, answer.SmallestCut));
        Assert.Equal((0, 1), answer.SingleHomed);

        var all = new ResilienceRun(RegistrySnapshot.Shipped, view, DrawnGraph.Of("1>4837")).All(
            world.Table(), AddressFamily.IPv4, TestContext.Current.CancellationToken);
        Assert.Equal("KP", Assert.Single(all).Subject.Text);
        Assert.Equal(answer.ForeignUpstreams, all[0].ForeignUpstreams);
    }

    [Fact]
    public void In_the_sample_all_four_prefixes_went_down_four_times_and_nobody_else_carried_them()
    {
        var json = Cli.Run("resilience", "KP", "--at", "2017-10-01T13:00", "--format", "json").Json();
        Assert.Equal("severe", json.GetProperty("frontierClass").GetString());
        Assert.Equal([20485, 4837], json.GetProperty("foreignUpstreams").EnumerateArray().Select(one => one.GetProperty("asn").GetInt32()));
        var down = json.GetProperty("failovers").EnumerateArray().Where(one => one.GetProperty("took").GetArrayLength() == 0).ToList();
        Assert.Equal(4, down.Count);
        Assert.All(down, one =>
        {
            Assert.Equal(4, one.GetProperty("prefixes").GetArrayLength());
            Assert.InRange(one.GetProperty("at").GetDateTime(), new DateTime(2017, 10, 1, 10, 47, 0), new DateTime(2017, 10, 1, 12, 26, 0));
        });
        // When 20485 left, 4837 carried these prefixes as well.
        var left = json.GetProperty("failovers").EnumerateArray().First();
        Assert.Equal((20485, 4837, 0), (left.GetProperty("lost")[0].GetInt32(), left.GetProperty("took")[0].GetInt32(),
            left.GetProperty("afterSeconds").GetInt32()));
    }

    private static bool Reaches(RelationshipGraph graph, int from, int failed)
    {
        if (from == failed) return false;
        var open = new Stack<int>([from]);
        var met = new HashSet<int> { from };
        while (open.TryPop(out int at))
        {
            if (graph.Clique.Contains(graph[at])) return true;
            foreach (int provider in graph.Of(at, Neighbour.Provider))
                if (provider != failed && met.Add(provider)) open.Push(provider);
        }
        return false;
    }
}
