using Isthmus.Wire.Mrt;

namespace Isthmus.Sources.Compression;

/// <summary>How a file is compressed.</summary>
public enum CompressionFormat
{
    Plain,
    Gzip,
    Bzip2,
    Zstd,
    Xz,
}

/// <summary>Opens files that may be compressed; the format is told by the content, never by the name.</summary>
public static class Decompression
{
    /// <summary>The longest of the signatures.</summary>
    private const int SignatureBytes = 12;

    /// <summary>Opens a stream; it belongs to the result, which disposes of it.</summary>
    /// <param name="hashed">True to know <see cref="DecompressedStream.Sha256"/> in the end.</param>
    /// <param name="told">How it is compressed where its own first bytes do not tell, by what stands behind them.</param>
    public static DecompressedStream Open(Stream source, bool hashed = false, CompressionFormat? told = null) =>
        Open(new StoredBytes(source, hashed), ahead: false, told);

    /// <summary>The same, decompressed on a thread of its own where that is worth one: bzip2 has its threads anyway.</summary>
    public static DecompressedStream OpenAhead(Stream source, CompressionFormat? told = null) =>
        Open(new StoredBytes(source, hashed: false), ahead: true, told);

    private static DecompressedStream Open(StoredBytes stored, bool ahead, CompressionFormat? told)
    {
        var format = Tell(stored.Peek(SignatureBytes));
        if (format is CompressionFormat.Plain) format = TellDamaged(stored);
        if (format is CompressionFormat.Plain) format = told ?? format;
        Decoder decoder = format switch
        {
            CompressionFormat.Gzip => new GzipDecoder(stored),
            CompressionFormat.Bzip2 => new Bzip2Blocks(stored),
            CompressionFormat.Zstd => new ZstdDecoder(stored),
            CompressionFormat.Xz => new XzDecoder(stored),
            _ => new PlainDecoder(stored),
        };
        if (ahead && format is not (CompressionFormat.Plain or CompressionFormat.Bzip2)) decoder = new ReadAhead(stored, decoder);
        return new(stored, decoder, format);
    }

    // By what stands behind first bytes that are damaged.
    private static CompressionFormat TellDamaged(StoredBytes stored)
    {
        if (GzipDecoder.IsDamagedFile(stored)) return CompressionFormat.Gzip;
        if (MrtReader.IsPlausible(stored.Peek(MrtRecord.HeaderBytes))) return CompressionFormat.Plain;
        var start = stored.Peek(SignatureBytes);
        return Bzip2Blocks.IsDamagedFile(start) ? CompressionFormat.Bzip2
            : stored.CanRewind && XzBlocks.IsDamagedFile(start) ? CompressionFormat.Xz
            : ZstdFrames.IsDamagedFile(stored) ? CompressionFormat.Zstd
            : CompressionFormat.Plain;
    }

    /// <summary>Tells the format by the first bytes.</summary>
    public static CompressionFormat Tell(ReadOnlySpan<byte> start) =>
        GzipDecoder.IsMember(start) ? CompressionFormat.Gzip
        : Bzip2Blocks.IsStream(start) ? CompressionFormat.Bzip2
        : ZstdDecoder.IsFrame(start) ? CompressionFormat.Zstd
        : XzDecoder.IsStream(start) ? CompressionFormat.Xz
        : CompressionFormat.Plain;
}
