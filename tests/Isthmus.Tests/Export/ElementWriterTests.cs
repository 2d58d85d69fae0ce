using System.Text;
using System.Text.Json;

using Isthmus.Export;
using Isthmus.Scenarios;
using Isthmus.Tests.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Export;

public sealed class ElementWriterTests
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51.372152Z");

    private static readonly PathAttributes _rich = new PathAttributes()
        .Origin(OriginCode.Egp).AsPath("3333 20485 {131279,64500}").NextHop("192.0.2.7").Med(20).LocalPref(300).AtomicAggregate()
        .Aggregator(131279, "192.0.2.9").Communities("65535:65281", "20485:10", "65535:666")
        .ExtendedCommunities(0x0002_1234_0000_0001, 0x4103_C000_0201_0007, 0x0202_0003_0D40_0005, 0x8006_0000_0000_0000)
        .LargeCommunities("131279:1:2", "4294967295:0:1").OnlyToCustomer(4837).Raw(0xE0, 99, 0, 255);

    [Theory]
    [InlineData(ElementFormat.Line, "elements.txt")]
    [InlineData(ElementFormat.Json, "elements.jsonl")]
    [InlineData(ElementFormat.Csv, "elements.csv")]
    public void Every_kind_of_element_has_its_text(ElementFormat format, string golden) =>
        Golden.Check(golden, Write(format, EveryKind().ToArray()));

    [Fact]
    public async Task Every_kind_of_line_is_that_of_bgpdump()
    {
        byte[] file = EveryKind().ToArray();
        Assert.Equal(await Bgpdump.Lines(file), Write(ElementFormat.Line, file).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Every_JSON_line_has_the_same_keys_and_they_are_the_columns_of_CSV()
    {
        byte[] file = EveryKind().ToArray();
        string[] columns = Write(ElementFormat.Csv, file).Split("\r\n")[0].Split(',');
        foreach (string line in Write(ElementFormat.Json, file).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            Assert.Equal(columns, json.RootElement.EnumerateObject().Select(property => property.Name));
        }
    }

    [Fact]
    public void A_file_name_is_escaped_as_the_form_asks()
    {
        byte[] file = new MrtWriter().Update(_time, new("192.0.2.2", 3333), withdraw: ["10.0.0.0/8"]).ToArray();
        const string Name = "a \"b\", ü.mrt";
        string json = Write(ElementFormat.Json, file, Name), csv = Write(ElementFormat.Csv, file, Name);
        using var parsed = JsonDocument.Parse(json);
        Assert.Equal(Name, parsed.RootElement.GetProperty("file").GetString());
        Assert.StartsWith("\"a \"\"b\"\", ü.mrt\",rrc00,1,0,BGP4MP,", csv.Split("\r\n")[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_announcement_is_a_withdrawal_that_says_so()
    {
        var noOrigin = new PathAttributes().AsPath("3333 131279").NextHop("192.0.2.7");
        byte[] file = new MrtWriter().Update(_time, new("192.0.2.2", 3333), noOrigin, announce: ["175.45.178.0/24"]).ToArray();
        using var json = JsonDocument.Parse(Write(ElementFormat.Json, file));
        Assert.Equal("withdrawal", json.RootElement.GetProperty("kind").GetString());
        Assert.True(json.RootElement.GetProperty("treatedAsWithdrawn").GetBoolean());
    }

    [Fact]
    public void Peers_of_one_file_are_not_those_of_the_next()
    {
        byte[] first = new MrtWriter().Update(_time, new("192.0.2.2", 3333), withdraw: ["10.0.0.0/8"]).ToArray();
        byte[] second = new MrtWriter().Update(_time, new("192.0.2.3", 20485), withdraw: ["10.0.0.0/8"]).ToArray();
        using TemporaryFile one = new("1", first), two = new("2", second);
        using var output = new MemoryStream();
        using var writer = new ElementWriter(ElementFormat.Line, output);
        ReadRun.Run([one.Input, two.Input], writer, new(), TestContext.Current.CancellationToken);
        Assert.Equal(
            "BGP4MP|1506848871|W|192.0.2.2|3333|10.0.0.0/8\nBGP4MP|1506848871|W|192.0.2.3|20485|10.0.0.0/8\n",
            Encoding.UTF8.GetString(output.ToArray()));
    }

    [Theory]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8::1:1:1:1:1")] // bgpdump shortens one group, RFC 5952 does not
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData("2001:db8:0:0:0:5efe:c000:201", "2001:db8::5efe:c000:201")]
    [InlineData("fe80::1234:5678:9abc:def0", "fe80::1234:5678:9abc:def0")]
    public void An_IPv6_peer_is_written_as_bgpdump_writes_it(string address, string text)
    {
        byte[] file = new MrtWriter().Update(_time, new(address, 3333), withdraw: ["10.0.0.0/8"]).ToArray();
        Assert.Equal($"BGP4MP|1506848871|W|{text}|3333|10.0.0.0/8\n", Write(ElementFormat.Line, file));
    }

    [Theory]
    [InlineData(ElementFormat.Line)]
    [InlineData(ElementFormat.Json)]
    [InlineData(ElementFormat.Csv)]
    public void Nothing_is_allocated_for_an_element(ElementFormat format)
    {
        const int Elements = 20_000;
        // Both files are larger than the buffer that reads them, whose size follows the file's.
        long few = Allocated(format, Elements), many = Allocated(format, 2 * Elements);
        Assert.InRange(many - few, long.MinValue, Elements);
    }

    // Allocation of the reading thread; less than a byte an element is none.
    private static long Allocated(ElementFormat format, int updates)
    {
        var file = new MrtWriter();
        for (int i = 0; i < updates; i++) file.Update(_time, new("192.0.2.2", 3333), _rich, announce: ["175.45.178.0/24"]);
        using var input = new TemporaryFile("file", file.ToArray());
        using var writer = new ElementWriter(format, Stream.Null);
        ReadRun.Run([input.Input], writer, new(), TestContext.Current.CancellationToken);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadRun.Run([input.Input], writer, new(), TestContext.Current.CancellationToken);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    internal static MrtWriter EveryKind()
    {
        MrtSession session = new("192.0.2.2", 3333), narrow = new("192.0.2.3", 3257) { WideAsns = false };
        var ipv6 = new PathAttributes().Origin().AsPath("20485 131279").MpReach("2001:db8::2 fe80::2", "2001:db8:1::/48", "::/0");
        var plain = PathAttributes.Route("3257 131279", "192.0.2.8");
        var originOnly = new PathAttributes().Origin().AsPath("131279").MpReachNextHop("2001:db8::2");
        return new MrtWriter()
            .StateChange(_time, session, SessionState.OpenConfirm, SessionState.Established)
            .Update(_time, session, _rich, announce: ["175.45.178.0/24", "175.45.179.0/24"], withdraw: ["175.45.177.0/24"])
            .Update(_time, session with { Microseconds = true }, ipv6)
            .Update(_time, narrow, plain, announce: ["175.45.176.0/24"])
            .Update(_time, session with { AddPath = true }, plain, announce: [new Nlri(Prefix.Parse("10.0.0.0/8"), 7)])
            .TableDump(_time, new("192.0.2.3", 3257), Prefix.Parse("175.45.176.0/24"), plain, _time)
            .PeerIndexTable(_time, "192.0.2.254", "", [new("192.0.2.2", 3333), new("2001:db8::2", 131279)])
            .Rib(_time, Prefix.Parse("175.45.178.0/24"), [new(0, _rich, _time)])
            .Rib(_time, Prefix.Parse("2001:db8:1::/48"), [new(1, originOnly, _time)]);
    }

    private static string Write(ElementFormat format, byte[] bytes, string name = "rrc00/updates.gz")
    {
        using var file = new TemporaryFile(name, bytes);
        using var output = new MemoryStream();
        using var writer = new ElementWriter(format, output);
        ReadRun.Run([file.Input], writer, new(), TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
