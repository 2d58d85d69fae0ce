using System.Text;
using System.Text.Json;

using Isthmus.Export;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Tests.App;
using Isthmus.Tests.Export;
using Isthmus.Tests.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Sources;

/// <summary>Lines of <c>bgpdump -m</c> as an input.</summary>
public sealed class TextInputTests
{
    private const string Route = "BGP4MP|1506848871|A|192.0.2.2|2914|175.45.176.0/24|2914 4837 131279|IGP|192.0.2.1|0|0||NAG||";

    [Theory]
    [InlineData("\r")]
    [InlineData("\r\n")]
    [InlineData("\n\r\n")]
    [InlineData("\r\r")]
    public void Lines_end_in_LF_CR_LF_or_CR(string end)
    {
        string[] lines = [.. Enumerable.Range(0, 3000).Select(i => Route.Replace("175.45.176.0", $"10.{i / 256}.{i % 256}.0", StringComparison.Ordinal))];
        var (text, tally) = Read("# a remark" + end + string.Join(end, lines) + end);
        Assert.Equal(string.Join('\n', lines) + "\n", text);
        Assert.Equal((3000L, 0L), (tally.Elements, tally.Faults));
        var (mixed, _) = Read($"{lines[0]}\r\n{lines[1]}\r{lines[2]}\n{lines[3]}");
        Assert.Equal(string.Join('\n', lines[..4]) + "\n", mixed);
    }

    [Theory]
    [InlineData(Route)]
    [InlineData("BGP4MP|1506848871|W|192.0.2.2|2914|175.45.176.0/24")]
    [InlineData("BGP4MP|1506848871|STATE|192.0.2.2|2914|6|1")]
    [InlineData("BGP4MP|1506848871|STATE|2001:db8::2|2914|6|8")]
    [InlineData("BGP4MP_ET|1506848871.000042|A|2001:db8::2|131072|2001:db8:1::/48|131072 {1,2}|EGP|2001:db8::1|100|7|4837:100 no-export|AG|4837 192.0.2.7|")]
    [InlineData("BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/8|2914 (64512 64513) [64514,64515] 9|INCOMPLETE|2001:db8::1|0|0||NAG||")]
    [InlineData("BGP4MP_AP|1506848871|A|192.0.2.2|2914|0.0.0.0/0|7|2914|IGP|192.0.2.1|0|0||NAG||")]
    [InlineData("BGP4MP_AP|1506848871|W|192.0.2.2|2914|2001:db8::/32|4294967295")]
    [InlineData("BGP|948240000|A|192.0.2.2|2914|10.0.0.0/8|2914 4837|IGP|192.0.2.1|0|0||NAG|4837 192.0.2.7|")]
    [InlineData("BGP|948240000|STATE|192.0.2.2|2914|3|6")]
    [InlineData("TABLE_DUMP|948240000|B|192.0.2.2|2914|10.0.0.0/8|2914 4837 131279|IGP|192.0.2.1|0|0|65535:65281 local-AS no-advertise|NAG||")]
    [InlineData("TABLE_DUMP|948240000|B|2001:db8::2|2914|2001:db8::/32|2914|IGP|2001:db8::1|0|0||NAG||")]
    [InlineData("TABLE_DUMP2|1506848871|B|192.0.2.2|2914|2001:db8::/32|2914|IGP|2001:db8::1|0|5||NAG||")]
    [InlineData("TABLE_DUMP2_AP|1506848871|B|2001:db8::2|2914|10.0.0.0/8|3||IGP|192.0.2.1|0|0||AG||")]
    public void A_line_comes_out_as_it_went_in(string line)
    {
        var (text, tally) = Read(line + "\n");
        Assert.Equal(line.Replace("65535:65281", "no-export", StringComparison.Ordinal) + "\n", text);
        Assert.Equal((1L, 1L, 0L), (tally.Records, tally.Elements, tally.Faults));
    }

    [Theory]
    [InlineData("rib/bview.64k_stream_overflow.gz")]
    [InlineData("rib/bview.ipv4_unicast_add_path.gz")]
    [InlineData("rib/bview.ipv6_unicast_add_path.gz")]
    [InlineData("rib/lab.bird6-mrtdump_rib.mrt")]
    [InlineData("rib/lab.openbgpd_rib_table-v2.mrt")]
    [InlineData("rib/lab.quagga_rib.mrt")]
    // Eight aggregators are AS 0 (RFC 7607 section 2).
    [InlineData("rib/ris.rrc05.bview.20020722.2337.gz", 8)]
    [InlineData("updates/lab.openbgpd_bgp.mrt")]
    [InlineData("updates/lab.quagga_bgp.mrt")]
    [InlineData("updates/ris.rrc01.updates.20241001.0055.gz")]
    [InlineData("updates/ris.updates.20020722.2238.gz")]
    [InlineData("updates/ris.updates.long_withdrawal.gz")]
    [InlineData("updates/routeviews.updates.20260222.1530.bz2")]
    [InlineData("damaged/ris.rrc01.updates.20001104.0124.gz")]
    public void What_bgpdump_prints_of_a_file_comes_out_as_it_went_in(string name, int faults = 0)
    {
        byte[] printed = Bgpdump.Printed(RealData.Path(name));
        var (text, tally) = Read(printed);
        Assert.True(printed.AsSpan().SequenceEqual(text));
        Assert.Equal(faults, tally.Faults);
    }

