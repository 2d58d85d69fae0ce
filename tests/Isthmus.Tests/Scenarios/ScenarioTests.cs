using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Wire;

namespace Isthmus.Tests.Scenarios;

public class ScenarioTests
{
    private const string P178 = "175.45.178.0/24";

    [Fact]
    public void Files_lie_where_the_archives_would_have_them()
    {
        var scenario = Scenario.Create(seed: 1, "2017-10-01T08:00", "2017-10-01T08:15");
        foreach (var (name, project) in new[]
            { ("rrc00", Project.Ris), ("route-views2", Project.RouteViews), ("route-views.sg", Project.RouteViews) })
            scenario.Collector(name, project).Peer("192.0.2.1", 3333);

        Assert.Equal(
        [
            "rrc00/2017.10/bview.20171001.0800.gz",
            "rrc00/2017.10/updates.20171001.0800.gz",
            "rrc00/2017.10/updates.20171001.0805.gz",
            "rrc00/2017.10/updates.20171001.0810.gz",
            "bgpdata/2017.10/RIBS/rib.20171001.0800.bz2",
            "bgpdata/2017.10/UPDATES/updates.20171001.0800.bz2",
            "route-views.sg/bgpdata/2017.10/RIBS/rib.20171001.0800.bz2",
            "route-views.sg/bgpdata/2017.10/UPDATES/updates.20171001.0800.bz2",
        ],
        scenario.Files().Select(file => file.Path));
    }

    [Fact]
    public async Task A_dump_holds_what_the_updates_before_it_left()
    {
        var scenario = Scenario.Create(seed: 1, "2017-10-01T07:55", "2017-10-01T08:05");
        var rrc00 = scenario.Collector("rrc00", Project.Ris);
        var stays = rrc00.Peer("192.0.2.1", 3333).Hold("3333 4837 131279", P178, "175.45.176.0/24");
        var moves = rrc00.Peer("192.0.2.2", 3257).Hold("3257 4837 131279", P178);
        scenario.At("2017-10-01T07:59:59")
            .Announce(moves, "3257 20485 131279", P178).Withdraw(stays, "175.45.176.0/24");
        scenario.At("2017-10-01T08:00:01").Withdraw(stays, P178);

        var files = scenario.Files().ToDictionary(file => Path.GetFileName(file.Path), file => file.Content);

        Assert.Equal(
        [
            "BGP4MP|1506844799|A|192.0.2.2|3257|175.45.178.0/24|3257 20485 131279|IGP|192.0.2.2|0|0||NAG||",
            "BGP4MP|1506844799|W|192.0.2.1|3333|175.45.176.0/24",
        ],
        await Bgpdump.Lines(files["updates.20171001.0755.gz"]));
        Assert.Equal(
        [
            "TABLE_DUMP2|1506844800|B|192.0.2.1|3333|175.45.178.0/24|3333 4837 131279|IGP|192.0.2.1|0|0||NAG||",
            "TABLE_DUMP2|1506844800|B|192.0.2.2|3257|175.45.178.0/24|3257 20485 131279|IGP|192.0.2.2|0|0||NAG||",
        ],
        await Bgpdump.Lines(files["bview.20171001.0800.gz"]));
        Assert.Equal(
            ["BGP4MP|1506844801|W|192.0.2.1|3333|175.45.178.0/24"],
            await Bgpdump.Lines(files["updates.20171001.0800.gz"]));
    }

