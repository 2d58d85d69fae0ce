using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources.Compression;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Routes;

/// <summary>A dump and the updates up to the next one give what that one holds.</summary>
public sealed class NextDumpTests
{
    private static readonly string[] _rrc00 = [.. new[] { "1400", "1405", "1410", "1415", "1420" }
        .Select(time => $"updates/ris.rrc00.updates.20150401.{time}.gz")];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_state_before_a_dump_of_a_generated_archive_is_what_the_dump_holds(int seed)
    {
        var feed = new StateFeed();
        int dumps = 0;
        foreach (var file in Archive((ulong)seed).Files().OrderBy(file => file.Start).ThenBy(file => !file.IsDump))
        {
            if (!file.IsDump)
            {
                feed.Updates(Plain(file.Content));
                continue;
            }
            // A feed of its own has read no further than the dump.
            var held = new StateFeed().Dump(Plain(file.Content));
            if (dumps++ > 0)
            {
                var (differences, same, unknown) = feed.Compare(held);
                Assert.Empty(differences);
                Assert.True(same >= 12 * 20 * 9 / 10, $"{same} same, {unknown} unknown");
            }
            feed.Dump(Plain(file.Content));
        }
        Assert.Equal(4, dumps);
    }

    [Fact]
    public void The_state_after_real_updates_behind_a_dump_is_the_table_by_the_book()
    {
        var feed = new StateFeed();
        foreach (string name in _rrc00[..2]) feed.Updates(Plain(name));
        feed.DumpOfTable();
        foreach (string name in _rrc00[2..]) feed.Updates(Plain(name));
        var (differences, same, unknown) = feed.Compare(feed.Table());
        Assert.Empty(differences);
        Assert.True(unknown * 3 < same, $"{same} same, {unknown} unknown");
    }

    [Fact]
    public void Real_updates_without_a_dump_tell_nothing_that_the_table_by_the_book_denies()
    {
        foreach (string name in (string[])["updates/pch.updates-et.20151023.0201.gz", "updates/ris.rrc24.updates.20200809.0320.gz",
            "updates/routeviews.updates.20260222.1530.bz2"])
        {
            var feed = new StateFeed().Updates(Plain(name));
            var (differences, same, _) = feed.Compare(feed.Table());
            Assert.Empty(differences);
            Assert.True(same > 0);
        }
    }

    [Fact]
    public void Real_updates_give_the_same_in_one_file_and_in_five()
    {
        var whole = new StateFeed();
        var joined = new MemoryStream();
        foreach (string name in _rrc00) Plain(name).CopyTo(joined);
        joined.Position = 0;
        whole.Updates(joined);
        var pieces = new StateFeed();
        foreach (string name in _rrc00) pieces.Updates(Plain(name));
        var prefixes = whole.Table().Keys.Select(key => key.Prefix).Distinct().ToArray();
        Assert.Equal(whole.Events, pieces.Events);
        Assert.Equal(whole.Holdings(prefixes), pieces.Holdings(prefixes));
    }

    // Twelve peers that change their minds all the time, of which three are reset; four dumps, two hours apart.
    private static Scenario Archive(ulong seed)
    {
        var from = Timestamp.Parse("2017-10-01T08:00:00Z");
        var scenario = Scenario.Create(seed, from, from + TimeSpan.FromHours(6.5));
        var collector = scenario.Collector("rrc00", Project.Ris);
        collector.DumpTimes = [.. Enumerable.Range(0, 4).Select(i => from + TimeSpan.FromHours(2 * i))];
        string[] prefixes = [.. Enumerable.Range(0, 20).Select(i => $"175.45.{i}.0/24")];
        for (uint i = 1; i <= 12; i++)
            collector.Peer($"192.0.2.{i}", 1000 + i)
                .Hold($"{1000 + i} 174 131279", [.. prefixes.Skip((int)i / 2).Select(prefix => (Nlri)prefix)]);
        var random = new SeededRandom(seed);
        var peers = scenario.Peers.ToArray();
        for (int second = 7; second < 6 * 3600; second += random.Between(11, 59))
        {
            // What is said in the very second of a dump may be in it or not.
            if (second % 7200 == 0) continue;
            var peer = random.Pick(peers);
            if (random.Chance(0.3)) scenario.At(from + TimeSpan.FromSeconds(second)).Withdraw(peer, random.Pick(prefixes));
            else scenario.At(from + TimeSpan.FromSeconds(second))
                .Announce(peer, $"{peer.Asn.Number} {random.Between(1, 9)} 131279", random.Pick(prefixes));
        }
        for (int i = 0; i < 3; i++)
            scenario.At(from + TimeSpan.FromMinutes(120 * i + random.Between(20, 90)))
                .ResetSession(random.Pick(peers), TimeSpan.FromSeconds(90));
        return scenario;
    }

    private static MemoryStream Plain(byte[] content) => new(content);

    private static MemoryStream Plain(string name) => Copy(File.OpenRead(RealData.Path(name)));

    private static MemoryStream Copy(Stream packed)
    {
        using var plain = Decompression.Open(packed);
        var copy = new MemoryStream();
        plain.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }
}
