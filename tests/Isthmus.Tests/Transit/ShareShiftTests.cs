using Isthmus.Transit;
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

    // One prefix, carried by AS20485 for the first peers and by AS4837 for the others.
    private static Observed Split(int ttk, int peers = 10)
    {
        var story = new Observed(peers, _day);
        for (int peer = 0; peer < peers; peer++) story.Hold(peer, One, peer < ttk ? Ttk : Unicom, Observed.Start);
        return story;
    }

    private static TransitChange[] Shifts(Observed story, long upstream) => [.. story.Answer().Changes
        .Where(change => change.Kind is ChangeKind.ShareShifted && change.Upstream == new Asn((uint)upstream))];

    private static double Rounded(double? share) => Math.Round(share!.Value, 6);

    private static (ChangeKind, int) KindOf(TransitChange change) => (change.Kind, change.Tier);
}
