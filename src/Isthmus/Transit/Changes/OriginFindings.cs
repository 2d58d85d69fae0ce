using Isthmus.Routes;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>Finds when another AS came to originate a prefix that was visible by an origin before.</summary>
internal static class OriginFindings
{
    /// <summary>A third of the peer ASes that took a more-specific must be known to have been without it.</summary>
    private const int UnknownPerKnownMax = 2;

    public static IEnumerable<Finding> Find(Levels levels)
    {
        var course = levels.Course;
        foreach (long origin in course.Moving(Facet.Origin))
        {
            var stays = Presences.Stays(course, Facet.Origin, origin);
            var presences = Presences.Of(stays, levels.Watching, Presences.AwayMin, (_, _) => false);
            if (presences.Count == 0) continue;
            var presence = presences[0];
            Stay[] came = [.. Onset.Of(presence.Stays
                // What the data do not show to have held is not told, also at their end.
                .Where(stay => stay.FromKnown && stay.To - stay.From >= Presences.Lasting)
                .GroupBy(stay => stay.PeerAs).Select(group => group.MinBy(stay => stay.From)!), levels.Watching)];
            // Those that came one after another: who comes to it long after all of them tells nothing of how it was then.
            int certain = Math.Max(1, came.Count(stay => stay.From <= presence.From + UpstreamFindings.After));
            came = came[..Math.Min(came.Length, RollOut.Length([.. came.Select(stay => stay.From)], certain))];
            // What was there from the start is the old origin: that it is back is the end of the other's time.
            if (came.Length == 0 || !IsNews(course, presence, came[^1].From)) continue;
            Turn[] turns = [.. came
                .Select(stay => new Turn(stay.PeerAs, stay.From, course.Sessions[stay.Begin.Session], stay.Begin.Step))];
            if (turns.Length < Presences.Threshold(levels.Watching)) continue;
            var kind = IsBeside(levels, origin, turns) ? ChangeKind.OriginAdded : ChangeKind.OriginChanged;
            yield return new(new(kind, 1, null, Key.AsnOf(origin)), course.Prefix, turns, levels.Watching,
                presences[^1].IsOpen ? null : presences[^1].To);
        }
    }

    /// <summary>
    /// When origins came to a more-specific prefix: enough peer ASes took it by an origin that hardly anybody held it by before.
    /// What lasts for seconds takes packets for seconds, so that here a change need not last to be one.
    /// </summary>
    public static IEnumerable<Finding> MoreSpecific(Levels levels)
    {
        var course = levels.Course;
        int zombies = Presences.Zombies(levels.Watching), enough = Math.Max(Presences.Threshold(levels.Watching), zombies + 1);
        foreach (long origin in course.Moving(Facet.Origin))
        {
            Stay[] stays = [.. Presences.Stays(course, Facet.Origin, origin).OrderBy(stay => stay.From).ThenBy(stay => stay.PeerAs)];
            for (int from = 0, to; from < stays.Length; from = to)
            {
                var end = stays[from].To;
                for (to = from + 1; to < stays.Length && stays[to].From - end < Presences.AwayMin; to++)
                    if (stays[to].To > end) end = stays[to].To;
                if (Episode(stays[from..to], levels.Watching, enough) is not { } news) continue;
                // Who held it until this wave of news; and enough of those that took it must be known to have been without it.
                var earlier = news[0].From - Onset.GapMax;
                int before = stays[..to].Where(stay => stay.To > earlier && (stay.From < earlier
                    || stay.From < news[0].From && course.History(stay.Begin.Session).Steps[stay.Begin.Step].Cause is Cause.RibEntry))
                    .Select(stay => stay.PeerAs).Distinct().Count();
                int unknown = stays[from..to].Where(stay => !stay.FromKnown).Select(stay => stay.PeerAs).Distinct().Count();
                if (before > zombies || unknown > UnknownPerKnownMax * news.Length) continue;
                yield return new(new(ChangeKind.MoreSpecificAppeared, 1, null, Key.AsnOf(origin)), course.Prefix,
                    [.. news.Select(stay => new Turn(stay.PeerAs, stay.From, course.Sessions[stay.Begin.Session], stay.Begin.Step))],
                    levels.Watching, EndOf(stays[from..to], zombies));
            }
        }
    }

