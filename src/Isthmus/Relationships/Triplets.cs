namespace Isthmus.Relationships;

/// <summary>
/// All runs of three ASes on some paths, by the one nearest to the origin: <c>x y z</c> says that y passed a route of z, or by z, to x.
/// </summary>
internal sealed class Triplets
{
    // Three ids of 21 bits: the Internet had 80,000 ASes in 2026.
    private const int Bits = 21, AsMax = 1 << Bits;

    private readonly ulong[] _keys;
    private readonly int[] _ends;

    /// <param name="skipped">Paths that do not count; null for none.</param>
    /// <exception cref="NotSupportedException">There are more than two million ASes.</exception>
    public Triplets(SeenPaths paths, IReadOnlySet<int>? skipped = null)
    {
        if (paths.AsCount >= AsMax) throw new NotSupportedException($"{paths.AsCount} ASes, and at most {AsMax - 1} are counted");
        var keys = new List<ulong>();
        for (int path = 0; path < paths.Count; path++)
        {
            if (skipped?.Contains(path) is true) continue;
            var hops = paths[path];
            // The last bit: the path ends there.
            for (int i = 2; i < hops.Length; i++)
                keys.Add((ulong)hops[i] << 2 * Bits + 1 | (ulong)hops[i - 1] << Bits + 1 | (ulong)hops[i - 2] << 1
                    | (i == hops.Length - 1 ? 1u : 0));
        }
        ulong[] sorted = [.. keys];
        Array.Sort(sorted);
        var distinct = new List<ulong>();
        var ends = new List<int>();
        foreach (ulong key in sorted)
        {
            if (distinct.Count == 0 || distinct[^1] != key >> 1)
            {
                distinct.Add(key >> 1);
                ends.Add(0);
            }
            ends[^1] += (int)(key & 1);
        }
        (_keys, _ends) = ([.. distinct], [.. ends]);
    }

    /// <summary>Runs.</summary>
    public int Count => _keys.Length;

    /// <summary>A run, the AS nearest to the vantage point first, and by how many paths its last is the origin.</summary>
    public (int X, int Y, int Z, int Ends) this[int at] =>
        ((int)(_keys[at] & AsMax - 1), (int)(_keys[at] >> Bits & AsMax - 1), (int)(_keys[at] >> 2 * Bits), _ends[at]);

    /// <summary>Where the runs are that end with an AS, those of one AS in the middle together.</summary>
    public Range EndingWith(int z) => At((ulong)z << 2 * Bits)..At((ulong)(z + 1) << 2 * Bits);

    /// <summary>Where the runs are that end with two ASes.</summary>
    public Range EndingWith(int y, int z) => At((ulong)z << 2 * Bits | (ulong)y << Bits)..At((ulong)z << 2 * Bits | (ulong)(y + 1) << Bits);

    private int At(ulong key) => Array.BinarySearch(_keys, key) is var at && at < 0 ? ~at : at;
}
