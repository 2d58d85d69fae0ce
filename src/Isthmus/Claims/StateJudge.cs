using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Holds what a text says of a state against what the peers held, to the second: the subject gone and back, who carried at a
/// time, alone or not. It also looks after what <see cref="Judge"/> found among the changes, and takes back what the peers'
/// routes before and after do not bear out.
/// </summary>
internal sealed class StateJudge(Report report, Held held)
{
    /// <summary>Before an event the peers are asked for so long what they held.</summary>
    private static readonly TimeSpan _before = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan _slack = StatedTime.Slack;

    private readonly Held _held = held;
    private readonly OutageJudge _outages = new(report, held);
    private readonly MovedJudge _moved = new(report, held);
    private readonly ReturnJudge _returns = new(report, held);
    private readonly TurnJudge _turns = new(report, held);
    private readonly StretchJudge _stretches = new(report, held);

    /// <summary>The judgement where a state decides it; null where the changes or figures must.</summary>
    public JudgedClaim? Of(Claim claim) => claim.Kind switch
    {
        // That others carried it needs no table.
        ClaimKind.Sole when OfSole(claim) is { Mark: Mark.Contradicted } others => others,
        _ when MissingTable(claim) is { } missing => missing,
        ClaimKind.Vanished or ClaimKind.CameBack or ClaimKind.Outage => _outages.Of(claim),
        ClaimKind.Lost or ClaimKind.Gained => _moved.Of(claim),
        ClaimKind.Carries when claim.Denied => OfAnyCarrying(claim),
        ClaimKind.Carries when claim is { Time: { } time, Until: null } => OfCarrying(claim, time),
        ClaimKind.Returned when _returns.Of(claim) is { } returned => returned,
        ClaimKind.Ended when claim.Time is { IsInstant: true } && Says(claim, " gone", " away") && IsAway(claim) is { } away => away,
        ClaimKind.Began or ClaimKind.Ended or ClaimKind.Returned when claim.Time is { IsBound: true } by => OfBound(claim, by),
        ClaimKind.Ended when claim.Time is null => OfUndatedEnd(claim),
        ClaimKind.Sole => OfSole(claim),
        _ => null,
    };

    /// <summary>What was found among changes and figures, after a look at what the peers held before and after.</summary>
    public JudgedClaim Reviewed(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (claim.Kind is ClaimKind.Began or ClaimKind.Returned)
            return claim.Lasts && judged.Mark is Mark.Confirmed && ShareAtEnd(claim) is var end && end <= ChangeWords.Stuck
                ? Open(claim, $"At the end of the data it carries {Wording.Percent(end)} of the routes.") : _turns.OfBegin(judged);
        if (claim.Kind is ClaimKind.Carries && claim.Until is not null && judged.Mark is Mark.Confirmed) return _stretches.Whole(judged);
        if (claim.Kind is ClaimKind.Ended) return _turns.OfEnd(judged);
        if (judged.Mark is Mark.Contradicted && claim is { Kind: ClaimKind.Share, Time: not null, Unit: not ClaimUnit.Traffic }
            && OfRouteShare(claim) is { } byRoutes) judged = byRoutes;
        if (claim is { Kind: ClaimKind.Share, Who: not null, Unit: not ClaimUnit.Traffic, Number: { } number }
            && judged.Mark is not Mark.NotDecidable && WithUncountable(claim, number) is { } unclear) return unclear;
        bool needsAll = claim.Kind is ClaimKind.Carries
            || claim.Kind is ClaimKind.Share && (claim.Unit is ClaimUnit.Traffic || claim.Who is null);
        return judged.Mark is Mark.Contradicted && needsAll && !Knows(claim) ? Unknown(claim) : judged;
    }

    /// <summary>True where what the peers held, and by whom, is known over all that a statement speaks of.</summary>
    public bool Knows(Claim claim) => _held.Over(FromOf(claim), ToOf(claim), claim.Who, claim.Prefix).All(at => at.IsClear);

    /// <summary>Why what a statement speaks of is not known.</summary>
    public JudgedClaim Unknown(Claim claim) =>
        Open(claim, NotClear(_held.Over(FromOf(claim), ToOf(claim), claim.Who, claim.Prefix)));

