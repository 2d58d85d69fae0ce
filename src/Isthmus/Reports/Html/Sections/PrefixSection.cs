using Isthmus.Text;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Reports.Html.Sections;

/// <summary>The prefixes at the end of the period: each, or of many how many are announced by whom and carried by whom.</summary>
internal static class PrefixSection
{
    private const int GroupsMax = 20, CarriersMax = 3;

    public static void Write(PageWriter page)
    {
        var prefixes = page.Report.Transit.Prefixes;
        if (prefixes.Count == 0) return;
        page.Open("prefixes", "Its prefixes");
        if (page.IsLarge) Groups(page, prefixes);
        Table(page, page.Story.Size, prefixes, "prefix-table");
        var longer = page.Report.Transit.MoreSpecifics;
        if (longer.Count > 0)
            Table(page, $"Longer than /24 or /48, in no figure: {Wording.Count(longer.Count, "prefix", "prefixes")}", longer, "longer-table");
        Inside(page);
        page.Close();
    }

    private static void Groups(PageWriter page, IReadOnlyList<PrefixState> prefixes)
    {
        page.Paragraph($"{page.Story.Size}.");
        ByUpstream(page, prefixes);
        ByOrigin(page, prefixes);
    }

    private static void ByUpstream(PageWriter page, IReadOnlyList<PrefixState> prefixes)
    {
        var (upstreams, without) = (Carriers(prefixes), prefixes.Count(prefix => prefix.Upstreams.Count == 0));
        if (upstreams.Count == 0) return;
        var rest = upstreams.Skip(GroupsMax).Select(upstream => upstream.Asn).ToHashSet();
        var rows = upstreams.Take(GroupsMax)
            .Select(upstream => (string[])[PageWriter.T(page.Story.Names.Label(upstream.Asn)), Wording.Count(upstream.Prefixes)]);
        if (rest.Count > 0)
            rows = rows.Append([$"The rest: {Wording.Count(rest.Count, "upstream", "upstreams")}",
                Wording.Count(prefixes.Count(prefix => prefix.Upstreams.Any(upstream => rest.Contains(upstream.Asn))))]);
        if (without > 0) rows = rows.Append(["No upstream can be counted", Wording.Count(without)]);
        page.Table("By upstream: of how many prefixes some peer AS holds a route by it. A prefix with several upstreams counts for each.",
            ["Upstream", "#Prefixes"], rows, "by-upstream-table");
    }

    private static void ByOrigin(PageWriter page, IReadOnlyList<PrefixState> prefixes)
    {
        var origins = prefixes.GroupBy(prefix => prefix.Origin)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key).ToArray();
        if (origins.Length < 2) return;
        var rows = origins.Take(GroupsMax).Select(group => (string[])
        [
            PageWriter.T(group.Key is { } origin ? page.Story.Names.Label(origin) : "origin unknown"), Wording.Count(group.Count()),
            PageWriter.T(CarriersOf(page, [.. group])),
        ]);
        if (origins.Length > GroupsMax)
            rows = rows.Append([$"The rest: {Wording.Count(origins.Length - GroupsMax, "network", "networks")}",
                Wording.Count(origins.Skip(GroupsMax).Sum(group => group.Count())), ""]);
        page.Table("By the network that originates them, and the upstreams of most of its prefixes", ["Origin", "#Prefixes", "By"], rows, "by-origin-table");
    }

    private static string CarriersOf(PageWriter page, PrefixState[] prefixes)
    {
        var upstreams = Carriers(prefixes);
        if (upstreams.Count == 0) return "no upstream can be counted";
        int more = upstreams.Count - CarriersMax;
        var most = upstreams.Take(CarriersMax)
            .Select(upstream => $"{page.Story.Names.Brief(upstream.Asn)} {Wording.Count(upstream.Prefixes)}");
        return string.Join(", ", most) + (more > 0 ? $", {Wording.Count(more)} more" : "");
    }

    // Each upstream with how many of the prefixes some peer AS holds by it, the most first.
    private static List<(Asn Asn, int Prefixes)> Carriers(IEnumerable<PrefixState> prefixes) =>
    [
        .. prefixes.SelectMany(prefix => prefix.Upstreams).CountBy(upstream => upstream.Asn)
            .Select(entry => (entry.Key, entry.Value)).OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key),
    ];

    private static void Inside(PageWriter page)
    {
        var inside = page.Report.Transit.Inside;
        if (inside.Count == 0) return;
        page.Table(InsideWords.Heading(page.Report.Transit), ["Prefix", "Inside", "Origin", "First seen (UTC)", "Then"],
            InsideWords.Order(inside).Take(PageWriter.PrefixesMax).Select(prefix => (string[])
            [
                prefix.Prefix.ToString(), prefix.Covering.ToString(), PageWriter.T(page.Story.Names.Label(prefix.Origin)),
                Wording.Moment(prefix.FirstSeen), InsideWords.Last(prefix),
            ]), "inside-table");
        page.More(inside.Count - PageWriter.PrefixesMax, "routes");
    }

    // Where there are more than anybody reads, those that stand here are closed.
    private static void Table(PageWriter page, string caption, IReadOnlyList<PrefixState> prefixes, string id)
    {
        int more = prefixes.Count - PageWriter.PrefixesMax;
        if (more > 0) page.Details($"The first {Wording.Count(PageWriter.PrefixesMax)} of {Wording.Count(prefixes.Count)} prefixes, one by one");
        page.Table(caption, ["Prefix", "Origin", "#Visibility", "By"], prefixes.Take(PageWriter.PrefixesMax).Select(prefix => (string[])
        [
            prefix.Prefix.ToString(), PageWriter.T(StateWords.Origins(prefix)), PageWriter.T(StateWords.SeenBy(page.Report, prefix)),
            PageWriter.T(StateWords.Carriers(prefix, page.Story.Names.Brief)),
        ]), id);
        if (more > 0) page.EndDetails();
        page.More(more, "prefixes");
    }
}
