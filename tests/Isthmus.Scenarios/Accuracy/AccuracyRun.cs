using System.Text;
using System.Text.Json;

using Isthmus.Attribution;
using Isthmus.Export;
using Isthmus.Registry;
using Isthmus.Sources;

namespace Isthmus.Scenarios;

/// <summary>The halves of the suite; seeds mean the same in all but the hard and the wide one.</summary>
public enum ScenarioHalf
{
    Clean,
    /// <summary>With traps.</summary>
    Traps,
    /// <summary>The clean ones without their dumps.</summary>
    Untabled,
    /// <summary>The clean ones without their updates.</summary>
    Dumps,
    /// <summary>What is slow, partial or long, of two families, or seen by feeds of all sizes.</summary>
    Hard,
    /// <summary>What happens beside the subject, above it, or between two dumps, and who is of which country.</summary>
    Wide,
    /// <summary>Outages that end, begin or overlap in parts, and prefixes that are lost and come back by another origin.</summary>
    Parts,
    /// <summary>The clean ones without the dumps of the first half of their time.</summary>
    LateTables,
}

/// <summary>Plays drawn scenarios through the whole line, from archive files to the changes of a report.</summary>
public static class AccuracyRun
{
    /// <summary>Scores the scenarios of seeds in a row; a seed that draws none is passed over and counted.</summary>
    /// <param name="done">Called after each, in no order.</param>
    public static Scorecard Run(ulong firstSeed, int count, ScenarioHalf half, Action? done = null)
    {
        var outcomes = new Outcome?[count];
        Parallel.For(0, count, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var drawn = Draw(half, firstSeed + (ulong)i);
            if (drawn is not null) outcomes[i] = Play(drawn, PartsOf(half, drawn));
            done?.Invoke();
        });
        return new([.. outcomes.OfType<Outcome>()])
        {
            PassedOver = [.. outcomes.Index().Where(drawn => drawn.Item is null).Select(drawn => firstSeed + (ulong)drawn.Index)],
        };
    }

    /// <summary>The scenario of a seed; null where it draws none.</summary>
    public static DrawnScenario? Draw(ScenarioHalf half, ulong seed) => half switch
    {
        ScenarioHalf.Hard => DrawnScenario.TryDrawHard(seed),
        ScenarioHalf.Wide => DrawnScenario.TryDrawWide(seed),
        ScenarioHalf.Parts => DrawnScenario.TryDrawParts(seed),
        _ => DrawnScenario.TryDraw(seed, half is ScenarioHalf.Traps),
    };

    /// <summary>Which of its files are read in a half of the suite.</summary>
    public static ArchiveParts PartsOf(ScenarioHalf half, DrawnScenario drawn) => half switch
    {
        ScenarioHalf.Untabled => ArchiveParts.Updates,
        ScenarioHalf.Dumps => ArchiveParts.Dumps,
        ScenarioHalf.LateTables => ArchiveParts.LateTables,
        _ => drawn.Parts,
    };

    /// <summary>Writes a scenario as an archive, reads it as a user would, and compares.</summary>
    /// <param name="parts">Which of its files are read.</param>
    public static Outcome Play(DrawnScenario scenario, ArchiveParts parts = ArchiveParts.All) => InFolder(scenario, parts, folder =>
    {
        var report = Survey(scenario, folder);
        using var output = new MemoryStream();
        Reports.ReportJson.Write(report, output);
        using var json = JsonDocument.Parse(output.ToArray());
        bool isDumpWrong = scenario.Traps.Any(trap => trap is TrapKind.StaleDump or TrapKind.LackingDump);
        var shown = scenario.Traps.Count == 0 ? null : ShownLines(folder, withLater: !isDumpWrong);
        var audit = new ReportAudit(json.RootElement, scenario.TruthLines(), scenario.Subject.Number,
            hadTable: parts is not ArchiveParts.Updates, shown);
        return Outcome.Of(scenario, report.Transit.Changes, report.Transit.Incidents) with { Sentences = [.. audit.Sentences()] };
    });

    /// <summary>The report on a scenario's archive.</summary>
    public static Reports.Report Survey(DrawnScenario scenario, ArchiveParts parts = ArchiveParts.All) =>
        InFolder(scenario, parts, folder => Survey(scenario, folder));

    private static Reports.Report Survey(DrawnScenario scenario, string folder)
    {
        using var inputs = new Inputs();
        var files = inputs.Resolve([folder], Stream.Null, CancellationToken.None);
        var registry = scenario.Registry is { } layer ? RegistrySnapshot.Shipped.With([layer]) : RegistrySnapshot.Shipped;
        var subject = Subjects.Resolve(scenario.Subject.ToString(), registry, out string? error)
            ?? throw new InvalidOperationException(error);
        return Reports.Report.Of(Isthmus.Survey.Run(new(subject, null, null, null), files, registry, new(), CancellationToken.None));
    }

    /// <summary>Does something with the folder of a scenario's archive.</summary>
    internal static T InFolder<T>(DrawnScenario scenario, ArchiveParts parts, Func<string, T> use)
    {
        string folder = ScratchFolder.Create("isthmus-accuracy-");
        try
        {
            scenario.WriteTo(folder, parts);
            return use(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// What all sessions say, also those that a trap makes say what is not so: their updates, and the first dump of each collector.
    /// Later dumps say nothing that the updates do not, but where these are missing, or where the dumps are wrong.
    /// </summary>
    /// <param name="withLater">
    /// True where no dump is made wrong: then the routes that later dumps show are added. What they lack proves nothing, as they may
    /// be cut.
    /// </param>
    public static RouteLines ShownLines(string folder, bool withLater = false)
    {
        var lines = new RouteLines();
        foreach (var collector in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0]))
        {
            var files = collector.ToLookup(file => Path.GetFileName(file).StartsWith("updates", StringComparison.Ordinal));
            string[] dumps = [.. files[false].OrderBy(Path.GetFileName, StringComparer.Ordinal).Take(withLater ? int.MaxValue : 1)];
            var updates = files[true].OrderBy(Path.GetFileName, StringComparer.Ordinal);
            foreach (string file in dumps.Take(1).Concat(updates).Concat(dumps.Skip(1)))
            {
                bool isLater = dumps.Skip(1).Contains(file);
                using var inputs = new Inputs();
                using var text = new MemoryStream();
                try
                {
                    using var writer = new ElementWriter(ElementFormat.Line, text);
                    ReadRun.Run(inputs.Resolve([file], Stream.Null, CancellationToken.None).Files, writer, new(), CancellationToken.None);
                }
                catch (InputException)
                {
                    // Of a file that is cut off within its first block nothing can be read.
                    continue;
                }
                foreach (string line in Encoding.UTF8.GetString(text.ToArray()).Split('\n'))
                    lines.Add(isLater ? line.Replace("|B|", "|A|", StringComparison.Ordinal) : line, collector.Key);
            }
        }
        return lines;
    }
}
