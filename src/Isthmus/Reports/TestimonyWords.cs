using Isthmus.Text;
using Isthmus.Transit.Changes;

namespace Isthmus.Reports;

/// <summary>Why a change is as sure as it is, and what is the matter with a feed, in words.</summary>
public static class TestimonyWords
{
    /// <summary>Why the confidence is what it is: sentences; none for a change of which no testimony is kept.</summary>
    public static IReadOnlyList<string> Reasons(TransitChange change)
    {
        if (change.Feed is { } feed) return
        [
            $"{Wording.Count(feed.Sessions)} of {Wording.Count(feed.SessionsBefore)} sessions of {feed.Collector.Name}: {Of(feed)}. "
                + "That is trouble of the feed, not of the subject.",
        ];
        if (change.HeardBy.Count == 0) return [];
        var reasons = new List<string>
        {
            $"{Wording.Count(change.PeerAses)} of {Wording.Count(change.PeerAsesWatching)} peer {(change.PeerAsesWatching == 1 ? "AS" : "ASes")} "
                + "that could see it changed.",
            change.Countries.Count switch
            {
                0 => "The registry does not say in which countries they are.",
                1 => $"All of which a country is known are of one country by the registry, {change.Countries[0]}.",
                _ => $"They are of {Wording.Count(change.Countries.Count)} countries by the registry: {string.Join(", ", change.Countries)}.",
            },
            change.HeardBy.Count == 1 ? $"Only one collector, {change.HeardBy[0].Name}, heard them."
                : $"{Wording.Count(change.HeardBy.Count)} collectors heard them.",
            change.Projects.Count switch
            {
                0 => "Which project runs the collectors is not known.",
                1 => "One project alone: no second one confirms it.",
                _ => $"{Wording.Count(change.Projects.Count)} projects confirm each other.",
            },
        };
        if (change.PeerAses < TransitChange.PeerAsesMedium) reasons.Add("So few peer ASes may tell of themselves rather than of the subject.");
        reasons.AddRange(change.Trouble.Select(trouble => $"{trouble.Collector.Name} had trouble near it: {Of(trouble)}."));
        reasons.AddRange(change.LeftOut.Select(left => left.Collector is { } collector
            ? $"{collector.Name} is left out: its clock is {Off(left.Offset)}."
            : $"{left.PeerAs} is left out: it changes its mind again and again, alone."));
        return reasons;
    }

    /// <summary>What is the matter with a feed: <c>sessions down</c>, <c>clock 300 s late</c>.</summary>
    public static string Of(FeedTrouble trouble) => trouble.Kind switch
    {
        FeedTroubleKind.SessionsDown => "sessions down",
        FeedTroubleKind.SessionsSilent => "sessions silent",
        FeedTroubleKind.FilesMissing => "files missing or damaged",
        FeedTroubleKind.DumpContradicts => "its table dump contradicts its updates",
        _ => $"clock {Off(trouble.Offset)}",
    };

    /// <summary>How far a clock is off: <c>300 s late</c>.</summary>
    public static string Off(TimeSpan offset) =>
        FormattableString.Invariant($"{Math.Abs(offset.TotalSeconds):0} s {(offset > TimeSpan.Zero ? "late" : "early")}");
}
