using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>
/// One followed prefix at one peer: what it holds, and the steps to it of the last while, which a dump that ends or an update that comes
/// late may still change.
/// </summary>
internal sealed class TrackedRoute(int prefix, int peer)
{
    public int Prefix { get; } = prefix;
    public int Peer { get; } = peer;

    /// <summary>Identifiers of one peer and prefix that are told apart; further ones are passed over.</summary>
    private const int IdentifiersMax = 1024;

    /// <summary>The path of one ADD-PATH identifier (RFC 7911).</summary>
    /// <param name="Path">Below zero where it is withdrawn.</param>
    /// <param name="Said">When the peer first spoke of it after the last dump; what that dump shows of it stood until then.</param>
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
        if (_numbered is null || _final > 0 && _steps[0].Time > time) return true;
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
        while (_count > _final && _steps[_count - 1].Time == since) _count--;
        Step(since, RouteStep.Unknown, Cause.FileDamage, default);
    }

    /// <summary>The dump that held it last.</summary>
    public RibUnderway? LastDump { get; set; }
    public Timestamp LastTime { get; set; } = new(long.MinValue / 2);
    public int Now => _count == 0 ? RouteStep.Unknown : _steps[_count - 1].Path;

    // Most routes of a full table take one step and no other. The first _final of them have gone to the sink and do not change: none, or
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
