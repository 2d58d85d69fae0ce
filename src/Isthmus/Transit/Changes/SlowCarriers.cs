namespace Isthmus.Transit.Changes;

/// <summary>
/// Joins the move of a share with the upstream that came or went: where peer ASes follow one after another for hours, its coming or
/// going is dated within minutes, and its share moves on or has moved before. That is one change, and what others lose or gain by it
/// is part of it.
/// </summary>
internal static class SlowCarriers
{
    /// <summary>Gives the moves that belong to a coming or going to its group, and the others back.</summary>
    /// <param name="moves">Of shares, with their peer ASes.</param>
    /// <param name="groups">The changes so far; those that take a move are changed.</param>
    public static IEnumerable<Finding> Join(IReadOnlyList<(ShareShift Shift, Finding Finding)> moves, List<List<Finding>> groups)
    {
        var taken = new Dictionary<ShareShift, List<Finding>>();
        foreach (var (shift, _) in moves)
            if (groups.Find(group => IsOneMove(shift, group)) is { } group) taken.TryAdd(shift, group);
        foreach (var (shift, finding) in moves.Where(move => taken.ContainsKey(move.Shift)))
        {
            var group = taken[shift];
            bool comes = shift.Ramp.Moved > 0;
            // It came from what it had before, and went from what it had before it began to go.
            var share = comes ? (group[0].Share?.Before ?? 0, shift.Ramp.After) : (shift.Ramp.Before, group[0].Share?.After ?? 0);
            for (int i = 0; i < group.Count; i++) group[i] = group[i] with { Ramp = [.. group[i].Ramp, .. finding.Turns], Share = share };
        }
        return moves.Where(move => !taken.ContainsKey(move.Shift) && !IsCounterpart(move.Shift, taken.Keys)).Select(move => move.Finding);
    }

    // The share moves right after the upstream came, or right before it was gone: within its own longest pause.
    private static bool IsOneMove(ShareShift shift, List<Finding> group)
    {
        var of = group[0].Of;
        if (of.Tier != 1 || of.Upstream != shift.Upstream) return false;
        var pause = TimeSpan.FromMinutes(shift.Ramp.PauseMax);
        var near = pause > UpstreamFindings.After ? pause : UpstreamFindings.After;
        var (first, last) = (group.Min(finding => finding.First), group.Max(finding => finding.Last));
        return of.Kind switch
        {
            ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned => shift.Ramp.Moved > 0 && shift.To > first && shift.From - last <= near,
            ChangeKind.UpstreamVanished => shift.Ramp.Moved < 0 && shift.From < last && first - shift.To <= near,
            _ => false,
        };
    }

    // What goes the other way meanwhile, and no further.
    private static bool IsCounterpart(ShareShift shift, IReadOnlyCollection<ShareShift> taken)
    {
        double moved = taken.Where(other => other.Upstream != shift.Upstream && other.From <= shift.To && shift.From <= other.To
            && other.Ramp.Moved > 0 != shift.Ramp.Moved > 0).Sum(other => Math.Abs(other.Ramp.Moved));
        return moved > 0 && Math.Abs(shift.Ramp.Moved) - moved < ShareRamps.ShiftMin;
    }
}
