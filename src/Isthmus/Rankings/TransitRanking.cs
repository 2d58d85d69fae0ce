using Isthmus.Attribution;
using Isthmus.Dependence;
using Isthmus.Registry;
using Isthmus.Relationships;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Rankings;

/// <summary>By what networks are ranked (docs/methods.md, "Rankings").</summary>
public enum RankMeasure
{
    /// <summary>Addresses of the prefixes that it transits; of IPv6 prefixes.</summary>
    Addresses,
    /// <summary>The sum of their square roots, so that large blocks count less.</summary>
    Sqrt,
    Prefixes,
    /// <summary>Origin ASes.</summary>
    Ases,
}

/// <summary>How much a network transits.</summary>
/// <param name="Score">By the measure that was asked for.</param>
/// <param name="Addresses">Null for IPv6.</param>
/// <param name="SingleHomed">Its customers that buy of nobody else, in order.</param>
public sealed record RankedNetwork(
    int Rank, Asn Asn, double Score, double Prefixes, double? Addresses, double Ases, IReadOnlyList<Asn> SingleHomed)
{
    /// <summary>Its rank and score before, over the same peers; null where it had none, or nothing was asked.</summary>
    public (int Rank, double Score)? Before { get; init; }
}

/// <summary>Of what networks are ranked by what.</summary>
/// <param name="Countries">Those whose prefixes count; null for all.</param>
public sealed record RankQuestion(RankMeasure By, AddressFamily Family, IReadOnlySet<Country>? Countries);

/// <summary>Networks by the prefixes that they carry for customers, direct or not.</summary>
/// <param name="Peers">The vantage points that count: one of each full-feed peer AS.</param>
/// <param name="Prefixes">Prefixes that were ranked by.</param>
public sealed record TransitRanking(IReadOnlyList<RankedNetwork> Networks, IReadOnlyList<Peer> Peers, int Prefixes)
{
    /// <summary>So much is left out at each end of the peer ASes.</summary>
    private const double Trimmed = 0.1;

    /// <summary>The full-feed peers of a table that can count: of several of one AS that which holds most.</summary>
    public static IReadOnlyList<int> PeersOf(WholeTable table, AddressFamily family) =>
    [
        .. table.VantagePoints(family).GroupBy(peer => table.Peers[peer].Peer.Asn).OrderBy(of => of.Key)
            .Select(of => of.Count() == 1 ? of.First() : of.OrderByDescending(peer => Held(table, family, peer)).ThenBy(peer => peer)
                .First()),
    ];

    /// <summary>Ranks.</summary>
    /// <param name="peers">From <see cref="PeersOf"/>, or some of them.</param>
    /// <param name="graph">Who sells to whom: a path goes downhill from where its first purchase, seen from the origin, ends.</param>
    public static TransitRanking Of(
        WholeTable table, IReadOnlyList<int> peers, RankQuestion question, CountryView view, RelationshipGraph graph,
            CancellationToken stop)
    {
        var (first, count) = table.RowsOf(question.Family).GetOffsetAndLength(table.Prefixes.Count);
        long[] weights = new long[count];
        table.WeighTogether(peers, question.Family, weights);
        var carriers = new CarrierSets(table, graph);
        int cut = (int)(Trimmed * peers.Count), left = peers.Count - 2 * cut;
        var sums = new Sums(graph.Count);
        int[] seen = new int[graph.Count];
        var met = new List<int>();
        var ofOrigins = new Dictionary<(Asn Origin, int Carrier), double>();
        var prefixesOf = new Dictionary<Asn, int>();
        int ranked = 0;
        for (int row = first; row < first + count; row++)
        {
            if ((row & 0xFFFF) == 0) stop.ThrowIfCancellationRequested();
            Asn origin = default;
            foreach (int peer in peers)
            {
                if (table.HeldBy(peer, row) is not (>= 0 and var held)) continue;
                int path = table.Paths.Sent.First(held);
                if (!table.IsBelieved(peer, path) || table.Paths[path].Origins.Length != 1) continue;
                if (origin == default) origin = table.Paths[path].Origins[0];
                foreach (int carrier in carriers[path])
                    if (seen[carrier]++ == 0) met.Add(carrier);
            }
            bool counts = origin != default
                && (question.Countries?.Contains(view.CountryOf(table.Prefixes[row]) ?? view.CountryOf(origin)) ?? true);
            if (counts)
            {
                ranked++;
                prefixesOf[origin] = prefixesOf.GetValueOrDefault(origin) + 1;
            }
            foreach (int carrier in met)
            {
                double part = (double)Math.Clamp(seen[carrier] - cut, 0, left) / Math.Max(1, left);
                seen[carrier] = 0;
                if (!counts || part == 0) continue;
                sums.Add(carrier, part, weights[row - first]);
                ofOrigins[(origin, carrier)] = ofOrigins.GetValueOrDefault((origin, carrier)) + part;
            }
            met.Clear();
        }
        foreach (var ((origin, carrier), part) in ofOrigins) sums.Ases[carrier] += part / prefixesOf[origin];
        return new(sums.Rank(graph, question), [.. peers.Select(peer => table.Peers[peer].Peer)], ranked);
    }

