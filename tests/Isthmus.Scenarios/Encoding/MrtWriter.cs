using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>
/// Writes MRT records one after another (RFC 6396, RFC 8050). A call appends a record; <see cref="ToArray"/> is the
/// file; <see cref="Compressed"/> packs it as the archives do.
/// </summary>
public sealed class MrtWriter
{
    private const int TableDumpType = 12, TableDumpV2Type = 13, Bgp4MpType = 16, Bgp4MpEtType = 17;

    private readonly ByteWriter _file = new();
    private uint _sequence;

    public int Length => _file.Length;

    public byte[] ToArray() => _file.ToArray();

    /// <summary>Any record: header and body, right or wrong.</summary>
    public MrtWriter Record(Timestamp time, int type, int subtype, ReadOnlySpan<byte> body)
    {
        _file.U32((uint)time.Seconds).U16(type).U16(subtype).U32((uint)body.Length).Bytes(body);
        return this;
    }

    /// <summary>Bytes outside any record, to damage a file on purpose.</summary>
    public MrtWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _file.Bytes(bytes);
        return this;
    }

    /// <summary>BGP4MP_MESSAGE in the form that the session asks for.</summary>
    public MrtWriter Message(Timestamp time, MrtSession session, ReadOnlySpan<byte> message)
    {
        int subtype = (session.AddPath, session.SentByCollector, session.WideAsns) switch
        {
            (false, false, false) => 1,
            (false, false, true) => 4,
            (false, true, false) => 6,
            (false, true, true) => 7,
            (true, false, false) => 8,
            (true, false, true) => 9,
            (true, true, false) => 10,
            (true, true, true) => 11,
        };
        return Bgp4Mp(time, session, subtype, Session(session).Bytes(message).Written);
    }

    /// <summary>An UPDATE in the width that the session has.</summary>
    public MrtWriter Update(
        Timestamp time, MrtSession session, PathAttributes? attributes = null,
        IReadOnlyList<Nlri>? announce = null, IReadOnlyList<Nlri>? withdraw = null) =>
        Message(time, session, MessageWriter.Update(attributes, announce, withdraw, session.WideAsns));

    /// <summary>BGP4MP_STATE_CHANGE, or _AS4.</summary>
    public MrtWriter StateChange(Timestamp time, MrtSession session, SessionState from, SessionState to) =>
        Bgp4Mp(time, session, session.WideAsns ? 5 : 0, Session(session).U16((int)from).U16((int)to).Written);

    /// <summary>PEER_INDEX_TABLE; the sequence numbers of RIB records start again at 0.</summary>
    public MrtWriter PeerIndexTable(Timestamp time, string collectorId, string viewName, IReadOnlyList<MrtPeer> peers)
    {
        byte[] name = System.Text.Encoding.UTF8.GetBytes(viewName);
        var body = new ByteWriter().Address(IpAddress.Parse(collectorId)).U16(name.Length).Bytes(name).U16(peers.Count);
        foreach (var peer in peers)
        {
            bool wide = peer.WideAsn || peer.Asn.Number > ushort.MaxValue;
            body.U8((peer.Address.Family is AddressFamily.IPv6 ? 1 : 0) | (wide ? 2 : 0));
            body.Address(peer.BgpId).Address(peer.Address).Asn(peer.Asn, wide);
        }
        _sequence = 0;
        return Record(time, TableDumpV2Type, 1, body.Written);
    }

    /// <summary>RIB_IPV4_UNICAST or RIB_IPV6_UNICAST; the ADD-PATH forms if the first entry has a path id.</summary>
    public MrtWriter Rib(Timestamp time, Prefix prefix, IReadOnlyList<MrtRibEntry> entries)
    {
        bool ipv6 = prefix.Family is AddressFamily.IPv6, addPath = entries is [{ PathId: not null }, ..];
        var body = new ByteWriter().U32(_sequence).Nlri(prefix).U16(entries.Count);
        foreach (var entry in entries)
        {
            byte[] attributes = entry.Attributes.ToArray();
            body.U16(entry.PeerIndex).U32((uint)entry.Originated.Seconds);
            if (addPath) body.U32(entry.PathId ?? 0);
            body.U16(attributes.Length).Bytes(attributes);
        }
        _sequence = unchecked(_sequence + 1);
        return Record(time, TableDumpV2Type, (ipv6 ? 4 : 2) + (addPath ? 6 : 0), body.Written);
    }

    /// <summary>TABLE_DUMP of the first version (RFC 6396 section 4.2): one route, two-octet AS numbers.</summary>
    public MrtWriter TableDump(
        Timestamp time, MrtPeer peer, Prefix prefix, PathAttributes attributes, Timestamp originated)
    {
        byte[] encoded = attributes.ToArray(wideAsns: false);
        var body = new ByteWriter()
            .U16(0).U16((int)(_sequence & 0xFFFF)).Address(prefix.Address).U8(prefix.Length).U8(1)
            .U32((uint)originated.Seconds).Address(peer.Address).Asn(peer.Asn, wide: false)
            .U16(encoded.Length).Bytes(encoded);
        _sequence = unchecked(_sequence + 1);
        return Record(time, TableDumpType, prefix.Family is AddressFamily.IPv6 ? 2 : 1, body.Written);
    }

    private MrtWriter Bgp4Mp(Timestamp time, MrtSession session, int subtype, ReadOnlySpan<byte> body)
    {
        if (!session.Microseconds) return Record(time, Bgp4MpType, subtype, body);
        uint microseconds = (uint)(time.Microseconds - time.Seconds * Timestamp.PerSecond);
        return Record(time, Bgp4MpEtType, subtype, new ByteWriter().U32(microseconds).Bytes(body).Written);
    }

    private static ByteWriter Session(MrtSession session) => new ByteWriter()
        .Asn(session.PeerAsn, session.WideAsns).Asn(session.LocalAsn, session.WideAsns)
        .U16(0).U16(session.Peer.Family is AddressFamily.IPv6 ? 2 : 1)
        .Address(session.Peer).Address(session.Local);
}
