using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>
/// Packets follow the longest match: what another origin announces inside a prefix of the subject is told, and is none of the
/// subject's prefixes.
/// </summary>
public sealed class MoreSpecificTests : IDisposable
{
    // 1 October 2017, 00:00 UTC.
    private const long Start = 1506816000;
    private static readonly int[] _peers = [3333, 1299, 174, 2914, 3257];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_more_specific_by_another_origin_is_told_with_its_origin_prefix_time_and_peers()
    {
        var report = Report("AS36561", Dump("208.65.152.0/22", "36561"), Announce(3600, 5, "208.65.153.0/24", "17557"), Later());
        var change = Assert.Single(Changes(report));
        Assert.Equal("more-specific-appeared", change.GetProperty("kind").GetString());
        Assert.Equal(17557u, change.GetProperty("origin").GetUInt32());
        Assert.Equal("2017-10-01T01:00:00Z", change.GetProperty("time").GetString());
        Assert.Equal("208.65.153.0/24", Assert.Single(change.GetProperty("prefixes").EnumerateArray()).GetString());
        Assert.Equal("208.65.152.0/22", Assert.Single(change.GetProperty("covering").EnumerateArray()).GetString());
        Assert.Equal((5, 5), (change.GetProperty("peerAses").GetInt32(), change.GetProperty("peerAsesWatching").GetInt32()));
        Assert.Equal((0.0, 1.0), (change.GetProperty("shareBefore").GetDouble(), change.GetProperty("shareAfter").GetDouble()));
        // It is none of the subject's prefixes, origins or upstreams.
        Assert.Equal(1, report.GetProperty("size").GetProperty("prefixes").GetInt32());
        Assert.Equal(1, report.GetProperty("size").GetProperty("origins").GetInt32());
        Assert.Equal([8001u], report.Upstreams());
        Assert.Contains("AS17557", report.GetProperty("sentences")[1].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_there_for_a_minute_is_told_with_its_end()
    {
        var change = Assert.Single(Changes(Report("AS36561", Dump("208.65.152.0/22", "36561"),
            Announce(3600, 5, "208.65.153.0/24", "17557"), Withdraw(3660, 5, "208.65.153.0/24"), Later())));
        Assert.Equal("more-specific-appeared", change.GetProperty("kind").GetString());
        Assert.Equal("2017-10-01T01:01:00Z", change.GetProperty("until").GetString());
    }

    [Fact]
    public void Two_times_an_hour_apart_are_two_changes()
    {
        string[] times = [.. Changes(Report("AS36561", Dump("208.65.152.0/22", "36561"),
            Announce(3600, 5, "208.65.153.0/24", "17557"), Withdraw(3660, 5, "208.65.153.0/24"),
            Announce(7200, 5, "208.65.153.0/24", "17557"), Later())).Select(change => change.GetProperty("time").GetString()!)];
        Assert.Equal(["2017-10-01T01:00:00Z", "2017-10-01T02:00:00Z"], times);
    }

    [Fact]
    public void What_one_of_five_peers_alone_holds_is_listed_and_no_change()
    {
        var report = Report("AS36561", Dump("208.65.152.0/22", "36561"), Announce(3600, 1, "208.65.153.0/24", "17557"), Later());
        Assert.Empty(Changes(report));
        var inside = Assert.Single(report.GetProperty("moreSpecificsByOthers").EnumerateArray());
        Assert.Equal(("208.65.153.0/24", "208.65.152.0/22", 17557u, 1), (inside.GetProperty("prefix").GetString(),
            inside.GetProperty("covering").GetString(), inside.GetProperty("origin").GetUInt32(), inside.GetProperty("peerAses").GetInt32()));
    }

    [Fact]
    public void One_that_the_dump_shows_did_not_come()
    {
        var report = Report("AS36561", Dump("208.65.152.0/22", "36561"), Dump("208.65.153.0/24", "17557"), Later());
        Assert.Empty(Changes(report));
        Assert.Equal(5, Assert.Single(report.GetProperty("moreSpecificsByOthers").EnumerateArray()).GetProperty("peerAsesAtEnd").GetInt32());
    }

    [Fact]
    public void What_is_known_of_no_peer_before_is_listed_and_no_change()
    {
        // Updates alone: nobody is known to have been without it.
        var report = Report("AS36561", Announce(0, 5, "208.65.152.0/22", "36561"), Announce(3600, 5, "208.65.153.0/24", "17557"), Later());
        Assert.Empty(Changes(report));
        Assert.Single(report.GetProperty("moreSpecificsByOthers").EnumerateArray());
    }

    [Fact]
    public void The_subjects_own_more_specific_is_a_new_prefix_of_it()
    {
        var report = Report("AS36561", Dump("208.65.152.0/22", "36561"), Announce(3600, 5, "208.65.153.0/24", "36561"), Later());
        Assert.Equal("prefix-appeared", Assert.Single(Changes(report)).GetProperty("kind").GetString());
        Assert.Empty(report.GetProperty("moreSpecificsByOthers").EnumerateArray());
        Assert.Equal(2, report.GetProperty("size").GetProperty("prefixes").GetInt32());
    }

    [Fact]
    public void Of_a_prefix_that_is_asked_for_itself_the_same_is_told()
    {
        var change = Assert.Single(Changes(Report("208.65.152.0/22", Dump("208.65.152.0/22", "36561"),
            Announce(3600, 5, "208.65.153.0/24", "17557"), Later())));
        Assert.Equal(("more-specific-appeared", 17557u), (change.GetProperty("kind").GetString(), change.GetProperty("origin").GetUInt32()));
    }

    [Fact]
    public void A_prefix_beside_the_subjects_is_no_part_of_it()
    {
        var report = Report("AS36561", Dump("208.65.152.0/22", "36561"), Announce(3600, 5, "208.65.156.0/24", "17557"), Later());
        Assert.Empty(Changes(report));
        Assert.Empty(report.GetProperty("moreSpecificsByOthers").EnumerateArray());
    }

    [Fact]
    public void It_is_found_also_where_it_was_announced_before_the_block_was_seen()
    {
        // The more-specific stands in an earlier file than the first route of the subject: the inputs are read again.
        var report = Report("AS36561", Dump("10.99.0.0/16", "64999"), Announce(600, 5, "208.65.153.0/24", "17557"),
            Announce(3600, 5, "208.65.152.0/22", "36561"), Later());
        Assert.Equal("2017-10-01T00:10:00Z",
            Assert.Single(report.GetProperty("moreSpecificsByOthers").EnumerateArray()).GetProperty("firstSeen").GetString());
        // When it came there was no block of the subject that it lay in.
        Assert.DoesNotContain(Changes(report), change => change.GetProperty("kind").GetString() == "more-specific-appeared");
    }

    [Fact]
    public void The_text_names_it_and_the_page_too()
    {
        string file = Write([Dump("208.65.152.0/22", "36561"), Announce(3600, 5, "208.65.153.0/24", "17557"), Later()]);
        string text = Cli.Run("report", "AS36561", file).Out;
        Assert.Contains("208.65.153.0/24, inside", text, StringComparison.Ordinal);
        Assert.Contains("Inside its prefixes, by other origins: 1 prefix", text, StringComparison.Ordinal);
        string page = Cli.Run("report", "AS36561", file, "--format", "html").Out;
        Assert.Contains("208.65.153.0/24, inside 208.65.152.0/22", page, StringComparison.Ordinal);
    }

    // Recorded incidents of 2008 to 2018: who was hurt, the prefix, and the first update that named it, by the index beside them.
    [Theory]
    [InlineData("backconnect_1", 46664, "172.81.129.0/24", 203959u, "2015-12-03T22:03:47Z", 5)]
    [InlineData("carlson_1", 1239, "63.161.162.0/24", 36426u, "2008-11-29T16:51:53Z", 5)]
    [InlineData("h3s_1", 7922, "73.41.0.0/16", 59790u, "2014-11-14T23:04:32Z", 120)]
    [InlineData("iran_1", 27589, "99.192.226.0/24", 12880u, "2017-01-05T11:55:27Z", 120)]
    [InlineData("pakistan_1", 36561, "208.65.153.0/24", 17557u, "2008-02-24T18:47:53Z", 5)]
    // Of a forged path the origin is the subject: a new prefix of its own.
    [InlineData("defcon_1", 20195, "24.120.56.0/24", null, "2008-08-10T19:33:19Z", 5)]
    [InlineData("enzu_1", 14618, "23.21.112.0/20", null, "2015-03-26T11:27:34Z", 5)]
    [InlineData("france_1", 3215, "195.101.184.0/22", null, "2012-12-28T14:24:33Z", 5)]
    public void Recorded_incidents_are_told(string name, int subject, string prefix, uint? origin, string first, int secondsOff)
    {
        string source = RealData.Path($"../fixtures/incidents/hijacks-2008-2018/{name}.tsv.gz");
        Recorded(source);
        var report = Cli.Run("report", $"AS{subject}", _folder.Root, "--format", "json").Json();
        string kind = origin is null ? "prefix-appeared" : "more-specific-appeared";
        var change = Changes(report).First(change => change.GetProperty("kind").GetString() == kind);
        Assert.Equal(prefix, Assert.Single(change.GetProperty("prefixes").EnumerateArray()).GetString());
        if (origin is { } known) Assert.Equal(known, change.GetProperty("origin").GetUInt32());
        // It is dated by peers of which it is known that they were without it, so that it may be later than the first.
        var late = Time(change.GetProperty("time").GetString()!) - Time(first);
        Assert.InRange(late.TotalSeconds, 0, secondsOff);
        Assert.True(change.GetProperty("peerAses").GetInt32() >= 3);
    }

    // One file a collector: its table, then its updates, as `bgpdump -m` prints them.
    private void Recorded(string source)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(source), CompressionMode.Decompress));
        var rows = new List<string[]>();
        while (reader.ReadLine() is { } line)
            if (line[0] != '#' && line.Split('\t') is { Length: >= 5 } row) rows.Add([.. row, .. new string[6 - Math.Min(6, row.Length)]]);
        var peerAses = rows.Where(row => row[5]?.Length > 0).GroupBy(row => (row[1], row[2]))
            .ToDictionary(group => group.Key, group => group.First()[5].Split(' ')[0]);
        foreach (var collector in rows.GroupBy(row => row[1]))
        {
            var text = new StringBuilder();
            foreach (string[] row in collector.OrderBy(row => double.Parse(row[0], CultureInfo.InvariantCulture)))
            {
                if (!peerAses.TryGetValue((row[1], row[2]), out string? asn)) continue;
                string head = $"{(row[4] == "R" ? "TABLE_DUMP2" : "BGP4MP")}|{row[0].Split('.')[0]}|{(row[4] == "R" ? "B" : row[4])}|{row[2]}|{asn}|{row[3]}";
                text.Append(row[4] == "W" ? $"{head}\n" : $"{head}|{row[5]}|IGP|{row[2]}|0|0||NAG||\n");
            }
            Directory.CreateDirectory(Path.Combine(_folder.Root, collector.Key));
            File.WriteAllText(Path.Combine(_folder.Root, collector.Key, "lines.txt"), text.ToString());
        }
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static JsonElement.ArrayEnumerator Changes(JsonElement report) => report.GetProperty("changes").EnumerateArray();

