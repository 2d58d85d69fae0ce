using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Tests.Routes;

public sealed class ArchivePlanTests
{
    private static readonly Collector _rrc00 = new("rrc00", Project.Ris);
    private static readonly Collector _sg = new("route-views.sg", Project.RouteViews);

    [Fact]
    public void A_rib_comes_before_the_updates_of_its_second()
    {
        var rib = new PlannedFile(2, _rrc00, true, Minute(0), true);
        var order = ArchivePlan.Order([Updates(0, _rrc00, 5), Updates(1, _rrc00, 0), rib, Updates(3, _sg, 0)]);
        Assert.Equal([2, 3, 1, 0], order.Select(file => file.Index));
    }

    [Fact]
    public void A_missing_file_is_a_gap_by_the_archives_own_rhythm()
    {
        var gap = Assert.Single(ArchivePlan.Gaps(Every(0, 5, 10, 20, 25), Minute(30)));
        Assert.Equal((_rrc00, Minute(15), Minute(20)), (gap.Collector, gap.From, gap.To));
    }

    [Fact]
    public void A_collector_that_stops_early_leaves_a_gap_to_the_end()
    {
        var gap = Assert.Single(ArchivePlan.Gaps(Every(0, 5, 10), Minute(60)));
        Assert.Equal((Minute(15), Minute(60)), (gap.From, gap.To));
    }

    [Fact]
    public void Updates_that_begin_long_after_the_dump_leave_a_gap_between()
    {
        PlannedFile Rib(int minute) => new(9, _rrc00, true, Minute(minute), true);
        var gap = Assert.Single(ArchivePlan.Gaps(Every(30, 35, 40).Append(Rib(0)), Minute(45)));
        Assert.Equal((_rrc00, Minute(0), Minute(30), GapCause.NoUpdatesFile), (gap.Collector, gap.From, gap.To, gap.Why));
        Assert.Empty(ArchivePlan.Gaps(Every(0, 5, 10).Append(Rib(0)), Minute(15)));
        Assert.Empty(ArchivePlan.Gaps(Every(0, 5, 10).Append(Rib(7)), Minute(15)));
    }

    [Fact]
    public void Two_rhythms_side_by_side_are_judged_apart()
    {
        var files = Every(0, 5, 10, 15, 20, 25).Concat([Updates(10, _sg, 0), Updates(11, _sg, 15)]);
        Assert.Empty(ArchivePlan.Gaps(files, Minute(30)));
    }

    [Fact]
    public void Ribs_and_files_whose_name_tells_no_time_leave_no_gap() =>
        Assert.Empty(ArchivePlan.Gaps([new(0, _rrc00, true, Minute(0), true), new(1, _rrc00, false, Minute(90), false)], Minute(600)));

    [Fact]
    public void An_archive_ends_where_the_last_file_of_its_rhythm_does() =>
        Assert.Equal(Minute(45), ArchivePlan.End(Every(0, 5, 10).Concat([Updates(10, _sg, 15), Updates(11, _sg, 30)])));

    [Fact]
    public void Input_that_begins_late_or_ends_early_leaves_a_gap_at_the_edge()
    {
        PlannedFile[] ribs = [new(0, _rrc00, true, Minute(120), true)];
        var gaps = ArchivePlan.Edges(ribs, (Minute(0), Minute(240)), Minute(121), TimeSpan.FromHours(1));
        Assert.Equal([(Minute(0), Minute(120)), (Minute(121), Minute(240))], gaps.Select(gap => (gap.From, gap.To)));
        Assert.Empty(ArchivePlan.Edges(ribs, (Minute(90), Minute(150)), Minute(121), TimeSpan.FromHours(1)));
    }

    private static IEnumerable<PlannedFile> Every(params int[] minutes) => minutes.Select((minute, i) => Updates(i, _rrc00, minute));

    private static PlannedFile Updates(int index, Collector collector, int minute) => new(index, collector, false, Minute(minute), true);

    private static Timestamp Minute(int minute) => Timestamp.FromSeconds(1_506_816_000 + minute * 60);
}
