using System.Text.Json;

using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Dependence.Words;

/// <summary>Writes dependence as one JSON document (docs/dependence.md). Shares are 0 to 1, and null where not known.</summary>
public static class DependenceJson
{
    /// <summary>Digits behind the point: more would be of the order of the addition.</summary>
    private const int Digits = 9;

    private static readonly JsonWriterOptions _indented = new() { Indented = true, NewLine = "\n", Encoder = PrintableJson.Encoder };

    /// <summary>Writes all of it.</summary>
    public static void Write(DependenceReport report, Stream output)
    {
        using var json = new Utf8JsonWriter(output, _indented);
        json.WriteStartObject();
        Open(json, report, report.Answer);
        Write(json, report.Answer);
        json.WriteStartArray("series");
        foreach (var answer in report.Series)
        {
            json.WriteStartObject();
            json.WriteString("at", answer.At.ToString());
            State(json, answer);
            Countries(json, answer);
            Global(json, answer);
            Combinations(json, answer);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Close(json, output);
    }

    /// <summary>Writes those of all countries.</summary>
    public static void WriteAll(DependenceReport report, IReadOnlyList<DependenceAnswer> answers, Stream output)
    {
        using var json = new Utf8JsonWriter(output, _indented);
        json.WriteStartObject();
        json.WriteString("subject", "all");
        Coverage(json, report, report.Table.At, report.Answer.Family);
        json.WriteString("caveat", DependenceWords.Caveat);
        json.WriteStartArray("subjects");
        foreach (var answer in answers)
        {
            json.WriteStartObject();
            json.WriteString("subject", answer.Subject.Text);
            State(json, answer);
            Write(json, answer);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Close(json, output);
    }

    internal static Utf8JsonWriter On(Stream output) => new(output, _indented);

    internal static void Close(Utf8JsonWriter json, Stream output)
    {
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    internal static void Open(Utf8JsonWriter json, DependenceReport report, DependenceAnswer answer)
    {
        json.WriteString("subject", answer.Subject.Text);
        Coverage(json, report, answer.At, answer.Family);
        State(json, answer);
        json.WriteString("first", DependenceWords.First(answer, report.Table));
        json.WriteString("caveat", DependenceWords.Caveat);
    }

    private static void Coverage(Utf8JsonWriter json, DependenceReport report, Timestamp at, AddressFamily family)
    {
        var table = report.Table;
        json.WriteString("at", at.ToString());
        json.WriteString("notice", table.Notice);
        json.WriteStartObject("coverage");
        json.WriteString("selection", report.Selection);
        json.WriteStartArray("collectors");
        foreach (var collector in table.Coverage.Collectors) json.WriteStringValue(collector.Name);
        json.WriteEndArray();
        json.WriteNumber("peers", table.Peers.Count);
        json.WriteNumber("known", table.Peers.Count(peer => peer.Knows(family)));
        json.WriteNumber("fullFeed", table.VantagePoints(family).Count());
        json.WriteBoolean("complete", table.Complete);
        json.WriteStartArray("missing");
        foreach (string line in CoverageWords.Missing(table.Coverage)) json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("family", DependenceWords.NameOf(family).ToLowerInvariant());
        json.WriteString("weight", DependenceWords.WeightOf(family));
    }

    private static void State(Utf8JsonWriter json, DependenceAnswer answer)
    {
        json.WriteString("state", answer.State switch
        {
            DependenceState.Answered => "answered",
            DependenceState.NoVantagePoints => "no-vantage-points",
            DependenceState.NoRoutes => "no-routes",
            _ => "no-transit",
        });
        json.WriteNumber("fullFeedPeerAses", answer.PeerAses);
        json.WriteNumber("voters", answer.Voters);
        json.WriteNumber("addresses", answer.Addresses);
        json.WriteNumber("prefixes", answer.Prefixes);
        Number(json, "heldPart", answer.State is DependenceState.Answered ? answer.HeldPart : null);
    }

    private static void Write(Utf8JsonWriter json, DependenceAnswer answer)
    {
        json.WriteStartArray("origins");
        foreach (var origin in answer.Origins) json.WriteNumberValue(origin.Number);
        json.WriteEndArray();
        json.WriteStartArray("networks");
        foreach (var network in answer.Networks)
        {
            json.WriteStartObject();
            json.WriteNumber("asn", network.Asn.Number);
            json.WriteString("name", network.Name);
            json.WriteString("country", network.Country.IsNone ? null : network.Country.ToString());
            json.WriteStartObject("hegemony");
            Number(json, "value", network.Hegemony.Value);
            Bounds(json, network.Hegemony);
            json.WriteEndObject();
            Number(json, "cti", network.TransitInfluence);
            Number(json, "directShare", network.DirectShare);
            Number(json, "unavoidable", network.Unavoidable);
            json.WriteBoolean("global", GlobalBackbones.Contains(network.Asn));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Countries(json, answer);
        Global(json, answer);
        Combinations(json, answer);
        json.WriteStartArray("gateways");
        foreach (var one in answer.Gateways)
        {
            json.WriteStartObject();
            json.WriteNumber("gateway", one.Gateway.Number);
            json.WriteNumber("foreignUpstream", one.ForeignUpstream.Number);
            Number(json, "share", one.Share);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Countries(Utf8JsonWriter json, DependenceAnswer answer)
    {
        json.WriteStartArray("countries");
        foreach (var country in answer.Countries)
        {
            json.WriteStartObject();
            json.WriteString("country", country.Country.ToString());
            Number(json, "lastForeignHop", country.LastForeignHop.Value);
            Number(json, "anyHop", country.AnyHop);
            Number(json, "unavoidable", country.Unavoidable);
            Bounds(json, country.LastForeignHop);
            Ases(json, "networks", country.Networks);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Number(json, "unknownCountry", answer.UnknownCountry);
    }

    private static void Bounds(Utf8JsonWriter json, Estimate estimate)
    {
        Number(json, "low", estimate.Low);
        Number(json, "high", estimate.High);
        Number(json, "leaveOneOutLow", estimate.LeaveOneOutLow);
        Number(json, "leaveOneOutHigh", estimate.LeaveOneOutHigh);
    }

    private static void Global(Utf8JsonWriter json, DependenceAnswer answer)
    {
        json.WriteStartArray("global");
        foreach (var one in answer.Backbones)
        {
            json.WriteStartObject();
            json.WriteNumber("asn", one.Asn.Number);
            json.WriteString("name", one.Name);
            Number(json, "lastForeignHop", one.LastForeignHop);
            Number(json, "anyHop", one.AnyHop);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Combinations(Utf8JsonWriter json, DependenceAnswer answer)
    {
        json.WriteStartArray("combinations");
        foreach (var pair in answer.Combinations)
        {
            json.WriteStartObject();
            json.WriteStartArray("countries");
            json.WriteStringValue(pair.First.ToString());
            json.WriteStringValue(pair.Second.ToString());
            json.WriteEndArray();
            Number(json, "either", pair.Either);
            Number(json, "neither", pair.Neither);
            Number(json, "eitherOnWay", pair.EitherOnWay);
            Number(json, "neitherOnWay", pair.NeitherOnWay);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    internal static void Ases(Utf8JsonWriter json, string name, IReadOnlyList<Asn> ases)
    {
        json.WriteStartArray(name);
        foreach (var asn in ases) json.WriteNumberValue(asn.Number);
        json.WriteEndArray();
    }

    internal static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known) json.WriteNumber(name, Math.Round(known, Digits));
        else json.WriteNull(name);
    }
}
