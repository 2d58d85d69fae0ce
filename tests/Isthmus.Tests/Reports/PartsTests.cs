using System.Text.Json;
using System.Text.RegularExpressions;

using Isthmus.Reports;
using Isthmus.Tests.Support;
using Isthmus.Tests.Transit;
using Isthmus.Transit.Incidents;

namespace Isthmus.Tests.Reports;

/// <summary>What is lost, or comes back, in parts; what some hold and others do not; what is known from a part of the time on.</summary>
public sealed class PartsTests
{
    private const string Unicom = "CHINA UNICOM China169 Backbone (AS4837, China)", Ttk = "TransTeleCom (AS20485, Russia)";
    private const string Subject = "Star Joint Venture Co. Ltd. (AS131279)";

    private static readonly string[] _four = ["175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"];

    [Fact]
    public void Prefixes_that_come_back_an_hour_apart_were_away_together_until_the_first()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("02:00:00");
        for (int i = 0; i < 4; i++) archive.Announce($"0{i + 3}:00:00", FivePeers.China, [FivePeers.Four[i]]);
        var report = archive.Until("09:00:00").Report();
        Assert.Equal("From 02:00:00 to 03:00:00 on 1 October 2017 UTC, no route to any of the 4 prefixes is seen; 3 of them are back later, the last "
            + "on 1 October 2017 at 06:00:00.", First(report));
        Assert.Equal([.. Enumerable.Range(3, 4).Select(hour => (1, $"0{hour}:00:00"))], report.Transit.Changes
            .Select(change => (change.Prefixes.Count, $"{change.Until!.Value.ToDateTimeOffset():HH:mm:ss}")).Order());
        Assert.Single(report.Transit.Incidents);
    }

    [Fact]
    public void One_prefix_that_is_not_back_does_not_stretch_the_outage_of_the_others()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("02:00:00")
            .Announce("04:00:00", FivePeers.China, FivePeers.Four[..3]);
        Assert.Equal("From 02:00:00 to 04:00:00 on 1 October 2017 UTC, no route to any of the 4 prefixes is seen; 1 of them is not back by the end "
            + "of the period.", First(archive.Until("09:00:00").Report()));
    }

    [Fact]
    public void Who_is_back_on_some_prefixes_has_not_gone()
    {
        // All are lost; two come back by another carrier, two by the same.
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("02:00:00")
            .Announce("02:20:00", FivePeers.Russia, FivePeers.Four[..2]).Announce("03:00:00", FivePeers.China, FivePeers.Four[2..])
            .Until("09:00:00").Report();
        string said = FivePeers.Said(report);
        Assert.DoesNotContain("not back", said, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Unicom} vanished", said, StringComparison.Ordinal);
        Assert.Contains($"{Unicom} lost 2 of 4 prefixes", said, StringComparison.Ordinal);
        Assert.Contains("from 02:00:00 to 02:20:00 on 1 October 2017 no route to any of the 4 prefixes is seen", said, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Transit.Incidents, incident => incident.Label is IncidentLabel.Migration);
    }

    [Fact]
    public void A_network_that_went_for_good_is_not_back_with_another_origin_of_one_prefix()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("02:00:00");
        var report = archive.AnnounceBy("03:00:00", FivePeers.Russia, "9318").Withdraw("03:00:00", FivePeers.Four[1..]).Until("09:00:00").Report();
        Assert.Equal("From 1 October 2017, 02:00:00 UTC on, to the end of the period, no route to any of the 4 prefixes is seen, but for those of "
            + "another origin.", First(report));
        string said = FivePeers.Said(report);
        Assert.DoesNotContain("still carries", said, StringComparison.Ordinal);
        Assert.DoesNotContain("lost 1 of 4", said, StringComparison.Ordinal);
    }

    [Fact]
    public void No_route_is_seen_from_the_last_loss_on_and_not_from_the_middle_one()
    {
        var archive = new Observed(12, TimeSpan.FromHours(6)).FromTheStart(4837, _four);
        for (int peer = 0; peer < 12; peer++)
            foreach (string prefix in _four)
            {
                archive.Hold(peer, prefix, null, Observed.At("02:00:00") + TimeSpan.FromSeconds(2 * peer));
                archive.Hold(peer, prefix, 4837, Observed.At("04:00:00") + TimeSpan.FromSeconds(2 * peer));
            }
        Assert.StartsWith("From 02:00:22 to 04:00:00 on 1 October 2017 UTC, no route to any of the 4 prefixes is seen", First(archive.Report()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_after_a_change_is_what_it_settles_at_when_all_prefixes_have_moved()
    {
        // Six of twelve peers move, each prefix three seconds after the one before.
        var archive = new Observed(12, TimeSpan.FromHours(6)).FromTheStart(4837, _four);
        for (int peer = 0; peer < 6; peer++)
            foreach (var (place, prefix) in _four.Index())
                archive.Hold(peer, prefix, 20485, Observed.At("02:00:00") + TimeSpan.FromSeconds(peer + 3 * place));
        var report = archive.Report();
        var change = Assert.Single(report.Transit.Changes);
        Assert.Equal((0.0, 0.5), (change.ShareBefore!.Value, Math.Round(change.ShareAfter!.Value, 6)));
        Assert.Equal(IncidentLabel.LoadSplit, Assert.Single(report.Transit.Incidents).Label);
    }

    [Fact]
    public void What_partial_feeds_use_is_none_of_all_routes_by_another()
    {
        var archive = new Observed(18, TimeSpan.FromHours(6));
        for (int peer = 0; peer < 6; peer++)
            foreach (string prefix in _four) archive.Hold(peer, prefix, 4837, Observed.Start);
        for (int peer = 6; peer < 18; peer++) archive.Partial(peer).Hold(peer, _four[0], 1299, Observed.Start, via: "3356");
        var story = new Story(archive.Report());
        Assert.Equal($"Routes to {Subject} go by CHINA UNICOM China169 Backbone; 12 peer ASes without a vote use Arelion Sweden", story.Headline.Text);
        Assert.Contains("12 peer ASes without a vote use Arelion Sweden", story.Lead[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_first_table_nothing_began()
    {
        var archive = new FivePeers().Announce("00:00:00", FivePeers.China).Dump("04:00:00", FivePeers.Russia)
            .Announce("06:00:00", FivePeers.China).Until("09:00:00");
        var report = archive.Report();
        var story = new Story(report);
        Assert.Equal("What was held before 1 October 2017, 04:00:00 UTC is not known.", story.Lead[0].Text);
        Assert.StartsWith($"{Unicom} came to carry all 4 prefixes of {Subject} on 1 October 2017 at 06:00:00 UTC", story.Lead[1].Text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("began to carry", FivePeers.Said(report), StringComparison.Ordinal);
        Assert.False(report.Coverage.Complete);
        Assert.Contains("no table of 1 collector before 1 October 2017, 04:00:00", CoverageWords.Verdict(report.Coverage), StringComparison.Ordinal);
        using var output = new MemoryStream();
        ReportJson.Write(report, output);
        using var json = JsonDocument.Parse(output.ToArray());
        Assert.Equal("2017-10-01T04:00:00Z", json.RootElement.GetProperty("coverage").GetProperty("lateTables")[0].GetProperty("since").GetString());
    }

    [Fact]
    public void A_table_some_minutes_after_the_first_message_leaves_nothing_unsaid()
    {
        var report = new FivePeers().Announce("00:00:00", FivePeers.China).Dump("00:05:00", FivePeers.China)
            .Announce("06:00:00", FivePeers.Russia).Until("09:00:00").Report();
        Assert.StartsWith($"{Ttk} began to carry routes to {Subject} on 1 October 2017 at 06:00:00 UTC", First(report), StringComparison.Ordinal);
        Assert.True(report.Coverage.Complete);
    }

    [Fact]
    public void A_carrier_that_came_in_the_place_of_another_is_not_beside_it()
    {
        // Two carry; one of them is replaced.
        var archive = new Observed(12, TimeSpan.FromHours(6)).FromTheStart(3356, _four[..2]).FromTheStart(1299, _four[2..]);
        for (int peer = 0; peer < 12; peer++)
            foreach (string prefix in _four[2..]) archive.Hold(peer, prefix, 20485, Observed.At("03:00:00") + TimeSpan.FromSeconds(peer));
        string first = First(archive.Report());
        Assert.StartsWith($"{Ttk} began to carry routes to {Subject} on 1 October 2017 at 03:00:00 UTC", first, StringComparison.Ordinal);
        Assert.EndsWith(", for 2 of 4 prefixes, beside Level 3 Communications (AS3356, United States).", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_share_that_moved_back_later_the_lead_says_what_it_is_at_the_end()
    {
        var archive = new Observed(20, TimeSpan.FromHours(24));
        for (int peer = 0; peer < 20; peer++) archive.Hold(peer, _four[0], peer < 4 ? 20485 : 4837, Observed.Start);
        for (int peer = 4; peer < 14; peer++) archive.Hold(peer, _four[0], 20485, Observed.At("10:00:00"));
        for (int peer = 4; peer < 8; peer++) archive.Hold(peer, _four[0], 4837, Observed.At("15:00:00"));
        string first = First(archive.Report());
        Assert.EndsWith("; at the end it is 50%.", first, StringComparison.Ordinal);
    }

    [Fact]
    public void What_happened_stands_in_order_of_time()
    {
        // AS20485 comes at 06:00; one prefix is lost before, at 02:00, for an hour.
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("02:00:00", FivePeers.Four[..1])
            .Announce("03:00:00", FivePeers.China, FivePeers.Four[..1]).Announce("06:00:00", FivePeers.Russia, FivePeers.Four[2..]);
        var course = new Story(archive.Until("09:00:00").Report()).Course;
        Assert.Contains("02:00:00", course[0].Text, StringComparison.Ordinal);
        Assert.All(course.Skip(1), sentence => Assert.Contains("06:00:00", sentence.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_carrier_that_one_of_few_keeps_lost_most_of_its_routes_and_did_not_go()
    {
        var archive = new Observed(8, TimeSpan.FromHours(6)).FromTheStart(4837, _four);
        for (int peer = 0; peer < 7; peer++)
            foreach (string prefix in _four) archive.Hold(peer, prefix, 20485, Observed.At("03:00:00") + TimeSpan.FromSeconds(peer));
        string said = FivePeers.Said(archive.Report());
        Assert.DoesNotContain($"{Unicom} vanished", said, StringComparison.Ordinal);
        Assert.DoesNotContain("AS4837 went", said, StringComparison.Ordinal);
        Assert.Contains($"{Unicom} lost most of its routes on 1 October 2017", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Carriers_that_exchange_prefixes_twice_never_carry_all()
    {
        // Two prefixes each; at 02:00 they swap them, at 05:00 they swap them back.
        var archive = new Observed(12, TimeSpan.FromHours(9)).FromTheStart(4837, _four[..2]).FromTheStart(20485, _four[2..]);
        for (int peer = 0; peer < 12; peer++)
            foreach (var (place, prefix) in _four.Index())
            {
                archive.Hold(peer, prefix, place < 2 ? 20485 : 4837, Observed.At("02:00:00") + TimeSpan.FromSeconds(peer));
                archive.Hold(peer, prefix, place < 2 ? 4837 : 20485, Observed.At("05:00:00") + TimeSpan.FromSeconds(peer));
            }
        string first = First(archive.Report());
        Assert.DoesNotContain("all 4 prefixes", first, StringComparison.Ordinal);
        Assert.Contains("came to carry 2 of 4 prefixes", first, StringComparison.Ordinal);
    }

    [Fact]
    public void A_carrier_that_went_and_came_back_is_told_with_both()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("01:00:00", FivePeers.Russia)
            .Announce("03:00:00", FivePeers.China).Announce("05:00:00", FivePeers.Russia).Until("09:00:00");
        Assert.EndsWith("; TransTeleCom was gone from 03:00:00 to 05:00:00.", First(archive.Report()), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_carried_until_then_is_said_of_the_prefixes_of_both_families()
    {
        // IPv4 by AS4837, IPv6 by AS20485, and from 03:00 on by AS4134.
        string[] sixth = ["2001:db8:1::/48", "2a02:1::/32"];
        var archive = new Observed(24, TimeSpan.FromHours(6)).OnlyIpv6([.. Enumerable.Range(12, 12)]);
        for (int peer = 0; peer < 12; peer++)
            foreach (string prefix in _four) archive.Hold(peer, prefix, 4837, Observed.Start);
        for (int peer = 12; peer < 24; peer++)
            foreach (string prefix in sixth[1..])
                archive.Hold(peer, prefix, 20485, Observed.Start).Hold(peer, prefix, 4134, Observed.At("03:00:00") + TimeSpan.FromSeconds(peer));
        string first = First(archive.Report());
        Assert.Contains("began to carry routes", first, StringComparison.Ordinal);
        Assert.DoesNotContain("carried them all", first, StringComparison.Ordinal);
        Assert.Contains("beside CHINA UNICOM", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_of_another_origin_are_named_where_none_of_the_subject_is_seen()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Withdraw("02:00:00").AnnounceBy("03:00:00", FivePeers.China, "9318")
            .AnnounceBy("04:00:00", FivePeers.China, "131279").Until("09:00:00");
        string said = FivePeers.Said(archive.Report());
        Assert.DoesNotMatch(@"to 04:00:00 on 1 October 2017 UTC, no route to any of the 4 prefixes is seen[.;]", said);
    }

    [Fact]
    public void Prefixes_that_move_one_after_another_take_as_long_as_all_of_them()
    {
        // Of forty prefixes one moves every ten minutes, at all peers, from 02:00 to 08:30.
        var archive = new Observed(12, TimeSpan.FromHours(12));
        for (int place = 0; place < 40; place++)
            for (int peer = 0; peer < 12; peer++)
                archive.Hold(peer, $"175.45.{place}.0/24", 4837, Observed.Start)
                    .Hold(peer, $"175.45.{place}.0/24", 20485, Observed.At("02:00:00") + TimeSpan.FromSeconds(600 * place + peer));
        var shift = Assert.Single(archive.Report().Transit.Changes, change =>
            change is { Kind: Isthmus.Transit.Changes.ChangeKind.ShareShifted, Upstream.Number: 20485 });
        Assert.InRange(shift.Last - shift.Time, TimeSpan.FromHours(6), TimeSpan.FromHours(7));
    }

    [Fact]
    public void Who_keeps_a_route_that_all_others_lost_is_named_behind_it()
    {
        var archive = new Observed(12, TimeSpan.FromHours(9)).FromTheStart(4837, _four);
        for (int peer = 1; peer < 12; peer++)
            foreach (string prefix in _four)
                archive.Hold(peer, prefix, null, Observed.At("02:00:00") + TimeSpan.FromSeconds(peer))
                    .Hold(peer, prefix, 4837, Observed.At("04:00:00") + TimeSpan.FromSeconds(peer));
        string first = First(archive.Report());
        Assert.Contains("no route to any of the 4 prefixes is seen but by AS1001, which has no vote", first, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_at_the_end_of_a_period_is_not_of_it()
    {
        var archive = new FivePeers().Dump("00:00:00", FivePeers.China).Until("04:59:00").Announce("05:00:00", FivePeers.Russia).Until("09:00:00");
        Assert.Contains("go by CHINA UNICOM", new Story(archive.Report(to: "05:00:00")).Headline.Text, StringComparison.Ordinal);
        Assert.Contains("go by TransTeleCom", new Story(archive.Report(to: "05:00:01")).Headline.Text, StringComparison.Ordinal);
        Assert.Contains("go by TransTeleCom", new Story(archive.Report("05:00:00", "05:00:00")).Headline.Text, StringComparison.Ordinal);
    }

    // The first sentence without the local time beside the first time.
    private static string First(Report report) =>
        Regex.Replace(new Story(report).Lead[0].Text, @" \([\d:]+ in Pyongyang\)", "", RegexOptions.None, TimeSpan.FromSeconds(1));
}
