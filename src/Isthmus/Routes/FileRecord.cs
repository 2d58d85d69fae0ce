using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Routes;

/// <summary>A file that was read: what it is, and what of it coverage and later questions ask for.</summary>
/// <param name="Read">What was read of it, as evidence.</param>
/// <param name="Plan">Its place in the order of reading.</param>
public sealed record FileRecord(ReadFile Read, PlannedFile Plan)
{
    /// <summary>When its first event took effect, never before the start that its name tells; null for a file without events.</summary>
    public Timestamp? Opens { get; init; }

    /// <summary>Where updates break off, damaged or cut: the time of the last event before; null where not, and for a dump.</summary>
    public Timestamp? CutAt { get; init; }

    /// <summary>The view name of its peer index table; empty where there is none.</summary>
    public string ViewName { get; init; } = "";

    /// <summary>The names of the views whose tables it holds.</summary>
    public IReadOnlyList<string> Views { get; init; } = [];

    /// <summary>What is wrong with it, one line each.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <inheritdoc cref="Coverage.NotDecoded"/>
    public IReadOnlyList<KeyValuePair<PassedOver, long>> NotDecoded { get; init; } = [];
}
