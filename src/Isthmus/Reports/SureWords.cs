using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>How sure a report is, and where what is known ends: sentences of its lead.</summary>
internal static class SureWords
{
    /// <summary>From when on nothing is known; null where the end of the period is.</summary>
    public static Sentence? UnknownEnd(Report report)
    {
        var series = report.Transit.Series;
        int last = series.Count - 1;
        while (last >= 0 && series[last].Visibility is null) last--;
        if (last < 0) return null;
        if (last < series.Count - 1) return Of(series[last].Time + report.Bin,
            report.GoesOn ? "nothing in the input tells the rest of the period" : "the input ends there");
        return report.Coverage.Later is { } next && report.Coverage.Gaps.Any(gap => gap.To > report.To)
            ? Of(report.To, $"the input goes on with {ChangeWords.At(next)}, after the period asked for") : null;

        static Sentence Of(Timestamp time, string why) => new($"Nothing is known after {ChangeWords.At(time)}: {why}.") { RestsOnAll = true };
    }

    /// <summary>Who saw it, how many changes are sure, and what is missing.</summary>
    /// <param name="of">The family of the headline with a blank behind it, where the subject has both.</param>
    public static Sentence Sentence(Report report, string of)
    {
        // Who watches the headline's family, and no other.
        int counted = report.Transit.FullFeedPeerAses;
        string full = of.Length > 0 ? $"full-feed {of}" : "full-feed ";
        string at = $"at {Wording.Count(report.Coverage.Collectors.Count, "collector", "collectors")}";
        string seen = counted > 0
            ? $"This is how {Wording.Count(counted, $"{full}peer AS", $"{full}peer ASes")} {at} {(counted == 1 ? "sees" : "see")} it{Holding(report, counted)}"
            : $"No full-feed peer AS counts here; {Wording.Count(report.Coverage.PeerAses, "peer AS", "peer ASes")} {at} {(report.Coverage.PeerAses == 1 ? "was" : "were")} heard";
        var own = report.Transit.Changes.Where(change => change.Kind is not ChangeKind.FeedProblem).ToArray();
        int high = own.Count(change => change.Confidence is Confidence.High);
        string sure = own.Length == 0 ? ""
            : high == own.Length ? $"; {(own.Length == 1 ? "the one change is" : $"all {own.Length} changes are")} of high confidence"
            : own.Length == 1 ? $"; the one change is of {KindWords.Token(own[0].Confidence)} confidence"
            : $"; {high} of {own.Length} changes {(high == 1 ? "is" : "are")} of high confidence";
        string missing = report.Coverage.Complete ? "" : " Data are missing or damaged: see the coverage.";
        string later = report.GoesOn ? " The input goes on behind the period: what comes then is not told." : "";
        return new($"{seen}{sure}. Routes are not traffic.{missing}{later}") { RestsOnAll = true };
    }

    // Of those that watch some may hold no route of it, or have no vote.
    private static string Holding(Report report, int counted) =>
        report.Transit.Basis is { IsFullFeedsAlone: true, FullFeedPeerAses: var holding } && holding < counted
            ? $" ({(holding == 1 ? "one of them has" : $"{Wording.Count(holding)} of them have")} a vote)" : "";
}
