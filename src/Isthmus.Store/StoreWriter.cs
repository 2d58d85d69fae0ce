using DuckDB.NET.Native;

using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>Writes what collectors showed into a store, one collector in one transaction.</summary>
internal sealed class StoreWriter : IStoreWriter
{
    private readonly DuckAddress _address;
    private readonly Database _database;
    private readonly PathTable _paths = new();
    private readonly Dictionary<Prefix, int> _prefixes = [];
    private bool _knowsPaths;

    public StoreWriter(DuckAddress address)
    {
        _address = address;
        _database = Database.ToWrite(address);
    }

    /// <inheritdoc/>
    public StoreSelection Select(StoreSelection? asked, string words)
    {
        if (_database.Number("SELECT count(*) FROM selections") == 0)
        {
            var chosen = asked ?? new([], CountryRule.Origin);
            _database.AllOrNone(() =>
            {
                _database.Append("about", [words], (row, text) => row.AppendValue("registry").AppendValue(text));
                _database.Append("selections", chosen.Subjects.DefaultIfEmpty(StoreSelection.AllWord),
                (row, subject) => row.AppendValue(subject).AppendValue(chosen.Rule.ToString()));
            });
            return chosen;
        }
        var kept = StoredRoutes.SelectionOf(_database);
        using (var stored = DuckRoutes.In(_database))
            if (stored.HasCountries && stored.Registry != words) throw new StoreException($"the store {_address} was filled by other words on who"
                + " holds what, and keeps countries; give the --registry and --override that it was filled with");
        bool isSame = asked is null || asked.Rule == kept.Rule && asked.Subjects.ToHashSet().SetEquals(kept.Subjects);
        if (!isSame) throw new StoreException(
            $"the store {_address} keeps the routes of {kept}, and not of {asked}; leave --select out, or name another store");
        return kept;
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredSource> Sources()
    {
        using var stored = DuckRoutes.In(_database);
        return [.. stored.Collectors.SelectMany(collector => collector.Files)
            .Select(file => new StoredSource(stored.Inputs[file.Read.Input], file.Read.Sha256))];
    }

    // Who has the file open to write has it alone.
    /// <inheritdoc/>
    public bool IsShared => false;

    /// <inheritdoc/>
    public bool Claim(Collector collector, bool waits, CancellationToken stop) => true;

    /// <inheritdoc/>
    public void GiveBack() { }

    /// <inheritdoc/>
    public IReadOnlyList<(Prefix Prefix, bool Inside)> Followed() =>
        [.. _database.Rows("SELECT prefix, is_inside FROM followed", row => (Prefix.Parse(row.GetString(0)), row.GetBoolean(1)))];

    /// <inheritdoc/>
    public IReadOnlyList<Collector> Behind(Timestamp? end)
    {
        long followed = _database.Number("SELECT count(*) FROM followed");
        var few = _database.Texts(FormattableString.Invariant($"SELECT name FROM collectors WHERE followed < {followed}"));
        using var stored = DuckRoutes.In(_database);
        return [.. stored.Collectors.Where(collector => few.Contains(collector.Collector.Name)
            || Collected.LostAfter([.. collector.Files.Select(file => file.Plan)], end) != collector.LostAfter)
            .Select(collector => collector.Collector)];
    }

    /// <inheritdoc/>
    public void Note(InputSet inputs) => _database.AllOrNone(() =>
    {
        AddLines("notices", "notice", inputs.Notice is null ? [] : [inputs.Notice]);
        AddLines("passed_over", "file", inputs.PassedOver);
        AddLines("unread", "file", inputs.Unread);
    });

    /// <inheritdoc/>
    public void Write(Collected collected, IReadOnlyList<StoredSource> files, bool isAll) => _database.AllOrNone(() =>
    {
        int id = Begin(collected.Record.Collector);
        var sources = CollectorTables.WriteSources(
            _database, id, _database.Number("SELECT coalesce(max(source_id), -1) + 1 FROM sources"), collected, files);
        int peers = (int)_database.Number("SELECT coalesce(max(peer_id), -1) + 1 FROM peers");
        CollectorTables.WritePeers(_database, id, peers, collected.Record.Peers);
        if (!isAll) WriteFollowed(collected.Followed);
        WriteSpans(collected, sources, peers);
        ITables tables = _database;
        tables.Append("collectors", [collected.Record], (row, record) => CollectorTables.WriteCollector(row, id, record)
            .Number(_database.Number("SELECT count(*) FROM followed")).Text(SumsOf(_database, id)));
    });

    /// <summary>Sums over the rows of a collector, by which a store is held against itself.</summary>
    public static string SumsOf(Database database, int collector) => database.Texts(FormattableString.Invariant($"""
        SELECT concat_ws(' ', count(*), sum(prefix_id), sum(peer_id::BIGINT * (path_id + 3)), sum(began_s), sum(began_us), sum(ended_s),
            sum(ended_us), sum(cause_id::BIGINT * (path_id + 3)), sum(record_id), sum(add_path_id))
        FROM route_rows WHERE peer_id IN (SELECT peer_id FROM peers WHERE collector_id = {collector})
        """))[0];

    public void Dispose() => _database.Dispose();

    private int Begin(Collector collector)
    {
        int? known = _database.Rows("SELECT collector_id, name FROM collectors", row => (Id: row.GetInt32(0), Name: row.GetString(1)))
            .Where(row => row.Name == collector.Name).Select(row => (int?)row.Id).FirstOrDefault();
        if (known is not { } id) return (int)_database.Number("SELECT coalesce(max(collector_id), -1) + 1 FROM collectors");
        _database.Do(FormattableString.Invariant($"""
            DELETE FROM route_rows WHERE peer_id IN (SELECT peer_id FROM peers WHERE collector_id = {id});
            DELETE FROM session_spans WHERE peer_id IN (SELECT peer_id FROM peers WHERE collector_id = {id});
            DELETE FROM session_losses WHERE peer_id IN (SELECT peer_id FROM peers WHERE collector_id = {id});
            DELETE FROM dumps WHERE peer_id IN (SELECT peer_id FROM peers WHERE collector_id = {id});
            DELETE FROM table_sizes WHERE peer_id IN (SELECT peer_id FROM peers WHERE collector_id = {id});
            DELETE FROM records WHERE source_id IN (SELECT source_id FROM sources WHERE collector_id = {id});
            DELETE FROM source_faults WHERE source_id IN (SELECT source_id FROM sources WHERE collector_id = {id});
            DELETE FROM source_views WHERE source_id IN (SELECT source_id FROM sources WHERE collector_id = {id});
            DELETE FROM not_decoded WHERE source_id IN (SELECT source_id FROM sources WHERE collector_id = {id});
            DELETE FROM peers WHERE collector_id = {id};
            DELETE FROM sources WHERE collector_id = {id};
            DELETE FROM collectors WHERE collector_id = {id};
            """));
        return id;
    }

    private void WriteFollowed(IReadOnlyList<(Prefix Prefix, bool Inside)> followed)
    {
        var known = Followed().ToDictionary(entry => entry.Prefix, entry => entry.Inside);
        // What one collector shows inside a prefix of the selection may be the selection's own by what another shows.
        foreach (var (prefix, inside) in followed) known[prefix] = inside && known.GetValueOrDefault(prefix, true);
        _database.Do("DELETE FROM followed");
        _database.Append("followed", known.OrderBy(entry => entry.Key), (row, one) =>
            row.AppendValue(one.Key.ToString()).AppendValue(one.Value));
    }

    private void WriteSpans(Collected collected, Dictionary<Source, long> sources, int firstPeer)
    {
        var paths = WritePaths(collected);
        var prefixes = WritePrefixes(collected);
        var records = WriteRecords(collected, sources);
        using var rows = new Columns(_database.Connection, null, "route_rows", DuckDBType.Integer, DuckDBType.Integer, DuckDBType.UnsignedInteger,
            DuckDBType.UnsignedInteger, DuckDBType.UnsignedInteger, DuckDBType.UnsignedInteger, DuckDBType.Integer,
            DuckDBType.UnsignedTinyInt, DuckDBType.Integer, DuckDBType.UnsignedInteger);
        foreach (var history in collected.Histories.OrderBy(history => prefixes[history.Prefix]).ThenBy(history => history.Peer))
            for (int place = 0; place < history.Count; place++)
            {
                var step = history.Steps[place];
                rows.Set(0, prefixes[history.Prefix]);
                rows.Set(1, firstPeer + history.Peer);
                rows.Set(2, checked((uint)step.Time.Seconds));
                rows.Set(3, (uint)(step.Time.Microseconds - step.Time.Seconds * Timestamp.PerSecond));
                if (place + 1 < history.Count)
                {
                    var next = history.Steps[place + 1].Time;
                    rows.Set(4, checked((uint)next.Seconds));
                    rows.Set(5, (uint)(next.Microseconds - next.Seconds * Timestamp.PerSecond));
                }
                else
                {
                    rows.SetNull(4);
                    rows.Set(5, 0u);
                }
                rows.Set(6, step.Path < 0 ? step.Path : paths[step.Path]);
                rows.Set(7, (byte)step.Cause);
                rows.Set(8, step.Place.IsNone ? -1 : records[(step.Place.Source!, step.Place.Offset)]);
                rows.Set(9, step.PathId);
                rows.EndRow();
            }
        rows.Complete();
    }

    private Dictionary<(Source, long), int> WriteRecords(Collected collected, Dictionary<Source, long> sources)
    {
        int next = (int)_database.Number("SELECT coalesce(max(record_id), -1) + 1 FROM records");
        var records = new Dictionary<(Source, long), int>();
        using var rows = new Columns(_database.Connection, null, "records", DuckDBType.Integer, DuckDBType.Integer, DuckDBType.UnsignedInteger,
            DuckDBType.UnsignedBigInt, DuckDBType.Integer);
        foreach (var place in collected.Histories.SelectMany(history => history.Steps).Select(step => step.Place)
            .Where(place => !place.IsNone).DistinctBy(place => (place.Source, place.Offset))
            .OrderBy(place => sources[place.Source!]).ThenBy(place => place.Offset))
        {
            records[(place.Source!, place.Offset)] = next;
            rows.Set(0, next++);
            rows.Set(1, (int)sources[place.Source!]);
            rows.Set(2, checked((uint)place.Record));
            rows.Set(3, checked((ulong)place.Offset));
            rows.Set(4, place.Length);
            rows.EndRow();
        }
        rows.Complete();
        return records;
    }

    // The ids that paths have in the store, by those of what was collected.
    private Dictionary<int, int> WritePaths(Collected collected)
    {
        if (!_knowsPaths)
        {
            var stored = DuckRoutes.PathsIn(_database);
            foreach (int id in stored.Ids)
                _paths.InternAs(id, stored);
        }
        var known = _paths.Ids.ToHashSet();
        var ids = new Dictionary<int, int>();
        var held = collected.Histories.SelectMany(history => history.Steps).Select(step => step.Path).Where(path => path >= 0);
        foreach (int id in held.Distinct().Order())
            ids[id] = _paths.InternAs(id, collected.Paths);
        _database.Append("paths", _paths.Ids.Where(id => !known.Contains(id)), (row, id) =>
        {
            var words = _paths[id];
            List<uint> hops = [];
            foreach (var segment in words) hops.AddRange(segment.Hops);
            row.AppendValue(id).AppendValue(_paths.TextOf(id)).AppendValue(hops);
            if (words.Origins is [var origin]) row.AppendValue(origin); else row.AppendNullValue();
            row.AppendValue(words.Span.ToArray());
            var numbered = _paths.NumberedOf(id);
            int[]? members = numbered.Count > 0 ? [.. numbered.Select(one => one.Path)] : _paths.SetOf(id)?.ToArray();
            if (members is not null) row.AppendValue(members); else row.AppendNullValue();
            if (numbered.Count > 0) row.AppendValue(numbered.Select(one => one.Id).ToArray()); else row.AppendNullValue();
        });
        _knowsPaths = true;
        return ids;
    }

    private Dictionary<Prefix, int> WritePrefixes(Collected collected)
    {
        if (_prefixes.Count == 0)
            foreach (var (prefix, id) in _database.Rows("SELECT prefix, prefix_id FROM prefixes", row => (Prefix.Parse(row.GetString(0)), row.GetInt32(1))))
                _prefixes[prefix] = id;
        var shown = collected.Histories.Select(history => history.Prefix).Distinct();
        Prefix[] added = [.. shown.Where(prefix => !_prefixes.ContainsKey(prefix))];
        foreach (var prefix in added) _prefixes[prefix] = _prefixes.Count;
        _database.Append("prefixes", added, (row, prefix) => row.AppendValue(_prefixes[prefix]).AppendValue(prefix.ToString())
            .AppendValue((byte)prefix.Family).AppendValue(prefix.High).AppendValue(prefix.Low).AppendValue(prefix.Length));
        return _prefixes;
    }

    private void AddLines(string table, string column, IEnumerable<string> lines)
    {
        var known = _database.Texts($"SELECT {column} FROM {table} ORDER BY line");
        _database.Append(table, lines.Except(known, StringComparer.Ordinal).Select((line, place) => (line, place: known.Count + place)),
            (row, one) => row.AppendValue(one.place).AppendValue(one.line));
    }
}
