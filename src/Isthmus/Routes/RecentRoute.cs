using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>
/// One followed prefix at one peer that somebody spoke of lately: the steps of the last while, which a dump that ends or an update that
/// comes late may still change.
/// </summary>
internal sealed class RecentRoute
{
    private NumberedPaths? _numbered;

    /// <summary>Begins with a route of which nothing is known.</summary>
    public void Begin(int prefix, int peer, int row)
    {
        (Prefix, Peer, Row) = (prefix, peer, row);
        LastTime = new(long.MinValue / 2);
        (_numbered, _count, _final) = (null, 0, 0);
    }

    /// <summary>Goes on with a route of which the steps so far are final.</summary>
    /// <param name="held">What the peer holds.</param>
    /// <param name="lastTime">Since when it is known at least.</param>
    public void Resume(int held, Timestamp lastTime, NumberedPaths? numbered)
    {
        (_numbered, LastTime) = (numbered, lastTime);
        if (_steps.Length == 0) _steps = new RouteStep[2];
        _steps[0] = new(new(long.MinValue / 2), held, default, default);
        _count = _final = 1;
    }

    public int Prefix { get; private set; }
    public int Peer { get; private set; }

    /// <summary>Its place in the peer's column.</summary>
    public int Row { get; private set; }

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
        _numbered ??= new();
        _numbered.Take(id, path, time);
        // That one path is gone says nothing of others that are not known.
        return _numbered.HeldIn(paths) ?? (Now == RouteStep.Unknown ? Now : path);
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
        int set = paths.InternSet([.. dumped.Select(one => one.Path)]);
        if (!Insert(time, set, Cause.RibEntry, place)) return false;
        if (_numbered is null)
        {
            // A session's table transfer that ended while the dump ran had not sent them; they are held all the same.
            if (Now != set) return true;
            _numbered = new();
            foreach (var (id, path) in dumped) _numbered.Add(id, path, time);
            return true;
        }
        if (_final > 0 && _steps[0].Time > time) return true;
        // A withdrawal of what was not known to be held made no step; now it ends what the dump shows.
        foreach (var (id, _) in dumped)
            if (_numbered.SaidOf(id) is { } said && said > time && Array.FindIndex(_steps, 0, _count, step => step.Time > said) is var after
                && (after < 0 ? _count : after) is var at && at > 0 && _steps[at - 1].Time < said)
                InsertAt(at, _steps[at - 1] with { Time = said, Cause = Cause.Withdrawal, Place = default });
        for (int i = 0; i < _count; i++)
        {
            if (_steps[i].Time <= time || _steps[i].Path == RouteStep.Unknown) continue;
            var at = _steps[i].Time;
            int[] silent = [.. dumped.Where(one => _numbered.SaidOf(one.Id) is not { } said || said > at).Select(one => one.Path)];
            int[] both = [.. silent, .. paths.Each(_steps[i].Path)];
            if (both.Length > 0) _steps[i] = _steps[i] with { Path = paths.InternSet(both) };
        }
        foreach (var (id, path) in dumped) _numbered.Add(id, path, time);
        return true;
    }

    /// <summary>Nothing is known from a time on, unless something later is; what began in that instant has not been.</summary>
    public void Forget(Timestamp since)
    {
        if (_count > 0 && _steps[_count - 1].Time > since) return;
        Clear();
        while (_count > _final && _steps[_count - 1].Time == since) _count--;
        Step(since, RouteStep.Unknown, Cause.FileDamage, default);
    }

    /// <summary>What was said last is of this time, whether it changed anything or not.</summary>
    public Timestamp LastTime { get; set; }

    /// <summary>From when on nothing was said and nothing happened.</summary>
    public Timestamp QuietSince => _count > 0 && _steps[_count - 1].Time > LastTime ? _steps[_count - 1].Time : LastTime;

    public int Now => _count == 0 ? RouteStep.Unknown : _steps[_count - 1].Path;

    // The first _final of them have gone to the sink and do not change: none, or
    // one that says what was held before the others.
    private RouteStep[] _steps = [];
    private int _count, _final;

    /// <summary>True where another step would need more room, so that steps which do not change any more may go first.</summary>
    public bool IsFull => _count == _steps.Length && _count >= FullMin;

    private const int FullMin = 8;

    /// <summary>Adds a step, unless nothing changes. Steps never go back in time.</summary>
    public void Step(Timestamp time, int path, Cause cause, SourcePlace place)
    {
        if (path == Now) return;
        if (_count > 0 && time < _steps[_count - 1].Time) time = _steps[_count - 1].Time;
        if (_count == _steps.Length) Array.Resize(ref _steps, Math.Max(1, _count * 2));
        _steps[_count++] = new(time, path, cause, place);
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
        // What is final stays, whatever comes this late.
        if (at < _final) return true;
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
    }

    /// <summary>Takes back what a dump since a time changed of what was known, as an update tells it better.</summary>
    public void Undo(Timestamp since)
    {
        if (_count < 2 || _steps[_count - 2].Path == RouteStep.Unknown || _steps[_count - 1].Time < since) return;
        if (_steps[_count - 1].IsOfDump) _count--;
    }

    /// <summary>Gives all steps to a sink, and the paths by identifier that are left: nothing to come changes any.</summary>
    public NumberedPaths? End(RouteSpanSink sink)
    {
        foreach (ref readonly var step in Pending) sink(Peer, Prefix, step);
        return _numbered is null || _numbered.Settle() ? null : _numbered;
    }

    /// <summary>Gives the steps before a time to a sink, in order: what comes from now on changes none of them.</summary>
    public void Settle(Timestamp before, RouteSpanSink sink)
    {
        int settled = 0;
        while (settled < _count && _steps[settled].Time < before) settled++;
        for (int i = _final; i < settled; i++) sink(Peer, Prefix, _steps[i]);
        if (settled > 0)
        {
            Array.Copy(_steps, settled - 1, _steps, 0, _count - settled + 1);
            _count -= settled - 1;
            _final = 1;
        }
        // Room for as many again, so that they are not looked through at each step.
        if (_count * 2 > _steps.Length) Array.Resize(ref _steps, _steps.Length * 2);
    }

    /// <summary>The steps that may still change, in order; they follow those that a sink has.</summary>
    public ReadOnlySpan<RouteStep> Pending => _steps.AsSpan(_final, _count - _final);
}
