using System.Globalization;

using Isthmus.Sources;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export.Damage;

/// <summary>Puts into words what is defined by a standard and not decoded.</summary>
public static class PassedOverWords
{
    /// <summary>The name of a record with its message or family: <c>BGP4MP MESSAGE_AS4, UPDATE of AFI 1, SAFI 128 (VPN)</c>.</summary>
    public static string Of(PassedOver what)
    {
        string record = MrtNames.Of(what.Type, what.Subtype);
        string message = what.Message == 0 ? "" : ", " + NameOf(what.Message);
        return what.Afi == 0 ? record + message : $"{record}{message} of {FamilyOf(what)}";
    }

    /// <summary>The address family: <c>AFI 1, SAFI 128 (VPN)</c>.</summary>
    public static string FamilyOf(PassedOver what) =>
        string.Create(CultureInfo.InvariantCulture, $"AFI {what.Afi}, SAFI {what.Safi}{NameOf(what.Afi, what.Safi)}");

    /// <summary>So many kinds are told in a line.</summary>
    private const int ToldMax = 5;

    /// <summary>In one line, those of which there are most first; null for nothing.</summary>
    public static string? Line(IEnumerable<KeyValuePair<PassedOver, long>> counts)
    {
        var all = PassedOverCounts.InOrder(counts);
        if (all.Count == 0) return null;
        string more = all.Count > ToldMax ? string.Create(CultureInfo.InvariantCulture, $"; and {all.Count - ToldMax} kinds more") : "";
        return "not decoded: " + string.Join("; ", all.Take(ToldMax)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value:N0} of {Of(pair.Key)}"))) + more;
    }

    /// <summary>The name of a BGP message type by RFC 4271 and RFC 2918.</summary>
    public static string NameOf(BgpMessageType message) => message switch
    {
        BgpMessageType.Open => "OPEN",
        BgpMessageType.Update => "UPDATE",
        BgpMessageType.Notification => "NOTIFICATION",
        BgpMessageType.Keepalive => "KEEPALIVE",
        BgpMessageType.RouteRefresh => "ROUTE-REFRESH",
        _ => string.Create(CultureInfo.InvariantCulture, $"message type {(int)message}"),
    };

    private static string NameOf(ushort afi, byte safi) => (afi, safi) switch
    {
        (1 or 2, 2) => " (multicast)",
        (1 or 2, 4) => " (labelled unicast)",
        (1 or 2, 5) => " (multicast VPN)",
        (25, 65) => " (VPLS)",
        (25, 70) => " (EVPN)",
        (16388, 71 or 72) => " (BGP-LS)",
        (1 or 2, 73) => " (SR policy)",
        (1 or 2, 128) => " (VPN)",
        (1 or 2, 129) => " (multicast in VPN)",
        (1 or 2, 132) => " (route target constraint)",
        (1 or 2, 133) => " (FlowSpec)",
        (1 or 2 or 25, 134) => " (FlowSpec of a VPN)",
        _ => "",
    };
}
