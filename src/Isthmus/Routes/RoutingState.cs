using System.Runtime.InteropServices;

using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>
/// What each peer holds now, from RIB dumps and updates by the rules of methods.md, "What each peer holds". Of every prefix it knows
/// which peers hold it; of the prefixes to follow, which may be all, by which path, in four bytes a route. How it came to that goes to
/// a sink, with the bytes that prove it. A prefix is followed as soon as one path shows that it is the subject's.
/// </summary>
/// <param name="follows">True for a prefix that is the subject's whoever announces it.</param>
/// <param name="isBlock">
/// True for a prefix of the subject inside which more-specifics of other origins are followed too; null for none.
/// </param>
/// <param name="sink">Takes each step once nothing that is still to come can change it.</param>
public sealed partial class RoutingState(Func<Prefix, bool> follows, RouteSpanSink sink, Func<Prefix, bool>? isBlock = null)
{
    /// <summary>Prefixes of other origins inside the subject's that are followed: a carrier's blocks may hold thousands.</summary>
    public const int InsideMax = 4096;

    /// <summary>A daemon may write a dump from a table that lags behind its updates by so much.</summary>
    public static readonly TimeSpan Backlog = TimeSpan.FromSeconds(60);

    /// <summary>A session that is silent for longer and missing from a dump is lost.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(3600);

    /// <summary>
    /// How long a new session may take to send its table. Until then a prefix that it has not sent is unknown, not
    /// absent: otherwise each reset would look like an outage.
    /// </summary>
    public static readonly TimeSpan TableTransfer = TimeSpan.FromSeconds(300);

    /// <summary>No dump takes longer: entries later than this after its first are of the next one.</summary>
    public static readonly TimeSpan DumpLengthMax = TimeSpan.FromHours(1);

    /// <summary>
    /// How late a message may come after others and still be put in its place: a dump takes effect when it ends, and speaks of the time
    /// in which it ran, and of the backlog before it. What was said of a time before that is final.
    /// </summary>
    public static readonly TimeSpan LateMax = DumpLengthMax + Backlog;

    private readonly List<PeerState> _peers = [];
    private readonly Dictionary<Peer, int> _peerIds = [];
    private readonly FollowedPrefixes _prefixes = new(follows, isBlock);
    private readonly RecentRoutes _recent = new();
    private readonly Queue<(Timestamp At, int Peer)> _transfers = [];
    private readonly HashSet<int> _lost = [];

    private readonly Dictionary<Source, long> _late = [];
    private static readonly Source _noSource = new("", new("", Project.Unknown));

    public PathTable Paths { get; } = new();

    /// <summary>
    /// Messages that came too late to be put in order, by what holds them: of the prefixes that are followed those after later ones of
    /// the same session and prefix, or after its session was lost, and those that are more than <see cref="LateMax"/> older than others
    /// of their session.
    /// </summary>
    public IReadOnlyDictionary<Source, long> Late => _late;

    /// <summary>
    /// True when a prefix turned out to be the subject's only after a peer had already shown it otherwise: what that
    /// peer held is not kept, so the inputs have to be read again with <see cref="Follow"/> for these prefixes.
    /// </summary>
    public bool CameLate { get; private set; }

    /// <summary>True where more prefixes of other origins lie inside the subject's than <see cref="InsideMax"/>.</summary>
    public bool LeftInsideOut => _prefixes.LeftInsideOut;

    /// <summary>The prefixes followed so far, and whether each is only inside one of the subject's.</summary>
    public IEnumerable<(Prefix Prefix, bool Inside)> Followed => _prefixes.All;

    /// <summary>Follows a prefix from the start.</summary>
    /// <param name="inside">True for one of other origins inside a prefix of the subject.</param>
    public void Follow(Prefix prefix, bool inside = false) => _prefixes.Follow(prefix, inside);

    /// <summary>
    /// Follows what other origins announced inside the subject's prefixes before these were seen: then
    /// <see cref="CameLate"/> says that the inputs have to be read again.
    /// </summary>
    public void FollowInside() => CameLate |= _prefixes.FollowInside();

