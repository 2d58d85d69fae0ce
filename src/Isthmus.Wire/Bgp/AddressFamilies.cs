namespace Isthmus.Wire.Bgp;

/// <summary>Which address families there are, by the registries of IANA: a wrong bit makes others.</summary>
internal static class AddressFamilies
{
    /// <summary>True where both numbers are assigned (RFC 4760 section 8); the families that are decoded are among them.</summary>
    public static bool IsAssigned(ushort afi, byte safi) =>
        afi is (>= 1 and <= 31) or (>= 16384 and <= 16399)
        && safi is (>= 1 and <= 9) or (>= 64 and <= 87) or (>= 128 and <= 134) or 140 or (>= 241 and <= 254);
}
