using System.IO.Hashing;
using System.Runtime.InteropServices;

using Isthmus.Wire.Bgp;

namespace Isthmus.Routes;

/// <summary>
/// Gives equal AS paths one id, counted from 0 in order of arrival. A peer that holds several paths at once
/// (ADD-PATH, RFC 7911) holds a set of them, with an id of its own, and so does one that holds a path by an identifier.
/// </summary>
public sealed class PathTable
{
    /// <summary>The paths of a larger set that are kept: those of the lowest identifiers.</summary>
    public const int SetMax = 16;

    /// <summary>The first id of a set; no table has so many paths.</summary>
    private const int SetsFrom = 1 << 30;

    private readonly List<int[]> _sets = [];
    private readonly List<(uint Id, int Path)[]> _numbered = [];
    private readonly Dictionary<ulong, List<int>> _setIds = [];
    private uint[] _words = new uint[1 << 8];
    private int[] _ends = new int[1 << 6];
    private int[] _slots = new int[1 << 7];
    private int _count;

    /// <summary>How many different paths there are; sets of them are not counted.</summary>
    public int Count => _count;

    /// <summary>The ids of all paths, and then those of all sets of them, each in order of arrival.</summary>
    public IEnumerable<int> Ids => Enumerable.Range(0, _count).Concat(Enumerable.Range(SetsFrom, _sets.Count));

    /// <summary>A path; of a set its first.</summary>
    public PathWords this[int path]
    {
        get
        {
            path = First(path);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)path, (uint)_count, nameof(path));
            int start = path == 0 ? 0 : _ends[path - 1];
            return new(_words.AsSpan(start, _ends[path] - start));
        }
    }

    /// <summary>The paths of a set, that of the lowest identifier first; null for a single path.</summary>
    public IReadOnlyList<int>? SetOf(int path) => path >= SetsFrom ? _sets[path - SetsFrom] : null;

    /// <summary>The paths of a set by their identifiers, in their order; empty where they have none, or none is known.</summary>
    public IReadOnlyList<(uint Id, int Path)> NumberedOf(int path) => path >= SetsFrom ? _numbered[path - SetsFrom] : [];

    /// <summary>All paths that an id stands for: itself, or those of a set; none below zero, where there is no path.</summary>
    public IReadOnlyList<int> Each(int path) => path < 0 ? [] : SetOf(path) ?? [path];

    /// <summary>The path itself; of a set the first.</summary>
    public int First(int path) => path >= SetsFrom ? _sets[path - SetsFrom][0] : path;

    /// <summary>The text of a path; of a set that of each, the lowest identifier's first: <c>3333 64496 | 3333 174 64496</c>.</summary>
    public string TextOf(int path) => SetOf(path) is { } set
        ? string.Join(" | ", set.Select(one => this[one].ToString())) : this[path].ToString();

    /// <summary>
    /// The id of what a peer holds that holds several paths of which no identifiers are known: that of the path where there is one, else of
    /// the set.
    /// </summary>
    /// <param name="paths">Ids in order of their identifiers, at least one; equal ones count once.</param>
    public int InternUnnumbered(ReadOnlySpan<int> paths)
    {
        int[] kept = FirstOf(paths);
        return kept.Length == 1 ? kept[0] : InternSet(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(kept.AsSpan())), kept, []);
    }

    /// <summary>
    /// The id of what a peer holds by identifiers: a set, also where it is one path; that of the path where its identifier is 0.
    /// </summary>
    /// <param name="numbered">In order of their identifiers, at least one.</param>
    public int InternNumbered(ReadOnlySpan<(uint Id, int Path)> numbered)
    {
        if (numbered is [(0, var only)]) return only;
        Span<int> paths = numbered.Length <= 64 ? stackalloc int[numbered.Length] : new int[numbered.Length];
        for (int i = 0; i < paths.Length; i++) paths[i] = numbered[i].Path;
        return InternSet(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(numbered), seed: 1), FirstOf(paths), numbered);
    }

    /// <summary>The id here of what has an id in another table, new or known.</summary>
    public int InternAs(int id, PathTable other) => other.SetOf(id) is not { } set ? Intern(other[id])
        : other.NumberedOf(id) is [_, ..] numbered ? InternNumbered([.. numbered.Select(one => (one.Id, Intern(other[one.Path])))])
        : InternUnnumbered([.. set.Select(one => Intern(other[one]))]);

    private static int[] FirstOf(ReadOnlySpan<int> paths)
    {
        Span<int> kept = stackalloc int[SetMax];
        int count = 0;
        for (int i = 0; i < paths.Length && count < SetMax; i++)
            if (!kept[..count].Contains(paths[i])) kept[count++] = paths[i];
        return kept[..count].ToArray();
    }

    private int InternSet(ulong hash, int[] set, ReadOnlySpan<(uint Id, int Path)> numbered)
    {
        if (!_setIds.TryGetValue(hash, out var alike)) _setIds[hash] = alike = [];
        foreach (int id in alike)
            if (numbered.SequenceEqual(_numbered[id - SetsFrom]) && set.AsSpan().SequenceEqual(_sets[id - SetsFrom])) return id;
        _sets.Add(set);
        _numbered.Add(numbered.ToArray());
        alike.Add(SetsFrom + _sets.Count - 1);
        return alike[^1];
    }

    /// <summary>The id of a path, new or known.</summary>
    public int Intern(PathWords path)
    {
        var words = path.Span;
        ulong hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(words));
        int mask = _slots.Length - 1, slot = (int)(hash & (uint)mask);
        for (; _slots[slot] is var taken and not 0; slot = slot + 1 & mask)
            if (this[taken - 1].Span.SequenceEqual(words)) return taken - 1;
        return Add(words, slot);
    }

    private int Add(ReadOnlySpan<uint> words, int slot)
    {
        int start = _count == 0 ? 0 : _ends[_count - 1];
        if (start + words.Length > _words.Length) Array.Resize(ref _words, Math.Max(_words.Length * 2, start + words.Length));
        words.CopyTo(_words.AsSpan(start));
        if (_count == _ends.Length) Array.Resize(ref _ends, _count * 2);
        _ends[_count++] = start + words.Length;
        _slots[slot] = _count;
        if (_count * 2 > _slots.Length) Rehash();
        return _count - 1;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int path = 0; path < _count; path++)
        {
            int slot = (int)(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(this[path].Span)) & (uint)mask);
            while (_slots[slot] != 0) slot = slot + 1 & mask;
            _slots[slot] = path + 1;
        }
    }

    internal void Save(StateWriter to)
    {
        to.Write<int>(_ends.AsSpan(0, _count));
        to.Write<uint>(_words.AsSpan(0, _count == 0 ? 0 : _ends[_count - 1]));
        to.Write(_sets.Count);
        for (int set = 0; set < _sets.Count; set++)
        {
            to.Write<int>(_sets[set]);
            to.Write(_numbered[set], one =>
            {
                to.Write(one.Id);
                to.Write(one.Path);
            });
        }
    }

    internal void Load(StateReader from)
    {
        int[] ends = from.Numbers<int>();
        uint[] words = from.Numbers<uint>();
        int start = 0;
        foreach (int end in ends)
        {
            Intern(new PathWords(words.AsSpan(start, end - start)));
            start = end;
        }
        foreach (var (set, numbered) in from.All(() => (from.Numbers<int>(), from.All(() => (from.UInt(), from.Int())).ToArray())))
            if (numbered.Length > 0) InternNumbered(numbered); else InternUnnumbered(set);
    }
}
