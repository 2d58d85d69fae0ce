using Isthmus.Attribution;
using Isthmus.Dependence;
using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Tests.Dependence;

/// <summary>The worked examples of hegemony, transit influence and exposure, and their rules at the edges, on whole tables.</summary>
public sealed class DependenceVectorTests
{
    private const uint China = 4837, Russia = 20485, Kp = 131279;

    private static readonly RegistrySnapshot _registry = RegistrySnapshot.Shipped;
    private static readonly CountryView _view = new(_registry, CountryRule.Origin);

    [Fact]
    public void Hegemony_of_ten_peers_leaves_one_out_at_each_end() // V3a
    {
        var world = new World();
        for (uint peer = 1; peer <= 10; peer++) world.Peer(peer, ("20.0.0.0/24", peer <= 3 ? $"{peer} 99" : $"{peer} 50 99"));
        Assert.Equal(0.75, Local(world, 99)[new(50)], 10);
    }

    [Fact]
    public void Hegemony_of_two_carriers_is_not_their_mean_share() // V3b
    {
        var world = new World();
        double[] parts = [0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.5, 0, 0, 1];
        for (int peer = 0; peer < 10; peer++) world.Peer((uint)peer + 1, [.. Enumerable.Range(0, 4).Select(block =>
            ($"20.0.{block}.0/24", $"{peer + 1} {(block < 4 * parts[peer] ? Russia : China)} {Kp}"))]);
        var scores = Local(world, Kp);
        Assert.Equal(0.625, scores[new(Russia)], 10);
        Assert.Equal(0.375, scores[new(China)], 10);
        Assert.Equal(0.60, Answer(world, "AS131279").Networks.First(network => network.Asn.Number == Russia).DirectShare, 10);
    }

    [Fact]
    public void Below_ten_peers_none_is_left_out() // V3c
    {
        var world = new World();
        for (uint peer = 1; peer <= 9; peer++) world.Peer(peer, ("20.0.0.0/24", $"{peer} 50 99"));
        Assert.Equal(1, Local(world, 99)[new(50)], 10);
    }

    // A to F, X and Y are 1 to 6, 24 and 25.
    private static World Combined() => new World().Peer(1, ("1.1.0.0/22", "1 2 3 24"), ("1.1.1.0/24", "1 2 3 25"),
        ("1.1.4.0/22", "4 2 3 24"), ("1.1.8.0/22", "6 5 3 24")).With(peer => peer with { Transparent = true });

    [Fact]
    public void Local_and_global_graphs_are_those_of_the_published_example() // V3d
    {
        var x = Local(Combined(), 24);
        Expect(x, (3, 1.0), (2, 1792 / 2816.0), (1, 768 / 2816.0), (4, 1024 / 2816.0), (5, 1024 / 2816.0), (6, 1024 / 2816.0));
        Expect(Local(Combined(), 25), (1, 1.0), (2, 1.0), (3, 1.0));
        var global = new HegemonyScores(Combined().Table(), AddressFamily.IPv4, HegemonyBasis.Sparse).Global();
        Expect(global, (3, 1.0), (2, 2048 / 3072.0), (1, 1 / 3.0), (4, 1 / 3.0), (5, 1 / 3.0), (6, 1 / 3.0),
            (24, 2816 / 3072.0), (25, 256 / 3072.0));
    }

    [Fact]
    public void Two_sessions_of_one_peer_as_are_its_mean() // V3e
    {
        var world = new World()
            .Peer(9, ("1.1.0.0/22", "1 2 3 24"), ("1.1.4.0/22", "4 2 3 24"), ("1.1.8.0/22", "6 5 3 24")).With(peer => peer with { Transparent = true })
            .Peer(9, ("1.1.0.0/22", "1 2 3 24"), ("1.1.4.0/22", "4 5 3 24"), ("1.1.8.0/22", "6 7 8 24")).With(peer => peer with { Transparent = true });
        Expect(Local(world, 24), (3, 5 / 6.0), (2, 0.5), (1, 1 / 3.0), (4, 1 / 3.0), (5, 1 / 3.0),
            (6, 1 / 3.0), (7, 1 / 6.0), (8, 1 / 6.0));
    }

    [Fact]
    public void A_more_specific_takes_its_addresses_from_the_prefix_around_it() // V3f
    {
        var world = new World().Peer(1, ("1.1.0.0/22", "1 2 3 24"), ("1.1.1.0/24", "1 2 3 25"));
        Expect(new HegemonyScores(world.Table(), AddressFamily.IPv4, HegemonyBasis.Sparse).Global(),
            (1, 1.0), (2, 1.0), (3, 1.0), (24, 0.75), (25, 0.25));
    }

