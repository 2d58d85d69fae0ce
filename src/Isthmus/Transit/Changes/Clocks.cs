using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// Collectors whose clock is wrong, told by the changes that their peers share with others: always off by the same, and
/// never together with the rest (methods.md section 8.2). Their peers date nothing.
/// </summary>
internal static class Clocks
{
    /// <summary>Off by less a clock does no harm.</summary>
    private static readonly TimeSpan OffMin = TimeSpan.FromSeconds(30);

    /// <summary>By one change alone a clock is judged only beyond what convergence may take.</summary>
    private static readonly TimeSpan OnceMin = TimeSpan.FromSeconds(180);

    /// <summary>A clock may be off by a time zone; what lies further apart is two events.</summary>
    private static readonly TimeSpan OffMax = TimeSpan.FromHours(14);

    /// <summary>Turns with no more between them are one wave.</summary>
    private static readonly TimeSpan WaveGap = TimeSpan.FromSeconds(120);

    /// <summary>Waves so near each other are one moment: no second proof.</summary>
    private static readonly TimeSpan OneMoment = TimeSpan.FromMinutes(10);

    private const int OwnMin = 2, OthersMin = 3;

    private readonly record struct Turned(Collector Collector, Asn PeerAs, Timestamp Time);

    private readonly record struct Sample(Timestamp At, TimeSpan Offset);

    /// <summary>How far the clock of each collector that is wrong is off: positive for late.</summary>
    public static IReadOnlyDictionary<Collector, TimeSpan> Wrong(Sightings sightings)
    {
        var samples = new SortedDictionary<Collector, List<Sample>>();
        foreach (var ofPrefix in sightings.ChangedPrefixes())
        {
            var turns = Turns(sightings, ofPrefix).OrderBy(turn => turn.Turn.Time).ThenBy(turn => turn.Turn.PeerAs).ToArray();
            Turned[] all = [.. turns.Select(turn => turn.Turn)];
            foreach (var toOne in turns.GroupBy(turn => turn.Holding, turn => turn.Turn)) Compare([.. toOne], all, samples);
        }
        var wrong = new SortedDictionary<Collector, TimeSpan>();
        foreach (var (collector, list) in samples)
            if (Judge(list) is { } offset) wrong[collector] = offset;
        return wrong;
    }

    private static IEnumerable<(int Holding, Turned Turn)> Turns(Sightings sightings, ArraySegment<Sighting> ofPrefix)
    {
        foreach (var sighting in ofPrefix)
            for (int i = 1; i < sighting.Runs.Length; i++)
            {
                var run = sighting.Runs[i];
                var until = i + 1 < sighting.Runs.Length ? sighting.Runs[i + 1].From : sightings.Seen.To;
                if (run.Holding < Holding.None || sighting.Runs[i - 1].Holding < Holding.None) continue;
                if (until - run.From < Presences.Lasting) continue;
                var cause = sightings.Seen.Histories[sighting.History].Steps[run.Step].Cause;
                if (cause is not (Cause.Announcement or Cause.Withdrawal)) continue;
                var peer = sightings.Seen.Peers[sighting.Peer].Peer;
                yield return (run.Holding, new(peer.Collector, peer.Asn, run.From));
            }
    }

    // Where the others change at the same time, though to something else, the clocks agree.
    private static void Compare(Turned[] turns, Turned[] ofPrefix, SortedDictionary<Collector, List<Sample>> samples)
    {
        if (turns.Select(turn => turn.PeerAs).Distinct().Count() < OwnMin + OthersMin) return;
        foreach (var collector in turns.Select(turn => turn.Collector).Distinct())
        {
            var own = Waves([.. turns.Where(turn => turn.Collector == collector)], OwnMin);
            var others = Waves([.. turns.Where(turn => turn.Collector != collector)], OthersMin);
            foreach (var wave in own)
            {
                if (others.Count == 0) continue;
                var nearest = others.MinBy(other => (wave.Median - other.Median).Duration())!;
                bool together = ofPrefix.Where(turn => turn.Collector != collector
                    && turn.Time >= wave.First - WaveGap && turn.Time <= wave.Last + WaveGap).Select(turn => turn.PeerAs).Distinct().Any();
                bool apart = !together && (wave.Last < nearest.First || wave.First > nearest.Last);
                var offset = wave.Median - nearest.Median;
                if (offset.Duration() > OffMax) continue;
                (samples.TryGetValue(collector, out var list) ? list : samples[collector] = [])
                    .Add(new(nearest.Median, apart ? offset : TimeSpan.Zero));
            }
        }
    }

    private sealed record Wave(Timestamp First, Timestamp Median, Timestamp Last);

    private static List<Wave> Waves(Turned[] sorted, int peerAsesMin)
    {
        var waves = new List<Wave>();
        for (int from = 0, to; from < sorted.Length; from = to)
        {
            for (to = from + 1; to < sorted.Length && sorted[to].Time - sorted[to - 1].Time <= WaveGap;) to++;
            if (sorted[from..to].Select(turn => turn.PeerAs).Distinct().Count() >= peerAsesMin)
                waves.Add(new(sorted[from].Time, sorted[from + (to - from - 1) / 2].Time, sorted[to - 1].Time));
        }
        return waves;
    }

    private static TimeSpan? Judge(List<Sample> samples)
    {
        Sample[] sorted = [.. samples.OrderBy(sample => sample.Offset)];
        var middle = sorted[(sorted.Length - 1) / 2].Offset;
        if (sorted.Any(sample => sample.Offset.Duration() <= OffMin || (sample.Offset - middle).Duration() > OffMin)) return null;
        bool again = sorted.Max(sample => sample.At) - sorted.Min(sample => sample.At) > OneMoment;
        return again || middle.Duration() > OnceMin ? middle : null;
    }
}
