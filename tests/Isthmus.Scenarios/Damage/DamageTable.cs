using System.Globalization;
using System.Text;

namespace Isthmus.Scenarios.Damage;

/// <summary>What a campaign found, as tables.</summary>
public sealed class DamageTable
{
    private readonly List<DamageResult> _results = [];

    /// <summary>All runs.</summary>
    public IReadOnlyList<DamageResult> Results => _results;

    /// <summary>Runs that lost something in silence, gave something twice, or went over their bounds.</summary>
    public IEnumerable<DamageResult> Failures => _results.Where(result => IsFailure(result.Outcome));

    /// <summary>True for what no run may end in.</summary>
    public static bool IsFailure(DamageOutcome outcome) => outcome is DamageOutcome.Lost or DamageOutcome.OverBounds or DamageOutcome.Risen;

    /// <summary>Adds a run.</summary>
    public void Add(DamageResult result) => _results.Add(result);

    /// <summary>Runs by container and corruption, by container and by kind of record, and the classes of what cannot be told.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, "container", result => result.Container.ToString().ToLowerInvariant());
        Write(text, "corruption", result => InWords(result.Corruption));
        Write(text, "records", result => result.Input.RecordKind);
        Write(text, "container, corruption", result => $"{result.Container.ToString().ToLowerInvariant()}, {InWords(result.Corruption)}");
        foreach (var kind in _results.Where(result => result.Outcome is DamageOutcome.Undetectable).CountBy(result => result.Class))
            text.Append(CultureInfo.InvariantCulture, $"* undetectable: {kind.Key}: {kind.Value}\n");
        return text.ToString();
    }

    private void Write(StringBuilder text, string head, Func<DamageResult, string> key)
    {
        text.Append(CultureInfo.InvariantCulture,
            $"| {head} | runs | told | unchanged | other values | undetectable | lost silently | given twice | over time or memory |\n");
        text.Append("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (var row in _results.GroupBy(key).OrderBy(row => row.Key, StringComparer.Ordinal)) Row(text, row.Key, [.. row]);
        Row(text, "all", _results);
        text.Append('\n');
    }

    private static void Row(StringBuilder text, string name, List<DamageResult> runs)
    {
        int Of(DamageOutcome outcome) => runs.Count(run => run.Outcome == outcome);
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {runs.Count:N0} | {Of(DamageOutcome.Told):N0} | {Of(DamageOutcome.Unchanged):N0} ")
            .Append(CultureInfo.InvariantCulture, $"| {Of(DamageOutcome.OtherValues):N0} | {Of(DamageOutcome.Undetectable):N0} ")
            .Append(CultureInfo.InvariantCulture, $"| {Of(DamageOutcome.Lost):N0} | {Of(DamageOutcome.Risen):N0} | {Of(DamageOutcome.OverBounds):N0} |\n");
    }

    internal static string InWords(Corruption corruption) =>
        string.Concat(corruption.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? " " + letter : letter.ToString()))
            .ToLowerInvariant();
}
