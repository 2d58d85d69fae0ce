using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>What of a record is defined by a standard and not decoded; <c>default</c> is nothing.</summary>
/// <param name="Type">Type of the record.</param>
/// <param name="Subtype">Subtype of the record.</param>
/// <param name="Message">Type of the BGP message; 0 where the record holds none.</param>
/// <param name="Afi">Address family of routes that are not decoded (RFC 4760 section 3); 0 where that is not why.</param>
/// <param name="Safi">Subsequent address family of routes that are not decoded; 0 where that is not why.</param>
public readonly record struct PassedOver(MrtType Type, ushort Subtype, BgpMessageType Message = default, ushort Afi = 0, byte Safi = 0)
{
    /// <summary>True where everything was decoded.</summary>
    public bool IsNone => Type == 0;

    /// <summary>A record whose routes are of the multicast table, where only unicast ones are asked for.</summary>
    public static PassedOver Multicast(scoped in MrtRecord record, AddressFamily family) => Of(record) with
    {
        Message = record.Type is MrtType.TableDumpV2 ? default : BgpMessageType.Update,
        Afi = (ushort)(family is AddressFamily.IPv6 ? 2 : 1),
        Safi = MpReach.Multicast,
    };

    internal static PassedOver Of(scoped in MrtRecord record) => new(record.Type, record.Subtype);
}
