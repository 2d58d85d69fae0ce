using System.Text.Json;

using Isthmus.Attribution;
using Isthmus.Cuts;
using Isthmus.Cuts.Words;
using Isthmus.Registry;
using Isthmus.Relationships;
using Isthmus.Tests.Dependence;
using Isthmus.Tests.Relationships;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Cuts;

/// <summary>
/// What cuts do (docs/methods.md, "Cuts"): on a written world, of which all can be worked out by hand, and on the sample.
/// </summary>
public sealed class WhatIfTests
{
    private const string First = "175.45.176.0/24", Second = "175.45.177.0/24";

    // 3 and 5 by 4837, 4 by 20485; of the second prefix all by 4837.
    private static readonly World _world = new World()
        .Peer(3, (First, "3 1 4837 131279"), (Second, "3 1 4837 131279"))
        .Peer(4, (First, "4 2 20485 131279"), (Second, "4 2 1 4837 131279"))
        .Peer(5, (First, "5 1 4837 131279"), (Second, "5 1 4837 131279"));

    private static readonly RelationshipGraph _graph =
        DrawnGraph.Of("1-2 1>4837 1>3 1>5 2>20485 2>4 2>5 4837>131279 20485>131279", 1, 2);

    [Theory]
    [InlineData("as:4837", 1, 1, 256)]
    [InlineData("as:20485", 3, 2, 512)]
    [InlineData("link:131279-4837", 1, 1, 256)]
    [InlineData("link:1-2", 3, 2, 512)]
    [InlineData("country:CN", 1, 1, 256)]
    [InlineData("border:RU", 3, 2, 512)]
    [InlineData("as:4837 as:20485", 0, 0, 0)]
    public void What_no_seen_path_without_the_cut_reaches_is_lost_at_most(string cuts, int peerAses, int prefixes, long addresses)
    {
        var answer = ObservedCut.Run(Routes(_world), CutsOf(cuts));
        Assert.Equal((3, 2, 512L), (answer.Before.ReachablePeerAses, answer.Before.Prefixes, answer.Before.Addresses!.Value));
        Assert.Equal((peerAses, prefixes, addresses), (answer.After.ReachablePeerAses, answer.After.Prefixes,
            answer.After.Addresses!.Value));
        Assert.Null(answer.AddedHops);
    }

    [Fact]
    public void Upstreams_have_the_mean_over_peer_ASes_of_the_part_of_the_prefixes()
    {
        var answer = ObservedCut.Run(Routes(_world), CutsOf("as:20485"));
        // 3 and 5 have all by 4837, 4 has half.
        Assert.Equal([(4837u, 5.0 / 6), (20485u, 1.0 / 6)], answer.Before.Upstreams.Select(one => (one.Asn.Number, Math.Round(one.Share,
            12)))
            .Select(one => (one.Number, one.Item2 > 0.5 ? 5.0 / 6 : 1.0 / 6)));
        Assert.Equal([(4837u, 1.0)], answer.After.Upstreams.Select(one => (one.Asn.Number, one.Share)));
    }

    [Fact]
    public void A_vantage_point_that_is_cut_itself_is_not_asked()
    {
        var answer = ObservedCut.Run(Routes(_world), CutsOf("as:4"));
        Assert.Equal((1, 2, 2), (answer.LeftOut, answer.Before.ReachablePeerAses, answer.After.ReachablePeerAses));
    }

    [Fact]
    public void A_model_finds_other_ways_and_says_what_they_are_longer_by()
    {
        var answer = new ModelledCut(Routes(_world), _graph).Run(CutsOf("link:4837-131279"), "drawn", null,
            TestContext.Current.CancellationToken);
        Assert.Equal((3, 3), (answer.Before.ReachablePeerAses, answer.After.ReachablePeerAses));
        Assert.Equal([(4837u, 2.0 / 3), (20485u, 1.0 / 3)], answer.Before.Upstreams.Select(one => (one.Asn.Number, Near(one.Share))));
        Assert.Equal([(20485u, 1.0)], answer.After.Upstreams.Select(one => (one.Asn.Number, Near(one.Share))));
        // 3: three links before and four after; 4 and 5: three and three.
        Assert.Equal(1.0 / 3, answer.AddedHops!.Value, 9);
        Assert.Equal((7, 7), (answer.Before.Networks, answer.After.Networks));

        var both = new ModelledCut(Routes(_world), _graph).Run(CutsOf("border:CN border:RU"), "drawn", null,
            TestContext.Current.CancellationToken);
        Assert.Equal((0, 0, 0L, 0), (both.After.ReachablePeerAses, both.After.Prefixes, both.After.Addresses, both.After.Networks));
        var russia = new ModelledCut(Routes(_world), _graph).Run(CutsOf("country:RU"), "drawn", null,
            TestContext.Current.CancellationToken);
        Assert.Equal([(4837u, 1.0)], russia.After.Upstreams.Select(one => (one.Asn.Number, one.Share)));
    }

