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
public sealed class RoutingState(Func<Prefix, bool> follows, RouteSpanSink sink, Func<Prefix, bool>? isBlock = null)
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

    public PathTable Paths { get; } = new();

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
        Reach(said.Time);
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
        if (!_prefixes.Follows(prefix)) return;
        var route = RecentOf(prefix, said.Peer, said.Time);
        // Said while the dump ran: the update is the better witness, whichever of the two was read first.
        if (peer.LastRib is { } rib && said.Time >= rib.Start && said.Time <= rib.End) route.Undo(rib.Start);
        if (said.Time >= route.LastTime && (reachable || said.PathId != 0 || !route.IsNumbered || said.Cause is not Cause.Withdrawal))
        {
            int now = route.Take(said.PathId, reachable ? Paths.Intern(said.Path) : RouteStep.NoRoute, said.Time, Paths);
            route.LastTime = said.Time;
            Step(route, said.Time, now, said.Cause, said.Place);
        }
        Keep(route);
    }

    // A route that changes often keeps no more than what may still change.
    private void Step(RecentRoute route, Timestamp time, int path, Cause cause, SourcePlace place)
    {
        if (route.IsFull) route.Settle(time - LateMax, sink);
        route.Step(time, path, cause, place);
    }

    // Of what nobody spoke of lately the step is final at once.
    private void Step(PeerState peer, int id, int row, in RouteStep step)
    {
        if (peer.Paths[row] != step.Path) sink(id, _prefixes.InRow(row), step);
        peer.Paths[row] = step.Path;
    }

    private void Keep(RecentRoute route) => _peers[route.Peer].Paths[route.Row] = route.Now;

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
        if (!_prefixes.Follows(prefix)) return;
        rib.Add(prefix, said.Peer, Paths.Intern(said.Path), said.PathId, said.Time, said.Place);
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
        int id = _prefixes.Intern(named, ofSubject: false, out _);
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
        Reach(end);
        foreach (var entry in rib.Entries)
            if (rib.Show(entry.Peer, _prefixes.RowOf(entry.Prefix))) Show(rib, entry);
        rib.Close(end);
        Each(static (peer, family, rib) => peer.KnowTable(family, rib.Start));
        if (whole) Complete(rib);
        Each(static (peer, family, rib) => peer.ShowTable(family, rib.Start));
        rib.Forget();

        void Each(Action<PeerState, AddressFamily, RibUnderway> does)
        {
            foreach (var family in (ReadOnlySpan<AddressFamily>)[AddressFamily.IPv4, AddressFamily.IPv6])
                for (int id = 0; id < _peers.Count; id++)
                    if (rib.Speaks(id, family)) does(_peers[id], family, rib);
        }
    }

    private void Show(RibUnderway rib, RibUnderway.RibRoute entry)
    {
        var (time, place) = rib.RecordOf(entry);
        var numbered = rib.NumberedOf(entry);
        if (numbered is null && !_recent.Has(entry.Prefix, entry.Peer) && ShowQuiet(entry, time, place)) return;
        var route = RecentOf(entry.Prefix, entry.Peer, time);
        bool isOld = numbered is null ? route.Insert(time, entry.Path, Cause.RibEntry, place)
            : route.InsertNumbered(numbered, time, place, Paths);
        if (!isOld && RibWins(time, route.LastTime, rib.Start))
        {
            route.LastTime = time;
            route.Clear();
            int held = entry.Path;
            foreach (var (id, path) in numbered ?? []) held = route.Take(id, path, time, Paths);
            Step(route, time, held, Cause.RibEntry, place);
        }
        Keep(route);
    }

    // The same of a route that nobody spoke of lately. False where it contradicts what was known: an update may take that back.
    private bool ShowQuiet(RibUnderway.RibRoute entry, Timestamp time, SourcePlace place)
    {
        var peer = _peers[entry.Peer];
        int row = _prefixes.RowOf(entry.Prefix), held = peer.Paths[row];
        if (held >= RouteStep.NoRoute) return held == entry.Path && !peer.Numbered.ContainsKey(row);
        if (held == PathColumn.Untold && peer.Session is SessionState.Up) return false;
        // Lost since: it is what the loss made it.
        if (held == RouteStep.Unknown && peer.LostAt > time) return true;
        Step(peer, entry.Peer, row, new(time, entry.Path, Cause.RibEntry, place));
        return true;
    }

    private void Complete(RibUnderway rib)
    {
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
            if (_prefixes.Follows(prefix) && rib.Speaks(id, _prefixes[prefix].Family)) RecentOf(prefix, id, rib.Start);
        for (int row = 0; (row = peer.Paths.NextTold(row)) >= 0; row++)
            if (!rib.Shows(id, row) && rib.Speaks(id, _prefixes[_prefixes.InRow(row)].Family)) Lack(rib, id, row, isFollowed);
    }

    private void Lack(RibUnderway rib, int id, int row, bool isFollowed)
    {
        var peer = _peers[id];
        int prefix = _prefixes.InRow(row);
        bool isLost = rib.LosesAny || rib.Lost.Contains(prefix);
        if (!isLost && !_recent.Has(prefix, id) && LackQuiet(rib, peer, id, row)) return;
        var route = RecentOf(prefix, id, rib.Start);
        if (isLost)
        {
            // Nothing is said against what updates have told; of who sends none the dump was the only word.
            if (!isFollowed && RibWins(rib.Start, route.LastTime, rib.Start)) route.Forget(rib.Start);
        }
        else if (!route.Insert(rib.Start, RouteStep.NoRoute, Cause.RibAbsence, default) && RibWins(rib.Start, route.LastTime, rib.Start))
        {
            peer.Drop(prefix, _prefixes[prefix].Family);
            route.Clear();
            Step(route, rib.Start, RouteStep.NoRoute, Cause.RibAbsence, default);
        }
        Keep(route);
    }

    // The same for a route that nobody spoke of lately. False where one was held: an update may say that it is there still.
    private bool LackQuiet(RibUnderway rib, PeerState peer, int id, int row)
    {
        if (peer.Paths[row] >= 0) return false;
        if (peer.Paths[row] == RouteStep.Unknown && peer.LostAt > rib.Start) return true;
        peer.Drop(_prefixes.InRow(row), _prefixes[_prefixes.InRow(row)].Family);
        Step(peer, id, row, new(rib.Start, RouteStep.NoRoute, Cause.RibAbsence, default));
        return true;
    }

    // Strict on both sides: an update 60 s before the dump began still loses to it.
    private static bool RibWins(Timestamp rib, Timestamp last, Timestamp start) => rib > last && !(last > start - Backlog);

    /// <summary>Takes a change of the session's state. State 6 is Established; Quagga's 7 and 8 are not.</summary>
    public void PeerState(int id, int newState, Timestamp time, SourcePlace place)
    {
        Reach(time);
        if (newState == 6) StartTransfer(id, time);
        else if (_peers[id].Session is not SessionState.Down) Lose(id, time, Cause.PeerState, place, SessionState.Down);
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
    public void Lose(int id, Timestamp time, SourcePlace place) => Lose(id, time, Cause.FileDamage, place);

    private void Lose(int id, Timestamp time, Cause cause, SourcePlace place, SessionState state = SessionState.Unknown)
    {
        var peer = _peers[id];
        peer.Close(time, state);
        peer.Lose(time, cause);
        peer.Numbered.Clear();
        for (int row = 0; (row = peer.Paths.NextTold(row)) >= 0; row++)
        {
            if (_recent.Of(_prefixes.InRow(row), id) is not { } route)
            {
                Step(peer, id, row, new(time, RouteStep.Unknown, cause, place));
                continue;
            }
            route.Clear();
            Step(route, time, RouteStep.Unknown, cause, place);
            Keep(route);
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
            for (int row = 0; (row = peer.Paths.NextTold(row)) >= 0; row++)
            {
                if (peer.Paths[row] != RouteStep.Unknown) continue;
                // A dump that ran in the meantime may show all the same that it was there.
                var route = RecentOf(_prefixes.InRow(row), due.Peer, due.At);
                Step(route, due.At, RouteStep.NoRoute, Cause.PeerState, default);
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
            if (since <= time && !(peer.UnreadSince <= since)) route.Step(since, RouteStep.NoRoute, Cause.RibAbsence, default);
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

    internal Prefix PrefixOf(int prefix) => _prefixes[prefix];

    /// <summary>True for a prefix that only other origins announced, inside a prefix of the subject.</summary>
    internal bool IsInside(int prefix) => _prefixes.IsInside(prefix);
}
