using System.Buffers.Binary;

using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Tests.Support;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

using IndexedPeer = Isthmus.Scenarios.MrtPeer;

namespace Isthmus.Tests.Wire;

/// <summary>What real archives hold that no standard knows: one test for each oddity of docs/standards.md.</summary>
public sealed class OddityTests
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51Z");
    private static readonly MrtSession _wide = new("192.0.2.2", 2914), _narrow = new("192.0.2.2", 2914) { WideAsns = false };
    private static readonly PathAttributes _route = PathAttributes.Route("2914 4837 131279", "192.0.2.1");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_path_of_the_other_width_than_the_record_says_is_read_and_counted(bool saidWide)
    {
        byte[] message = MessageWriter.Update(new PathAttributes().Origin().AsPath("2914 4837 9929").NextHop("192.0.2.1")
            .Aggregator(4837, "192.0.2.7"), ["10.0.0.0/8"], wideAsns: !saidWide);
        var read = Decoded.Of(new MrtWriter().Message(_time, saidWide ? _wide : _narrow, message).ToArray());
        Assert.Equal(["A 192.0.2.2 AS2914 10.0.0.0/8 2914 4837 9929 via 192.0.2.1"], read.Lines);
        Assert.Equal(1, read.Reader.Tally.OtherWidth);
        Assert.Empty(read.Faults);
    }

    // RFC 8050 section 4.2 has the identifier with the prefix; GoBGP and OpenBGPD write it into each entry.
    [Fact]
    public void A_generic_RIB_with_the_path_identifiers_in_its_entries_gives_all_of_them()
    {
        var read = Decoded.Of(new MrtWriter().PeerIndexTable(_time, "192.0.2.254", "", [new("192.0.2.2", 2914)])
            .RibGeneric(_time, new(Prefix.Parse("10.0.0.0/8"), null), [new(0, _route, _time, 7), new(0, _route, _time, 9)]).ToArray());
        Assert.Equal(2, read.Lines.Count());
        Assert.Empty(read.Faults);
    }

    // RFC 7606 section 5.2: where there are attributes and no route, the routes cannot have been found.
    [Theory]
    [InlineData(14)]
    [InlineData(15)]
    public void Attributes_without_a_route_are_told_as_one_changed_byte_of_an_attributes_type_makes_them(byte code)
    {
        var route = code == 14 ? new PathAttributes().Origin().AsPath("2914").MpReach("2001:db8::2", "2001:db8:1::/48")
            : new PathAttributes().MpUnreach("2001:db8:1::/48");
        byte[] file = new MrtWriter().Update(_time, _wide, route).ToArray();
        Assert.Empty(Decoded.Of(file).Faults);
        Assert.Single(Decoded.Of(file).Lines);
        int at = file.AsSpan().LastIndexOf([(byte)0x80, code]);
        file[at + 1] = 105;
        var read = Decoded.Of(file);
        Assert.Empty(read.Lines);
        var fault = Assert.Single(read.Faults).Fault;
        Assert.Equal((FaultKind.Missing, "RFC 7606 section 5.2", Treatment.SkipRecord), (fault.Kind, fault.Rule, fault.Treatment));
        Assert.Equal(0, read.Reader.LostPeer);
    }

    [Fact]
    public void A_record_that_is_framed_against_its_damaged_length_is_read_without_an_overflow()
    {
        byte[] record = new MrtWriter().Update(_time, _wide with { Microseconds = true }, _route, ["10.0.0.0/8"]).ToArray();
        record.AsSpan(8, 4).Fill(0xff);
        var events = new RouteEventReader();
        int count = 0;
        foreach (ref readonly var _ in events.Read(new MrtReader(record).Take(record.Length))) count++;
        Assert.Equal(1, count);
    }

    [Theory]
    [InlineData(0xFFFFFFF3)]
    [InlineData(0xFFFFFFF4)]
    [InlineData(uint.MaxValue)]
    public void A_damaged_length_asks_for_no_more_bytes_than_can_be_counted(uint length)
    {
        byte[] header = new byte[MrtRecord.HeaderBytes];
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), length);
        var reader = new MrtReader(header);
        Assert.Equal(Framing.Torn, reader.TryRead(out _));
        Assert.Equal(uint.MaxValue, reader.Needed);
    }

    [Fact]
    public void TABLE_DUMP_records_of_January_2000_hold_many_routes_and_say_a_length_four_bytes_short()
    {
        IndexedPeer one = new("192.0.2.2", 2914), two = new("192.0.2.3", 4837);
        (IndexedPeer, Prefix, PathAttributes)[] routes =
        [
            (one, Prefix.Parse("10.0.0.0/8"), _route), (two, Prefix.Parse("10.0.0.0/8"), _route), (one, Prefix.Parse("10.1.0.0/16"), _route),
        ];
        var read = Decoded.Of(new MrtWriter().TableDumpBatch(_time, routes, _time).TableDumpBatch(_time, routes[..1], _time)
            .TableDumpBatch(_time, routes[1..], _time).ToArray());
        Assert.Equal(6, read.Events.Count);
        Assert.Equal("R 192.0.2.3 AS4837 10.0.0.0/8 2914 4837 131279 via 192.0.2.1", read.Events[4].Line);
        Assert.Empty(read.Faults);
        Assert.Equal(Framing.End, read.End);
    }

    [Fact]
    public void Records_of_old_Zebra_without_addresses_are_read()
    {
        var session = _narrow with { WithoutAddresses = true };
        var read = Decoded.Of(new MrtWriter().StateChange(_time, session, SessionState.Active, SessionState.OpenSent)
            .Message(_time, session, MessageWriter.Open(2914, "192.0.2.2"))
            .Update(_time, session, withdraw: ["10.0.0.0/8"]).ToArray());
        Assert.Equal(["S 0.0.0.0 AS2914 3->4", "W 0.0.0.0 AS2914 10.0.0.0/8"], read.Lines);
        Assert.Empty(read.Faults);
    }

    [Fact]
    public void The_short_records_of_rrc01_in_November_2000_are_all_read()
    {
        var (read, faults) = Read("damaged/ris.rrc01.updates.20001104.0124.gz");
        Assert.Equal(1_286, read.Reader.Tally.Records);
        Assert.Equal(42, read.Events.Count(one => one.Kind is RouteEventKind.PeerState && one.Peer.Address == IpAddress.V4(0)));
        Assert.Equal(0, faults.Count);
    }

    [Fact]
    public void Reading_goes_on_after_a_torn_write()
    {
        byte[] one = new MrtWriter().Update(_time, _wide, withdraw: ["10.0.0.0/8"]).ToArray();
        byte[] file = [.. one, .. one[..10], .. Enumerable.Repeat((byte)0xEE, 14), .. one, .. one, .. one, .. one];
        var faults = new FaultLedger();
        using var records = new RecordReader(new MemoryStream(file), faults);
        var events = new RouteEventReader();
        int count = 0;
        while (records.TryRead(out var record))
            foreach (ref readonly var _ in events.Read(record)) count++;
        Assert.Equal(5, count);
        Assert.Equal(24, records.BytesLost);
        Assert.Equal((2, one.Length), (Assert.Single(faults.Kept).Record, (int)faults.Kept[0].Offset));
    }

    [Fact]
    public void Clearing_and_Deleted_are_states_of_Quagga()
    {
        var read = Decoded.Of(new MrtWriter().StateChange(_time, _narrow, SessionState.Established, SessionState.Clearing)
            .StateChange(_time, _narrow, SessionState.Clearing, SessionState.Deleted).ToArray());
        Assert.Equal(["S 192.0.2.2 AS2914 6->7", "S 192.0.2.2 AS2914 7->8"], read.Lines);

        var (real, faults) = Read("damaged/ris.rrc15.updates.20100227.1600.gz");
        Assert.Contains(real.Events, one => one.States is (4, 8));
        Assert.Equal(0, faults.Count);
    }

    [Fact]
    public void A_record_over_64_KiB_and_a_message_over_4096_bytes_are_whole()
    {
        var entries = Enumerable.Range(0, 3_000).Select(_ => new MrtRibEntry(0, _route, _time)).ToArray();
        Nlri[] many = [.. Enumerable.Range(0, 15_000).Select(number => (Nlri)new Prefix(IpAddress.V4((uint)number << 8), 24))];
        byte[] file = new MrtWriter().PeerIndexTable(_time, "192.0.2.254", "", [new("192.0.2.2", 2914)])
            .Rib(_time, Prefix.Parse("10.0.0.0/8"), entries).Update(_time, _wide, _route, many).ToArray();
        var read = Decoded.Of(file);
        Assert.Equal(18_000, read.Events.Count);
        Assert.Empty(read.Faults);
    }

    [Fact]
    public void Messages_other_than_updates_are_no_events_and_no_faults()
    {
        var file = new MrtWriter()
            .Message(_time, _wide, MessageWriter.Open(2914, "192.0.2.2")).Message(_time, _wide, MessageWriter.KeepAlive())
            .Message(_time, _wide, MessageWriter.Notification(6, 4)).Message(_time, _wide, MessageWriter.Message(5, [0, 1, 0, 1]));
        var read = Decoded.Of(file.ToArray());
        Assert.Empty(read.Events);
        Assert.Empty(read.Faults);
        Assert.Equal(4, read.Reader.Tally.WithoutRoutes);
    }

    [Theory]
    [InlineData("", "0.0.0.0/0")] // a route that the peer itself originates to its own kind
    [InlineData("4837 131279", "10.0.0.0/8")] // a route server leaves itself out of the path
    [InlineData("{2914,4837}", "0.0.0.0/0")]
    [InlineData("(65001 65002) 2914 [65003,65004]", "10.0.0.0/8")]
    public void Odd_paths_and_the_default_route_are_what_they_are(string path, string prefix)
    {
        var attributes = new PathAttributes().Origin().AsPath(path).NextHop("192.0.2.1");
        var read = Decoded.Of(new MrtWriter().Update(_time, _wide, attributes, [prefix]).ToArray());
        Assert.Equal([$"A 192.0.2.2 AS2914 {prefix} {path} via 192.0.2.1"], read.Lines);
        Assert.Empty(read.Faults);
    }

    [Fact]
    public void Bits_beyond_the_length_of_a_prefix_are_masked()
    {
        byte[] update = MessageWriter.RawUpdate([], _route.ToArray(), [13, 11, 13]);
        var read = Decoded.Of(new MrtWriter().Message(_time, _wide, update).ToArray());
        Assert.Equal("11.8.0.0/13", Assert.Single(read.Events).Prefix.ToString());
    }

    [Fact]
    public void Path_identifiers_under_a_subtype_that_does_not_say_so_are_read_and_told()
    {
        byte[] message = MessageWriter.Update(_route, ["10.0.0.0/8#12", "10.1.0.0/16#13"]);
        var read = Decoded.Of(new MrtWriter().Message(_time, _wide, message).ToArray());
        Assert.Equal(["10.0.0.0/8", "10.1.0.0/16"], read.Events.Select(one => one.Prefix.ToString()));
        Assert.Equal([12u, 13u], read.Events.Select(one => one.PathId));
        var (record, offset, fault) = Assert.Single(read.Faults);
        Assert.Equal((1L, FaultKind.UnsaidPathIds, Treatment.None), (record, fault.Kind, fault.Treatment));
        Assert.Equal(1, read.Reader.Tally.UnsaidAddPath);
        Assert.Equal(12 + 20 + message.Length - 13, offset);
    }

    [Fact]
    public void The_corrupt_NLRI_is_one_route_and_a_fault_at_its_place()
    {
        var (read, faults) = Read("damaged/corrupt-nlri.mrt");
        Assert.Equal("104.113.130.0/23", Assert.Single(read.Events).Prefix.ToString());
        Assert.Equal(
            "corrupt-nlri.mrt: record 1, byte 110: prefixes that can only be read with path identifiers, of which the record's "
            + "subtype says nothing", Assert.Single(faults.Kept).ToLine("corrupt-nlri.mrt"));
    }

    [Fact]
    public void Attributes_without_a_rule_are_kept_raw()
    {
        var attributes = PathAttributes.Route("2914 4837", "192.0.2.1").Raw(0xE0, 99, 1, 2, 3).AccumulatedIgp(7_000_000_000);
        var read = Decoded.Of(new MrtWriter().Update(_time, _wide, attributes, ["10.0.0.0/8"]).ToArray());
        var view = new Isthmus.Wire.Bgp.PathAttributes(Assert.Single(read.Events).Attributes, wide: true);
        Assert.Equal(7_000_000_000ul, view.AccumulatedIgp);
        Assert.True(view.TryFind((Isthmus.Wire.AttributeCode)99, out var raw));
        Assert.Equal([1, 2, 3], raw.ToArray());
    }

    private static (Decoded Read, FaultLedger Faults) Read(string name)
    {
        var faults = new FaultLedger();
        using var records = new RecordReader(Decompression.Open(File.OpenRead(RealData.Path(name))), faults);
        var read = new Decoded();
        while (records.TryRead(out var record))
        {
            read.Read(record);
            if (read.Reader.Fault.Kind is not FaultKind.None and not FaultKind.Unknown) faults.Add(record, read.Reader.Fault);
        }
        return (read, faults);
    }
}
