using System.Globalization;
using System.Text.RegularExpressions;

using Isthmus.Registry;
using Isthmus.Wire;

using NodaTime;

namespace Isthmus.Claims;

/// <summary>A time of day or a date in a passage.</summary>
/// <param name="Place">Characters from the start of the passage.</param>
internal readonly partial record struct TimeMention(StatedTime Time, int Place, int Length)
{
    /// <summary>"Before 1 October" is all the time up to it, "after 10:14" all that follows; any other stays as it is.</summary>
    public TimeMention Sided(string passage) => Side().Match(passage[..Place]) switch
    {
        { Success: false } => By().IsMatch(passage[..Place]) ? this with { Time = Time with { IsBound = true } } : this,
        var side when side.ValueSpan.StartsWith("after", StringComparison.OrdinalIgnoreCase) => this with
        {
            Time = Time with { Text = "after " + Time.Text, From = Time.To, To = StatedTime.FarFuture },
        },
        _ => this with { Time = Time with { Text = "before " + Time.Text, From = StatedTime.FarPast, To = Time.From } },
    };

    [GeneratedRegex(@"(?<!(?:shortly|just|minutes?|hours?|days?)\s)\b(?:before|prior to|after)\s+(?:the\s+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Side();

    [GeneratedRegex(@"\bby\s+(?:the\s+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex By();
}

/// <summary>
/// Reads times as the press writes them: <c>09:07:51 UTC</c>, <c>5:38 p.m. Pyongyang time</c>, <c>0908 GMT</c>,
/// <c>1 October 2017</c>, <c>Sunday</c>. A date goes on counting until the next one. Zones are those of that date, from
/// the tz database (NodaTime); where no zone is named the one beside it counts, or UTC.
/// </summary>
/// <param name="from">The period that the data cover: it says which year, and which Sunday, is meant.</param>
/// <param name="to">Its end.</param>
/// <param name="country">Whose <c>local time</c> is meant.</param>
internal sealed partial class Times(Timestamp from, Timestamp to, Country country)
{
    /// <summary>"About 9:08" may be off by so much on each side.</summary>
    private static readonly TimeSpan _about = TimeSpan.FromMinutes(5);

    private LocalDate? _day;
    private DateTimeZone? _zone, _before;

    /// <summary>A zone holds for its sentence: what a later sentence means that names none is open where it is not UTC.</summary>
    public void BeginSentence()
    {
        if (_zone is not null) _before = _zone.MaxOffset == Offset.Zero && _zone.MinOffset == Offset.Zero ? null : _zone;
        _zone = null;
    }

    /// <summary>All times of day of a passage, in order; where it has none, its dates.</summary>
    public IReadOnlyList<TimeMention> Read(string passage)
    {
        var dates = Dates(passage).ToArray();
        // The year of "1 October 2017 UTC" is no time of a clock.
        (int Place, int Length)[] dated =
            [.. DatesOf(passage), .. MonthOrYear().Matches(passage).Select(date => (date.Index, date.Length))];
        Match[] clocks = [.. Clock().Matches(passage).Where(clock => IsClock(clock)
            && !Array.Exists(dated, date => clock.Index < date.Place + date.Length && date.Place < clock.Index + clock.Length))];
        // "At 19:30 (13:30 UTC)": the time in brackets is the same one, and the only one whose zone is said.
        var bracketed = clocks.Zip(clocks.Skip(1)).Where(pair => !pair.First.Groups["zone"].Success && pair.Second.Groups["zone"].Success
                && InBrackets().IsMatch(passage[(pair.First.Index + pair.First.Length)..pair.Second.Index]))
            .ToDictionary(pair => pair.Second, pair => pair.First);
        clocks = [.. clocks.Where(clock => !bracketed.ContainsValue(clock))];
        if (clocks.Length == 0 && dates.Length == 0 && LongTimes(passage).ToArray() is { Length: > 0 } long_) return long_;
        if (clocks.Length == 0)
        {
            if (dates.Length > 0) _day = dates[^1].Day;
            foreach (var date in dates)
                if (ZoneBehind().Match(passage, date.Place + date.Length) is { Success: true } behind) _zone = ZoneOf(behind).Zone ?? _zone;
            return [.. dates.Select(date => OfDate(passage, date.Day, date.Place, date.Length))];
        }
        var found = new List<TimeMention>();
        for (int i = 0; i < clocks.Length; i++)
        {
            var clock = clocks[i];
            // "On 1 October at 09:07" and "at 09:07 on 1 October": the date before, else the first one behind.
            var before = dates.Where(date => date.Place < clock.Index).ToArray();
            int end = clock.Index + clock.Length;
            // "From 09:00 UTC on 4 March to 09:00 UTC on 5 March": the date that stands right behind is its own.
            var own = dates.Where(date => date.Place >= end && Beside().IsMatch(passage[end..date.Place])).ToArray();
            var day = own.Length > 0 ? own[0].Day
                : before.Length > 0 ? before[^1].Day : dates.Length > 0 ? dates[0].Day : _day ?? OnlyDay();
            if (day is not { } known) continue;
            _day = known;
            var stated = clocks.Skip(i).Select(ZoneOf).FirstOrDefault(later => later.Zone is not null || later.IsUnknown);
            if (stated.Zone is not null) _zone = stated.Zone;
            var (time, precision) = TimeOf(clock);
            bool rough = About().IsMatch(passage[..clock.Index]);
            // Without a zone UTC is taken, but for one that the text named before.
            bool isOpen = stated.IsUnknown || stated.Zone is null && _zone is null && _before is not null;
            var stretch = Stretch(passage, clock.Index, clock.Length, known + time, precision, stated.Zone ?? _zone, rough);
            int start = bracketed.TryGetValue(clock, out var same) ? same.Index : clock.Index;
            found.Add(new(stretch with { IsZoneOpen = isOpen }, start, end - start));
        }
        return found;
    }

    // "At the end of 1 October" is its last minute, "at the start of" its first.
    private TimeMention OfDate(string passage, LocalDate day, int place, int length)
    {
        if (EndOfDay().Match(passage[..place]) is not { Success: true } edge)
            return new(Stretch(passage, place, length, day.AtMidnight(), Duration.FromDays(1), _zone, rough: false), place, length);
        var at = day.AtMidnight();
        if (edge.Groups["end"].Success) at = at.PlusHours(24).PlusMinutes(-1);
        (length, place) = (place + length - edge.Groups["edge"].Index, edge.Groups["edge"].Index);
        return new(Stretch(passage, place, length, at, Duration.FromMinutes(1), _zone, rough: false), place, length);
    }

    /// <summary>Places and lengths of the dates of a passage.</summary>
    public IEnumerable<(int Place, int Length)> DatesOf(string passage) => Dates(passage).Select(date => (date.Place, date.Length));

    private static StatedTime Stretch(
        string passage, int place, int length, LocalDateTime local, Duration precision, DateTimeZone? zone, bool rough)
    {
        var instant = local.InZoneLeniently(zone ?? DateTimeZone.Utc).ToInstant();
        var start = new Timestamp(instant.ToUnixTimeTicks() / NodaConstants.TicksPerMillisecond * 1000);
        var width = precision.ToTimeSpan();
        // A minute is often a rounded one: 09:07:51 is printed as 09:08.
        var early = width == TimeSpan.FromMinutes(1) ? TimeSpan.FromSeconds(30) : TimeSpan.Zero;
        var slack = rough ? _about : TimeSpan.Zero;
        return new(passage.Substring(place, length).Trim(), start, start - early - slack, start + width + slack, width, zone is not null);
    }

    // "In February 2019" and "in 1995": a month or a year with no day.
    private static IEnumerable<TimeMention> LongTimes(string passage)
    {
        foreach (Match match in MonthOrYear().Matches(passage))
        {
            int year = Number(match.Groups["year"].Value);
            int month = Array.FindIndex(_months, name => match.Groups["month"].Value.StartsWith(name, StringComparison.OrdinalIgnoreCase)
                && match.Groups["month"].Success) + 1;
            var start = new LocalDate(year, Math.Max(1, month), 1);
            var end = month > 0 ? start.PlusMonths(1) : start.PlusYears(1);
            yield return new(Stretch(passage, match.Groups["time"].Index, match.Groups["time"].Length, start.AtMidnight(),
                Duration.FromDays(Period.DaysBetween(start, end)), null, rough: false), match.Index, match.Length);
        }
    }

    // 175.45 and 60.5 are no times; four digits are one only beside a zone.
    private static bool IsClock(Match match) =>
        match.Groups["hour"].Success
            ? match.Groups["half"].Success || match.Groups["part"].Success || match.Groups["colon"].Value is ":" or "h" || match.Groups["zone"].Success
            : match.Groups["noon"].Success || match.Groups["zone"].Success;

    private static (LocalTime Time, Duration Precision) TimeOf(Match match)
    {
        if (match.Groups["noon"].Success) return (LocalTime.Noon, Duration.FromMinutes(1));
        string digits = match.Groups["four"].Value;
        int hour = Number(digits.Length == 4 ? digits[..2] : match.Groups["hour"].Value);
        int minute = digits.Length == 4 ? Number(digits[2..]) : match.Groups["minute"].Success ? Number(match.Groups["minute"].Value) : 0;
        int second = match.Groups["second"].Success ? Number(match.Groups["second"].Value) : 0;
        if (match.Groups["half"].Success)
            hour = hour % 12 + (match.Groups["half"].Value.StartsWith('p') || match.Groups["half"].Value.StartsWith('P') ? 12 : 0);
        // "6:30 in the evening".
        if (match.Groups["part"].Success && hour < 12 && !match.Groups["part"].Value.EndsWith("morning", StringComparison.OrdinalIgnoreCase)) hour += 12;
        var precision = match.Groups["second"].Success ? Duration.FromSeconds(1)
            : match.Groups["minute"].Success || digits.Length == 4 ? Duration.FromMinutes(1) : Duration.FromHours(1);
        return (new(Math.Min(hour, 23), Math.Min(minute, 59), Math.Min(second, 59)), precision);
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    // The zone that stands behind the time of a clock; none where there is none.
    private StatedZone ZoneOf(Match match)
    {
        string text = match.Groups["zone"].Value.Trim();
        if (match.Groups["other"].Success) return new(null, IsUnknown: true);
        if (match.Groups["offset"].Success) return ClockZones.Offset(match.Groups["offset"].Value);
        return text.Length == 0 ? default : ClockZones.Of(text, country);
    }

    private IEnumerable<(LocalDate Day, int Place, int Length)> Dates(string passage)
    {
        foreach (Match match in Date().Matches(passage))
            if (DayOf(match) is { } day) yield return (day, match.Index, match.Length);
    }

    private LocalDate? DayOf(Match match)
    {
        if (match.Groups["iso"].Success)
            return NodaTime.Text.LocalDatePattern.Iso.Parse(match.Groups["iso"].Value) is { Success: true } parsed && IsYear(parsed.Value.Year)
                ? parsed.Value : null;
        if (match.Groups["weekday"].Success)
            return Days().Select(day => (LocalDate?)day).FirstOrDefault(
                day => day!.Value.DayOfWeek.ToString().Equals(match.Groups["weekday"].Value, StringComparison.OrdinalIgnoreCase));
        if (match.Groups["next"].Success) return (_day ?? OnlyDay())?.PlusDays(1);
        int month = Array.FindIndex(_months, name => match.Groups["month"].Value.StartsWith(name, StringComparison.OrdinalIgnoreCase)) + 1;
        int date = Number(match.Groups["day"].Value);
        int year = match.Groups["year"].Success ? Number(match.Groups["year"].Value) : _day?.Year ?? YearOf(month, date);
        return IsYear(year) && date is > 0
            && date <= CalendarSystem.Iso.GetDaysInMonth(year, month) ? new LocalDate(year, month, date) : null;
    }

    // Of other years there are no routes, and a calendar ends.
    private static bool IsYear(int year) => year is >= 1900 and < 2200;

    private int YearOf(int month, int date) =>
        Days().Where(day => day.Month == month && day.Day == date).Select(day => (int?)day.Year).FirstOrDefault() ?? DateOf(to).Year;

    // Some minutes of the day before or after, as of a late clock, are no other day.
    private LocalDate? OnlyDay() => DateOf(from) == DateOf(to) ? DateOf(from)
        : to - from > _edge + _edge && DateOf(from + _edge) is var day && day == DateOf(to - _edge) ? day : null;

    private static readonly TimeSpan _edge = TimeSpan.FromMinutes(10);

    private IEnumerable<LocalDate> Days()
    {
        for (var day = DateOf(from); day <= DateOf(to); day = day.PlusDays(1)) yield return day;
    }

    private static LocalDate DateOf(Timestamp time) => LocalDate.FromDateTime(time.ToDateTimeOffset().UtcDateTime);

    private static readonly string[] _months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    private const RegexOptions Plain = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private const string Zone =
        @"(?<zone>(?:UTC|GMT)(?<offset>[+\-−]\d{1,2}(?::\d{2})?)|(?:" + ClockZones.Letters + @")\b|(?:(?-i:\p{Lu}\p{Ll}+)(?: (?-i:\p{Lu}\p{Ll}+)){0,2}|local) time\b|in (?-i:\p{Lu}\p{Ll}+)(?: (?-i:\p{Lu}\p{Ll}+))?\b|(?<other>(?-i:[A-Z]{2,3}T)\b))";

    private const string ZoneBehindComma = @",\s{0,3}(?<zone>(?:(?-i:\p{Lu}\p{Ll}+)(?: (?-i:\p{Lu}\p{Ll}+)){0,2}|local) time\b)";

    [GeneratedRegex(@"(?<![\d.:/])(?:(?<hour>\d{1,2})(?:(?<colon>[:.h])(?<minute>\d{2})(?:[:.](?<second>\d{2}))?)?(?:\s*(?<half>[ap]\.?m\b\.?)|\s(?<part>(?:in the|that) (?:morning|afternoon|evening)|(?:at|that) night))?|(?<four>\d{4})|\b(?<noon>noon|midday)\b)(?![\d:/]|\.\d)(?:\s*\(?" + Zone + "|" + ZoneBehindComma + ")?", Plain)]
    private static partial Regex Clock();

    [GeneratedRegex(@"\G\s*\(?" + Zone, Plain)]
    private static partial Regex ZoneBehind();

    [GeneratedRegex(@"(?<iso>\b\d{4}-\d{2}-\d{2}\b)|\b(?<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?(?:,? (?<year>\d{4}))?\b|\b(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (?<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?<year>\d{4}))?\b|\b(?<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|\b(?<next>the (?:next|following) (?:day|morning|evening))\b", Plain)]
    private static partial Regex Date();

    [GeneratedRegex(@"\b(?:at|by)\s{1,3}(?<edge>the\s{1,3}(?:(?<end>(?:very\s)?end|close)|(?:very\s)?(?:start|beginning))\s{1,3}of\s{1,3}(?:the\s{1,3})?)$", Plain)]
    private static partial Regex EndOfDay();

    [GeneratedRegex(@"^\s{0,3}\(\s{0,3}$")]
    private static partial Regex InBrackets();

    [GeneratedRegex(@"^[\s,]{0,3}(?:on\s{1,3}(?:the\s)?)?$", Plain)]
    private static partial Regex Beside();

    [GeneratedRegex(@"\b(?:in|during|of) (?<time>(?:(?<month>January|February|March|April|May|June|July|August|September|October|November|December),? )?(?<year>(?:19|20)\d{2}))\b(?![\d:/.]\d)", Plain)]
    private static partial Regex MonthOrYear();

    [GeneratedRegex(@"\b(?:about|around|roughly|approximately|shortly (?:after|before)|just (?:after|before)|circa|some)\s*$", Plain)]
    private static partial Regex About();
}