    /// <summary>
    /// What is told as the contrary of a statement on a carrier is not, where routes of it are seen that count in no figure, or where it
    /// may have come and gone in a time of which nothing is known.
    /// </summary>
    public JudgedClaim Besides(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (judged.Mark is not Mark.Contradicted || claim.Who is not { } who
            || claim.Kind is not (ClaimKind.Carries or ClaimKind.Began or ClaimKind.Returned or ClaimKind.Ended)) return judged;
        var (from, to) = (FromOf(claim) - _slack, ToOf(claim) + _slack);
        var (first, last) = claim.Kind is ClaimKind.Carries ? (from, to) : (report.From, report.To);
        if (_held.Over(first, last, who, claim.Prefix).Any(at => at.Carries)) return judged;
        return _held.Beside(who, claim.Prefix, from, to) is { } beside
            ? Open(claim, $"{judged.Why} But {beside}: whether the text means that is not said.") : judged;
    }

    /// <summary>
    /// What is found nowhere in the period, of a statement that names no time, is not told as the contrary where the data before the
    /// period show it; nor is it of a carrier that carried before the period alone.
    /// </summary>
    public JudgedClaim InPeriodAlone(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (judged.Mark is not Mark.Contradicted || claim is { AtEnd: true, Time: null } || claim is { NoLonger: true }) return judged;
        bool isOfCarrier = claim.Kind is ClaimKind.Carries or ClaimKind.Began or ClaimKind.Ended or ClaimKind.Returned;
        HeldAt[] earlier = isOfCarrier && claim.Who is not null
            ? [.. _held.Earlier(claim.Who, claim.Prefix)] : [];
        int first = Array.FindIndex(earlier, at => at.Carries);
        if (claim.Time is { } time)
        {
            bool isCut = time.From < report.From && claim.Kind is ClaimKind.Ended;
            if (!isCut || first < 0 || _held.Over(report.From, report.To, claim.Who, claim.Prefix).Any(at => at.Carries)) return judged;
            return Open(claim, $"{Capital(NameOf(claim))} carried no route in the period, but did before it.");
        }
        bool isSeen = claim.Kind switch
        {
            ClaimKind.Vanished or ClaimKind.CameBack or ClaimKind.Outage => _held.WasDownEarlier(claim.Prefix),
            ClaimKind.Carries or ClaimKind.Began => first >= 0,
            ClaimKind.Ended => first >= 0 && WentOff(earlier.Skip(first), claim),
            ClaimKind.Returned => first >= 0,
            ClaimKind.Lost => _held.Earlier(claim.Who, claim.Prefix).Any(),
            _ => false,
        };
        return isSeen ? Open(claim, $"{judged.Why} That is so of the period, which begins at {Wording.Moment(report.From)} UTC; of the time before it the data "
            + "show otherwise, or do not show enough.") : judged;
    }

    private bool WentOff(IEnumerable<HeldAt> since, Claim claim) =>
        since.Any(at => at.CarriesNone) || !_held.At(report.From, claim.Who, claim.Prefix).Carries;

    // The series hold peer-AS shares; the route share of a time is as much a share.
    private JudgedClaim? OfRouteShare(Claim claim)
    {
        HeldAt[] states = [.. _held.Over(FromOf(claim), ToOf(claim), claim.Who, claim.Prefix).Where(at => at.Wanted + at.Others > 0)];
        HeldAt[] fits = [.. states.Where(at => claim.Number!.Holds(at.Share))];
        if (fits.Length == 0 || !states.All(at => at.IsKnown)) return null;
        // Of a stretch it must be so from end to end.
        if (claim.Until is not null
            && LengthOf(states, ToOf(claim), at => claim.Number!.DistanceTo(at.Share) > Alike)
                > Part * LengthOf(states, ToOf(claim), _ => true))
            return null;
        string share = $"the route share is {Wording.Percent(fits[0].Share)} at {Wording.Moment(fits[0].Time)} UTC";
        return fits.Length == states.Length
            ? new(claim, Mark.Confirmed, $"{Capital(share)}. That is a share of routes, not of traffic.", null, [])
            : Open(claim, $"{Capital(share)}, but not over all of the stated time.");
    }

