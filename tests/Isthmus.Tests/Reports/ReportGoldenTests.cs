using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using Isthmus.Reports;
using Isthmus.Reports.Html;
using Isthmus.Tests.App;
using Isthmus.Tests.Claims;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Reports;

/// <summary>
/// JSON and pages as they were reviewed. Of what is long the beginning stands in the golden file, and the hash of the rest: no change
/// passes, and the difference stays readable.
/// </summary>
public sealed partial class ReportGoldenTests
{
    /// <summary>Lists up to so many elements stand whole; of longer ones the first.</summary>
    private const int ElementsMax = 10, ElementsShown = 2;

    /// <summary>Text up to so many characters stands whole; of longer text the beginning.</summary>
    private const int CharactersMax = 400, CharactersShown = 200;

    private static readonly JsonSerializerOptions _readable =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void The_JSON_of_the_sample_reads_as_it_was_reviewed() => Golden.Check("sample-kp.json", Readable(Sample.Of("KP").Out));

    [Fact]
    public void The_JSON_of_the_story_reads_as_it_was_reviewed()
    {
        using var output = new MemoryStream();
        Isthmus.Reports.ReportJson.Write(KpStory.Full(), output);
        Golden.Check("report-kp.json", Readable(Encoding.UTF8.GetString(output.ToArray())));
    }

    [Fact]
    public void The_JSON_of_a_history_reads_as_it_was_reviewed()
    {
        using var output = new MemoryStream();
        HistoryJson.Write(SearchResult.Of(SampleReport.KpSeen, new Asn(20485)), output);
        Golden.Check("history-kp.json", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void The_page_of_the_story_reads_as_it_was_reviewed()
    {
        using var output = new StringWriter { NewLine = "\n" };
        ReportHtml.Write(KpStory.Full(), output);
        var lines = BeforeTag().Replace(output.ToString(), "\n").Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0);
        Golden.Check("report-kp.html", string.Concat(lines.Select(line => Shortened(line) + "\n")));
    }

    private static string Readable(string json) => Shortened(JsonNode.Parse(json))!.ToJsonString(_readable) + "\n";

    private static JsonNode? Shortened(JsonNode? node) => node switch
    {
        JsonObject one => new JsonObject(one.Select(property => KeyValuePair.Create(property.Key, Shortened(property.Value)))),
        JsonArray { Count: > ElementsMax } many => new JsonArray([.. many.Take(ElementsShown).Select(Shortened),
            $"… {many.Count - ElementsShown} more, SHA-256 {Hash(string.Join(',', many.Skip(ElementsShown).Select(element => element?.ToJsonString())))}"]),
        JsonArray few => new JsonArray([.. few.Select(Shortened)]),
        JsonValue value when value.TryGetValue(out string? text) => Shortened(text),
        _ => node?.DeepClone(),
    };

    private static string Shortened(string text) => text.Length <= CharactersMax ? text
        : $"{text[..CharactersShown]}… {text.Length - CharactersShown} more characters, SHA-256 {Hash(text[CharactersShown..])}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    // A row of a table, a mark of a picture and a paragraph begin a line each, so that a difference is of one of them.
    [GeneratedRegex("(?=<(?!td|th[ >]|code|title|span|a |b>)[a-z!])")]
    private static partial Regex BeforeTag();
}
