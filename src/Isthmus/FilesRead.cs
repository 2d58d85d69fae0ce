using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus;

/// <summary>What was read of a period: until when it speaks, what is missing, what is wrong with it.</summary>
/// <param name="First">The first event; null where there is none.</param>
/// <param name="Last">The last event.</param>
/// <param name="End">Until when the inputs speak: the last event, or the end of the last file that an archive wrote.</param>
/// <param name="Files">In the order of reading.</param>
/// <param name="Faults">In the order in which files ended.</param>
/// <param name="Gaps">Where files are missing, are damaged, or stop, in order.</param>
/// <param name="Stops">Of these gaps those of collectors that fell silent, and of which no missing file tells it.</param>
/// <param name="ViewName">Of the last peer index table that has one.</param>
internal sealed record FilesRead(
    Timestamp? First, Timestamp? Last, Timestamp? End, IReadOnlyList<ReadFile> Files, IReadOnlyList<string> Faults,
    IReadOnlyList<Gap> Gaps, IReadOnlyList<Gap> Stops, string ViewName)
{
    /// <inheritdoc cref="Coverage.NotDecoded"/>
    public IReadOnlyList<KeyValuePair<PassedOver, long>> NotDecoded { get; init; } = [];

    /// <summary>The first record behind the time that was asked for, of a file that was read; null where there was none.</summary>
    public Timestamp? Later { get; init; }

    /// <inheritdoc cref="Coverage.Late"/>
    public IReadOnlyList<KeyValuePair<string, long>> Late { get; init; } = [];

    /// <inheritdoc cref="Coverage.Views"/>
    public IReadOnlyList<(string File, IReadOnlyList<string> Views)> Views { get; init; } = [];

    /// <summary>Puts together what was read.</summary>
    /// <param name="ended">The files in the order in which they ended.</param>
    /// <param name="plan">The same in the order of reading, as far as a period goes.</param>
    /// <param name="until">The end that was asked for; null for none.</param>
    /// <param name="rhythms">How often each collector wrote updates.</param>
    public static FilesRead Of(
        IReadOnlyList<FileRecord> ended, IReadOnlyList<PlannedFile> plan, Timestamp? until,
        IEnumerable<KeyValuePair<Collector, UpdateRhythm>> rhythms)
    {
        var places = plan.Select((file, place) => (file.Index, place)).ToDictionary(entry => entry.Index, entry => entry.place);
        var last = ended.Where(file => file.Read.First is not null).Max(file => file.Read.Last);
        var filesEnd = ArchivePlan.End(plan);
        var end = filesEnd > last ? filesEnd : last ?? filesEnd;
        var missing = ArchivePlan.Gaps(plan, until ?? last ?? default);
        Gap[] stops = [.. StopsOf(rhythms, missing, end)];
        var damage = ended.Where(file => file.CutAt is not null)
            .Select(file => new Gap(file.Read.Collector, file.CutAt!.Value, file.CutAt.Value, GapCause.FileDamaged));
        return new(ended.Min(file => file.Opens), last, end,
            [.. ended.OrderBy(file => places[file.Plan.Index]).Select(file => file.Read)],
            [.. ended.SelectMany(file => file.Faults)],
            [.. missing.Concat(stops).Concat(damage).OrderBy(gap => gap.From).ThenBy(gap => gap.Collector)], stops,
            ended.LastOrDefault(file => file.ViewName.Length > 0)?.ViewName ?? "")
        {
            NotDecoded = [.. PassedOverCounts.InOrder(ended.SelectMany(file => file.NotDecoded))],
            Views = [.. ended.Where(file => file.Views.Count > 1).Select(file => (file.Read.Name, file.Views))],
        };
    }

    private static IEnumerable<Gap> StopsOf(
        IEnumerable<KeyValuePair<Collector, UpdateRhythm>> rhythms, IReadOnlyList<Gap> missing, Timestamp? end) =>
        from heard in rhythms
        where end is { } last && heard.Value.HasStopped(last)
            && !missing.Any(gap => gap.Collector == heard.Key && gap.From >= heard.Value.Last)
        select new Gap(heard.Key, heard.Value.Last!.Value, end!.Value, GapCause.NoInput);
}
