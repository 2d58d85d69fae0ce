using System.Buffers.Binary;

using Isthmus.Scenarios;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

using IndexedPeer = Isthmus.Scenarios.MrtPeer;

namespace Isthmus.Tests.Wire;

/// <summary>What an entry of a dump needs to be a route (RFC 6396 section 4.3.4, RFC 4271 section 5), and how it is found.</summary>
public sealed class RibEntryTests
{
    private const string Sound = "R 192.0.2.2 AS2914 10.0.0.0/8 2914 4837 131279 via 192.0.2.1";

    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51Z");
    private static readonly Prefix _prefix = Prefix.Parse("10.0.0.0/8"), _v6 = Prefix.Parse("2001:db8:1::/48");
    private static readonly PathAttributes _route = PathAttributes.Route("2914 4837 131279", "192.0.2.1");

    private static MrtWriter Table => new MrtWriter().PeerIndexTable(
        _time, "192.0.2.254", "", [new("192.0.2.2", 2914), new("192.0.2.3", 4837), new("0.0.0.0", 0), new("::", 0)]);

    // RFC 4271 section 5.1: ORIGIN and AS_PATH are mandatory. A path may be empty (RFC 4271 section 5.1.2); it has its attribute then.
    public static TheoryData<string, byte[], byte> Lacking() => new()
    {
        { "nothing at all", [], 1 },
        { "ORIGIN", new PathAttributes().AsPath("2914").NextHop("192.0.2.1").ToArray(), 1 },
        { "AS_PATH", new PathAttributes().Origin().NextHop("192.0.2.1").ToArray(), 2 },
    };

    [Theory]
    [MemberData(nameof(Lacking))]
    public void An_entry_of_TABLE_DUMP_V2_without_a_mandatory_attribute_is_told_and_no_route(string what, byte[] attributes, byte code)
    {
        byte[] entries = new ByteWriter().U16(1).U32(0).U16(attributes.Length).Bytes(attributes)
            .U16(0).U32(0).U16(_route.ToArray().Length).Bytes(_route.ToArray()).ToArray();
        foreach (bool generic in (bool[])[false, true])
        {
            var body = new ByteWriter().U32(0);
            if (generic) body.U16(1).U8(1);
            byte[] record = body.U8(8).U8(10).U16(2).Bytes(entries).ToArray();
            var file = Table;
            int start = file.Length + MrtRecord.HeaderBytes + record.Length - entries.Length;
            var read = Decoded.Of(file.Record(_time, 13, generic ? 6 : 2, record).ToArray());
            Assert.Equal([Sound], read.Lines);
            AssertMissing(read, code, start + 8);
            Assert.True(read.Reader.LosesRoutes, what);
            Assert.Equal(_prefix, read.Reader.LostPrefix);
        }
    }

    [Theory]
    [MemberData(nameof(Lacking))]
    public void A_record_of_TABLE_DUMP_without_a_mandatory_attribute_is_told_and_no_route(string what, byte[] attributes, byte code)
    {
        var head = new ByteWriter().U32(0).U8(10).U8(0).U8(0).U8(0).U8(8).U8(1).U32(0).U8(192).U8(0).U8(2).U8(2).U16(2914);
        byte[] record = head.U16(attributes.Length).Bytes(attributes).ToArray();
        var read = Decoded.Of(new MrtWriter().Record(_time, 12, 1, record).ToArray());
        Assert.Empty(read.Lines);
        AssertMissing(read, code, MrtRecord.HeaderBytes + record.Length - attributes.Length);
        Assert.True(read.Reader.LosesRoutes, what);
        Assert.Equal(_prefix, read.Reader.LostPrefix);
    }

    [Theory]
    [MemberData(nameof(Lacking))]
    public void A_BGP4MP_ENTRY_without_a_mandatory_attribute_is_told_and_no_route(string what, byte[] attributes, byte code)
    {
        byte[] entry = new ByteWriter().U16(2914).U16(65000).U16(0).U16(1).U8(192).U8(0).U8(2).U8(2).U32(0)
            .U32(0).U32(0).U16(1).U8(1).U8(4).U8(192).U8(0).U8(2).U8(1).U8(8).U8(10)
            .U16(attributes.Length).Bytes(attributes).ToArray();
        var read = Decoded.Of(new MrtWriter().Record(_time, 16, 2, entry).ToArray());
        Assert.Empty(read.Lines);
        AssertMissing(read, code, MrtRecord.HeaderBytes + entry.Length - attributes.Length);
        Assert.True(read.Reader.LosesRoutes, what);
    }

