using Isthmus.Scenarios;

namespace Isthmus.Tests.Transit.Traps;

/// <summary>
/// Plays a trap in a drawn Internet, as archive files through the whole line: where nothing happens, and beside acts
/// that must still be found, with their upstream, prefixes and time.
/// </summary>
internal static class Trapped
{
    private static readonly ulong[] _seeds = [101, 102, 103];

    /// <summary>The trap alone gives no change of the subject; a feed problem is none.</summary>
    public static void Alone(TrapKind trap)
    {
        foreach (ulong seed in _seeds) AssertRight(AccuracyRun.Play(DrawnScenario.Draw(seed, [ActKind.Nothing], [trap])));
    }

    /// <summary>The trap beside real acts hides none of them and adds nothing to them.</summary>
    public static void Beside(TrapKind trap, params ActKind[] acts)
    {
        foreach (ulong seed in _seeds[..2]) AssertRight(AccuracyRun.Play(DrawnScenario.Draw(seed, acts, [trap])));
    }

    private static void AssertRight(Outcome outcome)
    {
        // Dates may be off by what a trap takes away; within the tolerance of a match.
        string[] wrong = [.. outcome.Complaints().Where(line => line.Contains(": missed ") || line.Contains(": false "))];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.Equal(outcome.Scenario.Expected.Count, outcome.Matches.Count);
    }
}
