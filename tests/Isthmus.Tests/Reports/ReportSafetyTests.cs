using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Reports.Html;
using Isthmus.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Reports;

/// <summary>Names come from registries and files that strangers write: no output may be led astray by one.</summary>
public sealed partial class ReportSafetyTests
{
    private static readonly RegistryLayer _hostile = new(
        ["A source\e[31m"], [new(KpStory.TransTeleCom, Country.Parse("RU"), "Evil\e[2J\u0007\nName")], [], []);

    [Fact]
    public void A_name_cannot_speak_to_the_terminal()
    {
        using var output = new StringWriter { NewLine = "\n" };
        ReportText.Write(KpStory.Full(_hostile), output);
        Assert.Contains("Evil\uFFFD[2J", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(output.ToString(), character => char.IsControl(character) && character != '\n');
    }

    [Fact]
    public void A_name_with_control_characters_leaves_the_pictures_sound_xml()
    {
        var pictures = Picture().Matches(Page(KpStory.Full(_hostile)));
        Assert.Equal(4, pictures.Count);
        Assert.All(pictures, picture => Assert.Equal("svg", XElement.Parse(picture.Value).Name.LocalName));
    }

    /// <summary>Quotes, commas, ends of lines and the first letters of formulas are parts of names, and of nothing else.</summary>
    [Fact]
    public async Task A_name_with_quotes_commas_and_ends_of_lines_is_one_name_in_text_json_csv_and_page()
    {
        const string Formula = "=HYPERLINK(\"x\"),\"b\"\n@c", Quoted = "'China', \"Uni\" & <b>S</b>, Ltd";
        using var folder = new TemporaryFolder();
        string names = folder.Write("as-names.json", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["20485"] = Formula,
            ["4837"] = Quoted,
        })));
        var report = KpStory.Full(Assert.Single(RegistryFiles.Read([names], [])));
        string formula = Formula.Replace('\n', '\uFFFD'), quoted = Quoted[..^", Ltd".Length];

        using var text = new StringWriter { NewLine = "\n" };
        ReportText.Write(report, text);
        Assert.All([formula, quoted], name => Assert.Contains(name, Unfolded(text.ToString()), StringComparison.Ordinal));

        using var json = Json(report);
        var upstreams = json.RootElement.GetProperty("upstreams").EnumerateArray()
            .ToDictionary(item => item.GetProperty("asn").GetUInt32(), item => item.GetProperty("name").GetString());
        Assert.Equal((Formula, Quoted), (upstreams[20485], upstreams[4837]));

        string page = Page(report);
        Assert.DoesNotContain("<b>S", page, StringComparison.Ordinal);
        Assert.All([formula, quoted], name => Assert.Contains(name, System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal));

        string file = folder.Write("=1+1,\"y\".mrt", new MrtWriter().Update(Timestamp.Parse("2017-10-01T09:07:51Z"),
            new("192.0.2.2", 3333), withdraw: ["10.1.2.0/24"]).ToArray());
        var rows = Rows(Cli.Run("read", file, "--format", "csv").Out);
        Assert.Equal(2, rows.Count);
        Assert.Equal(rows[0].Length, rows[1].Length);
        Assert.Equal((file, "'=1+1,\"y\""), (rows[1][Array.IndexOf(rows[0], "file")], rows[1][Array.IndexOf(rows[0], "collector")]));

        // The page's tables of numbers name networks by number; whatever a cell holds, it is one cell and no formula.
        await using var browser = await OpenedPage.Open(report, 1280);
        await browser.Page.EvaluateFunctionAsync(
            "text => { document.querySelector('#chart-table tbody tr').cells[1].textContent = text; }", Formula);
        string[] tables = [.. (await browser.Page.EvaluateExpressionAsync<JsonElement>(PageInBrowserTests.SaveAll)).EnumerateArray()
            .Where(saved => saved.GetProperty("name").GetString()!.EndsWith(".csv", StringComparison.Ordinal))
            .Select(saved => saved.GetProperty("text").GetString()!)];
        Assert.NotEmpty(tables);
        string[] cells = [.. tables.SelectMany(Rows).SelectMany(row => row)];
        Assert.Contains("'" + Formula, cells);
        Assert.DoesNotContain(cells, cell => FormulaCell().IsMatch(cell));
        Assert.Empty(browser.Complaints);
    }

    // Lines that were broken for the width of a page are one again.
    private static string Unfolded(string text) => Fold().Replace(text, " ");

    // RFC 4180: quoted cells hold commas, doubled quotes and ends of lines.
    private static List<string[]> Rows(string csv)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        foreach (var cell in CsvCell().Matches(csv).Cast<System.Text.RegularExpressions.Match>())
        {
            string value = cell.Groups["cell"].Value;
            row.Add(value is ['"', ..] ? value[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : value);
            if (cell.Groups["end"].Value is ",") continue;
            rows.Add([.. row]);
            row.Clear();
        }
        return rows;
    }

    [Fact]
    public void The_page_lets_only_its_own_style_and_script_run()
    {
        string page = Page(KpStory.Full());
        string policy = Policy().Match(page).Groups[1].Value;
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        foreach (string tag in new[] { "style", "script" })
        {
            string inline = Regex.Match(page, $"<{tag}>(.*?)</{tag}>", RegexOptions.Singleline).Groups[1].Value;
            string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(inline)));
            Assert.Contains($"{tag}-src 'sha256-{hash}'", policy, StringComparison.Ordinal);
        }
        // The policy would not let a style attribute act, so that there must be none.
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_names_the_files_that_its_evidence_lies_in_with_their_hashes()
    {
        string page = Page(KpStory.Full());
        var first = KpStory.Full().Observations.Files[0];
        Assert.Contains($"<th scope=\"row\"><code>{first.Name}</code></th><td><code>{first.Sha256}</code></td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_that_is_no_number_is_null_in_json()
    {
        var full = KpStory.Full();
        var upstream = full.Transit.Upstreams[0];
        var odd = upstream with { Shares = upstream.Shares with { Hegemony = double.NaN } };
        using var document = Json(full with { Transit = full.Transit with { Upstreams = [odd] } });
        var shares = document.RootElement.GetProperty("upstreams")[0].GetProperty("shares");
        Assert.Equal(JsonValueKind.Null, shares.GetProperty("hegemony").ValueKind);
    }

    [Fact]
    public void Json_lists_every_input_and_the_command_that_gave_it()
    {
        var full = KpStory.Full() with { Command = "isthmus report KP" };
        using var document = Json(full);
        Assert.Equal("isthmus report KP", document.RootElement.GetProperty("command").GetString());
        Assert.Equal(
            full.Observations.Files.Select(file => file.Sha256),
            document.RootElement.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("sha256").GetString()));
    }

    private static JsonDocument Json(Report report)
    {
        using var stream = new MemoryStream();
        ReportJson.Write(report, stream);
        return JsonDocument.Parse(stream.ToArray());
    }

    private static string Page(Report report)
    {
        using var output = new StringWriter { NewLine = "\n" };
        ReportHtml.Write(report, output);
        return output.ToString();
    }

    [GeneratedRegex(@"\n\s*")]
    private static partial Regex Fold();

    [GeneratedRegex(@"\G(?<cell>""(?:[^""]|"""")*""|[^,\r\n""]*)(?<end>,|\r\n)")]
    private static partial Regex CsvCell();

    [GeneratedRegex(@"^[=+@\t\r\n-](?![\d.,]+$)")]
    private static partial Regex FormulaCell();

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();

    [GeneratedRegex(@"<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Picture();
}
