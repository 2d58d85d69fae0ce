using Isthmus.Export;
using Isthmus.Scenarios;
using Isthmus.Tests.Export;
using Isthmus.Tests.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

using IndexedPeer = Isthmus.Scenarios.MrtPeer;

namespace Isthmus.Tests.Wire;

/// <summary>The forms of RFC 6396 appendix B, and RFC 6397.</summary>
public sealed class HistoricRecordTests
{
    private static readonly Timestamp _time = Timestamp.Parse("1999-09-03T10:41:00Z");
    private static readonly MrtSession _session = new("192.0.2.2", 2914), _session6 = new("2001:db8::2", 2914);
    private static readonly PathAttributes _route = PathAttributes.Route("2914 4837", "192.0.2.1").Med(7);

    [Fact]
    public void A_BGP4MP_ENTRY_is_a_route_of_a_table_with_its_next_hop_beside_the_attributes()
    {
        var noHop = new PathAttributes().Origin().AsPath("2914 4837");
        var read = Decoded.Of(new MrtWriter()
            .Entry(_time, _session, Prefix.Parse("10.0.0.0/8"), "192.0.2.9", noHop)
            .Entry(_time, _session6, Prefix.Parse("2001:db8::/33"), "2001:db8::9", noHop).ToArray());
        Assert.Equal(
            ["R 192.0.2.2 AS2914 10.0.0.0/8 2914 4837 via 192.0.2.9", "R 2001:db8::2 AS2914 2001:db8::/33 2914 4837 via 2001:db8::9"],
            read.Lines);
        Assert.Empty(read.Faults);
        Assert.Equal(_time, read.Events[0].Originated);
    }

    [Fact]
    public void A_BGP4MP_ENTRY_without_the_session_in_front_has_a_peer_that_is_not_known()
    {
        var read = Decoded.Of(new MrtWriter().Entry(_time, null, Prefix.Parse("10.0.0.0/8"), "192.0.2.9", _route).ToArray());
        Assert.Equal(["R 0.0.0.0 AS0 10.0.0.0/8 2914 4837 via 192.0.2.9"], read.Lines);
        Assert.Empty(read.Faults);
    }

    [Fact]
    public void A_cut_BGP4MP_ENTRY_is_a_fault_and_no_route()
    {
        byte[] whole = new MrtWriter().Entry(_time, _session, Prefix.Parse("10.0.0.0/8"), "192.0.2.9", _route).ToArray()[12..];
        for (int length = 0; length < whole.Length; length++)
        {
            var read = Decoded.Of(new MrtWriter().Record(_time, 16, 2, whole.AsSpan(0, length)).ToArray());
            Assert.Empty(read.Events);
            Assert.Equal(FaultKind.Truncated, Assert.Single(read.Faults).Fault.Kind);
        }
    }

    /// <summary>OpenBGPD wrote the same table in three forms, this one over another session; bgpdump passes over it.</summary>
    [Fact]
    public void The_routes_of_table_mp_are_those_of_table_v2()
    {
        Assert.Equal(Routes("rib/lab.openbgpd_rib_table-v2.mrt"), Routes("rib/lab.openbgpd_rib_table-mp.mrt"));

        static string[] Routes(string name)
        {
            var read = Decoded.Of(File.ReadAllBytes(RealData.Path(name)));
            Assert.All(read.Faults, one => Assert.Equal(FaultKind.Unknown, one.Fault.Kind)); // families other than IP
            return [.. read.Lines.Select(line => line[line.IndexOf("AS65000", StringComparison.Ordinal)..])];
        }
    }

