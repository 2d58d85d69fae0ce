using System.Buffers.Binary;

using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>Reads BGP4MP and BGP4MP_ET records (RFC 6396 sections 4.4 and 3, RFC 8050 section 3).</summary>
internal static class Bgp4Mp
{
    private const ushort StateMax = 8;

    private const int MarkerBytes = 16;

    /// <summary>The addresses of peer and collector, and the two states of a change.</summary>
    private const int V6AddressesBytes = 32, StatesBytes = 4;

    public static void Read(RouteEventReader file, scoped in MrtRecord record, scoped ref RouteEvents events)
    {
        switch (record.Subtype)
        {
            case 2:
                ReadEntry(file, record, ref events);
                break;
            // BGP4MP_SNAPSHOT names a file that holds routes (RFC 6396 appendix B.2.6.2).
            case 3:
                file.TellWithoutRoutes(record);
                break;
            case > 11:
                file.ReportUndefined(RouteEventReader.SubtypeOffset, record.Subtype);
                break;
            default:
                ReadOfSession(file, record, ref events);
                break;
        }
    }

    private static void ReadOfSession(RouteEventReader file, scoped in MrtRecord record, scoped ref RouteEvents events)
    {
        bool wide = record.Subtype is 4 or 5 or 7 or 9 or 11, isState = record.Subtype is 0 or 5;
        if (record.Subtype is 1 or 4 or 8 or 9 && TryFrame(record.Body, wide, out var known, out int at))
        {
            if (!IsWanted(file, record.Time, RouteEventKinds.OfUpdate, known)) return;
            at += BgpMessage.HeaderBytes;
            ReadBody(file, record, record.Body[at..], record.BodyOffset + at, (known.Address, known.Asn, wide), ref events);
            return;
        }
        var reader = new ByteReader(record.Body, record.BodyOffset);
        var asn = new Asn(wide ? reader.U32() : reader.U16());
        reader.Take(wide ? 4u : 2u);
        var address = ReadAddresses(ref reader, isState);
        if (reader.Ok && !IsWanted(file, record.Time, isState ? RouteEventKinds.PeerState : RouteEventKinds.OfUpdate, new(address, asn)))
            return;
        if (isState) ReadState(file, record, ref reader, (address, asn), ref events);
        else ReadMessage(file, record, ref reader, (address, asn, wide), ref events);
    }

    private static bool IsWanted(RouteEventReader file, Timestamp time, RouteEventKinds kinds, in MrtPeer peer) =>
        file.Sieve is not { } sieve || sieve(new() { Kinds = kinds, Time = time, HasPeer = true, Peer = peer }) is not Verdict.No;

