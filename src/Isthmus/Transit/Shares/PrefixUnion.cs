using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>How much address space a set of prefixes is, each address counted once (methods.md, "Shares").</summary>
/// <param name="Ipv4Addresses">Addresses of the union.</param>
/// <param name="Ipv4Slash24s">/24 blocks that the union touches.</param>
/// <param name="Ipv6Slash48s">/48 blocks that the union touches.</param>
public sealed record PrefixUnion(int Prefixes, long Ipv4Addresses, long Ipv4Slash24s, long Ipv6Slash48s)
{
    public static PrefixUnion Of(IEnumerable<Prefix> prefixes)
    {
        Prefix[] given = [.. prefixes];
        Prefix[] sorted = IsInOrder(given) ? given : [.. given.Distinct().Order()];
        long addresses = 0, slash24s = 0, slash48s = 0;
        Prefix? cover = null;
        ulong? block24 = null, block48 = null;
        foreach (var prefix in sorted)
        {
            if (cover is { } above && above.Covers(prefix)) continue;
            cover = prefix;
            if (prefix.Family is AddressFamily.IPv4)
            {
                addresses += 1L << 32 - prefix.Length;
                slash24s += Blocks(prefix, 24, ref block24);
            }
            else
            {
                slash48s += Blocks(prefix, 48, ref block48);
            }
        }
        return new(sorted.Length, addresses, slash24s, slash48s);
    }

    /// <summary>The places of prefixes in their order; most lists are in it already.</summary>
    public static IEnumerable<int> InOrder(IReadOnlyList<Prefix> prefixes)
    {
        var places = Enumerable.Range(0, prefixes.Count);
        return IsInOrder(prefixes) ? places : places.OrderBy(place => prefixes[place]);
    }

    // Each once.
    private static bool IsInOrder(IReadOnlyList<Prefix> prefixes)
    {
        for (int i = 1; i < prefixes.Count; i++)
            if (prefixes[i - 1] >= prefixes[i]) return false;
        return true;
    }

    // Smaller prefixes that share a block touch it once.
    private static long Blocks(Prefix prefix, int length, ref ulong? last)
    {
        if (prefix.Length <= length) return length - prefix.Length >= 63 ? long.MaxValue : 1L << length - prefix.Length;
        ulong block = prefix.High >> 64 - length;
        if (last == block) return 0;
        last = block;
        return 1;
    }

    /// <summary>How large the subject is at the end of the period: the prefixes that some peer holds.</summary>
    public static SubjectSize SizeOf(IReadOnlyCollection<PrefixState> prefixes)
    {
        var union = Of(prefixes.Select(state => state.Prefix));
        return new(union.Prefixes, union.Ipv4Addresses, union.Ipv4Slash24s, union.Ipv6Slash48s,
            prefixes.SelectMany(state => state.OwnOrigins).Distinct().Count());
    }
}
