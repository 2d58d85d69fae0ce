using CsCheck;

using Isthmus.Scenarios;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

using IndexedPeer = Isthmus.Scenarios.MrtPeer;
using PathAttributes = Isthmus.Wire.Bgp.PathAttributes;
using SegmentType = Isthmus.Scenarios.SegmentType;
using Written = Isthmus.Scenarios.PathAttributes;

namespace Isthmus.Tests.Wire;

/// <summary>What the encoder writes, the library reads: every type of record, every attribute.</summary>
public sealed class RoundTripTests
{
    private const int Rounds = 250;

    private static readonly Gen<Timestamp> _seconds = Gen.UInt.Select(seconds => Timestamp.FromSeconds(seconds));

    private static readonly Gen<IndexedPeer> _peers = Gen.Select(
        Gen.OneOf(DrawnRoute.IPv4, DrawnRoute.IPv6), DrawnRoute.Asns, DrawnRoute.IPv4, Gen.Bool,
        Gen.Select(Gen.Float[-90, 90], Gen.Float[-180, 180])).Select((address, asn, id, wide, place) =>
            new IndexedPeer(address, new Asn(asn), id) { WideAsn = wide, Place = place });

    /// <summary>BGP4MP and BGP4MP_ET, 2-octet and 4-octet, IPv4 and IPv6, with and without path identifiers.</summary>
    private static readonly Gen<MrtSession> _sessions = Gen.Select(
        Gen.Bool, DrawnRoute.IPv4, DrawnRoute.IPv6, Gen.UInt[1, 65_535], Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool))
        .Select((v6, four, six, asn, form) =>
            new MrtSession(v6 ? six : four, new(asn), v6 ? IpAddress.Parse("2001:db8::1") : IpAddress.V4(7), new(12654))
            {
                WideAsns = form.Item1,
                Microseconds = form.Item2,
                AddPath = form.Item3,
            });

    [Fact]
    public void An_update_in_every_form_of_BGP4MP_gives_its_four_lists_in_the_order_of_bgpdump() => (
        from session in _sessions
        from route in DrawnRoute.Routes(confederations: session.WideAsns)
        from lists in Gen.Select(DrawnRoute.Nlris(false, session.AddPath), DrawnRoute.Nlris(true, session.AddPath),
            DrawnRoute.Nlris(false, session.AddPath), DrawnRoute.Nlris(true, session.AddPath))
        from hops in Gen.Select(DrawnRoute.IPv4, DrawnRoute.IPv6)
        from safi in Gen.Byte[1, 2]
        from time in Gen.Select(_seconds, Gen.Long[0, 999_999])
        select (session, route, lists, hops, safi, time)).Sample(drawn =>
    {
        var (session, route, (withdrawn, mpWithdrawn, announced, mpAnnounced), (hop, hop6), safi, (second, microseconds)) = drawn;
        var time = new Timestamp(second.Microseconds + (session.Microseconds ? microseconds : 0));
        // Attributes without a route that they are of are an error (RFC 7606 section 5.2): what announces nothing has none.
        var attributes = announced.Length + mpAnnounced.Length > 0 ? route.Write(hop) : new();
        if (mpWithdrawn.Length > 0) attributes.MpUnreach(safi, mpWithdrawn);
        if (mpAnnounced.Length > 0) attributes.MpReach(safi, hop6.ToString(), mpAnnounced);
        var read = Sound(new MrtWriter().Update(time, session, attributes, announced, withdrawn));
        Assert.Equal(
            [
                .. withdrawn.Select(one => (RouteEventKind.Withdrawal, one)),
                .. mpWithdrawn.Select(one => (RouteEventKind.Withdrawal, one)),
                .. announced.Select(one => (RouteEventKind.Announcement, one)),
                .. mpAnnounced.Select(one => (RouteEventKind.Announcement, one)),
            ],
            read.Events.Select(one => (one.Kind, new Nlri(one.Prefix, session.AddPath ? one.PathId : null))));
        foreach (var one in read.Events)
        {
            Assert.Equal((session.Peer, session.PeerAsn, time), (one.Peer.Address, one.Peer.Asn, one.Time));
            if (one.Kind is not RouteEventKind.Announcement) continue;
            Assert.Equal(one.Prefix.Family is AddressFamily.IPv6 ? hop6 : hop, one.NextHop);
            Assert.Equal(attributes.ToArray(session.WideAsns), one.Attributes);
            route.AssertIs(new(one.Attributes, session.WideAsns));
        }
    }, iter: Rounds);

    [Fact]
    public void A_RIB_record_in_every_form_gives_an_entry_for_each_peer_that_holds_the_prefix() => (
        from peers in _peers.Array[1, 70]
        from prefix in Gen.Bool.SelectMany(v6 => DrawnRoute.Prefixes(v6))
        from entries in Gen.Select(Gen.Int[0, peers.Length - 1], DrawnRoute.Routes(confederations: true), _seconds, Gen.UInt).Array[1, 5]
        from form in Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Int[0, 2])
        from hops in Gen.Select(DrawnRoute.IPv4, DrawnRoute.IPv6)
        select (peers, prefix, entries, form, hops)).Sample(drawn =>
    {
        var (peers, prefix, entries, (ids, multicast, generic, reach), (hop, hop6)) = drawn;
        // None, with the prefix where the form is generic, or in each entry.
        bool addPath = ids > 0, withPrefix = generic && ids == 1;
        var time = Timestamp.FromSeconds(1_506_848_871);
        bool v6 = prefix.Family is AddressFamily.IPv6;
        MrtRibEntry[] written = [.. entries.Select(one =>
            new MrtRibEntry(one.Item1, Attributes(one.Item2), one.Item3, addPath && !withPrefix ? one.Item4 : null))];
        var file = new MrtWriter().PeerIndexTable(time, "192.0.2.254", "view", peers);
        if (generic) file.RibGeneric(time, new(prefix, withPrefix ? 7 : null), written, multicast ? (byte)2 : (byte)1);
        else file.Rib(time, prefix, written, multicast);
        var read = Sound(file);
        Assert.Equal("view", read.Reader.ViewName);
        Assert.Equal(entries.Length, read.Events.Count);
        foreach (var (one, (peer, route, originated, id)) in read.Events.Zip(entries))
        {
            Assert.Equal((peers[peer].Address, peers[peer].Asn), (one.Peer.Address, one.Peer.Asn));
            Assert.Equal((RouteEventKind.RibEntry, prefix, originated, time), (one.Kind, one.Prefix, one.Originated, one.Time));
            Assert.Equal(!addPath ? 0 : withPrefix ? 7 : id, one.PathId);
            Assert.Equal(v6 && reach > 0 ? hop6 : hop, one.NextHop);
            route.AssertIs(new(one.Attributes, wide: true, abbreviated: true));
        }

        // A dump has MP_REACH_NLRI as a next hop alone, whole, or not at all.
        Written Attributes(DrawnRoute route) => (v6 ? reach : 0) switch
        {
            1 => route.Write(null).MpReachNextHop($"{hop6} fe80::1"),
            2 => route.Write(null).MpReach(hop6.ToString(), prefix),
            _ => route.Write(hop),
        };
    }, iter: Rounds);

    [Fact]
    public void TABLE_DUMP_and_BGP4MP_ENTRY_and_the_batches_of_January_2000_give_their_routes() => (
        from v6 in Gen.Bool
        from wide in Gen.Bool
        from routes in Gen.Select(DrawnRoute.Prefixes(v6), DrawnRoute.Routes(confederations: wide), _seconds).Array[1, 5]
        from ends in Gen.Select(v6 ? DrawnRoute.IPv6 : DrawnRoute.IPv4, wide ? DrawnRoute.Asns : Gen.UInt[1, 65_535], DrawnRoute.IPv4)
        select (v6, wide, routes, ends)).Sample(drawn =>
    {
        var (v6, wide, routes, (address, asn, hop)) = drawn;
        var time = Timestamp.FromSeconds(948_240_000);
        IndexedPeer peer = new(address, new(asn), hop);
        var dump = new MrtWriter();
        foreach (var (prefix, route, originated) in routes) dump.TableDump(time, peer, prefix, route.Write(hop), originated, wide);
        AssertRoutes(Sound(dump), _ => time, one => one, wide);
        if (wide) return;

        var session = new MrtSession(address, new(asn), address, new(12654));
        var entries = new MrtWriter();
        foreach (var (prefix, route, originated) in routes)
            entries.Entry(originated, session, prefix, hop.ToString(), route.Write(null));
        AssertRoutes(Sound(entries), one => one, one => one, wide);
        if (v6) return;

        var batch = new MrtWriter().TableDumpBatch(
            time, [.. routes.Select(one => (peer, one.Item1, one.Item2.Write(hop)))], routes[0].Item3);
        AssertRoutes(Sound(batch), _ => time, _ => routes[0].Item3, wide);

        void AssertRoutes(Decoded read, Func<Timestamp, Timestamp> at, Func<Timestamp, Timestamp> since, bool wide)
        {
            Assert.Equal(routes.Length, read.Events.Count);
            foreach (var (one, (prefix, route, originated)) in read.Events.Zip(routes))
            {
                Assert.Equal((address, asn, prefix, hop), (one.Peer.Address, one.Peer.Asn.Number, one.Prefix, one.NextHop));
                Assert.Equal((at(originated), since(originated)), (one.Time, one.Originated));
                route.AssertIs(new(one.Attributes, wide));
            }
        }
    }, iter: Rounds);

    [Fact]
    public void An_early_update_with_and_without_a_message_header_gives_its_routes() => (
        from session in _sessions
        from route in DrawnRoute.Routes(confederations: false)
        from lists in Gen.Select(DrawnRoute.Nlris(false, false), DrawnRoute.Nlris(false, false), DrawnRoute.Nlris(true, false, 1))
        from whole in Gen.Bool
        select (session, route, lists, whole)).Sample(drawn =>
    {
        var (session, route, (announced, withdrawn, mpAnnounced), whole) = drawn;
        var time = Timestamp.FromSeconds(936_355_260);
        byte[] message = MessageWriter.Update(
            route.Write(IpAddress.V4(9)).MpReach("2001:db8::9", mpAnnounced), announced, withdrawn, wideAsns: false);
        var file = whole ? new MrtWriter().Early(time, session, 1, message) : new MrtWriter().EarlyUpdate(time, session, message);
        var read = Sound(file);
        Assert.Equal([.. withdrawn, .. announced, .. mpAnnounced], read.Events.Select(one => new Nlri(one.Prefix)));
        Assert.All(read.Events, one => Assert.Equal((session.Peer, session.PeerAsn), (one.Peer.Address, one.Peer.Asn)));
        route.AssertIs(new(read.Events[^1].Attributes, wide: false));
    }, iter: Rounds);

    [Fact]
    public void A_change_of_state_in_every_form_gives_its_two_states() => (
        from session in _sessions
        from states in Gen.Select(Gen.Byte[1, 8], Gen.Byte[1, 8])
        from form in Gen.Int[0, 2]
        from time in _seconds
        select (session, states, form, time)).Sample(drawn =>
    {
        var (session, (before, after), form, time) = drawn;
        var file = form switch
        {
            0 => new MrtWriter().StateChange(time, session, (SessionState)before, (SessionState)after),
            1 => new MrtWriter().StateChange(time, session with { WithoutAddresses = true }, (SessionState)before, (SessionState)after),
            _ => new MrtWriter().EarlyStateChange(time, session, (SessionState)before, (SessionState)after),
        };
        var one = Assert.Single(Sound(file).Events);
        Assert.Equal((RouteEventKind.PeerState, (ushort)before, (ushort)after, time), (one.Kind, one.States.Old, one.States.New, one.Time));
        Assert.Equal((form == 1 ? IpAddress.V4(0) : session.Peer, session.PeerAsn), (one.Peer.Address, one.Peer.Asn));
    }, iter: Rounds);

    [Fact]
    public void What_the_collector_sent_itself_is_read_and_is_no_route_of_the_peer() =>
        Gen.Select(_sessions, DrawnRoute.Routes(confederations: false)).Sample((session, route) =>
        {
            var read = Sound(new MrtWriter().Update(
                default, session with { SentByCollector = true }, route.Write(IpAddress.V4(9)), [session.AddPath ? "10.0.0.0/8#7" : "10.0.0.0/8"]));
            Assert.Empty(read.Events);
            Assert.Equal(1, read.Reader.Tally.WithoutRoutes);
        }, iter: Rounds);

    [Fact]
    public void Peers_and_their_places_are_those_of_the_tables() => Gen.Select(_peers.Array[0, 80], Gen.Bool).Sample((peers, repeating) =>
    {
        var time = Timestamp.FromSeconds(1_506_848_871);
        var read = Sound(new MrtWriter().PeerIndexTable(time, "192.0.2.254", "a view", peers)
            .GeoPeerTable(time, "192.0.2.254", (1.5f, -2.5f), peers, repeating));
        var distinct = peers.DistinctBy(peer => (peer.Address, peer.Asn)).ToArray();
        Assert.Equal(
            distinct.Select(peer => (peer.Address, peer.Asn)), read.Reader.Peers.ToArray().Select(peer => (peer.Address, peer.Asn)));
        Assert.Equal(new GeoPosition(1.5f, -2.5f), read.Reader.CollectorPosition);
        if (distinct.Length < peers.Length) return;
        foreach (var (place, peer) in peers.Index())
            Assert.Equal(new GeoPosition(peer.Place.Latitude, peer.Place.Longitude), read.Reader.PositionOf(place));
    }, iter: Rounds);

    [Theory]
    [InlineData(4, AddressFamily.IPv4)]
    [InlineData(16, AddressFamily.IPv6)]
    [InlineData(32, AddressFamily.IPv6)] // with a link-local one
    [InlineData(12, AddressFamily.IPv4)] // after a route distinguisher
    [InlineData(24, AddressFamily.IPv6)]
    [InlineData(48, AddressFamily.IPv6)]
    public void A_next_hop_of_every_length_is_read_for_prefixes_of_either_family(int length, AddressFamily family)
    {
        byte[] hop = new byte[length];
        int at = length is 12 or 24 or 48 ? 8 : 0;
        for (int i = 0; i < length; i++) hop[i] = (byte)(i < at ? 0 : i + 1);
        var expected = family is AddressFamily.IPv4
            ? IpAddress.V4((uint)(hop[at] << 24 | hop[at + 1] << 16 | hop[at + 2] << 8 | hop[at + 3])) : IpAddress.V6(hop.AsSpan(at));
        foreach (string prefix in new[] { "10.0.0.0/8", "2001:db8::/32" })
        {
            Nlri nlri = prefix;
            var attributes = new Written().Origin().AsPath("2914").MpReachRaw((ushort)nlri.Prefix.Family, 1, hop, nlri);
            var one = Assert.Single(Sound(new MrtWriter().Update(default, new("192.0.2.2", 2914), attributes)).Events);
            Assert.Equal((nlri.Prefix, expected), (one.Prefix, one.NextHop));
        }
    }

    [Fact]
    public void AS4_PATH_is_merged_as_RFC_6793_says() =>
        Gen.Select(DrawnRoute.Paths(confederations: true), DrawnRoute.Paths(confederations: true)).Sample((own, as4) =>
        {
            byte[] written = new Written().AsPath(DrawnRoute.TextOf(own)).As4Path(DrawnRoute.TextOf(as4)).ToArray(wideAsns: false);
            var attributes = new PathAttributes(written, wide: false);
            var merged = Merge([.. own.Select(Narrow)], [.. as4.Where(IsPlain)]);
            Assert.Equal(DrawnRoute.TextOf(merged), attributes.AsPath.ToString());
            Asn? origin = merged is [.., { Type: SegmentType.Sequence } last] ? last.Asns[^1] : null;
            Assert.Equal(origin, attributes.AsPath.Origin);
        }, iter: 2_000);

    [Fact]
    public void Messages_of_every_type_are_framed() =>
        Gen.Select(Gen.Byte[1, 5], Gen.Byte.Array[0, 5_000], Gen.Byte.Array[0, 20]).Sample((type, body, after) =>
        {
            var message = new BgpMessage([.. MessageWriter.Message(type, body), .. after], 12);
            Assert.Equal(default, message.Fault);
            Assert.Equal(((BgpMessageType)type, 31, after.Length), (message.Type, message.BodyOffset, message.BytesAfter));
            Assert.True(message.Body.SequenceEqual(body));
        }, iter: Rounds);

    [Fact]
    public void A_value_is_read_from_the_text_that_it_writes() =>
        Gen.Select(DrawnRoute.Asns, DrawnRoute.IPv4, DrawnRoute.IPv6, DrawnRoute.Prefixes(true), Gen.Long[0, 4_000_000_000_000_000])
            .Sample((asn, four, six, prefix, microseconds) =>
            {
                Assert.Equal(new Asn(asn), Asn.Parse(new Asn(asn).ToString()));
                Assert.Equal(four, IpAddress.Parse(four.ToString()));
                Assert.Equal(six, IpAddress.Parse(six.ToString()));
                Assert.Equal(prefix, Prefix.Parse(prefix.ToString()));
                Assert.Equal(new Timestamp(microseconds), Timestamp.Parse(new Timestamp(microseconds).ToString()));
            }, iter: 2_000);

    private static Decoded Sound(MrtWriter file)
    {
        var read = Decoded.Of(file.ToArray());
        Assert.Empty(read.Faults);
        Assert.Equal(Framing.End, read.End);
        return read;
    }

    private static bool IsPlain(WrittenSegment segment) =>
        segment.Type is SegmentType.Sequence or SegmentType.Set;

    private static WrittenSegment Narrow(WrittenSegment segment) =>
        segment with { Asns = [.. segment.Asns.Select(asn => asn.Number > ushort.MaxValue ? Asn.Trans : asn)] };

    private static int Hops(WrittenSegment segment) => segment.Type switch
    {
        SegmentType.Sequence => segment.Asns.Count,
        SegmentType.Set => 1,
        _ => 0,
    };

    // Section 4.2.3, in plain steps: as many hops of AS_PATH stay in front as it has more than AS4_PATH.
    private static List<WrittenSegment> Merge(List<WrittenSegment> own, List<WrittenSegment> as4)
    {
        int keep = own.Sum(Hops) - as4.Sum(Hops);
        if (as4.Count == 0 || keep < 0) return own;
        var merged = new List<WrittenSegment>();
        foreach (var segment in own)
        {
            if (keep == 0 && Hops(segment) > 0) break;
            bool part = segment.Type is SegmentType.Sequence && segment.Asns.Count > keep;
            merged.Add(part ? segment with { Asns = [.. segment.Asns.Take(keep)] } : segment);
            keep = part ? 0 : keep - Hops(segment);
            if (part) break;
        }
        return [.. merged, .. as4];
    }
}
