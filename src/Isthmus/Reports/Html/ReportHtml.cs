using System.Security.Cryptography;
using System.Text;

using Isthmus.Reports.Html.Pictures;
using Isthmus.Reports.Html.Sections;
using Isthmus.Reports.Verification;

namespace Isthmus.Reports.Html;

/// <summary>
/// Writes a report as one page that needs nothing else: no network, no fonts, and no script to be complete. It holds the
/// report as JSON too, of a large subject with short lists, so that whoever has the page can check it.
/// </summary>
public static class ReportHtml
{
    private static readonly string _style = "\n" + Resource("report.css"), _script = "\n" + Resource("report.js");

    /// <summary>
    /// Bytes of a page, however large its subject is, so that it opens at once and can be sent: only thousands of inputs make one larger.
    /// </summary>
    public const int BytesMax = 2_000_000;

    /// <summary>Bytes that are kept for what says how to check the page.</summary>
    private const int CiteBytes = 20_000;

    /// <summary>Writes the page.</summary>
    public static void Write(Report report, TextWriter output)
    {
        var page = new PageWriter(report, output);
        StackedChart? chart = null;
        string before = page.Apart(() => chart = Story(page)), after = page.Apart(() => Proofs(page, chart));
        var held = HeldReport.Of(report, BytesMax - CiteBytes - Encoding.UTF8.GetByteCount(before) - Encoding.UTF8.GetByteCount(after));
        output.Write(before);
        ProofSections.Cite(page, held);
        output.Write(after);
        page.Line(StatedReport.PageOpens + held.Json + StatedReport.PageCloses);
        page.Line(Closing);
    }

    /// <summary>Bytes of a page beside what it tells: its style and its script.</summary>
    internal static int FrameBytes => Encoding.UTF8.GetByteCount(_style) + Encoding.UTF8.GetByteCount(_script) + CiteBytes;

    /// <summary>Writes what every page begins with, up to its notice.</summary>
    internal static void Open(PageWriter page, string title) => page.Line(Opening(title, page.Report.Notice));

    /// <summary>What every page begins with, up to its notice.</summary>
    /// <param name="notice">What must be said before all else; null for nothing.</param>
    internal static string Opening(string title, string? notice) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src {Hash(_style)}; script-src {Hash(_script)}; img-src blob:; base-uri 'none'; form-action 'none'">
        <title>{PageWriter.T(title)}</title>
        <style>{_style}</style>
        </head>
        <body>
        """ + (notice is null ? "" : $"\n<aside class=\"notice\" aria-label=\"Notice\">{PageWriter.T(notice)}</aside>");

    /// <summary>What every page ends with.</summary>
    internal static string Closing => $"<script>{_script}</script>\n</body>\n</html>";

    /// <summary>Writes what every page ends with, behind its main part.</summary>
    internal static void Close(PageWriter page)
    {
        Foot(page);
        page.Line(Closing);
    }

    private static StackedChart? Story(PageWriter page)
    {
        var report = page.Report;
        Open(page, page.Story.Title);
        FrontSection.Write(page);
        page.Line("<main>");
        var chart = ChartSection.Write(page);
        if (chart is null) InstantSection.Write(page);
        VantageSection.Write(page, hasLegend: chart is not null);
        PathSection.Write(page);
        IncidentSection.Write(page);
        new ChangesSection(page).Write();
        StateSections.Upstreams(page);
        PrefixSection.Write(page);
        AttributionSection.Write(page);
        CourtSection.Write(page);
        CoverageSection.Write(page);
        CoverageSection.Meaning(page);
        return chart;
    }

    private static void Proofs(PageWriter page, StackedChart? chart)
    {
        ProofSections.Inputs(page);
        ProofSections.Records(page);
        page.Line("</main>");
        Foot(page);
        if (chart is not null) page.Line($"<script type=\"application/json\" id=\"numbers\">{chart.Numbers()}</script>");
    }

    private static void Foot(PageWriter page)
    {
        page.Line("<footer>");
        foreach (string source in page.Report.Registry.Sources) page.Paragraph(source);
        string command = page.Report.Command is { } line ? $" with <code>{PageWriter.T(line)}</code>" : "";
        page.Line($"<p>Made by isthmus {PageWriter.T(page.Report.Version)}{command}. The same inputs give the same page.</p>\n</footer>");
    }

    // The policy lets run what was shipped, byte for byte, and nothing that a name could smuggle in.
    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Resource(string name)
    {
        using var stream = typeof(ReportHtml).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the library lacks {name}");
        return new StreamReader(stream).ReadToEnd();
    }
}