    /// <summary>Shares that lie so close together are one.</summary>
    private const double Alike = 0.05;

    /// <summary>A part of a stretch in which it is no longer a moment.</summary>
    private const double Part = 0.1;

    private TimeSpan LengthOf(HeldAt[] states, Timestamp to, Func<HeldAt, bool> counts)
    {
        to = to > report.To ? report.To : to;
        var length = TimeSpan.Zero;
        for (int i = 0; i < states.Length; i++)
            if (counts(states[i])) length += (i + 1 < states.Length ? states[i + 1].Time : to) - states[i].Time;
        return length;
    }

    // Routes whose upstream cannot be told, and those of which nothing is known, may go by the one of the text or by another: a share is
    // known up to them.
    private JudgedClaim? WithUncountable(Claim claim, StatedNumber number)
    {
        foreach (var at in _held.Over(FromOf(claim), ToOf(claim), claim.Who, claim.Prefix))
        {
            if (at.IsClear) continue;
            double least = at.ShareMin, most = at.ShareMax;
            if (number.Holds(least) && number.Holds(most) || number.High < least - Alike || number.Low > most + Alike) continue;
            return Open(claim, $"{NotClear([at])} {Capital(NameOf(claim))} carried {Wording.Percent(least)} to {Wording.Percent(most)} of the routes.");
        }
        return null;
    }

    private static string Uncountable(HeldAt at) => $"{Wording.Count(at.Untold)} of {Wording.Count(at.Present)} routes cannot be told at "
        + $"{Wording.Moment(at.Time)} UTC ({(at.Untold == at.Uncountable ? "a set of origins, or a path that is refused" : "another origin's")})";

    // "Was gone at 10:00" is a state of that time, whenever it left.
    private JudgedClaim? IsAway(Claim claim)
    {
        var time = claim.Time!;
        HeldAt[] states = [.. _held.Over(time.Start, time.To, claim.Who, claim.Prefix)];
        return states.All(at => at.CarriesNone) && _held.Over(report.From, time.Start, claim.Who, claim.Prefix).Any(at => at.Carries)
            ? new(claim, Mark.Confirmed, $"{NameOf(claim)} carried no route ({time.Text}), and did before.", null, []) : null;
    }

    /// <summary>A carrying from one time to another by the steps that were seen; null where they do not bear it out.</summary>
    public JudgedClaim? OfStretch(Claim claim) => _stretches.Of(claim);

    /// <summary>True where a carrier had routes at every time of a stretch.</summary>
    public bool CarriesThroughout(Claim claim) =>
        _held.Over(FromOf(claim), ToOf(claim), claim.Who, claim.Prefix).All(at => at.Carries);

    /// <summary>Says of how many pairs it is not known what they held, or by whom their routes go.</summary>
    public static string NotClear(IEnumerable<HeldAt> states)
    {
        HeldAt[] all = [.. states];
        if (Array.FindIndex(all, at => !at.HasTables) is >= 0 and var place) return "No table shows what most peers held at "
            + $"{Wording.Moment(all[place].Time)} UTC: of their routes only what changed is known, so this is not decidable.";
        var least = all.MinBy(at => at.Known);
        if (!least.IsKnown || all.All(at => at.IsClear)) return $"What {(least.IsKnown ? "some" : "too many")} peers held then is not known: of "
            + $"{Wording.Count(least.Pairs)} pairs of a peer and a prefix {Wording.Count(least.Known)} are known, at {Wording.Moment(least.Time)} UTC.";
        return $"The upstream of {Uncountable(all.MaxBy(at => at.UncountablePart))}.";
    }

    private Timestamp FromOf(Claim claim) => claim.Time?.From ?? (claim.AtEnd ? report.To : report.From);

    private Timestamp ToOf(Claim claim) => (claim.Until ?? claim.Time)?.To ?? report.To;

    private static JudgedClaim Open(Claim claim, string why) => new(claim, Mark.NotDecidable, why, null, []);

