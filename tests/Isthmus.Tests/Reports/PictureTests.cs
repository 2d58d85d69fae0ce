using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

using Isthmus.Reports;
using Isthmus.Reports.Html;
using Isthmus.Reports.Html.Pictures;
using Isthmus.Reports.Html.Sections;
using Isthmus.Tests.Transit;
using Isthmus.Wire;

namespace Isthmus.Tests.Reports;

/// <summary>The pictures of vantage points and paths, on twelve peers that move from one upstream to another at noon.</summary>
public sealed partial class PictureTests
{
    private const string One = "175.45.176.0/24", Other = "175.45.177.0/24";

    private static readonly Lazy<PageWriter> _page = new(() => new(Moved(), TextWriter.Null));

    [Fact]
    public void A_vantage_point_is_told_by_what_it_holds_from_when_on()
    {
        var courses = PeerCourse.Of(_page.Value.Report, _page.Value.Story.Provenance.Sightings, _page.Value.Palette);
        Assert.Equal(12, courses.Count);
        var first = courses.Single(course => course.Peer.Asn == new Asn(1001));
        Assert.Equal(["2 AS4837", "1 AS4837, 1 AS20485"], first.Moments.Select(PeerCourse.Words));
        Assert.Equal(Observed.At("12:00:00"), first.Moments[1].From);
        // By project first: RIPE RIS before RouteViews.
        var projects = courses.Select(course => course.Peer.Collector.Project).ToArray();
        Assert.Equal(projects.Order(), projects);
    }

    [Fact]
    public void A_row_of_the_raster_splits_where_a_peer_uses_two_upstreams()
    {
        var page = _page.Value;
        var courses = PeerCourse.Of(page.Report, page.Story.Provenance.Sightings, page.Palette);
        var rows = XElement.Parse(new PeerRaster(page.Report, page.Story, page.Palette, courses).Draw())
            .Elements("g").Where(group => group.Attribute("class")!.Value == "row").ToArray();
        Assert.Equal(12, rows.Length);
        foreach (var row in rows)
        {
            double[] heights = [.. row.Elements("path").SelectMany(path => Heights(path.Attribute("d")!.Value))];
            Assert.Equal([6.5, 6.5, 13], heights.Order());
        }
    }

    [Fact]
    public void Too_many_vantage_points_are_thinned_evenly()
    {
        var page = _page.Value;
        var courses = PeerCourse.Of(page.Report, page.Story.Provenance.Sightings, page.Palette);
        var many = Enumerable.Range(0, 300).Select(i => courses[i % 12] with { Country = default }).ToArray();
        var raster = new PeerRaster(page.Report, page.Story, page.Palette, many);
        Assert.Equal(PeerRaster.RowsMax, raster.Rows.Count);
        Assert.Equal(12, raster.Rows.Select(row => row.Peer).Distinct().Count());
    }

    [Fact]
    public void The_graph_of_a_change_weighs_each_peer_as_one()
    {
        var change = Assert.Single(_page.Value.Report.Transit.Changes, change => change.Upstream == new Asn(20485));
        var graph = PathGraph.Of(change, _page.Value.Report, _page.Value.Story.Provenance.Sightings)!;
        Assert.Equal((12, 12), graph.PeerAses);
        var last = graph.Edges.Where(edge => edge.To.Layer == 0).ToDictionary(edge => edge.From.Asn.Number);
        Assert.Equal((12, 0), (last[4837].Before.PeerAses, last[4837].After.PeerAses));
        Assert.Equal((0, 12), (last[20485].Before.PeerAses, last[20485].After.PeerAses));
        Assert.Equal(12, graph.Nodes.Count(node => node.IsVantage));
        Assert.Equal([0, 1, 1, 2], graph.Nodes.Where(node => !node.IsVantage).Select(node => node.Layer).Order());
    }

    [Fact]
    public void No_two_nodes_of_a_graph_lie_on_each_other()
    {
        var change = Assert.Single(_page.Value.Report.Transit.Changes, change => change.Upstream == new Asn(20485));
        var graph = PathGraph.Of(change, _page.Value.Report, _page.Value.Story.Provenance.Sightings)!;
        graph.Layout(0, 800, 0, 15);
        Assert.Equal(graph.Nodes.Count, graph.Nodes.Select(node => (node.X, node.Y)).Distinct().Count());
        Assert.All(graph.Edges, edge => Assert.True(edge.From.X < edge.To.X));
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(9, 60)]
    [InlineData(12, 900)]
    public void Labels_of_events_never_lie_on_each_other(int count, int minutesApart)
    {
        var axis = new TimeAxis(Observed.Start, Observed.Start + TimeSpan.FromDays(8), 46, 904);
        var change = KpStory.Full().Transit.Changes[0];
        NumberedChange[] changes = [.. Enumerable.Range(0, count).Select(i => new NumberedChange(
            $"{i + 1}", change with { Time = Observed.Start + TimeSpan.FromMinutes(minutesApart * (i + 1)) }, false))];
        var labels = EventLabels.Place(changes, _ => "09:07:51 TransTeleCom appears", axis);
        Assert.Equal(count, labels.Count);
        var taken = labels.Select(label => (
            label.Row, From: label.X - (label.IsLeft ? 190 : 8), To: label.X + (label.IsLeft ? 8 : 190))).ToArray();
        foreach (var (index, one) in taken.Index())
            foreach (var other in taken.Skip(index + 1))
                Assert.False(one.Row == other.Row && one.From < other.To && other.From < one.To, $"{one} lies on {other}");
    }

    [Fact]
    public void A_table_stands_behind_every_picture()
    {
        using var output = new StringWriter { NewLine = "\n" };
        ReportHtml.Write(Moved(), output);
        string page = output.ToString();
        foreach (string picture in new[] { "chart", "strips", "raster", "paths-before" })
        {
            Assert.Contains($"<svg id=\"{picture}\"", page, StringComparison.Ordinal);
            Assert.Contains($"<table id=\"{picture}-table\"", page, StringComparison.Ordinal);
        }
        // Whatever a button saves is on the page.
        foreach (Match button in Button().Matches(page))
            Assert.Contains($"id=\"{button.Groups[1].Value}\"", page, StringComparison.Ordinal);
    }

    // One prefix moves at noon, a second apart for each peer; the other stays.
    private static Report Moved()
    {
        var observed = new Observed(12, TimeSpan.FromDays(1)).FromTheStart(4837, One, Other);
        for (int peer = 0; peer < 12; peer++) observed.Hold(peer, One, 20485, Observed.At("12:00:00") + TimeSpan.FromSeconds(peer));
        return observed.Report();
    }

    private static IEnumerable<double> Heights(string outline) => Box().Matches(outline)
        .Select(box => Math.Round(Number(box.Groups[2].Value) - Number(box.Groups[1].Value), 1));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"M[\d.]+ ([\d.]+)H[\d.]+V([\d.]+)H")]
    private static partial Regex Box();

    [GeneratedRegex("data-(?:svg|csv|json)=\"([^\"]+)\"")]
    private static partial Regex Button();
}