    // When all had let it go but those that may be stuck; null where it goes on, or the data do not show who let it go.
    private static Timestamp? EndOf(Stay[] stays, int zombies)
    {
        var last = stays.GroupBy(stay => stay.PeerAs).Select(ofPeerAs => ofPeerAs.MaxBy(stay => stay.To)!)
            .OrderByDescending(stay => stay.To).ElementAt(zombies);
        return last.IsOpen || !last.ToKnown ? null : last.To;
    }

    // Those that came to it, where enough did.
    private static Stay[]? Episode(Stay[] stays, int watching, int enough)
    {
        Stay[] came = [.. stays.Where(stay => stay.FromKnown).GroupBy(stay => stay.PeerAs)
            .Select(group => group.MinBy(stay => stay.From)!)];
        if (came.Length < enough) return null;
        Stay[] news = [.. Onset.Of(came, watching)];
        return news.Length < enough ? null : news;
    }

    // The others stay: enough peer ASes, more than may be stuck, hold the prefix by another origin from the last change on, without a
    // break. Fewer make no origin, as they make no upstream: they may hold a route of their own making.
    private static bool IsBeside(Levels levels, long origin, Turn[] turns)
    {
        var course = levels.Course;
        var runs = course.Runs(Facet.Origin);
        // Who comes to it with no route before leaves nobody, and may have lost the route for reasons of its own.
        Turn[] leaving = Array.FindAll(turns, turn => BeforeTurn(course, turn) is var before && Key.IsHeld(before) && before != origin);
        var last = (leaving.Length > 0 ? leaving : turns).Max(turn => turn.Time);
        int others = course.PeerAses.Count(peerAs => peerAs.Sessions.Any(session =>
            Array.FindLast(runs[session], run => run.From <= last + Presences.Lasting) is { Key: >= 0 } run
            && run.Key != origin && run.From <= last));
        return others >= Math.Max(Presences.Threshold(levels.Watching), Presences.Zombies(levels.Watching) + 1);
    }

    // What a session held just before its turn.
    private static long BeforeTurn(PrefixCourse course, Turn turn)
    {
        var runs = course.Runs(Facet.Origin)[Array.IndexOf(course.Sessions, turn.History)];
        return Levels.KeyAt(runs, turn.Time - TimeSpan.FromMicroseconds(1));
    }

    // Most of those that came to it held the prefix by another origin just before; and hardly anybody held it by this one from the
    // beginning: who comes back to an origin that others never left tells only that the other went. Who comes to it with the others,
    // after lost bytes, tells nothing of what was before.
    private static bool IsNews(PrefixCourse course, Presence presence, Timestamp last)
    {
        Timestamp? first = presence.Stays.Where(stay => stay.FromKnown).Select(stay => (Timestamp?)stay.From).Min();
        bool IsFirstKnown(Stay stay) => course.Runs(Facet.Origin)[stay.Begin.Session]
            .First(run => run.Key != Key.Unknown).Step == stay.Begin.Step;
        int fromTheStart = presence.Stays
            .Where(stay => !stay.FromKnown && stay.From <= presence.From && (stay.From < first - Onset.GapMax || IsFirstKnown(stay)))
            .Select(stay => stay.PeerAs).Distinct().Count();
        if (fromTheStart > Presences.Zombies(course.Watching)) return false;
        // Of whom nothing is known but that it had none, as a dump lacks it after lost bytes, nobody knows what it left.
        int from = 0, other = 0;
        foreach (var stay in presence.Stays.Where(stay => stay.FromKnown && stay.From <= last)
            .GroupBy(stay => stay.PeerAs).Select(ofPeerAs => ofPeerAs.MinBy(stay => stay.From)!))
        {
            var runs = course.Runs(Facet.Origin)[stay.Begin.Session];
            int at = Array.FindIndex(runs, run => run.Step == stay.Begin.Step);
            int before = at - 1;
            // Who lost it for a while and has it anew had come to it before.
            while (before > 0 && (runs[before].Key == Key.None || runs[before].Key == runs[at].Key)) before--;
            if (before >= 0 && runs[before].Key == Key.Unknown) continue;
            from++;
            if (before < 0) continue;
            // A further path of a session came beside what stood in its first place.
            long key = runs[before].Key != Key.Beside ? runs[before].Key
                : Levels.KeyAt(course.Runs(Facet.Origin)[Array.IndexOf(course.Sessions, course.Sessions[stay.Begin.Session])],
                    runs[at].From - TimeSpan.FromMicroseconds(1));
            if (key >= 0 && key != runs[at].Key) other++;
        }
        return other >= Presences.Threshold(course.Watching) && 2 * other > from;
    }
}
