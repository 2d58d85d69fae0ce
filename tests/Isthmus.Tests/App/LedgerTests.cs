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
    [InlineData("damaged/truncated.mrt", 2, "bad-length 138 4/16 treat-as-withdraw", "cut-off 204 187/179 stop 204-383")]
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
