namespace Isthmus.Wire.Mrt;

/// <summary>
/// Reads the types BGP, BGP4PLUS and BGP4PLUS_01 (RFC 6396 appendix B.2.1 and B.2.5): a message with its session
/// before it and without its header; addresses of 16 bytes in the latter two.
/// </summary>
internal static class EarlyBgp
{
    public static void Read(RouteEventReader file, scoped in MrtRecord record, scoped ref RouteEvents events)
    {
        switch (record.Subtype)
        {
            case 1 or 3:
                break;
            // NULL, SYNC (a file's name), OPEN, NOTIFY, KEEPALIVE
            case 0 or 4 or 5 or 6 or 7:
                file.TellWithoutRoutes(record);
                return;
            // PREF_UPDATE: an update with preferences, of which nobody wrote down how
            case 2:
                file.PassOver(record, FaultKind.Undecoded);
                return;
            default:
                file.ReportUndefined(RouteEventReader.SubtypeOffset, record.Subtype);
                return;
        }
        bool v6 = record.Type is not MrtType.Bgp;
        var reader = new ByteReader(record.Body, record.BodyOffset);
        var asn = new Asn(reader.U16());
        var address = v6 ? reader.V6() : IpAddress.V4(reader.U32());
        if (!reader.Ok) address = default;
        if (record.Subtype is 3)
        {
            Bgp4Mp.ReadState(file, record, ref reader, (address, asn), ref events);
            return;
        }
        reader.U16();
        reader.Take(v6 ? 16u : 4u);
        if (!reader.Ok)
        {
            file.Report(reader.Fault);
            file.LostPeer = Bgp4Mp.LostPeer(file, address, asn);
            return;
        }
        if (reader.StartsWithMarker)
        {
            Bgp4Mp.ReadMessage(file, record, ref reader, (address, asn, false), ref events);
            return;
        }
        int at = reader.Offset;
        Bgp4Mp.ReadUpdate(file, record, new(reader.Rest(), wide: false, origin: at), file.NumberOf(address, asn), ref events);
    }
}
