using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus;

/// <summary>What was kept, as a question asks of it: up to the end of its period.</summary>
internal sealed class Recalled(Question question, IKeptRoutes kept, AttributedPaths judge, IReadOnlyList<FileRecord> files,
    IReadOnlyList<PlannedFile> plan) : RecalledFiles((question.From, question.To), question.Where, kept, files, plan)
{
    /// <summary>What each peer held of the subject's prefixes.</summary>
    public IRouteSpans Spans(Timestamp from, Timestamp to)
    {
        bool ended = Read.End <= from && from < to;
        if (ended)
        {
            foreach (var peer in Peers.Keys.ToArray()) Peers[peer] = Peers[peer].LostAt(Read.End!.Value, Cause.Silence);
            foreach (var collector in kept.Collectors) Lose(collector.Collector, Read.End!.Value, Cause.Silence);
        }
        Peer[] order = [.. Peers.Keys];
        var feeds = Feeds(to);
        var (own, inside, leftOut) = Choose();
        var places = order.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var histories = kept.HistoriesOf(own.Union(inside).ToHashSet()).Where(history => places.ContainsKey(history.Peer))
            .Select(history => new RouteHistory(places[history.Peer], history.Prefix, StepsOf(history)))
            .Where(history => history.Steps.Any(step => step.Path >= 0))
            .OrderBy(history => history.Prefix).ThenBy(history => history.Peer).ToLookup(history => own.Contains(history.Prefix));
        return new Observations(from, to, feeds, kept.Paths, ended ? [] : [.. histories[true]], Read.Files)
        {
            Inside = [.. histories[false]],
            LeftInsideOut = leftOut,
        };
    }

    // As ReplayRun finds them while it plays: a prefix is the subject's by its place, or as soon as one path shows it.
    private (IReadOnlySet<Prefix> Own, IReadOnlySet<Prefix> Inside, bool LeftOut) Choose()
    {
        var standings = kept.PathsWith(judge.Said).ToLookup(id => kept.Paths.Each(id).Max(one => judge.StandingOf(kept.Paths[one])));
        var shown = kept.PrefixesOf([.. standings[Standing.Own]], Peers.Keys, Until);
        var disputed = kept.PrefixesOf([.. standings[Standing.Disputed]], Peers.Keys, Until);
        // Of the disputed there may be too many: then those count that were met first.
        var among = Among([.. shown, .. disputed]);
        HashSet<Prefix> own = [.. among.Where(prefix => shown.Contains(prefix)
            || disputed.Contains(prefix) && judge.FollowsDisputed(prefix) || judge.Follows(prefix))];
        var blocks = new CoveringPrefixes();
        foreach (var prefix in own)
            if (judge.IsBlock(prefix)) blocks.Add(prefix);
        Prefix[] inside = [.. among.Where(prefix => !own.Contains(prefix) && blocks.Above(prefix) is not null).Order()];
        return (own, inside.Take(RoutingState.InsideMax).ToHashSet(), inside.Length > RoutingState.InsideMax);
    }

    // Those that may be the subject's, or inside one that is. Of a country any may be.
    private IReadOnlyList<Prefix> Among(HashSet<Prefix> held) => judge.Subject switch
    {
        { Kind: SubjectKind.Country } => kept.Prefixes,
        { Kind: SubjectKind.Prefix, Prefix: var asked } => kept.PrefixesAmong(
            Enumerable.Range(0, asked.Length + 1).Select(length => new Prefix(asked.Address, length)).ToHashSet(), [asked]),
        _ => kept.PrefixesAmong(held, [.. held.Where(judge.IsBlock)]),
    };

    private IReadOnlyList<RouteStep> StepsOf(KeptHistory history)
    {
        var steps = Before(history.Steps, Until);
        foreach (var (at, cause) in Losses.GetValueOrDefault(history.Peer.Collector) ?? [])
        {
            steps = Before(steps, at + Instant);
            if (steps is [.., { Path: not RouteStep.Unknown }]) steps = [.. steps, new(at, RouteStep.Unknown, cause, default)];
        }
        return steps;
    }

    private static IReadOnlyList<RouteStep> Before(IReadOnlyList<RouteStep> steps, Timestamp time) =>
        steps.Count == 0 || steps[^1].Time < time ? steps : [.. steps.TakeWhile(step => step.Time < time)];
}
