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

    /// <summary>Takes a step that does not change any more.</summary>
    public void Take(int peer, int prefix, in RouteStep step) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_kept, (prefix, peer), out _).Add(step);

    /// <summary>
    /// What is known at a time, as one value that does not change while the table goes on. It shares the steps that are final with this
    /// memory.
    /// </summary>
    /// <param name="table">Whose sink this is.</param>
    /// <param name="to">End of the period: all that the table was told is of times up to it, or is not asked for.</param>
    public Observations At(RoutingState table, Timestamp from, Timestamp to, IReadOnlyList<ReadFile> files)
    {
        table.Reach(to);
        var all = new Dictionary<(int Prefix, int Peer), Kept>(_kept);
        table.TellPending((int peer, int prefix, in RouteStep step) =>
        {
            ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(all, (prefix, peer), out _);
            if (kept.IsShared(_kept.GetValueOrDefault((prefix, peer)))) kept = kept.Copy();
            kept.Add(step);
        });
        var peers = table.Peers;
        int[] order = [.. Enumerable.Range(0, peers.Count).OrderBy(id => peers[id].Peer)];
        int[] rank = new int[order.Length];
        for (int i = 0; i < order.Length; i++) rank[order[i]] = i;
        var full = FullFeed.Judge(peers);
        var feeds = order.Select(id => peers[id].ToFeed(to, full)).ToArray();
        RouteHistory[] Histories(bool inside) => [.. all
            .Where(entry => table.IsInside(entry.Key.Prefix) == inside && entry.Value.HasHeld)
            .Select(entry => new RouteHistory(rank[entry.Key.Peer], table.PrefixOf(entry.Key.Prefix), entry.Value.Steps))
            .OrderBy(history => history.Prefix).ThenBy(history => history.Peer)];
        return new(from, to, feeds, table.Paths, Histories(inside: false), files)
        {
            Inside = Histories(inside: true),
            LeftInsideOut = table.LeftInsideOut,
        };
    }

    /// <summary>The steps of one peer and prefix; what lies below the count never changes.</summary>
    private struct Kept
    {
        private RouteStep[]? _steps;
        private int _count;

        /// <summary>True where the peer ever held a route.</summary>
        public bool HasHeld { get; private set; }

        public void Add(in RouteStep step)
        {
            _steps ??= new RouteStep[1];
            if (_count == _steps.Length) Array.Resize(ref _steps, _count * 2);
            // A message out of order that came later than any may does not turn time back.
            _steps[_count] = _count > 0 && step.Time < _steps[_count - 1].Time ? step with { Time = _steps[_count - 1].Time } : step;
            _count++;
            HasHeld |= step.Path >= 0;
        }

        public readonly bool IsShared(in Kept other) => _steps is not null && _steps == other._steps;

        public readonly Kept Copy() => this with { _steps = [.. _steps.AsSpan(0, _count)] };

        public readonly IReadOnlyList<RouteStep> Steps => _count == _steps!.Length ? _steps
            : new ArraySegment<RouteStep>(_steps, 0, _count);
    }
}
