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
        foreach (var peer in peers) WritePeer(body, peer);
        _sequence = 0;
        return Record(time, TableDumpV2Type, 1, body.Written);
    }

    /// <summary>
    /// GEO_PEER_TABLE (RFC 6397 section 4.1), with the peers of the index table in its order.
    /// </summary>
    /// <param name="repeating">With the view name and the peers' addresses and AS numbers, as some writers have it.</param>
    public MrtWriter GeoPeerTable(
        Timestamp time, string collectorId, (float Latitude, float Longitude) place, IReadOnlyList<MrtPeer> peers, bool repeating = false)
    {
        var body = new ByteWriter().Address(IpAddress.Parse(collectorId));
        if (repeating) body.U16(0);
        WritePlace(body, place).U16(peers.Count);
        foreach (var peer in peers)
        {
            if (repeating) WritePeer(body, peer);
            else body.U8(0).Address(peer.BgpId);
            WritePlace(body, peer.Place);
        }
        return Record(time, TableDumpV2Type, 7, body.Written);
    }

    /// <summary>RIB_IPV4_UNICAST or RIB_IPV6_UNICAST; the ADD-PATH forms if the first entry has a path id.</summary>
    public MrtWriter Rib(Timestamp time, Prefix prefix, IReadOnlyList<MrtRibEntry> entries, bool multicast = false)
    {
        bool ipv6 = prefix.Family is AddressFamily.IPv6, addPath = entries is [{ PathId: not null }, ..];
        var body = WriteEntries(new ByteWriter().U32(NextSequence()).Nlri(prefix), entries, addPath);
        return Record(time, TableDumpV2Type, (ipv6 ? 4 : 2) + (multicast ? 1 : 0) + (addPath ? 6 : 0), body.Written);
    }

    /// <summary>
    /// RIB_GENERIC (RFC 6396 section 4.3.3), or its ADD-PATH form, where the identifier stands with the prefix, or, as GoBGP and OpenBGPD
    /// write it, in each entry: where the first entry has one and the prefix has none.
    /// </summary>
    public MrtWriter RibGeneric(Timestamp time, Nlri nlri, IReadOnlyList<MrtRibEntry> entries, byte safi = 1)
    {
        var body = new ByteWriter().U32(NextSequence()).U16((int)nlri.Prefix.Family).U8(safi).Nlri(nlri);
        bool inEntries = nlri.PathId is null && entries is [{ PathId: not null }, ..];
        return Record(time, TableDumpV2Type, nlri.PathId is null && !inEntries ? 6 : 12, WriteEntries(body, entries, inEntries).Written);
    }

    /// <summary>TABLE_DUMP of the first version (RFC 6396 section 4.2): one route.</summary>
    /// <param name="wideAsns">AS numbers in four octets: the subtypes 3 and 4 of Quagga.</param>
    public MrtWriter TableDump(
        Timestamp time, MrtPeer peer, Prefix prefix, PathAttributes attributes, Timestamp originated, bool wideAsns = false)
    {
        var body = new ByteWriter().U16(0).U16((int)(NextSequence() & 0xFFFF));
        WriteRoute(body, peer, prefix, attributes.ToArray(wideAsns), originated, wideAsns);
        return Record(time, TableDumpType, (prefix.Family is AddressFamily.IPv6 ? 2 : 1) + (wideAsns ? 2 : 0), body.Written);
    }

    /// <summary>
    /// TABLE_DUMP as RIS wrote it in January 2000: many routes in a record, whose length is said four bytes short.
    /// </summary>
    public MrtWriter TableDumpBatch(
        Timestamp time, IReadOnlyList<(MrtPeer Peer, Prefix Prefix, PathAttributes Attributes)> routes, Timestamp originated)
    {
        var body = new ByteWriter().U16(0).U16((int)(NextSequence() & 0xFFFF));
        foreach (var (peer, prefix, attributes) in routes)
            WriteRoute(body, peer, prefix, attributes.ToArray(wideAsns: false), originated, wideAsns: false);
        _file.U32((uint)time.Seconds).U16(TableDumpType).U16(1).U32((uint)body.Length - 4).Bytes(body.Written);
        return this;
    }

    private static void WriteRoute(
        ByteWriter body, MrtPeer peer, Prefix prefix, byte[] attributes, Timestamp originated, bool wideAsns) => body
        .Address(prefix.Address).U8(prefix.Length).U8(1).U32((uint)originated.Seconds)
        .Address(peer.Address).Asn(peer.Asn, wideAsns).U16(attributes.Length).Bytes(attributes);

    private static void WritePeer(ByteWriter body, MrtPeer peer)
    {
        bool wide = peer.WideAsn || peer.Asn.Number > ushort.MaxValue;
        body.U8((peer.Address.Family is AddressFamily.IPv6 ? 1 : 0) | (wide ? 2 : 0));
        body.Address(peer.BgpId).Address(peer.Address).Asn(peer.Asn, wide);
    }

    private static ByteWriter WritePlace(ByteWriter body, (float Latitude, float Longitude) place) =>
        body.U32(BitConverter.SingleToUInt32Bits(place.Latitude)).U32(BitConverter.SingleToUInt32Bits(place.Longitude));

    private static ByteWriter WriteEntries(ByteWriter body, IReadOnlyList<MrtRibEntry> entries, bool addPath)
    {
        body.U16(entries.Count);
        foreach (var entry in entries)
        {
            byte[] attributes = entry.Attributes.ToArray();
            body.U16(entry.PeerIndex).U32((uint)entry.Originated.Seconds);
            if (addPath) body.U32(entry.PathId ?? 0);
            body.U16(attributes.Length).Bytes(attributes);
        }
        return body;
    }

    private uint NextSequence()
    {
        uint sequence = _sequence;
        _sequence = unchecked(_sequence + 1);
        return sequence;
    }

    private MrtWriter Bgp4Mp(Timestamp time, MrtSession session, int subtype, ReadOnlySpan<byte> body)
    {
        if (!session.Microseconds) return Record(time, Bgp4MpType, subtype, body);
        uint microseconds = (uint)(time.Microseconds - time.Seconds * Timestamp.PerSecond);
        return Record(time, Bgp4MpEtType, subtype, new ByteWriter().U32(microseconds).Bytes(body).Written);
    }

    private static ByteWriter Session(MrtSession session)
    {
        var writer = new ByteWriter().Asn(session.PeerAsn, session.WideAsns).Asn(session.LocalAsn, session.WideAsns);
        return session.WithoutAddresses ? writer
            : writer.U16(0).U16((int)session.Peer.Family).Address(session.Peer).Address(session.Local);
    }
}
