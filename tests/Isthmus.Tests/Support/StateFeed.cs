using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Wire;

namespace Isthmus.Tests.Support;

/// <summary>
/// Feeds the records of archive files to a <see cref="RoutingState"/> that follows all prefixes, beside a table kept by the book: what an
/// announcement, a withdrawal and a session's end do to the routes of a peer (RFC 4271 sections 3.1 and 6), and nothing else.
/// </summary>
internal sealed class StateFeed
{
    private readonly Collector _collector = new("rrc00", Project.Ris);
    private readonly SpanMemory _spans = new();
    private readonly Dictionary<(int Peer, Prefix Prefix, uint PathId), string> _table = [];

    public StateFeed() => State = new(_ => true, _spans.Take);

    public RoutingState State { get; }

    /// <summary>The time of the last event.</summary>
    public Timestamp Now { get; private set; }

    /// <summary>Route events so far.</summary>
    public int Events { get; private set; }

    /// <summary>The table by the book, and what the state should hold of it: the different paths of a prefix, sorted.</summary>
    public Dictionary<(Peer Peer, Prefix Prefix), string> Table() => _table
        .GroupBy(route => (State.Peers[route.Key.Peer].Peer, route.Key.Prefix))
        .ToDictionary(routes => routes.Key,
            routes => string.Join(" | ", routes.Select(route => route.Value).Distinct().Order(StringComparer.Ordinal)));

    /// <summary>Peers that the last dump holds routes of, and whose sessions have neither changed nor lost bytes since.</summary>
    public HashSet<Peer> Sure { get; } = [];

    /// <summary>Feeds a file of updates.</summary>
    public StateFeed Updates(Stream plain)
    {
        foreach (var (batch, row, peer) in Rows(plain))
        {
            if (row.Kind is RowKind.Lost && peer < 0) Sure.Clear();
            else if (row.Kind is RowKind.PeerState or RowKind.Lost) Sure.Remove(State.Peers[peer].Peer);
            if (row.Kind is RowKind.PeerState)
            {
                State.PeerState(peer, row.State, row.Time, default);
                foreach (var key in _table.Keys.Where(key => key.Peer == peer).ToArray()) _table.Remove(key);
            }
            else if (row.Kind is RowKind.Lost)
            {
                if (peer >= 0) State.Lose(peer, row.Time, default);
                else State.Lose(_collector, row.Time, default);
            }
            else
            {
                bool isHeld = row.Kind is RowKind.Announcement;
                var cause = isHeld ? Cause.Announcement : row.Kind is RowKind.Withdrawal ? Cause.Withdrawal : Cause.TreatedAsWithdrawn;
                State.Update(new(peer, row.Prefix, isHeld ? batch.Paths[row.Path] : default, true, row.Time, cause, default, row.PathId));
                if (isHeld) _table[(peer, row.Prefix, row.PathId)] = batch.Paths.TextOf(row.Path);
                else _table.Remove((peer, row.Prefix, row.PathId));
            }
        }
        return this;
    }

    /// <summary>Feeds a dump of what the table by the book holds now.</summary>
    public StateFeed DumpOfTable()
    {
        var rib = RoutingState.BeginRib(_collector, Now);
        Sure.Clear();
        Sure.UnionWith(_table.Keys.Select(key => State.Peers[key.Peer].Peer));
        foreach (var ((peer, prefix, id), path) in _table)
            State.RibEntry(rib, new(peer, prefix, ParsedPath.Of(path), true, Now, Cause.RibEntry, default, id));
        State.EndRib(rib, Now, whole: true);
        return this;
    }

    /// <summary>Feeds a dump, and gives what it holds.</summary>
    public Dictionary<(Peer Peer, Prefix Prefix), string> Dump(Stream plain)
    {
        var held = new Dictionary<(Peer Peer, Prefix Prefix), string>();
        RibUnderway? rib = null;
        foreach (var (batch, row, peer) in Rows(plain))
        {
            if (row.Kind is not RowKind.RibEntry) continue;
            rib ??= RoutingState.BeginRib(_collector, row.Time);
            State.RibEntry(rib, new(peer, row.Prefix, batch.Paths[row.Path], true, row.Time, Cause.RibEntry, default, row.PathId));
            held[(State.Peers[peer].Peer, row.Prefix)] = batch.Paths.TextOf(row.Path);
        }
        if (rib is not null) State.EndRib(rib, Now, whole: true);
        Sure.Clear();
        Sure.UnionWith(held.Keys.Select(key => key.Peer));
        return held;
    }

    /// <summary>
    /// What the state holds now that another table lacks or holds by another path, and what it lacks; and of how many routes nothing is
    /// known, as their sessions were lost or began since the last dump, or are not in it.
    /// </summary>
    public (List<string> Differences, int Same, int Unknown) Compare(Dictionary<(Peer Peer, Prefix Prefix), string> other)
    {
        State.Reach(Now);
        var prefixes = other.Keys.Concat(Table().Keys).Select(key => key.Prefix).Distinct().ToArray();
        var differences = new List<string>();
        int same = 0, unknown = 0;
        for (int peer = 0; peer < State.Peers.Count; peer++)
            foreach (var prefix in prefixes)
            {
                int path = State.PathOf(peer, prefix);
                var who = State.Peers[peer].Peer;
                string? expected = other.GetValueOrDefault((who, prefix));
                string? held = path < 0 ? null
                    : string.Join(" | ", State.Paths.TextOf(path).Split(" | ").Order(StringComparer.Ordinal));
                if (path == RouteStep.Unknown && !Sure.Contains(who)) unknown++;
                else if (held == expected) same++;
                else
                {
                    held ??= path == RouteStep.Unknown ? "unknown" : "none";
                    differences.Add($"{who.Asn} {who.Address} {prefix}: {held}, not {expected ?? "none"}");
                }
            }
        return (differences, same, unknown);
    }

    /// <summary>What all peers hold now, as text, for two feeds that should have come to the same.</summary>
    public string[] Holdings(IEnumerable<Prefix> prefixes)
    {
        State.Reach(Now);
        return [.. prefixes.SelectMany(prefix => State.Peers.Select((feed, id) => (feed.Peer, Path: State.PathOf(id, prefix)))
            .Select(held => $"{held.Peer} {prefix} {(held.Path < 0 ? $"{held.Path}" : State.Paths.TextOf(held.Path))}"))];
    }

    private IEnumerable<(RouteBatch Batch, RouteRow Row, int Peer)> Rows(Stream plain)
    {
        using var file = Decompression.Open(plain);
        using var records = RecordSource.Open(file, new FaultLedger());
        var reader = new RouteReader(records);
        while (reader.Read() is { } batch)
        {
            using (batch)
            {
                batch.Order();
                var peers = batch.Peers.ToArray();
                for (int i = 0; i < batch.Rows.Length; i++)
                {
                    var row = batch.Rows[i];
                    Now = row.Time > Now ? row.Time : Now;
                    Events++;
                    int peer = row.Peer < 0 ? -1 : State.PeerOf(new(_collector, peers[row.Peer].Address, peers[row.Peer].Asn));
                    yield return (batch, row, peer);
                }
            }
        }
    }
}
