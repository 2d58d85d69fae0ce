using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>Worked examples of methods.md, "Shares", and of transit influence.</summary>
public sealed class VectorTests
{
    [Fact]
    public void The_shares_of_vector_v2()
    {
        // P1, P2 in AS100; P3 in AS200; P4 in AS300. T = 0, C = 1; prefixes a to d; P4 does not see d.
        string[] held = ["TCTT", "TCTC", "CCTT", "CCT"];
        Asn[] ases = [new(100), new(100), new(200), new(300)];
        var routes = held.SelectMany((row, peer) => row.Select((letter, prefix) =>
            letter == 'T'
                ? new HeldRoute(peer, ases[peer], prefix, 0, [ases[peer], new(20485), new(131279)])
                : new HeldRoute(peer, ases[peer], prefix, 1, [ases[peer], new(4837), new(131279)])))
            .OrderBy(route => route.Prefix).ToArray();
        var shares = SharesAt.All(routes, [new(20485), new(4837)], [256, 256, 256, 256]);
        Assert.Equal(8 / 15.0, shares[0].Route, 10);
        Assert.Equal(35 / 72.0, shares[0].PeerAs, 10);
        Assert.Equal(25 / 48.0, shares[0].Prefix, 10);
        Assert.Equal(25 / 48.0, shares[0].Address, 10);
        Assert.Equal((1.0, 1.0), (shares[0].Coverage, shares[1].Coverage));
        Assert.Equal(1, shares[0].Route + shares[1].Route, 10);
        Assert.Equal(1, shares[0].PeerAs + shares[1].PeerAs, 10);
    }

    [Fact]
    public void Hegemony_leaves_out_the_highest_and_lowest_tenth()
    {
        Assert.Equal(0.75, Hegemony.Of([0, 0, 0, 1, 1, 1, 1, 1, 1, 1]), 10);
        double[] ttk = [0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.5, 0, 0, 1];
        Assert.Equal(0.60, ttk.Average(), 10);
        Assert.Equal(0.625, Hegemony.Of(ttk), 10);
        Assert.Equal(0.375, Hegemony.Of([.. ttk.Select(part => 1 - part)]), 10);
        Assert.Equal(1, Hegemony.Of(Enumerable.Repeat(1.0, 9).ToArray()), 10);
    }

    [Fact]
    public void Betweenness_weighs_paths_by_addresses_that_no_more_specific_takes()
    {
        var weights = SharesAt.Weights(
            [Prefix.Parse("1.1.0.0/22"), Prefix.Parse("1.1.1.0/24"), Prefix.Parse("1.1.4.0/22"), Prefix.Parse("1.1.8.0/22")]);
        Assert.Equal([768, 256, 1024, 1024], weights);
        (IReadOnlyList<Asn>, double)[] toX = [(Hops("ABCX"), 768), (Hops("DBCX"), 1024), (Hops("FECX"), 1024)];
        Assert.Equal(1, Hegemony.Betweenness(new('C'), toX), 2);
        Assert.Equal(0.64, Hegemony.Betweenness(new('B'), toX), 2);
        Assert.Equal(0.27, Hegemony.Betweenness(new('A'), toX), 2);
        Assert.Equal(0.36, Hegemony.Betweenness(new('D'), toX), 2);
        (IReadOnlyList<Asn>, double)[] global = [.. toX, (Hops("ABCY"), 256)];
        Assert.Equal(0.67, Hegemony.Betweenness(new('B'), global), 2);
        Assert.Equal(0.33, Hegemony.Betweenness(new('A'), global), 2);
        Assert.Equal(0.92, Hegemony.Betweenness(new('X'), global), 2);
        Assert.Equal(0.08, Hegemony.Betweenness(new('Y'), global), 2);
    }

    [Fact]
    public void Two_peers_of_one_as_count_once_each_half()
    {
        (IReadOnlyList<Asn>, double)[] first = [(Hops("ABC"), 1024), (Hops("DBC"), 1024), (Hops("FEC"), 1024)];
        (IReadOnlyList<Asn>, double)[] second = [(Hops("ABC"), 1024), (Hops("DEC"), 1024), (Hops("FGH"), 1024)];
        double Both(char asn) => (Hegemony.Betweenness(new(asn), first) + Hegemony.Betweenness(new(asn), second)) / 2;
        Assert.Equal(0.8333, Both('C'), 4);
        Assert.Equal(0.5, Both('B'), 4);
        Assert.Equal(0.1667, Both('G'), 4);
    }

    [Fact]
    public void The_hegemony_of_a_country_is_the_weighted_mean_over_its_origins() // V4
    {
        Assert.Equal(0.65, Hegemony.OfCountry([(0.7, 0.5), (0.3, 1)]), 10);
        Assert.Equal(0.5, Hegemony.OfCountry([(0.7, 0.5)]), 10);
    }

    [Fact]
    public void Country_level_transit_influence_falls_with_the_distance_to_the_origin() // V5
    {
        MonitoredPath[] paths =
        [
            Seen("m1", 'M', "10.0.0.0/24", "TAO", 1), Seen("m1", 'M', "10.0.2.0/23", "TP", 1), Seen("m1", 'M', "10.0.2.0/24", "BQ", 1),
            Seen("m2", 'M', "10.0.0.0/24", "AO", 1), Seen("m2", 'M', "10.0.2.0/23", "TP", 1), Seen("m2", 'M', "10.0.2.0/24", "BQ", 1),
            Seen("m3", 'N', "10.0.0.0/24", "TAO", 1), Seen("m3", 'N', "10.0.2.0/23", "BP", 1), Seen("m3", 'N', "10.0.2.0/24", "BQ", 1),
        ];
        Assert.Equal(7 / 24.0, TransitInfluence.Of(new('T'), paths, 3), 10);
        Assert.Equal(1 / 3.0, TransitInfluence.Of(new('A'), paths, 3), 10);
        Assert.Equal(0.5, TransitInfluence.Of(new('B'), paths, 3), 10);
    }

    [Fact]
    public void The_size_of_overlapping_prefixes_counts_each_address_once() // V12
    {
        var union = PrefixUnion.Of([Prefix.Parse("175.45.176.0/22"), Prefix.Parse("175.45.177.0/24"), Prefix.Parse("210.52.109.0/24")]);
        Assert.Equal((3, 1280, 5), (union.Prefixes, union.Ipv4Addresses, union.Ipv4Slash24s));
        var half = PrefixUnion.Of([Prefix.Parse("10.0.0.0/25")]);
        Assert.Equal((128, 1), (half.Ipv4Addresses, half.Ipv4Slash24s));
        Assert.Equal(1, PrefixUnion.Of([Prefix.Parse("10.0.0.0/25"), Prefix.Parse("10.0.0.128/25")]).Ipv4Slash24s);
        Assert.Equal(65536, PrefixUnion.Of([Prefix.Parse("2001:db8::/32"), Prefix.Parse("2001:db8:1::/48")]).Ipv6Slash48s);
    }

    private static MonitoredPath Seen(string monitor, char monitorAs, string prefix, string hops, double addresses) =>
        new(monitor, new(monitorAs), Prefix.Parse(prefix), Hops(hops), addresses);

    private static IReadOnlyList<Asn> Hops(string letters) => [.. letters.Select(letter => new Asn(letter))];
}
