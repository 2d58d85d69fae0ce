using CsCheck;

using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>How sure a share is: the bootstrap over peer ASes, the range over collectors, the weighting by country.</summary>
public sealed class ShareIntervalTests
{
    private const long Unicom = 4837, Ttk = 20485;
    private const string Prefix178 = "175.45.178.0/24";
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    [Fact]
    public void Half_of_forty_peer_ases_have_the_interval_of_the_binomial()
    {
        var ttk = Of(Split(40, 20), Ttk);
        Assert.Equal(0.5, ttk.Shares.PeerAs, 10);
        // The 2.5 % and 97.5 % quantiles of Binomial(40, 1/2) are 14 and 26 of 40.
        Assert.InRange(ttk.Intervals!.PeerAs.Low, 13.5 / 40, 14.5 / 40);
        Assert.InRange(ttk.Intervals.PeerAs.High, 25.5 / 40, 26.5 / 40);
    }

    [Fact]
    public void A_single_witness_of_twenty_may_not_stand_in_a_draw_at_all()
    {
        var ttk = Of(Split(20, 1), Ttk);
        Assert.Equal(0, ttk.Intervals!.PeerAs.Low);
        Assert.InRange(ttk.Intervals.PeerAs.High, 2 / 20.0, 4 / 20.0);
        Assert.Equal((0, 0.05), (ttk.Intervals.Hegemony.Low, Math.Round(ttk.Shares.PeerAs, 10)));
    }

