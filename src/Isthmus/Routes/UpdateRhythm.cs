using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>
/// How often a collector wrote updates: by this one that stopped is told from one whose peers had no news (docs/methods.md, section 1).
/// </summary>
public sealed class UpdateRhythm
{
    /// <summary>A silence counts as a stop where it is so many times as long as any before it.</summary>
    private const int TimesLonger = 10;

    private Timestamp? _first, _last;
    private TimeSpan _longest;
    private Timestamp _dump;

    /// <summary>Of a collector of which nothing was read yet.</summary>
    public UpdateRhythm()
    {
    }

    /// <summary>As it was when <see cref="Known"/> gave this.</summary>
    public UpdateRhythm((Timestamp? First, Timestamp? Last, TimeSpan Longest, Timestamp Dump) known) =>
        (_first, _last, _longest, _dump) = known;

    /// <summary>All that it knows: the first event, the last update, the longest silence between updates, the last dump.</summary>
    public (Timestamp? First, Timestamp? Last, TimeSpan Longest, Timestamp Dump) Known => (_first, _last, _longest, _dump);

    /// <summary>The last update; null for none.</summary>
    public Timestamp? Last => _last;

    /// <summary>An update was written; a time before the last one changes nothing.</summary>
    public void Update(Timestamp time)
    {
        _first ??= time;
        if (_last is { } last && time - last > _longest) _longest = time - last;
        if (!(_last >= time)) _last = time;
    }

    /// <summary>A dump was written. The silence from the first one to the first update counts; a later one is news.</summary>
    public void Dump(Timestamp time)
    {
        _first ??= time;
        _last ??= time;
        if (time > _dump) _dump = time;
    }

    /// <summary>True where it is silent up to a time for an hour, and ten times as long as ever before.</summary>
    public bool HasStopped(Timestamp until) => _last is { } last && _first is { } first && _dump <= last
        && until - last > RoutingState.SilenceMax && until - last > TimesLonger * _longest
        && last - first > RoutingState.SilenceMax && last - first > TimesLonger * _longest;
}
