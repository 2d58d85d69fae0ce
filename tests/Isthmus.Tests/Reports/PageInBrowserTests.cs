using System.Text.Json;
using System.Xml.Linq;

using Deque.AxeCore.Commons;

using Isthmus.Tests.Claims;
using Isthmus.Tests.Support;

using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace Isthmus.Tests.Reports;

/// <summary>The page of the sample in a real browser: looked at, operated, saved, and judged by axe-core.</summary>
public sealed class PageInBrowserTests
{
    // Each button says which picture, table or data it saves; what it would save is caught on its way to the disk.
    internal const string SaveAll = """
        (async () => {
            const saved = [];
            URL.createObjectURL = blob => { saved.push(blob); return '#'; };
            HTMLAnchorElement.prototype.click = function () { saved.at(-1).name = this.download; };
            document.querySelectorAll('.tools button:not([data-png])').forEach(button => button.click());
            return Promise.all(saved.map(async blob => ({ name: blob.name, text: await blob.text() })));
        })()
        """;

    [Fact]
    public async Task Every_button_saves_what_it_names()
    {
        await using var browser = await OpenedPage.Open(SampleReport.Kp, 1280);
        var saved = (await browser.Page.EvaluateExpressionAsync<JsonElement>(SaveAll)).EnumerateArray()
            .Select(file => (Name: file.GetProperty("name").GetString()!, Text: file.GetProperty("text").GetString()!)).ToArray();
        // The pictures before and after have one table between them.
        string[] named = await browser.Page.EvaluateExpressionAsync<string[]>("""
            [...document.querySelectorAll('.tools button:not([data-png])')].map(({ dataset: { svg, csv, json } }) =>
                svg ? `${svg}.svg` : csv ? `${csv}.csv` : `${json}.json`)
            """);
        Assert.Equal(11, named.Length);
        Assert.Equal(named, saved.Select(file => file.Name));
        Assert.All(saved.Where(file => file.Name.EndsWith(".svg", StringComparison.Ordinal)), file =>
        {
            var svg = XDocument.Parse(file.Text).Root!;
            Assert.Equal("svg", svg.Name.LocalName);
            Assert.True(svg.Descendants().Count(part => part.Attribute("fill") is not null) > 10, file.Name);
            // Printed alone it says what the page says of it.
            string alone = string.Join(' ', svg.Elements().Where(part => part.Name.LocalName is "text").Select(part => part.Value));
            Assert.All(["Re-enactment", "Routes to North Korea go by", "1 October 2017 00:00 to 2 October 2017 11:59:53 UTC", "no route", "TransTeleCom",
                "Isthmus 0.1.0", "inputs SHA-256", "Routes are not traffic"], word => Assert.Contains(word, alone, StringComparison.Ordinal));
            double width = (double)svg.Attribute("width")!;
            Assert.All(svg.Elements(), part => Assert.InRange((double?)part.Attribute("x") ?? 0, 0, width));
        });
        Assert.All(saved.Where(file => file.Name.EndsWith(".csv", StringComparison.Ordinal)), file =>
            Assert.True(file.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length > 2, file.Name));
        Assert.Contains("\"2017-10-01 09:05:00\",\"100.0\"", saved.Single(file => file.Name == "chart-table.csv").Text, StringComparison.Ordinal);
        string json = saved.Single(file => file.Name == "report.json").Text;
        Assert.Equal("KP", JsonDocument.Parse(json).RootElement.GetProperty("subject").GetProperty("country").GetString());
    }

    [Fact]
    public async Task A_picture_is_saved_in_dots_too_without_a_network()
    {
        await using var browser = await OpenedPage.Open(SampleReport.Kp, 1280);
        var saved = await browser.Page.EvaluateExpressionAsync<JsonElement>("""
            new Promise(done => {
                const make = URL.createObjectURL;
                let last;
                URL.createObjectURL = blob => { last = blob; return make.call(URL, blob); };
                HTMLAnchorElement.prototype.click = async function () {
                    const image = await createImageBitmap(last), head = new Uint8Array(await last.slice(0, 8).arrayBuffer());
                    done({ name: this.download, head: [...head].join(' '), width: image.width });
                };
                document.querySelector('button[data-png=chart]').click();
            })
            """);
        Assert.Equal("chart.png", saved.GetProperty("name").GetString());
        Assert.Equal("137 80 78 71 13 10 26 10", saved.GetProperty("head").GetString());
        Assert.Equal(2 * 960, saved.GetProperty("width").GetInt32());
    }

