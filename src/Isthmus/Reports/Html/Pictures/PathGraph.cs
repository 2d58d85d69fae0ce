using Isthmus.Transit.Changes;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>An AS in a graph of paths.</summary>
/// <param name="Layer">0 for the subject's origin; the most hops that any path has from here to it.</param>
internal sealed record PathNode(Asn Asn, int Layer)
{
    /// <summary>The middle, in units of the picture; set by the layout.</summary>
    public double X { get; set; }

    /// <inheritdoc cref="X"/>
    public double Y { get; set; }

    /// <summary>True for an AS that only stands at the beginning of paths.</summary>
    public bool IsVantage { get; set; }
}

/// <summary>A step from one AS to the next, with how many peer ASes take it: one that splits its routes counts in parts.</summary>
internal sealed record PathEdge(PathNode From, PathNode To, PathWeight Before, PathWeight After);

/// <summary>How much of the paths take a step.</summary>
/// <param name="PeerAses">Peer ASes, in parts where one splits its routes.</param>
/// <param name="Upstream">The upstream that most of them go on to.</param>
internal readonly record struct PathWeight(double PeerAses, Asn? Upstream);

/// <summary>
/// The paths by which the vantage points reached some prefixes before and after a change, as one graph with two weights:
/// both pictures have every AS in the same place.
/// </summary>
internal sealed class PathGraph
{
    private readonly Dictionary<Asn, PathNode> _nodes = [];

    private PathGraph(IReadOnlyList<PathEdge> edges, IEnumerable<PathNode> nodes, (int Before, int After) peerAses)
    {
        Edges = edges;
        foreach (var node in nodes) _nodes[node.Asn] = node;
        PeerAses = peerAses;
    }

    /// <summary>All steps, those of most peer ASes first.</summary>
    public IReadOnlyList<PathEdge> Edges { get; }

    public IReadOnlyCollection<PathNode> Nodes => _nodes.Values;

    /// <summary>How many peer ASes had a path, before and after.</summary>
    public (int Before, int After) PeerAses { get; }

    /// <summary>The graph of a change; null where no path is known before or after.</summary>
    public static PathGraph? Of(TransitChange change, Report report, Sightings sightings)
    {
        var settled = change.Last + TimeSpan.FromSeconds(1);
        var before = PathsAt(change, sightings, change.First - TimeSpan.FromMicroseconds(1));
        var after = PathsAt(change, sightings, settled > report.To ? report.To : settled);
        if (before.Count == 0 && after.Count == 0) return null;
        var layers = new Dictionary<Asn, int>();
        var inside = new HashSet<Asn>();
        foreach (var (_, hops) in before.Concat(after))
        {
            for (int i = 0; i < hops.Count; i++)
                layers[hops[i]] = Math.Max(layers.GetValueOrDefault(hops[i]), hops.Count - 1 - i);
            inside.UnionWith(hops.Skip(1));
        }
        var nodes = layers.ToDictionary(
            entry => entry.Key, entry => new PathNode(entry.Key, entry.Value) { IsVantage = !inside.Contains(entry.Key) });
        var was = Weigh(before);
        var became = Weigh(after);
        var edges = was.Keys.Union(became.Keys)
            .Select(step => new PathEdge(nodes[step.From], nodes[step.To], was.GetValueOrDefault(step), became.GetValueOrDefault(step)))
            .OrderByDescending(Sum).ThenBy(edge => edge.From.Asn).ThenBy(edge => edge.To.Asn);
        return new([.. edges], nodes.Values.OrderBy(node => node.Asn),
            (before.Select(path => path.PeerAs).Distinct().Count(), after.Select(path => path.PeerAs).Distinct().Count()));
    }

