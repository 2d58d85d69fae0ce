using DuckDB.NET.Data;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Store;

/// <summary>What a store keeps, open to be asked.</summary>
public sealed class StoredRoutes : IKeptRoutes, IDisposable
{
    private readonly Database _database;
    private readonly bool _owns;
    private readonly Lazy<PathTable> _paths;
    private readonly Lazy<Dictionary<Prefix, int>> _prefixIds;
    private readonly Dictionary<int, Peer> _peers = [];
    private readonly Dictionary<int, Source> _sources = [];
    private readonly List<KeyValuePair<string, long>> _late = [];

    private StoredRoutes(Database database, bool owns)
    {
        (_database, _owns) = (database, owns);
        _paths = new(ReadPaths);
        _prefixIds = new(() => database.Rows("SELECT prefix_id, family, high, low, length FROM prefixes ORDER BY prefix_id",
            row => KeyValuePair.Create(PrefixOf(row), row.GetInt32(0))).ToDictionary());
        Selection = SelectionOf(database);
        Collectors = ReadCollectors();
        PassedOver = database.Texts("SELECT file FROM passed_over ORDER BY line");
        Unread = database.Texts("SELECT file FROM unread WHERE NOT EXISTS (FROM sources WHERE starts_with(file, name || ' ')) ORDER BY line");
        Notice = database.Texts("SELECT notice FROM notices ORDER BY line") is { Count: > 0 } notices ? string.Join('\n', notices) : null;
    }

    /// <summary>Opens a store.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be read.</exception>
    public static StoredRoutes Open(StoreAddress address)
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

    /// <summary>What a store keeps that is open to be written.</summary>
    internal static StoredRoutes In(Database database) => new(database, owns: false);

    /// <summary>Whose routes it keeps.</summary>
    public StoreSelection Selection { get; }

    /// <inheritdoc/>
    public IReadOnlyList<CollectorRecord> Collectors { get; }

    /// <summary>The files that it was filled from, where they were, by the index of their plans.</summary>
    public IReadOnlyList<InputFile> Inputs { get; private set; } = [];

    /// <summary>The same, and null for each that is not there any more.</summary>
    public IReadOnlyList<InputFile?> InputsThere() => [.. Inputs.Select(input => File.Exists(input.Path) ? input : null)];

    /// <summary>Times in which a peer held one thing for one prefix.</summary>
    public long Spans => _database.Number("SELECT count(*) FROM route_rows");

    /// <summary>What said who holds what when it was filled, as <see cref="Ingest.Run"/> was told.</summary>
    public string Registry => _database.Texts("SELECT value FROM about WHERE name = 'registry'").FirstOrDefault("");

    /// <summary>True where what it keeps depends on who holds what: its selection names a country.</summary>
    public bool HasCountries => Selection.Subjects.Any(text => Country.TryParse(text, null, out _));

    /// <summary>
    /// True where all routes of a subject are among what it keeps: of every prefix, of the subject by the same word, of a prefix around
    /// it, or of the country that its network is of.
    /// </summary>
    public bool Keeps(Subject subject, CountryRule rule, RegistrySnapshot registry)
    {
        if (Selection.Subjects.Count == 0) return true;
        bool isSame = Selection.Subjects.Contains(subject.Text) && (subject.Kind is not SubjectKind.Country || rule == Selection.Rule);
        return isSame || subject.Kind switch
        {
            SubjectKind.Prefix => Selection.Subjects.Any(text => Prefix.TryParse(text, null, out var wide) && wide.Covers(subject.Prefix)),
            SubjectKind.As => new CountryView(registry, Selection.Rule).CountryOf(subject.Asn) is { } country
                && Selection.Subjects.Contains(country.ToString()),
            _ => false,
        };
    }

    /// <inheritdoc/>
    public PathTable Paths => _paths.Value;

    /// <inheritdoc/>
    public IReadOnlyList<Prefix> Prefixes => [.. _prefixIds.Value.Keys];

