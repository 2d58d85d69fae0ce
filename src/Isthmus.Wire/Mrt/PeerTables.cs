using System.Text;

namespace Isthmus.Wire.Mrt;

/// <summary>Reads what stands before the routes of a TABLE_DUMP_V2 file: who the peers are, and where.</summary>
internal static class PeerTables
{
    private const int GeoHeadBytes = 14, GeoPeerBytes = 13;

    /// <summary>PEER_INDEX_TABLE (RFC 6396 section 4.3.1).</summary>
    public static void ReadIndex(RouteEventReader file, scoped in MrtRecord record)
    {
        var reader = new ByteReader(record.Body, record.BodyOffset);
        reader.U32();
        string name = Encoding.UTF8.GetString(reader.Take(reader.U16()));
        int count = reader.U16();
        file.ViewName = name;
        file.PeerIndex = [];
        var entries = reader;
        var peers = ReadEntries(ref reader, count, localAlone: false, out bool isCutInside);
        if (!reader.Ok && ReadLocalAlone(entries, count, out var others, out var fault))
        {
            peers = others;
            file.Report(fault);
        }
        else
        {
            file.Report(reader.Fault);
            file.ReportTrailing(reader);
            // A wrong count leaves whole entries over, or too few; a wrong type shifts all behind it, and no peer can be told from it.
            if (isCutInside || reader.More && !IsWholeEntries(reader) && FitsWithAnotherType(entries.Unread, count)) peers = [];
        }
        file.PeerIndex = [.. peers.Select(peer => file.NumberOf(peer.Address, peer.Asn))];
    }

    private static List<MrtPeer> ReadEntries(scoped ref ByteReader reader, int count, bool localAlone, out bool isCutInside)
    {
        isCutInside = false;
        var peers = new List<MrtPeer>();
        while (reader.Ok && peers.Count < count)
        {
            isCutInside = reader.More;
            byte type = reader.U8();
            uint identifier = reader.U32();
            var rest = reader.Unread;
            bool isLocal = localAlone && identifier == 0 && rest.Length >= 4 && !rest[..4].ContainsAnyExcept((byte)0);
            var address = isLocal ? IpAddress.V4(0) : (type & 1) != 0 ? reader.V6() : IpAddress.V4(reader.U32());
            var asn = new Asn((type & 2) != 0 ? reader.U32() : reader.U16());
            if (reader.Ok) peers.Add(new(address, asn));
        }
        isCutInside &= !reader.Ok;
        return peers;
    }

    // Some writers leave the address out of the entry of the routes that the collector itself holds, whose BGP identifier and AS
    // are 0 (docs/standards.md). It is so where the table fits its count exactly then.
    private static bool ReadLocalAlone(ByteReader entries, int count, out List<MrtPeer> peers, out Fault fault)
    {
        fault = new(FaultKind.BadLength, entries.Offset, 13, 9, Treatment.None);
        peers = ReadEntries(ref entries, count, localAlone: true, out _);
        return entries.Ok && !entries.More;
    }

    private static int EntryBytes(int type) => 5 + ((type & 1) != 0 ? 16 : 4) + ((type & 2) != 0 ? 4 : 2);

    // True where the count of entries fills the table exactly if one of them has another type than it says.
    private static bool FitsWithAnotherType(ReadOnlySpan<byte> entries, int count)
    {
        // By place how many entries lead from there to the end; 0 for none.
        int[] left = new int[entries.Length + 1];
        for (int at = entries.Length - 1; at >= 0; at--)
        {
            int next = at + EntryBytes(entries[at]);
            if (next == entries.Length || next < entries.Length && left[next] > 0) left[at] = left[next] + 1;
        }
        for (int at = 0; count > 0 && at < entries.Length; at += EntryBytes(entries[at]), count--)
            for (int type = 0; type < 4; type++)
            {
                int next = at + EntryBytes(type);
                if (next <= entries.Length && left[next] == count - 1 && (count > 1 || next == entries.Length)) return true;
            }
        return false;
    }

    private static bool IsWholeEntries(ByteReader reader)
    {
        ReadEntries(ref reader, int.MaxValue, localAlone: false, out bool isCutInside);
        return !isCutInside;
    }

    /// <summary>
    /// GEO_PEER_TABLE (RFC 6397 section 4.1): places in the order of the peer index table. Some writers repeat the view
    /// name, and each peer's address and AS number, from that table: they are told apart by the length.
    /// </summary>
    public static void ReadPositions(RouteEventReader file, scoped in MrtRecord record)
    {
        var reader = new ByteReader(record.Body, record.BodyOffset);
        bool repeats = record.Body.Length < GeoHeadBytes
            || record.Body.Length != GeoHeadBytes + GeoPeerBytes * (record.Body[12] << 8 | record.Body[13]);
        reader.U32();
        if (repeats) reader.Take(reader.U16());
        int at = reader.Offset;
        var collector = ReadPosition(ref reader);
        if (reader.Ok) file.CollectorPosition = Judged(file, collector, at);
        int count = reader.U16();
        for (int place = 0; place < count && reader.Ok; place++)
        {
            int start = reader.Offset;
            byte type = reader.U8();
            reader.U32();
            int peer = repeats ? ReadPeer(ref reader, type, file) : file.NumberAt(place);
            at = reader.Offset;
            var position = ReadPosition(ref reader);
            if (!reader.Ok) break;
            if (peer >= 0) file.SetPosition(peer, Judged(file, position, at));
            else file.Report(new(file.PeerIndex.Length > 0 ? FaultKind.BadValue : FaultKind.NoPeerIndex, start));
        }
        file.Report(reader.Fault);
        file.ReportTrailing(reader);
    }

    private static int ReadPeer(ref ByteReader reader, byte type, RouteEventReader file)
    {
        var address = (type & 1) != 0 ? reader.V6() : IpAddress.V4(reader.U32());
        var asn = new Asn((type & 2) != 0 ? reader.U32() : reader.U16());
        return reader.Ok ? file.NumberOf(address, asn) : RouteEventReader.NoPeer;
    }

    private static GeoPosition ReadPosition(ref ByteReader reader) =>
        new(BitConverter.UInt32BitsToSingle(reader.U32()), BitConverter.UInt32BitsToSingle(reader.U32()));

    // Either both are on the globe, or both are not a number: private (RFC 6397 section 4.1).
    private static GeoPosition Judged(RouteEventReader file, GeoPosition position, int at)
    {
        if (position.IsKnown) return position;
        if (!float.IsNaN(position.Latitude) || !float.IsNaN(position.Longitude))
            file.Report(new(FaultKind.BadValue, at, 0, 0, Treatment.None));
        return GeoPosition.None;
    }
}
