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

/// <summary>One followed prefix at one peer, as it changes.</summary>
internal sealed class TrackedRoute(int prefix, int peer)
{
    public int Prefix { get; } = prefix;
    public int Peer { get; } = peer;

    /// <summary>Identifiers of one peer and prefix that are told apart; further ones are passed over.</summary>
    private const int IdentifiersMax = 1024;

    /// <summary>The path of one ADD-PATH identifier (RFC 7911).</summary>
    /// <param name="Path">Below zero where it is withdrawn.</param>
    /// <param name="Said">When the peer first spoke of it after the last dump; what a dump before that shows of it stood until then.</param>
    private readonly record struct NumberedPath(uint Id, int Path, Timestamp Said);

    // Sorted by identifier; null on a session that sends none.
    private List<NumberedPath>? _numbered;

    /// <summary>True where the peer numbers its paths.</summary>
    public bool IsNumbered => _numbered is not null;

    /// <summary>
    /// Takes the path of one identifier, or its withdrawal where it is negative, and tells what the peer then holds: all paths that
    /// are left. An identifier of 0 is none: it and numbered ones replace each other.
    /// </summary>
    public int Take(uint id, int path, Timestamp time, PathTable paths)
    {
        if (id == 0)
        {
            _numbered = null;
            return path;
        }
        // Of what an unnumbered path said nothing is left but that a number is withdrawn which never came.
        if (path < 0 && _numbered is null && Now >= 0) return Now;
        _numbered ??= [];
        int at = PlaceOf(id);
        if (at < _numbered.Count && _numbered[at].Id == id) _numbered[at] = _numbered[at] with { Path = path };
        else if (_numbered.Count < IdentifiersMax) _numbered.Insert(at, new(id, path, time));
        int[] held = [.. _numbered.Where(numbered => numbered.Path >= 0).Select(numbered => numbered.Path)];
        // That one path is gone says nothing of others that are not known.
        return held.Length > 0 ? paths.InternSet(held) : Now == RouteStep.Unknown ? Now : path;
    }

