using System.Text;

using Isthmus.Transit;
using Isthmus.Wire;

namespace Isthmus.Reports.Html;

/// <summary>The pictures of a page: the stacked chart of the whole subject, and a strip for each prefix.</summary>
internal sealed class Charts(Report report, Story story)
{
    private const double Width = 960, Left = 46, Right = 10, Top = 46, Height = 250, Bottom = 34, MarkerRadius = 9;
    private const double StripHeight = 22, StripLabel = 15, StripGap = 8;
    private const double OutageWidthMin = 2;
    private const int LettersMin = 6;

    private readonly TimeAxis _axis = new(report.From, report.To, Left, Width - Left - Right);
    private readonly IReadOnlyList<Asn> _upstreams = Bands.Largest(report.Transit.Series);

    /// <summary>True where more than a trace goes by upstreams without a band of their own.</summary>
    public bool HasOthers =>
        new Bands(report.Transit.Series, report.Bin, _upstreams).Levels.Any(levels => levels is not null && levels[^1] >= 1e-4);

    /// <summary>True where a part of the chart has no data.</summary>
    public bool HasGaps => report.Transit.Series.Any(point => point.Visibility is null);

    public bool HasSeries => report.Transit.Series.Count > 1;

    /// <summary>The class that colours a band.</summary>
    public static string ColourOf(int band, int own) => band < own ? $"u{band}" : "other";

    /// <summary>The upstreams with a band, for the legend and the read-out.</summary>
    public IReadOnlyList<Asn> Upstreams => _upstreams;

    /// <summary>Shares of all upstreams over time, with the changes marked.</summary>
    public string Stacked()
    {
        var bands = new Bands(report.Transit.Series, report.Bin, _upstreams);
        var svg = new StringBuilder();
        double height = Top + Height + Bottom;
        svg.Append($"<svg id=\"chart\" class=\"chart\" viewBox=\"0 0 {Svg.Number(Width)} {Svg.Number(height)}\" role=\"group\" aria-labelledby=\"chart-title\" aria-describedby=\"chart-text\" tabindex=\"0\">\n");
        svg.Append($"<title id=\"chart-title\">Upstreams of {Svg.Text(story.Subject)} over time</title>\n");
        svg.Append($"<desc id=\"chart-text\">{Svg.Text(string.Join(' ', story.Lead))}</desc>\n");
        svg.Append(Patterns());
        svg.Append($"<rect class=\"ground\" x=\"{Svg.Number(Left)}\" y=\"{Svg.Number(Top)}\" width=\"{Svg.Number(_axis.Width)}\" height=\"{Svg.Number(Height)}\"/>\n");
        for (int band = 0; band <= _upstreams.Count; band++) AppendBand(svg, bands, band, Top, Height);
        foreach (var (from, to) in bands.Gaps()) AppendGap(svg, from, to, Top, Height, label: true);
        AppendGrid(svg);
        for (int band = 0; band < _upstreams.Count; band++) AppendLabel(svg, bands, band);
        AppendOutages(svg);
        AppendMarkers(svg);
        svg.Append("<g id=\"cursor\" aria-hidden=\"true\"></g>\n</svg>\n");
        return svg.ToString();
    }

    private static string Patterns() => """
        <defs>
        <pattern id="gap" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="gapline" width="2" height="7"/></pattern>
        <pattern id="hatch1" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="1.2" height="6"/></pattern>
        <pattern id="hatch2" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="hatch" width="1.2" height="6"/></pattern>
        <pattern id="hatch3" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="hatch" width="1.2" height="5"/></pattern>
        </defs>

        """;

    private void AppendBand(StringBuilder svg, Bands bands, int band, double top, double height)
    {
        string path = bands.Path(band, _axis, top, height);
        if (path.Length == 0) return;
        svg.Append($"<path class=\"band {ColourOf(band, _upstreams.Count)}\" d=\"{path}\"/>");
        // Not by colour alone: every second band is hatched, so that grey print tells them apart.
        if (band is 1 or 3 or 5) svg.Append($"<path class=\"hatched\" fill=\"url(#hatch{(band + 1) / 2})\" d=\"{path}\"/>");
        svg.Append('\n');
    }

