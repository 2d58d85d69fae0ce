using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>What is in a store.</summary>
/// <param name="Selection">Whose routes it keeps.</param>
/// <param name="Collectors">What it keeps of each collector, sorted.</param>
public sealed record StoreSummary(StoreSelection Selection, IReadOnlyList<CollectorSummary> Collectors)
{
    /// <summary>The version of its tables (docs/store.md).</summary>
    public int Schema { get; init; }

    /// <summary>The size of its file.</summary>
    public long Bytes { get; init; }

    /// <summary>Times in which a peer held one thing for one prefix, or is known to have held none, or nothing is known.</summary>
    public long Spans { get; init; }

    /// <summary>Prefixes of which routes are kept.</summary>
    public long Prefixes { get; init; }

    /// <summary>Different paths.</summary>
    public long Paths { get; init; }

    /// <summary>Reads what is in a store.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be read.</exception>
    public static StoreSummary Of(StoreAddress address)
    {
        using var stored = StoredRoutes.Open(address);
        var plan = stored.Collectors.SelectMany(collector => collector.Files).Select(file => file.Plan).ToArray();
        var end = ArchivePlan.End(plan);
        var gaps = ArchivePlan.Gaps(plan, end ?? default).ToLookup(gap => gap.Collector);
        return new(stored.Selection,
            [.. stored.Collectors.Select(collector => new CollectorSummary(collector, [.. gaps[collector.Collector]]))])
        {
            Schema = stored.Schema,
            Bytes = stored.Bytes,
            Spans = stored.Spans,
            Prefixes = stored.PrefixCount,
            Paths = stored.PathCount,
        };
    }

    /// <summary>Holds a store against its own sums and rules: what is wrong, one line each; none where nothing is.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be read.</exception>
    public static IReadOnlyList<string> Check(StoreAddress address)
    {
        using var stored = StoredRoutes.Open(address);
        return stored.Check();
    }
}

/// <summary>What a store keeps of a collector.</summary>
/// <param name="Record">Its files and sessions.</param>
/// <param name="Gaps">Where its updates files are missing.</param>
public sealed record CollectorSummary(CollectorRecord Record, IReadOnlyList<Gap> Gaps)
{
    /// <summary>Its first event; null where it has none.</summary>
    public Timestamp? From => Record.Files.Min(file => file.Read.First);

    /// <summary>Its last event.</summary>
    public Timestamp? To => Record.Files.Max(file => file.Read.Last);
}
