namespace Isthmus.Relationships;

/// <summary>Finds the ASes at the top, which are each other's peers and buy from nobody (docs/methods.md, "Relationships").</summary>
internal static class TopClique
{
    /// <summary>ASes of the largest transit degree, among which the clique begins.</summary>
    private const int SeedAses = 10;

    /// <summary>ASes after those that are tried: below the top fifty nobody is transit-free.</summary>
    private const int TriedAses = 50;

    /// <summary>Origins behind an AS below two members that are taken for leaks.</summary>
    private const int LeakedOriginsMax = 5;

    /// <summary>The ids of the members, in the order of rank.</summary>
    /// <param name="ranked">All ids, the largest transit degree first.</param>
    public static IReadOnlyList<int> Find(SeenPaths paths, SeenLinks links, IReadOnlyList<int> ranked)
    {
        int[] tried = [.. ranked.Where(id => links.TransitDegree[id] > 0).Take(TriedAses)];
        var below = Below(paths, tried);
        int[] seeds = [.. tried.Take(SeedAses)];
        int[] best = Largest(seeds, links, below);
        // Others that link to all of them, in the order of rank; what grew so may hold a larger one.
        int[] grown = [.. best];
        foreach (int id in tried.Except(best))
            if (grown.All(member => links.Between(member, id) >= 0) && !IsBelow([.. grown, id], below)) grown = [.. grown, id];
        return [.. grown.OrderBy(id => Array.IndexOf(tried, id))];
    }

    // The set of seeds, each linked with each and none below two others, of which the transit degrees add up to most.
    private static int[] Largest(int[] seeds, SeenLinks links, IReadOnlySet<(int, int, int)> below)
    {
        int[] best = [];
        long most = 0;
        for (int set = 1; set < 1 << seeds.Length; set++)
        {
            int[] members = [.. seeds.Where((_, place) => (set >> place & 1) == 1)];
            long sum = members.Sum(id => (long)links.TransitDegree[id]);
            if (sum <= most) continue;
            bool isClique = members.All(one => members.All(other => one == other || links.Between(one, other) >= 0));
            if (isClique && !IsBelow(members, below)) (best, most) = (members, sum);
        }
        return best;
    }

    private static bool IsBelow(int[] members, IReadOnlySet<(int, int, int)> below) =>
        members.Any(x => members.Any(y => members.Any(z => below.Contains((x, y, z)))));

    // Runs x y z of ASes that are tried: y passed to x what it has of z, so not both are z's peers. What few origins show is a leak.
    private static HashSet<(int, int, int)> Below(SeenPaths paths, int[] tried)
    {
        var asked = tried.ToHashSet();
        var origins = new Dictionary<(int, int, int), HashSet<int>>();
        for (int path = 0; path < paths.Count; path++)
        {
            var hops = paths[path];
            for (int i = 2; i < hops.Length; i++)
            {
                if (!asked.Contains(hops[i]) || !asked.Contains(hops[i - 1]) || !asked.Contains(hops[i - 2])) continue;
                var run = (hops[i - 2], hops[i - 1], hops[i]);
                if (!origins.TryGetValue(run, out var seen)) origins[run] = seen = [];
                if (seen.Count <= LeakedOriginsMax) seen.Add(hops[^1]);
            }
        }
        return [.. origins.Where(run => run.Value.Count > LeakedOriginsMax || run.Value.Contains(run.Key.Item3)).Select(run => run.Key)];
    }
}
