using CsCheck;

using Isthmus.Attribution;
using Isthmus.Dependence;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Store;
using Isthmus.Tables;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Dependence;

/// <summary>The whole table of a second: beside a count of single blocks, and from files as from a store.</summary>
public sealed class WholeTableTests
{
    private static readonly string[] _prefixes =
        ["20.0.0.0/20", "20.0.0.0/21", "20.0.4.0/22", "20.0.4.0/24", "20.0.7.0/24", "20.0.8.0/23", "20.0.8.0/24", "2a00::/32", "2a00:1::/48"];

    private static readonly string[] _paths = ["9 1 2", "9 3 2", "9 1 4 4", "9 {2,4}", "9 64500 2", "?"];

    private static readonly Gen<(int Prefix, int Path)[][]> _peers =
        Gen.Select(Gen.Int[0, _prefixes.Length - 1], Gen.Int[0, _paths.Length - 1]).Array[0, 12].Array[1, 3];

    [Fact]
    public void The_sums_of_drawn_tables_are_those_of_their_blocks_counted_one_by_one() => _peers.Sample(drawn =>
    {
        var world = new World();
        foreach (var routes in drawn) world.Peer(9, Held(routes));
        var table = world.Table();
        foreach (var family in (AddressFamily[])[AddressFamily.IPv4, AddressFamily.IPv6])
            foreach (var walked in table.Walk(family))
            {
                var held = world.Peers[walked.Peer].Held.Where(route => route.Key.Family == family && route.Value is not ["?"]).ToArray();
                var expected = new SortedDictionary<string, double>(StringComparer.Ordinal);
                for (int block = 0; block < 16 && family is AddressFamily.IPv4; block++)
                {
                    var one = new Prefix(IpAddress.V4(0x14000000u + (uint)(block << 8)), 24);
                    var around = held.Where(route => route.Key.Covers(one)).OrderBy(route => route.Key.Length).LastOrDefault();
                    foreach (string path in around.Value ?? []) Add(path, 256.0 / around.Value!.Length);
                }
                if (family is AddressFamily.IPv6)
                    foreach (var (_, paths) in held)
                        foreach (string path in paths) Add(path, 1.0 / paths.Length);
                foreach (var (path, weight, _) in walked.Paths)
                    Assert.Equal(expected.GetValueOrDefault(Text(table, path)), weight, 9);
                Assert.Equal(expected.Values.Sum(), walked.Paths.Sum(path => path.Weight), 9);
                Assert.Equal(held.Length, walked.Paths.Sum(path => path.Prefixes), 9);

                void Add(string path, double weight) => expected[path] = expected.GetValueOrDefault(path) + weight;
            }
    }, iter: 500);

    // Equal paths of one prefix are one, and what is not known stands alone.
    private static (string, string)[] Held((int Prefix, int Path)[] routes) => [.. routes.Distinct()
        .GroupBy(route => route.Prefix).SelectMany(group => group.Any(route => _paths[route.Path] == "?")
            ? [(_prefixes[group.Key], "?")] : group.Select(route => (_prefixes[group.Key], _paths[route.Path])))];

    private static string Text(WholeTable table, int path) => table.Paths.Sent.TextOf(path);

