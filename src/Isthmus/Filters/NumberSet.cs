namespace Isthmus.Filters;

/// <summary>Numbers as runs of neighbours: AS numbers, lengths.</summary>
internal sealed class NumberSet
{
    private readonly uint[] _firsts, _lasts;

    /// <param name="ranges">In any order; both ends belong to a range.</param>
    public NumberSet(IEnumerable<(uint First, uint Last)> ranges)
    {
        var merged = new List<(uint First, uint Last)>();
        foreach (var range in ranges.Order())
        {
            if (merged.Count > 0 && range.First <= (ulong)merged[^1].Last + 1)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else merged.Add(range);
        }
        _firsts = [.. merged.Select(range => range.First)];
        _lasts = [.. merged.Select(range => range.Last)];
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
