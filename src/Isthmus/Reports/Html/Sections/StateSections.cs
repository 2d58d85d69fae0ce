using Isthmus.Transit;

namespace Isthmus.Reports.Html.Sections;

/// <summary>How it stands at the end of the period: the upstreams by six measures, and each prefix.</summary>
internal static class StateSections
{
    private const int PrefixesMax = 60, UpstreamsMax = 20;

    public static void Upstreams(PageWriter page)
    {
        var upstreams = page.Report.Transit.Upstreams.Where(upstream => upstream.PeerAses > 0).ToArray();
        if (upstreams.Length == 0) return;
        page.Open("shares", "Who carries it at the end");
        page.Table($"Six measures of the same routes. {Definitions.NotTraffic}",
            ["Upstream", .. Definitions.Shares.Select(share => $"#{share.Name}"), "#Peer ASes", "First seen"],
            upstreams.Take(UpstreamsMax).Select(upstream => (string[])
            [
                PageWriter.T(page.Story.Names.Label(upstream.Asn)),
                .. All(upstream.Shares).Select(share => PageWriter.T(Wording.PercentFine(share))),
                Wording.Count(upstream.PeerAses), Wording.Moment(upstream.FirstSeen),
            ]), "shares-table");
        page.More(upstreams.Length - UpstreamsMax, "upstreams");
        page.Close();
    }

    private static double[] All(UpstreamShares shares) =>
        [shares.Route, shares.PeerAs, shares.Prefix, shares.Address, shares.Coverage, shares.Hegemony];

    public static void Prefixes(PageWriter page)
    {
        var prefixes = page.Report.Transit.Prefixes;
        if (prefixes.Count == 0) return;
        page.Open("prefixes", "Its prefixes");
        page.Table(page.Story.Size, ["Prefix", "Origin", "#Visibility", "By"], prefixes.Take(PrefixesMax).Select(prefix => (string[])
        [
            prefix.Prefix.ToString(), prefix.Origin.ToString(), PageWriter.T(Wording.PercentFine(prefix.Visibility)),
            PageWriter.T(prefix.Upstreams.Count == 0 ? "no upstream can be counted" : string.Join(", ", prefix.Upstreams.Select(upstream =>
                $"{page.Story.Names.Brief(upstream.Asn)} {Wording.Percent(upstream.PeerAs)} ({Wording.Count(upstream.PeerAses, "peer AS", "peer ASes")})"))),
        ]), "prefix-table");
        page.More(prefixes.Count - PrefixesMax, "prefixes");
        page.Close();
    }
}
