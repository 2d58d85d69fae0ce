using Isthmus.Reports;
using Isthmus.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Reports;

/// <summary>What the first sentence says of changes that follow on each other, told from what the peers were made to say.</summary>
public sealed class FirstSentenceTests
{
    private const string Rostelecom = "12389";

    private static Prefix[] One(int third) => [Prefix.Parse($"175.45.{third}.0/24")];

    // All that stands above the first heading, but for the headline.
    private static string Lead(FivePeers story, string subject = "AS131279") =>
        string.Join('\n', new Story(story.Report(subject: subject)).Lead.Select(sentence => sentence.Text));

    [Fact]
    public void Who_goes_from_prefix_to_prefix_never_carries_two_and_is_gone_with_the_last()
    {
        string lead = Lead(new FivePeers().Dump("00:00:00", FivePeers.China)
            .Announce("10:00:00", FivePeers.Russia, One(176))
            .Announce("11:00:00", FivePeers.Russia, One(177)).Announce("11:00:00", FivePeers.China, One(176))
            .Announce("12:00:00", FivePeers.Russia, One(178)).Announce("12:00:00", FivePeers.China, One(177))
            .Announce("13:00:00", FivePeers.China, One(178)).Until("18:00:00"));
        Assert.Contains("at 10:00:00 UTC", lead, StringComparison.Ordinal);
        Assert.Contains("for 1 of 4 prefixes", lead, StringComparison.Ordinal);
        Assert.DoesNotContain("and by", lead, StringComparison.Ordinal);
        Assert.Contains("gone again at 13:00:00", lead, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_takes_prefixes_that_overlap_in_time_is_gone_when_the_last_is_left()
    {
        string lead = Lead(new FivePeers().Dump("00:00:00", FivePeers.China)
            .Announce("06:00:00", FivePeers.Russia, One(176)).Announce("07:00:00", FivePeers.Russia, One(177))
            .Announce("07:30:00", FivePeers.China, One(176)).Announce("08:00:00", FivePeers.Russia, One(178))
            .Announce("08:30:00", FivePeers.China, One(177)).Announce("09:30:00", FivePeers.China, One(178)).Until("18:00:00"));
        Assert.Contains("and by 07:00:00 for 2 of 4 prefixes", lead, StringComparison.Ordinal);
        Assert.Contains("gone again at 09:30:00", lead, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_old_carriers_that_are_both_left_stand_beside_nobody()
    {
        var story = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("00:10:00", Rostelecom, from: 3)
            .Announce("10:00:00", FivePeers.Russia).Until("18:00:00");
        string said = FivePeers.Said(story.Report(from: "01:00:00"));
        Assert.Contains("began to carry", said, StringComparison.Ordinal);
        Assert.DoesNotContain("beside", said.Split('\n')[1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_takes_hours_from_peer_to_peer_is_not_told_as_of_one_second()
    {
        var story = new FivePeers().Dump("00:00:00", FivePeers.China);
        for (int peer = 0; peer < 5; peer++) story.Announce($"{8 + peer:00}:00:00", FivePeers.Russia, from: peer, peers: peer + 1);
        Assert.Contains("at one peer AS after another until 12:00:00", Lead(story.Until("18:00:00")), StringComparison.Ordinal);
    }

    [Fact]
    public void Outages_that_follow_are_counted_with_the_first()
    {
        var story = new FivePeers().Dump("00:00:00", FivePeers.China);
        foreach (int hour in new[] { 2, 6, 10 }) story.Withdraw($"{hour:00}:00:00").Announce($"{hour + 1:00}:00:00", FivePeers.China);
        Assert.Contains("two more such outages followed, the last on 1 October 2017 at 10:00:00", Lead(story.Until("18:00:00")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AS131279")]
    [InlineData("KP")]
    public void A_more_specific_by_another_origin_is_told_of_a_network_and_of_its_country(string subject)
    {
        string lead = Lead(new FivePeers().Dump("00:00:00", FivePeers.China, [Prefix.Parse("175.45.176.0/22")])
            .AnnounceBy("10:00:00", "3356", "4700", One(177)).Withdraw("11:00:00", One(177)).Until("18:00:00"), subject);
        Assert.Contains("AS4700", lead, StringComparison.Ordinal);
        Assert.Contains("175.45.177.0/24, inside 175.45.176.0/22", lead, StringComparison.Ordinal);
    }

    [Fact]
    public void A_carrier_whose_sessions_are_lost_has_not_gone()
    {
        string lead = Lead(new FivePeers().Dump("00:00:00", FivePeers.China).Announce("00:00:00", FivePeers.Russia, peers: 2)
            .Announce("01:00:00", FivePeers.Russia, peers: 2)
            .States("10:00:00", SessionState.Established, SessionState.Idle, peers: 2)
            .Announce("17:59:00", FivePeers.China, from: 2));
        Assert.DoesNotContain("others carry", lead, StringComparison.Ordinal);
        Assert.Contains("nothing is known of those that showed AS20485", lead, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_dumps_tell_who_carried_it_when_the_first_was_made_and_not_until_when()
    {
        string lead = Lead(new FivePeers().Dump("00:00:00", FivePeers.China).Dump("08:00:00", FivePeers.Russia));
        Assert.DoesNotContain("until then", lead, StringComparison.Ordinal);
        Assert.Contains("at 00:00:00 CHINA UNICOM", lead, StringComparison.Ordinal);
    }

    [Fact]
    public void Prefixes_that_go_over_one_by_one_are_one_incident_which_ends_with_all_of_them()
    {
        var story = new FivePeers().Dump("00:00:00", FivePeers.China);
        for (int i = 0; i < 4; i++) story.Announce($"{10 + i / 2}:{i % 2 * 30:00}:00", FivePeers.Russia, One(176 + i));
        var incident = Assert.Single(story.Until("18:00:00").Report().Transit.Incidents);
        Assert.Equal(Isthmus.Transit.Incidents.IncidentLabel.Migration, incident.Label);
        Assert.Equal(4, incident.Phases.Max(phase => phase.Carried.Max()));
    }
}
