namespace Isthmus.Scenarios;

/// <summary>
/// Numbers that look random and are the same on every machine and runtime: SplitMix64. Each part of a script draws
/// from its own fork, so that a change in one part leaves the others as they were.
/// </summary>
public sealed class SeededRandom(ulong seed)
{
    private readonly ulong _seed = seed;
    private ulong _state = seed;

    /// <summary>A stream of its own, given by this one's seed and a label.</summary>
    public SeededRandom Fork(string label) => new(Mix(_seed ^ Hash(label)));

    public ulong Next()
    {
        _state = unchecked(_state + 0x9E3779B97F4A7C15);
        return Mix(_state);
    }

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)(Next() % (uint)bound);

    /// <summary>Whole numbers, both ends included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>0 included, 1 not.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Fraction() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>The items in a new order.</summary>
    public List<T> Shuffle<T>(IEnumerable<T> items)
    {
        var shuffled = items.ToList();
        for (int i = shuffled.Count - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }
        return shuffled;
    }

    /// <summary>A number fixed by a text (FNV-1a, mixed).</summary>
    public static ulong Hash(string text)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char c in text) hash = unchecked((hash ^ c) * 0x100000001B3);
        return Mix(hash);
    }

    /// <summary>Spreads a number over all 64 bits.</summary>
    public static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            return z ^ z >> 31;
        }
    }
}
