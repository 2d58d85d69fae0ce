using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>What came of adding files to a store.</summary>
/// <param name="Added">Files that are in it now and were not before.</param>
/// <param name="Known">Files that were in it already.</param>
/// <param name="Problems">Files that were not taken, with the reason, one line each.</param>
/// <param name="Faults">What is wrong with the files that were added, one line each.</param>
public sealed record IngestResult(int Added, int Known, IReadOnlyList<string> Problems, IReadOnlyList<string> Faults);

/// <summary>
/// Adds files to a store: each once, in any order and by any number of runs; what is stored is what one run over all of them in order would
/// have stored. The files of a collector are stored together or not at all, whatever ends the program.
/// </summary>
public sealed class Ingest
{
    /// <summary>Rounds in which collectors are read again because of what others show: each follows more prefixes than the last.</summary>
    private const int RoundsMax = 8;

    private readonly IStoreWriter _writer;
    private readonly CancellationToken _stop;
    private readonly List<string> _problems = [], _faults = [];

    // All files of each collector: those that are stored, where they are now, and those to add.
    private readonly Dictionary<Collector, List<StoredSource>> _files;
    private readonly HashSet<string> _stored;
    private readonly HashSet<Collector> _left = [];
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    private Ingest(IStoreWriter writer, CancellationToken stop)
    {
        (_writer, _stop) = (writer, stop);
        var stored = writer.Sources();
        _files = stored.GroupBy(file => file.File.Collector).ToDictionary(group => group.Key, group => group.ToList());
        _stored = stored.Select(file => file.Sha256).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Adds files.</summary>
    /// <param name="inputs">What to add.</param>
    /// <param name="selection">Whose routes to keep; null for those that the store keeps already, of a new one for all.</param>
    /// <param name="words">What names the registry; a selection of countries is not added to by another one.</param>
    /// <param name="subjectOf">Who is meant by a text of the selection.</param>
    /// <exception cref="StoreException">The store cannot be written, or it keeps the routes of others.</exception>
    public static IngestResult Run(StoreAddress address, InputSet inputs, StoreSelection? selection, Func<string, Subject> subjectOf,
        RegistrySnapshot registry, string words, ReadProgress progress, CancellationToken stop)
    {
        using var writer = address.OpenToAdd();
        var kept = writer.Select(selection, words);
        var ingest = new Ingest(writer, stop);
        var (added, known) = ingest.Take(inputs);
        ingest.Read(added, end => new([.. kept.Subjects.Select(text =>
            new AttributedPaths(new PathTable(), subjectOf(text), registry.At(end), new PathCleaning(), kept.Rule))]), progress);
        writer.Note(inputs);
        int written = added.Count(file => ingest._written.Contains(file.Sha256));
        int byOthers = added.Count(file => ingest._stored.Contains(file.Sha256)) - written;
        return new(written, known + byOthers, [.. inputs.Unread, .. ingest._problems], ingest._faults);
    }

    // Which of the inputs are new. One that is stored is read again from where it is now, should that be needed.
    private (List<StoredSource> Added, int Known) Take(InputSet inputs)
    {
        var added = new List<StoredSource>();
        int known = 0;
        foreach (var file in inputs.Files)
        {
            _stop.ThrowIfCancellationRequested();
            string hash = file.Hash();
            if (!_files.TryGetValue(file.Collector, out var of)) _files[file.Collector] = of = [];
            int same = of.FindIndex(one => one.Sha256 == hash);
            if (same >= 0)
            {
                // It may be in a packed folder now, or in none.
                if (_stored.Contains(hash))
                    of[same] = of[same] with { File = InputFile.Named(file, of[same].File.Name, file.Collector.Name) };
                known++;
            }
            else if (of.Find(one => file.Time is not null && one.File.Time == file.Time && one.File.Kind == file.Kind) is { } other)
            {
                _problems.Add($"{file.Name} is not stored: {other.File.Name} of the same collector and time is, with other content ({other.Sha256[..12]})");
            }
            else
            {
                of.Add(new(file, hash));
                added.Add(of[^1]);
            }
        }
        return (added, known);
    }

    private void Read(List<StoredSource> added, Func<DateOnly?, Selection> select, ReadProgress progress)
    {
        if (_files.Values.All(of => of.Count == 0)) return;
        Collector[] todo = [.. added.Select(file => file.File.Collector).Distinct().Order()];
        // A run that was ended may have stored all that is new, and not have come to what others have to be read again for.
        bool isAgain = todo.Length == 0;
        if (isAgain) todo = Behind();
        for (int round = 0; todo.Length > 0 && round < RoundsMax; round++, isAgain = true)
        {
            // Those that others have now come last: they may be stored by then.
            var taken = todo.Where(collector => !Store(collector, isAgain, waits: false)).ToArray();
            foreach (var collector in taken) Store(collector, isAgain, waits: true);
            LookAgain();
            todo = Behind();
        }

        Collector[] Behind() => [.. _writer.Behind(Plan().End).Where(collector => !_left.Contains(collector))];

        (Timestamp? End, DateOnly Day) Plan()
        {
            var plan = _files.Values.SelectMany(of => of).Select((file, index) => Survey.PlanOf(file.File, index)).ToArray();
            return (ArchivePlan.End(plan), DateOnly.FromDateTime(plan.Max(file => file.Start).ToDateTimeOffset().UtcDateTime));
        }

        bool Store(Collector collector, bool isAgain, bool waits)
        {
            if (!_writer.Claim(collector, waits, _stop)) return false;
            try
            {
                LookAgain();
                bool isToRead = !_writer.IsShared || _files[collector].Any(file => !_stored.Contains(file.Sha256))
                    || isAgain && _writer.Behind(Plan().End).Contains(collector);
                if (isToRead) Write(collector);
            }
            finally
            {
                _writer.GiveBack();
            }
            return true;
        }

        void Write(Collector collector)
        {
            StoredSource[] files = [.. _files[collector].OrderBy(file => file.File.Name, StringComparer.Ordinal)
                .ThenBy(file => file.File.Path, StringComparer.Ordinal)];
            var (end, day) = Plan();
            var selection = select(day);
            var collected = Further(collector, files, select(day), end, progress);
            if (collected is null && !AreThere(collector)) return;
            collected ??= Collected.Of([.. files.Select(file => file.File)], selection, _writer.Followed(), end, progress, _stop);
            if (!AreTheSame(collector, collected, files)) return;
            _faults.AddRange(collected.Record.Files.Where(file => !_stored.Contains(file.Read.Sha256)).SelectMany(file => file.Faults));
            _writer.Write(collected, files, selection.TakesAll);
            _written.UnionWith(files.Select(file => file.Sha256).Where(hash => !_stored.Contains(hash)));
            _stored.UnionWith(files.Select(file => file.Sha256));
        }
    }

    // What others stored meanwhile.
    private void LookAgain()
    {
        if (!_writer.IsShared) return;
        foreach (var file in _writer.Sources())
        {
            if (!_stored.Add(file.Sha256)) continue;
            if (!_files.TryGetValue(file.File.Collector, out var of)) _files[file.File.Collector] = of = [];
            if (!of.Exists(one => one.Sha256 == file.Sha256)) of.Add(file);
        }
    }

    // What comes behind all that is stored of a collector is read without it.
    private Collected? Further(Collector collector, StoredSource[] files, Selection selection, Timestamp? end, ReadProgress progress)
    {
        if (_writer.CheckpointOf(collector) is not { } checkpoint) return null;
        var places = files.Index().ToDictionary(entry => entry.Item.Sha256, entry => entry.Index, StringComparer.Ordinal);
        FileRecord[] read = [.. checkpoint.Read.Select(file =>
            file with { Plan = Survey.PlanOf(files[places[file.Read.Sha256]].File, places[file.Read.Sha256]) })];
        try
        {
            return Collected.Further([.. files.Select(file => file.File)], read, checkpoint.State, selection, [.. _writer.Followed()], end,
                progress, _stop);
        }
        catch (InvalidDataException)
        {
            // Of another program, or damaged: all is in the files.
            return null;
        }
    }

    // Files of a collector are read again where others come before them.
    private bool AreThere(Collector collector)
    {
        var gone = _files[collector].Where(file => _stored.Contains(file.Sha256) && !file.IsThere).ToArray();
        if (gone.Length == 0) return true;
        _left.Add(collector);
        _problems.Add($"the files of {collector.Name} are not stored: {gone.Length} that are stored have to be read with them, as"
            + $" {gone[0].File.Name}, and are not where they were; give them with the others");
        return false;
    }

    private bool AreTheSame(Collector collector, Collected collected, StoredSource[] files)
    {
        var hashes = files.Select(file => file.Sha256).ToHashSet(StringComparer.Ordinal);
        if (collected.Record.Files.FirstOrDefault(file => !hashes.Contains(file.Read.Sha256)) is not { } changed) return true;
        _left.Add(collector);
        _problems.Add($"the files of {collector.Name} are not stored: {changed.Read.Name} is not what it was when it was stored, or changed"
            + " while it was read; give the file that was stored");
        return false;
    }
}

/// <summary>A file that is stored, or to be.</summary>
/// <param name="File">What it is, and where it was.</param>
/// <param name="Sha256">Of its bytes as they lie there, lower-case hex.</param>
internal sealed record StoredSource(InputFile File, string Sha256)
{
    /// <summary>True where it can be read again.</summary>
    public bool IsThere => System.IO.File.Exists(File.Path);
}
