using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Attribution;

/// <summary>Whether a path can be used, and why not.</summary>
public enum PathVerdict
{
    Accepted,
    /// <summary>No hop at all: the collector's own route.</summary>
    Empty,
    /// <summary>An AS_SET between two hops.</summary>
    SetInside,
    /// <summary>A reserved or private AS number with a public one after it.</summary>
    ReservedAsn,
    /// <summary>AS_TRANS (23456): the real number was lost on the way.</summary>
    AsTrans,
    /// <summary>A loop that touches the hop next to the origin.</summary>
    Loop,
}

/// <summary>An AS path after cleaning: from the vantage point to the origin, each AS once.</summary>
/// <param name="Hops">Vantage point first, origin last; empty where the path is refused.</param>
/// <param name="Origins">The origin; several where the path ends in a set.</param>
/// <param name="FirstAs">The first hop as written, to be compared with the peer's own number.</param>
/// <param name="RawLength">Hops with prepending; a set counts one (RFC 4271 section 9.1.2.2).</param>
/// <param name="HasLoop">An AS stood twice with others between: poisoning, or a leak. Not for inference.</param>
/// <param name="HasStrippedTail">Private numbers after the last public one were taken off.</param>
/// <param name="IsPoisoned">Two transit-free ASes stand apart with others between them. Not for inference.</param>
public sealed record CleanPath(
    PathVerdict Verdict, IReadOnlyList<Asn> Hops, IReadOnlyList<Asn> Origins, Asn FirstAs, int RawLength,
    bool HasLoop, bool HasPrepending, bool HasStrippedTail, bool IsPoisoned)
{
    /// <summary>Good for counting who carries whom: one origin, and the hops next to it beyond doubt.</summary>
    public bool CountsForShares => Verdict is PathVerdict.Accepted && Origins.Count == 1;

    /// <summary>Good for inferring relationships, which one bad path can spoil.</summary>
    public bool CountsForInference => CountsForShares && !HasLoop && !IsPoisoned;
}

/// <summary>Cleans AS paths by methods.md section 3.</summary>
/// <param name="routeServers">AS numbers of IXP route servers, which are taken out of paths (rule 7).</param>
public sealed class PathCleaning(IEnumerable<Asn>? routeServers = null)
{
    // The transit-free ASes that BGPKIT's as2rel starts from (methods.md section 7.3).
    private static readonly FrozenSet<uint> _transitFree = new uint[]
    {
        174, 701, 1299, 2914, 3257, 3320, 3356, 3491, 5511, 6453, 6762, 6830, 7018, 12956,
    }.ToFrozenSet();

    private readonly FrozenSet<Asn> _routeServers = (routeServers ?? []).ToFrozenSet();

    /// <summary>True for numbers that no network of the public Internet has (RFC 7607, 5398, 6996, 7300).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsReserved(Asn asn) => asn.Number is 0 or (>= 64496 and <= 65551) or >= 4200000000;

    /// <summary>Cleans a path given as words: for each segment a header (type, count), then its AS numbers.</summary>
    public CleanPath Clean(ReadOnlySpan<uint> words)
    {
        var hops = new List<Asn>();
        Asn[] origins = [];
        int rawLength = 0;
        for (int i = 0; i < words.Length;)
        {
            var type = (SegmentType)(words[i] >> 16);
            int count = (int)(words[i] & 0xFFFF);
            var asns = words.Slice(i + 1, count);
            i += 1 + count;
            if (type is SegmentType.ConfedSequence or SegmentType.ConfedSet) continue;
            if (origins.Length > 0) return Refuse(PathVerdict.SetInside, hops, rawLength);
            rawLength += type is SegmentType.Set ? 1 : count;
            if (type is SegmentType.Set && count > 1) origins = [.. asns.ToArray().Distinct().Order().Select(asn => new Asn(asn))];
            else foreach (uint asn in asns) hops.Add(new(asn));
        }
        var firstAs = hops.Count > 0 ? hops[0] : default;
        int before = hops.Count;
        Collapse(hops);
        bool prepending = hops.Count < before;
        if (_routeServers.Count > 0 && hops.RemoveAll(_routeServers.Contains) > 0) Collapse(hops);
        bool stripped = origins.Length == 0 && StripTail(hops);
        if (hops.Count == 0 && origins.Length == 0) return Refuse(PathVerdict.Empty, hops, rawLength);
        if (hops.Concat(origins).Contains(Asn.Trans)) return Refuse(PathVerdict.AsTrans, hops, rawLength);
        if (hops.Concat(origins).Any(IsReserved)) return Refuse(PathVerdict.ReservedAsn, hops, rawLength);
        bool loop = !TryUnloop(hops, origins.Length == 0, out var unlooped);
        if (unlooped is null) return Refuse(PathVerdict.Loop, hops, rawLength) with { HasLoop = true };
        return new(PathVerdict.Accepted, unlooped, origins.Length > 0 ? origins : [unlooped[^1]], firstAs, rawLength,
            loop, prepending, stripped, IsPoisoned(unlooped));
    }

