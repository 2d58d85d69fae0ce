using Isthmus.Routes;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Court;

/// <summary>A stretch in which one sighting does not come to rest.</summary>
/// <param name="Sighting">Index into <see cref="Sightings.All"/>.</param>
internal readonly record struct RestlessStretch(int Sighting, Timestamp From, Timestamp To);

/// <summary>
/// Finds peers that change their mind on a prefix again and again while nobody else does: that tells of them and not of
/// the prefix. Who changes together with others is a witness of something, however often.
/// </summary>
internal static class RestlessStretches
{
    /// <summary>So many changes in a row, and most of them, must be a peer's own.</summary>
    private const int AloneMin = 10;

    /// <summary>A state that holds so long ends the stretch: it is as long as an upstream must stay away to be gone.</summary>
    private static readonly TimeSpan RestMin = Presences.AwayMin;

    /// <summary>Who changes within this of a peer changes with it.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(60);

    /// <summary>Keeps what was found of each prefix.</summary>
    public static KeptByPrefix<RestlessStretch[]> Keep() => new((found, shift) =>
        [.. found.Select(stretch => stretch with { Sighting = stretch.Sighting + shift.Sightings })]);

    /// <summary>The stretches, in order of sighting and time.</summary>
    /// <param name="kept">What was found before, from <see cref="Keep"/>.</param>
    public static IReadOnlyList<RestlessStretch> Find(Sightings sightings, KeptByPrefix<RestlessStretch[]>? kept = null)
    {
        kept ??= Keep();
        kept.GoOnTo(sightings, new HashSet<Collector>(), whoCounts: false);
        var found = new List<RestlessStretch>();
        var all = sightings.All;
        for (int from = 0, to; from < all.Length; from = to)
        {
            bool many = false;
            for (to = from; to < all.Length && all[to].Prefix == all[from].Prefix; to++) many |= all[to].Runs.Length > AloneMin;
            if (!many) continue;
            var (first, behind) = (from, to);
            // The end of the data has no say: what goes on is restless up to its last change.
            found.AddRange(kept.Of(new(all, from, to - from), default, [], () => [.. OfPrefix(sightings, first, behind)]));
        }
        return found;
    }

    private static IEnumerable<RestlessStretch> OfPrefix(Sightings sightings, int from, int to)
    {
        var all = sightings.All;
        var moves = Enumerable.Range(from, to - from).Select(index => Moves(sightings, all[index])).ToArray();
        var ofAll = moves.Index()
            .SelectMany(entry => entry.Item.Select(time => (Time: time, PeerAs: sightings.PeerAs(all[from + entry.Index].Peer))))
            .OrderBy(move => move.Time).ToArray();
        for (int index = from; index < to; index++)
        {
            var peerAs = sightings.PeerAs(all[index].Peer);
            foreach (var (begun, last) in Stretches(moves[index - from], time => IsAlone(ofAll, time, peerAs)))
                yield return new(index, begun, last);
        }
    }

    // What a peer said itself: a dump or a lost session is none of its changes.
    private static Timestamp[] Moves(Sightings sightings, Sighting sighting) => [.. sighting.Runs.Skip(1)
        .Where(run => sightings.Seen.Histories[sighting.History].Steps[run.Step].Cause is Cause.Announcement or Cause.Withdrawal)
        .Select(run => run.From).Distinct()];

    private static IEnumerable<(Timestamp From, Timestamp To)> Stretches(Timestamp[] moves, Func<Timestamp, bool> isAlone)
    {
        for (int from = 0, to; from < moves.Length; from = to)
        {
            for (to = from + 1; to < moves.Length && moves[to] - moves[to - 1] < RestMin;) to++;
            if (to - from < AloneMin) continue;
            int alone = moves[from..to].Count(isAlone);
            if (alone >= AloneMin && 2 * alone > to - from) yield return (moves[from], moves[to - 1]);
        }
    }

    // Fewer others than make a change.
    private static bool IsAlone((Timestamp Time, Asn PeerAs)[] moves, Timestamp time, Asn peerAs)
    {
        var others = new HashSet<Asn>();
        int at = Array.FindIndex(moves, move => move.Time >= time - Together);
        for (; at < moves.Length && moves[at].Time <= time + Together; at++)
            if (moves[at].PeerAs != peerAs) others.Add(moves[at].PeerAs);
        return others.Count < Presences.PeerAsesMin;
    }
}
