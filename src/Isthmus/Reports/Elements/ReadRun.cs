using System.Runtime.ExceptionServices;

using Isthmus.Filters;
using Isthmus.Sources;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Reports.Elements;

/// <summary>What was read of one file, and what was wrong with it.</summary>
/// <param name="Records">MRT records.</param>
/// <param name="OtherRecords">Records among them of types that hold no routes, or that are not known.</param>
/// <param name="Elements">Route events: the lines that <c>bgpdump -m</c> would print.</param>
public sealed record FileTally(string Name, long Records, long OtherRecords, long Elements, FaultLedger Faults)
{
    /// <summary>How the file is compressed, by its content.</summary>
    public CompressionFormat Compression { get; init; }

    /// <summary>Bytes read, decompressed.</summary>
    public long Bytes { get; init; }
}

/// <summary>What was read of all files.</summary>
public sealed record ReadTally(IReadOnlyList<FileTally> Files)
{
    public long Records => Files.Sum(file => file.Records);

    public long Elements => Files.Sum(file => file.Elements);

    public long Faults => Files.Sum(file => file.Faults.Count);

    /// <summary>True when something was damaged, so that the answer is incomplete.</summary>
    public bool Damaged => Faults > 0;

    /// <summary>The faults in words, one line each, file by file; those beyond what is told are counted at the end.</summary>
    public IEnumerable<string> FaultLines() => Files.SelectMany(file => file.Faults.Lines(file.Name));
}

/// <summary>What is to be read, and which of it is wanted.</summary>
public sealed record ReadRequest(IReadOnlyList<InputFile> Files)
{
    /// <summary>Where the elements go; null to count only. It is flushed at the end.</summary>
    public ElementWriter? Elements { get; init; }

    /// <summary>Which elements are wanted; all where not given.</summary>
    public Filter? Where { get; init; }

    /// <summary>Faults of records that each ledger keeps.</summary>
    public int FaultsKept { get; init; } = FaultLedger.ToldMax;
}

/// <summary>The work of <c>isthmus read</c>: every element of the files, counted and, where text is wanted, written.</summary>
public static class ReadRun
{
    /// <summary>How often it is asked whether to go on, and progress told, in records.</summary>
    private const int StepRecords = 1 << 12;

    /// <summary>Reads the files one after the other. Damage is entered in the tally, never thrown.</summary>
    /// <param name="writer">Where the elements go; null to count only. It is flushed at the end.</param>
    /// <param name="where">Which elements are wanted; all where not given.</param>
    public static ReadTally Run(
        IReadOnlyList<InputFile> files, ElementWriter? writer, ReadProgress progress, CancellationToken stop, Filter? where = null) =>
        Run(new(files) { Elements = writer, Where = where }, progress, stop);

    /// <inheritdoc cref="Run(IReadOnlyList{InputFile}, ElementWriter?, ReadProgress, CancellationToken, Filter?)"/>
    public static ReadTally Run(ReadRequest request, ReadProgress progress, CancellationToken stop)
    {
        progress.FilesTotal += request.Files.Count;
        progress.BytesTotal += request.Files.Sum(file => file.SizeBytes);
        var tallies = new FileTally[request.Files.Count];
        // Text comes in the order of the files, so they are read one after the other; counts come in any order.
        bool sideBySide = request.Elements is null && Environment.ProcessorCount > 1 && tallies.Length > 1;
        if (sideBySide) InParallel(tallies.Length, i => tallies[i] = ReadFile(request.Files[i], request, progress, stop), stop);
        else for (int i = 0; i < tallies.Length; i++) tallies[i] = ReadFile(request.Files[i], request, progress, stop);
        request.Elements?.Flush();
        return new(tallies);
    }

    private static void InParallel(int count, Action<int> work, CancellationToken stop)
    {
        try
        {
            Parallel.For(0, count, new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, work);
        }
        catch (AggregateException failures)
        {
            // As if it had happened alone: whoever catches it tells of one.
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    private static FileTally ReadFile(InputFile file, ReadRequest request, ReadProgress progress, CancellationToken stop)
    {
        var filter = request.Where?.For(file.Collector);
        var faults = new FaultLedger(request.FaultsKept);
        if (filter is { IsNever: true })
        {
            progress.AddBytes(file.SizeBytes);
            progress.AddFile();
            return new(file.Name, 0, 0, 0, faults);
        }
        // Files read side by side keep the cores busy; a file alone is decompressed on one and decoded on another.
        bool isAlone = request.Elements is not null || request.Files.Count == 1;
        using var plain = isAlone && Environment.ProcessorCount > 1
            ? Decompression.OpenAhead(File.OpenRead(file.Path)) : Decompression.Open(File.OpenRead(file.Path));
        using var records = RecordSource.Open(plain, faults);
        var events = new RouteEventReader { Sieve = filter?.Sieve };
        request.Elements?.StartFile(file.Name, file.Collector.Name);
        long elements = 0, others = 0, told = 0, bytesTold = 0;
        while (records.TryRead(out var record))
        {
            elements += request.Elements is null ? Count(record, events, filter) : Write(record, events, request.Elements, filter);
            if (events.Fault.Kind is FaultKind.Unknown) others++;
            else if (events.Fault.Kind is not FaultKind.None) records.Enter(record, events.Fault);
            if (records.Records - told < StepRecords) continue;
            stop.ThrowIfCancellationRequested();
            progress.AddRecords(records.Records - told);
            progress.AddBytes(plain.CompressedOffset - bytesTold);
            (told, bytesTold) = (records.Records, plain.CompressedOffset);
        }
        faults.AddDamage(plain);
        progress.AddRecords(records.Records - told);
        progress.AddBytes(file.SizeBytes - bytesTold);
        progress.AddFile();
        return new(file.Name, records.Records, others, elements, faults) { Compression = plain.Format, Bytes = records.Offset };
    }

    private static long Count(in MrtRecord record, RouteEventReader events, FileFilter? filter)
    {
        bool? hasFault = HasFault(record, events, filter);
        long count = 0;
        // Not by foreach, which copies the walk.
        var walk = events.Read(record);
        while (walk.MoveNext())
            if (filter is null || filter.Passes(walk.Current, events, hasFault)) count++;
        return count;
    }

    private static long Write(in MrtRecord record, RouteEventReader events, ElementWriter writer, FileFilter? filter)
    {
        bool? hasFault = HasFault(record, events, filter);
        long count = 0;
        var walk = events.Read(record);
        writer.StartRecord(record, events);
        foreach (ref readonly var routeEvent in walk)
        {
            if (filter is not null && !filter.Passes(routeEvent, events, hasFault)) continue;
            writer.Write(routeEvent, events);
            count++;
        }
        return count;
    }

    // What is wrong with a record may be met behind its first events, so a filter that asks has it walked once before.
    private static bool? HasFault(in MrtRecord record, RouteEventReader events, FileFilter? filter)
    {
        if (filter is not { AsksFault: true }) return null;
        foreach (ref readonly var _ in events.Read(record)) { }
        return events.Fault.Kind is not FaultKind.None and not FaultKind.Unknown;
    }
}
