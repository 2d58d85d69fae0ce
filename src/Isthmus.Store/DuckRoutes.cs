using System.Globalization;

using DuckDB.NET.Data;

using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Store;

/// <summary>What a DuckDB file keeps, open to be asked.</summary>
internal sealed class DuckRoutes : StoredRoutes
{
    private readonly Database _database;
    private readonly bool _owns;
    private readonly Lazy<PathTable> _paths;
    private readonly Lazy<Dictionary<Prefix, int>> _prefixIds;

    private DuckRoutes(Database database, bool owns) : base(database)
    {
        (_database, _owns) = (database, owns);
        _paths = new(() => PathsIn(database));
        _prefixIds = new(() => database.Rows("SELECT prefix_id, family, high, low, length FROM prefixes ORDER BY prefix_id",
            row => KeyValuePair.Create(PrefixOf(row), row.GetInt32(0))).ToDictionary());
    }

    /// <summary>Opens a store.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be read.</exception>
    public static DuckRoutes Open(DuckAddress address)
    {
        var database = Database.ToRead(address);
        try
        {
            return new(database, owns: true);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>The sessions of a collector by their ids.</summary>
    public IEnumerable<KeyValuePair<long, Peer>> PeersOf(int collector) => _database
        .Rows(FormattableString.Invariant($"SELECT peer_id FROM peers WHERE collector_id = {collector}"), row => (long)row.GetInt32(0))
        .ToArray().Select(id => KeyValuePair.Create(id, Records.Peers[id]));

    /// <summary>What a store keeps that is open to be written.</summary>
    public static DuckRoutes In(Database database) => new(database, owns: false);

    /// <inheritdoc/>
    public override int Schema => Database.SchemaVersion;

    /// <inheritdoc/>
    public override long Bytes => _database.Bytes;

    /// <inheritdoc/>
    public override long Spans => _database.Number("SELECT count(*) FROM route_rows");

    /// <inheritdoc/>
    public override long PrefixCount => _database.Number("SELECT count(*) FROM prefixes");

    /// <inheritdoc/>
    public override long PathCount => _database.Number("SELECT count(*) FROM paths WHERE members IS NULL");

    /// <inheritdoc/>
    public override PathTable Paths => _paths.Value;

    /// <inheritdoc/>
    public override IReadOnlyList<Prefix> Prefixes => [.. _prefixIds.Value.Keys];

    /// <inheritdoc/>
    public override IReadOnlySet<Prefix> PrefixesOf(IReadOnlyCollection<int> paths, IReadOnlyCollection<Peer> peers, Timestamp before)
    {
        Ask("asked_paths", paths);
        var asked = peers.ToHashSet();
        Ask("asked_peers", Records.Peers.Where(entry => asked.Contains(entry.Value)).Select(entry => (int)entry.Key));
        return _database.Rows(FormattableString.Invariant($"""
            SELECT prefix_id, family, high, low, length FROM prefixes WHERE prefix_id IN (
                SELECT DISTINCT prefix_id FROM route_rows WHERE path_id IN (SELECT id FROM asked_paths)
                    AND peer_id IN (SELECT id FROM asked_peers) AND began_s::BIGINT * 1000000 + began_us < {before.Microseconds})
            """), PrefixOf).ToHashSet();
    }

    /// <inheritdoc/>
    public override IEnumerable<KeptHistory> HistoriesOf(IReadOnlySet<Prefix> prefixes)
    {
        var named = prefixes.ToDictionary(prefix => _prefixIds.Value[prefix]);
        Ask("asked_prefixes", named.Keys);
        (int Prefix, int Peer) at = default;
        var steps = new List<RouteStep>();
        var rows = _database.Rows("""
            SELECT r.prefix_id, r.peer_id, began_s, began_us, path_id, cause_id, add_path_id, source_id, record, byte_offset, length
            FROM route_rows r LEFT JOIN records e USING (record_id) WHERE r.prefix_id IN (SELECT id FROM asked_prefixes)
            ORDER BY r.prefix_id, r.peer_id, r.rowid
            """, row => (Key: (row.GetInt32(0), row.GetInt32(1)), Step: StepOf(row)));
        foreach (var (key, step) in rows)
        {
            if (key != at && steps.Count > 0)
            {
                yield return new(Records.Peers[at.Peer], named[at.Prefix], [.. steps]);
                steps.Clear();
            }
            at = key;
            steps.Add(step);
        }
        if (steps.Count > 0) yield return new(Records.Peers[at.Peer], named[at.Prefix], [.. steps]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Check()
    {
        var wrong = new List<string>();
        foreach (var (id, name, sums) in _database.Rows("SELECT collector_id, name, sums FROM collectors ORDER BY name",
            row => (row.GetInt32(0), row.GetString(1), row.GetString(2))).ToArray())
            if (StoreWriter.SumsOf(_database, id) is var counted && counted != sums)
                wrong.Add($"the rows of {name} are not those that were written: their sums are {counted}, and were {sums}");
        foreach (var (rule, sql) in _rules)
            if (_database.Number(sql) is > 0 and var count) wrong.Add($"{count.ToString("N0", CultureInfo.InvariantCulture)} {rule}");
        return wrong;
    }

    public override void Dispose()
    {
        if (_owns) _database.Dispose();
    }

    private void Ask(string table, IEnumerable<int> ids)
    {
        _database.Do($"CREATE OR REPLACE TEMP TABLE {table} (id INTEGER)");
        using var columns = new Columns(_database.Connection, "temp", table, DuckDB.NET.Native.DuckDBType.Integer);
        foreach (int id in ids)
        {
            columns.Set(0, id);
            columns.EndRow();
        }
        columns.Complete();
    }

    private RouteStep StepOf(DuckDBDataReader row)
    {
        var place = row.IsDBNull(7) ? default : new SourcePlace(Records.Sources[row.GetInt32(7)], row.GetFieldValue<uint>(8),
            checked((long)row.GetFieldValue<ulong>(9)), row.GetInt32(10));
        var time = new Timestamp(row.GetFieldValue<uint>(2) * Timestamp.PerSecond + row.GetFieldValue<uint>(3));
        return new(time, row.GetInt32(4), (Cause)row.GetByte(5), place) { PathId = row.GetFieldValue<uint>(6) };
    }

    private static Prefix PrefixOf(DuckDBDataReader row) => new(
        new(row.GetFieldValue<ulong>(2), row.GetFieldValue<ulong>(3), (AddressFamily)row.GetByte(1)), row.GetByte(4));

    /// <summary>All paths that a store keeps, by their ids.</summary>
    public static PathTable PathsIn(Database database)
    {
        var paths = new PathTable();
        foreach (var (words, members, numbers) in database.Rows("SELECT words, members, identifiers FROM paths ORDER BY path_id", row => (
            row.GetFieldValue<List<uint>>(0), row.IsDBNull(1) ? null : row.GetFieldValue<List<int>>(1),
            row.IsDBNull(2) ? null : row.GetFieldValue<List<uint>>(2))))
        {
            if (members is null) paths.Intern(new PathWords([.. words]));
            else if (numbers is null) paths.InternUnnumbered([.. members]);
            else paths.InternNumbered([.. numbers.Zip(members)]);
        }
        return paths;
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