    /// <summary>The id of a peer, new or known.</summary>
    /// <param name="met">When the data show it.</param>
    public int PeerOf(Peer peer, Timestamp met = default)
    {
        if (_peerIds.TryGetValue(peer, out int id)) return id;
        // AS 0 (RFC 7607) and AS_TRANS (RFC 6793) name no network: the address tells whose session it is.
        var same = _peerIds.Where(entry => entry.Key.Collector == peer.Collector && entry.Key.Address == peer.Address
            && IsNumberless(entry.Key) != IsNumberless(peer)).Select(entry => entry.Value).Distinct().ToArray();
        if (same is [var one] && (IsNumberless(peer) || IsNumberless(_peers[one].Peer)))
        {
            if (!IsNumberless(peer)) _peers[one].Peer = peer;
            return _peerIds[peer] = one;
        }
        _peers.Add(new(peer, met));
        return _peerIds[peer] = _peers.Count - 1;
    }

    private static bool IsNumberless(Peer peer) => peer.Asn.Number == 0 || peer.Asn == Asn.Trans;

    /// <summary>Takes an announcement or withdrawal.</summary>
    public void Update(in Statement said)
    {
        var peer = _peers[said.Peer];
        if (IsTooLate(peer, said.Time))
        {
            if (said.OfSubject || _prefixes.Follows(said.Prefix, out _)) PassOver(said.Place);
            return;
        }
        Reach(said.Time);
        if (peer.Session is SessionState.Down) StartTransfer(said.Peer, said.Time, byUpdate: true);
        peer.Heard(said.Time);
        peer.Updated(said.Time);
        int prefix = Intern(said);
        bool reachable = said.Cause is Cause.Announcement;
        if (reachable)
        {
            peer.Judge(said.Path);
            peer.Hold(prefix, said.Prefix.Family, said.Time);
            peer.NumbersPaths |= said.PathId != 0;
        }
        else if (said.PathId == 0)
        {
            // A numbered path may leave others of the prefix behind.
            peer.Drop(prefix, said.Prefix.Family);
        }
        if (!_prefixes.Follows(prefix)) return;
        var route = RecentOf(prefix, said.Peer, said.Time);
        // Said while the dump ran: the update is the better witness, whichever of the two was read first.
        if (peer.LastRib is { } rib && said.Time >= rib.Start && said.Time <= rib.End && !route.HasNumbers)
            route.Undo(rib.Start);
        if (said.Time < route.LastTime) PassOver(said.Place);
        else if ((reachable || said.PathId != 0 || !route.IsNumbered || said.Cause is not Cause.Withdrawal))
        {
            int path = reachable ? Paths.Intern(said.Path) : RouteStep.NoRoute;
            int now = route.Take(said.PathId, path, said.Time, said.Cause, said.Place, Paths);
            route.LastTime = said.Time;
            Step(route, said.Time, now, said.Cause, said.Place, said.PathId);
        }
        Keep(route);
    }

    // What was said so long before is final, and what was said before the session was lost says nothing of the time since.
    private static bool IsTooLate(PeerState peer, Timestamp time)
    {
        if (time < peer.LastTold - LateMax || time < peer.LostAt) return true;
        peer.LastTold = time > peer.LastTold ? time : peer.LastTold;
        return false;
    }

    private void PassOver(SourcePlace place) => CollectionsMarshal.GetValueRefOrAddDefault(_late, place.Source ?? _noSource, out _)++;

    // A route that changes often keeps no more than what may still change.
    private void Step(RecentRoute route, Timestamp time, int path, Cause cause, SourcePlace place, uint pathId = 0)
    {
        if (route.IsFull) route.Settle(time - LateMax, sink);
        route.Step(time, path, cause, place, pathId);
    }

