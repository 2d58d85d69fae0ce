using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>A stretch in which one peer AS holds a prefix by one key (an upstream, or any route), gaps under 300 s closed.</summary>
/// <param name="FromKnown">It began with a change: before it the peer was known to hold something else, or nothing.</param>
/// <param name="ToKnown">It ended with a change, and not with a session that was lost.</param>
/// <param name="Begin">The session that shows the beginning, and its place there.</param>
/// <param name="End">The same of the end.</param>
internal sealed record Stay(
    Asn PeerAs, Timestamp From, Timestamp To, bool FromKnown, bool ToKnown, bool IsOpen,
    (int Sighting, int Place) Begin, (int Sighting, int Place) End);

/// <summary>A stretch in which enough peer ASes hold a prefix by one key.</summary>
internal sealed record Presence(Timestamp From, Timestamp To, bool IsOpen, int PeerAsesMax, IReadOnlyList<Stay> Stays);

/// <summary>Finds who held a prefix by a key, and when enough did (methods.md section 8.2).</summary>
internal static class Presences
{
    /// <summary>A change is lasting when the new state holds so long; a shorter interruption is none.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromSeconds(300);

    /// <summary>So many peer ASes make a change; where fewer than three watch, all that there are.</summary>
    public const int PeerAsesMin = 3;

    public static int Threshold(int watching) => Math.Clamp(watching, 1, PeerAsesMin);

    /// <summary>Peer ASes that may keep a stuck route: at most one, or 3 % (zombies, methods.md section 2).</summary>
    public static int Zombies(int watching) => watching < PeerAsesMin ? 0 : Math.Max(1, (int)(0.03 * watching));

    /// <summary>The stays of every peer AS, in order of peer AS and time.</summary>
    public static IReadOnlyList<Stay> Stays(Sightings sightings, IEnumerable<int> ofPrefix, Func<int, bool> isKey, Timestamp end)
    {
        var stays = new List<Stay>();
        foreach (var peerAs in ofPrefix.GroupBy(index => sightings.PeerAs(sightings.All[index].Peer)).OrderBy(group => group.Key))
            stays.AddRange(Unite(peerAs.SelectMany(index => Runs(sightings.All[index], index, peerAs.Key, isKey, end)), Lasting));
        return stays;
    }

    /// <summary>The stays of one peer AS as they were, with every interruption.</summary>
    public static IEnumerable<Stay> Runs(Sightings sightings, IGrouping<Asn, int> ofPeerAs, Func<int, bool> isKey, Timestamp end) =>
        Unite(ofPeerAs.SelectMany(index => Runs(sightings.All[index], index, ofPeerAs.Key, isKey, end)), TimeSpan.FromMicroseconds(1));

    private static IEnumerable<Stay> Runs(Sighting sighting, int index, Asn peerAs, Func<int, bool> isKey, Timestamp end)
    {
        int began = -1;
        for (int i = 0; i <= sighting.Runs.Length; i++)
        {
            bool last = i == sighting.Runs.Length, held = !last && isKey(sighting.Runs[i].Holding);
            if (held && began < 0) began = i;
            if (held || began < 0) continue;
            bool fromKnown = began > 0 && sighting.Runs[began - 1].Holding != Holding.Unknown;
            bool toKnown = !last && sighting.Runs[i].Holding != Holding.Unknown;
            yield return new(
                peerAs, sighting.Runs[began].From, last ? end : sighting.Runs[i].From, fromKnown, toKnown, last,
                (index, began), (index, last ? i - 1 : i));
            began = -1;
        }
    }

    // A peer AS holds the key while any of its sessions does.
    private static IEnumerable<Stay> Unite(IEnumerable<Stay> runs, TimeSpan gapMax)
    {
        Stay? open = null;
        foreach (var run in runs.OrderBy(run => run.From).ThenBy(run => run.Begin.Sighting))
        {
            if (open is null || run.From - open.To >= gapMax)
            {
                if (open is not null) yield return open;
                open = run;
            }
            else if (run.To > open.To || run.IsOpen)
            {
                open = open with { To = run.To, ToKnown = run.ToKnown, IsOpen = run.IsOpen, End = run.End };
            }
        }
        if (open is not null) yield return open;
    }

    /// <summary>When enough peer ASes held the key; gaps that are short, or that something else explains, are closed.</summary>
    /// <param name="explains">True for a stretch whose absence is another event's: an outage, an unstable time.</param>
    public static IReadOnlyList<Presence> Of(
        IReadOnlyList<Stay> stays, int watching, TimeSpan gapMax, Func<Timestamp, Timestamp, bool> explains)
    {
        int on = Threshold(watching), off = Zombies(watching);
        var steps = stays.SelectMany(stay => stay.IsOpen
                ? new (Timestamp Time, int Change)[] { (stay.From, 1) }
                : [(stay.From, 1), (stay.To, -1)])
            .OrderBy(step => step.Time).ThenByDescending(step => step.Change);
        var found = new List<(Timestamp From, Timestamp To, bool Open, int Max)>();
        int held = 0, most = 0;
        Timestamp? from = null;
        foreach (var (time, change) in steps)
        {
            held += change;
            if (from is null && held >= on) (from, most) = (time, held);
            else if (from is not null) most = Math.Max(most, held);
            if (from is not { } start || held > off) continue;
            found.Add((start, time, false, most));
            from = null;
        }
        if (from is { } begun) found.Add((begun, stays.Max(stay => stay.To), true, most));
        for (int i = found.Count - 2; i >= 0; i--)
        {
            if (found[i + 1].From - found[i].To >= gapMax && !explains(found[i].To, found[i + 1].From)) continue;
            found[i] = (found[i].From, found[i + 1].To, found[i + 1].Open, Math.Max(found[i].Max, found[i + 1].Max));
            found.RemoveAt(i + 1);
        }
        return [.. found.Select(entry => new Presence(entry.From, entry.To, entry.Open, entry.Max,
            [.. stays.Where(stay => stay.From <= entry.To && stay.To >= entry.From)]))];
    }
}
