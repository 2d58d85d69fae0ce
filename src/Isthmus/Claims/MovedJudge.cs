using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Holds "lost half of its routes" and "gained a fifth of the routes" against what was held before and after. A loss is the part of the
/// routes held before that is held no more, by the carrier or by all; a gain is what was added, as a part of all routes. A level is
/// neither.
/// </summary>
internal sealed class MovedJudge(Report report, Held held)
{
    private static readonly TimeSpan _slack = StatedTime.Slack;

    /// <summary>By then what began at a stated minute has reached the slow peers too.</summary>
    private static readonly TimeSpan _settled = TimeSpan.FromMinutes(10);

    /// <summary>By a time more may have been lost than a text says, but not much more.</summary>
    private const double MoreMax = 0.05;

    public JudgedClaim Of(Claim claim)
    {
        if (claim.Number is not { } number) return OfAny(claim);
        if (claim.Unit is ClaimUnit.Traffic) return Open(claim, "Routes are not traffic: what part of the traffic was lost or gained, no routing data can say.");
        var time = claim.Time;
        bool isAt = time is { IsInstant: true, IsBound: false } && claim.Until is null;
        var from = time is null || time.IsBound ? report.From : isAt ? time.From - _slack : time.From;
        var to = time is null ? report.To : isAt ? time.To + _settled : (claim.Until ?? time).To;
        HeldAt[] states = [.. held.Over(from, to, claim.Who, claim.Prefix)];
        if (!states.All(at => claim.Who is null ? at.IsKnown : at.IsClear)) return Open(claim, StateJudge.NotClear(states));
        if (Math.Abs(states[^1].Foreign - states[0].Foreign) > ChangeWords.Stuck * states[0].Pairs) return Open(claim,
            $"{Wording.Count(states[0].Foreign)} pairs of a peer and a prefix held a route of another origin at {Wording.Moment(states[0].Time)} and "
            + $"{Wording.Count(states[^1].Foreign)} at {Wording.Moment(states[^1].Time)} UTC: whether such routes are lost is not said.");
        if (claim is { Kind: ClaimKind.Lost } && CountOf(claim, states[0]) == 0)
            return new(claim, Mark.Contradicted, $"It held no route at {Wording.Moment(states[0].Time)} UTC that could be lost.", null, []);
        double Moved(HeldAt at) => claim.Kind is ClaimKind.Gained ? at.Share - states[0].Share
            : 1 - CountOf(claim, at) / (double)CountOf(claim, states[0]);
        double last = Moved(states[^1]);
        string what = claim.Kind is ClaimKind.Gained ? "of all routes more" : "of the routes fewer";
        string before = RoutesOf(claim, states[0]);
        string figures = (claim.Who is { } who ? $"{who.Text} carried {before} routes " : $"{before} pairs of a peer and a prefix held a route ")
            + $"at {Wording.Moment(states[0].Time)} and {RoutesOf(claim, states[^1])} at {Wording.Moment(to > report.To ? report.To : to)} UTC: "
            + $"{Wording.Percent(Math.Max(0, last))} {what}";
        bool bound = time is { IsBound: true } && last > number.High && last <= number.High + MoreMax;
        // What was the case a minute after the stated time, and held, was so at that time.
        bool soon = !isAt || states.Any(at => at.Time <= time!.To + _slack && number.Holds(Moved(at)));
        if ((number.Holds(last) && soon || bound) && last > 0)
            return new(claim, Mark.Confirmed, $"{Capital(figures)}. That is a share of routes, not of traffic.", null, []);
        if (states.Any(at => number.Holds(Moved(at)))) return Open(claim, $"{Capital(figures)}; on the way there it came to {number.Text}.");
        if (time is null or { IsInstant: false } && !claim.AtEnd && AnyTwo(claim, states))
            return Open(claim, $"{Capital(figures)}; from another time on it came to {number.Text}.");
        return new(claim, Mark.Contradicted, $"{Capital(figures)}.", $"{Wording.Percent(Math.Max(0, last))} {what}", []);
    }

    /// <summary>Prefixes that are followed one by one.</summary>
    private const int PrefixesMax = 64;

    /// <summary>Who holds so much of a prefix carries it.</summary>
    private const double Carries = 0.5;

    // "Lost a prefix", "never lost a route": whether any of its prefixes came to nothing. A route of a single peer is lost and found at any time.
    private JudgedClaim OfAny(Claim claim)
    {
        var time = claim.Time;
        bool isAt = time is { IsInstant: true, IsBound: false } && claim.Until is null;
        var from = time is null || time.IsBound ? report.From : isAt ? time.From - _slack : time.From;
        var to = time is null ? report.To : isAt ? time.To + _settled : (claim.Until ?? time).To;
        Prefix[] all = [.. held.Prefixes];
        if (all.Length > PrefixesMax) return Open(claim, "There are too many prefixes to follow each.");
        bool isKnown = true, isLess = false;
        foreach (var prefix in all)
        {
            double most = 0;
            foreach (var at in held.Over(from, to, claim.Who, prefix))
            {
                double part = claim.Who is null ? at.Visible : at.Share;
                isKnown &= at.IsClear;
                if (at.IsClear && most >= Carries && part <= ChangeWords.Stuck) return new(claim, Mark.Confirmed,
                    $"{(claim.Who is { } who ? who.Text : "It")} held {prefix}, and no route of it from {Wording.Moment(at.Time)} UTC on.", null, []);
                isLess |= part < most - ChangeWords.Stuck;
                most = Math.Max(most, part);
            }
        }
        if (!isKnown) return Open(claim, StateJudge.NotClear(held.Over(from, to, claim.Who, claim.Prefix)));
        return isLess || claim.Unit is not ClaimUnit.Prefixes ? Open(claim, "No prefix was lost as a whole; of routes of single peers that is not said.")
            : new(claim, Mark.Contradicted, "No prefix of it was lost.", null, []);
    }

    // Between some earlier and some later moment it may have been as stated.
    private static bool AnyTwo(Claim claim, HeldAt[] states)
    {
        double most = 0;
        foreach (var at in states)
        {
            double level = claim.Kind is ClaimKind.Gained ? -at.Share : CountOf(claim, at);
            most = at == states[0] ? level : Math.Max(most, level);
            double moved = claim.Kind is ClaimKind.Gained ? most - level : most <= 0 ? 0 : 1 - level / most;
            if (moved >= claim.Number!.Low - 1e-6) return true;
        }
        return false;
    }

    private static int CountOf(Claim claim, HeldAt at) => claim.Who is null ? at.Routes : at.Wanted;

    private static string RoutesOf(Claim claim, HeldAt at) => claim.Who is null ? $"{Wording.Count(at.Routes)} of {Wording.Count(at.Known)}"
        : $"{Wording.Count(at.Wanted)} of {Wording.Count(at.Wanted + at.Others)}";

    private static JudgedClaim Open(Claim claim, string why) => new(claim, Mark.NotDecidable, why, null, []);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
