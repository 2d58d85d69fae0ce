using System.Globalization;
using System.Text;

using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export.Dissection;

/// <summary>
/// Takes the records of one file apart, field by field (RFC 6396, RFC 6397, RFC 8050), in their order: RIB records refer to the
/// peer index table before them.
/// </summary>
public sealed class Dissector
{
    private readonly List<string> _peers = [];

    /// <summary>The fields of a record, front to back; bytes that no field has are there as well.</summary>
    public IReadOnlyList<DissectedField> Dissect(in MrtRecord record)
    {
        var fields = new List<DissectedField>();
        var walk = new FieldWalk(record.Bytes, fields);
        walk.Number(4, "seconds", seconds => $"{seconds}, {Timestamp.FromSeconds(seconds)}");
        var type = (MrtType)walk.Number(2, "type", number => $"{number} {MrtNames.NameOf((MrtType)number) ?? "not known"}");
        walk.Number(2, "subtype", number => $"{number} {MrtNames.NameOf(type, (int)number) ?? "not known"}");
        walk.Number(4, "length");
        if (type is MrtType.Bgp4MpEt) walk.Number(4, "microseconds");
        WalkBody(ref walk, record);
        walk.TakeRest("not decoded");
        return fields;
    }

    private void WalkBody(ref FieldWalk walk, scoped in MrtRecord record)
    {
        var type = record.Type;
        int subtype = record.Subtype;
        switch (type)
        {
            case MrtType.TableDumpV2 when subtype == 1:
                WalkIndex(ref walk);
                break;
            case MrtType.TableDumpV2 when subtype == 7:
                WalkPositions(ref walk);
                break;
            case MrtType.TableDumpV2 when subtype <= 12:
                WalkRib(ref walk, subtype, record.HasPathIdsInEntries);
                break;
            case MrtType.TableDump when subtype is >= 1 and <= 4:
                WalkTableDump(ref walk, v6: subtype is 2 or 4, wide: subtype is 3 or 4);
                break;
            case MrtType.Bgp4Mp or MrtType.Bgp4MpEt when subtype is 2:
                WalkEntry(ref walk);
                break;
            case MrtType.Bgp4Mp or MrtType.Bgp4MpEt when subtype is not 3 and <= 11:
                WalkSession(ref walk, subtype);
                break;
            case MrtType.Bgp or MrtType.Bgp4Plus or MrtType.Bgp4Plus01 when subtype is 1 or 3:
                WalkEarly(ref walk, subtype, v6: type is not MrtType.Bgp);
                break;
        }
    }

    private void WalkIndex(ref FieldWalk walk)
    {
        _peers.Clear();
        walk.Address(v6: false, "collector");
        int length = (int)walk.Number(2, "view name length");
        walk.Take(length, "view name", length <= walk.Left ? Encoding.UTF8.GetString(walk.Rest[..length]) : "");
        uint count = walk.Number(2, "peers");
        for (int place = 0; place < count && walk.More; place++)
        {
            walk.Heading(Invariant($"peer {place}"));
            walk.Depth++;
            _peers.Add(WalkPeer(ref walk));
            walk.Depth--;
        }
    }

    private static string WalkPeer(ref FieldWalk walk)
    {
        uint type = walk.Number(1, "peer type", bits => ((bits & 1) != 0 ? "IPv6" : "IPv4") + ((bits & 2) != 0 ? ", 4-octet AS" : ", 2-octet AS"));
        walk.Address(v6: false, "BGP identifier");
        var address = walk.Address((type & 1) != 0, "address");
        uint asn = walk.Number((type & 2) != 0 ? 4 : 2, "AS");
        return Invariant($"{address} AS{asn}");
    }

    private static void WalkPositions(ref FieldWalk walk)
    {
        // Told apart as the reader does: by the length that places alone would have.
        var rest = walk.Rest;
        bool repeats = rest.Length < 14 || rest.Length != 14 + 13 * (rest[12] << 8 | rest[13]);
        walk.Address(v6: false, "collector");
        if (repeats) walk.Take((int)walk.Number(2, "view name length"), "view name");
        WalkPosition(ref walk);
        uint count = walk.Number(2, "peers");
        for (int place = 0; place < count && walk.More; place++)
        {
            walk.Heading(Invariant($"peer {place}"));
            walk.Depth++;
            if (repeats)
            {
                WalkPeer(ref walk);
            }
            else
            {
                walk.Number(1, "peer type");
                walk.Address(v6: false, "BGP identifier");
            }
            WalkPosition(ref walk);
            walk.Depth--;
        }
    }

    private static void WalkPosition(ref FieldWalk walk)
    {
        walk.Number(4, "latitude", Degrees);
        walk.Number(4, "longitude", Degrees);
    }

    private static string Degrees(uint bits) =>
        BitConverter.UInt32BitsToSingle(bits) is var degrees && float.IsNaN(degrees) ? "private" : Invariant($"{degrees}");

