using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Transit.Incidents;

/// <summary>How one upstream came and went in the changes of an incident.</summary>
internal static class Moves
{
    /// <summary>True where an upstream comes or goes.</summary>
    public static bool IsMove(TransitChange change) => Comes(change) || Goes(change);

    public static bool Comes(TransitChange change) => change.Kind is
        ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned or ChangeKind.IntermediaryInserted;

    public static bool Goes(TransitChange change) => change.Kind is ChangeKind.UpstreamVanished or ChangeKind.IntermediaryRemoved;

    /// <summary>True where both are about one upstream of one tier.</summary>
    public static bool Concerns(TransitChange one, TransitChange other) =>
        one.Upstream == other.Upstream && one.Tier == other.Tier && one.Above == other.Above;

    /// <summary>
    /// True where one may have come for the other: within a quarter of an hour, or, where both took peer ASes one after another for longer,
    /// at the same time.
    /// </summary>
    public static bool AreExchange(TransitChange one, TransitChange other) =>
        (one.Time - other.Time).Duration() <= OneCause.ExchangeWithin
        || IsSlow(one) && IsSlow(other) && one.First <= other.Last && other.First <= one.Last;

    private static bool IsSlow(TransitChange change) => change.Last - change.First > RollOut.QuickMax;

    /// <summary>
    /// The upstream that an incident is about: of those that came, the one that moved most often, then the first; where
    /// none came, of those that went.
    /// </summary>
    public static TransitChange? Principal(TransitChange[] changes)
    {
        var moves = changes.Where(IsMove).ToArray();
        return moves.Where(Comes).Concat(moves)
            .Select((move, place) => (Move: move, Place: place, Times: moves.Count(other => Concerns(move, other))))
            .OrderBy(entry => entry.Move.Tier)
            .ThenBy(entry => moves.Any(other => Concerns(entry.Move, other) && Comes(other)) ? 0 : 1)
            .ThenByDescending(entry => entry.Times).ThenBy(entry => entry.Place)
            .Select(entry => entry.Move).FirstOrDefault();
    }
}

/// <summary>One stay of the incident's upstream: from its coming until it was gone from all prefixes.</summary>
/// <param name="Came">Null where it was there before the incident.</param>
/// <param name="Gone">Null where it stays.</param>
/// <param name="Losses">Changes that took some of its prefixes and left others.</param>
/// <param name="Carried">Prefixes that it carries: before, then after each of its changes.</param>
internal sealed record Stint(
    TransitChange? Came, IReadOnlyList<TransitChange> Gains, IReadOnlyList<TransitChange> Losses, TransitChange? Gone,
    IReadOnlyList<int> Carried)
{
    public TimeSpan? Length => Came is { } came && Gone is { } gone ? gone.Time - came.Time : null;

    /// <summary>The stints of the upstream that a change is about, in order of time.</summary>
    public static IReadOnlyList<Stint> Of(TransitChange principal, TransitChange[] changes)
    {
        var stints = new List<Stint>();
        var held = new HashSet<Prefix>();
        TransitChange? came = null;
        List<TransitChange> gains = [], losses = [];
        List<int> carried = [];
        void Close(TransitChange? gone)
        {
            stints.Add(new(came, gains, losses, gone, carried));
            (came, gains, losses, carried) = (null, [], [], []);
            held.Clear();
        }
        foreach (var move in changes.Where(change => Moves.IsMove(change) && Moves.Concerns(principal, change)))
        {
            bool first = carried.Count == 0;
            if (Moves.Comes(move))
            {
                if (first) carried.Add(0);
                if (first) came = move; else gains.Add(move);
                held.UnionWith(move.Prefixes);
                carried.Add(held.Count);
                continue;
            }
            // What goes first was there before, on these prefixes at least; on others too where a share is left.
            int left = first && move.ShareAfter > Others.StuckShare ? Math.Max(0, move.SubjectPrefixes - move.Prefixes.Count) : 0;
            if (first) carried.Add(move.Prefixes.Count + left);
            held.ExceptWith(move.Prefixes);
            carried.Add(held.Count + left);
            if (held.Count + left == 0) Close(move); else losses.Add(move);
        }
        if (carried.Count > 0) Close(null);
        return stints;
    }
}
