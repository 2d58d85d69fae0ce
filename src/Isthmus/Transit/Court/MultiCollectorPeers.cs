using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Court;

/// <summary>
/// What peer ASes with sessions at several collectors tell of the clocks (methods.md, "Clocks"): an AS tells all of them the same
/// within seconds, so that its turns at one are those at the other, shifted by how far the clocks are apart.
/// </summary>
internal sealed class MultiCollectorPeers
{
    /// <summary>Turns of an AS at a collector that are looked at: its first. One that turns on and on tells no more.</summary>
    private const int TurnsMax = 256;

    /// <summary>So many ASes, or moments of one, tell a clock from a roll-out.</summary>
    private const int ProofsMin = 2;

    /// <summary>The turns that have their like, of those that could have it.</summary>
    private const double MatchedMin = 0.6;

    /// <summary>At another shift at most this part of them may have it.</summary>
    private const double BesideMax = 0.5;

    /// <summary>What comes so near each other is told as one.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(15);

    /// <summary>Turns so near each other are one moment: no second proof.</summary>
    private static readonly TimeSpan OneMoment = TimeSpan.FromMinutes(10);

    private readonly record struct Turn(Timestamp Time, long Holding);

    private readonly Dictionary<Collector, Dictionary<Asn, Turn[]>> _turns = [];

    /// <param name="turns">What peers came to, and when, each by its peer: brief stays, too.</param>
    public MultiCollectorPeers(IRouteSpans seen, IEnumerable<(int Prefix, long Holding, Timestamp Time, int Peer)> turns)
    {
        foreach (var ofCollector in turns.GroupBy(turn => seen.Peers[turn.Peer].Peer.Collector))
            _turns[ofCollector.Key] = ofCollector.GroupBy(turn => seen.Peers[turn.Peer].Peer.Asn).ToDictionary(
                ofAs => ofAs.Key,
                ofAs => ofAs.Select(turn => new Turn(turn.Time, turn.Holding)).Distinct()
                    .OrderBy(turn => turn.Time).ThenBy(turn => turn.Holding).Take(TurnsMax).ToArray());
    }

    /// <summary>
    /// How far a collector's clock is off by the word of such ASes: zero for a right one. Null where too few tell, or others
    /// differ from each other.
    /// </summary>
    /// <param name="expected">How far it is from the middle of all, by all peers; decides where one other collector alone tells.</param>
    public TimeSpan? OffsetOf(Collector collector, TimeSpan expected)
    {
        double[] apart = [.. _turns.Keys.Where(other => other != collector).Order()
            .Select(other => Between(collector, other)).OfType<double>()];
        foreach (double seconds in apart.Append(0))
        {
            int agreeing = apart.Count(other => Math.Abs(other - seconds) <= ClockSkews.Most.TotalSeconds);
            bool isBorneOut = agreeing > 1 || Math.Abs(expected.TotalSeconds - seconds) <= ClockSkews.Most.TotalSeconds;
            if (agreeing > 0 && 2 * agreeing > apart.Length && isBorneOut)
                return Math.Abs(seconds) <= ClockSkews.Most.TotalSeconds ? TimeSpan.Zero : TimeSpan.FromSeconds(seconds);
        }
        return null;
    }

    // By how many seconds the turns at one collector follow those at the other; null where that is not clear.
    private double? Between(Collector one, Collector other)
    {
        var pairs = new List<(double Seconds, Asn Asn, Timestamp Time)>();
        int possible = 0;
        foreach (var (asn, here) in _turns[one].OrderBy(ofAs => ofAs.Key))
        {
            if (!_turns[other].TryGetValue(asn, out var there)) continue;
            possible += Math.Min(here.Length, there.Length);
            foreach (var turn in here)
                foreach (var like in there)
                    if (like.Holding == turn.Holding) pairs.Add(((turn.Time - like.Time).TotalSeconds, asn, turn.Time));
        }
        if (pairs.Count == 0) return null;
        pairs.Sort();
        double best = 0;
        int most = Matched(0).Count;
        for (int from = 0, to = 0; from < pairs.Count; from++)
        {
            for (; to < pairs.Count && pairs[to].Seconds - pairs[from].Seconds <= 2 * Near.TotalSeconds;) to++;
            if (to - from <= most) continue;
            double middle = pairs[from + (to - from - 1) / 2].Seconds;
            int matched = Matched(middle).Count;
            if (matched > most) (best, most) = (middle, matched);
        }
        var proofs = Matched(best);
        bool isClear = most >= MatchedMin * possible
            && (best == 0 || Matched(0).Count <= BesideMax * most) && (proofs.Select(proof => proof.Asn).Distinct().Count() >= ProofsMin
                || proofs.Count > 0 && proofs.Max(proof => proof.Time) - proofs.Min(proof => proof.Time) > OneMoment);
        return isClear ? best : null;

        HashSet<(Asn Asn, Timestamp Time)> Matched(double seconds) => [.. pairs
            .Where(pair => Math.Abs(pair.Seconds - seconds) <= Near.TotalSeconds).Select(pair => (pair.Asn, pair.Time))];
    }
}