    [Fact]
    public void A_cleaned_path_is_what_the_rules_of_paths_make_of_it() // V1 of methods.md, "Paths"
    {
        string[] sent =
        [
            "3333 1103 4837 4837 4837 131279", "3333 (64512 64513) 4837 131279", "3333 4837 {131279}", "3333 4837 {131279,65001}",
            "3333 20485 131279 20485 131279", "3333 23456 131279", "3333 4837 131279 65001", "3356 65551 1299 131279", "3333 4837 {1,2}",
        ];
        var world = new World();
        foreach (string path in sent) world.Peer(3333, ("20.0.0.0/24", path));
        var table = world.Table();
        var cleaning = new PathCleaning();
        for (int peer = 0; peer < sent.Length; peer++)
        {
            int id = table.HeldBy(peer, 0);
            var clean = cleaning.Clean(table.Paths.Sent[id]);
            var one = table.Paths[id];
            Assert.Equal(clean.Verdict, one.Verdict);
            Assert.Equal(clean.Hops, one.Hops.ToArray());
            if (one.Verdict is PathVerdict.Accepted) Assert.Equal(clean.Origins, one.Origins.ToArray());
            Assert.Equal(clean.CountsForInference, one.CountsForInference);
        }
        Assert.Equal([new(1), new(2)], table.Paths[table.HeldBy(8, 0)].Origins.ToArray());
        Assert.Equal([new(3333), new(4837)], table.Paths[table.HeldBy(8, 0)].Carriers.ToArray());
        Assert.Equal([new(3333), new(1103), new(4837)], table.Paths[table.HeldBy(0, 0)].Carriers.ToArray());
    }

    [Fact]
    public void What_is_not_known_is_not_none_and_has_no_vote()
    {
        var table = new World().Peer(1, ("20.0.0.0/24", "1 2"))
            .Peer(3).With(peer => peer with { Ipv4 = false })
            .Peer(4)
            .Peer(5, ("20.0.0.0/24", "?"))
            .Peer(6, ("20.0.0.0/24", "6 2")).With(peer => peer with { FullIpv4 = false }).Table();
        Assert.Equal(RouteStep.Unknown, table.HeldBy(1, 0));
        Assert.Equal(RouteStep.NoRoute, table.HeldBy(2, 0));
        Assert.Equal(RouteStep.Unknown, table.HeldBy(3, 0));
        Assert.Equal([0, 2, 3], table.VantagePoints(AddressFamily.IPv4));
        Assert.True(table.IsBelieved(0, table.HeldBy(0, 0)));
        Assert.False(table.IsBelieved(4, table.HeldBy(0, 0)));
    }

    [Fact]
    public void Default_routes_bogons_and_host_routes_are_not_of_the_table()
    {
        var table = new World().Peer(1, ("0.0.0.0/0", "1 2"), ("10.0.0.0/8", "1 2"), ("20.0.0.0/24", "1 2"), ("20.0.0.1/32", "1 2")).Table();
        Assert.Equal([Prefix.Parse("20.0.0.0/24")], table.Prefixes);
        Assert.Equal(256, Assert.Single(Assert.Single(table.Walk(AddressFamily.IPv4)).Paths).Weight);
    }

    [Fact]
    public void Files_and_a_store_give_what_the_table_of_the_second_has()
    {
        string sample = Path.Combine(RealData.Repository, "samples", "kp-2017-10");
        using var folder = new TemporaryFolder();
        using var inputs = new Inputs();
        var stop = TestContext.Current.CancellationToken;
        var files = inputs.Resolve([sample], Stream.Null, stop);
        var address = StoreAddress.Parse(folder.Place("store.duckdb"));
        var registry = RegistrySnapshot.Shipped;
        Ingest.Run(address, files, null, text => Subjects.Resolve(text, registry, out _)!, registry, "", new(), stop);
        using var stored = StoredRoutes.Open(address);
        foreach (string at in new[] { "2017-10-01T09:30", "2017-10-01T11:15" })
        {
            var time = Timestamp.Parse(at);
            string[] expected = Routes(WholeTable.Of(HeldTable.Read(time, null, files, new(), stop)));
            Assert.NotEmpty(expected);
            Assert.Equal(expected, Routes(WholeTable.Read(time, files, new(), stop)));
            Assert.Equal(expected, Routes(WholeTable.Of(time, stored)));
        }
    }

    private static string[] Routes(WholeTable table) =>
    [
        .. from row in Enumerable.Range(0, table.Prefixes.Count)
           from peer in Enumerable.Range(0, table.Peers.Count)
           let held = table.HeldBy(peer, row)
           select $"{table.Peers[peer]} {table.Prefixes[row]} " + (held < 0 ? $"{held}" : table.Paths.Sent.TextOf(held)),
    ];
}
