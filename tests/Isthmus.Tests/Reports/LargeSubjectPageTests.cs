using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Reports.Html;
using Isthmus.Reports.Verification;
using Isthmus.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Reports;

/// <summary>
/// The page of a country with 20,000 prefixes in one dump: small, grouped, with a chart, and of the same numbers as the JSON form.
/// </summary>
public sealed partial class LargeSubjectPageTests
{
    private const int Prefixes = 20_000, Origins = 50, Upstreams = 80, Peers = 5;

    private static readonly Country _country = Country.Parse("IR");

    private static readonly Lazy<(string Page, JsonElement Json)> _made = new(Make);

    private static string Page => _made.Value.Page;

    private static JsonElement Json => _made.Value.Json;

    [Fact]
    public void The_page_is_small_and_says_what_its_lists_leave_out()
    {
        Assert.InRange(Encoding.UTF8.GetByteCount(Page), 50_000, ReportHtml.BytesMax);
        using var held = JsonDocument.Parse(StatedReport.HeldBy(Page));
        int kept = held.RootElement.GetProperty("prefixes").GetArrayLength();
        Assert.Equal(Prefixes, Json.GetProperty("prefixes").GetArrayLength());
        Assert.Equal(Prefixes - kept, held.RootElement.GetProperty("leftOut").GetProperty("prefixes").GetInt32());
        Assert.Contains($"the first {kept.ToString("N0", CultureInfo.InvariantCulture)} entries", Page, StringComparison.Ordinal);
        // What is no list is whole, and so are the inputs.
        foreach (string key in new[] { "subject", "period", "size", "headline", "inputs", "weighting" })
            Assert.True(JsonElement.DeepEquals(Json.GetProperty(key), held.RootElement.GetProperty(key)), key);
        Assert.False(Json.TryGetProperty("leftOut", out _));
    }

    [Fact]
    public void One_instant_has_a_chart_of_the_largest_upstreams_and_the_rest_by_the_shares_of_the_JSON_form()
    {
        Assert.Contains("<svg id=\"bars\"", Page, StringComparison.Ordinal);
        Assert.Contains("<svg id=\"bars-narrow\"", Page, StringComparison.Ordinal);
        string[][] rows = Rows("bars-table");
        var shares = SharesOf("peerAs");
        Assert.Equal(13, rows.Length);
        for (int i = 0; i < 12; i++)
        {
            Assert.StartsWith($"AS{shares[i].Asn} ", $"{rows[i][0]} ", StringComparison.Ordinal);
            AssertPercent(shares[i].Share, rows[i][1]);
        }
        Assert.Equal($"The rest: {Upstreams - 12} upstreams", rows[^1][0]);
        AssertPercent(shares.Skip(12).Sum(upstream => upstream.Share), rows[^1][1]);
        // All peers hold two fifths of the prefixes by the first upstream, but for two peers every seventh of them.
        int first = Enumerable.Range(0, Prefixes).Sum(i => Enumerable.Range(0, Peers).Count(peer => UpstreamOf(i, peer) == 0));
        AssertPercent(first / (double)Prefixes / Peers, rows[0][1]);
    }

    [Fact]
    public void The_table_of_shares_ends_with_the_rest_together()
    {
        string[] rest = Rows("shares-table")[^1];
        Assert.Equal($"The rest: {Upstreams - 20} upstreams", rest[0]);
        foreach (var (column, key) in new[] { "route", "peerAs", "prefix", "address" }.Index())
            AssertPercent(SharesOf(key).Skip(20).Sum(upstream => upstream.Share), rest[column + 1]);
        Assert.Equal(["–", "–"], rest[5..7]);
    }

    [Fact]
    public void Prefixes_are_counted_by_upstream_and_by_origin()
    {
        long[][] upstreams = [.. Json.GetProperty("prefixes").EnumerateArray().Select(prefix =>
            prefix.GetProperty("upstreams").EnumerateArray().Select(upstream => upstream.GetProperty("asn").GetInt64()).ToArray())];
        string[][] byUpstream = Rows("by-upstream-table");
        Assert.Equal(21, byUpstream.Length);
        foreach (string[] row in byUpstream[..20]) Assert.Equal(upstreams.Count(of => of.Contains(AsnOf(row[0]))), CountOf(row[1]));
        long[] shown = [.. byUpstream[..20].Select(row => AsnOf(row[0]))];
        Assert.Equal($"The rest: {Upstreams - 20} upstreams", byUpstream[20][0]);
        Assert.Equal(upstreams.Count(of => of.Except(shown).Any()), CountOf(byUpstream[20][1]));
        // As the scenario has it, too.
        int first = Enumerable.Range(0, Prefixes).Count(i => Enumerable.Range(0, Peers).Any(peer => UpstreamOf(i, peer) == 0));
        Assert.Equal(first, CountOf(byUpstream[0][1]));

        string[][] byOrigin = Rows("by-origin-table");
        var origins = Json.GetProperty("prefixes").EnumerateArray()
            .CountBy(prefix => prefix.GetProperty("origin").GetInt64()).ToDictionary();
        Assert.Equal(21, byOrigin.Length);
        foreach (string[] row in byOrigin[..20]) Assert.Equal(origins[AsnOf(row[0])], CountOf(row[1]));
        Assert.Equal($"The rest: {Origins - 20} networks", byOrigin[20][0]);
        Assert.Equal(Prefixes, byOrigin.Sum(row => CountOf(row[1])));
    }

