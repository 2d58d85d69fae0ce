using System.Buffers.Binary;
using System.Runtime.CompilerServices;

using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>
/// Tells RIB entries that carry path identifiers (RFC 8050 section 4) under a subtype of RFC 6396 section 4.3.2, which has none: where
/// only the reading with them gives the number of entries that is said, each of a peer that there is, with the attributes of a route.
/// </summary>
internal static class UnsaidPathIds
{
    /// <summary>Bytes of an entry before its attributes: index of the peer, seconds and length, and the path identifier.</summary>
    private const int HeadBytes = 8, PathIdBytes = sizeof(uint);

    /// <summary>The flags and the code of ORIGIN, with which the attributes of nearly every entry begin.</summary>
    private const ushort OriginHead = 0x4001;

    /// <summary>False, at a glance, where the attributes of the first entry begin as those of an entry without identifier do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayBeIn(ReadOnlySpan<byte> entries) => entries.Length >= HeadBytes + PathIdBytes
        && BinaryPrimitives.ReadUInt16BigEndian(entries[HeadBytes..]) != OriginHead;

    /// <summary>True where the entries are sound with path identifiers alone.</summary>
    /// <param name="count">So many entries there are to be.</param>
    public static bool AreIn(RouteEventReader file, ReadOnlySpan<byte> entries, int count) =>
        !AreSound(file, entries, count, 0) && AreSound(file, entries, count, PathIdBytes);

    private static bool AreSound(RouteEventReader file, ReadOnlySpan<byte> entries, int count, int pathIdBytes)
    {
        int head = HeadBytes + pathIdBytes;
        for (; count > 0; count--)
        {
            if (entries.Length < head) return false;
            int peer = file.NumberAt(BinaryPrimitives.ReadUInt16BigEndian(entries));
            int length = BinaryPrimitives.ReadUInt16BigEndian(entries[(head - sizeof(ushort))..]);
            if (peer < 0 || length > entries.Length - head || !IsRoute(file, peer, entries.Slice(head, length))) return false;
            entries = entries[(head + length)..];
        }
        return entries.IsEmpty;
    }

    private static bool IsRoute(RouteEventReader file, int peer, ReadOnlySpan<byte> block) => block.IsEmpty ? file.IsCollector(peer)
        : AttributeCheck.OfRibEntry(new(block, wide: true, abbreviated: true), 0, out _).Treatment < Treatment.TreatAsWithdraw;
}
