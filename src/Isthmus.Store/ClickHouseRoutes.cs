using System.Globalization;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>What a store in ClickHouse keeps, open to be asked: of the editions that were the newest when it was opened.</summary>
internal sealed partial class ClickHouseRoutes : StoredRoutes
{
    /// <summary>Ids or prefixes that one question names.</summary>
    public const int NamedMax = 20_000;

    /// <summary>Blocks that one question names; of more all prefixes are asked.</summary>
    private const int BlocksMax = 500;

    /// <summary>Of the bits of an id, those that number what it names within its edition.</summary>
    public const int IdBits = 32;

    /// <summary>How often replicas that are not in step are asked, and the pause between: ten seconds together.</summary>
    private const int CountsMax = 50;
    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(200);

    private readonly ClickHouseServer _server;
    private readonly ClickHouseTables _tables;
    private readonly ClickHouseAddress _address;
    private readonly bool _owns;
    private readonly ClickHousePaths _paths;
    private readonly Lazy<IReadOnlyList<Prefix>> _prefixes;

    private ClickHouseRoutes(ClickHouseServer server, ClickHouseTables tables, ClickHouseAddress address, bool owns) : base(tables)
    {
        (_server, _tables, _address, _owns) = (server, tables, address, owns);
        _paths = new(tables);
        _prefixes = new(() => ReadPrefixes("1"));
    }