    [Fact]
    public void The_figures_of_a_glance_are_those_of_the_JSON_form()
    {
        Assert.Equal(Prefixes, Json.GetProperty("size").GetProperty("prefixes").GetInt32());
        // 20,000 times a /24.
        Assert.Equal(Prefixes * 256L, Json.GetProperty("size").GetProperty("ipv4Addresses").GetInt64());
        Assert.Contains("<dt>Prefixes</dt><dd>20,000<small>5,120,000 IPv4 addresses", Page, StringComparison.Ordinal);
        Assert.Equal(Upstreams, Json.GetProperty("upstreams").GetArrayLength());
        Assert.Contains($"<dt>Upstreams at the end</dt><dd>{Upstreams}</dd>", Page, StringComparison.Ordinal);
    }

    // Two fifths by the first upstream, a fifth by the second, the rest by all others; two peers use the next one for every seventh.
    private static int UpstreamOf(int prefix, int peer)
    {
        int most = (prefix % 10) switch { < 4 => 0, < 6 => 1, _ => 2 + prefix / 10 % (Upstreams - 2) };
        return peer >= 3 && prefix % 7 == 0 ? (most + 1) % Upstreams : most;
    }

    private static (string Page, JsonElement Json) Make()
    {
        // Numbers that no source before this one knows, so that each is whose this one says.
        uint[] origins = [.. Enumerable.Range(4_200, Origins).Select(number => (uint)number)];
        uint[] upstreams = [.. Enumerable.Range(15_200, Upstreams).Select(number => (uint)number)];
        RegistryLayer registry = new(["made"], [.. origins.Select(number => new AsFact(new(number), _country, $"Network {number}")),
            .. upstreams.Select(number => new AsFact(new(number), Country.Parse("TR"), $"Carrier {number}"))], [], []);
        var time = FivePeers.At("00:00:00");
        var archive = new FivePeers().IndexTable("00:00:00");
        for (int i = 0; i < Prefixes; i++)
        {
            uint origin = origins[i % 7 == 0 ? 0 : i % Origins];
            archive.File.Rib(time, new Prefix(IpAddress.V4(0x05000000u + (uint)i * 256), 24), [.. Enumerable.Range(0, Peers).Select(peer =>
                new MrtRibEntry(peer, PathAttributes.Route(
                    $"{FivePeers.Ases[peer]} {upstreams[UpstreamOf(i, peer)]} {origin}", $"192.0.2.{peer + 1}"), time))]);
        }
        var report = archive.Report(registry: RegistrySnapshot.Shipped.With([registry]), subject: _country.ToString());
        using var page = new StringWriter { NewLine = "\n" };
        ReportHtml.Write(report, page);
        using var json = new MemoryStream();
        ReportJson.Write(report, json);
        return (page.ToString(), JsonDocument.Parse(json.ToArray()).RootElement);
    }

    private static List<(long Asn, double Share)> SharesOf(string measure) => [.. Json.GetProperty("upstreams").EnumerateArray()
        .Select(upstream => (upstream.GetProperty("asn").GetInt64(), upstream.GetProperty("shares").GetProperty(measure).GetDouble()))];

    private static string[][] Rows(string table)
    {
        string markup = Regex.Match(Page, $"<table id=\"{table}\">.*?</table>", RegexOptions.Singleline).Value;
        return [.. Row().Matches(markup[markup.IndexOf("<tbody>", StringComparison.Ordinal)..])
            .Select(row => Cell().Matches(row.Value).Select(cell => cell.Groups[1].Value).ToArray())];
    }

    private static long AsnOf(string label) => long.Parse(label.Split(' ')[0][2..], CultureInfo.InvariantCulture);

    private static int CountOf(string cell) => int.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    // A cell is the share in percent, to one decimal or to whole percent with its interval behind it.
    private static void AssertPercent(double share, string cell)
    {
        string number = cell.Split(' ')[0].TrimEnd('%').TrimStart('<', '>');
        double step = number.Contains('.', StringComparison.Ordinal) ? 0.0006 : 0.0051;
        Assert.Equal(share, double.Parse(number, CultureInfo.InvariantCulture) / 100, step);
    }

    [GeneratedRegex("<tr>.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("<t[hd][^>]*>(.*?)</t[hd]>", RegexOptions.Singleline)]
    private static partial Regex Cell();
}