    private int PlaceOf(uint id)
    {
        int low = 0, high = _numbered!.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_numbered[middle].Id < id) low = middle + 1; else high = middle;
        }
        return low;
    }

    /// <summary>Forgets the paths by identifier: a session's end or a dump has replaced them.</summary>
    public void Clear() => _numbered = null;

    /// <summary>
    /// Takes the numbered paths of a dump that is older than what updates have said since: each stood beside what came, until the
    /// peer spoke of its identifier.
    /// </summary>
    /// <returns>False where nothing later is known.</returns>
    public bool InsertNumbered(IReadOnlyList<(uint Id, int Path)> dumped, Timestamp time, SourcePlace place, PathTable paths)
    {
        if (!Insert(time, paths.InternSet([.. dumped.Select(one => one.Path)]), Cause.RibEntry, place)) return false;
        if (_numbered is null) return true;
        // A withdrawal of what was not known to be held made no step; now it ends what the dump shows.
        foreach (var (id, _) in dumped)
            if (SaidOf(id) is { } said && said > time && Array.FindIndex(_steps, 0, _count, step => step.Time > said) is var after
                && (after < 0 ? _count : after) is var at && at > 0 && _steps[at - 1].Time < said)
                InsertAt(at, _steps[at - 1] with { Time = said, Cause = Cause.Withdrawal, Place = default });
        for (int i = 0; i < _count; i++)
        {
            if (_steps[i].Time <= time || _steps[i].Path == RouteStep.Unknown) continue;
            var at = _steps[i].Time;
            int[] silent = [.. dumped.Where(one => SaidOf(one.Id) is not { } said || said > at).Select(one => one.Path)];
            int[] both = [.. silent, .. paths.Each(_steps[i].Path)];
            if (both.Length > 0) _steps[i] = _steps[i] with { Path = paths.InternSet(both) };
        }
        foreach (var (id, path) in dumped)
            if (SaidOf(id) is null && _numbered.Count < IdentifiersMax) _numbered.Insert(PlaceOf(id), new(id, path, time));
        return true;
    }

    private Timestamp? SaidOf(uint id) =>
        PlaceOf(id) is var at && at < _numbered!.Count && _numbered[at].Id == id ? _numbered[at].Said : null;

    /// <summary>Nothing is known from a time on, unless something later is; what began in that instant has not been.</summary>
    public void Forget(Timestamp since)
    {
        if (_count > 0 && _steps[_count - 1].Time > since) return;
        Clear();
        while (_count > 0 && _steps[_count - 1].Time == since) _count--;
        Step(since, RouteStep.Unknown, Cause.FileDamage, default);
    }

    /// <summary>The dump that held it last.</summary>
    public RibUnderway? LastDump { get; set; }
    public Timestamp LastTime { get; set; } = new(long.MinValue / 2);
    public bool EverHeld { get; private set; }
    public int Now => _count == 0 ? RouteStep.Unknown : _steps[_count - 1].Path;

    // Most routes of a full table take one step and no other.
    private RouteStep[] _steps = [];
    private int _count;

    /// <summary>Adds a step, unless nothing changes. Steps never go back in time.</summary>
    public void Step(Timestamp time, int path, Cause cause, SourcePlace place)
    {
        if (path == Now) return;
        if (_count > 0 && time < _steps[_count - 1].Time) time = _steps[_count - 1].Time;
        if (_count == _steps.Length) Array.Resize(ref _steps, Math.Max(1, _count * 2));
        _steps[_count++] = new(time, path, cause, place);
        EverHeld |= path >= 0;
    }

    /// <summary>
    /// Adds what a dump tells of a time before later steps, where nothing was known of it: so it does not matter whether
    /// the dump or the updates that came while it ran are read first. False where there is nothing later.
    /// </summary>
    public bool Insert(Timestamp time, int path, Cause cause, SourcePlace place)
    {
        int at = _count;
        while (at > 0 && _steps[at - 1].Time > time) at--;
        if (at == _count) return false;
        if (at > 0 && _steps[at - 1].Path != RouteStep.Unknown || at == 0 && path == RouteStep.Unknown) return true;
        // An update that says the same is no step, and what a session did not send in time the dump shows all the same.
        if (_steps[at].Path == path || _steps[at] is { Path: RouteStep.NoRoute, Cause: Cause.PeerState })
        {
            _steps[at] = new(time, path, cause, place);
            return true;
        }
        InsertAt(at, new(time, path, cause, place));
        return true;
    }

    private void InsertAt(int at, RouteStep step)
    {
        if (_count == _steps.Length) Array.Resize(ref _steps, _count * 2);
        Array.Copy(_steps, at, _steps, at + 1, _count - at);
        _steps[at] = step;
        _count++;
        EverHeld |= step.Path >= 0;
    }

    /// <summary>Takes back what a dump since a time changed of what was known, as an update tells it better.</summary>
    public void Undo(Timestamp since)
    {
        if (_count < 2 || _steps[_count - 2].Path == RouteStep.Unknown || _steps[_count - 1].Time < since) return;
        if (_steps[_count - 1].IsOfDump) _count--;
    }

    public IReadOnlyList<RouteStep> Steps => _count == _steps.Length ? _steps : new ArraySegment<RouteStep>(_steps, 0, _count);
}

/// <summary>One peer as its records come in: its session, how much it holds, and how its paths begin.</summary>
internal sealed class PeerState(Peer peer)
{
    private readonly PrefixSet _ipv4 = new(), _ipv6 = new();
    private readonly List<SessionSpan> _up = [];
    private readonly List<SessionLoss> _losses = [];
    private readonly SortedSet<Timestamp> _dumps = [];
    private bool _spoke;
    private long _ownFirst, _otherFirst;

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

