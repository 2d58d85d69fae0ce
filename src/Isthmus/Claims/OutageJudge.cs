using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Holds what a text says of the subject, or a prefix, being gone against what the peers held. It was down at a time, or from one to
/// another, where at every moment of it no counting peer held a route; an event ("went dark", "an outage") needs to lie within.
/// </summary>
internal sealed class OutageJudge(Report report, Held held)
{
    private static readonly TimeSpan _slack = StatedTime.Slack;

    /// <summary>Within so long a fall, or a return, any time is one at which it happened; of a longer one only its end.</summary>
    private static readonly TimeSpan _turnMax = TimeSpan.FromMinutes(10);

    /// <summary>A part of the peers that still hold routes: fewer are no proof that it was not down.</summary>
    private const double SurelyUp = 0.5, PartlyUp = 0.1;

    /// <summary>Prefixes that are followed one by one.</summary>
    private const int PrefixesMax = 64;

    /// <summary>The judgement, as if nothing were denied: what is denied asks whether it was so at any moment.</summary>
    public JudgedClaim Of(Claim claim)
    {
        if (claim.Number is { } number)
            return claim.Denied ? Open(claim, "What a denied number leaves is not decidable.")
                : claim.Unit is ClaimUnit.Prefixes ? OfPrefixes(claim, number) : OfCount(claim, number);
        if (claim.Kind is ClaimKind.CameBack) return OfReturn(claim);
        if (claim is { IsThroughout: true, Denied: false }) return OfState(claim);
        // "Was cut off from 02:00 to 08:00" is of all that time; so may "was gone between" be.
        if (claim is { Denied: false, Until: not null, Time: not null } && (SaysFrom(claim) || Words.SaysStayedDown(claim.Words)))
        {
            var all = OfState(claim);
            bool isSure = SaysFrom(claim) || all.Mark is not Mark.Contradicted || OfEvent(claim).Mark is Mark.Contradicted;
            return isSure ? all : Open(claim, all.Why);
        }
        if (claim.Kind is ClaimKind.Vanished || claim is { Denied: false, Time: not null, Until: null }
            && (Words.SaysEventOfOutage(claim.Words) || SaysFrom(claim))) return OfFall(claim);
        return claim.Denied || claim.Time is null && !claim.AtEnd
            || claim is { Time.IsInstant: false, Until: null, AtEnd: false } && !claim.Time!.IsOpen
            || Words.SaysEventOfOutage(claim.Words) ? OfEvent(claim) : OfState(claim);
    }

    // At any moment of the stated time, or of all the data.
    private JudgedClaim OfEvent(Claim claim)
    {
        bool now = claim is { AtEnd: true, Time: null };
        var (from, to) = now ? (report.To, report.To) : (claim.Time?.Start ?? report.From, (claim.Until ?? claim.Time)?.To ?? report.To);
        DownSpan[] within = [.. held.Downs(claim.Prefix).Where(down => Overlaps(down, from, to))];
        if (within.Length > 0 && Array.TrueForAll(within, down => down.ForeignPart > ChangeWords.Stuck)) return Beside(claim, within[0]);
        if (within.Length > 0) return new(claim, Mark.Confirmed, $"No route was held {SpanWords.Of(within)}.", null,
            [.. within.SelectMany(down => ChangesAt(down.Falls)).Distinct()]);
        return WithoutFall(claim, from, to, SurelyUp);
    }

