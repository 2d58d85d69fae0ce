using Isthmus.Scenarios;

namespace Isthmus.Tests.Transit.Traps;

/// <summary>What one peer does, or many for a moment, is no change of the subject.</summary>
public sealed class PeerTrapTests
{
    [Fact]
    public void Sessions_that_send_their_table_again_are_no_change() => Trapped.Alone(TrapKind.SessionResets);

    [Fact]
    public void Sessions_that_send_their_table_again_hide_no_change() =>
        Trapped.Beside(TrapKind.SessionResets, ActKind.UpstreamMore, ActKind.Outage);

    [Fact]
    public void A_stuck_route_out_of_nowhere_is_no_upstream() => Trapped.Alone(TrapKind.StuckRoutes);

    [Fact]
    public void A_stuck_route_keeps_no_lost_upstream_and_no_lost_prefix_alive() =>
        Trapped.Beside(TrapKind.StuckRoutes, ActKind.UpstreamLess, ActKind.LostPrefix);

    [Fact]
    public void A_stuck_route_ends_no_outage() => Trapped.Beside(TrapKind.StuckRoutes, ActKind.Outage, ActKind.PartialOutage);

    [Fact]
    public void One_peer_that_flaps_wildly_makes_nothing_unstable() => Trapped.Alone(TrapKind.WildFlapper);

    [Fact]
    public void One_peer_that_flaps_wildly_hides_no_change() =>
        Trapped.Beside(TrapKind.WildFlapper, ActKind.UpstreamMore, ActKind.Outage, ActKind.UnstableByOutages);

    [Fact]
    public void A_peer_as_with_many_sessions_speaks_once() => Trapped.Alone(TrapKind.ManySessions);

    [Fact]
    public void A_peer_as_with_many_sessions_outvotes_nobody() =>
        Trapped.Beside(TrapKind.ManySessions, ActKind.UpstreamMore, ActKind.Outage);

    [Fact]
    public void Peers_that_see_themselves_show_a_link_and_no_transit() => Trapped.Alone(TrapKind.OwnLinks);

    [Fact]
    public void Peers_that_see_themselves_hide_no_change() => Trapped.Beside(TrapKind.OwnLinks, ActKind.Migration, ActKind.Outage);

    [Fact]
    public void Partial_feeds_that_leave_the_subject_out_are_no_outage() => Trapped.Alone(TrapKind.PartialFeeds);

    [Fact]
    public void Partial_feeds_that_leave_the_subject_out_hide_no_change() =>
        Trapped.Beside(TrapKind.PartialFeeds, ActKind.UpstreamMore, ActKind.Outage);
}
