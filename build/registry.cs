#:project ../src/Isthmus/Isthmus.csproj
// Makes registry.bin, CountryNames.txt, CountryOwnNames.txt and CountryCodes.txt in src/Isthmus/Registry from redistributable packages
// of the npm registry:
//   mkdir packages && cd packages
//   npm pack @ip-location-db/asn @ip-location-db/asn-country @ip-location-db/geo-whois-asn-country countries-list
//   (and unpack each: tar xzf)
//   dotnet run build/registry.cs -- asn asn-country geo-whois-asn-country countries-list ../src/Isthmus/Registry
using System.Globalization;
using System.Text.Json;

using Isthmus.Registry;
using Isthmus.Wire;

string asnFolder = args[0], countryFolder = args[1], placesFolder = args[2], namesFolder = args[3], output = args[4];
var (ipv4, ipv6) = Ranges(countryFolder, "asn-country");
var (places4, places6) = Ranges(placesFolder, "geo-whois-asn-country");
var ases = new Dictionary<uint, (string Name, Dictionary<Country, UInt128> Held)>();
Count("asn-ipv4.csv", new RegistryLayer([], [], ipv4, []), 1);
// An AS with any IPv4 is judged by it: a /64 must not outweigh what people use.
Count("asn-ipv6.csv", new RegistryLayer([], [], [], ipv6), 0);

string version = Version(asnFolder), date = Date(version);
string countries = Version(countryFolder), places = Version(placesFolder);
RegistryLayer[] layers =
[
    new(
        [
            $"AS names: DB-IP IP to ASN Lite by way of @ip-location-db/asn {version} ({date}), CC BY 4.0, attribution DB-IP.com and routeviews.org",
            $"Country names: countries-list {Version(namesFolder)}, MIT",
        ],
        ases.Select(entry => new AsFact(new(entry.Key), Country.None, entry.Value.Name)), [], []) { Date = date },
    new(
        [$"Country of an AS: where most addresses that it originated on {date} are delegated; derived from @ip-location-db/asn {version} and asn-country {countries}"],
        ases.Where(entry => entry.Value.Held.Count > 0).Select(entry => new AsFact(new(entry.Key),
            entry.Value.Held.OrderByDescending(held => held.Value).ThenBy(held => held.Key).First().Key, "")),
        [], []) { Kind = WitnessKind.OriginatedAddresses, Date = date },
    new(
        [$"Geolocation: geofeeds and whois as holders declare them, the delegation where they declare nothing, by way of @ip-location-db/geo-whois-asn-country {places} ({Date(places)}), CC BY 4.0, attribution nro.net"],
        [], Merge(places4), Merge(places6))
        { Kind = WitnessKind.Geolocation, Date = Date(places) },
    new(
        [$"Countries of address blocks: statistics of the five RIRs (NRO) by way of @ip-location-db/asn-country {countries} ({Date(countries)}), CC BY 4.0, attribution nro.net"],
        [], Merge(ipv4), Merge(ipv6)) { Date = Date(countries) },
];
using (var file = File.Create(Path.Combine(output, "registry.bin"))) RegistryFile.Write(file, layers);

WriteByCode("countries.en.min.json", "CountryNames.txt");
WriteByCode("countries.2to3.min.json", "CountryCodes.txt");
WriteOwnNames();
foreach (var layer in layers)
    Console.WriteLine($"{layer.Kind}: {layer.Ases.Count} ASes, {layer.Ipv4.Count} IPv4 and {layer.Ipv6.Count} IPv6 ranges");
Console.WriteLine($"{new FileInfo(Path.Combine(output, "registry.bin")).Length} bytes");

void WriteByCode(string from, string to)
{
    using var table = JsonDocument.Parse(File.ReadAllText(Path.Combine(namesFolder, "minimal", from)));
    File.WriteAllLines(Path.Combine(output, to), table.RootElement.EnumerateObject()
        .OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => $"{entry.Name} {entry.Value.GetString()}"));
}

// In the country's first language, where that is another name than the English one; without marks of direction.
void WriteOwnNames()
{
    using var all = JsonDocument.Parse(File.ReadAllText(Path.Combine(namesFolder, "countries.min.json")));
    using var english = JsonDocument.Parse(File.ReadAllText(Path.Combine(namesFolder, "minimal", "countries.en.min.json")));
    File.WriteAllLines(Path.Combine(output, "CountryOwnNames.txt"), all.RootElement.EnumerateObject()
        .Select(entry => (Code: entry.Name, Name: entry.Value.GetProperty("native").GetString()!.Replace("\u200E", "").Replace("\u200F", "")))
        .Where(entry => entry.Name != english.RootElement.GetProperty(entry.Code).GetString())
        .OrderBy(entry => entry.Code, StringComparer.Ordinal).Select(entry => $"{entry.Code} {entry.Name}"));
}

// Both packages are tables of first, last, country; the program reads such a table for a user too.
static (IReadOnlyList<CountryRange> Ipv4, IReadOnlyList<CountryRange> Ipv6) Ranges(string folder, string name)
{
    var faults = new List<string>();
    using var ipv4 = File.OpenText(Path.Combine(folder, $"{name}-ipv4.csv"));
    using var ipv6 = File.OpenText(Path.Combine(folder, $"{name}-ipv6.csv"));
    var ranges = (GeolocationRanges.Read(ipv4, name, faults).Ipv4, GeolocationRanges.Read(ipv6, name, faults).Ipv6);
    foreach (string fault in faults.Take(5)) Console.Error.WriteLine(fault);
    return ranges;
}

void Count(string name, RegistryLayer countries, int family)
{
    foreach (string line in File.ReadLines(Path.Combine(asnFolder, name)))
    {
        string[] fields = line.Split(',', 4);
        uint asn = uint.Parse(fields[2], CultureInfo.InvariantCulture);
        bool known = ases.TryGetValue(asn, out var entry);
        if (!known) ases[asn] = entry = (fields[3].Trim('"').Replace("\"\"", "\""), []);
        if (known && family == 0 && entry.Held.Count > 0) continue;
        // By its first address: ranges of one AS that cross a border between countries are few.
        var first = IpAddress.Parse(fields[0]);
        var country = countries.CountryOf(new Prefix(first, first.Family is AddressFamily.IPv4 ? 32 : 64));
        if (!country.IsNone)
            entry.Held[country] = entry.Held.GetValueOrDefault(country) + (UInt128)(Last(fields[1]) - First(fields[0])) + 1;
    }
}

static IEnumerable<CountryRange> Merge(IReadOnlyList<CountryRange> ranges)
{
    CountryRange? open = null;
    foreach (var range in ranges.OrderBy(range => range.First))
    {
        if (open is { } one && one.Country == range.Country && one.Last + 1 == range.First) open = one with { Last = range.Last };
        else
        {
            if (open is { } done) yield return done;
            open = range;
        }
    }
    if (open is { } last) yield return last;
}

static ulong First(string address) => IpAddress.Parse(address).High;
static ulong Last(string address) =>
    IpAddress.Parse(address) is var parsed && parsed.Family is AddressFamily.IPv4 ? parsed.High | uint.MaxValue : parsed.High;
static string Version(string folder)
{
    using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "package.json")));
    return package.RootElement.GetProperty("version").GetString()!;
}
// 2.3.2026061719 is of 2026-06-17.
static string Date(string version) => version.Split('.')[^1] is { Length: >= 8 } day ? $"{day[..4]}-{day[4..6]}-{day[6..8]}" : "undated";
