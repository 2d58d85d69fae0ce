using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>A stretch in which something was the matter with one prefix.</summary>
internal readonly record struct Disturbance(int Prefix, Timestamp From, Timestamp To, bool IsOpen);

/// <summary>Finds when a prefix was down, and when it would not settle (methods.md, "Changes").</summary>
internal static class Disturbances
{
    /// <summary>An outage opens below this part of the usual visibility.</summary>
    public const double DownBelow = 0.5;

    /// <summary>It closes at this part: the hysteresis keeps one outage one.</summary>
    public const double UpFrom = 0.8;

    /// <summary>A shorter dip is path hunting.</summary>
    public static readonly TimeSpan OutageMin = TimeSpan.FromSeconds(120);

    /// <summary>A state that holds longer is settled.</summary>
    private static readonly TimeSpan SettledMin = TimeSpan.FromMinutes(30);

    /// <summary>Between two outages it may hold longer, and the time is unstable all the same.</summary>
    private static readonly TimeSpan BetweenOutagesMax = TimeSpan.FromMinutes(60);

    /// <summary>So many changes of the dominant state in <see cref="FlipsWithin"/> make a time unstable.</summary>
    private const int FlipsMin = 5;

    private static readonly TimeSpan FlipsWithin = TimeSpan.FromHours(2);

    /// <summary>An unstable time reaches to the last busy moment that is no further than this from it.</summary>
    private static readonly TimeSpan QuietMax = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan BusyWithin = TimeSpan.FromSeconds(60);

    public static IReadOnlyList<Disturbance> Outages(Levels levels)
    {
        var found = new List<Disturbance>();
        Timestamp? open = null, lowUntil = null;
        double usual = 0;
        for (int i = 0; i < levels.Steps.Count; i++)
        {
            // Where most of the watchers are silent, what the rest see is no outage (the feed guard).
            if (levels.Steps[i] is not { Visibility: { } visibility } step || levels.IsGuarded(step)) continue;
            // A prefix that has not yet been up has nothing to lose: nothing is usual then.
            if (open is null) usual = levels.UsualAt(i);
            if (visibility < DownBelow * usual)
            {
                open ??= step.Time;
                lowUntil = levels.EndOf(i);
            }
            if (open is not { } from || visibility < UpFrom * usual) continue;
            if (lowUntil - from >= OutageMin) found.Add(new(levels.Course.Prefix, from, step.Time, false));
            (open, lowUntil) = (null, null);
        }
        if (open is { } begun && levels.End - begun >= OutageMin) found.Add(new(levels.Course.Prefix, begun, levels.End, true));
        return found;
    }

    /// <summary>The unstable times: runs of short-lived states with enough changes, out to the last busy moment.</summary>
    public static IReadOnlyList<Disturbance> Unstable(Levels levels)
    {
        var states = States(levels);
        var found = new List<Disturbance>();
        for (int first = 1; first < states.Count; first++)
        {
            if (!IsShort(states, first, levels.End)) continue;
            int last = first;
            while (last + 1 < states.Count && IsShort(states, last + 1, levels.End)) last++;
            // The changes are the beginnings of the short states, and of the one that settles.
            Timestamp[] flips = [.. states.Skip(first).Take(last - first + 2).Select(state => state.From)];
            if (HasEnough(flips)) found.Add(Between(levels, flips));
            first = last;
        }
        foreach (var flaps in Flaps(levels))
            if (!found.Exists(other => other.From <= flaps.To && flaps.From <= other.To)) found.Add(flaps);
        return found;
    }

    private static bool HasEnough(Timestamp[] flips)
    {
        for (int i = FlipsMin - 1; i < flips.Length; i++)
            if (flips[i] - flips[i - FlipsMin + 1] <= FlipsWithin) return true;
        return false;
    }

    /// <summary>So many alternations of nearly all peer ASes within <see cref="FlapsWithin"/> are no hunting for a path.</summary>
    private const int FlapsMin = 8;

    /// <summary>Nearly all peer ASes hold the prefix, and none of its upstreams has nearly all of them.</summary>
    private const long BySeveral = long.MaxValue;

    private static readonly TimeSpan FlapsWithin = TimeSpan.FromMinutes(30);

