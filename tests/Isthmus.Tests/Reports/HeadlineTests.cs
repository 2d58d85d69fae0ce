using Isthmus.Reports;
using Isthmus.Reports.Html;
using Isthmus.Scenarios;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Reports;

/// <summary>What heads a page: the change that a newspaper would print first.</summary>
public sealed class HeadlineTests
{
    [Fact]
    public void An_outage_of_all_for_hours_heads_the_page_whatever_carrier_came()
    {
        var report = Story("03:00:00", "05:00:00");
        const string Headline = "No route to Star Joint Venture Co. Ltd. (AS131279) was seen for 2 h on 1 October 2017";
        Assert.Equal(Headline, new Story(report).NewsHeadline?.Text);
        using var page = new StringWriter();
        ReportHtml.Write(report, page);
        Assert.Contains($"<h1>{Headline}</h1>", page.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("From 03:00:00 to 05:00:00 on 1 October 2017 UTC", new Story(report).Lead[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_outage_of_minutes_stands_behind_a_carrier_that_came() => Assert.StartsWith(
        "TransTeleCom began to carry", new Story(Story("03:00:00", "03:20:00")).NewsHeadline?.Text, StringComparison.Ordinal);

    [Fact]
    public void Of_an_outage_that_lasts_the_headline_itself_tells()
    {
        var story = new Story(new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("03:00:00").Until("05:00:00").Report());
        Assert.Null(story.NewsHeadline);
        Assert.StartsWith("No route to Star Joint Venture Co. Ltd. (AS131279) is seen", story.Headline.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Outages_of_all_and_of_a_part_are_counted_apart()
    {
        var story = new FivePeers().Dump("00:00:00", FivePeers.China);
        foreach (var (hour, prefixes) in new[] { (1, FivePeers.Four), (4, FivePeers.Four[..2]), (7, FivePeers.Four) })
            story.Withdraw($"0{hour}:30:00", prefixes).Announce($"0{hour}:45:00", FivePeers.China, prefixes);
        Assert.Contains(new Story(story.Until("09:00:00").Report()).Course, sentence => sentence.Text ==
            "Two times no route was seen, first on 1 October 2017 at 01:30:00; once a part of the prefixes or of the routes was lost, "
            + "on 1 October 2017 at 04:30:00.");
    }

    [Fact]
    public void Carriers_that_changed_while_data_are_missing_are_no_quiet_period()
    {
        // All sessions are lost at 02:00 and come back with another carrier.
        string said = FivePeers.Said(new FivePeers().Dump("00:00:00", FivePeers.China).Until("01:59:00")
            .States("02:00:00", SessionState.Established, SessionState.Idle).Dump("08:00:00", FivePeers.Russia).Until("09:00:00").Report());
        Assert.DoesNotContain("No change was found", said, StringComparison.Ordinal);
        Assert.Contains("No change could be dated, but others carry", said, StringComparison.Ordinal);
    }

    // A carrier comes for one prefix; later all are gone for a while.
    private static Report Story(string gone, string back) => new FivePeers().Dump("00:00:00", FivePeers.China)
        .Announce("01:00:00", FivePeers.Russia, [FivePeers.Four[2]]).Withdraw(gone)
        .Announce(back, FivePeers.China, [FivePeers.Four[0], FivePeers.Four[1], FivePeers.Four[3]])
        .Announce(back, FivePeers.Russia, [FivePeers.Four[2]]).Until("07:00:00").Report();
}
