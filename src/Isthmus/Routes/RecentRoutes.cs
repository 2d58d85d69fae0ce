using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>The routes that somebody spoke of within the time in which late messages may come.</summary>
internal sealed class RecentRoutes
{
    /// <summary>Routes of which objects are kept for others to come.</summary>
    private const int SpareMax = 65_536;

    private readonly Dictionary<(int Prefix, int Peer), RecentRoute> _routes = [];
    private readonly Queue<(Timestamp At, RecentRoute Route)> _due = [];
    private readonly Stack<RecentRoute> _spare = [];

    public IEnumerable<RecentRoute> All => _routes.Values;

    public bool Has(int prefix, int peer) => _routes.ContainsKey((prefix, peer));

    public RecentRoute? Of(int prefix, int peer) => _routes.GetValueOrDefault((prefix, peer));

    /// <summary>Adds one of which nothing is known.</summary>
    /// <param name="row">Its place in the peer's column.</param>
    public RecentRoute Add(int prefix, int peer, int row, Timestamp time)
    {
        var route = _spare.TryPop(out var spare) ? spare : new();
        route.Begin(prefix, peer, row);
        _routes.Add((prefix, peer), route);
        _due.Enqueue((time + RoutingState.LateMax, route));
        return route;
    }

    /// <summary>One of which nobody spoke for so long before a time that nothing can change it; null for none.</summary>
    public RecentRoute? NextQuiet(Timestamp time)
    {
        while (_due.TryPeek(out var due) && due.At <= time)
        {
            _due.Dequeue();
            if (due.Route.QuietSince + RoutingState.LateMax is var until && until <= time) return due.Route;
            _due.Enqueue((until, due.Route));
        }
        return null;
    }

    /// <summary>Takes one out that is quiet.</summary>
    public void Remove(RecentRoute route)
    {
        _routes.Remove((route.Prefix, route.Peer));
        if (_spare.Count < SpareMax) _spare.Push(route);
    }

    // In the order in which they fall due, in which each stands once.
    public void Save(StateWriter to) => to.Write(_due, due =>
    {
        to.Write(due.At);
        due.Route.Save(to);
    });

    public void Load(StateReader from)
    {
        foreach (var (at, route) in from.All(() => (from.Time(), RecentRoute.Load(from))))
        {
            _routes.Add((route.Prefix, route.Peer), route);
            _due.Enqueue((at, route));
        }
    }
}
