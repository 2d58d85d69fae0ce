using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// What so few peers show as may be stuck proves neither that somebody carried routes nor that nobody did, where they show it for longer
/// than paths are tried: such a statement is left open, with how many they are.
/// </summary>
internal sealed class FewPeers(Report report, Held held)
{
    /// <summary>The judgement, or that it is open.</summary>
    public JudgedClaim Of(JudgedClaim judged)
    {
        var claim = judged.Claim;
        bool isConfirmed = judged.Mark is Mark.Confirmed;
        if (judged.Mark is Mark.NotDecidable) return judged;
        return claim.Kind switch
        {
            ClaimKind.Sole when isConfirmed != claim.Denied => Open(judged, At(claim, at => at.Others), "went by others"),
            ClaimKind.Carries when isConfirmed == claim.Denied => Open(judged, At(claim, at => at.Wanted), $"went by {claim.Who?.Text}"),
            ClaimKind.Ended when isConfirmed && !claim.Denied =>
                Open(judged, AtEnd(claim), $"still went by {claim.Who?.Text}"),
            ClaimKind.Size when claim is { Unit: ClaimUnit.Upstreams } => OfCount(judged),
            _ => judged,
        };
    }

    private static JudgedClaim Open(JudgedClaim judged, HeldAt? few, string went) => few is not { } at ? judged
        : new(judged.Claim, Mark.NotDecidable, $"{judged.Why} But at {Wording.Moment(at.Time)} UTC some of the "
            + $"{Wording.Count(at.Routes)} routes {went}: as few as may be stuck, and as may be real.", null, judged.Changes);

    // The first moment from which on so few routes were held, and not for a moment alone; null for none.
    private HeldAt? At(Claim claim, Func<HeldAt, int> count)
    {
        var (from, to) = claim.Time is { } time ? (time.Start, (claim.Until ?? time).To) : (report.To, report.To);
        if (claim.Time is null && claim is { AtEnd: false, Kind: ClaimKind.Carries }) from = report.From;
        var behind = to < report.To ? to + Presences.Lasting : report.To;
        return Lasting(held.Over(from - Presences.Lasting, behind, claim.Who, claim.Prefix), count, at => at.Time < to, from);
    }

    private HeldAt? AtEnd(Claim claim) =>
        Lasting(held.Over(report.To - Presences.Lasting, report.To, claim.Who, claim.Prefix), at => at.Wanted, _ => true, report.To);

    private static HeldAt? Lasting(IEnumerable<HeldAt> states, Func<HeldAt, int> count, Func<HeldAt, bool> begins, Timestamp from)
    {
        HeldAt? since = null;
        foreach (var at in states)
        {
            int routes = count(at), all = at.Wanted + at.Others;
            bool isFew = routes > 0 && routes <= ChangeWords.Stuck * all;
            if (!isFew)
            {
                if (since is { } begun && at.Time > from && at.Time - begun.Time >= Presences.Lasting) return begun;
                since = null;
            }
            else if (since is null && begins(at)) since = at;
        }
        return since;
    }

    // How many upstreams there are, with those of so few peers and without.
    private JudgedClaim OfCount(JudgedClaim judged)
    {
        var shares = held.UpstreamsAt(report.To, judged.Claim.Prefix);
        int few = shares.Count(upstream => upstream.Value is > 0 and <= ChangeWords.Stuck);
        return few == 0 ? judged : new(judged.Claim, Mark.NotDecidable,
            $"{judged.Why} {Wording.Count(few, "more is", "more are")} seen at as few peer ASes as may be stuck, and may be real.", null, judged.Changes);
    }
}
