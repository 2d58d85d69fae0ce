using System.Text.Json;

using Isthmus.Registry;
using Isthmus.Transit;

namespace Isthmus.Reports;

/// <summary>Writes what other origins announced inside the subject's prefixes: <c>moreSpecificsByOthers</c>.</summary>
internal static class InsideJson
{
    public static void Write(Utf8JsonWriter json, TransitAnswer answer, RegistrySnapshot registry)
    {
        json.WriteStartArray("moreSpecificsByOthers");
        foreach (var inside in answer.Inside)
        {
            json.WriteStartObject();
            json.WriteString("prefix", inside.Prefix.ToString());
            json.WriteString("covering", inside.Covering.ToString());
            json.WriteNumber("origin", inside.Origin.Number);
            json.WriteString("originName", registry.NameOf(inside.Origin));
            json.WriteString("originCountry", registry.CountryOf(inside.Origin) is { IsNone: false } country ? country.ToString() : null);
            json.WriteString("firstSeen", inside.FirstSeen.ToString());
            json.WriteString("lastSeen", inside.LastSeen.ToString());
            json.WriteNumber("peerAses", inside.PeerAses);
            json.WriteNumber("peerAsesAtEnd", inside.PeerAsesAtEnd);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
