using System.Text.Json;

using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests;

/// <summary>Messages out of the order of time: put in order within a bounded window, and told where they come too late for that.</summary>
public sealed class LateDataTests
{
    [Fact]
    public void Messages_of_a_file_that_are_out_of_order_give_the_same_as_in_order()
    {
        FivePeers Story() => new FivePeers().Dump("00:00:00", FivePeers.China);
        var ordered = Story().Announce("00:45:00", FivePeers.Russia).Announce("01:15:00", FivePeers.China).Until("02:00:00").Report();
        var mixed = Story().Announce("01:15:00", FivePeers.China).Announce("00:45:00", FivePeers.Russia).Until("02:00:00").Report();
        Assert.NotEmpty(FivePeers.Changes(ordered));
        Assert.Equal(FivePeers.Changes(ordered), FivePeers.Changes(mixed));
        Assert.Empty(mixed.Coverage.Late);
    }

    [Fact]
    public void What_comes_more_than_an_hour_behind_the_data_changes_nothing_and_is_told()
    {
        // A file of nine o'clock that holds what was sent at two.
        var report = new FivePeers().In("rrc00/bview.20171001.0000").Dump("00:00:00", FivePeers.China)
            .In("rrc00/updates.20171001.0855").Until("08:58:00")
            .In("rrc00/updates.20171001.0900").Announce("02:00:00", FivePeers.Russia).Until("09:03:00").Report();
        Assert.DoesNotContain(report.Transit.Changes, change => change.Upstream == new Asn(20485));
        var late = Assert.Single(report.Coverage.Late);
        Assert.EndsWith("rrc00/updates.20171001.0900", late.Key, StringComparison.Ordinal);
        Assert.Equal(20, late.Value);
        Assert.False(report.Coverage.Complete);
        Assert.Contains($"{late.Key}: 20 events came too late to be put in order and count for nothing",
            CoverageWords.Missing(report.Coverage));
        Assert.Contains("20 events too late to be put in order", CoverageWords.Verdict(report.Coverage), StringComparison.Ordinal);
        using var stream = new MemoryStream();
        ReportJson.Write(report, stream);
        var told = JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("coverage").GetProperty("late")[0];
        Assert.Equal((late.Key, 20), (told.GetProperty("file").GetString(), told.GetProperty("events").GetInt32()));
    }

    [Fact]
    public void What_a_peer_said_of_a_prefix_before_what_it_said_last_is_passed_over_and_counted()
    {
        var source = new Source("updates.gz", new("rrc00", Project.Ris));
        var state = new RoutingState(_ => true, new SpanMemory().Take);
        int peer = state.PeerOf(new(source.Collector, IpAddress.V4(1), new(3333)));
        Say(1000, "3333 4837");
        Say(990, "3333 20485");
        state.PeerState(peer, 1, At(1010), default);
        Say(1005, "3333 20485");
        Assert.Equal(RouteStep.Unknown, state.PathOf(peer, FivePeers.Four[0]));
        Assert.Equal(2, Assert.Single(state.Late).Value);

        void Say(int second, string path) => state.Update(new(peer, FivePeers.Four[0], ParsedPath.Of(path), true, At(second),
            Cause.Announcement, new(source, 1, 0, 100), 0));
    }

    [Fact]
    public void Messages_are_put_in_order_and_those_of_one_instant_and_a_dump_stay_as_they_are()
    {
        using var batch = new RouteBatch();
        foreach (var (time, kind, id) in new (int, RowKind, uint)[]
        {
            (5, RowKind.RibEntry, 1), (4, RowKind.RibEntry, 2), (9, RowKind.Announcement, 3), (7, RowKind.Withdrawal, 4),
            (9, RowKind.PeerState, 5), (7, RowKind.Announcement, 6), (8, RowKind.LostRoutes, 7), (1, RowKind.Withdrawal, 8),
        })
        {
            batch.Add(new RecordPlace(id, 0, 0));
            batch.Add(new RouteRow(At(time), FivePeers.Four[0], 0, -1, 0, id, kind, 0));
        }
        batch.Order();
        Assert.Equal([1u, 2, 4, 6, 3, 5, 7, 8], batch.Rows.ToArray().Select(row => row.PathId));
    }

    private static Timestamp At(int second) => Timestamp.FromSeconds(second);
}