    // States of nearly all peer ASes count however short they are.
    private static IEnumerable<Disturbance> Flaps(Levels levels)
    {
        var flips = new List<Timestamp>();
        long? state = null;
        for (int i = 0; i < levels.Steps.Count; i++)
        {
            var level = levels.Steps[i];
            if (level.Visibility is not { } visibility || levels.IsGuarded(level)) continue;
            long? now = visibility <= (1 - UpFrom) * levels.UsualAt(i) ? Key.None
                : level.Dominant >= 0 && level.Users >= UpFrom * level.Known ? level.Dominant
                : visibility >= UpFrom * levels.UsualAt(i) ? BySeveral : null;
            // By several upstreams it is up: that differs from being down, and from no single upstream.
            if (now is null || now == state || now == BySeveral && state is not (null or Key.None)) continue;
            if (state is not null && (state != BySeveral || now == Key.None)) flips.Add(level.Time);
            state = now;
        }
        for (int from = 0, to; from < flips.Count; from = to)
        {
            for (to = from + 1; to < flips.Count && flips[to] - flips[to - 1] <= QuietMax;) to++;
            if (Enumerable.Range(from, Math.Max(0, to - from - FlapsMin + 1))
                .Any(first => flips[first + FlapsMin - 1] - flips[first] <= FlapsWithin))
                yield return Extend(levels, flips[from], flips[to - 1]);
        }
    }

    private static bool IsShort(List<(Timestamp From, long State)> states, int index, Timestamp end)
    {
        // The last state has not ended: nothing says that it is short.
        if (index + 1 >= states.Count) return false;
        var length = states[index + 1].From - states[index].From;
        bool betweenOutages = states[index - 1].State == Key.None && states[index + 1].State == Key.None;
        return length < (betweenOutages ? BetweenOutagesMax : SettledMin);
    }

    private static List<(Timestamp From, long State)> States(Levels levels)
    {
        var states = new List<(Timestamp From, long State)>();
        foreach (var (index, level) in levels.Steps.Index())
        {
            if (level.Visibility is not { } visibility || levels.IsGuarded(level)) continue;
            // Between the two bounds a state holds, down or up: at the edge one peer would turn it.
            bool wasDown = states.Count > 0 && states[^1].State == Key.None;
            bool down = visibility < (wasDown ? UpFrom : DownBelow) * levels.UsualAt(index);
            long state = down ? Key.None : level.Dominant;
            if (states.Count > 0 && states[^1].State == state) continue;
            // On the way from one state to another paths are hunted: what does not hold for a minute is no state.
            if (states.Count > 1 && level.Time - states[^1].From < BusyWithin) states.RemoveAt(states.Count - 1);
            if (states.Count == 0 || states[^1].State != state) states.Add((level.Time, state));
        }
        return states;
    }

    // Where few leave an upstream, another may lead though nothing goes on: that begins and ends no unstable time.
    private static Disturbance Between(Levels levels, Timestamp[] flips)
    {
        Timestamp[] busy = [.. Busy(levels)];
        bool IsBusy(Timestamp flip) => Array.Exists(busy, time => (time - flip).Duration() <= BusyWithin);
        Timestamp[] many = [.. flips.Where(IsBusy)];
        return many.Length == 0 ? Extend(levels, flips[0], flips[^1]) : Extend(levels, many[0], many[^1]);
    }

    private static Disturbance Extend(Levels levels, Timestamp from, Timestamp to)
    {
        var changes = levels.Course.Changes(Facet.Upstream);
        Timestamp[] busy = [.. Busy(levels)];
        foreach (var time in busy.Where(time => time < from).Reverse())
            if (from - time <= QuietMax) from = time; else break;
        foreach (var time in busy.Where(time => time > to))
            if (time - to <= QuietMax) to = time; else break;
        // Partial feeds that change just before, and the stragglers of the last busy moment, belong to it.
        var first = from;
        from = changes.Select(change => change.Time).Where(time => time < first && first - time <= BusyWithin).DefaultIfEmpty(first).Min();
        foreach (var (time, _, _) in changes.Where(change => change.Time > to))
            if (time - to <= BusyWithin) to = time; else break;
        return new(levels.Course.Prefix, from, to, false);
    }

    // Moments in which enough peer ASes change within a minute, whichever of their sessions shows it first.
    private static IEnumerable<Timestamp> Busy(Levels levels)
    {
        var changes = levels.Course.Changes(Facet.Upstream, ofCounted: true);
        int enough = Presences.Threshold(levels.Watching), first = 0, told = 0;
        var moment = new Dictionary<Asn, int>();
        for (int i = 0; i < changes.Count; i++)
        {
            var coming = levels.Course.PeerOf(changes[i].Session).Asn;
            moment[coming] = moment.GetValueOrDefault(coming) + 1;
            for (; changes[i].Time - changes[first].Time > BusyWithin; first++)
            {
                var going = levels.Course.PeerOf(changes[first].Session).Asn;
                if (--moment[going] == 0) moment.Remove(going);
            }
            if (moment.Count < enough) continue;
            for (told = Math.Max(told, first); told <= i; told++) yield return changes[told].Time;
        }
    }
}
