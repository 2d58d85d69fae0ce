using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Holds "returned", "never returned" and "stopped at 10:00 and did not come back" against what the peers held: who returns was away
/// after it had carried routes. What is away, or back, for less than a minute decides nothing.
/// </summary>
internal sealed class ReturnJudge(Report report, Held held)
{
    /// <summary>A stated minute may be rounded; so long must somebody be away, or back, to be it.</summary>
    private static readonly TimeSpan _slack = StatedTime.Slack;

    /// <summary>By then what stopped at a stated minute has left the slow peers too.</summary>
    private static readonly TimeSpan _settled = TimeSpan.FromMinutes(10);

    /// <summary>A share of the routes from which on a return is one.</summary>
    private const double Returned = 0.1;

    /// <summary>One who was away: from when, and when it carried again; <paramref name="IsSure"/> where both lasted.</summary>
    private readonly record struct Absence(Timestamp Left, Timestamp? Back, bool IsSure)
    {
        /// <summary>Where too little is known of the time right before it was back, since when.</summary>
        public Timestamp? BackEarliest { get; init; } = Back;
    }

    /// <summary>The judgement, as if nothing were denied; null where the changes must decide.</summary>
    public JudgedClaim? Of(Claim claim)
    {
        if (claim.Time is { IsBound: true } or { IsOpen: true } || claim.Until is not null) return null;
        HeldAt[] states = [.. held.Over(report.From, report.To, claim.Who, claim.Prefix)];
        Absence[] all = [.. AbsencesOf(states)];
        if (claim.After is { } stop)
        {
            all = [.. all.Where(absence => absence.Left >= stop.From - _slack)];
            var stops = all.Where(absence => absence.Left < stop.To + _settled).ToArray();
            if (stops.Length == 0) return Open(claim, $"{claim.Who!.Text} did not stop at {stop.Text}: it carried routes on.");
            // Of a day with several the last is meant; one that came back within it was no stop for good.
            all = [.. all.Where(absence => absence.Left >= stops[^1].Left)];
            if (claim.Time is null && all.All(absence => absence.Back is null) && stops.Any(absence => absence.Back is not null))
                return Open(claim, $"{Words(claim, stops[0])}, and then left again: which stop is meant is not said.");
            if (claim.Time is { } after && all[0] is { IsSure: true, Back: { } early } && early < after.From - _slack)
                return new(claim, Mark.Contradicted, $"{Words(claim, all[0])}.", $"{Wording.Moment(early)} UTC", []);
        }
        if (claim.Time is { } time)
        {
            var fit = all.FirstOrDefault(absence => absence is { IsSure: true, Back: { } back } && time.Holds(back));
            if (fit.Back is not null && fit.BackEarliest >= time.From - _slack
                && held.TurnOf(claim.Who!, claim.Prefix, time.From - _slack, time.To + _settled, comes: true).IsSeen)
                return new(claim, Mark.Confirmed, $"{Words(claim, fit)}.", null, IdsOf(claim, time));
            return fit.Back is not null || all.Any(absence => absence.Back > time.From && absence.BackEarliest < time.To)
                ? Open(claim, "When it came back is not known: no data show what too many peers held before.") : null;
        }
        if (all.FirstOrDefault(absence => absence is { IsSure: true, Back: not null }) is { Back: not null } sure)
            return claim.Lasts && states[^1].CarriesNone
                ? Open(claim, $"{Words(claim, sure)}; at the end of the data it carries none.")
                : new(claim, Mark.Confirmed, $"{Words(claim, sure)}.", null, []);
        if (all.FirstOrDefault(absence => absence.Back is not null) is { Back: not null } brief) return Open(claim, $"{Words(claim, brief)}, but briefly.");
        if (all.Length > 0)
        {
            var gone = all[^1];
            return states.Where(at => at.Time >= gone.Left).All(at => at.IsClear)
                ? new(claim, Mark.Contradicted, $"{Words(claim, gone)}.", null, [])
                : Open(claim, StateJudge.NotClear(states.Where(at => at.Time >= gone.Left)));
        }
        // Who was never away, or never there, did not return: whether that is meant is not said.
        return claim.Denied ? Open(claim, $"{claim.Who!.Text} was at no time away after it had carried routes.") : null;
    }

    private IEnumerable<Absence> AbsencesOf(HeldAt[] states)
    {
        Timestamp? left = null, unknown = null;
        bool carried = false;
        for (int i = 0; i < states.Length; i++)
        {
            bool carries = states[i].Carries;
            if (!carries && !states[i].IsClear)
            {
                unknown ??= states[i].Time;
                continue;
            }
            if (carries && left is { } since)
            {
                double most = states[i].Share;
                int end = i;
                while (end + 1 < states.Length && states[end + 1].Carries) most = Math.Max(most, states[++end].Share);
                var until = end + 1 < states.Length ? states[end + 1].Time : report.To;
                yield return new(since, states[i].Time, most >= Returned && states[i].Time - since >= _slack
                    && until - states[i].Time >= _slack)
                {
                    BackEarliest = unknown ?? states[i].Time,
                };
                left = null;
            }
            if (!carries && carried) left ??= states[i].Time;
            carried |= carries;
            unknown = null;
        }
        if (left is { } still) yield return new(still, null, IsSure: true);
    }

    private string[] IdsOf(Claim claim, StatedTime time) =>
    [
        .. report.Transit.Changes.Where(change => change.Kind is Transit.Changes.ChangeKind.UpstreamReturned && time.Holds(change.First)
            && change.Upstream is { } upstream && claim.Who!.IsOneOf(upstream)).Select(change => change.Id),
    ];

    private static string Words(Claim claim, Absence absence) =>
        $"{claim.Who!.Text} carried no route from {Wording.Moment(absence.Left)} to "
        + (absence.Back is { } back ? $"{Wording.Moment(back)} UTC, when it carried some again" : "the end of the data");

    private static JudgedClaim Open(Claim claim, string why) => new(claim, Mark.NotDecidable, why, null, []);
}
