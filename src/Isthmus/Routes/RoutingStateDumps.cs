using Isthmus.Wire;

namespace Isthmus.Routes;

/// <content>What a RIB dump says (methods.md, "What each peer holds").</content>
public sealed partial class RoutingState
{
    /// <summary>Opens a RIB dump of a collector: its entries stand beside the table until it ends.</summary>
    public static RibUnderway BeginRib(Collector collector, Timestamp time) => new(collector, time);

    /// <summary>Takes an entry of a dump underway.</summary>
    public void RibEntry(RibUnderway rib, in Statement said)
    {
        int prefix = Intern(said);
        var peer = _peers[said.Peer];
        peer.Judge(said.Path);
        peer.Hold(prefix, said.Prefix.Family, said.Time);
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
        for (int id = 0; id < _peers.Count; id++)
            if (rib.Speaks(id)) rib.See(id, _peers[id].SeenBy(rib, whole));
        foreach (var entry in rib.TakeEntries())
        {
            ref readonly var view = ref rib.ViewOf(entry.Peer);
            if (!view.IsStale && rib.Show(entry.Peer, _prefixes.RowOf(entry.Prefix))) Show(rib, entry, view);
        }
        rib.Close(end);
        Each(static (peer, family, rib) => peer.KnowTable(family, rib.Start));
        if (whole) Complete(rib);
        Each(static (peer, family, rib) => peer.ShowTable(family, rib.Start));
        rib.Forget();

        void Each(Action<PeerState, AddressFamily, RibUnderway> does)
        {
            foreach (var family in (ReadOnlySpan<AddressFamily>)[AddressFamily.IPv4, AddressFamily.IPv6])
                for (int id = 0; id < _peers.Count; id++)
                    if (rib.Speaks(id, family) && !rib.ViewOf(id).IsStale) does(_peers[id], family, rib);
        }
    }

    private void Show(RibUnderway rib, RibUnderway.RibRoute entry, in DumpView view)
    {
        var (time, place) = rib.RecordOf(entry);
        var numbered = rib.NumberedOf(entry);
        if (view.Loss is { } loss)
        {
            int shown = numbered is null ? entry.Path : Paths.InternNumbered([.. numbered]);
            if (time < loss.At) ShowUntil(view, loss, rib, entry, new(time, shown, Cause.RibEntry, place), numbered);
            return;
        }
        if (numbered is null && !_recent.Has(entry.Prefix, entry.Peer) && ShowQuiet(entry, time, place)) return;
        var route = RecentOf(entry.Prefix, entry.Peer, time);
        var first = _peers[entry.Peer].FirstPart(_prefixes[entry.Prefix].Family, rib.Start);
        if (numbered is not null)
        {
            bool isNew = route.IsUntold;
            Number(route, rib, numbered, first, new(time, 0, Cause.RibEntry, place), !view.InTransfer, []);
            // The table transfer that it came in has ended since.
            if (isNew && view.InTransfer && _peers[entry.Peer] is { Session: SessionState.Up } peer) route.Complete(peer.UpSince);
        }
        else if (route.Insert(time, entry.Path, Cause.RibEntry, place))
        {
            // Another part of the dump says nothing against it.
            if (route.At(time) == entry.Path && route.LastTime < first) route.LastTime = first;
        }
        else if (RibWins(route, time, rib.Start))
        {
            route.LastTime = first;
            route.Clear();
            Step(route, time, entry.Path, Cause.RibEntry, place);
        }
        Keep(route);
    }

    private void Number(
        RecentRoute route, RibUnderway rib, IReadOnlyList<(uint Id, int Path)> shown, Timestamp first, in RouteStep step, bool isAll,
        ReadOnlySpan<RouteStep> then)
    {
        _peers[route.Peer].NumbersPaths = true;
        if (route.IsFull) route.Settle(step.Time - LateMax, sink);
        route.InsertNumbered(shown, rib.Start - Backlog, first, step, isAll, then, Paths);
    }

    // Of a session that is lost while the dump is written it shows what was not known, up to then.
    private void ShowUntil(
        in DumpView view, SessionBreak loss, RibUnderway rib, RibUnderway.RibRoute entry, in RouteStep shown,
        IReadOnlyList<(uint Id, int Path)>? numbered)
    {
        var peer = _peers[entry.Peer];
        int row = _prefixes.RowOf(entry.Prefix), held = peer.Paths[row];
        var route = _recent.Of(entry.Prefix, entry.Peer);
        // Of what was never told the table told all the same that it was not held, where it was known.
        bool wasTold = route?.IsOlderThan(shown.Time) ?? held != PathColumn.Untold;
        bool wasKnown = wasTold ? route is null && held != RouteStep.Unknown || peer.KnewUntilLost(row, rib.Start)
            : loss.Before is SessionState.Up && loss.UpSince <= rib.Start;
        if (wasKnown) return;
        RouteStep[] then = wasTold ? [new(loss.At, RouteStep.Unknown, loss.Cause, loss.Place)] : [.. peer.Since(loss)];
        if (route is not null)
        {
            if (numbered is null) route.Fill(shown, then);
            else Number(route, rib, numbered, rib.Start, shown, !view.InTransfer, then);
            Keep(route);
            return;
        }
        Step(peer, entry.Peer, row, shown);
        foreach (var step in then) Step(peer, entry.Peer, row, step);
    }

