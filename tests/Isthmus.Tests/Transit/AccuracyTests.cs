using Isthmus.Scenarios;

namespace Isthmus.Tests.Transit;

/// <summary>The suite of docs/accuracy.md in a small size; in full it is a command of bench.</summary>
public sealed class AccuracyTests
{
    /// <summary>From the beginning: no seed is chosen.</summary>
    private const ulong FirstSeed = 1;

    private const int Scenarios = 24, TrappedScenarios = 10, WideScenarios = 10, PartScenarios = 12, LateScenarios = 12;

    [Fact]
    public void On_clean_scenarios_all_is_found_nothing_is_invented_and_every_date_is_right_to_a_second()
    {
        var card = AccuracyRun.Run(FirstSeed, Scenarios, ScenarioHalf.Clean);
        Assert.Equal([], card.Complaints);
        Assert.Equal((1.0, 1.0), (card.Precision, card.Recall));
        Assert.InRange(card.ErrorMax, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.True(card.Expected >= Scenarios, $"{card.Expected} changes in {Scenarios} scenarios prove little");
    }

    [Fact]
    public void With_all_traps_mixed_in_nearly_nothing_is_missed_or_invented()
    {
        var card = AccuracyRun.Run(FirstSeed, TrappedScenarios, ScenarioHalf.Traps);
        Assert.True(card.Precision >= 0.98 && card.Recall >= 0.98, string.Join('\n', card.Complaints));
        Assert.Equal(0, card.FalseSentences);
        Assert.True(card.Expected >= TrappedScenarios, $"{card.Expected} changes in {TrappedScenarios} scenarios prove little");
    }

    [Fact]
    public void Beside_above_and_between_dumps_all_is_found_with_its_end_its_label_and_its_level_and_no_sentence_is_false()
    {
        var card = AccuracyRun.Run(FirstSeed, WideScenarios, ScenarioHalf.Wide);
        Assert.Equal([], card.Complaints);
        Assert.Equal((1.0, 1.0, 0), (card.Precision, card.Recall, card.FalseSentences));
        Assert.True(card.Expected >= WideScenarios / 2, $"{card.Expected} changes in {WideScenarios} scenarios prove little");
    }

    [Fact]
    public void What_is_lost_and_back_in_parts_is_told_part_by_part_and_of_the_whole_only_while_none_is_seen()
    {
        var card = AccuracyRun.Run(FirstSeed, PartScenarios, ScenarioHalf.Parts);
        Assert.Equal([], card.Complaints);
        Assert.Equal((1.0, 1.0, 0), (card.Precision, card.Recall, card.FalseSentences));
        Assert.True(card.Expected >= 2 * PartScenarios, $"{card.Expected} changes in {PartScenarios} scenarios prove little");
    }

    [Fact]
    public void With_tables_of_the_second_half_alone_no_sentence_is_false() =>
        Assert.Equal(0, AccuracyRun.Run(FirstSeed, LateScenarios, ScenarioHalf.LateTables).FalseSentences);
}
