using Isthmus.Attribution;
using Isthmus.Filters;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus;

/// <summary>What a report is asked for.</summary>
/// <param name="From">Start of the period; null for the first record.</param>
/// <param name="To">End of the period; null for the last record.</param>
/// <param name="Bin">Width of the bins of the series; null for one that suits the period.</param>
/// <param name="Rule">Which witness makes a prefix a country's.</param>
public sealed record Question(
    Subject Subject, Timestamp? From, Timestamp? To, TimeSpan? Bin, CountryRule Rule = CountryRule.Origin)
{
    /// <summary>Who has one vote in the shares.</summary>
    public Weighting Weighting { get; init; }

    /// <summary>Which vantage points are asked, from <see cref="Filter.ParseVantagePoints"/>; null for all.</summary>
    public Filter? Where { get; init; }
}
