using System.Globalization;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Cuts.Words;

/// <summary>Writes what a cut does for people.</summary>
public static class WhatIfText
{
    private const int UpstreamsMax = 10, CutsMax = 6;

    /// <summary>Writes all of it.</summary>
    /// <param name="selection">Whose routes alone a store keeps, in words; null where every prefix is there.</param>
    public static void Write(WhatIfAnswer answer, RegistrySnapshot registry, string? selection, TextWriter output, int width)
    {
        var page = new TextPage(output, width);
        var names = new Names(registry);
        var routes = answer.Routes;
        page.Heading(TableCoverage.Few(routes.FullFeedAses) + First(answer, names), '=');
        if (routes.Table.Notice is { } notice) page.Paragraph(notice.ReplaceLineEndings(" "), "");
        page.Line();
        page.Paragraph(How(answer), "");
        if (routes.Rows.Count > 0)
        {
            page.Line();
            WriteReach(page, answer);
            WriteUpstreams(page, answer, names);
            WriteIsolating(page, answer.MinimumCuts, names, answer.Mode is WhatIfMode.Modelled);
        }
        TableCoverage.WriteText(page, routes.Table, selection);
    }

    /// <summary>The sets that isolate, in words.</summary>
    /// <param name="isModelled">True for purchases alone, which lead to the top; false for all paths that are seen.</param>
    internal static void WriteIsolating(TextPage page, IReadOnlyList<IsolatingCut> cuts, Names names, bool isModelled)
    {
        page.Line();
        page.Heading(isModelled ? "The smallest cuts that leave it no provider up to the top" : "The smallest cuts that isolate it");
        if (isModelled) page.Paragraph("By purchases alone, with nothing cut before; who has its routes from a peer may still reach it.", "  ");
        if (cuts.Count == 0) page.Paragraph(
            $"None is found: no way {(isModelled ? "of the model" : "seen")} leads in from outside, or the subject is at the top itself.", "  ");
        foreach (bool ofLinks in (bool[])[false, true])
        {
            IsolatingCut[] of = [.. cuts.Where(cut => cut.OfLinks == ofLinks)];
            foreach (var cut in of.Take(CutsMax))
                page.Paragraph(Wording.Join([.. cut.Ases.Select(one =>
                    one.Other is { } other ? $"the link {names.Brief(one.Asn)} – {names.Brief(other)}" : names.Brief(one.Asn))]), "  ", 2);
            page.More(of.Length - Math.Min(of.Length, CutsMax), ofLinks ? "sets of links" : "sets of networks");
        }
    }

    /// <summary>What is taken away, in words.</summary>
    internal static string Words(Cut cut, Subject subject, Names names) => cut.Kind switch
    {
        CutKind.Network => names.Label(cut.Asn),
        CutKind.Link => $"the link {cut.Asn} – {cut.Other}",
        CutKind.Country => $"all networks of {CountryNames.NameOf(cut.Country)} ({cut.Country}), for others too",
        _ => $"the links between {Names.Spoken(subject)} and networks of {CountryNames.NameOf(cut.Country)} ({cut.Country})",
    };

    private static string First(WhatIfAnswer answer, Names names)
    {
        var (routes, before, after) = (answer.Routes, answer.Before, answer.After);
        string subject = Names.Spoken(routes.Subject), time = $"at {routes.Table.At}";
        if (routes.Peers.Count == 0)
            return $"Nothing is known of {subject} {time}: no vantage point outside has a known table with a route of it";
        if (routes.Rows.Count == 0) return $"No vantage point whose table is known holds a route of {subject} {time}";
        string without = $"Without {Wording.Join([.. answer.Cuts.Select(cut => Words(cut, routes.Subject, names))])}";
        int lost = before.ReachablePeerAses - after.ReachablePeerAses;
        string may = answer.Mode is WhatIfMode.Observed ? "at most " : "";
        string told = before.ReachablePeerAses == 0 ? $"nothing can be said: nobody of those that are left reaches {subject} as it is"
            : lost == 0 && before.Prefixes == after.Prefixes ? $"no peer AS of {before.ReachablePeerAses} loses {subject}"
            : after.ReachablePeerAses == 0 ? $"{may}all {before.ReachablePeerAses} peer ASes lose {subject}"
            : $"{may}{lost} of {before.ReachablePeerAses} peer ASes lose {subject}";
        return $"{without}, {told}, {time}";
    }

