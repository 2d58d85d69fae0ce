using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Routes;

/// <summary>What is known of a session with a collector.</summary>
internal enum SessionState : byte
{
    Unknown,
    Down,
    /// <summary>Up, and sending its table.</summary>
    Transfer,
    /// <summary>Up, and its table is known: what it has not announced it does not hold.</summary>
    Up,
}

/// <summary>One peer as its records come in: its session, how much it holds, and how its paths begin.</summary>
/// <param name="met">When the data showed it first.</param>
internal sealed class PeerState(Peer peer, Timestamp met)
{
    private PrefixSet _ipv4 = new(), _ipv6 = new();
    private readonly List<SessionSpan> _up = [];
    private readonly List<SessionLoss> _losses = [];
    private readonly SortedSet<Timestamp> _dumps = [];
    private readonly List<SessionBreak> _breaks = [];
    private readonly List<TableSize> _sizes = [];
    private bool _spoke;
    private long _ownFirst, _otherFirst;
    private Timestamp _ipv4Shown = new(long.MinValue / 2), _ipv6Shown = new(long.MinValue / 2);

    /// <summary>Its name; a number that the index table lacks comes with the first update that has it.</summary>
    public Peer Peer { get; set; } = peer;

    /// <summary>Since when its IPv4 table is known; null for not yet.</summary>
    public Timestamp? Ipv4Since { get; private set; }

    /// <summary>The same for IPv6.</summary>
    public Timestamp? Ipv6Since { get; private set; }

    /// <summary>Notes that a dump or a table transfer shows its table of a family.</summary>
    public void KnowTable(AddressFamily family, Timestamp since)
    {
        if (family is AddressFamily.IPv4) Ipv4Since = Ipv4Since < since ? Ipv4Since : since;
        else Ipv6Since = Ipv6Since < since ? Ipv6Since : since;
    }

    /// <summary>Notes that what it holds of a family was shown by a dump that began then, and is no other part of the last one.</summary>
    public void ShowTable(AddressFamily family, Timestamp dump)
    {
        if (family is AddressFamily.IPv4) _ipv4Shown = FirstPart(family, dump);
        else _ipv6Shown = FirstPart(family, dump);
    }

    /// <summary>
    /// When the dump began of which this one is, or may be, a part: what one showed before the session was lost says nothing of the time
    /// since.
    /// </summary>
    public Timestamp FirstPart(AddressFamily family, Timestamp dump) =>
        LastShown(family) is var before && before > dump - RoutingState.Backlog && before >= LostAt ? before : dump;

    public SessionState Session { get; set; }
    public Timestamp TransferEnd { get; set; }
    public Timestamp UpSince { get; private set; }

    /// <summary>Why the table is known since then: the session's table transfer ended, or a dump shows it.</summary>
    public Cause UpCause { get; private set; }

    public Timestamp LastHeard { get; private set; } = new(long.MinValue / 2);
    public int Ipv4Max { get; private set; }
    public int Ipv6Max { get; private set; }

    /// <summary>What it holds now of the prefixes that are followed.</summary>
    public PathColumn Paths { get; } = new();

    /// <summary>Of a peer that sends several paths of a prefix, those that it holds, by row, where nobody spoke of it lately.</summary>
    public Dictionary<int, NumberedPaths> Numbered { get; } = [];

    /// <summary>When the last dump began that shows its table of a family, whole or not; long ago for none.</summary>
    public Timestamp LastShown(AddressFamily family) => family is AddressFamily.IPv4 ? _ipv4Shown : _ipv6Shown;

    /// <summary>The last dump that held routes of it.</summary>
    public RibUnderway? LastRib { get; set; }

    /// <summary>True where it ever told a path with an ADD-PATH identifier.</summary>
    public bool NumbersPaths { get; set; }

    /// <summary>When the first update of it came; null for never.</summary>
    public Timestamp? FirstUpdate { get; private set; }

