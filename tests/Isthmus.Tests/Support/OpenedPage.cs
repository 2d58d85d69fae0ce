using Isthmus.Reports;
using Isthmus.Reports.Html;

using PuppeteerSharp;

namespace Isthmus.Tests.Support;

/// <summary>A page in Debian's Chromium without a screen, as a reader has it before them.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    private readonly IBrowser _browser;
    private readonly TemporaryFolder _folder;

    private OpenedPage(IBrowser browser, IPage page, TemporaryFolder folder) => (_browser, Page, _folder) = (browser, page, folder);

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>What the page complained of.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Opens the page of a report; skips the test where there is no Chromium.</summary>
    public static async Task<OpenedPage> Open(Report report, int width)
    {
        string program = Cli.Bash("command -v chromium").Out.Trim();
        Assert.SkipWhen(program.Length == 0, "chromium is not here: apt-get install chromium fonts-dejavu-core, or run .ci/run");
        var folder = new TemporaryFolder();
        string path = folder.Place("report.html");
        using (var file = new StreamWriter(path)) ReportHtml.Write(report, file);
        var browser = await Puppeteer.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
        });
        var opened = new OpenedPage(browser, await browser.NewPageAsync(), folder);
        opened.Page.Console += (_, said) => opened.Complaints.Add(said.Message.Text);
        opened.Page.PageError += (_, error) => opened.Complaints.Add(error.Message);
        await opened.Page.SetViewportAsync(new() { Width = width, Height = 1000 });
        await opened.Page.GoToAsync(new Uri(path).AbsoluteUri);
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _folder.Dispose();
    }
}
