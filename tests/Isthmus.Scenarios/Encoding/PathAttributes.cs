using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>ORIGIN's values (RFC 4271 section 4.3).</summary>
public enum OriginCode : byte
{
    Igp = 0,
    Egp = 1,
    Incomplete = 2,
}

/// <summary>
/// The path attributes of a route, written in the order called:
/// <c>new PathAttributes().Origin().AsPath("2914 4837 131279").NextHop("192.0.2.1")</c>. One object serves
/// two-octet and four-octet sessions: the width is chosen when the bytes are made.
/// </summary>
public sealed class PathAttributes
{
    private const byte WellKnown = 0x40, Optional = 0x80, OptionalTransitive = 0xC0, ExtendedLength = 0x10;

    private readonly List<(byte Flags, byte Code, Func<bool, byte[]?> Value)> _attributes = [];

    /// <summary>The usual three: ORIGIN IGP, AS_PATH, NEXT_HOP; an IPv6 next hop is left to MP_REACH.</summary>
    public static PathAttributes Route(string path, string nextHop)
    {
        var attributes = new PathAttributes().Origin().AsPath(path, withAs4Path: true);
        return IpAddress.Parse(nextHop).Family is AddressFamily.IPv4 ? attributes.NextHop(nextHop) : attributes;
    }

    public PathAttributes Origin(OriginCode code = OriginCode.Igp) => Fixed(WellKnown, 1, [(byte)code]);

    /// <summary>AS_PATH, in the text of <see cref="PathText"/>.</summary>
    /// <param name="withAs4Path">On a two-octet session AS4_PATH too, where a number does not fit (RFC 6793).</param>
    public PathAttributes AsPath(string path, bool withAs4Path = false)
    {
        var segments = PathText.Parse(path);
        Add(WellKnown, 2, wide => PathText.Encode(segments, wide));
        if (withAs4Path && segments.Any(segment => segment.Asns.Any(asn => asn.Number > ushort.MaxValue)))
            Add(OptionalTransitive, 17, wide => wide ? null : PathText.Encode(segments, wide: true));
        return this;
    }

    public PathAttributes NextHop(string address) => Fixed(WellKnown, 3, Bytes(address));

    public PathAttributes Med(uint value) => Fixed(Optional, 4, new ByteWriter().U32(value));

    public PathAttributes LocalPref(uint value) => Fixed(WellKnown, 5, new ByteWriter().U32(value));

    public PathAttributes AtomicAggregate() => Fixed(WellKnown, 6, []);

    public PathAttributes Aggregator(uint asn, string address) =>
        Add(OptionalTransitive, 7,
            wide => new ByteWriter().Asn(new(asn), wide).Address(IpAddress.Parse(address)).ToArray());

    /// <summary>COMMUNITIES (RFC 1997), each as <c>65535:666</c>.</summary>
    public PathAttributes Communities(params string[] communities)
    {
        var writer = new ByteWriter();
        foreach (string community in communities)
            foreach (uint part in Numbers(community, 2)) writer.U16((int)part);
        return Fixed(OptionalTransitive, 8, writer);
    }

    public PathAttributes OriginatorId(string address) => Fixed(Optional, 9, Bytes(address));

    public PathAttributes ClusterList(params string[] addresses)
    {
        var writer = new ByteWriter();
        foreach (string address in addresses) writer.Address(IpAddress.Parse(address));
        return Fixed(Optional, 10, writer);
    }

    /// <summary>EXTENDED COMMUNITIES (RFC 4360), each as its eight bytes in one number.</summary>
    public PathAttributes ExtendedCommunities(params ulong[] communities)
    {
        var writer = new ByteWriter();
        foreach (ulong community in communities)
            writer.U32((uint)(community >> 32)).U32((uint)(community & uint.MaxValue));
        return Fixed(OptionalTransitive, 16, writer);
    }

    public PathAttributes As4Path(string path) =>
        Fixed(OptionalTransitive, 17, PathText.Encode(PathText.Parse(path), wide: true));

    public PathAttributes As4Aggregator(uint asn, string address) =>
        Fixed(OptionalTransitive, 18, new ByteWriter().U32(asn).Address(IpAddress.Parse(address)));

    /// <summary>IPV6_EXTENDED_COMMUNITIES (RFC 5701), each of twenty bytes.</summary>
    public PathAttributes IPv6ExtendedCommunities(params byte[][] communities) =>
        Fixed(OptionalTransitive, 25, [.. communities.SelectMany(community => community)]);

    /// <summary>AIGP (RFC 7311): one TLV of type 1.</summary>
    public PathAttributes AccumulatedIgp(ulong metric) =>
        Fixed(Optional, 26, new ByteWriter().U8(1).U16(11).U32((uint)(metric >> 32)).U32((uint)(metric & uint.MaxValue)));

