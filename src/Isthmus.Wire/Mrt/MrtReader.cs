using System.Buffers.Binary;

namespace Isthmus.Wire.Mrt;

/// <summary>Whether <see cref="MrtReader"/> gives a record, and why not (RFC 6396 section 2).</summary>
public enum Framing : byte
{
    /// <summary>A record was read.</summary>
    Whole,
    /// <summary>The bytes end inside a record: read on when there are more, cut off when there are none.</summary>
    Partial,
    /// <summary>A header that cannot be one: the framing is lost, and the reader stays where it is.</summary>
    Torn,
    /// <summary>The bytes end where a record ends.</summary>
    End,
}

/// <summary>
/// Frames MRT records in a run of bytes (RFC 6396 section 2). The caller keeps the bytes and its place in the
/// file: after <see cref="Framing.Partial"/> it brings the bytes from <see cref="Consumed"/> on, and more, to a new reader. A mutable
/// struct: pass it by ref. Its records are views, good as long as the bytes are.
/// </summary>
/// <param name="bytes">Bytes of the decompressed file.</param>
/// <param name="offset">Where in the decompressed file the bytes start, in bytes.</param>
/// <param name="number">How many records have been read before them.</param>
public ref struct MrtReader(ReadOnlySpan<byte> bytes, long offset = 0, long number = 0)
{
    /// <summary>
    /// No record's length field says more, in bytes after the header: the largest RIB record of 65,535 entries with attribute
    /// blocks of a few KiB fits; a length beyond it is damage, and must not make a reader ask for gigabytes.
    /// </summary>
    public const uint RecordBytesMax = 64 << 20;

    /// <summary>
    /// So many bytes after a record tell where it ends: hold them, unless the file ends before. They are the next header, and the four
    /// bytes that are missing where a length is short: of TABLE_DUMP in dumps of January 2000, of BGP4MP_ET as GoBGP writes it, which
    /// leaves its microseconds out (docs/standards.md).
    /// </summary>
    public const int LookAheadBytes = MrtRecord.HeaderBytes + MissingLengthBytes;

    private const int MissingLengthBytes = 4;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes of whole records read so far: where in the given bytes the next one starts.</summary>
    public int Consumed { get; private set; }

    /// <summary>Records read so far, with those before these bytes.</summary>
    public long Records { get; private set; } = number;

    /// <summary>
    /// After <see cref="Framing.Partial"/>: how many bytes the record at <see cref="Consumed"/> needs, header and body; of a header that is
    /// cut off, the header's. A damaged length may ask for as much as 4 GiB, the header included.
    /// </summary>
    public readonly uint Needed => _bytes.Length - Consumed < MrtRecord.HeaderBytes ? MrtRecord.HeaderBytes
        : (uint)Math.Min(uint.MaxValue, MrtRecord.HeaderBytes + (ulong)BinaryPrimitives.ReadUInt32BigEndian(_bytes[(Consumed + 8)..]));

    /// <summary>Gives the next record with <see cref="Framing.Whole"/>; otherwise no record, and why.</summary>
    public Framing TryRead(out MrtRecord record)
    {
        record = default;
        var rest = _bytes[Consumed..];
        if (rest.IsEmpty) return Framing.End;
        if (rest.Length < MrtRecord.HeaderBytes) return Framing.Partial;
        if (!IsPlausible(rest)) return Framing.Torn;
        int length = MrtRecord.HeaderBytes + (int)BinaryPrimitives.ReadUInt32BigEndian(rest[8..]);
        if (rest.Length < length) return Framing.Partial;
        if (IsFourShort(rest, length)) length += MissingLengthBytes;
        record = new(rest[..length], ++Records, offset + Consumed);
        Consumed += length;
        return Framing.Whole;
    }

    /// <summary>Frames the next bytes as a record of this length, whatever its header says; <c>default</c> where it does not fit.</summary>
    /// <param name="length">Bytes, the header's among them.</param>
    public MrtRecord Take(int length)
    {
        var rest = _bytes[Consumed..];
        if (length < MrtRecord.HeaderBytes || length > rest.Length) return default;
        MrtRecord record = new(rest[..length], ++Records, offset + Consumed);
        Consumed += length;
        return record;
    }

    /// <summary>
    /// True when the bytes could be a record's header (RFC 6396 section 2): a type that exists, a length that one can have. Zeros to
    /// the last, as a hole in a file leaves them, are none.
    /// </summary>
    /// <param name="header">From a header on; false for less than <see cref="MrtRecord.HeaderBytes"/>.</param>
    public static bool IsPlausible(ReadOnlySpan<byte> header)
    {
        if (header.Length < MrtRecord.HeaderBytes) return false;
        ulong head = BinaryPrimitives.ReadUInt64BigEndian(header);
        // Seconds, type, subtype.
        int type = (int)(head >> 16 & 0xFFFF);
        bool exists = type < 64 ? (Types >> type & 1) != 0 || type == 0 && head >> 32 != 0 : type is 64 or 65;
        return exists && (head & 0xFFFF) < 64 && BinaryPrimitives.ReadUInt32BigEndian(header[8..]) <= RecordBytesMax;
    }

    // A bit for each type: 1 to 13, 16, 17, 32, 33, 48 and 49.
    private const ulong Types = 0x3FFE | 3UL << 16 | 3UL << 32 | 3UL << 48;

    /// <summary>
    /// True when a header of the same kind stands four bytes after the declared end, and none at the end; of TABLE_DUMP one of the same
    /// subtype.
    /// </summary>
    /// <param name="record">From the record's header on, with what follows it.</param>
    /// <param name="length">Bytes of the record by its header, the header among them.</param>
    internal static bool IsFourShort(ReadOnlySpan<byte> record, int length)
    {
        var type = (MrtType)BinaryPrimitives.ReadUInt16BigEndian(record[4..]);
        if (type is not (MrtType.TableDump or MrtType.Bgp4MpEt)) return false;
        var after = record[length..];
        if (after.Length < LookAheadBytes) return after.Length == MissingLengthBytes;
        int kind = type is MrtType.TableDump ? 4 : 2;
        return !IsPlausible(after) && IsPlausible(after[MissingLengthBytes..])
            && after.Slice(MissingLengthBytes + 4, kind).SequenceEqual(record.Slice(4, kind));
    }

    /// <summary>Bytes of the record that begins here, by its header or, where that is known to be short, by what follows it.</summary>
    public static long LengthOf(ReadOnlySpan<byte> header)
    {
        long length = MrtRecord.HeaderBytes + (long)BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        return length < header.Length && IsFourShort(header, (int)length) ? length + MissingLengthBytes : length;
    }
}