    [Fact]
    public void Where_all_agree_every_interval_has_no_width()
    {
        var unicom = Of(new Observed(12, _hour).FromTheStart(Unicom, Prefix178), Unicom);
        foreach (var interval in All(unicom.Intervals!))
        {
            Assert.Equal(1, interval.Low, 10);
            Assert.Equal(1, interval.High, 10);
            Assert.Equal(1, interval.LeaveOneOutLow!.Value, 10);
            Assert.Equal(1, interval.LeaveOneOutHigh!.Value, 10);
        }
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, false, false)]
    [InlineData(3, true, true)]
    [InlineData(9, true, true)]
    [InlineData(10, true, false)]
    public void Too_few_peer_ases_have_no_interval_and_few_have_one_that_says_little(int peers, bool hasInterval, bool saysLittle)
    {
        var answer = Split(peers, 1).Answer();
        Assert.Equal(hasInterval, answer.Upstreams[0].Intervals is not null);
        Assert.Equal((saysLittle, peers), (answer.Shares!.SaysLittle, answer.Shares.PeerAses));
        Assert.Equal(hasInterval, answer.Shares.Draws == 1000);
    }

    [Fact]
    public void Leaving_out_a_collector_takes_its_peers_out_and_nothing_else()
    {
        // Two by TTK at one collector; one by China Unicom at each of two others.
        var story = new Observed(0, _hour);
        foreach (var (asn, collector, upstream) in new[] { (1001u, 0, Ttk), (1002u, 0, Ttk), (1003u, 1, Unicom), (1004u, 2, Unicom) })
            story.Hold(story.AddPeer(asn, collector), Prefix178, upstream, Observed.Start);
        var interval = Of(story, Ttk).Intervals!.PeerAs;
        Assert.Equal(0, interval.LeaveOneOutLow!.Value, 10);
        Assert.Equal(2 / 3.0, interval.LeaveOneOutHigh!.Value, 10);
    }

    [Fact]
    public void A_peer_as_at_two_collectors_stays_when_one_of_them_is_left_out()
    {
        var story = new Observed(0, _hour);
        foreach (var (asn, collector, upstream) in new[] { (1001u, 0, Ttk), (1001u, 1, Ttk), (1002u, 1, Unicom), (1003u, 2, Unicom) })
            story.Hold(story.AddPeer(asn, collector), Prefix178, upstream, Observed.Start);
        var interval = Of(story, Ttk).Intervals!.PeerAs;
        Assert.Equal(1 / 3.0, interval.LeaveOneOutLow!.Value, 10);
        Assert.Equal(1 / 2.0, interval.LeaveOneOutHigh!.Value, 10);
    }

    [Fact]
    public void One_collector_cannot_be_left_out()
    {
        var story = new Observed(0, _hour);
        for (uint i = 0; i < 4; i++) story.Hold(story.AddPeer(1001 + i, 0), Prefix178, i == 0 ? Ttk : Unicom, Observed.Start);
        Assert.Null(Of(story, Ttk).Intervals!.PeerAs.LeaveOneOutLow);
    }

    [Fact]
    public void Weighted_by_country_three_networks_of_one_weigh_as_much_as_one_of_another()
    {
        var story = new Observed(0, _hour);
        uint[] american = [174, 3356, 7018];
        foreach (uint asn in american) story.Hold(story.AddPeer(asn, 0), Prefix178, Ttk, Observed.Start, "1299");
        story.Hold(story.AddPeer(3333, 1), Prefix178, Unicom, Observed.Start, "1299");
        var plain = Of(story, Ttk);
        var balanced = story.Answer(weighting: Weighting.Country);
        var weighted = balanced.Upstreams.Single(state => state.Asn == new Asn((uint)Ttk));
        Assert.Equal((0.75, 0.5), (plain.Shares.PeerAs, weighted.Shares.PeerAs));
        Assert.Equal((0.75, 0.5), (plain.Shares.Coverage, weighted.Shares.Coverage));
        Close(0.5, weighted.Shares.Hegemony);
        Assert.Equal(weighted.Shares, plain.Countries!.Balanced);
        Assert.Equal((0.0, 0.5, 1.0), (plain.Countries.Min, plain.Countries.Median, plain.Countries.Max));
        Assert.Equal([("NL", 1, 0.0), ("US", 3, 1.0)],
            plain.Countries.ByCountry.Select(share => (share.Country.ToString(), share.PeerAses, share.Share)));
        Assert.Equal((Weighting.Country, 2), (balanced.Shares!.By, balanced.Shares.Countries));
        // The series and the prefixes are weighed in the same way as the shares.
        Assert.All(balanced.Series, point => Assert.Equal(0.5, point.Upstreams[new((uint)Ttk)], 10));
        Assert.Equal(0.5, balanced.Prefixes[0].Upstreams.Single(by => by.Asn == new Asn((uint)Ttk)).PeerAs, 10);
    }

    [Fact]
    public void The_shares_are_what_their_definitions_say() => Worlds.Sample(world =>
    {
        var shares = SharesAt.All(world.Routes, [new(20485), new(4837), new(9002)], world.Weights);
        foreach (int upstream in world.Routes.Select(route => route.Upstream).Distinct())
        {
            var plain = PlainShares.Of(world.Routes, upstream, world.Weights);
            Close(plain.Route, shares[upstream].Route);
            Close(plain.PeerAs, shares[upstream].PeerAs);
            Close(plain.Prefix, shares[upstream].Prefix);
            Close(plain.Address, shares[upstream].Address);
            Close(plain.Coverage, shares[upstream].Coverage);
            Close(plain.Hegemony, shares[upstream].Hegemony);
        }
    });

    /// <summary>A draw in which a peer AS stands twice is the world in which there are two such ASes.</summary>
    [Fact]
    public void A_draw_is_a_world_of_those_drawn() => Gen.Select(Worlds, Gen.Int[0, 2].Array[12]).Sample((world, drawn) =>
    {
        Asn[] ases = [.. world.Routes.Select(route => route.PeerAs).Distinct().Order()];
        int[] times = [.. ases.Select((_, place) => drawn[place])];
        var copies = world.Routes.SelectMany(route => Enumerable.Range(0, times[Array.IndexOf(ases, route.PeerAs)])
            .Select(copy => route with { PeerAs = new(route.PeerAs.Number + (uint)copy * 1000), Peer = route.Peer + copy * 1000 }))
            .OrderBy(route => route.Prefix).ThenBy(route => route.Peer).ToArray();
        if (copies.Length == 0) return;
        double[] weights = [.. times.Select(time => (double)time / times.Sum())];
        var votes = new Votes(world.Routes, [new(20485), new(4837), new(9002)], world.Weights).All;
        var shares = new ShareTally(votes, 3, world.Weights, often: true).Shares(weights);
        for (int upstream = 0; upstream < 3; upstream++)
        {
            var plain = PlainShares.Of(copies, upstream, world.Weights);
            Close(plain.Route, shares[upstream].Route);
            Close(plain.PeerAs, shares[upstream].PeerAs);
            Close(plain.Prefix, shares[upstream].Prefix);
            Close(plain.Address, shares[upstream].Address);
            Close(plain.Coverage, shares[upstream].Coverage);
        }
    });

    [Fact]
    public void An_interval_holds_its_share_and_the_range_over_collectors_does() => Stories.Sample(story =>
    {
        foreach (var state in Build(story, doubled: false, reversed: false).Answer().Upstreams)
        {
            if (state.Intervals is not { } intervals) continue;
            var of = state.Shares;
            double[] shares = [of.Route, of.PeerAs, of.Prefix, of.Address, of.Coverage, of.Hegemony];
            foreach (var (interval, share) in All(intervals).Zip(shares))
            {
                Assert.InRange(share, interval.Low, interval.High);
                Assert.True(interval.Low >= 0 && interval.High <= 1 + 1e-9, $"{interval}");
                if (interval.LeaveOneOutLow is { } low) Assert.InRange(share, low, interval.LeaveOneOutHigh!.Value);
            }
        }
    }, iter: 30);

    [Fact]
    public void The_order_in_which_peers_come_does_not_matter() => Stories.Sample(story =>
    {
        var forward = Build(story, doubled: false, reversed: false).Answer();
        var backward = Build(story, doubled: false, reversed: true).Answer();
        Assert.Equal(forward.Upstreams.Select(Told), backward.Upstreams.Select(Told));
    }, iter: 30);

    /// <summary>But for the route share, which counts routes by its definition.</summary>
    [Fact]
    public void Twice_as_many_sessions_of_a_peer_as_change_nothing() => Stories.Sample(story =>
    {
        var once = Build(story, doubled: false, reversed: false).Answer();
        var twice = Build(story, doubled: true, reversed: false).Answer();
        foreach (var (left, right) in once.Upstreams.Zip(twice.Upstreams))
        {
            Assert.Equal(left.Asn, right.Asn);
            Close(left.Shares.PeerAs, right.Shares.PeerAs);
            if (left.Intervals is null) continue;
            foreach (var (one, two) in All(left.Intervals).Skip(1).Zip(All(right.Intervals!).Skip(1)))
            {
                Close(one.Low, two.Low);
                Close(one.High, two.High);
            }
        }
    }, iter: 30);

    // Peer AS, collector, and by which upstream it holds each of three prefixes: 0 for none.
    private static Gen<(int Collector, int[] Upstreams)[]> Stories =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2].Array[3]).Array[3, 14];

    private static Observed Build((int Collector, int[] Upstreams)[] story, bool doubled, bool reversed)
    {
        var built = new Observed(0, _hour);
        var peers = story.Index().ToArray();
        if (reversed) Array.Reverse(peers);
        foreach (var (place, (collector, upstreams)) in peers)
            for (int session = 0; session < (doubled ? 2 : 1); session++)
            {
                // An address of the doubled session sorts after all others of its AS, wherever it was added.
                int peer = built.AddPeer(1001 + (uint)place, collector);
                for (int prefix = 0; prefix < 3; prefix++)
                    if (upstreams[prefix] > 0)
                        built.Hold(peer, $"175.45.{176 + prefix}.0/24", upstreams[prefix] == 1 ? Unicom : Ttk, Observed.Start);
            }
        return built;
    }

    private sealed record World(HeldRoute[] Routes, double[] Weights);

    // Up to twelve sessions of up to six ASes; of each prefix the upstream, or none.
    private static Gen<World> Worlds => Gen.Select(
        Gen.Select(Gen.UInt[1, 6], Gen.Int[-1, 2].Array[4]).Array[1, 12], Gen.Int[0, 256].Array[4]).Select((sessions, weights) =>
        {
            Asn[] upstreams = [new(20485), new(4837), new(9002)];
            return new World(
                [.. sessions.SelectMany((session, peer) => session.Item2
                    .Select((upstream, prefix) => (upstream, prefix)).Where(held => held.upstream >= 0)
                    .Select(held => new HeldRoute(peer, new(session.Item1), held.prefix, held.upstream,
                        [new(session.Item1), upstreams[held.upstream], new(131279)])))
                    .OrderBy(route => route.Prefix).ThenBy(route => route.Peer)],
                [.. weights.Select(weight => (double)weight)]);
        }).Where(world => world.Routes.Length > 0);

    private static Observed Split(int peers, int byTtk)
    {
        var story = new Observed(peers, _hour);
        for (int peer = 0; peer < peers; peer++) story.Hold(peer, Prefix178, peer < byTtk ? Ttk : Unicom, Observed.Start);
        return story;
    }

    private static UpstreamState Of(Observed story, long upstream) =>
        story.Answer().Upstreams.Single(state => state.Asn == new Asn((uint)upstream));

    private static string Told(UpstreamState state) => $"{state.Asn} {state.Shares} {state.Intervals} {state.Countries?.Balanced}";

    private static ShareInterval[] All(ShareIntervals of) => [of.Route, of.PeerAs, of.Prefix, of.Address, of.Coverage, of.Hegemony];

    private static void Close(double expected, double actual) => Assert.Equal(expected, actual, 9);
}
