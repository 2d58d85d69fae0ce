using Isthmus.Routes;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>Finds that a prefix was new: enough peer ASes were known not to hold it, hardly anybody did, and then it came.</summary>
internal static class Birth
{
    public static Finding? Find(Levels levels)
    {
        var course = levels.Course;
        Stay[] held = [.. Presences.Held(course).OrderBy(stay => stay.From)];
        Stay[] lasting = [.. held.Where(stay => stay.IsOpen || stay.To - stay.From >= Presences.Lasting)];
        // A few that held it before anybody else may be stuck, or have made it up: they date nothing.
        var firstHeld = lasting.GroupBy(stay => stay.PeerAs).Select(stays => stays.Min(stay => stay.From)).Order()
            .Cast<Timestamp?>().ElementAtOrDefault(Presences.Zombies(levels.Watching));
        if (firstHeld is not { } known) return null;
        Stay[] came = [.. lasting.Where(stay => stay.FromKnown && IsAbsentBefore(course, stay))
            .GroupBy(stay => stay.PeerAs).Select(stays => stays.MinBy(stay => stay.From)!)
            .Where(stay => (stay.From - known).Duration() <= UpstreamFindings.After)];
        // What several held before is not new, and neither is what came when sessions did.
        int before = Count(held, stay => stay.From < known - UpstreamFindings.After || !stay.FromKnown && stay.From < known);
        // Who comes with those known to have been without it, after lost bytes alone, tells nothing of what was before.
        bool ComesWithOthers(Stay stay) => IsAfterLostBytes(course, stay)
            && Array.Exists(came, other => (other.From - stay.From).Duration() <= OneChange.BorneOutWithin);
        int unknown = Count(held, stay => !stay.FromKnown && (stay.From - known).Duration() <= Presences.Lasting && !ComesWithOthers(stay));
        int enough = Math.Max(unknown, Presences.Threshold(levels.Watching));
        if (before > Presences.Zombies(levels.Watching) || came.Length < enough) return null;
        // Nor is what more than may be stuck held when the first of those came that had been without it.
        var first = came.Min(stay => stay.From);
        if (Count(held, stay => !stay.FromKnown && stay.From < first && !ComesWithOthers(stay)) > Presences.Zombies(levels.Watching))
            return null;
        return new(new(ChangeKind.PrefixAppeared, 1, null, null), course.Prefix,
            [.. Onset.Of(came, levels.Watching)
                .Select(stay => new Turn(stay.PeerAs, stay.From, course.Sessions[stay.Begin.Session], stay.Begin.Step))],
            levels.Watching, null);
    }

    private static int Count(Stay[] stays, Func<Stay, bool> which) => stays.Where(which).Select(stay => stay.PeerAs).Distinct().Count();

    // Nothing was known of it before, though its session did not come up so short a time before that it was sending its table.
    private static bool IsAfterLostBytes(PrefixCourse course, Stay stay)
    {
        var runs = course.Runs(Facet.Upstream)[stay.Begin.Session];
        int at = Array.FindIndex(runs, run => run.Step == stay.Begin.Step);
        bool isKnown = at > 0 && runs[at - 1].Key != Key.Unknown;
        return !isKnown && course.TableOf(stay.Begin.Session) < stay.From - Presences.Lasting
            && !course.LossesOf(stay.Begin.Session).Any(loss => loss.Cause is Cause.PeerState && loss.From <= stay.From
                && !(loss.Back < stay.From - Presences.Lasting));
    }

    private static bool IsAbsentBefore(PrefixCourse course, Stay stay)
    {
        var runs = course.Runs(Facet.Upstream)[stay.Begin.Session];
        int at = Array.FindIndex(runs, run => run.Step == stay.Begin.Step);
        return at > 0 && runs[at - 1].Key == Key.None && stay.From - runs[at - 1].From >= Presences.Lasting;
    }
}
