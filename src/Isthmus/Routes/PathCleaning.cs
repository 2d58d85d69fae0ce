using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Routes;

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

/// <summary>Cleans AS paths by methods.md, "Paths".</summary>
/// <param name="routeServers">AS numbers of IXP route servers, which are taken out of paths.</param>
public sealed class PathCleaning(IEnumerable<Asn>? routeServers = null)
{
    // The transit-free ASes that BGPKIT's as2rel starts from (methods.md, "Paths").
    private static readonly FrozenSet<uint> _transitFree = new uint[]
    {
        174, 701, 1299, 2914, 3257, 3320, 3356, 3491, 5511, 6453, 6762, 6830, 7018, 12956,
    }.ToFrozenSet();

    /// <summary>So many words nearly every path fits into: they need no memory of their own.</summary>
    private const int UsualWords = 64;

    private readonly FrozenSet<Asn> _routeServers = (routeServers ?? []).ToFrozenSet();

    /// <summary>True for numbers that no network of the public Internet has (RFC 7607, 5398, 6996, 7300).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsReserved(Asn asn) => asn.Number is 0 or (>= 64496 and <= 65551) or >= 4200000000;

    /// <summary>True for the ASes that are known to buy transit from nobody, by a fixed list.</summary>
    public static bool IsTransitFree(Asn asn) => _transitFree.Contains(asn.Number);

    /// <summary>Cleans a path.</summary>
    public CleanPath Clean(PathWords path)
    {
        int most = path.Span.Length;
        Span<uint> room = most <= UsualWords ? stackalloc uint[UsualWords] : new uint[most];
        bool isSetInside = !TryFlatten(path, room, out var hops, out var set, out int rawLength);
        Asn[] origins = set.IsEmpty ? [] : [.. set.ToArray().Distinct().Order().Select(asn => new Asn(asn))];
        var firstAs = hops.IsEmpty ? default : new Asn(hops[0]);
        bool hasLoop = false, hasPrepending = false, hasStrippedTail = false;
        var verdict = isSetInside ? PathVerdict.SetInside
            : Reduce(ref hops, set, out hasLoop, out hasPrepending, out hasStrippedTail);
        if (verdict is not PathVerdict.Accepted) return new(verdict, [], [], firstAs, rawLength, hasLoop, false, false, false);
        Asn[] kept = MemoryMarshal.Cast<uint, Asn>(hops).ToArray();
        return new(verdict, kept, origins.Length > 0 ? origins : [kept[^1]], firstAs, rawLength,
            hasLoop, hasPrepending, hasStrippedTail, IsPoisoned(kept));
    }

    /// <summary>
    /// The origin of a path in which prepending is all that there is to clean: <see cref="Clean"/> gives it as the one origin. Null for
    /// any other path, whatever its origin is.
    /// </summary>
    public Asn? OriginOfOrdinary(PathWords path)
    {
        var words = path.Span;
        bool isSequence = words.Length > 1 && words[0] == PathWords.Header(SegmentType.Sequence, words.Length - 1);
        return isSequence && _routeServers.Count == 0 && IsOrdinary(words[1..], isWire: false, out _) ? new Asn(words[^1]) : null;
    }

    /// <summary>
    /// The AS left of the origin on the cleaned path; null where the path is refused, ends in a set or has but one hop.
    /// Nothing is allocated, but for a path of more than 60 hops.
    /// </summary>
    public Asn? UpstreamOf(PathWords path)
    {
        int most = path.Span.Length;
        Span<uint> room = most <= UsualWords ? stackalloc uint[UsualWords] : new uint[most];
        return TryFlatten(path, room, out var hops, out var set, out _) && set.IsEmpty ? UpstreamOf(hops) : null;
    }

