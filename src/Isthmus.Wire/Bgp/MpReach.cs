using System.Buffers.Binary;

namespace Isthmus.Wire.Bgp;

/// <summary>
/// MP_REACH_NLRI (RFC 4760 section 3): next hop and reachable prefixes, also those of IPv4 with an IPv6 next hop (RFC 8950 section 3).
/// A view, good as long as the bytes are.
/// </summary>
public readonly ref struct MpReach
{
    private readonly ReadOnlySpan<byte> _hop;

    /// <summary>Finds the parts of the attribute's value; what is wrong <see cref="Fault"/> tells.</summary>
    /// <param name="value">What follows the attribute's length.</param>
    /// <param name="abbreviated">True in TABLE_DUMP_V2, where it may be the next hop alone (RFC 6396 section 4.3.4).</param>
    public MpReach(ReadOnlySpan<byte> value, bool abbreviated)
    {
        Exists = true;
        var reader = new ByteReader(value);
        // In a dump the attribute is cut down to the next hop; some writers keep it whole. A whole one starts with
        // the upper byte of the AFI, which is zero; a next hop is never of length zero.
        if (abbreviated && value is not [0, ..])
        {
            _hop = reader.Take(reader.U8());
            Fault = reader.Fault;
            return;
        }
        Afi = reader.U16();
        Safi = reader.U8();
        _hop = reader.Take(reader.U8());
        // A next hop of another length hides where the prefixes start (RFC 7606 section 7.11).
        if (reader.Ok && NextHop.Family is AddressFamily.None && IsPlain(Afi, Safi))
            reader.FailBehind(_hop.Length + 1, FaultKind.BadLength, 16, (uint)_hop.Length);
        // Dumps that keep the head of the attribute may end it right here.
        if (reader.More || !abbreviated) reader.U8();
        NlriBytes = reader.Rest();
        Fault = reader.Fault;
    }

    /// <summary>The parts of a value that <see cref="AttributeCheck.Look"/> has found to be ordinary, whole, in an update.</summary>
    internal MpReach(ReadOnlySpan<byte> ordinary)
    {
        Exists = true;
        Afi = ordinary[1];
        Safi = ordinary[2];
        int hop = ordinary[3];
        _hop = ordinary.Slice(4, hop);
        NlriBytes = ordinary[(5 + hop)..];
    }

    /// <summary>False in <c>default</c>: there is no such attribute, and all else is empty or 0.</summary>
    public bool Exists { get; }

    /// <summary>1 IPv4, 2 IPv6, or the number of another; 0 where the attribute is abbreviated.</summary>
    public ushort Afi { get; }

    /// <summary>1 unicast, 2 multicast, or the number of another; 0 where the attribute is abbreviated.</summary>
    public byte Safi { get; }

    /// <summary>
    /// The global next hop: of 4, 16 or 32 bytes, or of 12, 24 or 48 with a route distinguisher, which is left out as the link-local one
    /// is (RFC 2545 section 3, RFC 4364 section 4.3.2); no address for another length.
    /// </summary>
    public IpAddress NextHop => HopOf(_hop);

    /// <summary>The prefixes, undecoded; empty where the attribute is abbreviated or there is a <see cref="Fault"/>.</summary>
    public ReadOnlySpan<byte> NlriBytes { get; }

    /// <summary>What is wrong with the parts (RFC 7606 section 7.11); its offset counts from the start of the value.</summary>
    public Fault Fault { get; }

    /// <summary>SAFI of routes for multicast alone (RFC 4760 section 6).</summary>
    internal const byte Multicast = 2;

    /// <summary>True for the families whose prefixes are a length and an address: IPv4 and IPv6, unicast, multicast or both.</summary>
    internal static bool IsPlain(ushort afi, byte safi) => afi is 1 or 2 && safi is 1 or 2 or 3;

    internal static IpAddress HopOf(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        12 => IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(bytes[8..])),
        16 or 32 => IpAddress.V6(bytes),
        24 or 48 => IpAddress.V6(bytes[8..]),
        _ => default,
    };
}

/// <summary>MP_UNREACH_NLRI (RFC 4760 section 4): prefixes that are withdrawn. A view, good as long as the bytes are.</summary>
public readonly ref struct MpUnreach
{
    /// <summary>Finds the parts of the attribute's value; what is wrong <see cref="Fault"/> tells.</summary>
    /// <param name="value">What follows the attribute's length.</param>
    public MpUnreach(ReadOnlySpan<byte> value)
    {
        Exists = true;
        var reader = new ByteReader(value);
        Afi = reader.U16();
        Safi = reader.U8();
        NlriBytes = reader.Rest();
        Fault = reader.Fault;
    }

    /// <summary>False in <c>default</c>: there is no such attribute, and all else is empty or 0.</summary>
    public bool Exists { get; }

    /// <summary>1 IPv4, 2 IPv6, or the number of another.</summary>
    public ushort Afi { get; }

    /// <summary>1 unicast, 2 multicast, or the number of another.</summary>
    public byte Safi { get; }

    /// <summary>The prefixes, undecoded; empty where there is a <see cref="Fault"/>.</summary>
    public ReadOnlySpan<byte> NlriBytes { get; }

    /// <summary>What is wrong with the parts (RFC 7606 section 7.12); its offset counts from the start of the value.</summary>
    public Fault Fault { get; }
}
