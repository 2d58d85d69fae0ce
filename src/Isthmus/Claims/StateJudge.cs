using Isthmus.Reports;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Holds what a text says of a state against what the peers held, to the second: the subject gone and back, who carried at a
/// time, alone or not. It also looks after what <see cref="Judge"/> found among the changes, and takes back what the peers'
/// routes before and after do not bear out.
/// </summary>
internal sealed class StateJudge(Report report)
{
    /// <summary>Before an event the peers are asked for so long what they held.</summary>
    private static readonly TimeSpan _before = TimeSpan.FromMinutes(15);

    /// <summary>What is stated to the minute or the second may be off by this before the data contradict it.</summary>
    private static readonly TimeSpan _slack = TimeSpan.FromMinutes(1);

    /// <summary>A part of the peers that still hold routes: fewer are no proof that it was not down.</summary>
    private const double SurelyUp = 0.5, PartlyUp = 0.1;

    private readonly Held _held = new(report);

    /// <summary>The judgement where a state decides it; null where the changes or figures must.</summary>
    public JudgedClaim? Of(Claim claim) => claim.Kind switch
    {
        // That others carried it needs no table.
        ClaimKind.Sole when claim is { Time: { } time } && !SaysUntil(claim, time)
            && OfSole(claim, time) is { Mark: Mark.Contradicted } others => others,
        _ when MissingTable(claim) is { } missing => missing,
        ClaimKind.Vanished => OfTurn(claim, down => (down.Falls, down.Down), "disappeared"),
        ClaimKind.CameBack => OfTurn(claim, down => down.Rises is { } rises ? (rises, down.Up ?? rises) : null, "came back"),
        ClaimKind.Outage => OfOutage(claim),
        ClaimKind.Carries when claim is { Time: { } time, Until: null } => OfCarrying(claim, time),
        ClaimKind.Sole when claim is { Time: { } time } && !SaysUntil(claim, time) => OfSole(claim, time),
        _ => null,
    };

    /// <summary>What was found among changes and figures, after a look at what the peers held before and after.</summary>
    public JudgedClaim Reviewed(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (claim.Kind is ClaimKind.Began or ClaimKind.Returned) return OfBegin(judged);
        if (claim.Kind is ClaimKind.Ended) return OfEnd(judged);
        if (judged.Mark is Mark.Contradicted && claim is { Kind: ClaimKind.Share, Time: not null, Unit: not ClaimUnit.Traffic }
            && OfRouteShare(claim) is { } byRoutes) return byRoutes;
        if (judged.Mark is Mark.Contradicted && claim.Kind is ClaimKind.Carries or ClaimKind.Share or ClaimKind.Part
            && !_held.Over(FromOf(claim), ToOf(claim)).All(at => at.IsKnown)) return Unknown(claim);
        return judged;
    }

    /// <summary>True where what the peers held is known over all that a statement speaks of.</summary>
    public bool Knows(Claim claim) => _held.Over(FromOf(claim), ToOf(claim)).All(at => at.IsKnown);

    // The series hold peer-AS shares; the route share of a time is as much a share.
    private JudgedClaim? OfRouteShare(Claim claim)
    {
        HeldAt[] states = [.. _held.Over(FromOf(claim), ToOf(claim), claim.Who, claim.Prefix).Where(at => at.Wanted + at.Others > 0)];
        HeldAt[] fits = [.. states.Where(at => claim.Number!.Holds(at.Share))];
        if (fits.Length == 0 || !states.All(at => at.IsKnown)) return null;
        string share = $"the route share is {Wording.Percent(fits[0].Share)} at {Wording.Moment(fits[0].Time)} UTC";
        return fits.Length == states.Length
            ? new(claim, Mark.Confirmed, $"{Capital(share)}. That is a share of routes, not of traffic.", null, [])
            : Open(claim, $"{Capital(share)}, but not over all of the stated time.");
    }

    /// <summary>True where a carrier had routes at every time of a stretch.</summary>
    public bool CarriesThroughout(Claim claim) =>
        _held.Over(FromOf(claim), ToOf(claim), claim.Who, claim.Prefix).All(at => at.Share > ChangeWords.Stuck);

