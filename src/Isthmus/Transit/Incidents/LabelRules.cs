namespace Isthmus.Transit.Incidents;

/// <summary>
/// What an incident comes down to: the first rule that fits. The lengths are those that peers use for the persistence
/// of a change: below a quarter of an hour a blip, below a day a trial.
/// </summary>
internal static class LabelRules
{
    /// <summary>What is undone sooner is a blip.</summary>
    public static readonly TimeSpan BlipMax = TimeSpan.FromMinutes(15);

    /// <summary>An upstream that comes so often within an incident flaps.</summary>
    private const int ComingsMin = 3;

    /// <summary>An upstream that stays with less of what it carries stands by.</summary>
    private const double BackupShareMax = 0.2;

    public static (IncidentLabel Label, string Why) Of(TransitChange[] changes, TransitChange? principal, IReadOnlyList<Stint> stints)
    {
        if (principal is null) return OfTrouble(changes);
        string who = principal.Upstream?.ToString() ?? "an upstream";
        if (principal.Kind is ChangeKind.IntermediaryInserted or ChangeKind.IntermediaryRemoved)
            return (IncidentLabel.Other, $"{who} stands before {principal.Between}, which carries as before: no change of carrier");
        var others = new Others(principal, changes);
        return OfReturns(changes, stints, others, who)
            ?? (stints[^1].Gone is null ? OfStay(principal, stints[^1], others, who) : OfEnd(stints[^1], others, who));
    }

    private static (IncidentLabel Label, string Why) OfTrouble(TransitChange[] changes)
    {
        if (changes.Any(change => change.Kind is ChangeKind.Unstable))
            return (IncidentLabel.Flapping, "routes came and went, and no carrier changed for good");
        if (!changes.All(change => change.Kind is ChangeKind.Outage)) return (IncidentLabel.Other, "none of its changes is the coming or going of a carrier");
        return (IncidentLabel.Outage, "routes were lost, and no carrier changed");
    }

    // Whether it came more than once says more than how it ended.
    private static (IncidentLabel Label, string Why)? OfReturns(
        TransitChange[] changes, IReadOnlyList<Stint> stints, Others others, string who)
    {
        Stint[] comings = [.. stints.Where(stint => stint.Came is not null)];
        int instead = comings.Count(stint => others.WentFor(stint.Came!) is { } went && others.IsBack(went));
        if (instead > 1) return (IncidentLabel.Backup, $"{who} carries only while another upstream is away, {instead} times");
        if (comings.Length >= ComingsMin || comings.Length > 1 && stints[^1].Gone is not null)
            return (IncidentLabel.Flapping, $"{who} came {comings.Length} times"
                + (stints[^1].Gone is null ? "" : " and is gone at the end"));
        // It was there before, went and came back: how long it was away tells what that was.
        if (stints is not [{ Came: null, Gone: { } gone }, { Came: { } back, Gone: null }]) return null;
        if (back.Time - gone.Time < BlipMax) return (IncidentLabel.Blip, $"{who} was away for less than {BlipMax.TotalMinutes:0} minutes");
        return changes.Any(change => Moves.Comes(change) && !Moves.Concerns(change, gone))
            ? (IncidentLabel.Failover, $"others carried while {who} was away")
            : (IncidentLabel.Other, $"{who} was away, and those that were there before carried alone");
    }

    private static (IncidentLabel Label, string Why) OfStay(TransitChange principal, Stint stint, Others others, string who)
    {
        if (stint.Came is not { } came) return (IncidentLabel.Other, $"{who} lost some of the prefixes that it carried");
        // Who lost a part of the prefixes carries the rest beside it.
        if (others.WentAfter(came) is { } went && !Others.IsPartial(went) && stint.Losses.Count == 0)
            return (IncidentLabel.Migration, $"{who} came to stay, and {went.Upstream} went and is not back at the end");
        var last = stint.Losses is [.., var loss] ? loss : stint.Gains is [.., var gain] ? gain : came;
        double? share = last.ShareAfter * principal.SubjectPrefixes / Math.Max(1, stint.Carried[^1]);
        // Beside one that has nearly all there is no other.
        if (last.ShareAfter >= 1 - Others.StuckShare && stint.Losses.Count == 0 && stint.Carried[^1] >= principal.SubjectPrefixes)
            return (IncidentLabel.Migration, $"{who} came to stay, and carried all {principal.SubjectPrefixes} prefixes when the last had come to it");
        return share < BackupShareMax
            ? (IncidentLabel.Backup, $"{who} came to stay, and carries less than {BackupShareMax:P0} of what it is announced for")
            : (IncidentLabel.LoadSplit, $"{who} came to stay beside what was there, and carries {stint.Carried[^1]} of {principal.SubjectPrefixes} prefixes at the end");
    }

    private static (IncidentLabel Label, string Why) OfEnd(Stint stint, Others others, string who)
    {
        if (stint.Came is not { } came) return (IncidentLabel.Other, $"{who} went and is not back at the end");
        if (others.WentFor(came) is { } went && others.BackAt(went) is { } back
            && (back - stint.Gone!.Time).Duration() <= OneCause.TroubleWithin)
            return (IncidentLabel.Failover, $"{who} carried while {went.Upstream} was away");
        if (stint.Length < BlipMax) return (IncidentLabel.Blip, $"{who} came and was gone within {BlipMax.TotalMinutes:0} minutes");
        return stint.Length < OneCause.MovesWithin
            ? (IncidentLabel.Trial, $"{who} came and was gone again within a day")
            : (IncidentLabel.Other, $"{who} came for more than a day and went");
    }
}
