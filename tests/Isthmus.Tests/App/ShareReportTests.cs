using System.Text.Json;

using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>Shares with error bars and the judgement of the vantage points, as the program prints them.</summary>
public sealed class ShareReportTests
{
    [Fact]
    public void The_last_prefix_of_the_second_link_has_an_interval_around_its_share()
    {
        var report = Sample.Of("KP").Json();
        var ttk = Upstream(report, 20485);
        var interval = ttk.GetProperty("intervals").GetProperty("peerAs");
        // 26 of 32 peer ASes use it for one of four prefixes: the binomial has 0.16 to 0.24.
        Assert.Equal(26 / 32.0 / 4, report.Share(20485, "peerAs"), 6);
        Assert.InRange(interval.GetProperty("low").GetDouble(), 0.15, 0.18);
        Assert.InRange(interval.GetProperty("high").GetDouble(), 0.22, 0.25);
        Assert.InRange(interval.GetProperty("leaveOneOutLow").GetDouble(), 0.15, 26 / 32.0 / 4);
        Assert.InRange(interval.GetProperty("leaveOneOutHigh").GetDouble(), 26 / 32.0 / 4, 0.25);
        Assert.Equal("peer-as", report.GetProperty("weighting").GetProperty("by").GetString());
        Assert.Equal(19, ttk.GetProperty("byCountry").GetProperty("countries").GetArrayLength());
    }

    [Fact]
    public void The_weights_of_all_vantage_points_are_the_votes()
    {
        var report = Sample.Of("KP").Json();
        var points = report.GetProperty("vantagePoints").EnumerateArray().ToArray();
        Assert.Equal(report.GetProperty("coverage").GetProperty("peers").GetInt32(), points.Length);
        Assert.Equal(report.GetProperty("weighting").GetProperty("peerAses").GetInt32(),
            points.Sum(point => point.GetProperty("weight").GetDouble()), 4);
        Assert.All(points, point => Assert.NotEmpty(point.GetProperty("why").GetString()!));
        // The one session that the sample resets.
        var reset = Assert.Single(points, point => point.GetProperty("resets").GetInt32() > 0);
        Assert.Equal(("rrc03", 1103), (reset.GetProperty("collector").GetString(), reset.GetProperty("asn").GetInt32()));
        Assert.InRange(reset.GetProperty("unknownSeconds").GetDouble(), 300, 600);
    }

    [Fact]
    public void Weighted_by_country_the_shares_are_those_that_were_balanced_before()
    {
        var plain = Sample.Of("KP").Json();
        var weighted = Cli.Run("report", "KP", Sample.Folder, "--weight", "country", "--format", "json").Json();
        Assert.Equal("country", weighted.GetProperty("weighting").GetProperty("by").GetString());
        var balanced = Upstream(plain, 20485).GetProperty("byCountry").GetProperty("balanced");
        Assert.Equal(balanced.GetProperty("peerAs").GetDouble(), weighted.Share(20485, "peerAs"), 6);
        Assert.NotEqual(plain.Share(20485, "peerAs"), weighted.Share(20485, "peerAs"));
        Assert.Equal(19, weighted.GetProperty("vantagePoints").EnumerateArray().Sum(point => point.GetProperty("weight").GetDouble()), 4);
    }

    [Fact]
    public void A_weighting_that_is_not_known_is_told_with_those_that_are()
    {
        var run = Cli.Run("report", "KP", "--weight", "continent");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--weight: 'continent' is not known; there are peer-as, country", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_has_each_share_with_its_interval()
    {
        string text = Sample.Of("KP", "text").Out;
        Assert.Matches(@"share +21% \(17-24%\) +20% \(1\d-2\d%\)", text);
        Assert.Contains("95% interval", text, StringComparison.Ordinal);
        Assert.Contains("AS1103", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_holds_one_of_four_prefixes_has_no_vote_beside_who_holds_all()
    {
        var report = Cli.Run("report", "AS131279", RealData.Path("rib/ris.rrc00.rib.20180424.from-json.gz"),
            RealData.Path("rib/ris.rrc06.rib.20180424.from-json.gz"), "--format", "json").Json();
        // Of the full feeds AS3333 holds all four prefixes, one of them by TransTeleCom; four others hold that one alone.
        Assert.Equal(0.25, report.Share(20485, "peerAs"), 6);
        Assert.Contains("One full feed only", report.GetProperty("headline").GetString(), StringComparison.Ordinal);
        Assert.Contains("4 of them have no vote", report.GetProperty("coverage").GetProperty("basis").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, Upstream(report, 20485).GetProperty("intervals").ValueKind);
        var voting = Assert.Single(report.GetProperty("vantagePoints").EnumerateArray(), point => point.GetProperty("weight").GetDouble() > 0);
        Assert.Equal(3333, voting.GetProperty("asn").GetInt32());
    }

    [Fact]
    public void One_peer_as_of_jinx_has_a_share_and_no_interval()
    {
        var report = Cli.Run("report", "KP", RealData.Path("rib/routeviews.jinx.rib.20140530.2200.bz2"), "--format", "json").Json();
        Assert.Equal(1, report.Share(4837, "peerAs"));
        Assert.Equal(JsonValueKind.Null, Upstream(report, 4837).GetProperty("intervals").ValueKind);
        Assert.Contains("no interval can be drawn", report.GetProperty("weighting").GetProperty("note").GetString(), StringComparison.Ordinal);
        var full = Assert.Single(report.GetProperty("vantagePoints").EnumerateArray(), point => point.GetProperty("weight").GetDouble() > 0);
        Assert.Equal((30844, "full"), (full.GetProperty("asn").GetInt32(), full.GetProperty("feed").GetString()));
    }

    // Reserved in the middle (RFC 6996), between peer and the rest, at the end behind the origin, and a set inside (RFC 6472).
    [Theory]
    [InlineData("{0} 3356 64512 131279")]
    [InlineData("{0} 64512 4837 131279")]
    [InlineData("{0} 3356 64512 131279 65001")]
    [InlineData("{0} {{3356,64512}} 4837 131279")]
    [InlineData("{0} 3356 64512 {{131279,65001}}")]
    public void A_network_whose_paths_are_all_refused_is_seen_all_the_same(string path)
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. new[] { 3333, 1299, 174, 2914 }.SelectMany((peer, place) => new[] { 176, 177 }.Select(block =>
            $"TABLE_DUMP2|1506816000|B|10.0.0.{place + 1}|{peer}|175.45.{block}.0/24|{string.Format(null, path, peer)}|IGP|10.0.0.{place + 1}|0|0||NAG||"))];
        string file = folder.Write("lines.txt", System.Text.Encoding.ASCII.GetBytes(string.Join('\n', lines) + '\n'));
        foreach (string subject in new[] { "AS131279", "KP", "175.45.176.0/24" })
        {
            var report = Cli.Run("report", subject, file, "--format", "json").Json();
            string said = string.Join(' ', report.GetProperty("sentences").EnumerateArray().Select(sentence => sentence.GetProperty("text").GetString()));
            Assert.DoesNotContain("o route", said, StringComparison.Ordinal);
            Assert.Contains("no upstream can be counted", said, StringComparison.Ordinal);
            Assert.Equal(subject[0] is '1' ? 1 : 2, report.GetProperty("prefixes").GetArrayLength());
        }
    }

    private static JsonElement Upstream(JsonElement report, uint asn) => report.GetProperty("upstreams").EnumerateArray()
        .Single(upstream => upstream.GetProperty("asn").GetUInt32() == asn);
}
