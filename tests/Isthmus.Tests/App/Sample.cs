using System.Collections.Concurrent;
using System.Text.Json;

using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.App;

/// <summary>The program's answers on the whole sample, each made once for all tests that read it.</summary>
internal static class Sample
{
    public const string Folder = "samples/kp-2017-10";

    private static readonly ConcurrentDictionary<string, Lazy<CliRun>> _made = new(StringComparer.Ordinal);

    /// <summary>The report on a subject as text, as JSON or as a page.</summary>
    public static CliRun Of(string subject, string format = "json") => _made.GetOrAdd($"{subject} {format}", _ =>
        new(() => Cli.Run("report", subject, Folder, "--format", format))).Value;
}

/// <summary>Short ways into a report's JSON.</summary>
internal static class ReportJson
{
    public static JsonElement[] Changes(this JsonElement report) => [.. report.GetProperty("changes").EnumerateArray()];

    public static string Kind(this JsonElement change) => change.GetProperty("kind").GetString()!;

    public static Timestamp Time(this JsonElement change, string name) => Timestamp.Parse(change.GetProperty(name).GetString()!);

    public static string[] Prefixes(this JsonElement change) =>
        [.. change.GetProperty("prefixes").EnumerateArray().Select(prefix => prefix.GetString()!)];

    public static uint? Upstream(this JsonElement change) =>
        change.TryGetProperty("upstream", out var asn) && asn.ValueKind is JsonValueKind.Number ? asn.GetUInt32() : null;

    public static uint[] Upstreams(this JsonElement of) =>
        [.. of.GetProperty("upstreams").EnumerateArray().Select(upstream => upstream.GetProperty("asn").GetUInt32())];

    public static double Share(this JsonElement report, uint asn, string name) => report.GetProperty("upstreams").EnumerateArray()
        .Single(upstream => upstream.GetProperty("asn").GetUInt32() == asn).GetProperty("shares").GetProperty(name).GetDouble();
}