    /// <summary>When the last update of it came; null for never.</summary>
    public Timestamp? LastUpdate { get; private set; }

    /// <summary>An update of it came.</summary>
    public void Updated(Timestamp time)
    {
        FirstUpdate ??= time;
        if (!(LastUpdate > time)) LastUpdate = time;
    }

    /// <summary>When its last message was sent, an update or a change of state; long ago for none.</summary>
    public Timestamp LastTold { get; set; } = new(long.MinValue / 2);

    /// <summary>Since when a prefix that nobody named is known not to be held; that its session was up tells no more before.</summary>
    public Timestamp AbsentSince { get; set; } = new(long.MinValue / 2);

    /// <summary>Since when that is not known any more, as a dump has lost routes of no known prefix; null where it is.</summary>
    public Timestamp? UnreadSince { get; set; }

    public void Heard(Timestamp time)
    {
        LastHeard = time > LastHeard ? time : LastHeard;
        if (!_spoke && _losses is [.., { Back: null } last] && time >= last.From) _losses[^1] = last with { Back = time };
        _spoke = true;
    }

    /// <summary>Notes that the session is lost, where it had spoken since it was lost before.</summary>
    public void Lose(Timestamp time, Cause cause)
    {
        if (_spoke) _losses.Add(new(time, null, cause));
        _spoke = false;
    }

    /// <summary>Forgets when it was up or lost, where that was over at a time, and dumps before the last one before it.</summary>
    public void Forget(Timestamp before)
    {
        _up.RemoveAll(span => span.To < before);
        _losses.RemoveAll(loss => loss.Back < before);
        while (_dumps.Count > 1 && _dumps.ElementAt(1) < before) _dumps.Remove(_dumps.Min);
    }

    /// <summary>Notes that a whole dump shows what it held then.</summary>
    public void ShownAt(Timestamp dump) => _dumps.Add(dump);

    public bool Holds(int prefix, AddressFamily family) => SetOf(family).Contains(prefix);

    public void Hold(int prefix, AddressFamily family, Timestamp time)
    {
        if (!SetOf(family).Add(prefix) || _ipv4.Count <= Ipv4Max && _ipv6.Count <= Ipv6Max) return;
        Ipv4Max = Math.Max(Ipv4Max, _ipv4.Count);
        Ipv6Max = Math.Max(Ipv6Max, _ipv6.Count);
        // One for each second in which it rises: of a dump that is written in minutes some hundred.
        bool isSame = _sizes is [.., var last] && last.At.Seconds >= time.Seconds;
        var rise = new TableSize(isSame ? _sizes[^1].At : time, Ipv4Max, Ipv6Max);
        if (isSame) _sizes[^1] = rise; else _sizes.Add(rise);
    }

    public void Drop(int prefix, AddressFamily family) => SetOf(family).Remove(prefix);

    private PrefixSet SetOf(AddressFamily family) => family is AddressFamily.IPv4 ? _ipv4 : _ipv6;

    /// <summary>Counts whether a path starts with the peer's own AS number.</summary>
    public void Judge(PathWords path)
    {
        if (path.First is not { } first) return;
        if (first == Peer.Asn) _ownFirst++; else _otherFirst++;
    }

    /// <summary>Notes that its table is known.</summary>
    /// <param name="cause">Why.</param>
    public void Open(Timestamp time, Cause cause)
    {
        if (Session is SessionState.Up) return;
        Session = SessionState.Up;
        (UpSince, UpCause) = (_up.Count > 0 && time < _up[^1].To ? _up[^1].To : time, cause);
    }

    /// <summary>Notes what a dump tells of a session that was lost while it was written.</summary>
    public void WasUp(Timestamp from, Timestamp lost)
    {
        LastHeard = from > LastHeard ? from : LastHeard;
        if (_up.Count == 0 || _up[^1].To < from) _up.Add(new(from, lost));
    }

