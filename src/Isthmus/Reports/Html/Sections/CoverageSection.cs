using Isthmus.Text;

namespace Isthmus.Reports.Html.Sections;

/// <summary>What the report rests on, and what could not be seen.</summary>
internal static class CoverageSection
{
    private const int LinesMax = 40;

    public static void Write(PageWriter page)
    {
        var report = page.Report;
        page.Open("coverage", "What this rests on, and what could not be seen");
        page.List([.. CoverageWords.Read(report), CoverageWords.Verdict(report.Coverage)]);
        var missing = CoverageWords.Missing(report.Coverage);
        if (missing.Count > 0)
        {
            page.Details($"{Wording.Count(missing.Count, "line", "lines")} of detail");
            page.List(missing.Take(LinesMax));
            page.EndDetails();
            page.More(missing.Count - LinesMax, "lines");
        }
        Peers(page);
        page.Close();
    }

    private static void Peers(PageWriter page)
    {
        var feeds = page.Report.Observations.Peers;
        if (feeds.Count == 0) return;
        page.Table("Peers of each collector", ["Collector", "Project", "#Peers", "#Peer ASes", "#With a full feed", "Countries of registration"],
            feeds.GroupBy(feed => feed.Peer.Collector).OrderBy(group => group.Key).Select(group => (string[])
            [
                PageWriter.T(group.Key.Name), PageWriter.T(KindWords.Words(group.Key.Project)), Wording.Count(group.Count()),
                Wording.Count(group.Select(feed => feed.Peer.Asn).Distinct().Count()),
                Wording.Count(group.Where(feed => feed.FullIpv4 || feed.FullIpv6).Select(feed => feed.Peer.Asn).Distinct().Count()),
                PageWriter.T(string.Join(", ", Corroboration.Of(page.Report, group.Select(feed => feed.Peer)).Countries
                    .Select(country => $"{(country.Name.Length > 0 ? country.Name : "unknown")} {Wording.Count(country.PeerAses)}"))),
            ]));
    }

    public static void Meaning(PageWriter page)
    {
        page.Open("meaning", "What the figures mean, and what they do not");
        page.List(Definitions.Limits);
        page.Line("<dl class=\"terms\">");
        foreach (var definition in Definitions.Shares.Concat(Definitions.Terms))
            page.Line($"<dt>{PageWriter.T(definition.Name)}</dt><dd>{PageWriter.T(definition.Text)}</dd>");
        page.Line("</dl>");
        page.Close();
    }
}
