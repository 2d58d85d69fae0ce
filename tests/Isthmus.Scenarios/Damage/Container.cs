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
        _ => plain,
    };

    /// <summary>The first of two members that stand behind each other; null where the container has none.</summary>
    public static byte[]? FirstMember(Container container, byte[] plain, int middle) => container switch
    {
        Container.Gzip => Compressed.Gzip(plain.AsSpan(0, middle)),
        Container.Zstd => Zstd(plain.AsSpan(0, middle)),
        _ => null,
    };

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
