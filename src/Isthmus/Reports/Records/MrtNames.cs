using System.Globalization;

using Isthmus.Wire.Mrt;

namespace Isthmus.Reports.Records;

/// <summary>Types and subtypes of MRT records by the names that RFC 6396, 6397 and 8050 give them.</summary>
internal static class MrtNames
{
    private static readonly string[] _dumps =
    [
        "", "PEER_INDEX_TABLE", "RIB_IPV4_UNICAST", "RIB_IPV4_MULTICAST", "RIB_IPV6_UNICAST", "RIB_IPV6_MULTICAST", "RIB_GENERIC",
        "GEO_PEER_TABLE", "RIB_IPV4_UNICAST_ADDPATH", "RIB_IPV4_MULTICAST_ADDPATH", "RIB_IPV6_UNICAST_ADDPATH",
        "RIB_IPV6_MULTICAST_ADDPATH", "RIB_GENERIC_ADDPATH",
    ];

    private static readonly string[] _messages =
    [
        "STATE_CHANGE", "MESSAGE", "ENTRY", "SNAPSHOT", "MESSAGE_AS4", "STATE_CHANGE_AS4", "MESSAGE_LOCAL", "MESSAGE_AS4_LOCAL",
        "MESSAGE_ADDPATH", "MESSAGE_AS4_ADDPATH", "MESSAGE_LOCAL_ADDPATH", "MESSAGE_AS4_LOCAL_ADDPATH",
    ];

    /// <summary><c>BGP4MP MESSAGE_AS4</c>; numbers where there is no name.</summary>
    public static string Of(MrtType type, ushort subtype) => type switch
    {
        MrtType.TableDumpV2 => $"TABLE_DUMP_V2 {Named(_dumps, subtype)}",
        MrtType.Bgp4Mp => $"BGP4MP {Named(_messages, subtype)}",
        MrtType.Bgp4MpEt => $"BGP4MP_ET {Named(_messages, subtype)}",
        MrtType.TableDump => $"TABLE_DUMP {(subtype == 2 ? "AFI_IPv6" : "AFI_IPv4")}",
        _ => string.Create(CultureInfo.InvariantCulture, $"type {(int)type}, subtype {subtype}"),
    };

    private static string Named(string[] names, ushort subtype) => subtype < names.Length && names[subtype].Length > 0
        ? names[subtype] : subtype.ToString(CultureInfo.InvariantCulture);
}
