using Isthmus.Wire;

namespace Isthmus.Transit.Timelines;

/// <summary>A stretch in which one peer AS holds a prefix by one key (an upstream, or any route), gaps under 300 s closed.</summary>
/// <param name="FromKnown">It began with a change: before it the peer was known to hold something else, or nothing.</param>
/// <param name="ToKnown">It ended with a change, and not with a session that was lost.</param>
/// <param name="Begin">The session that shows the beginning, and the step.</param>
/// <param name="End">The same of the end.</param>
internal sealed record Stay(
    Asn PeerAs, Timestamp From, Timestamp To, bool FromKnown, bool ToKnown, bool IsOpen,
    (int Session, int Step) Begin, (int Session, int Step) End);

/// <summary>A stretch in which enough peer ASes hold a prefix by one key.</summary>
internal sealed record Presence(Timestamp From, Timestamp To, bool IsOpen, int PeerAsesMax, IReadOnlyList<Stay> Stays);

/// <summary>Finds who held a prefix by a key, and when enough did (methods.md, "Before").</summary>
internal static class Presences
{
    /// <summary>A change is lasting when the new state holds so long; a shorter interruption is none.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromSeconds(300);

    /// <summary>An upstream is gone when it stays away so long.</summary>
    public static readonly TimeSpan AwayMin = TimeSpan.FromSeconds(900);

    /// <summary>So many peer ASes make a change; where fewer than three watch, all that there are.</summary>
    public const int PeerAsesMin = 3;

    /// <summary>An average peer misses up to 2.7 % of the withdrawals (methods.md, "Changes").</summary>
    private const double ZombiePart = 0.03;

    public static int Threshold(int watching) => Math.Clamp(watching, 1, PeerAsesMin);

    /// <summary>Peer ASes that may keep a stuck route: 3 %, and one in any case (zombies).</summary>
    public static int Zombies(int watching) => watching < PeerAsesMin ? 0 : Math.Max(1, (int)Math.Ceiling(ZombiePart * watching));

    /// <summary>
    /// So many peer ASes may have used before what is said to have come: 3 % of those that are known, rounded up, as their routes
    /// may be stuck or made up. Of fewer than five it is none, as one of four is a quarter of what is seen.
    /// </summary>
    public static int UsersBeforeMax(int known) => known < UsersBeforeFrom ? 0 : (int)Math.Ceiling(ZombiePart * known);

    private const int UsersBeforeFrom = 5;

    /// <summary>The stays of every peer AS under a key, in order of peer AS and time.</summary>
    public static IReadOnlyList<Stay> Stays(PrefixCourse course, Facet facet, long key) =>
        [.. course.PeerAses.SelectMany(peerAs => Unite(
            Runs(course, facet, peerAs, held => held == key, ofCounted: facet is not Facet.Origin), Lasting))];

    /// <summary>The stays of every peer AS with any route as they were, with every interruption.</summary>
    /// <param name="ofCounted">True where only those whose word counts show that one began or ended.</param>
    public static IReadOnlyList<Stay> Held(PrefixCourse course, bool ofCounted = false) => [.. course.PeerAses
        .SelectMany(peerAs => Unite(Runs(course, Facet.Upstream, peerAs, Key.IsHeld, ofCounted), TimeSpan.FromMicroseconds(1)))];

    /// <param name="ofCounted">
    /// True where what a partial feed sends no more, or sends anew, is no change: that is the choice of that peer and says nothing of
    /// who carries, or whether anybody does.
    /// </param>
    private static IEnumerable<Stay> Runs(
        PrefixCourse course, Facet facet, (Asn Asn, int[] Sessions) peerAs, Func<long, bool> isKey, bool ofCounted)
    {
        foreach (int session in peerAs.Sessions)
        {
            var runs = course.Runs(facet)[session];
            int began = -1;
            for (int i = 0; i <= runs.Length; i++)
            {
                bool last = i == runs.Length, held = !last && isKey(runs[i].Key);
                if (held && began < 0) began = i;
                if (held || began < 0) continue;
                bool fromKnown = began > 0 && IsChange(course, facet, session, runs[began - 1], runs[began], ofCounted)
                    && HeldNextTo(runs, began - 1, -1) is not (Key.Foreign or Key.Unknown);
                bool toKnown = !last && IsChange(course, facet, session, runs[i - 1], runs[i], ofCounted)
                    && HeldNextTo(runs, i, 1) != Key.Foreign;
                yield return new(peerAs.Asn, runs[began].From, last ? course.End : runs[i].From, fromKnown, toKnown, last,
                    (session, runs[began].Step), (session, runs[last ? i - 1 : i].Step));
                began = -1;
            }
        }
    }

