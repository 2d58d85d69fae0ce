using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Transit.Shares;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Transit;

/// <summary>Whose vote counts, of which family, and what is said where no share can be.</summary>
public sealed class VoteTests
{
    private const long Unicom = 4837, Ttk = 20485;

    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);
    private static readonly string[] _four = ["175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"];

    [Fact]
    public void A_peer_with_one_of_four_prefixes_has_no_vote_beside_those_with_all()
    {
        var story = new Observed(4, _hour).FromTheStart(Unicom, _four);
        story.Hold(story.AddPeer(2001, 1), _four[0], Ttk, Observed.Start);
        var answer = story.Answer();
        Assert.Equal(4, Assert.Single(answer.Families).Voters.Count);
        Assert.Equal(0, answer.Upstreams.Single(upstream => upstream.Asn == new Asn((uint)Ttk)).Shares.PeerAs);
        Assert.Equal(1, answer.Upstreams.Single(upstream => upstream.Asn == new Asn((uint)Unicom)).Shares.Route, 10);
    }

    [Fact]
    public void Half_of_what_the_widest_hold_is_a_vote()
    {
        var story = new Observed(4, _hour).FromTheStart(Unicom, _four);
        int half = story.AddPeer(2001, 1);
        foreach (string prefix in _four[..2]) story.Hold(half, prefix, Ttk, Observed.Start);
        var answer = story.Answer();
        Assert.Equal(5, answer.Families[0].Voters.Count);
        Assert.Equal(0.2, answer.Upstreams.Single(upstream => upstream.Asn == new Asn((uint)Ttk)).Shares.PeerAs, 10);
    }

    [Theory]
    [InlineData(1, "One full feed only: routes to")]
    [InlineData(2, "Two full feeds only: routes to")]
    [InlineData(3, "All routes to")]
    public void From_fewer_than_three_voters_the_headline_has_no_share(int peers, string headline)
    {
        string said = new Story(new Observed(peers, _hour).FromTheStart(Unicom, _four).Report()).Headline.Text;
        Assert.StartsWith(headline, said, StringComparison.Ordinal);
        Assert.DoesNotContain("%", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_family_divides_a_figure_of_the_other()
    {
        string[] sixth = ["2400:a980::/32", "2400:a981::/32"];
        var story = new Observed(8, _hour);
        // Four peers send IPv4 alone, four IPv6 alone.
        for (int peer = 0; peer < 4; peer++)
        {
            foreach (string prefix in _four) story.Hold(peer, prefix, Unicom, Observed.Start);
            foreach (string prefix in sixth) story.Hold(peer + 4, prefix, Ttk, Observed.Start);
        }
        var answer = story.OnlyIpv6(4, 5, 6, 7).Answer();
        Assert.Equal([AddressFamily.IPv4, AddressFamily.IPv6], answer.Families.Select(family => family.Family));
        Assert.All(answer.Families, family => Assert.Equal(
            (4, 1.0, 4), (family.FullFeedPeerAses, family.Visibility!.Value, family.Voters.Count)));
        Assert.All(answer.Prefixes, prefix => Assert.Equal(1, prefix.Visibility, 10));
        Assert.All(answer.Families, family => Assert.Equal(1, Assert.Single(family.Upstreams).Shares.Hegemony, 10));
        Assert.Equal(Unicom, answer.Upstreams[0].Asn.Number);
        Assert.Equal(Ttk, answer.Families[1].Upstreams[0].Asn.Number);
        Assert.All(answer.VantagePoints, point => Assert.Equal(1, point.Ipv4Weight + point.Ipv6Weight));
        Assert.Contains("IPv4 routes to", new Story(story.Report()).Headline.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bogons_count_for_nothing_and_what_is_longer_than_24_stands_apart()
    {
        var story = new Observed(5, _hour).FromTheStart(Unicom, [.. _four, "10.0.0.0/16", "5bce:6e00::/23", "0.0.0.0/0"]);
        story.Hold(0, "175.45.176.0/25", Ttk, Observed.Start);
        var answer = story.Answer();
        Assert.Equal(_four, answer.Prefixes.Select(prefix => prefix.Prefix.ToString()));
        Assert.Equal((4, 1024), (answer.Size.Prefixes, answer.Size.Ipv4Addresses));
        var longer = Assert.Single(answer.MoreSpecifics);
        Assert.Equal(("175.45.176.0/25", 0.2), (longer.Prefix.ToString(), Math.Round(longer.Visibility, 9)));
        Assert.DoesNotContain(answer.Upstreams, upstream => upstream.Asn == new Asn((uint)Ttk));
    }

    [Theory]
    [InlineData("4837 {131279,131280}", NoUpstream.OriginSet)]
    [InlineData("4837 64512 131279", NoUpstream.RefusedPath)]
    [InlineData("131279", NoUpstream.DirectNeighbour)]
    public void Routes_without_an_upstream_are_there_all_the_same(string path, NoUpstream why)
    {
        var story = new Observed(5, _hour);
        for (int peer = 0; peer < 5; peer++) story.Follow(peer, _four[0], path, Observed.Start);
        var routes = story.Answer().Families[0].Routes;
        Assert.Equal((RouteState.WithoutUpstream, 5, 5), (routes.State, routes.Routes, routes.PeerAses));
        Assert.Equal(new UncountedRoutes(why, 5, 5), Assert.Single(routes.Uncounted));
        string said = string.Join(' ', new Story(story.Report()).Sentences.Select(sentence => sentence.Text));
        Assert.DoesNotContain("No route", said, StringComparison.Ordinal);
        Assert.DoesNotContain("no route", said, StringComparison.Ordinal);
        Assert.Contains("no upstream can be counted", said, StringComparison.Ordinal);
        if (why is not NoUpstream.DirectNeighbour) Assert.Null(story.Answer().Prefixes[0].Origin);
    }

    [Fact]
    public void All_origins_of_a_prefix_are_listed()
    {
        var story = new Observed(3, _hour).FromTheStart(Unicom, _four);
        story.Follow(story.AddPeer(2001, 1), _four[0], "174 9318", Observed.Start);
        var prefix = story.Answer().Prefixes[0];
        Assert.Equal([new PrefixOrigin(new(131279), 3), new PrefixOrigin(new(9318), 1)], prefix.Origins);
    }

    [Fact]
    public void One_ipv4_table_and_two_handfuls_of_ipv6_are_one_full_table()
    {
        var (ipv4, ipv6) = FullFeed.Thresholds([(497_321, 0), (0, 70), (0, 61), (4, 0)]);
        Assert.True(ipv4 is > 300_000 and < 497_321);
        Assert.True(ipv6 > 70);
    }

    [Fact]
    public void The_code_UK_of_registries_is_the_united_kingdom()
    {
        var layer = DelegatedStats.Read(new StringReader(
            "ripencc|UK|ipv4|175.45.176.0|1024|19940101|allocated|b\nripencc|UK|asn|131279|1|19940101|allocated|b\n"), "uk.txt", []);
        var registry = RegistrySnapshot.Shipped.With([layer]);
        Assert.Equal("GB", registry.CountryOf(new Asn(131279)).ToString());
        Assert.Equal("GB", registry.CountryOf(Prefix.Parse("175.45.176.0/24")).ToString());
    }

    [Fact]
    public void The_header_of_a_segment_is_no_as_number()
    {
        uint[] words = [PathWords.Header(SegmentType.Sequence, 5), 3333, 1299, 174, 4837, 131279];
        Assert.False(new PathWords(words).Contains(words[0]));
        Assert.True(new PathWords(words).Contains(131279));
    }
}
