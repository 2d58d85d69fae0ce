using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Transit.Shares;

namespace Isthmus.Transit;

/// <summary>From what the peers held to who carried the subject: shares, size, series and changes.</summary>
public static class TransitAnalysis
{
    /// <summary>Prefixes with a series of their own; a report of thousands would drown in them.</summary>
    public const int PrefixSeriesMax = 32;

    /// <summary>Answers for a subject at once: what <see cref="RunningAnalysis"/> does in many steps, in one.</summary>
    /// <param name="bin">Width of the bins of the series.</param>
    /// <param name="weighting">Who has one vote in the shares.</param>
    public static TransitAnswer Answer(
        IRouteSpans seen, AttributedPaths paths, TimeSpan bin, Weighting weighting = Weighting.PeerAs) =>
        new RunningAnalysis(paths, weighting).At(seen, bin);
}
