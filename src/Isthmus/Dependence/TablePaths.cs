using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>An AS path after cleaning (docs/methods.md, "Paths"): a view of what <see cref="TablePaths"/> keeps.</summary>
/// <param name="words">The hops, then the members of a set at its end.</param>
public readonly ref struct TablePath(ReadOnlySpan<Asn> words, int hops, PathVerdict verdict, bool hasLoop, bool isPoisoned)
{
    private readonly ReadOnlySpan<Asn> _words = words;

    /// <summary>Whether it can be used, and why not.</summary>
    public PathVerdict Verdict => verdict;

    /// <summary>Vantage point first, origin last, each AS once; without origins that are a set. Empty where it is refused.</summary>
    public ReadOnlySpan<Asn> Hops => _words[..hops];

    /// <summary>The origin; several, sorted, where the path ends in an AS_SET. Empty where it is refused.</summary>
    public ReadOnlySpan<Asn> Origins => _words.Length > hops ? _words[hops..] : _words[Math.Max(0, hops - 1)..];

    /// <summary>The hops before the origins, the vantage point first; empty where the vantage point is the origin.</summary>
    public ReadOnlySpan<Asn> Carriers => _words.Length > hops ? Hops : Hops[..Math.Max(0, hops - 1)];

    /// <summary>An AS stood twice with others between. Not for inference of relationships.</summary>
    public bool HasLoop => hasLoop;

    /// <summary>Two transit-free ASes stand apart with others between them. Not for inference of relationships.</summary>
    public bool IsPoisoned => isPoisoned;

    /// <inheritdoc cref="CleanPath.CountsForInference"/>
    public bool CountsForInference => verdict is PathVerdict.Accepted && _words.Length == hops && !hasLoop && !isPoisoned;
}

/// <summary>The paths of a table after cleaning, each cleaned once: four bytes a hop, and nine a path.</summary>
public sealed class TablePaths(PathTable paths, PathCleaning cleaning)
{
    private const byte IsClean = 1 << 4, Loop = 1 << 5, Poisoned = 1 << 6, VerdictMask = 0xF;

    private Asn[] _words = new Asn[1 << 10];
    private int _end;

    // Where the hops of a path begin, how many there are, how many words with the origins behind them, and what else is known.
    private int[] _starts = [];
    private ushort[] _hops = [], _lengths = [];
    private byte[] _marks = [];

    /// <summary>The paths as they were sent.</summary>
    public PathTable Sent { get; } = paths;

    /// <summary>A path by its id in <see cref="Sent"/>; of a set its first.</summary>
    public TablePath this[int path]
    {
        get
        {
            path = Sent.First(path);
            if (path >= _marks.Length || (_marks[path] & IsClean) == 0) Clean(path);
            byte marks = _marks[path];
            return new(_words.AsSpan(_starts[path], _lengths[path]), _hops[path], (PathVerdict)(marks & VerdictMask),
                (marks & Loop) != 0, (marks & Poisoned) != 0);
        }
    }

    private void Clean(int path)
    {
        if (path >= _marks.Length) Grow(Sent.Count);
        _starts[path] = _end;
        var sent = Sent[path];
        // Nearly every path needs no more than that prepending is taken off.
        if (cleaning.OriginOfOrdinary(sent) is not null) AddCollapsed(path, sent.Span[1..]);
        else
        {
            var clean = cleaning.Clean(sent);
            _marks[path] = (byte)((byte)clean.Verdict | (clean.HasLoop ? Loop : 0));
            if (clean.Verdict is PathVerdict.Accepted)
            {
                foreach (var hop in clean.Hops) Add(hop);
                _hops[path] = checked((ushort)clean.Hops.Count);
                if (clean.Origins.Count > 1)
                    foreach (var origin in clean.Origins) Add(origin);
            }
        }
        _lengths[path] = checked((ushort)(_end - _starts[path]));
        _marks[path] |= IsClean;
        if (PathCleaning.IsPoisoned(_words.AsSpan(_starts[path], _hops[path]))) _marks[path] |= Poisoned;
    }

    private void AddCollapsed(int path, ReadOnlySpan<uint> hops)
    {
        for (int i = 0; i < hops.Length; i++)
            if (i == 0 || hops[i] != hops[i - 1]) Add(new(hops[i]));
        _hops[path] = checked((ushort)(_end - _starts[path]));
    }

    private void Add(Asn asn)
    {
        if (_end == _words.Length) Array.Resize(ref _words, _end * 2);
        _words[_end++] = asn;
    }

    private void Grow(int count)
    {
        count = Math.Max(count, _marks.Length * 3 / 2);
        Array.Resize(ref _starts, count);
        Array.Resize(ref _hops, count);
        Array.Resize(ref _lengths, count);
        Array.Resize(ref _marks, count);
    }
}
