using System.Globalization;

using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Reports.Html;
using Isthmus.Text;

namespace Isthmus.Dependence.Words;

/// <summary>
/// Writes dependence as one page that needs nothing else: a chart over time where several were asked about, the tables of countries,
/// networks and gateways, each to be saved as CSV, and sentences that say the same for who cannot see the chart.
/// </summary>
public static class DependenceHtml
{
    private const int RowsMax = 200;

    /// <summary>Writes the page.</summary>
    public static void Write(DependenceReport report, TextWriter output)
    {
        var answer = report.Answer;
        string title = $"On what {Names.Full(answer.Subject)} depends";
        void Line(string markup) => output.Write(markup + "\n");
        Line(ReportHtml.Opening(title, report.Table.Notice));
        Line($"<header><p class=\"kicker\">Dependence</p>\n<h1>{T(title)}</h1>");
        Line($"<p class=\"period\">{T($"At {answer.At}, {DependenceWords.NameOf(answer.Family)}")}</p>");
        if (DependenceWords.First(answer, report.Table) is { } first) Line($"<p><strong>{T(first)}</strong></p>");
        if (answer.State is DependenceState.Answered) Line($"<p>{T(Lead(answer))}</p>\n<p class=\"meta\">{T(DependenceWords.Basis(answer))}</p>");
        Line($"<p class=\"meta\">{T(CoverageWords.Verdict(report.Table.Coverage))}</p></header>\n<main>");
        if (report.Series.Count > 1) Series(report, Line);
        if (answer.State is DependenceState.Answered) Tables(report, Line);
        Line($"<p class=\"caveat\">{T($"{DependenceWords.NotTraffic} {DependenceWords.Caveat}")}</p>\n</main>\n<footer>");
        foreach (string source in report.Registry.Sources) Line($"<p>{T(source)}</p>");
        Line("<p>The definitions are those of docs/methods.md, \"Dependence\". The same inputs give the same page.</p>\n</footer>");
        Line(ReportHtml.Closing);
    }

    // The finding in a sentence.
    private static string Lead(DependenceAnswer answer)
    {
        string One(CountryDependence country) =>
            $"{CountryNames.NameOf(country.Country) ?? country.Country.ToString()} {Wording.Percent(country.LastForeignHop.Value ?? 0)}";
        string[] most = [.. answer.Countries.Where(country => country.LastForeignHop.Value > 0).Take(3).Select(One)];
        string countries = most.Length == 0 ? "Backbones of the world alone bring in what is reached"
            : $"By the last network abroad, what is reached comes in by {Wording.Join(most)}";
        return answer.Combinations is [var pair, ..] ? $"{countries}; {DependenceWords.Of(pair, answer.Countries)}." : $"{countries}.";
    }

    private static void Series(DependenceReport report, Action<string> line)
    {
        var chart = new DependenceChart(report.Series);
        line("<section aria-labelledby=\"over-time\">\n<h2 id=\"over-time\">Over time</h2>\n<ul class=\"legend\">");
        foreach (var (place, country) in chart.Countries.Index())
            line($"<li class=\"u{place}\"><i></i>{T($"{country} {CountryNames.NameOf(country)}")}</li>");
        line("<li class=\"other\"><i></i>other countries and backbones of the world</li><li class=\"none\"><i></i>not known</li>\n</ul>");
        const string Caption = "The part of what is reached that comes in by each country, by the last network abroad, mean over full-feed peer ASes."
            + " Each bin shows what stood when it began. Times in UTC. None is traffic.";
        line($"<figure>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{T(Caption)}\">{chart.Draw()}</div>"
            + $"\n<figcaption>{T(Caption)}</figcaption>\n<p class=\"tools\" hidden><button type=\"button\" data-svg=\"dependence\">Picture (SVG)</button> "
            + "<button type=\"button\" data-png=\"dependence\">Picture (PNG)</button> "
            + "<button type=\"button\" data-csv=\"dependence-table\">Numbers (CSV)</button></p>\n</figure>");
        line("<details><summary>The numbers of the chart</summary>");
        Table(line, "dependence-table", "Percent by the last hop.", ["Time (UTC)", .. chart.Countries.Select(country => $"#{country}"), "#Others"],
            report.Series.Select(answer => (string[])[Wording.Moment(answer.At), .. chart.PartsOf(answer) is { } parts
                ? parts.Select(Number) : chart.Countries.Select(_ => "").Append("not known")]));
        line("</details></section>");
    }

