namespace Isthmus.Transit.Shares;

/// <summary>
/// Votes added up so that the shares under any weights cost little. The mean of a prefix is over who sees it, so prefixes
/// that the same peer ASes see can be one row; that takes a while, and pays where the votes are weighed many times.
/// </summary>
internal sealed class ShareTally
{
    /// <summary>Sums over the prefixes of a row of the part by an upstream, plain and times their addresses.</summary>
    private readonly record struct RowPart(int Row, int Upstream, double Prefixes, double Addresses);

    private readonly Vote[] _votes;
    private readonly int _upstreams;
    private readonly (double Prefixes, double Addresses)[] _rows;
    private readonly int[][] _seen;
    private readonly RowPart[][] _parts;
    private readonly (double Crossing, int Vote)[][] _byCrossing;
    private readonly double[] _seenBy;

    /// <param name="votes">In order of peer AS.</param>
    /// <param name="upstreams">How many upstreams there are.</param>
    /// <param name="weights">Addresses of each prefix that no more specific prefix of the subject covers.</param>
    /// <param name="often">True where the votes are weighed many times.</param>
    public ShareTally(Vote[] votes, int upstreams, IReadOnlyList<double> weights, bool often)
    {
        _votes = votes;
        _upstreams = upstreams;
        int[] rowOf = often ? SameSeers(votes, weights.Count) : [.. Enumerable.Range(0, weights.Count)];
        _rows = new (double, double)[often ? rowOf.DefaultIfEmpty(-1).Max() + 1 : weights.Count];
        for (int prefix = 0; prefix < rowOf.Length; prefix++)
            _rows[rowOf[prefix]] = (_rows[rowOf[prefix]].Prefixes + 1, _rows[rowOf[prefix]].Addresses + weights[prefix]);
        _parts = [.. votes.Select(vote => PartsOf(vote, rowOf, weights, often))];
        _seen = [.. _parts.Select(parts => parts.Select(part => part.Row).Distinct().ToArray())];
        _seenBy = new double[_rows.Length];
        _byCrossing = ByCrossing(votes, upstreams);
    }

    /// <summary>How many peer ASes vote.</summary>
    public int Count => _votes.Length;

    // For each prefix a number for the set of votes that see it: vote by vote, the set so far and this vote lead to the next.
    private static int[] SameSeers(Vote[] votes, int prefixes)
    {
        int[] sets = new int[prefixes];
        var next = new Dictionary<(int Set, int Vote), int>();
        for (int vote = 0; vote < votes.Length; vote++)
        {
            int before = -1;
            foreach (var part in votes[vote].ByPrefix)
            {
                if (part.Prefix == before) continue;
                before = part.Prefix;
                if (!next.TryGetValue((sets[before], vote), out int set)) next[(sets[before], vote)] = set = next.Count + 1;
                sets[before] = set;
            }
        }
        // Numbered anew without holes.
        var rows = new Dictionary<int, int>();
        for (int prefix = 0; prefix < prefixes; prefix++)
        {
            if (!rows.TryGetValue(sets[prefix], out int row)) rows[sets[prefix]] = row = rows.Count;
            sets[prefix] = row;
        }
        return sets;
    }

    private static RowPart[] PartsOf(Vote vote, int[] rowOf, IReadOnlyList<double> weights, bool often)
    {
        if (!often)
            return [.. vote.ByPrefix.Select(part => new RowPart(part.Prefix, part.Upstream, part.Part, part.Part * weights[part.Prefix]))];
        var parts = new Dictionary<(int Row, int Upstream), RowPart>();
        foreach (var part in vote.ByPrefix)
        {
            var key = (rowOf[part.Prefix], part.Upstream);
            var sum = parts.GetValueOrDefault(key);
            parts[key] = new(key.Item1, key.Upstream, sum.Prefixes + part.Part, sum.Addresses + part.Part * weights[part.Prefix]);
        }
        return [.. parts.Values.OrderBy(part => part.Row).ThenBy(part => part.Upstream)];
    }

    private static (double Crossing, int Vote)[][] ByCrossing(Vote[] votes, int upstreams)
    {
        var values = new (double Crossing, int Vote)[upstreams][];
        for (int upstream = 0; upstream < upstreams; upstream++)
        {
            values[upstream] = new (double, int)[votes.Length];
            for (int vote = 0; vote < votes.Length; vote++) values[upstream][vote].Vote = vote;
        }
        for (int vote = 0; vote < votes.Length; vote++)
            foreach (var (upstream, part) in votes[vote].Crossing) values[upstream][vote].Crossing = part;
        foreach (var ofUpstream in values) Array.Sort(ofUpstream);
        return values;
    }

    /// <summary>The shares of every upstream.</summary>
    /// <param name="weights">Of each vote; together 1. A weight of 0 is a vote that was not drawn.</param>
    public UpstreamShares[] Shares(ReadOnlySpan<double> weights)
    {
        double[] route = new double[_upstreams], peerAs = new double[_upstreams], coverage = new double[_upstreams];
        double routes = 0;
        for (int vote = 0; vote < _votes.Length; vote++)
        {
            if (weights[vote] == 0) continue;
            routes += weights[vote] * _votes[vote].Routes;
            foreach (var part in _votes[vote].ByUpstream)
            {
                route[part.Upstream] += weights[vote] * part.Routes;
                peerAs[part.Upstream] += weights[vote] * part.Part;
                coverage[part.Upstream] += weights[vote];
            }
        }
        var (prefix, address) = OverPrefixes(weights);
        var shares = new UpstreamShares[_upstreams];
        for (int upstream = 0; upstream < _upstreams; upstream++)
            shares[upstream] = new(routes == 0 ? 0 : route[upstream] / routes, peerAs[upstream], prefix[upstream], address[upstream],
                Math.Min(1, coverage[upstream]), Hegemony.Of(_byCrossing[upstream], weights));
        return shares;
    }

    // The mean over prefixes of the mean over those that see each; a prefix that nobody drawn sees is left out.
    private (double[] Prefix, double[] Address) OverPrefixes(ReadOnlySpan<double> weights)
    {
        double[] prefix = new double[_upstreams], address = new double[_upstreams];
        Array.Clear(_seenBy);
        for (int vote = 0; vote < _votes.Length; vote++)
            if (weights[vote] > 0)
                foreach (int row in _seen[vote]) _seenBy[row] += weights[vote];
        double prefixes = 0, addresses = 0;
        for (int row = 0; row < _seenBy.Length; row++)
        {
            if (_seenBy[row] == 0) continue;
            (prefixes, addresses) = (prefixes + _rows[row].Prefixes, addresses + _rows[row].Addresses);
            _seenBy[row] = 1 / _seenBy[row];
        }
        for (int vote = 0; vote < _votes.Length; vote++)
        {
            if (weights[vote] == 0) continue;
            foreach (ref readonly var part in _parts[vote].AsSpan())
            {
                double weight = weights[vote] * _seenBy[part.Row];
                prefix[part.Upstream] += weight * part.Prefixes;
                address[part.Upstream] += weight * part.Addresses;
            }
        }
        for (int upstream = 0; upstream < _upstreams; upstream++)
        {
            if (prefixes > 0) prefix[upstream] /= prefixes;
            if (addresses > 0) address[upstream] /= addresses;
        }
        // Where only a family without addresses to weigh is left, each prefix weighs the same.
        return (prefix, addresses > 0 ? address : prefix);
    }
}
