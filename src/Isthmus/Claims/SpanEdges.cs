using Isthmus.Reports;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Holds what is confirmed of a stretch ("between 10:00 and 11:00", "on 1 October", "before 10:00") against its edges: a clock may be read
/// a minute off, but the edge of a stretch is where the text puts it.
/// </summary>
internal static class SpanEdges
{
    /// <summary>The same; not decidable where the step that is stated lies beside the stretch, and none in it.</summary>
    public static JudgedClaim Within(JudgedClaim judged, Held held)
    {
        var claim = judged.Claim;
        bool comes = claim.Kind is ClaimKind.Began or ClaimKind.Returned or ClaimKind.CameBack;
        bool goes = claim.Kind is ClaimKind.Ended or ClaimKind.Vanished;
        if (judged.Mark is not Mark.Confirmed || !comes && !goes || claim.Time is not { IsBound: false } time
            || StretchOf(time, claim.Until) is not var (from, to)) return judged;
        bool isOfSubject = claim.Kind is ClaimKind.CameBack or ClaimKind.Vanished;
        bool Is(HeldAt at) => isOfSubject ? at.Visible > ChangeWords.Stuck : at.Carries;
        bool? before = null;
        foreach (var at in held.Over(from, to, claim.Who, claim.Prefix))
        {
            if (before == !comes && Is(at) == comes) return judged;
            before = Is(at);
        }
        return new(claim, Mark.NotDecidable, $"{judged.Why} That lies at the edge of the time that is stated, and not within it.", null, judged.Changes);
    }

    // From the first second that the words name to the last; null for the time of a clock.
    private static (Timestamp From, Timestamp To)? StretchOf(StatedTime time, StatedTime? until)
    {
        if (until is not null) return (time.IsInstant ? time.At : time.Start, until.IsInstant ? until.At + until.Precision : until.To);
        if (time.From == StatedTime.FarPast) return (time.From, time.At > time.From && time.At < time.To ? time.At : time.To);
        if (time.To == StatedTime.FarFuture) return (time.At > time.From ? time.At : time.From, time.To);
        if (time.Precision <= StatedTime.Slack) return null;
        // The first of two times may be rounded up by half a minute, by which it is no longer.
        var to = time.At + time.Precision;
        // "At 5 p.m." names a time of a clock, and no stretch.
        var start = time.Precision < TimeSpan.FromDays(1) ? time.At - StatedTime.Slack : time.At;
        return (start, to < time.To ? to : time.To);
    }
}
