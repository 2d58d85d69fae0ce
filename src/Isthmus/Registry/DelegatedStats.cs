using System.Globalization;

using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>
/// Reads the delegated statistics of the RIRs (methods.md, "Countries"): lines of
/// <c>registry|cc|type|start|value|date|status|…</c>, where an IPv4 value is a count of addresses, an IPv6 value a
/// prefix length and an ASN value a count of numbers.
/// </summary>
public static class DelegatedStats
{
    /// <summary>AS numbers of one line: the largest block that a registry has given out has a quarter of them.</summary>
    private const int AsesOfLineMax = 1 << 16;

    /// <summary>AS numbers of one file: all registries together have a tenth of them. A line beyond is told as none.</summary>
    private const int AsesMax = 1 << 22;

    /// <summary>Reads a file.</summary>
    /// <param name="name">For the source sentence and the faults.</param>
    /// <param name="faults">One line for each line that cannot be read, with its number.</param>
    public static RegistryLayer Read(TextReader reader, string name, ICollection<string> faults)
    {
        var ases = new List<AsFact>();
        var ipv4 = new List<CountryRange>();
        var ipv6 = new List<CountryRange>();
        string source = $"RIR delegated statistics: {name}", date = "", series = "";
        long stated = -1, counted = 0;
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            string[] fields = line.Split('|');
            if (fields is [[>= '0' and <= '9', ..], _, _, _, _, _, _, ..])
            {
                date = Day(fields[2], fields[5]);
                series = $"RIR delegated statistics of {fields[1]}";
                source = $"{series}, {date}: {name}";
                if (fields[0] is not ("2" or "2.3")) faults.Add($"{name}: line {number}: version {fields[0]}, and 2 is the one that is known; read as that");
                if (stated < 0 && long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out long lines)) stated = lines;
                continue;
            }
            if (fields.Length >= 6 && fields[^1] == "summary") continue;
            counted++;
            if (fields.Length < 7 || !TryRead(fields, ases, ipv4, ipv6)) faults.Add($"{name}: line {number}: no delegation: {line}");
        }
        if (counted < stated) faults.Add(string.Create(CultureInfo.InvariantCulture,
            $"{name}: its header states {stated} records, and it holds {counted}: it may be cut off"));
        return new([source], ases, Disjoint(ipv4), Disjoint(ipv6)) { Date = date, Series = series };
    }

    private static bool TryRead(string[] fields, List<AsFact> ases, List<CountryRange> ipv4, List<CountryRange> ipv6)
    {
        // EU, AP, ZZ and blanks are no countries; available and reserved blocks have no holder. Both are sound lines.
        bool held = fields[6] is "allocated" or "assigned";
        bool registered = Country.TryParse(fields[1], null, out var country) && held;
        if (!uint.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out uint value)) return false;
        switch (fields[2])
        {
            case "asn":
                if (!uint.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out uint first)) return false;
                if (value > AsesOfLineMax || value > AsesMax - ases.Count || uint.MaxValue - first < value) return false;
                for (uint i = 0; registered && i < value; i++) ases.Add(new(new(first + i), country, ""));
                return true;
            case "ipv4":
                if (!IpAddress.TryParse(fields[3], null, out var v4) || v4.Family is not AddressFamily.IPv4 || value == 0) return false;
                if (registered) ipv4.Add(new(v4.High, ((v4.High >> 32) + value - 1) << 32 | uint.MaxValue, country));
                return (v4.High >> 32) + value - 1 <= uint.MaxValue;
            case "ipv6":
                if (!IpAddress.TryParse(fields[3], null, out var v6) || v6.Family is not AddressFamily.IPv6
                || value is 0 or > 64) return false;
                if (registered) ipv6.Add(new(v6.High, v6.High | (value == 64 ? 0 : ulong.MaxValue >> (int)value), country));
                return true;
            default:
                return false;
        }
    }

    // Where two lines claim the same addresses the first one counts.
    private static IEnumerable<CountryRange> Disjoint(List<CountryRange> ranges)
    {
        ulong? last = null;
        foreach (var range in ranges.OrderBy(range => range.First).ThenByDescending(range => range.Last))
        {
            if (last is { } end && range.First <= end) continue;
            last = range.Last;
            yield return range;
        }
    }

    private static string Day(string serial, string end) => (end.Length == 8 ? end : serial) is { Length: 8 } day
        ? $"{day[..4]}-{day[4..6]}-{day[6..]}" : serial;
}
