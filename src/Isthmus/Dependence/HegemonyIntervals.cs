using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>How sure hegemony is: the mean over origins computed anew from drawn peer ASes, and without each collector in turn.</summary>
/// <param name="origins">What is reached of each origin; empty where no interval is asked for, or there would be too many.</param>
/// <param name="voters">To so many peer ASes each score is filled up with zeros; 0 for those that hold a route of the origin.</param>
internal sealed class HegemonyIntervals(IReadOnlyList<VotedParts<Asn>> origins, int voters)
{
    /// <summary>There are intervals where origins times peer ASes are at most so many: each draw takes all of them.</summary>
    public const int DrawnMax = 4_000;

    private readonly Asn[] _all = [.. origins.SelectMany(origin => origin.Voters()).Distinct().Order()];
    private readonly Collector[] _collectors = [.. origins.SelectMany(origin => origin.Collectors()).Distinct().Order()];

    /// <summary>The estimate of one network.</summary>
    /// <param name="value">Its hegemony over all peer ASes.</param>
    public Estimate Of(Asn asn, double value)
    {
        if (origins.Count == 0) return new(value, null, null, null, null);
        // Of each origin that is reached by it at all: one value a voter, and the place of the voter among all.
        var crossed = origins.Where(origin => origin.Keys.Contains(asn))
            .Select(origin => (Values: origin.Of(asn),
                Places: Array.ConvertAll(origin.Voters(), voter => Array.BinarySearch(_all, voter)))).ToArray();
        var (low, high) = PeerAsDraws.Interval(_all.Length, value, times => crossed.Sum(origin =>
        {
            double[] drawn = PeerAsDraws.Repeat(origin.Values, [.. origin.Places.Select(place => times[place])]);
            return HegemonyScores.Trimmed(drawn, voters);
        }) / origins.Count);
        double[] others = _collectors.Length < 2 ? [] : [.. _collectors.Select(without => origins
            .Where(origin => origin.Voters(without).Length > 0).ToArray() is { Length: > 0 } left
            ? left.Average(origin => HegemonyScores.Trimmed(origin.Of(asn, without), Math.Max(origin.Voters(without).Length,
                voters == 0 ? 0 : _all.Length))) : value)];
        return new(value, low, high, others.Length == 0 ? null : Math.Min(value, others.Min()),
            others.Length == 0 ? null : Math.Max(value, others.Max()));
    }
}