    // Without a table nothing is known of what was not announced: no beginning, no end, no absence, no share.
    private JudgedClaim? MissingTable(Claim claim)
    {
        if (claim.Kind is ClaimKind.Identity or ClaimKind.First) return null;
        bool asksPresence = claim.Kind is ClaimKind.Carries or ClaimKind.Ended or ClaimKind.Part && !claim.Denied && !claim.NoLonger;
        if (asksPresence) return null;
        if (claim.Time is { } time && (time.To <= report.From || time.From > report.To)) return null;
        var from = FromOf(claim);
        var known = _held.At(from < report.From ? report.From : from, claim.Who, claim.Prefix);
        // What is asked of a time without a date of its own is asked of all the data, which begin with their table.
        return (claim.Kind is ClaimKind.Unstable ? known.IsKnown : known.HasTables)
            || claim.Time is null && _held.Over(report.From, report.To, claim.Who, claim.Prefix).Any(at => at.IsKnown)
            ? null : Open(claim, NotClear([known]));
    }

    private JudgedClaim OfCarrying(Claim claim, StatedTime time)
    {
        HeldAt[] states = [.. _held.Over(time.From, time.To, claim.Who, claim.Prefix)];
        string when = $"({time.Text})";
        if (claim.Prefix is { } prefix && states[0].Pairs == 0)
            return Open(claim, $"{prefix} is none of the subject's prefixes in these data.");
        double most = states.Max(at => at.Share), least = states.Min(at => at.Share);
        string share = Wording.Percent(least) == Wording.Percent(most) ? Wording.Percent(most)
            : $"between {Wording.Percent(least)} and {Wording.Percent(most)}";
        if (_held.Over(time.Start, time.To, claim.Who, claim.Prefix).Any(at => at.Carries))
            return new(claim, Mark.Confirmed,
            $"{NameOf(claim)} carried {share} of the routes {when}.{Assumed(time)}", null, []);
        if (!states.All(at => at.IsClear)) return Unknown(claim);
        return most > ChangeWords.Stuck
            ? Open(claim, $"{NameOf(claim)} carried {Wording.Percent(most)} of the routes up to half a minute before {time.Text}, and none from then on.")
            : new(claim, Mark.Contradicted, $"{NameOf(claim)} was not an upstream {when}.{Assumed(time)}", null, []);
    }

    // What is denied is that it carried any route at any moment of the time, or at the end where the text says now.
    private JudgedClaim OfAnyCarrying(Claim claim)
    {
        bool now = claim is { AtEnd: true, Time: null };
        var (from, to) = now ? (report.To, report.To) : claim.Until is not null ? InnerOf(claim)
            : (claim.Time?.Start ?? report.From, ToOf(claim));
        HeldAt[] states = [.. _held.Over(from, to, claim.Who, claim.Prefix)];
        string who = NameOf(claim), when = now ? "at the end of the data" : claim.Time is null ? "in these data"
            : claim.Until is null ? $"({claim.Time.Text})" : $"({claim.Time.Text} to {claim.Until.Text})";
        if (claim.Prefix is { } prefix && states[0].Pairs == 0) return Open(claim, $"{prefix} is none of the subject's prefixes in these data.");
        var most = states.MaxBy(at => at.Share);
        bool isInstant = claim is { Time.IsInstant: true, Until: null };
        if (most.Share > ChangeWords.Stuck && isInstant && states.Any(at => at.Share <= ChangeWords.Stuck))
            return Open(claim, $"In that minute {who} both carried routes and did not.");
        if (most.Share > ChangeWords.Stuck) return new(claim, Mark.Confirmed,
            $"{who} carried {Wording.Percent(most.Share)} of the routes {when}{(now || isInstant ? "" : $", at {Wording.Moment(most.Time)} UTC")}.", null, []);
        if (!states.All(at => at.IsClear)) return Unknown(claim);
        if (_held.TurnOf(claim.Who!, claim.Prefix, from, to, comes: true).Hidden > 0) return Open(claim,
            $"{who} carried no route {when} that is seen, but some peers were lost in that time and then held routes by it.");
        // "Away from 10:00 to 10:30" states both ends.
        if (claim is { Until: { } until, Time: { } since } && Says(claim, " away", " gone", "absent") && !Says(claim, "between")
            && (!CarriedAround(claim, since) || !CarriedAround(claim, until)))
            return Open(claim, $"{who} carried no route {when}, but it did not both leave and come back then.");
        if (claim.NoLonger && !_held.Earlier(claim.Who, claim.Prefix).Concat(_held.Over(report.From, from, claim.Who, claim.Prefix))
                .Any(at => at.Carries))
            return Open(claim, $"{who} carried no route {when}, but none before in these data either: whether it ever did is not known.");
        // A second is that of an event: where the end lies elsewhere, it may be the end or the state that the text means.
        if (claim is { NoLonger: true, Time: { } second } && second.Precision < _slack
            && _held.Earlier(claim.Who, claim.Prefix).Concat(_held.Over(report.From, from, claim.Who, claim.Prefix))
                .Last(at => at.Carries).Time is var ended
            && ended < from - _before)
            return new(claim, Mark.NotDecidable, $"{who} carried no route {when}, and none since {Wording.Moment(ended)} UTC: whether the text means the end or what "
                + "held then is not said.", $"{Wording.Moment(ended)} UTC", []);
        return new(claim, Mark.Contradicted, $"{who} carried no route {when}.", null, []);
    }

