using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>
/// What some peers do for reasons of their own, beside a change of the subject: partial feeds that leave it out, routes that are made
/// up, bytes that are lost, a peer that flaps. It neither makes, hides, names nor dates the change.
/// </summary>
public sealed class OwnReasonsTests
{
    private const long Unicom = 4837, Ttk = 20485, Telecom = 4134;
    private const string One = "175.45.176.0/24", Two = "175.45.177.0/24", Google = "174 3356 15169";
    private static readonly TimeSpan _day = TimeSpan.FromHours(24);
    private static readonly Timestamp _noon = Observed.At("12:00:00");

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void Of_whom_nothing_is_known_before_but_a_dump_that_lacks_the_prefix_hides_no_new_origin()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, One, Two);
        for (int peer = 0; peer < 16; peer++)
        {
            if (peer % 4 is 1 or 2)
                story.Hold(peer, One, -1, Observed.At("11:00:00")).Lack(peer, One, Observed.At("11:30:00"));
            if (peer % 4 > 0) story.Follow(peer, One, Google, _noon + Seconds(peer));
        }
        var change = Assert.Single(story.Answer().Changes, change => change.Kind is not ChangeKind.FeedProblem);
        Assert.Equal((ChangeKind.OriginAdded, _noon + Seconds(1)), (change.Kind, change.Time));
    }

    [Fact]
    public void Who_has_no_route_when_the_origin_changes_and_comes_later_says_nothing_of_who_stayed()
    {
        var story = new Observed(20, _day).FromTheStart(Unicom, One, Two);
        for (int peer = 1; peer < 20; peer++)
        {
            if (peer >= 12) story.Partial(peer).Hold(peer, One, null, _noon - Seconds(30 - peer));
            story.Follow(peer, One, Google, peer < 12 ? _noon + Seconds(peer) : Observed.At("12:26:00"));
        }
        // Two come to it with the others, and much later to routes of their own making: with one that is stuck they are three.
        story.Hold(1, One, Telecom, Observed.At("12:07:00")).Hold(2, One, Ttk, Observed.At("12:14:00"));
        Assert.Equal((ChangeKind.OriginChanged, _noon + Seconds(1)),
            Assert.Single(story.Answer().Changes.Select(change => (change.Kind, change.Time))));
    }

    [Fact]
    public void A_partial_feed_that_sends_no_more_makes_no_late_one_the_date_of_a_going()
    {
        var story = new Observed(16, _day);
        for (int peer = 0; peer < 16; peer++) story.Hold(peer, One, peer < 8 ? Ttk : Unicom, Observed.Start);
        for (int peer = 0; peer < 7; peer++) story.Hold(peer, One, Unicom, _noon + Seconds(peer == 6 ? 97 : peer));
        story.Partial(7).Hold(7, One, null, _noon + Seconds(6));
        Assert.Equal((ChangeKind.UpstreamVanished, _noon + Seconds(3)),
            Assert.Single(story.Answer().Changes.Select(change => (change.Kind, change.Time))));
    }

    [Fact]
    public void Partial_feeds_that_leave_a_prefix_out_minutes_before_an_outage_do_not_date_it()
    {
        var story = new Observed(22, _day).FromTheStart(Unicom, One, Two);
        for (int peer = 0; peer < 22; peer++)
        {
            if (peer >= 10) story.Partial(peer);
            story.Hold(peer, One, null, peer < 10 ? _noon + Seconds(peer) : _noon - Seconds(120 - peer));
            story.Hold(peer, One, Unicom, Observed.At("13:00:00") + Seconds(peer));
        }
        Assert.Equal((ChangeKind.Outage, _noon + Seconds(4)),
            Assert.Single(story.Answer().Changes.Select(change => (change.Kind, change.Time))));
    }

    [Fact]
    public void Who_tries_an_upstream_at_each_turn_of_an_unstable_time_does_not_return_to_it()
    {
        var story = new Observed(26, _day);
        string[] turns = ["12:00:00", "12:06:00", "12:16:00", "12:22:00", "12:32:00", "12:40:00"];
        for (int peer = 0; peer < 26; peer++)
        {
            bool isPartial = peer >= 16;
            long usual = peer == 0 || isPartial ? Ttk : Unicom;
            story.Hold(peer, One, usual, Observed.Start);
            if (isPartial) story.Partial(peer).Hold(peer, One, null, Observed.At("11:00:00") + Seconds(peer));
            if (isPartial) story.Hold(peer, One, usual, Observed.At("12:08:00") + Seconds(peer));
            foreach (var (turn, time) in turns.Index())
            {
                if (isPartial && turn < 2) continue;
                if (peer is >= 5 and < 10) story.Hold(peer, One, Ttk, Observed.At(time) + Seconds(1));
                story.Hold(peer, One, turn % 2 == 0 ? Telecom : usual, Observed.At(time) + Seconds(6));
            }
        }
        Assert.Equal([ChangeKind.Unstable], story.Answer().Changes.Select(change => change.Kind));
    }

    [Fact]
    public void A_route_that_one_makes_up_a_minute_before_all_are_back_ends_no_outage()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, One, Two);
        for (int peer = 0; peer < 16; peer++)
            story.Hold(peer, One, null, _noon + Seconds(peer))
                .Hold(peer, One, peer == 3 ? Telecom : Unicom, Observed.At("12:11:00") + Seconds(peer == 3 ? -70 : peer));
        Assert.Equal((ChangeKind.Outage, Observed.At("12:11:00")),
            Assert.Single(story.Answer().Changes.Select(change => (change.Kind, change.Until))));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void Who_holds_a_new_prefix_with_the_others_after_lost_bytes_did_not_hold_it_before_unless_its_session_came_up(
        bool comesUp, int births)
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 16; peer++)
        {
            bool isLost = peer % 16 < 9;
            if (!isLost) story.Hold(peer, Two, null, Observed.Start);
            else if (comesUp) story.Down(peer, _noon - Seconds(90), _noon - Seconds(30)).Hold(peer, Two, -1, _noon - Seconds(90));
            story.Hold(peer, Two, Unicom, _noon + Seconds(peer));
        }
        Assert.Equal(births, story.Answer().Changes.Count(change => change.Kind is ChangeKind.PrefixAppeared));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wrong_clock_is_found_where_few_full_feeds_see_the_subject_and_beside_one_that_flaps(bool flaps)
    {
        var story = new Observed(16, _day);
        // Two ASes speak to a right collector and to the wrong one.
        foreach (uint asn in new uint[] { 1005, 1006 }) story.AddPeer(asn, 2);
        int[] flappers = flaps ? [story.AddPeer(1100, 0), story.AddPeer(1100, 2), story.AddPeer(1100, 3)] : [];
        for (int peer = 0; peer < story.Count; peer++)
        {
            if (peer >= 4) story.Partial(peer);
            bool isWrong = peer % 4 == 2 && peer < 16 || peer is 16 or 17 or 19;
            story.Hold(peer, One, Unicom, Observed.Start);
            // Each session of it by itself, and no two alike.
            for (int turn = 0; Array.IndexOf(flappers, peer) is >= 0 and var place && turn < 40; turn++)
                story.Hold(peer, One, turn % 2 == 0 ? 7000 + turn : Unicom, Observed.At("10:00:00") + Seconds(turn * (31 + 7 * place)));
            foreach (var (upstream, time) in new[] { (Ttk, _noon), (Unicom, Observed.At("14:00:00")) })
                story.Hold(peer, One, upstream, time + Seconds(peer) - Seconds(isWrong ? 467 : 0));
        }
        var changes = story.Answer().Changes;
        Assert.Single(changes, change => change.Kind is ChangeKind.FeedProblem);
        Assert.Equal([_noon, Observed.At("14:00:00")], changes
            .Where(change => change.Kind is ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned).Select(change => change.Time));
    }

    [Fact]
    public void A_wrong_clock_is_found_where_others_came_to_the_same_an_hour_before()
    {
        var story = new Observed(0, _day);
        // Of each of three collectors how many go at one and at two o'clock; the third is 814 s early.
        foreach (var (collector, early, late) in new[] { (0, 0, 4), (1, 5, 4), (2, 3, 4) })
            for (int of = 0; of < early + late; of++)
            {
                int peer = story.AddPeer(2000 + (uint)story.Count, collector);
                var time = Observed.At(of < early ? "13:00:00" : "14:00:00") + Seconds(peer - (collector == 2 ? 814 : 0));
                story.Hold(peer, One, of < early ? Unicom : Telecom, Observed.Start).Hold(peer, One, Ttk, time);
            }
        var change = Assert.Single(story.Answer().Changes, change => change.Kind is ChangeKind.FeedProblem);
        Assert.Equal("rrc01", change.Feed?.Collector.Name);
    }
}
