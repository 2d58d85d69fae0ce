using System.Globalization;

using Isthmus.Routes;
using Isthmus.Tests.Support;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests;

/// <summary>A peer that holds several paths of a prefix at once (ADD-PATH, RFC 7911): all of them count.</summary>
public sealed class SeveralPathsTests
{
    private static readonly Asn _china = new(4837), _russia = new(20485);

    [Fact]
    public void An_upstream_whose_path_stood_beside_the_new_one_goes_when_its_own_path_does()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China, pathId: 1)
            .Announce("00:45:00", FivePeers.Russia, pathId: 2).Withdraw("01:00:00", pathId: 1).Until("02:00:00").Report();
        Assert.Equal(["UpstreamAppeared AS20485 00:45:00 4", "UpstreamVanished AS4837 01:00:00 4"], FivePeers.Changes(report));
        Assert.Equal([0.0, 0.5, 0.5, 0.0],
            report.Transit.Changes.SelectMany(change => new[] { change.ShareBefore!.Value, change.ShareAfter!.Value }));
    }

    [Fact]
    public void A_second_path_that_is_withdrawn_ends_nothing_of_the_first_and_is_told_with_its_own_times()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China, pathId: 1)
            .Announce("00:45:00", FivePeers.Russia, pathId: 2).Withdraw("01:00:00", pathId: 2).Until("02:00:00").Report();
        Assert.Equal(["UpstreamAppeared AS20485 00:45:00 4", "UpstreamVanished AS20485 01:00:00 4"], FivePeers.Changes(report));
        Assert.All(report.Transit.Prefixes, prefix => Assert.Equal((1.0, _china), (prefix.Visibility, prefix.Upstreams[0].Asn)));
        Assert.DoesNotContain("No route", FivePeers.Said(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_uses_two_upstreams_at_once_gives_half_of_its_vote_to_each()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China, pathId: 1)
            .Announce("00:45:00", FivePeers.Russia, pathId: 2).Until("02:00:00").Report();
        Assert.Equal([_china, _russia], report.Transit.Upstreams.Select(upstream => upstream.Asn));
        Assert.All(report.Transit.Upstreams, upstream =>
        {
            var shares = upstream.Shares;
            double[] halves = [shares.Route, shares.PeerAs, shares.Prefix, shares.Address, shares.Hegemony];
            Assert.All(halves, half => Assert.Equal(0.5, half, 10));
            Assert.Equal((1.0, 5), (shares.Coverage, upstream.PeerAses));
        });
        Assert.Equal((4, 20), (report.Transit.Families[0].Prefixes, report.Transit.Families[0].Routes.Routes));
        Assert.All(report.Transit.Series.Where(point => point.Time >= FivePeers.At("01:00:00")),
            point => Assert.Equal([0.5, 0.5], point.Upstreams.Values));
        Assert.Equal("UpstreamAppeared AS20485 00:45:00 4", Assert.Single(FivePeers.Changes(report)));
    }

    [Fact]
    public void Two_paths_by_one_upstream_are_one_use_of_it()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China, pathId: 1).Announce("00:30:00", $"1299 {FivePeers.China}", pathId: 2)
            .Announce("00:45:00", FivePeers.Russia, pathId: 3).Until("02:00:00").Report();
        Assert.All(report.Transit.Upstreams, upstream => Assert.Equal(0.5, upstream.Shares.PeerAs, 10));
    }

    [Fact]
    public void An_outage_begins_when_the_last_path_goes()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China, pathId: 1).Announce("00:15:00", FivePeers.Russia, pathId: 2)
            .Withdraw("00:45:00", pathId: 1).Withdraw("01:30:00", pathId: 2).Until("02:30:00").Report();
        Assert.Contains("Outage  01:30:00 4", FivePeers.Changes(report));
        Assert.DoesNotContain("Outage  00:45:00 4", FivePeers.Changes(report));
    }

    [Fact]
    public void A_dump_with_several_paths_of_a_peer_shows_all_of_them()
    {
        var spans = new SpanMemory();
        var table = new RoutingState(_ => true, spans.Take);
        var peer = new Peer(new("rrc00", Project.Ris), IpAddress.V4(1), new(3333));
        int id = table.PeerOf(peer);
        var rib = RoutingState.BeginRib(peer.Collector, FivePeers.At("00:00:00"));
        var prefix = FivePeers.Four[0];
        foreach (var (pathId, upstream) in new (uint, uint)[] { (1, 4837), (2, 20485), (3, 4837) })
            table.RibEntry(rib, new(id, prefix, Words(upstream), true, FivePeers.At("00:00:00"), Cause.RibEntry, default, pathId));
        table.EndRib(rib, FivePeers.At("00:00:01"), whole: true);
        var seen = spans.At(table, FivePeers.At("00:00:00"), FivePeers.At("01:00:00"), []);
        Assert.Equal("3333 4837 131279 | 3333 20485 131279", Held(seen, "00:30:00"));
    }

    [Fact]
    public void An_update_that_was_read_before_the_end_of_the_dump_leaves_the_paths_that_it_does_not_name()
    {
        var spans = new SpanMemory();
        var table = new RoutingState(_ => true, spans.Take);
        var peer = new Peer(new("rrc00", Project.Ris), IpAddress.V4(1), new(3333));
        int id = table.PeerOf(peer);
        var prefix = FivePeers.Four[0];
        void Update(string time, uint pathId, uint? upstream) =>
            table.Update(new(id, prefix, upstream is { } by ? Words(by) : default, true,
            FivePeers.At(time), upstream is null ? Cause.Withdrawal : Cause.Announcement, default, pathId));
        var rib = RoutingState.BeginRib(peer.Collector, FivePeers.At("00:00:00"));
        foreach (var (pathId, upstream) in new (uint, uint)[] { (1, 4837), (2, 20485) })
            table.RibEntry(rib, new(id, prefix, Words(upstream), true, FivePeers.At("00:00:00"), Cause.RibEntry, default, pathId));
        Update("00:00:10", 3, 9318);
        Update("00:00:20", 2, null);
        table.EndRib(rib, FivePeers.At("00:00:30"), whole: true);
        Update("00:01:00", 3, null);
        var seen = spans.At(table, FivePeers.At("00:00:00"), FivePeers.At("01:00:00"), []);
        Assert.Equal("3333 4837 131279 | 3333 20485 131279", Held(seen, "00:00:05"));
        Assert.Equal("3333 4837 131279 | 3333 20485 131279 | 3333 9318 131279", Held(seen, "00:00:15"));
        Assert.Equal("3333 4837 131279 | 3333 9318 131279", Held(seen, "00:00:25"));
        Assert.Equal("3333 4837 131279", Held(seen, "00:30:00"));
    }

    [Fact]
    public void Of_very_many_identifiers_the_paths_of_the_lowest_are_kept()
    {
        var spans = new SpanMemory();
        var table = new RoutingState(_ => true, spans.Take);
        int id = table.PeerOf(new(new("rrc00", Project.Ris), IpAddress.V4(1), new(3333)));
        for (uint pathId = 5000; pathId > 0; pathId--)
            table.Update(new(id, FivePeers.Four[0], Words(pathId), true, FivePeers.At("00:00:00"), Cause.Announcement, default, pathId));
        var seen = spans.At(table, FivePeers.At("00:00:00"), FivePeers.At("01:00:00"), []);
        Assert.Equal(PathTable.SetMax, Held(seen, "00:30:00").Split(" | ").Length);
    }

    private static uint[] Words(uint upstream) => [PathWords.Header(SegmentType.Sequence, 3), 3333, upstream, 131279];

    private static string Held(Observations seen, string time) =>
        seen.Paths.TextOf(Assert.Single(seen.Histories).PathAt(FivePeers.At(time)));

    [Theory]
    [InlineData(null)]
    [InlineData(FivePeers.Russia)]
    public void What_is_said_of_the_multicast_table_changes_no_unicast_route(string? upstream)
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.China).Multicast("01:00:00", upstream).Until("03:00:00").Report();
        Assert.Empty(FivePeers.Changes(report));
        Assert.Equal(FivePeers.China, Assert.Single(report.Transit.Upstreams).Asn.Number.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(5, report.Coverage.NotDecoded.Single(passed => passed.Key.Safi == 2).Value);
    }
}
