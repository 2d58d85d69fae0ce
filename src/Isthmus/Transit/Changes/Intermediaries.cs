using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// Tells a new or lost upstream from an AS that only steps between the subject and the carrier that it keeps: the paths
/// before and after differ by that one hop (methods.md, "Changes").
/// </summary>
internal static class Intermediaries
{
    /// <summary>
    /// So large a part of those that changed must show the same carrier behind it: with one hop more on the way some prefer another.
    /// </summary>
    private const double PartMin = 0.6;

    /// <summary>The findings of one prefix, with what is an intermediary's said as such, once.</summary>
    public static IReadOnlyList<Finding> Tell(PrefixCourse course, IReadOnlyList<Finding> upstreams)
    {
        var told = new List<(Finding Step, bool IsComing)>();
        foreach (var finding in upstreams)
            if (Between(course, finding) is var (kind, carrier)) told.Add((finding with
            {
                Of = new(kind, 1, AsnOf(finding, kind, carrier), null, Between: BetweenOf(finding, kind, carrier)),
            }, IsComing(finding)));
        if (told.Count == 0) return upstreams;
        // One step is seen from both sides: the intermediary comes and the carrier goes, or the other way round.
        var steps = told.GroupBy(step => step.Step.Of).SelectMany(Apart)
            .Where(step => upstreams.Any(finding => IsGoing(step, finding)) && upstreams.Any(finding => IsNew(step, finding))).ToList();
        return [.. steps, .. upstreams.Where(finding => !steps.Exists(step => IsOf(step, finding)))];
    }

    // Both sides of a step lie within a quarter of an hour; the one that comes dates it, where there is one.
    private static IEnumerable<Finding> Apart(IEnumerable<(Finding Step, bool IsComing)> steps)
    {
        var sorted = steps.OrderBy(step => step.Step.Time).ToList();
        for (int from = 0, to; from < sorted.Count; from = to)
        {
            for (to = from + 1; to < sorted.Count && sorted[to].Step.Time - sorted[from].Step.Time <= UpstreamFindings.After;) to++;
            yield return sorted[from..to].OrderByDescending(step => step.IsComing).First().Step;
        }
    }

    // A carrier that still has others next to the subject, or an intermediary that others still use, is no such step.
    private static bool IsGoing(Finding step, Finding finding) => finding.Of.Kind is ChangeKind.UpstreamVanished && IsOf(step, finding)
        && finding.Of.Upstream == (step.Of.Kind is ChangeKind.IntermediaryInserted ? step.Of.Between : step.Of.Upstream);

    // An upstream that was there before, by which some now reach the carrier that went, did not step in between.
    private static bool IsNew(Finding step, Finding finding) => IsComing(finding) && IsOf(step, finding)
        && finding.Of.Upstream == (step.Of.Kind is ChangeKind.IntermediaryInserted ? step.Of.Upstream : step.Of.Between);

    private static bool IsOf(Finding step, Finding finding) =>
        (finding.Of.Upstream == step.Of.Upstream || finding.Of.Upstream == step.Of.Between)
        && (finding.Time - step.Time).Duration() <= UpstreamFindings.After;

    private static Asn? AsnOf(Finding finding, ChangeKind kind, Asn other) =>
        IsComing(finding) == kind is ChangeKind.IntermediaryInserted ? finding.Of.Upstream : other;

    private static Asn? BetweenOf(Finding finding, ChangeKind kind, Asn other) =>
        IsComing(finding) == kind is ChangeKind.IntermediaryInserted ? other : finding.Of.Upstream;

    private static bool IsComing(Finding finding) => finding.Of.Kind is not ChangeKind.UpstreamVanished;

    // What most of those that changed show, a little before the first and a little after the last of them that belong to its date: of
    // those that came or left hours apart some had to do with something else.
    private static (ChangeKind Kind, Asn Other)? Between(PrefixCourse course, Finding finding)
    {
        var votes = new SortedDictionary<(ChangeKind Kind, Asn Other), int>();
        int known = 0;
        Timestamp earliest = finding.Time - UpstreamFindings.Before, latest = finding.Time + UpstreamFindings.After;
        Timestamp first = finding.First > earliest ? finding.First : earliest, last = finding.Last < latest ? finding.Last : latest;
        foreach (var turn in finding.Turns)
        {
            int session = Array.IndexOf(course.Sessions, turn.History);
            var before = course.PathAt(session, first - Presences.Lasting);
            var after = course.PathAt(session, last + Presences.Lasting);
            if (before?.Upstream is not { } from || after?.Upstream is not { } to) continue;
            known++;
            if (from == to) continue;
            bool comes = IsComing(finding);
            if (comes ? to != finding.Of.Upstream : from != finding.Of.Upstream) continue;
            var other = comes ? from : to;
            if (after.SecondUpstream == from) Add(votes, (ChangeKind.IntermediaryInserted, other));
            else if (before.SecondUpstream == to) Add(votes, (ChangeKind.IntermediaryRemoved, other));
        }
        foreach (var (step, count) in votes)
            if (count >= PartMin * known && count >= Presences.Threshold(course.Watching)) return step;
        return null;
    }

    private static void Add(SortedDictionary<(ChangeKind, Asn), int> votes, (ChangeKind, Asn) step) =>
        votes[step] = votes.GetValueOrDefault(step) + 1;
}
