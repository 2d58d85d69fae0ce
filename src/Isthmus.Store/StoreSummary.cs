using System.Globalization;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>What is in a store.</summary>
/// <param name="Selection">Whose routes it keeps.</param>
/// <param name="Collectors">What it keeps of each collector, sorted.</param>
public sealed record StoreSummary(StoreSelection Selection, IReadOnlyList<CollectorSummary> Collectors)
{
    /// <summary>The version of its tables (docs/store.md).</summary>
    public int Schema { get; init; }

    /// <summary>The size of its file.</summary>
    public long Bytes { get; init; }

    /// <summary>Times in which a peer held one thing for one prefix, or is known to have held none, or nothing is known.</summary>
    public long Spans { get; init; }

    /// <summary>Prefixes of which routes are kept.</summary>
    public long Prefixes { get; init; }

    /// <summary>Different paths.</summary>
    public long Paths { get; init; }

    /// <summary>Reads what is in a store.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be read.</exception>
    public static StoreSummary Of(StoreAddress address)
    {
        using var database = Database.ToRead(address);
        using var stored = StoredRoutes.In(database);
        var plan = stored.Collectors.SelectMany(collector => collector.Files).Select(file => file.Plan).ToArray();
        var end = ArchivePlan.End(plan);
        var gaps = ArchivePlan.Gaps(plan, end ?? default).ToLookup(gap => gap.Collector);
        return new(stored.Selection,
            [.. stored.Collectors.Select(collector => new CollectorSummary(collector, [.. gaps[collector.Collector]]))])
        {
            Schema = Database.SchemaVersion,
            Bytes = new FileInfo(address.Path).Length,
            Spans = stored.Spans,
            Prefixes = database.Number("SELECT count(*) FROM prefixes"),
            Paths = database.Number("SELECT count(*) FROM paths WHERE members IS NULL"),
        };
    }

    /// <summary>Holds a store against its own sums and rules: what is wrong, one line each; none where nothing is.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be read.</exception>
    public static IReadOnlyList<string> Check(StoreAddress address)
    {
        using var database = Database.ToRead(address);
        var wrong = new List<string>();
        foreach (var (id, name, sums) in database.Rows("SELECT collector_id, name, sums FROM collectors ORDER BY name",
            row => (row.GetInt32(0), row.GetString(1), row.GetString(2))).ToArray())
            if (StoreWriter.SumsOf(database, id) is var counted && counted != sums)
                wrong.Add($"the rows of {name} are not those that were written: their sums are {counted}, and were {sums}");
        foreach (var (rule, sql) in _rules)
            if (database.Number(sql) is > 0 and var count) wrong.Add($"{count.ToString("N0", CultureInfo.InvariantCulture)} {rule}");
        return wrong;
    }

    private static readonly (string Rule, string Sql)[] _rules =
    [
        ("rows are of a prefix that is not there", "SELECT count(*) FROM route_rows ANTI JOIN prefixes USING (prefix_id)"),
        ("rows are of a peer that is not there", "SELECT count(*) FROM route_rows ANTI JOIN peers USING (peer_id)"),
        ("rows have a path that is not there", "SELECT count(*) FROM (FROM route_rows WHERE path_id >= 0) ANTI JOIN paths USING (path_id)"),
        ("rows have a record that is not there", "SELECT count(*) FROM (FROM route_rows WHERE record_id >= 0) ANTI JOIN records USING (record_id)"),
        ("records are of a file that is not there", "SELECT count(*) FROM records ANTI JOIN sources USING (source_id)"),
        ("files are of a collector that is not there", "SELECT count(*) FROM sources ANTI JOIN collectors USING (collector_id)"),
        ("peers are of a collector that is not there", "SELECT count(*) FROM peers ANTI JOIN collectors USING (collector_id)"),
        ("rows do not end where the next of their peer and prefix begins", """
            SELECT count(*) FROM (SELECT ended_s, ended_us, lead(began_s) OVER w AS next_s, lead(began_us) OVER w AS next_us FROM route_rows
            WINDOW w AS (PARTITION BY prefix_id, peer_id ORDER BY rowid))
            WHERE ended_s IS DISTINCT FROM next_s OR (ended_s IS NOT NULL AND ended_us <> next_us)
            """),
        ("rows end before they begin", "SELECT count(*) FROM route_rows WHERE (ended_s, ended_us) < (began_s, began_us)"),
        ("files are there twice", "SELECT count(*) - count(DISTINCT (collector_id, sha256)) FROM sources"),
        ("prefixes are there twice", "SELECT count(*) - count(DISTINCT prefix) FROM prefixes"),
    ];
}

/// <summary>What a store keeps of a collector.</summary>
/// <param name="Record">Its files and sessions.</param>
/// <param name="Gaps">Where its updates files are missing.</param>
public sealed record CollectorSummary(CollectorRecord Record, IReadOnlyList<Gap> Gaps)
{
    /// <summary>Its first event; null where it has none.</summary>
    public Timestamp? From => Record.Files.Min(file => file.Read.First);

    /// <summary>Its last event.</summary>
    public Timestamp? To => Record.Files.Max(file => file.Read.Last);
}