    [Fact]
    public async Task A_session_reset_shows_as_states_at_RIS_and_only_as_a_table_sent_again_at_RouteViews()
    {
        var scenario = Scenario.Create(seed: 1, "2017-10-01T00:00", "2017-10-01T00:05");
        foreach (var (name, project) in new[] { ("rrc00", Project.Ris), ("route-views.sg", Project.RouteViews) })
        {
            var peer = scenario.Collector(name, project).Peer("192.0.2.1", 3333).Hold("3333 4837 131279", P178);
            scenario.At("2017-10-01T00:01:00").ResetSession(peer, TimeSpan.FromSeconds(60), resendSeconds: 1);
        }

        var lines = new List<string[]>();
        foreach (var file in scenario.Files().Where(file => file.Path.Contains("updates.", StringComparison.Ordinal)))
            lines.Add(await Bgpdump.Lines(file.Content));

        const string again =
            "BGP4MP|1506816121|A|192.0.2.1|3333|175.45.178.0/24|3333 4837 131279|IGP|192.0.2.1|0|0||NAG||";
        string[] ris =
        [
            "BGP4MP|1506816060|STATE|192.0.2.1|3333|6|1", "BGP4MP|1506816120|STATE|192.0.2.1|3333|1|3",
            "BGP4MP|1506816120|STATE|192.0.2.1|3333|3|4", "BGP4MP|1506816120|STATE|192.0.2.1|3333|4|5",
            "BGP4MP|1506816120|STATE|192.0.2.1|3333|5|6", again,
        ];
        Assert.Equal([ris, [again]], lines);
    }

    [Fact]
    public void A_wave_starts_at_its_moment_with_the_peer_named_and_ends_in_time()
    {
        var scenario = Scenario.Create(seed: 7, "2017-10-01T00:00", "2017-10-01T00:05");
        var rrc00 = scenario.Collector("rrc00", Project.Ris);
        for (uint i = 1; i <= 40; i++) rrc00.Peer($"192.0.2.{i}", 3000 + i);

        var span = scenario.At("2017-10-01T00:01:00").Across(scenario.Peers, TimeSpan.FromSeconds(60), first: 3017)
            .Announce(peer => $"{peer.Asn.Number} 131279", P178);

        Assert.Equal(Timestamp.Parse("2017-10-01T00:01:00"), span.First);
        Assert.Equal((new Asn(3017), 40), (span.FirstPeer, span.PeerAses));
        Assert.InRange((span.Last - span.First).TotalSeconds, 30, 60);
        Assert.InRange((span.Median - span.First).TotalSeconds, 1, 30);
    }

    [Fact]
    public void Equal_scripts_give_equal_bytes_and_another_seed_gives_others()
    {
        Assert.Equal(Bytes(seed: 1), Bytes(seed: 1));
        Assert.NotEqual(Bytes(seed: 1), Bytes(seed: 2));

        static List<byte[]> Bytes(ulong seed)
        {
            var scenario = Scenario.Create(seed, "2017-10-01T00:00", "2017-10-01T00:15");
            var topology = new Topology([3356, 1299, 174], new Dictionary<uint, uint[]> { [3333] = [1299, 3356] });
            var background = Background.Read(
                topology, new StringReader("# some\n8.8.8.0/24 3356 15169\n1.1.1.0/24 13335\n"));
            background.Fill(scenario.Collector("rrc00", Project.Ris).Peer("192.0.2.1", 3333));
            background.Fill(scenario.Collector("route-views.sg", Project.RouteViews).Peer("192.0.2.2", 174));
            background.Churn(scenario, TimeSpan.FromSeconds(20));
            return [.. scenario.Files().Select(file => file.Packed())];
        }
    }

    [Fact]
    public void Paths_start_at_the_peer_end_in_the_tail_and_get_no_shorter()
    {
        var topology = new Topology(
            [3356, 1299, 174], new Dictionary<uint, uint[]> { [3333] = [1299, 3356], [3356] = [4837] });

        var paths = topology.Paths(3333, [4837, 131279]).ToList();

        Assert.Equal("3333 3356 4837 131279", paths[0]);
        Assert.All(paths, path => Assert.StartsWith("3333 ", path, StringComparison.Ordinal));
        Assert.All(paths, path => Assert.EndsWith(" 3356 4837 131279", path, StringComparison.Ordinal));
        Assert.Equal(paths.OrderBy(path => path.Split(' ').Length), paths);
        Assert.Equal(["4837 131279"], topology.Paths(4837, [4837, 131279]));
    }
}
