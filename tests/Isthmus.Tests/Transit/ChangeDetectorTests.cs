using Isthmus.Routes;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>By methods.md, "Changes": what is a change and when it was; and what is none, however it looks.</summary>
public sealed class ChangeDetectorTests
{
    private const long Unicom = 4837, Ttk = 20485;
    private static readonly string[] _four = ["175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"];
    private static readonly TimeSpan _day = TimeSpan.FromHours(24);

    [Fact]
    public void A_new_upstream_is_dated_by_the_first_peer_as_that_changed_for_good() // V11
    {
        int[] offsets = [0, 1, 1, 3, 5, 12, 26, 27, 31, 55, 58];
        var onset = Observed.At("09:07:51");
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[2]);
        for (int peer = 0; peer < offsets.Length; peer++) story.Hold(peer, _four[2], Ttk, onset + TimeSpan.FromSeconds(offsets[peer]));
        // One peer AS of twelve that stays with the old upstream may be a stuck route: that one is reported as lost.
        var change = Assert.Single(story.Answer().Changes, change => change.Upstream == new Asn(20485));
        Assert.Equal(ChangeKind.UpstreamAppeared, change.Kind);
        Assert.Equal((onset, onset, onset + TimeSpan.FromSeconds(1)), (change.Time, change.First, change.Confirmed));
        Assert.Equal((onset + TimeSpan.FromSeconds(12), onset + TimeSpan.FromSeconds(58)), (change.Median, change.Last));
        Assert.Equal((11, 12, 4, Confidence.High), (change.PeerAses, change.PeerAsesWatching, change.Collectors, change.Confidence));
        Assert.Equal(11, change.Witnesses.Count);
    }

    [Fact]
    public void A_lost_upstream_is_dated_by_the_median_as_path_hunting_draws_it_out()
    {
        var story = new Observed(9, _day).FromTheStart(Unicom, _four).FromTheStart(Unicom);
        for (int peer = 0; peer < 9; peer++)
        {
            story.Hold(peer, _four[0], Ttk, Observed.At("06:00:00"));
            // Each peer hunts: away, back by a longer path for seconds, then away for good.
            story.Hold(peer, _four[0], Unicom, Observed.At("08:00:00") + TimeSpan.FromSeconds(peer));
            story.Hold(peer, _four[0], Ttk, Observed.At("08:00:10") + TimeSpan.FromSeconds(peer), "3356 1299");
            story.Hold(peer, _four[0], Unicom, Observed.At("08:00:20") + TimeSpan.FromSeconds(2 * peer));
        }
        var lost = Assert.Single(
            story.Answer().Changes, change => change.Kind is ChangeKind.UpstreamVanished && change.Upstream == new Asn(20485));
        Assert.Equal(Observed.At("08:00:28"), lost.Time);
        Assert.Equal((Observed.At("08:00:20"), Observed.At("08:00:36")), (lost.First, lost.Last));
        Assert.Equal((1, 4), (lost.Prefixes.Count, lost.SubjectPrefixes));
    }

    [Fact]
    public void An_upstream_that_was_seen_before_returns()
    {
        var story = new Observed(6, _day).FromTheStart(Unicom, _four[0]);
        All(story, 6, _four[0], Ttk, "03:00:00");
        All(story, 6, _four[0], Unicom, "06:00:00");
        All(story, 6, _four[0], Ttk, "09:00:00");
        // All of them change over, so each time one upstream comes and the other goes.
        Assert.Equal(
            [ChangeKind.UpstreamAppeared, ChangeKind.UpstreamReturned, ChangeKind.UpstreamReturned],
            story.Answer().Changes.Where(change => change.Kind is not ChangeKind.UpstreamVanished).Select(change => change.Kind));
    }

    [Fact]
    public void An_outage_ends_with_the_first_return_and_is_no_loss_of_an_upstream()
    {
        var story = new Observed(8, _day).FromTheStart(Unicom, _four);
        foreach (string prefix in _four)
            for (int peer = 0; peer < 8; peer++)
                story.Hold(peer, prefix, null, Observed.At("12:00:00") + TimeSpan.FromSeconds(peer))
                .Hold(peer, prefix, Unicom, Observed.At("12:10:00") + TimeSpan.FromSeconds(peer));
        var outage = Assert.Single(story.Answer().Changes);
        Assert.Equal(ChangeKind.Outage, outage.Kind);
        Assert.Equal((Observed.At("12:00:03"), (Timestamp?)Observed.At("12:10:00"), 4), (outage.Time, outage.Until, outage.Prefixes.Count));
        Assert.Equal((1.0, 0.0), (outage.ShareBefore, outage.ShareAfter));
    }

    [Fact]
    public void An_outage_that_lasts_has_no_end_and_five_that_stay_are_not_in_it() // as Syria 2012-07-19: 61 of 66
    {
        string[] prefixes = [.. Enumerable.Range(0, 22).Select(i => $"5.{i}.0.0/16")];
        var story = new Observed(5, _day).FromTheStart(Unicom, prefixes);
        foreach (string prefix in prefixes[..20]) All(story, 5, prefix, null, "13:32:00");
        var outage = Assert.Single(story.Answer().Changes);
        Assert.Equal((20, 22, (Timestamp?)null), (outage.Prefixes.Count, outage.SubjectPrefixes, outage.Until));
    }

    [Fact]
    public void Flapping_is_one_unstable_time_with_its_outages_as_parts()
    {
        var story = new Observed(6, _day).FromTheStart(Unicom, _four);
        foreach (string prefix in _four)
            for (int cycle = 0; cycle < 4; cycle++)
            {
                All(story, 6, prefix, null, $"1{cycle / 2}:{30 * (cycle % 2):00}:00");
                All(story, 6, prefix, Unicom, $"1{cycle / 2}:{(30 * (cycle % 2)) + 4:00}:00");
            }
        var changes = story.Answer().Changes;
        var unstable = Assert.Single(changes, change => change.Kind is ChangeKind.Unstable);
        Assert.Equal((Observed.At("10:00:00"), (Timestamp?)Observed.At("11:34:00")), (unstable.Time, unstable.Until));
        var outages = changes.Where(change => change.Kind is ChangeKind.Outage).ToArray();
        Assert.Equal(4, outages.Length);
        Assert.All(outages, outage => Assert.Equal(unstable.Id, outage.PartOf));
        Assert.Equal(5, changes.Count);
    }

    [Fact]
    public void An_unstable_time_begins_with_the_first_session_that_shows_it()
    {
        var story = new Observed(6, _day);
        int first = story.AddPeer(1001, 1), third = story.AddPeer(1001, 2);
        story.FromTheStart(Unicom, _four[0]);
        for (int cycle = 0; cycle < 4; cycle++)
            for (int peer = 0; peer <= third; peer++)
            {
                // By most of its sessions AS1001 changes with the others; one of them is two seconds ahead.
                var down = Observed.At("10:00:00") + TimeSpan.FromMinutes(20 * cycle) - TimeSpan.FromSeconds(peer == first ? 2 : 0);
                story.Hold(peer, _four[0], null, down).Hold(peer, _four[0], Unicom, down + TimeSpan.FromMinutes(4));
            }
        var unstable = Assert.Single(story.Answer().Changes, change => change.Kind is ChangeKind.Unstable);
        Assert.Equal((Observed.At("09:59:58"), (Timestamp?)Observed.At("11:04:00")), (unstable.Time, unstable.Until));
    }

    [Fact]
    public void A_lasting_shift_between_known_upstreams_is_a_shift_of_share()
    {
        var story = new Observed(10, _day).FromTheStart(Unicom, _four[0]);
        for (int peer = 0; peer < 3; peer++) story.Hold(peer, _four[0], Ttk, Observed.Start);
        for (int peer = 3; peer < 7; peer++) story.Hold(peer, _four[0], Ttk, Observed.At("15:00:00"));
        var shifts = story.Answer().Changes;
        Assert.All(shifts, shift => Assert.Equal((ChangeKind.ShareShifted, Observed.At("15:00:00")), (shift.Kind, shift.Time)));
        var gained = Assert.Single(shifts, shift => shift.Upstream == new Asn(20485));
        Assert.Equal((0.3, 0.7), (Math.Round(gained.ShareBefore!.Value, 6), Math.Round(gained.ShareAfter!.Value, 6)));
    }

    [Theory]
    [InlineData("one peer flaps wildly")]
    [InlineData("a session resets and sends its table again")]
    [InlineData("a collector stops")]
    [InlineData("paths are prepended")]
    [InlineData("a stuck route stays behind")]
    [InlineData("a dip of a minute")]
    [InlineData("two upstreams tie and one peer turns the lead")]
    [InlineData("most of a collector's sessions fail together")]
    [InlineData("a dump lists what no update said")]
    [InlineData("a dump lacks what no update withdrew")]
    [InlineData("the origin poisons its paths")]
    [InlineData("one session of a peer AS with five is stuck")]
    [InlineData("paths change above the second tier")]
    public void What_only_looks_like_a_change_is_none_alone_and_hides_none_beside_it(string trap)
    {
        Assert.Empty(Own(With(trap, new Observed(34, _day).FromTheStart(Unicom, _four))));
        var beside = With(trap, new Observed(34, _day).FromTheStart(Unicom, _four));
        for (int peer = 4; peer < 30; peer++) beside.Hold(peer, _four[2], Ttk, Observed.At("20:00:00") + TimeSpan.FromSeconds(peer - 4));
        var change = Assert.Single(Own(beside));
        Assert.Equal((ChangeKind.UpstreamAppeared, Observed.At("20:00:00")), (change.Kind, change.Time));
    }

    private static IEnumerable<TransitChange> Own(Observed story) =>
        story.Answer().Changes.Where(change => change.Kind is not ChangeKind.FeedProblem);

    private static Observed With(string trap, Observed story)
    {
        switch (trap)
        {
            case "one peer flaps wildly":
                for (int i = 0; i < 200; i++)
                {
                    long? held = i % 3 == 0 ? null : i % 3 == 1 ? Ttk : Unicom;
                    story.Hold(0, _four[i % 4], held, Observed.At("05:00:00") + TimeSpan.FromSeconds(40 * i));
                }
                foreach (string prefix in _four) story.Hold(0, prefix, Unicom, Observed.At("08:00:00"));
                break;
            case "a session resets and sends its table again":
                foreach (string prefix in _four)
                    story.Hold(1, prefix, -1, Observed.At("07:00:00")).Hold(1, prefix, Unicom, Observed.At("07:01:30"));
                story.Down(1, Observed.At("07:00:00"), Observed.At("07:06:30"));
                break;
            case "a collector stops":
                for (int peer = 0; peer < story.Count; peer += 4)
                {
                    foreach (string prefix in _four)
                        story.Hold(peer, prefix, -1, Observed.At("10:00:00")).Hold(peer, prefix, Unicom, Observed.At("12:00:00"));
                    story.Down(peer, Observed.At("10:00:00"), Observed.At("12:00:00"));
                }
                break;
            case "paths are prepended":
                for (int peer = 0; peer < story.Count; peer++) story.Hold(peer, _four[0], Unicom, Observed.At("09:00:00"), "174 4837 4837");
                break;
            case "a stuck route stays behind":
                story.Hold(2, _four[1], Ttk, Observed.At("03:00:00"));
                break;
            case "two upstreams tie and one peer turns the lead":
                for (int peer = 1; peer < 18; peer++) story.Hold(peer, _four[0], Ttk, Observed.Start);
                for (int i = 0; i < 40; i++)
                    story.Hold(0, _four[0], i % 2 == 0 ? Ttk : Unicom, Observed.At("05:00:00") + TimeSpan.FromSeconds(400 * i));
                break;
            case "most of a collector's sessions fail together":
                for (int peer = 0; peer < story.Count - 4; peer += 4)
                {
                    foreach (string prefix in _four)
                        story.Hold(peer, prefix, -1, Observed.At("10:00:00")).Hold(peer, prefix, Unicom, Observed.At("10:01:00"));
                    story.Down(peer, Observed.At("10:00:00"), Observed.At("10:01:00"));
                }
                break;
            case "a dump lists what no update said":
                for (int peer = 0; peer < story.Count; peer += 4)
                    story.Follow(peer, _four[1], $"174 {Ttk} 131279", Observed.At("08:00:00"), Cause.RibEntry)
                        .Hold(peer, _four[1], Unicom, Observed.At("15:00:00"));
                break;
            case "a dump lacks what no update withdrew":
                for (int peer = 0; peer < story.Count; peer++)
                    if (peer % 4 < 3) story.Lack(peer, _four[1], Observed.At("08:00:00")).Hold(peer, _four[1], Unicom, Observed.At("08:40:00"));
                break;
            case "the origin poisons its paths":
                for (int peer = 0; peer < story.Count; peer++)
                    story.Follow(peer, _four[1], $"174 {Unicom} 131279 {Ttk} 131279", Observed.At("08:00:00"))
                        .Hold(peer, _four[1], Unicom, Observed.At("13:00:00"));
                break;
            case "one session of a peer AS with five is stuck":
                for (int session = 0; session < 5; session++)
                {
                    int peer = story.AddPeer(3333, session % 4);
                    foreach (string prefix in _four) story.Hold(peer, prefix, session == 0 ? Ttk : Unicom, Observed.Start);
                }
                break;
            case "paths change above the second tier":
                for (int peer = 0; peer < story.Count; peer++)
                    foreach (string prefix in _four) story.Hold(peer, prefix, Unicom, Observed.At("09:00:00"), "3356 1299 174");
                break;
            default:
                for (int peer = 0; peer < story.Count; peer++)
                    story.Hold(peer, _four[3], null, Observed.At("11:00:00")).Hold(peer, _four[3], Unicom, Observed.At("11:01:00"));
                break;
        }
        return story;
    }

    private static void All(Observed story, int peers, string prefix, long? upstream, string time)
    {
        for (int peer = 0; peer < peers; peer++) story.Hold(peer, prefix, upstream, Observed.At(time));
    }
}
