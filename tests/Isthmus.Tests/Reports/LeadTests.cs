using System.Text.RegularExpressions;

using Isthmus.Reports;
using Isthmus.Tests.Support;
using Isthmus.Tests.Transit;

namespace Isthmus.Tests.Reports;

/// <summary>The first sentence of a report: true of all the period, whatever came after the change that it tells.</summary>
public sealed class LeadTests
{
    private const string Unicom = "CHINA UNICOM China169 Backbone (AS4837, China)", Ttk = "TransTeleCom (AS20485, Russia)";
    private const string Subject = "Star Joint Venture Co. Ltd. (AS131279)";

    [Fact]
    public void Losses_of_parts_that_together_are_one_of_all_lead_as_that()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China);
        for (int i = 0; i < 4; i++) archive.Withdraw($"0{i + 1}:30:00", [FivePeers.Four[i]]);
        archive.Announce("06:00:00", FivePeers.China).Until("09:00:00");
        Assert.Equal("From 04:30:00 to 06:00:00 on 1 October 2017 UTC, no route to any of the 4 prefixes is seen; they were lost one after another, "
            + "the first on 1 October 2017 at 01:30:00.", First(archive));
    }

    [Fact]
    public void Losses_of_parts_to_the_end_that_together_are_one_of_all_lead_as_that()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China);
        for (int i = 0; i < 4; i++) archive.Withdraw($"0{i + 1}:30:00", [FivePeers.Four[i]]);
        Assert.Equal("From 1 October 2017, 04:30:00 UTC on, to the end of the period, no route to any of the 4 prefixes is seen; they were lost one "
            + "after another, the first on 1 October 2017 at 01:30:00.", First(archive.Until("09:00:00")));
    }

    [Fact]
    public void An_outage_of_all_that_was_lost_in_parts_heads_the_page()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China);
        for (int i = 0; i < 4; i++) archive.Withdraw($"0{i + 1}:30:00", [FivePeers.Four[i]]);
        archive.Announce("06:00:00", FivePeers.China).Until("09:00:00");
        Assert.Equal($"No route to {Subject} was seen for 1 h 30 min on 1 October 2017", new Story(archive.Report()).NewsHeadline?.Text);
    }

    [Fact]
    public void A_carrier_that_went_from_one_prefix_after_another_is_told_to_have_gone_from_all()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China);
        foreach (var (i, prefix) in FivePeers.Four.Index()) archive.Announce($"0{i + 1}:00:00", FivePeers.Russia, [prefix]);
        string first = First(archive.Until("09:00:00"));
        Assert.Equal($"{Ttk} began to carry routes to {Subject} on 1 October 2017 at 01:00:00 UTC, for 1 of 4 prefixes, and by 04:00:00 for all 4 "
            + $"prefixes; before that {Unicom} carried them all.", first);
    }

    [Fact]
    public void A_carrier_that_lost_all_prefixes_in_turn_is_not_said_to_carry_others()
    {
        // AS4837 and AS20485 carry each prefix, at two and three of the peers.
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("00:00:00", FivePeers.Russia, peers: 2);
        foreach (var (i, prefix) in FivePeers.Four.Index()) archive.Announce($"0{i + 2}:00:00", FivePeers.Russia, [prefix], from: 2);
        string first = First(archive.Until("09:00:00"));
        Assert.DoesNotContain("still carries others", first, StringComparison.Ordinal);
        Assert.StartsWith($"{Unicom} ceased to carry routes to {Subject} on 1 October 2017 at 02:00:00 UTC, for 1 of 4 prefixes, and by 05:00:00 for "
            + "all 4 prefixes.", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Prefixes_exchanged_for_others_behind_another_carrier_lead_as_a_change_of_carrier()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China, FivePeers.Four[..2])
            .Withdraw("03:00:00", FivePeers.Four[..2]).Announce("03:00:00", FivePeers.Russia, FivePeers.Four[2..]).Until("06:00:00");
        string first = First(archive);
        Assert.Contains($"{Ttk} began to carry routes to {Subject} on 1 October 2017 at 03:00:00 UTC", first, StringComparison.Ordinal);
        Assert.Contains(Unicom, first, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_prefix_is_told_with_the_carrier_that_it_came_by() => Assert.Equal(
        $"1 of 4 prefixes is announced that was not before, by {Ttk}, on 1 October 2017 at 03:00:00 UTC.",
        First(new FivePeers().Dump("00:00:00", FivePeers.China, FivePeers.Four[..3])
            .Announce("03:00:00", FivePeers.Russia, FivePeers.Four[3..]).Until("06:00:00")));

    [Fact]
    public void Of_a_carrier_that_ceased_and_came_back_many_times_the_lead_says_so()
    {
        // Two peers stay with AS20485, three move between the two every forty minutes, and end with AS4837.
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("00:00:00", FivePeers.Russia, peers: 2);
        for (int i = 0; i < 6; i++)
            archive.Announce($"0{1 + 2 * i / 3}:{2 * i % 3 * 20:00}:00", i % 2 == 0 ? FivePeers.Russia : FivePeers.China, from: 2);
        string first = First(archive.Until("09:00:00"));
        Assert.StartsWith($"{Unicom} ceased to carry routes to {Subject} on 1 October 2017 at 01:00:00 UTC", first, StringComparison.Ordinal);
        Assert.EndsWith("; it came back and went again two times, and came back to stay at 04:20:00.", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_carrier_that_came_and_is_gone_the_lead_says_so()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("01:00:00", FivePeers.Russia)
            .Announce("03:00:00", FivePeers.China).Until("06:00:00");
        string first = First(archive);
        Assert.StartsWith($"{Ttk} began to carry routes to {Subject} on 1 October 2017 at 01:00:00 UTC, for all 4 prefixes", first, StringComparison.Ordinal);
        Assert.EndsWith("; TransTeleCom was gone again at 03:00:00.", first, StringComparison.Ordinal);
        Assert.EndsWith("for all 4 prefixes, and is gone again", new Story(archive.Report()).NewsHeadline?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_comes_after_an_outage_is_told_with_it_and_with_who_carried_before() => Assert.Equal(
        $"{Ttk} began to carry routes to {Subject} on 1 October 2017 at 03:00:00 UTC, for all 4 prefixes; from 02:30:00 to 03:00:00 no route to them "
            + $"was seen, and {Unicom} carried them before that.",
        First(new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("02:30:00", FivePeers.Four).Announce("03:00:00", FivePeers.Russia)
            .Until("06:00:00")));

    [Fact]
    public void An_outage_after_which_a_carrier_is_not_back_says_so()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("00:00:00", FivePeers.Russia, peers: 2)
            .Withdraw("02:30:00", FivePeers.Four).Announce("04:30:00", FivePeers.China).Until("09:00:00");
        Assert.EndsWith($"no route to any of the 4 prefixes is seen; {Ttk} is not back.", First(archive), StringComparison.Ordinal);
    }

    [Fact]
    public void An_outage_that_ends_behind_another_carrier_names_both()
    {
        // AS20485 was there before, so that it does not begin.
        var archive = new FivePeers().Dump("00:00:00", FivePeers.Russia).Announce("01:00:00", FivePeers.China)
            .Withdraw("04:30:00", FivePeers.Four).Announce("06:30:00", FivePeers.Russia).Until("09:00:00");
        Assert.EndsWith($"no route to any of the 4 prefixes is seen; they came back by {Ttk} in place of {Unicom}.", First(archive), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_carried_other_prefixes_hours_before_does_not_begin()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China, FivePeers.Four[..2]).Dump("00:00:00", FivePeers.Russia, FivePeers.Four[2..])
            .Withdraw("02:00:00", FivePeers.Four[2..]).Announce("08:00:00", FivePeers.Russia, FivePeers.Four[..1]).Until("12:00:00");
        string first = First(archive);
        Assert.DoesNotContain("began", first, StringComparison.Ordinal);
        Assert.StartsWith($"{Ttk} came to carry 1 of 4 prefixes of {Subject} on 1 October 2017 at 08:00:00 UTC", first, StringComparison.Ordinal);
        Assert.Contains("some routes went by it before", first, StringComparison.Ordinal);
    }

    [Fact]
    public void An_intermediary_that_went_from_some_prefixes_is_not_said_to_be_gone()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("01:00:00", $"{FivePeers.China} {FivePeers.Russia}")
            .Announce("03:00:00", FivePeers.China, FivePeers.Four[..2]).Until("06:00:00");
        Assert.Contains("went again from all but 2 of 4 prefixes on 1 October 2017 at 03:00:00", First(archive), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_intermediary_that_went_again_the_lead_does_not_say_that_it_stands_there()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("01:00:00", $"{FivePeers.China} {FivePeers.Russia}")
            .Announce("03:00:00", FivePeers.China).Until("06:00:00");
        string first = First(archive);
        Assert.DoesNotContain("since 1 October", first, StringComparison.Ordinal);
        Assert.Contains("from 01:00:00 to 03:00:00 on 1 October 2017 UTC", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_origin_that_the_old_one_replaced_again_the_lead_says_that_it_is_none_at_the_end()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Until("00:30:00");
        foreach (var (time, origin) in new[] { ("01:00:00", "9318"), ("03:00:00", "131279") }) archive.AnnounceBy(time, FivePeers.China, origin);
        string first = First(archive.Until("06:00:00"));
        Assert.Contains("becomes origin of all 4 prefixes, on 1 October 2017 at 01:00:00", first, StringComparison.Ordinal);
        Assert.EndsWith("; at the end AS9318 is not seen as an origin of any of them.", first, StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_that_moved_for_hours_is_told_from_when_to_when()
    {
        string[] prefixes = ["175.45.176.0/24"];
        var archive = new Observed(20, TimeSpan.FromHours(24));
        for (int peer = 0; peer < 20; peer++) archive.Hold(peer, prefixes[0], peer < 4 ? 20485 : 4837, Observed.Start);
        for (int i = 0; i <= 10; i++) archive.Hold(4 + i, prefixes[0], 20485, Observed.At("06:00:00") + i * TimeSpan.FromMinutes(30));
        var report = archive.Report();
        var story = new Story(report);
        Assert.Contains("shifts from 20% to 75%, from 06:00:00 to 11:00:00 on 1 October 2017 UTC.", story.Lead[0].Text, StringComparison.Ordinal);
        var output = new StringWriter { NewLine = "\n" };
        ReportText.Write(report, output);
        Assert.Contains("until 11:00:00 (5 h)", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_that_moved_within_a_minute_has_one_second()
    {
        var archive = new Observed(20, TimeSpan.FromHours(24));
        for (int peer = 0; peer < 20; peer++) archive.Hold(peer, "175.45.176.0/24", peer < 4 ? 20485 : 4837, Observed.Start);
        for (int i = 0; i <= 10; i++) archive.Hold(4 + i, "175.45.176.0/24", 20485, Observed.At("06:00:00") + i * TimeSpan.FromSeconds(3));
        Assert.EndsWith("shifts from 20% to 75%, on 1 October 2017 at 06:00:00 UTC.", new Story(archive.Report()).Lead[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void All_routes_are_all_that_show_an_upstream_where_peers_are_direct_neighbours()
    {
        var archive = new Observed(6, TimeSpan.FromHours(1)).FromTheStart(4837, "175.45.176.0/24");
        Assert.Equal($"All routes to {Subject} go by CHINA UNICOM China169 Backbone", new Story(archive.Report()).Headline.Text);
        archive.Follow(0, "175.45.176.0/24", "131279", Observed.Start).Follow(1, "175.45.176.0/24", "131279", Observed.Start);
        Assert.Equal($"All routes to {Subject} that show an upstream go by CHINA UNICOM China169 Backbone; 2 peer ASes are direct neighbours of it",
            new Story(archive.Report()).Headline.Text);
    }

    [Theory]
    [InlineData(false, "Nobody is counted: of no peer AS is it known that it held a route of the subject.")]
    [InlineData(true, "Counted are the 5 full-feed peer ASes that hold a route of the subject.")]
    public void Who_is_counted_is_never_all_of_nobody(bool hasTable, string basis)
    {
        var archive = new FivePeers();
        if (hasTable) archive.Dump("00:00:00", FivePeers.China);
        var report = archive.Announce("01:00:00", FivePeers.Russia).Until("06:00:00").Report();
        Assert.Contains(basis, CoverageWords.Read(report));
    }

    // The first sentence without the local time beside the first time.
    private static string First(FivePeers archive) =>
        Regex.Replace(new Story(archive.Report()).Lead[0].Text, @" \([\d:]+ in Pyongyang\)", "", RegexOptions.None, TimeSpan.FromSeconds(1));
}
