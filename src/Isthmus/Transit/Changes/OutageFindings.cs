using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>Dates an outage or unstable time of one prefix by the peer ASes that show it.</summary>
internal static class OutageFindings
{
    /// <summary>A loss belongs to an outage when it came this long before half were lost: path hunting draws it out.</summary>
    private static readonly TimeSpan LossBefore = TimeSpan.FromSeconds(900);

    /// <summary>Bad news is dated by each peer AS's last loss before the outage ended.</summary>
    public static Finding? Outage(Levels levels, Disturbance outage)
    {
        var course = levels.Course;
        var held = Presences.Held(course, ofCounted: true);
        Turn[] counted = [.. LossesOf(course, outage, held)];
        int enough = Presences.Threshold(levels.Watching), beside = Math.Min(enough, counted.Length);
        // A partial feed that loses it with them is a witness like any other; one that does so at another time, be it with one of
        // them, has its own reasons.
        Turn[] losses = [.. counted, .. LossesOf(course, outage, Presences.Held(course)).Where(turn =>
            beside > 0 && !Array.Exists(counted, other => other.PeerAs == turn.PeerAs)
            && counted.Count(other => other.Time - turn.Time <= OneChange.BorneOutWithin
                && turn.Time - other.Time <= Onset.GapMax) >= beside)];
        // What no withdrawal shows is a feed's loss and not the network's.
        if (losses.Length < enough) return null;
        var median = Finding.MedianOf([.. losses.Select(turn => turn.Time)]);
        // The end is a return that holds: on the way down some come back for seconds, and a session that sends its table again may have
        // held it all the time.
        // Fewer than make a change, minutes before all others, end nothing: they may have made a route up.
        Stay[] back = [.. held.Where(stay => stay.FromKnown && stay.From > median && stay.From <= outage.To
                && (stay.To > outage.To || stay.IsOpen || stay.To - stay.From >= Presences.Lasting))
            .GroupBy(stay => stay.PeerAs).Select(group => group.MinBy(stay => stay.From)!)];
        back = WithoutMadeUp(course, [.. Onset.Of(back, levels.Watching, fewMax: int.MaxValue)]);
        Timestamp? until = outage.IsOpen ? null : back.Length > 0 ? back[0].From : outage.To;
        return new(new(ChangeKind.Outage, 1, null, null), course.Prefix, losses, levels.Watching, until);
    }

    // As few as may be stuck that are back over a minute before all others, and by an upstream that none of these comes back to, made
    // the route up, as of a prefix that is new.
    private static Stay[] WithoutMadeUp(PrefixCourse course, Stay[] back)
    {
        long UpstreamOf(Stay stay) => Array.Find(
            course.Runs(Facet.Upstream)[stay.Begin.Session], run => run.Step == stay.Begin.Step).Key;
        for (int before = 1; before < back.Length && before <= Presences.Zombies(back.Length); before++)
        {
            if (back[before].From - back[before - 1].From <= OneChange.BorneOutWithin) continue;
            var own = back[..before].Select(UpstreamOf).ToHashSet();
            bool isWave = 2 * back[before..].Count(stay => stay.From <= back[before].From + Onset.GapMax) >= back.Length;
            return isWave && !Array.Exists(back[before..], stay => own.Contains(UpstreamOf(stay))) ? back[before..] : back;
        }
        return back;
    }

    // The loss that opened the low: the last one before half were lost, or the first after. Where peer ASes lose it one after another
    // those are of it, too, that did so long before and had none since.
    private static IEnumerable<Turn> LossesOf(PrefixCourse course, Disturbance outage, IReadOnlyList<Stay> held)
    {
        Stay[] losses = [.. held.GroupBy(stay => stay.PeerAs)
            .Select(group => LossOf([.. group], outage))
            .OfType<Stay>().Where(stay => stay.To <= outage.To)
            .OrderByDescending(stay => stay.To).ThenByDescending(stay => stay.PeerAs)];
        int certain = losses.Count(stay => stay.To >= outage.From - LossBefore);
        bool isDrawnOut = certain > 0 && losses[certain / 4].To - losses[Math.Max(0, (3 * certain - 1) / 4)].To > DrawnOutMin;
        int all = isDrawnOut ? RollOut.Length([.. losses.Select(stay => stay.To)], certain) : certain;
        return losses.Take(all).Select(stay => new Turn(stay.PeerAs, stay.To, course.Sessions[stay.End.Session], stay.End.Step));
    }

    private static Stay? LossOf(Stay[] stays, Disturbance outage)
    {
        var before = stays.Where(stay => stay.ToKnown && stay.To <= outage.From + Presences.Lasting).MaxBy(stay => stay.To);
        bool isHeld = Array.Exists(stays, stay => stay.From <= outage.From && stay.To > outage.From);
        return before is not null && (before.To >= outage.From - LossBefore || !isHeld) ? before
            : stays.Where(stay => stay.ToKnown && stay.To > outage.From).MinBy(stay => stay.To);
    }

    /// <summary>What half of those that lose it take longer for is no hunting for a path.</summary>
    private static readonly TimeSpan DrawnOutMin = TimeSpan.FromSeconds(60);

    /// <summary>An unstable time begins with its first change and ends with its last.</summary>
    public static Finding? Unstable(Levels levels, Disturbance unstable)
    {
        var course = levels.Course;
        var turns = course.Changes(Facet.Upstream)
            .Where(change => change.Time >= unstable.From && change.Time <= unstable.To)
            .Select(change => new Turn(course.PeerOf(change.Session).Asn, change.Time, course.Sessions[change.Session], change.Step))
            .GroupBy(turn => turn.PeerAs).Select(group => group.MinBy(turn => turn.Time)).ToArray();
        return turns.Length < Presences.Threshold(levels.Watching) ? null
            : new(new(ChangeKind.Unstable, 1, null, null), course.Prefix, turns, levels.Watching, unstable.To);
    }
}
