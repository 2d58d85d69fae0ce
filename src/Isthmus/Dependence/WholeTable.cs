using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Tables;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>
/// What every peer held at a time over every prefix, in four bytes a route, from files or a store. Questions about all of it are asked of
/// distinct paths: <see cref="Walk"/> gives each path of each peer once, with the sum of what is reached by it.
/// </summary>
public sealed class WholeTable
{
    private readonly PathColumn[] _held;

    // The next prefix around each, by its row; -1 where there is none.
    private readonly int[] _around;
    private readonly int _ipv4;

    private WholeTable(HeldTable held, Prefix[] prefixes, PathColumn[] columns)
    {
        (At, Coverage, Notice, Complete, Peers) = (held.At, held.Coverage, held.Notice, held.Complete, held.Peers);
        (Prefixes, _held, Paths) = (prefixes, columns, new(held.Paths, new PathCleaning()));
        _around = new int[prefixes.Length];
        var open = new Stack<int>();
        for (int row = 0; row < prefixes.Length; row++)
        {
            while (open.TryPeek(out int around) && !prefixes[around].Covers(prefixes[row])) open.Pop();
            _around[row] = open.TryPeek(out int next) ? next : -1;
            open.Push(row);
        }
        _ipv4 = Array.FindIndex(prefixes, prefix => prefix.Family is AddressFamily.IPv6) is var first and >= 0 ? first : prefixes.Length;
    }

    /// <summary>The time that it speaks of.</summary>
    public Timestamp At { get; }

    /// <summary>What it rests on.</summary>
    public Coverage Coverage { get; }

    /// <summary>What every output must say before all else; null for nothing.</summary>
    public string? Notice { get; }

    /// <inheritdoc cref="HeldTable.Complete"/>
    public bool Complete { get; }

    /// <summary>When the events that were read begin and end, where its time lies outside of that; null where it lies inside.</summary>
    public (Timestamp First, Timestamp Last)? OtherTime
    {
        get
        {
            var first = Coverage.Files.Min(file => file.First);
            var last = Coverage.Files.Max(file => file.Last);
            return At < first || At > last ? (first!.Value, last!.Value) : null;
        }
    }

    /// <summary>All sessions, sorted; also those of which nothing is known. A peer is named by its place here.</summary>
    public IReadOnlyList<HeldPeer> Peers { get; }

    /// <summary>The prefixes that some peer held, sorted: IPv4 before IPv6, each before those inside it. A row is a place here.</summary>
    public IReadOnlyList<Prefix> Prefixes { get; }

    /// <summary>The paths, as they were sent and cleaned.</summary>
    public TablePaths Paths { get; }

    /// <summary>Reads files, up to when nothing that comes changes what was held at the time.</summary>
    /// <param name="counts">Which prefixes are taken; null for those that count world-wide (docs/methods.md, "Which prefixes count").</param>
    /// <exception cref="InputException">An input cannot be read.</exception>
    public static WholeTable Read(
        Timestamp at, InputSet inputs, ReadProgress progress, CancellationToken stop, Func<Prefix, bool>? counts = null) =>
        Of(HeldTable.ReadPaths(at, inputs, progress, stop), counts);

    /// <summary>The same from what was kept of files.</summary>
    /// <inheritdoc cref="Read"/>
    public static WholeTable Of(Timestamp at, IKeptTables kept, Func<Prefix, bool>? counts = null) =>
        Of(HeldTable.Of(at, null, kept), counts);