    private JudgedClaim Unknown(Claim claim)
    {
        var least = _held.Over(FromOf(claim), ToOf(claim)).MinBy(at => at.Known);
        return Open(claim, $"What too many peers held then is not known: of {Wording.Count(least.Pairs)} routes of a peer and a prefix "
            + $"{Wording.Count(least.Known)} are, at {Wording.Moment(least.Time)} UTC.");
    }

    private Timestamp FromOf(Claim claim) => claim.Time?.From ?? (claim.AtEnd ? report.To : report.From);

    private Timestamp ToOf(Claim claim) => (claim.Until ?? claim.Time)?.To ?? report.To;

    private static JudgedClaim Open(Claim claim, string why) => new(claim, Mark.NotDecidable, why, null, []);

    // Without a table nothing is known of what was not announced: no beginning, no end, no absence, no share.
    private JudgedClaim? MissingTable(Claim claim)
    {
        if (claim.Kind is ClaimKind.Identity or ClaimKind.First) return null;
        bool asksPresence = claim.Kind is ClaimKind.Carries or ClaimKind.Ended or ClaimKind.Part && !claim.Denied;
        if (asksPresence) return null;
        if (claim.Time is { } time && (time.To <= report.From || time.From > report.To)) return null;
        var from = FromOf(claim);
        var known = _held.Over(from < report.From ? report.From : from, from).First();
        // What is asked of a time without a date of its own is asked of all the data, which begin with their table.
        return known.IsKnown || claim.Time is null && _held.Over(report.From, report.To).Any(at => at.IsKnown) ? null : Open(claim,
            "No table shows what the peers held before: of their routes only what changed is known, so this is not decidable.");
    }

    private JudgedClaim OfTurn(Claim claim, Func<DownSpan, (Timestamp From, Timestamp To)?> turn, string verb)
    {
        var downs = _held.Downs(claim.Prefix);
        var turns = downs.Select(turn).OfType<(Timestamp From, Timestamp To)>().ToArray();
        string found = downs.Count == 0 ? "at no time of the data did all routes disappear"
            : "no route was held " + string.Join(", ", downs.Select(Words));
        if (claim.Number is { } number) return Counted(claim, number, turns.Count(at => Fits(claim, at)), found);
        if (turns.FirstOrDefault(at => Fits(claim, at)) is { From.Microseconds: > 0 } fit) return new(claim, Mark.Confirmed,
            $"It {verb} from {Wording.Moment(fit.From)} to {Wording.Moment(fit.To)} UTC, the last peer; {found}.", null,
            ChangesAt(fit.From));
        double least = Least(claim, FromOf(claim) - _slack, ToOf(claim) + _slack);
        if (double.IsNaN(least)) return Unknown(claim);
        if (turns.Length == 0 && least < (claim.Kind is ClaimKind.Outage ? SurelyUp : PartlyUp))
            return Open(claim, $"Only {Wording.Percent(least)} of the routes were held at the least, but never none.");
        return new(claim, Mark.Contradicted, $"Not so: {found}.", turns.Length == 0 ? null : Words(downs[0]), []);
    }

    private JudgedClaim OfOutage(Claim claim)
    {
        if (claim.Time is null && claim.Number is null && claim.Prefix is null)
            return OfTurn(claim, down => (down.Falls, down.Down), "was down");
        var downs = _held.Downs(claim.Prefix);
        var (from, to) = (FromOf(claim), ToOf(claim));
        DownSpan[] within = [.. downs.Where(down => down.Falls < to && (down.Up ?? report.To) >= from)];
        string found = downs.Count == 0 ? "at no time of the data were all routes gone"
            : "no route was held " + string.Join(", ", downs.Select(Words));
        if (claim.Number is { } number) return Counted(claim, number, within.Length, found);
        bool isStretch = claim is { Until: not null } && !claim.Words.Contains("between", StringComparison.OrdinalIgnoreCase);
        bool whole = claim is { Time: { } begun, Until: { } ended } && within.Any(down =>
            Meets(begun, down.Falls, down.Down) && down.Rises is { } rises && Meets(ended, rises, down.Up ?? rises));
        bool isMoment = claim is { Time: { } at, Until: null } && at.Precision < TimeSpan.FromHours(1);
        bool holds = isStretch ? whole
            : isMoment ? _held.Over(from, to, null, claim.Prefix).All(at => at.IsDown)
                || within.Any(down => Fits(claim, (down.Falls, down.Down)))
            : within.Length > 0;
        if (holds) return new(claim, Mark.Confirmed, $"{Capital(found)}.", null,
            [.. within.SelectMany(down => ChangesAt(down.Falls)).Distinct()]);
        double least = Least(claim, from, to);
        if (double.IsNaN(least)) return Unknown(claim);
        bool saysAll = claim.Words.Contains("all ", StringComparison.OrdinalIgnoreCase) && !claim.Denied;
        if (within.Length > 0 && !isStretch || least < (saysAll ? PartlyUp : SurelyUp) && within.Length == 0)
            return Open(claim, $"At the least {Wording.Percent(least)} of the routes were held then; {found}.");
        return new(claim, Mark.Contradicted, $"Not so: {found}.", downs.Count == 0 ? null : Words(downs[0]), []);
    }

