using Isthmus.Archives;
using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Archives;

/// <summary>Collectors by their peers that send all routes: those that are not the same again.</summary>
public sealed class FeedChoiceTests
{
    private static readonly Archive _mirror = new("https://mirror.example/");

    private static ArchiveCollector Collector(string name) => ArchiveCollector.In($"<a href=\"{name}/\">x</a>", _mirror).Single();

    // A dump of so many /24 in 10.0.0.0/8, and of each AS how many of the first it has.
    private static FeedSample Sample(params (uint Asn, int Prefixes)[] peers)
    {
        var time = Timestamp.Parse("2017-10-01T00:00:00Z");
        var dump = new MrtWriter().PeerIndexTable(
            time, "192.0.2.1", "", [.. peers.Select((peer, i) => new MrtPeer($"192.0.2.{i + 2}", peer.Asn))]);
        for (int i = 0; i < peers.Max(peer => peer.Prefixes); i++)
            dump.Rib(time, Prefix.Parse($"10.{i / 256}.{i % 256}.0/24"), [.. peers.Index().Where(peer => i < peer.Item.Prefixes).Select(
                peer => new MrtRibEntry(peer.Index, PathAttributes.Route($"{peer.Item.Asn} 64500", "192.0.2.1"), time))]);
        using var folder = new TemporaryFolder();
        string file = folder.Write("rib.20171001.0000", dump.ToArray());
        return FeedSample.Of(new(file, "rib", new("x", Project.Unknown), FileKind.Rib, time, 0), isWhole: true, CancellationToken.None);
    }

    private static string Chosen(int most, params (string Name, (uint, int)[] Peers)[] collectors) => string.Join(", ",
        FeedChoice.Most([.. collectors.Select(one => (Collector(one.Name), Sample(one.Peers)))], most)
            .Select(one => $"{one.Collector.Collector.Name} {one.Full}+{one.Added}"));

    [Fact]
    public void The_collector_with_most_peer_ases_that_send_all_routes_is_first_and_then_those_that_add_most() => Assert.Equal(
        "rrc00 3+3, rrc03 2+2, rrc01 3+1",
        Chosen(3,
            ("rrc00", [(1, 1000), (2, 1000), (9, 1000)]), ("rrc01", [(1, 1000), (2, 990), (3, 1000), (4, 30)]),
            ("rrc03", [(5, 1000), (6, 800), (1, 20)]), ("rrc04", [(7, 400), (8, 400), (11, 400)])));

    [Fact]
    public void Of_equal_ones_the_one_with_more_of_them_is_first_then_by_name() => Assert.Equal("rrc01 2+2, rrc03 2+1",
        Chosen(2, ("rrc00", [(3, 500)]), ("rrc01", [(1, 500), (2, 500)]), ("rrc03", [(1, 500), (3, 500)])));

    [Fact]
    public void Where_none_adds_any_no_more_are_chosen() =>
        Assert.Equal("rrc00 2+2", Chosen(3, ("rrc00", [(1, 500), (2, 500)]), ("rrc01", [(1, 500), (2, 500)]), ("rrc03", [(4, 50)])));

    [Fact]
    public void Two_sessions_of_an_as_are_one_peer_as() =>
        Assert.Equal("rrc00 1+1", Chosen(1, ("rrc00", [(1, 500), (1, 500)])));

    [Fact]
    public void A_dump_that_tells_less_of_the_table_is_held_to_that_part()
    {
        // The first sample ends within 10.7/16: nothing is known of its peers' later prefixes.
        var whole = Sample((3, 3000), (4, 3000));
        var early = Sample((1, 1900), (2, 1900)) with { End = 2567 };
        Assert.Equal(1792, early.Below(2567).First().Prefixes);
        var chosen = FeedChoice.Most([(Collector("rrc00"), early), (Collector("rrc01"), whole)], 2);
        Assert.Equal([2, 2], chosen.Select(one => one.Full));
    }

    [Fact]
    public void A_sample_is_kept_as_text_and_read_back()
    {
        var sample = Sample((1, 300), (70000, 20));
        Assert.Equal("end 65536\npeer 1 2560=256 2561=44\npeer 70000 2560=20\n", sample.ToText());
        Assert.Equal(sample.ToText(), FeedSample.Read(sample.ToText())!.ToText());
        Assert.Null(FeedSample.Read("end x\n"));
        Assert.Null(FeedSample.Read("end 5\npeer 1 2\n"));
        Assert.Null(FeedSample.Read(""));
    }
}