    // What was held before, or is after: what is tried for a moment on the way from one route to another is neither.
    private static long HeldNextTo(KeyRun[] runs, int at, int direction)
    {
        while (at > 0 && at + 1 < runs.Length && runs[at].Key != Key.Unknown && runs[at + 1].From - runs[at].From < Lasting)
            at += direction;
        return runs[at].Key;
    }

    // Only what is known on both sides is a change; and only of what is asked.
    private static bool IsChange(PrefixCourse course, Facet facet, int session, KeyRun before, KeyRun after, bool ofCounted)
    {
        if (before.Key is Key.Unknown || after.Key is Key.Unknown) return false;
        if (!Key.IsHeld(before.Key) || !Key.IsHeld(after.Key))
            return facet is not Facet.SecondUpstream && (!ofCounted || course.IsCounted(session));
        if (before.Key is Key.Uncounted or Key.Foreign || after.Key is Key.Uncounted or Key.Foreign) return false;
        return facet switch
        {
            Facet.Origin => true,
            Facet.SecondUpstream => before.Key >= 0 && after.Key >= 0 && Key.Lower(before.Key) == Key.Lower(after.Key),
            _ => !course.ChangesOrigin(session, after.Step),
        };
    }

    // A peer AS holds the key while any of its sessions does.
    private static IEnumerable<Stay> Unite(IEnumerable<Stay> runs, TimeSpan gapMax)
    {
        Stay? open = null;
        foreach (var run in runs.OrderBy(run => run.From).ThenBy(run => run.Begin.Session))
        {
            if (open is null || run.From - open.To >= gapMax)
            {
                if (open is not null) yield return open;
                open = run;
            }
            else if (run.To > open.To || run.IsOpen)
            {
                open = open with { To = run.To, ToKnown = run.ToKnown, IsOpen = run.IsOpen, End = run.End };
            }
        }
        if (open is not null) yield return open;
    }

    /// <summary>
    /// When enough peer ASes held the key for good: who tries it for a moment, hunting for a path, does not hold it. Gaps
    /// that are short, or that something else explains, are closed.
    /// </summary>
    /// <param name="explains">True for a stretch whose absence is another event's: an outage, an unstable time.</param>
    public static IReadOnlyList<Presence> Of(
        IReadOnlyList<Stay> stays, int watching, TimeSpan gapMax, Func<Timestamp, Timestamp, bool> explains)
    {
        int off = Zombies(watching), on = Math.Max(Threshold(watching), off + 1);
        Stay[] lasting = [.. stays.Where(stay => stay.IsOpen || stay.To - stay.From >= Lasting)];
        var steps = lasting.SelectMany(stay => stay.IsOpen
                ? new (Timestamp Time, int Change)[] { (stay.From, 1) }
                : [(stay.From, 1), (stay.To, -1)])
            .OrderBy(step => step.Time).ThenByDescending(step => step.Change);
        var found = new List<(Timestamp From, Timestamp To, bool Open, int Max)>();
        int held = 0, most = 0;
        Timestamp? from = null;
        foreach (var (time, change) in steps)
        {
            held += change;
            if (from is null && held >= on) (from, most) = (time, held);
            else if (from is not null) most = Math.Max(most, held);
            if (from is not { } start || held > off) continue;
            found.Add((start, time, false, most));
            from = null;
        }
        if (from is { } begun) found.Add((begun, lasting.Max(stay => stay.To), true, most));
        for (int i = found.Count - 2; i >= 0; i--)
        {
            if (found[i + 1].From - found[i].To >= gapMax && !explains(found[i].To, found[i + 1].From)) continue;
            found[i] = (found[i].From, found[i + 1].To, found[i + 1].Open, Math.Max(found[i].Max, found[i + 1].Max));
            found.RemoveAt(i + 1);
        }
        return [.. found.Select(entry => new Presence(entry.From, entry.To, entry.Open, entry.Max,
            [.. lasting.Where(stay => stay.From <= entry.To && stay.To >= entry.From)]))];
    }
}
