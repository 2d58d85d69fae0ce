using Isthmus.Sources;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Reports.Elements;

/// <summary>What was read of one file, and what was wrong with it.</summary>
/// <param name="Records">MRT records.</param>
/// <param name="Elements">Route events: the lines that <c>bgpdump -m</c> would print.</param>
/// <param name="Bytes">Decompressed bytes that hold the records.</param>
public sealed record FileTally(string Name, long Records, long Elements, long Bytes, FaultLedger Faults)
{
    public bool Damaged => Faults.Count > 0;
}

/// <summary>The work of <c>isthmus read</c>: every element of a file, counted and, where text is wanted, written.</summary>
public static class ReadRun
{
    /// <summary>Reads one file to its end. Damage is entered in the tally, never thrown.</summary>
    /// <param name="plain">The decompressed bytes; closed at the end.</param>
    /// <param name="writer">Where the elements go; null to count only.</param>
    public static FileTally ReadFile(
        (string Name, string Collector) file, Stream plain, ElementWriter? writer, CancellationToken stop = default)
    {
        var faults = new FaultLedger();
        using var records = new RecordReader(plain, faults);
        var events = new RouteEventReader();
        writer?.StartFile(file.Name, file.Collector);
        long elements = 0;
        while (records.TryRead(out var record))
        {
            elements += writer is null ? Count(record, events) : Write(record, events, writer);
            if (events.Fault.Kind is not FaultKind.None and not FaultKind.Unknown) faults.Add(record.Number, record.Offset, events.Fault);
            if ((record.Number & 0xFFF) == 0) stop.ThrowIfCancellationRequested();
        }
        return new(file.Name, records.Records, elements, records.Offset - records.BytesLost, faults);
    }

    /// <summary>Reads one input, and keeps up the progress of all.</summary>
    public static FileTally ReadFile(InputFile file, ElementWriter? writer, ReadProgress progress, CancellationToken stop)
    {
        using var plain = Decompression.Open(File.OpenRead(file.Path));
        var tally = ReadFile((file.Name, file.Collector.Name), plain, writer, stop);
        foreach (var fault in plain.Faults)
            tally.Faults.Add(new(0, fault.DecompressedOffset, FaultKind.Truncated,
                FormattableString.Invariant($"{fault.What} (stored byte {fault.CompressedOffset})"), LosesFraming: true));
        progress.AddBytes(file.SizeBytes);
        progress.AddRecords(tally.Records);
        progress.AddFile();
        return tally;
    }

    private static long Count(in MrtRecord record, RouteEventReader events)
    {
        long count = 0;
        foreach (ref readonly var _ in events.Read(record)) count++;
        return count;
    }

    private static long Write(in MrtRecord record, RouteEventReader events, ElementWriter writer)
    {
        long count = 0;
        var walk = events.Read(record);
        writer.StartRecord(record, events);
        foreach (ref readonly var routeEvent in walk)
        {
            writer.Write(routeEvent, events);
            count++;
        }
        return count;
    }
}
