using System.Globalization;

using Isthmus.Reports.Html.Pictures;
using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Shares;

namespace Isthmus.Reports.Html.Sections;

/// <summary>Who carried it over time: the stacked chart and the strips of its prefixes, each with the table behind it.</summary>
internal static class ChartSection
{
    private const int RowsMax = 400;

    /// <summary>Writes the section and gives its chart, for the read-out; null where there is none.</summary>
    public static StackedChart? Write(PageWriter page)
    {
        var report = page.Report;
        if (page.IsMoment) return null;
        var chart = new StackedChart(report, page.Story, page.Palette);
        page.Open("over-time", "Who carried it, over time");
        Legend(page, chart.HasOthers, chart.HasGaps);
        page.Figure("chart", chart.Draw() + new StackedChart(report, page.Story, page.Palette, isNarrow: true).Draw(), $"{Family(report)}Peer-AS share of each upstream, of the peer ASes with data: what is missing to 100% had no route. Means over bins of "
            + $"{Wording.Length(report.Bin)}; times in UTC. Numbers lead to the changes below. {Definitions.NotTraffic}");
        const string Hint = "Point at the chart, or focus it and use the arrow keys, to read it.", Touch = "Touch the chart to read it.";
        page.Line($"<p class=\"readout\" id=\"readout\" aria-live=\"polite\" data-hint=\"{Hint}\" data-touch=\"{Touch}\" hidden>{Hint}</p>");
        page.Details("The numbers of the chart");
        Numbers(page, "chart-table", "Share of each upstream, of what the peer ASes see; a row wherever a number changes.", "",
            report.Transit.Series, page.Palette);
        page.EndDetails();
        if (report.Transit.PrefixSeries.Count > 0 && !page.IsLarge) Strips(page, chart);
        page.Close();
        return chart;
    }

    private static void Strips(PageWriter page, StackedChart chart)
    {
        var all = page.Report.Transit.PrefixSeries;
        int prefixes = page.Report.Transit.Prefixes.Count;
        page.Figure("strips", new PrefixStrips(page.Report, page.Story, page.Palette, chart).Draw()
            + new PrefixStrips(page.Report, page.Story, page.Palette, chart, isNarrow: true).Draw(), "The same for each prefix"
            + (all.Count < prefixes ? $", the first {Wording.Count(all.Count)} of {Wording.Count(prefixes)}" : "")
            + "; a line marks a change that touches it.");
        page.Details("The numbers of the strips");
        Runs(page, all);
        page.EndDetails();
    }

    // The series is of the headline's family, which is said where the subject has both.
    public static string Family(Report report) => report.Transit is { Families.Count: > 1, Headline: { } family }
        ? $"{StateWords.Name(family.Family)} routes alone. " : "";

    /// <summary>Which colour is whose, before the picture that needs it.</summary>
    public static void Legend(PageWriter page, bool hasOthers, bool hasGaps)
    {
        page.Line("<ul class=\"legend\">");
        foreach (var (place, asn) in page.Palette.Upstreams.Index())
            page.Line($"<li class=\"{page.Palette.ClassOf(place)}\"><i></i>{PageWriter.T(page.Story.Names.Label(asn))}</li>");
        if (hasOthers) page.Line("<li class=\"other\"><i></i>others</li>");
        page.Line("<li class=\"none\"><i></i>no route</li>");
        if (hasGaps) page.Line("<li class=\"gapped\"><i></i>no data</li>");
        if (page.Report.Transit.Changes.Any(change => change.Kind is ChangeKind.Outage))
            page.Line("<li class=\"out\"><i></i>outage, as long as it lasted</li>");
        page.Line("</ul>");
    }

    private static void Numbers(
        PageWriter page, string id, string caption, string first, IReadOnlyList<SeriesPoint> series, Palette palette)
    {
        string[] heads = [$"{first}From (UTC)", "#Visibility", .. palette.Upstreams.Select(asn => $"#{asn}")];
        var rows = Changing(series, palette).ToArray();
        page.Table(caption, heads, rows.Take(RowsMax), id);
        page.More(rows.Length - RowsMax, "rows");
    }

    // A bin that says the same as the one before has no row.
    private static IEnumerable<string[]> Changing(IReadOnlyList<SeriesPoint> series, Palette palette)
    {
        string[] before = [];
        foreach (var point in series)
        {
            string[] cells = Cells(point, palette);
            if (cells.SequenceEqual(before)) continue;
            before = cells;
            yield return [Wording.Moment(point.Time), .. cells];
        }
    }

    private static string[] Cells(SeriesPoint point, Palette palette) => point.Visibility is not { } visibility
        ? ["no data", .. palette.Upstreams.Select(_ => "")]
        : [Percent(visibility), .. palette.Upstreams.Select(asn => Percent(point.Upstreams.GetValueOrDefault(asn)))];

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture);

    private static void Runs(PageWriter page, IReadOnlyList<PrefixSeries> all)
    {
        var palette = page.Palette;
        string[] heads = ["Prefix", "From (UTC)", "#Visibility", .. palette.Upstreams.Select(asn => $"#{asn}")];
        var rows = all.SelectMany(series => Changing(series.Points, palette)
            .Select(row => (string[])[series.Prefix.ToString(), .. row])).ToArray();
        page.Table("Share of each upstream on each prefix in percent; a row wherever a number changes.", heads, rows.Take(RowsMax), "strips-table");
        page.More(rows.Length - RowsMax, "rows");
    }
}
