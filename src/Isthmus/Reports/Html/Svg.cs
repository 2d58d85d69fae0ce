using System.Globalization;
using System.Net;

using Isthmus.Wire;

namespace Isthmus.Reports.Html;

/// <summary>Numbers and texts as they stand in markup.</summary>
internal static class Svg
{
    /// <summary>A text that is safe between tags and in attributes.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(Wording.Printable(text));

    /// <summary>A coordinate: a tenth of a unit is finer than any screen.</summary>
    public static string Number(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);
}

/// <summary>The horizontal axis that all charts of a page share: a period on a width.</summary>
internal sealed record TimeAxis(Timestamp From, Timestamp To, double Left, double Width)
{
    private static readonly TimeSpan[] _steps =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(3),
        TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromDays(1), TimeSpan.FromDays(2), TimeSpan.FromDays(7),
        TimeSpan.FromDays(30), TimeSpan.FromDays(91), TimeSpan.FromDays(365),
    ];

    private const int TicksMax = 9;

    public double At(Timestamp time) => Left + Width * Math.Clamp((time - From) / (To - From), 0, 1);

    /// <summary>Ticks at round times, with the label: the clock, or the day at midnight.</summary>
    public IEnumerable<(Timestamp Time, string Label, bool IsDay)> Ticks()
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

    private static string DayOf(Timestamp time, TimeSpan step) => time.ToDateTimeOffset()
        .ToString(step < TimeSpan.FromDays(91) ? "d MMM" : "MMM yyyy", CultureInfo.InvariantCulture);
}