    private JudgedClaim Counted(Claim claim, StatedNumber number, int count, string found) =>
        double.IsNaN(Least(claim, FromOf(claim), ToOf(claim))) ? Unknown(claim)
        : number.Holds(count) ? new(claim, Mark.Confirmed, $"{Capital(found)}.", null, [.. OutageIds(claim)])
        : new(claim, Mark.Contradicted, $"{Capital(Wording.Count(count, "outage is", "outages are"))} found: {found}.",
            Wording.Count(count), [.. OutageIds(claim)]);

    private IEnumerable<string> OutageIds(Claim claim) => report.Transit.Changes
        .Where(change => change.Kind is Transit.ChangeKind.Outage && change.Time >= FromOf(claim) && change.Time < ToOf(claim))
        .Select(change => change.Id);

    private JudgedClaim OfCarrying(Claim claim, StatedTime time)
    {
        HeldAt[] states = [.. _held.Over(time.From, time.To, claim.Who, claim.Prefix)];
        string when = $"({time.Text})";
        if (claim.Prefix is { } prefix && states[0].Pairs == 0)
            return Open(claim, $"{prefix} is none of the subject's prefixes in these data.");
        var most = states.MaxBy(at => at.Share);
        if (most.Share > ChangeWords.Stuck) return new(claim, Mark.Confirmed,
            $"{claim.Who!.Text} carried {Wording.Percent(most.Share)} of the routes {when}.{Assumed(time)}", null, []);
        if (!states.All(at => at.IsKnown)) return Unknown(claim);
        return new(claim, Mark.Contradicted, $"{claim.Who!.Text} was not an upstream {when}.{Assumed(time)}", null, []);
    }

    private JudgedClaim OfSole(Claim claim, StatedTime time)
    {
        HeldAt[] states = [.. _held.Over(time.From, ToOf(claim), claim.Who)];
        var worst = states.Where(at => at.Wanted + at.Others > 0).DefaultIfEmpty().MinBy(at => at.Share);
        if (worst.Wanted + worst.Others == 0) return states.All(at => at.IsDown)
            ? new(claim, Mark.Contradicted, "Nobody held a route then.", null, []) : Unknown(claim);
        if (1 - worst.Share > ChangeWords.Stuck) return new(claim, Mark.Contradicted,
            $"At {Wording.Moment(worst.Time)} UTC {Wording.Percent(1 - worst.Share)} of the routes went by others.", Wording.Percent(worst.Share), []);
        return states.All(at => at.IsKnown)
            ? new(claim, Mark.Confirmed, $"Nobody else carried a route ({time.Text}). A backup that nobody uses cannot be seen.", null, [])
            : Unknown(claim);
    }

