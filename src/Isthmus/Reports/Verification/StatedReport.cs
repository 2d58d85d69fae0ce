using System.Text;
using System.Text.Json;

using Isthmus.Sources;

namespace Isthmus.Reports.Verification;

/// <summary>An input as a report states it.</summary>
/// <param name="Collector">The name of its collector; null where the report has none.</param>
public sealed record StatedInput(string File, string Sha256, string? Collector);

/// <summary>A record as a report states it.</summary>
public sealed record StatedRecord(string Id, string File, long Offset, byte[] Bytes);

/// <summary>A report that somebody has, in JSON or as the page that holds it: what it says of itself and of its inputs.</summary>
/// <param name="Version">Of the program that made it.</param>
/// <param name="Arguments">The command line that made it, without what only says where the output goes.</param>
/// <param name="Page">The whole page, for a report in HTML; null for JSON.</param>
public sealed record StatedReport(
    JsonElement Content, string Version, string? Command, IReadOnlyList<string> Arguments, IReadOnlyList<StatedInput> Inputs,
    IReadOnlyList<StatedRecord> Records, string? Page)
{
    /// <summary>What the page that holds a report begins and ends it with.</summary>
    public static string PageOpens => "<script type=\"application/json\" id=\"report\">";

    /// <inheritdoc cref="PageOpens"/>
    public static string PageCloses => "</script>";

    /// <summary>What the report says first of all of its inputs; null for nothing.</summary>
    public string? Notice => Content.TryGetProperty("notice", out var notice) ? notice.GetString() : null;

    /// <summary>The files that it says were passed over.</summary>
    public IReadOnlyList<string> PassedOver => [.. Texts(Content.GetProperty("coverage").GetProperty("passedOver"))];

    /// <summary>What it says could not be read.</summary>
    public IReadOnlyList<string> Unread =>
        Content.GetProperty("coverage").TryGetProperty("unread", out var unread) ? [.. Texts(unread)] : [];

    /// <summary>The addresses that it says a server redirected to others.</summary>
    public IReadOnlyList<string> Redirects =>
        Content.GetProperty("coverage").TryGetProperty("redirects", out var led) ? [.. Texts(led)] : [];

    /// <summary>Reads a report.</summary>
    /// <param name="name">What to call it in an error.</param>
    /// <exception cref="InputException">It is no report of this program.</exception>
    public static StatedReport Read(string name, byte[] bytes)
    {
        string text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        bool isPage = !text.AsSpan().TrimStart().StartsWith("{");
        try
        {
            string json = isPage ? HeldBy(text) : text;
            var content = JsonDocument.Parse(json).RootElement;
            return new(
                content, content.GetProperty("isthmus").GetString()!, content.GetProperty("command").GetString(),
                [.. Texts(content.GetProperty("arguments"))],
                [.. content.GetProperty("inputs").EnumerateArray().Select(
                    InputOf)],
                [.. content.GetProperty("records").EnumerateArray().Select(RecordOf)], isPage ? text : null);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InputException(
                $"{name} is no report of isthmus, or not whole: give what isthmus report wrote as JSON or HTML", failure);
        }
    }

    /// <summary>The JSON that a page holds: the whole report, or the same with short lists.</summary>
    /// <exception cref="FormatException">It holds none.</exception>
    public static string HeldBy(string page)
    {
        int start = page.IndexOf(PageOpens, StringComparison.Ordinal);
        int end = start < 0 ? -1 : page.IndexOf(PageCloses, start, StringComparison.Ordinal);
        return end < 0 ? throw new FormatException("the page holds no report") : page[(start + PageOpens.Length)..end];
    }

    private static StatedInput InputOf(JsonElement input) => new(
        input.GetProperty("file").GetString()!, input.GetProperty("sha256").GetString()!,
        input.TryGetProperty("collector", out var collector) ? collector.GetString() : null);

    private static StatedRecord RecordOf(JsonElement record) => new(
        record.GetProperty("id").GetString()!, record.GetProperty("file").GetString()!, record.GetProperty("offset").GetInt64(),
        Convert.FromHexString(record.GetProperty("bytes").GetString()!));

    private static IEnumerable<string> Texts(JsonElement array) => array.EnumerateArray().Select(text => text.GetString() ?? "");
}