    [Fact]
    public void Two_prefixes_of_a_record_whose_routes_are_lost_may_be_any()
    {
        IndexedPeer peer = new("192.0.2.2", 2914);
        PathAttributes none = new();
        var read = Decoded.Of(new MrtWriter().TableDumpBatch(
            _time, [(peer, _prefix, none), (peer, _prefix, _route), (peer, Prefix.Parse("11.0.0.0/8"), none)], _time).ToArray());
        Assert.Single(read.Lines);
        Assert.True(read.Reader.LosesRoutes);
        Assert.Null(read.Reader.LostPrefix);
    }

    // RFC 4271 section 5.1.2: the path of a route of the peer's own AS is empty. BIRD leaves the next hop out of IPv6 entries.
    [Fact]
    public void A_route_with_an_empty_path_or_without_a_next_hop_is_one()
    {
        var own = new PathAttributes().Origin().AsPath("").NextHop("192.0.2.1");
        var hopless = new PathAttributes().Origin().AsPath("2914");
        var read = Decoded.Of(Table.Rib(_time, _prefix, [new(0, own, _time)]).Rib(_time, _v6, [new(0, hopless, _time)]).ToArray());
        Assert.Equal(2, read.Events.Count);
        Assert.Empty(read.Faults);
    }

    // The collector's own routes came in no message.
    [Fact]
    public void A_route_of_the_collector_itself_needs_no_attributes()
    {
        var read = Decoded.Of(Table.Rib(_time, _prefix, [new(2, new(), _time)]).Rib(_time, _v6, [new(3, new(), _time)]).ToArray());
        Assert.Equal(2, read.Events.Count);
        Assert.Empty(read.Faults);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_537)]
    [InlineData(0x4001_0102)]
    [InlineData(uint.MaxValue)]
    public void Path_identifiers_under_a_subtype_without_them_are_read_and_told(uint first)
    {
        foreach (var prefix in (Prefix[])[_prefix, _v6])
        {
            byte[] said = Table.Rib(_time, prefix, [
                new(0, _route, _time, first), new(0, _route, _time, unchecked(first + 1)), new(1, _route, _time, 3)]).ToArray();
            byte[] unsaid = [.. said];
            int start = Table.Length;
            unsaid[start + 7] -= 6;
            var expected = Decoded.Of(said);
            var read = Decoded.Of(unsaid);
            Assert.Equal(3, read.Events.Count);
            Assert.Equal(expected.Lines, read.Lines);
            var (record, offset, fault) = Assert.Single(read.Faults);
            int head = MrtRecord.HeaderBytes + 4 + 1 + prefix.Length / 8 + 2;
            Assert.Equal((2L, start + head, FaultKind.UnsaidPathIds, Treatment.None), (record, offset, fault.Kind, fault.Treatment));
            Assert.Equal(1, read.Reader.Tally.UnsaidAddPath);
        }
    }

    [Fact]
    public void Damaged_entries_with_path_identifiers_that_nothing_announces_invent_no_route()
    {
        int start = Table.Length;
        byte[] file = Table.Rib(_time, _prefix, [new(0, _route, _time, 1), new(1, _route, _time, 2)]).ToArray()[..^1];
        file[start + 7] -= 6;
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(start + 8), file.Length - start - MrtRecord.HeaderBytes);
        var read = Decoded.Of(file);
        Assert.Empty(read.Lines);
        Assert.NotEmpty(read.Faults);
        Assert.True(read.Reader.LosesRoutes);
    }

    // RFC 7606 section 3 d.
    private static void AssertMissing(Decoded read, byte code, int at)
    {
        var (_, offset, fault) = Assert.Single(read.Faults);
        Assert.Equal((FaultKind.Missing, code, Treatment.SkipEntry, (long)at), (fault.Kind, fault.Attribute, fault.Treatment, offset));
        Assert.EndsWith("is missing from a RIB entry; the entry skipped", fault.ToString());
    }
}
