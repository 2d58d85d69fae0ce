using System.Text.Json;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Sources;

namespace Isthmus.Scenarios;

/// <summary>Reports on those ASes whose routes moved most in some files, each sentence held against the files' lines.</summary>
public static class AuditRun
{
    /// <summary>Audits reports on files.</summary>
    /// <param name="files">What the reports read.</param>
    /// <param name="lines">The lines of these files, and of others beside them that the reports do not have.</param>
    /// <param name="movers">How many ASes.</param>
    /// <param name="hasTable">True where a dump is among the files.</param>
    public static IReadOnlyList<AuditedSentence> Run(
        IReadOnlyList<string> files, RouteLines lines, IReadOnlyList<uint> movers, bool hasTable)
    {
        var all = new List<AuditedSentence>();
        foreach (uint subject in movers)
        {
            if (Subjects.Resolve($"AS{subject}", RegistrySnapshot.Shipped, out _) is not { } known) continue;
            using var report = Json(known, files);
            all.AddRange(new ReportAudit(report.RootElement, lines, subject, hasTable).Sentences());
        }
        return all;
    }

    /// <summary>The report on an AS as JSON.</summary>
    public static JsonDocument Json(Subject subject, IReadOnlyList<string> files)
    {
        using var inputs = new Inputs();
        var resolved = inputs.Resolve(files, Stream.Null, CancellationToken.None);
        using var output = new MemoryStream();
        var question = new Question(subject, null, null, null);
        ReportJson.Write(Report.Of(Survey.Run(question, resolved, RegistrySnapshot.Shipped, new(), CancellationToken.None)), output);
        return JsonDocument.Parse(output.ToArray());
    }
}
