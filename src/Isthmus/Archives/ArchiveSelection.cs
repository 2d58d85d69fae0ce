using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Archives;

/// <summary>Which dumps of a period are wanted beside the one that it begins with.</summary>
public enum RibChoice
{
    /// <summary>None.</summary>
    First,
    /// <summary>The first of each day (UTC) after the day of the first one.</summary>
    Daily,
    /// <summary>All.</summary>
    All,
    /// <summary>None, and not the first one either.</summary>
    None,
}

/// <summary>What is wanted of a collector's files: the state at the start of a period, and what changed in it.</summary>
/// <param name="From">The period's start.</param>
/// <param name="To">Its end, which is not of it.</param>
public sealed record ArchivePeriod(Timestamp From, Timestamp To)
{
    /// <summary>Which dumps.</summary>
    public RibChoice Ribs { get; init; } = RibChoice.Daily;

    /// <summary>Whether the updates.</summary>
    public bool Updates { get; init; } = true;

    /// <summary>The first instants of the months that it touches.</summary>
    public IReadOnlyList<Timestamp> Months
    {
        get
        {
            var months = new List<Timestamp>();
            var last = To - TimeSpan.FromMicroseconds(1);
            for (var month = ArchiveCollector.MonthOf(From); month <= last; month = After(month)) months.Add(month);
            return months;
        }
    }

    /// <summary>The first instant of the next month.</summary>
    public static Timestamp After(Timestamp month) => Timestamp.From(month.ToDateTimeOffset().AddMonths(1));

    /// <summary>The first instant of the month before.</summary>
    public static Timestamp Before(Timestamp month) => Timestamp.From(month.ToDateTimeOffset().AddMonths(-1));
}

/// <summary>The files of one collector that a period needs.</summary>
/// <param name="First">The last dump at or before the period's start; null where there is none, or none is wanted.</param>
/// <param name="Rest">All others, by time.</param>
public sealed record ArchiveSelection(ArchiveFile? First, IReadOnlyList<ArchiveFile> Rest)
{
    /// <summary>
    /// An updates file that starts so long before a time holds nothing of it: archives begin one each 5 or 15 minutes.
    /// </summary>
    private static readonly TimeSpan UpdatesMax = TimeSpan.FromHours(1);

    /// <summary>All files.</summary>
    public IEnumerable<ArchiveFile> Files => First is null ? Rest : Rest.Prepend(First);

    /// <summary>
    /// Chooses. What peers held at the period's start is the last dump before it and all updates since that dump; without a dump it is
    /// not known until the first one in the period.
    /// </summary>
    /// <param name="listed">All that the archive lists of the period's months, and of the one before where that is needed.</param>
    /// <param name="before">Only dumps that start before this may be the first; null for all up to the period's start.</param>
    public static ArchiveSelection Of(IReadOnlyCollection<ArchiveFile> listed, ArchivePeriod period, Timestamp? before = null)
    {
        ArchiveFile[] ribs = period.Ribs is RibChoice.None ? [] : Sorted(listed, FileKind.Rib);
        var first = ribs.LastOrDefault(rib => rib.Start <= period.From && !(rib.Start >= before));
        var inside = ribs.Where(rib => rib.Start > period.From && rib.Start < period.To);
        IEnumerable<ArchiveFile> more = period.Ribs switch
        {
            RibChoice.All => inside,
            RibChoice.Daily => inside.GroupBy(DayOf).Select(day => day.First()).Where(rib => first is null || DayOf(rib) > DayOf(first)),
            _ => first is null ? inside.Take(1) : [],
        };
        var since = first is not null && first.Start < period.From ? first.Start : period.From;
        ArchiveFile[] updates = period.Updates ? Sorted(listed, FileKind.Updates) : [];
        var running = updates.LastOrDefault(file => file.Start <= since && since - file.Start < UpdatesMax);
        var changes = updates.Where(file => file == running || file.Start > since && file.Start < period.To);
        return new(first, [.. more.Concat(changes).OrderBy(file => file.Start).ThenBy(file => file.Kind)]);
    }

    private static ArchiveFile[] Sorted(IEnumerable<ArchiveFile> listed, FileKind kind) =>
        [.. listed.Where(file => file.Kind == kind).DistinctBy(file => file.Start).OrderBy(file => file.Start)];

    private static long DayOf(ArchiveFile file) => file.Start.Seconds / 86_400;
}