    private static void Tables(DependenceReport report, Action<string> line)
    {
        var answer = report.Answer;
        var names = new Names(report.Registry);
        Section(line, "countries", "Countries", () => Table(line, "countries-table", "Percent. Countries overlap but for the last hop. Any hop leaves out the vantage points of that country.",
            ["Country", "#Last hop", "#Low", "#High", "#Any hop", "#Unavoidable", "Networks"],
            answer.Countries.Take(RowsMax).Select(country => (string[])[T($"{country.Country} {CountryNames.NameOf(country.Country)}"),
                Number(country.LastForeignHop.Value), Number(country.LastForeignHop.Low), Number(country.LastForeignHop.High),
                Number(country.AnyHop), Number(country.Unavoidable), string.Join(", ", country.Networks.Take(6))])));
        if (answer.Combinations.Count > 0) Section(line, "together", "Two countries together", () => Table(line, "together-table", "Percent.",
            ["Countries", "#Either, last hop", "#Neither", "#Either, any hop", "#Neither"],
            answer.Combinations.Select(pair => (string[])[$"{pair.First}, {pair.Second}", Number(pair.Either), Number(pair.Neither),
                Number(pair.EitherOnWay), Number(pair.NeitherOnWay)])));
        if (answer.Backbones.Count > 0) Section(line, "global", "Backbones of the world, which stand for no country", () => Table(line, "global-table",
            "Percent.", ["Network", "#Last hop", "#Any hop"],
            answer.Backbones.Select(one => (string[])[T(names.Label(one.Asn)), Number(one.LastForeignHop), Number(one.AnyHop)])));
        Section(line, "networks", "Networks", () => Table(line, "networks-table", "Percent.",
            ["Network", "#Hegemony", "#Low", "#High", "#Direct", "#CTI", "#Unavoidable"],
            answer.Networks.Take(RowsMax).Select(network => (string[])[T(names.Label(network.Asn)), Number(network.Hegemony.Value),
                Number(network.Hegemony.Low), Number(network.Hegemony.High), Number(network.DirectShare), Number(network.TransitInfluence),
                Number(network.Unavoidable)])));
        if (answer.Gateways.Count > 0) Section(line, "gateways", "Gateways and the foreign networks behind them", () => Table(line, "gateways-table",
            "Percent.", ["Gateway", "Foreign network", "#Share"], answer.Gateways.Take(RowsMax).Select(one =>
                (string[])[T(names.Label(one.Gateway)), T(names.Label(one.ForeignUpstream)), Number(one.Share)])));
    }

    private static void Section(Action<string> line, string id, string heading, Action write)
    {
        line($"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{T(heading)}</h2>");
        write();
        line($"<p class=\"tools\" hidden><button type=\"button\" data-csv=\"{id}-table\">Numbers (CSV)</button></p>\n</section>");
    }

    private static void Table(Action<string> line, string id, string caption, string[] heads, IEnumerable<string[]> rows)
    {
        line($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{T(caption)}\"><table id=\"{id}\"><caption>{T(caption)}</caption>\n<thead><tr>"
            + string.Concat(heads.Select(head => $"<th scope=\"col\"{(head[0] == '#' ? " class=\"n\"" : "")}>{T(head.TrimStart('#'))}</th>"))
            + "</tr></thead><tbody>");
        foreach (string[] row in rows)
            line("<tr>" + string.Concat(row.Select((cell, column) => column == 0 ? $"<th scope=\"row\">{cell}</th>"
                : $"<td{(heads[column][0] == '#' ? " class=\"n\"" : "")}>{cell}</td>")) + "</tr>");
        line("</tbody></table></div>");
    }

    private static string T(string text) => System.Net.WebUtility.HtmlEncode(Wording.Printable(text));

    private static string Number(double value) => (value * 100).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value is { } known ? Number(known) : "";
}
