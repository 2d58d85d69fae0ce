using System.Text;

using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>Writes the records that RFC 6396 appendix B calls deprecated.</summary>
public static class HistoricRecords
{
    private const int BgpType = 5, Bgp4PlusType = 9, Bgp4MpType = 16;

    /// <summary>BGP4MP_ENTRY (appendix B.2.6.1): a route of a table, its next hop outside the attributes.</summary>
    /// <param name="session">Null as MRTd wrote it: without the session in front.</param>
    public static MrtWriter Entry(
        this MrtWriter file, Timestamp time, MrtSession? session, Prefix prefix, string nextHop, PathAttributes attributes)
    {
        var body = new ByteWriter();
        if (session is not null)
            body.Asn(session.PeerAsn, wide: false).Asn(session.LocalAsn, wide: false)
                .U16(0).U16((int)session.Peer.Family).Address(session.Peer).Address(session.Local);
        var hop = IpAddress.Parse(nextHop);
        byte[] encoded = attributes.ToArray(wideAsns: false);
        body.U16(0).U16(1).U32((uint)time.Seconds).U16((int)prefix.Family).U8(1)
            .U8(hop.Family is AddressFamily.IPv6 ? 16 : 4).Address(hop).Nlri(prefix).U16(encoded.Length).Bytes(encoded);
        return file.Record(time, Bgp4MpType, 2, body.Written);
    }

    /// <summary>BGP4MP_SNAPSHOT (appendix B.2.6.2): the name of a file with a table.</summary>
    public static MrtWriter Snapshot(this MrtWriter file, Timestamp time, string name) =>
        file.Record(time, Bgp4MpType, 3, new ByteWriter().U16(0).Bytes(Encoding.ASCII.GetBytes(name)).U8(0).Written);

    /// <summary>An UPDATE of the type BGP (appendix B.2.1.2), or BGP4PLUS for an IPv6 session: without a message header.</summary>
    public static MrtWriter EarlyUpdate(this MrtWriter file, Timestamp time, MrtSession session, ReadOnlySpan<byte> message) =>
        file.Early(time, session, 1, message[19..]);

    /// <summary>A record of the type BGP or BGP4PLUS with both ends of a session and a body.</summary>
    /// <param name="subtype">1 UPDATE, 2 PREF_UPDATE, 5 OPEN, 6 NOTIFY, 7 KEEPALIVE.</param>
    public static MrtWriter Early(this MrtWriter file, Timestamp time, MrtSession session, int subtype, ReadOnlySpan<byte> body) =>
        file.Record(time, TypeOf(session), subtype, new ByteWriter()
            .Asn(session.PeerAsn, wide: false).Address(session.Peer)
            .Asn(session.LocalAsn, wide: false).Address(session.Local).Bytes(body).Written);

    /// <summary>BGP_STATE_CHANGE (appendix B.2.1.4): the peer alone, and two states.</summary>
    public static MrtWriter EarlyStateChange(
        this MrtWriter file, Timestamp time, MrtSession session, SessionState from, SessionState to) =>
        file.Record(time, TypeOf(session), 3, new ByteWriter()
            .Asn(session.PeerAsn, wide: false).Address(session.Peer).U16((int)from).U16((int)to).Written);

    /// <summary>BGP_SYNC (appendix B.2.1.5): the name of a file with a table.</summary>
    public static MrtWriter EarlySync(this MrtWriter file, Timestamp time, string name) =>
        file.Record(time, BgpType, 4, new ByteWriter().U16(0).Bytes(Encoding.ASCII.GetBytes(name)).U8(0).Written);

    private static int TypeOf(MrtSession session) => session.Peer.Family is AddressFamily.IPv6 ? Bgp4PlusType : BgpType;
}
