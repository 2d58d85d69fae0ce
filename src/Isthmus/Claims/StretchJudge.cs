using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>Holds "carried it from 10:00 to 12:00" against the steps that were seen at both ends, and what was held in between.</summary>
internal sealed class StretchJudge(Report report, Held held)
{
    private static readonly TimeSpan _slack = StatedTime.Slack;

    /// <summary>
    /// A carrying from one time to another that no changes of the report show: confirmed where it was held at every moment, and neither
    /// before nor after; null where the steps do not bear it out either.
    /// </summary>
    public JudgedClaim? Of(Claim claim)
    {
        var (time, until) = (claim.Time!, claim.Until!);
        var (from, to) = StateJudge.InnerOf(claim);
        // Of days any moment of the first and of the last is meant; of a few minutes there is no more than what lies between the two.
        if (from < time.To && time.To < until.From) (from, to) = (time.To, until.From);
        HeldAt[] inner = [.. held.Over(from, to, claim.Who, claim.Prefix)];
        if (inner.Any(at => at.CarriesNone && at.IsHeld)) return null;
        if (!inner.Any(at => at.Carries))
            return inner.All(at => at.IsClear) ? null : Open(claim, StateJudge.NotClear(inner));
        var (before, after) = (held.At(time.From - _slack, claim.Who, claim.Prefix), held.At(until.To + _slack, claim.Who, claim.Prefix));
        if (before.Carries && time.From - _slack >= report.From || after.Carries && until.To + _slack <= report.To) return null;
        bool isSeen = time.From - _slack >= report.From && until.To + _slack <= report.To && before.IsClear && after.IsClear
            && time.IsInstant && until.IsInstant
            && held.TurnOf(claim.Who!, claim.Prefix, time.From - _slack, time.To + _slack, comes: true).IsSeen
            && held.TurnOf(claim.Who!, claim.Prefix, until.From - _slack, until.To + _slack, comes: false).IsSeen;
        string share = $"{StateJudge.NameOf(claim)} carried up to {Wording.Percent(inner.Max(at => at.Share))} of the routes in that time";
        return isSeen && inner.All(at => at.Carries) ? new(claim, Mark.Confirmed, $"{share}, and none before and after.", null, [])
            : Open(claim, $"{share}; that it both came and went then is not seen.");
    }

    /// <summary>A coming and a going that the changes show: what leaves routes before or behind is that of a part.</summary>
    public JudgedClaim Whole(JudgedClaim judged)
    {
        var claim = judged.Claim;
        HeldAt[] states = [.. held.Over(claim.Time!.From, claim.Until!.To, claim.Who, claim.Prefix)];
        int first = Array.FindIndex(states, at => at.Carries);
        int last = Array.FindLastIndex(states, at => at.Carries);
        if (first >= 0)
        {
            HeldAt[] within = states[first..(last + 1)];
            if (within.Any(at => !at.Carries && !at.IsClear)) return Open(claim, StateJudge.NotClear(within));
            // Who was away in between did not carry from the one to the other.
            if (within.FirstOrDefault(at => at.Share <= ChangeWords.Stuck) is { Pairs: > 0 } gone)
            {
                var back = within.First(at => at.Time > gone.Time && at.Carries).Time;
                string away = $"{StateJudge.NameOf(claim)} carried no route from {Wording.Moment(gone.Time)} to {Wording.Moment(back)} UTC";
                return LengthOf(within, within[^1].Time, at => at.Share <= ChangeWords.Stuck) >= _slack
                    ? new(claim, Mark.Contradicted, $"{away}.", away, judged.Changes) : Open(claim, $"{away}.");
            }
        }
        var before = held.At(claim.Time!.From - _slack, claim.Who, claim.Prefix);
        var after = held.At(claim.Until!.To + _slack, claim.Who, claim.Prefix);
        if (before.CarriesNone && after.CarriesNone) return judged;
        return !before.Carries && !after.Carries ? Open(claim, StateJudge.NotClear([before, after])) : Open(claim,
            $"{StateJudge.NameOf(claim)} carried {Wording.Percent(before.Share)} of the routes before and {Wording.Percent(after.Share)} after that time.");
    }

    private TimeSpan LengthOf(HeldAt[] states, Timestamp to, Func<HeldAt, bool> counts)
    {
        to = to > report.To ? report.To : to;
        var length = TimeSpan.Zero;
        for (int i = 0; i < states.Length; i++)
            if (counts(states[i])) length += (i + 1 < states.Length ? states[i + 1].Time : to) - states[i].Time;
        return length;
    }

    private static JudgedClaim Open(Claim claim, string why) => new(claim, Mark.NotDecidable, why, null, []);
}
