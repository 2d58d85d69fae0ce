using System.Buffers.Binary;

using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Export;

/// <summary>The attributes of one element, found in one pass: of two of a kind the first counts (RFC 7606 section 3 g).</summary>
internal readonly ref struct AttributeView
{
    private readonly ReadOnlySpan<byte> _aggregator, _as4Aggregator;
    private readonly MpReach _mpReach;
    private readonly ulong _seen;

    /// <param name="nextHop">The next hop that the record states outside the attributes; no address for none.</param>
    public AttributeView(PathAttributes attributes, IpAddress nextHop = default)
    {
        All = attributes;
        NextHop = nextHop;
        foreach (var attribute in attributes)
        {
            if (attribute.Code >= 64 || (_seen >> attribute.Code & 1) != 0) continue;
            _seen |= 1UL << attribute.Code;
            var value = attribute.Value;
            switch ((AttributeCode)attribute.Code)
            {
                case AttributeCode.Origin when value.Length == 1:
                    OriginAttribute = value[0];
                    break;
                case AttributeCode.NextHop when value.Length == 4:
                    NextHop = IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(value));
                    break;
                case AttributeCode.MultiExitDiscriminator when value.Length == 4:
                    Med = BinaryPrimitives.ReadUInt32BigEndian(value);
                    break;
                case AttributeCode.LocalPreference when value.Length == 4:
                    LocalPreference = BinaryPrimitives.ReadUInt32BigEndian(value);
                    break;
                case AttributeCode.OnlyToCustomer when value.Length == 4:
                    OnlyToCustomer = BinaryPrimitives.ReadUInt32BigEndian(value);
                    break;
                case AttributeCode.Aggregator:
                    _aggregator = value;
                    break;
                case AttributeCode.As4Aggregator:
                    _as4Aggregator = value;
                    break;
                case AttributeCode.Communities:
                    Communities = value;
                    break;
                case AttributeCode.ExtendedCommunities:
                    ExtendedCommunities = value;
                    break;
                case AttributeCode.LargeCommunities:
                    LargeCommunities = value;
                    break;
                case AttributeCode.MpReach:
                    _mpReach = attributes.MpReach;
                    break;
            }
        }
    }

    public PathAttributes All { get; }

    /// <summary>0 IGP, 1 EGP, 2 INCOMPLETE.</summary>
    public byte? OriginAttribute { get; }

    public uint? Med { get; }

    public uint? LocalPreference { get; }

    public uint? OnlyToCustomer { get; }

    public ReadOnlySpan<byte> Communities { get; }

    public ReadOnlySpan<byte> ExtendedCommunities { get; }

    public ReadOnlySpan<byte> LargeCommunities { get; }

    public bool AtomicAggregate => Has(AttributeCode.AtomicAggregate);

    private IpAddress NextHop { get; }

    public bool Has(AttributeCode code) => (_seen >> (int)code & 1) != 0;

    /// <summary>The next hop of a route of this family: NEXT_HOP is that of the IPv4 prefixes of an update.</summary>
    public IpAddress NextHopOf(AddressFamily family, bool isRib)
    {
        bool ofMpReach = _mpReach.Exists && _mpReach.NextHop.Family is not AddressFamily.None
            && (isRib || family is AddressFamily.IPv6 || NextHop.Family is AddressFamily.None);
        return ofMpReach ? _mpReach.NextHop : NextHop;
    }

    /// <summary>Who aggregated the route; AS4_AGGREGATOR speaks for AS_TRANS (RFC 6793 section 4.2.3).</summary>
    public bool TryGetAggregator(out Asn asn, out IpAddress address)
    {
        bool wide = _aggregator.Length == 8;
        (asn, address) = (default, default);
        if (_aggregator.Length is not (6 or 8)) return false;
        asn = new(wide ? BinaryPrimitives.ReadUInt32BigEndian(_aggregator) : BinaryPrimitives.ReadUInt16BigEndian(_aggregator));
        var from = _aggregator;
        if (!wide && asn == Asn.Trans && _as4Aggregator.Length == 8)
        {
            from = _as4Aggregator;
            asn = new(BinaryPrimitives.ReadUInt32BigEndian(from));
        }
        address = IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(from[^4..]));
        return true;
    }
}
