using Isthmus.Reports;
using Isthmus.Transit;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Court;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>What the court finds on a vantage point, and that who has no vote really has none.</summary>
public sealed class VantagePointCourtTests
{
    private const long Unicom = 4837, Ttk = 20485;
    private static readonly string[] _four = ["175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"];
    private static readonly TimeSpan _day = TimeSpan.FromHours(24);

    [Fact]
    public void A_route_that_stays_when_all_others_went_is_stuck_and_its_peer_has_no_vote()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[0]);
        for (int peer = 0; peer < 12; peer++) story.Hold(peer, _four[1], peer == 0 ? Ttk : Unicom, Observed.Start);
        for (int peer = 1; peer < 12; peer++) story.Hold(peer, _four[0], null, Observed.At("06:00:00") + TimeSpan.FromSeconds(peer));
        var answer = story.Answer();
        var stuck = Point(answer, 1001);
        var route = Assert.Single(stuck.StuckRoutes);
        Assert.Equal((_four[0], Observed.At("06:00:11"), null), (route.Prefix.ToString(), route.Since, route.Until));
        Assert.Equal(0, stuck.Weight);
        Assert.Equal("No vote: 1 of the 2 routes that it holds are stuck.", CourtWords.Why(stuck));
        Assert.All(answer.VantagePoints.Where(point => point != stuck), point => Assert.Equal(1, point.Weight));
        // Neither its dead prefix nor its upstream of the other one counts.
        Assert.Equal([_four[1]], answer.Prefixes.Select(prefix => prefix.Prefix.ToString()));
        Assert.Equal(1, answer.Upstreams.Single(state => state.Asn == new Asn((uint)Unicom)).Shares.PeerAs, 10);
        Assert.Equal(0, answer.Upstreams.Single(state => state.Asn == new Asn((uint)Ttk)).Shares.PeerAs);
        Assert.Equal(11, answer.Shares!.PeerAses);
    }

    [Fact]
    public void One_stuck_route_of_many_is_left_out_and_its_peer_votes_on()
    {
        string[] prefixes = [.. Enumerable.Range(0, 20).Select(i => $"5.{i}.0.0/16")];
        var story = new Observed(12, _day).FromTheStart(Unicom, prefixes);
        for (int peer = 1; peer < 12; peer++) story.Hold(peer, prefixes[0], null, Observed.At("06:00:00"));
        var answer = story.Answer();
        Assert.Equal((1, 1.0), (Point(answer, 1001).StuckRoutes.Count, Point(answer, 1001).Weight));
        Assert.Equal(19, answer.Prefixes.Count);
    }

    [Theory]
    [InlineData("07:29:00", false)]
    [InlineData("07:31:00", true)]
    public void A_route_is_stuck_after_ninety_minutes_and_slow_before(string dropped, bool isStuck)
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four);
        for (int peer = 1; peer < 12; peer++) story.Hold(peer, _four[0], null, Observed.At("06:00:00"));
        story.Hold(0, _four[0], null, Observed.At(dropped));
        var point = Point(story.Answer(), 1001);
        Assert.Equal(isStuck ? [Observed.At(dropped)] : [], point.StuckRoutes.Select(route => route.Until!.Value));
        // It is over: at the end the peer is sound.
        Assert.Equal(1, point.Weight);
    }

    [Fact]
    public void A_route_that_came_after_the_others_went_is_news_and_not_stuck()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 12; peer++) story.Hold(peer, _four[0], null, Observed.At("06:00:00"));
        story.Hold(0, _four[0], Ttk, Observed.At("07:00:00"));
        Assert.All(story.Answer().VantagePoints, point => Assert.Empty(point.StuckRoutes));
    }

    [Fact]
    public void Of_few_peers_nobody_knows_whose_route_is_stuck()
    {
        var story = new Observed(5, _day).FromTheStart(Unicom, _four);
        for (int peer = 1; peer < 5; peer++) story.Hold(peer, _four[0], null, Observed.At("06:00:00"));
        Assert.All(story.Answer().VantagePoints, point => Assert.Empty(point.StuckRoutes));
    }

    [Fact]
    public void Lost_sessions_do_not_make_the_one_that_is_left_stuck()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four);
        for (int peer = 1; peer < 12; peer++) story.Hold(peer, _four[0], -1, Observed.At("06:00:00"));
        Assert.All(story.Answer().VantagePoints, point => Assert.Empty(point.StuckRoutes));
    }

    [Theory]
    [InlineData(120)]
    [InlineData(-45)]
    [InlineData(3600)]
    public void A_collector_whose_clock_is_wrong_has_no_vote(int seconds)
    {
        var answer = Changes(3, peer => peer % 4 == 2 ? seconds : 0).Answer();
        Assert.All(answer.VantagePoints, point =>
        {
            bool isWrong = point.Peer.Collector.Name == "rrc01";
            Assert.Equal((isWrong, isWrong ? 0 : 1, 3), (point.Clock.IsWrong, point.Weight, point.Clock.Changes));
            Assert.Equal(isWrong ? seconds : 0, point.Clock.Offset!.Value.TotalSeconds, 3.0);
        });
        string side = seconds > 0 ? "late" : "early";
        Assert.Equal($"No vote: the clock of rrc01 is {Math.Abs(seconds)} s {side}, by 3 changes that many saw.",
            CourtWords.Why(answer.VantagePoints.First(point => point.Clock.IsWrong)));
        Assert.Equal(9, answer.Shares!.PeerAses);
    }

    [Theory]
    [InlineData(1, 120, false)]
    [InlineData(1, 200, true)]
    [InlineData(2, 120, true)]
    [InlineData(2, 25, false)]
    public void From_one_or_two_changes_a_clock_is_judged_only_where_it_was_never_right(int changes, int seconds, bool isWrong)
    {
        var answer = Changes(changes, peer => peer % 4 == 2 ? seconds : 0).Answer();
        Assert.All(answer.VantagePoints, point => Assert.Equal(changes, point.Clock.Changes));
        Assert.Equal(isWrong ? ["rrc01"] : [], answer.VantagePoints.Where(point => point.Clock.IsWrong)
            .Select(point => point.Peer.Collector.Name).Distinct());
        Assert.Equal(isWrong ? 9 : 12, answer.VantagePoints.Sum(point => point.Weight), 10);
    }

    [Fact]
    public void A_collector_whose_peers_once_changed_with_others_has_a_clock_that_two_changes_do_not_condemn()
    {
        var story = Changes(2, peer => peer % 4 == 2 ? 120 : 0);
        // One of another collector went elsewhere when they did.
        story.Hold(0, _four[0], 3356, Observed.At("04:02:00"));
        Assert.All(story.Answer().VantagePoints, point => Assert.False(point.Clock.IsWrong));
    }

    [Fact]
    public void Of_a_peer_that_changes_its_mind_again_and_again_alone_nothing_is_known_in_that_time()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[..2]);
        for (int i = 0; i < 40; i++) story.Hold(0, _four[0], i % 2 == 0 ? Ttk : null, Observed.At("06:00:00") + TimeSpan.FromMinutes(i));
        story.Hold(0, _four[0], Unicom, Observed.At("06:40:00"));
        for (int peer = 0; peer < 12; peer++) story.Hold(peer, _four[1], Ttk, Observed.At("06:20:00") + TimeSpan.FromSeconds(peer));
        for (int peer = 1; peer < 12; peer++) story.Hold(peer, _four[0], Ttk, Observed.At("06:20:00") + TimeSpan.FromSeconds(peer));
        var answer = story.Answer();
        var route = Assert.Single(Point(answer, 1001).RestlessRoutes);
        Assert.Equal((_four[0], Observed.At("06:00:00"), Observed.At("06:40:00")), (route.Prefix.ToString(), route.Since, route.Until));
        Assert.All(answer.VantagePoints.Where(point => point.Peer.Asn != new Asn(1001)), point => Assert.Empty(point.RestlessRoutes));
        var came = Assert.Single(answer.Changes, change => change.Kind is ChangeKind.UpstreamAppeared);
        Assert.Equal((Observed.At("06:20:00"), 2), (came.Time, came.Prefixes.Count));
        Assert.Contains("AS1001 is left out: it changes its mind again and again, alone.", TestimonyWords.Reasons(came));
        // It speaks again when it has come to rest.
        Assert.Equal(1, Point(answer, 1001).Weight);
    }

    [Fact]
    public void Peers_that_change_together_are_not_restless_however_often()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[0]);
        for (int i = 0; i < 20; i++)
            for (int peer = 0; peer < 4; peer++)
                story.Hold(peer, _four[0], i % 2 == 0 ? Ttk : Unicom,
                    Observed.At("06:00:00") + TimeSpan.FromMinutes(3 * i) + TimeSpan.FromSeconds(peer));
        Assert.All(story.Answer().VantagePoints, point => Assert.Empty(point.RestlessRoutes));
    }

    [Fact]
    public void Where_half_of_the_collectors_differ_nobody_knows_whose_clock_is_wrong()
    {
        var answer = Changes(4, peer => peer % 4 >= 2 ? 120 : 0).Answer();
        Assert.All(answer.VantagePoints, point => Assert.Equal((false, 1.0), (point.Clock.IsWrong, point.Weight)));
    }

    [Fact]
    public void A_slow_peer_lags_but_its_collectors_clock_is_right()
    {
        var answer = Changes(4, peer => peer == 2 ? 90 : 0).Answer();
        var slow = Point(answer, 1003);
        Assert.Equal(90, slow.Lag.Offset!.Value.TotalSeconds, 3.0);
        Assert.Equal((false, 1.0), (slow.Clock.IsWrong, slow.Weight));
    }

    [Fact]
    public void Agreement_is_the_part_of_time_in_which_a_peer_goes_with_most_others_and_costs_no_weight()
    {
        var story = new Observed(5, _day).FromTheStart(Unicom, _four[0], _four[1]);
        story.Hold(0, _four[0], Ttk, Observed.At("12:00:00"));
        var answer = story.Answer();
        Assert.Equal(0.75, Point(answer, 1001).Agreement!.Value, 10);
        Assert.Equal(1, Point(answer, 1002).Agreement!.Value, 10);
        Assert.All(answer.VantagePoints, point => Assert.Equal(1, point.Weight));
    }

    [Fact]
    public void A_peer_alone_agrees_with_nobody_and_with_nobody_not()
    {
        var story = new Observed(0, _day);
        // Two sessions of one AS are one witness.
        for (int session = 0; session < 2; session++) story.Hold(story.AddPeer(1001, session), _four[0], Unicom, Observed.Start);
        Assert.All(story.Answer().VantagePoints, point => Assert.Null(point.Agreement));
    }

    [Fact]
    public void The_sessions_of_a_peer_as_share_one_vote()
    {
        var story = new Observed(4, _day).FromTheStart(Unicom, _four);
        int second = story.AddPeer(1001, 1);
        foreach (string prefix in _four) story.Hold(second, prefix, Unicom, Observed.Start);
        var answer = story.Answer();
        var shared = answer.VantagePoints.Where(point => point.Peer.Asn == new Asn(1001)).ToArray();
        Assert.Equal([0.5, 0.5], shared.Select(point => point.Weight));
        Assert.All(shared, point => Assert.Equal(
            (2, "It votes with a full feed; the 2 sessions of AS1001 share one vote."), (point.Sessions, CourtWords.Why(point))));
        Assert.Equal(answer.Shares!.PeerAses, answer.VantagePoints.Sum(point => point.Weight), 10);
    }

    [Fact]
    public void A_partial_feed_votes_only_where_full_feeds_are_too_few()
    {
        var enough = new Observed(4, _day).FromTheStart(Unicom, _four).Partial(0).Answer();
        Assert.Equal((FeedSize.Partial, 0.0), (Point(enough, 1001).Feed, Point(enough, 1001).Weight));
        Assert.Equal("No vote: it sends a partial feed, and enough full feeds see the subject.", CourtWords.Why(Point(enough, 1001)));
        var few = new Observed(3, _day).FromTheStart(Unicom, _four).Partial(0).Answer();
        Assert.Equal((FeedSize.Partial, 1.0), (Point(few, 1001).Feed, Point(few, 1001).Weight));
    }

    [Fact]
    public void A_peer_without_a_table_is_not_called_a_partial_feed()
    {
        var story = new Observed(4, _day);
        for (int peer = 0; peer < 4; peer++) story.Hold(peer, _four[0], Unicom, Observed.At("01:00:00")).TableSince(peer, null);
        Assert.All(story.Answer().VantagePoints, point =>
            Assert.Equal("No vote: neither a dump nor a table transfer shows what it holds.", CourtWords.Why(point)));
    }

    [Fact]
    public void What_is_not_known_of_a_peer_is_not_told_as_not_held()
    {
        var story = new Observed(8, _day).FromTheStart(Unicom, _four);
        foreach (string prefix in _four[1..]) story.Hold(0, prefix, -1, Observed.At("01:00:00")).Hold(1, prefix, null, Observed.At("01:00:00"));
        var answer = story.Answer();
        Assert.Equal("No vote at the end: of too few of the subject's prefixes it is known whether it holds them.", CourtWords.Why(Point(answer, 1001)));
        Assert.Equal("No vote: it holds less than half of the subject's prefixes that the widest feeds hold.", CourtWords.Why(Point(answer, 1002)));
        Assert.Contains("1 of them has no vote on the shares: of too few of the subject's prefixes it is known", ShareWords.Counted(answer.Basis!), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_is_counted_in_gaps_and_time()
    {
        var story = new Observed(4, _day).FromTheStart(Unicom, _four)
            .Down(0, Observed.At("01:00:00"), Observed.At("01:10:00")).Down(0, Observed.At("03:00:00"), Observed.At("03:05:00"));
        var answer = story.Answer();
        Assert.Equal((2, TimeSpan.FromMinutes(15)), (Point(answer, 1001).Gaps, Point(answer, 1001).Unknown));
        Assert.Equal((0, TimeSpan.Zero), (Point(answer, 1002).Gaps, Point(answer, 1002).Unknown));
    }

    [Theory]
    [InlineData(-1L, "No vote at the end: what it holds then is not known.")]
    [InlineData(null, "No vote at the end: it holds no route of the subject then; visibility counts that.")]
    public void Who_holds_nothing_at_the_end_has_no_vote_then(long? upstream, string why)
    {
        var story = new Observed(4, _day).FromTheStart(Unicom, _four[0]).Hold(0, _four[0], upstream, Observed.At("23:59:00"));
        var point = Point(story.Answer(), 1001);
        Assert.Equal((0.0, why), (point.Weight, CourtWords.Why(point)));
    }

    [Fact]
    public void Who_stands_inside_the_country_sees_no_way_in()
    {
        // A Dutch network's view of the Netherlands, out and back again, beside two foreign ones.
        var story = new Observed(0, _day);
        story.HoldPath(story.AddPeer(3333, 0), "193.0.0.0/21", "3333 174 1103 1101", Observed.Start);
        story.HoldPath(story.AddPeer(7018, 1), "193.0.0.0/21", "7018 174 1103 1101", Observed.Start);
        story.HoldPath(story.AddPeer(2914, 2), "193.0.0.0/21", "2914 3356 1103 1101", Observed.Start);
        var answer = story.Answer("NL");
        Assert.Equal((0.0, "No vote: it stands inside the country, and sees no way in."), (Point(answer, 3333).Weight, CourtWords.Why(Point(answer, 3333))));
        Assert.Equal([0.5, 0.5], answer.Upstreams.Select(state => state.Shares.PeerAs));
    }

    // Twelve peer ASes at four collectors; all change over, so many times, each a little later than the one before.
    private static Observed Changes(int count, Func<int, int> skew)
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[..2]);
        for (int change = 0; change < count; change++)
            for (int peer = 0; peer < 12; peer++)
                foreach (string prefix in _four[..2])
                    story.Hold(peer, prefix, change % 2 == 0 ? Ttk : Unicom,
                        Observed.At("04:00:00") + TimeSpan.FromHours(4 * change) + TimeSpan.FromSeconds(peer / 4 + skew(peer)));
        return story;
    }

    private static VantagePoint Point(TransitAnswer answer, uint asn) =>
        answer.VantagePoints.First(point => point.Peer.Asn == new Asn(asn));
}
