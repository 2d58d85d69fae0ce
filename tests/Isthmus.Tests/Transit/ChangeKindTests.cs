using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>The kinds beside an upstream that comes and goes: what each is, and what it is not at the same time.</summary>
public sealed class ChangeKindTests
{
    private const long Unicom = 4837, Ttk = 20485, Cenbong = 134544;
    private const string One = "175.45.176.0/24", Two = "175.45.177.0/24", Three = "175.45.178.0/24", Four = "175.45.179.0/24";
    private static readonly string[] _four = [One, Two, Three, Four];
    private static readonly TimeSpan _day = TimeSpan.FromHours(24);

    [Fact]
    public void An_AS_that_steps_before_the_carrier_is_an_intermediary_and_nothing_else()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four);
        Follow(story, 12, _four, $"174 {Unicom} {Cenbong} 131279", "08:00:00");
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.IntermediaryInserted, new Asn(134544), new Asn(4837)), (change.Kind, change.Upstream, change.Between));
        Assert.Equal((Observed.At("08:00:00"), 4, 12), (change.Time, change.Prefixes.Count, change.PeerAses));
        // Wherever it is registered: the carrier behind it stays, so this is no geopolitics.
        Assert.Equal(ChangeLevel.Organisation, change.Level);
    }

    [Fact]
    public void It_is_gone_when_the_carrier_stands_next_to_the_subject_again()
    {
        var story = new Observed(12, _day);
        Follow(story, 12, _four, $"174 {Unicom} {Cenbong} 131279", "00:00:00");
        Follow(story, 12, _four, $"174 {Unicom} 131279", "08:00:00");
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.IntermediaryRemoved, new Asn(134544), new Asn(4837)), (change.Kind, change.Upstream, change.Between));
    }

    [Fact]
    public void A_new_upstream_of_another_country_is_a_change_at_the_level_of_countries()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 8; peer++) story.Hold(peer, One, Ttk, Observed.At("08:00:00"));
        Assert.Equal(ChangeLevel.Country, Assert.Single(story.Answer().Changes).Level);
    }

    [Fact]
    public void A_prefix_that_nobody_held_before_is_new_and_its_upstream_is_not()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[..3]);
        for (int peer = 0; peer < 12; peer++)
            story.Lack(peer, Four, Observed.Start).Hold(peer, Four, peer < 6 ? Unicom : Ttk, Observed.At("08:00:00") + TimeSpan.FromSeconds(peer));
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.PrefixAppeared, Observed.At("08:00:00")), (change.Kind, change.Time));
        Assert.Equal([Prefix.Parse(Four)], change.Prefixes);
    }

    [Fact]
    public void A_prefix_that_comes_with_its_peers_is_not_new()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[..3]);
        for (int peer = 0; peer < 12; peer++) story.Hold(peer, Four, -1, Observed.Start).Hold(peer, Four, Unicom, Observed.At("08:00:00"));
        Assert.Empty(story.Answer().Changes);
    }

    [Fact]
    public void A_prefix_that_is_gone_for_good_is_lost_while_the_subject_stays()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 12; peer++) story.Hold(peer, Four, null, Observed.At("08:00:00") + TimeSpan.FromSeconds(peer));
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.PrefixVanished, Observed.At("08:00:05")), (change.Kind, change.Time));
        Assert.Equal((1, 4, (Timestamp?)null), (change.Prefixes.Count, change.SubjectPrefixes, change.Until));
    }

    [Fact]
    public void A_subject_of_one_prefix_that_is_gone_is_down()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 12; peer++) story.Hold(peer, One, null, Observed.At("08:00:00"));
        Assert.Equal(ChangeKind.Outage, Assert.Single(story.Answer().Changes).Kind);
    }

    [Theory]
    [InlineData("AS131279")]
    [InlineData("175.45.176.0/22")]
    [InlineData("KP")]
    public void Another_origin_explains_the_upstreams_that_are_lost_with_it(string subject)
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 12; peer++)
            story.Follow(peer, One, "174 3356 64999", Observed.At("08:00:00")).Follow(peer, One, "174 3356 15169", Observed.At("08:00:01") + TimeSpan.FromSeconds(peer));
        var change = Assert.Single(story.Answer(subject).Changes);
        Assert.Equal((ChangeKind.OriginChanged, new Asn(15169), Observed.At("08:00:01")), (change.Kind, change.Origin, change.Time));
        Assert.Equal([Prefix.Parse(One)], change.Prefixes);
    }

    [Fact]
    public void An_origin_that_is_back_ends_the_time_of_the_other()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four);
        Follow(story, 12, [One], "174 3356 15169", "08:00:00");
        Follow(story, 12, [One], $"174 {Unicom} 131279", "10:00:00");
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.OriginChanged, (Timestamp?)Observed.At("10:00:00")), (change.Kind, change.Until));
    }

    [Fact]
    public void An_upstream_of_the_upstream_that_comes_is_told_in_the_second_tier()
    {
        var story = new Observed(20, _day).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 9; peer++)
            foreach (string prefix in _four) story.Hold(peer, prefix, Unicom, Observed.At("08:00:00") + TimeSpan.FromSeconds(peer), "174 1273");
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.UpstreamAppeared, 2), (change.Kind, change.Tier));
        Assert.Equal((new Asn(1273), new Asn(4837), 9, 4), (change.Upstream, change.Above, change.PeerAses, change.Prefixes.Count));
        Assert.Equal((0.0, 0.45), (change.ShareBefore, Math.Round(change.ShareAfter!.Value, 2)));
    }

    [Fact]
    public void What_the_first_tier_does_is_not_told_again_in_the_second()
    {
        var story = new Observed(20, _day).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 15; peer++) story.Hold(peer, One, Ttk, Observed.At("08:00:00"), "3356 1273");
        Assert.Equal(1, Assert.Single(story.Answer().Changes).Tier);
    }

    [Fact]
    public void A_national_AS_that_first_leads_routes_abroad_is_a_new_gateway()
    {
        // Two Estonian networks; the second lies behind the first, and then has a way abroad of its own.
        string[] prefixes = ["85.253.0.0/16", "90.190.0.0/16"];
        var story = new Observed(12, _day);
        Follow(story, 12, [prefixes[0]], "174 1299 3249", "00:00:00");
        Follow(story, 12, [prefixes[1]], "174 1299 3249 2586", "00:00:00");
        Follow(story, 8, [prefixes[1]], "174 1299 2586", "08:00:00");
        var change = Assert.Single(story.Answer("EE").Changes);
        Assert.Equal((ChangeKind.GatewayAppeared, new Asn(2586), new Asn(1299)), (change.Kind, change.Gateway, change.Upstream));
        Assert.Equal((8, 12, Observed.At("08:00:00")), (change.PeerAses, change.PeerAsesWatching, change.Time));
    }

    [Fact]
    public void A_collector_that_loses_most_sessions_at_once_is_a_problem_of_the_feed()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 12; peer += 4)
        {
            foreach (string prefix in _four)
                story.Hold(peer, prefix, -1, Observed.At("10:00:00")).Hold(peer, prefix, Unicom, Observed.At("10:20:00"));
            story.Down(peer, Observed.At("10:00:00") + TimeSpan.FromSeconds(peer), Observed.At("10:20:00"));
        }
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.FeedProblem, Observed.At("10:00:00"), (Timestamp?)Observed.At("10:20:00")), (change.Kind, change.Time, change.Until));
        Assert.Equal(("rrc00", 3, 4, "sessions down"),
            (change.Feed!.Collector.Name, change.Feed.Sessions, change.Feed.SessionsBefore, TestimonyWords.Of(change.Feed)));
        Assert.Empty(story.Answer().Incidents);
    }

    [Fact]
    public void A_collector_whose_dump_contradicts_its_updates_is_a_problem_of_the_feed()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 16; peer += 4)
            story.Follow(peer, One, $"174 {Ttk} 131279", Observed.At("08:00:00"), Cause.RibEntry).Hold(peer, One, Unicom, Observed.At("15:00:00"));
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.FeedProblem, "its table dump contradicts its updates"), (change.Kind, TestimonyWords.Of(change.Feed!)));
    }

    [Fact]
    public void A_route_that_updates_and_a_dump_show_by_two_upstreams_is_seen_and_carried_by_neither()
    {
        var story = new Observed(8, _day).FromTheStart(Unicom, One)
            .Follow(0, One, $"174 {Ttk} 131279", Observed.At("08:00:00"), Cause.RibEntry);
        var family = Assert.Single(story.Answer().Families);
        Assert.Equal((1.0, 8, 7), (family.Visibility, family.Routes.Routes, family.Voters.Count));
        Assert.Equal(new UncountedRoutes(NoUpstream.Contradicted, 1, 1), Assert.Single(family.Routes.Uncounted));
        Assert.Equal(1, Assert.Single(family.Upstreams, upstream => upstream.PeerAses > 0).Shares.PeerAs, 10);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(-300)]
    [InlineData(600)]
    [InlineData(7200)]
    public void A_collector_with_a_wrong_clock_dates_nothing(int seconds)
    {
        var story = new Observed(24, _day).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 20; peer++)
        {
            var time = Observed.At("12:00:00") + TimeSpan.FromSeconds(peer + (peer % 4 == 2 ? seconds : 0));
            foreach (string prefix in _four[..2]) story.Hold(peer, prefix, Ttk, time);
        }
        var changes = story.Answer().Changes;
        var change = Assert.Single(changes, change => change.Kind is not ChangeKind.FeedProblem);
        Assert.Equal((ChangeKind.UpstreamAppeared, Observed.At("12:00:00"), 15), (change.Kind, change.Time, change.PeerAses));
        var problem = Assert.Single(changes, change => change.Kind is ChangeKind.FeedProblem);
        Assert.Equal("rrc01", problem.Feed!.Collector.Name);
        Assert.Matches($"^clock {(Math.Abs(seconds) - 1) / 10}\\d|{Math.Abs(seconds) / 10}\\d s {(seconds > 0 ? "late" : "early")}$", TestimonyWords.Of(problem.Feed));
    }

    [Fact]
    public void One_peer_that_went_its_own_way_before_does_not_date_what_all_did()
    {
        var story = new Observed(20, _day).FromTheStart(Unicom, _four).Hold(0, One, Ttk, Observed.At("11:52:00"));
        for (int peer = 1; peer < 16; peer++) story.Hold(peer, One, Ttk, Observed.At("12:00:00") + TimeSpan.FromSeconds(peer));
        Assert.Equal(Observed.At("12:00:01"), Assert.Single(story.Answer().Changes).Time);
    }

    [Fact]
    public void What_one_collector_alone_shows_early_dates_nothing_though_it_is_too_little_to_judge_its_clock()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 16; peer++)
            story.Hold(peer, One, Ttk, Observed.At("12:00:00") + TimeSpan.FromSeconds(peer - (peer % 4 == 2 ? 94 : 0)));
        var change = Assert.Single(story.Answer().Changes, change => change.Kind is not ChangeKind.UpstreamVanished);
        Assert.Equal((ChangeKind.UpstreamAppeared, Observed.At("12:00:00"), 16), (change.Kind, change.Time, change.PeerAses));
        // What was heard first is told all the same.
        Assert.Equal(Observed.At("11:58:28"), change.First);
    }

    [Fact]
    public void A_prefix_is_new_though_one_peer_made_it_up_before()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, One);
        story.Hold(0, Two, 3356, Observed.At("03:00:00"));
        for (int peer = 1; peer < 16; peer++)
            story.Hold(peer, Two, null, Observed.Start).Hold(peer, Two, Unicom, Observed.At("12:00:00") + TimeSpan.FromSeconds(peer));
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.PrefixAppeared, Observed.At("12:00:01"), 15), (change.Kind, change.Time, change.PeerAses));
    }

    private static void Follow(Observed story, int peers, string[] prefixes, string path, string time)
    {
        for (int peer = 0; peer < peers; peer++)
            foreach (string prefix in prefixes) story.Follow(peer, prefix, path, Observed.At(time));
    }
}
