using Isthmus.Routes;

namespace Isthmus.Archives;

/// <summary>A collector that was chosen for its peers.</summary>
/// <param name="Full">Peer ASes that send it all IPv4 routes.</param>
/// <param name="Added">Those of them that no collector chosen before has.</param>
internal sealed record ChosenCollector(ArchiveCollector Collector, int Full, int Added);

/// <summary>Which few collectors have the most different peer ASes that send all routes.</summary>
internal static class FeedChoice
{
    /// <summary>A part of the table with fewer prefixes tells no peer from another.</summary>
    private const int PrefixesMin = 200;

    /// <summary>
    /// Chooses one after the other, each time the collector that adds most; of equal ones that with more of them, then by name. A session
    /// sends all routes when it has at least <see cref="FullFeed.Part"/> of the yardstick of all sessions (<see cref="FullFeed"/>), in the
    /// part of the table that all samples tell.
    /// </summary>
    public static IReadOnlyList<ChosenCollector> Most(
        IReadOnlyCollection<(ArchiveCollector Collector, FeedSample Sample)> samples, int most)
    {
        var telling = samples.Where(one => one.Sample.Below(one.Sample.End).Any(peer => peer.Prefixes > 0)).ToList();
        var longer = telling.Where(one => one.Sample.Below(one.Sample.End).Max(peer => peer.Prefixes) >= PrefixesMin).ToList();
        if (longer.Count > 0) telling = longer;
        if (telling.Count == 0) return [];
        int end = telling.Min(one => one.Sample.End);
        double least = FullFeed.Threshold(telling.SelectMany(one => one.Sample.Below(end)).Select(peer => peer.Prefixes));
        var left = telling.ToDictionary(one => one.Collector, one => one.Sample.Below(end)
            .Where(peer => peer.Prefixes > 0 && peer.Prefixes >= least).Select(peer => peer.Asn).ToHashSet());
        var full = left.ToDictionary(one => one.Key, one => one.Value.Count);
        var chosen = new List<ChosenCollector>();
        while (chosen.Count < most && left.Count > 0)
        {
            var next = left.OrderByDescending(one => one.Value.Count).ThenByDescending(one => full[one.Key])
                .ThenBy(one => one.Key.Collector).First();
            if (next.Value.Count == 0) break;
            chosen.Add(new(next.Key, full[next.Key], next.Value.Count));
            left.Remove(next.Key);
            foreach (var other in left.Values) other.ExceptWith(next.Value);
        }
        return chosen;
    }
}
