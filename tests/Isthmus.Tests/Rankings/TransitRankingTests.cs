using Isthmus.Attribution;
using Isthmus.Rankings;
using Isthmus.Registry;
using Isthmus.Relationships;
using Isthmus.Tests.Dependence;
using Isthmus.Tests.Relationships;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Rankings;

/// <summary>Who carries most for others (docs/methods.md, "Rankings"), worked out by hand.</summary>
public sealed class TransitRankingTests
{
    private static readonly RelationshipGraph _graph = DrawnGraph.Of("1-2 1>4837 1>3 1>5 2>20485 2>4 2>5 4837>131279 20485>131279 4837>9", 1, 2);
    private static readonly CountryView _view = new(RegistrySnapshot.Shipped, CountryRule.Origin);

    // A /24 of 131279, and a /23 of which a /24 lies apart at another origin.
    private static readonly World _world = new World()
        .Peer(3, ("175.45.176.0/24", "3 1 4837 131279"), ("210.52.108.0/23", "3 1 4837 9"), ("210.52.109.0/24", "3 1 4837"))
        .Peer(4, ("175.45.176.0/24", "4 2 20485 131279"), ("210.52.108.0/23", "4 2 1 4837 9"), ("210.52.109.0/24", "4 2 1 4837"));

    [Theory]
    [InlineData(RankMeasure.Addresses, "1: 640, 4837: 384, 2: 128, 20485: 128")]
    [InlineData(RankMeasure.Prefixes, "1: 2.5, 4837: 1.5, 2: 0.5, 20485: 0.5")]
    [InlineData(RankMeasure.Sqrt, "1: 40, 4837: 24, 2: 8, 20485: 8")]
    [InlineData(RankMeasure.Ases, "1: 2.5, 4837: 1.5, 2: 0.5, 20485: 0.5")]
    public void A_network_scores_by_what_it_carries_on_the_side_of_its_customers(RankMeasure by, string expected) =>
        Assert.Equal(expected, Text(Rank(_world, new(by, AddressFamily.IPv4, null))));

    [Fact]
    public void Prefixes_of_a_country_alone_count_where_one_is_asked_for()
    {
        var ranking = Rank(_world, new(RankMeasure.Prefixes, AddressFamily.IPv4, new HashSet<Country> { Country.Parse("KP") }));
        Assert.Equal("1: 0.5, 2: 0.5, 4837: 0.5, 20485: 0.5", Text(ranking));
        Assert.Equal(1, ranking.Prefixes);
        Assert.All(ranking.Networks, network => Assert.Equal(1, network.Rank));
    }

    [Fact]
    public void Of_ten_peer_ASes_the_highest_and_the_lowest_are_left_out()
    {
        var world = new World();
        for (uint peer = 0; peer < 10; peer++)
            world.Peer(100 + peer, ("175.45.176.0/24", peer < 4 ? $"{100 + peer} 2 20485 131279" : $"{100 + peer} 1 4837 131279"));
        // Four of ten by 20485: three of the eight that are left; six by 4837: five of eight.
        Assert.Equal("1: 0.625, 4837: 0.625, 2: 0.375, 20485: 0.375", Text(Rank(world, new(RankMeasure.Prefixes, AddressFamily.IPv4,
            null))));
    }

    [Fact]
    public void A_customer_that_buys_of_nobody_else_is_single_homed_and_growth_is_against_the_earlier_rank()
    {
        var question = new RankQuestion(RankMeasure.Addresses, AddressFamily.IPv4, null);
        var ranking = Rank(_world, question);
        Assert.Equal([new Asn(9)], ranking.Networks.Single(network => network.Asn.Number == 4837).SingleHomed);
        Assert.Empty(ranking.Networks.Single(network => network.Asn.Number == 20485).SingleHomed);
        var before = Rank(new World().Peer(3, ("175.45.176.0/24", "3 2 20485 131279")).Peer(4, ("175.45.176.0/24", "4 2 20485 131279")),
            question);
        var since = ranking.Since(before);
        Assert.Equal((1, 256.0), since.Networks.Single(network => network.Asn.Number == 20485).Before);
        Assert.Null(since.Networks.Single(network => network.Asn.Number == 4837).Before);
    }

    [Fact]
    public void Every_country_of_a_continent_is_of_one_continent_alone()
    {
        var all = Continents.Names.SelectMany(name => Continents.Of(name)!).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Contains(Country.Parse("KP"), Continents.Of("Asia")!);
        Assert.Contains(Country.Parse("CU"), Continents.Of("north america")!);
        Assert.Null(Continents.Of("atlantis"));
    }

    [Fact]
    public void On_the_sample_the_second_upstream_of_North_Korea_is_new_against_the_morning()
    {
        var json = Cli.Run("rank", "--at", "2017-10-01T13:00", "--country", "KP", "--before", "2017-10-01T09:00", "--by", "prefixes",
            "--format", "json").Json();
        Assert.Equal("KP", json.GetProperty("scope").GetString());
        var networks = json.GetProperty("networks").EnumerateArray().ToDictionary(network => network.GetProperty("asn").GetInt32());
        Assert.Equal(1, networks[4837].GetProperty("before").GetProperty("rank").GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, networks[20485].GetProperty("before").ValueKind);
    }

    private static TransitRanking Rank(World world, RankQuestion question)
    {
        var table = world.Table();
        return TransitRanking.Of(table, TransitRanking.PeersOf(table, question.Family), question, _view, _graph,
            TestContext.Current.CancellationToken);
    }

    private static string Text(TransitRanking ranking) => string.Join(", ", ranking.Networks.Select(network =>
        FormattableString.Invariant($"{network.Asn.Number}: {Math.Round(network.Score, 6)}")));
}
