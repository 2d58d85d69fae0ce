using System.Runtime.InteropServices;

using Isthmus.Wire;

namespace Isthmus.Relationships;

/// <summary>
/// The links of some paths: between which ASes, by how many paths of how many peer ASes, and who stands in the middle of a path.
/// </summary>
internal sealed class SeenLinks
{
    private readonly SeenPaths _paths;
    private readonly Dictionary<ulong, int> _ids = [];
    private readonly List<Row> _rows = [];

    private struct Row
    {
        public int Low, High, Paths, Peers;
        public Asn LastPeer;
        // Whether some path goes on at an end: then that end passes routes on between the other and a third.
        public bool LowPasses, HighPasses;
    }

    /// <param name="skipped">Paths that do not count; null for none.</param>
    public SeenLinks(SeenPaths paths, IReadOnlySet<int>? skipped = null)
    {
        _paths = paths;
        int[] order = [.. Enumerable.Range(0, paths.Count).Where(path => skipped?.Contains(path) is not true)];
        // Peer after peer, so that the last one tells whether it was counted.
        Array.Sort(order, (one, other) => paths.PeerOf(one).CompareTo(paths.PeerOf(other)) is var by and not 0 ? by : one.CompareTo(other));
        foreach (int path in order) Add(path);
        TransitDegree = new int[paths.AsCount];
        Degree = new int[paths.AsCount];
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(_rows))
        {
            Degree[row.Low]++;
            Degree[row.High]++;
            if (row.LowPasses) TransitDegree[row.Low]++;
            if (row.HighPasses) TransitDegree[row.High]++;
        }
    }

    /// <summary>Links.</summary>
    public int Count => _rows.Count;

    /// <summary>Neighbours of each AS, by its id.</summary>
    public int[] Degree { get; }

    /// <summary>Neighbours between which and others an AS is seen to pass routes on.</summary>
    public int[] TransitDegree { get; }

    /// <summary>The id of the link of two ASes; -1 where no path has it.</summary>
    public int Between(int one, int other) => _ids.GetValueOrDefault(KeyOf(one, other), -1);

    /// <summary>The two ASes of a link, the lower id first.</summary>
    public (int Low, int High) EndsOf(int link) => (_rows[link].Low, _rows[link].High);

    /// <summary>Different paths that hold a link.</summary>
    public int PathsOf(int link) => _rows[link].Paths;

    /// <summary>A link with what it is.</summary>
    /// <param name="provider">The id of the provider; -1 for a peering.</param>
    public AsLink Told(int link, int provider)
    {
        var row = _rows[link];
        Asn low = _paths.AsOf(row.Low), high = _paths.AsOf(row.High);
        if (provider >= 0) return new(_paths.AsOf(provider), provider == row.Low ? high : low, LinkKind.Transit, row.Paths, row.Peers);
        return low < high ? new(low, high, LinkKind.Peering, row.Paths, row.Peers) : new(high, low, LinkKind.Peering, row.Paths, row.Peers);
    }

    private void Add(int path)
    {
        var hops = _paths[path];
        var peer = _paths.PeerOf(path);
        for (int i = 1; i < hops.Length; i++)
        {
            int low = Math.Min(hops[i - 1], hops[i]), high = Math.Max(hops[i - 1], hops[i]);
            ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, KeyOf(low, high), out bool isKnown);
            if (!isKnown)
            {
                id = _rows.Count;
                _rows.Add(new() { Low = low, High = high });
            }
            ref var row = ref CollectionsMarshal.AsSpan(_rows)[id];
            row.Paths++;
            if (row.Peers == 0 || row.LastPeer != peer) row.Peers++;
            row.LastPeer = peer;
            bool nearerPasses = i > 1, fartherPasses = i < hops.Length - 1;
            row.LowPasses |= hops[i] == low ? fartherPasses : nearerPasses;
            row.HighPasses |= hops[i] == high ? fartherPasses : nearerPasses;
        }
    }

    private static ulong KeyOf(int one, int other) => one < other ? (ulong)(uint)one << 32 | (uint)other
        : (ulong)(uint)other << 32 | (uint)one;
}
