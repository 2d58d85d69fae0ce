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
    private readonly AsHolding[] _holdings = [];

    /// <param name="sources">One sentence for each source: what, of which date, under which licence.</param>
    /// <param name="ases">In any order; of two facts about one AS the first counts. A sorted array is kept as it is, not copied.</param>
    /// <param name="ipv4">In any order; they must not overlap.</param>
    public RegistryLayer(
        IReadOnlyList<string> sources, IEnumerable<AsFact> ases, IEnumerable<CountryRange> ipv4, IEnumerable<CountryRange> ipv6)
    {
        Sources = sources;
        _ases = InOrder(ases, static (left, right) => left.Asn < right.Asn)
            ?? [.. ases.OrderBy(fact => fact.Asn).DistinctBy(fact => fact.Asn)];
        _ipv4 = InOrder(ipv4, static (left, right) => left.First < right.First) ?? [.. ipv4.OrderBy(range => range.First)];
        _ipv6 = InOrder(ipv6, static (left, right) => left.First < right.First) ?? [.. ipv6.OrderBy(range => range.First)];
    }

    // Most sources are sorted as they come; null for one that is not.
    private static T[]? InOrder<T>(IEnumerable<T> given, Func<T, T, bool> isBefore)
    {
        T[] facts = given as T[] ?? [.. given];
        for (int i = 1; i < facts.Length; i++)
            if (!isBefore(facts[i - 1], facts[i])) return null;
        return facts;
    }

    public IReadOnlyList<string> Sources { get; }

    /// <summary>What its countries rest on; the countries of organisations rest on <see cref="WitnessKind.Organisation"/>.</summary>
    public WitnessKind Kind { get; init; } = WitnessKind.Delegation;

    /// <summary>Of the facts, as 2026-06-17 or 2026-06; empty where the source has none.</summary>
    public string Date { get; init; } = "";

    /// <summary>What it is an edition of, as "RIR delegated statistics of apnic"; empty for a source that has none.</summary>
    public string Series { get; init; } = "";

    public IReadOnlyList<AsFact> Ases => _ases;

    public IReadOnlyList<CountryRange> Ipv4 => _ipv4;

    public IReadOnlyList<CountryRange> Ipv6 => _ipv6;

    /// <summary>Which organisation runs which AS, sorted by AS; of two facts about one AS the first counts.</summary>
    public IReadOnlyList<AsHolding> Holdings
    {
        get => _holdings;
        init => _holdings = [.. value.OrderBy(holding => holding.Asn).DistinctBy(holding => holding.Asn)];
    }

    /// <summary>What the source says of an AS; null where it says nothing.</summary>
    public AsFact? Find(Asn asn) => FirstFrom(_ases, asn, fact => fact.Asn) is var at && at < _ases.Length && _ases[at].Asn == asn
        ? _ases[at] : null;

    /// <summary>The organisation that runs an AS; null where the source does not say.</summary>
    public Organisation? OrganisationOf(Asn asn) =>
        FirstFrom(_holdings, asn, holding => holding.Asn) is var at && at < _holdings.Length && _holdings[at].Asn == asn
        ? _holdings[at].Organisation : null;

    /// <summary>The country of an AS by one kind of witness; none where the source says nothing of that kind.</summary>
    public Country CountryOf(Asn asn, WitnessKind kind) =>
        kind is WitnessKind.Organisation ? OrganisationOf(asn)?.Country ?? Country.None
        : kind == Kind && Find(asn) is { } fact ? fact.Country : Country.None;

    /// <summary>True when it says anything of that kind.</summary>
    public bool Speaks(WitnessKind kind) => SpeaksOfAses(kind) || kind == Kind && _ipv4.Length + _ipv6.Length > 0;

    /// <summary>True when it says the country of some AS by that kind of witness.</summary>
    public bool SpeaksOfAses(WitnessKind kind) => kind is WitnessKind.Organisation
        ? _holdings.Length > 0 : kind == Kind && Array.Exists(_ases, fact => !fact.Country.IsNone);

    /// <summary>The ASes that it says are of a country, by any kind of witness.</summary>
    public IEnumerable<Asn> AsesOf(Country country) => _ases.Where(fact => fact.Country == country).Select(fact => fact.Asn)
        .Concat(_holdings.Where(holding => holding.Organisation.Country == country).Select(holding => holding.Asn));

    /// <summary>
    /// The country of most addresses of a prefix; none where the source says nothing of half of them: a single address
    /// says nothing of the block around it.
    /// </summary>
    public Country CountryOf(Prefix prefix)
    {
        var ranges = prefix.Family is AddressFamily.IPv4 ? _ipv4 : _ipv6;
        int bits = Math.Min((int)prefix.Length, 64);
        ulong first = prefix.High, last = bits == 64 ? first : first | ulong.MaxValue >> bits;
        int at = FirstEndingFrom(ranges, first);
        if (at < ranges.Length && ranges[at].First <= first && ranges[at].Last >= last) return ranges[at].Country;
        if (at == ranges.Length || ranges[at].First > last) return Country.None;
        // Most prefixes that lie in several ranges lie in one country all the same.
        var only = ranges[at].Country;
        SortedDictionary<Country, UInt128>? held = null;
        UInt128 known = 0;
        for (; at < ranges.Length && ranges[at].First <= last; at++)
        {
            if (held is null && ranges[at].Country != only) held = new() { [only] = known };
            UInt128 size = (UInt128)(Math.Min(last, ranges[at].Last) - Math.Max(first, ranges[at].First)) + 1;
            if (held is not null) held[ranges[at].Country] = held.GetValueOrDefault(ranges[at].Country) + size;
            known += size;
        }
        return known * 2 < (UInt128)(last - first) + 1 || known == 0 ? Country.None : held?.MaxBy(entry => entry.Value).Key ?? only;
    }

    private static int FirstEndingFrom(CountryRange[] ranges, ulong address) => FirstFrom(ranges, address, range => range.Last);

    /// <summary>The place of the first of a sorted list whose key is not below the one asked for; its length where all are.</summary>
    private static int FirstFrom<T, TKey>(T[] sorted, TKey key, Func<T, TKey> keyOf) where TKey : IComparable<TKey>
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (keyOf(sorted[middle]).CompareTo(key) < 0) low = middle + 1; else high = middle;
        }
        return low;
    }
}
