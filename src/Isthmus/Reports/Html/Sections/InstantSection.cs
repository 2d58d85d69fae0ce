using Isthmus.Reports.Html.Pictures;
using Isthmus.Text;

namespace Isthmus.Reports.Html.Sections;

/// <summary>Who carries it where the input shows one instant alone: a bar for each of the largest upstreams, and for the rest.</summary>
internal static class InstantSection
{
    public static void Write(PageWriter page)
    {
        var report = page.Report;
        if (report.Transit.Shares is not { PeerAses: > 0 and var voters }) return;
        var bars = UpstreamBars.Of(report, page.Story, page.Palette);
        if (bars.Count == 0) return;
        page.Open("instant", "Who carries it");
        page.Figure("bars", new UpstreamBars(page.Story, page.Palette, bars).Draw()
            + new UpstreamBars(page.Story, page.Palette, bars, isNarrow: true).Draw(),
            $"{ChartSection.Family(report)}Peer-AS share of each upstream: {Wording.Count(voters, "peer AS votes", "peer ASes vote")}."
            + (bars.Any(bar => bar.Interval is not null) ? " A line across the end of a bar is its 95% interval." : "")
            + $"{Uncounted(report)} {Definitions.NotTraffic}");
        page.Details("The numbers of the chart");
        page.Table("Peer-AS share of each upstream in percent", ["Upstream", "#Share", "#Low", "#High"], bars.Select(bar => (string[])
        [
            PageWriter.T(bar.Name), Percent(bar.Share), Percent(bar.Interval?.Low), Percent(bar.Interval?.High),
        ]), "bars-table");
        page.EndDetails();
        page.Close();
    }

    // The shares are of the routes whose upstream can be counted, which may be the smaller part.
    private static string Uncounted(Report report)
    {
        if (report.Transit.Headline?.Routes is not { } routes) return "";
        int without = routes.Uncounted.Sum(uncounted => uncounted.Routes);
        if (without == 0) return "";
        return $" Counted are the routes that show an upstream; on {Wording.Count(without)} of {Wording.Count(routes.Routes)} none can be counted: "
            + $"{StateWords.WhyNoUpstream(routes)}.";
    }

    private static string Percent(double? share) => share is { } known ? Wording.PercentFine(known).TrimEnd('%') : "–";
}
