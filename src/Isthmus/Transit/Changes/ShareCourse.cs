using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>One step of a share: from a minute on it is so.</summary>
/// <param name="Minute">Since the beginning of the period.</param>
/// <param name="Share">As it is, 0 to 1.</param>
/// <param name="Level">The same without what other changes did to it: only differences between two levels mean anything.</param>
internal readonly record struct ShareStep(long Minute, double Share, double Level);

/// <summary>An upstream that came or went slowly, and when.</summary>
internal readonly record struct SlowMove(Asn Upstream, (Timestamp From, Timestamp To) While);

/// <summary>
/// The share of one upstream as its steps: what nothing happens in has none, so that the cost of a period goes by its events.
/// </summary>
/// <param name="Steps">In order of time, the first where the first share is known.</param>
/// <param name="End">The first minute after the period.</param>
internal sealed record ShareCourse(Asn Upstream, IReadOnlyList<ShareStep> Steps, long End)
{
    /// <summary>Shares are looked at once a minute.</summary>
    public static readonly TimeSpan Grid = TimeSpan.FromMinutes(1);

    /// <summary>The courses of all upstreams, in order.</summary>
    /// <param name="explained">Stretches of time in which other changes move shares.</param>
    /// <param name="slow">Upstreams that come or go: what their shares do meanwhile is no shift, nor what others lose or gain by it.</param>
    public static IReadOnlyList<ShareCourse> Of(ShareSweep sweep, Timestamp from, Timestamp to,
        IEnumerable<(Timestamp From, Timestamp To)> explained, IReadOnlyList<SlowMove> slow)
    {
        var stretches = new Stretches(explained.Select(stretch => (MinuteOf(stretch.From, from), MinuteOf(stretch.To, from))));
        long end = (long)Math.Ceiling((to - from) / Grid), begin = -1;
        var best = new Best();
        var courses = new SortedDictionary<Asn, List<ShareStep>>();
        foreach (var point in sweep.Steps(from, to, Grid))
        {
            long minute = MinuteOf(point.Time, from);
            // Where nothing is known, or few hold what is left, the last share stands: neither a gap nor an outage is a shift.
            if (point.Upstreams.Count == 0) continue;
            if (point.Visibility < Disturbances.DownBelow * best.Since(minute, point.Visibility ?? 0)) continue;
            if (begin < 0) begin = minute;
            foreach (var asn in point.Upstreams.Keys)
                if (!courses.ContainsKey(asn)) courses[asn] = [new(begin, 0, 0)];
            if (minute == begin)
            {
                foreach (var (asn, steps) in courses) steps[0] = new(begin, Share(asn), Share(asn));
                continue;
            }
            bool isExplained = stretches.Contain(minute);
            var moving = slow.Where(move => point.Time >= move.While.From && point.Time <= move.While.To)
                .Select(move => move.Upstream).ToHashSet();
            double Moved(Asn asn) => Share(asn) - courses[asn][^1].Share;
            // What these gain together others lose in the same minute, and no more of it than they lose.
            double gained = moving.Where(courses.ContainsKey).Sum(Moved);
            double lost = gained == 0 ? 0 : courses.Keys.Where(asn => !moving.Contains(asn) && Moved(asn) * gained < 0).Sum(Moved);
            double part = lost == 0 ? 0 : Math.Min(1, -gained / lost);
            foreach (var (asn, steps) in courses)
            {
                double moved = Moved(asn);
                if (moved == 0) continue;
                double own = isExplained || moving.Contains(asn) ? 0 : moved * gained < 0 ? moved * (1 - part) : moved;
                steps.Add(new(minute, Share(asn), steps[^1].Level + own));
            }

            double Share(Asn asn) => point.Upstreams.GetValueOrDefault(asn);
        }
        return [.. courses.Select(course => new ShareCourse(course.Key, course.Value, end))];
    }

    private static long MinuteOf(Timestamp time, Timestamp from) => (long)Math.Floor((time - from) / Grid);

    /// <summary>The minute in which a step ends.</summary>
    public long EndOf(int step) => step + 1 < Steps.Count ? Steps[step + 1].Minute : End;

    /// <summary>The index of the step that stands in a minute.</summary>
    public int StepAt(long minute)
    {
        int low = 0, high = Steps.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Steps[middle].Minute <= minute) low = middle + 1; else high = middle;
        }
        return Math.Max(0, low - 1);
    }

    /// <summary>The median over the minutes of a stretch, and how far half of them are from it; null for an empty stretch.</summary>
    public (double Median, double Deviation)? Usual(long from, long to, Func<ShareStep, double> of)
    {
        from = Math.Max(from, Steps[0].Minute);
        to = Math.Min(to, End);
        if (to <= from) return null;
        var values = new List<(double Value, long Minutes)>();
        for (int i = StepAt(from); i < Steps.Count && Steps[i].Minute < to; i++)
            values.Add((of(Steps[i]), Math.Min(EndOf(i), to) - Math.Max(Steps[i].Minute, from)));
        double median = Median(values);
        return (median, Median([.. values.Select(value => (Math.Abs(value.Value - median), value.Minutes))]));
    }

    private static double Median(List<(double Value, long Minutes)> values)
    {
        values.Sort();
        long all = values.Sum(value => value.Minutes), reached = 0;
        foreach (var (value, minutes) in values)
            if ((reached += minutes) * 2 > all) return value;
        return values[^1].Value;
    }

    /// <summary>The best visibility of the last day.</summary>
    private sealed class Best
    {
        private static readonly long _horizon = (long)(Trailing.Horizon / Grid);
        private readonly LinkedList<(long Minute, double Visibility)> _falling = [];

        public double Since(long minute, double visibility)
        {
            while (_falling.Last is { } last && last.Value.Visibility <= visibility) _falling.RemoveLast();
            _falling.AddLast((minute, visibility));
            // What stood when the day began counts, too.
            while (_falling.First?.Next is { } next && next.Value.Minute <= minute - _horizon) _falling.RemoveFirst();
            return _falling.First!.Value.Visibility;
        }
    }

    /// <summary>Stretches of minutes, asked in order of time.</summary>
    private sealed class Stretches(IEnumerable<(long From, long To)> stretches)
    {
        private readonly Queue<(long From, long To)> _ahead = new(stretches.OrderBy(stretch => stretch.From));
        private long _until = long.MinValue;

        public bool Contain(long minute)
        {
            while (_ahead.TryPeek(out var next) && next.From <= minute) _until = Math.Max(_until, _ahead.Dequeue().To);
            return minute <= _until;
        }
    }
}
