using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Store;

/// <summary>
/// The tables that say what was read of each collector and what its sessions did, beside those of routes: written, and read back.
/// </summary>
internal sealed class CollectorTables
{
    private readonly ITables _tables;
    private readonly Dictionary<long, Collector> _collectors = [];
    private readonly List<KeyValuePair<string, long>> _late = [];
    private readonly Dictionary<long, Peer> _peers = [];
    private readonly Dictionary<long, Source> _sources = [];

    /// <summary>Reads what is kept of all collectors.</summary>
    public CollectorTables(ITables tables)
    {
        _tables = tables;
        var rows = tables.Rows($"""
            SELECT collector_id, name, project, lost_after, first_event, last_update, longest_silence_us, last_dump
            FROM {tables.From("collectors")} ORDER BY name
            """, row => (Id: row.Number(0), Collector: new Collector(row.Text(1), Enum.Parse<Project>(row.Text(2))), LostAfter: row.Time(3),
                Rhythm: new UpdateRhythm((row.Time(4), row.Time(5), TimeSpan.FromMicroseconds(row.Number(6)), row.Time(7) ?? default))))
            .ToArray();
        foreach (var row in rows) _collectors[row.Id] = row.Collector;
        var files = ReadFiles();
        var peers = ReadPeers();
        Collectors = [.. rows.Select(row => new CollectorRecord(row.Collector, files[row.Id], peers[row.Id], row.Rhythm, row.LostAfter))];
    }

    /// <summary>What is kept of each collector, sorted.</summary>
    public IReadOnlyList<CollectorRecord> Collectors { get; }

    /// <summary>All files, where they were, by the index of their plans.</summary>
    public IReadOnlyList<InputFile> Inputs { get; private set; } = [];

    /// <summary>Messages that came too late, by the name of their file.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Late => _late;

    /// <summary>Who has an id in <c>peer_id</c>.</summary>
    public IReadOnlyDictionary<long, Peer> Peers => _peers;

    /// <summary>The file that has an id in <c>source_id</c>.</summary>
    public IReadOnlyDictionary<long, Source> Sources => _sources;

    /// <summary>Writes the files of a collector.</summary>
    /// <param name="first">The id of the first; the others have those that follow.</param>
    /// <param name="files">In the order of the indexes of their plans.</param>
    /// <param name="written">The ids of those that are written, by their hashes.</param>
    /// <returns>The id of each.</returns>
    public static Dictionary<Source, long> WriteSources(ITables tables, long collector, long first, Collected collected,
        IReadOnlyList<StoredSource> files, IReadOnlyDictionary<string, long> written)
    {
        FileRecord[] records = [.. collected.Record.Files.Where(file => !written.ContainsKey(file.Read.Sha256))];
        var sources = records.Index().ToDictionary(entry => entry.Item.Read.Source, entry => first + entry.Index);
        foreach (var file in collected.Record.Files)
            if (written.TryGetValue(file.Read.Sha256, out long id)) sources[file.Read.Source] = id;
        var late = collected.Late.ToDictionary(StringComparer.Ordinal);
        tables.Append("sources", records, (row, file) =>
        {
            var input = files[file.Plan.Index].File;
            row.Number(sources[file.Read.Source]).Number(collector).Text(file.Read.Name).Text(Path.GetFullPath(input.Path))
                .Text(file.Read.Sha256).Text(input.Kind.ToString()).Number(input.SizeBytes).Time(file.Plan.Start).Is(file.Plan.Timed)
                .Time(file.Read.First).Time(file.Read.Last).Time(file.Opens).Time(file.CutAt).Number(file.Read.Records)
                .Number(file.Read.Elements).Number(file.Read.Faults).Number(file.Read.DiscardedAttributes)
                .Number(late.GetValueOrDefault(file.Read.Name)).Text(file.ViewName);
        });
        AppendLines("source_faults", file => file.Faults);
        AppendLines("source_views", file => file.Views);
        tables.Append("not_decoded", records.SelectMany(file => file.NotDecoded.Select(count => (file, count))), (row, one) =>
            row.Number(sources[one.file.Read.Source]).Number((long)one.count.Key.Type).Number(one.count.Key.Subtype)
                .Number((long)one.count.Key.Message).Number(one.count.Key.Afi).Number(one.count.Key.Safi).Number(one.count.Value));
        return sources;

        void AppendLines(string table, Func<FileRecord, IReadOnlyList<string>> lines) => tables.Append(table,
            records.SelectMany(file => lines(file).Select((line, place) => (file, line, place))),
            (row, one) => row.Number(sources[one.file.Read.Source]).Number(one.place).Text(one.line));
    }

