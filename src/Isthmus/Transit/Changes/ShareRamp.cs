namespace Isthmus.Transit.Changes;

/// <summary>A move of a share from one level to another, at whatever speed.</summary>
/// <param name="First">The minute of its first step.</param>
/// <param name="Last">The minute of its last step.</param>
/// <param name="Before">The share before: its median since the last move, over 24 hours at most.</param>
/// <param name="After">The share after: its median over the half hour that follows.</param>
/// <param name="Moved">How far it moved, without what other changes did to it.</param>
/// <param name="PauseMax">The longest stretch without a step in it, in minutes.</param>
/// <param name="Just">The share in the minute before its first step and after its last.</param>
internal sealed record ShareRamp(
    long First, long Last, double Before, double After, double Moved, long PauseMax, (double Before, double After) Just);

/// <summary>
/// Finds the moves of a share by the definition of docs/methods.md: from a level that held to another that holds, with nothing
/// between them that went the other way as far, and without what moved a little long before or after.
/// </summary>
internal static class ShareRamps
{
    /// <summary>So far a share moves in a shift.</summary>
    private const double ShiftMin = 0.15;

    private const double DeviationsMin = 4, DeviationFloor = 0.01;

    /// <summary>In minutes: what holds so long has settled; what is usual is so for a day at most.</summary>
    private const long Settled = 30, Usual = 24 * 60;

    /// <summary>In minutes: what the data show so long before a move is what was before it.</summary>
    private const long KnownMin = 5;

    /// <summary>In minutes: what takes longer is no move but a course; it is told by the parts of it that take a day at most.</summary>
    private const long LengthMax = 24 * 60;

    /// <summary>In minutes: what moves within this is as quick as any.</summary>
    private const long QuickMax = 5;

    /// <summary>How a move and its length weigh against each other: one that is larger by a half may take 26 times as long.</summary>
    private const double LengthPower = 1.0 / 8;

    /// <summary>In minutes: what follows a step within this is of it.</summary>
    private const long Tail = 5;

    /// <summary>The moves of one upstream, in order.</summary>
    public static IEnumerable<ShareRamp> Of(ShareCourse course)
    {
        // Most upstreams never move so far.
        if (course.Steps.Count < 2 || course.Steps.Max(step => step.Level) - course.Steps.Min(step => step.Level) < ShiftMin) yield break;
        double[] held = Held(course);
        long since = course.Steps[0].Minute;
        foreach (var (low, high) in Swings(held))
            foreach (var (first, last) in Moves(course, held, low, high, since))
            {
                if (Tell(course, held, first, last, since) is not { } ramp) continue;
                since = ramp.Last;
                yield return ramp;
            }
    }

    // The level at each step as the median over the half hours before and after it: what holds for less does not show, and a clean
    // step stays where it is, as the minute of the step itself counts for what comes. What the data begin with has no half hour before.
    private static double[] Held(ShareCourse course) => [.. course.Steps.Select((step, index) =>
        index == 0 && course.EndOf(0) - step.Minute >= KnownMin ? step.Level
            : course.Usual(step.Minute - Settled + 1, step.Minute + Settled, of => of.Level)!.Value.Median)];

    // From turn to turn: each goes the other way than the one before, and as far as a shift.
    private static IEnumerable<(int From, int To)> Swings(double[] held)
    {
        int lowest = 0, most = 0, from = 0, sign = 0;
        for (int i = 1; i < held.Length; i++)
        {
            if (sign >= 0 && held[i] > held[most] || sign == 0 && held[i] == held[most]) most = i;
            if (sign <= 0 && held[i] < held[lowest] || sign == 0 && held[i] == held[lowest]) lowest = i;
            if (sign >= 0 && IsFar(held[most] - held[i]))
            {
                if (sign > 0) yield return (from, most);
                (from, lowest, sign) = (most, i, -1);
            }
            else if (sign <= 0 && IsFar(held[i] - held[lowest]))
            {
                if (sign < 0) yield return (from, lowest);
                (from, most, sign) = (lowest, i, 1);
            }
        }
        if (sign != 0) yield return (from, sign > 0 ? most : lowest);
    }

    // A share of 0.35 less one of 0.2 is a little less than 0.15.
    private static bool IsFar(double moved) => moved >= ShiftMin - 1e-9;

