using System.Text.Json;

using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>The part of a report's JSON that proves the rest: sentences with their records, and the records themselves.</summary>
internal static class ProofJson
{
    /// <summary>Writes <c>headline</c> and <c>sentences</c>: each with the changes and records that prove it.</summary>
    public static void WriteStory(Utf8JsonWriter json, Report report, Story story)
    {
        json.WriteString("headline", story.Headline.Text);
        json.WriteStartArray("sentences");
        foreach (var (index, sentence) in story.Sentences.Index())
        {
            json.WriteStartObject();
            json.WriteString("part", index == 0 ? "headline" : index <= story.Lead.Count ? "lead" : index <= story.Lead.Count + story.Course.Count ? "course" : "phase");
            json.WriteString("text", sentence.Text);
            ReportJson.WriteTexts(json, "changes", sentence.Changes);
            if (sentence.RestsOnAll) json.WriteBoolean("restsOnAllInputs", true);
            WritePlaces(json, report, story.Provenance.RecordsOf(sentence));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    // By id where the record is embedded, else by place.
    private static void WritePlaces(Utf8JsonWriter json, Report report, IReadOnlyList<SourcePlace> places)
    {
        ReportJson.WriteTexts(json, "records", places.Select(report.Records.IdOf).OfType<string>());
        var others = places.Where(place => report.Records.IdOf(place) is null).ToArray();
        if (others.Length == 0) return;
        json.WriteStartArray("places");
        foreach (var place in others)
        {
            json.WriteStartObject();
            WritePlace(json, place);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Writes <c>localTime</c>: the clock that stands beside UTC; null where the subject has no country.</summary>
    public static void WriteClock(Utf8JsonWriter json, Report report, LocalClock? clock)
    {
        if (clock is null)
        {
            json.WriteNull("localTime");
            return;
        }
        json.WriteStartObject("localTime");
        json.WriteString("country", clock.Country.ToString());
        json.WriteString("zone", clock.Zone);
        json.WriteString("offsetAtStart", LocalText(clock, report.From)[19..]);
        json.WriteString("offsetAtEnd", LocalText(clock, report.To)[19..]);
        json.WriteNumber("timesInCountry", clock.OffsetsAt(report.To));
        json.WriteString("source", LocalClock.Source);
        json.WriteEndObject();
    }

    /// <summary>The local time in ISO 8601: <c>2017-10-01T17:37:51+08:30</c>.</summary>
    public static string LocalText(LocalClock clock, Timestamp time) =>
        clock.At(time).ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Writes <c>records</c>: the embedded bytes, once each.</summary>
    public static void WriteRecords(Utf8JsonWriter json, Report report)
    {
        json.WriteString("recordChoice", report.Records.Choice);
        json.WriteStartArray("records");
        foreach (var record in report.Records.Records) WriteRecord(json, report, record);
        json.WriteEndArray();
    }

    private static void WriteRecord(Utf8JsonWriter json, Report report, RawRecord record)
    {
        json.WriteStartObject();
        json.WriteString("id", record.Id);
        WritePlace(json, record.Place);
        json.WriteString("time", record.Reading.Time.ToString());
        json.WriteString("type", record.Reading.Type);
        if (record.PeerTable is { } table) json.WriteString("peerTable", table);
        if (RecordFields.Of(record.Reading) is { } fields)
        {
            json.WriteString("peer", fields.Peer);
            ReportJson.WriteTexts(json, "announced", fields.Announced);
            ReportJson.WriteTexts(json, "withdrawn", fields.Withdrawn);
            json.WriteString("path", fields.Path);
            json.WriteString("nextHop", fields.NextHop);
        }
        ReportJson.WriteTexts(json, "lines", record.Reading.Lines);
        if (record.Reading.LinesLeftOut > 0) json.WriteNumber("linesLeftOut", record.Reading.LinesLeftOut);
        json.WriteString("bytes", Convert.ToHexStringLower(record.Bytes));
        json.WriteEndObject();
    }

    /// <summary>Writes where a record is, as members of an object that is open.</summary>
    public static void WritePlace(Utf8JsonWriter json, SourcePlace place)
    {
        json.WriteString("file", place.Source!.Name);
        json.WriteString("sha256", place.Source.Sha256);
        json.WriteNumber("record", place.Record);
        json.WriteNumber("offset", place.Offset);
        json.WriteNumber("length", place.Length);
    }
}
