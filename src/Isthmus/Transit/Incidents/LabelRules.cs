using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Transit.Incidents;

/// <summary>
/// What an incident comes down to: the first rule that fits. The lengths are those that peers use for the persistence
/// of a change: below a quarter of an hour a blip, below a day a trial.
/// </summary>
internal static class LabelRules
{
    /// <summary>An upstream that comes so often within an incident flaps.</summary>
    private const int ComingsMin = 3;

    /// <param name="carryAtEnd">The upstreams that carry any prefix at the end of the data.</param>
    public static (IncidentLabel Label, LabelReason Why) Of(
        TransitChange[] changes, TransitChange? principal, IReadOnlyList<Stint> stints, IReadOnlySet<Asn> carryAtEnd)
    {
        if (principal is null) return OfTrouble(changes);
        if (principal.Kind is ChangeKind.IntermediaryInserted or ChangeKind.IntermediaryRemoved)
            return (IncidentLabel.Other, new(LabelCause.StandsBefore, Other: principal.Between));
        var others = new Others(principal, changes, carryAtEnd);
        return OfReturns(changes, stints, others)
            ?? (stints[^1].Gone is null ? OfStay(principal, stints[^1], others) : OfEnd(stints[^1], others, carryAtEnd));
    }

    private static (IncidentLabel Label, LabelReason Why) OfTrouble(TransitChange[] changes)
    {
        if (changes.Any(change => change.Kind is ChangeKind.Unstable))
            return (IncidentLabel.Flapping, new(LabelCause.NoCarrierForGood));
        if (!changes.All(change => change.Kind is ChangeKind.Outage)) return (IncidentLabel.Other, new(LabelCause.NoCarrier));
        return (IncidentLabel.Outage, new(LabelCause.RoutesLost));
    }

    // Whether it came more than once says more than how it ended.
    private static (IncidentLabel Label, LabelReason Why)? OfReturns(
        TransitChange[] changes, IReadOnlyList<Stint> stints, Others others)
    {
        Stint[] comings = [.. stints.Where(stint => stint.Came is not null)];
        int instead = comings.Count(stint => others.WentFor(stint.Came!) is { } went && others.IsBack(went));
        if (instead > 1) return (IncidentLabel.Backup, new(LabelCause.CarriesInstead, Times: instead));
        if (comings.Length >= ComingsMin || comings.Length > 1 && stints[^1].Gone is not null)
            return (IncidentLabel.Flapping, new(
                stints[^1].Gone is null ? LabelCause.CameOften : LabelCause.CameOftenAndWent, Times: comings.Length));
        // It was there before, went and came back: how long it was away tells what that was.
        if (stints is not [{ Came: null, Gone: { } gone }, { Came: { } back, Gone: null }]) return null;
        if (back.Time - gone.Time < Incident.BlipMax) return (IncidentLabel.Blip, new(LabelCause.BrieflyAway));
        return changes.Any(change => Moves.Comes(change) && !Moves.Concerns(change, gone))
            ? (IncidentLabel.Failover, new(LabelCause.OthersCarried))
            : (IncidentLabel.Other, new(LabelCause.CarriedAlone));
    }

    private static (IncidentLabel Label, LabelReason Why) OfStay(TransitChange principal, Stint stint, Others others)
    {
        if (stint.Came is not { } came) return (IncidentLabel.Other, new(LabelCause.LostSome));
        // Who lost a part of the prefixes carries the rest beside it.
        if (others.WentAfter(came) is { } went && !Others.IsPartial(went) && stint.Losses.Count == 0)
            return (IncidentLabel.Migration, new(LabelCause.TookOver, Other: went.Upstream));
        var last = stint.Losses is [.., var loss] ? loss : stint.Gains is [.., var gain] ? gain : came;
        double? share = last.ShareAfter * principal.SubjectPrefixes / Math.Max(1, stint.Carried[^1]);
        // Beside one that has nearly all there is no other.
        if (last.ShareAfter >= 1 - Others.StuckShare && stint.Losses.Count == 0 && stint.Carried[^1] >= principal.SubjectPrefixes)
            return (IncidentLabel.Migration, new(LabelCause.CarriesAll, Prefixes: principal.SubjectPrefixes));
        return share < Incident.BackupShareMax
            ? (IncidentLabel.Backup, new(LabelCause.CarriesLittle))
            : (IncidentLabel.LoadSplit, new(
                LabelCause.CarriesBeside, Carried: stint.Carried[^1], Prefixes: principal.SubjectPrefixes));
    }

    private static (IncidentLabel Label, LabelReason Why) OfEnd(Stint stint, Others others, IReadOnlySet<Asn> carryAtEnd)
    {
        if (stint.Came is not { } came) return (IncidentLabel.Other, new(
            stint.Gone is not { Tier: 1, Upstream: { } went } || !carryAtEnd.Contains(went) ? LabelCause.Went
            : Others.IsNotAll(stint.Gone) ? LabelCause.LostMostRoutes
            : stint.Gone.Prefixes.Count < stint.Gone.SubjectPrefixes ? LabelCause.LostSome : LabelCause.CarriesAgain));
        if (others.WentFor(came) is { } forIt && others.BackAt(forIt) is { } back
            && (back - stint.Gone!.Time).Duration() <= OneCause.TroubleWithin)
            return (IncidentLabel.Failover, new(LabelCause.SteppedIn, Other: forIt.Upstream));
        if (stint.Length < Incident.BlipMax) return (IncidentLabel.Blip, new(LabelCause.BrieflyThere));
        return stint.Length < OneCause.MovesWithin
            ? (IncidentLabel.Trial, new(LabelCause.WithinADay))
            : (IncidentLabel.Other, new(LabelCause.MoreThanADay));
    }
}
