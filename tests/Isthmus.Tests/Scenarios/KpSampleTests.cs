using System.IO.Compression;
using System.Text.Json;

using ICSharpCode.SharpZipLib.BZip2;

using Isthmus.Scenarios;
using Isthmus.Wire;

namespace Isthmus.Tests.Scenarios;

/// <summary>The story as the writer plays it today, made once for all tests of the class.</summary>
public sealed class KpStory
{
    public KpReenactment Reenactment { get; } = KpReenactment.Create();

    public Lazy<IReadOnlyDictionary<string, ArchiveFile>> Files { get; }

    public KpStory() => Files = new(() =>
        Reenactment.Scenario.Files().ToDictionary(file => file.Path, StringComparer.Ordinal));

    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Isthmus.slnx")))
                return Path.Combine(folder.FullName, "samples", "kp-2017-10");
        throw new DirectoryNotFoundException("no Isthmus.slnx above the tests");
    }
}

public class KpSampleTests(KpStory story) : IClassFixture<KpStory>
{
    [Fact]
    public void The_committed_sample_is_what_the_writer_makes()
    {
        var committed = Directory.GetFiles(KpStory.Folder, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".gz" or ".bz2")
            .ToDictionary(path => Path.GetRelativePath(KpStory.Folder, path).Replace('\\', '/'), File.ReadAllBytes);
        var made = story.Files.Value;

        Assert.Equal(made.Keys.Order(StringComparer.Ordinal), committed.Keys.Order(StringComparer.Ordinal));
        Assert.All(made.Values, file => Assert.True(
            file.Content.AsSpan().SequenceEqual(Unpacked(file.Path, committed[file.Path])), $"{file.Path} differs"));
        Assert.Equal(story.Reenactment.Truth, Text("truth.json"));
        Assert.Equal(story.Reenactment.Scenario.Notice + "\n", Text("NOTICE.txt"));

        static string Text(string name) => File.ReadAllText(Path.Combine(KpStory.Folder, name));
    }

    [Fact]
    public void The_sample_is_under_five_megabytes()
    {
        string[] files = Directory.GetFiles(KpStory.Folder, "*", SearchOption.AllDirectories);
        long bytes = files.Sum(path => new FileInfo(path).Length);

        Assert.InRange(bytes, 1_000_000, 4_999_999);
    }

    [Fact]
    public void The_folder_and_every_dump_say_that_they_are_a_reenactment()
    {
        Assert.StartsWith(KpReenactment.Notice + "\n", story.Reenactment.Scenario.Notice, StringComparison.Ordinal);
        var dumps = story.Files.Value.Values
            .Where(file => Path.GetFileName(file.Path).StartsWith("bview", StringComparison.Ordinal)
                || Path.GetFileName(file.Path).StartsWith("rib", StringComparison.Ordinal)).ToList();

        Assert.Equal(20, dumps.Count);
        // Header 12, collector id 4, length of the name 2.
        Assert.All(dumps, file => Assert.Equal(
            KpReenactment.ViewName, System.Text.Encoding.ASCII.GetString(file.Content, 18, file.Content[17])));
    }

    [Fact]
    public void The_truth_has_the_rows_of_the_published_timeline()
    {
        using var truth = JsonDocument.Parse(story.Reenactment.Truth);
        var rows = truth.RootElement.GetProperty("changes").EnumerateArray().Select(row =>
            $"{row.GetProperty("time")} {row.GetProperty("settled").GetProperty("first")} {row.GetProperty("kind")} "
            + string.Join(' ', row.GetProperty("prefixes").EnumerateArray().Select(at => at.GetString()![7..10])));

        Assert.Equal(
        [
            "2017-10-01T09:07:51Z 2017-10-01T09:07:51Z upstream-appeared 176 178 179",
            "2017-10-01T10:14:45Z 2017-10-01T10:14:45Z upstream-vanished 176 178 179",
            "2017-10-01T12:21:55Z 2017-10-01T12:21:55Z upstream-returned 176 178 179",
            "2017-10-02T07:56:39Z 2017-10-02T07:56:39Z upstream-vanished 176",
            "2017-10-02T09:10:29Z 2017-10-02T09:10:29Z upstream-vanished 179",
        ],
        rows);
    }

    [Fact]
    public void Four_outages_of_minutes_lie_apart_between_10_47_and_12_26()
    {
        using var truth = JsonDocument.Parse(story.Reenactment.Truth);
        var outages = truth.RootElement.GetProperty("unstable").GetProperty("outages").EnumerateArray()
            .Select(outage => outage.GetProperty("allDown"))
            .Select(down => (From: Time(down, "from"), To: Time(down, "to"))).ToList();

        Assert.Equal(4, outages.Count);
        Assert.All(outages, outage => Assert.InRange((outage.To - outage.From).TotalSeconds, 150, 360));
        Assert.All(outages.Zip(outages.Skip(1)),
            pair => Assert.True((pair.Second.From - pair.First.To).TotalMinutes > 15));
        Assert.True(outages[0].From > Timestamp.Parse("2017-10-01T10:47Z"));
        Assert.True(outages[3].To < Timestamp.Parse("2017-10-01T12:21:55Z"));
    }

    [Fact]
    public void The_cast_is_wide_and_the_share_is_that_of_the_press()
    {
        using var truth = JsonDocument.Parse(story.Reenactment.Truth);
        var peers = truth.RootElement.GetProperty("peers").EnumerateArray().ToList();

        Assert.True(peers.Count >= 30);
        Assert.True(peers.Select(peer => peer.GetProperty("asn").GetUInt32()).Distinct().Count() >= 20);
        Assert.True(peers.Select(peer => peer.GetProperty("country").GetString()).Distinct().Count() >= 12);
        Assert.Equal(4, peers.Select(peer => peer.GetProperty("collector").GetString()).Distinct().Count());
        Assert.Contains(peers, peer =>
            !peer.GetProperty("fullFeed").GetBoolean() && !peer.GetProperty("holdsSubject").GetBoolean());
        Assert.All(truth.RootElement.GetProperty("shares").EnumerateArray().Take(2),
            share => Assert.InRange(share.GetProperty("product").GetDouble(), 0.45, 0.70));
    }

    [Fact]
    public async Task Bgpdump_sees_the_first_path_by_AS20485_at_the_very_second_and_177_never()
    {
        string[] files =
        [
            "rrc00/2017.10/updates.20171001.0905.gz", "rrc03/2017.10/updates.20171001.0905.gz",
            "route-views.linx/bgpdata/2017.10/UPDATES/updates.20171001.0900.bz2",
            "route-views.sg/bgpdata/2017.10/UPDATES/updates.20171001.0900.bz2",
        ];
        var seen = new List<(string Time, string Prefix)>();
        foreach (string file in files)
            foreach (string line in await Bgpdump.Lines(story.Files.Value[file].Content))
                if (line.Split('|') is [_, var time, "A", _, _, var prefix, var path, ..]
                    && path.EndsWith(" 20485 131279", StringComparison.Ordinal))
                    seen.Add((time, prefix));

        Assert.Equal("1506848871", seen.Min(route => route.Time));
        Assert.Equal(
            ["175.45.176.0/24", "175.45.178.0/24", "175.45.179.0/24"],
            seen.Select(route => route.Prefix).Distinct().Order());
    }

    private static Timestamp Time(JsonElement element, string name) =>
        Timestamp.Parse(element.GetProperty(name).GetString()!);

    private static byte[] Unpacked(string path, byte[] packed)
    {
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(new MemoryStream(packed), CompressionMode.Decompress)
            : new BZip2InputStream(new MemoryStream(packed));
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
