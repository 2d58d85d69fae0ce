using System.Globalization;

using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>Types and subtypes of MRT records by the names that RFC 6396, RFC 6397 and RFC 8050 give them.</summary>
internal static class MrtNames
{
    private static readonly string[] _table = ["", "AFI_IPv4", "AFI_IPv6", "AFI_IPv4_AS4", "AFI_IPv6_AS4"];

    private static readonly string[] _tableV2 =
    [
        "", "PEER_INDEX_TABLE", "RIB_IPV4_UNICAST", "RIB_IPV4_MULTICAST", "RIB_IPV6_UNICAST", "RIB_IPV6_MULTICAST", "RIB_GENERIC",
        "GEO_PEER_TABLE", "RIB_IPV4_UNICAST_ADDPATH", "RIB_IPV4_MULTICAST_ADDPATH", "RIB_IPV6_UNICAST_ADDPATH",
        "RIB_IPV6_MULTICAST_ADDPATH", "RIB_GENERIC_ADDPATH",
    ];

    private static readonly string[] _messages =
    [
        "BGP4MP_STATE_CHANGE", "BGP4MP_MESSAGE", "BGP4MP_ENTRY", "BGP4MP_SNAPSHOT", "BGP4MP_MESSAGE_AS4", "BGP4MP_STATE_CHANGE_AS4",
        "BGP4MP_MESSAGE_LOCAL", "BGP4MP_MESSAGE_AS4_LOCAL", "BGP4MP_MESSAGE_ADDPATH", "BGP4MP_MESSAGE_AS4_ADDPATH",
        "BGP4MP_MESSAGE_LOCAL_ADDPATH", "BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH",
    ];

    private static readonly string[] _early = ["NULL", "UPDATE", "PREF_UPDATE", "STATE_CHANGE", "SYNC", "OPEN", "NOTIFY", "KEEPALIVE"];

    /// <summary>The name of a type; null for one that is none.</summary>
    public static string? NameOf(MrtType type) => type switch
    {
        MrtType.Bgp => "BGP",
        MrtType.Bgp4Plus => "BGP4PLUS",
        MrtType.Bgp4Plus01 => "BGP4PLUS_01",
        MrtType.Ospf2 => "OSPFv2",
        MrtType.TableDump => "TABLE_DUMP",
        MrtType.TableDumpV2 => "TABLE_DUMP_V2",
        MrtType.Bgp4Mp => "BGP4MP",
        MrtType.Bgp4MpEt => "BGP4MP_ET",
        MrtType.Isis => "ISIS",
        MrtType.IsisEt => "ISIS_ET",
        MrtType.Ospf3 => "OSPFv3",
        MrtType.Ospf3Et => "OSPFv3_ET",
        _ => null,
    };

    /// <summary>The name of a subtype; null where the type has none of that number.</summary>
    public static string? NameOf(MrtType type, int subtype)
    {
        string[] names = type switch
        {
            MrtType.TableDump => _table,
            MrtType.TableDumpV2 => _tableV2,
            MrtType.Bgp4Mp or MrtType.Bgp4MpEt => _messages,
            MrtType.Bgp or MrtType.Bgp4Plus or MrtType.Bgp4Plus01 => _early,
            _ => [],
        };
        return subtype < names.Length && names[subtype].Length > 0 ? names[subtype] : null;
    }

    /// <summary>Both in short, <c>BGP4MP MESSAGE_AS4</c>; numbers where there is no name.</summary>
    public static string Of(MrtType type, int subtype)
    {
        const string Repeated = "BGP4MP_";
        if (NameOf(type) is not { } name) return string.Create(CultureInfo.InvariantCulture, $"type {(int)type}, subtype {subtype}");
        string below = NameOf(type, subtype) ?? subtype.ToString(CultureInfo.InvariantCulture);
        return $"{name} {(below.StartsWith(Repeated, StringComparison.Ordinal) ? below[Repeated.Length..] : below)}";
    }
}
