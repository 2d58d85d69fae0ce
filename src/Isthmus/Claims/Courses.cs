using Isthmus.Reports;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>A figure that held for a stretch of bins, <c>[From, To)</c>.</summary>
internal readonly record struct Stretch(Timestamp From, Timestamp To, double Value);

/// <summary>How shares and counts went in a report's series, as stretches in which they held.</summary>
internal sealed class Courses(Report report)
{
    /// <summary>A figure that fewer bins show was only passed through on the way to another.</summary>
    private const int BinsHeld = 3;

    /// <summary>Shares that lie so close together are one.</summary>
    private const double Alike = 0.02;

    // Of two families the one in which somebody has more: who carries either carries routes of the subject.
    private readonly IReadOnlyList<SeriesPoint> _series = report.Transit.Families.Count < 2 ? report.Transit.Series
        : [.. report.Transit.Families[0].Series.Zip(report.Transit.Families[1].Series, (one, other) => one with
        {
            Upstreams = one.Upstreams.Concat(other.Upstreams).GroupBy(entry => entry.Key)
                .ToDictionary(same => same.Key, same => same.Max(entry => entry.Value)),
        })];

    /// <summary>The peer-AS share of somebody: bins without a route are none.</summary>
    public IEnumerable<Stretch> Shares(Named who, Timestamp from, Timestamp to) =>
        Held(_series.Where(point => point.Upstreams.Count > 0).Select(point => (point.Time, ShareOf(who, point))), from, to);

    /// <summary>The least and greatest peer-AS share of somebody in any bin of a stretch, or at the end where it reaches there.</summary>
    public (double Min, double Max) ShareBetween(Named who, Timestamp from, Timestamp to)
    {
        double[] shares =
        [
            .. _series.Where(point => point.Upstreams.Count > 0 && IsWithin(point, from, to))
                .Select(point => ShareOf(who, point)),
        ];
        if (shares.Length == 0 && to > report.To)
            shares = [report.Transit.OfAnyFamily.Where(upstream => who.IsOneOf(upstream.Asn)).Sum(upstream => upstream.Shares.PeerAs)];
        return shares.Length == 0 ? (0, 0) : (shares.Min(), shares.Max());
    }

    /// <summary>How many of the prefixes somebody carries; none where there are too many for a series of each.</summary>
    public IEnumerable<Stretch> Prefixes(Named who, Timestamp from, Timestamp to)
    {
        var series = report.Transit.PrefixSeries;
        if (series.Count < report.Transit.Prefixes.Count) return [];
        return Held(Enumerable.Range(0, series.Select(of => of.Points.Count).DefaultIfEmpty(0).Min())
            .Select(bin => (series[0].Points[bin].Time, (double)series.Count(of => ShareOf(who, of.Points[bin]) > ChangeWords.Stuck))),
            from, to);
    }

    /// <summary>The greatest peer-AS share that somebody had of one prefix; null where the prefix has no series.</summary>
    public double? MostOf(Prefix prefix, Named who, Timestamp from, Timestamp to)
    {
        if (report.Transit.PrefixSeries.FirstOrDefault(of => of.Prefix == prefix) is not { } series) return null;
        return series.Points.Where(point => IsWithin(point, from, to)).Select(point => ShareOf(who, point)).DefaultIfEmpty(0).Max();
    }

    private bool IsWithin(SeriesPoint point, Timestamp from, Timestamp to) => point.Time + report.Bin > from && point.Time < to;

    private static double ShareOf(Named who, SeriesPoint point) =>
        point.Upstreams.Where(entry => who.IsOneOf(entry.Key)).Sum(entry => entry.Value);

    private IEnumerable<Stretch> Held(IEnumerable<(Timestamp Time, double Value)> bins, Timestamp from, Timestamp to)
    {
        var within = bins.Where(bin => bin.Time + report.Bin > from && bin.Time < to).ToArray();
        // What is asked of a minute has no more than a bin or two to answer from.
        int wanted = to - from < report.Bin * BinsHeld ? 1 : BinsHeld;
        for (int start = 0; start < within.Length;)
        {
            int end = start + 1;
            while (end < within.Length && within[end].Time - within[end - 1].Time <= report.Bin
                && Math.Abs(within[end].Value - within[start].Value) <= Alike) end++;
            if (end - start >= wanted)
            {
                // The last bin may reach behind the data.
                var last = within[end - 1].Time + report.Bin;
                yield return new(within[start].Time, last > report.To ? report.To : last, within[start..end].Average(bin => bin.Value));
            }
            start = end;
        }
    }
}