    /// <inheritdoc/>
    public string? Notice { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> PassedOver { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Unread { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, long>> Late => _late;

    /// <inheritdoc/>
    public IReadOnlySet<Prefix> PrefixesOf(IReadOnlyCollection<int> paths, IReadOnlyCollection<Peer> peers, Timestamp before)
    {
        Ask("asked_paths", paths);
        var asked = peers.ToHashSet();
        Ask("asked_peers", _peers.Where(entry => asked.Contains(entry.Value)).Select(entry => entry.Key));
        return _database.Rows(FormattableString.Invariant($"""
            SELECT prefix_id, family, high, low, length FROM prefixes WHERE prefix_id IN (
                SELECT DISTINCT prefix_id FROM route_rows WHERE path_id IN (SELECT id FROM asked_paths)
                    AND peer_id IN (SELECT id FROM asked_peers) AND began_s::BIGINT * 1000000 + began_us < {before.Microseconds})
            """), PrefixOf).ToHashSet();
    }

    /// <inheritdoc/>
    public IEnumerable<KeptHistory> HistoriesOf(IReadOnlySet<Prefix> prefixes)
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
                yield return new(_peers[at.Peer], named[at.Prefix], [.. steps]);
                steps.Clear();
            }
            at = key;
            steps.Add(step);
        }
        if (steps.Count > 0) yield return new(_peers[at.Peer], named[at.Prefix], [.. steps]);
    }

    public void Dispose()
    {
        if (_owns) _database.Dispose();
    }

    internal static StoreSelection SelectionOf(Database database)
    {
        var rows = database.Rows("SELECT subject, rule FROM selections", row => (row.GetString(0), row.GetString(1))).ToArray();
        var named = rows.Select(row => row.Item1).Where(subject => subject != StoreSelection.AllWord);
        string[] subjects = [.. named.Order(StringComparer.Ordinal)];
        return new(subjects, rows.Length > 0 ? Enum.Parse<CountryRule>(rows[0].Item2) : CountryRule.Origin);
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
        var place = row.IsDBNull(7) ? default : new SourcePlace(_sources[row.GetInt32(7)], row.GetFieldValue<uint>(8),
            checked((long)row.GetFieldValue<ulong>(9)), row.GetInt32(10));
        var time = new Timestamp(row.GetFieldValue<uint>(2) * Timestamp.PerSecond + row.GetFieldValue<uint>(3));
        return new(time, row.GetInt32(4), (Cause)row.GetByte(5), place) { PathId = row.GetFieldValue<uint>(6) };
    }

    private static Prefix PrefixOf(DuckDBDataReader row) => new(
        new(row.GetFieldValue<ulong>(2), row.GetFieldValue<ulong>(3), (AddressFamily)row.GetByte(1)), row.GetByte(4));

    private PathTable ReadPaths()
    {
        var paths = new PathTable();
        foreach (var (words, members) in _database.Rows("SELECT words, members FROM paths ORDER BY path_id", row => (
            row.GetFieldValue<List<uint>>(0), row.IsDBNull(1) ? null : row.GetFieldValue<List<int>>(1))))
        {
            if (members is null) paths.Intern(new PathWords([.. words]));
            else paths.InternSet([.. members]);
        }
        return paths;
    }

    private List<CollectorRecord> ReadCollectors()
    {
        var files = ReadFiles();
        var peers = ReadPeers();
        return [.. _database.Rows("""
            SELECT collector_id, name, project, lost_after, first_event, last_update, longest_silence_us, last_dump
            FROM collectors ORDER BY name
            """, row => new CollectorRecord(CollectorOf(row, 1), files[row.GetInt32(0)], peers[row.GetInt32(0)], new((row.TimeOf(4),
                row.TimeOf(5), TimeSpan.FromMicroseconds(row.GetInt64(6)), row.TimeOf(7) ?? default)), row.TimeOf(3)))];
    }

    private static Collector CollectorOf(DuckDBDataReader row, int column) =>
        new(row.GetString(column), Enum.Parse<Project>(row.GetString(column + 1)));

    private Dictionary<int, List<FileRecord>> ReadFiles()
    {
        var faults = ByFirst("SELECT source_id, fault FROM source_faults ORDER BY line", row => row.GetString(1));
        var views = ByFirst("SELECT source_id, view_name FROM source_views ORDER BY line", row => row.GetString(1));
        var notDecoded = ByFirst("SELECT source_id, type, subtype, message, afi, safi, times FROM not_decoded", row => KeyValuePair.Create(
            new PassedOver((MrtType)row.GetFieldValue<ushort>(1), row.GetFieldValue<ushort>(2), (BgpMessageType)row.GetByte(3),
                row.GetFieldValue<ushort>(4), row.GetByte(5)), row.GetInt64(6)));
        var files = new Dictionary<int, List<FileRecord>>();
        var inputs = new List<InputFile>();
        foreach (var (collector, id, input, file) in _database.Rows("""
            SELECT c.collector_id, c.name, c.project, source_id, s.name, path, sha256, kind, bytes, starts, is_timed, first_record,
                last_record, opens, cut_at, records, route_events, faults, discarded_attributes, late, view_name
            FROM sources s JOIN collectors c USING (collector_id) ORDER BY s.name, path
            """, row => FileOf(row, inputs.Count)))
        {
            inputs.Add(input);
            if (!files.TryGetValue(collector, out var of)) files[collector] = of = [];
            of.Add(file with { Faults = [.. faults[id]], Views = [.. views[id]], NotDecoded = [.. notDecoded[id]] });
        }
        Inputs = inputs;
        return files;
    }