    /// <summary>LARGE_COMMUNITY (RFC 8092), each as <c>64496:1:2</c>.</summary>
    public PathAttributes LargeCommunities(params string[] communities)
    {
        var writer = new ByteWriter();
        foreach (string community in communities)
            foreach (uint part in Numbers(community, 3)) writer.U32(part);
        return Fixed(OptionalTransitive, 32, writer);
    }

    /// <summary>ONLY_TO_CUSTOMER (RFC 9234).</summary>
    public PathAttributes OnlyToCustomer(uint asn) => Fixed(OptionalTransitive, 35, new ByteWriter().U32(asn));

    /// <summary>MP_REACH_NLRI for unicast (RFC 4760), its family that of the prefixes.</summary>
    /// <param name="nextHop">One address, or global and link-local with a space between.</param>
    public PathAttributes MpReach(string nextHop, params Nlri[] prefixes) => MpReach(1, nextHop, prefixes);

    /// <summary>The same with a subsequent family: 1 unicast, 2 multicast.</summary>
    public PathAttributes MpReach(byte safi, string nextHop, params Nlri[] prefixes)
    {
        var writer = new ByteWriter().U16((int)FamilyOf(prefixes)).U8(safi);
        WriteNextHop(writer, nextHop).U8(0);
        foreach (var nlri in prefixes) writer.Nlri(nlri);
        return Fixed(Optional, 14, writer);
    }

    /// <summary>MP_REACH_NLRI with a next hop of bytes: with a route distinguisher, or of another family (RFC 8950).</summary>
    public PathAttributes MpReachRaw(ushort afi, byte safi, byte[] nextHop, params Nlri[] prefixes)
    {
        var writer = new ByteWriter().U16(afi).U8(safi).U8(nextHop.Length).Bytes(nextHop).U8(0);
        foreach (var nlri in prefixes) writer.Nlri(nlri);
        return Fixed(Optional, 14, writer);
    }

    /// <summary>MP_REACH_NLRI as RIB entries hold it: next hop alone (RFC 6396 section 4.3.4).</summary>
    public PathAttributes MpReachNextHop(string nextHop) =>
        Fixed(Optional, 14, WriteNextHop(new ByteWriter(), nextHop));

    /// <summary>MP_UNREACH_NLRI for unicast; no prefixes make an end-of-RIB mark for IPv6 (RFC 4724).</summary>
    public PathAttributes MpUnreach(params Nlri[] prefixes) => MpUnreach(1, prefixes);

    /// <summary>The same with a subsequent family: 1 unicast, 2 multicast.</summary>
    public PathAttributes MpUnreach(byte safi, params Nlri[] prefixes)
    {
        var writer = new ByteWriter().U16((int)FamilyOf(prefixes)).U8(safi);
        foreach (var nlri in prefixes) writer.Nlri(nlri);
        return Fixed(Optional, 15, writer);
    }

    /// <summary>Any attribute as raw bytes, right or wrong; its length in two bytes where flags or size ask.</summary>
    public PathAttributes Raw(byte flags, byte code, params byte[] value) => Fixed(flags, code, value);

    /// <summary>The attributes in a row.</summary>
    /// <param name="wideAsns">AS numbers in four octets.</param>
    public byte[] ToArray(bool wideAsns = true)
    {
        var writer = new ByteWriter();
        foreach (var (flags, code, encode) in _attributes)
        {
            if (encode(wideAsns) is not { } value) continue;
            bool extended = value.Length > byte.MaxValue || (flags & ExtendedLength) != 0;
            writer.U8(extended ? flags | ExtendedLength : flags).U8(code);
            if (extended) writer.U16(value.Length); else writer.U8(value.Length);
            writer.Bytes(value);
        }
        return writer.ToArray();
    }

    private static ByteWriter Bytes(string address) => new ByteWriter().Address(IpAddress.Parse(address));

    private static AddressFamily FamilyOf(Nlri[] prefixes) =>
        prefixes is [var first, ..] ? first.Prefix.Family : AddressFamily.IPv6;

    private static ByteWriter WriteNextHop(ByteWriter writer, string nextHop)
    {
        var addresses = nextHop.Split(' ').Select(word => IpAddress.Parse(word)).ToList();
        writer.U8(addresses.Sum(address => address.Family is AddressFamily.IPv4 ? 4 : 16));
        foreach (var address in addresses) writer.Address(address);
        return writer;
    }

    private static IEnumerable<uint> Numbers(string community, int count) =>
        community.Split(':') is var parts && parts.Length == count
            ? parts.Select(part => Asn.Parse(part).Number)
            : throw new FormatException($"'{community}' has not {count} parts");

    private PathAttributes Fixed(byte flags, byte code, ByteWriter value) => Fixed(flags, code, value.ToArray());

    private PathAttributes Fixed(byte flags, byte code, byte[] value) => Add(flags, code, _ => value);

    private PathAttributes Add(byte flags, byte code, Func<bool, byte[]?> value)
    {
        _attributes.Add((flags, code, value));
        return this;
    }
}
