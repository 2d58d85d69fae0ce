using System.Globalization;
using System.Text.Json;

using Isthmus.Cuts.Words;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Rankings.Words;

/// <summary>Writes a ranking for people, and as JSON, whose keys stand in docs/relationships.md.</summary>
public static class RankWords
{
    /// <summary>Writes it for people.</summary>
    public static void WriteText(RankReport report, TextWriter output, int width)
    {
        var page = new TextPage(output, width);
        var names = new Names(report.Registry);
        var listed = report.Ranking.Networks.Take(report.Top).ToList();
        page.Heading(TableCoverage.Few(report.FullFeedAses) + First(report, names), '=');
        if (report.Table.Notice is { } notice) page.Paragraph(notice.ReplaceLineEndings(" "), "");
        page.Line();
        page.Paragraph($"Score: {Measure(report.Question)}, each by the trimmed part of {Wording.Count(report.Ranking.Peers.Count, "peer AS", "peer ASes")} whose path has the "
            + $"network on its downhill side, the origin and the vantage point left out. Relationships: {report.Relationships}. None is traffic.", "");
        if (listed.Count > 0)
        {
            page.Line();
            bool hasBefore = report.BeforeAt is not null;
            string head = $"{"rank",5} {"network",-34}{"score",15}{"prefixes",10}{"single-homed",13}{(hasBefore ? $"{"before",8}" : "")}";
            page.Table(head, [.. listed.Select(one => (
                $"{one.Rank,5} {Wording.Cut(names.Brief(one.Asn), 33),-34}{Number(one.Score),15}{Number(one.Prefixes),10}{one.SingleHomed.Count,13}"
                    + (hasBefore ? $"{Before(one),8}" : ""),
                $"{one.Rank}. {names.Brief(one.Asn)}: score {Number(one.Score)}, {Number(one.Prefixes)} prefixes, "
                    + $"{Wording.Count(one.SingleHomed.Count, "single-homed customer", "single-homed customers")}"
                    + (hasBefore ? $", rank before {Before(one)}" : "")))]);
            page.More(report.Ranking.Networks.Count - listed.Count, "networks");
        }
        TableCoverage.WriteText(page, report.Table, report.Selection);
    }

    /// <summary>Writes it as one JSON document.</summary>
    public static void WriteJson(RankReport report, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, TableCoverage.Indented))
        {
            json.WriteStartObject();
            json.WriteString("at", report.Table.At.ToString());
            json.WriteString("beforeAt", report.BeforeAt?.ToString());
            json.WriteString("scope", report.Scope);
            json.WriteString("by", Word(report.Question.By));
            TableCoverage.WriteJson(
                json, report.Table, report.Question.Family, report.Ranking.Peers.Count, report.FullFeedAses, report.Selection);
            json.WriteString("relationships", report.Relationships);
            json.WriteNumber("prefixes", report.Ranking.Prefixes);
            json.WriteNumber("ranked", report.Ranking.Networks.Count);
            json.WriteStartArray("networks");
            foreach (var network in report.Ranking.Networks.Take(report.Top)) Write(json, network, report);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    /// <summary>A measure as a user writes it.</summary>
    public static string Word(RankMeasure by) => by switch
    {
        RankMeasure.Addresses => "addresses",
        RankMeasure.Sqrt => "sqrt",
        RankMeasure.Prefixes => "prefixes",
        _ => "ases",
    };

    private static void Write(Utf8JsonWriter json, RankedNetwork network, RankReport report)
    {
        json.WriteStartObject();
        json.WriteNumber("rank", network.Rank);
        json.WriteNumber("asn", network.Asn.Number);
        json.WriteString("name", report.Registry.NameOf(network.Asn));
        json.WriteString("country", report.Registry.CountryOf(network.Asn) is { IsNone: false } country ? country.ToString() : null);
        json.WriteNumber("score", Math.Round(network.Score, 3));
        json.WriteNumber("prefixes", Math.Round(network.Prefixes, 3));
        json.WriteShare("addresses", network.Addresses is { } addresses ? Math.Round(addresses, 3) : null);
        json.WriteNumber("ases", Math.Round(network.Ases, 3));
        json.WriteStartArray("singleHomed");
        foreach (var asn in network.SingleHomed) json.WriteNumberValue(asn.Number);
        json.WriteEndArray();
        if (network.Before is { } before)
        {
            json.WriteStartObject("before");
            json.WriteNumber("rank", before.Rank);
            json.WriteNumber("score", Math.Round(before.Score, 3));
            json.WriteEndObject();
        }
        else json.WriteNull("before");
        json.WriteEndObject();
    }

    private static string First(RankReport report, Names names)
    {
        string scope = Country.TryParse(report.Scope, null, out var country) ? CountryNames.NameOf(country) : report.Scope is "world"
            ? "the world" : report.Scope;
        string time = $"at {report.Table.At}";
        if (report.Ranking.Peers.Count == 0) return $"Nothing is known {time}: no peer whose table is known has a full feed"
            + (report.BeforeAt is null ? "" : " then and before");
        if (report.Ranking.Prefixes == 0) return $"No full-feed peer holds a route of a prefix of {scope} {time}";
        return report.Ranking.Networks is [var top, ..]
            ? $"{names.Spoken(top.Asn)} carries most for networks of {scope} {time}, of {Wording.Count(report.Ranking.Networks.Count, "network", "networks")} that carry for others"
            : $"No network is seen to carry for others of {scope} {time}";
    }

    private static string Measure(RankQuestion question) => question.By switch
    {
        RankMeasure.Addresses => question.Family is AddressFamily.IPv4 ? "addresses" : "prefixes of IPv6, which are not weighted by size",
        RankMeasure.Sqrt => "square roots of addresses",
        RankMeasure.Prefixes => "prefixes",
        _ => "origin ASes",
    };

    private static string Before(RankedNetwork network) => network.Before is not { } before ? "new"
        : before.Rank == network.Rank ? "=" : before.Rank > network.Rank ? $"up {before.Rank - network.Rank}"
            : $"down {network.Rank - before.Rank}";

    private static string Number(double value) => value.ToString(Math.Abs(value) < 100 && value % 1 != 0 ? "N1" : "N0",
        CultureInfo.InvariantCulture);
}