    /// <summary>Writes the sessions of a collector.</summary>
    /// <param name="ids">The id of each.</param>
    public static void WritePeers(ITables tables, long collector, IReadOnlyList<long> ids, IReadOnlyList<PeerRecord> peers)
    {
        tables.Append("peers", peers.Index(), (row, one) => row.Number(ids[one.Index]).Number(collector)
            .Text(one.Item.Peer.Address.ToString()).Number(one.Item.Peer.Asn.Number).Number(one.Item.Ipv4Max).Number(one.Item.Ipv6Max)
            .Is(one.Item.Transparent).Time(one.Item.UpSince).Is(one.Item.IsLost).Time(one.Item.Ipv4Since).Time(one.Item.Ipv6Since)
            .Time(one.Item.FirstUpdate).Time(one.Item.Met));
        AppendOf("session_spans", peer => peer.Up, (row, span) => row.Time(span.From).Time(span.To));
        AppendOf("session_losses", peer => peer.Losses, (row, loss) => row.Time(loss.From).Time(loss.Back).Text(loss.Cause.ToString()));
        AppendOf("dumps", peer => peer.Dumps, (row, dump) => row.Time(dump));
        AppendOf("table_sizes", peer => peer.Sizes, (row, size) => row.Time(size.At).Number(size.Ipv4).Number(size.Ipv6));

        void AppendOf<T>(string table, Func<PeerRecord, IEnumerable<T>> of, Action<IRowWriter, T> values) => tables.Append(
            table, peers.Index().SelectMany(one => of(one.Item).Select(value => (one.Index, value))),
            (row, one) => values(row.Number(ids[one.Index]), one.value));
    }

    /// <summary>Writes the row of a collector, which goes on behind its sums.</summary>
    public static IRowWriter WriteCollector(IRowWriter row, long id, CollectorRecord record) => row.Number(id).Text(record.Collector.Name)
        .Text(record.Collector.Project.ToString()).Time(record.LostAfter).Time(record.Rhythm.Known.First).Time(record.Rhythm.Known.Last)
        .Number((long)(record.Rhythm.Known.Longest / TimeSpan.FromMicroseconds(1))).Time(record.Rhythm.Known.Dump);

    private Dictionary<long, List<FileRecord>> ReadFiles()
    {
        var faults = ByFirst($"SELECT source_id, fault FROM {_tables.From("source_faults")} ORDER BY line", row => row.Text(1));
        var views = ByFirst($"SELECT source_id, view_name FROM {_tables.From("source_views")} ORDER BY line", row => row.Text(1));
        var notDecoded = ByFirst($"SELECT source_id, type, subtype, message, afi, safi, times FROM {_tables.From("not_decoded")}", row => KeyValuePair.Create(
            new PassedOver((MrtType)row.Number(1), (ushort)row.Number(2), (BgpMessageType)row.Number(3), (ushort)row.Number(4),
                (byte)row.Number(5)), row.Number(6)));
        var files = _collectors.Keys.ToDictionary(id => id, _ => new List<FileRecord>());
        var inputs = new List<InputFile>();
        foreach (var (collector, id, input, file) in _tables.Rows($"""
            SELECT collector_id, source_id, name, path, sha256, kind, bytes, starts, is_timed, first_record, last_record, opens, cut_at,
                records, route_events, faults, discarded_attributes, late, view_name
            FROM {_tables.From("sources")} ORDER BY name, path
            """, row => FileOf(row, inputs.Count)))
        {
            inputs.Add(input);
            files[collector].Add(file with { Faults = [.. faults[id]], Views = [.. views[id]], NotDecoded = [.. notDecoded[id]] });
        }
        Inputs = inputs;
        return files;
    }

