using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Isthmus.Wire.Mrt;

/// <summary>MRT record types (RFC 6396 section 4; those below 11 are of its appendix B.2).</summary>
public enum MrtType : ushort
{
    /// <summary>BGP messages without their headers, as MRTd wrote them before 2001 (RFC 6396 appendix B.2.1).</summary>
    Bgp = 5,
    /// <summary><see cref="Bgp"/> with IPv6 addresses (RFC 6396 appendix B.2.5), never found in public archives.</summary>
    Bgp4Plus = 9,
    /// <inheritdoc cref="Bgp4Plus"/>
    Bgp4Plus01 = 10,
    /// <summary>OSPFv2 (RFC 6396 section 4.1); framed and passed over.</summary>
    Ospf2 = 11,
    /// <summary>A table, a record for each route (RFC 6396 section 4.2).</summary>
    TableDump = 12,
    /// <summary>A table, a record for each prefix (RFC 6396 section 4.3, RFC 8050 section 4, RFC 6397 section 4.1).</summary>
    TableDumpV2 = 13,
    /// <summary>BGP messages and changes of state (RFC 6396 section 4.4, RFC 8050 section 3).</summary>
    Bgp4Mp = 16,
    /// <summary><see cref="Bgp4Mp"/> with microseconds (RFC 6396 section 3).</summary>
    Bgp4MpEt = 17,
    /// <summary>IS-IS (RFC 6396 section 4.5); framed and passed over.</summary>
    Isis = 32,
    /// <summary><see cref="Isis"/> with microseconds (RFC 6396 section 3), which are left in the body.</summary>
    IsisEt = 33,
    /// <summary>OSPFv3 (RFC 6396 section 4.6); framed and passed over.</summary>
    Ospf3 = 48,
    /// <summary><see cref="Ospf3"/> with microseconds (RFC 6396 section 3), which are left in the body.</summary>
    Ospf3Et = 49,
}

/// <summary>
/// One MRT record (RFC 6396 section 2): its common header read, its body still bytes, which are good as long as those given to its
/// reader are. <c>default</c> is no record: nothing in it, and no events.
/// </summary>
public readonly ref struct MrtRecord
{
    /// <summary>Bytes of seconds, type, subtype and length.</summary>
    public const int HeaderBytes = 12;

    private const int TypeAt = 4, SubtypeAt = 6;

    /// <param name="bytes">The header at the least.</param>
    internal MrtRecord(ReadOnlySpan<byte> bytes, long number, long offset)
    {
        Bytes = bytes;
        Number = number;
        Offset = offset;
    }

    /// <summary>The whole record, header and body.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Number of the record in its file, the first being 1.</summary>
    public long Number { get; }

    /// <summary>Bytes from the start of the decompressed file to the header.</summary>
    public long Offset { get; }

    // What follows is read when it is asked for: a record is handed on more often than all of it is asked.

    /// <summary>
    /// When the collector wrote it; to the microsecond in BGP4MP_ET (RFC 6396 section 3), where a million or more count as 999,999.
    /// </summary>
    public Timestamp Time
    {
        get
        {
            if (Bytes.IsEmpty) return default;
            uint microseconds = BodyOffset > HeaderBytes ? BinaryPrimitives.ReadUInt32BigEndian(Bytes[HeaderBytes..]) : 0;
            return new(BinaryPrimitives.ReadUInt32BigEndian(Bytes) * Timestamp.PerSecond + Math.Min(microseconds, 999_999));
        }
    }

    /// <summary>What the record is; a type that is not in the list is kept as its number.</summary>
    public MrtType Type
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Bytes.IsEmpty ? default : (MrtType)BinaryPrimitives.ReadUInt16BigEndian(Bytes[TypeAt..]);
    }

    /// <summary>What of its type it is, by the section of RFC 6396, RFC 6397 or RFC 8050 of that type; not judged.</summary>
    public ushort Subtype
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Bytes.IsEmpty ? default : BinaryPrimitives.ReadUInt16BigEndian(Bytes[SubtypeAt..]);
    }

    /// <summary>
    /// True for a record of TABLE_DUMP_V2 each of whose entries has a path identifier of its own (RFC 8050 section 4.1). In
    /// RIB_GENERIC_ADDPATH the identifier stands with the prefix (RFC 8050 section 4.2); but GoBGP and OpenBGPD write it into each entry
    /// there too, which is so where only that makes sense of all bytes.
    /// </summary>
    public bool HasPathIdsInEntries => Type is MrtType.TableDumpV2
        && (Subtype is >= 8 and <= 11 || Subtype is 12 && GenericRib.HasPathIdsInEntries(Body));

    /// <summary>What follows the header, and the microseconds in BGP4MP_ET.</summary>
    public ReadOnlySpan<byte> Body => Bytes[BodyOffset..];

    /// <summary>Bytes from the start of the record to the start of <see cref="Body"/>.</summary>
    // The microseconds are counted in the record's length (RFC 6396 section 3).
    public int BodyOffset
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Bytes.IsEmpty ? 0
            : Type is MrtType.Bgp4MpEt && Bytes.Length >= HeaderBytes + sizeof(uint) ? HeaderBytes + sizeof(uint) : HeaderBytes;
    }
}