    /// <summary>Breaks within the time in which a dump may be written that are told apart; of more the last times are one.</summary>
    private const int BreaksMax = 4096;

    /// <summary>Notes that the session is lost or begins, for dumps that are being written.</summary>
    public SessionBreak Break(Timestamp time, Cause cause, SourcePlace place, bool begins = false, bool byUpdate = false)
    {
        _breaks.RemoveAll(one => one.At < time - RoutingState.LateMax - RoutingState.TableTransfer);
        if (_breaks.Count == BreaksMax) _breaks.RemoveAt(BreaksMax - 1);
        var added = new SessionBreak(time, cause, place, Session, UpSince, UpCause) { Begins = begins, IsByUpdate = byUpdate };
        int at = _breaks.Count;
        while (at > 0 && _breaks[at - 1].At > time) at--;
        _breaks.Insert(at, added);
        return added;
    }

    /// <summary>When the session was lost or began last, as far back as a dump may be written; long ago for never.</summary>
    public Timestamp LostAt => _breaks is [.., var last] ? last.At : new(long.MinValue / 2);

    /// <summary>True where the session was lost or began after a time, as far back as a dump may be written.</summary>
    public bool BrokeAfter(Timestamp time) => LostAt > time;

    /// <summary>True where something was known of a row after a dump began until the session was lost.</summary>
    public bool KnewUntilLost(int row, Timestamp dump) => _breaks.Exists(one => one.At > dump && one.Rows.Contains(row));

    /// <summary>What is known of a row that was never told, from when the session was lost on: it, and the tables known since.</summary>
    public IEnumerable<RouteStep> Since(SessionBreak loss)
    {
        yield return new(loss.At, RouteStep.Unknown, loss.Cause, loss.Place);
        foreach (var later in _breaks)
        {
            if (later.At <= loss.At || later.Before is not SessionState.Up) continue;
            yield return new(later.UpSince, RouteStep.NoRoute, later.UpCause, default);
            yield return new(later.At, RouteStep.Unknown, later.Cause, later.Place);
        }
        if (Session is SessionState.Up) yield return new(UpSince, RouteStep.NoRoute, UpCause, default);
    }

    /// <summary>What a dump that shows routes of it may say.</summary>
    /// <param name="whole">True where it proves by what it lacks.</param>
    public DumpView SeenBy(RibUnderway dump, bool whole)
    {
        bool isStale = false, inTransfer = false;
        int next = 0;
        for (; next < _breaks.Count && _breaks[next].At <= dump.Start; next++)
        {
            var past = _breaks[next];
            isStale |= past.Cause is Cause.PeerState && past.At > dump.Start - RoutingState.Backlog;
            inTransfer = past.Begins && dump.Start < past.At + RoutingState.TableTransfer;
        }
        if (whole && !isStale && next == _breaks.Count - 1 && _breaks[next].IsByUpdate)
        {
            // It was up when the dump began, so that the update which came then began no table transfer.
            _breaks.RemoveAt(next);
            Session = SessionState.Unknown;
        }
        return new(isStale, inTransfer, next < _breaks.Count ? _breaks[next] : null);
    }

    public void Close(Timestamp time, SessionState state)
    {
        if (Session is SessionState.Up && time > UpSince) _up.Add(new(UpSince, time));
        if (state is SessionState.Down)
        {
            _ipv4.Clear();
            _ipv6.Clear();
        }
        Session = state;
    }

    /// <summary>What is known of it now, as one value that does not change.</summary>
    public PeerRecord ToRecord() => new(
        Peer, Ipv4Max, Ipv6Max, IsTransparent, [.. _up], Session is SessionState.Up ? UpSince : null, !_spoke)
    {
        Ipv4Since = Ipv4Since,
        Ipv6Since = Ipv6Since,
        FirstUpdate = FirstUpdate,
        Losses = [.. _losses],
        Dumps = [.. _dumps],
        Sizes = [.. _sizes],
        Met = met,
    };

