using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>
/// Reads a table of where addresses are said to be used: lines of <c>first,last,country</c>, as geolocation databases are
/// published, or of <c>prefix,country,…</c>, a geofeed (RFC 8805). Of lines that overlap the most specific one counts; what
/// is within one IPv6 /64 says nothing of any routed prefix and is passed over.
/// </summary>
public static class GeolocationRanges
{
    /// <summary>True for a line that such a file may begin with: a row or the names of its columns.</summary>
    public static bool Opens(string line) => line.Contains(',', StringComparison.Ordinal) && !line.Contains('|', StringComparison.Ordinal);

    /// <summary>Reads a file.</summary>
    /// <param name="name">For the source sentence and the faults. Eight digits in it, as 20260601, are taken for the date.</param>
    /// <param name="faults">One line for each line that cannot be read, with its number.</param>
    public static RegistryLayer Read(TextReader reader, string name, ICollection<string> faults)
    {
        var ipv4 = new List<CountryRange>();
        var ipv6 = new List<CountryRange>();
        bool isFirst = true;
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            string[] fields = [.. line.Split(',').Select(field => field.Trim().Trim('"'))];
            if (TryRead(fields, out var range, out var family))
            {
                if (range.First <= range.Last) (family is AddressFamily.IPv4 ? ipv4 : ipv6).Add(range);
            }
            else if (!isFirst && !IsOfNoCountry(fields)) faults.Add($"{name}: line {number}: no range of addresses and country: {line}");
            isFirst = false;
        }
        string date = RegistryEditions.DayIn(name);
        return new([$"Geolocation{(date.Length > 0 ? $", {date}" : "")}: {name}"], [], Flatten(ipv4), Flatten(ipv6))
        {
            Kind = WitnessKind.Geolocation,
            Date = date,
            Series = $"Geolocation ({RegistryEditions.WithoutDay(name)})",
        };
    }

    private static bool TryRead(string[] fields, out CountryRange range, out AddressFamily family)
    {
        range = default;
        family = default;
        if (fields.Length >= 2 && Prefix.TryParse(fields[0], null, out var prefix) && Country.TryParse(fields[1], null, out var one))
        {
            family = prefix.Family;
            range = prefix.Length > 64 ? new(1, 0, one)
                : new(prefix.High, prefix.High | (prefix.Length == 64 ? 0 : ulong.MaxValue >> prefix.Length), one);
            return true;
        }
        if (fields.Length < 3 || !Country.TryParse(fields[2], null, out var country)) return false;
        if (!IpAddress.TryParse(fields[0], null, out var first) || !IpAddress.TryParse(fields[1], null, out var last)) return false;
        if (first.Family != last.Family || last.CompareTo(first) < 0) return false;
        family = first.Family;
        if (family is AddressFamily.IPv4) range = new(first.High, last.High | uint.MaxValue, country);
        else if (first.High == last.High && (first.Low > 0 || last.Low < ulong.MaxValue)) range = new(1, 0, country);
        else range = new(first.Low > 0 ? first.High + 1 : first.High, last.Low < ulong.MaxValue ? last.High - 1 : last.High, country);
        return true;
    }

    // A sound row whose country is empty, or a region's code.
    private static bool IsOfNoCountry(string[] fields) => fields.Length >= 2 && (Prefix.TryParse(fields[0], null, out _)
        ? fields[1] : fields.Length >= 3 && IpAddress.TryParse(fields[1], null, out _) ? fields[2] : "?").ToUpperInvariant()
        is "" or "-" or "EU" or "AP" or "ZZ";

    // The ranges cut so that none overlaps: where several hold an address, the one that began last is the most specific.
    private static IEnumerable<CountryRange> Flatten(IEnumerable<CountryRange> ranges)
    {
        var open = new Stack<CountryRange>();
        UInt128 at = 0;
        foreach (var range in ranges.OrderBy(range => range.First).ThenByDescending(range => range.Last))
        {
            while (open.TryPeek(out var done) && done.Last < range.First)
            {
                open.Pop();
                if (done.Last < at) continue;
                yield return done with { First = (ulong)at };
                at = (UInt128)done.Last + 1;
            }
            if (open.TryPeek(out var around) && at < range.First) yield return around with { First = (ulong)at, Last = range.First - 1 };
            open.Push(range);
            at = range.First;
        }
        while (open.TryPop(out var done))
        {
            if (done.Last < at) continue;
            yield return done with { First = (ulong)at };
            at = (UInt128)done.Last + 1;
        }
    }
}
