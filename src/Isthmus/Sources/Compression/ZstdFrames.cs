using System.Buffers.Binary;

using ZstdSharp;

namespace Isthmus.Sources.Compression;

/// <summary>
/// The frames of a Zstandard file (RFC 8878 section 3.1). A frame's blocks say their sizes, so that its end is known without decoding;
/// where they are damaged the next magic tells.
/// </summary>
/// <param name="stored">The file.</param>
/// <param name="hasDamagedHead">True where the magic of the first frame, at the first byte, is damaged.</param>
internal sealed class ZstdFrames(StoredBytes stored, bool hasDamagedHead = false) : PartFormat(stored)
{
    private static readonly byte[] _magic = [0x28, 0xb5, 0x2f, 0xfd];

    /// <summary>The library's parameter <c>ZSTD_d_forceIgnoreChecksum</c>.</summary>
    private const ZstdSharp.Unsafe.ZSTD_dParameter IgnoreChecksum = ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_experimentalParam3;

    private const int MagicBytes = 4, BlockHeaderBytes = 3, ChecksumBytes = 4;

    /// <summary>No block has more (RFC 8878 section 3.1.1.2.4).</summary>
    private const int BlockBytesMax = 128 << 10;

    public override string Name => "a zstd frame";

    public override string ReasonOf(Exception damage) => Reason(damage);

    /// <summary>What the library says; but of a window that is larger than it takes, what to do.</summary>
    public static string Reason(Exception damage) => damage.Message.Contains("too much memory", StringComparison.Ordinal)
        ? "or packed with a window of more than 128 MiB, for which zstd has an option (long=31): unpack it with that and give what comes of it"
        : damage.Message;

    public override bool PassesOverChecksum => true;

    /// <summary>True where a file begins with a frame of which a byte of the magic is another: its blocks lead to its end.</summary>
    public static bool IsDamagedFile(StoredBytes stored)
    {
        var start = stored.Peek(MagicBytes + 1);
        if (!stored.CanRewind || start.Length <= MagicBytes || (start[MagicBytes] & 8) != 0) return false;
        int same = 0;
        for (int i = 0; i < MagicBytes; i++) same += start[i] == _magic[i] ? 1 : 0;
        if (same != MagicBytes - 1) return false;
        var frames = new ZstdFrames(stored);
        long end = frames.EndOf(0);
        if (end > 0) stored.Seek(end);
        bool leads = end > 0 && stored.Offset == end && (stored.Peek(1).IsEmpty || ZstdDecoder.IsFrame(stored.Peek(MagicBytes)));
        stored.Seek(0);
        return leads;
    }

    public override long FindStart(long from) => hasDamagedHead && from == 0 ? 0 : Stored.Find(from, MagicBytes + 1, IsFrame);

    public override long FindEnd(long start)
    {
        long end = EndOf(start);
        if (end < 0) return FindEndBehind(start);
        Stored.Seek(end);
        if (Stored.Offset < end) return FindEndBehind(start);
        var next = Stored.Peek(MagicBytes + 1);
        return next.IsEmpty || ZstdDecoder.IsFrame(next) ? end : FindEndBehind(start);
    }

    public override long FindEndBehind(long end) => FindStart(end + 1) is >= 0 and var next ? next : long.MaxValue;

    public override (Stream Plain, PartInput Input) Open(long start, long end, bool isExact)
    {
        bool isDamaged = hasDamagedHead && start == 0;
        Stored.Seek(isDamaged ? MagicBytes : start);
        var input = new PartInput(Stored, end, isDamaged ? _magic : [], []);
        var frame = new DecompressionStream(input, leaveOpen: true);
        if (isExact) frame.SetParameter(IgnoreChecksum, 1);
        return (frame, input);
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
