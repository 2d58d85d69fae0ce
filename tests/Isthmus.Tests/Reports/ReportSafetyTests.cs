using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Reports.Html;

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
        Assert.Equal(3, pictures.Count);
        Assert.All(pictures, picture => Assert.Equal("svg", XElement.Parse(picture.Value).Name.LocalName));
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

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();

    [GeneratedRegex(@"<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Picture();
}
