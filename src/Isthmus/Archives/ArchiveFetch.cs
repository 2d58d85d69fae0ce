using System.Collections.Concurrent;
using System.IO.Enumeration;

using Isthmus.Sources;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Archives;

/// <summary>
/// Finds in archives what a period needs, and brings it here: which collectors there are, which months and files each has, by the pages of
/// their folders, the dump that the period begins with, and the rest, side by side (docs/fetch.md).
/// </summary>
public sealed class ArchiveFetch
{
    private readonly ArchiveCache _cache;
    private readonly FetchQuestion _question;
    private readonly FetchBounds _bounds;
    private readonly FetchProgress _progress;
    private readonly TimeProvider _time;
    private readonly ArchiveWorkers _workers;

    // Of each server, how many files in a row it gave no answer for.
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.OrdinalIgnoreCase);
    private CachedFile? _notice;
    private readonly BrokerIndex? _broker;

    /// <summary>Nothing is asked yet.</summary>
    /// <param name="time">When something is fetched: what archives may still add to is asked for again after a while.</param>
    public ArchiveFetch(FetchQuestion question, ArchiveCache cache, FetchProgress progress, TimeProvider time)
        : this(question, cache, progress, time, new()) { }

    internal ArchiveFetch(FetchQuestion question, ArchiveCache cache, FetchProgress progress, TimeProvider time, FetchBounds bounds)
    {
        (_question, _cache, _progress, _time, _bounds) = (question, cache, progress, time, bounds);
        _broker = question.Broker is { } broker ? new(broker, question.Archives) : null;
        _workers = new(() => new(cache, bounds, progress, time, question.IsOffline), bounds.ConnectionsMax);
    }

    private sealed class Course(ArchiveCollector collector)
    {
        public ArchiveCollector Collector => collector;
        public List<FetchedFile> Files { get; } = [];
        public List<string> Missing { get; } = [];
    }

    /// <summary>Finds the files and fetches them.</summary>
    /// <param name="isPlan">True to find them only, and fetch none.</param>
    /// <param name="bytesMax">So many bytes the cache is to hold in the end; more where this run uses more.</param>
    /// <exception cref="InputException">There is no such collector, or none has anything of the period.</exception>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    public Fetched Run(bool isPlan, long bytesMax, CancellationToken stop)
    {
        Course[] courses = [.. Collectors(stop).Select(collector => new Course(collector))];
        _workers.Each(courses, course => course.Collector.Archive, (transfer, course) => Begin(course, transfer, isPlan, stop), stop);
        string[] missing = [.. courses.SelectMany(course => course.Missing)];
        if (courses.All(course => course.Files.Count == 0))
            throw new InputException(missing.Length > 0 ? missing[0] : "the archives have nothing of that time for these collectors");
        var wanted = courses.SelectMany(course => course.Files).Where(file => file.Copy is null).OrderBy(file => file.File.Start).ToArray();
        if (isPlan) return new(Sorted(courses.SelectMany(course => course.Files)), missing, _notice);
        if (!_question.IsOffline) _cache.Trim(Math.Max(0, bytesMax - wanted.Sum(file => file.File.RoughBytes ?? 0)));
        _progress.FilesTotal += wanted.Length;
        _progress.BytesTotal += wanted.Sum(file => file.File.RoughBytes ?? 0);
        var got = new ConcurrentBag<FetchedFile>(courses.SelectMany(course => course.Files).Where(file => file.Copy is not null));
        var lost = new ConcurrentBag<(ArchiveFile File, string Why)>();
        _workers.Each(wanted, file => file.File.Of.Archive, (transfer, file) =>
        {
            if (Get(transfer, file.File, out string? why, stop) is { } copy) got.Add(file with { Copy = copy });
            else lost.Add((file.File, why!));
        }, stop);
        if (!_question.IsOffline) _cache.Trim(bytesMax);
        var failed = lost.OrderBy(file => file.File.Path, StringComparer.Ordinal).Select(file => file.Why);
        return new(Sorted(got), [.. missing, .. failed], _notice);
    }

    private static IReadOnlyList<FetchedFile> Sorted(IEnumerable<FetchedFile> files) =>
        [.. files.OrderBy(file => file.File.Path, StringComparer.Ordinal)];

    /// <summary>The collectors that the question asks for, by what the archives list.</summary>
    private IReadOnlyList<ArchiveCollector> Collectors(CancellationToken stop)
    {
        var listed = new List<ArchiveCollector>();
        var earliest = _time.GetUtcNow() - _bounds.ListAgeMax;
        var failed = new List<string>();
        using var transfer = new ArchiveTransfer(_cache, _bounds, _progress, _time, _question.IsOffline);
        if (_broker is not null) return Chosen(_broker.Collectors(transfer, _question.Period.From, earliest, stop), stop);
        foreach (var archive in _question.Archives)
        {
            try
            {
                string page = transfer.Text(archive, "", earliest, stop);
                listed.AddRange(ArchiveCollector.In(page, archive));
                if (_notice is null && ListingPage.Names(page).Any(name => name.Name == FolderNotice.Name))
                    _notice = transfer.Get(archive, FolderNotice.Name, earliest, _bounds.ListingBytesMax, stop);
            }
            catch (InputException failure)
            {
                failed.Add(failure.Message);
            }
        }
        var known = listed.DistinctBy(one => one.Collector.Name, StringComparer.Ordinal).OrderBy(one => one.Collector).ToList();
        if (known.Count == 0) throw new InputException(failed.Count > 0 ? failed[0]
            : $"{_question.Archives[0].Name} lists no collector: no rrc00, no route-views… and no bgpdata; give the folder that holds them");
        foreach (string why in failed) _progress.Note(why);
        return Chosen(known, stop);
    }

    private IReadOnlyList<ArchiveCollector> Chosen(IReadOnlyList<ArchiveCollector> known, CancellationToken stop)
    {
        var names = _question.IsDefault ? FetchQuestion.CollectorsDefault : _question.Collectors;
        bool Fits(ArchiveCollector one, string name) => FileSystemName.MatchesSimpleExpression(name, one.Collector.Name);
        string List() => string.Join(", ", known.Select(one => one.Collector.Name));
        if (!_question.IsDefault && names.FirstOrDefault(name => !known.Any(one => Fits(one, name))) is { } none)
            throw new InputException($"no archive lists a collector {none}; there are {List()}");
        // The table of oix-route-views is the text of a router, and of use to who asks for it by name.
        var chosen = known.Where(one => names.Count == 0 ? one.Collector.Name is not "oix-route-views" : names.Any(name => Fits(one, name)))
            .Where(one => _question.Project is not { } project || one.Collector.Project == project).ToList();
        if (chosen.Count == 0) throw new InputException(_question.IsDefault
            ? $"the archive has neither {Wording.Join(names)}; say which of its collectors are meant: {List()}"
            : $"none of these collectors is of the project that is asked for; there are {List()}");
        return _question.Most is { } most && most < chosen.Count ? Most(chosen, most, stop) : chosen;
    }

    // Those with the most different peers that send all routes, by the start of the dump that the period begins with.
    private IReadOnlyList<ArchiveCollector> Most(List<ArchiveCollector> known, int most, CancellationToken stop)
    {
        var samples = new ConcurrentBag<(ArchiveCollector, FeedSample)>();
        var dumps = _question.Period with { Ribs = RibChoice.First, Updates = false };
        _progress.FilesTotal += known.Count;
        _workers.Each(known, one => one.Archive, (transfer, collector) =>
        {
            var months = new CollectorMonths(collector, dumps, transfer, _time, _bounds) { Broker = _broker };
            try
            {
                if (months.Look(out string? why, stop) && months.Select(null, stop) is { First: { } dump })
                    samples.Add((collector, transfer.Sample(dump, stop)));
                else _progress.Note(why ?? months.Missing.FirstOrDefault() ?? $"{collector.Collector.Name} has no dump before the period");
            }
            catch (InputException failure)
            {
                _progress.Note(failure.Message);
            }
            _progress.AddFile();
        }, stop);
        var chosen = FeedChoice.Most(samples, most);
        if (chosen.Count == 0) throw new InputException("no dump tells which collectors have peers that send all IPv4 routes; name collectors");
        foreach (var one in chosen) _progress.Note(
            $"{one.Collector.Collector.Name}: {Wording.Count(one.Full, "peer AS sends", "peer ASes send")} it all IPv4 routes, {Wording.Count(one.Added)} of which no collector named before has");
        return [.. chosen.Select(one => one.Collector).OrderBy(one => one.Collector)];
    }

    // Lists a collector's files, and fetches the dump that all else builds on: where it holds nothing, the one before it.
    private void Begin(Course course, ArchiveTransfer transfer, bool isPlan, CancellationToken stop)
    {
        var months = new CollectorMonths(course.Collector, _question.Period, transfer, _time, _bounds) { Broker = _broker };
        if (!months.Look(out string? why, stop))
        {
            course.Missing.AddRange(months.Missing);
            if (why is not null) _progress.Note(why);
            return;
        }
        Timestamp? before = null;
        var selection = months.Select(before, stop);
        while (!isPlan && selection.First is { } first)
        {
            _progress.FilesTotal++;
            _progress.BytesTotal += first.RoughBytes ?? 0;
            if (Get(transfer, first, out why, stop) is not { } copy)
            {
                course.Missing.Add(why!);
                if (_failures.GetValueOrDefault(first.Address.Authority) >= _bounds.FailuresMax) break;
            }
            else if (copy.Bytes > EmptyDump.StoredBytesMax || !EmptyDump.Is(copy.Path))
            {
                course.Files.Add(new(first, copy));
                break;
            }
            else _progress.Note($"{first.Shown} holds no route; the dump before it is taken");
            selection = months.Select(before = first.Start, stop);
        }
        course.Missing.AddRange(months.Missing);
        var rest = isPlan ? selection.Files : selection.Rest;
        course.Files.AddRange(rest.Select(file => new FetchedFile(file, null)));
    }

    private CachedFile? Get(ArchiveTransfer transfer, ArchiveFile file, out string? why, CancellationToken stop)
    {
        why = null;
        string server = file.Address.Authority;
        try
        {
            if (_failures.GetValueOrDefault(server) >= _bounds.FailuresMax)
            {
                _progress.AddDone(file.RoughBytes ?? 0);
                why = $"{file.Shown} was not asked for: the server gave no answer for {Wording.Count(_bounds.FailuresMax)} files in a row";
                return null;
            }
            var copy = transfer.Get(file, stop);
            _failures[server] = 0;
            return copy;
        }
        catch (InputException failure)
        {
            if (failure.IsOfServer) _failures.AddOrUpdate(server, 1, (_, count) => count + 1);
            why = failure.Message;
            return null;
        }
        finally
        {
            _progress.AddFile();
        }
    }
}
