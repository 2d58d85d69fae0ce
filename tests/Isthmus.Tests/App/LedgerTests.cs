using System.Text.Json;

using Isthmus.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.App;

/// <summary>The ledger says what is wrong with a file, where, and what was done about it.</summary>
public sealed class LedgerTests
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51Z");
    private static readonly MrtSession _peer = new("192.0.2.2", 3333);
    private static readonly PathAttributes _route = PathAttributes.Route("3333 4837 131279", "192.0.2.1");

    [Fact]
    public void As_text_and_as_JSON_it_has_every_fault_with_its_place_and_treatment()
    {
        using var folder = new TemporaryFolder();
        string sound = folder.Write("a/updates.20171001.0900.mrt", Sound().ToArray());
        folder.Write("a/updates.20171001.0905.mrt", Damaged());
        var text = Cli.Run("read", folder.Place("a"), "--ledger");
        Assert.Equal(3, text.ExitCode);
        Golden.Check("ledger.txt", text.Out);
        var json = Cli.Run("read", folder.Place("a"), "--ledger", "json");
        Assert.Equal(3, json.ExitCode);
        Golden.Check("ledger.json", json.Out);
        Assert.Equal(json.Err, text.Err);
        Assert.Equal(json.Json().GetProperty("total").GetProperty("faults").GetInt32(), json.ErrLines.Length);
        Assert.Equal(0, Cli.Run("read", sound, "--ledger", "json").ExitCode);
    }

    [Fact]
    public void Beside_the_events_it_goes_to_a_file()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("updates.mrt", Damaged()), ledger = folder.Place("ledger.json");
        var run = Cli.Run("read", file, "--ledger", "json", "--ledger-out", ledger);
        Assert.Equal(3, run.ExitCode);
        Assert.Equal(Cli.Run("read", file).Out, run.Out);
        Assert.Equal(Cli.Run("read", file, "--ledger", "json").Out, File.ReadAllText(ledger));
        string count = Cli.Run("read", file, "--count", "--ledger-out", folder.Place("ledger.txt")).Out;
        Assert.Equal(run.Out.Count(character => character is '\n'), int.Parse(count));
        Assert.Equal(Cli.Run("read", file, "--ledger").Out, File.ReadAllText(folder.Place("ledger.txt")));
    }

    [Fact]
    public void A_torn_write_is_told_with_the_exact_bytes_that_were_lost()
    {
        byte[] one = Sound().ToArray();
        using var folder = new TemporaryFolder();
        string file = folder.Write("torn.mrt", [.. one, .. one[..10], .. Enumerable.Repeat((byte)0xEE, 14), .. one, .. one, .. one]);
        var entry = Assert.Single(Entries(Cli.Run("read", file, "--ledger", "json")));
        Assert.Equal(("torn", 2, one.Length, "resynchronise"), (Text(entry, "kind"), Number(entry, "record"), Number(entry, "offset"),
            Text(entry, "treatment")));
        Assert.Equal((one.Length, one.Length + 24), (Number(entry.GetProperty("lost"), "from"), Number(entry.GetProperty("lost"), "to")));
        Assert.Equal(24, Number(entry, "bytesSkipped"));
    }

    [Theory]
    [InlineData("damaged/truncated.mrt", 2, "bad-length 138 4/16 skip-entry", "cut-off 204 187/179 stop 204-383")]
    [InlineData("damaged/short.mrt", 0, "cut-off 0 171/170 stop 0-170")]
    [InlineData("damaged/corrupt-nlri.mrt", 1, "unsaid-path-ids 110 none")]
    [InlineData("damaged/ris.rrc24.updates.20200809.0420.cut.gz", 8_247,
        "cut-off 1123821 130/108 stop 1123821-1123929", "compression 1123929 stop @139264")]
    [InlineData("damaged/routeviews2.rib.20140523.0600.first-1MB.bz2", 9_073,
        "cut-off 15273283 1997/1267 stop 15273283-15274550", "compression 15274550 stop @1042696")]
    [InlineData("damaged/ris.rrc15.updates.20100227.1600.gz", 6_615)]
    public void Real_damaged_files_have_these_faults(string name, long records, params string[] faults)
    {
        var run = Cli.Run("read", RealData.Path(name), "--ledger", "json");
        Assert.Equal(faults.Length > 0 ? 3 : 0, run.ExitCode);
        Assert.Equal(records, run.Json().GetProperty("total").GetProperty("records").GetInt64());
        Assert.Equal(faults, Entries(run).Select(Summary));
    }

    [Theory]
    [InlineData("x --ledger xml", "--ledger: 'xml' is not known; there are text, json")]
    [InlineData("x --ledger text --count", "--ledger and --count are both asked for in place of the events")]
    public void Wrong_usage_is_told(string line, string message)
    {
        var run = Cli.Run(["read", .. line.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, Assert.Single(run.ErrLines), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_can_be_read_the_ledger_says_why()
    {
        using var folder = new TemporaryFolder();
        byte[] stored = Sources.Packed.Gzip(Sound().ToArray());
        string file = folder.Write("updates.mrt.gz", stored[..15]);
        folder.Write("README", "no archive"u8.ToArray());
        var json = Cli.Run("read", folder.Root, "--ledger", "json");
        Assert.Equal(1, json.ExitCode);
        Assert.Empty(json.Json().GetProperty("files").EnumerateArray());
        string unread = Assert.Single(json.Json().GetProperty("unread").EnumerateArray()).GetString()!;
        Assert.Contains("cut off inside a gzip member", unread, StringComparison.Ordinal);
        Assert.Single(json.Json().GetProperty("passedOver").EnumerateArray());
        var text = Cli.Run("read", file, "--ledger");
        Assert.Equal(1, text.ExitCode);
        Assert.Contains($"not read: {unread.Split(' ')[0]}", text.Out.Replace(folder.Root + "/", ""), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_decoded_is_told_by_read_and_in_a_reports_coverage()
    {
        using var folder = new TemporaryFolder();
        // MP_REACH_NLRI of AFI 1, SAFI 128 (RFC 4364), which holds routes of a VPN.
        var vpn = new PathAttributes().Origin().AsPath("3333").Raw(
            0x80, 14, [0, 1, 128, 12, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1, 0, 96, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
        string file = folder.Write("updates.mrt", Sound().Update(_time, _peer, vpn)
            .Message(_time, _peer, Keepalive).Message(_time, _peer, Keepalive).ToArray());
        var read = Cli.Run("read", file, "--count");
        Assert.Equal((0, "1"), (read.ExitCode, read.Out.Trim()));
        Assert.Contains("not decoded: 2 of BGP4MP MESSAGE_AS4, KEEPALIVE; 1 of BGP4MP MESSAGE_AS4, UPDATE of AFI 1, SAFI 128 (VPN)",
            read.Err, StringComparison.Ordinal);
        var coverage = Cli.Run("report", "AS131279", file, "--format", "json").Json().GetProperty("coverage");
        Assert.Equal(["16/4/4///2", "16/4/2/1/128/1"], coverage.GetProperty("notDecoded").EnumerateArray().Select(one => string.Join('/',
            new[] { "type", "subtype", "message", "afi", "safi", "count" }.Select(key => one.GetProperty(key).ToString()))));
        string report = string.Join(' ', Cli.Run("report", "AS131279", file).Out.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("which are not decoded or count for nothing here: 1 of AFI 1, SAFI 128 (VPN).", report, StringComparison.Ordinal);
    }

    private static byte[] Keepalive => [.. Enumerable.Repeat((byte)0xff, 16), 0, 19, 4];

    [Fact]
    public void Several_views_in_one_dump_are_told_and_each_can_be_chosen()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<MrtPeer> peers = [new("192.0.2.2", 3333)];
        string file = folder.Write("dump.mrt", new MrtWriter()
            .PeerIndexTable(_time, "192.0.2.254", "", peers).Rib(_time, Prefix.Parse("10.0.0.0/8"), [new(0, _route, _time)])
            .PeerIndexTable(_time, "192.0.2.254", "vrf-a", peers)
            .Rib(_time, Prefix.Parse("11.0.0.0/8"), [new(0, _route, _time)]).Rib(_time, Prefix.Parse("12.0.0.0/8"), [new(0, _route, _time)])
            .Update(_time, _peer, withdraw: ["10.0.0.0/8"]).ToArray());
        var all = Cli.Run("read", file, "--count");
        Assert.Equal("4", all.Out.Trim());
        Assert.Contains("holds the tables of 2 views: \"\", \"vrf-a\"", all.Err, StringComparison.Ordinal);
        Assert.Equal("2", Cli.Run("read", file, "--count", "--where", "view vrf-a").Out.Trim());
        Assert.Equal("2", Cli.Run("read", file, "--count", "--where", "view vrf-* and prefix within 8.0.0.0/5").Out.Trim());
        Assert.Equal("1", Cli.Run("read", file, "--count", "--where", "view \"\" and path ~ \"131279$\"").Out.Trim());
        Assert.Equal("2", Cli.Run("read", file, "--count", "--where", "not view vrf-a").Out.Trim());
        // A report reads them as one table: it cannot know what each says alone, and says so.
        var report = Cli.Run("report", "AS131279", file, "--format", "json");
        Assert.Equal(3, report.ExitCode);
        Assert.False(report.Json().GetProperty("coverage").GetProperty("complete").GetBoolean());
        Assert.Contains("1 file holds the tables of several views, read as one", Cli.Run("report", "AS131279", file).Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        var views = Assert.Single(report.Json().GetProperty("coverage").GetProperty("views").EnumerateArray());
        Assert.Equal(["", "vrf-a"], views.GetProperty("views").EnumerateArray().Select(view => view.GetString()));
    }

    [Theory]
    // Seconds from the start, one record each; how many faults of time there are.
    [InlineData("0 10 20 30", 0)]
    [InlineData("0 10 -1506848000 20 30", 1)]
    [InlineData("2788118000 0 10 20", 1)]
    [InlineData("0 10 2788118000", 1)]
    // The clock goes back by five minutes, twice, and by ten seconds, which several threads of a collector make.
    [InlineData("0 400 100 500 200 300", 1)]
    [InlineData("0 400 390 500", 0)]
    public void Times_that_cannot_be_are_told_by_read_and_in_a_report(string seconds, int faults)
    {
        using var folder = new TemporaryFolder();
        var made = new MrtWriter();
        foreach (string at in seconds.Split(' '))
            made.Update(_time + TimeSpan.FromSeconds(long.Parse(at)), _peer, _route, announce: ["175.45.178.0/24"]);
        string file = folder.Write("made.mrt", made.ToArray());
        folder.Write("two/one.mrt", made.ToArray());
        folder.Write("two/other.mrt", made.ToArray());
        var read = Cli.Run("read", file, "--ledger", "json");
        Assert.Equal(faults, Entries(read).Count(entry => Text(entry, "kind") == "stray-time"));
        Assert.Equal(faults == 0 ? 0 : 3, read.ExitCode);
        var both = Cli.Run("read", folder.Place("two"), "--ledger-out", folder.Place("two.json"), "--ledger", "json");
        Assert.Equal(faults == 0 ? 0 : 3, both.ExitCode);
        var report = Cli.Run("report", "AS131279", file, "--format", "json");
        Assert.Equal(faults, report.Json().GetProperty("coverage").GetProperty("faults").GetInt32());
    }

    private static MrtWriter Sound() => new MrtWriter().Update(_time, _peer, _route, announce: ["175.45.178.0/24"]);

    /// <summary>A file with one fault of many kinds, a torn write and a cut.</summary>
    private static byte[] Damaged()
    {
        var file = Sound()
            .Message(_time, _peer, MessageWriter.RawUpdate([], PathAttributes.Route("3333 4837", "192.0.2.1")
                .Raw(0x40, 6, 1, 2).ToArray(), [24, 175, 45, 178]))
            .Message(_time, _peer, MessageWriter.RawUpdate([], new PathAttributes().Origin().AsPath("3333 4837")
                .Raw(0x40, 3, 192, 0, 2).ToArray(), [24, 175, 45, 178]))
            .Message(_time, _peer, MessageWriter.RawUpdate([], PathAttributes.Route("3333", "192.0.2.1").Raw(0x40, 8, 1, 2, 3, 4)
                .ToArray(), [24, 175, 45, 178]))
            .Message(_time, _peer, MessageWriter.RawUpdate([], new PathAttributes().Origin().ToArray(), [24, 175, 45, 178]))
            .Message(_time, _peer, MessageWriter.RawUpdate([], _route.ToArray(), [24, 175, 45, 178, 77, 1, 2]))
            .Record(_time, 16, 4, [0, 0, 13])
            .Raw([1, 2, 3, 4, 5, 6, 7])
            .Update(_time, _peer, _route, announce: ["175.45.178.0/24"])
            .Update(_time, _peer, withdraw: ["175.45.178.0/24"])
            .Update(_time, _peer, _route, announce: ["175.45.178.0/24"]);
        return [.. file.ToArray(), .. Sound().ToArray()[..40]];
    }

    private static IEnumerable<JsonElement> Entries(CliRun run) =>
        run.Json().GetProperty("files").EnumerateArray().SelectMany(file => file.GetProperty("entries").EnumerateArray());

    private static string Summary(JsonElement entry)
    {
        string text = $"{Text(entry, "kind")} {Number(entry, "offset")} ";
        if (entry.GetProperty("needed").ValueKind is JsonValueKind.Number) text += $"{Number(entry, "needed")}/{Number(entry, "there")} ";
        text += Text(entry, "treatment");
        var lost = entry.GetProperty("lost");
        if (lost.ValueKind is JsonValueKind.Object) text += $" {Number(lost, "from")}-{Number(lost, "to")}";
        return entry.GetProperty("storedOffset").ValueKind is JsonValueKind.Number ? $"{text} @{Number(entry, "storedOffset")}" : text;
    }

    private static string? Text(JsonElement entry, string key) => entry.GetProperty(key).GetString();

    private static long Number(JsonElement entry, string key) => entry.GetProperty(key).GetInt64();
}
