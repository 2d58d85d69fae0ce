using Isthmus.Filters;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>Walks the route events of one file's records, on one thread: counts those that are wanted, and writes them.</summary>
/// <param name="filter">Which are wanted; null for all. It is this walk's own.</param>
/// <param name="writer">Where they go; null to count only.</param>
internal sealed class ElementWalk(FileFilter? filter, ElementWriter? writer)
{
    private readonly RouteEventReader _events = new() { Sieve = filter?.Sieve };

    /// <summary>The gravest thing wrong with the record that was walked last.</summary>
    public Fault Fault => _events.Fault;

    /// <summary>What of the record that was walked last is sound and not decoded.</summary>
    public PassedOver PassedOver => _events.PassedOver;

    /// <summary>Walks a record's events, and says how many of them are wanted.</summary>
    public long Take(in MrtRecord record)
    {
        bool? hasFault = HasFault(record);
        return writer is null ? Count(record, hasFault) : Write(record, hasFault, writer);
    }

    private long Count(in MrtRecord record, bool? hasFault)
    {
        // Not by foreach, which copies the walk.
        _events.Read(record, out var walk);
        if (filter is null) return walk.Count();
        long count = 0;
        while (walk.MoveNext())
            if (filter.Passes(walk.Current, _events, hasFault)) count++;
        return count;
    }

    private long Write(in MrtRecord record, bool? hasFault, ElementWriter to)
    {
        long count = 0;
        var walk = _events.Read(record);
        to.StartRecord(record, _events);
        foreach (ref readonly var routeEvent in walk)
        {
            if (filter is not null && !filter.Passes(routeEvent, _events, hasFault)) continue;
            to.Write(routeEvent, _events);
            count++;
        }
        return count;
    }

    // What is wrong with a record may be met behind its first events, so a filter that asks has it walked once before.
    private bool? HasFault(in MrtRecord record) => filter is { AsksFault: true } ? FindFault(record) : null;

    private bool FindFault(in MrtRecord record)
    {
        foreach (ref readonly var _ in _events.Read(record)) { }
        return Fault.Kind is not FaultKind.None and not FaultKind.Unknown;
    }
}
