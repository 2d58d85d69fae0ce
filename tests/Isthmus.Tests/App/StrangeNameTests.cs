using System.Formats.Tar;
using System.IO.Compression;

using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Support;
using Isthmus.Wire;

using MrtPeer = Isthmus.Scenarios.MrtPeer;
using PathAttributes = Isthmus.Scenarios.PathAttributes;

namespace Isthmus.Tests.App;

/// <summary>What a stranger's folder, archive or report names is read once, as what it is, and never written over.</summary>
public sealed class StrangeNameTests
{
    private const string Line = "BGP4MP|1506848871|A|192.0.2.2|2914|175.45.176.0/24|2914 4837 131279|IGP|192.0.2.1|0|0||NAG||\n";

    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51Z");
    private static readonly MrtSession _peer = new("192.0.2.2", 2914);
    private static readonly PathAttributes _route = PathAttributes.Route("2914 4837 131279", "192.0.2.1");

    private static byte[] One => new MrtWriter().Update(_time, _peer, _route, announce: ["175.45.176.0/24"]).ToArray();

    [Fact]
    public void A_file_whose_name_begins_with_at_is_a_file_and_no_list_of_arguments()
    {
        using var folder = new TemporaryFolder();
        folder.Write("@a", One);
        folder.Write("a", "--out\nvictim\n"u8.ToArray());
        string victim = folder.Write("victim", "precious"u8.ToArray());
        var run = Cli.Bash($"cd '{folder.Root}' && isthmus read --count @a");
        Assert.Equal((0, "1"), (run.ExitCode, run.Out.Trim()));
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    public void A_report_that_names_a_list_of_arguments_has_nothing_opened()
    {
        using var folder = new TemporaryFolder();
        string report = Cli.Run("report", "KP", "--format", "json").Out;
        string forged = report.Replace("\"report\",\n", "\"report\", \"@/dev/zero\",\n", StringComparison.Ordinal);
        Assert.NotEqual(report, forged);
        var run = Cli.Run("verify", folder.Write("forged.json", System.Text.Encoding.UTF8.GetBytes(forged)), Sample.Folder);
        Assert.NotEqual(0, run.ExitCode);
    }

    [Fact]
    public void An_output_in_a_folder_of_registry_files_does_not_replace_one_of_them()
    {
        using var folder = new TemporaryFolder();
        string names = folder.Write("as-names.20171001.json", "{\"131279\":\"STAR-KP, KP\"}"u8.ToArray());
        var run = Cli.Run("report", "KP", "--registry", folder.Root, "--out", names);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is an input, which would be overwritten", run.Err, StringComparison.Ordinal);
        Assert.Contains("STAR-KP", File.ReadAllText(names), StringComparison.Ordinal);
    }

    // The base library takes .. for the folder before it, and the system for where that one leads.
    [Theory]
    [InlineData("gone/../updates.20171001.0905.gz")]
    [InlineData("link/../updates.20171001.0905.gz")]
    [InlineData("./link/inside/../../updates.20171001.0905.gz")]
    public void An_output_does_not_replace_an_input_by_way_of_a_folder_that_is_not_there_or_a_link(string name)
    {
        using var folder = new TemporaryFolder();
        string sample = Path.Combine(RealData.Repository, Sample.Folder, "rrc00", "2017.10", "updates.20171001.0905.gz");
        byte[] updates = File.ReadAllBytes(sample);
        string input = folder.Write("updates.20171001.0905.gz", updates);
        Directory.CreateDirectory(folder.Place("elsewhere/deep/inside"));
        Directory.CreateSymbolicLink(folder.Place("link"), folder.Place("elsewhere/deep"));
        var run = Cli.Run("read", input, "--out", $"{folder.Root}/{name}");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is an input, which would be overwritten", run.Err, StringComparison.Ordinal);
        Assert.Equal(updates, File.ReadAllBytes(input));
    }

    [Theory]
    [InlineData("one.json", "two.json")] // links to one file that is not there yet
    [InlineData("folder/new", "same/new")] // two names of a folder
    public void Two_outputs_that_come_to_one_file_are_refused(string one, string other)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Place("folder"));
        Directory.CreateSymbolicLink(folder.Place("same"), folder.Place("folder"));
        File.CreateSymbolicLink(folder.Place("one.json"), folder.Place("folder/later"));
        File.CreateSymbolicLink(folder.Place("two.json"), "same/later");
        var run = Cli.Run("report", "KP", "--out", folder.Place(one), "--html", folder.Place(other));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("as well; name another file", run.Err, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Place("folder")));
    }

    [Fact]
    public void An_output_that_standard_output_goes_to_is_refused()
    {
        using var folder = new TemporaryFolder();
        string updates = folder.Write("updates.mrt", One), both = folder.Place("both");
        var run = Cli.Bash($"isthmus read '{updates}' --ledger-out '{both}' > '{both}'");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is where standard output goes", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_there_keeps_who_may_read_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files: run it on Linux or macOS");
        using var folder = new TemporaryFolder();
        string updates = folder.Write("updates.mrt", One), output = folder.Write("private", []);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(output, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(0, Cli.Run("read", updates, "--out", output).ExitCode);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(output));
        Assert.NotEmpty(File.ReadAllText(output));
    }

    [Theory]
    [InlineData("twice.tar")]
    [InlineData("twice.zip")]
    public void Of_what_an_archive_holds_twice_under_one_name_the_later_one_is_read(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] two = [.. One, .. One];
        using var bytes = new MemoryStream();
        if (name is "twice.tar")
        {
            using var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true);
            foreach (var (inside, content) in new[] { ("rrc00/x", One), ("rrc00/y", One), ("rrc00/x", One), ("./rrc00/x", two) })
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, inside) { DataStream = new MemoryStream(content) });
        }
        else
        {
            using var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (inside, content) in new[] { ("rrc00/x", One), ("rrc00/y", One), ("rrc00/x", One), ("rrc00/x", two) })
                using (var entry = zip.CreateEntry(inside).Open()) entry.Write(content);
        }
        var run = Cli.Run("read", "--count", folder.Write(name, bytes.ToArray()));
        Assert.Equal("3", run.Out.Trim());
        Assert.Contains($"{name}/rrc00/x is there 3 times: the last one is read", run.Err, StringComparison.Ordinal);
        Assert.Single(run.Err.Split('\n'), line => line.Contains("times", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HTTP://Archive.example.net/./a.gz", "http://archive.example.net/a.gz")]
    [InlineData("http://archive.example.net:80/a.gz#part", "http://archive.example.net/a.gz")]
    public void Addresses_that_ask_for_the_same_are_one(string one, string other) =>
        Assert.Equal(HttpAddress.Asked(other), HttpAddress.Asked(one));

    [Fact]
    public void Views_of_the_first_TABLE_DUMP_are_told_and_selected()
    {
        using var folder = new TemporaryFolder();
        byte[] first = Dump(), second = Dump();
        // The view number leads the body (RFC 6396 section 4.2).
        second[13] = 7;
        string dump = folder.Write("rib.mrt", [.. first, .. second, .. second]);
        var all = Cli.Run("read", "--count", dump);
        Assert.Equal((0, "3"), (all.ExitCode, all.Out.Trim()));
        Assert.Contains("holds the tables of 2 views: \"\", \"7\"", all.Err, StringComparison.Ordinal);
        Assert.Equal("2", Cli.Run("read", "--count", dump, "--where", "view 7").Out.Trim());
        Assert.Equal("1", Cli.Run("read", "--count", dump, "--where", "view \"\"").Out.Trim());
    }

    private static byte[] Dump() =>
        new MrtWriter().TableDump(_time, new MrtPeer("192.0.2.2", 2914), Prefix.Parse("10.0.0.0/8"), _route, _time).ToArray();

    [Theory]
    [InlineData(45, 0xb5)]
    [InlineData(45, 0)]
    [InlineData(0, 0x01)]
    public void One_bad_byte_at_the_start_of_a_text_costs_one_line(int at, byte value)
    {
        using var folder = new TemporaryFolder();
        byte[] text = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Line, 5)));
        text[at] = value;
        var run = Cli.Run("read", "--count", folder.Write("lines.txt", text));
        Assert.Equal((3, "4"), (run.ExitCode, run.Out.Trim()));
        Assert.Contains("line 1, ", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void The_mark_of_UTF_8_costs_nothing_and_UTF_16_is_named()
    {
        using var folder = new TemporaryFolder();
        byte[] marked = [.. "\uFEFF"u8, .. System.Text.Encoding.ASCII.GetBytes(Line)];
        var run = Cli.Run("read", "--count", folder.Write("marked.txt", marked));
        Assert.Equal((0, "1", ""), (run.ExitCode, run.Out.Trim(), run.Err));
        byte[] wide = [.. System.Text.Encoding.Unicode.GetPreamble(), .. System.Text.Encoding.Unicode.GetBytes(Line)];
        Assert.Contains("convert it with iconv", Cli.Run("read", folder.Write("wide.txt", wide)).Err, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#", 0, 2)]
    [InlineData("", 3, 2)]
    public void A_line_longer_than_any_can_be_is_one_line(string start, int code, int events)
    {
        using var folder = new TemporaryFolder();
        string text = Line + start + new string('x', 1 << 20) + Line + Line;
        var run = Cli.Run("read", "--count", folder.Write("long.txt", System.Text.Encoding.ASCII.GetBytes(text)));
        Assert.Equal((code, events), (run.ExitCode, int.Parse(run.Out, null)));
        if (code != 0) Assert.Contains("line 2, ", Assert.Single(run.ErrLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1f9d90", "compress (.Z)")]
    [InlineData("04224d18", "lz4")]
    [InlineData("377abcaf271c", "7-Zip")]
    [InlineData("4c5a495001", "lzip")]
    [InlineData("4d53434600000000", "cabinet (.cab)")]
    [InlineData("213c617263683e0a", "ar")]
    [InlineData("303730373031", "cpio")]
    [InlineData("edabeedb0300", "RPM")]
    public void What_is_packed_in_another_way_is_named(string start, string packer)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = [.. Convert.FromHexString(start), .. Enumerable.Repeat((byte)0xa7, 100)];
        Assert.Contains($"is packed with {packer}, which is not read; unpack it",
            Cli.Run("read", folder.Write("packed", bytes)).Err, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_an_archive_whose_names_are_no_UTF8_stay_two()
    {
        using var folder = new TemporaryFolder();
        byte[] text = System.Text.Encoding.ASCII.GetBytes(Line);
        byte[] tar = [.. Entry("caf\u00e8.txt", text), .. Entry("caf\u00e9.txt", text), .. new byte[1024]];
        var run = Cli.Run("read", "--count", folder.Write("names.tar", tar));
        Assert.Equal((0, "2", ""), (run.ExitCode, run.Out.Trim(), run.Err));
    }

    // A ustar entry whose name is written a byte a character.
    private static byte[] Entry(string name, byte[] content)
    {
        byte[] header = new byte[512];
        System.Text.Encoding.Latin1.GetBytes(name).CopyTo(header, 0);
        "0000644\0"u8.CopyTo(header.AsSpan(100));
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(content.Length, 8).PadLeft(11, '0') + "\0").CopyTo(header, 124);
        "00000000000\0"u8.CopyTo(header.AsSpan(136));
        header.AsSpan(148, 8).Fill((byte)' ');
        header[156] = (byte)'0';
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        int sum = header.Sum(one => one);
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return [.. header, .. content, .. new byte[(512 - content.Length % 512) % 512]];
    }

    [Fact]
    public void Standard_output_that_is_appended_to_an_input_is_refused()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("in.txt", System.Text.Encoding.ASCII.GetBytes(Line));
        var run = Cli.Bash($"isthmus read '{file}' >> '{file}'");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("standard output goes to a file that is an input", run.Err, StringComparison.Ordinal);
        Assert.Equal(Line.Length, new FileInfo(file).Length);
    }
}
