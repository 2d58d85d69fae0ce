using System.Buffers.Binary;
using System.Globalization;

using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Export.Dissection;

/// <summary>Takes BGP messages apart (RFC 4271 section 4).</summary>
internal static class MessageFields
{
    /// <summary>A whole message, from its marker on.</summary>
    public static void Walk(ref FieldWalk walk, bool wide, bool withPathIds)
    {
        walk.Take(16, "marker");
        int start = walk.At - 16;
        uint length = walk.Number(2, "message length");
        var type = (BgpMessageType)walk.Number(1, "message type", number => $"{number} {NameOf((BgpMessageType)number)}");
        if (!walk.Ok) return;
        var outer = walk.Enter(Math.Max(0, (int)length - (walk.At - start)));
        switch (type)
        {
            case BgpMessageType.Open:
                WalkOpen(ref walk);
                break;
            case BgpMessageType.Update:
                WalkUpdate(ref walk, wide, withPathIds);
                break;
            case BgpMessageType.Notification:
                walk.Number(1, "error code");
                walk.Number(1, "error subcode");
                walk.TakeRest("data");
                break;
            case BgpMessageType.RouteRefresh:
                WalkFamily(ref walk, hasGap: true);
                break;
        }
        walk.Leave(outer);
    }

    /// <summary>An UPDATE without its header.</summary>
    public static void WalkUpdate(ref FieldWalk walk, bool wide, bool withPathIds)
    {
        var update = new BgpUpdate(walk.Rest, wide, withPathIds);
        uint withdrawn = walk.Number(2, "withdrawn length");
        var outer = walk.Enter((int)withdrawn);
        WalkPrefixes(ref walk, AddressFamily.IPv4, update.Withdrawn.WithPathIds, "withdrawn");
        walk.Leave(outer);
        uint attributes = walk.Number(2, "attributes length");
        outer = walk.Enter((int)attributes);
        WalkAttributes(ref walk, new(walk.Rest, wide), update.MpAnnounced.WithPathIds || update.MpWithdrawn.WithPathIds);
        walk.Leave(outer);
        WalkPrefixes(ref walk, AddressFamily.IPv4, update.Announced.WithPathIds, "announced");
    }

    /// <summary>The attributes of an update or a RIB entry, which the walk stands before.</summary>
    public static void WalkAttributes(ref FieldWalk walk, PathAttributes attributes, bool withPathIds)
    {
        while (walk.More)
        {
            var rest = walk.Rest;
            bool isLong = (rest[0] & (byte)AttributeFlags.ExtendedLength) != 0;
            int header = isLong ? 4 : 3;
            if (rest.Length < header)
            {
                walk.Take(header, "attribute");
                return;
            }
            int length = isLong ? BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) : rest[2];
            byte code = rest[1];
            walk.Take(header, NameOf(code), Invariant($"code {code}, {FlagsOf(rest[0])}{length} {(length == 1 ? "byte" : "bytes")}"));
            if (length > walk.Left)
            {
                walk.Depth++;
                walk.Take(length, "value");
                walk.Depth--;
                return;
            }
            var outer = walk.Enter(length);
            AttributeFields.Walk(ref walk, (AttributeCode)code, attributes, withPathIds);
            walk.Leave(outer);
        }
    }

    /// <summary>Prefixes to the end of the part, with path identifiers where they have such (RFC 7911 section 3).</summary>
    public static void WalkPrefixes(ref FieldWalk walk, AddressFamily family, bool withPathIds, string name)
    {
        while (walk.More)
        {
            if (withPathIds) walk.Number(4, "path identifier");
            walk.Prefix(family, name);
        }
    }

    /// <summary>AFI and SAFI.</summary>
    public static (uint Afi, uint Safi) WalkFamily(ref FieldWalk walk, bool hasGap = false)
    {
        uint afi = walk.Number(2, "address family", number => number switch { 1 => "1 IPv4", 2 => "2 IPv6", _ => Invariant($"{number}") });
        if (hasGap) walk.Number(1, "reserved");
        uint safi = walk.Number(1, "subsequent family", number => number switch
        {
            1 => "1 unicast",
            2 => "2 multicast",
            3 => "3 unicast and multicast",
            _ => Invariant($"{number}"),
        });
        return (afi, safi);
    }

    private static void WalkOpen(ref FieldWalk walk)
    {
        walk.Number(1, "version");
        walk.Number(2, "my AS");
        walk.Number(2, "hold time", seconds => Invariant($"{seconds} s"));
        walk.Address(v6: false, "BGP identifier");
        uint length = walk.Number(1, "parameters length");
        var outer = walk.Enter((int)length);
        while (walk.More)
        {
            uint type = walk.Number(1, "parameter", number => number == 2 ? "2 capabilities" : Invariant($"{number}"));
            var parameter = walk.Enter((int)walk.Number(1, "parameter length"));
            while (type == 2 && walk.More)
            {
                walk.Number(1, "capability", CapabilityOf);
                uint bytes = walk.Number(1, "capability length");
                if (bytes > 0) walk.Take((int)bytes, "capability value");
            }
            walk.Leave(parameter);
        }
        walk.Leave(outer);
    }

    private static string CapabilityOf(uint code) => code switch
    {
        1 => "1 multiprotocol (RFC 4760)",
        2 => "2 route refresh (RFC 2918)",
        5 => "5 extended next hop (RFC 8950)",
        6 => "6 extended message (RFC 8654)",
        9 => "9 role (RFC 9234)",
        64 => "64 graceful restart (RFC 4724)",
        65 => "65 4-octet AS (RFC 6793)",
        69 => "69 ADD-PATH (RFC 7911)",
        70 => "70 enhanced route refresh (RFC 7313)",
        71 => "71 long-lived graceful restart (RFC 9494)",
        _ => Invariant($"{code}"),
    };

    private static string NameOf(BgpMessageType type) => type switch
    {
        BgpMessageType.Open => "OPEN",
        BgpMessageType.Update => "UPDATE",
        BgpMessageType.Notification => "NOTIFICATION",
        BgpMessageType.Keepalive => "KEEPALIVE",
        BgpMessageType.RouteRefresh => "ROUTE-REFRESH",
        _ => "not known",
    };

    private static string NameOf(byte code) => new Fault(FaultKind.BadValue, 0, Attribute: code).AttributeName ?? "attribute 0";

    private static string FlagsOf(byte flags)
    {
        string text = "";
        if ((flags & (byte)AttributeFlags.Optional) != 0) text += "optional ";
        if ((flags & (byte)AttributeFlags.Transitive) != 0) text += "transitive ";
        if ((flags & (byte)AttributeFlags.Partial) != 0) text += "partial ";
        return text.Length == 0 ? "" : text[..^1] + ", ";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
