using System.Text.Json;

using Isthmus.Transit.Incidents;

namespace Isthmus.Reports;

/// <summary>Writes incidents as JSON: <c>incidents</c>.</summary>
internal static class IncidentJson
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Incident> incidents)
    {
        json.WriteStartArray("incidents");
        foreach (var incident in incidents) Write(json, incident);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Incident incident)
    {
        json.WriteStartObject();
        json.WriteString("id", incident.Id);
        json.WriteString("label", Token(incident.Label));
        json.WriteString("why", IncidentStory.Why(incident));
        if (incident.Upstream is { } upstream) json.WriteNumber("upstream", upstream.Number); else json.WriteNull("upstream");
        json.WriteString("opened", incident.Opened.ToString());
        json.WriteString("updated", incident.Updated.ToString());
        json.WriteString("closed", incident.Closed?.ToString());
        json.WriteStartArray("phases");
        foreach (var phase in incident.Phases) Write(json, phase);
        json.WriteEndArray();
        WriteIds(json, incident.Changes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IncidentPhase phase)
    {
        json.WriteStartObject();
        json.WriteString("kind", Token(phase.Kind));
        json.WriteString("from", phase.From.ToString());
        json.WriteString("to", phase.To?.ToString());
        json.WriteStartArray("carried");
        foreach (int prefixes in phase.Carried) json.WriteNumberValue(prefixes);
        json.WriteEndArray();
        WriteIds(json, phase.Changes);
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, IReadOnlyList<string> ids)
    {
        json.WriteStartArray("changes");
        foreach (string id in ids) json.WriteStringValue(id);
        json.WriteEndArray();
    }

    /// <summary>The token of a label: <c>load-split</c>.</summary>
    public static string Token(IncidentLabel label) => label switch
    {
        IncidentLabel.LoadSplit => "load-split",
        _ => label.ToString().ToLowerInvariant(),
    };

    /// <summary>The token of a phase: <c>erosion</c>.</summary>
    public static string Token(PhaseKind kind) => kind.ToString().ToLowerInvariant();
}
