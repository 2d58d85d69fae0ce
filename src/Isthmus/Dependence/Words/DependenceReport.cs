using Isthmus.Registry;

namespace Isthmus.Dependence.Words;

/// <summary>What is told of one subject: the answer at a time, and over time where that was asked for.</summary>
/// <param name="Table">What the answer was made of.</param>
/// <param name="Answer">At the time, or at the last of several.</param>
/// <param name="Series">In order of time; empty where one time was asked about.</param>
public sealed record DependenceReport(
    WholeTable Table, RegistrySnapshot Registry, DependenceAnswer Answer, IReadOnlyList<DependenceAnswer> Series)
{
    /// <summary>Whose routes alone a store keeps, in words; null where every prefix is there.</summary>
    public string? Selection { get; init; }
}