    private static List<(Asn PeerAs, IReadOnlyList<Asn> Hops)> PathsAt(TransitChange change, Sightings sightings, Timestamp time)
    {
        var touched = change.Prefixes.ToHashSet();
        var paths = new List<(Asn, IReadOnlyList<Asn>)>();
        foreach (var sighting in sightings.All)
        {
            if (!sightings.Counts(sighting.Peer, sighting.Prefix) || !touched.Contains(sightings.Prefixes[sighting.Prefix])) continue;
            if (sighting.At(time) is var held && (!Holding.IsSubject(held) || !Holding.IsKnown(held))) continue;
            int path = sightings.Seen.Histories[sighting.History].PathAt(time);
            foreach (int one in sightings.Paths.Each(path))
                if (sightings.Paths[one].Clean is { CountsForShares: true } clean)
                    paths.Add((sightings.PeerAs(sighting.Peer), clean.Hops));
        }
        return paths;
    }

    // Each peer AS weighs one, over all of its routes.
    private static Dictionary<(Asn From, Asn To), PathWeight> Weigh(List<(Asn PeerAs, IReadOnlyList<Asn> Hops)> paths)
    {
        var parts = paths.GroupBy(path => path.PeerAs).SelectMany(peer => peer.SelectMany(path => path.Hops.Zip(path.Hops.Skip(1))
            .Select(step => (Step: step, Upstream: path.Hops.Count > 1 ? path.Hops[^2] : (Asn?)null, Part: 1.0 / peer.Count()))));
        return parts.GroupBy(part => part.Step).ToDictionary(step => step.Key, step => new PathWeight(
            step.Sum(part => part.Part),
            step.GroupBy(part => part.Upstream).OrderByDescending(by => by.Sum(part => part.Part)).ThenBy(by => by.Key).First().Key));
    }

    /// <summary>
    /// Lays it out: the vantage points in a column on the left, the origin on the right, the ASes between them in columns
    /// by their distance from it, and in each column in the order that crosses least (barycentres, a few turns).
    /// </summary>
    public double Layout(double left, double right, double top, double rowHeight)
    {
        const int Turns = 8;
        int layers = Math.Max(1, Nodes.Max(node => node.Layer));
        var vantage = Nodes.Where(node => node.IsVantage).ToList();
        var columns = Nodes.Where(node => !node.IsVantage).GroupBy(node => node.Layer).OrderBy(group => group.Key)
            .Select(group => group.ToList()).ToList();
        double height = rowHeight * Math.Max(vantage.Count, 2 * columns.Max(column => column.Count));
        int inner = columns.Count;
        foreach (var (index, column) in columns.Index())
            foreach (var node in column) node.X = right - (right - left) * index / (vantage.Count > 0 ? inner : Math.Max(1, inner - 1));
        foreach (var node in vantage) node.X = left;
        foreach (var column in columns.Append(vantage)) Spread(column, top, height);
        for (int turn = 0; turn < Turns; turn++)
        {
            foreach (var column in columns.Append(vantage)) Sort(column, edge => edge.From, edge => edge.To, top, height);
            foreach (var column in columns.AsEnumerable().Reverse()) Sort(column, edge => edge.To, edge => edge.From, top, height);
        }
        Sort(vantage, edge => edge.From, edge => edge.To, top, height);
        return height;
    }

    private void Sort(List<PathNode> column, Func<PathEdge, PathNode> own, Func<PathEdge, PathNode> other, double top, double height)
    {
        var means = Edges.GroupBy(own).ToDictionary(group => group.Key, group =>
            group.Sum(edge => Sum(edge) * other(edge).Y) / group.Sum(Sum));
        column.Sort((one, two) => means.GetValueOrDefault(one, one.Y).CompareTo(means.GetValueOrDefault(two, two.Y)) is var byMean and not 0
            ? byMean : one.Asn.CompareTo(two.Asn));
        Spread(column, top, height);
    }

    private static double Sum(PathEdge edge) => edge.Before.PeerAses + edge.After.PeerAses;

    private static void Spread(List<PathNode> column, double top, double height)
    {
        foreach (var (index, node) in column.Index()) node.Y = top + height * (index + 0.5) / column.Count;
    }
}
