using System.Globalization;

using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Reports.Damage;

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
        if (!counts.Any()) return null;
        var all = InOrder(counts).ToList();
        string more = all.Count > ToldMax ? string.Create(CultureInfo.InvariantCulture, $"; and {all.Count - ToldMax} kinds more") : "";
        return "not decoded: " + string.Join("; ", all.Take(ToldMax)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value:N0} of {Of(pair.Key)}"))) + more;
    }

    /// <summary>Those of which there are most first; of as many by their numbers, so that the order is the same in every run.</summary>
    public static IEnumerable<KeyValuePair<PassedOver, long>> InOrder(IEnumerable<KeyValuePair<PassedOver, long>> counts) =>
        counts.GroupBy(pair => pair.Key, (what, same) => KeyValuePair.Create(what, same.Sum(pair => pair.Value)))
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Type).ThenBy(pair => pair.Key.Subtype)
            .ThenBy(pair => pair.Key.Message).ThenBy(pair => pair.Key.Afi).ThenBy(pair => pair.Key.Safi);

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