    // A session whose paths start with another AS as a rule is a route server's or an internal one, and is used;
    // on any other session such a path is an error (methods.md, "What each peer holds").
    private bool IsTransparent => _otherFirst > 0 && _otherFirst >= 9 * _ownFirst;

    public void Save(StateWriter to)
    {
        to.Write(Peer);
        to.Write(met);
        _ipv4.Save(to);
        _ipv6.Save(to);
        to.Write(_up, span =>
        {
            to.Write(span.From);
            to.Write(span.To);
        });
        to.Write(_losses, loss =>
        {
            to.Write(loss.From);
            to.Write(loss.Back);
            to.Write((byte)loss.Cause);
        });
        to.Write(_dumps, to.Write);
        to.Write(_breaks, one => one.Save(to));
        to.Write(_sizes, size =>
        {
            to.Write(size.At);
            to.Write(size.Ipv4);
            to.Write(size.Ipv6);
        });
        to.Write(_spoke);
        foreach (long count in (ReadOnlySpan<long>)[_ownFirst, _otherFirst]) to.Write(count);
        foreach (var time in (ReadOnlySpan<Timestamp>)[_ipv4Shown, _ipv6Shown, TransferEnd, UpSince, LastHeard, LastTold, AbsentSince])
            to.Write(time);
        foreach (var time in (ReadOnlySpan<Timestamp?>)[Ipv4Since, Ipv6Since, FirstUpdate, LastUpdate, UnreadSince, LastRib?.Start])
            to.Write(time);
        if (LastRib is { } rib) to.Write(rib.End);
        to.Write((byte)Session);
        to.Write((byte)UpCause);
        to.Write(Ipv4Max);
        to.Write(Ipv6Max);
        to.Write(NumbersPaths);
        Paths.Save(to);
        to.Write(Numbered.Count);
        foreach (var (row, paths) in Numbered)
        {
            to.Write(row);
            paths.Save(to);
        }
    }

    public static PeerState Load(StateReader from)
    {
        var peer = new PeerState(from.Peer(), from.Time()) { _ipv4 = PrefixSet.Load(from), _ipv6 = PrefixSet.Load(from) };
        peer._up.AddRange(from.All(() => new SessionSpan(from.Time(), from.Time())));
        peer._losses.AddRange(from.All(() => new SessionLoss(from.Time(), from.TimeOrNone(), (Cause)from.Byte())));
        peer._dumps.UnionWith(from.All(from.Time));
        peer._breaks.AddRange(from.All(() => SessionBreak.Load(from)));
        peer._sizes.AddRange(from.All(() => new TableSize(from.Time(), from.Int(), from.Int())));
        peer._spoke = from.Bool();
        (peer._ownFirst, peer._otherFirst) = (from.Long(), from.Long());
        (peer._ipv4Shown, peer._ipv6Shown, peer.TransferEnd) = (from.Time(), from.Time(), from.Time());
        (peer.UpSince, peer.LastHeard, peer.LastTold, peer.AbsentSince) = (from.Time(), from.Time(), from.Time(), from.Time());
        (peer.Ipv4Since, peer.Ipv6Since) = (from.TimeOrNone(), from.TimeOrNone());
        (peer.FirstUpdate, peer.LastUpdate, peer.UnreadSince) = (from.TimeOrNone(), from.TimeOrNone(), from.TimeOrNone());
        if (from.TimeOrNone() is { } dump) peer.LastRib = RibUnderway.Over(from.Collector, dump, from.Time());
        (peer.Session, peer.UpCause) = ((SessionState)from.Byte(), (Cause)from.Byte());
        (peer.Ipv4Max, peer.Ipv6Max, peer.NumbersPaths) = (from.Int(), from.Int(), from.Bool());
        peer.Paths.Load(from);
        foreach (var (row, paths) in from.All(() => (from.Int(), NumberedPaths.Load(from)))) peer.Numbered.Add(row, paths);
        return peer;
    }
}
