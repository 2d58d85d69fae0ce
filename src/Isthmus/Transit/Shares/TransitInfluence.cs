using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>One monitor's path to one prefix of a country, cut to its provider-to-customer part.</summary>
/// <param name="Monitor">A vantage point outside the country.</param>
/// <param name="Hops">From the topmost provider to the origin.</param>
/// <param name="Addresses">Addresses of the prefix in the country that no more specific prefix covers.</param>
public sealed record MonitoredPath(string Monitor, Asn MonitorAs, Prefix Prefix, IReadOnlyList<Asn> Hops, double Addresses);

/// <summary>
/// Country-level transit influence (Gamero-Garrido et al., PAM 2022): the part of a country's
/// addresses that an AS carries, less for each hop that it stands away from the origin. Normalised by the number of
/// ASes that host monitors, so that a direct provider of everything scores 1.
/// </summary>
public static class TransitInfluence
{
    /// <summary>The influence of an AS.</summary>
    /// <param name="paths">One for each monitor and prefix that it sees.</param>
    /// <param name="countryAddresses">All addresses of the country.</param>
    public static double Of(Asn asn, IReadOnlyCollection<MonitoredPath> paths, double countryAddresses)
    {
        var monitors = paths.GroupBy(path => path.MonitorAs)
            .ToDictionary(group => group.Key, group => group.Select(path => path.Monitor).Distinct().Count());
        if (monitors.Count == 0 || countryAddresses <= 0) return 0;
        double sum = 0;
        foreach (var path in paths)
        {
            int place = path.Hops.Index().Where(hop => hop.Item == asn).Select(hop => hop.Index).DefaultIfEmpty(-1).Last();
            int distance = path.Hops.Count - 1 - place;
            if (place >= 0 && distance > 0) sum += path.Addresses / countryAddresses / distance / monitors[path.MonitorAs];
        }
        return sum / monitors.Count;
    }
}
