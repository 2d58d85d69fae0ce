namespace Isthmus.Reports.Html.Pictures;

/// <summary>A label above a chart: a number at its time, and what happened beside it.</summary>
/// <param name="X">Where the event stands on the axis.</param>
/// <param name="Row">0 for the lowest row.</param>
/// <param name="IsLeft">The text stands left of the number, for want of room on the right.</param>
internal sealed record EventLabel(NumberedChange Change, string Text, double X, int Row, bool IsLeft);

/// <summary>
/// Places the labels of events in rows above a chart so that no text lies on another, and no line that leads down from a
/// number crosses a text: of events close together the earliest stands highest.
/// </summary>
internal static class EventLabels
{
    /// <summary>Half of a number's circle, and a letter's mean width, in units of the picture.</summary>
    public const double Radius = 8.5, Letter = 6.1;

    private const int LabelsMax = 12;

    public static IReadOnlyList<EventLabel> Place(IReadOnlyList<NumberedChange> changes, Func<NumberedChange, string> textOf, TimeAxis axis)
    {
        var events = changes.Where(numbered => !numbered.IsPart && numbered.Change.Time >= axis.From && numbered.Change.Time <= axis.To)
            .Select((numbered, index) => (
                Numbered: numbered, Text: index < LabelsMax ? textOf(numbered) : "", X: axis.At(numbered.Change.Time))).ToArray();
        double right = axis.Left + axis.Width;
        var placed = new List<EventLabel>();
        foreach (var (numbered, text, x) in events.Reverse().Where(entry => entry.X + Extent(entry.Text) <= right))
            placed.Add(new(numbered, text, x, RowFor(placed, x - Radius, x + Extent(text)), false));
        foreach (var (numbered, text, x) in events.Where(entry => entry.X + Extent(entry.Text) > right))
            placed.Add(new(numbered, text, x, RowFor(placed, x - Extent(text), x + Radius), true));
        return [.. placed.OrderBy(label => label.X)];
    }

    private static double Extent(string text) => Radius + 5 + text.Length * Letter;

    // Above every number whose line it would cross, and every text that it would lie on.
    private static int RowFor(List<EventLabel> placed, double from, double to) => placed
        .Where(other => other.X + Radius > from && other.X - Radius < to
            || (other.IsLeft ? other.X - Extent(other.Text) < to && other.X > from : other.X < to && other.X + Extent(other.Text) > from))
        .Select(other => other.Row + 1).DefaultIfEmpty(0).Max();
}
