using Isthmus.Routes;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>How a prefix stands from one instant to the next.</summary>
/// <param name="Held">Peer ASes that hold a route, whoever its origin.</param>
/// <param name="Known">Peer ASes of which something is known.</param>
/// <param name="Dominant">The upstream that most of them use, with a lead that no single peer makes; <see cref="Key.None"/> where none is.</param>
/// <param name="Users">Peer ASes that use it.</param>
/// <param name="Collectors">Collectors of which some session is known.</param>
internal readonly record struct Level(Timestamp Time, int Held, int Known, long Dominant, int Users, int Collectors)
{
    /// <summary>Part of the peer ASes with data that hold the prefix; null where nothing is known.</summary>
    public double? Visibility => Known == 0 ? null : (double)Held / Known;
}

/// <summary>One prefix as the full-feed peer ASes that ever held it see it, step by step.</summary>
internal sealed class Levels
{
    /// <summary>Another upstream leads when it is ahead by so many of the peer ASes: else one that flaps would turn the lead.</summary>
    private const double LeadPart = 0.1;

    private readonly int _counting;
    private readonly double[] _usual;

    public Levels(PrefixCourse course)
    {
        Course = course;
        var full = course.AtFullFeeds();
        _counting = full.Watching;
        Steps = Sweep(full);
        _usual = Trailing.Usual(this);
    }

    public PrefixCourse Course { get; }

    /// <summary>Peer ASes that ever held it.</summary>
    public int Watching => Course.Watching;

    public IReadOnlyList<Level> Steps { get; }

    public Timestamp End => Course.End;

    /// <summary>Peer ASes whose word on visibility counts.</summary>
    public int Counting => _counting;

    /// <summary>The usual visibility as of a step: what <see cref="Trailing"/> knew before it; 0 where that is too little.</summary>
    public double UsualAt(int step) => _usual[step];

    /// <summary>The usual visibility as of a time.</summary>
    public double UsualAt(Timestamp time) => StepAt(time) is >= 0 and var step ? _usual[step] : 0;

    /// <summary>The last moment up to a time at which the prefix was as visible as is usual; null where it was not before.</summary>
    public Timestamp? LastUp(Timestamp time, double usual)
    {
        for (int i = StepAt(time); i >= 0; i--)
            if (Steps[i].Visibility >= Disturbances.UpFrom * usual && !IsGuarded(Steps[i]))
                return EndOf(i) < time ? EndOf(i) - TimeSpan.FromMicroseconds(1) : time;
        return null;
    }

