using Isthmus.Routes;

namespace Isthmus.Tests.Routes;

public sealed class FullFeedTests
{
    [Fact]
    public void One_full_feed_among_thirteen_partial_ones_is_the_only_full_one() // RouteViews jinx, 2014-05-30
    {
        double least = FullFeed.Threshold([497321, 2262, 1783, 1375, 664, 5, 4, 3, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(0.75 * 497321, least);
    }

    [Fact]
    public void A_peer_that_leaks_a_double_table_does_not_make_the_others_partial() =>
        Assert.Equal(0.75 * 700, FullFeed.Threshold([1500, 700, 700, 700, 700]));

    [Fact]
    public void Many_partial_peers_do_not_pass_as_full() =>
        Assert.Equal(0.75 * 690, FullFeed.Threshold([700, 690, 690, .. Enumerable.Repeat(10, 60)]));

    [Fact]
    public void With_no_routes_nobody_is_full() => Assert.Equal(0, FullFeed.Threshold([0, 0]));
}
