using Isthmus.Scenarios;

namespace Isthmus.Tests.Transit.Traps;

/// <summary>A collector in trouble is a problem of the observers and none of the subject.</summary>
public sealed class CollectorTrapTests
{
    [Fact]
    public void A_collector_that_stops_is_no_change_of_the_subject() => Trapped.Alone(TrapKind.CollectorStops);

    [Fact]
    public void A_collector_that_stops_hides_no_change() =>
        Trapped.Beside(TrapKind.CollectorStops, ActKind.UpstreamMore, ActKind.Outage);

    [Fact]
    public void Missing_files_are_no_change_of_the_subject() => Trapped.Alone(TrapKind.FilesMissing);

    [Fact]
    public void Missing_files_hide_no_change() => Trapped.Beside(TrapKind.FilesMissing, ActKind.Migration, ActKind.PartialOutage);

    [Fact]
    public void A_collector_that_resets_is_no_outage() => Trapped.Alone(TrapKind.CollectorResets);

    [Fact]
    public void A_collector_that_resets_hides_no_change() =>
        Trapped.Beside(TrapKind.CollectorResets, ActKind.UpstreamMore, ActKind.Outage);

    [Fact]
    public void A_wrong_clock_is_no_change_of_the_subject() => Trapped.Alone(TrapKind.WrongClock);

    [Fact]
    public void A_wrong_clock_hides_no_change_and_dates_none() =>
        Trapped.Beside(TrapKind.WrongClock, ActKind.UpstreamMore, ActKind.Outage, ActKind.NewPrefix);

    [Fact]
    public void A_dump_of_an_old_table_brings_no_upstream_back() => Trapped.Alone(TrapKind.StaleDump);

    [Fact]
    public void A_dump_of_an_old_table_hides_no_change() =>
        Trapped.Beside(TrapKind.StaleDump, ActKind.UpstreamMore, ActKind.LostPrefix, ActKind.NewPrefix);

    [Fact]
    public void A_dump_that_leaves_the_subject_out_is_no_outage() => Trapped.Alone(TrapKind.LackingDump);

    [Fact]
    public void A_dump_that_leaves_the_subject_out_hides_no_change() =>
        Trapped.Beside(TrapKind.LackingDump, ActKind.UpstreamMore, ActKind.Outage);

    [Fact]
    public void Files_that_end_too_early_are_no_change_of_the_subject() => Trapped.Alone(TrapKind.CutFiles);

    [Fact]
    public void Files_that_end_too_early_hide_no_change() => Trapped.Beside(TrapKind.CutFiles, ActKind.UpstreamMore, ActKind.Outage);

    [Fact]
    public void Wrong_bits_are_no_change_of_the_subject() => Trapped.Alone(TrapKind.FlippedBits);

    [Fact]
    public void Wrong_bits_hide_no_change() => Trapped.Beside(TrapKind.FlippedBits, ActKind.Migration, ActKind.Outage);
}
