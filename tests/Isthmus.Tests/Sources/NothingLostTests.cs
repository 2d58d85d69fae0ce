using System.Buffers.Binary;
using System.Text;

using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Tests.Support;
using Isthmus.Tests.Wire;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

using PathAttributes = Isthmus.Scenarios.PathAttributes;

namespace Isthmus.Tests.Sources;

/// <summary>What is not decoded is counted or told, and what is damaged invents nothing.</summary>
public sealed class NothingLostTests
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51Z");
    private static readonly MrtSession _peer = new("192.0.2.2", 2914);
    private static readonly PathAttributes _route = PathAttributes.Route("2914 4837 131279", "192.0.2.1");

    private static byte[] One => new MrtWriter().Update(_time, _peer, _route, announce: ["175.45.176.0/24"]).ToArray();

    [Fact]
    public void Messages_and_families_that_are_not_decoded_are_counted_by_what_they_are()
    {
        byte[] vpn = new PathAttributes().Origin().AsPath("2914").Raw(0x80, 14, 0, 1, 128, 0, 0, 24, 1, 2, 3).ToArray();
        byte[] file = new MrtWriter().Message(_time, _peer, MessageWriter.KeepAlive())
            .Message(_time, _peer, MessageWriter.RawUpdate([], vpn, []))
            .Record(_time, 11, 0, [1, 2, 3]).ToArray();
        var met = new List<PassedOver>();
        var events = new RouteEventReader();
        var reader = new MrtReader(file);
        while (reader.TryRead(out var record) is Framing.Whole)
        {
            foreach (ref readonly var _ in events.Read(record)) { }
            met.Add(events.PassedOver);
        }
        Assert.Equal(
        [
            new(MrtType.Bgp4Mp, 4, BgpMessageType.Keepalive), new(MrtType.Bgp4Mp, 4, BgpMessageType.Update, 1, 128), new(MrtType.Ospf2, 0),
        ], met);
    }

    [Theory]
    [InlineData(14, 0, 1)]
    [InlineData(14, 0, 0)]
    [InlineData(14, 1, 0)]
    [InlineData(14, 2, 255)]
    [InlineData(14, 513, 1)]
    [InlineData(15, 0, 1)]
    [InlineData(15, 2, 17)]
    public void An_UPDATE_of_a_family_that_no_standard_defines_is_a_fault_and_the_rest_of_it_is_read(byte code, ushort afi, byte safi)
    {
        byte[] family = [(byte)(afi >> 8), (byte)(afi & 0xff), safi];
        byte[] value = code == 14 ? [.. family, 4, 192, 0, 2, 1, 0, 8, 11] : [.. family, 8, 11];
        byte[] attributes = [.. _route.ToArray(), .. new PathAttributes().Raw(0x80, code, value).ToArray()];
        var read = Decoded.Of(new MrtWriter().Message(_time, _peer, MessageWriter.RawUpdate([], attributes, [8, 10])).ToArray());
        Assert.Equal(["A 192.0.2.2 AS2914 10.0.0.0/8 2914 4837 131279 via 192.0.2.1"], read.Lines);
        var fault = Assert.Single(read.Faults).Fault;
        Assert.Equal((FaultKind.Undefined, (uint)afi << 8 | safi, Treatment.DiscardAttribute, code, "RFC 4760 section 7"),
            (fault.Kind, fault.Available, fault.Treatment, fault.Attribute, fault.Rule));
        // Which of the peer's routes the wrong bits hide nobody knows.
        Assert.Equal(0, read.Reader.LostPeer);
        Assert.True(read.Reader.PassedOver.IsNone);
    }

    [Fact]
    public void A_mark_of_an_end_of_RIB_hides_no_route_whatever_its_family()
    {
        byte[] mark = new PathAttributes().Raw(0x80, 15, 2, 1, 1).ToArray();
        var read = Decoded.Of(new MrtWriter().Message(_time, _peer, MessageWriter.RawUpdate([], mark, [])).ToArray());
        Assert.Empty(read.Faults);
    }

    [Theory]
    [InlineData(4, 77)] // type of the record
    [InlineData(6, 63)] // subtype
    [InlineData(50, 9)] // type of the message
    public void A_type_that_no_standard_defines_is_a_fault(int at, byte value)
    {
        byte[] file = One;
        if (at == 50) file[12 + 20 + 18] = value;
        else BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at), value);
        var events = new RouteEventReader();
        foreach (ref readonly var _ in events.Read(new MrtReader(file).Take(file.Length))) Assert.Fail("an event");
        Assert.Equal((FaultKind.Undefined, (uint)value, Treatment.SkipRecord),
            (events.Fault.Kind, events.Fault.Available, events.Fault.Treatment));
        Assert.NotEqual(RouteEventReader.NoPeer, events.LostPeer);
    }

    [Theory]
    [InlineData("2914 0 131279", "!W 192.0.2.2 AS2914 10.0.0.0/8")]
    [InlineData("2914 4837 0", "!W 192.0.2.2 AS2914 10.0.0.0/8")]
    public void AS_0_in_a_path_makes_the_route_withdrawn(string path, string line)
    {
        var read = Decoded.Of(new MrtWriter().Update(_time, _peer, PathAttributes.Route(path, "192.0.2.1"), ["10.0.0.0/8"]).ToArray());
        Assert.Equal([line], read.Lines);
        Assert.Equal((FaultKind.AsZero, "RFC 7607 section 2"), (read.Faults[0].Fault.Kind, read.Faults[0].Fault.Rule));
    }

    [Fact]
    public void AS_0_as_aggregator_discards_the_attribute_and_keeps_the_route()
    {
        var attributes = PathAttributes.Route("2914 4837", "192.0.2.1").Aggregator(0, "192.0.2.7");
        var read = Decoded.Of(new MrtWriter().Update(_time, _peer, attributes, ["10.0.0.0/8"]).ToArray());
        Assert.Equal(["A 192.0.2.2 AS2914 10.0.0.0/8 2914 4837 via 192.0.2.1"], read.Lines);
        Assert.Equal((FaultKind.AsZero, Treatment.DiscardAttribute), (read.Faults[0].Fault.Kind, read.Faults[0].Fault.Treatment));
    }

    [Fact]
    public void Large_path_identifiers_that_nothing_announces_invent_no_prefixes()
    {
        byte[] several = MessageWriter.Update(_route, ["10.0.0.0/8#167772161", "10.1.0.0/16#167772161"]);
        var read = Decoded.Of(new MrtWriter().Message(_time, _peer, several).ToArray());
        Assert.Equal(["10.0.0.0/8", "10.1.0.0/16"], read.Events.Select(one => one.Prefix.ToString()));
        Assert.Equal(FaultKind.UnsaidPathIds, Assert.Single(read.Faults).Fault.Kind);
        byte[] damaged = MessageWriter.RawUpdate([], _route.ToArray(), [24, 175, 45, 176, 77, 175, 45, 177]);
        var none = Decoded.Of(new MrtWriter().Message(_time, _peer, damaged).ToArray());
        Assert.Empty(none.Events);
        Assert.Equal((FaultKind.BadPrefix, Treatment.SkipRecord), (none.Faults[0].Fault.Kind, none.Faults[0].Fault.Treatment));
        Assert.Equal(0, none.Reader.LostPeer);
    }

    [Fact]
    public void An_entry_of_a_peer_beyond_the_table_is_skipped_alone()
    {
        byte[] file = new MrtWriter().PeerIndexTable(_time, "192.0.2.254", "", [new("192.0.2.2", 2914)])
            .Rib(_time, Prefix.Parse("10.0.0.0/8"), [new(9, _route, _time), new(0, _route, _time)]).ToArray();
        var read = Decoded.Of(file);
        Assert.Single(read.Events);
        var fault = Assert.Single(read.Faults).Fault;
        Assert.Equal((FaultKind.BadPeerIndex, 1u, 9u, Treatment.SkipEntry), (fault.Kind, fault.Needed, fault.Available, fault.Treatment));
    }

    [Fact]
    public void A_peer_index_table_that_overruns_invents_no_peers()
    {
        byte[] index = new MrtWriter().PeerIndexTable(_time, "192.0.2.254", "", [new("192.0.2.2", 2914), new("192.0.2.3", 4837)]).ToArray();
        index[12 + 8] ^= 1; // the first peer's address is said to be of IPv6
        var read = Decoded.Of([.. index, .. new MrtWriter().Rib(_time, Prefix.Parse("10.0.0.0/8"), [new(0, _route, _time)]).ToArray()]);
        Assert.Empty(read.Events);
        Assert.Equal([FaultKind.Truncated, FaultKind.NoPeerIndex], read.Faults.Select(one => one.Fault.Kind));
    }

    [Fact]
    public void An_entry_of_local_routes_without_an_address_keeps_the_peers_behind_it()
    {
        byte[] index = new MrtWriter().PeerIndexTable(_time, "192.0.2.254", "", [new("192.0.2.2", 2914)]).ToArray()[12..];
        index[7] = 2;
        byte[] body = [.. index[..8], 2, 0, 0, 0, 0, 0, 0, 0, 0, .. index[8..]];
        var read = Decoded.Of(new MrtWriter().Record(_time, 13, 1, body)
            .Rib(_time, Prefix.Parse("10.0.0.0/8"), [new(1, _route, _time)]).ToArray());
        Assert.Equal("R 192.0.2.2 AS2914 10.0.0.0/8 2914 4837 131279 via 192.0.2.1", Assert.Single(read.Lines));
        Assert.Equal(FaultKind.BadLength, Assert.Single(read.Faults).Fault.Kind);
    }

    [Fact]
    public void Records_with_microseconds_that_their_length_leaves_out_are_read_and_told()
    {
        byte[] one = One;
        byte[] extended = [.. one[..12], 0, 3, 208, 144, .. one[12..]];
        extended[5] = 17;
        var read = Decoded.Of([.. extended, .. extended, .. extended]);
        Assert.Equal(3, read.Events.Count);
        Assert.All(read.Faults, fault => Assert.Equal(FaultKind.BadLength, fault.Fault.Kind));
        Assert.Equal(3, read.Faults.Count);
    }

    [Fact]
    public void A_torn_header_hides_no_whole_record_behind_it()
    {
        byte[] one = One;
        var (read, faults) = Read([.. one, .. one[..10], .. one, .. one, .. one]);
        Assert.Equal(4, read.Events.Count);
        Assert.Equal(new(one.Length, one.Length + 10), Assert.Single(faults.Kept).Lost);
    }

    [Theory]
    [InlineData(0xfe)]
    [InlineData(0)]
    public void A_marker_that_is_not_all_ones_is_told_and_the_message_is_read(byte other)
    {
        byte[] marked = One;
        // MRT header, two ASes of four bytes, interface, family, two addresses of IPv4.
        const int Marker = 12 + 8 + 4 + 8;
        marked[Marker + 3] = other;
        var read = Decoded.Of([.. One, .. marked, .. One]);
        Assert.Equal(3, read.Lines.Count());
        Assert.Equal((FaultKind.BadMarker, Treatment.None), (Assert.Single(read.Faults).Fault.Kind, read.Faults[0].Fault.Treatment));
    }

    [Theory]
    [InlineData(6, 99, true)]
    [InlineData(200, 6, true)]
    [InlineData(6, 1, false)]
    [InlineData(7, 8, false)] // Clearing and Deleted of Zebra
    public void A_state_that_has_no_name_is_told(int before, int after, bool isTold)
    {
        byte[] change = new MrtWriter().StateChange(_time, _peer,
            (SessionState)before, (SessionState)after).ToArray();
        using var folder = new TemporaryFolder();
        var run = Cli.Run("read", folder.Write("updates.mrt", [.. One, .. change, .. One]), "--count");
        Assert.Equal((isTold ? 3 : 0, "3"), (run.ExitCode, run.Out.Trim()));
        Assert.Equal(isTold, run.Err.Contains($"a session's state {Math.Max(before, after)}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_whose_first_record_is_damaged_is_read()
    {
        byte[] one = One, first = One;
        first[6] = 4;
        using var folder = new TemporaryFolder();
        var run = Cli.Run("read", folder.Write("updates.mrt", [.. first, .. one, .. one, .. one]), "--count");
        Assert.Equal((3, "3"), (run.ExitCode, run.Out.Trim()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // fewer zeros than a member has bytes
    public void Bytes_behind_a_gzip_member_that_are_none_are_told(bool isPadding)
    {
        byte[] first = Packed.Gzip(One), behind = new byte[9];
        if (!isPadding) behind[5] = 1;
        foreach (bool quickly in new[] { true, false })
        {
            var (plain, faults) = Inflated([.. first, .. behind], quickly);
            Assert.Equal(One, plain);
            if (isPadding) Assert.Empty(faults);
            else Assert.Equal(new("the bytes behind a gzip member are no gzip", first.Length, One.Length), Assert.Single(faults));
        }
    }

    [Theory]
    [InlineData("gzip", 19, 20)]
    [InlineData("bzip2", 13, 14)]
    [InlineData("xz", 28, 32)]
    public void Zeros_behind_the_last_member_or_stream_are_told_where_one_may_have_stood(string format, int few, int enough)
    {
        byte[] packed = format switch { "gzip" => Packed.Gzip(One), "bzip2" => Packed.Bzip2(One), _ => Packed.Xz(One, "-6") };
        Assert.Null(Packed.Unpack([.. packed, .. new byte[few]]).Fault);
        var (plain, fault, _) = Packed.Unpack([.. packed, .. new byte[enough]]);
        Assert.Equal(One, plain);
        Assert.Equal((packed.Length, One.Length, true), (fault!.CompressedOffset, fault.DecompressedOffset, fault.LosesBytes));
        Assert.StartsWith($"{enough} zero bytes behind a ", fault.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("08 0a 00", true)]
    [InlineData("08 0a 00 00", false)]
    [InlineData("08 0a 00 08 0b 00", false)]
    [InlineData("08 0a 000000000000000000000000000000000000", false)]
    public void Zeroed_bytes_among_prefixes_are_no_default_routes(string prefixes, bool isSound)
    {
        byte[] withdrawn = Convert.FromHexString(prefixes.Replace(" ", "", StringComparison.Ordinal));
        var read = Decoded.Of([.. One, .. new MrtWriter().Message(_time, _peer, MessageWriter.RawUpdate(withdrawn, [], [])).ToArray()]);
        Assert.Equal(isSound ? 3 : 1, read.Lines.Count());
        Assert.Equal(isSound ? [] : [(FaultKind.Duplicate, Treatment.SkipRecord)],
            read.Faults.Select(one => (one.Fault.Kind, one.Fault.Treatment)));
    }

    // Version, AS, hold time, identifier; then optional parameters as RFC 4271 section 4.2 and RFC 9072 section 2 have them.
    [Theory]
    [InlineData("00", true)]
    [InlineData("08 02 06 41 04 0000fde8", true)]
    [InlineData("0c 02 06 41 04 0000fde8 02 02 46 00", true)]
    [InlineData("ff ff 0009 02 0006 41 04 0000fde8", true)]
    [InlineData("08 02 06 41 04 0000fd", false)] // shorter than it says
    [InlineData("08 02 06 41 04 0000fde8 02", false)] // longer than it says
    [InlineData("08 02 07 41 04 0000fde8", false)] // a parameter that reaches behind them all
    [InlineData("08 02 06 41 05 0000fde8", false)] // a capability that reaches behind its parameter
    [InlineData("ff ff 0009 02 0007 41 04 0000fde8", false)]
    public void An_OPEN_whose_optional_parameters_do_not_fill_it_is_told(string parameters, bool isSound)
    {
        byte[] body = Convert.FromHexString("045b6000b4c0000202" + parameters.Replace(" ", "", StringComparison.Ordinal));
        byte[] open = new MrtWriter().Message(_time, _peer, MessageWriter.Message(1, body)).ToArray();
        var read = Decoded.Of([.. One, .. open, .. One]);
        Assert.Equal(2, read.Lines.Count());
        Assert.Equal(isSound ? 0 : 1, read.Faults.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_gzip_member_whose_first_bytes_are_damaged_comes_out_with_those_behind_it_and_is_told(int place)
    {
        foreach (bool quickly in new[] { true, false })
            for (int at = 0; at < 3; at++)
            {
                byte[][] members = [Packed.Gzip(One), Packed.Gzip(One), Packed.Gzip(One)];
                members[place][at] ^= 0x40;
                var (plain, faults) = Inflated([.. members.SelectMany(member => member)], quickly);
                Assert.Equal([.. One, .. One, .. One], plain);
                var fault = Assert.Single(faults);
                Assert.Equal((members[0].Length * place, One.Length * place, false),
                    (fault.CompressedOffset, fault.DecompressedOffset, fault.LosesBytes));
            }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_a_gzip_member_whose_head_and_codes_are_damaged_those_behind_it_come_out(int place)
    {
        foreach (bool quickly in new[] { true, false })
        {
            byte[][] members = [Packed.Gzip(One), Packed.Gzip(One), Packed.Gzip(One)];
            members[place][1] ^= 0x40;
            members[place][^8] ^= 0x40;
            var (plain, faults) = Inflated([.. members.SelectMany(member => member)], quickly);
            Assert.Equal([.. One, .. One], plain);
            Assert.Equal((members[0].Length * place, true), (Assert.Single(faults).CompressedOffset, faults[0].LosesBytes));
        }
    }

    [Fact]
    public void A_file_whose_first_gzip_member_has_a_damaged_head_is_read()
    {
        byte[] stored = [.. Packed.Gzip(One), .. Packed.Gzip(One)];
        stored[0] ^= 1;
        using var folder = new TemporaryFolder();
        string path = folder.Write("updates.20171001.0905.gz", stored);
        foreach (var run in new[] { Cli.Run("read", path, "--count"), Cli.Bash($"cat {path} | isthmus read - --count") })
        {
            Assert.Equal((3, "2"), (run.ExitCode, run.Out.Trim()));
            Assert.Contains("the first bytes of a gzip member are damaged; the member is read all the same (stored byte 0)", run.Err,
                StringComparison.Ordinal);
        }
    }

    private static (byte[] Plain, IReadOnlyList<StreamFault> Faults) Inflated(byte[] stored, bool quickly)
    {
        using var decoder = new GzipDecoder(new StoredBytes(new MemoryStream(stored), hashed: false), quickly);
        byte[] plain = new byte[4096];
        int length = 0;
        while (decoder.Read(plain.AsSpan(length)) is var read and > 0) length += read;
        return (plain[..length], decoder.Faults);
    }

    [Fact]
    public void No_record_reaches_across_a_block_that_is_missing()
    {
        byte[] one = One;
        byte[] plain = [.. Enumerable.Range(0, 9_000).SelectMany(number =>
        {
            byte[] record = [.. one];
            BinaryPrimitives.WriteUInt32BigEndian(record, (uint)(1_506_848_871 + number));
            return record;
        })];
        byte[] stored = Packed.Bzip2(plain);
        stored[stored.Length / 2] ^= 0x10;
        var faults = new FaultLedger();
        using var records = new RecordReader(Decompression.Open(new MemoryStream(stored)), faults);
        while (records.TryRead(out var record)) Assert.True(record.Bytes[4..].SequenceEqual(one.AsSpan(4)));
        Assert.InRange(records.Records, 9_000 - 100_000 * 2 / one.Length, 8_999);
        Assert.True(faults.LosesFraming);
        Assert.True(records.Losses > 0);
    }

    [Fact]
    public void Lines_of_type_BGP_are_read_as_bgpdump_prints_them()
    {
        const string Text = """
            BGP|936348099|A|193.0.0.56|3333|24.28.160.0/19|3333 286 3561 12270|IGP|193.0.0.56|0|0|NAG||
            BGP|936348099|A|193.0.0.56|3333|62.0.0.0/16|3333 1103|IGP|193.0.0.56|0|0|AG|1680 199.203.0.141|

            """;
        using var folder = new TemporaryFolder();
        var run = Cli.Run("read", folder.Write("a.txt", Encoding.ASCII.GetBytes(Text)), "--count");
        Assert.Equal((0, "2"), (run.ExitCode, run.Out.Trim()));
    }

    private static (Decoded Read, FaultLedger Faults) Read(byte[] file)
    {
        var faults = new FaultLedger();
        using var records = new RecordReader(new MemoryStream(file), faults);
        var read = new Decoded();
        while (records.TryRead(out var record)) read.Read(record);
        return (read, faults);
    }
}