    /// <summary>
    /// Finds the peer and the message of an update that fills its record, as nearly all do: their fields are where they are. What is
    /// framed otherwise is read field by field, to tell what is wrong.
    /// </summary>
    private static bool TryFrame(ReadOnlySpan<byte> body, bool wide, out MrtPeer peer, out int at)
    {
        (peer, at) = (default, 0);
        // Two AS numbers and an interface; the family; two addresses.
        int family = wide ? 10 : 6, addresses = family + sizeof(ushort);
        if (body.Length < addresses || body[family] != 0 || body[family + 1] is not (1 or 2)) return false;
        bool v6 = body[family + 1] == 2;
        at = addresses + (v6 ? 32 : 8);
        if (body.Length < at + BgpMessage.HeaderBytes) return false;
        var message = body[at..];
        if ((BinaryPrimitives.ReadUInt64BigEndian(message) & BinaryPrimitives.ReadUInt64BigEndian(message[8..])) != ulong.MaxValue
            || BinaryPrimitives.ReadUInt16BigEndian(message[MarkerBytes..]) != message.Length
            || message[MarkerBytes + sizeof(ushort)] != (byte)BgpMessageType.Update) return false;
        var address = body[addresses..];
        peer = new(
            v6 ? IpAddress.V6(address) : IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(address)),
            new(wide ? BinaryPrimitives.ReadUInt32BigEndian(body) : BinaryPrimitives.ReadUInt16BigEndian(body)));
        return true;
    }

    /// <summary>Reads the two states that end a record.</summary>
    public static void ReadState(RouteEventReader file, scoped in MrtRecord record, scoped ref ByteReader reader,
        (IpAddress Address, Asn Asn) peer, scoped ref RouteEvents events)
    {
        ushort before = reader.U16(), after = reader.U16();
        file.Report(reader.Fault);
        file.ReportTrailing(reader);
        if (!reader.Ok)
        {
            file.LostPeer = LostPeer(file, peer.Address, peer.Asn);
            return;
        }
        // Zebra and its heirs write 7 and 8 (Clearing, Deleted), and 0 before the first state.
        ushort last = Math.Max(before, after);
        int offset = reader.Offset - (after > StateMax ? 2 : 4);
        if (last > StateMax) file.Report(new(FaultKind.BadState, offset, StateMax, last, Treatment.None));
        events.Start(new RouteEvent
        {
            Kind = RouteEventKind.PeerState,
            Time = record.Time,
            Originated = record.Time,
            Peer = file.NumberOf(peer.Address, peer.Asn),
            OldState = before,
            NewState = after,
        });
    }

    private static IpAddress ReadAddresses(ref ByteReader reader, bool isState)
    {
        // Old Zebra wrote records of sessions that had not come up without interface, family and addresses
        // (docs/standards.md); bgpdump prints 0.0.0.0 for them.
        if (isState ? reader.Left == 4 : reader.StartsWithMarker) return IpAddress.V4(0);
        reader.U16();
        ushort afi = reader.U16();
        // A state behind addresses of IPv6 that says IPv4 would name a peer that there is not.
        bool isOtherFamily = afi is 1 && isState && reader.Left == V6AddressesBytes + StatesBytes;
        if (reader.Ok && (afi is not (1 or 2) || isOtherFamily)) reader.FailBehind(2, FaultKind.BadValue, 2, 2);
        var address = afi is 2 ? reader.V6() : IpAddress.V4(reader.U32());
        reader.Take(afi is 2 ? 16u : 4u);
        return reader.Ok ? address : default;
    }

    public static void ReadMessage(RouteEventReader file, scoped in MrtRecord record, scoped ref ByteReader reader,
        (IpAddress Address, Asn Asn, bool Wide) peer, scoped ref RouteEvents events)
    {
        int at = reader.Offset;
        if (!reader.StartsWithMarker && reader.Left >= MarkerBytes) file.Report(new(FaultKind.BadMarker, at, 0, 0, Treatment.None));
        var message = new BgpMessage(reader.Rest(), at);
        var fault = reader.Ok ? message.Fault : reader.Fault;
        if (fault.Kind is not FaultKind.None)
        {
            file.Report(fault);
            file.LostPeer = LostPeer(file, peer.Address, peer.Asn);
            return;
        }
        int end = message.BodyOffset + message.Body.Length;
        if (message.BytesAfter > 0) file.Report(new(FaultKind.Trailing, end, 0, (uint)message.BytesAfter, Treatment.None));
        if (message.Type is not BgpMessageType.Update && message.TypeFault is { Kind: not FaultKind.None } wrong)
        {
            file.Report(wrong);
            file.LostPeer = LostPeer(file, peer.Address, peer.Asn);
            return;
        }
        if (message.Type is BgpMessageType.Open or BgpMessageType.Notification && record.Subtype is not (6 or 7 or 10 or 11))
            (file.SessionPeer, file.SessionMessage) = (file.NumberOf(peer.Address, peer.Asn), message.Type);
        // What the collector itself sent (_LOCAL) is no route of the peer.
        if (message.Type is not BgpMessageType.Update || record.Subtype is 6 or 7 or 10 or 11)
        {
            file.TellWithoutRoutes(record, message.Type);
            return;
        }
        ReadBody(file, record, message.Body, message.BodyOffset, peer, ref events);
    }

    private static void ReadBody(RouteEventReader file, scoped in MrtRecord record, ReadOnlySpan<byte> body, int offset,
        (IpAddress Address, Asn Asn, bool Wide) peer, scoped ref RouteEvents events)
    {
        if (file.Sieve is not null && !IsWanted(file, record.Time, body, peer)) return;
        var update = new BgpUpdate(body, peer.Wide, record.Subtype is 8 or 9, offset);
        ReadUpdate(file, record, update, file.NumberOf(peer.Address, peer.Asn), ref events);
    }

    /// <summary>The events of an update, unless it is past reading.</summary>
    public static void ReadUpdate(
        RouteEventReader file, scoped in MrtRecord record, scoped in BgpUpdate update, int number, scoped ref RouteEvents events)
    {
        file.Report(update.Fault);
        bool isHidden = update.OtherWithdrawn is { } withdrawn && IsUndefined(file, record, update, AttributeCode.MpUnreach, withdrawn);
        isHidden |= update.OtherAnnounced is { } announced && IsUndefined(file, record, update, AttributeCode.MpReach, announced);
        if (update.IsUnsaidAddPath) file.Report(new(FaultKind.UnsaidPathIds, update.UnsaidPathIdsOffset, 0, 0, Treatment.None));
        bool isLost = update.Fault.Treatment is >= Treatment.SkipRecord && update.Fault.Kind is not FaultKind.None;
        if (isLost || isHidden) file.LostPeer = number;
        if (!isLost) events.Start(record.Time, update, number);
    }

    // Routes of another family are passed over; one that no standard has may hide any routes of the peer (RFC 4760 sections 7 and 8).
    private static bool IsUndefined(RouteEventReader file, scoped in MrtRecord record, scoped in BgpUpdate update, AttributeCode code,
        (ushort Afi, byte Safi) family)
    {
        if (AddressFamilies.IsAssigned(family.Afi, family.Safi))
        {
            file.PassedOver = PassedOver.Of(record) with { Message = BgpMessageType.Update, Afi = family.Afi, Safi = family.Safi };
            return false;
        }
        uint number = (uint)family.Afi << 8 | family.Safi;
        file.Report(new(FaultKind.Undefined, update.OffsetOf(code), Fault.FamilyNumbers, number, Treatment.DiscardAttribute, (byte)code));
        return true;
    }

    // The attributes as they stand, before they are checked; a message whose parts do not fit is decoded, to tell so.
    private static bool IsWanted(
        RouteEventReader file, Timestamp time, ReadOnlySpan<byte> body, (IpAddress Address, Asn Asn, bool Wide) peer)
    {
        var reader = new ByteReader(body, 0);
        reader.Take(reader.U16());
        var attributes = reader.Take(reader.U16());
        if (!reader.Ok) return true;
        return file.Sieve!(new()
        {
            Kinds = attributes.IsEmpty && !reader.More ? RouteEventKinds.Withdrawal : RouteEventKinds.OfUpdate,
            Time = time,
            HasPeer = true,
            Peer = new(peer.Address, peer.Asn),
            HasAttributes = true,
            Attributes = new(attributes, peer.Wide),
        }) is not Verdict.No;
    }

    // BGP4MP_ENTRY (RFC 6396 appendix B.2.6.1): a route as Zebra and OpenBGPD (`table-mp`) dump it. MRTd wrote it
    // without the session in front: then the peer is not known, and is 0.0.0.0 as in Zebra's short records.
    private static void ReadEntry(RouteEventReader file, scoped in MrtRecord record, scoped ref RouteEvents events)
    {
        var reader = new ByteReader(record.Body, record.BodyOffset);
        var bare = reader;
        var asn = new Asn(reader.U16());
        reader.U16();
        var address = ReadAddresses(ref reader, isState: false);
        if (reader.Ok && TryReadRoute(ref reader, out var route)) TakeEntry(file, record, reader, route, (address, asn), ref events);
        else if (TryReadRoute(ref bare, out var alone) && !bare.More)
            TakeEntry(file, record, bare, alone, (IpAddress.V4(0), new Asn(0)), ref events);
        else file.Report(reader.Fault);
    }

    private static void TakeEntry(RouteEventReader file, scoped in MrtRecord record, scoped in ByteReader reader,
        RouteEvent route, (IpAddress Address, Asn Asn) peer, scoped ref RouteEvents events)
    {
        file.ReportTrailing(reader);
        int offset = reader.Offset - route.Attributes.Bytes.Length;
        var fault = AttributeCheck.OfRibEntry(route.Attributes, offset, out bool otherWidth);
        if (otherWidth) file.Tally.OtherWidth++;
        file.Report(fault);
        bool isNoRoute = fault.Treatment >= Treatment.TreatAsWithdraw && fault.Kind is not FaultKind.None;
        if (isNoRoute) file.Lose(route.Prefix);
        if (fault.Treatment is Treatment.SkipEntry) return;
        events.Start(new RouteEvent
        {
            Kind = RouteEventKind.RibEntry,
            Time = record.Time,
            Originated = route.Originated,
            Peer = file.NumberOf(peer.Address, peer.Asn),
            Prefix = route.Prefix,
            NextHop = route.NextHop,
            Attributes = route.Attributes,
            TreatedAsWithdrawn = isNoRoute,
        });
    }

    private static bool TryReadRoute(scoped ref ByteReader reader, out RouteEvent route)
    {
        reader.U32(); // view and status
        uint originated = reader.U32();
        ushort afi = reader.U16();
        byte safi = reader.U8();
        if (reader.Ok && !MpReach.IsPlain(afi, safi)) reader.FailBehind(3, FaultKind.BadValue, 3, 3);
        var hop = reader.Take(reader.U8());
        var family = afi is 1 ? AddressFamily.IPv4 : AddressFamily.IPv6;
        var prefix = NlriList.ReadPrefix(ref reader, family, family is AddressFamily.IPv4 ? 32 : 128);
        var attributes = reader.Take(reader.U16());
        route = new()
        {
            Originated = Timestamp.FromSeconds(originated),
            Prefix = prefix,
            NextHop = MpReach.HopOf(hop),
            Attributes = new(attributes, wide: false, abbreviated: true),
        };
        return reader.Ok;
    }

    public static int LostPeer(RouteEventReader file, IpAddress address, Asn asn) =>
        address.Family is AddressFamily.None ? RouteEventReader.AnyPeer : file.NumberOf(address, asn);
}
