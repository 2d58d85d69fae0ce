using System.Buffers.Binary;

using ZstdSharp;

namespace Isthmus.Sources;

/// <summary>
/// The frames of a Zstandard file (RFC 8878 section 3.1). A frame's blocks say their sizes, so that its end is known without decoding;
/// where they are damaged the next magic tells.
/// </summary>
internal sealed class ZstdFrames(StoredBytes stored) : PartFormat(stored)
{
    private const int MagicBytes = 4, BlockHeaderBytes = 3, ChecksumBytes = 4;

    /// <summary>No block has more (RFC 8878 section 3.1.1.2.4).</summary>
    private const int BlockBytesMax = 128 << 10;

    public override string Name => "a zstd frame";

    public override long FindStart(long from) => Stored.Find(from, MagicBytes + 1, IsFrame);

    public override long FindEnd(long start)
    {
        long end = EndOf(start);
        if (end < 0) return FindEndBehind(start);
        Stored.Seek(end);
        if (Stored.Offset < end) return long.MaxValue;
        var next = Stored.Peek(MagicBytes + 1);
        return next.IsEmpty || ZstdDecoder.IsFrame(next) ? end : FindEndBehind(start);
    }

    public override long FindEndBehind(long end) => FindStart(end + 1) is >= 0 and var next ? next : long.MaxValue;

    public override (Stream Plain, PartInput Input) Open(long start, long end, bool isExact)
    {
        Stored.Seek(start);
        var input = new PartInput(Stored, end, [], []);
        return (new DecompressionStream(input, leaveOpen: true), input);
    }

    // The reserved bit of the descriptor is zero (RFC 8878 section 3.1.1.1.1).
    private static bool IsFrame(ReadOnlySpan<byte> bytes) =>
        bytes is [0x28, 0xb5, 0x2f, 0xfd, var descriptor, ..] && (descriptor & 8) == 0;

    // Behind the last block and the checksum; -1 where the sizes lead nowhere.
    private long EndOf(long start)
    {
        Stored.Seek(start + MagicBytes);
        if (Stored.Peek(1) is not [var descriptor]) return -1;
        bool isSingle = (descriptor & 0x20) != 0, hasChecksum = (descriptor & 4) != 0;
        int dictionary = (descriptor & 3) is 3 ? 4 : descriptor & 3;
        int content = (descriptor >> 6) is 0 ? isSingle ? 1 : 0 : 1 << (descriptor >> 6);
        for (long at = start + MagicBytes + 1 + (isSingle ? 0 : 1) + dictionary + content; ;)
        {
            Stored.Seek(at);
            var header = Stored.Peek(BlockHeaderBytes);
            if (header.Length < BlockHeaderBytes) return -1;
            int bits = BinaryPrimitives.ReadUInt16LittleEndian(header) | header[2] << 16;
            int type = bits >> 1 & 3, size = bits >> 3;
            if (type == 3 || size > BlockBytesMax) return -1;
            at += BlockHeaderBytes + (type == 1 ? 1 : size);
            if ((bits & 1) != 0) return at + (hasChecksum ? ChecksumBytes : 0);
        }
    }
}
