using Isthmus.Reports.Html.Pictures;
using Isthmus.Text;

namespace Isthmus.Reports.Html.Sections;

/// <summary>What is known of each vantage point, whether it votes on the shares, and why.</summary>
internal static class CourtSection
{
    private const int RowsMax = 200;

    public static void Write(PageWriter page)
    {
        var points = page.Report.Transit.VantagePoints;
        if (points.Count == 0) return;
        page.Open("court", "Which vantage points count, and why");
        page.List(CourtWords.Sentences(points));
        page.Details("Each vantage point, judged from the data");
        page.Table("Those of which there is more to say stand first.",
            ["Peer", "Country", "Collector", "Feed", "#IPv4 prefixes", "#Weight", "Findings", "Why"],
            points.OrderByDescending(CourtWords.IsRemarkable).Take(RowsMax).Select(point => (string[])
            [
                PageWriter.T($"{page.Story.Names.Brief(point.Peer.Asn)} {point.Peer.Address}"), point.Country.ToString(),
                PageWriter.T(point.Peer.Collector.Name), point.Feed.ToString().ToLowerInvariant(), Wording.Count(point.Ipv4Prefixes),
                Svg.Number(point.Weight), PageWriter.T(CourtWords.Findings(point)), PageWriter.T(CourtWords.Why(point)),
            ]), "court-table");
        page.EndDetails();
        page.More(points.Count - RowsMax, "vantage points");
        page.Close();
    }
}
