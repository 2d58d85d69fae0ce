using Isthmus.Dependence;
using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Resilience;

/// <summary>Answers on resilience, ready for words.</summary>
/// <param name="Answers">One, or those of all countries.</param>
/// <param name="Relationships">Where relationships are from, in words.</param>
/// <param name="FullFeedAses">Full-feed peer ASes.</param>
public sealed record ResilienceReport(
    WholeTable Table, AddressFamily Family, IReadOnlyList<ResilienceAnswer> Answers, RegistrySnapshot Registry, string Relationships,
    int FullFeedAses)
{
    /// <summary>Losses of upstreams and outages in the period of the data; null where they were not looked for.</summary>
    public IReadOnlyList<Failover>? Failovers { get; init; }

    /// <summary>Whose routes alone a store keeps, in words; null where every prefix is there.</summary>
    public string? Selection { get; init; }
}
