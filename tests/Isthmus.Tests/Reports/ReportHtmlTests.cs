using System.Text.RegularExpressions;
using System.Xml.Linq;

using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Reports.Html;

namespace Isthmus.Tests.Reports;

public sealed partial class ReportHtmlTests
{
    private const int SizeMax = 500_000;

    [Fact]
    public void The_page_asks_for_nothing_from_elsewhere()
    {
        string page = Write(KpStory.Full());
        Assert.Empty(Outside().Matches(page));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 10_000, SizeMax);
    }

    [Fact]
    public void A_name_that_is_markup_stays_text()
    {
        const string Hostile = "</script><img src=x onerror=alert(1)>\"'&";
        string page = Write(KpStory.Full(new RegistryLayer([Hostile], [new(KpStory.TransTeleCom, Country.Parse("RU"), Hostile)], [], [])));
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;/script&gt;&lt;img", page, StringComparison.Ordinal);
        // The page's own three: the numbers of the chart, the report, the script.
        Assert.Equal(3, Regex.Count(page, "</script>"));
        foreach (var svg in Pictures(page)) Assert.Equal("svg", svg.Name.LocalName);
    }

    [Fact]
    public void The_pictures_are_sound_xml_with_a_title()
    {
        var pictures = Pictures(Write(KpStory.Full()));
        Assert.Equal(4, pictures.Length);
        Assert.All(pictures, svg => Assert.NotEmpty(svg.Element("title")!.Value));
    }

    [Fact]
    public void Bins_without_data_are_dotted_and_bins_without_routes_are_not()
    {
        var chart = Pictures(Write(KpStory.Full()))[0];
        // Two hours of 36, in a plot that is 904 wide from 46: at 20:00.
        var gap = Assert.Single(chart.Elements("rect"), rect => rect.Attribute("class")!.Value == "gap");
        Assert.Equal("url(#gap)", gap.Attribute("fill")!.Value);
        Assert.Equal(46 + 904 * 20 / 36.0, (double)gap.Attribute("x")!, 1.0);
        Assert.Equal(904 * 2 / 36.0, (double)gap.Attribute("width")!, 1.0);
    }

    [Fact]
    public void Every_mark_of_the_chart_leads_to_its_change()
    {
        string page = Write(KpStory.Full());
        string[] targets = [.. Pictures(page)[0].Elements("a").Select(link => link.Attribute("href")!.Value)];
        Assert.Equal(6, targets.Distinct().Count());
        Assert.All(targets, target => Assert.Contains($"id=\"{target[1..]}\"", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Evidence_names_file_record_and_byte_and_says_how_much_is_left_out()
    {
        string page = Write(KpStory.Full());
        Assert.Contains("route-views.linx/updates.gz, 100, 5000+118", page, StringComparison.Ordinal);
        Assert.Contains("Who changed when: 27 steps", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_known_and_one_instant_are_whole_pages_too()
    {
        Assert.Contains("Nothing is known", Write(KpStory.Empty()), StringComparison.Ordinal);
        string instant = Write(KpStory.Instant());
        Assert.Contains("One instant is shown", instant, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", instant, StringComparison.Ordinal);
    }

    [Fact]
    public void Hundreds_of_prefixes_do_not_fill_the_page() =>
        Assert.Contains("more prefixes; the JSON form has all", Write(KpStory.ManyPrefixes(500)), StringComparison.Ordinal);

    private static XElement[] Pictures(string page) => [.. Picture().Matches(page).Select(match => XElement.Parse(match.Value))];

    private static string Write(Report report)
    {
        using var output = new StringWriter { NewLine = "\n" };
        ReportHtml.Write(report, output);
        return output.ToString();
    }

    [GeneratedRegex(@"(?:src|href)\s*=\s*[""'](?!#)|(?<![a-z])url\((?!#)|@import|https?://", RegexOptions.IgnoreCase)]
    private static partial Regex Outside();

    [GeneratedRegex(@"<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Picture();
}
