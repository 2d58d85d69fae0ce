using Isthmus.Reports;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>Methods.md: nothing came that was there before, and what was before nobody knows is not said to have come.</summary>
public sealed class KnownBeforeTests
{
    private const long Unicom = 4837, Ttk = 20485;
    private static readonly Asn _ttk = new(20485);
    private static readonly string[] _four = ["175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"];
    private static readonly TimeSpan _day = TimeSpan.FromHours(24);

    [Theory]
    [InlineData(1, true)] // 3 % of twelve, rounded up, may be stuck
    [InlineData(2, false)]
    public void What_more_peer_ases_used_before_than_may_be_stuck_does_not_appear_when_others_come_to_it(int before, bool appears)
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[1]);
        for (int peer = 0; peer < 12; peer++) story.Hold(peer, _four[0], peer < before ? Ttk : Unicom, Observed.Start);
        for (int peer = before; peer < 11; peer++) story.Hold(peer, _four[0], Ttk, Observed.At("06:00:00"));
        Assert.Equal(appears, story.Answer().Changes.Any(IsNews));
    }

    [Fact]
    public void Of_four_peer_ases_one_that_used_it_before_is_a_quarter_and_no_stuck_route()
    {
        var story = new Observed(4, _day).FromTheStart(Unicom, _four[1]);
        for (int peer = 0; peer < 4; peer++) story.Hold(peer, _four[0], peer < 1 ? Ttk : Unicom, Observed.Start);
        for (int peer = 1; peer < 4; peer++) story.Hold(peer, _four[0], Ttk, Observed.At("06:00:00"));
        Assert.DoesNotContain(story.Answer().Changes, IsNews);
    }

    [Theory]
    [InlineData("05:52:00")]
    [InlineData("04:00:00")]
    public void Two_that_came_long_before_the_others_are_the_beginning(string first)
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[..2]);
        for (int peer = 0; peer < 10; peer++) story.Hold(peer, _four[0], Ttk, peer < 2 ? Observed.At(first) : Observed.At("06:00:00"));
        Assert.Equal(Observed.At(first), Assert.Single(story.Answer().Changes, IsNews).Time);
    }

    [Fact]
    public void What_was_left_a_few_minutes_ago_was_there_and_does_not_appear()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[1]);
        for (int peer = 0; peer < 12; peer++) story.Hold(peer, _four[0], peer < 2 ? Ttk : Unicom, Observed.Start);
        for (int peer = 0; peer < 2; peer++) story.Hold(peer, _four[0], Unicom, Observed.At("05:50:00"));
        for (int peer = 0; peer < 11; peer++) story.Hold(peer, _four[0], Ttk, Observed.At("06:00:00"));
        Assert.DoesNotContain(story.Answer().Changes, IsNews);
    }

    [Fact]
    public void Of_several_prefixes_those_are_named_that_nobody_used_it_for()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[3]);
        for (int prefix = 0; prefix < 3; prefix++)
            for (int peer = 0; peer < 12; peer++)
                story.Hold(peer, _four[prefix], prefix < 2 && peer == prefix ? Ttk : Unicom, Observed.Start)
                    .Hold(peer, _four[prefix], Ttk, Observed.At("06:00:00"));
        // One each may be stuck; two of twelve are more.
        Assert.Equal([Prefix.Parse(_four[2])], Assert.Single(story.Answer().Changes, IsNews).Prefixes);
    }

    [Fact]
    public void Sessions_without_a_known_table_date_nothing()
    {
        var story = new Observed(12, _day).FromTheStart(Unicom, _four[..2]);
        for (int peer = 0; peer < 12; peer++)
        {
            if (peer >= 4) story.TableSince(peer, null);
            if (peer >= 2) story.Hold(peer, _four[0], Ttk, Observed.At("06:00:00"));
        }
        Assert.DoesNotContain(story.Answer().Changes, IsNews);
    }

    [Fact]
    public void What_sessions_without_a_known_table_announced_before_was_there()
    {
        var story = new Observed(12, _day);
        for (int peer = 0; peer < 12; peer++)
        {
            story.Hold(peer, _four[1], Unicom, Observed.Start);
            if (peer >= 10) story.TableSince(peer, null).Hold(peer, _four[0], Ttk, Observed.At("03:00:00"));
            else story.Hold(peer, _four[0], Unicom, Observed.Start).Hold(peer, _four[0], Ttk, Observed.At("06:00:00"));
        }
        Assert.DoesNotContain(story.Answer().Changes, IsNews);
    }

    [Fact]
    public void Who_carried_another_prefix_before_does_not_begin_to_carry_the_subject()
    {
        var story = new Observed(20, _day).FromTheStart(Unicom, _four[..3]);
        for (int peer = 0; peer < 20; peer++)
            story.Hold(peer, _four[3], peer < 2 ? Ttk : Unicom, Observed.Start).Hold(peer, _four[0], Ttk, Observed.At("06:00:00"));
        string[] said = [.. new Story(story.Report()).Sentences.Select(sentence => sentence.Text)];
        Assert.Contains(said, text => text.Contains("came to carry", StringComparison.Ordinal));
        Assert.DoesNotContain(said, text => text.Contains("began to carry", StringComparison.Ordinal));
    }

    [Fact]
    public void A_route_that_only_a_session_without_a_table_announced_is_seen_and_has_no_vote()
    {
        var story = new Observed(5, _day);
        for (int peer = 0; peer < 4; peer++) story.Hold(peer, _four[0], Unicom, Observed.Start);
        story.TableSince(4, null).Hold(4, _four[1], Ttk, Observed.At("06:00:00"));
        var answer = story.Answer();
        Assert.Equal(_four[..2], answer.Prefixes.Select(prefix => prefix.Prefix.ToString()));
        Assert.Equal((1, 0.0), answer.Upstreams.Where(upstream => upstream.Asn == _ttk)
            .Select(upstream => (upstream.PeerAses, upstream.Shares.PeerAs)).Single());
        Assert.Contains("carries 1 of 2 prefixes that the input shows", string.Join(' ', new Story(story.Report()).Lead.Select(sentence => sentence.Text)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void No_route_is_seen_only_where_no_peer_at_all_has_one()
    {
        var story = new Observed(3, _day).TableSince(2, null);
        story.Hold(2, _four[0], Ttk, Observed.At("06:00:00"));
        string[] said = [.. new Story(story.Report()).Sentences.Select(sentence => sentence.Text)];
        Assert.DoesNotContain(said, text => text.StartsWith("No route", StringComparison.Ordinal) || text.Contains("none held", StringComparison.Ordinal));
        story.Hold(2, _four[0], null, Observed.At("07:00:00"));
        Assert.Equal("No peer AS with a known table has a route to Star Joint Venture Co. Ltd. (AS131279); 1 peer AS without one had",
            new Story(story.Report()).Headline.Text);
    }

    [Fact]
    public void That_nothing_changed_is_said_only_from_when_on_it_is_known()
    {
        var story = new Observed(6, _day).FromTheStart(Unicom, _four);
        for (int peer = 0; peer < 6; peer++) story.TableSince(peer, Observed.At("08:00:00"));
        Assert.Equal("What was held before 1 October 2017, 08:00:00 UTC is not known; since then no change was found.", new Story(story.Report()).Lead[0].Text);
        story.TableSince(0, Observed.Start).TableSince(1, Observed.Start);
        Assert.StartsWith("Of 6 peer ASes that held a route two are known from the start of the period: these show no change;",
            new Story(story.Report()).Lead[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_figure_of_an_outage_is_of_the_moment_when_the_last_of_its_prefixes_was_lost()
    {
        string[] prefixes = [.. Enumerable.Range(0, 10).Select(i => $"5.{i}.0.0/16")];
        var story = new Observed(3, TimeSpan.FromHours(12.2)).FromTheStart(Unicom, prefixes);
        for (int peer = 0; peer < 3; peer++)
            for (int prefix = 0; prefix < 4; prefix++)
                story.Hold(peer, prefixes[prefix], null, Observed.At("12:00:00") + TimeSpan.FromSeconds(60 * prefix + peer));
        var outage = Assert.Single(story.Answer().Changes);
        Assert.Equal((ChangeKind.Outage, 4, 0.0), (outage.Kind, outage.Prefixes.Count, outage.ShareAfter));
    }

    [Fact]
    public void All_origins_of_a_prefix_that_is_asked_for_are_counted()
    {
        var story = new Observed(6, _day);
        for (int peer = 0; peer < 6; peer++)
            story.Follow(peer, _four[0], peer < 3 ? "174 4837 131279" : "174 20485 9341", Observed.Start);
        Assert.Equal(2, story.Answer(_four[0]).Size.Origins);
        Assert.Equal(1, story.Answer().Size.Origins);
    }

    private static bool IsNews(TransitChange change) => change.Kind is ChangeKind.UpstreamAppeared && change.Upstream == _ttk;
}
