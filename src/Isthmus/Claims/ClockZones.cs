using System.Collections.Frozen;
using System.Globalization;

using Isthmus.Registry;

using NodaTime;
using NodaTime.TimeZones;

namespace Isthmus.Claims;

/// <summary>The zone that words name.</summary>
/// <param name="Zone">Null where they name none, or none that is known.</param>
/// <param name="IsUnknown">True where they name one that is not known, or that may be several.</param>
internal readonly record struct StatedZone(DateTimeZone? Zone, bool IsUnknown = false);

/// <summary>
/// Which zone the words behind a time mean: letters, an offset, a city, a country or its adjective. Zones are those of the tz database
/// (NodaTime) on the date in question.
/// </summary>
internal static class ClockZones
{
    /// <summary>The letters that name one zone, for a pattern; CST and IST name several.</summary>
    public const string Letters = "UTC|GMT|BST|CEST|CET|EEST|EET|MSK|PKT|WIB|SGT|HKT|JST|KST|AEST|EST|EDT|CDT|MDT|PST|PDT|ET|PT|Z";

    private static readonly FrozenDictionary<string, string> _letters = new Dictionary<string, string>
    {
        ["UTC"] = "UTC",
        ["GMT"] = "UTC",
        ["Z"] = "UTC",
        ["BST"] = "UTC+01",
        ["CET"] = "UTC+01",
        ["CEST"] = "UTC+02",
        ["EET"] = "UTC+02",
        ["EEST"] = "UTC+03",
        ["MSK"] = "UTC+03",
        ["PKT"] = "UTC+05",
        ["WIB"] = "UTC+07",
        ["SGT"] = "UTC+08",
        ["HKT"] = "UTC+08",
        ["JST"] = "UTC+09",
        ["KST"] = "UTC+09",
        ["AEST"] = "UTC+10",
        ["EST"] = "UTC-05",
        ["EDT"] = "UTC-04",
        ["CDT"] = "UTC-05",
        ["MDT"] = "UTC-06",
        ["PST"] = "UTC-08",
        ["PDT"] = "UTC-07",
        ["ET"] = "America/New_York",
        ["PT"] = "America/Los_Angeles",
    }.ToFrozenDictionary();

    // Seats of government and other cities of the news that the tz database names no zone by.
    private static readonly FrozenDictionary<string, string> _cities = new Dictionary<string, string>
    {
        ["ABU DHABI"] = "Asia/Dubai",
        ["ANKARA"] = "Europe/Istanbul",
        ["BEIJING"] = "Asia/Shanghai",
        ["BERN"] = "Europe/Zurich",
        ["BRASILIA"] = "America/Sao_Paulo",
        ["CANBERRA"] = "Australia/Sydney",
        ["DELHI"] = "Asia/Kolkata",
        ["DOHA"] = "Asia/Qatar",
        ["FRANKFURT"] = "Europe/Berlin",
        ["GENEVA"] = "Europe/Zurich",
        ["HANOI"] = "Asia/Ho_Chi_Minh",
        ["ISLAMABAD"] = "Asia/Karachi",
        ["KYIV"] = "Europe/Kyiv",
        ["MUMBAI"] = "Asia/Kolkata",
        ["NAYPYIDAW"] = "Asia/Yangon",
        ["NEW DELHI"] = "Asia/Kolkata",
        ["OTTAWA"] = "America/Toronto",
        ["SAN FRANCISCO"] = "America/Los_Angeles",
        ["SANAA"] = "Asia/Aden",
        ["TEL AVIV"] = "Asia/Jerusalem",
        ["WASHINGTON"] = "America/New_York",
        ["WELLINGTON"] = "Pacific/Auckland",
    }.ToFrozenDictionary();

    /// <summary>What "UTC+8:30" adds to UTC: <c>+8:30</c>; unknown beyond fourteen hours, which no clock is from UTC.</summary>
    public static StatedZone Offset(string text)
    {
        string[] parts = text.TrimStart('+', '-', '−').Split(':');
        int seconds = int.Parse(parts[0], CultureInfo.InvariantCulture) * 3600
            + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) * 60 : 0);
        return seconds > 14 * 3600 ? new(null, IsUnknown: true)
            : new(DateTimeZone.ForOffset(NodaTime.Offset.FromSeconds(text[0] == '+' ? seconds : -seconds)));
    }

    /// <summary>The zone of the words behind a time: "EDT", "Pyongyang time", "in Beijing", "local time".</summary>
    /// <param name="local">Whose time is the local one.</param>
    public static StatedZone Of(string text, Country local)
    {
        if (_letters.TryGetValue(text.ToUpperInvariant(), out string? id)) return new(DateTimeZoneProviders.Tzdb[id]);
        // "At 10:00 in Bhutan's network" names no zone.
        if (text.StartsWith("in ", StringComparison.OrdinalIgnoreCase)) return new(OfPlace(text[3..]));
        string place = text[..^"time".Length].Trim();
        foreach (string kind in (string[])[" Standard", " Daylight", " Summer"])
            if (place.EndsWith(kind, StringComparison.OrdinalIgnoreCase)) place = place[..^kind.Length];
        var zone = place.Equals("local", StringComparison.OrdinalIgnoreCase) ? OfCountry(local) : OfPlace(place);
        return new(zone, IsUnknown: zone is null);
    }

    // Of a city, or of a country's seat of government.
    private static DateTimeZone? OfPlace(string place)
    {
        if (_cities.TryGetValue(place.ToUpperInvariant(), out string? id)) return DateTimeZoneProviders.Tzdb[id];
        string ending = "/" + place.Replace(' ', '_');
        string? zone = TzdbDateTimeZoneSource.Default.GetIds()
            .Where(known => known.EndsWith(ending, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).FirstOrDefault();
        if (zone is not null) return DateTimeZoneProviders.Tzdb[zone];
        return Mentions.CountryOf(place) is { } named ? OfCountry(named) : null;
    }

    private static DateTimeZone? OfCountry(Country country) =>
        LocalClock.Of(country) is { } clock ? DateTimeZoneProviders.Tzdb[clock.Zone] : null;
}
