using System.Globalization;

using Isthmus.Scenarios;

namespace Isthmus.Benchmarks;

/// <summary>How right the detector is on scenarios of which the truth is known: docs/accuracy.md.</summary>
internal static class Accuracy
{
    /// <summary>Prints a table for clean scenarios and one for scenarios with traps, and what went wrong by seed.</summary>
    /// <param name="part">
    /// "clean", "traps", "both", "hard", "wide" or "parts"; "untabled", "latetables" or "dumps" for clean archives without their dumps, without
    /// those of the first half, or without their updates.
    /// </param>
    public static int Run(ulong seed, int count, string part)
    {
        bool passed = true;
        if (part is "clean" or "both") passed &= Print("Clean", seed, count, ScenarioHalf.Clean, target: 1);
        if (part is "traps" or "both") passed &= Print("With traps", seed, count, ScenarioHalf.Traps, target: 0.99);
        // What came before the first message is unknown then, so that no change need be found; but nothing may be false.
        if (part is "untabled") passed &= Print("Without tables", seed, count, ScenarioHalf.Untabled, target: 0);
        if (part is "latetables") passed &= Print("With late tables", seed, count, ScenarioHalf.LateTables, target: 0);
        if (part is "parts") passed &= Print("In parts", seed, count, ScenarioHalf.Parts, target: 0.99);
        if (part is "dumps") passed &= Print("Dumps alone", seed, count, ScenarioHalf.Dumps, target: 0);
        if (part is "hard") passed &= Print("Hard", seed, count, ScenarioHalf.Hard, target: 0.99);
        if (part is "wide") passed &= Print("Wide", seed, count, ScenarioHalf.Wide, target: 0.99);
        return passed ? 0 : 1;
    }

    /// <summary>Writes a scenario for a closer look.</summary>
    /// <param name="part">"clean", "traps", "hard", "wide" or "parts".</param>
    public static int Write(ulong seed, string folder, string part)
    {
        var drawn = part switch
        {
            "hard" => DrawnScenario.TryDrawHard(seed),
            "wide" => DrawnScenario.TryDrawWide(seed),
            "parts" => DrawnScenario.TryDrawParts(seed),
            _ => DrawnScenario.TryDraw(seed, part is "traps"),
        };
        if (drawn is not { } scenario)
        {
            Console.Error.WriteLine($"seed {seed} draws no clear story; give another");
            return 1;
        }
        scenario.WriteTo(folder, scenario.Parts);
        File.WriteAllLines(Path.Combine(folder, "truth.txt"),
        [
            $"subject: {scenario.Subject}", $"acts: {string.Join(", ", scenario.Acts)}", $"traps: {string.Join(", ", scenario.Traps)}",
            .. scenario.Expected.Select(change => change.ToString()),
        ]);
        Console.WriteLine($"isthmus report {scenario.Subject} {folder}");
        return 0;
    }

    /// <summary>Prints for how long after a change what is said of it still differs from what is said in the end.</summary>
    public static int Settle(ulong seed, int count, string part)
    {
        var played = Settling.Run(seed, count, Enum.Parse<ScenarioHalf>(part, ignoreCase: true), TimeSpan.FromMinutes(10));
        string from = seed.ToString(CultureInfo.InvariantCulture);
        Console.WriteLine($"## {part}: {count} scenarios from seed {from}, asked every 10 minutes\n");
        Console.WriteLine("| kind | | differs | for over 1 h | for over 3 h | at most |\n|---|---|---|---|---|---|");
        foreach (var kind in played.SelectMany(of => of.Differing).GroupBy(one => (one.Change.Kind, one.IsMissing)).OrderBy(of => of.Key))
            Console.WriteLine($"| {kind.Key.Kind} | {(kind.Key.IsMissing ? "not said yet" : "said otherwise")} | {kind.Count()} "
                + $"| {kind.Count(one => one.Age > TimeSpan.FromHours(1))} | {kind.Count(one => one.Age > TimeSpan.FromHours(3))} "
                + $"| {kind.Max(one => one.Age):hh\\:mm\\:ss} |");
        string[] broken = [.. played.SelectMany(Settling.Broken)];
        Console.WriteLine($"\nSettled changes were told {played.Sum(of => of.Settled)} times; {broken.Length} are not so in the end.");
        foreach (string one in broken) Console.WriteLine($"* {one}");
        return broken.Length == 0 ? 0 : 1;
    }

    private static bool Print(string title, ulong seed, int count, ScenarioHalf half, double target)
    {
        int done = 0;
        var card = AccuracyRun.Run(seed, count, half, () =>
        {
            if (!Console.IsErrorRedirected) Console.Error.Write($"\r{title}: {Interlocked.Increment(ref done)} of {count} ");
        });
        if (!Console.IsErrorRedirected) Console.Error.WriteLine();
        bool passed = card.Expected > 0 && card.Precision >= target && card.Recall >= target
            && (half is not ScenarioHalf.Clean || card.ErrorMax <= TimeSpan.FromSeconds(1)) && card.FalseSentences == 0;
        Console.WriteLine($"## {title}: {count} scenarios from seed {seed.ToString(CultureInfo.InvariantCulture)}\n\n{card.ToTable()}");
        Console.WriteLine(card.ToMatterTable());
        if (half is ScenarioHalf.Hard or ScenarioHalf.Wide or ScenarioHalf.Parts) Console.WriteLine(card.ToActTable());
        Console.WriteLine(card.ToSentenceTable());
        foreach (string complaint in card.Complaints) Console.WriteLine($"* {complaint}");
        if (card.PassedOver.Count > 0) Console.WriteLine($"* passed over, as they draw no clear story: seeds {string.Join(", ", card.PassedOver)}");
        Console.WriteLine(passed ? "\nreaches the target\n" : "\nMISSES THE TARGET\n");
        return passed;
    }
}