    [Theory]
    [InlineData("BGP4MP|1506848871|W|192.0.2.2|2914|10.0.0.0/33", "prefix is none", 35)]
    [InlineData("BGP4MP|1506848871|W|192.0.2.2|2914|10.0.0.0/8|", "more fields than a line has", 35)]
    [InlineData("BGP4MP|1506848871|W|192.0.2.2|2914", "prefix is missing", 34)]
    [InlineData("BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/8|2914 x|IGP|192.0.2.1|0|0||NAG||", "path is none", 46)]
    [InlineData("BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/8|{1|IGP|192.0.2.1|0|0||NAG||", "path is none", 46)]
    [InlineData("BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/8|{}|IGP|192.0.2.1|0|0||NAG||", "path is none", 46)]
    [InlineData("BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/8|2914|IGP|192.0.2|0|0||NAG||", "next hop is no address", 55)]
    [InlineData("BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/8|2914|IGP|192.0.2.1|-1|0||NAG||", "local preference is no number", 65)]
    [InlineData("BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/8|2914|IGP|192.0.2.1|0|0|1:2:3|NAG||", "communities are none", 69)]
    [InlineData("BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/8|2914|IGP|192.0.2.1|0|0||NAG|1|", "aggregator is not an AS", 74)]
    [InlineData("BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/8|2914|IGP|192.0.2.1|0|0||NAG|", "bar behind the aggregator is missing", 74)]
    [InlineData("BGP4MP|1506848871|B|192.0.2.2|2914|10.0.0.0/8", "kind is not A, W or STATE", 18)]
    [InlineData("BGP4MP|1506848871|STATE|192.0.2.2|2914|6|70000", "new state is no state", 41)]
    [InlineData("BGP4MP|10/01/17 09:07:51|W|192.0.2.2|2914|10.0.0.0/8", "time is not in seconds", 7)]
    [InlineData("BGP4MP|1506848871|W|192.0.2|2914|10.0.0.0/8", "peer's address is no address", 20)]
    [InlineData("BGP|1506848871|A|192.0.2.2|2914|10.0.0.0/8|131279|IGP|192.0.2.1|0|0||NAG||", "path is none of 16-bit numbers", 43)]
    [InlineData("TABLE_DUMP|1506848871|B|2001:db8::2|2914|10.0.0.0/8|1|IGP|192.0.2.1|0|0||NAG||", "two families", 0)]
    [InlineData("MRT|1506848871|W|192.0.2.2|2914|10.0.0.0/8", "no type of record", 0)]
    public void A_line_that_cannot_be_is_a_fault_at_its_line_and_byte_and_the_rest_is_read(string line, string what, int column)
    {
        string before = $"# made by hand\n{Route}\n\n";
        var (text, tally) = Read($"{before}{line}\n{Route}\r\n");
        Assert.Equal($"{Route}\n{Route}\n", text);
        var fault = Assert.Single(Assert.Single(tally.Files).Faults.Kept);
        Assert.Equal((4L, (long)before.Length + column, (long)line.Length), (fault.Record, fault.Offset, fault.BytesSkipped));
        Assert.Contains(what, fault.Text, StringComparison.Ordinal);
        Assert.StartsWith("made.txt: line 4, byte ", fault.ToLine("made.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_gives_its_whole_lines_and_a_fault()
    {
        byte[] whole = Encoding.ASCII.GetBytes($"{Route}\nBGP4MP|1506848872|W|192.0.2.2|2914|10.0.0.0/16\nBGP4MP|1506848873|STATE|192.0.2.2|2914|6|1\n");
        int lines = 0;
        for (int length = Route.Length; length < whole.Length; length++)
        {
            var (text, tally) = Read(whole[..length]);
            lines = whole.AsSpan(0, length).Count((byte)'\n');
            // A route ends with a bar, so that it is known to be whole even without its line feed.
            long expected = length == Route.Length ? 1 : lines;
            Assert.Equal((expected, whole[length - 1] != '\n' && length > Route.Length), (tally.Elements, tally.Damaged));
            Assert.True(whole.AsSpan().StartsWith(text.AsSpan(0, Math.Max(0, text.Length - 1))));
        }
        Assert.Equal(2, lines);
    }

    [Fact]
    public void Text_is_told_by_its_content_compressed_and_on_standard_input()
    {
        using var folder = new TemporaryFolder();
        byte[] text = Encoding.ASCII.GetBytes($"{Route}\n{Route}\n");
        string packed = folder.Write("updates.20171001.0905.gz", Packed.Gzip(text));
        folder.Write("notes.txt", Encoding.ASCII.GetBytes("a line | with a bar | is none of bgpdump\n"));
        Assert.Equal("2\n", Cli.Run("read", packed, "--count").Out);
        var run = Cli.Feed(Packed.Zstd(text), "read", "-", "--where", "origin 131279", "--format", "csv");
        Assert.Equal((0, 3), (run.ExitCode, run.Out.Split("\r\n").Length - 1));
        Assert.Contains("standard input,", run.Out, StringComparison.Ordinal);
        var all = Cli.Run("read", folder.Root, "--count");
        Assert.Equal("2\n", all.Out);
        Assert.Contains("notes.txt is neither MRT nor lines of bgpdump -m", all.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_from_text_is_that_from_the_records_it_was_made_of()
    {
        using var folder = new TemporaryFolder();
        string from = Path.Combine(RealData.Repository, Sample.Folder, "rrc00");
        foreach (string path in Directory.EnumerateFiles(from, "*.gz", SearchOption.AllDirectories))
            folder.Write(Path.Combine("rrc00", Path.GetRelativePath(from, path)), Packed.Gzip(Line(TemporaryFile.Of(path, "x")).Text));
        JsonElement text = Cli.Run("report", "KP", folder.Root, "--format", "json").Json(),
            records = Cli.Run("report", "KP", from, "--format", "json").Json();
        foreach (string key in new[] { "size", "upstreams", "prefixes", "series" })
            Assert.Equal(records.GetProperty(key).GetRawText(), text.GetProperty(key).GetRawText());
        Assert.Equal(records.GetProperty("changes").EnumerateArray().Select(Dates), text.GetProperty("changes").EnumerateArray().Select(Dates));
        Assert.NotEmpty(text.GetProperty("changes").EnumerateArray());
    }

    [Fact]
    public void The_evidence_of_text_is_the_line()
    {
        byte[] text = Encoding.ASCII.GetBytes($"# none\n{Route}\n");
        using var file = new TemporaryFile("made.txt", text);
        using var records = RecordSource.Open(Decompression.Open(File.OpenRead(file.Input.Path)), new());
        using var batch = new RouteReader(records).Read()!;
        var place = batch.Records[batch.Rows[0].Record];
        Assert.Equal((2L, 7L, Route.Length), (place.Number, place.Offset, place.Length));
    }

    [Fact]
    public void A_damaged_line_of_a_known_peer_makes_only_its_routes_unknown()
    {
        using var file = new TemporaryFile("made.txt", Encoding.ASCII.GetBytes(
            $"{Route}\nBGP4MP|1506848872|W|192.0.2.3|4837|10.0.0.0/99\nBGP4MP|15068488xx|W|192.0.2.3|4837|10.0.0.0/8\n{Route}\n"));
        using var records = RecordSource.Open(Decompression.Open(File.OpenRead(file.Input.Path)), new());
        using var batch = new RouteReader(records).Read()!;
        var lost = batch.Rows.ToArray().Where(row => row.Kind is Isthmus.Routes.RowKind.Lost).Select(row => row.Peer).ToArray();
        Assert.Equal([1, -1], lost);
        Assert.Equal(IpAddress.Parse("192.0.2.3"), batch.Peers.Span[1].Address);
    }

    private static string Dates(JsonElement change) => string.Join(' ', new[] { "kind", "time", "first", "median", "last", "upstream", "peerAses" }
        .Select(key => change.GetProperty(key).GetRawText()));

    private static (string Text, ReadTally Tally) Read(string text)
    {
        var (bytes, tally) = Read(Encoding.ASCII.GetBytes(text));
        return (Encoding.ASCII.GetString(bytes), tally);
    }

    private static (byte[] Text, ReadTally Tally) Read(byte[] text)
    {
        using var file = new TemporaryFile("made.txt", text);
        return Line(file.Input);
    }

    private static (byte[] Text, ReadTally Tally) Line(InputFile file)
    {
        using var output = new MemoryStream();
        using var writer = new ElementWriter(ElementFormat.Line, output);
        var tally = ReadRun.Run([file], writer, new(), TestContext.Current.CancellationToken);
        return (output.ToArray(), tally);
    }
}