    // Of what nobody spoke of lately the step is final at once.
    private void Step(PeerState peer, int id, int row, in RouteStep step)
    {
        if (peer.Paths[row] != step.Path) sink(id, _prefixes.InRow(row), step);
        peer.Paths[row] = step.Path;
    }

    private void Keep(RecentRoute route) => _peers[route.Peer].Paths[route.Row] = route.Now;

    /// <summary>Takes a change of the session's state. State 6 is Established; Quagga's 7 and 8 are not.</summary>
    public void PeerState(int id, int newState, Timestamp time, SourcePlace place)
    {
        if (IsTooLate(_peers[id], time))
        {
            PassOver(place);
            return;
        }
        Reach(time);
        if (newState == 6) StartTransfer(id, time);
        else if (_peers[id].Session is not SessionState.Down) Lose(id, time, Cause.PeerState, place, SessionState.Down);
        else _peers[id].Break(time, Cause.PeerState, place);
    }

    /// <summary>Damage or a gap in a collector's updates: what was lost could have held anything.</summary>
    public void Lose(Collector collector, Timestamp time, SourcePlace place)
    {
        Reach(time);
        for (int id = 0; id < _peers.Count; id++)
            if (_peers[id].Peer.Collector == collector) Lose(id, time, Cause.FileDamage, place);
    }

    /// <summary>The input of all collectors has ended: nothing is known any more.</summary>
    public void Lose(Timestamp time)
    {
        Reach(time);
        for (int id = 0; id < _peers.Count; id++) Lose(id, time, Cause.Silence, default);
    }

    /// <summary>Damage in one peer's message, as far as the damage goes.</summary>
    public void Lose(int id, Timestamp time, SourcePlace place)
    {
        Reach(time);
        Lose(id, time, Cause.FileDamage, place);
    }

    private void Lose(int id, Timestamp time, Cause cause, SourcePlace place, SessionState state = SessionState.Unknown) =>
        Lose(id, time, cause, place, state, _peers[id].Break(time, cause, place));

    private void Lose(int id, Timestamp time, Cause cause, SourcePlace place, SessionState state, SessionBreak broke)
    {
        var peer = _peers[id];
        peer.Close(time, state);
        peer.Lose(time, cause);
        peer.Numbered.Clear();
        for (int row = 0; (row = peer.Paths.NextTold(row)) >= 0; row++)
        {
            if (_recent.Of(_prefixes.InRow(row), id) is not { } route)
            {
                if (peer.Paths[row] != RouteStep.Unknown) broke.Rows.Add(row);
                Step(peer, id, row, new(time, RouteStep.Unknown, cause, place));
                continue;
            }
            if (route.IsFull) route.Settle(time - LateMax, sink);
            route.Lose(time, cause, place);
            Keep(route);
        }
    }

    private void StartTransfer(int id, Timestamp time, bool byUpdate = false)
    {
        var peer = _peers[id];
        Lose(id, time, Cause.PeerState, default, SessionState.Unknown,
            peer.Break(time, Cause.PeerState, default, begins: true, byUpdate));
        peer.Session = SessionState.Transfer;
        peer.TransferEnd = time + TableTransfer;
        // All that it holds it sends from now on; what has not come is unknown, and not absent, until the transfer ends.
        peer.KnowTable(AddressFamily.IPv4, time);
        peer.KnowTable(AddressFamily.IPv6, time);
        _transfers.Enqueue((time + TableTransfer, id));
    }

    // A table transfer ends by the clock of the data; what has not come by then is not there.
    private void EndTransfers(Timestamp now)
    {
        while (_transfers.TryPeek(out var due) && due.At <= now)
        {
            _transfers.Dequeue();
            var peer = _peers[due.Peer];
            if (peer.Session is not SessionState.Transfer || peer.TransferEnd != due.At) continue;
            peer.Open(due.At, Cause.PeerState);
            for (int row = 0; (row = peer.Paths.NextTold(row)) >= 0; row++)
            {
                int held = peer.Paths[row], prefix = _prefixes.InRow(row);
                // Of several paths by number others may have been held so far that were not told of.
                if (held != RouteStep.Unknown && !(peer.NumbersPaths && _recent.Of(prefix, due.Peer) is { HasNumbers: true })) continue;
                // A dump that ran in the meantime may show all the same that it was there.
                var route = RecentOf(prefix, due.Peer, due.At);
                if (route.IsFull) route.Settle(due.At - LateMax, sink);
                route.Complete(due.At);
                Keep(route);
            }
        }
    }

