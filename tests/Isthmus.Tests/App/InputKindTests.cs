using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

using Isthmus.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>What INPUT may be: pipes, links, archives, folders that may not be read; and what is not read, with the way out.</summary>
public sealed class InputKindTests
{
    private static readonly string Count = Cli.Run("read", SampleUpdates, "--count").Out.Trim();

    [Fact]
    public void Process_substitution_is_read_like_a_file()
    {
        var run = Cli.Bash($"isthmus read --count <(cat {SampleUpdates})");
        Assert.Equal((0, Count), (run.ExitCode, run.Out.Trim()));
    }

    [Fact]
    public void A_named_pipe_is_read_where_it_is_named_and_passed_over_in_a_folder()
    {
        using var folder = new TemporaryFolder();
        File.Copy(SampleUpdates, folder.Place("updates.20171001.0905.gz"));
        var run = Cli.Bash($"mkfifo {folder.Place("pipe")} && isthmus read --count {folder.Root}");
        Assert.Equal((0, Count), (run.ExitCode, run.Out.Trim()));
        Assert.Contains("pipe is a pipe and no file", run.Err, StringComparison.Ordinal);
        var named = Cli.Bash($"(cat {SampleUpdates} > {folder.Place("pipe")} &) ; isthmus read --count {folder.Place("pipe")}");
        Assert.Equal((0, Count), (named.ExitCode, named.Out.Trim()));
    }

