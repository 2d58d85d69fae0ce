using System.Globalization;

using Isthmus.Registry;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>What clocks showed in the subject's country, in words beside the UTC of a report; empty where no country is known.</summary>
public sealed class LocalTimes(LocalClock? clock)
{
    /// <summary>The clock; null where none is known.</summary>
    public LocalClock? Clock => clock;

    /// <summary><c>17:37:51 in Pyongyang</c>; with the day where it is another one there.</summary>
    public string At(Timestamp time)
    {
        if (clock is null) return "";
        var there = clock.At(time);
        string day = there.Date == time.ToDateTimeOffset().Date ? "" : there.ToString("d MMMM, ", CultureInfo.InvariantCulture);
        return $"{day}{there.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} in {clock.Place}";
    }

    /// <summary><see cref="At"/> in brackets after a blank; empty where no country is known.</summary>
    public string Beside(Timestamp time) => clock is null ? "" : $" ({At(time)})";

    /// <summary>Which clock it is, and by whose word; null where no country is known.</summary>
    public string? Note(Timestamp from, Timestamp to)
    {
        if (clock is null) return null;
        string start = OffsetText(clock.OffsetAt(from)), end = OffsetText(clock.OffsetAt(to));
        string offset = start == end ? $"{start} on these days" : $"{start} at the start and {end} at the end of the period";
        int offsets = clock.OffsetsAt(to);
        string others = offsets > 1
            ? $" {CountryNames.NameOf(clock.Country)} had {Wording.InWords(offsets)} different times then; this is that of its seat of government." : "";
        return $"Local times are those of {clock.Place} ({clock.Zone}): {offset}, by the {LocalClock.Source}.{others}";
    }

    /// <summary><c>UTC+8:30</c>, <c>UTC−4</c>, <c>UTC</c>.</summary>
    public static string OffsetText(TimeSpan offset)
    {
        if (offset == TimeSpan.Zero) return "UTC";
        var size = offset.Duration();
        string sign = offset < TimeSpan.Zero ? "−" : "+";
        return string.Create(CultureInfo.InvariantCulture, $"UTC{sign}{(int)size.TotalHours}") + (size.Minutes == 0 ? "" : $":{size.Minutes:00}");
    }
}
