using System.Runtime.InteropServices;

using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>
/// Takes a step of what a peer holds for a prefix: it ends the span before it of that peer and prefix, and begins the next. The steps of
/// one peer and prefix come in order of time.
/// </summary>
/// <param name="peer">Id from <see cref="RoutingState.PeerOf"/>.</param>
/// <param name="prefix">Id of the prefix in the same table.</param>
public delegate void RouteSpanSink(int peer, int prefix, in RouteStep step);

/// <summary>The spans of one subject's prefixes, in memory: what a routing table says of the past, which is only added to.</summary>
public sealed class SpanMemory
{
    private readonly Dictionary<(int Prefix, int Peer), Kept> _kept = [];

    // Where the replay went on from a checkpoint: the prefixes for which each peer had held a route by then, whose steps are kept
    // elsewhere.
    private readonly Dictionary<int, PrefixSet> _heldBefore = [];

    // Of the last answer: the places of the peers in their order, and all that is kept by prefix and peer.
    private int[] _rank = [];
    private (int Prefix, int Peer)[] _sorted = [];

    /// <summary>Takes a step that does not change any more.</summary>
    public void Take(int peer, int prefix, in RouteStep step) => KeptOf(peer, prefix).Add(step);

    private ref Kept KeptOf(int peer, int prefix)
    {
        ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(_kept, (prefix, peer), out bool isKnown);
        if (!isKnown && _heldBefore.Count > 0) kept = new(hasHeld: HeldBefore(peer, prefix));
        return ref kept;
    }

    private bool HeldBefore(int peer, int prefix) => _heldBefore.TryGetValue(peer, out var prefixes) && prefixes.Contains(prefix);

    /// <summary>Final steps that are kept: of each peer and prefix one at least, and those since the time up to which it forgot.</summary>
    public long Steps => _kept.Values.Sum(kept => (long)kept.Count);

    /// <summary>
    /// Forgets what was over at a time: of each peer and prefix what it held then stays, with when and how that began, and what came
    /// later. What was given before does not change. It makes no difference how often, and up to which earlier times, it was called before.
    /// </summary>
    /// <param name="table">Whose sink this is: of its sessions what was over is forgotten, too.</param>
    public void Forget(RoutingState table, Timestamp before)
    {
        foreach (var key in _kept.Keys) CollectionsMarshal.GetValueRefOrNullRef(_kept, key).Forget(before);
        foreach (var peer in table.Peers) peer.Forget(before);
    }

    /// <summary>
    /// What is known at a time, as one value that does not change while the table goes on. It shares the steps that are final with this
    /// memory, and with what it gave before the histories in which nothing has changed.
    /// </summary>
    /// <param name="table">Whose sink this is.</param>
    /// <param name="to">End of the period: all that the table was told is of times up to it, or is not asked for.</param>
    public Observations At(RoutingState table, Timestamp from, Timestamp to, IReadOnlyList<ReadFile> files)
    {
        table.Reach(to);
        var pending = new List<RouteStep>();
        table.TellPending((int peer, int prefix, in RouteStep step) =>
        {
            KeptOf(peer, prefix).Await(step, pending.Count);
            pending.Add(step);
        });
        var peers = table.Peers;
        int[] order = [.. Enumerable.Range(0, peers.Count).OrderBy(id => peers[id].Peer)];
        Sort(table, order);
        var records = order.Select(id => peers[id].ToRecord()).ToArray();
        var full = FullFeed.Judge(records);
        List<RouteHistory> own = new(_sorted.Length), inside = [];
        foreach (var key in _sorted)
        {
            ref var kept = ref CollectionsMarshal.GetValueRefOrNullRef(_kept, key);
            if (kept.Give(_rank[key.Peer], table.PrefixOf(key.Prefix), CollectionsMarshal.AsSpan(pending)) is { } history)
                (table.IsInside(key.Prefix) ? inside : own).Add(history);
        }
        return new(from, to, [.. records.Select(peer => peer.ToFeed(to, full))], table.Paths, own, files)
        {
            Inside = inside,
            LeftInsideOut = table.LeftInsideOut,
        };
    }

    /// <summary>
    /// Writes what a replay needs that goes on from here: for which prefixes each peer has held a route, and the steps of those for which
    /// it has not, as these are kept nowhere. What it took is settled from now on (<see cref="RouteHistory.Settled"/>).
    /// </summary>
    internal void Settle(StateWriter to)
    {
        var mute = new List<(int Prefix, int Peer)>();
        foreach (var key in _kept.Keys)
        {
            if (!CollectionsMarshal.GetValueRefOrNullRef(_kept, key).Settle()) mute.Add(key);
            else (_heldBefore.TryGetValue(key.Peer, out var prefixes) ? prefixes : _heldBefore[key.Peer] = new()).Add(key.Prefix);
        }
        to.Write(_heldBefore.Count);
        foreach (var (peer, prefixes) in _heldBefore)
        {
            to.Write(peer);
            prefixes.Save(to);
        }
        to.Write(mute, key =>
        {
            to.Write(key.Peer);
            to.Write(key.Prefix);
            to.Write(CollectionsMarshal.GetValueRefOrNullRef(_kept, key).Final, step => to.Write(step));
        });
    }

