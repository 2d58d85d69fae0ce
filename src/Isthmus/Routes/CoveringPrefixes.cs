using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>A set of prefixes that tells which of them covers another: one look-up for each length that is in the set.</summary>
public sealed class CoveringPrefixes
{
    // Of IPv4 the address and the length in one number, which is found sooner.
    private readonly HashSet<ulong> _ipv4 = [];
    private readonly HashSet<Prefix> _ipv6 = [];

    // Which lengths there are: of IPv4 the first, of IPv6 the second.
    private readonly bool[][] _lengths = [new bool[33], new bool[129]];

    /// <summary>Adds a prefix; true when it was not there.</summary>
    public bool Add(Prefix prefix)
    {
        bool isNew = prefix.Family switch
        {
            AddressFamily.IPv4 => _ipv4.Add(KeyOf(prefix.High, prefix.Length)),
            AddressFamily.IPv6 => _ipv6.Add(prefix),
            _ => false,
        };
        if (isNew) LengthsOf(prefix)[prefix.Length] = true;
        return isNew;
    }

    /// <summary>The longest prefix of the set that is shorter than another and covers it; null for none.</summary>
    public Prefix? Above(Prefix prefix)
    {
        if (prefix.Family is AddressFamily.None) return null;
        bool[] lengths = LengthsOf(prefix);
        for (int length = prefix.Length - 1; length >= 0; length--)
        {
            if (!lengths[length]) continue;
            if (prefix.Family is AddressFamily.IPv4)
            {
                ulong address = length == 0 ? 0 : prefix.High & ulong.MaxValue << 64 - length;
                if (_ipv4.Contains(KeyOf(address, length))) return new(prefix.Address, length);
            }
            else if (new Prefix(prefix.Address, length) is var shorter && _ipv6.Contains(shorter))
            {
                return shorter;
            }
        }
        return null;
    }

    /// <summary>The prefixes of the set that lie right above some others, each once, sorted.</summary>
    public IReadOnlyList<Prefix> Above(IEnumerable<Prefix> prefixes) => [.. prefixes.Select(Above).OfType<Prefix>().Distinct().Order()];

    // An IPv4 address is the upper half. Multiplied, the bits that differ between prefixes reach those that a hash table looks at.
    private static ulong KeyOf(ulong high, int length) => unchecked((high >> 24 | (uint)length) * 0x9E3779B97F4A7C15);

    private bool[] LengthsOf(Prefix prefix) => _lengths[prefix.Family is AddressFamily.IPv4 ? 0 : 1];
}
