using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>Methods.md, "One after another": what peer ASes do for minutes or hours is told once, and dated by no single one of them.</summary>
public sealed class RollOutTests
{
    private const long Unicom = 4837, Ttk = 20485, Third = 3356;
    private const string One = "175.45.176.0/24", Two = "175.45.177.0/24";

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(25)]
    public void An_upstream_that_comes_one_peer_as_after_another_appears_once_and_with_the_first(int minutes)
    {
        var story = Held(20, ttk: 0);
        for (int i = 0; i < 10; i++) story.Hold(i, One, Ttk, Later("06:00:00", minutes * i));
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.UpstreamAppeared, Observed.At("06:00:00"), Later("06:00:00", minutes * 9)), (change.Kind, change.Time, change.Last));
        Assert.Equal((0.0, 0.5), (Rounded(change.ShareBefore), Rounded(change.ShareAfter)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(14)]
    [InlineData(20)]
    [InlineData(44)]
    public void An_upstream_that_is_left_one_peer_as_after_another_is_gone_with_the_last(int minutes)
    {
        var story = Held(20, ttk: 10);
        for (int i = 0; i < 10; i++) story.Hold(i, One, Unicom, Later("06:00:00", minutes * i));
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.UpstreamVanished, Observed.At("06:00:00")), (change.Kind, change.First));
        // One of twenty may be stuck, but this one leaves as the others did.
        Assert.Equal((Later("06:00:00", minutes * 9), 10), (change.Time, change.PeerAses));
        Assert.Equal((0.5, 0.0), (Rounded(change.ShareBefore), Rounded(change.ShareAfter)));
    }

    [Fact]
    public void What_stays_stuck_behind_a_slow_leaving_moves_no_date()
    {
        var story = Held(20, ttk: 10);
        for (int i = 0; i < 9; i++) story.Hold(i, One, Unicom, Later("06:00:00", 20 * i));
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.UpstreamVanished, Later("06:00:00", 160)), (change.Kind, change.Time));
    }

    [Theory]
    // By an upstream that none of the others comes to it was made up; by the same it is the first of the news.
    [InlineData(Third, "06:02:01")]
    [InlineData(Unicom, "06:00:00")]
    public void A_prefix_that_one_peer_as_has_minutes_before_all_others_is_dated_by_these_where_its_upstream_is_another(
        long by, string date)
    {
        var story = new Observed(20, TimeSpan.FromHours(24)).FromTheStart(Unicom, One);
        for (int i = 0; i < 20; i++) story.Lack(i, Two, Observed.Start);
        story.Hold(0, Two, by, Observed.At("06:00:00"));
        for (int i = 1; i < 20; i++) story.Hold(i, Two, Unicom, Observed.At("06:02:00") + TimeSpan.FromSeconds(i));
        var change = Assert.Single(story.Answer().Changes, change => change.Kind is ChangeKind.PrefixAppeared);
        Assert.Equal(Observed.At(date), change.Time);
    }

    [Fact]
    public void A_loss_that_hunting_for_paths_draws_out_for_seconds_is_dated_by_the_median()
    {
        var story = Held(20, ttk: 10);
        for (int i = 0; i < 10; i++) story.Hold(i, One, Unicom, Observed.At("06:00:00") + TimeSpan.FromSeconds(8 * i));
        Assert.Equal(Observed.At("06:00:32"), Assert.Single(story.Answer().Changes).Time);
    }

    [Fact]
    public void A_shift_between_two_others_meanwhile_stays_a_shift()
    {
        var story = new Observed(20, TimeSpan.FromHours(24));
        for (int peer = 0; peer < 16; peer++) story.Hold(peer, One, Unicom, Observed.Start);
        for (int peer = 16; peer < 20; peer++) story.Hold(peer, One, Third, Observed.Start);
        for (int i = 0; i < 7; i++) story.Hold(i, One, Ttk, Later("06:00:00", 25 * i));
        for (int peer = 10; peer < 16; peer++) story.Hold(peer, One, Third, Observed.At("07:30:00"));
        Assert.Equal(
            [(ChangeKind.UpstreamAppeared, Ttk, Observed.At("06:00:00")), (ChangeKind.ShareShifted, Third, Observed.At("07:30:00")),
                (ChangeKind.ShareShifted, Unicom, Observed.At("07:30:00"))],
            story.Answer().Changes.Select(change => (change.Kind, (long)change.Upstream!.Value.Number, change.Time)));
    }

    [Fact]
    public void What_a_share_does_after_a_pause_that_is_longer_than_all_of_its_coming_is_a_shift()
    {
        var story = Held(20, ttk: 0);
        for (int i = 0; i < 12; i++) story.Hold(i, One, Ttk, Observed.At(i < 6 ? "06:00:00" : "08:00:00"));
        Assert.Equal(
            [(ChangeKind.UpstreamAppeared, Ttk, Observed.At("06:00:00")), (ChangeKind.ShareShifted, Unicom, Observed.At("08:00:00")),
                (ChangeKind.ShareShifted, Ttk, Observed.At("08:00:00"))],
            story.Answer().Changes.Select(change => (change.Kind, (long)change.Upstream!.Value.Number, change.Time)));
    }

    [Fact]
    public void That_the_two_families_come_at_different_times_is_one_coming()
    {
        const string Sixth = "2001:dc7::/32";
        var story = Held(20, ttk: 0).FromTheStart(Unicom, Sixth);
        for (int i = 0; i < 10; i++) story.Hold(i, One, Ttk, Later("06:00:00", 20 * i));
        for (int i = 4; i < 10; i++) story.Hold(i, Sixth, Ttk, Later("06:00:00", 20 * i));
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.UpstreamAppeared, Observed.At("06:00:00"), 2), (change.Kind, change.Time, change.Prefixes.Count));
    }

    [Fact]
    public void That_another_origin_leaves_again_makes_no_upstream_return_whatever_is_tried_on_the_way()
    {
        var story = Held(12, ttk: 5);
        for (int peer = 1; peer < 10; peer++) story.Follow(peer, One, "174 3356 15169", Observed.At("10:00:00"));
        for (int peer = 1; peer < 10; peer++)
            story.Hold(peer, One, Unicom, Observed.At("12:00:00")).Hold(peer, One, peer < 5 ? Ttk : Unicom, Observed.At("12:00:02"));
        Assert.Equal(ChangeKind.OriginAdded, Assert.Single(story.Answer().Changes).Kind);
    }

    // The collectors of peers 2 and 6 are one.
    [Theory]
    [InlineData(6, "15:00:00")]
    [InlineData(7, "15:02:30")]
    public void One_that_moves_before_the_others_dates_a_shift_where_another_of_its_collector_moves_with_them(int other, string date)
    {
        var story = Held(20, ttk: 1).Hold(2, One, Ttk, Observed.At("15:00:00"));
        foreach (int peer in new[] { 3, 4, 5, 8, other }) story.Hold(peer, One, Ttk, Observed.At("15:02:30"));
        Assert.Equal(Observed.At(date), Assert.Single(story.Answer().Changes, change => change.Upstream?.Number == Ttk).Time);
    }

    private static Observed Held(int peers, int ttk)
    {
        var story = new Observed(peers, TimeSpan.FromHours(24)).FromTheStart(Unicom, Two);
        for (int peer = 0; peer < peers; peer++) story.Hold(peer, One, peer < ttk ? Ttk : Unicom, Observed.Start);
        return story;
    }

    private static Timestamp Later(string time, int minutes) => Observed.At(time) + TimeSpan.FromMinutes(minutes);

    // Of two prefixes that it moves on one: the share of that one.
    private static double? Rounded(double? share) => share is { } known ? Math.Round(2 * known, 2) : null;
}
