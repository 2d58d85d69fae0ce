using Isthmus.Scenarios;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests.Scenarios.Accuracy;

/// <summary>What is drawn is the same each time, and its truth and its score are worth something.</summary>
public sealed class DrawnScenarioTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Equal_seeds_give_equal_archives_and_truths(ulong seed)
    {
        var (one, other) = (DrawnScenario.TryDraw(seed, withTraps: true)!, DrawnScenario.TryDraw(seed, withTraps: true)!);
        Assert.Equal(one.Expected.Select(change => change.ToString()), other.Expected.Select(change => change.ToString()));
        Assert.Equal(one.Traps, other.Traps);
        foreach (var (left, right) in one.StoredFiles().Zip(other.StoredFiles()))
        {
            Assert.Equal(left.Path, right.Path);
            Assert.Equal(left.Stored, right.Stored);
        }
    }

    [Theory]
    [InlineData(ActKind.UpstreamMore, ChangeKind.UpstreamAppeared)]
    [InlineData(ActKind.Migration, ChangeKind.UpstreamAppeared)]
    [InlineData(ActKind.UpstreamLess, ChangeKind.UpstreamVanished)]
    [InlineData(ActKind.Engineering, ChangeKind.ShareShifted)]
    [InlineData(ActKind.Outage, ChangeKind.Outage)]
    [InlineData(ActKind.UnstableByOutages, ChangeKind.Unstable)]
    [InlineData(ActKind.NewOrigin, ChangeKind.OriginChanged)]
    [InlineData(ActKind.NewPrefix, ChangeKind.PrefixAppeared)]
    [InlineData(ActKind.LostPrefix, ChangeKind.PrefixVanished)]
    [InlineData(ActKind.IntermediaryIn, ChangeKind.IntermediaryInserted)]
    public void An_act_has_its_change_within_the_minutes_after_it(ActKind act, ChangeKind kind)
    {
        var drawn = DrawnScenario.Draw(3, [act], []);
        Assert.Contains(drawn.Expected, change => change.Kind == kind);
        var begun = drawn.ActTimes.Single();
        Assert.All(drawn.Expected, change => Assert.InRange((change.Time - begun).TotalSeconds, 0, 180));
    }

    [Theory]
    [InlineData(ActKind.Nothing)]
    [InlineData(ActKind.Elsewhere)]
    [InlineData(ActKind.Dip)]
    public void What_is_no_change_is_none_in_the_truth(ActKind act) => Assert.Empty(DrawnScenario.Draw(4, [act], []).Expected);

    [Fact]
    public void A_match_needs_the_same_kind_upstream_and_prefixes_within_a_minute()
    {
        var drawn = DrawnScenario.Draw(5, [ActKind.UpstreamMore], []);
        var expected = drawn.Expected[0];
        var right = Found(expected);
        Assert.Single(Outcome.Of(drawn, [right]).Matches);
        TransitChange[] wrong =
        [
            right with { Kind = ChangeKind.UpstreamReturned }, right with { Upstream = new(64496) },
            right with { Prefixes = [.. expected.Prefixes, Prefix.Parse("198.51.100.0/24")] }, right with { Prefixes = [] },
            right with { Time = expected.Time + Outcome.Tolerance + TimeSpan.FromSeconds(1) },
        ];
        Assert.All(wrong.Select(change => Outcome.Of(drawn, [change])), outcome =>
            Assert.Equal((0, 1, drawn.Expected.Count), (outcome.Matches.Count, outcome.False.Count, outcome.Missed.Count)));
    }

    [Fact]
    public void A_change_told_twice_is_false_once_and_feed_problems_and_parts_are_not_counted()
    {
        var drawn = DrawnScenario.Draw(5, [ActKind.UpstreamMore], []);
        var right = Found(drawn.Expected[0]);
        var again = right with { Time = right.Time + TimeSpan.FromSeconds(3) };
        var outcome = Outcome.Of(drawn, [right, again, right with { Kind = ChangeKind.FeedProblem }, right with { PartOf = "x" }]);
        Assert.Equal((1, 1), (outcome.Matches.Count, outcome.False.Count));
        Assert.Equal(TimeSpan.Zero, outcome.Matches[0].Error);
        var card = new Scorecard([outcome]);
        Assert.Equal((0.5, 1.0 / drawn.Expected.Count), (card.Precision, card.Recall));
    }

    private static TransitChange Found(ExpectedChange expected) => new(
        "id", expected.Kind, expected.Time, expected.Time, null, expected.Time, expected.Time, null, expected.About, null, expected.Prefixes,
        expected.Prefixes.Count, 5, 6, 3, Confidence.Medium, 0, 1, null, []);
}
