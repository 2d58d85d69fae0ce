using System.Text.Json;

using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>Writes the answer for each address family: <c>families</c>.</summary>
internal static class FamilyJson
{
    public static void Write(Utf8JsonWriter json, Report report)
    {
        json.WriteStartArray("families");
        foreach (var family in report.Transit.Families) Write(json, report, family);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Report report, FamilyAnswer family)
    {
        json.WriteStartObject();
        json.WriteString("family", Token(family.Family));
        ReportJson.WriteSize(json, family.Size);
        ReportJson.WriteShare(json, "visibility", family.Visibility);
        json.WriteNumber("fullFeedPeerAses", family.FullFeedPeerAses);
        json.WriteNumber("votingPeerAses", family.Voters.Count);
        json.WriteNumber("votingFullFeedPeerAses", family.FullVoters);
        json.WriteString("basis", ShareWords.Counted(family.Basis));
        json.WriteStartObject("routes");
        json.WriteString("state", Token(family.Routes.State));
        json.WriteNumber("routes", family.Routes.Routes);
        json.WriteNumber("peerAses", family.Routes.PeerAses);
        json.WriteStartArray("withoutUpstream");
        foreach (var uncounted in family.Routes.Uncounted)
        {
            json.WriteStartObject();
            json.WriteString("why", Token(uncounted.Why));
            json.WriteNumber("routes", uncounted.Routes);
            json.WriteNumber("peerAses", uncounted.PeerAses);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("unknownPrefixes");
        foreach (var prefix in family.UnknownPrefixes) json.WriteStringValue(prefix.ToString());
        json.WriteEndArray();
        SharesJson.WriteBasis(json, family.Shares);
        json.WriteStartArray("upstreams");
        foreach (var upstream in family.Upstreams) ReportJson.WriteUpstream(json, report, upstream, family.Shares);
        json.WriteEndArray();
        ReportJson.WriteSeries(json, "series", family.Series);
        json.WriteEndObject();
    }

    /// <summary><c>ipv4</c>, <c>ipv6</c>.</summary>
    public static string Token(AddressFamily family) => family is AddressFamily.IPv6 ? "ipv6" : "ipv4";

    private static string Token(RouteState state) => state switch
    {
        RouteState.Unknown => "unknown",
        RouteState.Absent => "absent",
        RouteState.WithoutUpstream => "without-upstream",
        _ => "carried",
    };

    private static string Token(NoUpstream why) => why switch
    {
        NoUpstream.DirectNeighbour => "direct-neighbour",
        NoUpstream.OriginSet => "origin-set",
        NoUpstream.InsideCountry => "inside-country",
        NoUpstream.Contradicted => "dump-contradicts-updates",
        _ => "refused-path",
    };
}
