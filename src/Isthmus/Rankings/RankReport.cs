using Isthmus.Dependence;
using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Rankings;

/// <summary>A ranking, ready for words.</summary>
/// <param name="Scope">Of what: <c>world</c>, a country's code, a continent's name.</param>
/// <param name="Relationships">Where they are from, in words.</param>
/// <param name="Top">Networks that are listed.</param>
public sealed record RankReport(
    WholeTable Table, RankQuestion Question, string Scope, TransitRanking Ranking, RegistrySnapshot Registry, string Relationships, int Top)
{
    /// <summary>The earlier time; null where none was asked for.</summary>
    public Timestamp? BeforeAt { get; init; }

    /// <summary>Full-feed peer ASes at the time, whether they were asked or not.</summary>
    public int FullFeedAses { get; init; }

    /// <summary>Whose routes alone a store keeps, in words; null where every prefix is there.</summary>
    public string? Selection { get; init; }
}
