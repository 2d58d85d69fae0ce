using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>To which neighbours an AS announces a prefix as its own, and how many times more it writes itself.</summary>
/// <param name="Prepends">By neighbour; one that is missing is told nothing.</param>
/// <param name="Poison">An AS written between two times the own one, so that it refuses the route; null for none.</param>
public sealed record Origination(IReadOnlyDictionary<uint, int> Prepends, uint? Poison = null)
{
    public static Origination To(params IEnumerable<uint> neighbours) => new(neighbours.ToDictionary(asn => asn, _ => 0));
}

/// <summary>What an AS chose at an instant: a path that begins with it, or none.</summary>
public readonly record struct Choice(Timestamp Time, IReadOnlyList<uint>? Path);

/// <summary>
/// One prefix on its way through a graph, message by message as routers send them (RFC 4271): each AS keeps what its
/// neighbours told, chooses by relationship, then length, then taste, and tells on what policy allows
/// (Gao and Rexford). Links delay messages and hold announcements back (MRAI), withdrawals pass at once: path hunting,
/// convergence tails and failover are not scripted, they come of it.
/// </summary>
public sealed class Propagation
{
    private readonly AsGraph _graph;
    private readonly ulong _seed;
    private readonly SortedDictionary<uint, Router> _routers = [];
    private readonly Dictionary<(uint From, uint To), Wire> _wires = [];
    private readonly PriorityQueue<Action, (Timestamp Time, long Number)> _agenda = new();
    private Timestamp _now;
    private long _number;

    /// <param name="graph">Copied; changed afterwards by <see cref="Unlink"/> and its like alone.</param>
    /// <param name="seed">
    /// Gives every link its delays and every AS its taste between equal paths. By link and not by turn: prefixes that
    /// are announced alike travel alike, as they share messages.
    /// </param>
    public Propagation(AsGraph graph, ulong seed)
    {
        _graph = graph.Copy();
        _seed = seed;
        foreach (uint asn in _graph.Ases) _routers[asn] = new(asn);
    }

    /// <summary>Plans that an AS announces the prefix as its own from a time on; null withdraws it.</summary>
    public void Originate(Timestamp time, uint asn, Origination? origination) => Plan(time, () =>
    {
        var router = _routers[asn];
        router.Own = origination;
        Decide(router, forced: true);
    });

    /// <summary>Plans that a link breaks.</summary>
    public void Unlink(Timestamp time, uint one, uint other) => Plan(time, () =>
    {
        _graph.Unlink(one, other);
        foreach (var (here, there) in new[] { (one, other), (other, one) })
        {
            WireOf(here, there).Told = null;
            _routers[here].Heard.Remove(there);
            Decide(_routers[here], forced: false);
        }
    });

    /// <summary>Plans that an AS begins to sell transit to another.</summary>
    public void Transit(Timestamp time, uint upstream, uint customer) => Plan(time, () =>
    {
        _graph.Transit(upstream, customer);
        foreach (uint asn in new[] { upstream, customer })
        {
            if (!_routers.ContainsKey(asn)) _routers[asn] = new(asn);
            Decide(_routers[asn], forced: true);
        }
    });

    /// <summary>Plans that an AS takes routes by an upstream of the origin only where it has no other, or no longer minds it.</summary>
    public void Mind(Timestamp time, uint asn, uint upstream, bool minds) => Plan(time, () =>
    {
        var router = _routers[asn];
        if (minds) router.Minds.Add(upstream); else router.Minds.Remove(upstream);
        Decide(router, forced: false);
    });

    /// <summary>Plans that an AS takes no route at all from its neighbours, or takes them again.</summary>
    public void Refuse(Timestamp time, uint asn, bool refuses) => Plan(time, () =>
    {
        _routers[asn].Refuses = refuses;
        Decide(_routers[asn], forced: false);
    });

    /// <summary>Plays all that happens before a time.</summary>
    public void Run(Timestamp until)
    {
        while (_agenda.TryPeek(out _, out var due) && due.Time < until)
        {
            var action = _agenda.Dequeue();
            _now = due.Time;
            action();
        }
    }

    /// <summary>All that an AS chose so far, in order of time.</summary>
    public IReadOnlyList<Choice> ChoicesOf(uint asn) => _routers[asn].Choices;

    /// <summary>What an AS could fall back on at this time: other paths that neighbours told it, the best first.</summary>
    public IReadOnlyList<IReadOnlyList<uint>> AlternativesOf(uint asn)
    {
        var router = _routers[asn];
        return [.. router.Heard.OrderBy(heard => RankOf(router, heard.Key, heard.Value)).Skip(1)
            .Select(heard => (IReadOnlyList<uint>)[asn, .. heard.Value])];
    }

    private void Plan(Timestamp time, Action action) => _agenda.Enqueue(action, (time, _number++));

