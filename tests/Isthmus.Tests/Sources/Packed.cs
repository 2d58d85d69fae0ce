using System.IO.Compression;

using ICSharpCode.SharpZipLib.BZip2;

using Isthmus.Sources;

namespace Isthmus.Tests.Sources;

/// <summary>Bytes to pack, packing by other hands, and unpacking by ours.</summary>
internal static class Packed
{
    /// <summary>What came out of a file, and what was wrong with it.</summary>
    public sealed record Unpacked(byte[] Plain, StreamFault? Fault, string Sha256);

    public static byte[] Noise(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Bytes with runs of every length, and stretches that repeat.</summary>
    public static byte[] Runs(int length, int seed)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[length];
        for (int at = 0; at < length;)
        {
            int run = Math.Min(random.Next(1, random.Next(2, 700)), length - at);
            bytes.AsSpan(at, run).Fill((byte)random.Next(0, 7));
            at += run;
        }
        return bytes;
    }

    public static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(plain);
        return packed.ToArray();
    }

    public static byte[] Bzip2(byte[] plain, int level = 1)
    {
        using var packed = new MemoryStream();
        using (var bzip2 = new BZip2OutputStream(packed, level) { IsStreamOwner = false }) bzip2.Write(plain, 0, plain.Length);
        return packed.ToArray();
    }

    public static byte[] Zstd(byte[] plain)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(plain).ToArray();
    }

    public static Unpacked Unpack(byte[] stored)
    {
        using var stream = Decompression.Open(new MemoryStream(stored), hashed: true);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return new(plain.ToArray(), stream.Fault, stream.Sha256);
    }
}