    /// <summary>The same from what was held.</summary>
    /// <inheritdoc cref="Read"/>
    public static WholeTable Of(HeldTable held, Func<Prefix, bool>? counts = null)
    {
        counts ??= PrefixFilter.CountsGlobally;
        var columns = new PathColumn[held.Peers.Count];
        for (int peer = 0; peer < columns.Length; peer++) columns[peer] = new();
        var places = held.Peers.Index().ToDictionary(entry => entry.Item.Peer, entry => entry.Index);
        var prefixes = new List<Prefix>();
        int next = 0;
        foreach (var route in held.Routes)
        {
            if (prefixes.Count == 0 || prefixes[^1] != route.Prefix)
            {
                if (!counts(route.Prefix)) continue;
                prefixes.Add(route.Prefix);
                next = 0;
            }
            // Routes of a prefix come in the order of the peers.
            while (next < columns.Length && !ReferenceEquals(held.Peers[next].Peer, route.Peer)) next++;
            if (next == columns.Length) next = places[route.Peer];
            columns[next][prefixes.Count - 1] = route.Step.Path;
        }
        return new(held, [.. prefixes], columns);
    }

    /// <summary>The rows of a family.</summary>
    public Range RowsOf(AddressFamily family) => family is AddressFamily.IPv4 ? .._ipv4 : _ipv4..Prefixes.Count;

    /// <summary>
    /// What a peer held of a prefix: the id of a path or of a set of them, <see cref="RouteStep.NoRoute"/>, or
    /// <see cref="RouteStep.Unknown"/>, which is never none.
    /// </summary>
    public int HeldBy(int peer, int row)
    {
        int path = _held[peer][row];
        return path != PathColumn.Untold ? path
            : Peers[peer].Knows(Prefixes[row].Family) ? RouteStep.NoRoute : RouteStep.Unknown;
    }

    /// <summary>
    /// Which peers stand for a family: those whose table is known, and (nearly) the whole one. What the others hold says nothing of what
    /// they do not hold.
    /// </summary>
    public IEnumerable<int> VantagePoints(AddressFamily family) =>
        Enumerable.Range(0, Peers.Count).Where(peer => Peers[peer].IsFull(family));

    /// <summary>
    /// True where a path may be believed of a peer: it is not refused, and begins with the peer's own AS number, if its paths do as a rule
    /// (docs/methods.md, "What each peer holds").
    /// </summary>
    /// <param name="path">A single one.</param>
    public bool IsBelieved(int peer, int path) => Paths[path] is { Verdict: PathVerdict.Accepted } clean
        && (Peers[peer].Transparent || (clean.Hops.IsEmpty ? clean.Origins : clean.Hops)[0] == Peers[peer].Peer.Asn);

    /// <summary>
    /// How much each route of a peer reaches: for IPv4 the addresses of its prefix that no more-specific prefix covers which the peer holds
    /// too, so that no address counts twice; for IPv6 one for each prefix. Zero where it holds none.
    /// </summary>
    /// <param name="weights">One for each row of the family.</param>
    public void Weigh(int peer, AddressFamily family, Span<long> weights)
    {
        var (first, count) = RowsOf(family).GetOffsetAndLength(Prefixes.Count);
        weights[..count].Clear();
        var column = _held[peer];
        for (int row = first; (row = column.NextTold(row)) >= 0 && row < first + count; row++)
        {
            if (column[row] < 0) continue;
            long size = family is AddressFamily.IPv4 ? 1L << 32 - Prefixes[row].Length : 1;
            weights[row - first] += size;
            if (family is not AddressFamily.IPv4) continue;
            int around = _around[row];
            while (around >= 0 && column[around] < 0) around = _around[around];
            if (around >= 0) weights[around - first] -= size;
        }
    }

    /// <summary>
    /// How much each row reaches, the same for all peers: for IPv4 the addresses of a prefix that no more-specific prefix covers which any
    /// of them holds; for IPv6 one for each prefix. Zero where none holds any.
    /// </summary>
    /// <inheritdoc cref="Weigh"/>
    public void WeighTogether(IReadOnlyList<int> peers, AddressFamily family, Span<long> weights)
    {
        var (first, count) = RowsOf(family).GetOffsetAndLength(Prefixes.Count);
        weights[..count].Clear();
        bool[] isHeld = new bool[count];
        foreach (int peer in peers)
            for (int row = first; (row = _held[peer].NextTold(row)) >= 0 && row < first + count; row++)
                isHeld[row - first] |= _held[peer][row] >= 0;
        for (int row = first; row < first + count; row++)
        {
            if (!isHeld[row - first]) continue;
            weights[row - first] += family is AddressFamily.IPv4 ? 1L << 32 - Prefixes[row].Length : 1;
            if (family is not AddressFamily.IPv4) continue;
            int around = _around[row];
            while (around >= 0 && !isHeld[around - first]) around = _around[around];
            if (around >= 0) weights[around - first] -= 1L << 32 - Prefixes[row].Length;
        }
    }

