using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>A set of prefixes that tells which of them covers another: one look-up for each length that is in the set.</summary>
public sealed class CoveringPrefixes
{
    private readonly HashSet<Prefix> _prefixes = [];

    // Which lengths there are: of IPv4 the first, of IPv6 the second.
    private readonly bool[][] _lengths = [new bool[33], new bool[129]];

    /// <summary>Adds a prefix; true when it was not there.</summary>
    public bool Add(Prefix prefix)
    {
        if (prefix.Family is AddressFamily.None || !_prefixes.Add(prefix)) return false;
        LengthsOf(prefix)[prefix.Length] = true;
        return true;
    }

    /// <summary>The longest prefix of the set that is shorter than another and covers it; null for none.</summary>
    public Prefix? Above(Prefix prefix)
    {
        if (prefix.Family is AddressFamily.None) return null;
        bool[] lengths = LengthsOf(prefix);
        for (int length = prefix.Length - 1; length >= 0; length--)
            if (lengths[length] && new Prefix(prefix.Address, length) is var shorter && _prefixes.Contains(shorter)) return shorter;
        return null;
    }

    /// <summary>The prefixes of the set that lie right above some others, each once, sorted.</summary>
    public IReadOnlyList<Prefix> Above(IEnumerable<Prefix> prefixes) => [.. prefixes.Select(Above).OfType<Prefix>().Distinct().Order()];

    private bool[] LengthsOf(Prefix prefix) => _lengths[prefix.Family is AddressFamily.IPv4 ? 0 : 1];
}
