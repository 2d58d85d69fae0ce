using Isthmus.Wire;

namespace Isthmus.Transit.Timelines;

/// <summary>A stretch in which nobody who counts holds a route, <c>[From, To)</c>.</summary>
/// <param name="To">The second of the first route after it; null where none is seen before the end of the data.</param>
public readonly record struct Absence(Timestamp From, Timestamp? To)
{
    /// <summary>How long, up to the end of the data at most.</summary>
    public TimeSpan LengthTo(Timestamp end) => (To ?? end) - From;
}

/// <summary>
/// When some prefixes were not seen, to the second and by what the peers held, not by the dates of changes: from the last loss to the
/// first return (methods.md, "Changes"). A route of another origin is none of the subject's.
/// </summary>
internal static class Absences
{
    /// <summary>
    /// Stretches in which no prefix of a set is held as the subject's, and some peer is known to hold none; in order of time.
    /// </summary>
    public static IReadOnlyList<Absence> Of(Sightings heard, IReadOnlyCollection<Prefix> prefixes)
    {
        var asked = prefixes as IReadOnlySet<Prefix> ?? prefixes.ToHashSet();
        var steps = new List<(Timestamp Time, int Held, int Known)>();
        foreach (var sighting in heard.All)
        {
            if (!asked.Contains(heard.Prefixes[sighting.Prefix]) || !heard.Counts(sighting.Peer, sighting.Prefix)) continue;
            var (held, known) = (0, 0);
            foreach (var run in sighting.Runs)
            {
                var (isHeld, isKnown) = (Holding.IsSubject(run.Holding) ? 1 : 0, run.Holding != Holding.Unknown ? 1 : 0);
                if (isHeld != held || isKnown != known) steps.Add((run.From, isHeld - held, isKnown - known));
                (held, known) = (isHeld, isKnown);
            }
        }
        steps.Sort((one, other) => one.Time.CompareTo(other.Time));
        var found = new List<Absence>();
        int allHeld = 0, allKnown = 0;
        Timestamp? from = null;
        for (int i = 0; i < steps.Count; i++)
        {
            (allHeld, allKnown) = (allHeld + steps[i].Held, allKnown + steps[i].Known);
            if (i + 1 < steps.Count && steps[i + 1].Time == steps[i].Time) continue;
            bool isUnseen = allHeld == 0 && allKnown > 0;
            if (isUnseen) from ??= steps[i].Time;
            else if (from is { } begun)
            {
                found.Add(new(begun, steps[i].Time));
                from = null;
            }
        }
        if (from is { } open) found.Add(new(open, null));
        return found;
    }
}
