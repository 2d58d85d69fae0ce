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

    internal static PassedOver Of(scoped in MrtRecord record) => new(record.Type, record.Subtype);
}