    /// <summary>The same for hops as they stand on the wire, of a path of one AS_SEQUENCE with numbers of four octets.</summary>
    public Asn? UpstreamOfSequence(ReadOnlySpan<byte> sequence)
    {
        var wire = MemoryMarshal.Cast<byte, uint>(sequence);
        if (_routeServers.Count == 0 && IsOrdinary(wire, isWire: true, out uint next)) return next != 0 ? new Asn(NumberOf(next)) : null;
        Span<uint> hops = (wire.Length <= UsualWords ? stackalloc uint[UsualWords] : new uint[wire.Length])[..wire.Length];
        for (int i = 0; i < hops.Length; i++) hops[i] = NumberOf(wire[i]);
        return UpstreamOf(hops);
    }

    // True where prepending is all that there is to clean: public numbers, of which none comes again but right behind itself.
    // Then the one before the origin is known too; 0 where there is none. Every new path of a dump passes here.
    private static bool IsOrdinary(ReadOnlySpan<uint> wire, bool isWire, out uint next)
    {
        uint last = next = 0;
        ulong met = 0;
        for (int i = 0; i < wire.Length; i++)
        {
            uint hop = wire[i];
            if (hop == last && i > 0) continue;
            uint number = isWire ? NumberOf(hop) : hop;
            if (number == Asn.Trans.Number || IsReserved(new(number))) return false;
            // Hops that differ mostly have different ones of 64 bits, which spares comparing each with each.
            ulong bit = 1UL << unchecked((int)(hop * 0x9E3779B1 >> 26));
            if ((met & bit) != 0 && wire[..i].Contains(hop)) return false;
            met |= bit;
            (next, last) = (last, hop);
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint NumberOf(uint wire) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(wire) : wire;

    private Asn? UpstreamOf(Span<uint> hops) =>
        Reduce(ref hops, [], out _, out _, out _) is PathVerdict.Accepted && hops.Length > 1 ? new Asn(hops[^2]) : null;

    // The hops one after the other, confederations left out and sets of one taken for what is in them, and behind them the
    // members of the set at the end. False where a hop follows a set.
    private static bool TryFlatten(
        PathWords path, Span<uint> room, out Span<uint> hops, out Span<uint> set, out int rawLength)
    {
        int count = 0, members = 0;
        rawLength = 0;
        for (var segments = path.GetEnumerator(); members == 0 && segments.MoveNext();)
        {
            var segment = segments.Current;
            var asns = segment.Hops;
            if (segment.IsConfederation || asns.IsEmpty) continue;
            bool isSet = segment.Type is SegmentType.Set;
            rawLength += segment.Length;
            if (isSet && !asns.ContainsAnyExcept(asns[0])) asns = asns[..1];
            else if (isSet) members = asns.Length;
            asns.CopyTo(room[count..]);
            count += asns.Length - members;
            if (members > 0 && segments.Rest.Length > 0)
            {
                hops = room[..count];
                set = default;
                return false;
            }
        }
        hops = room[..count];
        set = room.Slice(count, members);
        return true;
    }

    // Rules 4 to 7, in place: what is left of the hops stands at their front.
    private PathVerdict Reduce(
        ref Span<uint> hops, ReadOnlySpan<uint> set, out bool hasLoop, out bool hasPrepending, out bool hasStrippedTail)
    {
        int written = hops.Length;
        hops = Collapse(hops);
        hasPrepending = hops.Length < written;
        if (_routeServers.Count > 0) hops = Collapse(WithoutRouteServers(hops));
        int whole = hops.Length;
        if (set.IsEmpty) hops = StripTail(hops);
        hasStrippedTail = hops.Length < whole;
        hasLoop = false;
        if (hops.IsEmpty && set.IsEmpty) return PathVerdict.Empty;
        if (HasReserved(hops) || HasReserved(set))
            return hops.Contains(Asn.Trans.Number) || set.Contains(Asn.Trans.Number) ? PathVerdict.AsTrans : PathVerdict.ReservedAsn;
        hasLoop = HasRepeats(hops);
        return !hasLoop || TryUnloop(ref hops, hasOrigin: set.IsEmpty) ? PathVerdict.Accepted : PathVerdict.Loop;
    }

    private static Span<uint> Collapse(Span<uint> hops)
    {
        int kept = 0;
        for (int i = 0; i < hops.Length; i++)
            if (kept == 0 || hops[i] != hops[kept - 1]) hops[kept++] = hops[i];
        return hops[..kept];
    }

    private Span<uint> WithoutRouteServers(Span<uint> hops)
    {
        int kept = 0;
        foreach (uint hop in hops)
            if (!_routeServers.Contains(new(hop))) hops[kept++] = hop;
        return hops[..kept];
    }

    // A private number behind a public one is a stub that its provider forgot to hide.
    private static Span<uint> StripTail(Span<uint> hops)
    {
        int end = hops.Length;
        while (end > 0 && IsPrivate(hops[end - 1])) end--;
        return end == 0 ? hops : hops[..end];
    }

    private static bool IsPrivate(uint asn) => asn is (>= 64512 and <= 65534) or (>= 4200000000 and <= 4294967294);

    private static bool HasReserved(ReadOnlySpan<uint> asns)
    {
        foreach (uint asn in asns)
            if (asn == Asn.Trans.Number || IsReserved(new(asn))) return true;
        return false;
    }

    private static bool HasRepeats(ReadOnlySpan<uint> hops)
    {
        for (int i = 1; i < hops.Length; i++)
            for (int before = 0; before < i; before++)
                if (hops[before] == hops[i]) return true;
        return false;
    }

    // As IHR does: cut at the first occurrence of the origin, then keep first occurrences. What stands behind that was
    // written by the origin itself, to poison: it would not have taken a route to its own prefix from anybody. The path
    // still counts for shares when the hop next to the origin is the one that was written there.
    private static bool TryUnloop(ref Span<uint> hops, bool hasOrigin)
    {
        int last = hasOrigin ? hops.IndexOf(hops[^1]) : hops.Length - 1;
        if (last < 1) return false;
        var (neighbour, end) = (hops[last - 1], hops[last]);
        int kept = 0;
        for (int i = 0; i <= last; i++)
            if (!hops[..kept].Contains(hops[i])) hops[kept++] = hops[i];
        hops = hops[..kept];
        return kept > 1 && hops[^1] == end && hops[^2] == neighbour;
    }

    // Two transit-free ASes are neighbours when both stand in a path; anything between them was put there.
    internal static bool IsPoisoned(ReadOnlySpan<Asn> hops)
    {
        int first = -1, last = -1, members = 0;
        for (int i = 0; i < hops.Length; i++)
        {
            if (!_transitFree.Contains(hops[i].Number)) continue;
            if (first < 0) first = i;
            last = i;
            members++;
        }
        return members > 1 && last - first + 1 > members;
    }
}

/// <summary>Which prefixes count in global measures (docs/methods.md, "Which prefixes count").</summary>
public static class PrefixFilter
{
    // RFC 6890 and its updates (RFC 6598, 5737, 2544, 3849, 9637, 3056, 4380): blocks that are not reachable world-wide;
    // multicast and class E.
    private static readonly Prefix[] _special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(text => Prefix.Parse(text)),
    ];

    /// <summary>The longest prefix that the world-wide table takes: /24, for IPv6 /48.</summary>
    public static int LongestOf(AddressFamily family) => family is AddressFamily.IPv4 ? 24 : 48;

    /// <summary>
    /// True for a route that is no network of the public Internet's: a default route or another shorter than /8 or /19, IPv6
    /// outside 2000::/3, and the special-purpose blocks of RFC 6890.
    /// </summary>
    public static bool IsBogon(Prefix prefix)
    {
        if (prefix.Family is AddressFamily.IPv4 ? prefix.Length < 8 : prefix.Length < 19 || prefix.High >> 61 != 1) return true;
        foreach (var block in _special)
            if (block.Covers(prefix)) return true;
        return false;
    }

    /// <summary>False for bogons and for what is longer than /24 or /48.</summary>
    public static bool CountsGlobally(Prefix prefix) => prefix.Length <= LongestOf(prefix.Family) && !IsBogon(prefix);
}
