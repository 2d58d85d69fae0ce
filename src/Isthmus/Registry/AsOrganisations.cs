using System.Globalization;

using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>
/// Reads CAIDA's text of AS organisations (as-org2info): two tables in one file, each opened by a line that names
/// its columns, <c># format:org_id|changed|org_name|country|source</c> and
/// <c># format:aut|changed|aut_name|org_id|opaque_id|source</c>. CAIDA's terms do not let it be shipped: a user lays it on top.
/// </summary>
public static class AsOrganisations
{
    private const string Format = "# format:", Date = "# date:";

    /// <summary>True for a line that only such a file begins a table with.</summary>
    public static bool Opens(string line) => line.StartsWith(Format, StringComparison.Ordinal);

    /// <summary>Reads a file.</summary>
    /// <param name="name">For the source sentence and the faults.</param>
    /// <param name="faults">One line for each line that cannot be read, with its number.</param>
    public static RegistryLayer Read(TextReader reader, string name, ICollection<string> faults)
    {
        var organisations = new Dictionary<string, Organisation>(StringComparer.Ordinal);
        var ases = new List<(Asn Asn, string Organisation, int Line)>();
        string[] columns = [];
        string date = RegistryEditions.DayIn(name);
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.StartsWith(Date, StringComparison.Ordinal)) date = Day(line[Date.Length..].Trim());
            if (Opens(line)) columns = line[Format.Length..].Split('|');
            if (line.Length == 0 || line[0] == '#') continue;
            string[] fields = line.Split('|');
            if (fields.Length != columns.Length) faults.Add($"{name}: line {number}: {fields.Length} fields, not {columns.Length}: {line}");
            else if (columns[0] is "org_id") organisations.TryAdd(fields[0], OrganisationOf(fields, columns));
            else if (Asn.TryParse(fields[0], null, out var asn) && Array.IndexOf(columns, "org_id") is >= 0 and var at)
                ases.Add((asn, fields[at], number));
            else faults.Add($"{name}: line {number}: no AS number: {line}");
        }
        var holdings = new List<AsHolding>();
        foreach (var (asn, id, number) in ases)
            if (organisations.TryGetValue(id, out var organisation)) holdings.Add(new(asn, organisation));
            else faults.Add($"{name}: line {number}: {asn} is of an organisation that the file does not hold: {id}");
        return new([$"AS organisations (CAIDA as-org2info){(date.Length > 0 ? $", {date}" : "")}: {name}"], [], [], [])
        {
            Holdings = holdings,
            Date = date,
            Series = "AS organisations (CAIDA as-org2info)",
        };
    }

    private static Organisation OrganisationOf(string[] fields, string[] columns) => new(
        fields[0], Field(fields, columns, "org_name"),
        Country.TryParse(Field(fields, columns, "country"), null, out var country) ? country : Country.None);

    private static string Field(string[] fields, string[] columns, string column) =>
        Array.IndexOf(columns, column) is >= 0 and var at ? fields[at] : "";

    // A date is written 202606 or 20260601.
    private static string Day(string date) =>
        date.Length is 6 or 8 && int.TryParse(date, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        ? $"{date[..4]}-{date[4..6]}{(date.Length == 8 ? "-" + date[6..] : "")}" : "";
}