    /// <summary>Opens a store.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be read.</exception>
    public static ClickHouseRoutes Open(ClickHouseAddress address)
    {
        var server = new ClickHouseServer(address);
        try
        {
            var tables = new ClickHouseTables(server, address.Name, knowsBlocks: false);
            if (!ClickHouseSchema.IsThere(server, tables, address))
                throw new StoreException($"there is no store {address}; 'isthmus ingest INPUT --store {address}' makes one");
            var stored = new ClickHouseRoutes(server, tables.Of(Newest(tables), 0), address, owns: true);
            stored.ExpectAll();
            return stored;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>What a store keeps that is open to be written.</summary>
    public static ClickHouseRoutes In(ClickHouseServer server, ClickHouseTables tables, ClickHouseAddress address) =>
        new(server, tables.Of(Newest(tables), 0), address, owns: false);

    /// <inheritdoc/>
    public override int Schema => ClickHouseSchema.Version;

    /// <inheritdoc/>
    public override long Bytes => _tables.Number($"SELECT sum(bytes_on_disk) FROM {Parts} WHERE active AND database = '{_address.Name}'");

    /// <inheritdoc/>
    public override long Spans => _tables.Number($"SELECT count() FROM {Spread("route_rows")} WHERE {_tables.Pinned}");

    /// <inheritdoc/>
    public override long PrefixCount => _tables.Number($"SELECT uniqExact(prefix) FROM {_tables.From("prefixes")}");

    /// <inheritdoc/>
    public override long PathCount => _tables.Number($"SELECT uniqExact(toString(words)) FROM {_tables.From("paths")} WHERE empty(members)");

    /// <inheritdoc/>
    public override PathTable Paths => _paths.Table;

    /// <inheritdoc/>
    public override IReadOnlyList<Prefix> Prefixes => _prefixes.Value;

    /// <inheritdoc/>
    public override IReadOnlyList<Prefix> PrefixesAmong(IReadOnlySet<Prefix> named, IReadOnlyCollection<Prefix> blocks)
    {
        var all = new CoveringPrefixes();
        foreach (var block in blocks) all.Add(block);
        Prefix[] widest = [.. blocks.Where(block => all.Above(block) is null)];
        if (widest.Length > BlocksMax || named.Count > NamedMax) return Prefixes;
        string[] conditions = [.. widest.Select(WithinOf), .. named.Count == 0 ? [] : (string[])[$"(family, high, low, length) IN ({NamesOf(named)})"]];
        return conditions.Length == 0 ? [] : ReadPrefixes(string.Join(" OR ", conditions));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> PathsWith(IReadOnlySet<uint> asns) => asns.Count == 0
        ? [] : _paths.Ask($"notEmpty(members) OR arrayExists(hop -> hop IN ({string.Join(',', asns.Order())}), hops)");

    /// <inheritdoc/>
    public override IReadOnlySet<Prefix> PrefixesOf(IReadOnlyCollection<int> paths, IReadOnlyCollection<Peer> peers, Timestamp before)
    {
        var of = peers.ToHashSet();
        long[] ids = _paths.IdsOf(paths.ToHashSet());
        long[] sessions = [.. Records.Peers.Where(entry => of.Contains(entry.Value)).Select(entry => entry.Key)];
        var found = new HashSet<Prefix>();
        if (sessions.Length == 0) return found;
        // Each shard gives a prefix once.
        foreach (long[] some in ids.Chunk(NamedMax))
            found.UnionWith(_tables.RowsOfAll(FormattableString.Invariant($"""
                SELECT DISTINCT family, high, low, length FROM {Spread("path_prefixes")}
                WHERE {_tables.Pinned} AND path_id IN ({string.Join(',', some)}) AND peer_id IN ({string.Join(',', sessions)})
                    AND toInt64(began_s) * 1000000 + began_us < {before.Microseconds}
                """), row => PrefixOf(row, 0)));
        return found;
    }

    /// <inheritdoc/>
    public override IEnumerable<KeptHistory> HistoriesOf(IReadOnlySet<Prefix> prefixes)
    {
        foreach (var some in prefixes.Chunk(NamedMax))
        {
            string asked = $"{Spread("route_rows")} PREWHERE (family, high, low, length) IN ({NamesOf(some)}) WHERE {_tables.Pinned}";
            _paths.Ask($"path_id IN (SELECT DISTINCT path_id FROM {asked} AND path_id >= 0)");
            var rows = _tables.RowsOfAll($"SELECT {StepColumns} FROM {asked} ORDER BY family, high, low, length, peer_id, step", row => (Key: (Prefix: PrefixOf(row, 0), Peer: row.Number(4)), Step: StepOf(row)));
            (Prefix Prefix, long Peer) at = default;
            var steps = new List<RouteStep>();
            foreach (var (key, step) in rows)
            {
                if (key != at && steps.Count > 0)
                {
                    yield return new(Records.Peers[at.Peer], at.Prefix, [.. steps]);
                    steps.Clear();
                }
                at = key;
                steps.Add(step);
            }
            if (steps.Count > 0) yield return new(Records.Peers[at.Peer], at.Prefix, [.. steps]);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Check()
    {
        var wrong = new List<string>();
        foreach (var (edition, name, sums) in _tables.Rows(
            $"SELECT edition, collector, sums FROM editions WHERE {_tables.Pinned} ORDER BY collector", row => (row.Number(0), row.Text(1), row.Text(2))).ToArray())
            if (SumsOf(_tables, _address, edition) is var counted && counted != sums)
                wrong.Add($"the rows of {name} are not those that were written: their sums are {counted}, and were {sums}");
        foreach (var (rule, sql) in Rules())
            if (_tables.Number(sql) is > 0 and var count) wrong.Add($"{count.ToString("N0", CultureInfo.InvariantCulture)} {rule}");
        return wrong;
    }

    /// <summary>Sums over the rows of an edition, by which a store is held against itself; they wrap around at 64 bits.</summary>
    public static string SumsOf(ClickHouseTables tables, ClickHouseAddress address, long edition) => string.Join(' ',
        tables.Rows(FormattableString.Invariant($"""
            SELECT count(), sum(bitXor(high, low) + length), sum(peer_id * (path_id + 3)), sum(toInt64(began_s)), sum(toInt64(began_us)),
                sum(toInt64(ifNull(ended_s, 0))), sum(toInt64(ended_us)), sum(toInt64(record) + source_id), sum(byte_offset + bytes),
                sum(toInt64(add_path_id) + step)
            FROM {ClickHouseSchema.Spread(address, "route_rows")} WHERE edition = {edition}
            """), row => Joined(row, 10)).Concat(
        tables.Rows(FormattableString.Invariant($"""
            SELECT count(), sum(path_id), sum(bitXor(high, low) + length), sum(peer_id), sum(toInt64(began_s) + began_us)
            FROM {ClickHouseSchema.Spread(address, "path_prefixes")} WHERE edition = {edition}
            """), row => Joined(row, 5))).Concat(
        tables.Rows(FormattableString.Invariant($"SELECT count(), sum(path_id) FROM all_paths WHERE edition = {edition}"),
            row => Joined(row, 2))));

    public override void Dispose()
    {
        if (_owns) _server.Dispose();
    }

    private static IReadOnlyList<long> Newest(ClickHouseTables tables) =>
        [.. tables.Rows("SELECT max(edition) FROM editions GROUP BY collector ORDER BY collector", row => row.Number(0))];

    /// <summary>
    /// What the servers count, as soon as it is what was written, or in the end: a replica that has just come back may be asked before it
    /// has fetched what the other one took.
    /// </summary>
    public static T AsSoonAs<T>(T written, Func<T> count, ClickHouseAddress address)
    {
        for (int asked = 1; ; asked++)
        {
            var counted = count();
            if (address.Cluster is null || Equals(counted, written) || asked == CountsMax) return counted;
            Thread.Sleep(_again);
        }
    }

    // A replica that was away may know of an edition before it has its rows.
    private void ExpectAll()
    {
        var written = _tables.Rows($"SELECT sums FROM editions WHERE {_tables.Pinned}", row => row.Text(0).Split(' ')).ToArray();
        foreach (var (table, place) in ((string, int)[])[(Spread("route_rows"), 0), (Spread("path_prefixes"), 10), ("all_paths", 15)])
            if (written.Sum(sums => long.Parse(sums[place], CultureInfo.InvariantCulture)) is var all
                && AsSoonAs(all, () => _tables.Number($"SELECT count() FROM {table} WHERE {_tables.Pinned}"), _address) is var there
                && there != all)
                throw new StoreException($"the store {_address}: the nodes that answer have {there} rows of {all}; others have the rest: start them, and ask again");
    }

    private static string Joined(IRow row, int columns) => string.Join(' ', Enumerable.Range(0, columns).Select(row.Text));

    private string Parts => _address.Cluster is null ? "system.parts" : $"{_address.Name}.every_part";

    private string Spread(string table) => ClickHouseSchema.Spread(_address, table);

    private (string Rule, string Sql)[] Rules()
    {
        string rows = $"{Spread("route_rows")} WHERE {_tables.Pinned}";
        return
        [
            ("rows are of a peer that is not there", $"SELECT count() FROM {rows} AND peer_id NOT IN (SELECT peer_id FROM {_tables.From("peers")})"),
            ("rows have a path that is not there",
                $"SELECT count() FROM {rows} AND path_id >= 0 AND path_id NOT IN (SELECT path_id FROM {_tables.From("paths")})"),
            ("rows are of a file that is not there",
                $"SELECT count() FROM {rows} AND source_id >= 0 AND source_id NOT IN (SELECT source_id FROM {_tables.From("sources")})"),
            ("prefixes with rows are not in the list", $"""
                SELECT count() FROM (SELECT DISTINCT prefix FROM {rows}) WHERE prefix NOT IN (SELECT prefix FROM {_tables.From("prefixes")})
                """),
            ("times of a peer and prefix do not end where the next begins", $"""
                SELECT count() FROM (SELECT family FROM {rows} GROUP BY family, high, low, length, peer_id HAVING
                    sum(toInt64(ifNull(ended_s, 0))) != sum(if(step > 0, toInt64(began_s), 0))
                    OR sum(toInt64(ended_us)) != sum(if(step > 0, toInt64(began_us), 0)) OR count() != max(step) + 1)
                """),
            ("files are there twice", $"SELECT count() - uniqExact(collector_id, sha256) FROM {_tables.From("sources")}"),
        ];
    }

    private IReadOnlyList<Prefix> ReadPrefixes(string condition)
    {
        var rank = _tables.Editions.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        return [.. _tables.RowsOfAll(
            $"SELECT family, high, low, length, edition, place FROM all_prefixes WHERE {_tables.Pinned} AND ({condition})", row => (Prefix: PrefixOf(row, 0), Rank: rank[row.Number(4)], Place: row.Number(5)))
            .OrderBy(row => row.Rank).ThenBy(row => row.Place).Select(row => row.Prefix).Distinct()];
    }

    private static string NamesOf(IEnumerable<Prefix> prefixes) => string.Join(',', prefixes.Select(prefix =>
        FormattableString.Invariant($"({(byte)prefix.Family},{prefix.High},{prefix.Low},{prefix.Length})")));

    // By the order of the table, so that little is read; with a block come those that begin with it and are wider.
    private static string WithinOf(Prefix block) => block.Length <= 64
        ? FormattableString.Invariant($"family = {(byte)block.Family} AND high >= {block.High} AND high <= {Last(block.High, block.Length)}")
        : FormattableString.Invariant($"family = {(byte)block.Family} AND high = {block.High} AND low >= {block.Low} AND low <= ")
            + FormattableString.Invariant($"{Last(block.Low, block.Length - 64)}");

    private static ulong Last(ulong first, int length) => length >= 64 ? first : first | ulong.MaxValue >> length;

    private const string StepColumns =
        "family, high, low, length, peer_id, began_s, began_us, path_id, cause, add_path_id, source_id, record, byte_offset, bytes";

    private RouteStep StepOf(IRow row)
    {
        var place = row.Number(10) < 0 ? default
            : new SourcePlace(Records.Sources[row.Number(10)], (uint)row.Number(11), row.Number(12), (int)row.Number(13));
        int path = row.Number(7) is >= 0 and var id ? _paths[id] : (int)row.Number(7);
        return new(new(row.Number(5) * Timestamp.PerSecond + row.Number(6)), path, Enum.Parse<Cause>(row.Text(8)), place)
        {
            PathId = (uint)row.Number(9),
        };
    }

    private static Prefix PrefixOf(IRow row, int column) => new(
        new(row.Bits(column + 1), row.Bits(column + 2), (AddressFamily)row.Number(column)), (int)row.Number(column + 3));
}