    // At every moment of it.
    private JudgedClaim OfState(Claim claim)
    {
        var (from, to) = InnerOf(claim);
        HeldAt[] states = [.. held.Over(from, to, null, claim.Prefix)];
        if (!states.All(at => at.IsKnown) && !states.Any(at => at.VisibleMin >= SurelyUp)) return Unknown(claim, states);
        DownSpan[] downs = [.. held.Downs(claim.Prefix).Where(down => Overlaps(down, from, to))];
        var most = states.MaxBy(at => at.Visible);
        string held_ = $"At {Wording.Moment(most.Time)} UTC {Pairs(most)} held a route";
        if (states.All(at => at.IsDown))
        {
            // "From 10:00 to 10:30" states both ends; "between" only what lies within.
            if (states.Any(at => at.ForeignPart > ChangeWords.Stuck))
                return Open(claim, $"No route of the subject was held {SpanWords.Of(downs)}. {Foreign(states.MaxBy(at => at.ForeignPart))}");
            bool meets = claim.Until is not { } until || claim.IsThroughout || claim.Words.Contains("between", StringComparison.OrdinalIgnoreCase)
                || downs.Any(down => IsFallWithin(claim.Time!, down) && Meets(claim.Time!, FallOf(down)) && down.Rises is { } rises
                    && IsReturnWithin(until, down) && Meets(until, (rises, down.Up ?? rises)));
            if (!meets && downs.FirstOrDefault(down => !down.IsFallDated || !down.IsReturnDated) is { Down.Microseconds: > 0 } undated)
                return Open(claim, $"No route was held {SpanWords.Of(downs)}; {SpanWords.Undated(undated)}.");
            return meets ? new(claim, Mark.Confirmed, $"No route was held {SpanWords.Of(downs)}.", null,
                    [.. downs.SelectMany(down => ChangesAt(down.Falls)).Distinct()])
                : new(claim, Mark.Contradicted, $"No route was held {SpanWords.Of(downs)}, and not from the one time to the other.", SpanWords.Of(downs), []);
        }
        bool saysAll = claim.Words.Contains("all ", StringComparison.OrdinalIgnoreCase) || Words.SaysWholly(claim.Words);
        // A minute in which the fall or the return lies is neither up nor down.
        double surely = claim.Until is not null ? states.Max(at => at.IsKnown ? at.Visible : at.VisibleMin)
            : Least(claim, from - _slack, to + _slack);
        if (!(surely >= (saysAll ? PartlyUp : SurelyUp)))
            return Open(claim, $"{held_}{(downs.Length == 0 ? "" : $"; no route was held {SpanWords.Of(downs)}")}.");
        return new(claim, Mark.Contradicted, $"{held_}{(downs.Length == 0 ? $"; {Never(claim)}" : $"; no route was held {SpanWords.Of(downs)}")}.",
            downs.Length == 0 ? null : SpanWords.Of(downs), []);
    }

    private JudgedClaim OfFall(Claim claim)
    {
        var downs = held.Downs(claim.Prefix);
        if (claim.Lasts || claim is { AtEnd: true, Time: null }) return OfEnd(claim, downs, isDown: true);
        if (claim.Time is not { } time) return OfEvent(claim);
        if (time.IsBound)
        {
            var before = downs.Where(down => down.Down < time.To).ToArray();
            if (before.Length == 0) return WithoutFall(claim, report.From, time.To, SurelyUp);
            return before[^1].Rises is { } rises && rises < time.To
                ? Open(claim, $"No route was held {SpanWords.Of(before)}, which was over by then.")
                : new(claim, Mark.Confirmed, $"No route was held {SpanWords.Of([before[^1]])}.", null, ChangesAt(before[^1].Falls));
        }
        bool isAt = time.IsInstant && claim.Until is null;
        // "Was gone at 03:30" may be of a state that began before.
        if (isAt && Words.SaysStayedDown(claim.Words) && OfState(claim) is { Mark: Mark.Confirmed } state) return state;
        DownSpan[] fits = [.. downs.Where(down => isAt ? Meets(time, FallOf(down)) : IsWithin(claim, time, down.Down))];
        if (fits.Length > 0 && !IsFallWithin(time, fits[0])) return Open(claim, $"{Capital(SpanWords.Undated(fits[0]))}.");
        if (fits.Length > 0 && fits[0].ForeignPart > ChangeWords.Stuck) return Beside(claim, fits[0]);
        if (fits.Length > 0) return new(claim, Mark.Confirmed, $"No route was held {SpanWords.Of(fits)}; {SpanWords.Fall(fits[0])}.", null,
            ChangesAt(fits[0].Falls));
        if (downs.FirstOrDefault(down => isAt && Meets(time, (down.Falls, down.Down))) is { Down.Microseconds: > 0 } slow)
            return Open(claim, $"It went step by step: {SpanWords.Fall(slow)}.");
        if (downs.FirstOrDefault(down => !down.IsFallDated && down.Down >= time.From - _slack
            && (down.FallsEarliest < down.Falls ? down.FallsEarliest : down.DownEarliest) <= (claim.Until ?? time).To + _slack)
            is { Down.Microseconds: > 0 } undated)
            return Open(claim, $"{Capital(SpanWords.Undated(undated))}.");
        if (!isAt && downs.FirstOrDefault(down => IsAtEdge(claim, time, down.Down)) is { Down.Microseconds: > 0 } beside)
            return Open(claim, $"No route was held {SpanWords.Of([beside])}: that lies at the edge of the time that is stated, and not within it.");
        // An outage may be named by a time within it.
        return WithoutFall(claim, time.From - _slack, (claim.Until ?? time).To + _slack,
            claim.Kind is ClaimKind.Outage ? SurelyUp : downs.Count == 0 ? PartlyUp : 0);
    }

