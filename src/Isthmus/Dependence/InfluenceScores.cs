using System.Runtime.InteropServices;

using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>The filters of country-level transit influence, each of which may be left out (docs/methods.md, "Dependence").</summary>
public sealed record InfluenceFilters
{
    /// <summary>
    /// Collectors whose peers stand many hops away, so that where they are is not known: those that the authors' code leaves out.
    /// </summary>
    public static IReadOnlyList<string> MultihopCollectors { get; } =
        ["route-views2", "route-views3", "route-views4", "route-views.sg", "rrc18"];

    /// <summary>Collectors that are left out.</summary>
    public IReadOnlyCollection<string> WithoutCollectors { get; init; } = [];

    /// <summary>
    /// Whether the first of two ASes sells transit to the second. Each path is then cut to what follows the first such pair, and one
    /// without it does not count. Null for whole paths.
    /// </summary>
    public Func<Asn, Asn, bool>? SellsTransit { get; init; }

    /// <summary>
    /// Leaves out the tenth of peer ASes at each end, rounded down. Among them are those alone that see the AS, as in the authors' code.
    /// </summary>
    public bool Trims { get; init; } = true;
}

/// <summary>
/// Country-level transit influence over a whole table (Gamero-Garrido et al., PAM 2022; <see cref="TransitInfluence"/>): the part of the
/// addresses of a scope that an AS carries, less for each hop that it stands away from the origin.
/// </summary>
public static class InfluenceScores
{
    /// <summary>The influence of each AS.</summary>
    /// <param name="walked">
    /// What each vantage point outside reaches of the scope, with weights that are the same for all: addresses that no more-specific prefix
    /// covers which anybody holds.
    /// </param>
    /// <param name="addresses">The addresses of the scope.</param>
    public static IReadOnlyDictionary<Asn, double> Of(
        WholeTable table, IEnumerable<PeerPaths> walked, double addresses, InfluenceFilters filters)
    {
        PeerPaths[] kept = [.. walked.Where(peer => !filters.WithoutCollectors.Contains(table.Peers[peer.Peer].Peer.Collector.Name))];
        var hosts = kept.Where(peer => peer.Paths.Count > 0).GroupBy(peer => table.Peers[peer.Peer].Peer.Asn).ToArray();
        var ofHosts = new Dictionary<Asn, List<double>>();
        foreach (var host in hosts)
        {
            var sums = new Dictionary<Asn, double>();
            int monitors = host.Count();
            foreach (var (peer, paths) in host)
                foreach (var (path, weight, _) in paths)
                {
                    if (weight == 0 || !table.IsBelieved(peer, path)) continue;
                    var carriers = Cut(table.Paths[path], filters.SellsTransit);
                    for (int i = 0; i < carriers.Length; i++)
                        CollectionsMarshal.GetValueRefOrAddDefault(sums, carriers[i], out _) += weight / monitors / (carriers.Length - i);
                }
            foreach (var (asn, sum) in sums)
            {
                if (!ofHosts.TryGetValue(asn, out var values)) ofHosts[asn] = values = [];
                values.Add(sum / addresses);
            }
        }
        return addresses <= 0 ? new Dictionary<Asn, double>() : ofHosts.ToDictionary(score => score.Key, score =>
        {
            int cut = filters.Trims ? (int)(Hegemony.Trim * score.Value.Count) : 0;
            return score.Value.Order().Skip(cut).Take(score.Value.Count - 2 * cut).Sum() / (hosts.Length - 2 * cut);
        });
    }

    // From the first AS that sells transit to the next one on; the origin stands behind the carriers.
    private static ReadOnlySpan<Asn> Cut(TablePath path, Func<Asn, Asn, bool>? sells)
    {
        var carriers = path.Carriers;
        if (sells is null) return carriers;
        for (int i = 0; i < carriers.Length; i++)
        {
            if (i + 1 < carriers.Length ? sells(carriers[i], carriers[i + 1]) : SellsToAny(sells, carriers[i], path.Origins))
                return carriers[i..];
        }
        return [];
    }

    private static bool SellsToAny(Func<Asn, Asn, bool> sells, Asn seller, ReadOnlySpan<Asn> origins)
    {
        foreach (var origin in origins)
            if (sells(seller, origin)) return true;
        return false;
    }
}
