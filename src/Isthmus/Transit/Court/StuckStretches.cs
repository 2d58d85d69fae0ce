using Isthmus.Routes;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Court;

/// <summary>A stretch in which one sighting holds a stuck route.</summary>
/// <param name="Sighting">Index into <see cref="Sightings.All"/>.</param>
/// <param name="To">Null where it holds it still when the period ends.</param>
internal readonly record struct StuckStretch(int Sighting, Timestamp From, Timestamp? To);

/// <summary>
/// Finds stuck routes (zombies): what a peer still holds long after nearly all others withdrew it. An average RIS peer
/// misses about 2 % of the withdrawals (methods.md, "The vantage-point court"), so that one route left of many is no sign of life.
/// </summary>
internal static class StuckStretches
{
    /// <summary>As long after the withdrawal a route is stuck and not slow (the rule of RIPE Labs for beacons).</summary>
    public static readonly TimeSpan After = TimeSpan.FromMinutes(90);

    /// <summary>So many peer ASes must have held the prefix and withdrawn it; of fewer nobody knows who is right.</summary>
    public const int WithdrawnMin = 5;

    /// <summary>Keeps what was found of each prefix.</summary>
    public static KeptByPrefix<StuckStretch[]> Keep() => new((found, shift) =>
        [.. found.Select(stretch => stretch with { Sighting = stretch.Sighting + shift.Sightings })]);

    /// <summary>The stretches, in order of sighting and time.</summary>
    /// <param name="kept">What was found before, from <see cref="Keep"/>.</param>
    public static IReadOnlyList<StuckStretch> Find(Sightings sightings, KeptByPrefix<StuckStretch[]>? kept = null)
    {
        kept ??= Keep();
        kept.GoOnTo(sightings, new HashSet<Collector>(), whoCounts: false);
        var found = new List<StuckStretch>();
        var all = sightings.All;
        for (int from = 0, to; from < all.Length; from = to)
        {
            bool changes = false;
            for (to = from; to < all.Length && all[to].Prefix == all[from].Prefix; to++) changes |= all[to].Runs.Length > 1;
            if (!changes) continue;
            var (first, behind) = (from, to);
            var end = EndOf(sightings, from, to);
            found.AddRange(kept.Of(new(all, from, to - from), end, [], () => [.. OfPrefix(sightings, first, behind, end)]));
        }
        return [.. found.OrderBy(stretch => stretch.Sighting).ThenBy(stretch => stretch.From)];
    }

    private static IEnumerable<StuckStretch> OfPrefix(Sightings sightings, int from, int to, Timestamp end)
    {
        foreach (var deserted in Deserted(sightings, from, to, end))
            for (int index = from; index < to; index++)
                if (Stretch(sightings, index, deserted, end) is { } stretch) yield return stretch;
    }

    // So long after the last change it makes no difference when the data end.
    private static Timestamp EndOf(Sightings sightings, int from, int to)
    {
        var settled = new ArraySegment<Sighting>(sightings.All, from, to - from).Max(sighting => sighting.Runs[^1].From) + After;
        return settled < sightings.Seen.To ? settled : sightings.Seen.To;
    }

    // A route that began before the others left and outlived them for long. One that came later is news, not old.
    private static StuckStretch? Stretch(Sightings sightings, int index, (Timestamp From, Timestamp To) deserted, Timestamp data)
    {
        var runs = sightings.All[index].Runs;
        int held = Array.FindLastIndex(runs, run => run.From < deserted.From);
        if (held < 0 || runs[held].Holding < 0) return null;
        var end = held + 1 < runs.Length && runs[held + 1].From < deserted.To ? runs[held + 1].From : deserted.To;
        if (end - deserted.From < After) return null;
        return new(index, deserted.From, end < data ? end : null);
    }

    // When a prefix was held by few and had been withdrawn by nearly all that held it.
    private static IEnumerable<(Timestamp From, Timestamp To)> Deserted(Sightings sightings, int from, int to, Timestamp end)
    {
        var ases = Enumerable.Range(from, to - from).GroupBy(index => sightings.PeerAs(sightings.All[index].Peer))
            .Select(sessions => sessions.ToArray()).ToArray();
        int[] peerAs = new int[to - from];
        for (int i = 0; i < ases.Length; i++)
            foreach (int index in ases[i]) peerAs[index - from] = i;
        var steps = Enumerable.Range(from, to - from)
            .SelectMany(index => sightings.All[index].Runs.Select((run, place) => (run.From, index, place)))
            .OrderBy(step => step.From).ThenBy(step => step.index).ThenBy(step => step.place).ToArray();
        int[] holdings = new int[to - from];
        Array.Fill(holdings, Holding.Unknown);
        bool[] held = new bool[ases.Length];
        Timestamp? since = null;
        for (int i = 0; i < steps.Length; i++)
        {
            var (time, index, place) = steps[i];
            holdings[index - from] = sightings.All[index].Runs[place].Holding;
            held[peerAs[index - from]] |= Holding.IsSubject(holdings[index - from]);
            if (i + 1 < steps.Length && steps[i + 1].From == time) continue;
            int holding = 0, withdrawn = 0;
            for (int of = 0; of < ases.Length; of++)
            {
                bool holds = Array.Exists(ases[of], session => Holding.IsSubject(holdings[session - from]));
                if (holds) holding++;
                else if (held[of] && Array.Exists(ases[of], session => holdings[session - from] == Holding.None)) withdrawn++;
            }
            bool isDeserted = holding > 0 && withdrawn >= WithdrawnMin && holding <= Presences.Zombies(holding + withdrawn);
            if (isDeserted) since ??= time;
            else if (since is { } begun)
            {
                yield return (begun, time);
                since = null;
            }
        }
        if (since is { } still) yield return (still, end);
    }
}
