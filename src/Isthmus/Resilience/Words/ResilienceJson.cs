using System.Text.Json;

using Isthmus.Cuts.Words;
using Isthmus.Registry;

namespace Isthmus.Resilience.Words;

/// <summary>Writes answers on resilience as one JSON document, whose keys stand in docs/relationships.md.</summary>
public static class ResilienceJson
{
    /// <summary>Writes one answer.</summary>
    public static void Write(ResilienceReport report, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, TableCoverage.Indented))
        {
            json.WriteStartObject();
            json.WriteString("subject", report.Answers[0].Subject.Text);
            WriteHead(json, report, report.Answers[0].PeerAses);
            WriteAnswer(json, report.Answers[0], report);
            WriteFailovers(json, report.Failovers);
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    /// <summary>Writes those of all countries, under <c>countries</c>.</summary>
    public static void WriteAll(ResilienceReport report, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, TableCoverage.Indented))
        {
            json.WriteStartObject();
            json.WriteString("subject", "all");
            WriteHead(json, report, report.FullFeedAses);
            json.WriteStartArray("countries");
            foreach (var answer in report.Answers)
            {
                json.WriteStartObject();
                json.WriteString("country", answer.Subject.Text);
                WriteAnswer(json, answer, report);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    private static void WriteHead(Utf8JsonWriter json, ResilienceReport report, int peerAses)
    {
        json.WriteString("at", report.Table.At.ToString());
        TableCoverage.WriteJson(json, report.Table, report.Family, peerAses, report.FullFeedAses, report.Selection);
        json.WriteString("relationships", report.Relationships);
    }

    private static void WriteAnswer(Utf8JsonWriter json, ResilienceAnswer answer, ResilienceReport report)
    {
        WriteAses(json, "gateways", answer.Gateways, report.Registry);
        WriteAses(json, "foreignUpstreams", answer.ForeignUpstreams, report.Registry);
        json.WriteStartArray("foreignCountries");
        foreach (var (country, share) in answer.ForeignCountries)
        {
            json.WriteStartObject();
            json.WriteString("country", country.IsNone ? null : country.ToString());
            json.WriteShare("share", share);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("frontierClass", answer.Class is { } known ? ResilienceText.Word(known) : null);
        json.WriteCount("frontierOrganisations", answer.Organisations);
        json.WriteCount("pointsOfControl", answer.Gateways.Count > 0 ? answer.PointsOfControl : null);
        if (answer.Reliability is { } reliability)
        {
            json.WriteStartObject("reliability");
            json.WriteShare("score", reliability.Score);
            json.WriteShare("scoreWithIt", reliability.ScoreWithIt);
            json.WriteNumber("worst", reliability.Worst.Number);
            json.WriteNumber("lost", reliability.Lost);
            json.WriteNumber("networks", reliability.Networks);
            json.WriteEndObject();
        }
        else json.WriteNull("reliability");
        json.WriteStartObject("singleHomed");
        json.WriteNumber("networks", answer.SingleHomed.Count);
        json.WriteNumber("of", answer.SingleHomed.Of);
        json.WriteShare("share", answer.SingleHomed.Of == 0 ? null : (double)answer.SingleHomed.Count / answer.SingleHomed.Of);
        json.WriteEndObject();
        if (answer.MinimumCuts is { } cuts) WhatIfJson.WriteCuts(json, cuts, null); else json.WriteNull("minimumCuts");
    }

    private static void WriteAses(
        Utf8JsonWriter json, string key, IReadOnlyList<GatewayShare> shares, RegistrySnapshot registry)
    {
        json.WriteStartArray(key);
        foreach (var (asn, share) in shares)
        {
            json.WriteStartObject();
            json.WriteNumber("asn", asn.Number);
            json.WriteString("country", registry.CountryOf(asn) is { IsNone: false } country ? country.ToString() : null);
            json.WriteShare("share", share);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteFailovers(Utf8JsonWriter json, IReadOnlyList<Failover>? failovers)
    {
        if (failovers is null)
        {
            json.WriteNull("failovers");
            return;
        }
        json.WriteStartArray("failovers");
        foreach (var failover in failovers)
        {
            json.WriteStartObject();
            WriteNumbers("lost", failover.Lost.Select(asn => asn.Number));
            WriteNumbers("took", failover.Took.Select(asn => asn.Number));
            json.WriteString("at", failover.At.ToString());
            json.WriteShare("afterSeconds", failover.After?.TotalSeconds);
            json.WriteString("until", failover.Until?.ToString());
            json.WriteStartArray("prefixes");
            foreach (var prefix in failover.Prefixes) json.WriteStringValue(prefix.ToString());
            json.WriteEndArray();
            json.WriteStartArray("changes");
            foreach (string id in failover.Changes) json.WriteStringValue(id);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();

        void WriteNumbers(string key, IEnumerable<uint> numbers)
        {
            json.WriteStartArray(key);
            foreach (uint number in numbers) json.WriteNumberValue(number);
            json.WriteEndArray();
        }
    }
}
