using System.Buffers;
using System.Buffers.Binary;

namespace Isthmus.Sources.Compression;

/// <summary>What stands at a mark of a bzip2 file.</summary>
internal enum Bzip2Mark
{
    Block,
    StreamEnd,
}

/// <summary>The bits from one mark to the next.</summary>
/// <param name="StartBit">Bits from the start of the file to the mark.</param>
/// <param name="EndBit">To the next mark; to the end of the file, or as far as a block can reach, where there is none.</param>
/// <param name="ReachesMark">True when a mark follows at <paramref name="EndBit"/>.</param>
/// <param name="IsFollowed">True when a mark follows, there or farther behind.</param>
/// <param name="Bytes">From the shared pool: the bytes that hold the bits, then zero bytes as padding.</param>
internal sealed record Bzip2Segment(Bzip2Mark Mark, long StartBit, long EndBit, bool ReachesMark, bool IsFollowed, byte[] Bytes)
{
    public int FirstBit => (int)(StartBit & 7);

    public long BitLength => EndBit - StartBit;

    public int ByteLength => (int)((FirstBit + BitLength + 7) >> 3);

    /// <summary>The bytes with their padding.</summary>
    public ReadOnlySpan<byte> Padded => Bytes.AsSpan(0, ByteLength + Bzip2Bits.PaddingBytes);

    /// <summary>This segment and the one behind it, when the mark between them is none.</summary>
    public Bzip2Segment Join(Bzip2Segment next)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(ByteLength + next.ByteLength + Bzip2Bits.PaddingBytes);
        Bytes.AsSpan(0, ByteLength).CopyTo(bytes);
        int at = (int)((next.StartBit >> 3) - (StartBit >> 3));
        next.Padded.CopyTo(bytes.AsSpan(at));
        return new(Mark, StartBit, next.EndBit, next.ReachesMark, next.IsFollowed, bytes);
    }

    public void Return() => ArrayPool<byte>.Shared.Return(Bytes);
}

/// <summary>
/// Cuts a bzip2 file at its marks, the 48-bit magics of blocks and stream ends, which stand at any bit. Only what
/// lies between two marks is held.
/// </summary>
internal sealed class Bzip2Marks(StoredBytes stored)
{
    public const ulong BlockMagic = 0x314159265359, EndMagic = 0x177245385090;

    /// <summary>Longer than any block, however badly it packs.</summary>
    private const int SegmentBytesMax = 3 << 20;

    private const int ReadBytes = 1 << 17, MagicBytes = 7;

    private static readonly SearchValues<byte> s_secondBytes = SearchValues.Create(SecondBytes());

    // Most files of an archive of updates are shorter.
    private byte[] _held = new byte[2 * ReadBytes];
    private int _end;
    private long _heldOffset;
    private long _markBit = -1;
    private Bzip2Mark _mark;
    private bool _ended;

    /// <summary>The bit of the first mark; -1 when there is none. To be asked first.</summary>
    public long FindFirst()
    {
        _markBit = Find(0, out _mark);
        if (_markBit < 0) _markBit = FindFar(out _mark);
        return _markBit;
    }

    /// <summary>The next segment; null after the last.</summary>
    public Bzip2Segment? Next()
    {
        if (_markBit < 0) return null;
        var mark = _mark;
        long start = _markBit;
        DropBefore(start >> 3);
        _markBit = Find(start + Bzip2Block.MagicBits, out _mark);
        long end = _markBit >= 0 ? _markBit : (_heldOffset + _end) * 8;
        byte[] bytes = Copy(start, end);
        bool reachesMark = _markBit >= 0;
        if (!reachesMark) _markBit = FindFar(out _mark);
        return new(mark, start, end, reachesMark, _markBit >= 0, bytes);
    }

    private byte[] Copy(long start, long end)
    {
        int from = (int)((start >> 3) - _heldOffset), to = (int)(((end + 7) >> 3) - _heldOffset);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(to - from + Bzip2Bits.PaddingBytes);
        _held.AsSpan(from, to - from).CopyTo(bytes);
        bytes.AsSpan(to - from, Bzip2Bits.PaddingBytes).Clear();
        return bytes;
    }

    // The first mark behind what is held, however far: all before it is dropped.
    private long FindFar(out Bzip2Mark mark)
    {
        mark = default;
        long bit = -1;
        while (bit < 0 && !_ended)
        {
            long from = (_heldOffset + _end - MagicBytes) * 8;
            DropBefore(_heldOffset + _end - MagicBytes);
            bit = Find(from, out mark);
        }
        return bit;
    }

    // The first mark at or after a bit, as far from it as a block can reach.
    private long Find(long fromBit, out Bzip2Mark mark)
    {
        int at = (int)((fromBit >> 3) - _heldOffset);
        int limit = at + SegmentBytesMax;
        mark = default;
        while (true)
        {
            while (_end - at < MagicBytes + 1 && !_ended) Fill();
            var bytes = _held.AsSpan(0, _end);
            for (; at + MagicBytes <= _end; at++)
            {
                int step = bytes[(at + 1)..(_end - MagicBytes + 2)].IndexOfAny(s_secondBytes);
                if (step < 0)
                {
                    at = _end - MagicBytes + 1;
                    break;
                }
                at += step;
                if (IsMark(bytes[at..], (_heldOffset + at) * 8, fromBit, out int bit, out mark)) return (_heldOffset + at) * 8 + bit;
            }
            if (_ended) return FindInLastBytes(at, fromBit, out mark);
            if (at > limit) return -1;
        }
    }

    // A magic that ends with the file's last byte has no seventh byte behind it.
    private long FindInLastBytes(int at, long fromBit, out Bzip2Mark mark)
    {
        Span<byte> last = stackalloc byte[MagicBytes];
        mark = default;
        for (; at < _end; at++)
        {
            last.Clear();
            _held.AsSpan(at, Math.Min(MagicBytes, _end - at)).CopyTo(last);
            if (IsMark(last, (_heldOffset + at) * 8, fromBit, out int bit, out mark)
                && at * 8 + bit + Bzip2Block.MagicBits <= _end * 8) return (_heldOffset + at) * 8 + bit;
        }
        return -1;
    }

    private static bool IsMark(ReadOnlySpan<byte> bytes, long byteBit, long fromBit, out int bit, out Bzip2Mark mark)
    {
        ulong window = ((ulong)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 32)
            | ((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) << 16) | ((ulong)bytes[6] << 8);
        mark = default;
        for (bit = 0; bit < 8; bit++)
        {
            ulong magic = (window << bit) >> 16;
            if (magic is not (BlockMagic or EndMagic) || byteBit + bit < fromBit) continue;
            mark = magic is BlockMagic ? Bzip2Mark.Block : Bzip2Mark.StreamEnd;
            return true;
        }
        return false;
    }

    private void DropBefore(long offset)
    {
        int dropped = (int)(offset - _heldOffset);
        _held.AsSpan(dropped, _end - dropped).CopyTo(_held);
        _end -= dropped;
        _heldOffset = offset;
    }

    private void Fill()
    {
        if (_held.Length - _end < ReadBytes) Array.Resize(ref _held, _held.Length * 2);
        int read = stored.Read(_held.AsSpan(_end, ReadBytes));
        _end += read;
        _ended = read == 0;
    }

    // Whatever the bit a magic starts at, the byte after the one it starts in holds eight of its bits.
    private static byte[] SecondBytes() =>
        [.. new[] { BlockMagic, EndMagic }.SelectMany(magic => Enumerable.Range(0, 8).Select(bit => (byte)((magic >> (32 + bit)) & 0xff)))];
}
