namespace Isthmus.Resilience;

/// <summary>
/// How easily a country could be cut off, by how many of its organisations have a link abroad (docs/methods.md, "Resilience").
/// </summary>
public enum FrontierClass
{
    /// <summary>One or two.</summary>
    Severe,
    /// <summary>Fewer than ten.</summary>
    Significant,
    /// <summary>Up to forty.</summary>
    Low,
    /// <summary>More than forty.</summary>
    Resistant,
}

/// <summary>The measures of resilience that numbers alone decide.</summary>
public static class ResilienceMeasures
{
    /// <summary>The part of the addresses that points of control lead.</summary>
    public const double ControlPart = 0.9;

    // Sums of parts of one are not exact.
    private const double Tolerance = 1e-9;

    /// <summary>The class of a country with so many organisations at its frontier; null for none, of which nothing is seen.</summary>
    public static FrontierClass? ClassOf(int organisations) => organisations switch
    {
        <= 0 => null,
        <= 2 => FrontierClass.Severe,
        < 10 => FrontierClass.Significant,
        <= 40 => FrontierClass.Low,
        _ => FrontierClass.Resistant,
    };

    /// <summary>How many gateways, the largest first, lead nine tenths of all; 0 where there are none.</summary>
    /// <param name="weights">What each leads.</param>
    public static int PointsOfControl(IEnumerable<double> weights)
    {
        double[] sorted = [.. weights.Where(weight => weight > 0).OrderDescending()];
        double wanted = ControlPart * sorted.Sum() * (1 - Tolerance), reached = 0;
        int points = 0;
        while (points < sorted.Length && reached < wanted) reached += sorted[points++];
        return points;
    }
}