    [Theory]
    [InlineData(390, "chart-narrow", "strips-narrow", "raster-narrow")]
    [InlineData(1280, "chart", "strips", "raster")]
    public async Task The_courses_over_time_fit_the_width_without_a_scroll_box(int width, params string[] shown)
    {
        await using var browser = await OpenedPage.Open(SampleReport.Kp, width);
        string[] seen = await browser.Page.EvaluateExpressionAsync<string[]>("""
            [...document.querySelectorAll('svg.chart, svg.strips, svg.raster')]
                .filter(chart => chart.checkVisibility({ visibilityProperty: true })).map(chart => {
                const box = chart.closest('.scroll');
                return box.scrollWidth > box.clientWidth ? `${chart.id} scrolls` : chart.id;
            })
            """);
        Assert.Equal(shown, seen);
    }

    [Fact]
    public async Task The_chart_is_read_with_the_arrow_keys_alone()
    {
        await using var browser = await OpenedPage.Open(SampleReport.Kp, 1280);
        await browser.Page.FocusAsync("#chart");
        await browser.Page.Keyboard.PressAsync("Home");
        Assert.Equal("2017-10-01 00:00 UTC: AS4837 CHINA UNICOM China169 Backbone (CN) 100%", await Readout(browser));
        await browser.Page.Keyboard.PressAsync("ArrowRight");
        Assert.StartsWith("2017-10-01 00:05 UTC", await Readout(browser), StringComparison.Ordinal);
        await browser.Page.Keyboard.PressAsync("End");
        Assert.Contains("AS20485 TransTeleCom (RU) 20", await Readout(browser), StringComparison.Ordinal);
        await browser.Page.Keyboard.PressAsync("Escape");
        Assert.StartsWith("Point at the chart", await Readout(browser), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(360)]
    [InlineData(768)]
    [InlineData(1280)]
    [InlineData(1920)]
    public async Task The_page_never_scrolls_sideways_and_complains_of_nothing(int width)
    {
        await using var browser = await OpenedPage.Open(SampleReport.Kp, width);
        await browser.Page.EvaluateExpressionAsync("document.querySelectorAll('details').forEach(part => { part.open = true; })");
        string[] wide = await browser.Page.EvaluateExpressionAsync<string[]>("""
            document.documentElement.scrollWidth <= document.documentElement.clientWidth ? []
                : [`${document.documentElement.scrollWidth} wide`, ...[...document.querySelectorAll('body *')]
                    .filter(part => part.getBoundingClientRect().right > document.documentElement.clientWidth && !part.closest('svg *'))
                    .slice(0, 12).map(part => `${part.tagName} ${part.getAttribute('class')} ${part.textContent.trim().slice(0, 40)}`)]
            """);
        Assert.Empty(wide);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task On_paper_there_are_no_buttons_and_all_pictures()
    {
        await using var browser = await OpenedPage.Open(SampleReport.Kp, 1280);
        await browser.Page.EmulateMediaTypeAsync(MediaType.Print);
        const string Shown = "[...document.querySelectorAll('{0}')].filter(part => part.checkVisibility()).length";
        Assert.Equal(0, await browser.Page.EvaluateExpressionAsync<int>(Shown.Replace("{0}", ".tools button", StringComparison.Ordinal)));
        int pictures = await browser.Page.EvaluateExpressionAsync<int>(Shown.Replace("{0}", "figure svg", StringComparison.Ordinal));
        Assert.True(pictures >= 5, $"{pictures} pictures");
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Axe_finds_nothing_that_keeps_a_reader_out(string scheme)
    {
        await using var browser = await OpenedPage.Open(SampleReport.Kp, 1280);
        await browser.Page.EmulateMediaFeaturesAsync([new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);
        await browser.Page.EvaluateExpressionAsync(new BundledAxeScriptProvider().GetScript());
        string[] found = await browser.Page.EvaluateExpressionAsync<string[]>(
            "axe.run().then(result => result.violations.map(found => `${found.id}: ${found.nodes.map(node => node.target).slice(0, 5)}`))");
        Assert.Empty(found);
    }

    private static Task<string> Readout(OpenedPage browser) =>
        browser.Page.EvaluateExpressionAsync<string>("document.getElementById('readout').textContent");
}