    [Fact]
    public void Padding_counts_peers_without_a_route_as_zero_and_sparse_leaves_them_out()
    {
        var world = new World().Peer(1, ("20.0.0.0/24", "1 50 99")).Peer(2, ("20.0.1.0/24", "2 60 98")).Peer(3, ("20.0.1.0/24", "3 60 98"))
            .Peer(4, ("20.0.0.0/24", "4 50 99"));
        Assert.Equal(1, new HegemonyScores(world.Table(), AddressFamily.IPv4, HegemonyBasis.Sparse).Local(new(99))[new(50)], 10);
        Assert.Equal(0.5, new HegemonyScores(world.Table(), AddressFamily.IPv4, HegemonyBasis.Padded).Local(new(99))[new(50)], 10);
    }

    [Fact]
    public void The_prefix_scope_keeps_several_origins_apart()
    {
        var world = new World().Peer(1, ("20.0.0.0/24", "1 50 99"), ("20.0.1.0/24", "1 70 99")).Peer(2, ("20.0.0.0/24", "2 60 98"));
        var scores = new HegemonyScores(world.Table(), AddressFamily.IPv4, HegemonyBasis.Sparse);
        Expect(scores.Local(Prefix.Parse("20.0.0.0/24"), new(99)), (1, 1.0), (50, 1.0));
        Expect(scores.Local(Prefix.Parse("20.0.0.0/24"), new(98)), (2, 1.0), (60, 1.0));
    }

    [Fact]
    public void A_set_of_origins_splits_the_weight_in_equal_parts()
    {
        var world = new World().Peer(1, ("20.0.0.0/24", "1 50 {98,99}"), ("20.0.1.0/24", "1 60 99"));
        Expect(Local(world, 99), (1, 1.0), (50, 128 / 384.0), (60, 256 / 384.0));
        Expect(Local(world, 98), (1, 1.0), (50, 1.0));
    }

    [Fact]
    public void The_hegemony_of_a_country_is_the_weighted_mean_of_its_origins() // V4
    {
        // T carries half of X and all of Y.
        var world = new World().Peer(1, ("20.0.0.0/24", "1 50 24"), ("20.0.1.0/24", "1 60 24"), ("20.0.2.0/24", "1 50 25"));
        var scores = new HegemonyScores(world.Table(), AddressFamily.IPv4, HegemonyBasis.Sparse);
        var weights = new Dictionary<Asn, double> { [new(24)] = 0.7, [new(25)] = 0.3, [new(26)] = 5 };
        Assert.Equal(0.65, scores.OfCountry(weights, transitOnly: true)[new(50)], 10);
        Assert.DoesNotContain(new Asn(24), scores.OfCountry(weights, transitOnly: true).Keys);
        Assert.Equal(0.7, scores.OfCountry(weights, transitOnly: false)[new(24)], 10);
        Assert.Equal(0.5, scores.OfCountry(new Dictionary<Asn, double> { [new(24)] = 0.7 }, transitOnly: true)[new(50)], 10);
    }

    [Fact]
    public void Transit_influence_of_the_worked_example() // V5: T is 50, A 60, B 70; the peers' own numbers stand before the cut
    {
        var world = Influence();
        var table = world.Table();
        int[] peers = [0, 1, 2];
        long[] weights = new long[table.Prefixes.Count];
        table.WeighTogether(peers, AddressFamily.IPv4, weights);
        Assert.Equal(768, weights.Sum());
        var sells = new HashSet<(uint, uint)> { (50, 60), (60, 101), (50, 102), (70, 103), (70, 102) };
        var scores = InfluenceScores.Of(table, table.Walk(AddressFamily.IPv4, peers, null, weights), weights.Sum(),
            new() { SellsTransit = (one, two) => sells.Contains((one.Number, two.Number)) });
        Expect(scores, (50, 7 / 24.0), (60, 1 / 3.0), (70, 0.5));
    }

    private static World Influence() => new World()
        .Peer(7, ("20.0.0.0/24", "7 50 60 101"), ("20.0.2.0/23", "7 50 102"), ("20.0.3.0/24", "7 70 103"))
        .Peer(7, ("20.0.0.0/24", "7 60 101"), ("20.0.2.0/23", "7 50 102"), ("20.0.3.0/24", "7 70 103"))
        .Peer(8, ("20.0.0.0/24", "8 50 60 101"), ("20.0.2.0/23", "8 70 102"), ("20.0.3.0/24", "8 70 103"));

