using System.Globalization;

using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>The horizontal axis of a chart: a period on a width.</summary>
internal sealed record TimeAxis(Timestamp From, Timestamp To, double Left, double Width)
{
    private static readonly TimeSpan[] _steps =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(3),
        TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromDays(1), TimeSpan.FromDays(2), TimeSpan.FromDays(7),
        TimeSpan.FromDays(30), TimeSpan.FromDays(91), TimeSpan.FromDays(365),
    ];

    /// <summary>Half of what a character of a label takes: labels stay within the picture.</summary>
    private const double HalfCharacter = 3.9;

    /// <summary>So many ticks have room.</summary>
    public int TicksMax { get; init; } = 9;

    public double At(Timestamp time) => Left + Width * Math.Clamp((time - From) / (To - From), 0, 1);

    /// <summary>Ticks at round times, with the label: the clock, or the day at midnight.</summary>
    public IEnumerable<(Timestamp Time, string Label, bool IsDay)> Ticks() => To - From > _monthsFrom ? Months() : Even();

    // Of long periods at the first of months, or of years.
    private IEnumerable<(Timestamp Time, string Label, bool IsDay)> Months()
    {
        int step = _monthSteps.FirstOrDefault(step => (To - From).TotalDays / (step * 30.4) <= TicksMax, _monthSteps[^1]);
        var from = From.ToDateTimeOffset();
        for (int month = from.Year * 12 + from.Month - 1; ; month++)
        {
            if (month % step != 0) continue;
            var date = new DateTimeOffset(month / 12, month % 12 + 1, 1, 0, 0, 0, TimeSpan.Zero);
            var time = Timestamp.From(date);
            if (time > To) yield break;
            if (time >= From) yield return (time, date.ToString(step >= 12 ? "yyyy" : "MMM yyyy", CultureInfo.InvariantCulture), true);
        }
    }

    private static readonly TimeSpan _monthsFrom = TimeSpan.FromDays(200);

    private static readonly int[] _monthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240];

    private IEnumerable<(Timestamp Time, string Label, bool IsDay)> Even()
    {
        var step = _steps.FirstOrDefault(step => (To - From) / step <= TicksMax, _steps[^1]);
        long micros = (long)step.TotalMicroseconds;
        for (long at = (From.Microseconds + micros - 1) / micros * micros; at <= To.Microseconds; at += micros)
        {
            var time = new Timestamp(at);
            bool isDay = time.Seconds % 86400 == 0;
            yield return (time, isDay ? DayOf(time, step) : Wording.ClockBrief(time), isDay);
        }
    }

    /// <summary>Draws the ticks below a chart, and a line through it at each midnight.</summary>
    public void Draw(Drawing svg, double top, double bottom)
    {
        foreach (var (time, label, isDay) in Ticks())
        {
            double x = At(time), half = label.Length * HalfCharacter;
            svg.Line(isDay ? "day" : "mark", x, isDay ? top : bottom, x, bottom + 5);
            svg.Text($"tick x{(isDay ? " strong" : "")}", Math.Clamp(x, Left + half, Left + Width - half), bottom + 19, label);
        }
    }

    private static string DayOf(Timestamp time, TimeSpan step) => time.ToDateTimeOffset()
        .ToString(step < TimeSpan.FromDays(91) ? "d MMM" : "MMM yyyy", CultureInfo.InvariantCulture);
}
