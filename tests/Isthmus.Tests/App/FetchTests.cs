using System.Text.Json.Nodes;

using Isthmus.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.App;

/// <summary>The sample, and small archives, behind a web server: fetched, kept, and read as if they lay in a folder.</summary>
public sealed class FetchTests : IDisposable
{
    private static readonly string[] _day = ["--from", "2017-10-01", "--to", "2017-10-01"];

    private readonly TemporaryFolder _folder = new();

    private static string SampleFolder => Path.Combine(RealData.Repository, "samples/kp-2017-10");

    private string[] At(Nginx server, params string[] more) => ["--archive", server.Address, "--cache", _folder.Place("cache"), .. more];

    private static string[][] Lines(CliRun run) =>
        [.. run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];

    // All of a report but what says where the inputs were, and what else lay in the folder.
    private static string Content(CliRun run)
    {
        var report = JsonNode.Parse(run.Out)!.AsObject();
        foreach (string key in (string[])["command", "arguments"]) report.Remove(key);
        report["coverage"]!.AsObject().Remove("passedOver");
        return report.ToJsonString();
    }

    [Fact]
    public void A_report_on_what_was_fetched_is_that_on_the_folder_and_needs_the_server_no_more()
    {
        string[] ask;
        using (var server = new Nginx(SampleFolder))
        {
            ask = [.. _day, .. At(server, "--collector", "*", "--ribs", "all")];
            var fetch = Cli.Run(["fetch", .. ask]);
            Assert.Equal(0, fetch.ExitCode);
            // Of each day the archive has a file each 5 or 15 minutes, of two collectors each.
            Assert.Equal(2 * 288 + 2 * 96, Lines(fetch).Count(line => line[0].Contains("/updates.", StringComparison.Ordinal)));
            Assert.All(Lines(fetch), line => Assert.Equal("fetched", line[1]));
            int asked = server.Requests.Count;
            Assert.All(Lines(Cli.Run(["fetch", .. ask])), line => Assert.Equal("cached", line[1]));
            Assert.Equal(asked, server.Requests.Count);
        }

        // The same files, laid out as in the archive.
        using var same = new TemporaryFolder();
        File.Copy(Path.Combine(SampleFolder, "NOTICE.txt"), same.Place("NOTICE.txt"));
        foreach (string[] line in Lines(Cli.Run(["fetch", .. ask, "--offline"])))
            same.Write(new Uri(line[0]).AbsolutePath[1..], File.ReadAllBytes(line[4]));
        var offline = Cli.Run(["report", "KP", .. ask, "--offline", "--format", "json"]);
        var folder = Cli.Run(["report", "KP", same.Root, .. _day, "--format", "json"]);
        Assert.Equal("", folder.Err);
        Assert.Equal(folder.ExitCode, offline.ExitCode);
        Assert.Equal(Content(folder), Content(offline));
        Assert.Equal(Cli.Run(["history", "KP", same.Root, .. _day]).Out, Cli.Run(["history", "KP", .. ask, "--offline"]).Out);
    }

