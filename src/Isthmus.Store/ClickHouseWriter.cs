using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>
/// Writes what collectors showed into ClickHouse. It knows no transactions: all rows of a collector carry the number of their edition, and
/// one row in the table of editions, written last, makes them valid, and what was stored before no longer.
/// </summary>
internal sealed class ClickHouseWriter : IStoreWriter
{
    private readonly ClickHouseAddress _address;
    private readonly ClickHouseServer _server;
    private readonly ClickHouseTables _tables;
    private readonly ClickHouseClaims _claims;

    public ClickHouseWriter(ClickHouseAddress address)
    {
        _address = address;
        _server = new(address);
        try
        {
            _tables = new(_server, address.Name, knowsBlocks: address.Cluster is not null);
            ClickHouseSchema.Make(_server, _tables, address);
            _claims = new(_server, _tables, address);
        }
        catch
        {
            _server.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public StoreSelection Select(StoreSelection? asked, string words)
    {
        if (_tables.Number("SELECT count() FROM selections") == 0)
        {
            var chosen = asked ?? new([], CountryRule.Origin);
            // Of two who begin a store at once one says whose routes it keeps.
            _claims.Take("", waits: true, default);
            if (_tables.Number("SELECT count() FROM selections") == 0)
            {
                _tables.Append("about", [words], (row, text) => row.Text("registry").Text(text));
                _tables.Append("selections", chosen.Subjects.DefaultIfEmpty(StoreSelection.AllWord),
                    (row, subject) => row.Text(subject).Text(chosen.Rule.ToString()));
            }
            _claims.GiveBack();
        }
        using var stored = Stored();
        if (stored.HasCountries && stored.Registry != words) throw new StoreException($"the store {_address} was filled by other words on who"
            + " holds what, and keeps countries; give the --registry and --override that it was filled with");
        bool isSame = asked is null || asked.Rule == stored.Selection.Rule
            && asked.Subjects.ToHashSet().SetEquals(stored.Selection.Subjects);
        if (!isSame) throw new StoreException(
            $"the store {_address} keeps the routes of {stored.Selection}, and not of {asked}; leave --select out, or name another store");
        return stored.Selection;
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredSource> Sources()
    {
        using var stored = Stored();
        return [.. stored.Collectors.SelectMany(collector => collector.Files)
            .Select(file => new StoredSource(stored.Inputs[file.Read.Input], file.Read.Sha256))];
    }

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public bool Claim(Collector collector, bool waits, CancellationToken stop)
    {
        if (!_claims.Take(collector.Name, waits, stop)) return false;
        Sweep(collector);
        return true;
    }

    /// <inheritdoc/>
    public void GiveBack() => _claims.GiveBack();

    /// <inheritdoc/>
    public IReadOnlyList<(Prefix Prefix, bool Inside)> Followed() =>
        [.. _tables.Rows("SELECT prefix, min(is_inside) FROM followed GROUP BY prefix", row => (Prefix.Parse(row.Text(0)), row.Is(1)))];

    /// <inheritdoc/>
    public IReadOnlyList<Collector> Behind(Timestamp? end)
    {
        long followed = _tables.Number("SELECT uniqExact(prefix) FROM followed");
        var few = _tables.Texts(FormattableString.Invariant($"SELECT name FROM collectors WHERE followed < {followed}"));
        using var stored = Stored();
        return [.. stored.Collectors.Where(collector => few.Contains(collector.Collector.Name)
            || Collected.LostAfter([.. collector.Files.Select(file => file.Plan)], end) != collector.LostAfter)
            .Select(collector => collector.Collector)];
    }

    /// <inheritdoc/>
    /// <remarks>Rows of an edition never change, so that a collector is written whole.</remarks>
    public StoredCheckpoint? CheckpointOf(Collector collector) => null;

    /// <inheritdoc/>
    public void Write(Collected collected, IReadOnlyList<StoredSource> files, bool isAll)
    {
        string name = collected.Record.Collector.Name;
        long edition = _claims.Edition;
        long first = edition << ClickHouseRoutes.IdBits;
        long newest = Newest(name);
        var tables = _tables.Of([], edition);
        var sources = CollectorTables.WriteSources(tables, edition, first, collected, files, new Dictionary<string, long>());
        var peers = collected.Record.Peers;
        CollectorTables.WritePeers(tables, edition, [.. peers.Select((_, place) => first + place)], peers);
        var followed = Followed().Select(entry => entry.Prefix).ToHashSet();
        if (!isAll)
        {
            followed.UnionWith(collected.Followed.Select(entry => entry.Prefix));
            tables.Append("followed", collected.Followed, (row, one) => row.Text(one.Prefix.ToString()).Is(one.Inside));
        }
        tables.Append("collectors", [collected.Record], (row, record) =>
            CollectorTables.WriteCollector(row, edition, record).Number(followed.Count));
        string sums = new ClickHouseSpans(tables, _address, edition).Write(collected, sources);
        string counted = ClickHouseRoutes.AsSoonAs(sums, () => ClickHouseRoutes.SumsOf(_tables, _address, edition), _address);
        if (counted != sums) throw new StoreException($"the store {_address}: of {name} the servers have other rows ({counted}) than they were sent"
            + $" ({sums}); nothing of it is stored: run the command again");
        Commit(name, edition, newest, sums);
    }

    /// <inheritdoc/>
    public void Note(InputSet inputs)
    {
        AddLines("notices", "notice", inputs.Notice is null ? [] : [inputs.Notice]);
        AddLines("passed_over", "file", inputs.PassedOver);
        AddLines("unread", "file", inputs.Unread);
    }

    public void Dispose()
    {
        _claims.Dispose();
        _server.Dispose();
    }

    private ClickHouseRoutes Stored() => ClickHouseRoutes.In(_server, _tables, _address);

    private long Newest(string collector)
    {
        _claims.InStep();
        return _tables.Number($"SELECT max(edition) FROM editions WHERE collector = {ClickHouseClaims.Quoted(collector)}");
    }

    private void Commit(string collector, long edition, long newest, string sums)
    {
        _claims.InStep();
        string row = FormattableString.Invariant($"toUInt64({edition}), {ClickHouseClaims.Quoted(collector)}, toUInt64({newest}), '{sums}'");
        // Done twice it is done once: the second time the newest edition is this one.
        _server.Do($"INSERT INTO editions (edition, collector, base, sums) SELECT {row} FROM system.one"
            + $" WHERE {_claims.StillHeld(collector, newest)}", isSafe: true);
        if (_tables.Number(FormattableString.Invariant($"SELECT count() FROM editions WHERE edition = {edition}")) == 0)
            throw new StoreException($"the store {_address}: {collector} was taken by another, as nothing was heard of this run for too long"
                + " (ISTHMUS_CLAIM_SECONDS); nothing is lost or mixed: run the command again");
    }

    // Rows of editions that are not the newest: those that a newer one has taken the place of, and those of runs that were ended.
    private void Sweep(Collector collector)
    {
        string name = ClickHouseClaims.Quoted(collector.Name);
        long newest = Newest(collector.Name);
        long[] old = [.. _tables.Rows($"SELECT DISTINCT edition FROM claims WHERE collector = {name}", row => row.Number(0))
            .Where(edition => edition != newest && edition != _claims.Edition)];
        if (old.Length == 0) return;
        string on = _address.Cluster is { } cluster ? $"ON CLUSTER {cluster}" : "";
        foreach (string table in _tables.Texts($"SELECT name FROM system.tables WHERE database = '{_address.Name}' AND name LIKE 'all\\_%'"))
        {
            string from = _address.Cluster is not null && table is "all_route_rows" or "all_path_prefixes"
                ? ClickHouseSchema.Spread(_address, table["all_".Length..]) : table;
            foreach (long edition in _tables.Rows($"SELECT DISTINCT edition FROM {from} WHERE edition IN ({string.Join(',', old)})",
                row => row.Number(0)).ToArray())
                Drop(FormattableString.Invariant($"ALTER TABLE {_address.Name}.{table} {on} DROP PARTITION {edition}"));
        }
    }

    // What is not valid takes room and is not seen: while a node is away it stays.
    private void Drop(string sql)
    {
        try
        {
            _server.Do(sql, isSafe: true);
        }
        catch (ClickHouseRefusal)
        {
        }
    }

    private void AddLines(string table, string column, IEnumerable<string> lines)
    {
        var known = _tables.Texts($"SELECT {column} FROM {table} ORDER BY line");
        _tables.Append(table, lines.Except(known, StringComparer.Ordinal).Select((line, place) => (line, place: known.Count + place)),
            (row, one) => row.Number(one.place).Text(one.line));
    }
}