    /// <summary>What some peers are told to hold of a prefix, as <see cref="HeldBy(int, int)"/>, without the difference of none and not known.</summary>
    internal void HeldBy(ReadOnlySpan<int> peers, int row, Span<int> held)
    {
        for (int i = 0; i < peers.Length; i++) held[i] = _held[peers[i]][row];
    }

    /// <summary>
    /// Each path that a vantage point holds, once, with the sum of what it reaches by it. Of several paths that it holds of a prefix at
    /// once (ADD-PATH, RFC 7911) each reaches an equal part.
    /// </summary>
    /// <param name="peers">Which peers; null for <see cref="VantagePoints"/>.</param>
    /// <param name="rows">Which rows; null for all of the family.</param>
    /// <param name="together">Weights from <see cref="WeighTogether"/> in place of each peer's own; null for these.</param>
    public IEnumerable<PeerPaths> Walk(
        AddressFamily family, IEnumerable<int>? peers = null, Func<int, bool>? rows = null, long[]? together = null)
    {
        var (first, count) = RowsOf(family).GetOffsetAndLength(Prefixes.Count);
        long[] weights = together ?? new long[count];
        var sums = new PathSums();
        foreach (int peer in peers ?? VantagePoints(family))
        {
            if (together is null) Weigh(peer, family, weights);
            var column = _held[peer];
            for (int row = first; (row = column.NextTold(row)) >= 0 && row < first + count; row++)
                if (column[row] >= 0 && rows?.Invoke(row) is not false) sums.Add(column[row], weights[row - first], Paths.Sent);
            yield return new(peer, sums.Take());
        }
    }

    /// <summary>Sums by path, of one peer after the other.</summary>
    private sealed class PathSums
    {
        private double[] _weights = [], _prefixes = [];
        private readonly List<int> _met = [];

        public void Add(int held, long weight, PathTable paths)
        {
            if (paths.SetOf(held) is not { } set) Add(held, weight, 1, paths.Count);
            else
                foreach (int path in set) Add(path, (double)weight / set.Count, 1.0 / set.Count, paths.Count);
        }

        private void Add(int path, double weight, double prefixes, int count)
        {
            if (path >= _weights.Length)
            {
                Array.Resize(ref _weights, count);
                Array.Resize(ref _prefixes, count);
            }
            if (_prefixes[path] == 0) _met.Add(path);
            _weights[path] += weight;
            _prefixes[path] += prefixes;
        }

        public PathWeight[] Take()
        {
            var taken = new PathWeight[_met.Count];
            for (int i = 0; i < taken.Length; i++)
            {
                int path = _met[i];
                taken[i] = new(path, _weights[path], _prefixes[path]);
                _weights[path] = _prefixes[path] = 0;
            }
            _met.Clear();
            return taken;
        }
    }
}

/// <summary>The paths of one peer.</summary>
/// <param name="Peer">Its place in <see cref="WholeTable.Peers"/>.</param>
/// <param name="Paths">Each once, in the order of the first prefix that is reached by it.</param>
public readonly record struct PeerPaths(int Peer, IReadOnlyList<PathWeight> Paths);

/// <summary>What a peer reaches by one path.</summary>
/// <param name="Path">Id of a single path in <see cref="WholeTable.Paths"/>.</param>
/// <param name="Weight">For IPv4 addresses that no more-specific of the peer covers; for IPv6 prefixes.</param>
/// <param name="Prefixes">Prefixes; a part of one where several paths are held at once.</param>
public readonly record struct PathWeight(int Path, double Weight, double Prefixes);
