using Isthmus.Routes;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>What the data show of a change while much of them is missing, an outage goes on, or a clock is wrong.</summary>
public sealed class LostBytesTests
{
    private const long Unicom = 4837, Ttk = 20485, Telecom = 4134;
    private const string One = "175.45.176.0/24", Two = "175.45.177.0/24";
    private static readonly TimeSpan _day = TimeSpan.FromHours(24);
    private static readonly Timestamp _noon = Observed.At("12:00:00");

    [Fact]
    public void Who_comes_to_another_origin_with_the_others_after_lost_bytes_had_not_held_it_before()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, One, Two);
        for (int peer = 0; peer < 16; peer++)
        {
            if (peer % 4 == 1) story.Hold(peer, One, -1, Observed.At("11:00:00"));
            story.Follow(peer, One, "174 3356 15169", _noon + TimeSpan.FromSeconds(peer));
        }
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.OriginChanged, _noon, 12), (change.Kind, change.Time, change.PeerAses));
    }

    [Fact]
    public void Partial_feeds_that_lose_a_new_origin_for_a_while_had_come_to_it_from_the_old_one()
    {
        var story = new Observed(20, _day).FromTheStart(Unicom, One, Two);
        for (int peer = 0; peer < 20; peer++)
        {
            story.Follow(peer, One, "174 3356 15169", _noon + TimeSpan.FromSeconds(peer));
            if (peer < 8) continue;
            story.Partial(peer).Hold(peer, One, null, Observed.At("12:03:00") + TimeSpan.FromSeconds(peer));
            story.Follow(peer, One, "174 3356 15169", Observed.At("12:40:00") + TimeSpan.FromSeconds(peer));
        }
        Assert.Equal((ChangeKind.OriginChanged, _noon), Assert.Single(story.Answer().Changes.Select(change => (change.Kind, change.Time))));
    }

    [Fact]
    public void Who_held_another_origin_after_lost_bytes_for_longer_had_it_before()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, One, Two);
        for (int peer = 0; peer < 16; peer++)
        {
            bool isLost = peer % 5 == 1;
            if (isLost) story.Hold(peer, One, -1, Observed.At("10:00:00"));
            story.Follow(peer, One, "174 3356 15169", (isLost ? Observed.At("11:00:00") : _noon) + TimeSpan.FromSeconds(20 * peer));
        }
        Assert.DoesNotContain(story.Answer().Changes, change => change.Kind is ChangeKind.OriginChanged);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void As_many_as_make_an_origin_must_stay_with_it_for_two_to_be_beside_each_other(int staying, bool isBeside)
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, One, Two);
        for (int peer = staying; peer < 16; peer++) story.Follow(peer, One, "174 3356 15169", _noon + TimeSpan.FromSeconds(peer));
        Assert.Equal(isBeside ? ChangeKind.OriginAdded : ChangeKind.OriginChanged, Assert.Single(story.Answer().Changes).Kind);
    }

    [Fact]
    public void Who_comes_back_to_an_upstream_after_an_outage_makes_no_return_with_one_that_comes_later()
    {
        var story = new Observed(16, _day);
        for (int peer = 0; peer < 16; peer++)
        {
            long upstream = peer < 3 ? Ttk : Unicom;
            story.Hold(peer, One, upstream, Observed.Start).Hold(peer, One, null, _noon + TimeSpan.FromSeconds(peer));
            // One of three takes an hour more, on its own.
            story.Hold(peer, One, peer == 0 ? Telecom : upstream, Observed.At("12:40:00") + TimeSpan.FromSeconds(peer));
        }
        story.Hold(0, One, Ttk, Observed.At("13:40:00"));
        Assert.Equal([ChangeKind.Outage], story.Answer().Changes.Select(change => change.Kind));
    }

    [Fact]
    public void An_upstream_that_only_others_come_to_after_an_outage_has_returned()
    {
        var story = new Observed(16, _day);
        for (int peer = 0; peer < 16; peer++)
            story.Hold(peer, One, peer < 4 ? Ttk : Unicom, Observed.Start).Hold(peer, One, null, _noon + TimeSpan.FromSeconds(peer))
                .Hold(peer, One, Unicom, Observed.At("12:40:00") + TimeSpan.FromSeconds(peer));
        for (int peer = 0; peer < 4; peer++) story.Hold(peer, One, Ttk, Observed.At("15:00:00") + TimeSpan.FromSeconds(peer));
        Assert.Contains(story.Answer().Changes,
            change => change.Kind is ChangeKind.UpstreamReturned && change.Time == Observed.At("15:00:00"));
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(4, false)]
    public void An_outage_that_five_see_alike_at_two_collectors_is_one_though_of_most_nothing_is_known(int seeing, bool isOutage)
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 16; peer++)
        {
            story.Hold(peer, One, peer < seeing ? null : -1, _noon + TimeSpan.FromSeconds(peer));
            story.Hold(peer, One, Unicom, Observed.At("12:40:00") + TimeSpan.FromSeconds(peer));
        }
        Assert.Equal(isOutage ? 1 : 0, story.Answer().Changes.Count(change => change.Kind is ChangeKind.Outage));
    }

    [Fact]
    public void Where_one_of_the_few_that_are_known_keeps_its_route_and_another_too_it_is_no_outage()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 16; peer++)
        {
            if (peer is 0 or 1) continue;
            story.Hold(peer, One, peer < 7 ? null : -1, _noon + TimeSpan.FromSeconds(peer));
            story.Hold(peer, One, Unicom, Observed.At("12:40:00") + TimeSpan.FromSeconds(peer));
        }
        Assert.DoesNotContain(story.Answer().Changes, change => change.Kind is ChangeKind.Outage);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dump_after_lost_bytes_brings_nothing_back_that_only_its_collector_has_again(bool isBackElsewhere)
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, Two);
        for (int peer = 0; peer < 16; peer++)
        {
            bool isOf = peer % 4 == 1;
            story.Follow(peer, One, $"174 {Unicom} 131279", Observed.Start, Cause.RibEntry);
            story.Hold(peer, One, Ttk, _noon + TimeSpan.FromSeconds(peer));
            if (isOf) story.Hold(peer, One, -1, Observed.At("13:00:00"));
            else if (isBackElsewhere) story.Hold(peer, One, Unicom, Observed.At("13:30:00") + TimeSpan.FromSeconds(peer));
            if (isOf) story.Follow(peer, One, $"174 {Unicom} 131279", Observed.At("14:00:00"), Cause.RibEntry);
        }
        var answer = story.Answer();
        var prefix = answer.Prefixes.Single(state => state.Prefix == Prefix.Parse(One));
        Assert.Equal([isBackElsewhere ? new Asn((uint)Unicom) : new Asn((uint)Ttk)], prefix.Upstreams.Select(upstream => upstream.Asn));
        Assert.Equal(isBackElsewhere ? 16 : 12, prefix.PeerAses);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public void Where_a_dump_contradicts_half_of_the_sessions_no_dump_after_lost_bytes_is_believed(int contradicted, bool isBelieved)
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, Two);
        for (int peer = 0; peer < 16; peer++)
        {
            story.Follow(peer, One, $"174 {Unicom} 131279", Observed.Start, Cause.RibEntry);
            if (peer % 4 != 1)
            {
                story.Hold(peer, One, Ttk, _noon + TimeSpan.FromSeconds(peer));
                continue;
            }
            // Nobody of this collector is seen to leave: its files are lost before.
            story.Hold(peer, One, -1, Observed.At("11:30:00"));
            story.Follow(peer, One, $"174 {Unicom} 131279", Observed.At("14:00:00"), Cause.RibEntry);
            if (peer / 4 >= contradicted) continue;
            story.Hold(peer, One, Ttk, Observed.At("15:00:00") + TimeSpan.FromSeconds(peer));
            story.Follow(peer, One, $"174 {Unicom} 131279", Observed.At("16:00:00"), Cause.RibEntry);
        }
        var answer = story.Answer();
        var prefix = answer.Prefixes.Single(state => state.Prefix == Prefix.Parse(One));
        Assert.Equal(isBelieved, prefix.Upstreams.Any(upstream => upstream.Asn == new Asn((uint)Unicom)));
    }

    [Fact]
    public void A_second_old_dump_after_lost_bytes_brings_nothing_back_either()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, Two);
        for (int peer = 0; peer < 16; peer++)
        {
            story.Follow(peer, One, $"174 {Unicom} 131279", Observed.Start, Cause.RibEntry);
            story.Hold(peer, One, Ttk, _noon + TimeSpan.FromSeconds(peer));
            if (peer % 4 != 1) continue;
            story.Hold(peer, One, -1, Observed.At("13:00:00"));
            // It proves its own second of the gap, and the next dump shows the same.
            story.Follow(peer, One, $"174 {Unicom} 131279", Observed.At("14:00:00"), Cause.RibEntry);
            story.Hold(peer, One, -1, Observed.At("14:00:01"));
            story.Follow(peer, One, $"174 {Unicom} 131279", Observed.At("16:00:00"), Cause.RibEntry);
        }
        var answer = story.Answer();
        var prefix = answer.Prefixes.Single(state => state.Prefix == Prefix.Parse(One));
        Assert.Equal([new Asn((uint)Ttk)], prefix.Upstreams.Select(upstream => upstream.Asn));
        Assert.Equal(12, prefix.PeerAses);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(-1L)]
    public void Who_left_an_upstream_with_an_outage_and_is_not_seen_back_may_use_it_still(long? held)
    {
        var story = new Observed(16, _day);
        for (int peer = 0; peer < 16; peer++)
        {
            bool isUser = peer % 4 == 1;
            story.Hold(peer, One, isUser ? Ttk : Unicom, Observed.Start).Hold(peer, Two, Unicom, Observed.Start);
            // They leave it on the way down.
            if (isUser) story.Hold(peer, One, Unicom, _noon - TimeSpan.FromSeconds(4));
            story.Hold(peer, One, null, _noon + TimeSpan.FromSeconds(peer));
            var back = Observed.At("12:20:00") + TimeSpan.FromSeconds(peer);
            if (!isUser) story.Hold(peer, One, Unicom, back);
            else if (held is -1) story.Hold(peer, One, -1, back);
        }
        Assert.DoesNotContain(story.Answer().Changes, change => change.Kind is ChangeKind.UpstreamVanished);
    }

    [Fact]
    public void Who_tries_a_path_for_seconds_after_lost_bytes_returns_from_nothing()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 16; peer++)
        {
            if (peer % 4 != 1 || peer == 13) continue;
            story.Hold(peer, One, Ttk, Observed.At("06:00:00") + TimeSpan.FromSeconds(peer));
            // They are at their old upstream for an hour and, while bytes are lost, come to it again.
            story.Hold(peer, One, Unicom, Observed.At("09:00:00") + TimeSpan.FromSeconds(peer));
            story.Hold(peer, One, -1, Observed.At("10:00:00"));
            story.Hold(peer, One, Telecom, _noon + TimeSpan.FromSeconds(peer));
            story.Hold(peer, One, Ttk, _noon + TimeSpan.FromSeconds(peer + 10));
        }
        Assert.DoesNotContain(story.Answer().Changes, change => change.Kind is ChangeKind.UpstreamReturned);
    }

    [Fact]
    public void One_that_keeps_an_upstream_half_an_hour_longer_than_all_others_dates_nothing()
    {
        var story = new Observed(26, _day).FromTheStart(Ttk, One);
        for (int peer = 0; peer < 25; peer++)
            story.Hold(peer, One, Unicom, peer == 24 ? Observed.At("12:29:00") : _noon + TimeSpan.FromMilliseconds(400 * peer));
        var gone = Assert.Single(story.Answer().Changes, change => change.Kind is ChangeKind.UpstreamVanished);
        Assert.InRange((gone.Time - _noon).TotalSeconds, 0, 10);
    }

    [Fact]
    public void One_peer_AS_that_turns_which_upstream_leads_begins_no_unstable_time()
    {
        var story = new Observed(18, _day);
        for (int peer = 0; peer < 18; peer++) story.Hold(peer, One, peer < 9 ? Unicom : Ttk, Observed.Start);
        story.Hold(0, One, Ttk, Observed.At("11:56:00"));
        for (int i = 0; i < 5; i++)
            for (int peer = 1; peer < 18; peer++)
            {
                var down = _noon + TimeSpan.FromMinutes(12 * i) + TimeSpan.FromSeconds(peer);
                story.Hold(peer, One, null, down).Hold(peer, One, peer < 9 ? Unicom : Ttk, down + TimeSpan.FromMinutes(6));
            }
        var unstable = Assert.Single(story.Answer().Changes, change => change.Kind is ChangeKind.Unstable);
        Assert.Equal(_noon + TimeSpan.FromSeconds(1), unstable.Time);
    }

    [Fact]
    public void Two_that_are_back_minutes_before_all_others_end_no_outage()
    {
        var story = new Observed(16, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 16; peer++)
            story.Hold(peer, One, null, _noon + TimeSpan.FromSeconds(peer)).Hold(peer, One, peer < 2 ? Telecom : Unicom,
                (peer < 2 ? Observed.At("12:05:00") + TimeSpan.FromMinutes(5 * peer) : Observed.At("12:40:00")) + TimeSpan.FromSeconds(peer));
        var outage = Assert.Single(story.Answer().Changes, change => change.Kind is ChangeKind.Outage);
        Assert.Equal(Observed.At("12:40:02"), outage.Until);
    }

    [Fact]
    public void Partial_feeds_that_leave_a_prefix_out_minutes_before_begin_no_unstable_time()
    {
        var story = new Observed(18, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 18; peer++)
        {
            if (peer < 6) story.Partial(peer).Hold(peer, One, null, Observed.At("11:56:00") + TimeSpan.FromSeconds(peer));
            for (int i = 0; i < 5 && peer >= 6; i++)
            {
                var down = _noon + TimeSpan.FromMinutes(12 * i) + TimeSpan.FromSeconds(peer);
                story.Hold(peer, One, null, down).Hold(peer, One, Unicom, down + TimeSpan.FromMinutes(6));
            }
        }
        var unstable = Assert.Single(story.Answer().Changes, change => change.Kind is ChangeKind.Unstable);
        Assert.Equal(_noon + TimeSpan.FromSeconds(6), unstable.Time);
    }

    [Fact]
    public void One_change_that_two_ASes_show_apart_at_two_collectors_tells_whose_clock_is_wrong()
    {
        var story = Change(late: 120, twinsLate: 120);
        Assert.Equal(["rrc01"], WrongClocks(story));
        Assert.Empty(WrongClocks(Change(late: 120, twinsLate: null)));
    }

    [Fact]
    public void ASes_that_change_at_all_collectors_at_once_acquit_the_clock_of_one_at_which_others_follow_later()
    {
        Assert.Equal(["rrc01"], WrongClocks(Change(late: 240, twinsLate: null)));
        Assert.Empty(WrongClocks(Change(late: 240, twinsLate: 0)));
    }

    [Fact]
    public void What_differs_after_lost_bytes_is_a_change_that_tells_of_a_clock()
    {
        var story = Change(late: -240, twinsLate: null, lost: true);
        Assert.Equal(["rrc01"], WrongClocks(story));
        Assert.Equal(_noon, story.Answer().Changes.Single(change => change.Kind is ChangeKind.UpstreamAppeared).Time);
    }

    // Twelve peer ASes at four collectors come to another upstream, those of rrc01 late; two of them have sessions elsewhere, too.
    private static Observed Change(int late, int? twinsLate, bool lost = false)
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, One, Two);
        for (int peer = 0; peer < 12; peer++)
        {
            bool isOf = peer % 4 == 2;
            if (isOf && lost) story.Hold(peer, One, -1, Observed.At("11:30:00"));
            if (peer != 3) story.Hold(peer, One, Ttk, _noon + TimeSpan.FromSeconds(peer / 4 + (isOf ? late : 0)));
        }
        if (twinsLate is not { } apart) return story;
        foreach (int peer in (int[])[2, 6])
            story.Hold(Session(peer), One, Ttk, _noon + TimeSpan.FromSeconds(peer / 4 + late - apart));
        return story;

        int Session(int peer)
        {
            int session = story.AddPeer((uint)(1001 + peer), 0);
            story.Hold(session, One, Unicom, Observed.Start);
            return session;
        }
    }

    private static string[] WrongClocks(Observed story) => [.. story.Answer().VantagePoints
        .Where(point => point.Clock.IsWrong).Select(point => point.Peer.Collector.Name).Distinct()];
}
