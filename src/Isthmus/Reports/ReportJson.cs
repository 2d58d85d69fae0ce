using System.Text.Json;

using Isthmus.Attribution;
using Isthmus.Export.Damage;
using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>Writes a report as JSON: the keys are a contract (docs/report-json.md), and their order is stable.</summary>
public static class ReportJson
{
    private static readonly JsonWriterOptions _options =
        new() { Indented = true, Encoder = PrintableJson.Encoder, NewLine = "\n" };

    /// <summary>Shares are rounded to so many digits: finer ones say nothing.</summary>
    private const int ShareDigits = 6;

    /// <summary>Writes the report, indented for people.</summary>
    public static void Write(Report report, Stream output) => Write(report, output, _options);

    /// <summary>The same content in one line, safe within a page.</summary>
    internal static byte[] Compact(Report report)
    {
        using var bytes = new MemoryStream();
        // The strict encoding, which is the default: no markup may come out of a name.
        Write(report, bytes, default);
        return bytes.ToArray();
    }

    private static void Write(Report report, Stream output, JsonWriterOptions options)
    {
        using var json = new Utf8JsonWriter(output, options);
        json.WriteStartObject();
        json.WriteString("isthmus", report.Version);
        if (report.Notice is { } notice) json.WriteString("notice", notice);
        json.WriteString("command", report.Command);
        WriteTexts(json, "arguments", report.Arguments);
        WriteSubject(json, report.Subject);
        json.WriteStartObject("period");
        json.WriteString("from", report.From.ToString());
        json.WriteString("to", report.To.ToString());
        json.WriteNumber("binSeconds", report.Bin.TotalSeconds);
        json.WriteEndObject();
        var story = new Story(report);
        ProofJson.WriteStory(json, report, story);
        ProofJson.WriteClock(json, report, story.Local.Clock);
        WriteCoverage(json, report);
        WriteSize(json, report.Transit.Size);
        if (report.Attribution is { } ledger) AttributionJson.Write(json, ledger, report.AttributionEffects, report.Registry);
        SharesJson.WriteBasis(json, report.Transit.Shares);
        json.WriteString("headlineFamily", report.Transit.Headline is { } headline ? FamilyJson.Token(headline.Family) : null);
        json.WriteStartArray("upstreams");
        foreach (var upstream in report.Transit.Upstreams) WriteUpstream(json, report, upstream, report.Transit.Shares);
        json.WriteEndArray();
        FamilyJson.Write(json, report);
        json.WriteStartArray("prefixes");
        foreach (var prefix in report.Transit.Prefixes) WritePrefix(json, report, prefix);
        json.WriteEndArray();
        json.WriteStartArray("moreSpecifics");
        foreach (var prefix in report.Transit.MoreSpecifics) WritePrefix(json, report, prefix);
        json.WriteEndArray();
        InsideJson.Write(json, report.Transit, report.Registry);
        json.WriteStartArray("changes");
        foreach (var change in report.Transit.Changes) ChangeJson.Write(json, report, change, story.Local.Clock);
        json.WriteEndArray();
        IncidentJson.Write(json, report.Transit.Incidents);
        SharesJson.WriteVantagePoints(json, report.Transit.VantagePoints);
        WriteSeries(json, "series", report.Transit.Series);
        json.WriteStartArray("prefixSeries");
        foreach (var series in report.Transit.PrefixSeries)
        {
            json.WriteStartObject();
            json.WriteString("prefix", series.Prefix.ToString());
            WriteSeries(json, "series", series.Points);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("definitions");
        foreach (var definition in Definitions.Shares.Concat(Definitions.Terms)) json.WriteString(definition.Key, definition.Text);
        json.WriteEndObject();
        WriteTexts(json, "limits", Definitions.Limits);
        WriteTexts(json, "registry", report.Registry.Sources);
        json.WriteStartArray("inputs");
        foreach (var file in report.Observations.Files) WriteInput(json, file);
        json.WriteEndArray();
        json.WriteString("inputsSha256", Citation.InputsSha256(report));
        json.WriteString("citation", Citation.Text(report, story));
        ProofJson.WriteRecords(json, report);
        json.WriteEndObject();
    }

    internal static void WriteSubject(Utf8JsonWriter json, Subject subject)
    {
        json.WriteStartObject("subject");
        json.WriteString("kind", subject.Kind switch { SubjectKind.As => "as", SubjectKind.Country => "country", _ => "prefix" });
        json.WriteString("text", subject.Text);
        json.WriteString("name", subject.Name);
        WriteText(json, "country", subject.Country.ToString());
        json.WriteEndObject();
    }

    private static void WriteCoverage(Utf8JsonWriter json, Report report)
    {
        var coverage = report.Coverage;
        json.WriteStartObject("coverage");
        WriteTexts(json, "collectors", coverage.Collectors.Select(collector => collector.Name));
        WriteTexts(json, "projects", CoverageWords.Projects(coverage.Collectors));
        if (coverage.Where is { } where) json.WriteString("where", where);
        json.WriteNumber("peers", coverage.Peers);
        json.WriteNumber("peerAses", coverage.PeerAses);
        json.WriteNumber("fullFeedPeerAses", coverage.FullFeedPeerAses);
        json.WriteNumber("fullIpv4PeerAses", coverage.FullIpv4PeerAses);
        json.WriteNumber("fullIpv6PeerAses", coverage.FullIpv6PeerAses);
        json.WriteNumber("files", coverage.Files.Count);
        json.WriteNumber("records", coverage.Records);
        json.WriteNumber("elements", coverage.Elements);
        json.WriteNumber("faults", CoverageWords.Faults(coverage));
        json.WriteNumber("discardedAttributes", coverage.DiscardedAttributes);
        json.WriteStartArray("gaps");
        foreach (var gap in coverage.Gaps)
        {
            json.WriteStartObject();
            json.WriteString("collector", gap.Collector.Name);
            json.WriteString("from", gap.From.ToString());
            json.WriteString("to", gap.To.ToString());
            json.WriteString("why", CoverageWords.Why(gap));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("peersWithoutTable", coverage.WithoutTable.Count);
        WriteTexts(json, "collectorsWithoutTable", coverage.CollectorsWithoutTable.Select(collector => collector.Name));
        json.WriteStartArray("lateTables");
        foreach (var (collector, since) in coverage.LateTables)
        {
            json.WriteStartObject();
            json.WriteString("collector", collector.Name);
            json.WriteString("since", since.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteBoolean("complete", coverage.Complete);
        if (coverage.Later is { } later) json.WriteString("later", later.ToString());
        json.WriteString("basis", report.Transit.Basis is { } basis ? ShareWords.Counted(basis) : "");
        WriteTexts(json, "faultLines", coverage.Faults);
        WriteTexts(json, "passedOver", coverage.PassedOver);
        WriteTexts(json, "unread", coverage.Unread);
        if (coverage.Redirects.Count > 0) WriteTexts(json, "redirects", coverage.Redirects);
        LedgerJson.WritePassedOver(json, coverage.NotDecoded);
        json.WriteStartArray("late");
        foreach (var (file, events) in coverage.Late)
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WriteNumber("events", events);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("views");
        foreach (var (file, views) in coverage.Views)
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            WriteTexts(json, "views", views);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void WriteSize(Utf8JsonWriter json, SubjectSize size)
    {
        json.WriteStartObject("size");
        json.WriteNumber("prefixes", size.Prefixes);
        json.WriteNumber("ipv4Addresses", size.Ipv4Addresses);
        json.WriteNumber("ipv4Slash24s", size.Ipv4Slash24s);
        json.WriteNumber("ipv6Slash48s", size.Ipv6Slash48s);
        json.WriteNumber("origins", size.Origins);
        json.WriteEndObject();
    }

    // Where nobody votes no share is known: null, which is not none.
    internal static void WriteUpstream(Utf8JsonWriter json, Report report, UpstreamState upstream, ShareBasis? basis)
    {
        json.WriteStartObject();
        json.WriteNumber("asn", upstream.Asn.Number);
        json.WriteString("name", report.Registry.NameOf(upstream.Asn));
        WriteText(json, "country", report.Registry.CountryOf(upstream.Asn).ToString());
        json.WriteString("firstSeen", upstream.FirstSeen.ToString());
        json.WriteString("lastSeen", upstream.LastSeen.ToString());
        json.WriteNumber("peerAses", upstream.PeerAses);
        WriteShares(json, basis is { PeerAses: 0 } ? null : upstream.Shares);
        SharesJson.WriteUpstream(json, upstream);
        json.WriteEndObject();
    }

    internal static void WriteShares(Utf8JsonWriter json, UpstreamShares? shares)
    {
        json.WriteStartObject("shares");
        WriteShare(json, "route", shares?.Route);
        WriteShare(json, "peerAs", shares?.PeerAs);
        WriteShare(json, "prefix", shares?.Prefix);
        WriteShare(json, "address", shares?.Address);
        WriteShare(json, "coverage", shares?.Coverage);
        WriteShare(json, "hegemony", shares?.Hegemony);
        json.WriteEndObject();
    }

    private static void WritePrefix(Utf8JsonWriter json, Report report, PrefixState prefix)
    {
        bool isCounted = StateWords.IsCounted(report, prefix);
        json.WriteStartObject();
        json.WriteString("prefix", prefix.Prefix.ToString());
        if (prefix.Origin is { } origin) json.WriteNumber("origin", origin.Number); else json.WriteNull("origin");
        json.WriteStartArray("origins");
        foreach (var seen in prefix.Origins)
        {
            json.WriteStartObject();
            json.WriteNumber("asn", seen.Asn.Number);
            json.WriteNumber("peerAses", seen.PeerAses);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteShare(json, "visibility", isCounted ? prefix.Visibility : null);
        json.WriteNumber("peerAses", prefix.PeerAses);
        json.WriteStartArray("upstreams");
        foreach (var upstream in prefix.Upstreams)
        {
            json.WriteStartObject();
            json.WriteNumber("asn", upstream.Asn.Number);
            WriteShare(json, "peerAs", isCounted ? upstream.PeerAs : null);
            json.WriteNumber("peerAses", upstream.PeerAses);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void WriteSeries(Utf8JsonWriter json, string name, IReadOnlyList<SeriesPoint> points)
    {
        json.WriteStartArray(name);
        foreach (var point in points)
        {
            json.WriteStartObject();
            json.WriteString("time", point.Time.ToString());
            WriteShare(json, "visibility", point.Visibility);
            json.WriteStartObject("upstreams");
            foreach (var (asn, share) in point.Upstreams.OrderBy(entry => entry.Key))
                WriteShare(json, FormattableString.Invariant($"{asn.Number}"), share);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteInput(Utf8JsonWriter json, ReadFile file)
    {
        json.WriteStartObject();
        json.WriteString("file", file.Name);
        json.WriteString("sha256", file.Sha256);
        json.WriteString("collector", file.Collector.Name);
        WriteTime(json, "first", file.First);
        WriteTime(json, "last", file.Last);
        json.WriteNumber("records", file.Records);
        json.WriteNumber("elements", file.Elements);
        json.WriteNumber("faults", file.Faults);
        json.WriteEndObject();
    }

    internal static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0) json.WriteString(name, text); else json.WriteNull(name);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, Timestamp? time)
    {
        if (time is { } known) json.WriteString(name, known.ToString()); else json.WriteNull(name);
    }

    internal static void WriteShare(Utf8JsonWriter json, string name, double? share)
    {
        if (share is { } known && double.IsFinite(known)) json.WriteNumber(name, Math.Round(known, ShareDigits)); else json.WriteNull(name);
    }
}