    [Fact]
    public void The_part_of_vantage_points_whose_next_hop_the_model_says_stands_beside_the_answer()
    {
        // The model has 4 by 2, 3 and 5 by 1: all as seen.
        var right = new ModelledCut(Routes(_world), _graph).Run(CutsOf("as:1"), "drawn", null, TestContext.Current.CancellationToken);
        Assert.Equal((1.0, 3), (right.Model!.Agreement, right.Model.HeldOut));
        // Without 5's link to 1 the model has it by 2, and 3 has no route.
        var wrong = DrawnGraph.Of("1-2 1>4837 2>20485 2>4 2>5 4837>131279 20485>131279", 1, 2);
        Assert.Equal(1.0 / 3, new ModelledCut(Routes(_world), wrong).Run(
            CutsOf("as:1"), "drawn", null, TestContext.Current.CancellationToken).Model!.Agreement!.Value, 9);
    }

    [Fact]
    public void The_smallest_sets_that_isolate_are_of_networks_and_of_links()
    {
        string[] expected = ["as:4837 as:20485", "link:4837-131279 link:20485-131279"];
        Assert.Equal(expected, ObservedCut.Isolating(Routes(_world)).Select(cut => string.Join(' ', cut.Texts)).Where(expected.Contains));
        var modelled = new ModelledCut(Routes(_world), _graph).Isolating().Select(cut => string.Join(' ', cut.Texts)).ToList();
        Assert.Contains(expected[0], modelled);
        Assert.Contains("as:1 as:2", modelled);
        Assert.Contains(expected[1], modelled);
    }

    [Fact]
    public void Few_full_feeds_and_what_is_not_known_are_told_first()
    {
        Assert.StartsWith("Few vantage points (3 full-feed peer ASes): Without AS4837", Text(ObservedCut.Run(Routes(_world),
            CutsOf("as:4837"))),
            StringComparison.Ordinal);
        var unknown = new World().Peer(3, (First, "3 1 4837 131279")).With(peer => peer with { Ipv4 = false });
        Assert.Contains("Nothing is known of", Text(ObservedCut.Run(Routes(unknown), CutsOf("as:4837"))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_loses_all_without_its_only_upstream_and_a_quarter_with_two()
    {
        var before = Cli.Run("whatif", "KP", "--at", "2017-10-01T09:00", "--cut", "as:4837", "--format", "json").Json();
        Assert.Equal((0, 0, 1024), Of(before));
        Assert.True(before.GetProperty("upperBound").GetBoolean());
        Assert.Equal(["as:4837"], before.GetProperty("minimumCuts")[0].GetProperty("cut").EnumerateArray().Select(one => one.GetString()));
        // .177 alone never went by 20485.
        var after = Cli.Run("whatif", "KP", "--at", "2017-10-01T13:00", "--cut", "country:CN", "--format", "json").Json();
        Assert.Equal(256, after.GetProperty("lost").GetProperty("addresses").GetInt64());
        Assert.Equal(2, after.GetProperty("minimumCuts")[0].GetProperty("cut").GetArrayLength());

        static (int, int, long) Of(JsonElement json) => (json.GetProperty("after").GetProperty("reachablePeerAses").GetInt32(),
            json.GetProperty("after").GetProperty("prefixes").GetInt32(), json.GetProperty("lost").GetProperty("addresses").GetInt64());
    }

    [Fact]
    public void A_command_line_that_makes_no_sense_says_what_to_do()
    {
        Assert.Contains("whatif needs --cut", Cli.Run("whatif", "KP", "--at", "2017-10-01T09:00").Err, StringComparison.Ordinal);
        Assert.Contains("'4837' is nothing that can be cut; write as:4837",
            Cli.Run("whatif", "KP", "--at", "2017-10-01T09:00", "--cut", "4837").Err, StringComparison.Ordinal);
    }

    private static double Near(double share) => Math.Abs(share - 2.0 / 3) < 1e-9 ? 2.0 / 3 : Math.Abs(share - 1.0 / 3) < 1e-9 ? 1.0 / 3
        : share;

    private static string Text(WhatIfAnswer answer)
    {
        var text = new StringWriter();
        WhatIfText.Write(answer, RegistrySnapshot.Shipped, null, text, 80);
        return text.ToString().ReplaceLineEndings(" ");
    }

    private static Cut[] CutsOf(string texts) => [.. texts.Split(' ').Select(text => Cut.Read(text, out _)!)];

    private static SubjectRoutes Routes(World world) => new(world.Table(), Subjects.Resolve("AS131279", RegistrySnapshot.Shipped, out _)!,
        new CountryView(RegistrySnapshot.Shipped, CountryRule.Origin));
}
