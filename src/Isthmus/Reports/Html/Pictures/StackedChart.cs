using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>The picture of the whole subject: shares of all upstreams over time, lying on each other, with the changes marked.</summary>
/// <param name="isNarrow">For the width of a telephone: its texts keep their size, labels are numbers alone, ticks are fewer.</param>
internal sealed class StackedChart(Report report, Story story, Palette palette, bool isNarrow = false)
{
    private const double Left = 46, Right = 10, Height = 250, Bottom = 30, RowHeight = 19, LaneHeight = 5;
    private const int TicksNarrow = 5;
    private const double OutageWidthMin = 2;
    private const int LettersMin = 6;

    private readonly TimeAxis _axis = isNarrow
        ? new(report.From, report.To, Left, Drawing.WidthNarrow - Left - Right) { TicksMax = TicksNarrow }
        : new(report.From, report.To, Left, Drawing.WidthWide - Left - Right);
    private readonly Bands _bands = new(report.Transit.Series, report.Bin, palette.Upstreams);

    private double Width => Left + _axis.Width + Right;

    /// <summary>True where more than a trace goes by upstreams without a band of their own.</summary>
    public bool HasOthers => _bands.Levels.Any(levels => levels is not null && levels[^1] >= Bands.Trace);

    /// <summary>True where a part of the chart has no data.</summary>
    public bool HasGaps => report.Transit.Series.Any(point => point.Visibility is null);

    /// <summary>The picture.</summary>
    public string Draw()
    {
        var labels = EventLabels.Place(ListedChanges.Of(story, ListedChanges.MarksMax), isNarrow ? _ => "" : LabelOf, _axis);
        int rows = labels.Count == 0 ? 0 : labels.Max(label => label.Row) + 1;
        double top = rows * RowHeight + LaneHeight + 8;
        string id = isNarrow ? "chart-narrow" : "chart";
        var svg = new Drawing(id, isNarrow ? "chart narrow" : "chart wide", (Width, top + Height + Bottom),
            ($"Upstreams of {story.Subject} over time", string.Join(' ', story.Lead.Select(sentence => sentence.Text))), isGroup: true);
        svg.Rect("ground", Left, top, _axis.Width, Height);
        for (int band = 0; band <= palette.Upstreams.Count; band++) DrawBand(svg, _bands, _axis, band, top, Height);
        foreach (var (from, to) in _bands.Gaps()) DrawGap(svg, from, to, top);
        foreach (int percent in new[] { 0, 25, 50, 75, 100 })
        {
            double y = top + Height * (1 - percent / 100.0);
            svg.Line("grid", Left, y, Width - Right, y);
            svg.Text("tick y", Left - 6, y + 4, $"{Wording.Count(percent)}%");
        }
        _axis.Draw(svg, top, top + Height);
        for (int band = 0; band < palette.Upstreams.Count; band++) DrawName(svg, band, top);
        DrawOutages(svg, top);
        foreach (var label in labels) DrawLabel(svg, label, top);
        svg.Raw($"<g class=\"cursors\" data-left=\"{Svg.Number(Left)}\" data-right=\"{Svg.Number(Width - Right)}\" data-top=\"{Svg.Number(top)}\" "
            + $"data-base=\"{Svg.Number(top + Height)}\" aria-hidden=\"true\"></g>\n");
        return svg.Done();
    }

    private string LabelOf(NumberedChange numbered) =>
        $"{(numbered.Change.Earliest is null ? "" : "by ")}{Wording.Clock(numbered.Change.Time)} {story.Words.Brief(numbered.Change)}";

    /// <summary>Draws one band of a series; every second one is hatched, so that grey print tells them apart.</summary>
    public void DrawBand(Drawing svg, Bands bands, TimeAxis axis, int band, double top, double height)
    {
        string outline = bands.Path(band, axis, top, height);
        svg.Path($"band {palette.ClassOf(band)}", outline);
        if (palette.HatchOf(band) is { } hatch) svg.Path("hatched", outline, hatch);
    }

    private void DrawGap(Drawing svg, Timestamp from, Timestamp to, double top)
    {
        double x = _axis.At(from), width = Math.Max(1, _axis.At(to) - x);
        svg.Rect("gap", x, top, width, Height, "url(#gap)");
        if (width > 60) svg.Text("gaptext", x + width / 2, top + Height / 2, "no data");
    }

    private void DrawName(Drawing svg, int band, double top)
    {
        if (_bands.LabelPlace(band, 0.12) is not var (middle, length, height)) return;
        int letters = (int)(_axis.Width * (length / (report.To - report.From)) / 7.4) - 1;
        string name = story.Names.Brief(palette.Upstreams[band]);
        if (letters < LettersMin) return;
        string text = name.Length <= letters ? name : letters >= 9 ? palette.Upstreams[band].ToString() : "";
        svg.Text($"name on-{palette.ClassOf(band)}", _axis.At(middle), top + Height * (1 - height) + 5, text);
    }

    // A mean over a bin dilutes a short outage: each has its own bar, as long as it lasted, in a lane above the chart.
    private void DrawOutages(Drawing svg, double top)
    {
        foreach (var (number, change, _) in ListedChanges.Of(story))
        {
            if (change.Kind is not ChangeKind.Outage || change.Time > report.To || change.Until < report.From) continue;
            double x = _axis.At(change.Time), width = Math.Max(OutageWidthMin, _axis.At(change.Until ?? report.To) - x);
            svg.Link($"change-{number}", $"{number}: {story.Words.What(change)}, {ChangeWords.Interval(change)}");
            svg.Rect("outage", x, top, width, Height);
            svg.Rect("lane", x, top - LaneHeight - 1, width, LaneHeight);
            svg.End();
        }
    }

    private void DrawLabel(Drawing svg, EventLabel label, double top)
    {
        var (number, change, _) = label.Change;
        double y = top - LaneHeight - 4 - label.Row * RowHeight - EventLabels.Radius;
        svg.Link($"change-{number}", $"{number} {label.Text}: {ChangeWords.Moment(change)} UTC, {story.Words.What(change)}"
            + (change.Kind is ChangeKind.ShareShifted && ChangeWords.Lasted(change) is { Length: > 0 } lasted ? $", {lasted}" : ""));
        svg.Line("event", label.X, y + EventLabels.Radius, label.X, top + Height);
        svg.Circle("event", label.X, y, EventLabels.Radius);
        svg.Text("number", label.X, y + 4, number);
        if (label.Text.Length > 0)
            svg.Text(label.IsLeft ? "note left" : "note", label.X + (label.IsLeft ? -1 : 1) * (EventLabels.Radius + 4), y + 4, label.Text);
        svg.End();
    }

    /// <summary>The numbers behind the chart, for its read-out.</summary>
    public string Numbers()
    {
        var json = new System.Text.StringBuilder("{\"from\":").Append(report.From.Microseconds / 1000).Append(",\"bin\":")
            .Append((long)report.Bin.TotalMilliseconds)
            .Append(",\"to\":").Append(report.To.Microseconds / 1000).Append(",\"names\":[");
        json.AppendJoin(',', palette.Upstreams.Select(asn => "\"" + System.Text.Json.JsonEncodedText.Encode(story.Names.Brief(asn)) + "\"")
            .Append("\"others\""));
        json.Append("],\"levels\":[");
        json.AppendJoin(',', _bands.Levels.Select(
            levels => levels is null ? "null" : "[" + string.Join(',', levels.Select(level => Svg.Number(level * 100))) + "]"));
        return json.Append("]}").ToString();
    }
}
