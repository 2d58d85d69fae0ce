using System.Text.Json;

using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Tables;

/// <summary>What stands before the routes of a table: what they rest on, and what is not known.</summary>
public static class TableWords
{
    /// <summary>Lines on what is missing; the rest are counted.</summary>
    private const int MissingMax = 100;

    /// <summary>The lines, each of one sentence.</summary>
    /// <param name="selection">Whose routes alone a store keeps, in words; null where every prefix is there.</param>
    public static IReadOnlyList<string> Lines(HeldTable table, string? selection)
    {
        var missing = CoverageWords.Missing(table.Coverage);
        int known = table.Peers.Count(peer => peer.Ipv4 || peer.Ipv6), collectors = table.Coverage.Collectors.Count;
        return
        [
            $"What {Wording.Count(table.Peers.Count, "peer", "peers")} of {Wording.Count(collectors, "collector", "collectors")} held at {table.At};"
                + $" of {Wording.Count(known)} the table is known{(selection is null ? "" : $". The store keeps the routes of {selection} alone")}",
            .. table.Notice is null ? [] : table.Notice.Split('\n').Select(Wording.Printable),
            CoverageWords.Verdict(table.Coverage),
            .. LastShown(table) is { } shown
                ? [$"A dump was being written: what it shows later is not known of this time; at {shown} it is whole"]
                : Array.Empty<string>(),
            .. missing.Take(MissingMax),
            .. missing.Count > MissingMax ? [$"and {Wording.Count(missing.Count - MissingMax)} more"] : Array.Empty<string>(),
        ];
    }

    /// <summary>When a dump that was being written had shown all; null where none was.</summary>
    private static Timestamp? LastShown(HeldTable table) =>
        table.Peers.Max(peer => peer.Ipv4Shown > peer.Ipv6Shown ? peer.Ipv4Shown : peer.Ipv6Shown ?? peer.Ipv4Shown);

    /// <summary>Whose table of a family is not known, and since when where it was.</summary>
    public static string Of(HeldPeer peer, AddressFamily family) => $"{Of(peer.Peer)}, {(family is AddressFamily.IPv4 ? "IPv4" : "IPv6")}"
        + (peer.LostSince is { } since ? $", session lost {Wording.Moment(since)}" : "")
        + ((family is AddressFamily.IPv4 ? peer.Ipv4Shown : peer.Ipv6Shown) is { } shown
            ? $", a dump shows the rest until {Wording.Moment(shown)}" : "");

    /// <summary>A peer: <c>rrc00 192.0.2.1 AS3333</c>.</summary>
    public static string Of(Peer peer) => $"{peer.Collector.Name} {peer.Address} {peer.Asn}";

    /// <summary>Writes the same as the first line of JSON lines: an object with the key <c>coverage</c>.</summary>
    public static void WriteJson(HeldTable table, string? selection, Stream output)
    {
        using var json = new Utf8JsonWriter(output, new() { Encoder = PrintableJson.Encoder });
        json.WriteStartObject();
        json.WriteStartObject("coverage");
        json.WriteString("at", table.At.ToString());
        json.WriteString("selection", selection);
        json.WriteString("notice", table.Notice);
        json.WriteString("where", table.Coverage.Where);
        json.WriteStartArray("collectors");
        foreach (var collector in table.Coverage.Collectors) json.WriteStringValue(collector.Name);
        json.WriteEndArray();
        json.WriteNumber("peers", table.Peers.Count);
        json.WriteNumber("ipv4Known", table.Peers.Count(peer => peer.Ipv4));
        json.WriteNumber("ipv6Known", table.Peers.Count(peer => peer.Ipv6));
        json.WriteBoolean("complete", table.Complete);
        json.WriteStartArray("missing");
        foreach (string line in CoverageWords.Missing(table.Coverage)) json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
