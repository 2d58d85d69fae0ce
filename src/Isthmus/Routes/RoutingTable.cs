using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Routes;

/// <summary>One thing that a peer says of a prefix: a RIB entry, an announcement or a withdrawal.</summary>
/// <param name="peer">Id from <see cref="RoutingTable.PeerOf"/>.</param>
/// <param name="path">Empty for a withdrawal.</param>
/// <param name="ofSubject">True when the path makes the prefix one to follow.</param>
/// <param name="pathId">The ADD-PATH identifier (RFC 7911); 0 for none.</param>
public readonly ref struct Statement(
    int peer, Prefix prefix, PathWords path, bool ofSubject, Timestamp time, Cause cause, SourcePlace place, uint pathId)
{
    public int Peer { get; } = peer;
    public Prefix Prefix { get; } = prefix;
    public PathWords Path { get; } = path;
    public bool OfSubject { get; } = ofSubject;
    public Timestamp Time { get; } = time;
    public Cause Cause { get; } = cause;
    public SourcePlace Place { get; } = place;
    public uint PathId { get; } = pathId;
}

/// <summary>
/// What each peer holds at any second, from RIB dumps and updates by the rules of methods.md, "What each peer holds". Of every
/// prefix it knows only which peers hold it; of the prefixes to follow it keeps each step, with the bytes that
/// prove it. A prefix is followed as soon as one path shows that it is the subject's.
/// </summary>
/// <param name="follows">True for a prefix that is the subject's whoever announces it.</param>
/// <param name="isBlock">
/// True for a prefix of the subject inside which more-specifics of other origins are followed too; null for none.
/// </param>
/// <param name="sink">Takes each step once nothing that is still to come can change it.</param>
public sealed class RoutingTable(Func<Prefix, bool> follows, RouteSpanSink sink, Func<Prefix, bool>? isBlock = null)
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
    private readonly PrefixTable _prefixes = new();
    private readonly PrefixSet _followed = new();

    // Of the followed those that only other origins announced, inside a prefix of the subject.
    private readonly PrefixSet _inside = new();
    private readonly CoveringPrefixes _blocks = new();
    private readonly Dictionary<(int Prefix, int Peer), TrackedRoute> _tracked = [];
    private readonly Queue<(Timestamp At, int Peer)> _transfers = [];
    private readonly HashSet<int> _lost = [];

    public PathTable Paths { get; } = new();

    /// <summary>
    /// True when a prefix turned out to be the subject's only after a peer had already shown it otherwise: what that
    /// peer held is not kept, so the inputs have to be read again with <see cref="Follow"/> for these prefixes.
    /// </summary>
    public bool CameLate { get; private set; }

    /// <summary>True where more prefixes of other origins lie inside the subject's than <see cref="InsideMax"/>.</summary>
    public bool LeftInsideOut { get; private set; }

    /// <summary>The prefixes followed so far, and whether each is only inside one of the subject's.</summary>
    public IEnumerable<(Prefix Prefix, bool Inside)> Followed => Enumerable.Range(0, _prefixes.Count).Where(_followed.Contains)
        .Select(id => (_prefixes[id], _inside.Contains(id)));

    /// <summary>Follows a prefix from the start.</summary>
    /// <param name="inside">True for one of other origins inside a prefix of the subject.</param>
    public void Follow(Prefix prefix, bool inside = false)
    {
        int id = _prefixes.Intern(prefix, out _);
        if (inside) FollowInside(id);
        else FollowOwn(id, prefix);
    }

    /// <summary>
    /// Follows what other origins announced inside the subject's prefixes before these were seen: then
    /// <see cref="CameLate"/> says that the inputs have to be read again.
    /// </summary>
    public void FollowInside()
    {
        for (int id = 0; id < _prefixes.Count; id++)
            if (!_followed.Contains(id) && _blocks.Above(_prefixes[id]) is not null) CameLate |= FollowInside(id);
    }

    private bool FollowInside(int id)
    {
        LeftInsideOut |= _inside.Count >= InsideMax;
        if (_inside.Count >= InsideMax) return false;
        _inside.Add(id);
        return _followed.Add(id);
    }

    private void FollowOwn(int id, Prefix prefix)
    {
        _followed.Add(id);
        _inside.Remove(id);
        if (isBlock?.Invoke(prefix) is true) _blocks.Add(prefix);
    }

    /// <summary>The id of a peer, new or known.</summary>
    public int PeerOf(Peer peer)
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
        _peers.Add(new(peer));
        return _peerIds[peer] = _peers.Count - 1;
    }

    private static bool IsNumberless(Peer peer) => peer.Asn.Number == 0 || peer.Asn == Asn.Trans;

    /// <summary>Takes an announcement or withdrawal.</summary>
    public void Update(in Statement said)
    {
        EndTransfers(said.Time);
        var peer = _peers[said.Peer];
        if (peer.Session is SessionState.Down) StartTransfer(said.Peer, said.Time);
        peer.Heard(said.Time);
        peer.LastUpdate = said.Time;
        int prefix = Intern(said);
        bool reachable = said.Cause is Cause.Announcement;
        if (reachable)
        {
            peer.Judge(said.Path);
            peer.Hold(prefix, said.Prefix.Family);
        }
        else if (said.PathId == 0)
        {
            // A numbered path may leave others of the prefix behind.
            peer.Drop(prefix, said.Prefix.Family);
        }
        if (!_followed.Contains(prefix)) return;
        var route = Track(prefix, said.Peer);
        // Said while the dump ran: the update is the better witness, whichever of the two was read first.
        if (peer.LastRib is { } rib && said.Time >= rib.Start && said.Time <= rib.End) route.Undo(rib.Start);
        if (said.Time < route.LastTime) return;
        if (!reachable && said.PathId == 0 && route.IsNumbered && said.Cause is Cause.Withdrawal) return;
        int now = route.Take(said.PathId, reachable ? Paths.Intern(said.Path) : RouteStep.NoRoute, said.Time, Paths);
        route.LastTime = said.Time;
        Step(route, said.Time, now, said.Cause, said.Place);
    }

    // A route that changes often keeps no more than what may still change.
    private void Step(TrackedRoute route, Timestamp time, int path, Cause cause, SourcePlace place)
    {
        if (route.IsFull) route.Settle(time - LateMax, sink);
        route.Step(time, path, cause, place);
    }

    /// <summary>Opens a RIB dump of a collector: its entries stand beside the table until it ends.</summary>
    public static RibUnderway BeginRib(Collector collector, Timestamp time) => new(collector, time);

    /// <summary>Takes an entry of a dump underway.</summary>
    public void RibEntry(RibUnderway rib, in Statement said)
    {
        int prefix = Intern(said);
        var peer = _peers[said.Peer];
        peer.Judge(said.Path);
        peer.Hold(prefix, said.Prefix.Family);
        rib.Note(said.Peer, said.Prefix.Family);
        if (!_followed.Contains(prefix)) return;
        rib.Add(new(prefix, said.Peer, said.Time, Paths.Intern(said.Path), said.Place), said.PathId);
    }

    /// <summary>Prefixes of damaged records that are told apart; a dump with more has lost routes of any prefix.</summary>
    private const int LostMax = 10_000;

    /// <summary>Notes that routes of a dump underway could not be read: who is not shown to hold the prefix may hold it.</summary>
    /// <param name="prefix">Null where it cannot be read either, so that it may be any.</param>
    public void LoseRibEntries(RibUnderway rib, Prefix? prefix)
    {
        if (prefix is not { } named || rib.Lost.Count >= LostMax)
        {
            rib.LosesAny = true;
            return;
        }
        int id = _prefixes.Intern(named, out bool isNew);
        if (isNew && follows(named)) FollowOwn(id, named);
        else if (isNew && _blocks.Above(named) is not null) FollowInside(id);
        rib.Lost.Add(id);
        _lost.Add(id);
    }

    /// <summary>
    /// Ends a dump: where the dump is newer than the last update it wins, present or absent; otherwise the update
    /// does. Sessions that are missing from it and silent are lost.
    /// </summary>
    /// <param name="whole">False for a dump that is cut off or damaged: its entries stand, but what it lacks proves
    /// nothing.</param>
    public void EndRib(RibUnderway rib, Timestamp end, bool whole)
    {
        EndTransfers(end);
        foreach (var entry in rib.Entries)
        {
            var route = Track(entry.Prefix, entry.Peer);
            if (route.LastDump == rib) continue;
            route.LastDump = rib;
            var numbered = rib.NumberedOf(entry);
            if (numbered is null ? route.Insert(entry.Time, entry.Path, Cause.RibEntry, entry.Place)
                : route.InsertNumbered(numbered, entry.Time, entry.Place, Paths)) continue;
            if (!RibWins(entry.Time, route.LastTime, rib.Start)) continue;
            route.LastTime = entry.Time;
            route.Clear();
            int held = entry.Path;
            foreach (var (id, path) in numbered ?? []) held = route.Take(id, path, entry.Time, Paths);
            Step(route, entry.Time, held, Cause.RibEntry, entry.Place);
        }
        rib.Close(end);
        for (int id = 0; id < _peers.Count; id++)
            foreach (var family in (ReadOnlySpan<AddressFamily>)[AddressFamily.IPv4, AddressFamily.IPv6])
                if (rib.Speaks(id, family)) _peers[id].KnowTable(family, rib.Start);
        if (!whole) return;
        for (int id = 0; id < _peers.Count; id++)
        {
            var peer = _peers[id];
            if (peer.Peer.Collector != rib.Collector) continue;
            if (rib.Speaks(id)) Complete(id, rib);
            else if (peer.Session is SessionState.Up && rib.Start - peer.LastHeard > SilenceMax) Lose(
                id, rib.Start, Cause.Silence, default);
        }
    }

    private void Complete(int id, RibUnderway rib)
    {
        var peer = _peers[id];
        bool wasUp = peer.Session is SessionState.Up;
        peer.LastRib = rib;
        peer.ShownAt(rib.Start);
        // A session that was lost while the dump ran is what the loss made it.
        if (peer.LostAt > rib.Start) peer.WasUp(rib.Start);
        else
        {
            peer.Open(rib.Start);
            peer.Heard(rib.Start);
        }
        bool isFollowed = wasUp && peer.LastUpdate is { } last && rib.Start - last <= SilenceMax;
        if (!rib.LosesAny)
        {
            if (peer.UnreadSince is not null) peer.AbsentSince = rib.Start;
            peer.UnreadSince = null;
        }
        else if (!isFollowed) peer.UnreadSince ??= rib.Start;
        foreach (int prefix in rib.Lost)
            if (_followed.Contains(prefix) && rib.Speaks(id, _prefixes[prefix].Family)) Track(prefix, id);
        foreach (var route in peer.Tracked)
        {
            if (!rib.Speaks(id, _prefixes[route.Prefix].Family) || route.LastDump == rib) continue;
            if (rib.LosesAny || rib.Lost.Contains(route.Prefix))
            {
                // Nothing is said against what updates have told; of who sends none the dump was the only word.
                if (!isFollowed && RibWins(rib.Start, route.LastTime, rib.Start)) route.Forget(rib.Start);
                continue;
            }
            if (route.Insert(rib.Start, RouteStep.NoRoute, Cause.RibAbsence, default)) continue;
            if (!RibWins(rib.Start, route.LastTime, rib.Start)) continue;
            peer.Drop(route.Prefix, _prefixes[route.Prefix].Family);
            route.Clear();
            Step(route, rib.Start, RouteStep.NoRoute, Cause.RibAbsence, default);
        }
    }

    // Strict on both sides: an update 60 s before the dump began still loses to it.
    private static bool RibWins(Timestamp rib, Timestamp last, Timestamp start) => rib > last && !(last > start - Backlog);

    /// <summary>Takes a change of the session's state. State 6 is Established; Quagga's 7 and 8 are not.</summary>
    public void PeerState(int id, int newState, Timestamp time, SourcePlace place)
    {
        EndTransfers(time);
        if (newState == 6) StartTransfer(id, time);
        else if (_peers[id].Session is not SessionState.Down) Lose(id, time, Cause.PeerState, place, SessionState.Down);
    }

    /// <summary>Damage or a gap in a collector's updates: what was lost could have held anything.</summary>
    public void Lose(Collector collector, Timestamp time, SourcePlace place)
    {
        EndTransfers(time);
        for (int id = 0; id < _peers.Count; id++)
            if (_peers[id].Peer.Collector == collector) Lose(id, time, Cause.FileDamage, place);
    }

    /// <summary>The input of all collectors has ended: nothing is known any more.</summary>
    public void Lose(Timestamp time)
    {
        EndTransfers(time);
        for (int id = 0; id < _peers.Count; id++) Lose(id, time, Cause.Silence, default);
    }

    /// <summary>Damage in one peer's message, as far as the damage goes.</summary>
    public void Lose(int id, Timestamp time, SourcePlace place) => Lose(id, time, Cause.FileDamage, place);

    private void Lose(int id, Timestamp time, Cause cause, SourcePlace place, SessionState state = SessionState.Unknown)
    {
        var peer = _peers[id];
        peer.Close(time, state);
        peer.Lose(time, cause);
        foreach (var route in peer.Tracked)
        {
            route.Clear();
            Step(route, time, RouteStep.Unknown, cause, place);
        }
    }

    private void StartTransfer(int id, Timestamp time)
    {
        Lose(id, time, Cause.PeerState, default);
        _peers[id].Session = SessionState.Transfer;
        _peers[id].TransferEnd = time + TableTransfer;
        // All that it holds it sends from now on; what has not come is unknown, and not absent, until the transfer ends.
        _peers[id].KnowTable(AddressFamily.IPv4, time);
        _peers[id].KnowTable(AddressFamily.IPv6, time);
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
            peer.Open(due.At);
            foreach (var route in peer.Tracked)
                if (route.Now is RouteStep.Unknown) Step(route, due.At, RouteStep.NoRoute, Cause.PeerState, default);
        }
    }

    private int Intern(in Statement said)
    {
        int prefix = _prefixes.Intern(said.Prefix, out bool isNew);
        bool isFollowed = _followed.Contains(prefix);
        if (isFollowed ? said.OfSubject && _inside.Contains(prefix) : said.OfSubject || isNew && follows(said.Prefix))
        {
            FollowOwn(prefix, said.Prefix);
            CameLate |= !isNew && !isFollowed && (_lost.Contains(prefix) || AnyHolds(prefix, said.Prefix.Family));
        }
        else if (isNew && !isFollowed && _blocks.Above(said.Prefix) is not null)
        {
            FollowInside(prefix);
        }
        return prefix;
    }

    private bool AnyHolds(int prefix, AddressFamily family) => _peers.Exists(peer => peer.Holds(prefix, family));

    private TrackedRoute Track(int prefix, int id)
    {
        if (_tracked.TryGetValue((prefix, id), out var route)) return route;
        var peer = _peers[id];
        route = new(prefix, id);
        if (peer.Session is SessionState.Up)
        {
            var since = peer.AbsentSince > peer.UpSince ? peer.AbsentSince : peer.UpSince;
            if (!(peer.UnreadSince <= since)) route.Step(since, RouteStep.NoRoute, Cause.RibAbsence, default);
            if (peer.UnreadSince is { } unread) route.Step(unread, RouteStep.Unknown, Cause.FileDamage, default);
        }
        peer.Tracked.Add(route);
        return _tracked[(prefix, id)] = route;
    }

    /// <summary>What may be asked at a time: table transfers that are over by then have ended.</summary>
    internal void Reach(Timestamp time) => EndTransfers(time);

    /// <summary>Gives the steps that may still change to a sink, of each followed prefix at each peer in order of time.</summary>
    internal void TellPending(RouteSpanSink to)
    {
        foreach (var route in _tracked.Values)
            foreach (ref readonly var step in route.Pending) to(route.Peer, route.Prefix, step);
    }

    internal IReadOnlyList<PeerState> Peers => _peers;

    internal Prefix PrefixOf(int prefix) => _prefixes[prefix];

    /// <summary>True for a prefix that only other origins announced, inside a prefix of the subject.</summary>
    internal bool IsInside(int prefix) => _inside.Contains(prefix);
}