    private JudgedClaim OfReturn(Claim claim)
    {
        var downs = held.Downs(claim.Prefix);
        if (claim.Lasts || claim is { AtEnd: true, Time: null }) return OfEnd(claim, downs, isDown: false);
        DownSpan[] turns = [.. downs.Where(down => down.Rises is not null)];
        if (claim.After is { } stop && OfReturnAfter(claim, stop, downs) is { } after) return after;
        if (claim.Time is not { } time) return turns.Length == 0 ? WithoutFall(claim, report.From, report.To, SurelyUp)
            : ReturnsBeside(claim, turns[0]) is { } other ? other
            : new(claim, Mark.Confirmed, $"{Capital(SpanWords.Return(turns[0]))}.", null, ChangesAt(turns[0].Falls));
        bool isAt = time.IsInstant && claim.Until is null && !time.IsBound;
        if (claim.IsUntil && isAt) return OfUntil(claim, time, turns);
        DownSpan[] fits = [.. turns.Where(down => isAt ? Meets(time, ReturnOf(down))
            : IsWithin(claim, time.IsBound ? time with { From = report.From } : time, down.Up ?? down.Rises!.Value))];
        if (fits.Length > 0 && !time.IsBound && !IsReturnWithin(time, fits[0])) return Open(claim, $"{Capital(SpanWords.Undated(fits[0]))}.");
        if (fits.Length > 0 && ReturnsBeside(claim, fits[0]) is { } beside) return beside;
        if (fits.Length > 0 && fits[0].Up is null && SaysWhole(claim)) return Open(claim, $"{Capital(SpanWords.Return(fits[0]))}, and not all of it came back.");
        if (fits.Length > 0 && !(time.IsBound && held.At(time.To, null, claim.Prefix).Visible < SurelyUp))
            return new(claim, Mark.Confirmed, $"No route was held {SpanWords.Of(fits)}; {SpanWords.Return(fits[0])}.", null, ChangesAt(fits[0].Falls));
        if (turns.FirstOrDefault(down => Meets(time, (down.Rises!.Value, down.Up ?? down.Rises.Value))) is { Rises: not null } slow)
            return Open(claim, $"It came back step by step: {SpanWords.Return(slow)}.");
        if (UndatedReturn(time, claim.Until ?? time, turns) is { } undated) return Open(claim, undated);
        if (!isAt && turns.FirstOrDefault(down => IsAtEdge(claim, time, down.Up ?? down.Rises!.Value)) is { Rises: not null } edge)
            return Open(claim, $"{Capital(SpanWords.Return(edge))}: that lies at the edge of the time that is stated, and not within it.");
        return WithoutFall(claim, time.From - _slack, (claim.Until ?? time).To + _slack, downs.Count == 0 ? PartlyUp : 0);
    }

    // "Vanished at 10:00 and came back": of the fall that was stated with it, and no other return.
    private JudgedClaim? OfReturnAfter(Claim claim, StatedTime stop, IReadOnlyList<DownSpan> downs)
    {
        DownSpan[] falls = [.. downs.Where(down => Meets(stop, (down.Falls, down.Down)) || down.Down >= stop.From && down.Down < stop.To)];
        if (falls.Length == 0) return Open(claim, $"No fall was found at {stop.Text} after which it could have come back.");
        var fall = falls[^1];
        string found = $"No route was held {SpanWords.Of([fall])}";
        if (fall.Rises is not { } rises)
            return held.Over(report.To, report.To, null, claim.Prefix).First().IsDown
                ? new(claim, Mark.Contradicted, $"{found}.", null, ChangesAt(fall.Falls)) : Open(claim, $"{found}.");
        if (claim.Time is not { } time) return new(claim, Mark.Confirmed, $"{found}.", null, ChangesAt(fall.Falls));
        return (fall.Up ?? rises) < time.From - _slack
            ? new(claim, Mark.Contradicted, $"{found}: it was back before {time.Text}.", SpanWords.Of([fall]), ChangesAt(fall.Falls)) : null;
    }

