using Isthmus.Routes;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Routes;

/// <summary>What a RIB dump proves while a session is lost, comes up or sends its table.</summary>
public sealed class DumpBesideSessionTests
{
    private static readonly Collector _rrc00 = new("rrc00", Project.Ris);
    private static readonly Prefix _first = Prefix.Parse("192.0.2.0/24"), _second = Prefix.Parse("198.51.100.0/24");

    private readonly SpanMemory _spans = new();
    private readonly RoutingState _state;
    private readonly int _peer;

    public DumpBesideSessionTests()
    {
        _state = new(_ => true, _spans.Take);
        _peer = _state.PeerOf(new(_rrc00, IpAddress.V4(1), new(3333)));
    }

    [Fact]
    public void What_a_session_has_not_sent_when_a_dump_begins_is_unknown_until_its_table_is_through()
    {
        Announce(100, _second);
        Up(1000);
        Announce(1010, _first);
        Dump(1100, 1110, _first);
        Assert.Equal("unknown", Held(_second, 1200));
        Assert.Equal("none", Held(_second, 1300));
        Assert.Equal("3333 64500", Held(_first, 1300));
    }

    [Fact]
    public void What_a_dump_shows_that_the_session_had_not_sent_is_held_when_the_table_is_through()
    {
        Up(1000);
        Dump(1100, 1400, _first);
        Announce(1410, _second);
        Assert.Equal("3333 64500", Held(_first, 1350));
    }

    [Fact]
    public void A_prefix_that_the_dump_shows_and_an_update_names_when_the_table_is_through_was_held_all_the_time()
    {
        Up(1000);
        var dump = Begin(1100, _first);
        Announce(1350, _first, "3333 1299 64500");
        _state.EndRib(dump, At(1400), whole: true);
        Assert.Equal(["3333 64500", "3333 64500", "3333 1299 64500"], Held(1100, 1320, 1360));
    }

    [Fact]
    public void A_withdrawal_of_what_was_not_sent_counts_where_a_dump_shows_that_it_was_there()
    {
        Up(1000);
        var dump = Begin(1100, _first);
        Withdraw(1350, _first);
        _state.EndRib(dump, At(1400), whole: true);
        Assert.Equal(["3333 64500", "none"], Held(1320, 1360));
    }

    [Theory]
    [InlineData(1059, "unknown")]
    [InlineData(1060, "3333 64500")]
    public void A_dump_less_than_a_minute_after_the_session_was_lost_may_be_of_the_table_before(int dump, string held)
    {
        Announce(900, _second);
        Down(1000);
        Dump(dump, dump + 5, _first);
        Assert.Equal(held, Held(_first, dump + 5));
    }

    [Fact]
    public void What_a_dump_shows_of_a_session_that_is_lost_while_it_is_written_ends_with_the_loss()
    {
        var dump = Begin(1000, _first);
        Down(1030);
        _state.EndRib(dump, At(1060), whole: true);
        Assert.Equal(["3333 64500", "unknown"], Held(1029, 1030));
        Assert.Equal(RouteStep.Unknown, _state.PathOf(_peer, _first));
    }

    [Fact]
    public void A_withdrawal_before_lost_bytes_stands_against_no_dump_behind_them()
    {
        Withdraw(970, _first);
        _state.Lose(_peer, At(1000), default);
        Dump(1001, 1006, _second);
        Dump(1008, 1009, _first);
        Assert.Equal(["none", "3333 64500"], Held(1007, 1008));
    }

    [Fact]
    public void What_a_dump_showed_before_lost_bytes_stands_against_no_dump_behind_them_and_what_the_next_shows_does()
    {
        Dump(1000, 1001, _first, (0, "3333 1 64500"));
        _state.Lose(_peer, At(1002), default);
        Dump(1010, 1011, _second);
        Dump(1020, 1021, _first, (0, "3333 2 64500"));
        Dump(1030, 1031, _first, (0, "3333 3 64500"));
        Assert.Equal(["3333 1 64500", "unknown", "none", "3333 2 64500", "3333 2 64500"], Held(1000, 1002, 1010, 1020, 1030));
    }

