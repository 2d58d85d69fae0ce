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
    public StoredCheckpoint? CheckpointOf(Collector collector)
    {
        if (IdOf(collector) is not { } id) return null;
        byte[]? state = _database.Rows(FormattableString.Invariant($"SELECT state FROM checkpoints WHERE collector_id = {id}"), row =>
        {
            using var bytes = row.GetStream(0);
            byte[] all = new byte[bytes.Length];
            bytes.ReadExactly(all);
            return all;
        }).FirstOrDefault();
        if (state is null) return null;
        using var stored = DuckRoutes.In(_database);
        return new(stored.Collectors.First(one => one.Collector.Name == collector.Name).Files, state);
    }

    /// <inheritdoc/>
    public void Write(Collected collected, IReadOnlyList<StoredSource> files, bool isAll) => _database.AllOrNone(() =>
    {
        int id = IdOf(collected.Record.Collector) ?? (int)_database.Number("SELECT coalesce(max(collector_id), -1) + 1 FROM collectors");
        var rows = new RouteRows(_database, id);
        var before = Forget(id, collected.IsFurther, rows);
        var sources = CollectorTables.WriteSources(
            _database, id, _database.Number("SELECT coalesce(max(source_id), -1) + 1 FROM sources"), collected, files, before.Sources);
        var late = collected.Late.ToDictionary(StringComparer.Ordinal);
        foreach (var file in collected.Record.Files)
            if (before.Sources.TryGetValue(file.Read.Sha256, out long source) && late.TryGetValue(file.Read.Name, out long count))
                _database.Do(FormattableString.Invariant($"UPDATE sources SET late = {count} WHERE source_id = {source}"));
        long[] peers = IdsOf(collected.Record.Peers, before.Peers);
        CollectorTables.WritePeers(_database, id, peers, collected.Record.Peers);
        if (!isAll) WriteFollowed(collected.Followed);
        rows.Write(collected, sources, peers, WritePrefixes(collected), WritePaths(collected));
        ITables tables = _database;
        tables.Append("collectors", [collected.Record], (row, record) => CollectorTables.WriteCollector(row, id, record)
            .Number(_database.Number("SELECT count(*) FROM followed")).Text(SumsOf(_database, id)));
        _database.Append("checkpoints", [collected.Checkpoint.ToArray()], (row, state) => row.AppendValue(id).AppendValue(state));
    });

    /// <summary>Sums over the rows of a collector, by which a store is held against itself.</summary>
    public static string SumsOf(Database database, int collector) => database.Texts(FormattableString.Invariant($"""
        SELECT concat_ws(' ', count(*), sum(prefix_id), sum(peer_id::BIGINT * (path_id + 3)), sum(began_s), sum(began_us), sum(ended_s),
            sum(ended_us), sum(cause_id::BIGINT * (path_id + 3)), sum(record_id), sum(add_path_id))
        FROM route_rows WHERE peer_id IN (SELECT peer_id FROM peers WHERE collector_id = {collector})
        """))[0];

    public void Dispose() => _database.Dispose();

    private int? IdOf(Collector collector) => _database
        .Rows("SELECT collector_id, name FROM collectors", row => (Id: row.GetInt32(0), Name: row.GetString(1)))
        .Where(row => row.Name == collector.Name).Select(row => (int?)row.Id).FirstOrDefault();

    // Takes away what is written anew of a collector: where it goes on, the files that were read and what is settled stay, with the ids of
    // these files by their hashes and those of its peers.
    private (Dictionary<string, long> Sources, Dictionary<Peer, long> Peers) Forget(int collector, bool isFurther, RouteRows rows)
    {
        string peers = FormattableString.Invariant($"peer_id IN (SELECT peer_id FROM peers WHERE collector_id = {collector})");
        string sources = FormattableString.Invariant($"source_id IN (SELECT source_id FROM sources WHERE collector_id = {collector})");
        var known = new Dictionary<Peer, long>();
        var read = new Dictionary<string, long>(StringComparer.Ordinal);
        if (isFurther)
        {
            rows.ForgetTail();
            using var stored = DuckRoutes.In(_database);
            foreach (var (id, peer) in stored.PeersOf(collector)) known.Add(peer, id);
            foreach (var (id, hash) in _database.Rows(FormattableString.Invariant(
                $"SELECT source_id, sha256 FROM sources WHERE collector_id = {collector}"), row => (row.GetInt32(0), row.GetString(1))))
                read.Add(hash, id);
        }
        else
        {
            _database.Do($"""
                DELETE FROM route_rows WHERE {peers};
                DELETE FROM records WHERE {sources};
                DELETE FROM source_faults WHERE {sources};
                DELETE FROM source_views WHERE {sources};
                DELETE FROM not_decoded WHERE {sources};
                """);
        }
        _database.Do(FormattableString.Invariant($"""
            DELETE FROM session_spans WHERE {peers};
            DELETE FROM session_losses WHERE {peers};
            DELETE FROM dumps WHERE {peers};
            DELETE FROM table_sizes WHERE {peers};
            DELETE FROM peers WHERE collector_id = {collector};
            DELETE FROM collectors WHERE collector_id = {collector};
            DELETE FROM checkpoints WHERE collector_id = {collector};
            """));
        if (!isFurther) _database.Do(FormattableString.Invariant($"DELETE FROM sources WHERE collector_id = {collector}"));
        return (read, known);
    }

    // A session that was met without its AS number has one as soon as a message tells it.
    private long[] IdsOf(IReadOnlyList<PeerRecord> peers, Dictionary<Peer, long> known)
    {
        long next = Math.Max(known.Values.DefaultIfEmpty(-1).Max() + 1, _database.Number("SELECT coalesce(max(peer_id), -1) + 1 FROM peers"));
        var left = known.Where(entry => !peers.Any(peer => peer.Peer == entry.Key))
            .ToDictionary(entry => entry.Key.Address, entry => entry.Value);
        return [.. peers.Select(peer => known.TryGetValue(peer.Peer, out long id) || left.Remove(peer.Peer.Address, out id) ? id : next++)];
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
