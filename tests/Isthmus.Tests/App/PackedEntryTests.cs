using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.App;

/// <summary>Of every entry of an archive the bytes are read, or it is said that they are not.</summary>
public sealed class PackedEntryTests
{
    private const string Name = "rrc00/updates.20171001.0905.gz";

    private static readonly string Updates =
        Path.Combine(RealData.Repository, Sample.Folder, "rrc00", "2017.10", "updates.20171001.0905.gz");

    private static InputSet Resolve(TemporaryFolder folder, string name, byte[] bytes, out Inputs inputs)
    {
        inputs = new Inputs();
        return inputs.Resolve([folder.Write(name, bytes), folder.Write("updates.20171001.0900.gz", File.ReadAllBytes(Updates))],
            Stream.Null, TestContext.Current.CancellationToken);
    }

    private static byte[] Tar(Action<TarWriter> write, TarEntryFormat format = TarEntryFormat.Pax)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, format, leaveOpen: true)) write(tar);
        return bytes.ToArray();
    }

    private static PaxTarEntry Entry(TarEntryType type, string name, string? target = null)
    {
        var entry = new PaxTarEntry(type, name);
        if (target is not null) entry.LinkName = target;
        return entry;
    }

    // The type of the first header that has one, with a checksum that fits (POSIX.1-2017 ustar).
    private static byte[] WithType(byte[] tar, char from, char to)
    {
        const int TypeAt = 156, SumAt = 148;
        int at = 0;
        while (tar[at + TypeAt] != from) at += 512;
        tar[at + TypeAt] = (byte)to;
        tar.AsSpan(at + SumAt, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte value in tar.AsSpan(at, 512)) sum += value;
        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(tar.AsSpan(at + SumAt));
        return tar;
    }

    private static UstarTarEntry Ustar(string name, byte[] content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) };

    // Takes the target from the header of a link.
    private static void Empty(byte[] tar, string link)
    {
        const int LinkAt = 157, SumAt = 148;
        int at = tar.AsSpan().IndexOf(Encoding.ASCII.GetBytes(link + '\0'));
        while (tar[at + LinkAt - 1] != (byte)'2') at += 512;
        int sum = tar[at + LinkAt];
        tar[at + LinkAt] = 0;
        int stated = Convert.ToInt32(Encoding.ASCII.GetString(tar, at + SumAt, 6).Trim(' ', '\0'), 8);
        Encoding.ASCII.GetBytes(Convert.ToString(stated - sum, 8).PadLeft(6, '0')).CopyTo(tar.AsSpan(at + SumAt));
    }

    private static byte[] One(TarEntryFormat format = TarEntryFormat.Ustar) => Tar(tar => tar.WriteEntry(Updates, Name), format);

    [Theory]
    [InlineData("backup.tar")]
    [InlineData("mirror-2017.tgz")]
    [InlineData("x.zip")]
    public void The_name_of_an_archive_is_no_collector_where_what_it_holds_tells_one(string name)
    {
        const string Inside = "bgpdata/2007.10/UPDATES/updates.20071015.1500.gz";
        using var folder = new TemporaryFolder();
        byte[] tar = Tar(entries => entries.WriteEntry(Updates, Inside));
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true)) archive.CreateEntryFromFile(Updates, Inside);
        folder.Write(name, name.EndsWith("zip", StringComparison.Ordinal) ? zip.ToArray() : name.EndsWith("tgz", StringComparison.Ordinal)
            ? Isthmus.Tests.Sources.Packed.Gzip(tar) : tar);
        using var inputs = new Inputs();
        var file = Assert.Single(inputs.Resolve([folder.Place(name)], Stream.Null, TestContext.Current.CancellationToken).Files);
        Assert.Equal(new("route-views2", Isthmus.Routes.Project.RouteViews), file.Collector);
        using var piped = new Inputs();
        using var stored = File.OpenRead(folder.Place(name));
        Assert.Equal(file.Collector, Assert.Single(piped.Resolve(["-"], stored, TestContext.Current.CancellationToken).Files).Collector);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    [InlineData(2000, false)]
    public void Archives_are_opened_up_to_eight_deep_as_one_may_hold_itself(int deep, bool isRead)
    {
        byte[] bytes = File.ReadAllBytes(Updates);
        for (int i = 0; i < deep; i++)
        {
            using var zip = new MemoryStream();
            using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            using (var entry = archive.CreateEntry(i == 0 ? Name : "a.zip", CompressionLevel.NoCompression).Open()) entry.Write(bytes);
            bytes = zip.ToArray();
        }
        using var folder = new TemporaryFolder();
        var set = Resolve(folder, "deep.zip", bytes, out var inputs);
        using (inputs)
        {
            Assert.Equal(isRead ? 2 : 1, set.Files.Count);
            if (isRead) Assert.Empty(set.Unread);
            else Assert.EndsWith("is an archive inside more than 7 others, the most that are opened; unpack it",
                Assert.Single(set.Unread), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Names_that_differ_in_slash_and_backslash_are_two_files()
    {
        string[] names = [Name, Name.Replace('/', '\\')];
        byte[] tar = Tar(entries =>
        {
            foreach (string name in names) entries.WriteEntry(Updates, name);
        });
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            foreach (string name in names) archive.CreateEntryFromFile(Updates, name);
        foreach (byte[] bytes in (byte[][])[tar, zip.ToArray()])
        {
            using var folder = new TemporaryFolder();
            var set = Resolve(folder, "all.packed", bytes, out var inputs);
            using (inputs)
            {
                Assert.Equal(3, set.Files.Count);
                Assert.All(set.Files.Take(2), file => Assert.Equal("rrc00", file.Collector.Name));
                Assert.Empty(set.PassedOver);
            }
        }
    }

    [Fact]
    public void A_tar_archive_whose_first_entry_has_no_name_is_an_archive()
    {
        byte[] tar = Tar(entries =>
        {
            entries.WriteEntry(Updates, "a");
            entries.WriteEntry(Updates, Name);
        }, TarEntryFormat.Ustar);
        tar[0] = 0;
        using var folder = new TemporaryFolder();
        var set = Resolve(folder, "all.tar", WithType(tar, '0', '0'), out var inputs);
        using (inputs)
        {
            Assert.Equal(3, set.Files.Count);
            Assert.Contains(set.Files, file => file.Name.EndsWith("all.tar/(no name)", StringComparison.Ordinal));
            Assert.Empty(set.Unread);
        }
    }

    [Fact]
    public void Damage_of_the_compression_beneath_an_archive_is_told_beside_that_of_the_archive()
    {
        byte[] packed = Isthmus.Tests.Sources.Packed.Gzip(One());
        byte[] cut = packed[..(packed.Length / 2)];
        using var folder = new TemporaryFolder();
        var set = Resolve(folder, "all.tgz", cut, out var inputs);
        using (inputs)
        {
            string told = Assert.Single(set.Unread, line => line.Contains("all.tgz: ", StringComparison.Ordinal));
            Assert.Contains("cut off inside a gzip member", told, StringComparison.Ordinal);
            Assert.Contains("tar archive", told, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData('0')]
    [InlineData('7')]
    [InlineData('Z')]
    [InlineData('9')]
    public void An_entry_of_a_type_that_nobody_knows_is_a_file(char type)
    {
        using var folder = new TemporaryFolder();
        var set = Resolve(folder, "all.tar", WithType(One(), '0', type), out var inputs);
        using (inputs)
        {
            Assert.Equal(2, set.Files.Count);
            Assert.Empty(set.Unread);
        }
    }

    [Theory]
    [InlineData('S', "is stored as a sparse file")]
    [InlineData('M', "is the rest of a file that begins in another archive")]
    public void A_file_that_is_not_all_there_is_not_read_and_told(char type, string said)
    {
        using var folder = new TemporaryFolder();
        var set = Resolve(folder, "all.tar", WithType(One(TarEntryFormat.Gnu), '0', type), out var inputs);
        using (inputs)
        {
            Assert.Single(set.Files);
            Assert.Contains($"all.tar/{Name} {said}", Assert.Single(set.Unread), StringComparison.Ordinal);
        }
    }

    // POSIX.1-2017 pax for x and g, the GNU tar manual for D, L, K, N and V, star(5) for A, E, I and X.
    [Theory]
    [InlineData('A')]
    [InlineData('D')]
    [InlineData('E')]
    [InlineData('I')]
    [InlineData('K')]
    [InlineData('L')]
    [InlineData('N')]
    [InlineData('V')]
    [InlineData('X')]
    [InlineData('g')]
    [InlineData('x')]
    public void Bytes_that_no_entry_of_a_type_holds_are_told_under_its_name_whether_packed_or_plain(char type)
    {
        var time = Timestamp.Parse("2017-10-01T00:00:00Z");
        byte[] plain = new MrtWriter().PeerIndexTable(time, "192.0.2.254", "a", [new("192.0.2.1", 1)]).ToArray();
        foreach (byte[] content in (byte[][])[File.ReadAllBytes(Updates), plain])
        {
            using var folder = new TemporaryFolder();
            byte[] tar = Tar(writer => writer.WriteEntry(Ustar(Name, content)));
            var set = Resolve(folder, "all.tar", WithType(tar, '0', type), out var inputs);
            using (inputs)
                Assert.Contains($"all.tar/{Name} holds what no entry of its type in tar holds", Assert.Single(set.Unread), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData('D', "Yupdates.20171001.0905.gz\0Nold.gz\0Dfolder\0\0")]
    [InlineData('D', "\0")]
    [InlineData('g', "21 comment=of a tree\n")]
    [InlineData('N', "Rename a to b\n")]
    [InlineData('A', "1000004\0user::rw-,group::r--,mask:r--,other:r--\0")]
    public void Words_about_other_entries_are_no_loss(char type, string words)
    {
        using var folder = new TemporaryFolder();
        byte[] tar = Tar(writer =>
        {
            writer.WriteEntry(Ustar("words", Encoding.ASCII.GetBytes(words)));
            writer.WriteEntry(Updates, Name);
        }, TarEntryFormat.Ustar);
        var set = Resolve(folder, "all.tar", WithType(tar, '0', type), out var inputs);
        using (inputs)
        {
            Assert.Equal(2, set.Files.Count);
            Assert.Empty(set.Unread);
        }
    }

    [Theory]
    [InlineData(Name + "/", "rrc00/updates.20171001.0905.gz")]
    [InlineData("/", "(no name)")]
    public void A_file_in_a_zip_archive_whose_name_is_that_of_a_folder_is_read_with_its_list_and_without(string name, string shown)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("rrc00/");
            zip.CreateEntryFromFile(Updates, name);
        }
        byte[] bytes = packed.ToArray();
        byte[] unlisted = bytes[..bytes.AsSpan().IndexOf("PK\u0001\u0002"u8)];
        foreach (byte[] archive in (byte[][])[bytes, unlisted])
        {
            using var folder = new TemporaryFolder();
            var set = Resolve(folder, "all.zip", archive, out var inputs);
            using (inputs)
            {
                Assert.Equal(2, set.Files.Count);
                Assert.Contains(set.Files, file => file.Name.EndsWith("all.zip/" + shown, StringComparison.Ordinal));
                Assert.Equal(archive == bytes ? 0 : 1, set.Unread.Count);
            }
        }
    }

    [Fact]
    public void So_is_a_sparse_file_by_its_pax_header_under_its_own_name()
    {
        using var folder = new TemporaryFolder();
        byte[] tar = Tar(writer =>
        {
            using var content = File.OpenRead(Updates);
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "GNUSparseFile.1/x", new Dictionary<string, string>
            {
                ["GNU.sparse.major"] = "1",
                ["GNU.sparse.minor"] = "0",
                ["GNU.sparse.name"] = Name,
                ["GNU.sparse.realsize"] = "100000",
            })
            { DataStream = content });
        });
        var set = Resolve(folder, "all.tar", tar, out var inputs);
        using (inputs) Assert.Contains($"all.tar/{Name} is stored as a sparse file", Assert.Single(set.Unread), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_what_is_in_the_archive_is_read_once_and_one_to_anything_else_is_told()
    {
        using var folder = new TemporaryFolder();
        byte[] tar = Tar(writer =>
        {
            writer.WriteEntry(Entry(TarEntryType.SymbolicLink, "early", "./rrc00/../" + Name));
            writer.WriteEntry(Updates, Name);
            writer.WriteEntry(Entry(TarEntryType.HardLink, "rrc00/again.gz", Name));
            writer.WriteEntry(Entry(TarEntryType.SymbolicLink, "rrc00/latest", "updates.20171001.0905.gz"));
            writer.WriteEntry(Entry(TarEntryType.SymbolicLink, "folder", "rrc00"));
            writer.WriteEntry(Entry(TarEntryType.HardLink, "gone1", "rrc00/nothing.gz"));
            writer.WriteEntry(Entry(TarEntryType.SymbolicLink, "rrc00/gone2", Name));
            writer.WriteEntry(Entry(TarEntryType.SymbolicLink, "gone3", "../" + Name));
            writer.WriteEntry(Entry(TarEntryType.SymbolicLink, "gone4", "/" + Name));
            writer.WriteEntry(Entry(TarEntryType.SymbolicLink, "gone5", "gone5"));
            writer.WriteEntry(Entry(TarEntryType.SymbolicLink, "gone6", "gone1"));
            writer.WriteEntry(Entry(TarEntryType.SymbolicLink, "latest", "early"));
            writer.WriteEntry(Entry(TarEntryType.SymbolicLink, "gone7", "x"));
        });
        // The base library writes no link without a target.
        Empty(tar, "gone7");
        var set = Resolve(folder, "all.tar", tar, out var inputs);
        using (inputs)
        {
            Assert.Equal(2, set.Files.Count);
            Assert.Equal(["gone1", "rrc00/gone2", "gone3", "gone4", "gone5", "gone6", "gone7"],
                set.Unread.Select(line => line.Split("all.tar/")[1].Split(' ')[0]));
        }
    }

    // Two blocks of zeros end an archive, and tar fills it up to records of 20 blocks (GNU tar, "Blocking Factor").
    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 7, false)]
    [InlineData(0, -1, true)] // as tar fills it up
    [InlineData(3, 0, false)]
    [InlineData(2, 0, true)] // an archive behind another one
    public void Zeros_where_entries_may_have_been_are_told(int between, int behind, bool isSound)
    {
        using var folder = new TemporaryFolder();
        byte[] first = One()[..^1024], archive = [.. first, .. new byte[between * 512], .. One()];
        if (behind < 0) behind = (10_240 - archive.Length % 10_240) / 512;
        var set = Resolve(folder, "all.tar", [.. archive, .. new byte[behind * 512]], out var inputs);
        using (inputs)
        {
            Assert.Equal(isSound ? 0 : 1, set.Unread.Count);
            if (!isSound) Assert.Contains(" zero bytes before it, where entries may have been", set.Unread[0], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("folder.tar")]
    [InlineData("folder.zip")]
    [InlineData("nothing.zip")]
    public void An_archive_without_a_file_is_told_alone_and_beside_others(string name)
    {
        using var folder = new TemporaryFolder();
        using var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
            if (name is "folder.zip") zip.CreateEntry("rrc00/");
        byte[] bytes = name is "folder.tar" ? Tar(writer => writer.WriteEntry(Entry(TarEntryType.Directory, "rrc00"))) : zipped.ToArray();
        string archive = folder.Write(name, bytes);
        var alone = Cli.Run("read", archive, "--count");
        Assert.Equal(1, alone.ExitCode);
        Assert.Contains($"{name} holds no MRT file", Assert.Single(alone.ErrLines), StringComparison.Ordinal);
        var beside = Cli.Run("read", archive, Updates, "--count");
        Assert.Equal(0, beside.ExitCode);
        Assert.Contains($"{name} holds no MRT file", beside.Err, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 1, "is encrypted")]
    [InlineData(8, 14, "packed by a method that is not read")]
    public void A_file_in_a_zip_archive_that_is_encrypted_or_packed_otherwise_is_told_as_that(int offset, byte value, string said)
    {
        using var folder = new TemporaryFolder();
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true)) zip.CreateEntryFromFile(Updates, Name);
        byte[] bytes = packed.ToArray();
        // In the file's own header, and two bytes further in the list of files.
        bytes[offset] = value;
        int list = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(list + offset + 2), value);
        var set = Resolve(folder, "all.zip", bytes, out var inputs);
        using (inputs)
        {
            Assert.Single(set.Files);
            Assert.Contains($"all.zip/{Name} {said}", Assert.Single(set.Unread).Replace("is damaged or ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("codes")] // a block of deflate's type 3, which there is not (RFC 1951 section 3.2.3)
    [InlineData("packed")] // the list says fewer packed bytes
    [InlineData("sizes")] // the list says no bytes, with a checksum of some
    public void A_damaged_file_in_a_zip_archive_is_never_called_empty(string damage)
    {
        using var folder = new TemporaryFolder();
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true)) zip.CreateEntryFromFile(Updates, Name);
        byte[] bytes = packed.ToArray();
        int list = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        const int HeaderBytes = 30, PackedAt = 20;
        if (damage is "codes") bytes[HeaderBytes + Name.Length] = 7;
        else bytes.AsSpan(list + PackedAt, damage is "packed" ? 4 : 8).Clear();
        if (damage is "packed") bytes[list + PackedAt] = 5;
        var set = Resolve(folder, "all.zip", bytes, out var inputs);
        using (inputs)
        {
            Assert.Single(set.Files);
            Assert.Contains(set.Unread, line => line.Contains($"all.zip/{Name}", StringComparison.Ordinal)
                && line.Contains("cannot be unpacked", StringComparison.Ordinal));
            Assert.DoesNotContain([.. set.Unread, .. set.PassedOver], line => line.Contains("empty", StringComparison.Ordinal)
                || line.Contains("unsupported", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_is_packed_twice_is_named_with_the_way_out()
    {
        using var folder = new TemporaryFolder();
        using var twice = new MemoryStream();
        using (var gzip = new GZipStream(twice, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(File.ReadAllBytes(Updates));
        var run = Cli.Run("read", folder.Write("updates.20171001.0905.gz", twice.ToArray()), "--count");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is packed twice: inside gzip there is gzip; unpack it once", Assert.Single(run.ErrLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_that_a_glob_matches_is_passed_over_and_nobody_waits_for_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("updates.20171001.0905.gz", File.ReadAllBytes(Updates));
        var run = Cli.Bash($"cd {folder.Root}; mkfifo updates.20171001.0910; timeout 100 dotnet {Cli.Program} read './*' --count");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("updates.20171001.0910 is a pipe and no file", run.Err, StringComparison.Ordinal);
    }
}