    private JsonElement Report(string subject, params string[][] lines) => Cli.Run("report", subject, Write(lines), "--format", "json").Json();

    private string Write(string[][] lines)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Root, "rrc00"));
        string file = Path.Combine(_folder.Root, "rrc00", "lines.txt");
        File.WriteAllLines(file, lines.SelectMany(part => part));
        return file;
    }

    private static string[] Dump(string prefix, string origin) => [.. _peers.Select((peer, place) =>
        $"TABLE_DUMP2|{Start}|B|10.0.0.{place + 1}|{peer}|{prefix}|{peer} 8001 {origin}|IGP|10.0.0.{place + 1}|0|0||NAG||")];

    private static string[] Announce(int second, int peers, string prefix, string origin) => [.. _peers.Take(peers).Select((peer, place) =>
        $"BGP4MP|{Start + second}|A|10.0.0.{place + 1}|{peer}|{prefix}|{peer} 8001 {origin}|IGP|10.0.0.{place + 1}|0|0||NAG||")];

    private static string[] Withdraw(int second, int peers, string prefix) => [.. _peers.Take(peers).Select((peer, place) =>
        $"BGP4MP|{Start + second}|W|10.0.0.{place + 1}|{peer}|{prefix}")];

    // Every session speaks on: of a prefix that is nobody's here.
    private static string[] Later() => [.. new[] { 900, 4500, 9000, 12000 }.SelectMany(second => Announce(second, 5, "192.88.0.0/16", "65000"))];
}
