using Isthmus.Text;
using Isthmus.Transit.Shares;

namespace Isthmus.Reports.Html.Sections;

/// <summary>How it stands at the end of the period: the upstreams by six measures.</summary>
internal static class StateSections
{
    private const int UpstreamsMax = 20;

    public static void Upstreams(PageWriter page)
    {
        var upstreams = page.Report.Transit.Upstreams.Where(upstream => upstream.PeerAses > 0).ToArray();
        bool isBoth = page.Report.Transit.Families.Count > 1, isMoment = page.IsMoment;
        if (upstreams.Length == 0 && !isBoth) return;
        page.Open("shares", "Who carries it at the end");
        if (isBoth) page.List(page.Report.Transit.Families.Select(family => StateWords.Beside(family, page.Story.Names)));
        if (isBoth) page.Paragraph($"The table is of {StateWords.Name(page.Report.Transit.Headline!.Family)}.", "meta");
        page.Table($"Six measures of the same routes. {Definitions.NotTraffic}",
            ["Upstream", .. Definitions.Shares.Select(share => $"#{share.Name}"), "#Peer ASes", .. isMoment ? (string[])[] : ["First seen"]],
            upstreams.Take(UpstreamsMax).Select(upstream => (string[])
            [
                PageWriter.T(page.Story.Names.Label(upstream.Asn)),
                .. All(upstream.Shares).Zip(All(upstream.Intervals), (share, interval) =>
                    PageWriter.T(ShareWords.Cell(share, interval, page.Report.Transit.Shares))),
                Wording.Count(upstream.PeerAses), .. isMoment ? (string[])[] : [FirstSeen(upstream)],
            ]).Concat(Rest(page, [.. upstreams.Skip(UpstreamsMax)])), "shares-table");
        page.More(upstreams.Length - UpstreamsMax, "upstreams");
        foreach (string sentence in ShareWords.Explanation(page.Report.Transit)) page.Paragraph(sentence, "meta");
        Ranges(page, upstreams);
        page.Close();
    }

    // A line may break between date and clock, and nowhere else.
    private static string FirstSeen(UpstreamState upstream) =>
        $"<span class=\"time\">{Wording.Date(upstream.FirstSeen)}</span> {Wording.Clock(upstream.FirstSeen)}";

    // Those without a row together. What does not add up, as one peer AS may use several of them, has no sum.
    private static IEnumerable<string[]> Rest(PageWriter page, UpstreamState[] rest)
    {
        if (rest.Length == 0) yield break;
        string Sum(Func<UpstreamShares, double> of) =>
            PageWriter.T(ShareWords.Cell(rest.Sum(upstream => of(upstream.Shares)), null, page.Report.Transit.Shares));
        yield return
        [
            $"The rest: {Wording.Count(rest.Length, "upstream", "upstreams")}", Sum(shares => shares.Route), Sum(shares => shares.PeerAs),
            Sum(shares => shares.Prefix), Sum(shares => shares.Address), "–", "–", "–",
            .. page.IsMoment ? (string[])[] : ["–"],
        ];
    }

    private static double[] All(UpstreamShares shares) =>
        [shares.Route, shares.PeerAs, shares.Prefix, shares.Address, shares.Coverage, shares.Hegemony];

    private static ShareInterval?[] All(ShareIntervals? of) => of is null ? new ShareInterval?[6]
        : [of.Route, of.PeerAs, of.Prefix, of.Address, of.Coverage, of.Hegemony];

    // What is left of a share when each collector in turn is left out, and when each country weighs the same.
    private static void Ranges(PageWriter page, UpstreamState[] upstreams)
    {
        var rows = upstreams.Take(UpstreamsMax).SelectMany(upstream => RangesOf(page, upstream)).ToArray();
        if (rows.Length == 0) return;
        page.Details("Without each collector in turn, and with each country weighing the same");
        page.Table("The same measures, weighed otherwise", ["Upstream", "", .. Definitions.Shares.Select(share => $"#{share.Name}")], rows);
        page.EndDetails();
    }

    private static IEnumerable<string[]> RangesOf(PageWriter page, UpstreamState upstream)
    {
        string name = PageWriter.T(page.Story.Names.Brief(upstream.Asn));
        if (upstream.Intervals is { PeerAs.LeaveOneOutLow: not null } intervals)
            yield return [name, "collectors", .. All(intervals).Select(interval => interval is { LeaveOneOutLow: { } low, LeaveOneOutHigh: { } high }
                ? PageWriter.T(ShareWords.Range(low, high)) : "–")];
        if (upstream.Countries is { ByCountry.Count: > 1 } over)
            yield return [name, "countries", .. All(over.Balanced).Select(share => PageWriter.T(Wording.Percent(share)))];
    }
}
