using Isthmus.Registry;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>Shifts of share between upstreams that stay, and what may not hide or invent one.</summary>
public sealed class ShareShiftTests
{
    private const long Unicom = 4837, Ttk = 20485;
    private const string One = "175.45.176.0/24", Two = "175.45.177.0/24";
    private static readonly TimeSpan _day = TimeSpan.FromHours(24);

    [Fact]
    public void A_share_that_goes_back_within_the_hour_shifts_twice()
    {
        var story = Split(ttk: 3);
        for (int peer = 3; peer < 7; peer++)
            story.Hold(peer, One, Ttk, Observed.At("15:00:00")).Hold(peer, One, Unicom, Observed.At("15:50:00"));
        Assert.Equal(
            [(Observed.At("15:00:00"), 0.3, 0.7), (Observed.At("15:50:00"), 0.7, 0.3)],
            Shifts(story, Ttk).Select(shift => (shift.Time, Rounded(shift.ShareBefore), Rounded(shift.ShareAfter))));
        Assert.Equal(2, Shifts(story, Unicom).Length);
    }

    [Fact]
    public void What_changes_above_an_upstream_hides_no_shift_of_its_share_and_is_not_told_beside_it()
    {
        Assert.Equal((ChangeKind.UpstreamVanished, 2), KindOf(Assert.Single(Rerouted().Answer().Changes)));
        var story = Rerouted();
        for (int peer = 4; peer < 10; peer++) story.Hold(peer, One, Unicom, Observed.At("15:00:00"));
        var changes = story.Answer().Changes;
        Assert.Equal(2, changes.Count);
        Assert.All(changes, change => Assert.Equal((ChangeKind.ShareShifted, 1), KindOf(change)));

        // Four of ten that AS20485 carries leave the AS above it.
        static Observed Rerouted()
        {
            var story = new Observed(20, _day);
            for (int peer = 0; peer < 20; peer++)
                story.Hold(peer, One, peer < 10 ? Ttk : Unicom, Observed.Start, peer < 4 ? "3356" : "174");
            for (int peer = 0; peer < 4; peer++) story.Hold(peer, One, Ttk, Observed.At("15:00:00"));
            return story;
        }
    }

    [Theory]
    [InlineData("14:55:00")]
    [InlineData("14:58:40")]
    public void One_that_goes_its_own_way_minutes_before_all_others_dates_no_shift(string early)
    {
        var story = Split(ttk: 8);
        // AS1001 alone leaves for a third upstream.
        story.Hold(0, One, 3356, Observed.At(early));
        for (int peer = 1; peer < 6; peer++) story.Hold(peer, One, Unicom, Observed.At("15:00:00") + TimeSpan.FromSeconds(peer));
        Assert.Equal(Observed.At("15:00:01"), Assert.Single(Shifts(story, Ttk)).Time);
    }

    [Fact]
    public void Who_has_several_sessions_comes_with_the_first_of_them_and_goes_with_the_last()
    {
        var story = Split(ttk: 3);
        // AS1004 once more at another router of the same collector: it changes four seconds after all others.
        int again = story.AddPeer(1004, 3);
        story.Hold(again, One, Unicom, Observed.Start).Hold(again, One, Ttk, Observed.At("15:00:09"));
        for (int peer = 3; peer < 7; peer++) story.Hold(peer, One, Ttk, Observed.At(peer == 3 ? "15:00:00" : "15:00:05"));
        Assert.Equal(Observed.At("15:00:00"), Assert.Single(Shifts(story, Ttk)).Time);
        var lost = Assert.Single(Shifts(story, Unicom));
        Assert.Equal((Observed.At("15:00:05"), Observed.At("15:00:09")), (lost.Time, lost.Last));
    }

