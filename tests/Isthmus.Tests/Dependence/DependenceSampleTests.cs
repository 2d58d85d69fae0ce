using System.Text.Json;

using Isthmus.Tests.Support;

namespace Isthmus.Tests.Dependence;

/// <summary>North Korea's dependence on two countries in the re-enactment, by the truth that was played.</summary>
public sealed class DependenceSampleTests
{
    private static readonly string _sample = Path.Combine(RealData.Repository, "samples", "kp-2017-10");

    // Of the four prefixes those that go by AS20485 at peers that take the new link, by Dyn's timeline; all others go by AS4837.
    [Theory]
    [InlineData("2017-10-01T09:00:00Z", 0)]
    [InlineData("2017-10-01T09:30:00Z", 3)]
    [InlineData("2017-10-01T13:00:00Z", 3)]
    [InlineData("2017-10-02T10:00:00Z", 1)]
    public void China_and_Russia_carry_what_the_truth_says(string at, int prefixes)
    {
        using var truth = JsonDocument.Parse(File.ReadAllText(Path.Combine(_sample, "truth.json")));
        bool[] takers = [.. truth.RootElement.GetProperty("peers").EnumerateArray()
            .Where(peer => peer.GetProperty("fullFeed").GetBoolean() && peer.GetProperty("holdsSubject").GetBoolean())
            .GroupBy(peer => peer.GetProperty("asn").GetInt32()).Select(peerAs => peerAs.First().GetProperty("takesNewLink").GetBoolean())];
        double russia = prefixes / 4.0 * takers.Count(takes => takes) / takers.Length;

        var run = Cli.Run("depend", "KP", _sample, "--at", at, "--together", "CN,RU", "--format", "json");
        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Out);
        var root = json.RootElement;
        Assert.Equal(("KP", at, "addresses", takers.Length, 1024), (Text(root, "subject"), Text(root, "at"), Text(root, "weight"),
            root.GetProperty("voters").GetInt32(), root.GetProperty("addresses").GetInt32()));
        var last = root.GetProperty("countries").EnumerateArray().ToDictionary(row => Text(row, "country"), row => row.GetProperty("lastForeignHop").GetDouble());
        Assert.Equal(1 - russia, last["CN"], 6);
        Assert.Equal(russia, last.GetValueOrDefault("RU"), 6);
        Assert.Equal(1, last.Values.Sum(), 6);
        var pair = Assert.Single(root.GetProperty("combinations").EnumerateArray());
        Assert.Equal((1.0, 0.0, 1.0, 0.0), (pair.GetProperty("either").GetDouble(), pair.GetProperty("neither").GetDouble(),
            pair.GetProperty("eitherOnWay").GetDouble(), pair.GetProperty("neitherOnWay").GetDouble()));
        // What no peer takes by the new link nobody reaches but by China.
        var china = root.GetProperty("countries").EnumerateArray().First(row => Text(row, "country") == "CN");
        Assert.Equal(1 - prefixes / 4.0, china.GetProperty("unavoidable").GetDouble(), 6);
        Assert.Equal(1 - russia, root.GetProperty("gateways").EnumerateArray()
            .First(row => row.GetProperty("foreignUpstream").GetInt32() == 4837).GetProperty("share").GetDouble(), 6);
        Assert.Equal(1 - russia, root.GetProperty("networks").EnumerateArray()
            .First(row => row.GetProperty("asn").GetInt32() == 4837).GetProperty("directShare").GetDouble(), 6);
    }

    [Fact]
    public void While_all_routes_are_down_there_is_a_sentence_and_no_zero()
    {
        // All four prefixes are withdrawn by 11:14:20, and none is back before 11:18:20.
        var run = Cli.Run("depend", "KP", _sample, "--at", "2017-10-01T11:15");
        Assert.StartsWith("*** No answer: the 32 full-feed peer ASes outside North Korea hold no IPv4 route of it",
            run.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("%", run.Out);
        using var json = JsonDocument.Parse(Cli.Run("depend", "KP", _sample, "--at", "2017-10-01T11:15", "--format", "json").Out);
        Assert.Equal("no-routes", Text(json.RootElement, "state"));
        Assert.Empty(json.RootElement.GetProperty("countries").EnumerateArray());
    }

    [Fact]
    public void A_store_gives_what_its_files_give()
    {
        using var folder = new TemporaryFolder();
        string store = folder.Place("kp.duckdb");
        Assert.Equal(0, Cli.Run("ingest", _sample, "--store", store, "--select", "KP").ExitCode);
        string[] asked = ["--at", "2017-10-01T13:00", "--format", "json"];
        using var files = JsonDocument.Parse(Cli.Run(["depend", "KP", _sample, .. asked]).Out);
        using var stored = JsonDocument.Parse(Cli.Run(["depend", "KP", "--store", store, .. asked]).Out);
        foreach (string key in new[] { "networks", "countries", "global", "combinations", "gateways", "voters" })
            Assert.Equal(files.RootElement.GetProperty(key).GetRawText(), stored.RootElement.GetProperty(key).GetRawText());
        var all = Cli.Run(["depend", "all", "--store", store, .. asked]);
        Assert.Equal(2, all.ExitCode);
        Assert.Contains("the store keeps the routes of KP alone", all.Err);
    }

    [Fact]
    public void A_series_has_a_row_for_each_time_and_an_hour_without_routes_is_not_known()
    {
        using var json = JsonDocument.Parse(Cli.Run("depend", "KP", _sample, "--from", "2017-10-01T09:15", "--to", "2017-10-01T13:15", "--bin", "2h",
            "--format", "json").Out);
        Assert.Equal([("2017-10-01T09:15:00Z", "answered"), ("2017-10-01T11:15:00Z", "no-routes")],
            json.RootElement.GetProperty("series").EnumerateArray().Select(row => (Text(row, "at"), Text(row, "state"))));
    }

    [Fact]
    public void Exposure_says_what_it_does_not_mean_in_every_form()
    {
        const string Caveat = "A country here is where a network is registered, not where a cable lies or packets pass.";
        string text = Cli.Run("exposure", "KP", _sample, "--at", "2017-10-01T13:00").Out;
        Assert.Contains(Caveat, text.ReplaceLineEndings(" "));
        using var json = JsonDocument.Parse(Cli.Run("exposure", "KP", _sample, "--at", "2017-10-01T13:00", "--format", "json").Out);
        Assert.Equal(Caveat, Text(json.RootElement, "caveat"));
        var russia = json.RootElement.GetProperty("countries").EnumerateArray().First();
        Assert.Equal(("RU", 20485), (Text(russia, "country"), russia.GetProperty("networks")[0].GetInt32()));
        Assert.All(json.RootElement.GetProperty("global").EnumerateArray(),
            row => Assert.Contains(row.GetProperty("asn").GetUInt32(), Isthmus.Dependence.GlobalBackbones.All.Select(asn => asn.Number)));
        Assert.Contains(Caveat, Cli.Run("depend", "KP", _sample, "--at", "2017-10-01T13:00").Out.ReplaceLineEndings(" "));
    }

    private static string Text(JsonElement row, string key) => row.GetProperty(key).GetString()!;
}
