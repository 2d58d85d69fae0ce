using Isthmus.Reports;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Incidents;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>Outages, returns and flapping by definitions as of their time, and figures of the prefixes that a change names.</summary>
public sealed class TrailingTests
{
    private const long Unicom = 4837, Ttk = 20485;
    private static readonly string[] _four = ["175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"];
    private static readonly TimeSpan _day = TimeSpan.FromHours(24);

    [Fact]
    public void An_outage_of_16_of_24_hours_at_70_percent_of_the_peer_ases_is_a_partial_outage()
    {
        var story = new Observed(20, _day).FromTheStart(Unicom, _four);
        foreach (string prefix in _four)
            for (int peer = 0; peer < 14; peer++)
                story.Hold(peer, prefix, null, Observed.At("04:00:00")).Hold(peer, prefix, Unicom, Observed.At("20:00:00"));
        var outage = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.Outage, Observed.At("04:00:00"), (Timestamp?)Observed.At("20:00:00")), (outage.Kind, outage.Time, outage.Until));
        Assert.Equal((1.0, 0.3), (outage.ShareBefore, Math.Round(outage.ShareAfter!.Value, 6)));
        Assert.False(ChangeWords.IsTotal(outage));
    }

    [Fact]
    public void An_outage_that_lasts_to_the_end_stays_open()
    {
        var story = new Observed(8, _day).FromTheStart(Unicom, _four);
        foreach (string prefix in _four)
            for (int peer = 0; peer < 8; peer++) story.Hold(peer, prefix, null, Observed.At("02:00:00"));
        var answer = story.Answer();
        var outage = Assert.Single(answer.Changes);
        Assert.Equal((ChangeKind.Outage, (Timestamp?)null), (outage.Kind, outage.Until));
        Assert.Null(Assert.Single(answer.Incidents).Closed);
    }

    [Fact]
    public void The_figures_of_an_outage_are_of_the_prefix_that_was_down()
    {
        var story = new Observed(5, TimeSpan.FromHours(2)).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 5; peer++)
            story.Hold(peer, _four[0], null, Observed.At("01:00:00")).Hold(peer, _four[0], Unicom, Observed.At("01:30:00"));
        var outage = Assert.Single(story.Answer().Changes);
        Assert.Equal((1.0, 0.0, 5, 5), (outage.ShareBefore, outage.ShareAfter, outage.PeerAses, outage.PeerAsesWatching));
        Assert.Contains("From 01:00:00 to 01:30:00 on 1 October 2017 UTC, no route to 175.45.176.0/24 (1 of 4 prefixes) is seen.",
            new Story(story.Report()).Lead.Select(sentence => sentence.Text));
        Assert.False(ChangeWords.IsTotal(outage));
    }

    [Fact]
    public void A_return_after_hours_behind_another_upstream_is_told()
    {
        var story = new Observed(8, _day).FromTheStart(Unicom, _four);
        foreach (string prefix in _four)
            for (int peer = 0; peer < 8; peer++)
                story.Hold(peer, prefix, null, Observed.At("04:00:00")).Hold(peer, prefix, Ttk, Observed.At("16:00:00"));
        var answer = story.Answer();
        Assert.Equal(
            [(ChangeKind.Outage, null, Observed.At("04:00:00")), (ChangeKind.UpstreamVanished, new Asn(4837), Observed.At("04:00:00")),
                (ChangeKind.UpstreamAppeared, (Asn?)new Asn(20485), Observed.At("16:00:00"))],
            answer.Changes.Select(change => (change.Kind, change.Upstream, change.Time)).OrderBy(change => change.Time)
                .ThenBy(change => change.Kind == ChangeKind.Outage ? 0 : 1));
        Assert.Equal(IncidentLabel.Migration, Assert.Single(answer.Incidents).Label);
    }

    [Fact]
    public void A_return_behind_the_same_upstream_is_an_outage_alone()
    {
        var story = new Observed(8, _day).FromTheStart(Unicom, _four);
        foreach (string prefix in _four)
            for (int peer = 0; peer < 8; peer++)
                story.Hold(peer, prefix, null, Observed.At("04:00:00")).Hold(peer, prefix, Unicom, Observed.At("16:00:00"));
        Assert.Equal(ChangeKind.Outage, Assert.Single(story.Answer().Changes).Kind);
    }

    [Fact]
    public void Fourteen_alternations_in_thirteen_minutes_at_all_peers_are_an_unstable_time()
    {
        var story = new Observed(8, _day).FromTheStart(Unicom, _four[0]);
        for (int turn = 0; turn < 14; turn++)
            for (int peer = 0; peer < 8; peer++)
                story.Hold(peer, _four[0], turn % 2 == 0 ? Ttk : Unicom, Observed.At("06:00:00") + TimeSpan.FromMinutes(turn));
        var unstable = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.Unstable, Observed.At("06:00:00"), (Timestamp?)Observed.At("06:13:00")),
            (unstable.Kind, unstable.Time, unstable.Until));
    }

    [Theory]
    [InlineData(3, ChangeKind.OriginAdded)]
    [InlineData(8, ChangeKind.OriginChanged)]
    public void Another_origin_becomes_the_origin_only_where_the_others_left(int leaving, ChangeKind kind)
    {
        var story = new Observed(8, _day).FromTheStart(Unicom, _four[0]);
        for (int peer = 0; peer < leaving; peer++) story.Follow(peer, _four[0], "174 3356 15169", Observed.At("12:00:00"));
        var change = Assert.Single(story.Answer().Changes, change => change.Origin is not null);
        Assert.Equal((kind, new Asn(15169)), (change.Kind, change.Origin!.Value));
    }

    [Fact]
    public void That_a_second_origin_leaves_makes_the_first_no_new_origin()
    {
        var story = new Observed(8, _day).FromTheStart(Unicom, _four[0]);
        for (int peer = 0; peer < 4; peer++)
            story.Follow(peer, _four[0], "174 3356 15169", Observed.At("12:00:00")).Hold(peer, _four[0], Unicom, Observed.At("16:00:00"));
        var change = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.OriginAdded, (Asn?)new Asn(15169), (Timestamp?)Observed.At("16:00:00")),
            (change.Kind, change.Origin, change.Until));
    }
}
