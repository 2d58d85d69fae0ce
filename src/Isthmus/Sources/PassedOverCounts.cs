using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>How often what is defined by a standard and not decoded was met.</summary>
public static class PassedOverCounts
{
    /// <summary>Those of which there are most first; of as many by their numbers, so that the order is the same in every run.</summary>
    public static IReadOnlyList<KeyValuePair<PassedOver, long>> InOrder(IEnumerable<KeyValuePair<PassedOver, long>> counts)
    {
        var sums = new Dictionary<PassedOver, long>();
        foreach (var (what, count) in counts) sums[what] = sums.GetValueOrDefault(what) + count;
        var all = new List<KeyValuePair<PassedOver, long>>(sums);
        // Not by LINQ, which in a native program looks up how to order by each kind of key: as long as to read a small file.
        all.Sort((one, other) => one.Value == other.Value
            ? Numbers(one.Key).CompareTo(Numbers(other.Key)) : other.Value.CompareTo(one.Value));
        return all;
    }

    private static ulong Numbers(PassedOver what) =>
        (ulong)what.Type << 48 | (ulong)what.Subtype << 32 | (ulong)what.Message << 24 | (ulong)what.Afi << 8 | what.Safi;
}
