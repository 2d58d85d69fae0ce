using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Routes;

/// <summary>Since when a peer's table is known, and which session and path a record speaks of.</summary>
public sealed class KnownTableTests
{
    private static readonly Collector _rrc00 = new("rrc00", Project.Ris);
    private static readonly Prefix _prefix = Prefix.Parse("192.0.2.0/24");
    private static readonly IpAddress _address = IpAddress.V4(0xC6336401);

    private readonly SpanMemory _spans = new();
    private readonly RoutingState _table;

    public KnownTableTests() => _table = new(prefix => prefix == _prefix, _spans.Take);

    [Fact]
    public void Updates_without_a_dump_make_no_table_and_no_full_feed()
    {
        Say(Peer(3333), 10, 0, 3333, 64496);
        var feed = Assert.Single(Close(100).Peers);
        Assert.True(feed.WithoutTable);
        Assert.False(feed.FullIpv4);
    }

    [Fact]
    public void A_dump_shows_the_table_of_the_families_that_it_holds_of_the_peer()
    {
        Dump(Peer(3333), 50, 0, 3333, 64496);
        var feed = Assert.Single(Close(100).Peers);
        Assert.Equal(At(50), feed.TableSince(AddressFamily.IPv4));
        Assert.Null(feed.TableSince(AddressFamily.IPv6));
    }

    [Fact]
    public void A_session_that_comes_up_shows_its_table_from_then_on() // RFC 4271 section 9.4: the whole table is sent at first
    {
        int peer = Peer(3333);
        _table.PeerState(peer, 6, At(10), default);
        Say(peer, 12, 0, 3333, 64496);
        Assert.Equal(At(10), Assert.Single(Close(1000).Peers).TableSince(AddressFamily.IPv4));
    }

    [Theory]
    [InlineData(0u)] // RFC 7607
    [InlineData(23456u)] // AS_TRANS, RFC 6793
    public void A_session_without_its_number_in_the_index_table_is_the_one_that_its_updates_name(uint number)
    {
        int listed = Peer(number), spoken = Peer(3333);
        Assert.Equal(listed, spoken);
        Dump(listed, 0, 0, 3333, 64496);
        Assert.Equal(new Asn(3333), Assert.Single(Close(100).Peers).Peer.Asn);
    }

    [Fact]
    public void Withdrawing_one_path_leaves_the_others_of_the_peer() // RFC 7911 section 3
    {
        int peer = Peer(3333);
        Say(peer, 10, 1, 3333, 64496);
        Say(peer, 20, 2, 3333, 174, 64496);
        Withdraw(peer, 30, 1);
        Withdraw(peer, 35, 1);
        Withdraw(peer, 40, 2);
        var steps = Assert.Single(Close(100).Histories).Steps;
        Assert.Equal([At(10), At(20), At(30), At(40)], steps.Select(step => step.Time));
        Assert.Equal(
            ["3333 64496", "3333 64496 | 3333 174 64496", "3333 174 64496"], steps.SkipLast(1).Select(step => _table.Paths.TextOf(step.Path)));
        // No dump and no table transfer has shown whether it holds others.
        Assert.Equal(RouteStep.Unknown, steps[^1].Path);
    }

    private static Timestamp At(int seconds) => Timestamp.Parse("2017-10-01T00:00:00Z") + TimeSpan.FromSeconds(seconds);

    private int Peer(uint asn) => _table.PeerOf(new(_rrc00, _address, new(asn)));

    private static uint[] Words(uint[] path) => [PathWords.Header(SegmentType.Sequence, path.Length), .. path];

    private void Say(int peer, int time, uint id, params uint[] path) =>
        _table.Update(new(peer, _prefix, Words(path), true, At(time), Cause.Announcement, default, id));

    private void Withdraw(int peer, int time, uint id) =>
        _table.Update(new(peer, _prefix, default, false, At(time), Cause.Withdrawal, default, id));

    private void Dump(int peer, int time, uint id, params uint[] path)
    {
        var rib = RoutingState.BeginRib(_rrc00, At(time));
        _table.RibEntry(rib, new(peer, _prefix, Words(path), true, At(time), Cause.RibEntry, default, id));
        _table.EndRib(rib, At(time + 1), whole: true);
    }

    private Observations Close(int end) => _spans.At(_table, At(0), At(end), []);
}
