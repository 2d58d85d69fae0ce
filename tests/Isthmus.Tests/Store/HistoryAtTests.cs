using System.Text.Json;

using Isthmus.Tests.Support;

namespace Isthmus.Tests.Store;

/// <summary>The history of a subject at a time, and how much of the asked period data cover (the sample: docs/cli.md).</summary>
public sealed class HistoryAtTests
{
    private const string Sample = "samples/kp-2017-10";

    [Fact]
    public void The_shares_at_a_time_are_those_of_a_report_that_ends_then()
    {
        // Dyn's timeline has the Russian upstream from 09:07:51 to 10:14:45, and again from 12:21:55.
        using var history = Json("history", "KP", Sample, "--at", "2017-10-01T09:30", "--format", "json");
        using var report = Json("report", "KP", Sample, "--to", "2017-10-01T09:30:00.000001Z", "--format", "json");
        var at = history.RootElement.GetProperty("at");
        Assert.True(at.GetProperty("known").GetBoolean());
        var upstreams = at.GetProperty("families")[0].GetProperty("upstreams").EnumerateArray().ToArray();
        Assert.Equal([20485L, 4837L], upstreams.Select(one => one.GetProperty("asn").GetInt64()));
        Assert.Equal(
            report.RootElement.GetProperty("upstreams").EnumerateArray()
                .Select(one => Math.Round(one.GetProperty("shares").GetProperty("peerAs").GetDouble(), 4)),
            upstreams.Select(one => Math.Round(one.GetProperty("share").GetDouble(), 4)));
        Assert.Equal("2017-10-01T09:07:51Z", upstreams[0].GetProperty("firstSeen").GetString());
        using var later = Json("history", "KP", Sample, "--at", "2017-10-01T11:00", "--format", "json");
        Assert.DoesNotContain(later.RootElement.GetProperty("at").GetProperty("families")[0].GetProperty("upstreams").EnumerateArray(),
            one => one.GetProperty("asn").GetInt64() == 20485);
    }

    [Theory]
    [InlineData("AS20485", "2017-10-01", "2017-10-01", "yes")]
    [InlineData("AS22351", "2017-10-01", "2017-10-01", "no")]
    [InlineData("AS22351", "2017-01-01", "2017-12-31", "unknown")]
    public void Whether_somebody_was_an_upstream_is_answered_with_what_is_covered(string upstream, string from, string to, string answer)
    {
        using var history = Json("history", "KP", Sample, "--upstream", upstream, "--from", from, "--to", to, "--format", "json");
        Assert.Equal(answer, history.RootElement.GetProperty("answer").GetString());
        var covered = history.RootElement.GetProperty("covered");
        Assert.Equal(answer == "unknown", covered.GetProperty("gaps").GetArrayLength() > 0);
        Assert.Equal(4, covered.GetProperty("collectors").GetArrayLength());
        if (answer != "unknown") return;
        // Two days of the year, less seconds at the end, are in the sample.
        Assert.InRange(covered.GetProperty("part").GetDouble(), 1.4 / 365, 1.6 / 365);
        string[] gaps = [.. covered.GetProperty("gaps").EnumerateArray().Select(gap => gap.GetProperty("from").GetString()!)];
        Assert.Equal("2017-01-01T00:00:00Z", gaps[0]);
    }

    [Fact]
    public void A_time_that_no_data_reach_is_told_as_not_known()
    {
        using var history = Json("history", "KP", Sample, "--at", "2017-12-01", "--format", "json");
        Assert.False(history.RootElement.GetProperty("at").GetProperty("known").GetBoolean());
        var text = Cli.Run("history", "KP", Sample, "--at", "2017-12-01");
        Assert.Contains("Nothing is known of that time", text.Out);
        var wrong = Cli.Run("history", "KP", Sample, "--at", "2017-12-01", "--to", "2017-11-01");
        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Out));
    }

    [Fact]
    public void A_page_has_the_whole_period_with_what_is_not_covered_as_gaps_and_no_line_there()
    {
        using var folder = new TemporaryFolder();
        string page = folder.Place("kp.html");
        Cli.Run("history", "KP", Sample, "--from", "2016-01-01", "--to", "2018-12-31", "--html", page);
        string html = File.ReadAllText(page);
        Assert.InRange(html.Length, 1, 2_000_000);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", html, StringComparison.Ordinal);
        // Of three years a day and a half is there: a gap before it and one behind it, in the wide picture and in the narrow one.
        Assert.Equal(4, html.Split("class=\"gap\"").Length - 1);
        Assert.Contains(">2017<", html.Replace("Jan 2017", "2017", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (string table in new[] { "history-table", "upstreams-table", "changes-table" })
            Assert.Contains($"<table id=\"{table}\"", html, StringComparison.Ordinal);
        Assert.Contains("2017-10-01 09:07:51", html, StringComparison.Ordinal);
    }

    private static JsonDocument Json(params string[] line) => JsonDocument.Parse(Cli.Run(line).Out);
}
