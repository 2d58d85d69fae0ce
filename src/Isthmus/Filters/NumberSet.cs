namespace Isthmus.Filters;

/// <summary>Numbers as runs of neighbours: AS numbers, lengths.</summary>
internal sealed class NumberSet
{
    private readonly uint[] _firsts, _lasts;

    /// <param name="ranges">In any order; both ends belong to a range.</param>
    public NumberSet(IEnumerable<(uint First, uint Last)> ranges)
    {
        var merged = new List<(uint First, uint Last)>();
        var sorted = new List<(uint First, uint Last)>(ranges);
        sorted.Sort((one, other) => one.First == other.First ? one.Last.CompareTo(other.Last) : one.First.CompareTo(other.First));
        foreach (var range in sorted)
        {
            if (merged.Count > 0 && range.First <= (ulong)merged[^1].Last + 1)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else merged.Add(range);
        }
        _firsts = new uint[merged.Count];
        _lasts = new uint[merged.Count];
        for (int i = 0; i < merged.Count; i++) (_firsts[i], _lasts[i]) = merged[i];
    }

    public IEnumerable<(uint First, uint Last)> Ranges => _firsts.Zip(_lasts);

    public bool Contains(uint number)
    {
        if (_firsts.Length == 1) return number >= _firsts[0] && number <= _lasts[0];
        int low = 0, high = _firsts.Length;
        while (low < high)
        {
            int middle = low + high >>> 1;
            if (_firsts[middle] <= number) low = middle + 1; else high = middle;
        }
        return low > 0 && number <= _lasts[low - 1];
    }
}
