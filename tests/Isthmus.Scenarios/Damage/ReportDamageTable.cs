using System.Globalization;
using System.Text;

namespace Isthmus.Scenarios.Damage;

/// <summary>What a campaign of reports found, as tables.</summary>
public static class ReportDamageTable
{
    private static readonly (ReportOutcome Outcome, string Head)[] _columns =
    [
        (ReportOutcome.Incomplete, "incomplete"), (ReportOutcome.PassedOver, "not decoded"), (ReportOutcome.Unchanged, "unchanged"),
        (ReportOutcome.OtherValues, "other values"), (ReportOutcome.Silent, "undetectable"),
        (ReportOutcome.CalledComplete, "called complete"), (ReportOutcome.False, "false"), (ReportOutcome.OverBounds, "over time or memory"),
    ];

    /// <summary>True where a report called itself complete or said what is false, or a run went over its bounds.</summary>
    public static bool IsFailure(ReportOutcome outcome) =>
        outcome is ReportOutcome.CalledComplete or ReportOutcome.False or ReportOutcome.OverBounds;

    /// <summary>Runs by the kind of the damaged file, and by corruption.</summary>
    public static string Of(IReadOnlyList<ReportDamageResult> results)
    {
        var text = new StringBuilder();
        Write(text, "damaged file", results, result => result.IsDump ? "dump" : "updates");
        Write(text, "corruption", results, result => DamageTable.InWords(result.Corruption));
        return text.ToString();
    }

    private static void Write(
        StringBuilder text, string head, IReadOnlyList<ReportDamageResult> results, Func<ReportDamageResult, string> key)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {head} | runs | {string.Join(" | ", _columns.Select(column => column.Head))} |\n|---|");
        text.Append(string.Concat(Enumerable.Repeat("---:|", _columns.Length + 1))).Append('\n');
        var rows = results.GroupBy(key).OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => (Name: row.Key, Runs: row.ToArray()));
        foreach (var (name, runs) in rows.Append(("all", [.. results])))
        {
            var counts = _columns.Select(column => runs.Count(run => run.Outcome == column.Outcome));
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {runs.Length:N0} | ")
                .AppendJoin(" | ", counts.Select(count => count.ToString("N0", CultureInfo.InvariantCulture))).Append(" |\n");
        }
        text.Append('\n');
    }
}
