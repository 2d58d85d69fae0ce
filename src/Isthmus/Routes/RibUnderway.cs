using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>A RIB dump that is being read: it takes effect as a whole when it ends (methods.md, "What each peer holds").</summary>
public sealed class RibUnderway(Collector collector, Timestamp start)
{
    private readonly HashSet<(int Peer, AddressFamily Family)> _seen = [];
    private readonly Dictionary<(int Prefix, int Peer), List<(uint Id, int Path)>> _numbered = [];

    public Collector Collector { get; } = collector;

    /// <summary>Time of the first record.</summary>
    public Timestamp Start { get; } = start;

    /// <summary>
    /// The entries of followed prefixes in the dump's order; of several for one prefix and peer the first counts, and with it all
    /// that are numbered (RFC 8050).
    /// </summary>
    internal List<RibRoute> Entries { get; private set; } = [];

    internal void Add(RibRoute entry, uint pathId)
    {
        Entries.Add(entry);
        if (pathId == 0) return;
        if (!_numbered.TryGetValue((entry.Prefix, entry.Peer), out var paths)) _numbered[(entry.Prefix, entry.Peer)] = paths = [];
        paths.Add((pathId, entry.Path));
    }

    /// <summary>The numbered paths of an entry's prefix and peer; null where it is without a number.</summary>
    internal IReadOnlyList<(uint Id, int Path)>? NumberedOf(RibRoute entry) =>
        _numbered.Count == 0 ? null : _numbered.GetValueOrDefault((entry.Prefix, entry.Peer));

    /// <summary>Lets go of the entries once they are in the table; that the dump held a route is still known by the route.</summary>
    internal void Close(Timestamp end)
    {
        (Entries, End) = ([], end);
        _numbered.Clear();
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

    internal readonly record struct RibRoute(int Prefix, int Peer, Timestamp Time, int Path, SourcePlace Place);
}
