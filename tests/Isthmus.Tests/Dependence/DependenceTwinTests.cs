using CsCheck;

using Isthmus.Attribution;
using Isthmus.Dependence;
using Isthmus.Registry;
using Isthmus.Sources;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Dependence;

/// <summary>What is summed by distinct paths beside the definitions applied route by route, on drawn worlds and on real archives.</summary>
public sealed class DependenceTwinTests
{
    private static readonly RegistrySnapshot _registry = RegistrySnapshot.Shipped;
    private static readonly CountryView _view = new(_registry, CountryRule.Origin);
    private static readonly Func<Asn, string> _country = PlainDependence.By(_view);

    // ASes of RU (20485, 12389, 8359), CN (4837), KP (131279), NL (3333), GB (9002), JP (2497); 3356 is a backbone.
    private static readonly uint[] _peerAses = [3333, 2497, 8359, 9002, 4837];
    private static readonly string[] _tails =
    [
        "20485", "4837 20485", "9002 12389", "3356 12389", "3356 9002 20485 12389", "4837 {12389,4837}", "12389 12389", "9002 {8359,20485}",
        "4837 131279", "20485 9002 20485 12389", "64500 12389", "9002 20485 4837 20485 8359", "?",
    ];
    private static readonly string[] _prefixes =
        ["20.0.0.0/21", "20.0.0.0/22", "20.0.2.0/24", "20.0.4.0/23", "20.0.5.0/24", "20.1.0.0/24", "2a00::/32", "2a00:1::/48"];

    private static readonly Gen<(int Peer, (int Prefix, int Tail)[] Routes)[]> _worlds = Gen.Select(Gen.Int[0, _peerAses.Length - 1],
        Gen.Select(Gen.Int[0, _prefixes.Length - 1], Gen.Int[0, _tails.Length - 1]).Array[1, 10]).Array[1, 14];

    [Fact]
    public void Sums_by_distinct_paths_are_what_the_definitions_give_route_by_route() => _worlds.Sample(drawn =>
    {
        var world = new World();
        foreach (var (peer, routes) in drawn) world.Peer(_peerAses[peer], Held(_peerAses[peer], routes));
        foreach (var family in (AddressFamily[])[AddressFamily.IPv4, AddressFamily.IPv6])
            Compare(new DependenceRun(world.Table(), _view, _registry, family, new() { NetworksMax = 100, Influence = null }), "RU",
                new(world.Peers.Select(peer => (peer.Peer.Peer.Asn, peer.Held.Where(route => route.Key.Family == family)
                    .Select(route => (route.Key, route.Value)))), "RU", _country));
    }, iter: 200);

    private static (string, string)[] Held(uint peerAs, (int Prefix, int Tail)[] routes) => [.. routes.Distinct()
        .GroupBy(route => route.Prefix).SelectMany(group => group.Any(route => _tails[route.Tail] == "?")
            ? [(_prefixes[group.Key], "?")]
            : group.Select(route => (_prefixes[group.Key], $"{peerAs} {_tails[route.Tail]}")))];

    private static void Compare(DependenceRun run, string country, PlainDependence plain, int networksMax = 100)
    {
        var answer = run.Of(Subjects.Resolve(country, _registry, out _)!);
        if (answer.State is not DependenceState.Answered)
        {
            Assert.Null(plain.LastForeignHop("CN"));
            return;
        }
        foreach (var one in answer.Countries)
        {
            Assert.Equal(plain.LastForeignHop(one.Country.ToString())!.Value, one.LastForeignHop.Value!.Value, 9);
            Assert.Equal(plain.AnyHop(one.Country.ToString()).HasValue, one.AnyHop.HasValue);
            Assert.Equal(plain.AnyHop(one.Country.ToString()) ?? 0, one.AnyHop ?? 0, 9);
        }
        foreach (var one in answer.Backbones) Assert.Equal(plain.Backbone(one.Asn)!.Value, one.AnyHop, 9);
        foreach (var one in answer.Networks.Take(networksMax)) Assert.Equal(plain.Hegemony(one.Asn), one.Hegemony.Value!.Value, 9);
        // All that comes in comes by some country, a backbone or an AS of no known country.
        Assert.Equal(1.0, answer.Countries.Sum(one => one.LastForeignHop.Value!.Value) + answer.Backbones.Sum(one => one.LastForeignHop)
            + answer.UnknownCountry!.Value, 9);
    }

    [Theory]
    [InlineData("2014-05-30T22:00:01", "rib/routeviews.jinx.rib.20140530.2200.bz2")]
    [InlineData("2018-04-24T00:00:00", "rib/ris.rrc00.rib.20180424.from-json.gz", "rib/ris.rrc06.rib.20180424.from-json.gz")]
    public void The_rows_of_real_archives_are_those_of_their_paths(string at, params string[] names)
    {
        using var inputs = new Inputs();
        var stop = TestContext.Current.CancellationToken;
        var files = inputs.Resolve([.. names.Select(RealData.Path)], Stream.Null, stop);
        var table = WholeTable.Read(Timestamp.Parse(at), files, new(), stop);
        var run = new DependenceRun(table, _view, _registry, AddressFamily.IPv4, new() { NetworksMax = 10, Influence = null });
        var all = run.All().ToDictionary(answer => answer.Subject.Text);
        Assert.True(all.Count > 100);
        int[] peers = [.. table.VantagePoints(AddressFamily.IPv4)];
        foreach (string country in new[] { "KP", "IR", "CU", "SY", "ZA" })
        {
            var held = peers.Select(peer => (table.Peers[peer].Peer.Asn, HeldIn(table, peer, country)));
            Compare(run, country, new(held, country, _country), networksMax: 5);
            var alone = run.Of(Subjects.Resolve(country, _registry, out _)!);
            Assert.Equal(alone.Countries.Select(one => (one.Country, one.LastForeignHop, one.AnyHop, one.Unavoidable)),
                all[country].Countries.Select(one => (one.Country, one.LastForeignHop, one.AnyHop, one.Unavoidable)));
            Assert.Equal((alone.State, alone.Voters, alone.Addresses), (all[country].State, all[country].Voters, all[country].Addresses));
        }
    }

    // The country's routes of a peer, and what lies inside their prefixes.
    private static IEnumerable<(Prefix, string[])> HeldIn(WholeTable table, int peer, string country)
    {
        var blocks = new List<Prefix>();
        for (int row = 0; row < table.Prefixes.Count; row++)
        {
            int held = table.HeldBy(peer, row);
            if (held < 0) continue;
            var prefix = table.Prefixes[row];
            bool isOwn = false;
            foreach (var origin in table.Paths[held].Origins) isOwn |= _country(origin) == country;
            // Sorted: what is around it came before.
            while (blocks.Count > 0 && !blocks[^1].Covers(prefix)) blocks.RemoveAt(blocks.Count - 1);
            if (isOwn) blocks.Add(prefix);
            if (isOwn || blocks.Count > 0) yield return (prefix, [table.Paths.Sent.TextOf(held)]);
        }
    }
}
