using Isthmus.Filters;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>The filter of commands that keep a table: whole vantage points, or none.</summary>
public sealed class VantageFilterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _archive;
    private readonly string[] _report;

    /// <summary>Twenty minutes of two collectors, around the appearance of the second link.</summary>
    public VantageFilterTests()
    {
        foreach (string collector in new[] { "rrc00", "rrc03" })
            foreach (string name in (string[])["bview.20171001.0000.gz", .. Enumerable.Range(0, 4).Select(i => $"updates.20171001.{900 + 5 * i:0000}.gz")])
                _folder.Write($"archive/{collector}/{name}", File.ReadAllBytes(
                    Path.Combine(RealData.Repository, "samples/kp-2017-10", collector, "2017.10", name)));
        _archive = _folder.Place("archive");
        _report = ["report", "AS131279", _archive, "--format", "json"];
    }

    [Fact]
    public void A_collector_that_is_chosen_gives_what_its_files_alone_give()
    {
        var chosen = Cli.Run([.. _report, "--where", "collector rrc00"]);
        var alone = Cli.Run("report", "AS131279", $"{_archive}/rrc00", "--format", "json");
        Assert.Equal(alone.ExitCode, chosen.ExitCode);
        foreach (string key in new[] { "upstreams", "prefixes", "series" })
            Assert.Equal(alone.Json().GetProperty(key).GetRawText(), chosen.Json().GetProperty(key).GetRawText());
        var coverage = chosen.Json().GetProperty("coverage");
        Assert.Equal("collector rrc00", coverage.GetProperty("where").GetString());
        Assert.Equal(["rrc00"], coverage.GetProperty("collectors").EnumerateArray().Select(name => name.GetString()!));
    }

    [Fact]
    public void A_peer_that_is_left_out_counts_nowhere_and_the_rest_as_before()
    {
        int Peers(params string[] more) => Cli.Run([.. _report, .. more]).Json().GetProperty("coverage").GetProperty("peerAses").GetInt32();
        int all = Peers(), without = Peers("--where", "not peer-as 3333"), only = Peers("--where", "peer-as 3333");
        Assert.Equal((all - 1, 1), (without, only));
    }

    [Fact]
    public void The_answer_says_so_and_verify_makes_it_again()
    {
        string json = _folder.Place("chosen.json");
        const string Where = "collector rrc* and peer-as (3333, 1103, 3257)";
        // The updates begin hours after the dump.
        Assert.Equal(3, Cli.Run("report", "KP", _archive, "--where", Where, "--format", "json", "--out", json).ExitCode);
        Assert.Equal(0, Cli.Run("verify", json, "--trust-arguments").ExitCode);
        File.WriteAllText(json, File.ReadAllText(json).Replace("1103, 3257)", "1103)", StringComparison.Ordinal));
        Assert.Equal(1, Cli.Run("verify", json, "--trust-arguments").ExitCode);
        Assert.Contains($"Only vantage points that fit were asked: {Where}.", OneLine(
            Cli.Run("history", "AS131279", _archive, "--where", Where)), StringComparison.Ordinal);
        Assert.Contains("Only vantage points that fit were asked: project ris.", OneLine(
            Cli.Run("check", "AS20485 began to carry AS131279 at 09:07:51 UTC on 1 October 2017.", _archive, "--where", "project ris")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("collector rrc00 and origin 131279", "column 21: 'origin' chooses routes")]
    [InlineData("kind announcement", "column 1: 'kind' chooses routes")]
    [InlineData("fault", "column 1: 'fault' chooses routes")]
    [InlineData("peer-sa 3333", "column 1: 'peer-sa' is no field; did you mean 'peer-as'?")]
    public void What_chooses_routes_is_refused_with_the_column(string where, string said) =>
        Assert.Contains(said, Assert.Throws<FilterException>(() => Filter.ParseVantagePoints(where)).Message, StringComparison.Ordinal);

    [Fact]
    public void All_three_commands_refuse_alike_and_a_collector_that_is_not_there_is_said()
    {
        foreach (string[] command in (string[][])[["report", "KP"], ["history", "KP"], ["check", "It is up.", "--subject", "KP"]])
        {
            var refused = Cli.Run([.. command, _archive, "--where", "origin 131279"]);
            Assert.Equal(2, refused.ExitCode);
            Assert.StartsWith("isthmus: --where: column 1: 'origin' chooses routes", refused.Err, StringComparison.Ordinal);
        }
        var none = Cli.Run("report", "KP", _archive, "--where", "collector rrc99");
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("no input is of a collector that fits: collector rrc99", none.Err, StringComparison.Ordinal);
    }

    private static string OneLine(CliRun run) =>
        string.Join(' ', run.Out.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    public void Dispose() => _folder.Dispose();
}