    private JudgedClaim OfBegin(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (claim.Time is { } outside && (outside.To <= report.From || outside.From > report.To)) return judged;
        var change = report.Transit.Changes.FirstOrDefault(change => judged.Mark is Mark.Confirmed && judged.Changes.Contains(change.Id));
        var begin = change?.First ?? claim.Time?.From;
        if (begin is not { } from) return judged;
        var span = change is not null ? TimeSpan.Zero : _slack;
        // A date is the whole day: what held at its start is asked, not what held a while before.
        // A peer AS may run ahead of the rest (docs/methods.md).
        var ahead = change is not null ? Transit.Changes.Onset.GapMax : span;
        HeldAt[] before = [.. _held.Over(from - ahead - (change is null && claim.Time!.Precision > _before ? TimeSpan.Zero : _before),
            from - ahead, claim.Who, claim.Prefix)];
        HeldAt[] then = [.. _held.Over(from - span, ToOf(claim) + span, claim.Who, claim.Prefix)];
        if (from < report.From || report.To - report.From < _slack)
            return Open(claim, "What the peers held before is not known, so that it began then is not decidable.");
        if (before.Any(at => at.Share > ChangeWords.Stuck)) return new(claim, Mark.Contradicted,
            $"{claim.Who!.Text} carried {Wording.Percent(before.Max(at => at.Share))} of the routes before already.", null, judged.Changes);
        if (change is not null && from == report.From || !before.All(at => at.IsKnown))
            return Open(claim, "What the peers held before is not known, so that it began then is not decidable.");
        if (judged.Mark is Mark.Confirmed) return judged;
        if (!then.All(at => at.IsKnown)) return Unknown(claim);
        if (claim.Kind is ClaimKind.Began && then.Max(at => at.Share) > PartlyUp && then[^1].Share > ChangeWords.Stuck)
            return new(claim, Mark.Confirmed,
                $"Before it carried no route, then up to {Wording.Percent(then.Max(at => at.Share))} of them.", null, []);
        return then.Any(at => at.Share > ChangeWords.Stuck) && judged.Mark is Mark.Contradicted
            ? Open(claim, $"It carried up to {Wording.Percent(then.Max(at => at.Share))} of the routes then; no lasting beginning was found.") : judged;
    }

    private JudgedClaim OfEnd(JudgedClaim judged)
    {
        var claim = judged.Claim;
        if (claim.Time is not { } time || time.To <= report.From || time.From > report.To) return judged;
        HeldAt[] states = [.. _held.Over(time.From - _slack, time.To + _slack, claim.Who, claim.Prefix)];
        if (!states.All(at => at.IsKnown)) return Unknown(claim);
        var (before, after) = (states[0].Share, states[^1].Share);
        if (judged.Mark is Mark.Confirmed && after > ChangeWords.Stuck && time.Precision < TimeSpan.FromHours(1))
            return Open(claim, $"It lost some of the routes then, but went on with {Wording.Percent(after)} of them.");
        if (judged.Mark is Mark.Contradicted && before > ChangeWords.Stuck && after <= ChangeWords.Stuck) return new(claim, Mark.Confirmed,
            $"It carried {Wording.Percent(before)} of the routes before and none after.", null, []);
        return judged;
    }

    // The least part of the known pairs that held a route in a stretch; NaN where too little is known of it.
    private double Least(Claim claim, Timestamp from, Timestamp to)
    {
        HeldAt[] states = [.. _held.Over(from, to, null, claim.Prefix)];
        return states.All(at => at.IsKnown) ? states.Min(at => at.Visible) : double.NaN;
    }

    private static bool Fits(Claim claim, (Timestamp From, Timestamp To) turn) => claim.Time is not { } time
        || (claim.Until is { } until ? turn.From < until.To && turn.To >= time.From : Meets(time, turn.From, turn.To));

    private static bool Meets(StatedTime time, Timestamp from, Timestamp to) =>
        from < time.To + (time.Precision <= _slack ? _slack : TimeSpan.Zero)
        && to >= time.From - (time.Precision <= _slack ? _slack : TimeSpan.Zero);

    private static bool SaysUntil(Claim claim, StatedTime time) =>
        claim.Words.Contains("until " + time.Text, StringComparison.OrdinalIgnoreCase)
        || claim.Words.Contains("till " + time.Text, StringComparison.OrdinalIgnoreCase)
        || claim.Words.Contains("before " + time.Text, StringComparison.OrdinalIgnoreCase);

    private string[] ChangesAt(Timestamp time) =>
    [
        .. report.Transit.Changes.Where(change => change.Kind is Transit.ChangeKind.Outage && change.First <= time + _before
            && time <= change.Last + _before).Take(1).Select(change => change.Id),
    ];

    private static string Words(DownSpan down) =>
        $"from {Wording.Moment(down.Down)} to {(down.Rises is { } rises ? Wording.Moment(rises) + " UTC" : "the end of the data")}";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Assumed(StatedTime time) =>
        time.ZoneGiven || time.Precision >= TimeSpan.FromDays(1) ? "" : " (No zone is given; UTC is assumed.)";
}
