using System.Text.Json;

using Isthmus.Dependence;
using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Cuts.Words;

/// <summary>What an answer from the table of a second rests on, in words and as JSON.</summary>
public static class TableCoverage
{
    /// <summary>Fewer full-feed peer ASes are told in the first line.</summary>
    public const int FewFullFeeds = DependenceAnswer.PeerAsesMin;

    /// <summary>How the documents of these answers are written.</summary>
    internal static JsonWriterOptions Indented { get; } = new() { Indented = true, NewLine = "\n", Encoder = PrintableJson.Encoder };

    /// <summary>Before the first sentence, where there are few: <c>Few vantage points (3 full-feed peer ASes): </c>.</summary>
    public static string Few(int fullFeedAses) => fullFeedAses >= FewFullFeeds ? ""
        : fullFeedAses == 0 ? "No full-feed peer AS is known: "
            : $"Few vantage points ({Wording.Count(fullFeedAses, "full-feed peer AS", "full-feed peer ASes")}): ";

    /// <summary>Lines that end an answer: what is missing.</summary>
    public static void WriteText(TextPage page, WholeTable table, string? selection)
    {
        page.Line();
        page.Paragraph($"{CoverageWords.Verdict(table.Coverage)}{(selection is null ? "" : $" The store keeps the routes of {selection} alone.")}", "");
        if (WrittenUntil(table) is { } until)
            page.Paragraph($"A dump was being written: what it shows later is not known of this time; at {until} it is whole.", "  ", 2);
        if (table.OtherTime is { } read) page.Paragraph($"What was read begins at {read.First} and ends at {read.Last}.", "  ", 2);
        foreach (string line in CoverageWords.Missing(table.Coverage).Take(10)) page.Paragraph(line, "  ", 2);
        page.More(Math.Max(0, CoverageWords.Missing(table.Coverage).Count - 10), "lines on what is missing");
    }

    // When a dump that was being written had shown all; null where none was.
    private static Timestamp? WrittenUntil(WholeTable table) => table.Peers.Max(peer =>
        peer.Ipv4Shown > peer.Ipv6Shown ? peer.Ipv4Shown : peer.Ipv6Shown ?? peer.Ipv4Shown);

    /// <summary>Writes the key <c>coverage</c>.</summary>
    /// <param name="peerAses">Peer ASes that are asked.</param>
    public static void WriteJson(Utf8JsonWriter json, WholeTable table, AddressFamily family, int peerAses, int fullFeedAses,
        string? selection)
    {
        json.WriteStartObject("coverage");
        json.WriteString("notice", table.Notice);
        json.WriteString("family", family is AddressFamily.IPv6 ? "ipv6" : "ipv4");
        json.WriteStartArray("collectors");
        foreach (var collector in table.Coverage.Collectors) json.WriteStringValue(collector.Name);
        json.WriteEndArray();
        json.WriteNumber("peers", table.Peers.Count);
        json.WriteNumber("peerAses", peerAses);
        json.WriteNumber("fullFeedPeerAses", fullFeedAses);
        json.WriteBoolean("few", fullFeedAses < FewFullFeeds);
        json.WriteString("selection", selection);
        json.WriteBoolean("complete", table.Complete);
        json.WriteString("dumpWholeAt", WrittenUntil(table)?.ToString());
        json.WriteStartArray("missing");
        foreach (string line in CoverageWords.Missing(table.Coverage)) json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A share as JSON has it: six digits, null for what is not known.</summary>
    public static void WriteShare(this Utf8JsonWriter json, string name, double? share)
    {
        if (share is { } known && double.IsFinite(known)) json.WriteNumber(name, Math.Round(known, 6)); else json.WriteNull(name);
    }

    /// <summary>A count; null for what is not known.</summary>
    public static void WriteCount(this Utf8JsonWriter json, string name, long? count)
    {
        if (count is { } known) json.WriteNumber(name, known); else json.WriteNull(name);
    }
}