    // What has happened still holds at the end of the data.
    private JudgedClaim OfEnd(Claim claim, IReadOnlyList<DownSpan> downs, bool isDown)
    {
        var end = held.Over(report.To, report.To, null, claim.Prefix).First();
        if (!end.IsKnown) return Unknown(claim, [end]);
        string state = $"At the end of the data {Pairs(end)} hold a route";
        if (isDown ? end.IsDown : end.Visible >= SurelyUp && downs.Count > 0) return new(claim, Mark.Confirmed,
            $"{state}; no route was held {SpanWords.Of(downs)}.", null, downs.Count == 0 ? [] : ChangesAt(downs[^1].Falls));
        return isDown && end.Visible < SurelyUp || !isDown && downs.Count > 0 && !end.IsDown ? Open(claim, $"{state}.")
            : new(claim, Mark.Contradicted, $"{state}{(downs.Count == 0 ? $"; {Never(claim)}" : "")}.", null, []);
    }

    // "Offline until 10:00": none was held up to the first return.
    private JudgedClaim OfUntil(Claim claim, StatedTime time, DownSpan[] turns)
    {
        if (turns.FirstOrDefault(down => Meets(time, (down.Rises!.Value, down.Rises.Value))) is { Rises: not null } fit)
            return !IsReturnWithin(time, fit) ? Open(claim, $"{Capital(SpanWords.Undated(fit))}.") : ReturnsBeside(claim, fit)
                ?? new(claim, Mark.Confirmed, $"No route was held {SpanWords.Of([fit])}; {SpanWords.Return(fit)}.", null, ChangesAt(fit.Falls));
        if (UndatedReturn(time, time, turns) is { } undated) return Open(claim, undated);
        var before = held.At(time.From - _slack, null, claim.Prefix);
        return turns.FirstOrDefault(down => Meets(time, (down.Rises!.Value, down.Up ?? down.Rises.Value))) is { Rises: not null } slow
            && before.Visible < SurelyUp
            ? Open(claim, $"It came back step by step: {SpanWords.Return(slow)}.")
            : WithoutFall(claim, time.From - _slack, time.To + _slack, turns.Length == 0 ? PartlyUp : 0);
    }

    // A prefix that another network came to originate did not come back as what it was.
    private JudgedClaim? ReturnsBeside(Claim claim, DownSpan down)
    {
        var back = held.At(down.Up ?? down.Rises!.Value, null, claim.Prefix);
        return claim.Prefix is null || back.ForeignPart <= ChangeWords.Stuck ? null
            : Open(claim, $"No route was held {SpanWords.Of([down])}. {Foreign(back)}");
    }

    private JudgedClaim Beside(Claim claim, DownSpan down) =>
        Open(claim, $"No route of the subject was held {SpanWords.Of([down])}. {Foreign(held.At(down.Down, null, claim.Prefix))}");

    private static string Foreign(HeldAt at) => $"But {Wording.Count(at.Foreign)} of {Wording.Count(at.Known)} pairs of a peer and a prefix held a route "
        + $"of another origin at {Wording.Moment(at.Time)} UTC.";

    // What is said of all the time where no fall was found.
    private string Never(Claim claim)
    {
        if (held.Downs(claim.Prefix) is { Count: > 0 } downs) return $"no route was held {SpanWords.Of(downs)}";
        HeldAt[] all = [.. held.Over(report.From, report.To, null, claim.Prefix)];
        if (Array.FindIndex(all, at => at.IsDown) is >= 0 and var first)
            return Array.FindIndex(all, first, at => !at.IsDown) is >= 0 and var end
                ? $"none was held from {Wording.Moment(all[first].Time)} to {Wording.Moment(all[end].Time)} UTC, and it was not seen before"
                : $"none was held from {Wording.Moment(all[first].Time)} UTC on";
        return Array.TrueForAll(all, at => at.IsKnown) ? "at no time of the data was none held" : "at no time that is known was none held";
    }

