using Isthmus.Text;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>A strip for each prefix: who carries it over time, and when nobody does.</summary>
/// <param name="isNarrow">For the width of a telephone: each prefix stands above its strip, ticks are fewer.</param>
internal sealed class PrefixStrips(Report report, Story story, Palette palette, StackedChart chart, bool isNarrow = false)
{
    private const double Right = 10, StripHeight = 24, Bottom = 30;
    private const int TicksNarrow = 5;

    private readonly TimeAxis _axis = isNarrow
        ? new(report.From, report.To, 0, Drawing.WidthNarrow - Right) { TicksMax = TicksNarrow }
        : new(report.From, report.To, 150, Drawing.WidthWide - 150 - Right);

    private double Left => _axis.Left;

    private double Width => isNarrow ? Drawing.WidthNarrow : Drawing.WidthWide;

    private double Top => isNarrow ? 17 : 4;

    private double StripGap => isNarrow ? 21 : 7;

    /// <summary>The picture.</summary>
    public string Draw()
    {
        var all = report.Transit.PrefixSeries;
        double bottom = Top + all.Count * (StripHeight + StripGap) - StripGap;
        var svg = new Drawing(isNarrow ? "strips-narrow" : "strips", isNarrow ? "strips narrow" : "strips wide", (Width, bottom + Bottom),
            ("Who carries each prefix over time", $"A strip for each of {Wording.Count(all.Count, "prefix", "prefixes")} of {story.Subject}; the table below has the same in words."));
        for (int i = 0; i < all.Count; i++)
        {
            double top = Top + i * (StripHeight + StripGap);
            var bands = new Bands(all[i].Points, report.Bin, palette.Upstreams);
            if (isNarrow) svg.Text("prefix above", 0, top - 5, all[i].Prefix.ToString());
            else svg.Text("prefix", Left - 8, top + StripHeight / 2 + 4, all[i].Prefix.ToString());
            svg.Rect("ground", Left, top, _axis.Width, StripHeight);
            for (int band = 0; band <= palette.Upstreams.Count; band++) chart.DrawBand(svg, bands, _axis, band, top, StripHeight);
            foreach (var (from, to) in bands.Gaps())
                svg.Rect("gap", _axis.At(from), top, Math.Max(1, _axis.At(to) - _axis.At(from)), StripHeight, "url(#gap)");
        }
        foreach (var numbered in ListedChanges.Of(story).Where(numbered => !numbered.IsPart))
        {
            // Only through the prefixes that it touches.
            foreach (var (index, series) in all.Index().Where(entry => numbered.Change.Prefixes.Contains(entry.Item.Prefix)))
            {
                double top = Top + index * (StripHeight + StripGap), x = _axis.At(numbered.Change.Time);
                svg.Line("event", x, top - 2, x, top + StripHeight + 2);
            }
        }
        _axis.Draw(svg, Top, bottom);
        return svg.Done();
    }
}