    // The steps of a swing that leave what was usual and come to what follows.
    private static IEnumerable<(int First, int Last)> Moves(ShareCourse course, double[] held, int from, int to, long since)
    {
        int sign = held[to] > held[from] ? 1 : -1;
        long leaves = course.EndOf(from), arrives = course.Steps[to].Minute;
        double before = course.Usual(Math.Max(since, leaves - Usual), leaves, of => of.Level)?.Median ?? held[from];
        double after = course.Usual(arrives, arrives + Settled, of => of.Level)?.Median ?? held[to];
        int first = from + 1, last = to;
        for (int i = from; i < to; i++)
            if (sign * (held[i] - before) <= DeviationFloor) first = i + 1;
        for (int i = to; i >= first; i--)
            if (sign * (after - held[i]) <= DeviationFloor) last = i;
        // Only what leads further is a step of the move.
        var steps = new List<int>();
        double reached = held[first - 1] * sign;
        for (int i = first; i <= last; i++)
        {
            if (held[i] * sign <= reached) continue;
            reached = held[i] * sign;
            steps.Add(i);
        }
        return Parted(course, held, steps, first - 1);
    }

    // Two moves are parted by a pause that is longer than each of them.
    private static IEnumerable<(int First, int Last)> Parted(ShareCourse course, double[] held, List<int> steps, int before)
    {
        double LevelAt(int place) => held[place < 0 ? before : steps[place]];
        long MinutesBetween(int one, int other) => course.Steps[steps[other]].Minute - course.Steps[steps[one]].Minute;
        for (int cut = 1; cut < steps.Count; cut++)
        {
            long pause = MinutesBetween(cut - 1, cut);
            if (pause < Settled || pause <= Math.Max(MinutesBetween(0, cut - 1), MinutesBetween(cut, steps.Count - 1))) continue;
            if (!IsFar(Math.Abs(LevelAt(cut - 1) - LevelAt(-1)))) continue;
            if (!IsFar(Math.Abs(LevelAt(steps.Count - 1) - LevelAt(cut - 1)))) continue;
            return Parted(course, held, steps[..cut], before).Concat(Parted(course, held, steps[cut..], steps[cut - 1]));
        }
        return Trimmed(course, held, steps, before);
    }

    // The part that moves most for its length; what is left on either side of it, where it is a shift itself, is another move.
    private static IEnumerable<(int First, int Last)> Trimmed(ShareCourse course, double[] held, List<int> steps, int before)
    {
        double LevelAt(int place) => held[place < 0 ? before : steps[place]];
        double best = 0;
        int first = -1, last = -1;
        for (int from = 0; from < steps.Count; from++)
            for (int to = from; to < steps.Count; to++)
            {
                double moved = Math.Abs(LevelAt(to) - LevelAt(from - 1));
                long minutes = course.Steps[steps[to]].Minute - course.Steps[steps[from]].Minute;
                if (minutes > LengthMax) break;
                double weight = moved / Math.Pow(Math.Max(QuickMax, minutes), LengthPower);
                if (IsFar(moved) && weight > best) (best, first, last) = (weight, from, to);
            }
        if (first < 0) return [];
        return [.. Trimmed(course, held, steps[..first], before), (steps[first], steps[last]),
            .. Trimmed(course, held, steps[(last + 1)..], steps[last])];
    }

    private static ShareRamp? Tell(ShareCourse course, double[] held, int first, int last, long since)
    {
        var steps = course.Steps;
        long begins = steps[first].Minute;
        // What was before is not known where the data begin just then.
        if (begins - steps[0].Minute < KnownMin) return null;
        bool rises = held[last] > held[first - 1];
        long pause = 0;
        for (int i = first + 1; i <= last; i++) pause = Math.Max(pause, steps[i].Minute - steps[i - 1].Minute);
        // A move that keeps its pace to the end of the data has come as far as it is then.
        if (course.End - steps[last].Minute <= 2 * Settled)
            for (int i = last + 1; i < steps.Count && steps[i].Minute - steps[last].Minute <= Math.Max(pause, Tail); i++)
                if (steps[i].Level > steps[last].Level == rises) last = i;
        long ends = steps[last].Minute;
        if (course.Usual(Math.Max(since, begins - Usual), begins, of => of.Level) is not { } usual
            || course.Usual(ends, ends + Settled, of => of.Level) is not { } now) return null;
        double moved = now.Median - usual.Median;
        if (!IsFar(Math.Abs(moved)) || Math.Abs(moved) < DeviationsMin * Math.Max(DeviationFloor, usual.Deviation)) return null;
        double before = Math.Clamp(steps[first - 1].Share + usual.Median - steps[first - 1].Level, 0, 1);
        double after = Math.Clamp(steps[last].Share + now.Median - steps[last].Level, 0, 1);
        // What other changes did in the meantime may have undone it.
        return IsFar(Math.Abs(after - before)) && after > before == rises
            ? new(begins, ends, before, after, moved, pause, (steps[first - 1].Share, steps[last].Share)) : null;
    }
}
