using System.Runtime.ExceptionServices;

using Isthmus.Filters;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

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
    /// <summary>What could not be read, with the reason, one line each.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>What is no MRT, with the reason, one line each.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>Addresses that a server redirected to others, with these, one line each.</summary>
    public IReadOnlyList<string> Redirects { get; init; } = [];

    /// <summary>What is defined and not decoded, over all files.</summary>
    public IEnumerable<KeyValuePair<PassedOver, long>> NotDecoded => Files.SelectMany(file => file.Faults.PassedOver);

    public long Records => Files.Sum(file => file.Records);

    public long Elements
    {
        get
        {
            long count = 0;
            foreach (var file in Files) count += file.Elements;
            return count;
        }
    }

    public long Faults
    {
        get
        {
            long count = 0;
            foreach (var file in Files) count += file.Faults.Count;
            return count;
        }
    }

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

    /// <summary>
    /// Reads the files side by side where there is more than one core; text comes in their order all the same. Damage is entered in
    /// the tally, never thrown.
    /// </summary>
    /// <param name="writer">Where the elements go; null to count only. It is flushed at the end.</param>
    /// <param name="where">Which elements are wanted; all where not given.</param>
    public static ReadTally Run(
        IReadOnlyList<InputFile> files, ElementWriter? writer, ReadProgress progress, CancellationToken stop, Filter? where = null) =>
        Run(new(files) { Elements = writer, Where = where }, progress, stop);

    /// <inheritdoc cref="Run(IReadOnlyList{InputFile}, ElementWriter?, ReadProgress, CancellationToken, Filter?)"/>
    public static ReadTally Run(ReadRequest request, ReadProgress progress, CancellationToken stop) =>
        Run(request, Environment.ProcessorCount, progress, stop);

    /// <param name="threads">So many files, or pieces of them, are read at once. What comes out is the same for any number.</param>
    internal static ReadTally Run(ReadRequest request, int threads, ReadProgress progress, CancellationToken stop)
    {
        progress.FilesTotal += request.Files.Count;
        foreach (var file in request.Files) progress.BytesTotal += file.SizeBytes;
        bool isSideBySide = threads > 1 && request.Files.Count > 1;
        // Rows of Parquet are compressed by the one that writes them, which is most of the work: reading beside it gains little.
        var tallies = request.Elements switch
        {
            null when isSideBySide => CountSideBySide(request, threads, progress, stop),
            { Format: not ElementFormat.Parquet } writer when isSideBySide => WriteSideBySide(request, writer, threads, progress, stop),
            _ => ReadInTurn(request, isAhead: threads > 1, progress, stop),
        };
        request.Elements?.Flush();
        return new(tallies);
    }

    private static FileTally[] ReadInTurn(ReadRequest request, bool isAhead, ReadProgress progress, CancellationToken stop)
    {
        var tallies = new FileTally[request.Files.Count];
        for (int i = 0; i < tallies.Length; i++) tallies[i] = ReadFile(request.Files[i], request, isAhead, progress, stop);
        return tallies;
    }

    // Counts come in any order.
    private static FileTally[] CountSideBySide(ReadRequest request, int threads, ReadProgress progress, CancellationToken stop)
    {
        var tallies = new FileTally[request.Files.Count];
        try
        {
            Parallel.For(0, tallies.Length, new() { MaxDegreeOfParallelism = threads, CancellationToken = stop },
                i => tallies[i] = ReadFile(request.Files[i], request, isAhead: false, progress, stop));
        }
        catch (AggregateException failures)
        {
            // As if it had happened alone: whoever catches it tells of one.
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
        return tallies;
    }

    private static FileTally[] WriteSideBySide(
        ReadRequest request, ElementWriter writer, int threads, ReadProgress progress, CancellationToken stop)
    {
        using var files = new SideBySide(request, writer, threads, progress, stop);
        return files.Run();
    }

    // Files read side by side keep the cores busy; a file alone is decompressed on one and decoded on another.
    private static FileTally ReadFile(InputFile file, ReadRequest request, bool isAhead, ReadProgress progress, CancellationToken stop)
    {
        var filter = request.Where?.For(file.Collector);
        var faults = new FaultLedger(request.FaultsKept);
        if (filter is { IsNever: true })
        {
            progress.AddBytes(file.SizeBytes);
            progress.AddFile();
            return new(file.Name, 0, 0, 0, faults);
        }
        using var plain = isAhead ? Decompression.OpenAhead(file.Open(), file.Packing) : file.Unpack();
        using var records = RecordSource.Open(plain, faults);
        var walk = new ElementWalk(filter, request.Elements);
        request.Elements?.StartFile(file.Name, file.Collector.Name);
        long elements = 0, others = 0, told = 0, bytesTold = 0;
        var times = new TimeCheck(records, file.Time);
        while (records.TryRead(out var record))
        {
            times.Take(record);
            elements += walk.Take(record);
            if (walk.Fault.Kind is FaultKind.Unknown) others++;
            else if (walk.Fault.Kind is not FaultKind.None) records.Enter(record, walk.Fault);
            if (!walk.PassedOver.IsNone) records.Pass(walk.PassedOver);
            if (records.Records - told < StepRecords) continue;
            stop.ThrowIfCancellationRequested();
            progress.AddRecords(records.Records - told);
            progress.AddBytes(plain.CompressedOffset - bytesTold);
            (told, bytesTold) = (records.Records, plain.CompressedOffset);
        }
        times.End();
        faults.AddDamage(plain);
        progress.AddRecords(records.Records - told);
        progress.AddBytes(file.SizeBytes - bytesTold);
        progress.AddFile();
        return new(file.Name, records.Records, others, elements, faults) { Compression = plain.Format, Bytes = records.Offset };
    }
}
