using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Routes;

/// <summary>What a peer held as spans: each ends where the next begins, with the bytes of both ends, and what is final stays.</summary>
public sealed class RouteSpanTests
{
    private static readonly Collector _rrc00 = new("rrc00", Project.Ris);
    private static readonly Prefix _prefix = Prefix.Parse("192.0.2.0/24");

    private readonly Source _source = new("updates.gz", _rrc00);
    private readonly SpanMemory _spans = new();
    private readonly RoutingState _table;
    private readonly int _peer;
    private int _record;

    public RouteSpanTests()
    {
        _table = new(_ => true, _spans.Take);
        _peer = _table.PeerOf(new(_rrc00, IpAddress.V4(1), new(3333)));
    }

    [Fact]
    public void A_span_says_when_and_by_which_bytes_it_began_and_ended()
    {
        Announce(10, 4837);
        Announce(20, 20485);
        Withdraw(30);
        var history = History(40);
        Assert.Equal(3, history.Count);
        var span = history[1];
        Assert.Equal((At(20), At(30)), (span.From, span.To));
        Assert.Equal((Cause.Announcement, 2L), (span.Began.Cause, span.Began.Place.Record));
        Assert.Equal((Cause.Withdrawal, 3L), (span.Ended!.Value.Cause, span.Ended.Value.Place.Record));
        Assert.False(span.UnknownBefore || span.UnknownAfter);
    }

    [Fact]
    public void What_lay_before_the_first_message_is_unknown_and_what_lasts_has_no_end()
    {
        Announce(10, 4837);
        var span = History(40)[0];
        Assert.True(span.UnknownBefore);
        Assert.Null(span.To);
        Assert.False(span.UnknownAfter);
    }

    [Fact]
    public void A_route_that_was_held_when_the_session_was_lost_ends_in_what_is_not_known()
    {
        Announce(10, 4837);
        _table.PeerState(_peer, 1, At(20), Place());
        var history = History(40);
        Assert.True(history[0].UnknownAfter);
        Assert.Equal(RouteStep.Unknown, history[1].Path);
        Assert.Equal(At(20), history.At(At(25))!.Value.From);
        Assert.Null(history.At(At(9)));
    }

    [Fact]
    public void A_snapshot_stays_what_it_was_while_the_table_goes_on()
    {
        for (int minute = 0; minute < 200; minute++) Announce(minute * 60, 4837 + minute % 2);
        var before = History(12_000);
        RouteStep[] steps = [.. before.Steps];
        Assert.Equal(200, steps.Length);
        for (int minute = 200; minute < 400; minute++) Announce(minute * 60, 4837 + minute % 2);
        Assert.Equal(steps, before.Steps);
        Assert.Equal(steps, History(24_000).Steps.Take(200));
        Assert.Equal(400, History(24_000).Count);
    }

    [Fact]
    public void A_route_that_changes_often_keeps_only_what_may_still_change()
    {
        for (int minute = 0; minute < 600; minute++) Announce(minute * 60, 4837 + minute % 2);
        int pending = 0;
        var first = At(int.MaxValue);
        _table.TellPending((int _, int _, in RouteStep step) =>
        {
            pending++;
            first = step.Time < first ? step.Time : first;
        });
        Assert.InRange(pending, 61, 4 * 62);
        Assert.True(first <= At(599 * 60) - RoutingState.LateMax);
        Assert.Equal(600, History(36_000).Count);
    }

    [Fact]
    public void A_dump_that_ends_later_than_any_may_changes_nothing_that_is_final()
    {
        var rib = RoutingState.BeginRib(_rrc00, At(0));
        _table.RibEntry(rib, new(_peer, _prefix, Words(4837), true, At(0), Cause.RibEntry, default, 0));
        for (int minute = 1; minute < 400; minute++) Announce(minute * 60, 4837 + minute % 2);
        RouteStep[] before = [.. History(24_000).Steps];
        _table.EndRib(rib, At(24_000), whole: true);
        Assert.Equal(before, History(24_000).Steps);
    }

    [Fact]
    public void Spans_are_asked_for_by_prefix_origin_and_period()
    {
        Announce(10, 4837);
        Announce(20, 20485);
        Withdraw(30);
        var spans = _spans.At(_table, At(0), At(40), []);
        Assert.Equal([10, 20, 30], Begins(SpanSelector.All, 0, 40));
        Assert.Equal([10, 20], Begins(SpanSelector.All, 15, 20));
        Assert.Equal([20], Begins(SpanSelector.All, 20, 25));
        Assert.Equal([10, 20], Begins(new() { Origins = new HashSet<Asn> { new(131279) } }, 0, 40));
        Assert.Empty(Begins(new() { Origins = new HashSet<Asn> { new(4837) } }, 0, 40));
        Assert.Equal([30], Begins(new() { Within = [Prefix.Parse("192.0.0.0/16")] }, 31, 40));
        Assert.Empty(Begins(new() { Within = [Prefix.Parse("192.0.2.0/25")] }, 0, 40));

        long[] Begins(SpanSelector of, int from, int to) => [.. spans.Spans(of, At(from), At(to)).Select(span => span.From.Seconds)];
    }

    [Fact]
    public void The_state_at_a_time_is_the_span_in_which_it_lies()
    {
        Announce(10, 4837);
        Withdraw(30);
        var spans = _spans.At(_table, At(0), At(40), []);
        Assert.Empty(spans.StateAt(At(9)));
        Assert.Equal("3333 4837 131279", spans.Paths.TextOf(Assert.Single(spans.StateAt(At(29))).Path));
        Assert.Equal(RouteStep.NoRoute, Assert.Single(spans.StateAt(At(30))).Path);
    }

    private void Announce(int second, int upstream) => _table.Update(
        new(_peer, _prefix, Words(upstream), true, At(second), Cause.Announcement, Place(), 0));

    private void Withdraw(int second) => _table.Update(new(_peer, _prefix, default, true, At(second), Cause.Withdrawal, Place(), 0));

    private SourcePlace Place() => new(_source, ++_record, 100 * _record, 100);

    private RouteHistory History(int end) => Assert.Single(_spans.At(_table, At(0), At(end), []).Histories);

    private static uint[] Words(int upstream) => [PathWords.Header(SegmentType.Sequence, 3), 3333, (uint)upstream, 131279];

    private static Timestamp At(int second) => Timestamp.FromSeconds(second);
}
