using System.Text;

using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>
/// Shares over a whole period, a line for each of the largest upstreams and one for the rest; where nothing is known there is no line, and
/// the ground is dotted.
/// </summary>
/// <param name="period">What is asked about; the series may be shorter.</param>
/// <param name="isNarrow">For the width of a telephone.</param>
internal sealed class HistoryChart(
    Report report, Palette palette, (Timestamp From, Timestamp To) period, string text, bool isNarrow = false)
{
    private const double Left = 46, Right = 10, Top = 12, Height = 280, Bottom = 30, LineWidth = 2.2, GapTextMin = 60;

    private readonly TimeAxis _axis = new(period.From, period.To, Left, (isNarrow ? Drawing.WidthNarrow : Drawing.WidthWide) - Left - Right)
    {
        TicksMax = isNarrow ? 5 : 9,
    };

    /// <summary>True where more than a trace goes by upstreams without a line of their own.</summary>
    public bool HasOthers => report.Transit.Series.Any(point => OthersOf(point) >= Bands.Trace);

    /// <summary>The stretches of which nothing is known, by the bins of the series.</summary>
    public IEnumerable<SessionSpan> Gaps()
    {
        var reached = period.From;
        foreach (var point in report.Transit.Series.Where(point => point.Visibility is not null))
        {
            var end = point.Time + report.Bin < report.To ? point.Time + report.Bin : report.To;
            if (point.Time > reached) yield return new(reached, point.Time);
            if (end > reached) reached = end;
        }
        if (reached < period.To) yield return new(reached, period.To);
    }

    /// <summary>The picture.</summary>
    public string Draw()
    {
        string id = isNarrow ? "history-narrow" : "history";
        double width = Left + _axis.Width + Right;
        var svg = new Drawing(id, isNarrow ? "chart narrow" : "chart wide", (width, Top + Height + Bottom),
            ("Share of each upstream over time", text));
        svg.Rect("ground", Left, Top, _axis.Width, Height);
        foreach (var gap in Gaps())
        {
            double x = _axis.At(gap.From), wide = Math.Max(1, _axis.At(gap.To) - x);
            svg.Rect("gap", x, Top, wide, Height, "url(#gap)");
            if (wide > GapTextMin) svg.Text("gaptext", x + wide / 2, Top + Height / 2, "no data");
        }
        foreach (int percent in new[] { 0, 25, 50, 75, 100 })
        {
            double y = YOf(percent / 100.0);
            svg.Line("grid", Left, y, width - Right, y);
            svg.Text("tick y", Left - 6, y + 4, $"{Wording.Count(percent)}%");
        }
        _axis.Draw(svg, Top, Top + Height);
        if (HasOthers) svg.Path("step other", Outline(OthersOf), width: LineWidth);
        foreach (var (place, asn) in palette.Upstreams.Index().Reverse())
            svg.Path($"step {palette.ClassOf(place)}", Outline(point => point.Upstreams.GetValueOrDefault(asn)), width: LineWidth);
        return svg.Done();
    }

    private static double YOf(double share) => Top + Height * (1 - share);

    private double OthersOf(SeriesPoint point) => point.Upstreams
        .Where(entry => palette.PlaceOf(entry.Key) == palette.Upstreams.Count).OrderBy(entry => entry.Key).Sum(entry => entry.Value);

    // A step for each bin; a bin of which nothing is known ends the line.
    private string Outline(Func<SeriesPoint, double> share)
    {
        var outline = new StringBuilder();
        bool isOpen = false;
        double level = -1;
        foreach (var point in report.Transit.Series)
        {
            if (point.Visibility is null)
            {
                if (isOpen) outline.Append($"H{Svg.Number(_axis.At(point.Time))}");
                isOpen = false;
                continue;
            }
            double y = YOf(Math.Clamp(share(point), 0, 1));
            if (!isOpen) outline.Append($"M{Svg.Number(_axis.At(point.Time))} {Svg.Number(y)}");
            else if (Svg.Number(y) != Svg.Number(level)) outline.Append($"H{Svg.Number(_axis.At(point.Time))}V{Svg.Number(y)}");
            (isOpen, level) = (true, y);
        }
        if (isOpen) outline.Append($"H{Svg.Number(_axis.At(report.To))}");
        return outline.ToString();
    }
}
