using System.Diagnostics;
using System.Globalization;

using Isthmus.Relationships;
using Isthmus.Scenarios;
using Isthmus.Wire;

namespace Isthmus.Benchmarks;

/// <summary>What a modelled cut costs on a graph as large as the Internet: every origin of one country, before and after.</summary>
internal static class CutCost
{
    /// <summary>Draws the graph, cuts its largest AS below the top, and tells the time.</summary>
    public static int Run(int ases, int links, int origins)
    {
        var watch = Stopwatch.StartNew();
        var graph = Draw(new(1), ases, links);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{graph.Count} ASes, {graph.Links.Count} links, drawn in {watch.Elapsed.TotalSeconds:0.0} s"));
        int largest = Enumerable.Range(0, graph.Count).Where(at => !graph.Of(at, Neighbour.Provider).IsEmpty)
            .MaxBy(at => graph.Of(at, Neighbour.Customer).Length);
        var cut = new GraphCut(graph);
        cut.Remove(largest);
        int[] asked = [.. new SeededRandom(2).Shuffle(Enumerable.Range(0, graph.Count).Where(at => at != largest)).Take(origins)];
        watch.Restart();
        var used = Process.GetCurrentProcess().TotalProcessorTime;
        long before = 0, after = 0, lost = 0;
        Parallel.ForEach(asked, () => (Plain: new RouteTree(graph), Cut: new RouteTree(graph)), (origin, _, trees) =>
        {
            trees.Plain.Run(origin);
            trees.Cut.Run(origin, cut);
            Interlocked.Add(ref before, trees.Plain.Reached);
            Interlocked.Add(ref after, trees.Cut.Reached);
            if (trees.Cut.Reached == 1) Interlocked.Increment(ref lost);
            return trees;
        }, _ => { });
        double seconds = watch.Elapsed.TotalSeconds, processor = (Process.GetCurrentProcess().TotalProcessorTime - used).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"cut of {graph[largest]} for {asked.Length} origins, before and after: {seconds:0.00} s, {processor:0.00} s of processor time, {1000 * processor / asked.Length / 2:0.00} ms a run; {Environment.ProcessorCount} processors"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"networks that reach an origin: {(double)before / asked.Length:0} before, {(double)after / asked.Length:0} after; {lost} origins are cut off"));
        return 0;
    }

    // As the Internet grew: who comes buys mostly of those with many customers, and peers with anybody.
    private static RelationshipGraph Draw(SeededRandom random, int ases, int links)
    {
        var made = new List<AsLink>(links);
        var sellers = new List<int>();
        for (int one = 0; one < 15; one++)
        {
            for (int other = 0; other < one; other++) made.Add(LinkOf(one, other, LinkKind.Peering));
            for (int i = 0; i < 30; i++) sellers.Add(one);
        }
        for (int one = 15; one < ases; one++)
        {
            for (int bought = random.Between(1, 3); bought > 0; bought--)
            {
                int provider = random.Chance(0.1) ? random.Below(Math.Min(one, ases / 6)) : random.Pick(sellers);
                made.Add(LinkOf(provider, one, LinkKind.Transit));
                sellers.Add(provider);
            }
            if (one < ases / 6) sellers.Add(one);
        }
        while (made.Count < links)
        {
            int one = random.Between(15, ases - 1), other = random.Between(15, ases - 1);
            if (one != other) made.Add(LinkOf(one, other, LinkKind.Peering));
        }
        return RelationshipGraph.Of(made, [.. Enumerable.Range(0, 15).Select(AsnOf)]);
    }

    private static AsLink LinkOf(int one, int other, LinkKind kind) => new(AsnOf(one), AsnOf(other), kind);

    // Numbers without order, as those of the Internet have none.
    private static Asn AsnOf(int one) => new((uint)((long)one * 48271 % 2147483647 % 400_000_000) + 1);
}
