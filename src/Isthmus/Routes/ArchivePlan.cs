using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>A file of an archive before it is read: whose, what, and of which time.</summary>
/// <param name="Index">Its place among the inputs.</param>
/// <param name="Start">By its name, or by its first record.</param>
/// <param name="Timed">True when the name tells the start, so that the archive's rhythm can be judged by it.</param>
public readonly record struct PlannedFile(int Index, Collector Collector, bool IsRib, Timestamp Start, bool Timed);

/// <summary>In which order files are read, and where updates are missing between them.</summary>
public static class ArchivePlan
{
    /// <summary>A next file that starts later than so many intervals after the last leaves a gap.</summary>
    private const double IntervalsMax = 1.5;

    /// <summary>The order of reading: time, a RIB before updates, collector; else as they are given.</summary>
    public static IReadOnlyList<PlannedFile> Order(IEnumerable<PlannedFile> files) => [.. files
        .OrderBy(file => file.Start).ThenBy(file => !file.IsRib).ThenBy(file => file.Collector)];

    /// <summary>
    /// Where a collector's updates files are missing: between two of them by the archive's own rhythm (the most
    /// common interval), from a dump to the first of them, and from the end of the last one to the end of the period.
    /// </summary>
    public static IReadOnlyList<Gap> Gaps(IEnumerable<PlannedFile> files, Timestamp end)
    {
        var gaps = new List<Gap>();
        foreach (var archive in files.Where(file => file.Timed).GroupBy(file => file.Collector).OrderBy(group => group.Key))
        {
            Timestamp[] starts = [.. archive.Where(file => !file.IsRib).Select(file => file.Start).Distinct().Order()];
            if (Interval(starts) is not { } interval) continue;
            // Nothing says what came between a dump and the first of the updates.
            if (archive.Where(file => file.IsRib).Select(file => file.Start).DefaultIfEmpty(starts[0]).Min() is var dump
                && starts[0] - dump > interval * IntervalsMax) gaps.Add(new(archive.Key, dump, starts[0], GapCause.NoUpdatesFile));
            for (int i = 0; i < starts.Length; i++)
            {
                var next = i + 1 < starts.Length ? starts[i + 1] : end;
                if (next - starts[i] > interval * IntervalsMax)
                    gaps.Add(new(archive.Key, starts[i] + interval, next, GapCause.NoUpdatesFile));
            }
        }
        return [.. gaps.OrderBy(gap => gap.From).ThenBy(gap => gap.Collector)];
    }

    /// <summary>
    /// Collectors whose input begins later than the period or ends earlier, by more than <paramref name="tolerance"/>.
    /// The end of an archive that has a rhythm is judged by <see cref="Gaps"/>, and not here.
    /// </summary>
    /// <param name="end">Until when anything is known.</param>
    public static IReadOnlyList<Gap> Edges(
        IEnumerable<PlannedFile> files, (Timestamp From, Timestamp To) period, Timestamp end, TimeSpan tolerance)
    {
        var gaps = new List<Gap>();
        foreach (var archive in files.GroupBy(file => file.Collector).OrderBy(group => group.Key))
        {
            var begin = archive.Min(file => file.Start);
            if (begin - period.From > tolerance)
                gaps.Add(new(archive.Key, period.From, begin < period.To ? begin : period.To, GapCause.NoInput));
            if (end > begin && period.To - end > tolerance && End(archive) is null)
                gaps.Add(new(archive.Key, end > period.From ? end : period.From, period.To, GapCause.NoInput));
        }
        return gaps;
    }

    /// <summary>
    /// When the last updates file of all collectors ends, by each archive's own rhythm: a collector whose files end
    /// earlier has stopped. Null where no rhythm can be judged.
    /// </summary>
    public static Timestamp? End(IEnumerable<PlannedFile> files) => files
        .Where(file => file is { IsRib: false, Timed: true })
        .GroupBy(file => file.Collector)
        .Select(archive => archive.Select(file => file.Start).Distinct().Order().ToArray())
        .Select(starts => starts[^1] + Interval(starts))
        .Max();

    /// <summary>The most common interval between starts, the shortest of equally common ones; null for fewer than two files.</summary>
    private static TimeSpan? Interval(Timestamp[] starts) => starts
        .Zip(starts.Skip(1), (earlier, later) => later - earlier)
        .GroupBy(interval => interval)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key)
        .Select(group => (TimeSpan?)group.Key)
        .FirstOrDefault();
}
