using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>Reads BGP4MP and BGP4MP_ET records (RFC 6396 sections 4.4 and 3, RFC 8050 section 3).</summary>
internal static class Bgp4Mp
{
    public static RouteEvents Read(RouteEventReader file, MrtRecord record)
    {
        if (record.Subtype is 2) return file.PassOver(record, FaultKind.Undecoded); // BGP4MP_ENTRY of Quagga and OpenBGPD
        if (record.Subtype is 3 or > 11) return file.PassOver(record, FaultKind.Unknown);
        bool wide = record.Subtype is 4 or 5 or 7 or 9 or 11, isState = record.Subtype is 0 or 5;
        var reader = new ByteReader(record.Body, record.BodyOffset);
        var asn = new Asn(wide ? reader.U32() : reader.U16());
        reader.Take(wide ? 4u : 2u);
        var address = ReadAddresses(ref reader, isState);
        if (reader.Ok && file.Sieve is { } sieve && !sieve(new()
        {
            Kinds = isState ? RouteEventKinds.PeerState : RouteEventKinds.OfUpdate,
            Time = record.Time,
            HasPeer = true,
            Peer = new(address, asn),
        })) return file.Nothing(record);
        if (!isState) return ReadMessage(file, record, ref reader, (address, asn, wide));
        ushort before = reader.U16(), after = reader.U16();
        file.Report(reader.Fault);
        file.ReportTrailing(reader);
        if (!reader.Ok)
        {
            file.LostPeer = LostPeer(file, address, asn);
            return file.Nothing(record);
        }
        return new(file, record.Time, new RouteEvent
        {
            Kind = RouteEventKind.PeerState,
            Time = record.Time,
            Originated = record.Time,
            Peer = file.NumberOf(address, asn),
            OldState = before,
            NewState = after,
        });
    }

    private static IpAddress ReadAddresses(ref ByteReader reader, bool isState)
    {
        // Old Zebra wrote records of sessions that had not come up without interface, family and addresses
        // (methods.md 11.2); bgpdump prints 0.0.0.0 for them.
        if (isState ? reader.Left == 4 : reader.StartsWithMarker) return IpAddress.V4(0);
        reader.U16();
        ushort afi = reader.U16();
        if (reader.Ok && afi is not (1 or 2)) reader.Fail(FaultKind.BadValue, 2);
        var address = afi is 2 ? reader.V6() : IpAddress.V4(reader.U32());
        reader.Take(afi is 2 ? 16u : 4u);
        return reader.Ok ? address : default;
    }

    private static RouteEvents ReadMessage(
        RouteEventReader file, MrtRecord record, scoped ref ByteReader reader, (IpAddress Address, Asn Asn, bool Wide) peer)
    {
        int at = reader.Offset;
        var message = new BgpMessage(reader.Rest(), at);
        var fault = reader.Ok ? message.Fault : reader.Fault;
        if (fault.Kind is not FaultKind.None)
        {
            file.Report(fault);
            file.LostPeer = LostPeer(file, peer.Address, peer.Asn);
            return file.Nothing(record);
        }
        int end = message.BodyOffset + message.Body.Length;
        if (message.BytesAfter > 0) file.Report(new(FaultKind.Trailing, end, 0, (uint)message.BytesAfter, Treatment.None));
        // What the collector itself sent (_LOCAL) is no route of the peer.
        if (message.Type is not BgpMessageType.Update || record.Subtype is 6 or 7 or 10 or 11)
        {
            file.Tally.WithoutRoutes++;
            return file.Nothing(record);
        }
        if (file.Sieve is not null && !IsWanted(file, record.Time, message.Body, peer)) return file.Nothing(record);
        int number = file.NumberOf(peer.Address, peer.Asn);
        var update = new BgpUpdate(message.Body, peer.Wide, record.Subtype is 8 or 9, message.BodyOffset);
        file.Report(update.Fault);
        if (update.Fault.Treatment is < Treatment.SkipRecord || update.Fault.Kind is FaultKind.None)
            return new(file, record.Time, update, number);
        file.LostPeer = number;
        return file.Nothing(record);
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
        });
    }

    private static int LostPeer(RouteEventReader file, IpAddress address, Asn asn) =>
        address.Family is AddressFamily.None ? RouteEventReader.AnyPeer : file.NumberOf(address, asn);
}
