using Isthmus.Reports.Html.Pictures;
using Isthmus.Transit.Changes;

namespace Isthmus.Reports.Html.Sections;

/// <summary>The paths before and after the change that moved most.</summary>
internal static class PathSection
{
    private const int EdgesMax = 300, NodesMax = 160;

    public static void Write(PageWriter page)
    {
        var change = ListedChanges.Of(page.Story).Select(numbered => numbered.Change)
            .Where(change => change.Upstream is not null
                && change.Kind is ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned or ChangeKind.UpstreamVanished)
            .OrderByDescending(change => change.PeerAses).ThenBy(change => change.Time).FirstOrDefault();
        if (change is null || PathGraph.Of(change, page.Report, page.Story.Provenance.Sightings) is not { } graph) return;
        if (graph.Nodes.Count > NodesMax) return;
        var numbered = page.Story.Changes.First(entry => entry.Change == change);
        page.Open("paths", $"The paths before and after change {numbered.Number}");
        var picture = new PathPicture(page.Story, page.Palette, graph, change, "paths");
        string what = page.Story.Words.What(change);
        page.Figure("paths-before", picture.Draw(isAfter: false),
            $"Before. Vantage points on the left, the origin on the right; a line is as wide as the number of peer ASes whose routes take the step. {what}.");
        page.Figure("paths-after", picture.Draw(isAfter: true), "After: every AS is in the same place, and a line has the colour of the upstream that it leads to.",
            table: "paths-before-table");
        page.Details("Every step of the paths");
        page.Table("Peer ASes whose routes take each step; one that splits its routes counts in parts.", ["From", "To", "#Before", "#After"],
            graph.Edges.Take(EdgesMax).Select(edge => (string[])
            [
                PageWriter.T(page.Story.Names.Brief(edge.From.Asn)), PageWriter.T(page.Story.Names.Brief(edge.To.Asn)),
                Svg.Number(edge.Before.PeerAses), Svg.Number(edge.After.PeerAses),
            ]), "paths-before-table");
        page.More(graph.Edges.Count - EdgesMax, "steps");
        page.EndDetails();
        page.Close();
    }
}
