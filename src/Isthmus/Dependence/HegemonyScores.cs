using System.Runtime.InteropServices;

using Isthmus.Routes;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>Over which peer ASes the trimmed mean is taken.</summary>
public enum HegemonyBasis
{
    /// <summary>Those that hold a route of the scope.</summary>
    Sparse,
    /// <summary>All full-feed peer ASes: one that holds no route of the scope counts 0.</summary>
    Padded,
}

/// <summary>
/// AS hegemony over a whole table as IHR computes it (Fontugne, Shah, Aben, arXiv 1711.02805; docs/methods.md, "Dependence"): the betweenness
/// of each AS at each peer, peer AS included and origin excluded, weighted by addresses that no more-specific of the peer covers; the mean
/// over the sessions of a peer AS; over peer ASes the mean without the highest and lowest tenth.
/// </summary>
/// <param name="peers">The sessions that stand for the family; null for those with a full feed.</param>
public sealed class HegemonyScores(WholeTable table, AddressFamily family, HegemonyBasis basis, IReadOnlyList<int>? peers = null)
{
    private readonly int[] _peers = [.. peers ?? [.. table.VantagePoints(family)]];

    /// <summary>The local graph of an origin: who is on the way to it. The origin itself is not among them.</summary>
    public IReadOnlyDictionary<Asn, double> Local(Asn origin) =>
        Over(table.Walk(family, _peers), path => Part(path.Origins, origin), withOrigins: false);

    /// <summary>Who is on the way to one prefix as one origin announces it, so that several origins (MOAS) do not mix.</summary>
    public IReadOnlyDictionary<Asn, double> Local(Prefix prefix, Asn origin) => Over(
        table.Walk(family, _peers, row => table.Prefixes[row] == prefix)
            .Select(walked => walked with { Paths = [.. walked.Paths.Select(path => path with { Weight = path.Prefixes })] }),
        path => Part(path.Origins, origin), withOrigins: false);

    /// <summary>The global graph: all origins together, and each origin's own weight.</summary>
    public IReadOnlyDictionary<Asn, double> Global() => Over(table.Walk(family, _peers), _ => 1, withOrigins: true);

    /// <summary>
    /// The score of each AS for a country: the mean of the local scores over its origins that the data show, by their weights. An origin
    /// counts 1 for itself.
    /// </summary>
    /// <param name="weights">The weight of each origin of the country: 1 each, or its users.</param>
    /// <param name="transitOnly">True to leave out what an origin is for itself.</param>
    public IReadOnlyDictionary<Asn, double> OfCountry(IReadOnlyDictionary<Asn, double> weights, bool transitOnly)
    {
        var walked = table.Walk(family, _peers).Select(peer => peer with
        {
            Paths = [.. peer.Paths.Where(path => HasAny(table.Paths[path.Path].Origins, weights))],
        }).ToArray();
        return OfCountry(ByOrigin(walked), weights, transitOnly);
    }

    private static bool HasAny(ReadOnlySpan<Asn> origins, IReadOnlyDictionary<Asn, double> weights)
    {
        foreach (var origin in origins)
            if (weights.ContainsKey(origin)) return true;
        return false;
    }

    private IReadOnlyDictionary<Asn, double> OfCountry(
        SortedDictionary<Asn, List<PeerPaths>> byOrigin, IReadOnlyDictionary<Asn, double> weights, bool transitOnly)
    {
        var sums = new Dictionary<Asn, double>();
        double total = 0;
        foreach (var (origin, walked) in byOrigin)
        {
            if (weights.GetValueOrDefault(origin) is not (> 0 and var weight)) continue;
            total += weight;
            if (!transitOnly) CollectionsMarshal.GetValueRefOrAddDefault(sums, origin, out _) += weight;
            foreach (var (asn, score) in Over(walked, _ => 1, withOrigins: false))
                CollectionsMarshal.GetValueRefOrAddDefault(sums, asn, out _) += weight * score;
        }
        return sums.ToDictionary(sum => sum.Key, sum => sum.Value / total);
    }

    /// <summary>What was walked, apart for each origin: the weight of an AS_SET is split equally.</summary>
    internal SortedDictionary<Asn, List<PeerPaths>> ByOrigin(IEnumerable<PeerPaths> walked)
    {
        var byOrigin = new SortedDictionary<Asn, List<PeerPaths>>();
        foreach (var peer in walked)
        {
            var ofPeer = new SortedDictionary<Asn, List<PathWeight>>();
            foreach (var path in peer.Paths)
            {
                if (!table.IsBelieved(peer.Peer, path.Path)) continue;
                var origins = table.Paths[path.Path].Origins;
                foreach (var origin in origins)
                {
                    if (!ofPeer.TryGetValue(origin, out var own)) ofPeer[origin] = own = [];
                    own.Add(path with { Weight = path.Weight / origins.Length });
                }
            }
            foreach (var (origin, paths) in ofPeer)
            {
                if (!byOrigin.TryGetValue(origin, out var all)) byOrigin[origin] = all = [];
                all.Add(new(peer.Peer, paths));
            }
        }
        return byOrigin;
    }

    // An AS_SET is that of any of its members, in equal parts.
    private static double Part(ReadOnlySpan<Asn> origins, Asn origin) => origins.Contains(origin) ? 1.0 / origins.Length : 0;

    private delegate double PartOf(TablePath path);

    private Dictionary<Asn, double> Over(IEnumerable<PeerPaths> walked, PartOf part, bool withOrigins)
    {
        var tally = Tally(walked, (path, _) => part(path), withOrigins);
        int voters = basis is HegemonyBasis.Padded
            ? _peers.Select(peer => table.Peers[peer].Peer.Asn).Distinct().Count() : tally.Voters().Length;
        return tally.Keys.ToDictionary(asn => asn, asn => Trimmed(tally.Of(asn), voters)).Where(score => score.Value > 0).ToDictionary();
    }

    /// <summary>The score from one betweenness a peer AS, and zeros up to so many peer ASes.</summary>
    internal static double Trimmed(double[] values, int voters) =>
        Hegemony.Of([.. values, .. new double[Math.Max(0, voters - values.Length)]]);

    internal delegate double PartOfScope(TablePath path, int peer);

    /// <summary>Adds up what is reached by each AS at each session.</summary>
    /// <param name="part">Which part of what is reached by a path is of the scope.</param>
    internal VotedParts<Asn> Tally(IEnumerable<PeerPaths> walked, PartOfScope part, bool withOrigins)
    {
        var places = _peers.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var tally = new VotedParts<Asn>([.. _peers.Select(peer => table.Peers[peer].Peer)]);
        foreach (var (peer, paths) in walked)
        {
            int session = places[peer];
            foreach (var (path, weight, _) in paths)
            {
                if (weight == 0 || !table.IsBelieved(peer, path)) continue;
                var clean = table.Paths[path];
                double own = weight * part(clean, peer);
                if (own == 0) continue;
                tally.AddTotal(session, own);
                foreach (var asn in clean.Carriers) tally.Add(session, asn, own);
                if (!withOrigins) continue;
                foreach (var origin in clean.Origins) tally.Add(session, origin, own / clean.Origins.Length);
            }
        }
        return tally;
    }
}
