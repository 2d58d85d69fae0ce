using System.Collections.Frozen;

using Isthmus.Wire;

using NodaTime;
using NodaTime.TimeZones;

namespace Isthmus.Registry;

/// <summary>
/// What clocks showed in a country on a date, by the IANA time zones that the library carries: the same on any machine.
/// Where a country has several zones it is the one of the seat of government, and <see cref="OffsetsAt"/> says so.
/// </summary>
public sealed class LocalClock
{
    // Where zone.tab does not begin with the zone of the seat of government.
    private static readonly FrozenDictionary<string, string> _seats = new Dictionary<string, string>
    {
        ["AU"] = "Australia/Sydney",
        ["BR"] = "America/Sao_Paulo",
        ["CA"] = "America/Toronto",
        ["CL"] = "America/Santiago",
        ["CY"] = "Asia/Nicosia",
        ["FM"] = "Pacific/Pohnpei",
        ["GL"] = "America/Nuuk",
        ["ID"] = "Asia/Jakarta",
        ["KZ"] = "Asia/Almaty",
        ["MN"] = "Asia/Ulaanbaatar",
        ["MX"] = "America/Mexico_City",
        ["RU"] = "Europe/Moscow",
        ["US"] = "America/New_York",
        ["UZ"] = "Asia/Tashkent",
    }.ToFrozenDictionary();

    private static readonly Lazy<ILookup<string, string>> _zones = new(() =>
        TzdbDateTimeZoneSource.Default.ZoneLocations!.ToLookup(place => place.CountryCode, place => place.ZoneId));

    private readonly DateTimeZone _zone;
    private readonly DateTimeZone[] _all;

    private LocalClock(Country country, string zone, IEnumerable<string> all)
    {
        Country = country;
        Zone = zone;
        _zone = TzdbDateTimeZoneSource.Default.ForId(zone);
        _all = [.. all.Select(TzdbDateTimeZoneSource.Default.ForId)];
    }

    /// <summary>Whose clock it is.</summary>
    public Country Country { get; }

    /// <summary>The IANA name: <c>Asia/Pyongyang</c>.</summary>
    public string Zone { get; }

    /// <summary>The place that names the zone: <c>Pyongyang</c>.</summary>
    public string Place => Zone[(Zone.LastIndexOf('/') + 1)..].Replace('_', ' ');

    /// <summary>Which edition of the time zones is in use: <c>IANA time zones 2026b</c>.</summary>
    public static string Source => $"IANA time zones {TzdbDateTimeZoneSource.Default.TzdbVersion}";

    /// <summary>The clock of a country; null where the time zones name none, as for no country.</summary>
    public static LocalClock? Of(Country country)
    {
        string code = country.ToString();
        string[] zones = [.. _zones.Value[code]];
        return zones.Length == 0 ? null : new(country, _seats.GetValueOrDefault(code, zones[0]), zones);
    }

    /// <summary>How far ahead of UTC the clock was at a time.</summary>
    public TimeSpan OffsetAt(Timestamp time) => _zone.GetUtcOffset(InstantOf(time)).ToTimeSpan();

    /// <summary>What the clock showed at a time.</summary>
    public DateTimeOffset At(Timestamp time) => time.ToDateTimeOffset().ToOffset(OffsetAt(time));

    /// <summary>How many different times the clocks of the country showed at once.</summary>
    public int OffsetsAt(Timestamp time) => _all.Select(zone => zone.GetUtcOffset(InstantOf(time))).Distinct().Count();

    private static Instant InstantOf(Timestamp time) => Instant.FromDateTimeOffset(time.ToDateTimeOffset());
}
