using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>
/// AS hegemony (Fontugne, Shah, Aben, arXiv 1711.02805; as IHR computes it, methods.md, "Shares"): how much of the
/// paths toward a scope cross an AS, robust to vantage points that are too near or too far.
/// </summary>
public static class Hegemony
{
    /// <summary>The part of the vantage points that is left out at each end.</summary>
    public const double Trim = 0.1;

    /// <summary>The score from one betweenness a peer AS; peer ASes that do not see the AS count zero.</summary>
    public static double Of(IReadOnlyCollection<double> betweenness)
    {
        if (betweenness.Count == 0) return 0;
        int cut = (int)(Trim * betweenness.Count);
        return betweenness.Order().Skip(cut).Take(betweenness.Count - 2 * cut).Average();
    }

    /// <summary>
    /// The score where vantage points weigh differently: at each end as much weight is left out as the tenth, rounded
    /// down, would have if all weighed the same. With equal weights it is the plain score.
    /// </summary>
    /// <param name="sorted">One betweenness a peer AS, the least first.</param>
    /// <param name="weights">Of each peer AS; together 1.</param>
    internal static double Of(ReadOnlySpan<(double Betweenness, int PeerAs)> sorted, ReadOnlySpan<double> weights)
    {
        if (sorted.Length == 0) return 0;
        double cut = Math.Floor(Trim * sorted.Length) / sorted.Length, before = 0, sum = 0;
        foreach (var (betweenness, peerAs) in sorted)
        {
            double after = before + weights[peerAs];
            double kept = Math.Min(after, 1 - cut) - Math.Max(before, cut);
            if (kept > 0) sum += kept * betweenness;
            before = after;
        }
        return sum / (1 - 2 * cut);
    }

    /// <summary>The weight of one peer's routes whose path crosses an AS, of all: the origin itself counts 1.</summary>
    /// <param name="routes">Paths, vantage point first, and weights that do not overlap (addresses less more-specifics).</param>
    public static double Betweenness(Asn asn, IEnumerable<(IReadOnlyList<Asn> Hops, double Weight)> routes)
    {
        double crossing = 0, total = 0;
        foreach (var (hops, weight) in routes)
        {
            total += weight;
            if (hops.Contains(asn)) crossing += weight;
        }
        return total == 0 ? 0 : crossing / total;
    }

    /// <summary>
    /// The score of an AS for a country: the mean over the origins found there, by their weights (number of ASes,
    /// or users). An origin whose paths never cross the AS counts zero.
    /// </summary>
    public static double OfCountry(IReadOnlyCollection<(double Weight, double Score)> origins)
    {
        double total = origins.Sum(origin => origin.Weight);
        return total == 0 ? 0 : origins.Sum(origin => origin.Weight * origin.Score) / total;
    }
}
