using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Court;

/// <summary>
/// Finds dumps that show an old table where updates were lost before them, so that these do not contradict them: what peers of one
/// collector had left by their own updates stands in its dump as in the one before, at all of them, while at others nobody is back.
/// </summary>
internal static class StaleDumps
{
    /// <summary>One that is back may be; and one that stays away elsewhere, too.</summary>
    private const int PeersMin = 2;

    /// <summary>What a dump after lost bytes says of a route that the peer had left before.</summary>
    /// <param name="IsBack">It stands as in the dump before.</param>
    /// <param name="Since">When that was.</param>
    private readonly record struct Said(int History, Timestamp Time, bool IsBack, Timestamp Since);

    /// <summary>
    /// The same without what the dumps of a collector say after lost bytes, where one of them is such, or contradicts the updates of half
    /// of its sessions: of that nothing is known until an update speaks.
    /// </summary>
    public static IRouteSpans LeftOut(IRouteSpans seen)
    {
        HashSet<Collector> doubted = [.. DumpContradictions.Of(seen).Select(dump => dump.Collector), .. Stale(seen)];
        return doubted.Count == 0 ? seen : seen.With([.. seen.Histories.Select(history => IsDoubted(seen.Peers[history.Peer])
            ? WithoutDumps(history) : history)]);

        bool IsDoubted(PeerFeed feed) => feed.SendsUpdates && doubted.Contains(feed.Peer.Collector);
    }

    private static RouteHistory WithoutDumps(RouteHistory history)
    {
        List<RouteStep> kept = [];
        bool isKnown = false, isLost = false;
        foreach (var step in history.Steps)
        {
            bool isUnknown = step.Path == RouteStep.Unknown;
            isLost = isUnknown ? isLost || isKnown && step.Cause is not Cause.PeerState : isLost && step.IsOfDump;
            isKnown |= !isUnknown;
            if (isLost && kept is [.., { Path: RouteStep.Unknown }]) continue;
            kept.Add(step);
        }
        return kept.Count == history.Steps.Count ? history : history with { Steps = kept };
    }

    private static IEnumerable<Collector> Stale(IRouteSpans seen)
    {
        // What was said once says nothing of a loss.
        var dumps = seen.Histories.Index().Where(entry => entry.Item.Steps.Count > 1)
            .SelectMany(entry => SaidOf(entry.Item, entry.Index, seen.Peers[entry.Item.Peer]))
            .GroupBy(said => seen.Peers[seen.Histories[said.History].Peer].Peer.Collector);
        foreach (var collector in dumps)
        {
            Said[] sorted = [.. collector.OrderBy(said => said.Time).ThenBy(said => said.History)];
            for (int from = 0, to; from < sorted.Length; from = to)
            {
                for (to = from + 1; to < sorted.Length && sorted[to].Time - sorted[from].Time <= DumpContradictions.OneDump;) to++;
                var dump = sorted[from..to];
                if (dump.All(said => said.IsBack) && Peers(seen, dump.Select(said => said.History)) >= PeersMin
                    && OthersStayAway(seen, dump, collector.Key)) yield return collector.Key;
            }
        }
    }

    private static IEnumerable<Said> SaidOf(RouteHistory history, int index, PeerFeed feed)
    {
        if (!feed.SendsUpdates) yield break;
        RouteStep? dump = null;
        int known = RouteStep.Unknown;
        for (int i = 0; i < history.Steps.Count; i++)
        {
            var step = history.Steps[i];
            bool isAfterLoss = i > 0 && history.Steps[i - 1] is { Path: RouteStep.Unknown, Cause: not Cause.PeerState };
            if (step.IsOfDump && dump is { } before && isAfterLoss && known != RouteStep.Unknown && known != before.Path)
                yield return new(index, step.Time, step.Path == before.Path, before.Time);
            if (step.IsOfDump) dump = step;
            if (step.Path != RouteStep.Unknown) known = step.Path;
        }
    }

    // Of those at other collectors that left in the meantime what they had, most are not back.
    private static bool OthersStayAway(IRouteSpans seen, Said[] dump, Collector collector)
    {
        var times = dump.GroupBy(said => seen.Histories[said.History].Prefix).ToDictionary(group => group.Key, group => group.First());
        List<int> away = [], left = [];
        foreach (var (index, history) in seen.Histories.Index())
        {
            if (!times.TryGetValue(history.Prefix, out var said) || seen.Peers[history.Peer].Peer.Collector == collector) continue;
            int before = history.PathAt(said.Since), now = history.PathAt(said.Time);
            if (before == RouteStep.Unknown || now == RouteStep.Unknown) continue;
            bool hasLeft = now != before || history.Steps.Any(
                step => step.Time > said.Since && step.Time <= said.Time && step.Path != before && step.Path != RouteStep.Unknown);
            if (!hasLeft) continue;
            left.Add(index);
            if (now != before) away.Add(index);
        }
        return Peers(seen, away) >= PeersMin && 2 * away.Count > left.Count;
    }

    private static int Peers(IRouteSpans seen, IEnumerable<int> histories) =>
        histories.Select(history => seen.Histories[history].Peer).Distinct().Count();
}
