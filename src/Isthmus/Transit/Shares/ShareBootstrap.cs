namespace Isthmus.Transit.Shares;

/// <summary>
/// How sure shares are: a percentile bootstrap (Efron 1979) over peer ASes, and the range when each collector in turn is
/// left out. Peer ASes are drawn and not routes, as those of one network are no independent witnesses. A draw in which
/// no witness of an upstream stands gives it nothing: one of few witnesses has an interval that begins at 0.
/// </summary>
internal static class ShareBootstrap
{
    /// <summary>Draws: at 1,000 the ends of a 95 % interval rest on 25 draws each.</summary>
    public const int Draws = 1_000;

    /// <summary>Of the draws. A fixed one: the same inputs give the same interval.</summary>
    public const ulong Seed = 20_171_001;

    /// <summary>For each upstream its intervals; null for all where too few peer ASes vote.</summary>
    /// <param name="tally">Of the votes.</param>
    /// <param name="shares">Of each upstream, from all votes.</param>
    /// <param name="without">The shares without each collector in turn.</param>
    public static ShareIntervals?[] Intervals(
        Vote[] votes, ShareTally tally, VoteGroups groups, UpstreamShares[] shares, IReadOnlyList<UpstreamShares[]> without)
    {
        var intervals = new ShareIntervals?[shares.Length];
        if (votes.Length < ShareBasis.PeerAsesLeast) return intervals;
        int[] largest = [.. Enumerable.Range(0, shares.Length)
            .OrderByDescending(upstream => shares[upstream].PeerAs).ThenBy(upstream => upstream).Take(ShareBasis.UpstreamsMax).Order()];
        double[][] drawn = Draw(tally, [.. votes.Select(vote => groups.Of(vote.PeerAs))], groups, largest);
        for (int i = 0; i < largest.Length; i++)
        {
            int upstream = largest[i];
            ShareInterval Of(int measure) => IntervalOf(Measures[measure](shares[upstream]), drawn[i * Measures.Length + measure],
                [.. without.Select(others => Measures[measure](others[upstream]))]);
            intervals[upstream] = new(Of(0), Of(1), Of(2), Of(3), Of(4), Of(5));
        }
        return intervals;
    }

    private static readonly Func<UpstreamShares, double>[] Measures =
    [
        shares => shares.Route, shares => shares.PeerAs, shares => shares.Prefix, shares => shares.Address,
        shares => shares.Coverage, shares => shares.Hegemony,
    ];

    // For each of the upstreams and measures the draws, sorted.
    private static double[][] Draw(ShareTally tally, int[] groupOf, VoteGroups groups, int[] upstreams)
    {
        int[] times = new int[groupOf.Length];
        double[] weights = new double[times.Length];
        double[][] drawn = [.. upstreams.SelectMany(_ => Measures).Select(_ => new double[Draws])];
        ulong state = Seed;
        for (int draw = 0; draw < Draws; draw++)
        {
            Array.Clear(times);
            for (int i = 0; i < times.Length; i++) times[Below(times.Length, ref state)]++;
            groups.Weigh(groupOf, times, weights);
            var shares = tally.Shares(weights);
            for (int i = 0; i < upstreams.Length; i++)
                for (int measure = 0; measure < Measures.Length; measure++)
                    drawn[i * Measures.Length + measure][draw] = Measures[measure](shares[upstreams[i]]);
        }
        foreach (double[] values in drawn) Array.Sort(values);
        return drawn;
    }

    // SplitMix64 (Steele, Lea, Flood 2014), scaled down: unlike System.Random it gives the same on every runtime to come.
    internal static int Below(int count, ref ulong state)
    {
        unchecked
        {
            ulong mixed = state += 0x9E3779B97F4A7C15;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return (int)Math.BigMul(mixed ^ (mixed >> 31), (ulong)count, out _);
        }
    }

    private static ShareInterval IntervalOf(double share, double[] sorted, double[] others)
    {
        const double Tail = (1 - ShareBasis.Level) / 2;
        bool ranges = others.Length > 0;
        return new(
            Math.Min(share, Quantile(sorted, Tail)), Math.Max(share, Quantile(sorted, 1 - Tail)),
            ranges ? Math.Min(share, others.Min()) : null, ranges ? Math.Max(share, others.Max()) : null);
    }

    /// <summary>The value below which a part of a sorted list lies, between its neighbours in proportion.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double part)
    {
        double place = part * (sorted.Length - 1);
        int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