    /// <summary>A stretch without its edges, which may be rounded where they are minutes.</summary>
    public static (Timestamp From, Timestamp To) InnerOf(Claim claim)
    {
        var (time, until) = (claim.Time!, claim.Until!);
        if (!time.IsInstant || !until.IsInstant) return (time.Start, until.To);
        var (from, to) = (time.Precision < _slack ? time.To : time.To + _slack, until.Precision < _slack ? until.From : until.At - _slack);
        return from < to ? (from, to) : (time.Start, until.To);
    }

    private bool CarriedAround(Claim claim, StatedTime time) => _held.Over(time.From - _slack, time.To + _slack, claim.Who, claim.Prefix)
        .Any(at => at.Carries);

    // "By 10:00": what is so at that time, and came before it.
    private JudgedClaim OfBound(Claim claim, StatedTime by)
    {
        HeldAt[] before = [.. _held.Over(report.From, by.Start, claim.Who, claim.Prefix)];
        HeldAt[] then = [.. _held.Over(by.Start, by.To, claim.Who, claim.Prefix)];
        bool carries = then.All(at => at.Carries), gone = then.All(at => at.CarriesNone), isClear = before.All(at => at.IsClear);
        int first = Array.FindIndex(before, at => at.Carries);
        bool stopped = first >= 0 && before.Skip(first).Any(at => at.CarriesNone);
        bool wasAbsent = before.Length > 0 && before[0].CarriesNone;
        Mark mark = claim.Kind switch
        {
            ClaimKind.Began => carries && wasAbsent ? Mark.Confirmed : gone && first < 0 && isClear ? Mark.Contradicted : Mark.NotDecidable,
            ClaimKind.Ended => gone && first >= 0 ? Mark.Confirmed
                : carries && before.Skip(Math.Max(0, first)).All(at => at.Carries) ? Mark.Contradicted : Mark.NotDecidable,
            _ => carries && stopped ? Mark.Confirmed : !stopped && isClear ? Mark.Contradicted : Mark.NotDecidable,
        };
        if (mark is Mark.NotDecidable && (!isClear || !then.All(at => at.IsClear))) return Open(claim, NotClear(before.Concat(then)));
        string earlier = first < 0 ? "none before" : first == 0 ? "some at the start of the data" : $"the first at {Wording.Moment(before[first].Time)} UTC";
        return new(claim, mark, $"{NameOf(claim)} carried {Wording.Percent(then[^1].Share)} of the routes at {Wording.Moment(then[^1].Time)} UTC, and {earlier}.",
            null, []);
    }

