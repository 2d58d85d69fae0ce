using System.IO.Compression;

using Isthmus.Scenarios;
using Isthmus.Wire;

namespace Isthmus.Tests.Scenarios;

public class MrtWriterTests
{
    private static readonly Timestamp Start = Timestamp.Parse("2017-10-01T09:07:51Z");

    private static readonly PathAttributes Route = PathAttributes.Route("2914 4837 131279", "192.0.2.1");

    [Fact]
    public void An_update_is_the_bytes_of_RFC_4271()
    {
        byte[] update = MessageWriter.Update(Route, announce: ["175.45.178.0/24"], withdraw: ["10.0.0.0/8"]);

        Assert.Equal(
            "ffffffffffffffffffffffffffffffff" + "0039" + "02" // header: 57 bytes, UPDATE
            + "0002" + "080a" // withdrawn 10.0.0.0/8
            + "001c" + "40010100" + "40020e0203" + "00000b62" + "000012e5" + "000200cf" + "400304c0000201"
            + "18af2db2", // 175.45.178.0/24
            Convert.ToHexStringLower(update));
    }

    [Fact]
    public void A_two_octet_path_says_AS_TRANS_and_AS4_PATH_holds_the_truth()
    {
        Assert.Equal(
            "40010100" + "4002080203" + "0b62" + "12e5" + "5ba0" + "400304c0000201"
            + "c0110e0203" + "00000b62" + "000012e5" + "000200cf",
            Convert.ToHexStringLower(
                new PathAttributes()
                    .Origin().AsPath("2914 4837 131279").NextHop("192.0.2.1").As4Path("2914 4837 131279")
                    .ToArray(wideAsns: false)));
    }

    [Fact]
    public void A_segment_of_more_than_255_hops_is_written_as_two()
    {
        byte[] path = EncodeText(string.Join(' ', Enumerable.Repeat("4837", 256)));

        Assert.Equal(2 * 2 + 256 * 4, path.Length);
        Assert.Equal((255, 1), (path[1], path[2 + 255 * 4 + 1]));

        static byte[] EncodeText(string text) => PathText.Encode(PathText.Parse(text), wide: true);
    }

    [Fact]
    public void Every_attribute_has_the_flags_and_code_of_its_RFC()
    {
        var attributes = new PathAttributes()
            .Med(1).LocalPref(2).AtomicAggregate().Aggregator(131279, "192.0.2.1").Communities("65535:666")
            .OriginatorId("192.0.2.2").ClusterList("192.0.2.3").MpReach("2001:db8::1", "2001:db8::/32")
            .MpUnreach("2001:db8::/33").ExtendedCommunities(0x0002_1234_0000_0001).As4Aggregator(131279, "192.0.2.1")
            .LargeCommunities("131279:1:2").OnlyToCustomer(4837).Raw(0xE0, 99, 1, 2);

        Assert.Equal(
        [
            "80040400000001", "40050400000002", "400600", "c00708000200cfc0000201", "c00804ffff029a",
            "800904c0000202", "800a04c0000203",
            "800e1a000201" + "1020010db8000000000000000000000001" + "00" + "2020010db8",
            "800f09000201" + "2120010db800",
            "c010080002123400000001", "c01208000200cfc0000201", "c0200c000200cf0000000100000002",
            "c02304000012e5", "e063020102",
        ],
        Split(attributes.ToArray()));
        Assert.Equal("c007065ba0c0000201", Convert.ToHexStringLower(
            new PathAttributes().Aggregator(131279, "192.0.2.1").ToArray(wideAsns: false)));
        Assert.Equal("d0630100", Convert.ToHexStringLower(
            new PathAttributes().Raw(0xC0, 99, new byte[256]).ToArray().AsSpan(0, 4)));

        static IEnumerable<string> Split(byte[] bytes)
        {
            for (int at = 0, length; at < bytes.Length; at += length)
            {
                length = 3 + bytes[at + 2];
                yield return Convert.ToHexStringLower(bytes.AsSpan(at, length));
            }
        }
    }

    [Fact]
    public async Task Bgpdump_reads_path_ids_in_updates()
    {
        var session = new MrtSession("192.0.2.1", 2914) { AddPath = true };
        var mrt = new MrtWriter().Update(Start, session, Route, ["175.45.176.0/24#7"], ["175.45.179.0/24#8"]);

        Assert.Equal(
        [
            "BGP4MP_AP|1506848871|W|192.0.2.1|2914|175.45.179.0/24|8",
            "BGP4MP_AP|1506848871|A|192.0.2.1|2914|175.45.176.0/24|7|2914 4837 131279|IGP|192.0.2.1|0|0||NAG||",
        ],
        await Bgpdump.Lines(mrt.ToArray()));
    }

