using System.Buffers.Binary;

using Isthmus.Sources.Compression;

namespace Isthmus.Sources;

/// <summary>
/// What a file is whose first bytes tell nothing, as where they are zeroed or missing, or where a program stands before an archive: by what
/// stands behind them and is sound.
/// </summary>
internal static class DamagedStart
{
    /// <summary>So many bytes of a file, and of what comes out of it, are searched.</summary>
    public const int SearchBytesMax = 64 << 20;

    /// <summary>So many places that look like a part of a compressed file are opened of each format.</summary>
    private const int PlacesMax = 4;

    /// <summary>So many stored bytes of a part are unpacked to tell whether it holds records.</summary>
    private const int PartBytes = 2 << 20;

    /// <summary>So many plain bytes tell it: records of a dump may be long, and a part may begin inside one.</summary>
    public const int PlainBytes = 1 << 18;

    /// <summary>The end of a zip archive's list (APPNOTE 6.3.10 section 4.3.16), and the longest comment behind it.</summary>
    private const int ListEndBytes = 22, CommentBytesMax = ushort.MaxValue, ListBytesAt = 12;

    /// <summary>True where a tar archive's header stands behind the first bytes.</summary>
    /// <param name="plain">What comes out of the file; it is read.</param>
    public static bool HoldsTar(Stream plain)
    {
        const int MagicAt = 257;
        byte[] held = new byte[1 << 20];
        int count = 0;
        for (long passed = 0; passed < SearchBytesMax;)
        {
            int read = plain.ReadAtLeast(held.AsSpan(count), held.Length - count, throwOnEndOfStream: false);
            count += read;
            for (int at = 0; held.AsSpan(at, count - at).IndexOf("ustar"u8) is >= 0 and var step; at += step + 1)
                if (at + step >= MagicAt && at + step - MagicAt + TarFiles.BlockBytes <= count
                    && TarFiles.IsHeader(held.AsSpan(at + step - MagicAt, TarFiles.BlockBytes))) return true;
            if (read == 0) return false;
            int kept = Math.Min(count, TarFiles.BlockBytes - 1);
            held.AsSpan(count - kept, kept).CopyTo(held);
            passed += count - kept;
            count = kept;
        }
        return false;
    }

    /// <summary>Where a zip archive begins whose list of files is whole; -1 for none.</summary>
    public static long ZipStart(Stream stored)
    {
        byte[] end = new byte[Math.Min(stored.Length, ListEndBytes + CommentBytesMax)];
        stored.Position = stored.Length - end.Length;
        int read = stored.ReadAtLeast(end, end.Length, throwOnEndOfStream: false);
        int at = end.AsSpan(0, read).LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0 || at + ListEndBytes > read) return -1;
        long bytes = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(at + ListBytesAt));
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(at + ListBytesAt + 4));
        long list = stored.Length - end.Length + at - bytes, start = list - offset;
        if (start < 0) return -1;
        stored.Position = list;
        Span<byte> entry = stackalloc byte[4];
        stored.ReadAtLeast(entry, entry.Length, throwOnEndOfStream: false);
        return entry.SequenceEqual("PK\u0001\u0002"u8) ? start : -1;
    }

    /// <summary>How a file is compressed, by the first part of it that holds records; null for none.</summary>
    /// <param name="open">Opens the file as stored.</param>
    public static CompressionFormat? PackingOf(Func<Stream> open)
    {
        foreach (var format in (CompressionFormat[])
            [CompressionFormat.Xz, CompressionFormat.Zstd, CompressionFormat.Gzip, CompressionFormat.Bzip2])
        {
            using var stored = new StoredBytes(FilePart.Of(open(), 0, SearchBytesMax), hashed: false);
            long at = 0;
            for (int places = 0; places < PlacesMax && (at = Find(format, stored, at)) is >= 0; places++, at++)
                if (HoldsRecords(format, stored, at)) return format;
        }
        return null;
    }

    private static long Find(CompressionFormat format, StoredBytes stored, long from) => format switch
    {
        CompressionFormat.Xz => new XzBlocks(stored).FindStart(from),
        CompressionFormat.Zstd => new ZstdFrames(stored).FindStart(from),
        CompressionFormat.Gzip => new GzipMembers(stored).FindSound(from),
        _ => FindBlock(stored, from),
    };

    private static long FindBlock(StoredBytes stored, long from)
    {
        stored.Seek(from);
        return new Bzip2Marks(stored).FindFirst() is >= 0 and var bit ? from + (bit >> 3) : -1;
    }

    private static bool HoldsRecords(CompressionFormat format, StoredBytes stored, long at)
    {
        byte[] part = new byte[PartBytes];
        stored.Seek(at);
        int length = 0;
        while (length < part.Length && stored.Read(part.AsSpan(length)) is > 0 and var read) length += read;
        using var plain = Decompression.Open(new MemoryStream(part, 0, length), told: format);
        if (plain.Format != format) return false;
        var start = plain.Peek(PlainBytes);
        return PackedFolder.IsTar(start) || BgpdumpText.IsText(start) || RecordReader.HoldsRecords(start);
    }
}
