using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// Joins the move of a share with the upstream that came or went: where peer ASes follow one after another for hours, its coming or
/// going is dated within minutes, and its share moves on or has moved before. That is one change, and what others lose or gain by it
/// is part of it.
/// </summary>
internal static class SlowCarriers
{
    /// <summary>True for an upstream that came or went.</summary>
    public static bool IsCarrier(List<Finding> group) => group[0].Of is { Tier: 1, Upstream: not null }
        && group[0].Of.Kind is ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned or ChangeKind.UpstreamVanished;

    /// <summary>Gives the moves that belong to a coming or going to its group, and the others back as shifts.</summary>
    /// <param name="moves">Of shares; first the shifts, then smaller ones.</param>
    /// <param name="groups">The changes so far; those that take a move are changed.</param>
    /// <param name="witnessed">Who made a move, as a shift or as part of a change; null where too few did.</param>
    /// <param name="shareAt">The share of an upstream at a time.</param>
    public static IEnumerable<Finding> Join(IReadOnlyList<ShareShift> moves, List<List<Finding>> groups,
        Func<ShareShift, bool, Finding?> witnessed, Func<Asn, Timestamp, double> shareAt)
    {
        var taken = new List<ShareShift>();
        foreach (var shift in moves)
        {
            if (taken.Exists(other => other.Upstream == shift.Upstream && other.From <= shift.To && shift.From <= other.To)) continue;
            if (groups.Find(group => IsOneMove(shift, group)) is not { } group || witnessed(shift, true) is not { } finding) continue;
            taken.Add(shift);
            // It came from what it had just before, and went to what it had just after.
            var share = shift.Ramp.Moved > 0
                ? (shareAt(shift.Upstream, group.Min(part => part.First) - TimeSpan.FromMicroseconds(1)), shift.Ramp.After)
                : (shift.Ramp.Before, shareAt(shift.Upstream, group.Max(part => part.Last)));
            for (int i = 0; i < group.Count; i++) group[i] = group[i] with { Ramp = [.. group[i].Ramp, .. finding.Turns], Share = share };
        }
        return moves.Where(shift => ShareRamps.IsFar(Math.Abs(shift.Ramp.Moved), ShareRamps.ShiftMin))
            .Where(shift => !taken.Contains(shift) && !IsCounterpart(shift, taken))
            .DistinctBy(shift => (shift.Upstream, shift.From, shift.To))
            .Select(shift => witnessed(shift, false)).OfType<Finding>();
    }

    /// <summary>A share moves on this soon after its upstream came, or has moved this short before it was gone.</summary>
    private static readonly TimeSpan NearMin = TimeSpan.FromMinutes(30);

    // Or within two times its own longest pause.
    private static bool IsOneMove(ShareShift shift, List<Finding> group)
    {
        var of = group[0].Of;
        if (!IsCarrier(group) || of.Upstream != shift.Upstream) return false;
        var pause = TimeSpan.FromMinutes(2 * shift.Ramp.PauseMax);
        var near = pause > NearMin ? pause : NearMin;
        var (first, last) = (group.Min(finding => finding.First), group.Max(finding => finding.Last));
        return of.Kind is ChangeKind.UpstreamVanished
            ? shift.Ramp.Moved < 0 && shift.From < last && first - shift.To <= near
            : shift.Ramp.Moved > 0 && shift.To > first && shift.From - last <= near;
    }

    // What goes the other way meanwhile, and no further.
    private static bool IsCounterpart(ShareShift shift, List<ShareShift> taken)
    {
        double moved = taken.Where(other => other.Upstream != shift.Upstream && other.From <= shift.To && shift.From <= other.To
            && other.Ramp.Moved > 0 != shift.Ramp.Moved > 0).Sum(other => Math.Abs(other.Ramp.Moved));
        return moved > 0 && Math.Abs(shift.Ramp.Moved) - moved < ShareRamps.ShiftMin;
    }
}
