using System.Text;

using Isthmus.Reports.Html.Pictures;
using Isthmus.Reports.Html.Sections;
using Isthmus.Text;
using Isthmus.Transit;
using Isthmus.Transit.Shares;

namespace Isthmus.Reports.Html;

/// <summary>
/// Writes a search for upstreams as one page that needs nothing else: a chart over the whole period, all upstreams, and every time in which
/// one was one. Of a large subject it has as many rows as it may have bytes; the JSON form has all.
/// </summary>
public static class HistoryHtml
{
    /// <summary>Rows of the numbers behind the chart.</summary>
    private const int NumbersMax = 1000;

    private const int PrefixesMax = 6;

    /// <summary>Writes the page.</summary>
    /// <param name="whole">The same routes, analysed over the whole period.</param>
    public static void Write(SearchResult search, Answer whole, TextWriter output)
    {
        var report = Report.Brief(whole);
        var page = new PageWriter(report, output);
        var covered = search.Covered;
        var names = new Names(search.Seen.Registry);
        string title = search.Asked is { } asked ? HistoryText.Answer(search, asked, names)
            : $"Who was ever an upstream of {Names.Full(search.Seen.Question.Subject)}";
        string said = HistoryText.Coverage(search);
        ReportHtml.Open(page, title);
        page.Line($"<header><p class=\"kicker\">History</p>\n<h1>{PageWriter.T(title)}</h1>");
        page.Paragraph(said, "period");
        page.Line("</header>\n<main>");
        if (!page.IsMoment) Chart(page, (covered.From, covered.To), said);
        int left = ReportHtml.BytesMax - ReportHtml.FrameBytes;
        var upstreams = search.Upstreams.Where(history => history.Episodes.Count > 0).ToArray();
        page.Open("upstreams", "All upstreams");
        var rows = Bounded(upstreams.Select(history => (string[])[PageWriter.T(names.Label(history.Upstream)),
            Wording.Moment(history.Episodes[0].From), Wording.Moment(history.Episodes[^1].To), PageWriter.T(Wording.Length(history.Total)),
            Wording.Count(history.Episodes.Count)]), left / 3, out int cut);
        page.Table("By how long each was one.", ["Upstream", "First seen (UTC)", "Last seen (UTC)", "In all", "#Times"], rows, "upstreams-table");
        page.More(cut, "upstreams");
        page.Line(Tools("upstreams-table"));
        page.Close();
        page.Open("changes", "Every time");
        var times = Bounded(upstreams.SelectMany(history => history.Episodes.Select(episode => (history.Upstream, Episode: episode)))
            .OrderBy(one => one.Episode.From).ThenBy(one => one.Upstream).Select(one => RowOf(one.Upstream, one.Episode, names)),
            left / 3, out cut);
        page.Table("Each time in which somebody held a route by an upstream, in order; short gaps are closed.",
            ["Upstream", "From (UTC)", "To (UTC)", "#Peer ASes at most", "Prefixes"], times, "changes-table");
        page.More(cut, "times");
        page.Line(Tools("changes-table"));
        page.Close();
        page.Open("searched", "What was searched");
        page.List(HistoryText.Searched(search));
        page.Close();
        page.Line("</main>");
        ReportHtml.Close(page);
    }

    private static void Chart(PageWriter page, (Wire.Timestamp From, Wire.Timestamp To) period, string said)
    {
        var report = page.Report;
        var chart = new HistoryChart(report, page.Palette, period, said);
        page.Open("over-time", "Over time");
        page.Line("<ul class=\"legend\">");
        foreach (var (place, asn) in page.Palette.Upstreams.Index())
            page.Line($"<li class=\"{page.Palette.ClassOf(place)}\"><i></i>{PageWriter.T(page.Story.Names.Label(asn))}</li>");
        if (chart.HasOthers) page.Line("<li class=\"other\"><i></i>others</li>");
        if (chart.Gaps().Any()) page.Line("<li class=\"gapped\"><i></i>no data</li>");
        page.Line("</ul>");
        page.Figure("history", chart.Draw() + new HistoryChart(report, page.Palette, period, said, isNarrow: true).Draw(),
            $"{ChartSection.Family(report)}Peer-AS share of each upstream, of the peer ASes with data: means over bins of {Wording.Length(report.Bin)};"
            + $" where there are no data there is no line. Times in UTC. {Definitions.NotTraffic}");
        page.Details("The numbers of the chart");
        string[] before = [];
        var rows = report.Transit.Series.Select(point => (point.Time, Cells: CellsOf(point, page.Palette))).Where(row =>
        {
            bool isNew = !row.Cells.SequenceEqual(before);
            before = row.Cells;
            return isNew;
        }).Select(row => (string[])[Wording.Moment(row.Time), .. row.Cells]).ToArray();
        page.Table("Share of each upstream in percent; a row wherever a number changes.",
            ["From (UTC)", .. page.Palette.Upstreams.Select(asn => $"#{asn}"), "#Others"], rows.Take(NumbersMax), "history-table");
        page.More(rows.Length - NumbersMax, "rows");
        page.EndDetails();
        page.Close();
    }

    private static string[] CellsOf(SeriesPoint point, Palette palette) => point.Visibility is null
        ? ["no data", .. palette.Upstreams.Select(_ => "")]
        : [.. palette.Upstreams.Select(asn => Percent(point.Upstreams.GetValueOrDefault(asn))),
            Percent(point.Upstreams.Where(entry => palette.PlaceOf(entry.Key) == palette.Upstreams.Count).OrderBy(entry => entry.Key)
                .Sum(entry => entry.Value))];

    private static string Percent(double share) => (share * 100).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);

    private static string[] RowOf(Wire.Asn upstream, UpstreamEpisode episode, Names names)
    {
        string from = episode.FromStart ? $"start of the data, {Wording.Moment(episode.From)}"
            : episode.UnknownSince is { } since ? $"{Wording.Moment(episode.From)} at the latest, not known since {Wording.Moment(since)}"
            : episode.FromEarliest is { } earliest ? $"between {Wording.Moment(earliest)} and {Wording.Moment(episode.From)}"
            : Wording.Moment(episode.From);
        string to = episode.ToEnd ? $"end of the data, {Wording.Moment(episode.To)}"
            : episode.UnknownUntil is { } until ? $"{Wording.Moment(episode.To)} at the earliest, not known until {Wording.Moment(until)}"
            : episode.ToEarliest is { } last ? $"between {Wording.Moment(last)} and {Wording.Moment(episode.To)}" : Wording.Moment(episode.To);
        return [PageWriter.T(names.Label(upstream)), PageWriter.T(from), PageWriter.T(to), Wording.Count(episode.PeerAses),
            PageWriter.T(Wording.Prefixes(episode.Prefixes, PrefixesMax))];
    }

    // As many rows as have room.
    private static List<string[]> Bounded(IEnumerable<string[]> rows, int bytes, out int cut)
    {
        const int CellBytes = 24;
        var kept = new List<string[]>();
        cut = 0;
        foreach (string[] row in rows)
        {
            bytes -= row.Sum(cell => Encoding.UTF8.GetByteCount(cell) + CellBytes);
            if (bytes < 0) cut++;
            else kept.Add(row);
        }
        return kept;
    }

    private static string Tools(string table) =>
        $"<p class=\"tools\" hidden><button type=\"button\" data-csv=\"{table}\">Numbers (CSV)</button></p>";
}
