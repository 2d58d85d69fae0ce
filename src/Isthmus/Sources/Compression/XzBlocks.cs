using System.Buffers.Binary;
using System.Globalization;

using SharpCompress.Compressors.Xz;

using Crc32 = System.IO.Hashing.Crc32;

namespace Isthmus.Sources.Compression;

/// <summary>
/// The blocks of an .xz file. Each header of a block and of a stream has a checksum of its own, so that they are found at any byte,
/// whatever stands before them; a block is read as a stream of one.
/// </summary>
internal sealed class XzBlocks(StoredBytes stored) : PartFormat(stored)
{
    /// <summary>Magic, flags and CRC32 (section 2.1.1 of the format).</summary>
    private const int StreamHeaderBytes = 12;

    /// <summary>A block's header has a byte for its length, in fours (section 3.1.1 of the format).</summary>
    private const int BlockHeaderBytesMax = 1024;

    /// <summary>A stream's header and that of its first block.</summary>
    public const int StartBytes = StreamHeaderBytes + BlockHeaderBytesMax;

    /// <summary>The filter that ends every chain (section 5.3.1 of the format).</summary>
    private const ulong Lzma2 = 0x21;

    /// <summary>CRC64, which xz writes unless it is told otherwise (section 2.1.1.2 of the format).</summary>
    private const byte UsualCheck = 4;

    // Of a file whose own first header is damaged, one with what can be read of it.
    private byte[] _header = HeaderOf(stored);

    public override string Name => "an xz stream";

    /// <summary>What the library says; but of a filter that it does not have, as delta (section 5.3.3 of the format), what to do.</summary>
    public static string Reason(Exception damage) =>
        damage.Message.StartsWith("Filter ", StringComparison.Ordinal) || damage.Message is "Invalid Parameter"
        ? "or packed with a filter, or a dictionary of 2 GiB or more, that is not read here: if xz -t calls it sound, unpack it with xz -d and give what comes of it" : damage.Message;

    public override string ReasonOf(Exception damage) => Reason(damage);

    /// <summary>The failure of the library where a block's check is not that of its bytes.</summary>
    public override bool IsOfChecksum(Exception damage) => damage.Message.Contains("check", StringComparison.OrdinalIgnoreCase)
        || damage.Message.Contains("CRC", StringComparison.Ordinal);

    /// <summary>True where a file begins with a stream's header but for its magic: flags and their checksum are right.</summary>
    public static bool IsDamagedFile(ReadOnlySpan<byte> start) => start.Length >= StreamHeaderBytes && !XzDecoder.IsStream(start)
        && start[6] == 0 && start[7] <= 0x0f
        && Crc32.HashToUInt32(start[6..8]) == BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);

    public override long FindStart(long from)
    {
        for (long at = from; ; at += StreamHeaderBytes)
        {
            at = FindHeader(at);
            if (at < 0) return -1;
            Stored.Seek(at);
            var header = Stored.Peek(StreamHeaderBytes);
            if (!IsStreamHeader(header)) return at;
            _header = header.ToArray();
        }
    }

    public override long FindEnd(long start)
    {
        Stored.Seek(start);
        return FindEndBehind(start + HeaderBytes(Stored.Peek(1)[0]));
    }

    // The CRC32 in a header makes one that is none as good as impossible, but for a file that holds an .xz file as it is.
    public override long FindEndBehind(long end) => FindHeader(end + 1) is >= 0 and var next ? next : long.MaxValue;

    public override (Stream Plain, PartInput Input) Open(long start, long end, bool isExact)
    {
        Stored.Seek(end == long.MaxValue ? start : end);
        bool isLast = end == long.MaxValue || IsStreamHeader(Stored.Peek(StreamHeaderBytes));
        Stored.Seek(start);
        var input = new PartInput(Stored, end, _header, isLast || isExact ? [] : End(_header));
        return (new XZStream(input), input);
    }

    private static byte[] HeaderOf(StoredBytes stored)
    {
        stored.Seek(0);
        byte check = stored.Peek(StreamHeaderBytes) is [_, _, _, _, _, _, 0, <= 0x0f and var said, ..] ? said : UsualCheck;
        byte[] header = [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0, check, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Crc32.HashToUInt32(header.AsSpan(6, 2)));
        return header;
    }

    private long FindHeader(long from) =>
        Stored.Find(from, BlockHeaderBytesMax, bytes => IsBlockHeader(bytes) || IsStreamHeader(bytes));

    private static int HeaderBytes(byte size) => (size + 1) * 4;

    private static bool IsStreamHeader(ReadOnlySpan<byte> bytes) => XzDecoder.IsStream(bytes) && bytes.Length >= StreamHeaderBytes
        && Crc32.HashToUInt32(bytes[6..8]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);

    private static bool IsBlockHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 || bytes[0] == 0 || (bytes[1] & 0x3C) != 0) return false;
        int length = HeaderBytes(bytes[0]);
        if (length > bytes.Length || FirstFilter(bytes[1], bytes[2..(length - 4)]) != Lzma2) return false;
        return Crc32.HashToUInt32(bytes[..(length - 4)]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[(length - 4)..]);
    }

    /// <summary>
    /// What a stream is packed with beside LZMA2, by its first block: the library gives other bytes for some filters, and where the
    /// stream has no checks nothing would tell. Null for LZMA2 alone, and for bytes that begin no stream with a block.
    /// </summary>
    /// <param name="bytes">From the stream's header on, <see cref="StartBytes"/> of them where there are so many.</param>
    public static string? FilterOf(ReadOnlySpan<byte> bytes)
    {
        if (!IsStreamHeader(bytes) || bytes.Length < StreamHeaderBytes + 2) return null;
        var block = bytes[StreamHeaderBytes..];
        int length = HeaderBytes(block[0]);
        if (block[0] == 0 || length > block.Length
            || Crc32.HashToUInt32(block[..(length - 4)]) != BinaryPrimitives.ReadUInt32LittleEndian(block[(length - 4)..])) return null;
        // Section 5.3 of the format.
        return FirstFilter(block[1], block[2..(length - 4)]) switch
        {
            Lzma2 => null,
            0x03 => "delta",
            0x04 => "x86",
            0x05 => "powerpc",
            0x06 => "ia64",
            0x07 => "arm",
            0x08 => "armthumb",
            0x09 => "sparc",
            0x0a => "arm64",
            0x0b => "riscv",
            var other => string.Create(CultureInfo.InvariantCulture, $"0x{other:x}"),
        };
    }

    // Two sizes where the flags say so, then the filters: each a number, the bytes of its properties, and these; the first is LZMA2
    // where it is the only one (section 3.1 of the format).
    private static ulong FirstFilter(byte flags, ReadOnlySpan<byte> rest)
    {
        if ((flags & 0x40) != 0) XzDecoder.Number(ref rest);
        if ((flags & 0x80) != 0) XzDecoder.Number(ref rest);
        return XzDecoder.Number(ref rest);
    }

    // An index of no blocks, and the footer behind it (sections 2.1.2 and 4 of the format).
    private static byte[] End(ReadOnlySpan<byte> header)
    {
        byte[] end = new byte[8 + StreamHeaderBytes];
        var footer = end.AsSpan(8);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(4), Crc32.HashToUInt32(end.AsSpan(0, 4)));
        BinaryPrimitives.WriteUInt32LittleEndian(footer[4..], 1);
        header[6..8].CopyTo(footer[8..]);
        "YZ"u8.CopyTo(footer[10..]);
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Crc32.HashToUInt32(footer[4..10]));
        return end;
    }
}
