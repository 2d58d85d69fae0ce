using Isthmus.Relationships;
using Isthmus.Scenarios;
using Isthmus.Wire;

namespace Isthmus.Tests.Relationships;

/// <summary>Small graphs as tests write them, and those that scenarios draw.</summary>
internal static class DrawnGraph
{
    /// <summary><c>1-2</c> is a peering, <c>1&gt;3</c> says that 1 sells transit to 3.</summary>
    public static RelationshipGraph Of(string links, params IReadOnlyList<uint> clique) =>
        RelationshipGraph.Of(links.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(LinkOf), [.. clique.Select(asn =>
            new Asn(asn))]);

    public static AsLink LinkOf(string text)
    {
        string[] ends = text.Split('-', '>');
        return new(Asn.Parse(ends[0]), Asn.Parse(ends[1]), text.Contains('>') ? LinkKind.Transit : LinkKind.Peering);
    }

    public static RelationshipGraph Of(AsGraph drawn) => RelationshipGraph.Of(
        from asn in drawn.Ases
        from link in drawn.Neighbours(asn)
        where link.Value is Relation.Customer || link.Value is Relation.Peer && asn < link.Key
        select new AsLink(new(asn), new(link.Key), link.Value is Relation.Customer ? LinkKind.Transit : LinkKind.Peering));

    /// <summary>Paths as lines, the vantage point first, which is the peer AS.</summary>
    public static SeenPaths Paths(params IEnumerable<string> lines)
    {
        var seen = new SeenPaths();
        foreach (string line in lines)
        {
            Asn[] hops = [.. line.Split(' ').Select(word => Asn.Parse(word))];
            seen.Add(hops[0], hops);
        }
        return seen;
    }

    /// <summary>What the graph says of two ASes: <c>1&gt;3</c>, <c>1-2</c> with the lower first, or nothing.</summary>
    public static string Told(this RelationshipGraph graph, uint one, uint other) => graph.Links
        .Where(link => link.First.Number == one && link.Second.Number == other || link.First.Number == other && link.Second.Number == one)
        .Select(link => $"{link.First.Number}{(link.Kind is LinkKind.Transit ? '>' : '-')}{link.Second.Number}").SingleOrDefault("");

    /// <summary>The path of an AS to the origin that was run, as text.</summary>
    public static string PathText(this RouteTree tree, RelationshipGraph graph, uint asn) =>
        string.Join(' ', tree.PathOf(graph.IndexOf(new(asn))).Select(hop => hop.Number));
}
