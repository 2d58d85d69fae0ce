using Isthmus.Claims;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests;

/// <summary>What dumps prove, and what they do not: damaged records, two dumps alone, a dump inside a gap, an index table alone.</summary>
public sealed class DumpTests
{
    private static readonly Prefix _first = FivePeers.Four[0];

    [Fact]
    public void A_damaged_record_between_two_sound_dumps_is_no_outage()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Dump("08:00:00", FivePeers.China, damaged: _first)
            .Dump("16:00:00", FivePeers.China).Report();
        Assert.Empty(report.Transit.Changes);
        Assert.Equal(4, report.Transit.Prefixes.Count);
        // What is not known is in no denominator.
        Assert.All(report.Transit.Series, point => Assert.Equal(1, point.Visibility!.Value, 9));
        Assert.False(report.Coverage.Complete);
        Assert.Contains("data are missing or damaged", FivePeers.Said(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_record_says_nothing_against_what_updates_told()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Until("01:00:00").Dump("01:30:00", FivePeers.China, damaged: _first)
            .Until("02:00:00").Report();
        Assert.Empty(report.Transit.Changes);
        Assert.Equal(FivePeers.Four, report.Transit.Prefixes.Select(prefix => prefix.Prefix));
        Assert.All(report.Transit.Prefixes, prefix => Assert.Equal(1, prefix.Visibility, 9));
    }

    // RFC 7606 section 7.2: a segment of a type that there is not; section 7.1: an ORIGIN that is none; RFC 7607: AS 0 in the path.
    [Theory]
    [InlineData("40010100 4002060901 00000D05 400304C0000201")]
    [InlineData("40010109 4002060201 00000D05 400304C0000201")]
    [InlineData("40010100 4002060201 00000000 400304C0000201")]
    public void An_entry_that_is_treated_as_withdrawn_is_no_route_and_no_absence(string attributes)
    {
        byte[] block = Convert.FromHexString(attributes.Replace(" ", "", StringComparison.Ordinal));
        var story = new FivePeers().Dump("00:00:00", FivePeers.China).Dump("08:00:00", FivePeers.China, FivePeers.Four[1..]);
        var body = new ByteWriter().U32(99).U8(24).U8(175).U8(45).U8(176).U16(5);
        for (int peer = 0; peer < 5; peer++) body.U16(peer).U32(0).U16(block.Length).Bytes(block);
        story.File.Record(FivePeers.At("08:00:00"), 13, 2, body.Written);
        var report = story.Report();
        Assert.Empty(report.Transit.Changes);
        Assert.Equal([_first], report.Transit.Families[0].UnknownPrefixes);
        Assert.False(report.Coverage.Complete);
    }

    [Fact]
    public void A_prefix_of_which_nothing_is_known_at_the_end_is_named()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Dump("08:00:00", FivePeers.China, damaged: _first).Report();
        Assert.Equal(3, report.Transit.Prefixes.Count);
        Assert.Equal([_first], report.Transit.Families[0].UnknownPrefixes);
        Assert.Empty(report.Transit.Changes);
        Assert.Contains(new Story(report).Lead, sentence => sentence.Text.StartsWith(
            "Of 175.45.176.0/24, held before, nothing is known at the end", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_the_prefix_cannot_be_read_nothing_that_the_dump_lacks_is_absent()
    {
        var three = FivePeers.Four[1..];
        var story = new FivePeers().Dump("00:00:00", FivePeers.China).Dump("08:00:00", FivePeers.China, three);
        // A length of 77 bits is none of IPv4.
        story.File.Record(FivePeers.At("08:00:00"), 13, 2, [0, 0, 0, 99, 77, 175, 45, 176, 0, 5, 1, 2, 3]);
        var report = story.Report();
        Assert.Empty(report.Transit.Changes);
        Assert.Equal([_first], report.Transit.Families[0].UnknownPrefixes);
        // The same dump without the damage proves that it is gone.
        Assert.Empty(new FivePeers().Dump("00:00:00", FivePeers.China).Dump("08:00:00", FivePeers.China, three).Report()
            .Transit.Families[0].UnknownPrefixes);
    }

    [Fact]
    public void A_prefix_that_the_lost_record_may_have_held_is_not_new_when_an_update_names_it()
    {
        var story = new FivePeers().Dump("00:00:00", FivePeers.China, FivePeers.Four[1..]);
        story.File.Record(FivePeers.At("00:00:00"), 13, 2, [0, 0, 0, 99, 77, 175, 45, 176, 0, 5, 1, 2, 3]);
        Assert.Empty(FivePeers.Changes(story.Announce("00:45:00", FivePeers.China, [_first]).Until("02:00:00").Report()));
        // And the same where the record names it.
        Assert.Empty(FivePeers.Changes(new FivePeers().Dump("00:00:00", FivePeers.China, damaged: _first)
            .Announce("00:45:00", FivePeers.China, [_first]).Until("02:00:00").Report()));
        // Without damage it is.
        Assert.Equal(["PrefixAppeared  00:45:00 1"], FivePeers.Changes(new FivePeers().Dump("00:00:00", FivePeers.China, FivePeers.Four[1..])
            .Announce("00:45:00", FivePeers.China, [_first]).Until("02:00:00").Report()));
    }

    [Fact]
    public void Two_dumps_that_differ_date_a_change_between_them_and_to_no_second()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Dump("08:00:00", FivePeers.Russia).Report();
        Assert.All(report.Transit.Changes, change => Assert.Equal(FivePeers.At("00:00:00"), change.Earliest));
        Assert.Contains(report.Transit.Changes, change => change.Kind is ChangeKind.UpstreamAppeared && change.Upstream == new Asn(20485));
        string said = FivePeers.Said(report);
        Assert.Contains("between 00:00:00 and 08:00:00 on 1 October 2017 UTC", said, StringComparison.Ordinal);
        Assert.DoesNotContain("at 08:00:00", said, StringComparison.Ordinal);
        Assert.DoesNotContain("No change", said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_dumps_alone_show_is_told_by_when_it_had_come()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Dump("08:00:00", FivePeers.Russia)
            .Dump("16:00:00", FivePeers.Russia).Report();
        Assert.Equal(["UpstreamAppeared AS20485 08:00:00 4", "UpstreamVanished AS4837 08:00:00 4"], FivePeers.Changes(report));
        string text = Written(report);
        Assert.Contains("by 2017-10-01 08:00:00", text, StringComparison.Ordinal);
        Assert.Contains("by dumps alone: after the one", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_outage_that_dumps_show_begins_and_ends_between_them()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Dump("08:00:00", FivePeers.China, [])
            .Dump("16:00:00", FivePeers.China).Dump("23:00:00", FivePeers.China).Report();
        var outage = Assert.Single(report.Transit.Changes);
        Assert.Equal((FivePeers.At("00:00:00"), FivePeers.At("08:00:00"), FivePeers.At("08:00:00"), FivePeers.At("16:00:00")),
            (outage.Earliest, outage.Time, outage.UntilEarliest, outage.Until));
        Assert.Contains("a time between 00:00:00 and 08:00:00 on 1 October 2017 to a time between 08:00:00 and 16:00:00 on 1 October 2017",
            FivePeers.Said(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Updates_date_a_change_to_the_second_whatever_dumps_show_later()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("03:12:00", FivePeers.Russia)
            .Dump("08:00:00", FivePeers.Russia).Until("09:00:00").Report();
        Assert.All(report.Transit.Changes, change => Assert.Null(change.Earliest));
        Assert.Contains("UpstreamAppeared AS20485 03:12:00 4", FivePeers.Changes(report));
    }

    [Theory]
    [InlineData("TransTeleCom began to carry routes to AS131279 at 08:00 UTC on 1 October 2017.", Mark.NotDecidable)]
    [InlineData("TransTeleCom began to carry routes to AS131279 at 03:00 UTC on 1 October 2017.", Mark.NotDecidable)]
    [InlineData("TransTeleCom began to carry routes to AS131279 on 1 October 2017.", Mark.Confirmed)]
    [InlineData("TransTeleCom began to carry routes to AS131279 at 10:00 UTC on 1 October 2017.", Mark.NotDecidable)]
    public void A_statement_with_a_time_between_two_dumps_is_not_decidable(string statement, Mark mark)
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Dump("08:00:00", FivePeers.Russia)
            .Dump("16:00:00", FivePeers.Russia).Report();
        Assert.Equal(mark, Assert.Single(new ClaimCheck(RegistrySnapshot.Shipped).Run(statement, report).Claims).Mark);
    }

    [Fact]
    public void A_dump_inside_a_gap_of_updates_proves_its_second_and_not_the_rest()
    {
        // Files of every five minutes, of which those from 00:10 to 01:00 are missing; a dump at 00:30.
        var story = new FivePeers().In("rrc00/bview.20171001.0000").Dump("00:00:00", FivePeers.China);
        foreach (string time in (string[])["0000", "0005", "0100", "0105", "0110"])
            story.In($"rrc00/updates.20171001.{time}").Until($"{time[..2]}:{time[2..]}:30");
        var report = story.In("rrc00/bview.20171001.0030").Dump("00:30:00", FivePeers.China).Report();
        var gap = Assert.Single(report.Coverage.Gaps);
        Assert.Equal((FivePeers.At("00:10:00"), FivePeers.At("01:00:00")), (gap.From, gap.To));
        Assert.All(report.Observations.Histories, history =>
        {
            Assert.True(history.PathAt(FivePeers.At("00:30:00")) >= 0);
            Assert.Equal(Isthmus.Routes.RouteStep.Unknown, history.PathAt(FivePeers.At("00:20:00")));
            Assert.Equal(Isthmus.Routes.RouteStep.Unknown, history.PathAt(FivePeers.At("00:45:00")));
        });
        Assert.All(report.Transit.Series.Where(point => point.Time >= FivePeers.At("00:35:00") && point.Time < FivePeers.At("00:55:00")),
            point => Assert.Null(point.Visibility));
    }

    [Fact]
    public void An_index_table_alone_tells_its_time_its_collector_and_its_peers()
    {
        var report = new FivePeers().IndexTable("00:00:00").Report();
        Assert.Equal((FivePeers.At("00:00:00"), FivePeers.At("00:00:00")), (report.From, report.To));
        Assert.Equal((1, 5, 5), (report.Coverage.Collectors.Count, report.Coverage.Peers, report.Coverage.PeerAses));
        Assert.False(report.Coverage.Complete);
        Assert.StartsWith("Nothing is known", new Story(report).Headline.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_ends_by_its_notification_and_begins_by_its_open_as_by_its_states() // RFC 4271 section 6
    {
        FivePeers Story() => new FivePeers().Dump("00:00:00", FivePeers.China).Until("00:59:00");
        var byMessages = Story().Messages("01:00:00", _ => MessageWriter.Notification(6, 4))
            .Messages("01:00:01", asn => MessageWriter.Open(asn, "192.0.2.9")).Until("01:30:00").Report();
        var byStates = Story().States("01:00:00", SessionState.Established, SessionState.Idle)
            .States("01:00:01", SessionState.OpenConfirm, SessionState.Established).Until("01:30:00").Report();
        foreach (var report in (Report[])[byMessages, byStates])
        {
            Assert.Equal([1, 1, 1, 1, 1], report.Transit.VantagePoints.Select(point => point.Resets));
            Assert.Empty(FivePeers.Changes(report));
            Assert.Contains("at the end routes that were seen are gone (sessions were lost in between)", FivePeers.Said(report), StringComparison.Ordinal);
            Assert.All(report.Observations.Histories, history => Assert.Equal(
                (Isthmus.Routes.RouteStep.Unknown, Isthmus.Routes.RouteStep.NoRoute),
                (history.PathAt(FivePeers.At("01:05:00")), history.PathAt(FivePeers.At("01:05:02")))));
        }
    }

    private static string Written(Report report)
    {
        var writer = new StringWriter { NewLine = "\n" };
        ReportText.Write(report, writer);
        return writer.ToString();
    }
}