    private static string How(WhatIfAnswer answer)
    {
        string left = answer.LeftOut == 0 ? ""
            : $" {Wording.Count(answer.LeftOut, "peer AS is", "peer ASes are")} cut away {(answer.LeftOut == 1 ? "itself and is" : "themselves and are")} not asked.";
        if (answer.Model is not { } model)
            return "Observed: the paths that vantage points hold, less those that the cut breaks. Networks may have other routes that are not seen, "
                + $"so this is an upper bound of what is lost.{left}";
        string agreement = model.Agreement is { } part
            ? $"of {Wording.Count(model.HeldOut, "peer AS", "peer ASes")}{(model.AreHeldOut ? " that were held out" : "")}, it predicts the next hop toward the origin of {Wording.Percent(part)}"
            : "no peer AS could be held out, so how often it is right is not known";
        return $"Modelled: routes as policy makes them of relationships, {model.Relationships}; {agreement}.{left}";
    }

    private static void WriteReach(TextPage page, WhatIfAnswer answer)
    {
        var (before, after) = (answer.Before, answer.After);
        var rows = new List<(string, string)>
        {
            Row("peer ASes with a route", before.ReachablePeerAses, after.ReachablePeerAses),
            Row("prefixes that any reaches", before.Prefixes, after.Prefixes),
        };
        if (before.Addresses is { } addresses && after.Addresses is { } left) rows.Add(Row("addresses in these", addresses, left));
        if (before.Networks is { } networks && after.Networks is { } kept) rows.Add(Row("networks of the model", networks, kept));
        page.Table($"  {"",-28}{"before",14}{"after",14}{"lost",14}", rows);
        if (answer.AddedHops is { } hops) page.Line(string.Create(CultureInfo.InvariantCulture,
            $"  hops added to the routes that are left, on average: {hops:0.00}"));

        static (string, string) Row(string what, long one, long other) => (
            $"  {what,-28}{Wording.Count(one),14}{Wording.Count(other),14}{Wording.Count(one - other),14}",
            $"{what}: {Wording.Count(one)} before, {Wording.Count(other)} after, {Wording.Count(one - other)} lost");
    }

    private static void WriteUpstreams(TextPage page, WhatIfAnswer answer, Names names)
    {
        var before = answer.Before.Upstreams.ToDictionary(one => one.Asn, one => one.Share);
        var after = answer.After.Upstreams.ToDictionary(one => one.Asn, one => one.Share);
        Asn[] all = [.. before.Keys.Union(after.Keys).OrderByDescending(asn => Math.Max(Of(before, asn), Of(after, asn))).ThenBy(asn =>
            asn)];
        page.Line();
        page.Heading("Upstreams, share of peer ASes with a route");
        if (all.Length == 0) page.Line("  none is seen to carry for another");
        else page.Table($"  {"",-48}{"before",10}{"after",10}", [.. all.Take(UpstreamsMax).Select(asn => (
            $"  {Wording.Cut(names.Brief(asn), 48),-48}{Wording.PercentFine(Of(before, asn)),10}{Wording.PercentFine(Of(after, asn)),10}",
            $"{names.Brief(asn)}: {Wording.PercentFine(Of(before, asn))} before, {Wording.PercentFine(Of(after, asn))} after"))]);
        page.More(all.Length - Math.Min(all.Length, UpstreamsMax), "upstreams");

        static double Of(Dictionary<Asn, double> shares, Asn asn) => shares.GetValueOrDefault(asn);
    }
}