    private void WalkRib(ref FieldWalk walk, int subtype, bool withPathIds)
    {
        walk.Number(4, "sequence");
        bool v6 = subtype is 4 or 5 or 10 or 11;
        if (subtype is 6 or 12)
        {
            var (afi, safi) = MessageFields.WalkFamily(ref walk);
            if (walk.Ok && (afi is not (1 or 2) || safi is not (1 or 2 or 3)))
            {
                walk.TakeRest("not decoded: routes of this family");
                return;
            }
            v6 = afi == 2;
        }
        if (subtype is 12 && !withPathIds) walk.Number(4, "path identifier");
        walk.Prefix(v6 ? AddressFamily.IPv6 : AddressFamily.IPv4, "prefix");
        uint count = walk.Number(2, "entries");
        for (int place = 0; place < count && walk.More; place++)
        {
            walk.Heading(Invariant($"entry {place}"));
            walk.Depth++;
            walk.Number(2, "peer", PeerOf);
            walk.Number(4, "originated", seconds => $"{seconds}, {Timestamp.FromSeconds(seconds)}");
            if (withPathIds) walk.Number(4, "path identifier");
            WalkAttributes(ref walk, wide: true, abbreviated: true);
            walk.Depth--;
        }
    }

    private string PeerOf(uint place) => place < _peers.Count ? $"{place}, {_peers[(int)place]}" : $"{place}, which the index table does not have";

    private static void WalkTableDump(ref FieldWalk walk, bool v6, bool wide)
    {
        walk.Number(2, "view");
        walk.Number(2, "sequence");
        // Records of January 2000 hold many.
        while (walk.More)
        {
            walk.Address(v6, "prefix");
            walk.Number(1, "prefix length");
            walk.Number(1, "status");
            walk.Number(4, "originated", seconds => $"{seconds}, {Timestamp.FromSeconds(seconds)}");
            walk.Address(v6, "peer");
            walk.Number(wide ? 4 : 2, "peer AS");
            WalkAttributes(ref walk, wide, abbreviated: false);
        }
    }

    private static void WalkSession(ref FieldWalk walk, int subtype)
    {
        bool wide = subtype is 4 or 5 or 7 or 9 or 11, isState = subtype is 0 or 5;
        walk.Number(wide ? 4 : 2, "peer AS");
        walk.Number(wide ? 4 : 2, "local AS");
        // Old Zebra left the addresses out.
        bool isShort = isState ? walk.Left == 4 : walk.Left >= 16 && !walk.Rest[..16].ContainsAnyExcept((byte)0xff);
        if (!isShort)
        {
            walk.Number(2, "interface");
            bool v6 = walk.Number(2, "address family", number => number switch { 1 => "1 IPv4", 2 => "2 IPv6", _ => $"{number}, which is none" }) == 2;
            walk.Address(v6, "peer");
            walk.Address(v6, "local");
        }
        if (isState) WalkStates(ref walk);
        else if (walk.Ok) MessageFields.Walk(ref walk, wide, withPathIds: subtype >= 8);
    }

    private static void WalkEarly(ref FieldWalk walk, int subtype, bool v6)
    {
        walk.Number(2, "peer AS");
        walk.Address(v6, "peer");
        if (subtype is 3)
        {
            WalkStates(ref walk);
            return;
        }
        walk.Number(2, "local AS");
        walk.Address(v6, "local");
        bool hasHeader = walk.Left >= 16 && !walk.Rest[..16].ContainsAnyExcept((byte)0xff);
        if (hasHeader) MessageFields.Walk(ref walk, wide: false, withPathIds: false);
        else if (walk.Ok) MessageFields.WalkUpdate(ref walk, wide: false, withPathIds: false);
    }

    private static void WalkEntry(ref FieldWalk walk)
    {
        walk.Number(2, "peer AS");
        walk.Number(2, "local AS");
        walk.Number(2, "interface");
        bool v6 = walk.Number(2, "address family") == 2;
        walk.Address(v6, "peer");
        walk.Address(v6, "local");
        walk.Number(2, "view");
        walk.Number(2, "status");
        walk.Number(4, "originated", seconds => $"{seconds}, {Timestamp.FromSeconds(seconds)}");
        uint afi = MessageFields.WalkFamily(ref walk).Afi;
        walk.Take((int)walk.Number(1, "next hop length"), "next hop");
        walk.Prefix(afi == 2 ? AddressFamily.IPv6 : AddressFamily.IPv4, "prefix");
        WalkAttributes(ref walk, wide: false, abbreviated: true);
    }

    private static void WalkStates(ref FieldWalk walk)
    {
        walk.Number(2, "old state", StateOf);
        walk.Number(2, "new state", StateOf);
    }

    private static string StateOf(uint state) => state switch
    {
        1 => "1 Idle",
        2 => "2 Connect",
        3 => "3 Active",
        4 => "4 OpenSent",
        5 => "5 OpenConfirm",
        6 => "6 Established",
        7 => "7 Clearing",
        8 => "8 Deleted",
        _ => $"{state}",
    };

    private static void WalkAttributes(ref FieldWalk walk, bool wide, bool abbreviated)
    {
        var attributes = walk.Enter((int)walk.Number(2, "attributes length"));
        MessageFields.WalkAttributes(ref walk, new PathAttributes(walk.Rest, wide, abbreviated), withPathIds: false);
        walk.Leave(attributes);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
