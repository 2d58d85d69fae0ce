using Isthmus.Reports;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>What is under way when the period begins, and what happens soon after, is told by what the data before it show.</summary>
public sealed class OngoingTests
{
    private const long Unicom = 4837, Ttk = 20485;
    private const string One = "175.45.176.0/24";
    private static readonly TimeSpan _day = TimeSpan.FromHours(24);

    [Fact]
    public void An_outage_that_goes_on_when_the_period_begins_is_told_with_its_own_beginning()
    {
        var story = Before(20);
        for (int peer = 0; peer < 20; peer++)
            story.Hold(peer, One, null, Hours(-1)).Hold(peer, One, Unicom, Hours(0.5));
        var outage = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.Outage, Hours(-1), (Timestamp?)Hours(0.5)), (outage.Kind, outage.Time, outage.Until));
        // Nobody carried it when the period began.
        Assert.DoesNotContain("from the start", Lead(story), StringComparison.Ordinal);
    }

    [Fact]
    public void What_had_ended_before_the_period_is_none_of_it()
    {
        var story = Before(20);
        for (int peer = 0; peer < 20; peer++)
            story.Hold(peer, One, null, Hours(-2)).Hold(peer, One, Unicom, Hours(-1));
        Assert.Empty(story.Answer().Changes);
        Assert.Contains("from the start", Lead(story), StringComparison.Ordinal);
    }

    [Fact]
    public void A_slow_coming_of_which_half_lies_in_the_period_is_told()
    {
        var story = Before(20);
        for (int peer = 0; peer < 20; peer++) story.Hold(peer, One, Ttk, Hours(-4 + 0.7 * peer));
        var change = Assert.Single(story.Answer().Changes, change => change.Kind is ChangeKind.UpstreamAppeared);
        Assert.Equal(Hours(-4), change.Time);
    }

    [Theory]
    [InlineData(6, 0)]
    [InlineData(25, 40)]
    public void A_share_that_moves_soon_after_the_beginning_shifts(int minute, int minutesEach)
    {
        var story = new Observed(20, _day);
        for (int peer = 0; peer < 20; peer++) story.Hold(peer, One, peer < 6 ? Ttk : Unicom, Observed.Start);
        for (int peer = 6; peer < 14; peer++)
            story.Hold(peer, One, Ttk, Hours(minute / 60.0) + TimeSpan.FromMinutes(minutesEach * (peer - 6)));
        Assert.All(story.Answer().Changes, change =>
            Assert.Equal((ChangeKind.ShareShifted, Hours(minute / 60.0)), (change.Kind, change.Time)));
        Assert.Equal(2, story.Answer().Changes.Count);
    }

    [Fact]
    public void Of_a_time_without_routes_nobody_is_said_to_have_carried_them()
    {
        var story = new Observed(20, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 20; peer++) story.Hold(peer, One, null, Hours(6)).Hold(peer, One, Ttk, Hours(6.1));
        Assert.DoesNotContain("until then", new Story(story.Report()).Lead[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Those_who_lose_their_routes_some_seconds_after_most_have_a_vote()
    {
        var story = new Observed(20, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 20; peer++)
            story.Hold(peer, One, null, Hours(6) + TimeSpan.FromSeconds(peer)).Hold(peer, One, Unicom, Hours(8));
        Assert.DoesNotContain("no vote", new Story(story.Report()).Lead[0].Text, StringComparison.Ordinal);
    }

    private static string Lead(Observed story) => string.Join(' ', new Story(story.Report()).Lead.Select(sentence => sentence.Text));

    // The data begin half a day before the period.
    private static Observed Before(int peers)
    {
        var story = new Observed(peers, _day);
        for (int peer = 0; peer < peers; peer++) story.TableSince(peer, Hours(-12)).Hold(peer, One, Unicom, Hours(-12));
        return story;
    }

    private static Timestamp Hours(double hours) => Observed.Start + TimeSpan.FromHours(hours);
}
