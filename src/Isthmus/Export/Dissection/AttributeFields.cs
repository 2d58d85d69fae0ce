using System.Buffers.Binary;
using System.Globalization;

using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Export.Dissection;

/// <summary>Takes the value of a path attribute apart, which is all that the walk stands in.</summary>
internal static class AttributeFields
{
    public static void Walk(ref FieldWalk walk, AttributeCode code, PathAttributes attributes, bool withPathIds)
    {
        switch (code)
        {
            case AttributeCode.Origin:
                walk.Number(1, "origin", number => number switch { 0 => "0 IGP", 1 => "1 EGP", 2 => "2 INCOMPLETE", _ => $"{number}, which is none" });
                break;
            case AttributeCode.AsPath:
                WalkPath(ref walk, new AsPath(walk.Rest, attributes.IsWide).IsOtherWidth ? !attributes.IsWide : attributes.IsWide);
                break;
            case AttributeCode.As4Path:
                WalkPath(ref walk, wide: true);
                break;
            case AttributeCode.NextHop or AttributeCode.OriginatorId:
                walk.Address(v6: false, code is AttributeCode.NextHop ? "next hop" : "router");
                break;
            case AttributeCode.MultiExitDiscriminator:
                walk.Number(4, "MED");
                break;
            case AttributeCode.LocalPreference:
                walk.Number(4, "local preference");
                break;
            case AttributeCode.OnlyToCustomer:
                walk.Number(4, "AS");
                break;
            case AttributeCode.Aggregator or AttributeCode.As4Aggregator:
                walk.Number(walk.Left == 6 ? 2 : 4, "aggregator AS");
                walk.Address(v6: false, "aggregator");
                break;
            case AttributeCode.AccumulatedIgp:
                WalkTlvs(ref walk);
                break;
            case AttributeCode.MpReach:
                WalkReach(ref walk, attributes.IsAbbreviated, withPathIds);
                break;
            case AttributeCode.MpUnreach:
                WalkMpPrefixes(ref walk, MessageFields.WalkFamily(ref walk), withPathIds, "withdrawn");
                break;
            default:
                WalkValues(ref walk, code);
                break;
        }
    }

    private static void WalkPath(ref FieldWalk walk, bool wide)
    {
        while (walk.More)
        {
            uint type = walk.Number(1, "segment", number => number switch
            {
                1 => "1 AS_SET",
                2 => "2 AS_SEQUENCE",
                3 => "3 AS_CONFED_SEQUENCE",
                4 => "4 AS_CONFED_SET",
                _ => $"{number}, which is none",
            });
            uint count = walk.Number(1, "hops");
            int size = wide ? 4 : 2, bytes = (int)count * size;
            var hops = walk.Rest[..Math.Min(bytes, walk.Left)];
            var texts = new List<string>();
            for (; hops.Length >= size; hops = hops[size..])
                texts.Add((wide ? BinaryPrimitives.ReadUInt32BigEndian(hops) : BinaryPrimitives.ReadUInt16BigEndian(hops))
                    .ToString(CultureInfo.InvariantCulture));
            walk.Take(bytes, "ASes", string.Join(type is 1 or 4 ? "," : " ", texts));
        }
    }

    private static void WalkReach(ref FieldWalk walk, bool abbreviated, bool withPathIds)
    {
        // A next hop is never of length 0, and the upper byte of an AFI is (RFC 6396 section 4.3.4).
        bool isWhole = !abbreviated || walk.Rest is [0, ..];
        var family = isWhole ? MessageFields.WalkFamily(ref walk) : default;
        int length = (int)walk.Number(1, "next hop length");
        var hop = walk.Rest[..Math.Min(length, walk.Left)];
        string text = hop.Length switch
        {
            4 => IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(hop)).ToString(),
            16 => IpAddress.V6(hop).ToString(),
            32 => $"{IpAddress.V6(hop)}, link-local {IpAddress.V6(hop[16..])}",
            12 => $"{IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(hop[8..]))} behind a route distinguisher",
            24 => $"{IpAddress.V6(hop[8..])} behind a route distinguisher",
            _ => "",
        };
        walk.Take(length, "next hop", text);
        if (!isWhole || !walk.More) return;
        walk.Number(1, "reserved");
        WalkMpPrefixes(ref walk, family, withPathIds, "announced");
    }

    private static void WalkMpPrefixes(ref FieldWalk walk, (uint Afi, uint Safi) family, bool withPathIds, string name)
    {
        if (family.Afi is 1 or 2 && family.Safi is 1 or 2 or 3)
            MessageFields.WalkPrefixes(ref walk, family.Afi is 2 ? AddressFamily.IPv6 : AddressFamily.IPv4, withPathIds, name);
        else walk.TakeRest(name + ", of another family");
    }

    private static void WalkTlvs(ref FieldWalk walk)
    {
        while (walk.More)
        {
            uint type = walk.Number(1, "type", number => number == 1 ? "1 accumulated IGP metric" : $"{number}");
            int length = Math.Max(0, (int)walk.Number(2, "length, with type and length") - 3);
            string metric = type == 1 && length == 8 && walk.Left >= 8
                ? BinaryPrimitives.ReadUInt64BigEndian(walk.Rest).ToString(CultureInfo.InvariantCulture) : "";
            walk.Take(length, "metric", metric);
        }
    }

    private static void WalkValues(ref FieldWalk walk, AttributeCode code)
    {
        string name = code is AttributeCode.ClusterList ? "cluster" : "community";
        int size = code switch
        {
            AttributeCode.Communities => Community.Size,
            AttributeCode.ClusterList => ClusterId.Size,
            AttributeCode.ExtendedCommunities => ExtendedCommunity.Size,
            AttributeCode.LargeCommunities => LargeCommunity.Size,
            AttributeCode.IPv6ExtendedCommunities => IPv6ExtendedCommunity.Size,
            _ => 0,
        };
        if (size == 0)
        {
            walk.TakeRest("value, kept as it is");
            return;
        }
        while (walk.More)
        {
            var one = walk.Rest;
            walk.Take(size, name, one.Length < size ? "" : code switch
            {
                AttributeCode.Communities => Community.Read(one).ToString(),
                AttributeCode.ClusterList => ClusterId.Read(one).ToString(),
                AttributeCode.ExtendedCommunities => ExtendedCommunity.Read(one).ToString(),
                AttributeCode.LargeCommunities => LargeCommunity.Read(one).ToString(),
                _ => IPv6ExtendedCommunity.Read(one).ToString(),
            });
        }
    }
}
