using Isthmus.Reports;
using Isthmus.Scenarios;
using Isthmus.Tests.Support;

namespace Isthmus.Tests;

/// <summary>What makes an answer incomplete, and what it says where it knows too little.</summary>
public sealed class CoverageTests
{
    private static readonly MrtSession _session = new("192.0.2.1", 3333);

    [Fact]
    public void As_0_in_an_aggregator_loses_no_route_and_makes_nothing_incomplete() // RFC 7607 section 2: the attribute is discarded
    {
        var story = new FivePeers().Dump("00:00:00", FivePeers.China).Until("00:30:00");
        story.File.Update(FivePeers.At("00:40:00"), _session,
            PathAttributes.Route("3333 174 4837 131279", "192.0.2.1").Aggregator(0, "192.0.2.7"), announce: [new(FivePeers.Four[0])]);
        var report = story.Until("01:00:00").Report();
        Assert.True(report.Coverage.Complete);
        Assert.Equal((1, 0), (report.Coverage.DiscardedAttributes, CoverageWords.Faults(report.Coverage)));
        Assert.Contains(CoverageWords.Read(report), line => line.Contains("left out; the routes stand", StringComparison.Ordinal));
        Assert.All(report.Transit.Prefixes, prefix => Assert.Equal(1, prefix.Visibility, 9));
    }

    [Theory]
    [InlineData("3333 0 4837 131279")]
    [InlineData("3333 174 4837 0")]
    public void As_0_in_a_path_is_a_route_lost_and_makes_the_answer_incomplete(string path) // the same: treated as withdrawn
    {
        var story = new FivePeers().Dump("00:00:00", FivePeers.China).Until("00:30:00");
        story.File.Update(FivePeers.At("00:40:00"), _session, PathAttributes.Route(path, "192.0.2.1"), announce: [new(FivePeers.Four[0])]);
        var report = story.Until("01:00:00").Report();
        Assert.False(report.Coverage.Complete);
        Assert.Equal(1, CoverageWords.Faults(report.Coverage));
        Assert.Equal(0.8, report.Transit.Prefixes[0].Visibility, 9);
    }

    [Theory]
    [InlineData("rib/routeviews.jinx.rib.20140530.2200.bz2", "IR", 0)]
    [InlineData("rib/ris.rrc05.bview.20020722.2337.gz", "AS3333", 0)]
    public void A_sound_archive_with_as_0_in_an_aggregator_is_complete(string name, string subject, int code) =>
        Assert.Equal(code, Cli.Run("report", subject, RealData.Path(name)).ExitCode);

    [Fact]
    public void A_period_that_lies_after_the_data_is_answered_by_nothing_and_code_3()
    {
        using var folder = new TemporaryFolder();
        string archive = folder.Write("updates.mrt", new FivePeers().Dump("00:00:00", FivePeers.China).Until("01:00:00").File.ToArray());
        var run = Cli.Run("report", "AS131279", archive, "--from", "2030-01-01");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("Nothing is known of the routes to", run.Out, StringComparison.Ordinal);
        Assert.Contains("There are no data in this period: the input covers 1 October 2017, 00:00:00, to", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("carries", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_carrier_that_came_five_minutes_before_the_end_is_named_and_called_no_change()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Announce("01:00:00", FivePeers.Russia, [FivePeers.Four[0]])
            .Until("01:04:50").Report();
        Assert.Empty(FivePeers.Changes(report));
        Assert.Contains("TransTeleCom (AS20485, Russia) is seen as upstream since 01:00:00: too short to call a change.",
            FivePeers.Said(report), StringComparison.Ordinal);
    }
}
