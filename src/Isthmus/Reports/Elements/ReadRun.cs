using System.Globalization;

using Isthmus.Filters;
using Isthmus.Sources;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Reports.Elements;

/// <summary>What was read of one file, and what was wrong with it.</summary>
/// <param name="Records">MRT records.</param>
/// <param name="OtherRecords">Records among them of types that hold no routes, or that are not known.</param>
/// <param name="Elements">Route events: the lines that <c>bgpdump -m</c> would print.</param>
public sealed record FileTally(string Name, long Records, long OtherRecords, long Elements, FaultLedger Faults);

/// <summary>What was read of all files.</summary>
public sealed record ReadTally(IReadOnlyList<FileTally> Files)
{
    public long Records => Files.Sum(file => file.Records);

    public long Elements => Files.Sum(file => file.Elements);

    public long Faults => Files.Sum(file => file.Faults.Count);

    /// <summary>True when something was damaged, so that the answer is incomplete.</summary>
    public bool Damaged => Faults > 0;

    /// <summary>The faults in words, one line each, file by file; those beyond what a ledger keeps are counted at the end.</summary>
    public IEnumerable<string> FaultLines()
    {
        foreach (var file in Files)
        {
            foreach (var fault in file.Faults.Kept) yield return fault.ToLine(file.Name);
            long more = file.Faults.Count - file.Faults.Kept.Count;
            if (more > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {more} more faults");
        }
    }
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
        IReadOnlyList<InputFile> files, ElementWriter? writer, ReadProgress progress, CancellationToken stop, Filter? where = null)
    {
        progress.FilesTotal += files.Count;
        progress.BytesTotal += files.Sum(file => file.SizeBytes);
        var tallies = new List<FileTally>(files.Count);
        foreach (var file in files) tallies.Add(ReadFile(file, (writer, where?.For(file.Collector)), progress, stop));
        writer?.Flush();
        return new(tallies);
    }

    private static FileTally ReadFile(
        InputFile file, (ElementWriter? Writer, FileFilter? Filter) to, ReadProgress progress, CancellationToken stop)
    {
        if (to.Filter is { IsNever: true })
        {
            progress.AddBytes(file.SizeBytes);
            progress.AddFile();
            return new(file.Name, 0, 0, 0, new());
        }
        using var plain = Decompression.Open(File.OpenRead(file.Path));
        var faults = new FaultLedger();
        using var records = new RecordReader(plain, faults);
        var events = new RouteEventReader { Sieve = to.Filter?.Sieve };
        to.Writer?.StartFile(file.Name, file.Collector.Name);
        long elements = 0, others = 0, told = 0, bytesTold = 0;
        while (records.TryRead(out var record))
        {
            elements += to.Writer is null ? Count(record, events, to.Filter) : Write(record, events, to.Writer, to.Filter);
            if (events.Fault.Kind is FaultKind.Unknown) others++;
            else if (events.Fault.Kind is not FaultKind.None) faults.Add(record.Number, record.Offset, events.Fault);
            if (records.Records - told < StepRecords) continue;
            stop.ThrowIfCancellationRequested();
            progress.AddRecords(records.Records - told);
            progress.AddBytes(plain.CompressedOffset - bytesTold);
            (told, bytesTold) = (records.Records, plain.CompressedOffset);
        }
        foreach (var fault in plain.Faults)
            faults.Add(new(0, fault.DecompressedOffset, FaultKind.Truncated,
                string.Create(CultureInfo.InvariantCulture, $"{fault.What} (stored byte {fault.CompressedOffset})"), LosesFraming: true));
        progress.AddRecords(records.Records - told);
        progress.AddBytes(file.SizeBytes - bytesTold);
        progress.AddFile();
        return new(file.Name, records.Records, others, elements, faults);
    }

    private static long Count(in MrtRecord record, RouteEventReader events, FileFilter? filter)
    {
        long count = 0;
        foreach (ref readonly var routeEvent in events.Read(record))
            if (filter is null || filter.Passes(routeEvent, events)) count++;
        return count;
    }

    private static long Write(in MrtRecord record, RouteEventReader events, ElementWriter writer, FileFilter? filter)
    {
        long count = 0;
        var walk = events.Read(record);
        writer.StartRecord(record, events);
        foreach (ref readonly var routeEvent in walk)
        {
            if (filter is not null && !filter.Passes(routeEvent, events)) continue;
            writer.Write(routeEvent, events);
            count++;
        }
        return count;
    }
}