    // Rows by the id in their first column.
    private ILookup<int, T> ByFirst<T>(string sql, Func<DuckDBDataReader, T> make) =>
        _database.Rows(sql, row => (Id: row.GetInt32(0), Value: make(row))).ToLookup(row => row.Id, row => row.Value);

    private (int Collector, int Source, InputFile Input, FileRecord File) FileOf(DuckDBDataReader row, int index)
    {
        var collector = CollectorOf(row, 1);
        int id = row.GetInt32(3);
        var source = new Source(row.GetString(4), collector);
        source.End(row.GetString(6));
        _sources[id] = source;
        var kind = Enum.Parse<FileKind>(row.GetString(7));
        var start = row.TimeOf(9)!.Value;
        bool isTimed = row.GetBoolean(10);
        if (row.GetInt64(19) is > 0 and var late) _late.Add(KeyValuePair.Create(source.Name, late));
        var input = new InputFile(row.GetString(5), source.Name, collector, kind, isTimed ? start : null, row.GetInt64(8));
        var read = new ReadFile(source, row.TimeOf(11), row.TimeOf(12), row.GetInt64(15), row.GetInt64(16), row.GetInt64(17))
        {
            Input = index,
            DiscardedAttributes = row.GetInt64(18),
        };
        return (row.GetInt32(0), id, input, new(read, new(index, collector, kind is FileKind.Rib, start, isTimed))
        {
            Opens = row.TimeOf(13),
            CutAt = row.TimeOf(14),
            ViewName = row.GetString(20),
        });
    }

    private Dictionary<int, List<PeerRecord>> ReadPeers()
    {
        var up = ByFirst("SELECT peer_id, began, ended FROM session_spans ORDER BY rowid",
            row => new SessionSpan(row.TimeOf(1)!.Value, row.TimeOf(2)!.Value));
        var losses = ByFirst("SELECT peer_id, lost, back, cause FROM session_losses ORDER BY rowid",
            row => new SessionLoss(row.TimeOf(1)!.Value, row.TimeOf(2), Enum.Parse<Cause>(row.GetString(3))));
        var dumps = ByFirst("SELECT peer_id, began FROM dumps ORDER BY rowid", row => row.TimeOf(1)!.Value);
        var sizes = ByFirst("SELECT peer_id, since, ipv4_prefixes, ipv6_prefixes FROM table_sizes ORDER BY rowid",
            row => new TableSize(row.TimeOf(1)!.Value, row.GetInt32(2), row.GetInt32(3)));
        var peers = new Dictionary<int, List<PeerRecord>>();
        foreach (int id in _database.Rows("SELECT collector_id FROM collectors", row => row.GetInt32(0))) peers[id] = [];
        foreach (var (collector, id, peer) in _database.Rows("""
            SELECT p.collector_id, c.name, c.project, peer_id, address, asn, ipv4_prefixes, ipv6_prefixes, is_transparent, up_since,
                is_lost, ipv4_since, ipv6_since, first_update, met
            FROM peers p JOIN collectors c USING (collector_id)
            """, row => (row.GetInt32(0), row.GetInt32(3), PeerOf(row))))
        {
            _peers[id] = peer.Peer;
            peers[collector].Add(peer with { Up = [.. up[id]], Losses = [.. losses[id]], Dumps = [.. dumps[id]], Sizes = [.. sizes[id]] });
        }
        foreach (var of in peers.Values) of.Sort((one, other) => one.Peer.CompareTo(other.Peer));
        return peers;
    }

    private static PeerRecord PeerOf(DuckDBDataReader row)
    {
        var peer = new Peer(CollectorOf(row, 1), IpAddress.Parse(row.GetString(4)), new(row.GetFieldValue<uint>(5)));
        return new(peer, row.GetInt32(6), row.GetInt32(7), row.GetBoolean(8), [], row.TimeOf(9), row.GetBoolean(10))
        {
            Ipv4Since = row.TimeOf(11),
            Ipv6Since = row.TimeOf(12),
            FirstUpdate = row.TimeOf(13),
            Met = row.TimeOf(14)!.Value,
        };
    }
}