    /// <summary>Goes on from what <see cref="Settle"/> wrote; nothing was given to this one yet.</summary>
    internal void Load(StateReader from)
    {
        foreach (var (peer, prefixes) in from.All(() => (from.Int(), PrefixSet.Load(from)))) _heldBefore.Add(peer, prefixes);
        for (int keys = from.Int(); keys > 0; keys--)
        {
            ref var kept = ref KeptOf(from.Int(), from.Int());
            foreach (var step in from.All(from.Step)) kept.Add(step);
        }
    }

    // As long as no peer and no prefix comes, their order stays.
    private void Sort(RoutingState table, int[] order)
    {
        int[] rank = new int[order.Length];
        for (int i = 0; i < order.Length; i++) rank[order[i]] = i;
        if (_sorted.Length == _kept.Count && rank.AsSpan().SequenceEqual(_rank)) return;
        _rank = rank;
        _sorted = [.. _kept.Keys];
        int[] prefixes = [.. _sorted.Select(key => key.Prefix).Distinct().OrderBy(table.PrefixOf)];
        int[] places = new int[prefixes.Length == 0 ? 0 : prefixes.Max() + 1];
        for (int i = 0; i < prefixes.Length; i++) places[prefixes[i]] = i;
        Array.Sort(Array.ConvertAll(_sorted, key => (long)places[key.Prefix] << 32 | (uint)rank[key.Peer]), _sorted);
    }

    /// <summary>The steps of one peer and prefix; what lies below the count never changes.</summary>
    private struct Kept(bool hasHeld)
    {
        private RouteStep[]? _steps;
        private RouteHistory? _given;
        private int _count, _awaitedFrom, _awaited, _settled;
        private bool _hasHeld = hasHeld, _awaitsHeld;

        /// <summary>The steps that do not change.</summary>
        public readonly ArraySegment<RouteStep> Final => _steps is null ? [] : new(_steps, 0, _count);

        /// <summary>What it has is settled; false where it never held a route, so that it is told whole once it does.</summary>
        public bool Settle()
        {
            if (_hasHeld) _settled = _count;
            return _hasHeld;
        }

        public void Add(in RouteStep step)
        {
            _steps ??= new RouteStep[1];
            if (_count == _steps.Length) Array.Resize(ref _steps, _count * 2);
            _steps[_count] = InOrder(_steps.AsSpan(0, _count), step);
            _count++;
            _hasHeld |= step.Path >= 0;
        }

        public readonly int Count => _count;

        public void Forget(Timestamp before)
        {
            int standing = 0;
            while (standing + 1 < _count && _steps![standing + 1].Time <= before) standing++;
            if (standing == 0) return;
            _steps = [.. _steps.AsSpan(standing, _count - standing)];
            (_count, _given) = (_steps.Length, null);
        }

        // A step that may still change, and its place among all of these; those of one route stand together.
        public void Await(in RouteStep step, int place)
        {
            if (_awaited == 0) _awaitedFrom = place;
            _awaited++;
            _awaitsHeld |= step.Path >= 0;
        }

        // With the steps that may still change, which are not awaited any more. Null where the peer never held a route.
        public RouteHistory? Give(int peer, Prefix prefix, ReadOnlySpan<RouteStep> pending)
        {
            var awaited = pending.Slice(_awaitedFrom, _awaited);
            bool hasHeld = _hasHeld || _awaitsHeld;
            (_awaitedFrom, _awaited, _awaitsHeld) = (0, 0, false);
            if (!hasHeld) return null;
            if (awaited.IsEmpty)
            {
                if (_given is not null && _given.Count == _count && _given.Peer == peer) return _given;
                return _given = new(peer, prefix, _count == _steps!.Length ? _steps : Final) { Settled = _settled };
            }
            var whole = new RouteStep[_count + awaited.Length];
            _steps.AsSpan(0, _count).CopyTo(whole);
            for (int i = 0; i < awaited.Length; i++) whole[_count + i] = InOrder(whole.AsSpan(0, _count + i), awaited[i]);
            return new(peer, prefix, whole) { Settled = _settled };
        }

        // A message out of order that came later than any may does not turn time back.
        private static RouteStep InOrder(ReadOnlySpan<RouteStep> before, in RouteStep step) =>
            before is [.., var last] && step.Time < last.Time ? step with { Time = last.Time } : step;
    }
}