    // What lies at the edge of a time of which too little is known may have happened at any moment of that.
    private static bool IsFallWithin(StatedTime time, DownSpan down) =>
        down.IsFallDated || down.FallsEarliest >= time.From - _slack && down.DownEarliest >= time.From - _slack;

    private static string? UndatedReturn(StatedTime time, StatedTime until, DownSpan[] turns) =>
        turns.FirstOrDefault(down => !down.IsReturnDated && down.Rises >= time.From - _slack && down.RisesEarliest <= until.To + _slack)
            is { Rises: not null } undated ? $"{Capital(SpanWords.Undated(undated with { FallsEarliest = undated.Falls, DownEarliest = undated.Down }))}."
            : null;

    private static bool IsReturnWithin(StatedTime time, DownSpan down) => down.IsReturnDated || down.RisesEarliest >= time.From - _slack;

    private JudgedClaim OfCount(Claim claim, StatedNumber number)
    {
        var (from, to) = (claim.Time?.From ?? report.From, (claim.Until ?? claim.Time)?.To ?? report.To);
        DownSpan[] within = [.. held.Downs(claim.Prefix).Where(down => Overlaps(down, from, to))];
        if (double.IsNaN(Least(claim, from, to))) return Unknown(claim, held.Over(from, to, null, claim.Prefix));
        string found = within.Length == 0 ? "No moment without a route was found" : $"No route was held {SpanWords.Of(within)}";
        string[] ids = [.. within.SelectMany(down => ChangesAt(down.Falls)).Distinct()];
        return number.Holds(within.Length) ? new(claim, Mark.Confirmed, $"{found}.", null, ids)
            : new(claim, Mark.Contradicted, $"{Wording.Count(within.Length, "outage is", "outages are")} found: {char.ToLowerInvariant(found[0])}{found[1..]}.",
                Wording.Count(within.Length), ids);
    }

    // "Two of its prefixes were down at 10:00": at every moment of it, each.
    private JudgedClaim OfPrefixes(Claim claim, StatedNumber number)
    {
        Prefix[] all = [.. held.Prefixes];
        if (claim.Time is null && !claim.AtEnd || all.Length > PrefixesMax)
            return Open(claim, "How many were down at one time is not decidable without the time.");
        var (from, to) = InnerOf(claim);
        var (down, perhaps) = (new List<Prefix>(), 0);
        foreach (var prefix in all)
        {
            HeldAt[] states = [.. held.Over(from, to, null, prefix)];
            if (!states.All(at => at.IsKnown)) return Unknown(claim, states);
            if (states.All(at => at.IsDown)) down.Add(prefix);
            if (states.Any(at => at.Visible < SurelyUp)) perhaps++;
        }
        string found = down.Count == 0 ? "No prefix was without a route all of that time"
            : $"Without a route all of that time: {down.Count} of {all.Length} ({string.Join(", ", down.Take(4))})";
        if (down.Count == perhaps && number.Holds(down.Count)) return new(claim, Mark.Confirmed, $"{found}.", null, []);
        return Enumerable.Range(down.Count, perhaps - down.Count + 1).Any(count => number.Holds(count)) || down.Count > number.High
            && !claim.Words.Contains("only", StringComparison.OrdinalIgnoreCase) ? Open(claim, $"{found}.")
            : new(claim, Mark.Contradicted, $"{found}.", $"{down.Count} of {all.Length}", []);
    }

    // Nothing of the kind lies there: contradicted where the routes were surely held.
    private JudgedClaim WithoutFall(Claim claim, Timestamp from, Timestamp to, double surely)
    {
        HeldAt[] states = [.. held.Over(from, to, null, claim.Prefix)];
        if (states.Any(at => !at.IsKnown && at.VisibleMin < SurelyUp)) return Unknown(claim, states);
        var least = states.MinBy(at => at.Visible);
        var downs = held.Downs(claim.Prefix);
        string found = downs.Count == 0 ? Never(claim) : $"none was held {SpanWords.Of(downs)}";
        string then = $"Of that time the least is at {Wording.Moment(least.Time)} UTC: {Pairs(least)} held a route";
        return least.Visible < surely ? Open(claim, $"{then}; {found}.")
            : new(claim, Mark.Contradicted, $"{then}; {found}.", downs.Count == 0 ? null : SpanWords.Of([downs[0]]), []);
    }