    [Fact]
    public void A_report_fetches_by_itself_what_it_needs_and_names_the_collectors_that_nobody_named()
    {
        using var server = new Nginx(SampleFolder);
        string[] ask = ["report", "KP", "--from", "2017-10-01T09:00Z", "--to", "2017-10-01T09:30Z", .. At(server), "--format", "json"];
        var run = Cli.Run(ask);
        Assert.StartsWith("isthmus: of the archives the collectors rrc00 and route-views2 are read", run.Err, StringComparison.Ordinal);
        var inputs = run.Json().GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("file").GetString()!).ToArray();
        Assert.Equal("rrc00/2017.10/bview.20171001.0800.gz", inputs[0]);
        // From the dump at 08:00 to the end at 09:30.
        Assert.Equal(1 + 18, inputs.Length);
        Assert.Equal(run.Out, Cli.Run(ask).Out);
    }

    [Fact]
    public void A_file_that_the_archive_lists_and_does_not_give_is_a_gap_that_is_told()
    {
        using var folder = new TemporaryFolder();
        CopySample(folder, "rrc00", time => time.StartsWith("20171001.08", StringComparison.Ordinal) || time.StartsWith("20171001.09", StringComparison.Ordinal));
        string lost = folder.Place("rrc00/2017.10/updates.20171001.0910.gz");
        File.Delete(lost);
        Directory.CreateSymbolicLink(lost, folder.Place("nowhere"));
        using var server = new Nginx(folder.Root);
        string[] ask = ["--from", "2017-10-01T09:00Z", "--to", "2017-10-01T09:30Z", .. At(server, "--collector", "rrc00")];
        var fetch = Cli.Run(["fetch", .. ask]);
        Assert.Equal(3, fetch.ExitCode);
        string said = $"{server.Address}rrc00/2017.10/updates.20171001.0910.gz: the server answers 404 Not Found";
        Assert.Contains($"isthmus: missing: {said}", fetch.ErrLines);
        var run = Cli.Run(["report", "KP", .. ask, "--format", "json"]);
        Assert.Equal(3, run.ExitCode);
        var coverage = run.Json().GetProperty("coverage");
        Assert.Equal(said, Assert.Single(coverage.GetProperty("unread").EnumerateArray()).GetString());
        Assert.Contains("2017-10-01T09:10:00Z", coverage.GetProperty("gaps").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_that_holds_nothing_gives_way_to_the_one_before_it_and_the_updates_since()
    {
        using var folder = new TemporaryFolder();
        CopySample(folder, "rrc00", time => string.CompareOrdinal(time, "20171001.0930") < 0);
        folder.Write("rrc00/2017.10/bview.20171001.0800.gz", Isthmus.Tests.Sources.Packed.Gzip(
            new MrtWriter().PeerIndexTable(Timestamp.Parse("2017-10-01T08:00:00Z"), "192.0.2.1", "", []).ToArray()));
        using var server = new Nginx(folder.Root);
        var run = Cli.Run(["fetch", "--from", "2017-10-01T09:00Z", "--to", "2017-10-01T09:30Z", .. At(server, "--collector", "rrc00")]);
        Assert.Contains("bview.20171001.0800.gz holds no route; the dump before it is taken", run.Err, StringComparison.Ordinal);
        string[] names = [.. Lines(run).Select(line => line[0][(line[0].LastIndexOf('/') + 1)..])];
        Assert.Equal("bview.20171001.0000.gz", Assert.Single(names, name => name.StartsWith("bview", StringComparison.Ordinal)));
        Assert.Equal(("updates.20171001.0000.gz", 114), (names[1], names.Length - 1));
    }

    [Fact]
    public void The_dump_that_a_month_begins_with_may_be_of_the_month_before()
    {
        using var folder = new TemporaryFolder();
        byte[] dump = File.ReadAllBytes(Path.Combine(SampleFolder, "rrc00/2017.10/bview.20171001.0000.gz"));
        foreach (string name in (string[])["2017.09/bview.20170930.1600", "2017.09/bview.20170930.2359", "2017.10/bview.20171001.0800", "2016.12/x"])
            folder.Write($"rrc00/{name}.gz", dump);
        using var server = new Nginx(folder.Root);
        string[] ask = ["fetch", "--kind", "rib", .. At(server, "--collector", "rrc00")];
        var run = Cli.Run([.. ask, "--from", "2017-10-01T00:00Z", "--to", "2017-10-01T06:00Z"]);
        Assert.EndsWith("rrc00/2017.09/bview.20170930.2359.gz", Assert.Single(Lines(run))[0], StringComparison.Ordinal);
        // Nothing of 2016.12 and nothing of 2017.09 is asked for where the month's own dumps do.
        run = Cli.Run([.. ask, "--from", "2017-10-01T08:00Z", "--to", "2017-10-01T09:00Z", "--dry-run"]);
        Assert.Equal(["listed"], Lines(run).Select(line => line[1]));
        Assert.DoesNotContain(server.Requests, path => path.Contains("2016.12", StringComparison.Ordinal));
        run = Cli.Run([.. ask, "--from", "2015-10-01T08:00Z", "--to", "2015-10-01T09:00Z"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("rrc00 has nothing of that time: its archive has 2016.12 to 2017.10", run.Err, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--collector rrc99", "no archive lists a collector rrc99; there are route-views.linx, route-views.sg, rrc00, rrc03")]
    [InlineData("--collector rrc00 --project routeviews", "none of these collectors is of the project that is asked for")]
    [InlineData("--offline", "is not in the cache")]
    public void What_cannot_be_had_is_told_in_a_line(string options, string said)
    {
        using var server = new Nginx(SampleFolder);
        var run = Cli.Run(["fetch", .. _day, .. At(server, options.Split(' '))]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(said, run.ErrLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_all_collectors_the_few_with_most_different_full_peers_are_chosen_by_the_first_part_of_a_dump()
    {
        using var server = new Nginx(SampleFolder);
        string[] period = ["--from", "2017-10-01T00:00Z", "--to", "2017-10-01T00:10Z"];
        string[] ask = ["fetch", .. period, "--kind", "updates", .. At(server, "--collectors", "2")];
        var run = Cli.Run(ask);
        string[] told = [.. run.ErrLines.Where(line => line.Contains("it all IPv4 routes", StringComparison.Ordinal))];
        string[] chosen = [.. told.Select(line => line.Split(' ')[1][..^1])];
        Assert.Equal(2, chosen.Length);
        var folders = Lines(run).Select(line => new Uri(line[0]).AbsolutePath.Split('/')[1]);
        Assert.Equal(chosen.Order(StringComparer.Ordinal), folders.Distinct());
        // What was found of the four collectors' dumps is kept.
        int asked = server.Requests.Count;
        Assert.Equal(4, server.Requests.Count(path => path.Contains("view.2017", StringComparison.Ordinal)
            || path.Contains("rib.2017", StringComparison.Ordinal)));
        Assert.Equal(run.Out.Replace("fetched", "cached", StringComparison.Ordinal), Cli.Run([.. ask, "--offline"]).Out);
        Assert.Equal(asked, server.Requests.Count);
    }

    [Fact]
    public void Registries_are_those_of_the_periods_end()
    {
        using var folder = new TemporaryFolder();
        CopySample(folder, "rrc00", time => time.StartsWith("20171001.09", StringComparison.Ordinal) || time is "20171001.0800");
        byte[] Text(string text) => System.Text.Encoding.ASCII.GetBytes(text);
        byte[] Apnic(string day) => Text($"""
            2.3|apnic|{day}|2|19830101|{day}|+1000
            apnic|KP|asn|131279|1|20091221|allocated|A91F0C7E
            apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated|A91F0C7E

            """);
        foreach (string day in (string[])["20160101", "20170930", "20171001", "20171002"])
            folder.Write($"stats/apnic/{day[..4]}/delegated-apnic-extended-{day}.gz", Isthmus.Tests.Sources.Packed.Gzip(Apnic(day)));
        folder.Write("stats/ripencc/2017/delegated-ripencc-extended-20171001.bz2", Isthmus.Tests.Sources.Packed.Bzip2(Text("""
            2|ripencc|1506808799|1|19830705|20170930|+0200
            ripencc|RU|asn|20485|1|20020314|allocated|x

            """)));
        folder.Write("stats/arin/archive/2017/delegated-arin-extended-20170601", Text("2.3|arin|1496300400|1|19700101|20170601|-0400\narin|US|asn|1|1|20010920|assigned|x\n"));
        folder.Write("stats/lacnic/delegated-lacnic-extended-20160101", Text("2.3|lacnic|20160101|0|x|20160101|-0300\n"));
        using var server = new Nginx(folder.Root);
        string[] ask =
        [
            "report", "KP", "--from", "2017-10-01T09:00Z", "--to", "2017-10-01T10:00Z", .. At(server, "--collector", "rrc00"), "--format", "json",
            "--dated-registry", "--registry-archive", $"{server.Address}stats/",
        ];
        var run = Cli.Run(ask);
        string[] sources = [.. run.Json().GetProperty("registry").EnumerateArray().Select(source => source.GetString()!)];
        string dated = string.Join('\n', sources.Where(source => source.Contains("delegated-", StringComparison.Ordinal)));
        Assert.Contains("delegated-apnic-extended-20171001.gz", dated, StringComparison.Ordinal);
        Assert.Contains("delegated-ripencc-extended-20171001.bz2", dated, StringComparison.Ordinal);
        Assert.Contains("delegated-arin-extended-20170601", dated, StringComparison.Ordinal);
        Assert.DoesNotContain("20171002", dated, StringComparison.Ordinal);
        Assert.Contains("stats/lacnic/ lists no edition of the 200 days before 2017-10-01", run.Err, StringComparison.Ordinal);
        Assert.Contains("stats/afrinic/: the server answers 404", run.Err, StringComparison.Ordinal);
        string report = _folder.Place("kp.json");
        File.WriteAllText(report, run.Out);
        Assert.Contains($"would open {server.Address}stats/", Cli.Run("verify", report, folder.Place("rrc00")).Err, StringComparison.Ordinal);
        var offline = Cli.Run([.. ask, "--offline"]);
        Assert.Equal(Content(run), Content(offline));
    }

    [Fact]
    public void A_report_on_the_archives_is_verified_from_them_where_the_user_trusts_it()
    {
        using var server = new Nginx(SampleFolder);
        string report = _folder.Place("kp.json");
        Cli.Run(["report", "KP", "--from", "2017-10-01T09:00Z", "--to", "2017-10-01T09:30Z", .. At(server, "--collector", "rrc00"),
            "--format", "json", "--out", report]);
        var refused = Cli.Run("verify", report);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"the report's command would open {server.Address}", refused.Err, StringComparison.Ordinal);
        Assert.StartsWith("EQUAL", Cli.Run("verify", report, "--trust-arguments").Out, StringComparison.Ordinal);
        Assert.StartsWith("EQUAL", Cli.Run("verify", report, Path.Combine(SampleFolder, "rrc00")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cache_is_kept_within_its_size_and_loses_nothing_that_the_run_uses()
    {
        using var server = new Nginx(SampleFolder);
        string[] ask = ["fetch", .. At(server, "--collector", "rrc00", "--cache-size", "1KB")];
        var first = Cli.Run([.. ask, "--from", "2017-10-01T01:00Z", "--to", "2017-10-01T01:30Z"]);
        Assert.All(Lines(first), line => Assert.True(File.Exists(line[4])));
        var second = Cli.Run([.. ask, "--from", "2017-10-01T09:00Z", "--to", "2017-10-01T09:30Z"]);
        Assert.All(Lines(second), line => Assert.True(File.Exists(line[4])));
        Assert.All(Lines(first), line => Assert.False(File.Exists(line[4])));
    }

    private static void CopySample(TemporaryFolder to, string collector, Func<string, bool> isWanted)
    {
        foreach (string file in Directory.GetFiles(Path.Combine(SampleFolder, collector), "*.gz", SearchOption.AllDirectories))
        {
            string name = Path.GetFileName(file), time = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..^3];
            if (isWanted(time)) to.Write(Path.GetRelativePath(SampleFolder, file), File.ReadAllBytes(file));
        }
    }

    public void Dispose() => _folder.Dispose();
}
