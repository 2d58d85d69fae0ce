using Isthmus.Attribution;
using Isthmus.Filters;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Tables;

/// <summary>
/// What the files of many collectors say of one time, read collector by collector, as a store is filled: up to when nothing that is still
/// to come can change what was held then.
/// </summary>
internal sealed class ReadTables : IKeptTables
{
    private readonly List<CollectorTable> _tables = [];
    private readonly List<KeyValuePair<string, long>> _late = [];

    /// <summary>Reads files.</summary>
    /// <param name="where">Files of collectors that it never takes are left unread, and so are peers.</param>
    /// <param name="keepsSteps">False where of each route its path alone is asked for.</param>
    public ReadTables(Timestamp time, Filter? where, InputSet inputs, bool keepsSteps, ReadProgress progress, CancellationToken stop)
    {
        (Notice, PassedOver, Unread) = (inputs.Notice, inputs.PassedOver, inputs.Unread);
        InputFile[] files = [.. inputs.Files.Where(file => where?.For(file.Collector).IsNever is not true)
            .OrderBy(file => file.Name, StringComparer.Ordinal).ThenBy(file => file.Path, StringComparer.Ordinal)];
        if (files.Length == 0 && inputs.Files.Count > 0) throw new InputException($"no input is of a collector that fits: {where!.Text}");
        PlannedFile[] plan = [.. files.Select(Survey.PlanOf)];
        var end = ArchivePlan.End(plan);
        var until = time + RoutingState.LateMax;
        var records = new List<CollectorRecord>();
        foreach (var of in plan.GroupBy(file => file.Collector).OrderBy(group => group.Key))
        {
            stop.ThrowIfCancellationRequested();
            var ordered = ArchivePlan.Order(of);
            var lostAfter = Collected.LostAfter(ordered, end);
            var memory = new InstantMemory(time, keepsSteps);
            var replayed = new ReplayRun(files, Selection.All, where, memory.Take, progress, stop)
                .Run(ordered, until, isOfIt: true, [], lostAfter is null ? null : end);
            var table = replayed.Table;
            table.Reach((replayed.Read.Last ?? until) + RoutingState.TableTransfer);
            table.TellPending(memory.Take);
            var read = replayed.Files.ToDictionary(file => file.Plan.Index);
            records.Add(new(of.Key,
                [.. ordered.Select(file => read.TryGetValue(file.Index, out var one) ? one : NotRead(file, files[file.Index]))],
                [.. table.Peers.Select(peer => peer.ToRecord()).OrderBy(peer => peer.Peer)],
                replayed.Rhythms.GetValueOrDefault(of.Key) ?? new(), lostAfter));
            _late.AddRange(replayed.Read.Late);
            _tables.Add(new(of.Key, table, memory, Paths));
        }
        Collectors = records;
    }

    // What begins later says that the input goes on, and no more.
    private static FileRecord NotRead(PlannedFile plan, InputFile file) =>
        new(new(new(file.Name, file.Collector), null, null, 0, 0, 0) { Input = plan.Index }, plan);

    /// <inheritdoc/>
    public IReadOnlyList<CollectorRecord> Collectors { get; }

    /// <inheritdoc/>
    public PathTable Paths { get; } = new();

    /// <inheritdoc/>
    public string? Notice { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> PassedOver { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Unread { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, long>> Late => _late;

    /// <inheritdoc/>
    public IEnumerable<TableRoute> RoutesAt(Timestamp time, IReadOnlyList<Peer> peers)
    {
        // One prefix after the other, of all collectors that show it.
        var ahead = new PriorityQueue<(CollectorTable Table, (Peer Peer, int Id)[] Of, int At), (Prefix, int)>();
        for (int i = 0; i < _tables.Count; i++)
            if (_tables[i].Choose(peers) is [_, ..] of && _tables[i].Prefixes.Length > 0)
                ahead.Enqueue((_tables[i], of, 0), (_tables[i].Prefixes[0], i));
        while (ahead.TryDequeue(out var next, out var order))
        {
            foreach (var (peer, id) in next.Of)
                if (next.Table.StepOf(id, next.At) is { } step) yield return new(peer, order.Item1, step);
            if (++next.At < next.Table.Prefixes.Length) ahead.Enqueue(next, (next.Table.Prefixes[next.At], order.Item2));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<(Peer Peer, AddressFamily Family), Timestamp> ShownLater(Timestamp time, IReadOnlyList<Peer> peers)
    {
        var shown = new Dictionary<(Peer, AddressFamily), Timestamp>();
        foreach (var table in _tables)
            foreach (var (peer, id) in table.Choose(peers))
                for (int place = 0; place < table.Prefixes.Length; place++)
                    if (table.ShownLater(id, place) is { } at && (peer, table.Prefixes[place].Family) is var key
                        && !(at <= shown.GetValueOrDefault(key))) shown[key] = at;
        return shown;
    }

    private sealed class CollectorTable
    {
        private readonly Collector _collector;
        private readonly InstantMemory _memory;
        private readonly PathTable _own, _all;
        private readonly Dictionary<int, int> _pathIds = [];
        private readonly Dictionary<Peer, int> _peers;
        private readonly int[] _ids;

        /// <param name="all">The paths of all collectors.</param>
        public CollectorTable(Collector collector, RoutingState state, InstantMemory memory, PathTable all)
        {
            (_collector, _memory, _own, _all) = (collector, memory, state.Paths, all);
            _peers = state.Peers.Index().ToDictionary(entry => entry.Item.Peer, entry => entry.Index);
            _ids = new int[state.PrefixCount];
            Prefixes = new Prefix[_ids.Length];
            for (int id = 0; id < _ids.Length; id++) (_ids[id], Prefixes[id]) = (id, state.PrefixOf(id));
            Array.Sort(Prefixes, _ids);
        }

        /// <summary>All that were shown, sorted.</summary>
        public Prefix[] Prefixes { get; }

        public (Peer Peer, int Id)[] Choose(IReadOnlyList<Peer> peers) =>
            [.. peers.Where(peer => peer.Collector == _collector).Select(peer => (peer, _peers[peer]))];

        public Timestamp? ShownLater(int peer, int place) => _memory.ShownLater(peer, _ids[place]);

        /// <summary>What a peer held of the prefix at a place.</summary>
        public RouteStep? StepOf(int peer, int place)
        {
            if (!_memory.TryGet(peer, _ids[place], out var step)) return null;
            if (step.Path < 0) return step;
            if (!_pathIds.TryGetValue(step.Path, out int path)) _pathIds[step.Path] = path = _all.InternAs(step.Path, _own);
            return step with { Path = path };
        }
    }
}