    private int Intern(in Statement said)
    {
        int prefix = _prefixes.Intern(said.Prefix, said.OfSubject, out bool isLate);
        CameLate |= isLate && (_lost.Contains(prefix) || AnyHolds(prefix, said.Prefix.Family));
        return prefix;
    }

    private bool AnyHolds(int prefix, AddressFamily family) => _peers.Exists(peer => peer.Holds(prefix, family));

    private RecentRoute RecentOf(int prefix, int id, Timestamp time)
    {
        if (_recent.Of(prefix, id) is { } known) return known;
        var peer = _peers[id];
        int row = _prefixes.RowOf(prefix), held = peer.Paths[row];
        var route = _recent.Add(prefix, id, row, time);
        if (held != PathColumn.Untold)
        {
            peer.Numbered.Remove(row, out var numbered);
            route.Resume(held, held >= 0 ? peer.LastShown(_prefixes[prefix].Family) : new(long.MinValue / 2), numbered);
        }
        else if (peer.Session is SessionState.Up)
        {
            var since = peer.AbsentSince > peer.UpSince ? peer.AbsentSince : peer.UpSince;
            // What a dump shows of a time before the session's transfer ended is not absent when it ends.
            if (since <= time && !(peer.UnreadSince <= since))
                route.Step(since, RouteStep.NoRoute, since == peer.UpSince ? peer.UpCause : Cause.RibAbsence, default);
            if (peer.UnreadSince is { } unread) route.Step(unread, RouteStep.Unknown, Cause.FileDamage, default);
        }
        Keep(route);
        return route;
    }

    /// <summary>
    /// Goes on to a time: table transfers that are over by then have ended, and what was said so long ago that nothing can change it is
    /// final.
    /// </summary>
    internal void Reach(Timestamp time)
    {
        EndTransfers(time);
        while (_recent.NextQuiet(time) is { } route)
        {
            if (route.End(sink) is { } numbered) _peers[route.Peer].Numbered[route.Row] = numbered;
            _recent.Remove(route);
        }
    }

    /// <summary>
    /// What a peer holds now: an id in <see cref="Paths"/>, <see cref="RouteStep.NoRoute"/>, or <see cref="RouteStep.Unknown"/>, also for
    /// a prefix that is not followed.
    /// </summary>
    /// <param name="peer">Id from <see cref="PeerOf"/>.</param>
    public int PathOf(int peer, Prefix prefix)
    {
        if (!_prefixes.Follows(prefix, out int? row)) return RouteStep.Unknown;
        int held = row is null ? PathColumn.Untold : _peers[peer].Paths[row.Value];
        if (held != PathColumn.Untold) return held;
        return _peers[peer] is { Session: SessionState.Up, UnreadSince: null } ? RouteStep.NoRoute : RouteStep.Unknown;
    }

    /// <summary>Gives the steps that may still change to a sink, of each followed prefix at each peer in order of time.</summary>
    internal void TellPending(RouteSpanSink to)
    {
        foreach (var route in _recent.All)
            foreach (ref readonly var step in route.Pending) to(route.Peer, route.Prefix, step);
    }

    internal IReadOnlyList<PeerState> Peers => _peers;

    /// <summary>How many prefixes the data showed.</summary>
    internal int PrefixCount => _prefixes.Count;

    internal Prefix PrefixOf(int prefix) => _prefixes[prefix];

    /// <summary>True for a prefix that only other origins announced, inside a prefix of the subject.</summary>
    internal bool IsInside(int prefix) => _prefixes.IsInside(prefix);
}