    [Fact]
    public void An_update_of_a_session_that_a_dump_shows_to_be_up_begins_no_table_transfer()
    {
        Announce(900, _second);
        Down(1000);
        var dump = Begin(1100, _first);
        Announce(1110, _second);
        _state.EndRib(dump, At(1120), whole: true);
        Assert.Equal(["3333 64500", "3333 64500"], (string[])[Held(_first, 1200), Held(_second, 1200)]);
    }

    [Fact]
    public void A_session_that_came_up_said_nothing_and_is_missing_from_a_dump_is_lost()
    {
        Up(1000);
        int other = _state.PeerOf(new(_rrc00, IpAddress.V4(2), new(1103)));
        var dump = RoutingState.BeginRib(_rrc00, At(9000));
        _state.RibEntry(dump, new(other, _first, Words("1103 64500"), true, At(9000), Cause.RibEntry, default, 0));
        _state.EndRib(dump, At(9010), whole: true);
        Assert.Equal(RouteStep.Unknown, _state.PathOf(_peer, _first));
    }

    [Fact]
    public void Withdrawing_the_only_path_that_was_told_says_nothing_of_others_until_the_table_is_known() // RFC 7911 section 3
    {
        Up(1000);
        Announce(1010, _first, id: 7);
        Withdraw(1020, _first, id: 7);
        Assert.Equal(["3333 64500", "unknown", "none"], Held(1015, 1100, 1300));
    }

    [Fact]
    public void Of_several_paths_an_update_beside_a_dump_stands_for_its_own_and_the_dump_for_the_others()
    {
        Dump(1000, 1010, _first, (1, "3333 1 64500"), (2, "3333 2 64500"));
        var dump = Begin(9000, _first, (1, "3333 10 64500"), (2, "3333 20 64500"));
        Announce(9005, _first, "3333 11 64500", id: 1);
        _state.EndRib(dump, At(9010), whole: true);
        Assert.Equal(["3333 1 64500 | 3333 20 64500", "3333 11 64500 | 3333 20 64500"],
            Held(9000, 9005));
    }

    [Fact]
    public void A_span_names_the_path_identifier_of_the_message_that_began_it()
    {
        Announce(1000, _first, id: 7);
        Announce(1010, _first, "3333 1299 64500", id: 9);
        Withdraw(1020, _first, id: 7);
        Dump(5000, 5010, _first, (3, "3333 2 64500"));
        var spans = _spans.At(_state, At(0), At(6000), []).Spans(SpanSelector.All, At(0), At(6000));
        Assert.Equal([7u, 9, 7, 0], spans.Select(span => span.PathId));
    }

    private static Timestamp At(int second) => Timestamp.FromSeconds(second);

    private static uint[] Words(string path) => ParsedPath.Of(path);

    private void Up(int second) => _state.PeerState(_peer, 6, At(second), default);

    private void Down(int second) => _state.PeerState(_peer, 1, At(second), default);

    private void Announce(int second, Prefix prefix, string path = "3333 64500", uint id = 0) =>
        _state.Update(new(_peer, prefix, Words(path), true, At(second), Cause.Announcement, default, id));

    private void Withdraw(int second, Prefix prefix, uint id = 0) =>
        _state.Update(new(_peer, prefix, default, true, At(second), Cause.Withdrawal, default, id));

    private RibUnderway Begin(int start, Prefix prefix, params (uint Id, string Path)[] paths)
    {
        var dump = RoutingState.BeginRib(_rrc00, At(start));
        foreach (var (id, path) in paths is [] ? [(0, "3333 64500")] : paths)
            _state.RibEntry(dump, new(_peer, prefix, Words(path), true, At(start), Cause.RibEntry, default, id));
        return dump;
    }

    private void Dump(int start, int end, Prefix prefix, params (uint Id, string Path)[] paths) =>
        _state.EndRib(Begin(start, prefix, paths), At(end), whole: true);

    private string[] Held(params int[] times) => [.. times.Select(time => Held(_first, time))];

    private string Held(Prefix prefix, int time)
    {
        var spans = _spans.At(_state, At(0), At(10_000), []);
        var span = spans.StateAt(At(time)).Where(span => span.Prefix == prefix).Select(span => (RouteSpan?)span).SingleOrDefault();
        return span?.Path switch
        {
            null or RouteStep.Unknown => "unknown",
            RouteStep.NoRoute => "none",
            var path => spans.Paths.TextOf(path.Value),
        };
    }
}