    private void Decide(Router router, bool forced)
    {
        uint? best = router.Own is not null || router.Refuses || router.Heard.Count == 0 ? null
            : router.Heard.MinBy(heard => RankOf(router, heard.Key, heard.Value)).Key;
        IReadOnlyList<uint>? path = router.Own is not null ? [router.Asn] : best is { } via ? [router.Asn, .. router.Heard[via]] : null;
        bool same = router.Best is null ? path is null : path is not null && router.Best.SequenceEqual(path);
        if (same && !forced) return;
        (router.Best, router.Via) = (path, best);
        if (!same) router.Choices.Add(new(_now, path));
        foreach (uint neighbour in _graph.Neighbours(router.Asn).Keys) Tell(router.Asn, neighbour);
    }

    private (bool, Relation, int, ulong) RankOf(Router router, uint neighbour, IReadOnlyList<uint> path) =>
        (router.Minds.Count > 0 && IsMinded(router, path), _graph.Neighbours(router.Asn)[neighbour], path.Count,
            SeededRandom.Mix(_seed ^ ((ulong)router.Asn << 32) ^ neighbour));

    // The AS before the first mention of the origin.
    private static bool IsMinded(Router router, IReadOnlyList<uint> path)
    {
        int origin = 0;
        while (path[origin] != path[^1]) origin++;
        return origin > 0 && router.Minds.Contains(path[origin - 1]);
    }

    private void Tell(uint from, uint to)
    {
        var wire = WireOf(from, to);
        var path = Exported(_routers[from], to);
        if (path is null ? wire.Told is null : wire.Told is not null && path.SequenceEqual(wire.Told)) return;
        // Withdrawals are not held back (RFC 4271 section 9.2.1.1 leaves that open; most routers do not).
        if (path is not null && _now < wire.NextAnnouncement)
        {
            if (wire.IsWaiting) return;
            wire.IsWaiting = true;
            Plan(wire.NextAnnouncement, () =>
            {
                wire.IsWaiting = false;
                if (_graph.AreLinked(from, to)) Tell(from, to);
            });
            return;
        }
        wire.Told = path;
        if (path is not null) wire.NextAnnouncement = _now + wire.Mrai * (0.75 + 0.25 * wire.Random.Fraction());
        var arrival = _now + wire.Delay + TimeSpan.FromMilliseconds(wire.Random.Below(400));
        // What is sent first arrives first.
        if (arrival <= wire.LastArrival) arrival = wire.LastArrival + TimeSpan.FromMilliseconds(1);
        wire.LastArrival = arrival;
        Plan(arrival, () => Hear(from, to, path));
    }

    private void Hear(uint from, uint to, IReadOnlyList<uint>? path)
    {
        if (!_graph.AreLinked(from, to)) return;
        var router = _routers[to];
        if (path is null || path.Contains(to)) router.Heard.Remove(from); else router.Heard[from] = path;
        Decide(router, forced: false);
    }

    private IReadOnlyList<uint>? Exported(Router router, uint to)
    {
        if (router.Own is { } own)
            return !own.Prepends.TryGetValue(to, out int prepends) ? null
                : [.. Enumerable.Repeat(router.Asn, 1 + prepends), .. own.Poison is { } poison ? new[] { poison, router.Asn } : []];
        if (router.Best is null || router.Via is not { } via || via == to) return null;
        var links = _graph.Neighbours(router.Asn);
        return links[via] is Relation.Customer || links[to] is Relation.Customer ? router.Best : null;
    }

    private Wire WireOf(uint from, uint to)
    {
        if (_wires.TryGetValue((from, to), out var wire)) return wire;
        var random = new SeededRandom(_seed).Fork($"{from} to {to}");
        // Half of the routers do not hold back at all, some a little, some the 30 s of the RFC.
        double kind = random.Fraction();
        return _wires[(from, to)] = new()
        {
            Random = random,
            Delay = TimeSpan.FromMilliseconds(random.Between(20, 900)),
            Mrai = TimeSpan.FromSeconds(kind < 0.5 ? 0 : kind < 0.8 ? 5 : 30),
        };
    }

    private sealed class Router(uint asn)
    {
        public uint Asn { get; } = asn;
        public Origination? Own { get; set; }
        public SortedDictionary<uint, IReadOnlyList<uint>> Heard { get; } = [];
        public IReadOnlyList<uint>? Best { get; set; }
        public uint? Via { get; set; }
        public HashSet<uint> Minds { get; } = [];
        public bool Refuses { get; set; }
        public List<Choice> Choices { get; } = [];
    }

    private sealed class Wire
    {
        public required SeededRandom Random { get; init; }
        public required TimeSpan Delay { get; init; }
        public required TimeSpan Mrai { get; init; }
        public IReadOnlyList<uint>? Told { get; set; }
        public bool IsWaiting { get; set; }
        public Timestamp NextAnnouncement { get; set; } = new(long.MinValue / 2);
        public Timestamp LastArrival { get; set; } = new(long.MinValue / 2);
    }
}
