using Isthmus.Text;
using Isthmus.Transit.Court;

namespace Isthmus.Reports;

/// <summary>What the court finds on the vantage points, in words.</summary>
public static class CourtWords
{
    /// <summary>Who votes, who does not and why, and whether the clocks are right: sentences.</summary>
    public static IReadOnlyList<string> Sentences(IReadOnlyList<VantagePoint> points)
    {
        if (points.Count == 0) return [];
        var sentences = new List<string>
        {
            points.Count(point => point.Weight > 0) switch
            {
                0 => $"None of {Wording.Count(points.Count, "peer", "peers")} votes on the shares.",
                var votes => $"{Wording.Count(votes)} of {Wording.Count(points.Count, "peer", "peers")} {(votes == 1 ? "votes" : "vote")} on the shares.",
            },
        };
        foreach (var reason in points.Where(point => point.Weight == 0).GroupBy(Why)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
            sentences.Add($"{Wording.Count(reason.Count(), "peer", "peers")}: {reason.Key}");
        sentences.Add(Clocks(points));
        return sentences;
    }

    /// <summary>Why one weighs as much as it does, in a sentence.</summary>
    public static string Why(VantagePoint point) => point.Why switch
    {
        VoteReason.Votes => Votes(point),
        VoteReason.WrongClock => $"No vote: the clock of {point.Peer.Collector.Name} is {TestimonyWords.Off(point.Clock.Offset ?? default)}, "
            + $"by {Wording.Count(point.Clock.Changes, "change", "changes")} that many saw.",
        VoteReason.Stuck => $"No vote: {Wording.Count(point.AtEnd.Stuck)} of the {Wording.Count(point.AtEnd.Held)} routes that it holds are stuck.",
        VoteReason.NoRoutes => "No vote: it sends no routes of the subject's address family.",
        VoteReason.NoTable => "No vote: neither a dump nor a table transfer shows what it holds.",
        VoteReason.NeverHeld => "No vote: it never held a route of the subject.",
        VoteReason.InsideCountry => "No vote: it stands inside the country, and sees no way in.",
        VoteReason.PartialFeed => "No vote: it sends a partial feed, and enough full feeds see the subject.",
        VoteReason.NotKnownToHold => "No vote: it is not known to have held a route of the subject.",
        VoteReason.TooLittleKnown => "No vote at the end: of too few of the subject's prefixes it is known whether it holds them.",
        VoteReason.TooFewHeld => "No vote: it holds less than half of the subject's prefixes that the widest feeds hold.",
        VoteReason.RoutesStuck => "No vote: the routes that it holds are stuck.",
        VoteReason.NoUpstream => "No vote: no upstream can be counted, as it is the subject's neighbour or its paths are refused.",
        VoteReason.NotKnownAtEnd => "No vote at the end: what it holds then is not known.",
        _ => "No vote at the end: it holds no route of the subject then; visibility counts that.",
    };

    private static string Votes(VantagePoint point)
    {
        string why = point.Feed is FeedSize.Full ? "It votes with a full feed"
            : "It votes with a partial feed, as too few full feeds see the subject";
        if (point.SessionsSharing > 1) why += $"; the {Wording.Count(point.SessionsSharing)} sessions of {point.Peer.Asn} share one vote";
        if (point.PeerAsesSharing > 1) why += $"; the {Wording.Count(point.PeerAsesSharing)} peer ASes in "
            + $"{(point.Country.IsNone ? "no known country" : point.Country.ToString())} share one vote";
        return why + ".";
    }

    /// <summary>True for one of which there is more to say than how it votes.</summary>
    public static bool IsRemarkable(VantagePoint point) => point.Resets > 0 || point.Gaps > 0 || point.StuckRoutes.Count > 0
        || point.RestlessRoutes.Count > 0 || point.Clock.IsWrong
        || point.Lag.Offset?.Duration() > SlowFrom || point.Agreement < AgreementMin;

    /// <summary>Below this part of time a peer is one of its own mind.</summary>
    private const double AgreementMin = 0.9;

    /// <summary>As late is slow.</summary>
    private static readonly TimeSpan SlowFrom = TimeSpan.FromSeconds(30);

    /// <summary>The findings on one, without its vote: <c>2 resets; unknown for 6 min 34 s; agrees 53% of the time</c>.</summary>
    public static string Findings(VantagePoint point)
    {
        var findings = new List<string>();
        if (point.StuckRoutes.Count > 0)
            findings.Add($"{Wording.Count(point.StuckRoutes.Count, "stuck route", "stuck routes")} "
                + $"({Wording.Prefixes([.. point.StuckRoutes.Select(stuck => stuck.Prefix).Distinct()], 3)})");
        if (point.RestlessRoutes.Count > 0)
            findings.Add("changes its mind again and again "
                + $"({Wording.Prefixes([.. point.RestlessRoutes.Select(restless => restless.Prefix).Distinct()], 3)})");
        if (point.Resets > 0) findings.Add(Wording.Count(point.Resets, "reset", "resets"));
        if (point.Gaps > 0) findings.Add($"not known for {Wording.Length(point.Unknown)} in {Wording.Count(point.Gaps, "gap", "gaps")}");
        if (point.Lag.Offset is { } lag && lag.Duration() > SlowFrom)
            findings.Add($"{Wording.Length(lag)} {(lag < TimeSpan.Zero ? "early" : "late")} by {Wording.Count(point.Lag.Changes, "change", "changes")}");
        if (point.Agreement is { } agreement) findings.Add($"holds what most others hold for {Wording.Percent(agreement)} of the time");
        return string.Join("; ", findings);
    }

    private static string Clocks(IReadOnlyList<VantagePoint> points)
    {
        var clocks = points.GroupBy(point => point.Peer.Collector).Select(group => group.First().Clock).ToArray();
        var judged = clocks.Where(clock => clock.Offset is not null).ToArray();
        if (judged.Length == 0) return "Clocks: too few changes that many saw, or too few collectors, to judge.";
        int wrong = judged.Count(clock => clock.IsWrong);
        string of = $"of {Wording.Count(judged.Length, "collector", "collectors")} that could be judged";
        return wrong > 0 ? $"Clocks: {Wording.InWords(wrong)} {of} {(wrong == 1 ? "is" : "are")} wrong by over 30 s."
            : $"Clocks: none {of} is off by more than {Wording.Length(judged.Max(clock => clock.Offset!.Value.Duration()))}.";
    }
}
