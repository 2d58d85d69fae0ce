using System.Text;

using Isthmus.Export;
using Isthmus.Export.Dissection;
using Isthmus.Filters;
using Isthmus.Registry;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Export;

/// <summary>Records taken apart.</summary>
public sealed class HexTests
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51Z");
    private static readonly MrtSession _session = new("192.0.2.2", 3333);
    private static readonly PathAttributes _route = PathAttributes.Route("3333 4837 131279", "192.0.2.7");

    [Fact]
    public void Every_kind_of_record_is_taken_apart_and_its_fault_marked() => Golden.Check("hex.txt", Hex(Everything()));

    [Fact]
    public void It_fits_a_terminal_of_100_columns() =>
        Assert.Equal([], Hex(Everything()).Split('\n').Where(line => line.Length > 100));

    [Theory]
    [InlineData("damaged/corrupt-nlri.mrt")]
    [InlineData("damaged/ris.rrc01.updates.20001104.0124.gz")]
    [InlineData("damaged/truncated.mrt")]
    [InlineData("rib/bview.64k_stream_overflow.gz")]
    [InlineData("rib/bview.ipv4_unicast_add_path.gz")]
    [InlineData("rib/bview.ipv6_unicast_add_path.gz")]
    [InlineData("rib/lab.bird-mrtdump_rib.mrt")]
    [InlineData("rib/lab.openbgpd_rib_table-mp.mrt")]
    [InlineData("rib/lab.openbgpd_rib_table-v2.mrt")]
    [InlineData("rib/lab.openbgpd_rib_table.mrt")]
    [InlineData("updates/lab.bird6_bgp.mrt")]
    [InlineData("updates/lab.openbgpd_bgp.mrt")]
    [InlineData("updates/lab.quagga_bgp.mrt")]
    [InlineData("updates/lab.quagga_bgp_large_communities.mrt")]
    [InlineData("updates/ris.updates.20020722.2238.gz")]
    [InlineData("updates/ris.updates.long_withdrawal.gz")]
    [InlineData("updates/routeviews.jinx.updates.20150401.0000.bz2")]
    public void Every_byte_of_a_real_record_is_in_one_field_that_has_a_meaning(string name)
    {
        using var records = new RecordReader(Decompression.Open(File.OpenRead(RealData.Path(name))), new());
        var dissector = new Dissector();
        var faults = new Isthmus.Wire.Mrt.RouteEventReader();
        while (records.TryRead(out var record))
        {
            foreach (ref readonly var _ in faults.Read(record)) { }
            var fields = dissector.Dissect(record);
            AssertCovers(fields, record.Bytes.Length);
            if (faults.Fault.Kind is FaultKind.None)
                Assert.DoesNotContain(fields, field => field.Name == "not decoded" || field.Value.StartsWith("needs ", StringComparison.Ordinal));
        }
        Assert.NotEqual(0, records.Records);
    }

    [Fact]
    public void Every_byte_of_a_damaged_record_is_in_one_field_all_the_same()
    {
        byte[] sound = Everything();
        var random = new Random(5);
        for (int round = 0; round < 600; round++)
        {
            byte[] damaged = [.. sound];
            for (int flips = random.Next(1, 12); flips > 0; flips--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            using var records = new RecordReader(new MemoryStream(damaged), new());
            var dissector = new Dissector();
            while (records.TryRead(out var record)) AssertCovers(dissector.Dissect(record), record.Bytes.Length);
        }
    }

    [Theory]
    [InlineData("2", 1)]
    [InlineData("2-4", 3)]
    [InlineData("1,3-5", 4)]
    public void Records_are_chosen_by_their_numbers(string numbers, int count)
    {
        string text = Hex(Everything(), numbers: numbers);
        Assert.Equal(count, text.Split("every.mrt: record ").Length - 1);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("")]
    [InlineData("5-2")]
    [InlineData("1-2-3")]
    [InlineData("x")]
    public void Other_numbers_are_none(string text) => Assert.Null(RecordNumbers.TryParse(text));

    [Fact]
    public void Records_of_events_that_fit_are_shown() =>
        Assert.Equal(1, Hex(Everything(), "prefix 10.7.0.0/16").Split("every.mrt: record ").Length - 1);

    [Fact]
    public void Faults_are_shown_with_the_bytes_that_were_lost_even_where_there_is_no_event()
    {
        byte[] one = new MrtWriter().Update(_time, _session, withdraw: ["10.0.0.0/8"]).ToArray();
        byte[] unreadable = new MrtWriter().Message(_time, _session, MessageWriter.Message(2, [0, 9])).ToArray();
        byte[] file = [.. one, .. unreadable, .. one[..10], .. Enumerable.Repeat((byte)0xEE, 14), .. one, .. one, .. one, .. one];
        string text = Hex(file, "fault");
        Assert.Single(text.Split('\n'), line => line.StartsWith("every.mrt: record 2, byte ", StringComparison.Ordinal));
        Assert.Contains("!         fault at byte ", text, StringComparison.Ordinal);
        Assert.Contains("ee ee ee", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_shows_one_record_and_says_what_it_cannot_show()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("every.mrt", Everything());
        var run = Cli.Run("read", file, "--hex", "--record", "2");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("record 2, byte", run.Out, StringComparison.Ordinal);
        Assert.Contains("MULTI_EXIT_DISC", run.Out, StringComparison.Ordinal);
        Assert.Contains("there is no record 900", Assert.Single(Cli.Run("read", file, "--hex", "--record", "900").ErrLines), StringComparison.Ordinal);
        Assert.Equal(2, Cli.Run("read", file, "--record", "2").ExitCode);
        Assert.Equal(2, Cli.Run("read", file, "--hex", "--record", "two").ExitCode);
        Assert.Equal(2, Cli.Run("read", file, "--hex", "--count").ExitCode);
    }

    private const string Lines = """
        # made by hand
        BGP4MP|1506848871|W|192.0.2.2|2914|10.0.0.0/8
        TABLE_DUMP2_AP|1506848871|B|2001:db8::2|2914|10.0.0.0/8|3||IGP|192.0.2.1|0|0||AG||
        BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/64|2914 4837|IGP|192.0.2.1|0|0||NAG||
        BGP4MP_ET|1506848871.000042|STATE|192.0.2.2|2914|6|1
        nothing of the kind

        """;

    [Fact]
    public void Lines_of_text_are_shown_field_by_field_and_what_is_wrong_with_them_is_marked() =>
        Golden.Check("hex-text.txt", Hex(Encoding.ASCII.GetBytes(Lines), name: "lines.txt"));

    [Theory]
    [InlineData("5", null, "line 5")]
    [InlineData("4", null, "line 4")]
    [InlineData("1,3-4", null, "line 3, line 4")]
    [InlineData(null, "kind withdrawal", "line 2")]
    [InlineData(null, "fault", "line 4, line 6")]
    public void Lines_are_chosen_by_number_and_by_filter(string? numbers, string? where, string shown)
    {
        string[] heads = [.. Hex(Encoding.ASCII.GetBytes(Lines), where, numbers, "lines.txt").Split('\n')
            .Where(line => line.StartsWith("lines.txt: ", StringComparison.Ordinal))];
        Assert.Equal(shown, string.Join(", ", heads.Select(line => line["lines.txt: ".Length..line.IndexOf(", byte", StringComparison.Ordinal)])));
    }

    [Theory]
    [InlineData(Lines)]
    [InlineData("|")]
    [InlineData("BGP4MP_AP|x|STATE||||||||||||||||||||")]
    public void All_bytes_of_a_line_are_shown(string lines)
    {
        foreach (string line in lines.Split('\n'))
            AssertCovers(LineFields.Dissect(Encoding.ASCII.GetBytes(line)), line.Length);
    }

    private static void AssertCovers(IReadOnlyList<DissectedField> fields, int length)
    {
        int at = 0;
        foreach (var field in fields)
        {
            Assert.Equal(at, field.Offset);
            at += field.Length;
        }
        Assert.Equal(length, at);
    }

    private static byte[] Everything()
    {
        var rich = new PathAttributes().Origin(OriginCode.Egp).AsPath("3333 20485 {131279,64500}").NextHop("192.0.2.7").Med(20)
            .LocalPref(300).AtomicAggregate().Aggregator(131279, "192.0.2.9").Communities("65535:65281", "20485:10")
            .ExtendedCommunities(0x0002_1234_0000_0001).LargeCommunities("131279:1:2").OnlyToCustomer(4837).Raw(0xE0, 99, 0, 255);
        var ipv6 = new PathAttributes().Origin().AsPath("20485 131279").MpReach("2001:db8::2 fe80::2", "2001:db8:1::/48", "::/0");
        byte[] badFlags = MessageWriter.Update(new PathAttributes().Raw(0xC0, 1, 0).AsPath("3333").NextHop("192.0.2.7"), ["10.9.0.0/16"]);
        return new MrtWriter()
            .StateChange(_time, _session, SessionState.OpenConfirm, SessionState.Established)
            .Update(_time, _session, rich, announce: ["175.45.178.0/24"], withdraw: ["175.45.177.0/24"])
            .Update(_time, _session with { Microseconds = true }, ipv6)
            .Update(_time, _session with { AddPath = true }, _route, announce: [new Nlri(Prefix.Parse("10.7.0.0/16"), 7)])
            .Message(_time, _session, MessageWriter.Open(3333, "192.0.2.2"))
            .Message(_time, _session, MessageWriter.Notification(6, 4))
            .TableDump(_time, new("192.0.2.3", 3257), Prefix.Parse("175.45.176.0/24"), PathAttributes.Route("3257 4837", "192.0.2.8"), _time)
            .PeerIndexTable(_time, "192.0.2.254", "view", [new("192.0.2.2", 3333), new("2001:db8::2", 131279)])
            .Rib(_time, Prefix.Parse("175.45.178.0/24"), [new(0, _route, _time), new(1, rich, _time)])
            .Message(_time, _session, badFlags)
            .Message(_time, _session, MessageWriter.Message(2, [0, 3, 33, 10, 0, 0, 0]))
            .Record(_time, 11, 0, [1, 2, 3])
            .ToArray();
    }

    private static string Hex(byte[] bytes, string? where = null, string? numbers = null, string name = "every.mrt")
    {
        using var file = new TemporaryFile(name, bytes);
        using var output = new StringWriter { NewLine = "\n" };
        var request = new ReadRequest([file.Input]) { Where = where is null ? null : Filter.Parse(where, () => RegistrySnapshot.Shipped) };
        HexRun.Run(request, numbers is null ? null : RecordNumbers.TryParse(numbers), new(output, null), new(),
            TestContext.Current.CancellationToken);
        return output.ToString();
    }
}
