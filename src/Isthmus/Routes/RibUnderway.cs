using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>A RIB dump that is being read: it takes effect as a whole when it ends (methods.md, "What each peer holds").</summary>
public sealed class RibUnderway(Collector collector, Timestamp start)
{
    private readonly HashSet<(int Peer, AddressFamily Family)> _seen = [];
    private readonly Dictionary<(int Prefix, int Peer), List<(uint Id, int Path)>> _numbered = [];
    private readonly Dictionary<int, PrefixSet> _shown = [];
    private DumpView[] _views = [];
    private readonly List<(Timestamp Time, SourcePlace Place)> _places = [];

    public Collector Collector { get; } = collector;

    /// <summary>Time of the first record.</summary>
    public Timestamp Start { get; } = start;

    // The entries of followed prefixes in the dump's order, page by page: a list would hold them twice when it grows.
    private readonly List<RibRoute[]> _entries = [];
    private int _last = EntriesOfPage;

    private const int EntriesOfPage = 1 << 12;

    /// <summary>
    /// Takes the entries of followed prefixes in the dump's order; of several for one prefix and peer the first counts, and with it all
    /// that are numbered (RFC 8050). Each page is let go of before the next.
    /// </summary>
    internal IEnumerable<RibRoute> TakeEntries()
    {
        for (int page = 0; page < _entries.Count; page++)
        {
            int count = page == _entries.Count - 1 ? _last : EntriesOfPage;
            for (int entry = 0; entry < count; entry++) yield return _entries[page][entry];
            _entries[page] = [];
        }
    }

    internal void Add(int prefix, int peer, int path, uint pathId, Timestamp time, SourcePlace place)
    {
        // The entries of one record have one place.
        if (_places.Count == 0 || _places[^1] != (time, place)) _places.Add((time, place));
        if (_last == EntriesOfPage)
        {
            _entries.Add(new RibRoute[EntriesOfPage]);
            _last = 0;
        }
        _entries[^1][_last++] = new(prefix, peer, path, _places.Count - 1);
        if (pathId == 0) return;
        if (!_numbered.TryGetValue((prefix, peer), out var paths)) _numbered[(prefix, peer)] = paths = [];
        paths.Add((pathId, path));
    }

    /// <summary>When an entry's record was written, and where it stands.</summary>
    internal (Timestamp Time, SourcePlace Place) RecordOf(RibRoute entry) => _places[entry.Record];

    /// <summary>Notes what it may say of a peer, when it ends.</summary>
    internal void See(int peer, in DumpView view)
    {
        if (peer >= _views.Length) Array.Resize(ref _views, Math.Max(peer + 1, _views.Length * 2));
        _views[peer] = view;
    }

    /// <summary>What it may say of a peer of which it holds routes.</summary>
    internal ref readonly DumpView ViewOf(int peer) => ref _views[peer];

    /// <summary>Notes that the dump shows a route of a peer; false where it did before.</summary>
    internal bool Show(int peer, int row) => (_shown.TryGetValue(peer, out var rows) ? rows : _shown[peer] = new()).Add(row);

    /// <summary>True where the dump shows a route of a peer.</summary>
    internal bool Shows(int peer, int row) => _shown.TryGetValue(peer, out var rows) && rows.Contains(row);

    /// <summary>The numbered paths of an entry's prefix and peer; null where it is without a number.</summary>
    internal IReadOnlyList<(uint Id, int Path)>? NumberedOf(RibRoute entry) =>
        _numbered.Count == 0 ? null : _numbered.GetValueOrDefault((entry.Prefix, entry.Peer));

    /// <summary>Lets go of the entries once they are in the state.</summary>
    internal void Close(Timestamp end)
    {
        (_last, End) = (EntriesOfPage, end);
        _entries.Clear();
        _numbered.Clear();
        _places.Clear();
    }

    /// <summary>A dump that is over, of which no more is known than that.</summary>
    internal static RibUnderway Over(Collector collector, Timestamp start, Timestamp end) => new(collector, start) { End = end };

    /// <summary>Lets go of what it shows, too, once what it lacks is known.</summary>
    internal void Forget()
    {
        _shown.Clear();
        _views = [];
    }

    /// <summary>Time of the last record, when it has ended.</summary>
    internal Timestamp End { get; private set; } = new(long.MinValue / 2);

    /// <summary>Prefixes of which routes could not be read: who has none of them in the dump may hold one.</summary>
    internal HashSet<int> Lost { get; } = [];

    /// <summary>True where routes of no known prefix could not be read: what the dump lacks, it may have held.</summary>
    internal bool LosesAny { get; set; }

    internal void Note(int peer, AddressFamily family) => _seen.Add((peer, family));

    /// <summary>True when the dump holds routes of this family from the peer, so that what it lacks is absent.</summary>
    internal bool Speaks(int peer, AddressFamily family) => _seen.Contains((peer, family));

    internal bool Speaks(int peer) => Speaks(peer, AddressFamily.IPv4) || Speaks(peer, AddressFamily.IPv6);

    /// <summary>One entry: of a whole table there are tens of millions.</summary>
    /// <param name="Record">Which of the places; for <see cref="RecordOf"/>.</param>
    internal readonly record struct RibRoute(int Prefix, int Peer, int Path, int Record);
}