    /// <summary>
    /// The AS left of the origin on the cleaned path; null where the path is refused, ends in a set or has but one hop.
    /// Nothing is built for a path that has nothing to clean but prepending, as nearly every path has.
    /// </summary>
    public Asn? UpstreamOf(ReadOnlySpan<uint> words)
    {
        if (words.Length > 1 && words[0] == ((uint)SegmentType.Sequence << 16 | (uint)(words.Length - 1))
            && TryUpstreamOf(words[1..], isWire: false, out var upstream)) return upstream;
        var clean = Clean(words);
        return clean.CountsForShares && clean.Hops.Count > 1 ? clean.Hops[^2] : null;
    }

    /// <summary>
    /// The same for hops as they stand on the wire, of a path of one AS_SEQUENCE with numbers of four octets. False where
    /// there is more to clean than prepending: then the path has to be decoded.
    /// </summary>
    public bool TryUpstreamOf(ReadOnlySpan<byte> sequence, out Asn? upstream) =>
        TryUpstreamOf(MemoryMarshal.Cast<byte, uint>(sequence), BitConverter.IsLittleEndian, out upstream);

    // On numbers with their bytes the other way round where they come from the wire: equal ones are equal all the same.
    private bool TryUpstreamOf(ReadOnlySpan<uint> hops, bool isWire, out Asn? upstream)
    {
        upstream = null;
        if (hops.IsEmpty || _routeServers.Count > 0 || !IsOrdinary(hops, isWire)) return false;
        int next = hops.Length - 1;
        while (next >= 0 && hops[next] == hops[^1]) next--;
        if (next >= 0) upstream = AsnOf(hops[next], isWire);
        return true;
    }

    // Public numbers, of which none comes again but right behind itself. Every new path of a dump passes here: most have
    // but a handful of hops, for which two plain loops are the quickest.
    private static bool IsOrdinary(ReadOnlySpan<uint> hops, bool isWire)
    {
        for (int i = 0; i < hops.Length; i++)
        {
            uint hop = hops[i];
            if (i > 0 && hop == hops[i - 1]) continue;
            var asn = AsnOf(hop, isWire);
            if (asn == Asn.Trans || IsReserved(asn)) return false;
            for (int before = 0; before < i; before++)
                if (hops[before] == hop) return false;
        }
        return true;
    }

    private static Asn AsnOf(uint hop, bool isWire) => new(isWire ? BinaryPrimitives.ReverseEndianness(hop) : hop);

    private static CleanPath Refuse(PathVerdict verdict, List<Asn> hops, int rawLength) =>
        new(verdict, [], [], hops.Count > 0 ? hops[0] : default, rawLength, false, false, false, false);

    private static void Collapse(List<Asn> hops)
    {
        int kept = 0;
        for (int i = 0; i < hops.Count; i++)
            if (kept == 0 || hops[i] != hops[kept - 1]) hops[kept++] = hops[i];
        hops.RemoveRange(kept, hops.Count - kept);
    }

    // A private number behind a public one is a stub that its provider forgot to hide (rule 6).
    private static bool StripTail(List<Asn> hops)
    {
        int end = hops.Count;
        while (end > 0 && IsPrivate(hops[end - 1])) end--;
        if (end == 0 || end == hops.Count) return false;
        hops.RemoveRange(end, hops.Count - end);
        return true;
    }

    private static bool IsPrivate(Asn asn) => asn.Number is (>= 64512 and <= 65534) or (>= 4200000000 and <= 4294967294);

    // As IHR does: cut at the first occurrence of the origin, then keep first occurrences. What stands behind that was
    // written by the origin itself, to poison: it would not have taken a route to its own prefix from anybody. The path
    // still counts for shares when the hop next to the origin is the one that was written there (rule 5).
    private static bool TryUnloop(List<Asn> hops, bool hasOrigin, out IReadOnlyList<Asn>? unlooped)
    {
        unlooped = hops;
        if (hops.Distinct().Count() == hops.Count) return true;
        int last = hasOrigin ? hops.IndexOf(hops[^1]) : hops.Count - 1;
        var kept = hops.Take(last + 1).Distinct().ToArray();
        unlooped = kept.Length >= 2 && kept[^1] == hops[last] && kept[^2] == hops[last - 1] ? kept : null;
        return false;
    }

    // Two transit-free ASes are neighbours when both stand in a path; anything between them was put there (rule 8).
    private static bool IsPoisoned(IReadOnlyList<Asn> hops)
    {
        int first = -1, last = -1, members = 0;
        for (int i = 0; i < hops.Count; i++)
        {
            if (!_transitFree.Contains(hops[i].Number)) continue;
            if (first < 0) first = i;
            last = i;
            members++;
        }
        return members > 1 && last - first + 1 > members;
    }
}

/// <summary>Which prefixes count in global measures (methods.md section 3, rules 11 and 12).</summary>
public static class PrefixFilter
{
    /// <summary>False for default routes, for what is longer than /24 or /48 or shorter than /8 or /19, and for IPv6
    /// outside 2000::/3.</summary>
    public static bool CountsGlobally(Prefix prefix) => prefix.Family is AddressFamily.IPv4
        ? prefix.Length is >= 8 and <= 24
        : prefix.Length is >= 19 and <= 48 && prefix.High >> 61 == 1;
}
