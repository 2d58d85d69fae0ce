using Isthmus.Wire;

namespace Isthmus.Filters;

/// <summary>How a prefix is related to those of a list.</summary>
internal enum PrefixRelation
{
    /// <summary>It is one of them.</summary>
    Exact,
    /// <summary>It lies in one of them, or is one.</summary>
    Within,
    /// <summary>One of them lies in it, or is it.</summary>
    Covering,
    /// <summary>It shares an address with one of them: one lies in the other.</summary>
    Overlaps,
}

/// <summary>Prefixes in order. Two of them either are nested or share nothing, so every question is one binary search.</summary>
internal sealed class PrefixList
{
    private readonly Prefix[] _all, _outermost;

    public PrefixList(IEnumerable<Prefix> prefixes)
    {
        _all = [.. prefixes];
        Array.Sort(_all);
        var outermost = new List<Prefix>();
        foreach (var prefix in _all)
            if (outermost.Count == 0 || !outermost[^1].Covers(prefix)) outermost.Add(prefix);
        _outermost = [.. outermost];
    }

    public bool Holds(Prefix prefix, PrefixRelation relation) => relation switch
    {
        PrefixRelation.Exact => FirstFrom(_all, prefix) is var at && at < _all.Length && _all[at] == prefix,
        PrefixRelation.Within => IsWithin(prefix),
        PrefixRelation.Covering => IsCovering(prefix),
        _ => IsWithin(prefix) || IsCovering(prefix),
    };

    // The outermost ones share nothing: only the last that begins no later can hold it.
    private bool IsWithin(Prefix prefix)
    {
        int at = FirstFrom(_outermost, prefix);
        return at < _outermost.Length && _outermost[at] == prefix || at > 0 && _outermost[at - 1].Covers(prefix);
    }

    // What lies in it comes right behind it in the order.
    private bool IsCovering(Prefix prefix) => FirstFrom(_all, prefix) is var at && at < _all.Length && prefix.Covers(_all[at]);

    private static int FirstFrom(Prefix[] sorted, Prefix prefix)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = low + high >>> 1;
            if (IsBefore(sorted[middle], prefix)) low = middle + 1; else high = middle;
        }
        return low;
    }

    // The order of Prefix.CompareTo, without making addresses.
    private static bool IsBefore(in Prefix one, in Prefix other) =>
        one.High != other.High && one.Family == other.Family ? one.High < other.High
        : one.Family != other.Family ? one.Family < other.Family
        : one.Low != other.Low ? one.Low < other.Low : one.Length < other.Length;
}
