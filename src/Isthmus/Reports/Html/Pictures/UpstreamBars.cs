using Isthmus.Text;
using Isthmus.Transit.Shares;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>An upstream of one instant, or all that have no bar of their own.</summary>
/// <param name="Name">As the picture and its table call it.</param>
/// <param name="Place">Of its colour.</param>
/// <param name="Share">Peer-AS share, 0 to 1; of several their sum.</param>
/// <param name="Interval">How sure that is; null where it is not known, and for several.</param>
internal sealed record UpstreamBar(string Name, int Place, double Share, ShareInterval? Interval);

/// <summary>The picture of one instant: a bar for each of the largest upstreams, and one for all others.</summary>
/// <param name="isNarrow">For the width of a telephone: names stand above their bars.</param>
internal sealed class UpstreamBars(Story story, Palette palette, IReadOnlyList<UpstreamBar> bars, bool isNarrow = false)
{
    /// <summary>Upstreams with a bar of their own.</summary>
    public const int OwnMax = 12;

    private const double BarHeight = 16, NameWidth = 290, ValueWidth = 110, Bottom = 26, Top = 4;

    private double Width => isNarrow ? Drawing.WidthNarrow : Drawing.WidthWide;

    private double Left => isNarrow ? 0 : NameWidth;

    private double RowHeight => isNarrow ? 38 : 24;

    /// <summary>The bars of the largest upstreams, and of the rest.</summary>
    public static IReadOnlyList<UpstreamBar> Of(Report report, Story story, Palette palette)
    {
        var upstreams = report.Transit.Upstreams.Where(upstream => upstream.PeerAses > 0).ToArray();
        var own = upstreams.Take(OwnMax).Select(upstream => new UpstreamBar(
            story.Names.Brief(upstream.Asn), palette.PlaceOf(upstream.Asn), upstream.Shares.PeerAs, upstream.Intervals?.PeerAs));
        var rest = upstreams.Skip(OwnMax).ToArray();
        return rest.Length == 0 ? [.. own] : [.. own, new($"The rest: {Wording.Count(rest.Length, "upstream", "upstreams")}",
            palette.Upstreams.Count, rest.Sum(upstream => upstream.Shares.PeerAs), null)];
    }

    /// <summary>The picture.</summary>
    public string Draw()
    {
        double bottom = Top + bars.Count * RowHeight, width = Width - Left - ValueWidth;
        double whole = bars.Max(bar => Math.Max(bar.Share, bar.Interval?.High ?? 0)) is var most and > 0 ? most : 1;
        var svg = new Drawing(isNarrow ? "bars-narrow" : "bars", isNarrow ? "bars narrow" : "bars wide", (Width, bottom + Bottom),
            ($"Upstreams of {story.Subject}", $"{story.Headline.Text}. {story.Period}. The table below has the numbers."));
        for (int i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            double top = Top + i * RowHeight + (isNarrow ? 17 : 0), middle = top + BarHeight / 2, end = Left + width * (bar.Share / whole);
            if (isNarrow) svg.Text("who above", 0, top - 4, bar.Name);
            else svg.Text("who", Left - 8, middle + 4, bar.Name);
            svg.Rect($"bar {palette.ClassOf(bar.Place)}", Left, top, end - Left, BarHeight);
            if (palette.HatchOf(bar.Place) is { } hatch) svg.Rect("hatched", Left, top, end - Left, BarHeight, hatch);
            if (bar.Interval is { } sure)
            {
                (double low, double high) = (Left + width * (sure.Low / whole), Left + width * (sure.High / whole));
                svg.Line("reach", low, middle, high, middle);
                end = Math.Max(end, high);
            }
            svg.Text("much", end + 6, middle + 4,
                bar.Interval is { } known ? ShareWords.WithInterval(bar.Share, known) : Wording.PercentFine(bar.Share));
        }
        svg.Line("mark", Left, Top, Left, bottom);
        return svg.Done();
    }
}
