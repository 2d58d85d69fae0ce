using System.Buffers.Binary;

namespace Isthmus.Wire.Bgp;

/// <summary>The codes of path attributes (IANA registry "BGP Path Attributes").</summary>
public enum AttributeCode : byte
{
    Origin = 1,
    AsPath = 2,
    NextHop = 3,
    MultiExitDiscriminator = 4,
    LocalPreference = 5,
    AtomicAggregate = 6,
    Aggregator = 7,
    Communities = 8,
    MpReach = 14,
    MpUnreach = 15,
    ExtendedCommunities = 16,
    As4Path = 17,
    As4Aggregator = 18,
    LargeCommunities = 32,
    OnlyToCustomer = 35,
}

/// <summary>One path attribute: its header read, its value still bytes.</summary>
public readonly ref struct PathAttribute(byte flags, byte code, ReadOnlySpan<byte> value)
{
    public byte Flags { get; } = flags;
    public byte Code { get; } = code;
    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>The path attributes of an UPDATE or RIB entry (RFC 4271 section 4.3): a view that decodes what is asked for.</summary>
/// <param name="bytes">The attribute block.</param>
/// <param name="wide">True where AS numbers take four octets.</param>
/// <param name="abbreviated">True in TABLE_DUMP_V2, where MP_REACH_NLRI may hold the next hop alone (RFC 6396 section 4.3.4).</param>
public readonly ref struct PathAttributes(ReadOnlySpan<byte> bytes, bool wide, bool abbreviated = false)
{
    /// <summary>The whole block, for those who keep equal blocks once.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public Enumerator GetEnumerator() => new(Bytes);

    /// <summary>The value of the first attribute of a code; false when there is none.</summary>
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

    /// <summary>The path, merged with AS4_PATH; empty where there is none.</summary>
    public AsPath AsPath
    {
        get
        {
            ReadOnlySpan<byte> path = default, as4 = default;
            foreach (var attribute in this)
                if (attribute.Code == (byte)AttributeCode.AsPath)
                {
                    path = attribute.Value;
                    if (wide) break;
                }
                else if (attribute.Code == (byte)AttributeCode.As4Path)
                {
                    as4 = attribute.Value;
                }
            return new(path, wide, as4);
        }
    }

    /// <summary>0 IGP, 1 EGP, 2 INCOMPLETE; null where the attribute is missing or malformed.</summary>
    public byte? Origin => TryFind(AttributeCode.Origin, out var value) && value.Length == 1 ? value[0] : null;

    /// <summary>The NEXT_HOP attribute; no address where it is missing.</summary>
    public IpAddress NextHop => TryFind(AttributeCode.NextHop, out var value) && value.Length == 4
        ? IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(value)) : default;

    public uint? MultiExitDiscriminator => U32(AttributeCode.MultiExitDiscriminator);

    public uint? LocalPreference => U32(AttributeCode.LocalPreference);

    public bool AtomicAggregate => TryFind(AttributeCode.AtomicAggregate, out _);

    /// <summary>The reachable prefixes and next hop of MP_REACH_NLRI (RFC 4760 section 3).</summary>
    public MpReach MpReach => TryFind(AttributeCode.MpReach, out var value) ? new(value, abbreviated) : default;

    /// <summary>The unreachable prefixes of MP_UNREACH_NLRI (RFC 4760 section 4).</summary>
    public MpUnreach MpUnreach => TryFind(AttributeCode.MpUnreach, out var value) ? new(value) : default;

    private uint? U32(AttributeCode code) =>
        TryFind(code, out var value) && value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    /// <summary>Walks the attributes; ends where the block does, or at a header that overruns it.</summary>
    public ref struct Enumerator(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        /// <summary>True when the bytes left are no whole attribute.</summary>
        public bool Overrun { get; private set; }

        public PathAttribute Current { get; private set; }

        public bool MoveNext()
        {
            var rest = _rest;
            if (rest.IsEmpty) return false;
            int header = (rest[0] & 0x10) != 0 ? 4 : 3;
            int length = rest.Length < header ? int.MaxValue
                : header == 4 ? BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) : rest[2];
            if (length > rest.Length - header)
            {
                Overrun = true;
                return false;
            }
            Current = new(rest[0], rest[1], rest.Slice(header, length));
            _rest = rest[(header + length)..];
            return true;
        }
    }
}
