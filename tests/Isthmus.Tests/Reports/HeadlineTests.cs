using Isthmus.Reports;
using Isthmus.Reports.Html;
using Isthmus.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Transit.Incidents;

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
            "Two times no route was seen, first from 01:30:00 to 01:45:00 on 1 October 2017; once a part of the prefixes or of the routes was lost, "
            + "on 1 October 2017 at 04:30:00.");
    }

    [Fact]
    public void Outages_of_parts_that_together_are_one_of_all_are_told_as_that()
    {
        var story = new FivePeers().Dump("00:00:00", FivePeers.China);
        for (int i = 0; i < 4; i++) story.Withdraw($"0{i + 1}:30:00", [FivePeers.Four[i]]);
        story.Announce("06:00:00", FivePeers.China, FivePeers.Four);
        Assert.Contains(new Story(story.Until("09:00:00").Report()).Course, sentence => sentence.Text ==
            "Four times a part of the prefixes or of the routes was lost, first on 1 October 2017 at 01:30:00; "
            + "from 04:30:00 to 06:00:00 on 1 October 2017 no route to any of the 4 prefixes is seen.");
    }

    [Fact]
    public void Carriers_that_changed_while_data_are_missing_are_no_quiet_period()
    {
        // All sessions are lost at 02:00 and come back with another carrier.
        string said = FivePeers.Said(new FivePeers().Dump("00:00:00", FivePeers.China).Until("01:59:00")
            .States("02:00:00", SessionState.Established, SessionState.Idle).Dump("08:00:00", FivePeers.Russia).Until("09:00:00").Report());
        Assert.DoesNotContain("No change was found", said, StringComparison.Ordinal);
        Assert.Contains("No change could be dated, but at the end others carry than at the start (sessions were lost in between)", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Prefixes_that_another_origin_has_when_sessions_come_back_are_no_quiet_period()
    {
        string said = FivePeers.Said(new FivePeers().Dump("00:00:00", FivePeers.China).Until("01:59:00")
            .States("02:00:00", SessionState.Established, SessionState.Idle).Dump("08:00:00", FivePeers.China, origin: "9808")
            .Until("09:00:00").Report());
        Assert.DoesNotContain("No change was found", said, StringComparison.Ordinal);
        Assert.Contains("at the end all 5 peer ASes hold routes of AS9808 to what were its prefixes", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_peers_lose_routes_one_after_another_none_is_seen_before_the_last_has_lost_it()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China);
        for (int peer = 0; peer < 5; peer++) archive.Withdraw($"01:{10 * peer:00}:00", from: peer, to: peer + 1);
        for (int peer = 0; peer < 5; peer++) archive.Announce($"04:{10 * peer:00}:00", FivePeers.China, from: peer, peers: peer + 1);
        var story = new Story(archive.Until("07:00:00").Report());
        Assert.Equal("From 1 October 2017, 01:00:00 UTC on, one peer AS after another lost all 4 prefixes, half of them by 01:20:00; "
            + "from 01:40:00 to 04:00:00 no route to any of the 4 prefixes is seen.", story.Lead[0].Text);
        Assert.Equal("No route to Star Joint Venture Co. Ltd. (AS131279) was seen for 2 h 20 min on 1 October 2017", story.NewsHeadline?.Text);
        var change = Assert.Single(story.Changes).Change;
        Assert.Equal((5, 1.0, 0.0), (change.PeerAses, change.ShareBefore, change.ShareAfter));
    }

    [Fact]
    public void An_exchange_of_carriers_that_takes_peers_one_after_another_is_a_migration()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China);
        for (int peer = 0; peer < 5; peer++) archive.Announce($"01:{12 * peer:00}:00", FivePeers.Russia, from: peer, peers: peer + 1);
        var report = archive.Until("05:00:00").Report();
        string said = FivePeers.Said(report);
        Assert.Equal(IncidentLabel.Migration, Assert.Single(report.Transit.Incidents).Label);
        Assert.Contains("vanished on 1 October 2017 at 01:48:00", said, StringComparison.Ordinal);
        Assert.DoesNotContain("still carries others", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_shares_that_few_are_known_to_have_at_the_end_the_headline_gives_no_part()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("01:00:00", FivePeers.Russia, peers: 4).Until("03:00:00");
        Assert.Equal("Routes to Star Joint Venture Co. Ltd. (AS131279) go by TransTeleCom (80%) and CHINA UNICOM China169 Backbone (20%)",
            new Story(archive.Report()).Headline.Text);
        archive.States("03:30:00", SessionState.Established, SessionState.Idle, peers: 3).Until("04:00:00");
        Assert.StartsWith("Of 3 of 5 peer ASes nothing is known at the end; at the others routes to Star Joint Venture Co. Ltd. (AS131279) go by",
            new Story(archive.Report()).Headline.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_low_that_is_no_outage_stands_beside_that_no_change_was_found()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("01:00:00", from: 0, to: 2)
            .Announce("01:30:00", FivePeers.China, peers: 2);
        Assert.Contains("No change reached the thresholds from which one is reported in this period; visibility was 60% on average in the 5 min from 1 October 2017, 01:00:00 on",
            FivePeers.Said(archive.Until("05:00:00").Report()), StringComparison.Ordinal);
    }

    // A carrier comes for one prefix; later all are gone for a while.
    private static Report Story(string gone, string back) => new FivePeers().Dump("00:00:00", FivePeers.China)
        .Announce("01:00:00", FivePeers.Russia, [FivePeers.Four[2]]).Withdraw(gone)
        .Announce(back, FivePeers.China, [FivePeers.Four[0], FivePeers.Four[1], FivePeers.Four[3]])
        .Announce(back, FivePeers.Russia, [FivePeers.Four[2]]).Until("07:00:00").Report();
}
