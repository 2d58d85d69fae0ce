using System.Numerics;

using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Attribution;

/// <summary>The address blocks that registries put in a country, cut where any of them changes its mind.</summary>
internal static class CountryBlocks
{
    private static readonly WitnessKind[] _kinds = [WitnessKind.Delegation, WitnessKind.Geolocation];

    /// <summary>The blocks that any witness puts in the country, as prefixes of which each witness says one thing, sorted.</summary>
    public static IEnumerable<Prefix> Of(Country country, RegistrySnapshot registry) =>
        new[] { AddressFamily.IPv4, AddressFamily.IPv6 }.SelectMany(family => Of(country, family, registry));

    /// <summary>How much one kind of witness puts in the country: IPv4 addresses, and IPv6 in /48s.</summary>
    public static (long Ipv4Addresses, long Ipv6Slash48s) SizeOf(Country country, WitnessKind kind, RegistrySnapshot registry)
    {
        var (ipv4, ipv6) = (Held(AddressFamily.IPv4), Held(AddressFamily.IPv6));
        return ((long)(ipv4 >> 32), (long)(ipv6 + 0xFFFF >> 16));

        // What several layers of one kind say twice counts once.
        UInt128 Held(AddressFamily family)
        {
            UInt128 held = 0;
            foreach (var (first, last) in Union(registry.RangesOf(kind, family).Where(range => range.Country == country)))
                held += last - first;
            return held;
        }
    }

    private static IEnumerable<Prefix> Of(Country country, AddressFamily family, RegistrySnapshot registry)
    {
        CountryRange[] ranges = [.. _kinds.SelectMany(kind => registry.RangesOf(kind, family))];
        var claimed = Union(ranges.Where(range => range.Country == country)).ToArray();
        UInt128[] cuts = [.. ranges.SelectMany(range => new[] { (UInt128)range.First, (UInt128)range.Last + 1 }).Distinct().Order()];
        int cut = 0;
        foreach (var (first, last) in claimed)
        {
            while (cuts[cut] <= first) cut++;
            for (var at = first; at < last;)
            {
                var end = UInt128.Min(last, cut < cuts.Length ? cuts[cut] : last);
                foreach (var prefix in Split(at, end, family)) yield return prefix;
                at = end;
                if (cut < cuts.Length && cuts[cut] == end) cut++;
            }
        }
    }

    // Runs [First, Last) of addresses as the registry writes them: the top 64 bits.
    private static IEnumerable<(UInt128 First, UInt128 Last)> Union(IEnumerable<CountryRange> ranges)
    {
        (UInt128 First, UInt128 Last)? open = null;
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            UInt128 last = (UInt128)range.Last + 1;
            if (open is { } run && range.First <= run.Last) open = (run.First, UInt128.Max(run.Last, last));
            else
            {
                if (open is { } done) yield return done;
                open = (range.First, last);
            }
        }
        if (open is { } end) yield return end;
    }

    private static IEnumerable<Prefix> Split(UInt128 first, UInt128 last, AddressFamily family)
    {
        while (first < last)
        {
            int bits = Math.Min(first == 0 ? 64 : BitOperations.TrailingZeroCount((ulong)first), (int)UInt128.Log2(last - first));
            yield return new(new IpAddress((ulong)first, 0, family), 64 - bits);
            first += UInt128.One << bits;
        }
    }
}
