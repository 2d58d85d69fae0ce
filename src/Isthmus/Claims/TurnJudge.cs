using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Holds "began" and "stopped" at a time against the steps that were seen. Confirmed is what was seen right before and right after at
/// more than half of the pairs, and not what came out of a time of which nothing is known; contradicted what no reading of such a time
/// allows.
/// </summary>
internal sealed class TurnJudge(Report report, Held held)
{
    /// <summary>Before an event the peers are asked for so long what they held.</summary>
    private static readonly TimeSpan _before = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan _slack = StatedTime.Slack;

    /// <summary>A share of the routes from which on a beginning is one.</summary>
    private const double Begun = 0.1;

    /// <summary>A beginning, or a return, that the changes of the report decided.</summary>
    public JudgedClaim OfBegin(JudgedClaim judged) => AfterEarlier(Begins(judged));

    // Who carried it at any time before in the data, and was away, came back: whether "began" means that is not said.
    private JudgedClaim AfterEarlier(JudgedClaim judged)
    {
        if (judged is not { Mark: Mark.Confirmed, Claim: { Kind: ClaimKind.Began, Time: { } time } claim }) return judged;
        HeldAt[] earlier = [.. held.Earlier(claim.Who, claim.Prefix)
            .Concat(held.Over(report.From, time.From - _before, claim.Who, claim.Prefix))
            .Where(at => at.Time < time.From - _before && at.Carries)];
        return earlier.Length == 0 ? judged : Open(claim, $"{judged.Why} But {StateJudge.NameOf(claim)} had carried routes before, as "
            + $"{Wording.Percent(earlier.Max(at => at.Share))} of them at {Wording.Moment(earlier.MaxBy(at => at.Share).Time)} UTC.");
    }

    private JudgedClaim Begins(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (claim.Time is { } outside && (outside.To <= report.From || outside.From > report.To)) return judged;
        var change = report.Transit.Changes.FirstOrDefault(change => judged.Mark is Mark.Confirmed && judged.Changes.Contains(change.Id));
        if ((change?.First ?? claim.Time?.From) is not { } from)
        {
            HeldAt[] all = [.. held.Over(report.From, report.To, claim.Who, claim.Prefix)];
            return judged.Mark is not Mark.Contradicted || all.All(at => at.IsClear) ? judged : Open(claim, StateJudge.NotClear(all));
        }
        var span = change is not null ? TimeSpan.Zero : _slack;
        var to = claim.Time?.To ?? report.To;
        // A date is the whole day: what held at its start is asked, not what held a while before.
        // A peer AS may run ahead of the rest (docs/methods.md).
        var ahead = change is not null ? Transit.Changes.Onset.GapMax : span;
        var since = from - ahead - (change is null && claim.Time!.Precision > _before ? TimeSpan.Zero : _before);
        HeldAt[] before = [.. held.Over(since, from - ahead, claim.Who, claim.Prefix)];
        // What is held at the first instant of the period was held before it only where the data show that.
        HeldAt[] known = from - ahead <= report.From ? [.. held.EarlierFrom(since, claim.Who, claim.Prefix)] : [];
        bool isKnownBefore = known.Length > 0;
        if (isKnownBefore) before = known;
        HeldAt[] then = [.. held.Over(from - span, to + span, claim.Who, claim.Prefix)];
        if (from < report.From || report.To - report.From < _slack)
            return Open(claim, "What the peers held before is not known, so that it began then is not decidable.");
        if (change is not null && from == report.From && !isKnownBefore)
            return Open(claim, "What the peers held before is not known, so that it began then is not decidable.");
        double earlier = before.Max(at => at.Share);
        if (claim.TakesOver && earlier > ChangeWords.Stuck && then[^1].Share > earlier + Begun)
            return Open(claim, $"{StateJudge.NameOf(claim)} carried {Wording.Percent(earlier)} of the routes before already, and "
                + $"{Wording.Percent(then[^1].Share)} after.");
        if (before.Any(at => at.Carries) && Words.SaysMore(claim.Words) && then.Max(at => at.Share) > before[^1].Share + ChangeWords.Stuck)
            return Open(claim, $"{StateJudge.NameOf(claim)} carried {Wording.Percent(earlier)} of the routes before already, and up to "
                + $"{Wording.Percent(then.Max(at => at.Share))} then: it gained some, and did not begin.");
        if (before.Any(at => at.Carries)) return new(claim, Mark.Contradicted,
            $"{StateJudge.NameOf(claim)} carried {Wording.Percent(earlier)} of the routes before already.", null, judged.Changes);
        if (!before.All(at => at.IsSeen)) return Open(claim,
            $"What the peers held before is not known well enough to say that it began then. {StateJudge.NotClear(before)}");
        var turn = held.TurnOf(claim.Who!, claim.Prefix, from - ahead, Later(to + span, change?.Last), comes: true);
        if (judged.Mark is Mark.Confirmed) return turn.IsSeen ? judged : Open(claim, Hidden(claim, turn, "came"));
        if (!then.All(at => at.IsSeen)) return Open(claim, StateJudge.NotClear(then));
        double most = then.Max(at => at.Share);
        if (claim.Kind is ClaimKind.Began && most > Begun && then[^1].Carries && turn.IsSeen)
            return new(claim, Mark.Confirmed, $"Before it carried no route, then up to {Wording.Percent(most)} of them.", null, []);
        if (turn.Hidden > 0) return Open(claim, Hidden(claim, turn, "came"));
        if (then.Any(at => at.Carries) && judged.Mark is Mark.Contradicted)
            return Open(claim, $"It carried none of the routes before and up to {Wording.Percent(most)} of them then"
                + (most <= Begun ? ", which is too small a part to be called a beginning." : $", and {Wording.Percent(then[^1].Share)} after."));
        return then.All(at => at.IsClear) ? judged : Open(claim, StateJudge.NotClear(then));
    }

