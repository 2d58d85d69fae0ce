using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Isthmus.Scenarios.Damage;

/// <summary>What an archive's records are packed in.</summary>
public enum Container
{
    /// <summary>MRT as it stands.</summary>
    Plain,
    /// <summary>Two gzip members.</summary>
    Gzip,
    /// <summary>A bzip2 stream of blocks of 100 kB.</summary>
    Bzip2,
    /// <summary>An xz stream of blocks of 64 KiB.</summary>
    Xz,
    /// <summary>Two zstd frames with checksums.</summary>
    Zstd,
    /// <summary>A tar archive of two plain files.</summary>
    Tar,
    /// <summary>A zip archive of two plain files.</summary>
    Zip,
    /// <summary>The lines of <c>bgpdump -m</c>.</summary>
    Text,
    /// <summary>Many gzip members, as <c>bgzip</c> writes them: of equal size, records reach from one into the next.</summary>
    GzipMembers,
    /// <summary>Many bzip2 streams.</summary>
    Bzip2Streams,
    /// <summary>Several xz streams.</summary>
    XzStreams,
    /// <summary>Many zstd frames with checksums.</summary>
    ZstdFrames,
}

/// <summary>Packs bytes, equal ones to equal bytes.</summary>
public static class Packing
{
    /// <summary>The file's bytes; null where there is no tool that packs so.</summary>
    /// <param name="middle">Where a record begins about half-way: what has parts is parted there.</param>
    public static byte[]? Pack(Container container, byte[] plain, int middle) => container switch
    {
        Container.Gzip => [.. Compressed.Gzip(plain.AsSpan(0, middle)), .. Compressed.Gzip(plain.AsSpan(middle))],
        Container.Bzip2 => Compressed.Bzip2(plain, blockSize: 1),
        Container.Xz => Xz(plain),
        Container.Zstd => [.. Zstd(plain.AsSpan(0, middle)), .. Zstd(plain.AsSpan(middle))],
        Container.Tar => Tar(plain[..middle], plain[middle..]),
        Container.Zip => Zip(plain[..middle], plain[middle..]),
        Container.GzipMembers or Container.Bzip2Streams or Container.XzStreams or Container.ZstdFrames => Many(container, plain),
        _ => plain,
    };

    /// <summary>
    /// What the base library makes of deflated bytes before it meets what it calls damage, part by part; none for other containers.
    /// </summary>
    public static IEnumerable<byte[]> Inflated(Container container, byte[] stored)
    {
        if (container is Container.Gzip or Container.GzipMembers)
        {
            using var members = new GZipStream(new MemoryStream(stored), CompressionMode.Decompress);
            yield return UpToDamage(members);
        }
        else if (container is Container.Zip)
        {
            ZipArchive archive;
            try
            {
                archive = new(new MemoryStream(stored));
            }
            catch (InvalidDataException)
            {
                yield break;
            }
            using (archive)
                foreach (var entry in archive.Entries)
                {
                    using var part = entry.Open();
                    yield return UpToDamage(part);
                }
        }
    }

    private static byte[] UpToDamage(Stream stream)
    {
        using var plain = new MemoryStream();
        try
        {
            // By the byte, so that what comes before the damage is not lost with it.
            for (int value = stream.ReadByte(); value >= 0; value = stream.ReadByte()) plain.WriteByte((byte)value);
        }
        catch (InvalidDataException)
        {
            // What came before it is what is asked for.
        }
        return plain.ToArray();
    }

    /// <summary>Plain bytes of one of many parts.</summary>
    private const int PartBytes = 6_000, XzPartBytes = 50_000;

    /// <summary>
    /// How many plain bytes the parts hold that a file was cut behind; -1 where it was cut inside one, or the container has none.
    /// </summary>
    public static int PlainBytesOf(Container container, byte[] plain, int middle, int storedBytes)
    {
        int at = 0, stored = 0;
        foreach (int length in PartsOf(container, plain.Length, middle))
        {
            if (stored >= storedBytes) break;
            stored += One(container, plain.AsSpan(at, length))!.Length;
            at += length;
        }
        return at > 0 && stored == storedBytes ? at : -1;
    }

    private static IEnumerable<int> PartsOf(Container container, int bytes, int middle)
    {
        if (container is Container.Gzip or Container.Zstd) return [middle, bytes - middle];
        int part = container switch
        {
            Container.XzStreams => XzPartBytes,
            Container.GzipMembers or Container.Bzip2Streams or Container.ZstdFrames => PartBytes,
            _ => 0,
        };
        return part == 0 ? [] : Enumerable.Range(0, (bytes + part - 1) / part).Select(i => Math.Min(part, bytes - i * part));
    }

    private static byte[]? One(Container container, ReadOnlySpan<byte> plain) => container switch
    {
        Container.Gzip or Container.GzipMembers => Compressed.Gzip(plain),
        Container.Bzip2Streams => Compressed.Bzip2(plain, blockSize: 1),
        Container.XzStreams => Xz(plain.ToArray()),
        _ => Zstd(plain),
    };

    private static byte[]? Many(Container container, byte[] plain)
    {
        using var packed = new MemoryStream();
        int at = 0;
        foreach (int length in PartsOf(container, plain.Length, middle: 0))
        {
            if (One(container, plain.AsSpan(at, length)) is not { } part) return null;
            packed.Write(part);
            at += length;
        }
        return packed.ToArray();
    }

    private static byte[] Zstd(ReadOnlySpan<byte> plain)
    {
        using var compressor = new Compressor();
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(plain).ToArray();
    }

    private static byte[] Tar(params byte[][] files)
    {
        using var packed = new MemoryStream();
        using (var tar = new TarWriter(packed, TarEntryFormat.Ustar, leaveOpen: true))
            foreach (var (place, file) in files.Index())
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"rrc00/{place}.mrt")
                {
                    DataStream = new MemoryStream(file),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                });
        return packed.ToArray();
    }

    private static byte[] Zip(params byte[][] files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (place, file) in files.Index())
            {
                var entry = zip.CreateEntry($"rrc00/{place}.mrt");
                entry.LastWriteTime = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var content = entry.Open();
                content.Write(file);
            }
        return packed.ToArray();
    }

    // No library at hand writes the format.
    private static byte[]? Xz(byte[] plain)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("xz", "-c -1 -T1 --block-size=65536")
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            using var packed = new MemoryStream();
            var copying = process.StandardOutput.BaseStream.CopyToAsync(packed);
            process.StandardInput.BaseStream.Write(plain);
            process.StandardInput.Close();
            copying.GetAwaiter().GetResult();
            return packed.ToArray();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