    [Fact]
    public async Task Bgpdump_reads_messages_of_every_width_and_form()
    {
        var narrow = new MrtSession("192.0.2.1", 2914) { WideAsns = false };
        var wide = new MrtSession("192.0.2.2", 131072);
        var late = new MrtSession("192.0.2.3", 3356) { Microseconds = true };
        var sixth = new MrtSession("2001:db8::2914", 2914);
        var mrt = new MrtWriter()
            .Update(Start, narrow, Route, ["175.45.176.0/24"], ["175.45.179.0/24"])
            .Update(Start, wide, PathAttributes.Route("131072 {4837,9929} 131279", "192.0.2.2")
                .Med(7).LocalPref(100).AtomicAggregate().Aggregator(4837, "192.0.2.9")
                .Communities("4837:1", "65535:666"),
                ["175.45.177.0/24"])
            .Update(new(Start.Microseconds + 372152), late, Route, ["175.45.178.0/24"])
            .Update(Start, sixth, PathAttributes.Route("2914 2516", "2001:db8::2914")
                .MpReach("2001:db8::2914 fe80::1", "2001:200::/32").MpUnreach("2001:218::/32"))
            .StateChange(Start, narrow, SessionState.Established, SessionState.Idle)
            .StateChange(Start, wide, SessionState.OpenConfirm, SessionState.Established)
            .Message(Start, wide, MessageWriter.Open(131072, "192.0.2.2"))
            .Message(Start, wide, MessageWriter.KeepAlive())
            .Message(Start, wide, MessageWriter.Notification(6, 4));

        Assert.Equal(
        [
            "BGP4MP|1506848871|W|192.0.2.1|2914|175.45.179.0/24",
            "BGP4MP|1506848871|A|192.0.2.1|2914|175.45.176.0/24|2914 4837 131279|IGP|192.0.2.1|0|0||NAG||",
            "BGP4MP|1506848871|A|192.0.2.2|131072|175.45.177.0/24|131072 {4837,9929} 131279|IGP|192.0.2.2|100|7"
                + "|4837:1 65535:666|AG|4837 192.0.2.9|",
            "BGP4MP_ET|1506848871.372152|A|192.0.2.3|3356|175.45.178.0/24|2914 4837 131279|IGP|192.0.2.1|0|0||NAG||",
            "BGP4MP|1506848871|W|2001:db8::2914|2914|2001:218::/32",
            "BGP4MP|1506848871|A|2001:db8::2914|2914|2001:200::/32|2914 2516|IGP|2001:db8::2914|0|0||NAG||",
            "BGP4MP|1506848871|STATE|192.0.2.1|2914|6|1",
            "BGP4MP|1506848871|STATE|192.0.2.2|131072|5|6",
        ],
        await Bgpdump.Lines(mrt.ToArray()));
    }

    [Fact]
    public async Task Bgpdump_reads_both_versions_of_the_table_dump()
    {
        MrtPeer[] peers =
            [new("192.0.2.1", 2914), new("192.0.2.2", 3356) { WideAsn = false }, new("2001:db8::1", 131072)];
        var second = new MrtWriter()
            .PeerIndexTable(Start, "198.51.100.1", "isthmus re-enactment", peers)
            .Rib(Start, Prefix.Parse("175.45.176.0/24"),
                [new(0, Route, Start), new(1, PathAttributes.Route("3356 4837 131279", "192.0.2.2"), Start)])
            .Rib(Start, Prefix.Parse("2001:200::/32"),
                [new(2, PathAttributes.Route("131072 2500", "2001:db8::1").MpReachNextHop("2001:db8::1"), Start)])
            .Rib(Start, Prefix.Parse("0.0.0.0/0"), [new(0, Route, Start, PathId: 1), new(1, Route, Start, PathId: 2)]);
        var first = new MrtWriter().TableDump(Start, peers[0], Prefix.Parse("175.45.176.0/24"), Route, Start);

        Assert.Equal(
        [
            "TABLE_DUMP2|1506848871|B|192.0.2.1|2914|175.45.176.0/24|2914 4837 131279|IGP|192.0.2.1|0|0||NAG||",
            "TABLE_DUMP2|1506848871|B|192.0.2.2|3356|175.45.176.0/24|3356 4837 131279|IGP|192.0.2.2|0|0||NAG||",
            "TABLE_DUMP2|1506848871|B|2001:db8::1|131072|2001:200::/32|131072 2500|IGP|2001:db8::1|0|0||NAG||",
            "TABLE_DUMP2_AP|1506848871|B|192.0.2.1|2914|0.0.0.0/0|1|2914 4837 131279|IGP|192.0.2.1|0|0||NAG||",
            "TABLE_DUMP2_AP|1506848871|B|192.0.2.2|3356|0.0.0.0/0|2|2914 4837 131279|IGP|192.0.2.1|0|0||NAG||",
        ],
        await Bgpdump.Lines(second.ToArray()));
        Assert.Equal(
            ["TABLE_DUMP|1506848871|B|192.0.2.1|2914|175.45.176.0/24|2914 4837 131279|IGP|192.0.2.1|0|0||NAG||"],
            await Bgpdump.Lines(first.ToArray()));
    }

    [Fact]
    public void What_is_packed_unpacks_to_the_same_bytes_and_packs_the_same_again()
    {
        byte[] bytes = new byte[300_000];
        new Random(1).NextBytes(bytes.AsSpan(0, 100_000));

        byte[] packed = Compressed.Gzip(bytes);
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress)) gzip.CopyTo(unpacked);

        Assert.Equal(bytes, unpacked.ToArray());
        Assert.Equal(packed, Compressed.Gzip(bytes));
        Assert.Equal("1f8b080000000000", Convert.ToHexStringLower(packed.AsSpan(0, 8)));
        Assert.Equal(Compressed.Bzip2(bytes), Compressed.Bzip2(bytes));
    }
}