    private void AppendGap(StringBuilder svg, Timestamp from, Timestamp to, double top, double height, bool label)
    {
        double x = _axis.At(from), width = Math.Max(1, _axis.At(to) - x);
        svg.Append($"<rect class=\"gap\" fill=\"url(#gap)\" x=\"{Svg.Number(x)}\" y=\"{Svg.Number(top)}\" width=\"{Svg.Number(width)}\" height=\"{Svg.Number(height)}\"/>");
        if (label && width > 60) svg.Append(
            $"<text class=\"gaptext\" x=\"{Svg.Number(x + width / 2)}\" y=\"{Svg.Number(top + height / 2)}\">no data</text>");
        svg.Append('\n');
    }

    private void AppendGrid(StringBuilder svg)
    {
        foreach (int percent in new[] { 0, 25, 50, 75, 100 })
        {
            double y = Top + Height * (1 - percent / 100.0);
            svg.Append($"<line class=\"grid\" x1=\"{Svg.Number(Left)}\" x2=\"{Svg.Number(Width - Right)}\" y1=\"{Svg.Number(y)}\" y2=\"{Svg.Number(y)}\"/>"
                + $"<text class=\"tick y\" x=\"{Svg.Number(Left - 6)}\" y=\"{Svg.Number(y + 4)}\">{percent}%</text>\n");
        }
        AppendTimes(svg, Top + Height, Top);
    }

    private void AppendTimes(StringBuilder svg, double base_, double top)
    {
        foreach (var (time, label, isDay) in _axis.Ticks())
        {
            double x = _axis.At(time);
            svg.Append($"<line class=\"{(isDay ? "day" : "mark")}\" x1=\"{Svg.Number(x)}\" x2=\"{Svg.Number(x)}\" y1=\"{Svg.Number(isDay ? top : base_)}\" y2=\"{Svg.Number(base_ + 5)}\"/>"
                + $"<text class=\"tick x{(isDay ? " strong" : "")}\" x=\"{Svg.Number(Math.Clamp(x, Left + 12, Width - Right - 14))}\" y=\"{Svg.Number(base_ + 19)}\">{label}</text>\n");
        }
    }

    private void AppendLabel(StringBuilder svg, Bands bands, int band)
    {
        if (bands.LabelPlace(band, 0.12) is not var (middle, length, height)) return;
        double room = _axis.Width * (length / (report.To - report.From));
        int letters = (int)(room / 7.2) - 1;
        string name = story.Names.Brief(_upstreams[band]);
        if (letters < LettersMin) return;
        string text = name.Length <= letters ? name : letters >= 9 ? _upstreams[band].ToString() : "";
        svg.Append($"<text class=\"name on-{ColourOf(band, _upstreams.Count)}\" x=\"{Svg.Number(_axis.At(middle))}\" y=\"{Svg.Number(Top + Height * (1 - height) + 4)}\">{Svg.Text(text)}</text>\n");
    }

    // A mean over a bin dilutes a short outage: each has its own bar, as long as it lasted, in a lane above the chart.
    private void AppendOutages(StringBuilder svg)
    {
        foreach (var (number, change, _) in story.Changes)
        {
            if (change.Kind is not ChangeKind.Outage || change.Time > report.To || change.Until < report.From) continue;
            double x = _axis.At(change.Time), width = Math.Max(OutageWidthMin, _axis.At(change.Until ?? report.To) - x);
            string what = $"{number}: {story.Words.What(change)}, {ChangeWords.Interval(change)}";
            svg.Append($"<a href=\"#change-{number}\" aria-label=\"{Svg.Text(what)}\"><rect class=\"outage\" x=\"{Svg.Number(x)}\" y=\"{Svg.Number(Top)}\" "
                + $"width=\"{Svg.Number(width)}\" height=\"{Svg.Number(Height)}\"/><rect class=\"lane\" x=\"{Svg.Number(x)}\" y=\"{Svg.Number(Top - 6)}\" "
                + $"width=\"{Svg.Number(width)}\" height=\"6\"/><title>{Svg.Text(what)}</title></a>\n");
        }
    }

