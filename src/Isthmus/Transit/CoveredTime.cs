using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit;

/// <summary>The part of a period of which somebody's table is known, and the stretches in which nobody's is.</summary>
/// <param name="Covered">How long, in all.</param>
/// <param name="Gaps">In order of time; those at the ends of the period among them.</param>
public sealed record CoveredTime(Timestamp From, Timestamp To, TimeSpan Covered, IReadOnlyList<SessionSpan> Gaps)
{
    /// <summary>Shorter stretches between two sessions are no gap.</summary>
    private static readonly TimeSpan _gapMin = TimeSpan.FromSeconds(1);

    /// <summary>The part of the period, 0 to 1; of an instant 1 where it is covered.</summary>
    public double Part => To > From ? Math.Min(1, Covered / (To - From)) : Gaps.Count == 0 ? 1 : 0;

    /// <summary>What all peers cover together.</summary>
    /// <param name="asked">The period that is asked about; null for what the spans have of it.</param>
    public static CoveredTime Of(IRouteSpans seen, (Timestamp? From, Timestamp? To) asked) =>
        Of(seen.Peers, asked.From ?? seen.From, asked.To ?? seen.To);

    /// <summary>The same for each collector apart.</summary>
    public static IReadOnlyList<(Collector Collector, CoveredTime Time)> ByCollector(
        IRouteSpans seen, (Timestamp? From, Timestamp? To) asked) =>
        [.. seen.Peers.GroupBy(feed => feed.Peer.Collector).OrderBy(group => group.Key)
            .Select(group => (group.Key, Of(group, asked.From ?? seen.From, asked.To ?? seen.To)))];

    private static CoveredTime Of(IEnumerable<PeerFeed> peers, Timestamp from, Timestamp to)
    {
        var covered = TimeSpan.Zero;
        var gaps = new List<SessionSpan>();
        var reached = from;
        foreach (var span in peers.SelectMany(feed => feed.Up).OrderBy(span => span.From))
        {
            var (begins, ends) = (span.From > reached ? span.From : reached, span.To < to ? span.To : to);
            if (ends < begins || ends == begins && begins > from) continue;
            if (begins - reached >= _gapMin) gaps.Add(new(reached, begins));
            covered += ends - begins;
            reached = ends;
        }
        bool isInstant = to == from && !peers.Any(feed => feed.Up.Any(span => span.From <= to && span.To >= to));
        if (isInstant || to - reached >= _gapMin) gaps.Add(new(reached, to));
        return new(from, to, covered, gaps);
    }
}