    public SessionState Session { get; set; }
    public Timestamp TransferEnd { get; set; }
    public Timestamp UpSince { get; private set; }
    public Timestamp LastHeard { get; private set; } = new(long.MinValue / 2);
    public int Ipv4Max { get; private set; }
    public int Ipv6Max { get; private set; }
    public List<TrackedRoute> Tracked { get; } = [];

    /// <summary>The last dump that held routes of it.</summary>
    public RibUnderway? LastRib { get; set; }

    /// <summary>True when an update of it came.</summary>
    public bool SendsUpdates => LastUpdate is not null;

    /// <summary>When the last update of it came; null for never.</summary>
    public Timestamp? LastUpdate { get; set; }

    /// <summary>Since when a prefix that nobody named is known not to be held; that its session was up tells no more before.</summary>
    public Timestamp AbsentSince { get; set; } = new(long.MinValue / 2);

    /// <summary>Since when that is not known any more, as a dump has lost routes of no known prefix; null where it is.</summary>
    public Timestamp? UnreadSince { get; set; }

    /// <summary>When the session was lost last.</summary>
    public Timestamp LostAt { get; private set; } = new(long.MinValue / 2);

    public void Heard(Timestamp time)
    {
        LastHeard = time > LastHeard ? time : LastHeard;
        if (!_spoke && _losses is [.., { Back: null } last] && time >= last.From) _losses[^1] = last with { Back = time };
        _spoke = true;
    }

    /// <summary>Notes that the session is lost, where it had spoken since it was lost before.</summary>
    public void Lose(Timestamp time, Cause cause)
    {
        LostAt = time > LostAt ? time : LostAt;
        if (_spoke) _losses.Add(new(time, null, cause));
        _spoke = false;
    }

    /// <summary>Notes that a whole dump shows what it held then.</summary>
    public void ShownAt(Timestamp dump) => _dumps.Add(dump);

    public bool Holds(int prefix, AddressFamily family) => SetOf(family).Contains(prefix);

    public void Hold(int prefix, AddressFamily family)
    {
        if (!SetOf(family).Add(prefix)) return;
        Ipv4Max = Math.Max(Ipv4Max, _ipv4.Count);
        Ipv6Max = Math.Max(Ipv6Max, _ipv6.Count);
    }

    public void Drop(int prefix, AddressFamily family) => SetOf(family).Remove(prefix);

    private PrefixSet SetOf(AddressFamily family) => family is AddressFamily.IPv4 ? _ipv4 : _ipv6;

    /// <summary>Counts whether a path starts with the peer's own AS number.</summary>
    public void Judge(PathWords path)
    {
        if (path.First is not { } first) return;
        if (first == Peer.Asn) _ownFirst++; else _otherFirst++;
    }

    public void Open(Timestamp time)
    {
        if (Session is SessionState.Up) return;
        Session = SessionState.Up;
        UpSince = _up.Count > 0 && time < _up[^1].To ? _up[^1].To : time;
    }

    /// <summary>Notes what a dump tells of a session that was lost while it ran.</summary>
    public void WasUp(Timestamp from)
    {
        if (_up.Count == 0 || _up[^1].To < from) _up.Add(new(from, LostAt));
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

    public PeerFeed ToFeed(Timestamp to, FullFeed full)
    {
        SessionSpan[] up = Session is SessionState.Up && to >= UpSince ? [.. _up, new(UpSince, to)] : [.. _up];
        return new(Peer, Ipv4Max, Ipv6Max,
            Ipv4Since is not null && full.Ipv4(Ipv4Max), Ipv6Since is not null && full.Ipv6(Ipv6Max), IsTransparent, up)
        {
            SendsUpdates = SendsUpdates,
            Ipv4Since = Ipv4Since,
            Ipv6Since = Ipv6Since,
            Losses = _losses,
            Dumps = [.. _dumps],
        };
    }

    // A session whose paths start with another AS as a rule is a route server's or an internal one, and is used;
    // on any other session such a path is an error (methods.md, "What each peer holds").
    private bool IsTransparent => _otherFirst > 0 && _otherFirst >= 9 * _ownFirst;
}
