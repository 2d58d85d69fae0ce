using System.Globalization;

using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Transit.Incidents;

/// <summary>Writes the incidents of a period from its changes: opened, updated, closed, in phases, with a label.</summary>
internal static class IncidentLog
{
    /// <param name="end">End of the data: what is not over by then may go on.</param>
    /// <param name="carryAtEnd">The upstreams that carry any prefix at the end: of these none has gone for good.</param>
    public static IReadOnlyList<Incident> Of(IReadOnlyList<TransitChange> changes, Timestamp end, IReadOnlySet<Asn> carryAtEnd) =>
        [.. OneCause.Group(changes).Select(group => Tell(group, end, carryAtEnd))];

    private static Incident Tell(TransitChange[] changes, Timestamp end, IReadOnlySet<Asn> carryAtEnd)
    {
        var principal = Moves.Principal(changes);
        IReadOnlyList<Stint> stints = principal is null ? [] : Stint.Of(principal, changes);
        var (label, why) = LabelRules.Of(changes, principal, stints, carryAtEnd);
        var opened = changes[0].Time;
        var updated = changes.Max(change => change.Until is { } until && until > change.Time ? until
            : change.Last - change.First > RollOut.QuickMax ? change.Last : change.Time);
        string stamp = opened.ToDateTimeOffset().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string id = $"incident-{stamp}" + (principal?.Upstream is { } asn ? $"-{asn}" : "-" + changes[0].Id.Split('-')[0]);
        return new(id, label, why, principal?.Upstream, opened, updated, Closed(changes, stints, updated, end),
            Phases.Of(changes, stints), [.. changes.Select(change => change.Id)]);
    }

    // Over is what left nothing behind, and what nothing more was added to for a day.
    private static Timestamp? Closed(TransitChange[] changes, IReadOnlyList<Stint> stints, Timestamp updated, Timestamp end)
    {
        if (changes.Any(change => change is { Kind: ChangeKind.Outage, Until: null })) return null;
        // All that has an end is over with the last of them.
        bool onlyTrouble = changes.All(change => change.Kind is ChangeKind.Outage or ChangeKind.Unstable || change.Until is not null);
        bool undone = onlyTrouble || stints is [.., { Came: not null, Gone: not null }]
            && changes.All(change => Moves.IsMove(change) || change.Kind is ChangeKind.Outage or ChangeKind.Unstable);
        return undone || end - updated > OneCause.MovesWithin ? updated : null;
    }
}
