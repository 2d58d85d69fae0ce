using System.Buffers.Binary;

namespace Isthmus.Wire.Bgp;

/// <summary>Who formed an aggregate route: AGGREGATOR (RFC 4271 section 5.1.7).</summary>
/// <param name="Asn">The AS of the router that did.</param>
/// <param name="Address">That router's BGP identifier, as an IPv4 address.</param>
public readonly record struct Aggregator(Asn Asn, IpAddress Address);

/// <summary>
/// One path attribute (RFC 4271 section 4.3): its header read, its value still bytes, which are good as long as the block's are.
/// </summary>
public readonly ref struct PathAttribute
{
    internal PathAttribute(byte flags, byte code, ReadOnlySpan<byte> value)
    {
        Flags = flags;
        Code = code;
        Value = value;
    }

    /// <summary><see cref="AttributeFlags"/>; the lower four bits mean nothing.</summary>
    public byte Flags { get; }
    /// <summary><see cref="AttributeCode"/>, or the number of another attribute.</summary>
    public byte Code { get; }
    /// <summary>What follows the length; not judged.</summary>
    public ReadOnlySpan<byte> Value { get; }
}

/// <summary>
/// The path attributes of an UPDATE or RIB entry (RFC 4271 section 4.3): a view that decodes what is asked for, good as long as the
/// bytes are. Of two attributes of a code the first counts (RFC 7606 section 3 g). It does not judge: of a malformed attribute a number
/// or address is given as if there were none, a list leaves out what is no whole value, the path and the MP attributes tell themselves.
/// </summary>
/// <param name="bytes">The attribute block, without the length before it.</param>
/// <param name="wide">True where AS numbers take four octets, by what the session agreed on or the record says (RFC 6793).</param>
/// <param name="abbreviated">True in TABLE_DUMP_V2, where MP_REACH_NLRI may hold the next hop alone (RFC 6396 section 4.3.4).</param>
public readonly ref struct PathAttributes(ReadOnlySpan<byte> bytes, bool wide, bool abbreviated = false)
{
    /// <summary>The whole block, for those who keep equal blocks once.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>Walks the attributes in their order, known or not, twice where they stand twice.</summary>
    public Enumerator GetEnumerator() => new(Bytes);

    /// <summary>The value of the first attribute of a code, not judged; false, and no bytes, where there is none.</summary>
    public bool TryFind(AttributeCode code, out ReadOnlySpan<byte> value)
    {
        foreach (var attribute in this)
        {
            if (attribute.Code != (byte)code) continue;
            value = attribute.Value;
            return true;
        }
        value = default;
        return false;
    }

    /// <summary>True where AS numbers were said to take four octets.</summary>
    public bool IsWide => wide;

    /// <summary>True in TABLE_DUMP_V2, where MP_REACH_NLRI may hold the next hop alone (RFC 6396 section 4.3.4).</summary>
    public bool IsAbbreviated => abbreviated;

    /// <summary>
    /// The path, merged with AS4_PATH (RFC 6793 section 4.2.3); empty where there is none; see <see cref="AsPath.IsSound"/>.
    /// </summary>
    public AsPath AsPath
    {
        get
        {
            ReadOnlySpan<byte> path = default, as4 = default;
            bool found = false, ownAggregate = false, as4Aggregate = false;
            foreach (var attribute in this)
                if (attribute.Code == (byte)AttributeCode.AsPath && !found)
                {
                    path = attribute.Value;
                    found = true;
                    if (wide) break;
                }
                else if (attribute.Code == (byte)AttributeCode.As4Path && as4.IsEmpty)
                {
                    as4 = attribute.Value;
                }
                else if (attribute.Code == (byte)AttributeCode.Aggregator && attribute.Value.Length == 6)
                {
                    ownAggregate = BinaryPrimitives.ReadUInt16BigEndian(attribute.Value) != Asn.Trans.Number;
                }
                else if (attribute.Code == (byte)AttributeCode.As4Aggregator)
                {
                    as4Aggregate = true;
                }
            // A 2-octet speaker that aggregated anew left the AS4 attributes as they came: both are out of date.
            return new(path, wide, ownAggregate && as4Aggregate ? default : as4);
        }
    }

    /// <summary>
    /// ORIGIN (RFC 4271 section 5.1.1): 0 IGP, 1 EGP, 2 INCOMPLETE, others as they stand; null where it is missing or malformed.
    /// </summary>
    public byte? Origin => TryFind(AttributeCode.Origin, out var value) && value.Length == 1 ? value[0] : null;

    /// <summary>
    /// NEXT_HOP (RFC 4271 section 5.1.3), IPv4; no address where it is missing or malformed. Another is in <see cref="MpReach"/>.
    /// </summary>
    public IpAddress NextHop => TryFind(AttributeCode.NextHop, out var value) && value.Length == 4
        ? IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(value)) : default;

    /// <summary>MULTI_EXIT_DISC (RFC 4271 section 5.1.4): lower is nearer; null where it is missing or malformed.</summary>
    public uint? MultiExitDiscriminator => U32(AttributeCode.MultiExitDiscriminator);

    /// <summary>LOCAL_PREF (RFC 4271 section 5.1.5): higher is better; null where it is missing or malformed.</summary>
    public uint? LocalPreference => U32(AttributeCode.LocalPreference);

    /// <summary>
    /// AGGREGATOR (RFC 4271 section 5.1.7); AS4_AGGREGATOR speaks for AS_TRANS (RFC 6793 section 4.2.3). Null where it is missing or
    /// malformed.
    /// </summary>
    public Aggregator? Aggregator
    {
        get
        {
            if (!TryFind(AttributeCode.Aggregator, out var value) || value.Length is not (6 or 8)) return null;
            uint asn = value.Length == 8 ? BinaryPrimitives.ReadUInt32BigEndian(value) : BinaryPrimitives.ReadUInt16BigEndian(value);
            bool stands = value.Length == 8 || asn != Asn.Trans.Number;
            if (!stands && TryFind(AttributeCode.As4Aggregator, out var as4) && as4.Length == 8)
            {
                asn = BinaryPrimitives.ReadUInt32BigEndian(as4);
                value = as4;
            }
            return new(new(asn), IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(value[^4..])));
        }
    }

    /// <summary>Communities (RFC 1997); empty where there are none.</summary>
    public ValueList<Community> Communities => List<Community>(AttributeCode.Communities);

    /// <summary>Extended communities (RFC 4360 section 2); empty where there are none.</summary>
    public ValueList<ExtendedCommunity> ExtendedCommunities => List<ExtendedCommunity>(AttributeCode.ExtendedCommunities);

    /// <summary>IPv6 address specific extended communities (RFC 5701 section 2); empty where there are none.</summary>
    public ValueList<IPv6ExtendedCommunity> IPv6ExtendedCommunities => List<IPv6ExtendedCommunity>(AttributeCode.IPv6ExtendedCommunities);

    /// <summary>Large communities (RFC 8092 section 3); empty where there are none.</summary>
    public ValueList<LargeCommunity> LargeCommunities => List<LargeCommunity>(AttributeCode.LargeCommunities);

    /// <summary>
    /// The AS that marked the route as one for customers only (RFC 9234 section 5); null where it is missing or malformed.
    /// </summary>
    public Asn? OnlyToCustomer => U32(AttributeCode.OnlyToCustomer) is { } asn ? new(asn) : null;

    /// <summary>
    /// The metric of AIGP's first TLV of type 1 (RFC 7311 section 3), in units of the sender's network; null where there is none.
    /// </summary>
    public ulong? AccumulatedIgp
    {
        get
        {
            if (!TryFind(AttributeCode.AccumulatedIgp, out var value)) return null;
            while (value.Length >= 3)
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(value[1..]);
                if (length < 3 || length > value.Length) return null;
                if (value[0] == 1 && length == 11) return BinaryPrimitives.ReadUInt64BigEndian(value[3..]);
                value = value[length..];
            }
            return null;
        }
    }

    /// <summary>
    /// Which router of the peer's AS first announced the route there, as an IPv4 address (RFC 4456 section 8); no address for none.
    /// </summary>
    public IpAddress OriginatorId => U32(AttributeCode.OriginatorId) is { } bits ? IpAddress.V4(bits) : default;

    /// <summary>The clusters that the route was reflected through, the last first (RFC 4456 section 8); empty for none.</summary>
    public ValueList<ClusterId> ClusterList => List<ClusterId>(AttributeCode.ClusterList);

    /// <summary>True when the path of an aggregate may leave out ASes (RFC 4271 section 5.1.6).</summary>
    public bool AtomicAggregate => TryFind(AttributeCode.AtomicAggregate, out _);

    /// <summary>The reachable prefixes and next hop of MP_REACH_NLRI (RFC 4760 section 3); <c>default</c> where there is none.</summary>
    public MpReach MpReach => TryFind(AttributeCode.MpReach, out var value) ? new(value, abbreviated) : default;

    /// <summary>The unreachable prefixes of MP_UNREACH_NLRI (RFC 4760 section 4); <c>default</c> where there is none.</summary>
    public MpUnreach MpUnreach => TryFind(AttributeCode.MpUnreach, out var value) ? new(value) : default;

    private ValueList<T> List<T>(AttributeCode code) where T : IWireValue<T> => TryFind(code, out var value) ? new(value) : default;

    private uint? U32(AttributeCode code) =>
        TryFind(code, out var value) && value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    /// <summary>Walks the attributes; ends where the block does, or at a header that overruns it.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>True once the walk has ended at bytes that are no whole attribute (RFC 7606 section 4).</summary>
        public bool Overrun { get; private set; }

        /// <summary>Bytes that the attribute which overran would have needed, header and value; 0 where none did.</summary>
        public uint Needed { get; private set; }

        /// <summary>The attribute moved to.</summary>
        public PathAttribute Current { get; private set; }

        /// <summary>False after the last attribute, and at the first that overruns the block.</summary>
        public bool MoveNext()
        {
            var rest = _rest;
            if (rest.IsEmpty) return false;
            int header = (rest[0] & 0x10) != 0 ? 4 : 3;
            int length = rest.Length < header ? 0 : header == 4 ? BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) : rest[2];
            if (length > rest.Length - header)
            {
                Overrun = true;
                Needed = (uint)(header + length);
                return false;
            }
            Current = new(rest[0], rest[1], rest.Slice(header, length));
            _rest = rest[(header + length)..];
            return true;
        }
    }
}
