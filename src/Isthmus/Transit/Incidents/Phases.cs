using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Transit.Incidents;

/// <summary>Cuts an incident into phases; every change belongs to one.</summary>
internal static class Phases
{
    public static IReadOnlyList<IncidentPhase> Of(TransitChange[] changes, IReadOnlyList<Stint> stints)
    {
        var phases = new List<IncidentPhase>();
        foreach (var (index, stint) in stints.Index())
            phases.AddRange(OfStint(stint, index + 1 < stints.Count ? stints[index + 1].Came?.Time : null));
        foreach (var trouble in changes.Where(change => change.Kind is ChangeKind.Unstable))
            phases.Add(new(PhaseKind.Instability, trouble.Time, trouble.Until, [],
                [trouble.Id, .. changes.Where(change => change.PartOf == trouble.Id).Select(change => change.Id)]));
        foreach (var outage in changes.Where(change => change is { Kind: ChangeKind.Outage, PartOf: null }))
            phases.Add(new(PhaseKind.Outage, outage.Time, outage.Until, [], [outage.Id]));
        return Assign(phases, changes);
    }

    private static IEnumerable<IncidentPhase> OfStint(Stint stint, Timestamp? next)
    {
        var carried = stint.Carried;
        if (stint.Came is { } came)
        {
            string[] coming = [came.Id, .. stint.Gains.Select(gain => gain.Id)];
            if (stint is { Gone: { } end, Losses.Count: 0 })
                yield return new(stint.Length < OneCause.MovesWithin ? PhaseKind.Trial : PhaseKind.Settled,
                    came.Time, end.Time, carried, [.. coming, end.Id]);
            else
                yield return new(PhaseKind.Settled, came.Time, stint.Losses is [var first, ..] ? first.Time : null,
                    [.. carried.Take(1 + coming.Length)], coming);
        }
        if (stint.Losses is [var begin, ..])
        {
            int before = stint.Came is null ? 0 : 1 + stint.Gains.Count;
            var last = stint.Gone ?? stint.Losses[^1];
            yield return new(PhaseKind.Erosion, begin.Time, last.Time, [.. carried.Skip(before)],
                [.. stint.Losses.Select(loss => loss.Id), .. stint.Gone is { } gone ? [gone.Id] : Array.Empty<string>()]);
        }
        // An upstream that was there before the incident and is away from here on.
        if (stint is { Came: null, Gone: { } away }) yield return new(
            PhaseKind.Absence, away.Time, next, [carried[^2], carried[^1]], stint.Losses.Count > 0 ? [] : [away.Id]);
    }

    // What is left over belongs to the phase in whose time it lies, or to the last one begun before it.
    private static List<IncidentPhase> Assign(List<IncidentPhase> phases, TransitChange[] changes)
    {
        phases = [.. phases.OrderBy(phase => phase.From).ThenBy(phase => phase.Kind)];
        var given = phases.SelectMany(phase => phase.Changes).ToHashSet(StringComparer.Ordinal);
        foreach (var change in changes.Where(change => !given.Contains(change.Id)))
        {
            int at = phases.FindLastIndex(phase => phase.From <= change.Time + OneCause.ExchangeWithin
                && (phase.To is null || phase.To >= change.Time));
            if (at < 0) at = phases.FindLastIndex(phase => phase.From <= change.Time);
            if (at >= 0) phases[at] = phases[at] with { Changes = [.. phases[at].Changes, change.Id] };
            else phases.Insert(0, new(PhaseKind.Other, change.Time, change.Until, [], [change.Id]));
        }
        var times = changes.ToDictionary(change => change.Id, change => change.Time, StringComparer.Ordinal);
        return [.. phases.Select(phase => phase with
        {
            Changes = [.. phase.Changes.OrderBy(id => times[id]).ThenBy(id => id, StringComparer.Ordinal)],
        })];
    }
}
