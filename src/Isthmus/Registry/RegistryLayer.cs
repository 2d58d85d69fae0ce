using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>What one source says of one AS.</summary>
/// <param name="Country">Where it is registered; none where the source does not say.</param>
/// <param name="Name">As the source writes it; empty where it has none.</param>
public readonly record struct AsFact(Asn Asn, Country Country, string Name);

/// <summary>A run of addresses registered in one country.</summary>
/// <param name="First">The first 64 bits of the first address, left-aligned; an IPv4 address is the top 32.</param>
/// <param name="Last">The same of the last address.</param>
public readonly record struct CountryRange(ulong First, ulong Last, Country Country);

/// <summary>The facts of one source and date: a layer of a <see cref="RegistrySnapshot"/>.</summary>
public sealed class RegistryLayer
{
    private readonly AsFact[] _ases;
    private readonly CountryRange[] _ipv4, _ipv6;

    /// <param name="sources">One sentence for each source: what, of which date, under which licence.</param>
    /// <param name="ases">In any order; of two facts about one AS the first counts.</param>
    /// <param name="ipv4">In any order; they must not overlap.</param>
    public RegistryLayer(
        IReadOnlyList<string> sources, IEnumerable<AsFact> ases, IEnumerable<CountryRange> ipv4, IEnumerable<CountryRange> ipv6)
    {
        Sources = sources;
        _ases = [.. ases.OrderBy(fact => fact.Asn).DistinctBy(fact => fact.Asn)];
        _ipv4 = [.. ipv4.OrderBy(range => range.First)];
        _ipv6 = [.. ipv6.OrderBy(range => range.First)];
    }

    public IReadOnlyList<string> Sources { get; }

    public IReadOnlyList<AsFact> Ases => _ases;

    public IReadOnlyList<CountryRange> Ipv4 => _ipv4;

    public IReadOnlyList<CountryRange> Ipv6 => _ipv6;

    /// <summary>What the source says of an AS; null where it says nothing.</summary>
    public AsFact? Find(Asn asn)
    {
        int low = 0, high = _ases.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ases[middle].Asn < asn) low = middle + 1; else high = middle;
        }
        return low < _ases.Length && _ases[low].Asn == asn ? _ases[low] : null;
    }

    /// <summary>The country that most addresses of a prefix are registered in; none where the source says nothing of any.</summary>
    public Country CountryOf(Prefix prefix)
    {
        var ranges = prefix.Family is AddressFamily.IPv4 ? _ipv4 : _ipv6;
        int bits = Math.Min((int)prefix.Length, 64);
        ulong first = prefix.High, last = bits == 64 ? first : first | ulong.MaxValue >> bits;
        int at = FirstEndingFrom(ranges, first);
        if (at < ranges.Length && ranges[at].First <= first && ranges[at].Last >= last) return ranges[at].Country;
        var held = new SortedDictionary<Country, UInt128>();
        for (; at < ranges.Length && ranges[at].First <= last; at++)
        {
            UInt128 size = (UInt128)(Math.Min(last, ranges[at].Last) - Math.Max(first, ranges[at].First)) + 1;
            held[ranges[at].Country] = held.GetValueOrDefault(ranges[at].Country) + size;
        }
        return held.Count == 0 ? Country.None : held.MaxBy(entry => entry.Value).Key;
    }

    private static int FirstEndingFrom(CountryRange[] ranges, ulong address)
    {
        int low = 0, high = ranges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (ranges[middle].Last < address) low = middle + 1; else high = middle;
        }
        return low;
    }
}