    // Who stopped carrying carries nothing at the end.
    private JudgedClaim OfUndatedEnd(Claim claim)
    {
        HeldAt[] states = [.. _held.Over(report.From, report.To, claim.Who, claim.Prefix)];
        var end = _held.Over(report.To, report.To, claim.Who, claim.Prefix).First();
        string who = NameOf(claim);
        int first = Array.FindIndex(states, at => at.Carries);
        if (!end.Carries && !end.IsClear) return Open(claim, NotClear([end]));
        if (first < 0 && !states.All(at => at.IsClear)) return Unknown(claim);
        if (first < 0) return claim.Denied ? Open(claim, $"{who} carried no route in these data.")
            : new(claim, Mark.Contradicted, $"{who} carried no route in these data that could have ended.", null, []);
        var last = states.Last(at => at.Carries);
        string[] ids = [.. report.Transit.Changes.Where(change => change.Kind is Transit.Changes.ChangeKind.UpstreamVanished
            && change.Upstream is { } upstream && claim.Who!.IsOneOf(upstream)).Select(change => change.Id)];
        if (end.Share <= ChangeWords.Stuck) return new(claim, Mark.Confirmed, $"At the end of the data {who} carries no route; the last change before that is at "
            + $"{Wording.Moment(last.Time)} UTC, when it carried {Wording.Percent(last.Share)}.", null, ids);
        bool stopped = states.Skip(first).Any(at => at.CarriesNone);
        if (!stopped && !claim.Lasts && !states.Skip(first).All(at => at.Carries)) return Unknown(claim);
        string now = $"At the end of the data {who} carries {Wording.Percent(end.Share)} of the routes";
        // "Never stopped" denies any stop.
        if (stopped && claim is { Denied: true, Lasts: false })
            return new(claim, Mark.Confirmed, $"{now}; in between it carried none, and came back.", null, ids);
        return stopped && !claim.Lasts ? Open(claim, $"{now}; in between it carried none, and came back.")
            : new(claim, Mark.Contradicted, $"{now}.", Wording.Percent(end.Share), []);
    }

    private double ShareAtEnd(Claim claim) => _held.Over(report.To, report.To, claim.Who, claim.Prefix).First().Share;