    /// <summary>The same with what each network had before.</summary>
    public TransitRanking Since(TransitRanking before)
    {
        var ranks = before.Networks.ToDictionary(network => network.Asn, network => (network.Rank, network.Score));
        return this with
        {
            Networks = [.. Networks.Select(network => ranks.TryGetValue(network.Asn, out var was) ? network with { Before = was }
                : network)],
        };
    }

    private static int Held(WholeTable table, AddressFamily family, int peer)
    {
        var (first, count) = table.RowsOf(family).GetOffsetAndLength(table.Prefixes.Count);
        int held = 0;
        for (int row = first; row < first + count; row++) held += table.HeldBy(peer, row) >= 0 ? 1 : 0;
        return held;
    }

    /// <summary>Who carries on the downhill side of a path: origin and vantage point apart; each path once.</summary>
    private sealed class CarrierSets(WholeTable table, RelationshipGraph graph)
    {
        private readonly int[]?[] _known = new int[]?[table.Paths.Sent.Count];

        public int[] this[int path] => _known[path] ??= Find(table.Paths[path].Hops);

        private int[] Find(ReadOnlySpan<Asn> hops)
        {
            var carriers = new List<int>();
            int below = hops.Length > 0 ? graph.IndexOf(hops[^1]) : -1;
            for (int i = hops.Length - 2; i > 0 && below >= 0; i--)
            {
                int at = graph.IndexOf(hops[i]);
                if (at < 0 || graph.Between(at, below) is not { Kind: Neighbour.Customer }) break;
                carriers.Add(at);
                below = at;
            }
            return [.. carriers];
        }
    }

    private sealed class Sums(int ases)
    {
        private readonly double[] _addresses = new double[ases], _roots = new double[ases], _prefixes = new double[ases];

        public double[] Ases { get; } = new double[ases];

        public void Add(int carrier, double part, long weight)
        {
            _addresses[carrier] += part * weight;
            _roots[carrier] += part * Math.Sqrt(weight);
            _prefixes[carrier] += part;
        }

        public List<RankedNetwork> Rank(RelationshipGraph graph, RankQuestion question)
        {
            double[] by = question.By switch
            {
                RankMeasure.Addresses => _addresses,
                RankMeasure.Sqrt => _roots,
                RankMeasure.Prefixes => _prefixes,
                _ => Ases,
            };
            int[] order = [.. Enumerable.Range(0, by.Length).Where(at => _prefixes[at] > 0)
                .OrderByDescending(at => Math.Round(by[at], 6)).ThenBy(at => at)];
            var ranked = new List<RankedNetwork>(order.Length);
            for (int place = 0; place < order.Length; place++)
            {
                int at = order[place];
                // What is equal has one rank.
                int rank = place > 0 && Math.Round(by[order[place - 1]], 6) == Math.Round(by[at], 6) ? ranked[^1].Rank : place + 1;
                ranked.Add(new(rank, graph[at], by[at], _prefixes[at], question.Family is AddressFamily.IPv4 ? _addresses[at] : null,
                    Ases[at],
                    SingleHomed(graph, at)));
            }
            return ranked;
        }

        private static List<Asn> SingleHomed(RelationshipGraph graph, int provider)
        {
            var alone = new List<Asn>();
            foreach (int customer in graph.Of(provider, Neighbour.Customer))
                if (graph.Of(customer, Neighbour.Provider).Length == 1) alone.Add(graph[customer]);
            return alone;
        }
    }
}
