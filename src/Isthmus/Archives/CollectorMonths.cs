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

    /// <summary>Asked in place of the archive's pages; null for these.</summary>
    public BrokerIndex? Broker { get; init; }

    /// <summary>All files that were listed.</summary>
    public IReadOnlyCollection<ArchiveFile> Files => _files;

    /// <summary>What the archive should have of the period and does not, one line each.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>Lists the months of the period; false where the archive has none of them, for the reason that is given.</summary>
    public bool Look(out string? why, CancellationToken stop)
    {
        why = null;
        if (Broker is not null)
        {
            foreach (var month in period.Months) LookAt(month, isWanted: true, stop);
            return true;
        }
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
        if (Broker is null && !_months.Contains(month))
        {
            // Before its first month and after its last one a collector was not there.
            if (isWanted && month > _months[0] && month < _months[^1])
                Missing.Add($"{HttpAddress.Shown(collector.Archive.At(collector.Folder).AbsoluteUri)} lists no {Month(month)}, and months before and after it");
            return;
        }
        var settled = ArchivePeriod.After(month).ToDateTimeOffset() + bounds.SettleTime;
        // A month that is over is listed once for all, that of today anew each day.
        if (settled >= time.GetUtcNow()) settled = time.GetUtcNow() - bounds.ListAgeMax;
        try
        {
            if (Broker is not null) _files.AddRange(Broker.Files(transfer, collector, month, settled, stop));
            else LookAtPages(month, settled, isWanted, stop);
        }
        catch (InputException failure)
        {
            if (isWanted) Missing.Add(failure.Message);
        }
    }

    private void LookAtPages(Timestamp month, DateTimeOffset settled, bool isWanted, CancellationToken stop)
    {
        foreach (string folder in collector.FoldersOf(month, period.Ribs is not RibChoice.None, period.Updates))
        {
            try
            {
                _files.AddRange(collector.Files(transfer.Text(collector.Archive, folder, settled, stop), folder));
            }
            catch (InputException failure)
            {
                if (isWanted) Missing.Add(failure.Message);
            }
        }
    }
}
