using Isthmus.Sources;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Archives;

/// <summary>What an archive lists of one collector: which months it has, and the files of those that were looked at.</summary>
internal sealed class CollectorMonths(
    ArchiveCollector collector, ArchivePeriod period, ArchiveTransfer transfer, TimeProvider time, FetchBounds bounds)
{
    private readonly List<ArchiveFile> _files = [];
    private readonly HashSet<Timestamp> _looked = [];
    private IReadOnlyList<Timestamp> _months = [];

    /// <summary>All files that were listed.</summary>
    public IReadOnlyCollection<ArchiveFile> Files => _files;

    /// <summary>What the archive should have of the period and does not, one line each.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>Lists the months of the period; false where the archive has none of them, for the reason that is given.</summary>
    public bool Look(out string? why, CancellationToken stop)
    {
        why = null;
        string shown = HttpAddress.Shown(collector.Archive.At(collector.Folder).AbsoluteUri);
        try
        {
            string page = transfer.Text(collector.Archive, collector.Folder, time.GetUtcNow() - bounds.ListAgeMax, stop);
            _months = ArchiveCollector.Months(page);
        }
        catch (InputException failure)
        {
            Missing.Add(failure.Message);
            return false;
        }
        var wanted = period.Months;
        if (_months.Count == 0 || wanted[0] > _months[^1] || wanted[^1] < _months[0])
        {
            why = _months.Count == 0 ? $"{shown} lists no months"
                : $"{collector.Collector.Name} has nothing of that time: its archive has {Month(_months[0])} to {Month(_months[^1])}";
            return false;
        }
        foreach (var month in wanted) LookAt(month, isWanted: true, stop);
        return true;
    }

    private static string Month(Timestamp month) => Wording.Date(month)[..7].Replace('-', '.');

    /// <summary>
    /// Chooses the files. Where no dump of the period's first month begins before the period, the month before is looked at as well.
    /// </summary>
    /// <param name="before">Only dumps that start before this may be the first; null for all up to the period's start.</param>
    public ArchiveSelection Select(Timestamp? before, CancellationToken stop)
    {
        var selection = ArchiveSelection.Of(_files, period, before);
        if (selection.First is not null || period.Ribs is RibChoice.None) return selection;
        LookAt(ArchivePeriod.Before(period.Months[0]), isWanted: false, stop);
        return ArchiveSelection.Of(_files, period, before);
    }

    private void LookAt(Timestamp month, bool isWanted, CancellationToken stop)
    {
        if (!_looked.Add(month)) return;
        if (!_months.Contains(month))
        {
            // Before its first month and after its last one a collector was not there.
            if (isWanted && month > _months[0] && month < _months[^1])
                Missing.Add($"{HttpAddress.Shown(collector.Archive.At(collector.Folder).AbsoluteUri)} lists no {Month(month)}, and months before and after it");
            return;
        }
        var settled = ArchivePeriod.After(month).ToDateTimeOffset() + bounds.SettleTime;
        var earliest = time.GetUtcNow() - bounds.ListAgeMax;
        foreach (string folder in collector.FoldersOf(month, period.Ribs is not RibChoice.None, period.Updates))
        {
            try
            {
                // A month that is over is listed once for all, that of today anew each day.
                string page = transfer.Text(collector.Archive, folder, settled < time.GetUtcNow() ? settled : earliest, stop);
                _files.AddRange(collector.Files(page, folder));
            }
            catch (InputException failure)
            {
                if (isWanted) Missing.Add(failure.Message);
            }
        }
    }
}
