using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>A lasting shift of an upstream's share that no other change explains.</summary>
internal sealed record ShareShift(Asn Upstream, Timestamp Around, double Before, double After);

/// <summary>Finds shifts of share (methods.md section 8.2, rule 3): the medians of the stretches before and after differ.</summary>
internal static class ShareShifts
{
    private const double ShiftMin = 0.15, DeviationsMin = 4, DeviationFloor = 0.01;

    private static readonly TimeSpan Grid = TimeSpan.FromSeconds(60), After = TimeSpan.FromMinutes(30), Before = TimeSpan.FromHours(24);

    /// <summary>Finds the shifts in the stretches between other changes.</summary>
    /// <param name="others">The other changes, each with the time that it takes to settle.</param>
    public static IReadOnlyList<ShareShift> Find(
        ShareSweep sweep, Timestamp from, Timestamp to, IEnumerable<(Timestamp From, Timestamp To)> others)
    {
        var shifts = new List<ShareShift>();
        var start = from;
        foreach (var (begun, settled) in others.Append((to, to)).OrderBy(other => other.Item1))
        {
            if (begun - start >= After * 2) shifts.AddRange(Find(sweep, start, begun));
            if (settled > start) start = settled;
        }
        return shifts;
    }

    private static IEnumerable<ShareShift> Find(ShareSweep sweep, Timestamp from, Timestamp to)
    {
        int count = (int)((to - from) / Grid);
        var points = sweep.At(Enumerable.Range(0, count).Select(i => from + Grid * i)).ToArray();
        int after = (int)(After / Grid), before = (int)(Before / Grid);
        foreach (var asn in points.SelectMany(point => point.Upstreams.Keys).Distinct().Order())
        {
            double[] shares = SharesOf(asn, points);
            for (int i = after; i + after <= shares.Length; i++)
            {
                var past = shares.AsSpan(Math.Max(0, i - before)..i);
                double usual = Median(past), now = Median(shares.AsSpan(i, after));
                double deviation = Math.Max(DeviationFloor, Median(Array.ConvertAll(past.ToArray(), share => Math.Abs(share - usual))));
                if (Math.Abs(now - usual) < ShiftMin || Math.Abs(now - usual) < DeviationsMin * deviation) continue;
                // The medians part half a window early; the shift is where the share itself is first past the middle.
                int at = i;
                while (at < shares.Length - 1 && Math.Abs(shares[at] - now) > Math.Abs(shares[at] - usual)) at++;
                yield return new(asn, points[at].Time, usual, now);
                i = at + after;
            }
        }
    }

    // Where nothing is known the last known share stands: a gap is no shift.
    private static double[] SharesOf(Asn asn, SeriesPoint[] points)
    {
        double[] shares = new double[points.Length];
        for (int i = 0; i < points.Length; i++)
            shares[i] = points[i].Upstreams.Count > 0 ? points[i].Upstreams.GetValueOrDefault(asn) : i > 0 ? shares[i - 1] : 0;
        return shares;
    }

    private static double Median(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
