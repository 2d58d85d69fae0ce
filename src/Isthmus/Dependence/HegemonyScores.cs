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
        var graphs = new OriginGraphs(table, [.. table.Walk(family, _peers)], weights.ContainsKey);
        return graphs.Means(basis is HegemonyBasis.Padded ? _peers.Select(peer => table.Peers[peer].Peer.Asn).Distinct().Count() : 0,
            origin => weights[origin], transitOnly);
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
