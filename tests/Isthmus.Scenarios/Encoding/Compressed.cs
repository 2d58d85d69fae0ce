using System.Buffers.Binary;
using System.IO.Hashing;

using ICSharpCode.SharpZipLib.BZip2;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace Isthmus.Scenarios;

/// <summary>Packs equal bytes to equal bytes: managed coders, and no time in the gzip header.</summary>
public static class Compressed
{
    [ThreadStatic]
    private static Deflater? _deflater;

    [ThreadStatic]
    private static byte[]? _buffer;

    /// <summary>One gzip member (RFC 1952) with modification time 0.</summary>
    public static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        // Its tables take more time to make than most files take to pack.
        var deflater = _deflater ??= new(Deflater.BEST_COMPRESSION, noZlibHeaderOrFooter: true);
        deflater.Reset();
        deflater.SetInput(bytes.ToArray());
        deflater.Finish();
        using var packed = new MemoryStream();
        packed.Write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF]);
        byte[] buffer = _buffer ??= new byte[1 << 16];
        while (!deflater.IsFinished) packed.Write(buffer, 0, deflater.Deflate(buffer));
        byte[] trailer = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32.HashToUInt32(bytes));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(4), unchecked((uint)bytes.Length));
        packed.Write(trailer);
        return packed.ToArray();
    }

    /// <summary>One bzip2 stream with no larger a block than the bytes need: the coder makes tables of several times a block.</summary>
    public static byte[] Bzip2InOneBlock(ReadOnlySpan<byte> bytes)
    {
        // The first step of bzip2 writes five bytes for four equal ones.
        long most = (long)bytes.Length * 5 / 4 + 20;
        return Bzip2(bytes, (int)Math.Min(9, most / 100_000 + 1));
    }

    /// <summary>One bzip2 stream.</summary>
    /// <param name="blockSize">In units of 100 kB, 1 to 9.</param>
    public static byte[] Bzip2(ReadOnlySpan<byte> bytes, int blockSize = 9)
    {
        using var packed = new MemoryStream();
        using (var stream = new BZip2OutputStream(packed, blockSize) { IsStreamOwner = false }) stream.Write(bytes);
        return packed.ToArray();
    }
}
