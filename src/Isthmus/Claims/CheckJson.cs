using System.Text.Json;

using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>Writes a checked text as one JSON document; its keys stand in docs/check.md.</summary>
public static class CheckJson
{
    private static readonly JsonWriterOptions _indented =
        new() { Indented = true, NewLine = "\n", Encoder = PrintableJson.Encoder };

    /// <summary>Writes all of it.</summary>
    public static void Write(CheckedText check, Stream output)
    {
        using var json = new Utf8JsonWriter(output, _indented);
        var report = check.Report;
        json.WriteStartObject();
        json.WriteString("notice", report.Notice);
        json.WriteStartObject("subject");
        json.WriteString("text", report.Subject.Text);
        json.WriteString("name", report.Subject.Name);
        json.WriteEndObject();
        json.WriteStartObject("period");
        json.WriteString("from", report.From.ToString());
        json.WriteString("to", report.To.ToString());
        json.WriteEndObject();
        if (report.Coverage.Where is { } where) json.WriteString("where", where);
        json.WriteBoolean("complete", report.Coverage.Complete);
        json.WriteStartObject("counts");
        foreach (var mark in Enum.GetValues<Mark>())
            json.WriteNumber(CheckText.Word(mark), check.Claims.Count(claim => claim.Mark == mark));
        json.WriteEndObject();
        json.WriteStartArray("claims");
        foreach (var judged in check.Claims) Write(json, judged, report);
        json.WriteEndArray();
        json.WriteNumber("unjudged", check.Unjudged);
        json.WriteString("caveat", CheckText.Caveat);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, JudgedClaim judged, Report report)
    {
        var claim = judged.Claim;
        json.WriteStartObject();
        json.WriteString("mark", CheckText.Word(judged.Mark));
        json.WriteString("kind", claim.Kind.ToString().ToLowerInvariant());
        json.WriteString("words", claim.Words);
        json.WriteBoolean("denied", claim.Denied);
        json.WriteNumber("start", claim.Start);
        if (claim.Who is { } who)
        {
            json.WriteStartObject("who");
            json.WriteString("words", who.Text);
            json.WriteStartArray("asns");
            foreach (var asn in who.Asns.Take(NetworksMax)) json.WriteNumberValue(asn.Number);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        Stretch(json, "time", claim.Time);
        Stretch(json, "until", claim.Until);
        if (claim.Number is { } number)
        {
            json.WriteStartObject("number");
            json.WriteString("words", number.Text);
            json.WriteNumber("low", Math.Round(number.Low, 6));
            if (number.High < double.MaxValue) json.WriteNumber("high", Math.Round(number.High, 6)); else json.WriteNull("high");
            if (claim.Of > 0) json.WriteNumber("of", claim.Of);
            json.WriteString("unit", claim.Unit.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }
        if (claim.Prefix is { } prefix) json.WriteString("prefix", prefix.ToString());
        json.WriteStartArray("unread");
        foreach (string words in claim.Unread) json.WriteStringValue(words);
        json.WriteEndArray();
        json.WriteBoolean("inPart", judged.InPart);
        json.WriteString("why", judged.Why);
        json.WriteString("closest", judged.Closest);
        json.WriteStartArray("changes");
        foreach (string id in judged.Changes) json.WriteStringValue(id);
        json.WriteEndArray();
        Evidence(json, judged, report);
        json.WriteEndObject();
    }

    /// <summary>A name can stand for a whole country's networks; the first say enough.</summary>
    private const int NetworksMax = 50;

    /// <summary>Records of each change; the report has all.</summary>
    private const int RecordsMax = 3;

    private static void Evidence(Utf8JsonWriter json, JudgedClaim judged, Report report)
    {
        json.WriteStartArray("evidence");
        var proving = report.Transit.Changes.Where(change => judged.Changes.Contains(change.Id))
            .SelectMany(change => change.Witnesses.Where(witness => !witness.Step.Place.IsNone).Take(RecordsMax));
        foreach (var witness in proving)
        {
            json.WriteStartObject();
            ProofJson.WritePlace(json, witness.Step.Place);
            json.WriteString("time", witness.Step.Time.ToString());
            json.WriteString("prefix", witness.Prefix.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    // "After 10:14" has no end: null.
    private static string? Bound(Timestamp time) =>
        time > StatedTime.FarPast && time < StatedTime.FarFuture ? time.ToString() : null;

    private static void Stretch(Utf8JsonWriter json, string name, StatedTime? time)
    {
        if (time is null) return;
        json.WriteStartObject(name);
        json.WriteString("words", time.Text);
        json.WriteString("from", Bound(time.From));
        json.WriteString("to", Bound(time.To));
        json.WriteBoolean("zoneGiven", time.ZoneGiven);
        json.WriteEndObject();
    }
}
