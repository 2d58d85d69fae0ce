using Isthmus.Relationships;
using Isthmus.Wire;

namespace Isthmus.Cuts;

/// <summary>Cuts in the paths that vantage points hold (docs/methods.md, "Cuts").</summary>
public static class ObservedCut
{
    /// <summary>What is left of the paths.</summary>
    public static WhatIfAnswer Run(SubjectRoutes routes, IReadOnlyList<Cut> cuts)
    {
        int[] peers = [.. routes.Peers.Where(peer => !IsCutItself(routes, cuts, routes.Table.Peers[peer].Peer.Asn))];
        int leftOut = routes.PeerAses.Count(asn => IsCutItself(routes, cuts, asn));
        var isCut = new Dictionary<int, bool>();
        return new(routes, cuts, WhatIfMode.Observed, null, ReachOf(routes, peers, _ => true), ReachOf(routes, peers, path => !IsCut(path)),
            leftOut, null, Isolating(routes));

        bool IsCut(int path)
        {
            if (!isCut.TryGetValue(path, out bool known)) isCut[path] = known = Cuts(routes, cuts, routes.Table.Paths[path].Hops);
            return known;
        }
    }

    /// <summary>True for a vantage point that a cut takes away itself.</summary>
    public static bool IsCutItself(SubjectRoutes routes, IReadOnlyList<Cut> cuts, Asn asn) => cuts.Any(cut =>
        cut.Kind is CutKind.Network && cut.Asn == asn || cut.Kind is CutKind.Country && routes.CountryOf(asn) == cut.Country);

    /// <summary>The smallest sets that every observed way crosses: of networks outside the subject, and of links.</summary>
    public static IReadOnlyList<IsolatingCut> Isolating(SubjectRoutes routes)
    {
        var ids = new Dictionary<Asn, int>();
        var known = new HashSet<(Asn, Asn)>();
        var ends = new List<(Asn Near, Asn Far)>();
        var starts = new HashSet<Asn>();
        foreach (int path in routes.Rows.SelectMany(row => routes.Peers.SelectMany(peer => routes.Held(peer, row))).Distinct())
        {
            var hops = routes.HopsToGateway(path);
            if (hops.Length < 2) continue;
            starts.Add(hops[0]);
            for (int i = 1; i < hops.Length; i++)
                if (known.Add((hops[i - 1], hops[i]))) ends.Add((hops[i - 1], hops[i]));
        }
        // The subject's networks are one: those of a prefix are the origins.
        var inside = routes.Subject.Kind is Attribution.SubjectKind.Prefix
            ? ends.Select(end => end.Far).Except(ends.Select(end => end.Near)).ToHashSet() : ends.Select(end => end.Far)
                .Where(routes.IsInside).ToHashSet();
        foreach (var asn in ends.SelectMany(end => new[] { end.Near, end.Far }).Where(asn => !inside.Contains(asn)).Distinct().Order())
            ids[asn] = ids.Count;
        (Asn Near, Asn Far)[] outside = [.. ends.Where(end => ids.ContainsKey(end.Near)).OrderBy(end => end.Near).ThenBy(end => end.Far)];
        var cuts = new MinimumCuts(ids.Count, [.. outside.Select(end => (ids[end.Near], ids.GetValueOrDefault(end.Far, ids.Count)))],
            [.. starts.Where(ids.ContainsKey).Select(asn => ids[asn])]);
        Asn[] ases = [.. ids.Keys];
        return Told(cuts, ases, outside);
    }

    /// <summary>The sets in terms of ASes.</summary>
    internal static IReadOnlyList<IsolatingCut> Told(MinimumCuts cuts, IReadOnlyList<Asn> ases, IReadOnlyList<(Asn Near, Asn Far)> links) =>
    [
        .. cuts.OfNodes().Select(set => new IsolatingCut(false, [.. set.Select(id => (ases[id], (Asn?)null))])),
        .. cuts.OfLinks().Select(set => new IsolatingCut(true, [.. set.Select(id => (links[id].Near, (Asn?)links[id].Far))])),
    ];

    private static bool Cuts(SubjectRoutes routes, IReadOnlyList<Cut> cuts, ReadOnlySpan<Asn> hops)
    {
        foreach (var cut in cuts)
            for (int i = 0; i < hops.Length; i++)
            {
                var (hop, next) = (hops[i], i + 1 < hops.Length ? hops[i + 1] : default);
                bool isCut = cut.Kind switch
                {
                    CutKind.Network => hop == cut.Asn,
                    CutKind.Link => hop == cut.Asn && next == cut.Other || hop == cut.Other && next == cut.Asn,
                    CutKind.Country => !routes.IsInside(hop) && routes.CountryOf(hop) == cut.Country && (i < hops.Length - 1),
                    _ => next != default && IsBorder(routes, cut, hop, next),
                };
                if (isCut) return true;
            }
        return false;
    }

    /// <summary>True for a link between a network of the subject and one of a country.</summary>
    internal static bool IsBorder(SubjectRoutes routes, Cut cut, Asn one, Asn other) =>
        routes.IsInside(one) && !routes.IsInside(other) && routes.CountryOf(other) == cut.Country
        || routes.IsInside(other) && !routes.IsInside(one) && routes.CountryOf(one) == cut.Country;

    private static Reach ReachOf(SubjectRoutes routes, IReadOnlyList<int> peers, Func<int, bool> stays)
    {
        var reaching = new HashSet<Asn>();
        int prefixes = 0;
        long addresses = 0;
        var uses = peers.ToDictionary(peer => peer, _ => new UpstreamUse());
        foreach (int row in routes.Rows)
        {
            bool isReached = false;
            foreach (int peer in peers)
            {
                int[] held = [.. routes.Held(peer, row).Where(stays)];
                if (held.Length == 0) continue;
                isReached = true;
                reaching.Add(routes.Table.Peers[peer].Peer.Asn);
                foreach (int path in held)
                    if (routes[path] is { IsTransit: true } way) uses[peer].Add(way.Upstream, 1.0 / held.Length);
            }
            if (!isReached) continue;
            prefixes++;
            addresses += routes.Weights[row];
        }
        return new(reaching.Count, prefixes, routes.Family is AddressFamily.IPv4 ? addresses : null,
            UpstreamUse.Shares(uses.Select(use => (routes.Table.Peers[use.Key].Peer.Asn, use.Value))));
    }
}

/// <summary>How many prefixes a vantage point reaches by which upstream.</summary>
internal sealed class UpstreamUse
{
    private readonly Dictionary<Asn, double> _by = [];
    private double _all;

    public void Add(Asn upstream, double prefixes)
    {
        _by[upstream] = _by.GetValueOrDefault(upstream) + prefixes;
        _all += prefixes;
    }

    /// <summary>Mean over ASes of the mean over their vantage points of the part by each upstream, largest first.</summary>
    public static IReadOnlyList<(Asn Asn, double Share)> Shares(IEnumerable<(Asn Asn, UpstreamUse Use)> uses)
    {
        var ases = uses.Where(use => use.Use._all > 0).GroupBy(use => use.Asn, use => use.Use).ToList();
        var sums = new Dictionary<Asn, double>();
        foreach (var of in ases)
        {
            int sessions = of.Count();
            foreach (var use in of)
                foreach (var (upstream, prefixes) in use._by)
                    sums[upstream] = sums.GetValueOrDefault(upstream) + prefixes / use._all / sessions / ases.Count;
        }
        return [.. sums.OrderByDescending(sum => Math.Round(sum.Value, 12)).ThenBy(sum => sum.Key).Select(sum => (sum.Key, sum.Value))];
    }
}