    [Fact]
    public void An_upstream_whose_last_users_another_origin_took_is_not_lost_when_others_had_left_it()
    {
        var story = Split(ttk: 8, peers: 12).FromTheStart(Unicom, Two);
        for (int peer = 0; peer < 5; peer++) story.Hold(peer, One, Unicom, Observed.At("10:00:00"));
        for (int peer = 0; peer < 12; peer++) story.Follow(peer, One, "174 3356 15169", Observed.At("15:00:00"));
        Assert.Equal(
            [(ChangeKind.ShareShifted, Observed.At("10:00:00")), (ChangeKind.ShareShifted, Observed.At("10:00:00")),
                (ChangeKind.OriginChanged, Observed.At("15:00:00"))],
            story.Answer().Changes.Select(change => (change.Kind, change.Time)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(180)]
    [InlineData(720)]
    [InlineData(1440)]
    public void A_share_that_moves_from_20_to_70_percent_is_one_shift_whether_it_takes_a_minute_or_a_day(int minutes)
    {
        var story = Split(ttk: 4, peers: 20, days: 4);
        var (onset, end) = (Observed.At("2017-10-02T08:00:00Z"), Observed.At("2017-10-02T08:00:00Z") + TimeSpan.FromMinutes(minutes));
        for (int i = 0; i < 10; i++) story.Hold(4 + i, One, Ttk, onset + (end - onset) / 9 * i);
        foreach (var (upstream, before, after) in new[] { (Ttk, 0.2, 0.7), (Unicom, 0.8, 0.3) })
        {
            var shift = Assert.Single(Shifts(story, upstream));
            Assert.Equal((onset, end), (shift.First, shift.Last));
            Assert.Equal((before, after), (Rounded(shift.ShareBefore), Rounded(shift.ShareAfter)));
            Assert.Equal((onset, 10), (shift.Time, shift.PeerAses));
        }
        Assert.Equal(2, story.Answer().Changes.Count);
    }

    [Fact]
    public void Two_moves_the_same_way_with_a_longer_pause_between_them_are_two_shifts()
    {
        var story = Split(ttk: 4, peers: 20, days: 2);
        for (int i = 0; i < 5; i++) story.Hold(4 + i, One, Ttk, Observed.At("08:00:00") + TimeSpan.FromMinutes(5 * i));
        for (int i = 0; i < 5; i++) story.Hold(9 + i, One, Ttk, Observed.At("16:00:00") + TimeSpan.FromMinutes(5 * i));
        Assert.Equal(
            [(Observed.At("08:00:00"), Observed.At("08:20:00"), 0.2, 0.45), (Observed.At("16:00:00"), Observed.At("16:20:00"), 0.45, 0.7)],
            Shifts(story, Ttk).Select(shift => (shift.Time, shift.Last, Rounded(shift.ShareBefore), Rounded(shift.ShareAfter))));
    }

    [Fact]
    public void What_moved_hours_before_by_less_than_a_shift_dates_none()
    {
        var story = Split(ttk: 4, peers: 20, days: 2).Hold(19, One, Ttk, Observed.At("02:00:00"));
        for (int i = 0; i < 8; i++) story.Hold(4 + i, One, Ttk, Observed.At("16:00:00") + TimeSpan.FromMinutes(10 * i));
        var shift = Assert.Single(Shifts(story, Ttk));
        Assert.Equal((Observed.At("16:00:00"), Observed.At("17:10:00")), (shift.Time, shift.Last));
        Assert.Equal((0.25, 0.65), (Rounded(shift.ShareBefore), Rounded(shift.ShareAfter)));
    }

    [Fact]
    public void A_share_that_is_elsewhere_for_less_than_half_an_hour_has_not_shifted()
    {
        var story = Split(ttk: 4, peers: 20);
        for (int i = 0; i < 10; i++)
            story.Hold(4 + i, One, Ttk, Observed.At("08:00:00")).Hold(4 + i, One, Unicom, Observed.At("08:25:00"));
        Assert.Empty(story.Answer().Changes);
    }

    [Fact]
    public void A_move_that_goes_on_when_the_data_end_is_told_as_far_as_it_has_come()
    {
        var story = Split(ttk: 4, peers: 20);
        for (int i = 0; i < 12; i++) story.Hold(4 + i, One, Ttk, Observed.At("22:00:00") + TimeSpan.FromMinutes(10 * i));
        var shift = Assert.Single(Shifts(story, Ttk));
        Assert.Equal((Observed.At("22:00:00"), Observed.At("23:50:00")), (shift.Time, shift.Last));
        Assert.Equal((0.2, 0.8), (Rounded(shift.ShareBefore), Rounded(shift.ShareAfter)));
    }

    [Fact]
    public void An_outage_of_another_prefix_in_the_middle_of_a_move_does_not_cut_it_in_two()
    {
        var story = Split(ttk: 4, peers: 20, days: 2);
        for (int peer = 0; peer < 20; peer++) story.Hold(peer, Two, peer < 4 ? Ttk : Unicom, Observed.Start);
        for (int i = 0; i < 10; i++)
            foreach (string prefix in new[] { One, Two })
                story.Hold(4 + i, prefix, Ttk, Observed.At("08:00:00") + TimeSpan.FromMinutes(20 * i));
        for (int peer = 0; peer < 20; peer++)
        {
            // Those that have moved by then come back by the new one.
            long back = peer < 8 ? Ttk : Unicom;
            story.Hold(peer, Two, null, Observed.At("09:05:00")).Hold(peer, Two, back, Observed.At("09:15:00"));
        }
        var shift = Assert.Single(Shifts(story, Ttk));
        Assert.Equal((Observed.At("08:00:00"), Observed.At("11:00:00")), (shift.Time, shift.Last));
        Assert.Equal((0.2, 0.7), (Rounded(shift.ShareBefore), Rounded(shift.ShareAfter)));
    }

    [Fact]
    public void The_cost_of_a_period_goes_by_what_happens_in_it_and_not_by_its_length()
    {
        var story = new Observed(20, TimeSpan.FromDays(60)).FromTheStart(Unicom, One);
        var late = Observed.Start + TimeSpan.FromDays(50);
        for (int peer = 0; peer < 10; peer++) story.Hold(peer, One, Ttk, late + TimeSpan.FromSeconds(peer));
        var heard = story.Answer().Heard!;
        var sweep = new ShareSweep(heard, null, new(Weighting.PeerAs, _ => Country.None));
        Assert.InRange(sweep.Steps(heard.Seen.From, heard.Seen.To, TimeSpan.FromMinutes(1)).Count(), 2, 3);
    }

    // One prefix, carried by AS20485 for the first peers and by AS4837 for the others.
    private static Observed Split(int ttk, int peers = 10, int days = 1)
    {
        var story = new Observed(peers, _day * days);
        for (int peer = 0; peer < peers; peer++) story.Hold(peer, One, peer < ttk ? Ttk : Unicom, Observed.Start);
        return story;
    }

    private static TransitChange[] Shifts(Observed story, long upstream) => [.. story.Answer().Changes
        .Where(change => change.Kind is ChangeKind.ShareShifted && change.Upstream == new Asn((uint)upstream))];

    private static double Rounded(double? share) => Math.Round(share!.Value, 6);

    private static (ChangeKind, int) KindOf(TransitChange change) => (change.Kind, change.Tier);
}
