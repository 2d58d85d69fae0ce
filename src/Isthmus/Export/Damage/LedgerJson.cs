using System.Text.Json;

using Isthmus.Sources;
using Isthmus.Text;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export.Damage;

/// <summary>Writes what was read of each file, and what was wrong with it, as JSON: the keys are a contract (docs/ledger.md).</summary>
public static class LedgerJson
{
    private static readonly JsonWriterOptions _options =
        new() { Indented = true, Encoder = PrintableJson.Encoder, NewLine = "\n" };

    public static void Write(ReadTally tally, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, _options))
        {
            json.WriteStartObject();
            json.WriteStartArray("files");
            foreach (var file in tally.Files) WriteFile(json, file);
            json.WriteEndArray();
            WriteTexts(json, "unread", tally.Unread);
            WriteTexts(json, "passedOver", tally.PassedOver);
            if (tally.Redirects.Count > 0) WriteTexts(json, "redirects", tally.Redirects);
            json.WriteStartObject("total");
            json.WriteNumber("files", tally.Files.Count);
            json.WriteNumber("damagedFiles", tally.Files.Count(file => file.Faults.Count > 0));
            json.WriteNumber("records", tally.Records);
            json.WriteNumber("elements", tally.Elements);
            json.WriteNumber("faults", tally.Faults);
            WriteCounts(json, tally.Files.SelectMany(file => file.Faults.Counts));
            WritePassedOver(json, tally.Files.SelectMany(file => file.Faults.PassedOver));
            json.WriteNumber("bytesSkipped", tally.Files.Sum(file => file.Faults.BytesSkipped));
            json.WriteNumber("bytesLost", tally.Files.Sum(file => file.Faults.BytesLost));
            json.WriteEndObject();
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    private static void WriteFile(Utf8JsonWriter json, FileTally file)
    {
        var faults = file.Faults;
        json.WriteStartObject();
        json.WriteString("file", file.Name);
        json.WriteString("compression", file.Compression.ToString().ToLowerInvariant());
        json.WriteNumber("bytes", file.Bytes);
        json.WriteNumber("records", file.Records);
        json.WriteNumber("otherRecords", file.OtherRecords);
        json.WriteNumber("elements", file.Elements);
        WriteTexts(json, "views", faults.Views);
        json.WriteNumber("faults", faults.Count);
        WriteCounts(json, faults.Counts);
        WritePassedOver(json, faults.PassedOver);
        json.WriteNumber("bytesSkipped", faults.BytesSkipped);
        json.WriteNumber("bytesLost", faults.BytesLost);
        json.WriteStartArray("entries");
        foreach (var entry in faults.Kept) WriteEntry(json, entry);
        json.WriteEndArray();
        json.WriteNumber("entriesLeftOut", faults.Count - faults.Kept.Count);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, IEnumerable<KeyValuePair<FaultKind, long>> counts)
    {
        json.WriteStartObject("faultsByKind");
        foreach (var kind in counts.GroupBy(pair => pair.Key, pair => pair.Value).OrderBy(group => group.Key))
            json.WriteNumber(FaultNames.NameOf(kind.Key), kind.Sum());
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string key, IEnumerable<string> texts)
    {
        json.WriteStartArray(key);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>What is defined and not decoded, as an array <c>notDecoded</c>.</summary>
    internal static void WritePassedOver(Utf8JsonWriter json, IEnumerable<KeyValuePair<PassedOver, long>> counts)
    {
        json.WriteStartArray("notDecoded");
        foreach (var (what, count) in PassedOverCounts.InOrder(counts))
        {
            json.WriteStartObject();
            json.WriteString("text", PassedOverWords.Of(what));
            json.WriteNumber("type", (int)what.Type);
            json.WriteNumber("subtype", what.Subtype);
            WriteNumber(json, "message", what.Message == 0 ? null : (int)what.Message);
            WriteNumber(json, "afi", what.Afi == 0 ? null : what.Afi);
            WriteNumber(json, "safi", what.Afi == 0 ? null : what.Safi);
            json.WriteNumber("count", count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, FaultEntry entry)
    {
        var fault = entry.Fault;
        json.WriteStartObject();
        WriteNumber(json, "record", entry.Record == 0 ? null : entry.Record);
        json.WriteNumber("offset", entry.Offset);
        WriteNumber(json, "storedOffset", entry.StoredOffset);
        WriteText(json, "time", entry.Time?.ToString());
        json.WriteString("kind", FaultNames.NameOf(fault.Kind));
        if (fault.AttributeName is { } attribute)
        {
            json.WriteStartObject("attribute");
            json.WriteNumber("code", fault.Attribute);
            json.WriteString("name", attribute);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("attribute");
        }
        bool isCounted = fault.Needed != 0 || fault.Available != 0;
        WriteNumber(json, "needed", isCounted ? fault.Needed : null);
        WriteNumber(json, "there", isCounted ? fault.Available : null);
        WriteText(json, "unit", isCounted ? FaultNames.NameOf(fault.Unit) : null);
        json.WriteString("treatment", FaultNames.NameOf(fault.Treatment));
        WriteText(json, "rule", fault.Rule);
        json.WriteNumber("bytesSkipped", entry.BytesSkipped);
        if (entry.Lost is { } lost)
        {
            json.WriteStartObject("lost");
            json.WriteNumber("from", lost.From);
            json.WriteNumber("to", lost.To);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("lost");
        }
        json.WriteString("text", entry.Text);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string key, long? value)
    {
        if (value is { } number) json.WriteNumber(key, number);
        else json.WriteNull(key);
    }

    private static void WriteText(Utf8JsonWriter json, string key, string? value)
    {
        if (value is not null) json.WriteString(key, value);
        else json.WriteNull(key);
    }
}
