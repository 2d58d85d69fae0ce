using System.Collections.Concurrent;

using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>
/// Reads one input on a thread of its own, a bounded number of batches ahead of whoever takes them.
/// </summary>
public sealed class FileReading : IDisposable
{
    /// <summary>Batches decoded ahead: enough to bridge a wait, few enough to stay in tens of megabytes over all files.</summary>
    private const int BatchesAheadMax = 4;

    private readonly BlockingCollection<RouteBatch> _batches = new(BatchesAheadMax);
    private readonly CancellationTokenSource _stop;
    private readonly Task _reading;
    private readonly FaultLedger _faults = new();
    private long _records, _events;

    /// <param name="takes">As of <see cref="RouteReader.Takes"/>.</param>
    public FileReading(InputFile file, ReadProgress progress, CancellationToken stop, Func<string, MrtPeer?, bool>? takes = null)
    {
        File = file;
        Source = new(file.Name, file.Collector);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _reading = ReadingThreads.Run(() => Read(progress, takes));
    }

    public InputFile File { get; }

    /// <summary>What the file is as evidence; its hash is known when <see cref="Next"/> gave null.</summary>
    public Source Source { get; }

    /// <summary>What is wrong with the file; complete when <see cref="Next"/> gave null.</summary>
    public FaultLedger Faults => _faults;

    /// <summary>True when bytes were lost that could have held whole records.</summary>
    public bool IsBroken => _faults.LosesFraming;

    /// <summary>The view name of the file's peer index table; empty where there is none.</summary>
    public string ViewName { get; private set; } = "";

    /// <summary>The next batch in the file's order; null at its end. Fails as the reading failed.</summary>
    public RouteBatch? Next()
    {
        if (_batches.TryTake(out var batch, Timeout.Infinite, _stop.Token)) return batch;
        _reading.GetAwaiter().GetResult();
        return null;
    }

    /// <summary>Reads to the end without giving what it finds, so that the hash and the counts are those of the whole file.</summary>
    public void Finish()
    {
        while (Next() is { } batch) batch.Dispose();
    }

    /// <summary>What was read, for coverage and evidence; when <see cref="Next"/> gave null.</summary>
    public ReadFile Summarise(Timestamp? first, Timestamp? last) =>
        new(Source, first, last, _records, _events, _faults.Count - _faults.Harmless)
        {
            DiscardedAttributes = _faults.Harmless,
        };

    private void Read(ReadProgress progress, Func<string, MrtPeer?, bool>? takes)
    {
        try
        {
            using var plain = File.Unpack(hashed: true);
            using var records = RecordSource.Open(plain, _faults);
            var routes = new RouteReader(records, File.Time, File.Time is null ? RouteReader.FirstTime(File) : null) { Takes = takes };
            long bytes = 0, counted = 0;
            while (routes.Read() is { } batch)
            {
                _batches.Add(batch, _stop.Token);
                progress.AddBytes(plain.CompressedOffset - bytes);
                progress.AddRecords(records.Records - counted);
                (bytes, counted) = (plain.CompressedOffset, records.Records);
            }
            _faults.AddDamage(plain);
            (_records, _events, ViewName) = (records.Records, routes.Events, routes.ViewName);
            Source.End(plain.Sha256);
            progress.AddBytes(File.SizeBytes - bytes);
            progress.AddRecords(records.Records - counted);
            progress.AddFile();
        }
        finally
        {
            _batches.CompleteAdding();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        try
        {
            _reading.Wait();
        }
        catch (AggregateException)
        {
            // Whoever took the batches has been told already, or has stopped asking.
        }
        while (_batches.TryTake(out var batch)) batch.Dispose();
        _batches.Dispose();
        _stop.Dispose();
    }
}