    [Fact]
    public void Each_filter_of_transit_influence_can_be_left_out()
    {
        var table = Influence().Table();
        long[] weights = new long[table.Prefixes.Count];
        table.WeighTogether([0, 1, 2], AddressFamily.IPv4, weights);
        var walked = table.Walk(AddressFamily.IPv4, [0, 1, 2], null, weights).ToArray();
        // Whole paths: the peers' own ASes count, 7 next to all that it holds by one network between.
        var whole = InfluenceScores.Of(table, walked, 768, new());
        Assert.Equal((0.5 * (1 / 3.0 / 3) + 0.5 * (1 / 3.0 / 2) + 1 / 3.0 / 2 + 1 / 3.0 / 2) / 2, whole[new(7)], 10);
        Assert.Empty(InfluenceScores.Of(table, walked, 768, new() { SellsTransit = (_, _) => false }));
        Assert.Empty(InfluenceScores.Of(table, walked, 768, new() { WithoutCollectors = ["rrc00"] }));
    }

    [Fact]
    public void Exposure_of_the_worked_example() // V14: the four ways go by the US, CN, CN and the US, and RU
    {
        // 209 is registered in the US, 4837 and 9808 in CN, 20485 in RU, the vantage points in ZA, JP, NL and AU.
        var answer = Answer(new World().Peer(37271, ("175.45.176.0/24", $"37271 209 {Kp}")).Peer(2497, ("175.45.176.0/24", $"2497 {China} {Kp}"))
            .Peer(3333, ("175.45.176.0/24", $"3333 {China} 209 {Kp}")).Peer(4608, ("175.45.176.0/24", $"4608 {Russia} {Kp}")), "KP");
        Assert.Equal([("CN", 0.5), ("RU", 0.25), ("US", 0.5)],
            answer.Countries.Select(country => ($"{country.Country}", country.AnyHop!.Value)).Order());
        Assert.All(answer.Countries, country => Assert.Equal(0, country.Unavoidable));
    }

    [Fact]
    public void The_country_of_a_vantage_point_is_not_exposed_by_looking_from_there()
    {
        // 12389 stands in RU: its way by 20485 does not count for RU, and of China it sees nothing.
        var answer = Answer(new World().Peer(12389, ("175.45.176.0/24", $"12389 {Russia} {Kp}")).Peer(3333, ("175.45.176.0/24", $"3333 {China} {Kp}"))
            .Peer(2497, ("175.45.176.0/24", $"2497 {China} {Kp}")), "KP");
        Assert.Equal(0, answer.Countries.First(country => $"{country.Country}" == "RU").AnyHop);
        Assert.Equal(1 / 3.0, answer.Countries.First(country => $"{country.Country}" == "RU").LastForeignHop.Value!.Value, 10);
        Assert.Equal(2 / 3.0, answer.Countries.First(country => $"{country.Country}" == "CN").AnyHop!.Value, 10);
    }

    [Fact]
    public void Backbones_of_the_world_stand_apart_from_countries()
    {
        var answer = Answer(new World().Peer(2497, ("175.45.176.0/24", $"2497 3356 {China} {Kp}")).Peer(3333, ("175.45.176.0/24", $"3333 3356 {Kp}")), "KP");
        Assert.Equal("CN", Assert.Single(answer.Countries).Country.ToString());
        var backbone = Assert.Single(answer.Backbones);
        Assert.Equal((3356u, 0.5, 1.0), (backbone.Asn.Number, backbone.LastForeignHop, backbone.AnyHop));
    }

    [Fact]
    public void Half_the_prefixes_by_each_carrier_are_two_halves_of_either_and_nothing_of_neither()
    {
        var answer = Answer(new World()
            .Peer(2497, ("175.45.176.0/24", $"2497 {China} {Kp}"), ("175.45.177.0/24", $"2497 {Russia} {Kp}"))
            .Peer(3333, ("175.45.176.0/24", $"3333 {China} {Kp}"), ("175.45.177.0/24", $"3333 {Russia} {Kp}")), "KP");
        var pair = Assert.Single(answer.Combinations);
        Assert.Equal((1.0, 0.0, 1.0, 0.0), (pair.Either, pair.Neither, pair.EitherOnWay, pair.NeitherOnWay));
        Assert.All(answer.Countries,
            country => Assert.Equal((0.5, 0.5, 0.5), (country.LastForeignHop.Value, country.AnyHop, country.Unavoidable)));
        Assert.Equal((512, 2, 2), (answer.Addresses, answer.Prefixes, answer.Voters));
        Assert.Equal([(Kp, China, 0.5), (Kp, Russia, 0.5)],
            answer.Gateways.Select(one => (one.Gateway.Number, one.ForeignUpstream.Number, one.Share)));
        Assert.All(answer.Networks.Where(network => network.Asn.Number is China or Russia),
            network => Assert.Equal(0.5, network.Unavoidable));
    }

