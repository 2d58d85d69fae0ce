using System.Formats.Tar;
using System.IO.Compression;

using Isthmus.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Sources;

/// <summary>A file whose first bytes tell nothing is read by what stands behind them and is sound.</summary>
public sealed class DamagedStartTests : IDisposable
{
    private const int Parts = 4, PerPart = 50;

    private static readonly Timestamp _start = Timestamp.Parse("2017-10-01T09:05:00Z");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string PrefixOf(int number) => $"10.{number >> 8}.{number & 255}.0/24";

    private static byte[] Records(int part)
    {
        var file = new MrtWriter();
        foreach (int number in Enumerable.Range(part * PerPart, PerPart))
            file.Update(_start + TimeSpan.FromSeconds(number), new("192.0.2.1", 3333),
                PathAttributes.Route("3333 4837 131279", "192.0.2.99"), announce: [Prefix.Parse(PrefixOf(number))]);
        return file.ToArray();
    }

    private static string[] PrefixesFrom(int part) => [.. Enumerable.Range(part * PerPart, (Parts - part) * PerPart).Select(PrefixOf)];

    private CliRun Read(string name, byte[] bytes, out string[] prefixes)
    {
        var run = Cli.Run("read", _folder.Write(name, bytes));
        prefixes = [.. run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|')[5])];
        return run;
    }

    private static byte[] Pack(string format, byte[] plain) => format switch
    {
        "gz" => Packed.Gzip(plain),
        "bz2" => Packed.Bzip2(plain),
        "xz" => Packed.Xz(plain),
        _ => Packed.Zstd(plain),
    };

    [Theory]
    [InlineData("gz", true)]
    [InlineData("gz", false)]
    [InlineData("bz2", true)]
    [InlineData("bz2", false)]
    [InlineData("xz", true)]
    [InlineData("xz", false)]
    [InlineData("zst", true)]
    [InlineData("zst", false)]
    public void Members_behind_a_first_one_that_is_zeroed_or_has_no_head_come_out_once_and_the_loss_is_told(string format, bool isZeroed)
    {
        const int HeadBytes = 12;
        byte[][] parts = [.. Enumerable.Range(0, Parts).Select(part => Pack(format, Records(part)))];
        byte[] first = isZeroed ? new byte[parts[0].Length] : parts[0][HeadBytes..];
        var run = Read($"updates.20171001.0905.{format}", [.. first, .. parts.Skip(1).SelectMany(part => part)], out string[] prefixes);
        Assert.Equal(3, run.ExitCode);
        Assert.Equal(prefixes.Distinct(), prefixes);
        Assert.Equal(PrefixesFrom(1), prefixes.TakeLast((Parts - 1) * PerPart));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Files_behind_a_first_header_of_tar_that_is_zeroed_are_read_and_the_loss_is_told(bool isPacked)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
            for (int part = 0; part < Parts; part++)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"rrc00/updates.20171001.09{part * 5:00}.gz")
                {
                    DataStream = new MemoryStream(Packed.Gzip(Records(part))),
                });
        byte[] archive = bytes.ToArray();
        archive.AsSpan(0, 512).Clear();
        var run = Read("all.tar", isPacked ? Packed.Gzip(archive) : archive, out string[] prefixes);
        Assert.Equal(3, run.ExitCode);
        Assert.Equal(PrefixesFrom(1), prefixes);
        Assert.Contains("tar archive at byte", run.Err, StringComparison.Ordinal);
    }

    private static byte[] Zip()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            for (int part = 0; part < Parts; part++)
            {
                using var entry = zip.CreateEntry($"rrc00/updates.20171001.09{part * 5:00}.gz").Open();
                entry.Write(Packed.Gzip(Records(part)));
            }
        return bytes.ToArray();
    }

    [Fact]
    public void Files_of_a_zip_archive_whose_first_header_is_damaged_are_read_and_the_first_is_told()
    {
        byte[] archive = Zip();
        archive[0] ^= 1;
        var run = Read("all.zip", archive, out string[] prefixes);
        Assert.Equal(3, run.ExitCode);
        Assert.Equal(PrefixesFrom(1), prefixes);
        Assert.Contains("all.zip/rrc00/updates.20171001.0900.gz is damaged", run.Err, StringComparison.Ordinal);
    }

    // APPNOTE 6.3.10 section 4.1.9: what unpacks itself has a program in front.
    [Fact]
    public void A_zip_archive_behind_other_bytes_is_read_whole_and_is_no_damage()
    {
        var run = Read("all.exe", [.. "#!/bin/sh\nexit 0\n"u8, .. Zip()], out string[] prefixes);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(PrefixesFrom(0), prefixes);
    }

    // Each format has a header where it holds nothing; a plain file of no record has no byte.
    [Theory]
    [InlineData("updates.20171001.0905.gz", 3)]
    [InlineData("updates.20171001.0905.bz2", 3)]
    [InlineData("updates.20171001.0905", 0)]
    public void A_file_cut_to_no_byte_is_missing_where_its_name_says_that_it_is_compressed(string name, int code)
    {
        var run = Cli.Run("read", _folder.Write("updates.20171001.0910", Records(0)), _folder.Write(name, []), "--count");
        Assert.Equal(code, run.ExitCode);
        Assert.Contains(name + " is empty", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void What_holds_nothing_of_that_kind_is_of_no_known_format()
    {
        var run = Read("updates.20171001.0905.gz", Packed.Noise(100_000, 1), out _);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is neither MRT nor lines of bgpdump -m, and no gzip", run.Err, StringComparison.Ordinal);
    }
}