    // The same of a route that nobody spoke of lately. False where it contradicts what was known: an update may take that back.
    private bool ShowQuiet(RibUnderway.RibRoute entry, Timestamp time, SourcePlace place)
    {
        var peer = _peers[entry.Peer];
        int row = _prefixes.RowOf(entry.Prefix), held = peer.Paths[row];
        if (held >= RouteStep.NoRoute) return held == entry.Path && !peer.Numbered.ContainsKey(row);
        if (held == PathColumn.Untold && peer.Session is SessionState.Up) return false;
        Step(peer, entry.Peer, row, new(time, entry.Path, Cause.RibEntry, place));
        return true;
    }

    private void Complete(RibUnderway rib)
    {
        for (int id = 0; id < _peers.Count; id++)
        {
            var peer = _peers[id];
            if (peer.Peer.Collector != rib.Collector) continue;
            if (rib.Speaks(id)) Complete(id, rib, rib.ViewOf(id));
            else if (peer.Session is SessionState.Up && peer.UpSince <= rib.Start && peer.LastHeard < rib.Start - SilenceMax
                && !peer.BrokeAfter(rib.Start))
                Lose(id, rib.Start, Cause.Silence, default);
        }
    }

    private void Complete(int id, RibUnderway rib, in DumpView view)
    {
        if (view.IsStale) return;
        var peer = _peers[id];
        bool wasUp = peer.Session is SessionState.Up or SessionState.Transfer;
        peer.LastRib = rib;
        peer.ShownAt(rib.Start);
        if (view.Loss is { } loss)
        {
            peer.WasUp(rib.Start, loss.At);
            return;
        }
        if (!view.InTransfer) peer.Open(rib.Start, Cause.RibAbsence);
        peer.Heard(rib.Start);
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
            if (!rib.Shows(id, row) && rib.Speaks(id, _prefixes[_prefixes.InRow(row)].Family))
                Lack(rib, id, row, isFollowed, view.InTransfer);
    }

    private void Lack(RibUnderway rib, int id, int row, bool isFollowed, bool inTransfer)
    {
        var peer = _peers[id];
        int prefix = _prefixes.InRow(row);
        bool isLost = rib.LosesAny || rib.Lost.Contains(prefix);
        if (!isLost && !_recent.Has(prefix, id) && LackQuiet(rib, peer, id, row, inTransfer)) return;
        var route = RecentOf(prefix, id, rib.Start);
        if (isLost)
        {
            // Nothing is said against what updates have told; of who sends none the dump was the only word.
            if (!isFollowed && RibWins(route, rib.Start, rib.Start)) route.Forget(rib.Start);
        }
        else if (route.HasNumbers)
        {
            var first = peer.FirstPart(_prefixes[prefix].Family, rib.Start);
            Number(route, rib, [], first, new(rib.Start, 0, Cause.RibAbsence, default), !inTransfer, []);
            if (route.Now < 0) peer.Drop(prefix, _prefixes[prefix].Family);
        }
        // What a session has not sent yet the dump cannot have.
        else if (!(inTransfer && route.At(rib.Start) == RouteStep.Unknown)
            && !route.Insert(rib.Start, RouteStep.NoRoute, Cause.RibAbsence, default) && RibWins(route, rib.Start, rib.Start))
        {
            peer.Drop(prefix, _prefixes[prefix].Family);
            route.Clear();
            Step(route, rib.Start, RouteStep.NoRoute, Cause.RibAbsence, default);
        }
        Keep(route);
    }

    // The same for a route that nobody spoke of lately. False where one was held: an update may say that it is there still.
    private bool LackQuiet(RibUnderway rib, PeerState peer, int id, int row, bool inTransfer)
    {
        if (peer.Paths[row] >= 0) return false;
        if (inTransfer) return true;
        peer.Drop(_prefixes.InRow(row), _prefixes[_prefixes.InRow(row)].Family);
        Step(peer, id, row, new(rib.Start, RouteStep.NoRoute, Cause.RibAbsence, default));
        return true;
    }

    // Strict on both sides: an update 60 s before the dump began still loses to it. What is not known stands against nothing, and what was
    // said before the session was lost says nothing of the time since.
    private bool RibWins(RecentRoute route, Timestamp rib, Timestamp start) =>
        route.Now == RouteStep.Unknown || route.LastTime < _peers[route.Peer].LostAt
        || rib > route.LastTime && !(route.LastTime > start - Backlog);
}