    private JudgedClaim OfSole(Claim claim)
    {
        bool until = claim.Time is { } end && SaysUntil(claim, end);
        bool now = claim.Time is null && !Says(claim, "was ", "were ", "had ");
        var (from, to) = now ? (report.To, report.To)
            // "Since 04:00": the switch itself may take the minute that is stated.
            : claim.Until is { Precision.Ticks: 0 } && claim.Time!.IsInstant ? (claim.Time.To + _slack, ToOf(claim))
            : claim is { Time.IsInstant: true, Until: { IsInstant: true, Precision.Ticks: > 0 } } ? InnerOf(claim)
            : claim.Until is { Precision.Ticks: 0 } && SaysSince(claim) ? (SoleFrom(claim), ToOf(claim))
            : until ? (report.From, claim.Time!.Start - (claim.Time.IsInstant ? _slack : TimeSpan.Zero))
            : (claim.Time?.Start ?? report.From, ToOf(claim));
        HeldAt[] states = [.. _held.Over(from, to, claim.Who, claim.Prefix)];
        if (claim.Prefix is { } prefix && states[0].Pairs == 0) return Open(claim, $"{prefix} is none of the subject's prefixes in these data.");
        string who = NameOf(claim);
        HeldAt[] carried = [.. states.Where(at => at.Wanted + at.Others > 0)];
        if (carried.Length == 0) return states.All(at => at.IsDown)
            ? new(claim, Mark.Contradicted, "Nobody held a route then.", null, []) : Open(claim, NotClear(states));
        var (worst, best) = (carried.MinBy(at => at.Share), carried.MaxBy(at => at.Share));
        string then = now ? "at the end of the data" : $"at {Wording.Moment(worst.Time)} UTC";
        if (1 - worst.Share > ChangeWords.Stuck)
        {
            string by = $"{Capital(then)} {Wording.Percent(1 - worst.Share)} of the routes went by others.";
            return claim.Time is null && !now && 1 - best.Share <= ChangeWords.Stuck
                ? Open(claim, $"{by} At {Wording.Moment(best.Time)} UTC all went by {who}: which time is meant is not said.")
                : new(claim, Mark.Contradicted, by, Wording.Percent(worst.Share), []);
        }
        if (!states.All(at => at.IsClear)) return Open(claim, $"Nobody else is seen. {NotClear(states)}");
        if (claim.Prefix is not null && states.FirstOrDefault(at => at.ForeignPart > ChangeWords.Stuck) is { Pairs: > 0 } foreign)
            return Open(claim, $"Nobody else carried a route of the subject, but {Wording.Count(foreign.Foreign)} of {Wording.Count(foreign.Known)} peers "
                + $"held one of another origin at {Wording.Moment(foreign.Time)} UTC.");
        if (states.FirstOrDefault(at => at.Links > HeldAt.UnknownMax * at.Routes) is { Pairs: > 0 } beside)
            return Open(claim, $"Nobody else is seen, but {Wording.Count(beside.Links)} of {Wording.Count(beside.Routes)} routes at "
                + $"{Wording.Moment(beside.Time)} UTC are of the subject's own neighbours, which a link may serve as an upstream.");
        if (claim.Until is { Precision.Ticks: 0 } && claim.Time is { IsInstant: true } since && since.From > report.From + _before
            && _held.Over(since.From - _before, since.From, claim.Who, claim.Prefix)
                .All(at => at.Wanted > 0 && 1 - at.Share <= ChangeWords.Stuck))
            return Open(claim, $"Nobody else carried a route {then}, but nobody else did before {claim.Time!.Text} either.");
        // "Until then" says too that others came then.
        Timestamp? others = until ? _held.Over(claim.Time!.From - _slack, claim.Time.To + _slack, claim.Who, claim.Prefix)
            .Where(at => at.Wanted + at.Others > 0 && 1 - at.Share > ChangeWords.Stuck)
            .Select(at => (Timestamp?)at.Time).FirstOrDefault() : null;
        if (until && others is null && Says(claim, "until " + claim.Time!.Text, "till " + claim.Time.Text))
            return Open(claim, $"Nobody came beside it at {claim.Time.Text}, so that it was the only one until then is not decidable.");
        string[] ids = [.. report.Transit.Changes.Where(change => others is { } came
            && change.Kind is Transit.Changes.ChangeKind.UpstreamAppeared
            && change.First <= came + _before && came <= change.Last + _before).Select(change => change.Id)];
        return new(claim, Mark.Confirmed, $"Nobody else carried a route {(now ? "at the end of the data" : $"from {Wording.Moment(states[0].Time)} to "
            + $"{Wording.Moment(others ?? (to > report.To ? report.To : to))} UTC")}. A backup that nobody uses cannot be seen.", null, ids);
    }

    private static bool SaysSince(Claim claim) => claim.Words.Contains("since " + claim.Time!.Text, StringComparison.OrdinalIgnoreCase);

    // "Since 1 October": since any moment of that day, from which on nobody else carried it.
    private Timestamp SoleFrom(Claim claim)
    {
        var time = claim.Time!;
        HeldAt[] day = [.. _held.Over(time.Start, time.To, claim.Who, claim.Prefix)];
        int last = Array.FindLastIndex(day, at => at.Wanted + at.Others > 0 && 1 - at.Share > ChangeWords.Stuck);
        return last < 0 ? time.Start : last + 1 < day.Length ? day[last + 1].Time : time.To;
    }

    private static bool Says(Claim claim, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
            if (claim.Words.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>True for the sole upstream until, or before, a time.</summary>
    public static bool IsUntil(Claim claim) => claim.Time is { } time && SaysUntil(claim, time);

    private static bool SaysUntil(Claim claim, StatedTime time) =>
        claim.Words.Contains("until " + time.Text, StringComparison.OrdinalIgnoreCase)
        || claim.Words.Contains("till " + time.Text, StringComparison.OrdinalIgnoreCase)
        || claim.Words.Contains("before " + time.Text, StringComparison.OrdinalIgnoreCase);

    /// <summary>The carrier in words.</summary>
    public static string NameOf(Claim claim) => claim.Who!.Country.IsNone ? claim.Who.Text : $"a network registered there ({claim.Who.Text})";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Assumed(StatedTime time) =>
        time.ZoneGiven || time.Precision >= TimeSpan.FromDays(1) ? "" : " (No zone is given; UTC is assumed.)";
}
