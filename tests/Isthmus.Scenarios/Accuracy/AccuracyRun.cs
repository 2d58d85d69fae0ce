using System.Text.Json;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Sources;

namespace Isthmus.Scenarios;

/// <summary>Plays drawn scenarios through the whole line, from archive files to the changes of a report.</summary>
public static class AccuracyRun
{
    /// <summary>Scores the scenarios of seeds in a row; a seed that draws none is passed over and counted.</summary>
    /// <param name="done">Called after each, in no order.</param>
    /// <param name="untabled">True to read the archives without their dumps.</param>
    public static Scorecard Run(ulong firstSeed, int count, bool withTraps, Action? done = null, bool untabled = false)
    {
        var outcomes = new Outcome?[count];
        Parallel.For(0, count, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            if (DrawnScenario.TryDraw(firstSeed + (ulong)i, withTraps) is { } scenario) outcomes[i] = Play(scenario, untabled);
            done?.Invoke();
        });
        return new([.. outcomes.OfType<Outcome>()])
        {
            PassedOver = [.. outcomes.Index().Where(drawn => drawn.Item is null).Select(drawn => firstSeed + (ulong)drawn.Index)],
        };
    }

    /// <summary>Writes a scenario as an archive, reads it as a user would, and compares.</summary>
    /// <param name="untabled">True to read it without its dumps.</param>
    public static Outcome Play(DrawnScenario scenario, bool untabled = false)
    {
        var report = Survey(scenario, untabled);
        using var output = new MemoryStream();
        Reports.ReportJson.Write(report, output);
        using var json = JsonDocument.Parse(output.ToArray());
        var audit = new ReportAudit(
            json.RootElement, scenario.TruthLines(), scenario.Subject.Number, hadTable: !untabled, scenario.TruthLines(all: true));
        return Outcome.Of(scenario, report.Transit.Changes) with { Sentences = [.. audit.Sentences()] };
    }

    /// <summary>The report on a scenario's archive.</summary>
    public static Reports.Report Survey(DrawnScenario scenario, bool untabled = false)
    {
        string folder = Directory.CreateTempSubdirectory("isthmus-accuracy-").FullName;
        try
        {
            scenario.WriteTo(folder, untabled);
            using var inputs = new Inputs();
            var files = inputs.Resolve([folder], Stream.Null, CancellationToken.None);
            var subject = Subjects.Resolve(scenario.Subject.ToString(), RegistrySnapshot.Shipped, out string? error)
                ?? throw new InvalidOperationException(error);
            return Isthmus.Survey.Run(new(subject, null, null, null), files, RegistrySnapshot.Shipped, new(), CancellationToken.None);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
