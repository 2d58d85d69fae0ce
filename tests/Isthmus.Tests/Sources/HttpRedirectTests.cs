using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Sources;

/// <summary>Where a server redirects to another address, both are named, and either may tell the collector.</summary>
public sealed class HttpRedirectTests
{
    private static readonly byte[] Updates = File.ReadAllBytes(
        Path.Combine(RealData.Repository, "samples/kp-2017-10/rrc00/2017.10/updates.20171001.0905.gz"));

    private static FaultyServer LeadingTo(string target) => new((_, path) => path.StartsWith(target, StringComparison.Ordinal)
        ? FaultyServer.Answer($"HTTP/1.1 200 OK\nContent-Length: {Updates.Length}\nConnection: close", Updates)
        : FaultyServer.Answer($"HTTP/1.1 302 Found\nLocation: {target}?sig=SECRETSIG\nContent-Length: 0\nConnection: close"));

    [Theory]
    [InlineData("/latest.gz", "/rrc03/2017.10/updates.20171001.0905.gz", "rrc03", Project.Ris)]
    [InlineData("/get", "/amsix.ams/bgpdata/2017.10/UPDATES/updates.20171001.0905.gz", "amsix.ams", Project.RouteViews)]
    [InlineData("/rrc00/updates.20171001.0905.gz", "/mirror/x.gz", "rrc00", Project.Ris)]
    [InlineData("/rrc00/updates.20171001.0905.gz", "/rrc03/updates.20171001.0905.gz", "rrc00", Project.Ris)]
    public void The_collector_is_that_of_the_address_that_was_given_else_of_the_one_that_it_leads_to(
        string asked, string target, string collector, Project project)
    {
        using var server = LeadingTo(target);
        using var inputs = new Inputs();
        var set = inputs.Resolve([$"http://{server.Address}{asked}"], Stream.Null, TestContext.Current.CancellationToken);
        var file = Assert.Single(set.Files);
        Assert.Equal(new Collector(collector, project), file.Collector);
        Assert.Equal($"http://{server.Address}{asked}", file.Name);
        Assert.Equal($"http://{server.Address}{asked} to http://{server.Address}{target}?…", Assert.Single(set.Redirects));
    }

    [Fact]
    public void Both_addresses_are_in_ledger_and_coverage_without_what_may_be_secret()
    {
        using var server = LeadingTo("/rrc03/updates.20171001.0905.gz");
        string address = $"http://somebody:PASSW0RD@{server.Address}/latest.gz?token=SECRETSIG";
        string said = $"http://{server.Address}/latest.gz?… to http://{server.Address}/rrc03/updates.20171001.0905.gz?…";
        var text = Cli.Run("read", address, "--ledger");
        Assert.Contains($"redirected: {said}\n", text.Out, StringComparison.Ordinal);
        Assert.Equal(0, text.ExitCode);
        var json = Cli.Run("read", address, "--ledger", "json");
        Assert.Equal(said, Assert.Single(json.Json().GetProperty("redirects").EnumerateArray()).GetString());
        var report = Cli.Run("report", "KP", address, "--format", "json");
        Assert.Equal(said, Assert.Single(report.Json().GetProperty("coverage").GetProperty("redirects").EnumerateArray()).GetString());
        foreach (var run in (CliRun[])[text, json, report, Cli.Run("report", "KP", address, "--format", "html")])
            foreach (string secret in (string[])["PASSW0RD", "SECRETSIG", "somebody"])
                Assert.DoesNotContain(secret, run.Out + run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_server_says_is_cut_and_a_mark_behind_an_address_is_none_of_it()
    {
        using var wordy = new FaultyServer((_, _) => FaultyServer.Answer($"HTTP/1.1 404 {new string('x', 5000)}\nContent-Length: 0\nConnection: close"));
        string said = Cli.Run("read", $"http://{wordy.Address}/rrc00/updates.20171001.0905.gz").Err;
        Assert.EndsWith($"the server answers 404 {new string('x', 80)}…; look whether the address is right\n", said, StringComparison.Ordinal);
        using var round = new FaultyServer((_, _) => FaultyServer.Answer("HTTP/1.1 302 Found\nLocation: /round\nContent-Length: 0\nConnection: close"));
        said = Cli.Run("read", $"http://{round.Address}/round").Err;
        Assert.EndsWith($"at last to http://{round.Address}/round; try again later, or fetch it by other means and give the file\n",
            said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_on_an_address_that_leads_on_is_verified_by_the_file_that_came()
    {
        using var server = LeadingTo("/rrc03/updates.20171001.0905.gz");
        using var folder = new TemporaryFolder();
        string report = folder.Place("report.json"), file = folder.Write("rrc03/updates.20171001.0905.gz", Updates);
        Cli.Run("report", "KP", $"http://{server.Address}/latest.gz", "--format", "json", "--out", report);
        var run = Cli.Run("verify", report, file);
        Assert.Contains("content  equal", run.Out, StringComparison.Ordinal);
    }
}