    // Rows by the id in their first column.
    private ILookup<long, T> ByFirst<T>(string sql, Func<IRow, T> make) =>
        _tables.Rows(sql, row => (Id: row.Number(0), Value: make(row))).ToLookup(row => row.Id, row => row.Value);

    private (long Collector, long Source, InputFile Input, FileRecord File) FileOf(IRow row, int index)
    {
        var collector = _collectors[row.Number(0)];
        long id = row.Number(1);
        var source = new Source(row.Text(2), collector);
        source.End(row.Text(4));
        _sources[id] = source;
        var kind = Enum.Parse<FileKind>(row.Text(5));
        var start = row.Time(7)!.Value;
        bool isTimed = row.Is(8);
        if (row.Number(17) is > 0 and var late) _late.Add(KeyValuePair.Create(source.Name, late));
        var input = new InputFile(row.Text(3), source.Name, collector, kind, isTimed ? start : null, row.Number(6));
        var read = new ReadFile(source, row.Time(9), row.Time(10), row.Number(13), row.Number(14), row.Number(15))
        {
            Input = index,
            DiscardedAttributes = row.Number(16),
        };
        return (row.Number(0), id, input, new(read, new(index, collector, kind is FileKind.Rib, start, isTimed))
        {
            Opens = row.Time(11),
            CutAt = row.Time(12),
            ViewName = row.Text(18),
        });
    }

    private Dictionary<long, List<PeerRecord>> ReadPeers()
    {
        string order = _tables.AsAppended;
        var up = ByFirst($"SELECT peer_id, began, ended FROM {_tables.From("session_spans")} ORDER BY {order}",
            row => new SessionSpan(row.Time(1)!.Value, row.Time(2)!.Value));
        var losses = ByFirst($"SELECT peer_id, lost, back, cause FROM {_tables.From("session_losses")} ORDER BY {order}",
            row => new SessionLoss(row.Time(1)!.Value, row.Time(2), Enum.Parse<Cause>(row.Text(3))));
        var dumps = ByFirst($"SELECT peer_id, began FROM {_tables.From("dumps")} ORDER BY {order}", row => row.Time(1)!.Value);
        var sizes = ByFirst($"SELECT peer_id, since, ipv4_prefixes, ipv6_prefixes FROM {_tables.From("table_sizes")} ORDER BY {order}",
            row => new TableSize(row.Time(1)!.Value, (int)row.Number(2), (int)row.Number(3)));
        var peers = _collectors.Keys.ToDictionary(id => id, _ => new List<PeerRecord>());
        foreach (var (collector, id, peer) in _tables.Rows($"""
            SELECT collector_id, peer_id, address, asn, ipv4_prefixes, ipv6_prefixes, is_transparent, up_since, is_lost, ipv4_since,
                ipv6_since, first_update, met
            FROM {_tables.From("peers")}
            """, row => (row.Number(0), row.Number(1), PeerOf(row))))
        {
            _peers[id] = peer.Peer;
            peers[collector].Add(peer with { Up = [.. up[id]], Losses = [.. losses[id]], Dumps = [.. dumps[id]], Sizes = [.. sizes[id]] });
        }
        foreach (var of in peers.Values) of.Sort((one, other) => one.Peer.CompareTo(other.Peer));
        return peers;
    }

    private PeerRecord PeerOf(IRow row)
    {
        var peer = new Peer(_collectors[row.Number(0)], IpAddress.Parse(row.Text(2)), new((uint)row.Number(3)));
        return new(peer, (int)row.Number(4), (int)row.Number(5), row.Is(6), [], row.Time(7), row.Is(8))
        {
            Ipv4Since = row.Time(9),
            Ipv6Since = row.Time(10),
            FirstUpdate = row.Time(11),
            Met = row.Time(12)!.Value,
        };
    }
}
