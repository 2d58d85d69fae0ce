using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Tests.Support;
using Isthmus.Tests.Transit;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests.Reports;

/// <summary>What a report is about ends somewhere: at the period, between two dumps, below a threshold. It says so.</summary>
public sealed class ReportLimitsTests
{
    private const string Prefix = "175.45.176.0/24";

    [Fact]
    public void A_period_that_ends_before_the_input_says_so_and_nothing_lasts_to_the_end_of_the_data()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("03:00:00").Announce("05:00:00", FivePeers.China).Until("07:00:00");
        string said = FivePeers.Said(archive.Report(to: "04:00:00"));
        Assert.Contains("to the end of the period, no route to any of the 4 prefixes is seen", said, StringComparison.Ordinal);
        Assert.Contains("The input goes on behind the period: what comes then is not told.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("end of the data", said, StringComparison.Ordinal);
        Assert.DoesNotContain("The input goes on", FivePeers.Said(archive.Report()), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_prefixes_that_are_lost_it_is_not_said_that_the_others_stay()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("02:30:00", [FivePeers.Four[0]])
            .Withdraw("03:00:00").Announce("05:00:00", FivePeers.China).Until("07:00:00").Report(to: "04:00:00");
        var words = new ChangeWords(new(report.Registry));
        string[] said = [.. new Story(report).Changes.Select(numbered => words.What(numbered.Change)), FivePeers.Said(report)];
        Assert.DoesNotContain("the others stay", string.Join('\n', said), StringComparison.Ordinal);
    }

    [Fact]
    public void A_period_between_two_dumps_is_not_said_to_lie_behind_the_input()
    {
        var archive = new FivePeers();
        foreach (int hour in new[] { 0, 2, 8 }) archive.In(Bview(hour)).Dump($"{hour:00}:00:00", FivePeers.China);
        string said = FivePeers.Said(archive.Report("03:00:00", "04:00:00"));
        Assert.Contains("There are no data in this period: the input before it ends on 1 October 2017, 02:00:00, and goes on with "
            + "1 October 2017, 08:00:00.", said, StringComparison.Ordinal);
        var cut = archive.Report("00:00:00", "04:00:00");
        Assert.Contains(cut.Coverage.Gaps, gap => CoverageWords.Why(gap) == "no input up to the file of 2017-10-01 08:00:00");
        Assert.Contains("the input goes on with 1 October 2017, 08:00:00, after the period asked for", FivePeers.Said(cut), StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_that_dumps_alone_show_to_move_is_bounded_by_the_dumps_before_and_after_all_of_it()
    {
        // Three peer ASes of twenty more in each of three dumps.
        Timestamp Dump(int place) => Observed.Start + TimeSpan.FromHours(4 * place);
        var story = new Observed(20, TimeSpan.FromHours(44)).DumpsAlone([.. Enumerable.Range(0, 11).Select(Dump)]);
        for (int peer = 0; peer < 20; peer++)
        {
            story.Follow(peer, Prefix, peer < 6 ? "174 20485 131279" : "174 4837 131279", Observed.Start, Cause.RibEntry);
            if (peer is >= 6 and < 15) story.Follow(peer, Prefix, "174 20485 131279", Dump(3 + (peer - 6) / 3), Cause.RibEntry);
        }
        var report = story.Report();
        var shifts = report.Transit.Changes.Where(change => change.Kind is ChangeKind.ShareShifted).ToArray();
        Assert.NotEmpty(shifts);
        Assert.All(shifts, shift => Assert.Equal((Dump(2), Dump(5)), (shift.Earliest!.Value, shift.Last)));
        var gained = Assert.Single(shifts, shift => shift.Upstream == new Asn(20485));
        Assert.Equal((0.3, 0.75), (Math.Round(gained.ShareBefore!.Value, 6), Math.Round(gained.ShareAfter!.Value, 6)));
        Assert.Equal("between 08:00:00 and 20:00:00 on 1 October 2017", ChangeWords.When(shifts[0]));
        Assert.Contains("by dumps alone: after the one of 2017-10-01 08:00:00, the last by that of 2017-10-01 20:00:00",
            ChangeWords.Dating(shifts[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_on_which_no_upstream_can_be_counted_are_none_of_all_routes()
    {
        var story = new Observed(8, TimeSpan.FromHours(6)).FromTheStart(4837, "175.45.176.0/24", "175.45.177.0/24");
        Assert.StartsWith("All routes to", new Story(story.Report()).Headline.Text, StringComparison.Ordinal);
        for (int peer = 0; peer < 8; peer++) story.Follow(peer, "175.45.177.0/24", "174 20485 {131279,9808}", Observed.At("01:00:00"));
        Assert.Equal("Routes to Star Joint Venture Co. Ltd. (AS131279) go by CHINA UNICOM China169 Backbone; on 8 of 16 no upstream can be counted",
            new Story(story.Report()).Headline.Text);
    }

    [Fact]
    public void What_moved_below_the_thresholds_is_said_with_when_and_no_change_is_said_only_of_what_stood_still()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("01:00:00", FivePeers.Russia, [FivePeers.Four[0]], peers: 1);
        var report = archive.Until("05:00:00").Report();
        Assert.Equal("No change reached the thresholds from which one is reported in this period; otherwise than at the start, 1 of 5 peer ASes holds "
            + "175.45.176.0/24 by TransTeleCom (AS20485, Russia) at the end (since 1 October 2017, 01:00:00).", new Story(report).Lead[0].Text);
        Assert.Equal("No change reached the thresholds.", new Story(report).NoChange);
        archive.Announce("06:00:00", FivePeers.China, [FivePeers.Four[0]], peers: 1);
        Assert.Equal("No change reached the thresholds from which one is reported in this period; 1 peer AS held other routes, or none, for a while.",
            new Story(archive.Until("07:00:00").Report()).Lead[0].Text);
        var quiet = new FivePeers().Dump("00:00:00", FivePeers.China).Until("05:00:00").Report();
        Assert.Equal("No change was found in this period.", new Story(quiet).Lead[0].Text);
    }

    [Fact]
    public void What_every_peer_dates_is_not_said_to_have_no_date()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("02:59:00").Until("03:00:00").Report();
        Assert.Equal("No change reached the thresholds from which one is reported, but at the end routes that were seen are gone "
            + "(since 1 October 2017, 02:59:00).", new Story(report).Lead[0].Text);
    }

    [Fact]
    public void Words_of_a_time_between_dumps_carry_no_comma_twice_and_two_prefixes_are_both()
    {
        var report = new FivePeers().In(Bview(0)).Dump("00:00:00", FivePeers.China, FivePeers.Four[..2])
            .In(Bview(6)).Dump("06:00:00", FivePeers.China, []).In(Bview(12)).Dump("12:00:00", FivePeers.China, []).Report();
        string said = FivePeers.Said(report);
        Assert.DoesNotContain(",,", said, StringComparison.Ordinal);
        Assert.Contains("From a time between 00:00:00 and 06:00:00 on 1 October 2017 UTC on, to the end of the period, no route to any of the 2 prefixes is seen",
            said, StringComparison.Ordinal);
        Assert.Contains("carries both prefixes", FivePeers.Said(new FivePeers().Dump("00:00:00", FivePeers.China, FivePeers.Four[..2]).Until("01:00:00").Report()),
            StringComparison.Ordinal);
    }

    private static string Bview(int hour) => $"rrc00/bview.20171001.{hour:00}00";
}
