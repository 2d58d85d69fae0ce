using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Routes;

/// <summary>By methods.md, "What each peer holds": who wins when a RIB and updates disagree, and what is not known.</summary>
public sealed class RoutingStateTests
{
    private static readonly Collector _rrc00 = new("rrc00", Project.Ris);
    private static readonly Collector _sg = new("route-views.sg", Project.RouteViews);
    private static readonly Prefix _prefix = Prefix.Parse("175.45.178.0/24");
    private static readonly Prefix _other = Prefix.Parse("192.0.2.0/24");

    private readonly SpanMemory _spans = new();
    private readonly RoutingState _table;
    private readonly int _peer;

    public RoutingStateTests()
    {
        _table = new(prefix => prefix == _prefix, _spans.Take);
        _peer = PeerAt(_rrc00, 3333);
    }

    [Fact]
    public void A_withdrawal_within_the_backlog_of_a_dump_wins_over_it() // V15 a
    {
        Announce(900);
        Withdraw(945);
        Dump(start: 1000, end: 1020, (1010, _prefix));
        Assert.Equal(RouteStep.NoRoute, Single(2000).PathAt(At(1999)));
    }

    [Theory]
    [InlineData(930)] // V15 b
    [InlineData(940)] // the boundary: the comparison is strict
    public void A_withdrawal_older_than_the_backlog_loses_to_the_dump(int withdrawn)
    {
        Announce(900);
        Withdraw(withdrawn);
        Dump(start: 1000, end: 1020, (1010, _prefix));
        var history = Single(2000);
        Assert.Equal(0, history.PathAt(At(1010)));
        Assert.Equal(Cause.RibEntry, history.Steps[^1].Cause);
    }

    [Fact]
    public void A_prefix_that_a_dump_lacks_is_gone_when_its_last_update_is_older() // V15 c
    {
        Announce(900);
        Dump(start: 1000, end: 1020, (1010, _other));
        var history = Single(2000);
        Assert.Equal(RouteStep.NoRoute, history.PathAt(At(1000)));
        Assert.Equal(Cause.RibAbsence, history.Steps[^1].Cause);
    }

    [Fact]
    public void A_prefix_announced_while_the_dump_ran_stays() // V15 d
    {
        Dump(start: 0, end: 20, (10, _other));
        Announce(1005);
        Dump(start: 1000, end: 1020, (1010, _other));
        Assert.Equal(0, Single(2000).PathAt(At(1999)));
    }

    [Fact]
    public void A_dump_that_is_cut_off_proves_what_it_holds_and_nothing_by_what_it_lacks()
    {
        int second = PeerAt(_rrc00, 1103);
        Announce(900);
        var rib = RoutingState.BeginRib(_rrc00, At(1000));
        Entry(rib, second, 1010, _prefix);
        _table.EndRib(rib, At(1010), whole: false);
        var seen = Observe(2000);
        Assert.Equal(2, seen.Histories.Count);
        Assert.All(seen.Histories, history => Assert.True(history.PathAt(At(1999)) >= 0));
    }

    [Fact]
    public void A_dump_of_one_family_says_nothing_of_the_other()
    {
        Announce(900);
        Dump(start: 1000, end: 1020, (1010, Prefix.Parse("2001:db8::/32")));
        Assert.Equal(0, Single(2000).PathAt(At(1999)));
    }

    [Fact]
    public void An_update_older_than_the_last_one_is_passed_over()
    {
        Announce(1000);
        Withdraw(990);
        Assert.Equal(0, Single(2000).PathAt(At(1999)));
    }

    [Fact]
    public void When_a_session_goes_down_its_routes_are_unknown_not_absent()
    {
        Announce(900);
        _table.PeerState(_peer, newState: 1, At(1000), default);
        var history = Single(2000);
        Assert.Equal(RouteStep.Unknown, history.PathAt(At(1000)));
        Assert.Equal(At(1000), history.Steps[^1].Time);
    }

    [Fact]
    public void A_session_that_comes_back_has_no_gap_in_what_it_sends_again_in_time()
    {
        Announce(900);
        _table.PeerState(_peer, 1, At(1000), default);
        _table.PeerState(_peer, 6, At(1060), default);
        Announce(1090);
        Statement(2000, Cause.Announcement, _other);
        var paths = Single(3000).Steps.Select(step => (step.Time, step.Path));
        Assert.Equal([(At(900), 0), (At(1000), RouteStep.Unknown), (At(1090), 0)], paths);
    }

    [Fact]
    public void What_a_session_has_not_sent_when_its_table_is_through_it_does_not_hold()
    {
        Announce(900);
        _table.PeerState(_peer, 1, At(1000), default);
        _table.PeerState(_peer, 6, At(1060), default);
        var history = Single(3000);
        Assert.Equal(RouteStep.NoRoute, history.PathAt(At(1060) + RoutingState.TableTransfer));
        Assert.Equal(RouteStep.Unknown, history.PathAt(At(1060)));
    }

