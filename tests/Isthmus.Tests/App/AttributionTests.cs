using System.Text.Json;

using Isthmus.Tests.Attribution;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>Whose word a country rests on, as a user asks for it.</summary>
public sealed class AttributionTests : IDisposable
{
    private readonly KpWitnesses _kp = new();

    public void Dispose() => _kp.Dispose();

    [Fact]
    public void A_report_has_the_ledger_the_effects_and_the_overrides_and_names_lines_that_were_not_used()
    {
        string mine = _kp.Write("mine.txt", "193.60.1.0/24 KP because I know\nAS7 GB because it is never seen\n");
        var run = Cli.Run("report", "KP", _kp.Archive, "--registry", _kp.DelegatedFile, "--registry", _kp.PlacesFile,
            "--override", mine, "--format", "json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["isthmus: mine.txt: line 2 was not used: nothing here is of AS7"], run.ErrLines);

        var json = run.Json();
        var attribution = json.GetProperty("attribution");
        Assert.Equal("origin", attribution.GetProperty("rule").GetString());
        Assert.Equal(5, json.GetProperty("size").GetProperty("prefixes").GetInt32());
        Assert.Equal(["origin 5 chosen", "delegation 5", "organisation", "geolocation 15", "origin 4"],
            attribution.GetProperty("effects").EnumerateArray().Select(effect => effect.GetProperty("rule").GetString()
                + (effect.TryGetProperty("size", out var size) ? $" {size.GetProperty("prefixes")}" : "")
                + (effect.GetProperty("chosen").GetBoolean() ? " chosen" : "")));
        Assert.Equal([true, false], attribution.GetProperty("overrides").EnumerateArray().Select(line => line.GetProperty("used").GetBoolean()));

        // A witness names its source by its place in the list of sources.
        var entry = attribution.GetProperty("entries").EnumerateArray().Single(
            entry => entry.TryGetProperty("prefix", out var prefix) && prefix.GetString() == "193.60.1.0/24");
        Assert.Equal(["override", "delegation", "delegation", "origin-registration", "geolocation", "geolocation"],
            entry.GetProperty("witnesses").EnumerateArray().Select(witness => witness.GetProperty("kind").GetString()));
        Assert.Equal(["Overrides of a user: mine.txt", "RIR delegated statistics of ripencc, 2017-10-01: delegated-ripencc-20171001"],
            entry.GetProperty("witnesses").EnumerateArray().Take(2).Select(
                witness => json.GetProperty("registry")[witness.GetProperty("source").GetInt32()].GetString()));
    }

    [Fact]
    public void The_text_of_a_report_says_what_the_choice_changes()
    {
        var run = Cli.Run("report", "KP", _kp.Archive, "--registry", _kp.DelegatedFile, "--registry", _kp.PlacesFile,
            "--country-by", "geolocation");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("15 prefixes, 3,840 IPv4 addresses", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"\n  by origin: 4 prefixes, 1,024 addresses, 0 /48s; upstreams by peer-AS share: CHINA UNICOM", run.Out);
        Assert.Matches(@"\n  by geolocation \(chosen\): 15 prefixes, 3,840 addresses", run.Out);
        Assert.Contains("Witnesses differ on 11 of", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"\n  193\.60\.1\.0/24 +KP by geolocation, against GB by delegation, origin-registration and\s+geolocation\n", run.Out);
    }

    [Fact]
    public void The_ledger_of_a_subject_needs_no_routes()
    {
        var run = Cli.Run("attribution", "KP", "--format", "json");
        Assert.Equal((0, ""), (run.ExitCode, run.Err));
        var attribution = run.Json().GetProperty("attribution");
        Assert.Equal(JsonValueKind.Null, attribution.GetProperty("claims")[0].GetProperty("ases").ValueKind);
        Assert.Equal(1024, attribution.GetProperty("claims")[0].GetProperty("ipv4Addresses").GetInt64());
        Assert.Contains(attribution.GetProperty("entries").EnumerateArray(), entry => entry.GetProperty("conflict").GetBoolean());

        var text = Cli.Run("attribution", "102.129.128.0/24");
        Assert.Matches(@"102\.129\.128\.0/24 +ZA by delegation, against KP by geolocation", text.Out);
        Assert.Contains("AS131279", Cli.Run("attribution", "131279").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_override_is_told_with_its_place_and_a_caret()
    {
        string mine = _kp.Write("mine.txt", "# mine\nAS134544 China because of it\n");
        var run = Cli.Run("report", "KP", _kp.Archive, "--override", mine);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Equal(
        [
            "isthmus: --override: mine.txt: line 2, column 10: 'China' is no country; write its two letters, as KP",
            "  AS134544 China because of it",
            "           ^",
        ], run.ErrLines);
    }

    [Theory]
    [InlineData("attribution", 2, "attribution needs a SUBJECT: a network as AS131279, a country as KP, or a prefix")]
    [InlineData("attribution KP --country-by hearsay", 2, "--country-by: 'hearsay' is not known; there are origin, delegation, organisation, geolocation")]
    [InlineData("attribution KP --override no-such-file", 1, "no such override file: no-such-file")]
    [InlineData("attribution KP --registry global.json", 1, "global.json holds no fact of a registry")]
    public void Wrong_usage_is_told_in_one_line(string line, int code, string message)
    {
        var run = Cli.Run(line.Split(' '));
        Assert.Equal((code, ""), (run.ExitCode, run.Out));
        Assert.Contains(message, Assert.Single(run.ErrLines), StringComparison.Ordinal);
    }
}
