using System.Globalization;

using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Holds "for good", "throughout", "twice" and "doubled" against what the peers held: whether it was undone, whether it was so at every
/// moment, how often it came and went, how many times as much it became.
/// </summary>
internal sealed class LastingJudge(Report report, Held held)
{
    /// <summary>What lasts shorter may be a peer that hunts for paths.</summary>
    private static readonly TimeSpan _momentMax = TimeSpan.FromMinutes(1);

    /// <summary>By then what began at a stated minute has reached the slow peers too.</summary>
    private static readonly TimeSpan _settled = TimeSpan.FromMinutes(10);

    /// <summary>A factor is met within the first part, and missed beyond the second.</summary>
    private const double FactorSlack = 0.05, FactorMissed = 0.2;

    /// <summary>So large a part of the routes that are back is a return.</summary>
    private const double Back = 0.5;

    // A stretch in which somebody carries, or nobody does.
    private readonly record struct Stretch(bool IsOn, Timestamp From, Timestamp To)
    {
        public TimeSpan Length => To - From;
    }

    /// <summary>What was found to have happened, and is said to have been for good: undone, or not decidable.</summary>
    public JudgedClaim ForGood(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (judged.Mark is not Mark.Confirmed) return judged;
        if (claim.Time is { IsOpen: false } time)
        {
            bool isOfSubject = claim.Kind is ClaimKind.Vanished or ClaimKind.CameBack;
            bool isUp = claim.Kind is ClaimKind.Began or ClaimKind.Returned or ClaimKind.CameBack;
            HeldAt[] later = [.. held.Over((claim.Until ?? time).To + _momentMax, report.To, claim.Who, claim.Prefix)];
            Stretch[] undone = [.. Stretches(later, report.To, at => isOfSubject ? at.Visible >= Back : at.Carries)
                .Where(stretch => stretch.IsOn != isUp && stretch.Length >= _momentMax)];
            bool isKnown = isUp ? later.All(at => isOfSubject ? at.IsKnown : at.IsClear) : undone.Length > 0;
            if (undone.Length > 0 && isKnown) return new(claim, Mark.Contradicted, $"{judged.Why} It was not for good: "
                + $"{(isUp ? "no route was held so" : "routes were held again")} from {Wording.Moment(undone[0].From)} UTC on.",
                $"{Wording.Moment(undone[0].From)} UTC", judged.Changes);
        }
        return new(claim, Mark.NotDecidable,
            $"{judged.Why} That it is for good no data can show; these end at {Wording.Moment(report.To)} UTC.", null, judged.Changes);
    }

    /// <summary>A carrier that carried at every moment of a time.</summary>
    public JudgedClaim Throughout(Claim claim)
    {
        var time = claim.Time!;
        if (time.IsInstant && claim.Until is null || time.IsOpen) return Open(claim, "All of which time is meant is not said.");
        var from = time.IsInstant ? time.To : time.Start;
        var to = claim.Until is { } until ? until.IsInstant ? until.From : until.To : time.To;
        if (from >= to) (from, to) = (time.Start, (claim.Until ?? time).To);
        HeldAt[] states = [.. held.Over(from, to, claim.Who, claim.Prefix)];
        if (claim.Prefix is { } prefix && states[0].Pairs == 0) return Open(claim, $"{prefix} is none of the subject's prefixes in these data.");
        var end = to > report.To ? report.To : to;
        Stretch[] away = [.. Stretches(states, end, at => at.Carries).Where(stretch => !stretch.IsOn)];
        string who = claim.Who!.Text;
        // That it carried is shown by those who held its routes; that it did not, by nearly all.
        if (states.Any(at => !at.Carries && !at.IsClear)) return Open(claim, StateJudge.NotClear(states));
        if (away.Length == 0) return held.DumpsAlone is not null ? Open(claim, "There are dumps alone, and what came and went between them is not seen.")
            : new(claim, Mark.Confirmed, $"{who} carried routes at every moment from {Wording.Moment(states[0].Time)} to {Wording.Moment(end)} UTC.", null, []);
        string gone = $"{who} carried no route from {Wording.Moment(away[0].From)} to {Wording.Moment(away[0].To)} UTC";
        return away.Any(stretch => stretch.Length >= _momentMax) ? new(claim, Mark.Contradicted, $"{gone}.", gone, []) : Open(claim, $"{gone}.");
    }