    [Fact]
    public void What_cannot_be_answered_is_a_state_and_no_zero()
    {
        Assert.Equal(DependenceState.NoVantagePoints, Answer(new World().Peer(Kp, ("175.45.176.0/24", $"{Kp}")), "KP").State);
        Assert.Equal(DependenceState.NoVantagePoints, Answer(new World().Peer(3333, ("175.45.176.0/24", $"3333 {China} {Kp}"))
            .With(peer => peer with { Ipv4 = false }), "KP").State);
        Assert.Equal(DependenceState.NoRoutes, Answer(new World().Peer(3333, ("20.0.0.0/24", "3333 50 99")), "KP").State);
        Assert.Equal(DependenceState.NoTransit, Answer(new World().Peer(China, ("175.45.176.0/24", $"{China} {Kp}")), "KP").State);
    }

    [Fact]
    public void Only_vantage_points_outside_count_and_domestic_hops_are_removed()
    {
        // 12389, 20485 and 8359 are registered in RU.
        var answer = Answer(new World().Peer(8359, ("20.0.0.0/24", "8359 20485 12389"))
            .Peer(3333, ("20.0.0.0/24", "3333 4837 20485 12389")), "RU");
        Assert.Equal((1, 1), (answer.PeerAses, answer.Voters));
        Assert.Equal("CN", Assert.Single(answer.Countries).Country.ToString());
        Assert.Equal((20485u, 4837u), (answer.Gateways[0].Gateway.Number, answer.Gateways[0].ForeignUpstream.Number));
    }

    [Fact]
    public void All_countries_at_once_are_what_each_is_alone()
    {
        var table = new World()
            .Peer(3333, ("175.45.176.0/24", $"3333 {China} {Kp}"), ("20.0.0.0/24", "3333 20485 2905 3741"), ("20.0.1.0/24", "3333 9002 {2905,4837}"))
            .Peer(2497, "rrc01", ("175.45.176.0/24", $"2497 {Russia} {Kp}"), ("20.0.0.0/24", "2497 3356 3741"), ("175.45.178.0/24", $"2497 {Russia} {Kp}"))
            .Peer(12389, "rrc03", ("175.45.176.0/24", $"12389 {China} {Kp}"), ("20.0.0.0/24", "12389 20485 2905 3741")).Table();
        var run = new DependenceRun(table, _view, _registry, AddressFamily.IPv4, new() { Influence = null });
        var all = run.All();
        Assert.Equal(["CN", "KP", "ZA"], all.Select(answer => answer.Subject.Text));
        foreach (var answer in all)
        {
            var alone = run.Of(answer.Subject);
            Assert.Equal(alone.Countries.Select(country => (country.Country, country.LastForeignHop, country.AnyHop)),
                answer.Countries.Select(country => (country.Country, country.LastForeignHop, country.AnyHop)));
            Assert.Equal(alone.Networks.Select(network => (network.Asn, network.Hegemony.Value, network.DirectShare)),
                answer.Networks.Select(network => (network.Asn, network.Hegemony.Value, network.DirectShare)));
            Assert.Equal((alone.State, alone.PeerAses, alone.Voters, alone.Prefixes),
                (answer.State, answer.PeerAses, answer.Voters, answer.Prefixes));
        }
    }

    private static DependenceAnswer Answer(World world, string subject) =>
        new DependenceRun(world.Table(), _view, _registry, AddressFamily.IPv4, new()).Of(Subjects.Resolve(subject, _registry, out _)!);

    private static IReadOnlyDictionary<Asn, double> Local(World world, uint origin) =>
        new HegemonyScores(world.Table(), AddressFamily.IPv4, HegemonyBasis.Sparse).Local(new(origin));

    private static void Expect(IReadOnlyDictionary<Asn, double> scores, params (uint Asn, double Score)[] expected)
    {
        Assert.Equal(expected.Select(one => one.Asn).Order(), scores.Keys.Select(asn => asn.Number).Order());
        foreach (var (asn, score) in expected) Assert.Equal(score, scores[new(asn)], 10);
    }
}
