using System.Text;

using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Text;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>
/// A row for each vantage point, coloured over time by the upstreams that it uses: a row splits where it reaches some
/// prefixes by one and some by another. Grouped by project and country.
/// </summary>
/// <param name="isNarrow">For the width of a telephone: names are short, ticks are fewer.</param>
internal sealed class PeerRaster(
    Report report, Story story, Palette palette, IReadOnlyList<PeerCourse> courses, bool isNarrow = false)
{
    /// <summary>Rows of a picture that can still be read on paper.</summary>
    public const int RowsMax = 64;

    private const double Right = 10, RowHeight = 13, RowGap = 2, HeadHeight = 22, Top = 34, Bottom = 30;
    private const double FlagHeight = 12;
    private const int NameLetters = 27, NameLettersNarrow = 14, TicksNarrow = 4;

    private readonly TimeAxis _axis = isNarrow
        ? new(report.From, report.To, 118, Drawing.WidthNarrow - 118 - Right) { TicksMax = TicksNarrow }
        : new(report.From, report.To, 206, Drawing.WidthWide - 206 - Right);

    private double Left => _axis.Left;

    private double Width => isNarrow ? Drawing.WidthNarrow : Drawing.WidthWide;

    /// <summary>The vantage points that have a row: evenly from all where there are too many, so that no group is left out.</summary>
    public IReadOnlyList<PeerCourse> Rows { get; } = courses.Count <= RowsMax ? courses
        : [.. Enumerable.Range(0, RowsMax).Select(row => courses[(int)((long)row * courses.Count / RowsMax)])];

    /// <summary>The picture.</summary>
    public string Draw()
    {
        int heads = Rows.Select(course => course.Peer.Collector.Project).Distinct().Count();
        double bottom = Top + heads * HeadHeight + Rows.Count * (RowHeight + RowGap);
        var svg = new Drawing(isNarrow ? "raster-narrow" : "raster", isNarrow ? "raster narrow" : "raster wide", (Width, bottom + Bottom),
            ($"Which upstream each vantage point used to reach {story.Subject}",
            $"{Wording.Count(Rows.Count, "row", "rows")}, one for each vantage point, from {story.Period}; the table below has the same in words."));
        double y = Top;
        Project? project = null;
        var country = Country.None;
        foreach (var course in Rows)
        {
            if (course.Peer.Collector.Project != project)
            {
                project = course.Peer.Collector.Project;
                country = Country.None;
                svg.Text("head", 0, y + 15, KindWords.Words(project.Value));
                y += HeadHeight;
            }
            bool isNew = course.Country != country || y == Top + HeadHeight;
            country = course.Country;
            DrawRow(svg, course, y, isNew);
            y += RowHeight + RowGap;
        }
        DrawEvents(svg, bottom);
        _axis.Draw(svg, Top + HeadHeight, bottom);
        return svg.Done();
    }

    private void DrawRow(Drawing svg, PeerCourse course, double y, bool namesCountry)
    {
        var peer = course.Peer;
        svg.Group("row", $"{story.Names.Label(peer.Asn)}, {peer.Address}, at {peer.Collector.Name}");
        if (namesCountry) svg.Text("country", 0, y + 10.5, course.Country.IsNone ? "–" : course.Country.ToString());
        svg.Text("peer", isNarrow ? 20 : 26, y + 10.5, Wording.Cut(story.Names.Brief(peer.Asn), isNarrow ? NameLettersNarrow : NameLetters));
        svg.Rect("ground", Left, y, _axis.Width, RowHeight);
        var outlines = new SortedDictionary<int, StringBuilder>();
        (double From, Slice[] Slices) run = (Left, []);
        foreach (var (from, moment) in Columns(course))
        {
            var slices = Slices(moment);
            if (slices.SequenceEqual(run.Slices)) continue;
            Append(outlines, run, from, y);
            run = (from, slices);
        }
        Append(outlines, run, Left + _axis.Width, y);
        foreach (var (place, outline) in outlines)
        {
            if (place == Unknown) svg.Path("gap", outline.ToString(), "url(#gap)");
            else svg.Path(palette.ClassOf(place), outline.ToString());
        }
        svg.End();
    }

    /// <summary>A part of a row's height that has one colour.</summary>
    private readonly record struct Slice(int Place, double Top, double Bottom);

    private const int Unknown = int.MaxValue;

    // Heights are rounded to half a unit: of thousands of prefixes one more or less shows no more than that.
    private Slice[] Slices(PeerMoment moment)
    {
        int known = moment.By.Sum(by => by.Prefixes) + moment.None;
        if (moment.Unknown > known) return [new(Unknown, 0, RowHeight)];
        var slices = new List<Slice>();
        int below = 0;
        foreach (var place in moment.By.GroupBy(by => by.Upstream is { } asn ? palette.PlaceOf(asn) : palette.Upstreams.Count))
        {
            int prefixes = place.Sum(by => by.Prefixes);
            double bottom = Rounded(below, known), top = Rounded(below + prefixes, known);
            if (top > bottom) slices.Add(new(place.Key, RowHeight - top, RowHeight - bottom));
            below += prefixes;
        }
        return [.. slices];
    }

    private static double Rounded(int prefixes, int known) => known <= RowHeight
        ? RowHeight * prefixes / known : Math.Round(RowHeight * 2 * prefixes / known) / 2;

    private static void Append(SortedDictionary<int, StringBuilder> outlines, (double From, Slice[] Slices) run, double to, double y)
    {
        foreach (var slice in run.Slices)
        {
            if (!outlines.TryGetValue(slice.Place, out var outline)) outlines[slice.Place] = outline = new();
            AppendBox(outline, run.From, y + slice.Top, to, slice.Bottom - slice.Top);
        }
    }

    // What is narrower than a unit of the picture gives way to what follows: no screen shows it.
    private IEnumerable<(double From, PeerMoment Moment)> Columns(PeerCourse course)
    {
        double from = Left;
        for (int i = 0; i < course.Moments.Count; i++)
        {
            bool isLast = i + 1 == course.Moments.Count;
            double to = isLast ? Left + _axis.Width : _axis.At(course.Moments[i + 1].From);
            if (to - from < 1 && !isLast) continue;
            yield return (from, course.Moments[i]);
            from = to;
        }
    }

    private static void AppendBox(StringBuilder outline, double x, double y, double to, double height) =>
        outline.Append($"M{Svg.Number(x)} {Svg.Number(y)}H{Svg.Number(to)}V{Svg.Number(y + height)}H{Svg.Number(x)}Z");

    private void DrawEvents(Drawing svg, double bottom)
    {
        // Numbers that stand close take turns in two rows; of still more the lines stand, and the list below has all.
        double[] last = [double.NegativeInfinity, double.NegativeInfinity];
        foreach (var (number, change, _) in ListedChanges.Of(story, ListedChanges.MarksMax)
            .Where(numbered => !numbered.IsPart && numbered.Change.Time >= report.From))
        {
            double x = _axis.At(change.Time);
            int row = Array.FindIndex(last, before => x - before >= 2 * EventLabels.Radius);
            svg.Line("event", x, Top - 4 - Math.Max(0, row) * FlagHeight, x, bottom);
            if (row < 0) continue;
            last[row] = x;
            svg.Text("at", x, Top - 8 - row * FlagHeight, number);
        }
    }
}
