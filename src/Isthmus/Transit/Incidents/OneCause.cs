using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Transit.Incidents;

/// <summary>Which changes have one cause, by time, upstream and prefixes. Trouble of a feed is no change of the subject.</summary>
internal static class OneCause
{
    /// <summary>Moves of one upstream belong together when no more lies between them: what is undone within a day was one thing.</summary>
    public static readonly TimeSpan MovesWithin = TimeSpan.FromHours(24);

    /// <summary>An outage, an unstable time or another kind of change belongs to what happens so soon before or after it.</summary>
    public static readonly TimeSpan TroubleWithin = TimeSpan.FromHours(2);

    /// <summary>One upstream comes for another that goes within this.</summary>
    public static readonly TimeSpan ExchangeWithin = TimeSpan.FromMinutes(15);

    /// <summary>The changes in groups of one cause, each group and all groups in order of time.</summary>
    public static IReadOnlyList<TransitChange[]> Group(IReadOnlyList<TransitChange> changes)
    {
        TransitChange[] own = [.. changes.Where(change => change.Kind is not ChangeKind.FeedProblem)
            .OrderBy(change => change.Time).ThenBy(change => change.Id, StringComparer.Ordinal)];
        int[] group = [.. Enumerable.Range(0, own.Length)];
        for (int later = 1; later < own.Length; later++)
            for (int earlier = later - 1; earlier >= 0; earlier--)
                if (group[earlier] != group[later] && AreOne(own[earlier], own[later])) Merge(group, group[later], group[earlier]);
        return [.. own.Index().GroupBy(entry => group[entry.Index])
            .Select(members => members.Select(entry => entry.Item).ToArray())
            .OrderBy(members => members[0].Time).ThenBy(members => members[0].Id, StringComparer.Ordinal)];
    }

    private static void Merge(int[] group, int one, int other)
    {
        int kept = Math.Min(one, other), given = Math.Max(one, other);
        for (int i = 0; i < group.Length; i++)
            if (group[i] == given) group[i] = kept;
    }

    private static bool AreOne(TransitChange earlier, TransitChange later)
    {
        if (later.PartOf == earlier.Id || earlier.PartOf == later.Id) return true;
        // Parts of one loss that come back one after another.
        if (earlier.Kind is ChangeKind.Outage && later.Kind is ChangeKind.Outage && later.Time - earlier.Time <= OneChange.Within)
            return true;
        var between = later.Time - EndOf(earlier);
        // One upstream takes prefix after prefix, or loses one after another.
        if (between <= TroubleWithin && Moves.Concerns(earlier, later)
            && (Moves.Comes(earlier) && Moves.Comes(later) || Moves.Goes(earlier) && Moves.Goes(later))) return true;
        if (between > MovesWithin || !Overlap(earlier, later)) return false;
        if (Moves.IsMove(earlier) && Moves.IsMove(later))
            return Moves.Concerns(earlier, later) || Moves.AreExchange(earlier, later);
        return between <= TroubleWithin;
    }

    private static Timestamp EndOf(TransitChange change) => change.Until is { } until && until > change.Last ? until : change.Last;

    // A shift of share is told of the subject as a whole.
    private static bool Overlap(TransitChange one, TransitChange other) =>
        one.Prefixes.Count == 0 || other.Prefixes.Count == 0 || one.Prefixes.Intersect(other.Prefixes).Any();
}