    [Fact]
    public void A_silent_session_that_a_dump_lacks_is_unknown()
    {
        int second = PeerAt(_rrc00, 1103);
        Dump(start: 0, end: 20, (10, _prefix));
        var rib = RoutingState.BeginRib(_rrc00, At(28800));
        Entry(rib, second, 28810, _prefix);
        _table.EndRib(rib, At(28820), whole: true);
        var history = Observe(30000).Histories.Single(h => h.Steps[0].Time == At(10));
        Assert.Equal(RouteStep.Unknown, history.PathAt(At(28800)));
        Assert.Equal(Cause.Silence, history.Steps[^1].Cause);
    }

    [Fact]
    public void Damage_in_a_collectors_updates_makes_its_peers_unknown_and_no_others()
    {
        int elsewhere = PeerAt(_sg, 3333);
        Announce(900);
        Statement(900, Cause.Announcement, _prefix, elsewhere);
        _table.Lose(_rrc00, At(1000), default);
        var seen = Observe(2000);
        var states = seen.Histories.ToDictionary(h => seen.Peers[h.Peer].Peer.Collector, h => h.PathAt(At(1999)));
        Assert.Equal(RouteStep.Unknown, states[_rrc00]);
        Assert.Equal(0, states[_sg]);
    }

    [Fact]
    public void A_peer_whose_table_was_known_is_known_not_to_have_held_a_new_prefix()
    {
        Dump(start: 0, end: 20, (10, _other));
        Announce(500);
        var first = Single(1000).Steps[0];
        Assert.Equal((At(0), RouteStep.NoRoute), (first.Time, first.Path));
    }

    [Fact]
    public void A_prefix_that_turns_out_to_be_the_subjects_only_later_asks_for_a_second_reading()
    {
        var table = new RoutingState(_ => false, _spans.Take);
        int peer = table.PeerOf(new(_rrc00, IpAddress.Parse("192.0.2.1"), new(3333)));
        table.Update(new(peer, _other, Words(3333, 1, 2), false, At(1), Cause.Announcement, default, 0));
        Assert.False(table.CameLate);
        table.Update(new(peer, _other, Words(3333, 1, 131279), true, At(2), Cause.Announcement, default, 0));
        Assert.True(table.CameLate);
        Assert.Equal([_other], table.Followed.Select(followed => followed.Prefix));
    }

    [Fact]
    public void One_address_with_two_as_numbers_is_two_peers()
    {
        var address = IpAddress.Parse("192.0.2.9");
        Assert.NotEqual(_table.PeerOf(new(_rrc00, address, new(1))), _table.PeerOf(new(_rrc00, address, new(2))));
    }

    [Fact]
    public void Paths_that_never_start_with_the_peers_own_number_make_it_transparent()
    {
        Statement(1, Cause.Announcement, _prefix, _peer, Words(2914, 4837, 131279));
        Assert.True(Observe(10).Peers[0].Transparent);
        for (int i = 0; i < 10; i++) Announce(2 + i);
        Assert.False(Observe(20).Peers[0].Transparent);
    }

    private int PeerAt(Collector collector, uint asn) =>
        _table.PeerOf(new(collector, IpAddress.V4(0xC0000200 + asn % 256), new(asn)));

    private void Announce(int second) => Statement(second, Cause.Announcement, _prefix);

    private void Withdraw(int second) => Statement(second, Cause.Withdrawal, _prefix);

    private void Statement(int second, Cause cause, Prefix prefix, int? peer = null, uint[]? words = null) =>
        _table.Update(new(peer ?? _peer, prefix, cause is Cause.Announcement ? words ?? Words(3333, 4837, 131279) : [],
            cause is Cause.Announcement, At(second), cause, default, 0));

    private void Dump(int start, int end, params (int Second, Prefix Prefix)[] entries)
    {
        var rib = RoutingState.BeginRib(_rrc00, At(start));
        foreach (var (second, prefix) in entries) Entry(rib, _peer, second, prefix);
        _table.EndRib(rib, At(end), whole: true);
    }

    private void Entry(RibUnderway rib, int peer, int second, Prefix prefix) =>
        _table.RibEntry(rib, new(peer, prefix, Words(3333, 4837, 131279), prefix == _prefix, At(second), Cause.RibEntry, default, 0));

    private Observations Observe(int end) => _spans.At(_table, At(0), At(end), []);

    private RouteHistory Single(int end) => Assert.Single(Observe(end).Histories, history => history.Prefix == _prefix);

    private static uint[] Words(params uint[] asns) => [PathWords.Header(SegmentType.Sequence, asns.Length), .. asns];

    private static Timestamp At(int second) => Timestamp.FromSeconds(second);
}