    // The stated time without its edges, which may be rounded.
    private (Timestamp From, Timestamp To) InnerOf(Claim claim)
    {
        if (claim.Time is not { } time) return (report.To, report.To);
        if (claim.Until is not { } until) return (time.Start, time.To);
        // "From 4 a.m. to 8:30": of a day any moment is meant, of a clock the time itself.
        var from = time.IsInstant ? time.To + _slack : IsOfClock(time) ? time.At + _slack : time.From;
        var to = until.IsInstant ? until.From - _slack : IsOfClock(until) ? until.At - _slack : until.To;
        return from < to ? (from, to) : (time.Start, until.To);
    }

    private static bool IsOfClock(StatedTime time) => time.Precision < TimeSpan.FromDays(1) && time.Holds(time.At);

    // The stretch in which a stated time meets a fall: of a long one the last part, where most were lost.
    private (Timestamp From, Timestamp To) FallOf(DownSpan down)
    {
        if (down.Down - down.Falls <= _turnMax) return (down.Falls, down.Down);
        var late = down.Down - _turnMax;
        return held.Over(late, late).First().Visible >= SurelyUp ? (late, down.Down) : (down.Down, down.Down);
    }

    private static (Timestamp From, Timestamp To) ReturnOf(DownSpan down)
    {
        var (rises, up) = (down.Rises!.Value, down.Up ?? down.Rises.Value);
        return up - rises <= _turnMax ? (rises, up) : (up, up);
    }

    private bool Overlaps(DownSpan down, Timestamp from, Timestamp to) =>
        down.Down < to && (down.Rises is not { } rises || rises > from) || down.Down == to && to == report.To && down.Rises is null;

    private static bool IsWithin(Claim claim, StatedTime time, Timestamp at) => at >= time.From && at < (claim.Until ?? time).To;

    // Beside a stated stretch by less than a clock may be off.
    private static bool IsAtEdge(Claim claim, StatedTime time, Timestamp at) =>
        at >= time.From - _slack && at < (claim.Until ?? time).To + _slack && !IsWithin(claim, time, at);

    private static bool Meets(StatedTime time, (Timestamp From, Timestamp To) turn) =>
        turn.From < time.To + (time.Precision <= _slack ? _slack : TimeSpan.Zero)
        && turn.To >= time.From - (time.Precision <= _slack ? _slack : TimeSpan.Zero);

    // "Its prefixes came back" is said of all of them.
    private static bool SaysWhole(Claim claim) => claim.Prefix is null
        && (claim.Words.Contains("prefixes", StringComparison.OrdinalIgnoreCase) || claim.Words.Contains("routes", StringComparison.OrdinalIgnoreCase));

    private static bool SaysFrom(Claim claim) => claim.Words.Contains($"from {claim.Time!.Text}", StringComparison.OrdinalIgnoreCase)
        || claim.Words.Contains($"since {claim.Time.Text}", StringComparison.OrdinalIgnoreCase);

    // The least part of the known pairs that held a route in a stretch; NaN where too little is known of it.
    private double Least(Claim claim, Timestamp from, Timestamp to)
    {
        HeldAt[] states = [.. held.Over(from, to, null, claim.Prefix)];
        return states.All(at => at.IsKnown || at.VisibleMin >= SurelyUp)
            ? states.Min(at => at.IsKnown ? at.Visible : at.VisibleMin) : double.NaN;
    }

    private string[] ChangesAt(Timestamp time) =>
    [
        .. report.Transit.Changes.Where(change => change.Kind is Transit.Changes.ChangeKind.Outage && change.First <= time + _turnMax
            && time <= change.Last + _turnMax).Take(1).Select(change => change.Id),
    ];

    private static string Pairs(HeldAt at) => $"{Wording.Count(at.Present)} of {Wording.Count(at.Known)} pairs of a peer and a prefix"
        + (at.IsOfPrefix && at.Foreign > 0 ? $" ({Wording.Count(at.Foreign)} of another origin)" : "");

    private static JudgedClaim Open(Claim claim, string why) => new(claim, Mark.NotDecidable, why, null, []);

    private static JudgedClaim Unknown(Claim claim, IEnumerable<HeldAt> states) => Open(claim, StateJudge.NotClear(states));

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