    /// <summary>How often a carrier came, went or carried.</summary>
    public JudgedClaim Times(Claim claim)
    {
        var number = claim.Number!;
        var (from, to) = (claim.Time?.Start ?? report.From, (claim.Until ?? claim.Time)?.To ?? report.To);
        if (claim.Denied) return Open(claim, "What a denied number leaves is not decidable.");
        if (held.DumpsAlone is not null) return Open(claim, "There are dumps alone, and what came and went between them is not seen.");
        HeldAt[] states = [.. held.Over(from, to, claim.Who, claim.Prefix)];
        if (!states.All(at => at.IsClear)) return Open(claim, StateJudge.NotClear(states));
        if (states.Any(at => at.IsDown)) return Open(claim, "Nobody held a route for a part of that time: whether that is counted is not said.");
        var end = to > report.To ? report.To : to;
        Stretch[] all = Stretches(states, end, at => at.Carries);
        int[] counts = [.. Counts(claim, all), .. Counts(claim, Lasting(all))];
        string found = $"{claim.Who!.Text} {(claim.Kind is ClaimKind.Ended ? "went" : claim.Kind is ClaimKind.Carries ? "carried it" : "came")} "
            + $"{(counts.Min() == counts.Max() ? $"{counts[0]}" : $"{counts.Min()} to {counts.Max()}")} "
            + $"{(counts.Max() == 1 ? "time" : "times")} from {Wording.Moment(states[0].Time)} to {Wording.Moment(end)} UTC";
        bool isCovered = from + _settled >= report.From && to <= report.To + _settled;
        bool isOpen = number.High == double.MaxValue;
        if (counts.All(count => number.Holds(count)) && (isCovered || isOpen)) return new(claim, Mark.Confirmed, $"{found}.", null, []);
        return !counts.Any(count => number.Holds(count)) && (isCovered || counts.Min() > number.High)
            ? new(claim, Mark.Contradicted, $"{found}.", $"{counts[0]}", []) : Open(claim, $"{found}.");
    }

    // Of comings the first is a return only where it carried before, which may have been before the data.
    private int[] Counts(Claim claim, Stretch[] stretches)
    {
        int on = stretches.Count(stretch => stretch.IsOn);
        if (claim.Kind is ClaimKind.Carries) return [on];
        int comings = on - (stretches.Length > 0 && stretches[0].IsOn ? 1 : 0);
        int goings = stretches.Count(stretch => !stretch.IsOn) - (stretches.Length > 0 && !stretches[0].IsOn ? 1 : 0);
        if (claim.Kind is ClaimKind.Ended) return [goings];
        bool isFirst = stretches.Length > 0 && !stretches[0].IsOn && comings > 0
            && !held.Over(report.From, stretches[0].From, claim.Who, claim.Prefix).Any(at => at.Carries);
        return claim.Kind is ClaimKind.Returned && isFirst ? [comings, comings - 1] : [comings];
    }

    // Without those of a moment.
    private static Stretch[] Lasting(Stretch[] all)
    {
        var lasting = new List<Stretch>();
        foreach (var stretch in all.Where(stretch => stretch.Length >= _momentMax))
            if (lasting.Count > 0 && lasting[^1].IsOn == stretch.IsOn) lasting[^1] = lasting[^1] with { To = stretch.To };
            else lasting.Add(stretch);
        return [.. lasting];
    }

    /// <summary>A share that became so many times what it was.</summary>
    public JudgedClaim Factor(Claim claim)
    {
        double factor = claim.Factor!.Value;
        if (claim.Time is not { IsOpen: false, IsBound: false } time || claim.Until is not null)
            return Open(claim, "Between which times is not said, so that it is not decidable.");
        var (earlier, later) = time.IsInstant ? (_momentMax, _settled) : (TimeSpan.Zero, TimeSpan.Zero);
        HeldAt[] states = [.. held.Over(time.From - earlier, time.To + later, claim.Who, claim.Prefix)];
        if (!states.All(at => at.IsClear)) return Open(claim, StateJudge.NotClear(states));
        var (before, after) = (states[0], states[^1]);
        string found = $"{claim.Who!.Text} carried {Wording.Percent(before.Share)} of the routes at {Wording.Moment(before.Time)} UTC and "
            + $"{Wording.Percent(after.Share)} at {Wording.Moment(after.Time)} UTC";
        if (before.Share <= ChangeWords.Stuck) return Open(claim, $"{found}.");
        double off = Math.Abs(after.Share / before.Share / factor - 1);
        return off <= FactorSlack ? new(claim, Mark.Confirmed, $"{found}. That is a share of routes, not of traffic.", null, [])
            : off >= FactorMissed && time.IsInstant ? new(claim, Mark.Contradicted, $"{found}.", string.Create(CultureInfo.InvariantCulture, $"{after.Share / before.Share:0.0} times"), [])
            : Open(claim, $"{found}.");
    }

    private static Stretch[] Stretches(HeldAt[] states, Timestamp end, Func<HeldAt, bool> isOn)
    {
        var found = new List<Stretch>();
        for (int i = 0; i < states.Length; i++)
        {
            var to = i + 1 < states.Length ? states[i + 1].Time : end;
            if (found.Count > 0 && found[^1].IsOn == isOn(states[i])) found[^1] = found[^1] with { To = to };
            else found.Add(new(isOn(states[i]), states[i].Time, to));
        }
        return [.. found];
    }

    private static JudgedClaim Open(Claim claim, string why) => new(claim, Mark.NotDecidable, why, null, []);
}