    [Fact]
    public void A_device_without_an_end_is_refused_by_its_first_bytes()
    {
        var run = Cli.Run("read", "--count", "/dev/zero");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("/dev/zero is neither MRT nor", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void Loops_of_links_end_and_each_file_is_read_once()
    {
        using var folder = new TemporaryFolder();
        string archive = folder.Write("a/updates.20171001.0905.gz", File.ReadAllBytes(SampleUpdates));
        File.CreateSymbolicLink(folder.Place("a/again.gz"), archive);
        Directory.CreateSymbolicLink(folder.Place("a/up"), folder.Root);
        Directory.CreateSymbolicLink(folder.Place("b"), folder.Place("a"));
        var run = Cli.Run("read", "--count", folder.Root);
        Assert.Equal((0, Count), (run.ExitCode, run.Out.Trim()));
        Assert.Contains("read under another name", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_may_not_be_read_is_told_and_the_answer_incomplete()
    {
        Assert.SkipWhen(Environment.UserName is "root", "root may read everything: run the tests as another user");
        using var folder = new TemporaryFolder();
        File.Copy(SampleUpdates, folder.Place("updates.20171001.0905.gz"));
        Directory.CreateDirectory(folder.Place("closed"));
        var run = Cli.Bash($"chmod 000 {folder.Place("closed")}; isthmus read --count {folder.Root}; code=$?; chmod 700 {folder.Place("closed")}; exit $code");
        Assert.Equal((3, Count), (run.ExitCode, run.Out.Trim()));
        Assert.Contains("not read: closed cannot be read: permission denied", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_in_the_coverage()
    {
        using var folder = new TemporaryFolder();
        File.Copy(SampleUpdates, folder.Place("updates.20171001.0905.gz"));
        File.CreateSymbolicLink(folder.Place("updates.20171001.0910.gz"), folder.Place("gone"));
        var run = Cli.Run("report", "KP", folder.Root, "--format", "json");
        Assert.Equal(3, run.ExitCode);
        string unread = Assert.Single(run.Json().GetProperty("coverage").GetProperty("unread").EnumerateArray()).GetString()!;
        Assert.Contains("0910.gz cannot be read: the link leads nowhere", unread, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rrc00.tar")]
    [InlineData("rrc00.tar.gz")]
    [InlineData("rrc00.zip")]
    public void An_archive_is_read_as_a_folder_and_nothing_is_written_under_its_names(string name)
    {
        using var folder = new TemporaryFolder();
        string packed = folder.Place(name);
        if (name.EndsWith(".zip", StringComparison.Ordinal))
        {
            using var zip = ZipFile.Open(packed, ZipArchiveMode.Create);
            zip.CreateEntryFromFile(SampleUpdates, "../../2017.10/updates.20171001.0905.gz");
            zip.CreateEntryFromFile(Readme, "README.md");
        }
        else
        {
            using var file = File.Create(packed);
            using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
            using var tar = new TarWriter(stream);
            tar.WriteEntry(SampleUpdates, "../../2017.10/updates.20171001.0905.gz");
            tar.WriteEntry(Readme, "README.md");
        }
        var run = Cli.Run("read", "--count", packed, "--where", "collector rrc00");
        Assert.Equal((0, Count), (run.ExitCode, run.Out.Trim()));
        Assert.Contains($"{name}/README.md is neither MRT", run.Err, StringComparison.Ordinal);
        Assert.Equal([name], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName));
    }

    [Fact]
    public void A_damaged_header_in_a_tar_archive_is_told_and_what_stands_before_it_is_read()
    {
        const int Block = 512, SizeField = 124;
        using var folder = new TemporaryFolder();
        string packed = folder.Place("archive.tar");
        using (var tar = new TarWriter(File.Create(packed), TarEntryFormat.Ustar, leaveOpen: false))
            for (int i = 0; i < 2; i++) tar.WriteEntry(SampleUpdates, $"updates.20171001.09{i * 5:00}.gz");
        byte[] bytes = File.ReadAllBytes(packed);
        int second = Block + (int)((new FileInfo(SampleUpdates).Length + Block - 1) / Block * Block);
        // A size in the binary form of POSIX.1-2017 that no number of 64 bits holds.
        bytes.AsSpan(second + SizeField, 12).Fill(0xff);
        bytes[second + SizeField] = 0x80;
        File.WriteAllBytes(packed, bytes);
        var run = Cli.Run("read", packed, "--count");
        Assert.Equal((3, Count), (run.ExitCode, run.Out.Trim()));
        Assert.Contains("damaged or cut off as a tar archive", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_behind_damage_in_a_tar_archive_are_read_and_a_cut_between_files_is_told()
    {
        using var folder = new TemporaryFolder();
        string packed = folder.Place("archive.tar");
        using (var tar = new TarWriter(File.Create(packed), TarEntryFormat.Gnu, leaveOpen: false))
            for (int i = 0; i < 3; i++) tar.WriteEntry(SampleUpdates, $"{new string('a', 120)}/updates.20171001.09{i * 5:00}.gz");
        byte[] bytes = File.ReadAllBytes(packed);
        int file = bytes.AsSpan().IndexOf(File.ReadAllBytes(SampleUpdates));
        int two = 2 * int.Parse(Count, System.Globalization.CultureInfo.InvariantCulture);
        // Bytes too many, within the first file's padding: all headers behind stand at other places.
        int end = file + (int)new FileInfo(SampleUpdates).Length;
        folder.Write("long.tar", [.. bytes[..end], 1, 2, 3, .. bytes[end..]]);
        var run = Cli.Run("read", folder.Place("long.tar"), "--count");
        Assert.Equal((3, 3 * two / 2), (run.ExitCode, int.Parse(run.Out, System.Globalization.CultureInfo.InvariantCulture)));
        int third = bytes.AsSpan().LastIndexOf("././@LongLink"u8);
        folder.Write("cut.tar", bytes[..third]);
        run = Cli.Run("read", folder.Place("cut.tar"), "--count");
        Assert.Equal((3, two), (run.ExitCode, int.Parse(run.Out, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("has no end of an archive", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_bit_in_a_zip_archive_is_told_by_its_checksum()
    {
        using var folder = new TemporaryFolder();
        byte[] plain = new Isthmus.Scenarios.MrtWriter().Update(Isthmus.Wire.Timestamp.Parse("2017-10-01T09:07:51Z"),
            new("192.0.2.2", 3333), withdraw: ["10.1.2.0/24"]).ToArray();
        string packed = folder.Place("archive.zip");
        using (var zip = new ZipArchive(File.Create(packed), ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("updates.20171001.0905.mrt", CompressionLevel.NoCompression).Open()) entry.Write(plain);
        Assert.Equal(0, Cli.Run("read", packed, "--count").ExitCode);
        byte[] bytes = File.ReadAllBytes(packed);
        // The last byte of the prefix: behind it stands the length of the attributes, which are none.
        bytes[bytes.AsSpan().IndexOf(plain) + plain.Length - 3] ^= 1;
        File.WriteAllBytes(packed, bytes);
        var run = Cli.Run("read", packed, "--count");
        Assert.Equal((3, "1"), (run.ExitCode, run.Out.Trim()));
        Assert.Contains("the checksum or size of updates.20171001.0905.mrt is wrong", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_archive_whose_list_of_files_is_zeroed_is_told()
    {
        using var folder = new TemporaryFolder();
        string packed = folder.Place("archive.zip");
        using (var zip = ZipFile.Open(packed, ZipArchiveMode.Create)) zip.CreateEntryFromFile(SampleUpdates, "updates.20171001.0905.gz");
        byte[] bytes = File.ReadAllBytes(packed);
        // The counts of entries, and where and how long their list is, behind the signature of the end record.
        bytes.AsSpan(bytes.Length - 18).Clear();
        File.WriteAllBytes(packed, bytes);
        var run = Cli.Run("read", packed, "--count");
        Assert.Equal((3, Count), (run.ExitCode, run.Out.Trim()));
        Assert.Contains("its list of files is empty", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tar_archive_that_is_cut_off_gives_what_is_whole_and_exit_code_3()
    {
        using var folder = new TemporaryFolder();
        string packed = folder.Place("archive.tar");
        using (var tar = new TarWriter(File.Create(packed), TarEntryFormat.Ustar, leaveOpen: false))
            for (int i = 0; i < 3; i++) tar.WriteEntry(SampleUpdates, $"updates.20171001.09{i * 5:00}.gz");
        byte[] bytes = File.ReadAllBytes(packed);
        File.WriteAllBytes(packed, bytes[..(512 + ((int)new FileInfo(SampleUpdates).Length + 511) / 512 * 512 + 300)]);
        var run = Cli.Run("read", "--count", packed);
        Assert.Equal((3, Count), (run.ExitCode, run.Out.Trim()));
    }

    [Theory]
    [InlineData("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD\">\n<html><head><title>Index of /bgpdata", "is an HTML page")]
    [InlineData("{\"type\":\"ris_message\",\"data\":{\"timestamp\":1506848400.0,\"peer\":\"192.0.2.1\"}}\n", "is JSON of RIS Live")]
    [InlineData("\u0003\0\0\0\u0020\u0004\0\u0001\0\0\0\0\0\0\0\0\0\0\0\0", "is a stream of BMP")]
    [InlineData("OBMP\u0001\u0007NNNN12345678901234567890123456789012", "holds messages of OpenBMP")]
    [InlineData("TIME: 10/01/17 09:07:51\nTYPE: BGP4MP/MESSAGE/Update\nFROM: 192.0.2.1 AS2914\n", "is the long text of bgpdump")]
    [InlineData("BGP table version is 0, local router ID is 192.0.2.1\n   Network          Next Hop\n", "is a table as a router shows it")]
    public void What_is_something_else_is_named_with_the_way_out(string content, string said)
    {
        using var folder = new TemporaryFolder();
        var run = Cli.Run("read", folder.Write("given", Encoding.Latin1.GetBytes(content)));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"given {said}", Assert.Single(run.ErrLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4096, "\n", false)]
    [InlineData(4096, "\r\n", false)]
    [InlineData(4097, "\n", true)]
    [InlineData(3_000_000, "", true)]
    public void A_notice_that_is_cut_says_so(int length, string end, bool isCut)
    {
        using var folder = new TemporaryFolder();
        File.Copy(SampleUpdates, folder.Place("updates.20171001.0905.gz"));
        folder.Write("NOTICE.txt", Encoding.ASCII.GetBytes(new string('N', length) + end));
        using var inputs = new Inputs();
        string notice = inputs.Resolve([folder.Root], Stream.Null, TestContext.Current.CancellationToken).Notice!;
        Assert.Equal(new string('N', 4096) + (isCut ? " … [cut: the line has more than 4096 characters]" : ""), notice);
    }

    [Fact]
    public void A_capture_of_packets_is_named_with_the_way_out()
    {
        using var folder = new TemporaryFolder();
        var run = Cli.Run("read", folder.Write("given", [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, .. new byte[30]]));
        Assert.Contains("is a packet capture", Assert.Single(run.ErrLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{0}/*")]
    [InlineData("{0}/rrc00 {0}/rrc03 {0}/route-views.linx {0}/route-views.sg")]
    [InlineData("{0}/rrc00/2017.10 {0}/rrc03/2017.10 {0}/route-views.linx/bgpdata {0}/route-views.sg/bgpdata/2017.10")]
    public void The_depth_of_the_argument_changes_no_collector(string arguments)
    {
        string[] Collectors(string line)
        {
            // As a shell expands it.
            string[] inputs = line.EndsWith("/*", StringComparison.Ordinal)
                ? [.. Directory.GetFileSystemEntries(Path.Combine(RealData.Repository, line[..^2])).Order(StringComparer.Ordinal)
                    .Select(path => Path.GetRelativePath(RealData.Repository, path))] : line.Split(' ');
            var coverage = Cli.Run(["report", "KP", .. inputs, "--format", "json"]).Json().GetProperty("coverage");
            return [.. coverage.GetProperty("collectors").EnumerateArray().Select(name => name.GetString()!)];
        }

        Assert.Equal(["route-views.linx", "route-views.sg", "rrc00", "rrc03"], Collectors(string.Format(null, arguments, Sample.Folder)));
    }

    [Fact]
    public void A_collector_is_found_by_its_name_at_any_depth()
    {
        var run = Cli.Run("read", SampleUpdates, "--where", "collector rrc00", "--count");
        Assert.Equal((0, Count), (run.ExitCode, run.Out.Trim()));
    }

    [Fact]
    public void An_output_that_is_an_input_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        string archive = folder.Write("updates.20171001.0905.gz", File.ReadAllBytes(SampleUpdates));
        File.CreateSymbolicLink(folder.Place("other-name"), archive);
        string[][] lines =
        [
            ["read", archive, "--out", archive], ["read", folder.Root, "--out", archive], ["report", "KP", folder.Root, "--html", archive],
            ["history", "KP", folder.Root, "--out", folder.Place("other-name")],
        ];
        foreach (string[] line in lines)
        {
            var run = Cli.Run(line);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains("is an input, which would be overwritten", run.Err, StringComparison.Ordinal);
        }
        Assert.Equal(File.ReadAllBytes(SampleUpdates), File.ReadAllBytes(archive));
    }

    [Fact]
    public void So_is_one_that_is_a_list_of_a_filter_the_archive_that_files_are_packed_in_or_the_file_behind_standard_input()
    {
        using var folder = new TemporaryFolder();
        byte[] one = File.ReadAllBytes(SampleUpdates), list = "175.45.176.0/22\n"u8.ToArray();
        string updates = folder.Write("updates.20171001.0905.gz", one), prefixes = folder.Write("prefixes.txt", list);
        string archive = folder.Place("archive/all.zip");
        Directory.CreateDirectory(folder.Place("archive"));
        using (var zip = System.IO.Compression.ZipFile.Open(archive, System.IO.Compression.ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("rrc00/updates.20171001.0905.gz").Open();
            entry.Write(one);
        }
        byte[] packed = File.ReadAllBytes(archive);
        foreach (string line in (string[])
        [
            $"isthmus read {updates} --where 'prefix within @{prefixes}' --out {prefixes}",
            $"isthmus read {updates} --where 'prefix within @\"{prefixes}\"' --out {prefixes}",
            $"isthmus read {folder.Place("archive")} --out {archive}",
            $"isthmus read - --out {updates} < {updates}",
        ])
        {
            var run = Cli.Bash(line);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains("is an input, which would be overwritten", run.Err, StringComparison.Ordinal);
        }
        Assert.Equal(one, File.ReadAllBytes(updates));
        Assert.Equal(list, File.ReadAllBytes(prefixes));
        Assert.Equal(packed, File.ReadAllBytes(archive));
    }

    [Theory]
    [InlineData("cut", 2)]
    [InlineData("count", 2)]
    [InlineData("half", 1)]
    public void A_zip_archive_whose_list_of_files_is_damaged_is_read_by_the_headers_of_its_files(string damage, int whole)
    {
        using var folder = new TemporaryFolder();
        byte[] one = File.ReadAllBytes(SampleUpdates);
        using var packed = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(packed, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
            foreach (int file in (int[])[0, 1])
            {
                using var entry = zip.CreateEntry($"rrc00/updates.20171001.09{file}5.gz").Open();
                entry.Write(one);
            }
        byte[] stored = packed.ToArray();
        if (damage is "cut") stored = stored[..^30];
        else if (damage is "half") stored = stored[..(one.Length + 200)];
        else (stored[^14], stored[^12]) = (1, 1);
        string path = folder.Write("all.zip", stored);
        var run = Cli.Run("read", path, "--count");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("its list of files cannot be read", run.Err, StringComparison.Ordinal);
        int single = int.Parse(Count, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(int.Parse(run.Out, System.Globalization.CultureInfo.InvariantCulture), single * whole, single * 2);
    }

    [Fact]
    public void Two_runs_with_one_output_end_in_one_whole_file()
    {
        using var folder = new TemporaryFolder();
        string written = folder.Place("events.txt");
        string line = $"isthmus read {Sample.Folder}/rrc00 --out {written}";
        var run = Cli.Bash($"{line} & {line} & wait");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Cli.Bash($"isthmus read {Sample.Folder}/rrc00").Out, File.ReadAllText(written));
        Assert.Single(Directory.GetFileSystemEntries(folder.Root));
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    public void A_run_that_is_ended_leaves_no_part_of_a_file_and_names_the_signal(string signal, int code)
    {
        using var folder = new TemporaryFolder();
        byte[] one = File.ReadAllBytes(SampleUpdates);
        folder.Write("big.gz", [.. Enumerable.Repeat(one, 4000).SelectMany(bytes => bytes)]);
        var run = Cli.Bash($"""
            cd {folder.Root}
            eval "$(declare -f isthmus | sed 's/dotnet/exec env --default-signal=HUP,INT dotnet/')"
            isthmus read big.gz --out events.txt & started=$!
            until compgen -G '.events.txt.*.part' > none.txt; do kill -0 $started || break; done
            kill -{signal} $started; wait $started; echo $?; ls -A
            """);
        Assert.Equal($"{code}\nbig.gz\nnone.txt", run.Out.Trim());
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public void A_run_that_is_ended_leaves_nothing_of_what_it_kept_of_a_pipe(string signal, int code)
    {
        using var folder = new TemporaryFolder();
        var run = Cli.Bash($"""
            cd {folder.Root}; mkdir kept; mkfifo pipe
            eval "$(declare -f isthmus | sed 's/dotnet/exec env --default-signal=HUP,INT dotnet/')"
            DOTNET_EnableDiagnostics=0 TMPDIR=$PWD/kept isthmus read pipe --count & started=$!
            exec 3> pipe; cat {SampleUpdates} >&3
            until compgen -G 'kept/isthmus-*/*' > none.txt; do kill -0 $started || break; done
            kill -{signal} $started; wait $started; echo $?; ls -A kept
            """);
        Assert.Equal($"{code}", run.Out.Trim());
    }

    [Fact]
    public void A_run_under_nohup_outlives_its_terminal()
    {
        using var folder = new TemporaryFolder();
        var run = Cli.Bash($"""
            cd {folder.Root}; mkfifo pipe; trap '' HUP
            eval "$(declare -f isthmus | sed 's/dotnet/exec dotnet/')"
            isthmus read pipe --count > out.txt & started=$!
            exec 3> pipe; cat {SampleUpdates} >&3; kill -HUP $started; exec 3>&-; wait $started; echo $?; cat out.txt
            """);
        Assert.Equal($"0\n{Count}", run.Out.Trim());
    }

    [Fact]
    public void A_disk_that_is_full_leaves_no_part_of_a_file()
    {
        using var folder = new TemporaryFolder();
        var run = Cli.Bash($"trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -f 8; isthmus read {Sample.Folder}/rrc00 --out {folder.Place("events.txt")}");
        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.ErrLines);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [Theory]
    [InlineData(">&-", "standard output cannot be written to")]
    [InlineData("> /dev/full", "standard output cannot be written further: no room is left")]
    public void Standard_output_that_takes_nothing_is_a_failure_told_in_one_line(string into, string said)
    {
        var run = Cli.Bash($"isthmus read {SampleUpdates} {into}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(said, Assert.Single(run.ErrLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report KP {0} --registry /dev/zero", "the registry file zero has a line of more than 1048576 bytes")]
    [InlineData("report KP {0} --override /dev/zero", "the override file zero has a line of more than 1048576 bytes")]
    [InlineData("read {0} --where 'prefix within @/dev/zero'", "the list zero has a line of more than 1048576 bytes")]
    [InlineData("verify /dev/zero {0}", "the report /dev/zero has more than 268435456 bytes")]
    [InlineData("check /dev/zero {0}", "the text is longer than 1,000,000 characters")]
    public void A_file_without_an_end_in_any_argument_meets_a_bound_that_has_a_name(string line, string said)
    {
        var run = Cli.Bash("ulimit -v unlimited; isthmus " + string.Format(null, line, SampleUpdates));
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(said, run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_folder_of_registry_files_what_is_none_is_told_and_passed_over()
    {
        using var folder = new TemporaryFolder();
        folder.Write("README.md", "# notes\nof these files\n"u8.ToArray());
        folder.Write("names.json", """{"131279":"STAR-KP Star Joint Venture Company Ltd, KP"}"""u8.ToArray());
        var run = Cli.Run("report", "KP", SampleUpdates, "--registry", folder.Root, "--format", "json");
        Assert.NotEqual(1, run.ExitCode);
        Assert.Contains("passed over: README.md holds no fact of a registry", run.Err, StringComparison.Ordinal);
    }

    private static string Readme => Path.Combine(RealData.Repository, Sample.Folder, "README.md");

    private static string SampleUpdates =>
        Path.Combine(RealData.Repository, Sample.Folder, "rrc00", "2017.10", "updates.20171001.0905.gz");
}
