using Isthmus.Reports;
using Isthmus.Scenarios;
using Isthmus.Transit.Changes;

namespace Isthmus.Tests.Transit;

/// <summary>What is slow, partial or long, kind by kind, in drawn Internets whose truth is known.</summary>
public sealed class HardKindTests
{
    private const ulong FirstSeed = 31;

    [Theory]
    [InlineData(ActKind.SlowShift, false, false)]
    [InlineData(ActKind.SlowShift, true, true)]
    [InlineData(ActKind.SlowLess, false, true)]
    [InlineData(ActKind.LongOutage, true, false)]
    [InlineData(ActKind.PartOutage, false, false)]
    [InlineData(ActKind.PartOutage, false, true)]
    [InlineData(ActKind.PartOutageLast, true, false)]
    [InlineData(ActKind.ReturnBehindOther, false, false)]
    [InlineData(ActKind.ReturnBehindOther, true, true)]
    [InlineData(ActKind.Flapping, false, false)]
    public void What_is_slow_partial_or_long_is_found_and_told_once(ActKind act, bool dual, bool uneven)
    {
        var outcome = AccuracyRun.Play(DrawnScenario.DrawHard(FirstSeed, [act], dual, uneven));
        Assert.Equal([], outcome.Missed);
        Assert.Equal([], outcome.False);
        Assert.Equal([], outcome.Matches.SelectMany(match => match.Matters())
            .Where(matter => !matter.IsRight).Select(matter => matter.Why));
        Assert.Equal(outcome.Label?.Expected, outcome.Label?.Found);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void A_slow_roll_out_accuses_no_clock_and_no_feed(ulong seed)
    {
        foreach (var act in new[] { ActKind.SlowShift, ActKind.SlowMore })
        {
            var report = AccuracyRun.Survey(DrawnScenario.DrawHard(seed, [act]));
            Assert.Equal([], report.Transit.Changes.Where(change => change.Kind is ChangeKind.FeedProblem)
                .Select(change => TestimonyWords.Of(change.Feed!)));
            Assert.DoesNotContain(report.Transit.VantagePoints, point => point.Clock.IsWrong);
        }
    }
}
