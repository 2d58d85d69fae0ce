using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Court;

/// <summary>
/// A dump that contradicts the updates of at least half of the sessions that hold the subject, two at least: the dump is wrong, or
/// updates are lost (methods.md, "Feed problems").
/// </summary>
/// <param name="Peers">Indexes into <see cref="IRouteSpans.Peers"/> of those that it contradicts.</param>
/// <param name="Holding">How many sessions of the collector ever held the subject.</param>
/// <param name="First">The time of its first entry that contradicts.</param>
/// <param name="Last">The same of the last.</param>
internal sealed record DumpContradictions(
    Collector Collector, IReadOnlyList<int> Peers, int Holding, Timestamp First, Timestamp Last)
{
    /// <summary>Entries of one dump lie within this.</summary>
    public static readonly TimeSpan OneDump = TimeSpan.FromSeconds(600);

    /// <summary>One session that fails is the peer's own matter.</summary>
    private const int SessionsMin = 2;

    /// <summary>All of them, by collector and time.</summary>
    public static IReadOnlyList<DumpContradictions> Of(IRouteSpans seen)
    {
        List<DumpContradictions> found = [];
        foreach (var group in Steps(seen).GroupBy(step => seen.Peers[step.Peer].Peer.Collector).OrderBy(group => group.Key))
        {
            int holding = seen.Histories.Where(history => seen.Peers[history.Peer].Peer.Collector == group.Key)
                .Select(history => history.Peer).Distinct().Count();
            var sorted = group.OrderBy(step => step.Time).ThenBy(step => step.Peer).ToArray();
            for (int from = 0, to; from < sorted.Length; from = to)
            {
                for (to = from + 1; to < sorted.Length && sorted[to].Time - sorted[from].Time <= OneDump;) to++;
                int[] peers = [.. sorted[from..to].Select(step => step.Peer).Distinct()];
                if (peers.Length >= SessionsMin && 2 * peers.Length >= holding)
                    found.Add(new(group.Key, peers, holding, sorted[from].Time, sorted[to - 1].Time));
            }
        }
        return found;
    }

    // What a dump says of a peer that sends updates, where something was known before.
    private static List<(int Peer, Timestamp Time)> Steps(IRouteSpans seen)
    {
        var found = new List<(int, Timestamp)>();
        foreach (var history in seen.Histories)
        {
            if (history.Steps.Count < 2 || !seen.Peers[history.Peer].SendsUpdates) continue;
            for (int i = 1; i < history.Steps.Count; i++)
                if (history.Steps[i] is { IsOfDump: true } step && history.Steps[i - 1].Path != RouteStep.Unknown)
                    found.Add((history.Peer, step.Time));
        }
        return found;
    }
}
