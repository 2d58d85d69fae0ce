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
        _confirmed?.Clear();
    }

    /// <summary>Goes on with a route of which the steps so far are final.</summary>
    /// <param name="held">What the peer holds.</param>
    /// <param name="lastTime">Since when it is known at least.</param>
    public void Resume(int held, Timestamp lastTime, NumberedPaths? numbered)
    {
        (_numbered, LastTime) = (numbered, lastTime);
        numbered?.Resume(lastTime);
        if (_steps.Length == 0) _steps = new RouteStep[2];
        _steps[0] = new(new(long.MinValue / 2), held, default, default);
        _count = _final = 1;
        _confirmed?.Clear();
    }

    public int Prefix { get; private set; }
    public int Peer { get; private set; }

    /// <summary>Its place in the peer's column.</summary>
    public int Row { get; private set; }

    /// <summary>True where the peer numbers its paths.</summary>
    public bool IsNumbered => _numbered is { IsEmpty: false };

    /// <summary>True where nothing was told of it yet.</summary>
    public bool IsUntold => _count == 0;

    /// <summary>True where paths by identifier were told of lately, or are held.</summary>
    public bool HasNumbers => _numbered is not null;

    /// <summary>
    /// Takes the path of one identifier, or its withdrawal where it is negative, and tells what the peer then holds: all paths that
    /// are left. An identifier of 0 is none: it and numbered ones replace each other.
    /// </summary>
    public int Take(uint id, int path, Timestamp time, Cause cause, SourcePlace place, PathTable paths)
    {
        if (id == 0)
        {
            _numbered = null;
            return path;
        }
        // Of what an unnumbered path said nothing is left but that a number is withdrawn which never came.
        if (path < 0 && _numbered is null && Now >= 0) return Now;
        _numbered ??= NumberedPaths.After(_steps.AsSpan(0, _count));
        _numbered.Add(new(time, NumberedPaths.Kind.Said, id, path, cause, place));
        return _numbered.HeldIn(paths);
    }

    /// <summary>Forgets the paths by identifier: what has none has replaced them.</summary>
    public void Clear() => _numbered = null;

    /// <summary>Nothing is known from a time on.</summary>
    public void Lose(Timestamp time, Cause cause, SourcePlace place)
    {
        _numbered?.Lose(time, cause, place);
        Step(time, RouteStep.Unknown, cause, place);
    }

    /// <summary>A table transfer has ended: what has not been told of is not held.</summary>
    public void Complete(Timestamp time)
    {
        _numbered?.Add(new(time, NumberedPaths.Kind.Complete, 0, RouteStep.NoRoute, Cause.PeerState, default));
        if (Now == RouteStep.Unknown) Step(time, RouteStep.NoRoute, Cause.PeerState, default);
    }

    /// <summary>Takes what a dump shows of the numbered paths: of each identifier messages are the better witness.</summary>
    /// <param name="told">Messages after this time stand.</param>
    /// <param name="first">When the dump began, or its first part; what that showed stands.</param>
    /// <param name="isAll">False where others may be held that it does not show.</param>
    /// <param name="then">
    /// Where the session was lost while it was written, that, and what came of it: then it tells what was not known. Else empty.
    /// </param>
    public void InsertNumbered(
        IReadOnlyList<(uint Id, int Path)> shown, Timestamp told, Timestamp first, in RouteStep step, bool isAll,
        ReadOnlySpan<RouteStep> then, PathTable paths)
    {
        var time = step.Time;
        int at = _count;
        while (at > 0 && _steps[at - 1].Time > time) at--;
        if (at < _final) return;
        _numbered ??= NumberedPaths.After(_steps.AsSpan(0, _count));
        if (then.IsEmpty && _numbered.ShownAt == first && (at > 0 ? _steps[at - 1].Path : RouteStep.Unknown) != RouteStep.Unknown) return;
        if (_numbered.Insert(shown, told, first, step, isAll, then, paths) is not { } steps) return;
        LastTime = first > LastTime ? first : LastTime;
        _count = at;
        foreach (var one in steps) Add(one);
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

    /// <summary>What was held at a time, as far back as steps may still change.</summary>
    public int At(Timestamp time)
    {
        int at = _count;
        while (at > 0 && _steps[at - 1].Time > time) at--;
        return at == 0 ? RouteStep.Unknown : _steps[at - 1].Path;
    }

    public int Now => _count == 0 ? RouteStep.Unknown : _steps[_count - 1].Path;

    // The first _final of them have gone to the sink and do not change: none, or
    // one that says what was held before the others.
    private RouteStep[] _steps = [];
    private int _count, _final;

    /// <summary>True where another step would need more room, so that steps which do not change any more may go first.</summary>
    public bool IsFull => _count == _steps.Length && _count >= FullMin;

    private const int FullMin = 8;

    // Withdrawals of what was not there by the end of the session's table transfer; of more the first count.
    private List<RouteStep>? _confirmed;
    private const int ConfirmedMax = 16;

    /// <summary>Adds a step, unless nothing changes. Steps never go back in time.</summary>
    /// <param name="id">The ADD-PATH identifier; 0 for none.</param>
    public void Step(Timestamp time, int path, Cause cause, SourcePlace place, uint id = 0) =>
        Add(new(time, path, cause, place) { PathId = id });

    private void Add(in RouteStep step)
    {
        if (step.Path == Now)
        {
            // A withdrawal of what a session has not sent is no step; where a dump shows that it was there, it is one.
            if (_count > 0 && IsUnsent(_count - 1) && (_confirmed ??= []).Count < ConfirmedMax) _confirmed.Add(step);
            return;
        }
        if (_count == _steps.Length) Array.Resize(ref _steps, Math.Max(1, _count * 2));
        _steps[_count] = _count > 0 && step.Time < _steps[_count - 1].Time ? step with { Time = _steps[_count - 1].Time } : step;
        _count++;
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
        if (_steps[at].Path == path || IsUnsent(at))
        {
            Replace(at, new(time, path, cause, place));
            return true;
        }
        InsertAt(at, new(time, path, cause, place));
        return true;
    }

    /// <summary>True where something was told of it before a time.</summary>
    public bool IsOlderThan(Timestamp time) => _count > 0 && _steps[0].Time <= time;

    /// <summary>Adds what a dump shows where nothing was known, up to a time at which the session was lost.</summary>
    /// <param name="then">The loss, and what came of it as far as nothing was told.</param>
    public void Fill(in RouteStep shown, ReadOnlySpan<RouteStep> then)
    {
        int at = _count;
        while (at > 0 && _steps[at - 1].Time > shown.Time) at--;
        if (at < _final || at > 0 && _steps[at - 1].Path != RouteStep.Unknown) return;
        bool isFollowed = at < _count && _steps[at].Time <= then[0].Time;
        if (isFollowed && (_steps[at].Path == shown.Path || IsUnsent(at)))
        {
            Replace(at, shown);
            return;
        }
        for (int i = isFollowed ? -1 : then.Length - 1; i >= 0; i--)
            if (at == _count || then[i].Time < _steps[at].Time) InsertAt(at, then[i]);
        InsertAt(at, shown);
    }

    // What was not there only because the session had not sent it when its table transfer ended.
    private bool IsUnsent(int at) => _steps[at] is { Path: RouteStep.NoRoute, Cause: Cause.PeerState };

    // Puts what a dump shows in the place of a step that it makes one of its own, or that it disproves.
    private void Replace(int at, in RouteStep shown)
    {
        var replaced = _steps[at];
        bool isDisproved = IsUnsent(at) && shown.Path != RouteStep.NoRoute;
        _steps[at] = shown;
        if (!isDisproved || _confirmed is null) return;
        foreach (var withdrawal in _confirmed)
        {
            if (withdrawal.Time < replaced.Time || at + 1 < _count && withdrawal.Time > _steps[at + 1].Time) continue;
            InsertAt(at + 1, withdrawal);
            return;
        }
    }

    private void InsertAt(int at, RouteStep step)
    {
        if (_count == _steps.Length) Array.Resize(ref _steps, Math.Max(2, _count * 2));
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
        _numbered?.Settle(before);
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

    public void Save(StateWriter to)
    {
        to.Write(Prefix);
        to.Write(Peer);
        to.Write(Row);
        to.Write(LastTime);
        to.Write(_final);
        to.Write(_count);
        foreach (ref readonly var step in _steps.AsSpan(0, _count)) to.Write(step);
        to.Write(_confirmed ?? [], step => to.Write(step));
        to.Write(_numbered is not null);
        _numbered?.Save(to);
    }

    public static RecentRoute Load(StateReader from)
    {
        var route = new RecentRoute();
        route.Begin(from.Int(), from.Int(), from.Int());
        route.LastTime = from.Time();
        route._final = from.Int();
        route._steps = [.. from.All(from.Step)];
        route._count = route._steps.Length;
        route._confirmed = [.. from.All(from.Step)];
        if (from.Bool()) route._numbered = NumberedPaths.Load(from);
        return route;
    }
}
