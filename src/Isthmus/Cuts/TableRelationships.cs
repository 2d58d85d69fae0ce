using Isthmus.Dependence;
using Isthmus.Relationships;
using Isthmus.Wire;

namespace Isthmus.Cuts;

/// <summary>The relationships that what peers held at a second shows.</summary>
public static class TableRelationships
{
    /// <summary>Every different path that a peer holds of a family and that may be believed.</summary>
    public static SeenPaths PathsOf(WholeTable table, AddressFamily family)
    {
        var seen = new SeenPaths();
        var (first, count) = table.RowsOf(family).GetOffsetAndLength(table.Prefixes.Count);
        var met = new HashSet<int>();
        for (int peer = 0; peer < table.Peers.Count; peer++)
        {
            met.Clear();
            for (int row = first; row < first + count; row++)
                if (table.HeldBy(peer, row) is >= 0 and var held && met.Add(held))
                    foreach (int path in table.Paths.Sent.Each(held))
                        if (table.Paths[path].CountsForInference && table.IsBelieved(peer, path))
                            seen.Add(table.Peers[peer].Peer.Asn, table.Paths[path].Hops);
        }
        return seen;
    }

    /// <summary>Where inferred relationships are from, in words.</summary>
    public static string Words(SeenPaths paths) => $"inferred from {Text.Wording.Count(paths.Count, "path", "paths")}"
        + $" of {Text.Wording.Count(Enumerable.Range(0, paths.Count).Select(paths.PeerOf).Distinct().Count(), "peer AS", "peer ASes")}";
}