    // Numbers that would lie on each other go up a row; there are two rows.
    private void AppendMarkers(StringBuilder svg)
    {
        double[] taken = [double.NegativeInfinity, double.NegativeInfinity];
        foreach (var (number, change, isPart) in story.Changes)
        {
            if (isPart || change.Time < report.From || change.Time > report.To) continue;
            double x = _axis.At(change.Time);
            int row = x - taken[0] >= 2 * MarkerRadius + 1 ? 0 : 1;
            taken[row] = Math.Max(x, taken[row] + 2 * MarkerRadius + 1);
            double cx = Math.Min(taken[row], Width - Right - MarkerRadius), cy = Top - 14 - row * (2 * MarkerRadius + 1);
            taken[row] = cx;
            svg.Append($"<a href=\"#change-{number}\" aria-label=\"Change {number}: {Svg.Text(story.Words.What(change))}\">"
                + $"<line class=\"event\" x1=\"{Svg.Number(x)}\" x2=\"{Svg.Number(x)}\" y1=\"{Svg.Number(Top - 5)}\" y2=\"{Svg.Number(Top + Height)}\"/>"
                + $"<line class=\"lead\" x1=\"{Svg.Number(cx)}\" x2=\"{Svg.Number(x)}\" y1=\"{Svg.Number(cy + MarkerRadius)}\" y2=\"{Svg.Number(Top - 5)}\"/>"
                + $"<circle class=\"event\" cx=\"{Svg.Number(cx)}\" cy=\"{Svg.Number(cy)}\" r=\"{Svg.Number(MarkerRadius)}\"/>"
                + $"<text class=\"number\" x=\"{Svg.Number(cx)}\" y=\"{Svg.Number(cy + 4)}\">{number}</text></a>\n");
        }
    }

    /// <summary>A strip for each prefix: who carries it, and when nobody.</summary>
    public string Strips()
    {
        var all = report.Transit.PrefixSeries;
        double row = StripLabel + StripHeight + StripGap, height = all.Count * row + Bottom;
        var svg = new StringBuilder();
        svg.Append($"<svg class=\"strips\" viewBox=\"0 0 {Svg.Number(Width)} {Svg.Number(height)}\" role=\"img\" aria-labelledby=\"strips-title\">\n");
        svg.Append($"<title id=\"strips-title\">Who carries each prefix over time</title>\n");
        for (int i = 0; i < all.Count; i++)
        {
            double top = i * row + StripLabel;
            var bands = new Bands(all[i].Points, report.Bin, _upstreams);
            svg.Append($"<text class=\"prefix\" x=\"{Svg.Number(Left)}\" y=\"{Svg.Number(top - 4)}\">{all[i].Prefix}</text>"
                + $"<rect class=\"ground\" x=\"{Svg.Number(Left)}\" y=\"{Svg.Number(top)}\" width=\"{Svg.Number(_axis.Width)}\" height=\"{Svg.Number(StripHeight)}\"/>\n");
            for (int band = 0; band <= _upstreams.Count; band++) AppendBand(svg, bands, band, top, StripHeight);
            foreach (var (from, to) in bands.Gaps()) AppendGap(svg, from, to, top, StripHeight, label: false);
        }
        AppendTimes(svg, all.Count * row - StripGap, 0);
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    /// <summary>The numbers behind the chart, for the read-out and for whoever wants them.</summary>
    public string Numbers()
    {
        var bands = new Bands(report.Transit.Series, report.Bin, _upstreams);
        var json = new StringBuilder("{\"from\":").Append(report.From.Microseconds / 1000).Append(",\"bin\":")
            .Append((long)report.Bin.TotalMilliseconds)
            .Append(",\"to\":").Append(report.To.Microseconds / 1000).Append(",\"names\":[");
        json.AppendJoin(',', _upstreams.Select(asn => "\"" + System.Text.Json.JsonEncodedText.Encode(story.Names.Brief(asn)) + "\"")
            .Append("\"others\""));
        json.Append("],\"levels\":[");
        json.AppendJoin(',', bands.Levels.Select(
            levels => levels is null ? "null" : "[" + string.Join(',', levels.Select(level => Svg.Number(level * 100))) + "]"));
        return json.Append("]}").ToString();
    }
}
