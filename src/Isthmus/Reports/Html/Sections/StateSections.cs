using Isthmus.Text;
using Isthmus.Transit.Shares;

namespace Isthmus.Reports.Html.Sections;

/// <summary>How it stands at the end of the period: the upstreams by six measures, and each prefix.</summary>
internal static class StateSections
{
    private const int PrefixesMax = 60, UpstreamsMax = 20;

    public static void Upstreams(PageWriter page)
    {
        var upstreams = page.Report.Transit.Upstreams.Where(upstream => upstream.PeerAses > 0).ToArray();
        bool isBoth = page.Report.Transit.Families.Count > 1;
        if (upstreams.Length == 0 && !isBoth) return;
        page.Open("shares", "Who carries it at the end");
        if (isBoth) page.List(page.Report.Transit.Families.Select(family => StateWords.Beside(family, page.Story.Names)));
        if (isBoth) page.Paragraph($"The table is of {StateWords.Name(page.Report.Transit.Headline!.Family)}.", "meta");
        page.Table($"Six measures of the same routes. {Definitions.NotTraffic}",
            ["Upstream", .. Definitions.Shares.Select(share => $"#{share.Name}"), "#Peer ASes", "First seen"],
            upstreams.Take(UpstreamsMax).Select(upstream => (string[])
            [
                PageWriter.T(page.Story.Names.Label(upstream.Asn)),
                .. All(upstream.Shares).Zip(All(upstream.Intervals), (share, interval) =>
                    PageWriter.T(ShareWords.Cell(share, interval, page.Report.Transit.Shares))),
                Wording.Count(upstream.PeerAses), Wording.Moment(upstream.FirstSeen),
            ]), "shares-table");
        page.More(upstreams.Length - UpstreamsMax, "upstreams");
        foreach (string sentence in ShareWords.Explanation(page.Report.Transit)) page.Paragraph(sentence, "meta");
        Ranges(page, upstreams);
        page.Close();
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

    public static void Prefixes(PageWriter page)
    {
        var prefixes = page.Report.Transit.Prefixes;
        if (prefixes.Count == 0) return;
        page.Open("prefixes", "Its prefixes");
        Table(page, page.Story.Size, prefixes, "prefix-table");
        var longer = page.Report.Transit.MoreSpecifics;
        if (longer.Count > 0)
            Table(page, $"Longer than /24 or /48, in no figure: {Wording.Count(longer.Count, "prefix", "prefixes")}", longer, "longer-table");
        Inside(page);
        page.Close();
    }

    private static void Inside(PageWriter page)
    {
        var inside = page.Report.Transit.Inside;
        if (inside.Count == 0) return;
        page.Table(InsideWords.Heading(page.Report.Transit), ["Prefix", "Inside", "Origin", "First seen (UTC)", "Then"],
            InsideWords.Order(inside).Take(PrefixesMax).Select(prefix => (string[])
            [
                prefix.Prefix.ToString(), prefix.Covering.ToString(), PageWriter.T(page.Story.Names.Label(prefix.Origin)),
                Wording.Moment(prefix.FirstSeen), InsideWords.Last(prefix),
            ]), "inside-table");
        page.More(inside.Count - PrefixesMax, "routes");
    }

    private static void Table(PageWriter page, string caption, IReadOnlyList<PrefixState> prefixes, string id)
    {
        page.Table(caption, ["Prefix", "Origin", "#Visibility", "By"], prefixes.Take(PrefixesMax).Select(prefix => (string[])
        [
            prefix.Prefix.ToString(), PageWriter.T(StateWords.Origins(prefix)), PageWriter.T(StateWords.SeenBy(page.Report, prefix)),
            PageWriter.T(StateWords.Carriers(prefix, page.Story.Names.Brief)),
        ]), id);
        page.More(prefixes.Count - PrefixesMax, "prefixes");
    }
}