    /// <summary>An end that the changes of the report decided.</summary>
    public JudgedClaim OfEnd(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (claim.Time is not { } time || time.To <= report.From || time.From > report.To) return judged;
        HeldAt[] states = [.. held.Over(time.From - _slack, time.To + _slack, claim.Who, claim.Prefix)];
        var (before, after) = (states[0], states[^1]);
        // Of a day, it must have come to nothing and stayed so: a part that ended is no end.
        if (judged.Mark is Mark.Confirmed && after.Carries)
            return Open(claim, $"It lost some of the routes then, but went on with {Wording.Percent(after.Share)} of them.");
        if (judged.Mark is Mark.Contradicted && after.Carries && !after.IsHalfKnown) return Open(claim, StateJudge.NotClear([after]));
        // Who was away for a while of that time and came back may be said to have stopped then.
        if (judged.Mark is Mark.Contradicted && after.Carries && AwayIn(states) is { } away) return Open(claim, away);
        if (judged.Mark is not (Mark.Confirmed or Mark.Contradicted) || after.Carries) return judged;
        var change = report.Transit.Changes.FirstOrDefault(change => judged.Mark is Mark.Confirmed && judged.Changes.Contains(change.Id));
        var turn = held.TurnOf(claim.Who!, claim.Prefix, Earlier(time.From - _slack, change?.First), Later(time.To + _slack, change?.Last),
            comes: false);
        if (!after.IsClear) return Open(claim, StateJudge.NotClear([after]));
        if (judged.Mark is Mark.Confirmed) return turn.IsSeen ? judged : Open(claim, Hidden(claim, turn, "went"));
        if (before.Carries && turn.IsSeen) return new(claim, Mark.Confirmed,
            $"It carried {Wording.Percent(before.Share)} of the routes before and none after.", null, []);
        if (turn.Hidden > 0) return Open(claim, Hidden(claim, turn, "went"));
        return states.All(at => at.IsClear) ? judged : Open(claim, StateJudge.NotClear(states));
    }

    private static string? AwayIn(HeldAt[] states)
    {
        int first = Array.FindIndex(states, at => at.Carries);
        int gone = first < 0 ? -1 : Array.FindIndex(states, first, at => !at.Carries);
        if (gone < 0) return null;
        int back = Array.FindIndex(states, gone, at => at.Carries);
        return $"It carried no route from {Wording.Moment(states[gone].Time)} to {Wording.Moment(states[back].Time)} UTC, and came back within that time.";
    }

    private static string Hidden(Claim claim, Turn turn, string verb) => turn.Hidden == 0
        ? $"That {StateJudge.NameOf(claim)} {verb} then was seen at no peer."
        : $"When {StateJudge.NameOf(claim)} {verb} is not known of {Wording.Count(turn.Hidden, "route", "routes")} of a peer and a prefix: "
            + $"no data show what was held for a while, or by whom{(turn.Dated == 0 ? "" : $". Of {Wording.Count(turn.Dated)} it is")}.";

    private static Timestamp Later(Timestamp time, Timestamp? other) => other > time ? other.Value : time;

    private static Timestamp Earlier(Timestamp time, Timestamp? other) => other < time ? other.Value : time;

    private static JudgedClaim Open(Claim claim, string why) => new(claim, Mark.NotDecidable, why, null, []);
}