    // The step that stands at a time; -1 before the first.
    private int StepAt(Timestamp time)
    {
        int low = 0, high = Steps.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Steps[middle].Time <= time) low = middle + 1; else high = middle;
        }
        return low - 1;
    }

    public Timestamp EndOf(int step) => step + 1 < Steps.Count ? Steps[step + 1].Time : End;

    /// <summary>
    /// True where too few of the peer ASes that watch have data to decide on visibility (the feed guard): less than half, unless they
    /// are five at two collectors and say the same, but for those that may be stuck.
    /// </summary>
    public bool IsGuarded(Level level) => 2 * level.Known < _counting && !IsOneVoice(level);

    private static bool IsOneVoice(Level level) => level.Known >= OneVoiceMin && level.Collectors >= OneVoiceCollectorsMin
        && Math.Min(level.Held, level.Known - level.Held) <= Presences.Zombies(level.Known);

    private const int OneVoiceMin = 5, OneVoiceCollectorsMin = 2;

    /// <summary>The best visibility in a stretch of time.</summary>
    public double BestBetween(Timestamp from, Timestamp to)
    {
        double best = 0;
        for (int i = 0; i < Steps.Count; i++)
            if (EndOf(i) > from && Steps[i].Time < to) best = Math.Max(best, Steps[i].Visibility ?? 0);
        return best;
    }

    /// <summary>The part of the peer ASes with data that use an upstream, or hold any route, at a time.</summary>
    public static double ShareAt(PrefixCourse course, Facet facet, Func<long, bool> isKey, Timestamp time)
    {
        int known = 0, held = 0;
        foreach (var (_, sessions) in course.PeerAses)
        {
            long key = Majority(sessions, session => KeyAt(course.Runs(facet)[session], time));
            if (key == Key.Unknown) continue;
            known++;
            // Who uses several at once uses each of them.
            if (isKey(key) || Array.Exists(sessions, course.IsOneOfSeveral)
                && Array.Exists(sessions, session => isKey(KeyAt(course.Runs(facet)[session], time)))) held++;
        }
        return known == 0 ? 0 : (double)held / known;
    }

    /// <summary>The key of a session at a time.</summary>
    public static long KeyAt(KeyRun[] runs, Timestamp time)
    {
        int at = runs.Length - 1;
        while (at >= 0 && runs[at].From > time) at--;
        return at < 0 ? Key.Unknown : runs[at].Key;
    }

    private static List<Level> Sweep(PrefixCourse course)
    {
        var runs = course.Runs(Facet.Upstream);
        long[] keys = new long[course.Sessions.Length], states = new long[course.PeerAses.Length];
        Array.Fill(keys, Key.Unknown);
        Array.Fill(states, Key.Unknown);
        int[] peerAsOf = new int[keys.Length];
        foreach (var (place, peerAs) in course.PeerAses.Index())
            foreach (int session in peerAs.Sessions) peerAsOf[session] = place;
        var users = new SortedDictionary<long, int>();
        int held = 0, known = 0;
        var speaking = new Dictionary<Collector, int>();
        long dominant = Key.None;
        var levels = new List<Level>();
        var steps = runs.Index().SelectMany(entry => entry.Item.Select(run => (Time: run.From, Session: entry.Index, run.Key)))
            .OrderBy(step => step.Time).ThenBy(step => step.Session).ToArray();
        for (int from = 0, to; from < steps.Length; from = to)
        {
            var touched = new SortedSet<int>();
            for (to = from; to < steps.Length && steps[to].Time == steps[from].Time; to++)
            {
                int speaks = (steps[to].Key != Key.Unknown ? 1 : 0) - (keys[steps[to].Session] != Key.Unknown ? 1 : 0);
                var collector = course.PeerOf(steps[to].Session).Collector;
                if (speaks != 0) speaking[collector] = speaking.GetValueOrDefault(collector) + speaks;
                keys[steps[to].Session] = steps[to].Key;
                touched.Add(peerAsOf[steps[to].Session]);
            }
            bool changed = false;
            foreach (int place in touched)
            {
                long before = states[place], after = Majority(course.PeerAses[place].Sessions, session => keys[session]);
                if (before == after) continue;
                states[place] = after;
                changed = true;
                held += (Key.IsHeld(after) ? 1 : 0) - (Key.IsHeld(before) ? 1 : 0);
                known += (after != Key.Unknown ? 1 : 0) - (before != Key.Unknown ? 1 : 0);
                if (before >= 0) users[before]--;
                if (after >= 0) users[after] = users.GetValueOrDefault(after) + 1;
            }
            if (!changed) continue;
            dominant = Dominant(users, dominant, known);
            levels.Add(new(steps[from].Time, held, known, dominant, dominant >= 0 ? users.GetValueOrDefault(dominant) : 0,
                speaking.Values.Count(sessions => sessions > 0)));
        }
        return levels;
    }

    // A peer AS holds what most of its sessions that hold anything do: one that is stuck does not speak for the others.
    private static long Majority(int[] sessions, Func<int, long> keyOf)
    {
        if (sessions.Length == 1) return keyOf(sessions[0]);
        Span<long> keys = sessions.Length <= 64 ? stackalloc long[sessions.Length] : new long[sessions.Length];
        for (int i = 0; i < keys.Length; i++) keys[i] = keyOf(sessions[i]);
        (long Key, int Count) most = default;
        foreach (long key in keys)
        {
            if (!Key.IsHeld(key)) continue;
            int count = keys.Count(key);
            // Of several that are as many the first in order.
            if (count > most.Count || count == most.Count && key < most.Key) most = (key, count);
        }
        return most.Count > 0 ? most.Key : keys.Contains(Key.None) ? Key.None : Key.Unknown;
    }

    private static long Dominant(SortedDictionary<long, int> users, long before, int known)
    {
        long leader = Key.None;
        int most = 0;
        foreach (var (upstream, count) in users)
            if (count > most) (most, leader) = (count, upstream);
        int lead = most - (before >= 0 ? users.GetValueOrDefault(before) : 0);
        bool holds = most > 0 && users.GetValueOrDefault(before) > 0 && lead < Math.Max(1, LeadPart * known);
        return holds ? before : leader;
    }
}
