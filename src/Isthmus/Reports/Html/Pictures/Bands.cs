using System.Text;

using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>
/// A series as bands that lie on each other: each upstream's share of what is visible, so that an outage is a notch
/// down to the ground. Bins without data are no band but a dotted gap.
/// </summary>
internal sealed class Bands
{
    /// <summary>What is less is not drawn.</summary>
    public const double Trace = 1e-4;

    private readonly IReadOnlyList<SeriesPoint> _points;
    private readonly TimeSpan _bin;

    public Bands(IReadOnlyList<SeriesPoint> points, TimeSpan bin, IReadOnlyList<Asn> upstreams)
    {
        _points = points;
        _bin = bin;
        Upstreams = upstreams;
        Levels = [.. points.Select(LevelsOf)];
    }

    /// <summary>The upstreams that have a band, the lowest first.</summary>
    public IReadOnlyList<Asn> Upstreams { get; }

    /// <summary>For each bin the height of each upstream's band, then of the rest's; null where nothing is known.</summary>
    public IReadOnlyList<double[]?> Levels { get; }

    private double[]? LevelsOf(SeriesPoint point)
    {
        if (point.Visibility is not { } visibility) return null;
        double[] levels = new double[Upstreams.Count + 1];
        double own = 0;
        for (int i = 0; i < Upstreams.Count; i++) own += levels[i] = point.Upstreams.GetValueOrDefault(Upstreams[i]) * visibility;
        levels[^1] = point.Upstreams.Count == 0 ? 0 : Math.Max(0, visibility - own);
        return levels;
    }

    /// <summary>The outline of one band as an SVG path; empty where it has no height anywhere.</summary>
    /// <param name="band">Index into <see cref="Upstreams"/>, or their count for the rest.</param>
    public string Path(int band, TimeAxis axis, double top, double height)
    {
        var path = new StringBuilder();
        for (int start = 0; start < Levels.Count;)
        {
            if (Levels[start] is not { } first || first[band] < Trace)
            {
                start++;
                continue;
            }
            int end = start;
            while (end < Levels.Count && Levels[end] is { } level && level[band] >= Trace) end++;
            AppendRun(path, band, start, end, axis, top, height);
            start = end;
        }
        return path.ToString();
    }

    // Up along the upper edge, back along the lower one; bins of equal height are one step.
    private void AppendRun(StringBuilder path, int band, int start, int end, TimeAxis axis, double top, double height)
    {
        string X(int bin) => Svg.Number(axis.At(_points[0].Time + _bin * bin));
        string Y(int bin, int upTo) => Svg.Number(top + height * (1 - Levels[bin]!.Take(upTo).Sum()));
        path.Append('M').Append(X(start)).Append(' ').Append(Y(start, band + 1));
        for (int i = start + 1; i < end; i++)
            if (Y(i, band + 1) != Y(i - 1, band + 1)) path.Append('H').Append(X(i)).Append('V').Append(Y(i, band + 1));
        path.Append('H').Append(X(end)).Append('V').Append(Y(end - 1, band));
        for (int i = end - 1; i > start; i--)
            if (Y(i, band) != Y(i - 1, band)) path.Append('H').Append(X(i)).Append('V').Append(Y(i - 1, band));
        path.Append('H').Append(X(start)).Append('Z');
    }

    /// <summary>The stretches without data.</summary>
    public IEnumerable<(Timestamp From, Timestamp To)> Gaps()
    {
        for (int start = 0; start < Levels.Count;)
        {
            if (Levels[start] is not null)
            {
                start++;
                continue;
            }
            int end = start;
            while (end < Levels.Count && Levels[end] is null) end++;
            yield return (_points[0].Time + _bin * start, _points[0].Time + _bin * end);
            start = end;
        }
    }

    /// <summary>Where a band has room for its name: the middle of its longest stretch of enough height; null for none.</summary>
    public (Timestamp Middle, TimeSpan Length, double Height)? LabelPlace(int band, double heightMin)
    {
        (int Start, int Length) best = default;
        for (int start = 0; start < Levels.Count; start++)
        {
            int end = start;
            while (end < Levels.Count && Levels[end] is { } level && level[band] >= heightMin
                && Math.Abs(level.Take(band).Sum() - Levels[start]!.Take(band).Sum()) < heightMin / 2) end++;
            if (end - start > best.Length) best = (start, end - start);
            if (end > start) start = end - 1;
        }
        if (best.Length == 0) return null;
        var levels = Levels[best.Start + best.Length / 2]!;
        return (_points[0].Time + _bin * (best.Start + best.Length / 2.0), _bin * best.Length, levels.Take(band).Sum() + levels[band] / 2);
    }
}
