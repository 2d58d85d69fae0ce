using System.Buffers.Binary;

namespace Isthmus.Wire.Bgp;

/// <summary>MP_REACH_NLRI (RFC 4760 section 3): next hop and reachable prefixes of another family.</summary>
public readonly ref struct MpReach
{
    public MpReach(ReadOnlySpan<byte> value, bool abbreviated)
    {
        Exists = true;
        var reader = new ByteReader(value);
        // In a dump the attribute is cut down to the next hop; some writers keep it whole. A whole one starts with
        // the upper byte of the AFI, which is zero; a next hop is never of length zero.
        if (abbreviated && value is not [0, ..])
        {
            NextHop = HopOf(reader.Take(reader.U8()));
            Fault = reader.Fault;
            return;
        }
        Afi = reader.U16();
        Safi = reader.U8();
        NextHop = HopOf(reader.Take(reader.U8()));
        reader.U8();
        NlriBytes = reader.Rest();
        Fault = reader.Fault;
    }

    public bool Exists { get; }

    /// <summary>1 IPv4, 2 IPv6.</summary>
    public ushort Afi { get; }

    /// <summary>1 unicast, 2 multicast.</summary>
    public byte Safi { get; }

    /// <summary>The global next hop: of 4, 16 or 32 bytes, or of 12, 24 or 48 with a route distinguisher.</summary>
    public IpAddress NextHop { get; }

    public ReadOnlySpan<byte> NlriBytes { get; }

    public Fault Fault { get; }

    private static IpAddress HopOf(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        12 => IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(bytes[8..])),
        16 or 32 => IpAddress.V6(bytes),
        24 or 48 => IpAddress.V6(bytes[8..]),
        _ => default,
    };
}

/// <summary>MP_UNREACH_NLRI (RFC 4760 section 4): prefixes of another family that are withdrawn.</summary>
public readonly ref struct MpUnreach
{
    public MpUnreach(ReadOnlySpan<byte> value)
    {
        Exists = true;
        var reader = new ByteReader(value);
        Afi = reader.U16();
        Safi = reader.U8();
        NlriBytes = reader.Rest();
        Fault = reader.Fault;
    }

    public bool Exists { get; }

    public ushort Afi { get; }

    public byte Safi { get; }

    public ReadOnlySpan<byte> NlriBytes { get; }

    public Fault Fault { get; }
}