    [Theory]
    [InlineData(ElementFormat.Line)]
    [InlineData(ElementFormat.Json)]
    public void The_next_hop_of_a_BGP4MP_ENTRY_is_in_the_text(ElementFormat format)
    {
        byte[] bytes = new MrtWriter()
            .Entry(_time, _session, Prefix.Parse("10.0.0.0/8"), "192.0.2.9", new PathAttributes().Origin().AsPath("2914"))
            .Entry(_time, _session, Prefix.Parse("10.0.0.0/8"), "192.0.2.10", new PathAttributes().Origin().AsPath("2914")).ToArray();
        using var file = new TemporaryFile("entry.mrt", bytes);
        using var output = new MemoryStream();
        using var writer = new ElementWriter(format, output);
        ReadRun.Run([file.Input], writer, new(), TestContext.Current.CancellationToken);
        string[] lines = System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        Assert.Contains("192.0.2.9", lines[0], StringComparison.Ordinal);
        Assert.Contains("192.0.2.10", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_of_1999_has_no_message_header_and_is_read_as_bgpdump_reads_it()
    {
        byte[] update = MessageWriter.Update(_route, ["175.45.178.0/24", "10.1.0.0/16"], ["10.0.0.0/8"], wideAsns: false);
        byte[] file = new MrtWriter().EarlyUpdate(_time, _session, update)
            .EarlyStateChange(_time, _session, SessionState.OpenConfirm, SessionState.Established).ToArray();
        var read = Decoded.Of(file);
        Assert.Equal(
            ["W 192.0.2.2 AS2914 10.0.0.0/8", "A 192.0.2.2 AS2914 175.45.178.0/24 2914 4837 via 192.0.2.1",
            "A 192.0.2.2 AS2914 10.1.0.0/16 2914 4837 via 192.0.2.1", "S 192.0.2.2 AS2914 5->6"], read.Lines);
        Assert.Empty(read.Faults);

        // bgpdump 1.6.2 writes the peer's address as the withdrawn prefix, and no column for communities.
        Assert.Equal(
        [
            "BGP|936355260|W|192.0.2.2|2914|192.0.2.2/8",
            "BGP|936355260|A|192.0.2.2|2914|175.45.178.0/24|2914 4837|IGP|192.0.2.1|0|7|NAG||",
            "BGP|936355260|A|192.0.2.2|2914|10.1.0.0/16|2914 4837|IGP|192.0.2.1|0|7|NAG||",
            "BGP|936355260|STATE|192.0.2.2|2914|5|6",
        ], await Bgpdump.Lines(file));
    }

    [Fact]
    public void An_update_of_1999_with_a_message_header_is_read_too()
    {
        byte[] update = MessageWriter.Update(withdraw: ["10.0.0.0/8"], wideAsns: false);
        Assert.Equal(["W 192.0.2.2 AS2914 10.0.0.0/8"], Decoded.Of(new MrtWriter().Early(_time, _session, 1, update).ToArray()).Lines);
    }

    [Fact]
    public void BGP4PLUS_is_the_same_with_addresses_of_sixteen_bytes()
    {
        byte[] update = MessageWriter.Update(
            new PathAttributes().Origin().AsPath("2914").MpReach("2001:db8::9", "2001:db8::/33"), wideAsns: false);
        var file = new MrtWriter().EarlyUpdate(_time, _session6, update)
            .EarlyStateChange(_time, _session6, SessionState.OpenConfirm, SessionState.Established);
        Assert.Equal(
            ["A 2001:db8::2 AS2914 2001:db8::/33 2914 via 2001:db8::9", "S 2001:db8::2 AS2914 5->6"], Decoded.Of(file.ToArray()).Lines);
    }

    [Fact]
    public void A_state_change_of_1999_names_the_peer_alone() => Assert.Equal(
        ["S 192.0.2.2 AS2914 6->1"],
        Decoded.Of(new MrtWriter().EarlyStateChange(_time, _session, SessionState.Established, SessionState.Idle).ToArray()).Lines);

    [Fact]
    public void Historic_records_that_hold_no_routes_are_sound()
    {
        var file = new MrtWriter().Record(_time, 5, 0, []).EarlySync(_time, "/data/rib.1").Early(_time, _session, 5, [4])
            .Early(_time, _session, 6, [6, 4]).Early(_time, _session, 7, []).Snapshot(_time, "/data/rib.2");
        var read = Decoded.Of(file.ToArray());
        Assert.Empty(read.Events);
        Assert.Empty(read.Faults);
        Assert.Equal(6, read.Reader.Tally.WithoutRoutes);
    }

    [Fact]
    public void BGP_PREF_UPDATE_was_never_described_and_is_said_to_be_passed_over()
    {
        var (_, _, fault) = Assert.Single(Decoded.Of(new MrtWriter().Early(_time, _session, 2, [0, 0]).ToArray()).Faults);
        Assert.Equal("a historic type of record whose layout was never published; the rest of the record skipped", fault.ToString());
    }

    [Fact]
    public void A_cut_early_record_loses_its_peer()
    {
        byte[] update = MessageWriter.Update(_route, ["10.0.0.0/8"], wideAsns: false);
        byte[] whole = new MrtWriter().EarlyUpdate(_time, _session, update).ToArray()[12..];
        for (int length = 0; length < 16; length++)
        {
            var read = Decoded.Of(new MrtWriter().Record(_time, 5, 1, whole.AsSpan(0, length)).ToArray());
            Assert.Equal(FaultKind.Truncated, Assert.Single(read.Faults).Fault.Kind);
            Assert.Equal(length < 6 ? RouteEventReader.AnyPeer : 0, read.Reader.LostPeer);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GEO_PEER_TABLE_tells_where_collector_and_peers_stand(bool repeating)
    {
        IndexedPeer[] peers =
        [
            new("192.0.2.2", 2914) { Place = (52.37f, 4.9f) }, new("192.0.2.3", 4837),
            new("2001:db8::3", 131279) { Place = (39.02f, 125.75f) },
        ];
        var read = Decoded.Of(new MrtWriter().PeerIndexTable(_time, "192.0.2.254", "view", peers)
            .GeoPeerTable(_time, "192.0.2.254", (-33.9f, 151.2f), peers, repeating).ToArray());
        Assert.Empty(read.Faults);
        Assert.Equal(new GeoPosition(-33.9f, 151.2f), read.Reader.CollectorPosition);
        Assert.Equal(new GeoPosition(52.37f, 4.9f), read.Reader.PositionOf(0));
        Assert.False(read.Reader.PositionOf(1).IsKnown);
        Assert.Equal(new GeoPosition(39.02f, 125.75f), read.Reader.PositionOf(2));
        Assert.False(read.Reader.PositionOf(3).IsKnown);
        Assert.Equal(3, read.Reader.Peers.Length);
    }

    [Theory]
    [InlineData(91, 0)]
    [InlineData(0, 181)]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, float.NaN)]
    public void A_place_off_the_globe_or_half_private_is_a_fault_and_no_place(float latitude, float longitude)
    {
        IndexedPeer[] peers = [new("192.0.2.2", 2914) { Place = (latitude, longitude) }];
        var read = Decoded.Of(new MrtWriter().PeerIndexTable(_time, "192.0.2.254", "", peers)
            .GeoPeerTable(_time, "192.0.2.254", (0, 0), peers).ToArray());
        Assert.False(read.Reader.PositionOf(0).IsKnown);
        Assert.Equal(FaultKind.BadValue, Assert.Single(read.Faults).Fault.Kind);
    }

    [Fact]
    public void GEO_PEER_TABLE_without_a_peer_index_table_is_a_fault()
    {
        IndexedPeer[] peers = [new("192.0.2.2", 2914) { Place = (52.37f, 4.9f) }];
        var read = Decoded.Of(new MrtWriter().GeoPeerTable(_time, "192.0.2.254", (0, 0), peers).ToArray());
        Assert.Equal(FaultKind.NoPeerIndex, Assert.Single(read.Faults).Fault.Kind);
        Assert.True(read.Reader.CollectorPosition.IsKnown);
    }
}
