using Isthmus.Text;
using Isthmus.Transit.Changes;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>Draws a graph of paths twice, before and after a change: a line is as wide as the peer ASes that take the step.</summary>
internal sealed class PathPicture(Story story, Palette palette, PathGraph graph, TransitChange change, string id)
{
    private const double Width = 960, Left = 196, Right = 786, Top = 40, RowHeight = 15, WidthMax = 24;
    private const double NodeRadius = 5;
    private const int NameLetters = 28;

    /// <summary>One of the two pictures.</summary>
    public string Draw(bool isAfter)
    {
        double height = graph.Layout(Left, Right, Top, RowHeight);
        string which = isAfter ? "after" : "before";
        int peers = isAfter ? graph.PeerAses.After : graph.PeerAses.Before;
        string when = isAfter ? $"After, {Wording.Moment(change.Last)} UTC" : $"Before, {Wording.Moment(change.First)} UTC";
        var svg = new Drawing($"{id}-{which}", "paths", (Width, Top + height + 12),
            ($"Paths to {ChangeWords.Scope(change)} of {story.Subject} {which} the change",
            $"{Wording.Count(peers, "peer AS", "peer ASes")} on the left, the origin on the right; the table below has every step."));
        svg.Text("head", 0, 16, $"{when}: {Wording.Count(peers, "peer AS has", "peer ASes have")} a path");
        double most = Math.Max(1, graph.Edges.Max(edge => Math.Max(edge.Before.PeerAses, edge.After.PeerAses)));
        foreach (var edge in graph.Edges.Reverse()) DrawEdge(svg, edge, isAfter, most);
        foreach (var node in graph.Nodes) DrawNode(svg, node, isAfter, height);
        return svg.Done();
    }

    private void DrawEdge(Drawing svg, PathEdge edge, bool isAfter, double most)
    {
        var weight = isAfter ? edge.After : edge.Before;
        if (weight.PeerAses <= 0) return;
        double middle = (edge.From.X + edge.To.X) / 2;
        string colour = weight.Upstream is { } upstream ? $" {palette.ClassOf(palette.PlaceOf(upstream))}" : "";
        string at = $"M{Svg.Number(edge.From.X)} {Svg.Number(edge.From.Y)}C{Svg.Number(middle)} {Svg.Number(edge.From.Y)}";
        svg.Path($"step{colour}{(edge.To.Layer > 0 ? " thin" : "")}",
            $"{at} {Svg.Number(middle)} {Svg.Number(edge.To.Y)} {Svg.Number(edge.To.X)} {Svg.Number(edge.To.Y)}",
            width: Math.Max(1.3, WidthMax * weight.PeerAses / most));
    }

    private void DrawNode(Drawing svg, PathNode node, bool isAfter, double height)
    {
        double Of(PathEdge edge) => (isAfter ? edge.After : edge.Before).PeerAses;
        double through = graph.Edges.Where(edge => edge.To == node || edge.From == node).Max(Of);
        string dim = through > 0 ? "" : " dim";
        if (node.IsVantage)
        {
            svg.Circle("vantage" + dim, node.X, node.Y, 3);
            svg.Text("peer end" + dim, node.X - 8, node.Y + 3.5, Wording.Cut(story.Names.Brief(node.Asn), NameLetters));
            return;
        }
        string colour = node.Layer == 1 ? $" {palette.ClassOf(palette.PlaceOf(node.Asn))}" : "";
        svg.Circle("node" + colour + dim, node.X, node.Y, node.Layer <= 1 ? NodeRadius + 2 : NodeRadius);
        string name = node.Layer == 1
            ? Wording.Cut(story.Names.Brief(node.Asn), NameLetters + 6) : Wording.Cut(story.Names.Short(node.Asn), NameLetters - 8);
        if (node.Layer == 0)
        {
            svg.Text("label", node.X + 12, node.Y - 1, node.Asn.ToString());
            svg.Text("peer", node.X + 12, node.Y + 12, name);
        }
        else if (node.Layer == 1)
        {
            // Over the way to the origin there is room; the names of the column before need theirs.
            svg.Text("label over" + dim, node.X - 6, Math.Max(Top - 4, node.Y - 18), name);
            double carried = graph.Edges.Where(edge => edge.From == node).Sum(Of);
            if (carried > 0) svg.Text("peer over", node.X - 6, Math.Min(node.Y + 27, Top + height + 8), $"{Svg.Number(carried)} peer ASes");
        }
        else
        {
            svg.Text("peer mid" + dim, node.X, Math.Max(node.Y - 9, Top), name);
        }
    }
}
