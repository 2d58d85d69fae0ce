using Isthmus.Attribution;
using Isthmus.Filters;
using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus;

/// <summary>
/// What was kept, as a question asks of it: up to the end of its period, and with what follows for a collector from when the files of the
/// others end, which its own do not tell.
/// </summary>
internal sealed class Recalled
{
    private static readonly TimeSpan _instant = TimeSpan.FromMicroseconds(1);

    private readonly IKeptRoutes _kept;
    private readonly AttributedPaths _judge;
    private readonly Timestamp _until;
    private readonly Dictionary<Collector, List<(Timestamp At, Cause Cause)>> _losses = [];
    private readonly SortedDictionary<Peer, PeerRecord> _peers = [];

    /// <param name="files">Those of the vantage points that are asked.</param>
    /// <param name="plan">The same in the order of reading.</param>
    public Recalled(
        Question question, IKeptRoutes kept, AttributedPaths judge, IReadOnlyList<FileRecord> files, IReadOnlyList<PlannedFile> plan)
    {
        (_kept, _judge) = (kept, judge);
        PlannedFile[] planned = [.. plan.Where(file => !(file.Start > question.To))];
        Read = FilesOf(question.To, files, planned);
        // The end of a period is not of it; of one instant it is all there is. Where none is asked, what is kept goes on to where table
        // transfers end, and a loss is told of the instant after the last event.
        _until = question.To is not { } end ? (Read.Last ?? default) + 2 * _instant : question.From >= end ? end + _instant : end;
        Lose(planned, question.To);
        foreach (var collector in kept.Collectors)
        {
            if (!Array.Exists(planned, file => file.Collector == collector.Collector)) continue;
            var where = question.Where?.For(collector.Collector);
            foreach (var peer in collector.Peers)
                if (where is null || Takes(where, peer.Peer)) Add(collector, peer);
        }
    }

    /// <summary>What was read up to the end of the period.</summary>
    public FilesRead Read { get; }

    /// <summary>What each peer held of the subject's prefixes.</summary>
    public IRouteSpans Spans(Timestamp from, Timestamp to)
    {
        bool ended = Read.End <= from && from < to;
        if (ended)
        {
            foreach (var peer in _peers.Keys.ToArray()) _peers[peer] = _peers[peer].LostAt(Read.End!.Value, Cause.Silence);
            foreach (var collector in _kept.Collectors) Lose(collector.Collector, Read.End!.Value, Cause.Silence);
        }
        Peer[] order = [.. _peers.Keys];
        var full = FullFeed.Judge(_peers.Values);
        var feeds = _peers.Values.Select(peer => peer.ToFeed(to, full)).ToArray();
        var (own, inside, leftOut) = Choose();
        var places = order.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var histories = _kept.HistoriesOf(own.Union(inside).ToHashSet()).Where(history => places.ContainsKey(history.Peer))
            .Select(history => new RouteHistory(places[history.Peer], history.Prefix, StepsOf(history)))
            .Where(history => history.Steps.Any(step => step.Path >= 0))
            .OrderBy(history => history.Prefix).ThenBy(history => history.Peer).ToLookup(history => own.Contains(history.Prefix));
        return new Observations(from, to, feeds, _kept.Paths, ended ? [] : [.. histories[true]], Read.Files)
        {
            Inside = [.. histories[false]],
            LeftInsideOut = leftOut,
        };
    }

    // As ReplayRun finds them while it plays: a prefix is the subject's by its place, or as soon as one path shows it.
    private (IReadOnlySet<Prefix> Own, IReadOnlySet<Prefix> Inside, bool LeftOut) Choose()
    {
        var standings = _kept.Paths.Ids.ToLookup(id => _kept.Paths.Each(id).Max(one => _judge.StandingOf(_kept.Paths[one])));
        var shown = _kept.PrefixesOf([.. standings[Standing.Own]], _peers.Keys, _until);
        var disputed = _kept.PrefixesOf([.. standings[Standing.Disputed]], _peers.Keys, _until);
        // Of the disputed there may be too many: then those count that were met first.
        HashSet<Prefix> own = [.. _kept.Prefixes.Where(prefix => shown.Contains(prefix)
            || disputed.Contains(prefix) && _judge.FollowsDisputed(prefix) || _judge.Follows(prefix))];
        var blocks = new CoveringPrefixes();
        foreach (var prefix in own)
            if (_judge.IsBlock(prefix)) blocks.Add(prefix);
        Prefix[] inside = [.. _kept.Prefixes.Where(prefix => !own.Contains(prefix) && blocks.Above(prefix) is not null).Order()];
        return (own, inside.Take(RoutingState.InsideMax).ToHashSet(), inside.Length > RoutingState.InsideMax);
    }

    private IReadOnlyList<RouteStep> StepsOf(KeptHistory history)
    {
        var steps = Before(history.Steps, _until);
        foreach (var (at, cause) in _losses.GetValueOrDefault(history.Peer.Collector) ?? [])
        {
            steps = Before(steps, at + _instant);
            if (steps is [.., { Path: not RouteStep.Unknown }]) steps = [.. steps, new(at, RouteStep.Unknown, cause, default)];
        }
        return steps;
    }

    private static IReadOnlyList<RouteStep> Before(IReadOnlyList<RouteStep> steps, Timestamp time) =>
        steps.Count == 0 || steps[^1].Time < time ? steps : [.. steps.TakeWhile(step => step.Time < time)];

    private void Add(CollectorRecord collector, PeerRecord peer)
    {
        if (peer.Met >= _until) return;
        var known = peer.Before(_until);
        foreach (var (at, cause) in _losses.GetValueOrDefault(collector.Collector) ?? [])
            known = known.Before(at + _instant).LostAt(at, cause);
        _peers.Add(peer.Peer, known);
    }

    // A collector whose files end before those of the others has stopped, and so has one that is silent for long.
    private void Lose(PlannedFile[] planned, Timestamp? until)
    {
        var filesEnd = ArchivePlan.End(planned);
        foreach (var gap in ArchivePlan.Gaps(planned, (until < filesEnd ? until : filesEnd) ?? default))
        {
            // Between two of its files the loss is kept with its routes.
            if (Array.Exists(planned, file => file.Collector == gap.Collector && !file.IsRib && file.Start >= gap.To)) continue;
            if (_kept.Collectors.First(collector => collector.Collector == gap.Collector).LostAfter == gap.From) continue;
            if (Read.Last >= gap.From) Lose(gap.Collector, gap.From, Cause.FileDamage);
        }
        foreach (var stop in Read.Stops) Lose(stop.Collector, stop.From + _instant, Cause.FileDamage);
    }

    private void Lose(Collector collector, Timestamp at, Cause cause)
    {
        if (!_losses.TryGetValue(collector, out var times)) _losses[collector] = times = [];
        times.Add((at, cause));
    }

    private FilesRead FilesOf(Timestamp? until, IReadOnlyList<FileRecord> files, PlannedFile[] planned)
    {
        var places = planned.Index().ToDictionary(entry => entry.Item.Index, entry => entry.Index);
        FileRecord[] read = [.. files.Where(file => places.ContainsKey(file.Plan.Index)).Select(file => UpTo(until, file))
            .OrderBy(file => file.Read.Last ?? file.Plan.Start).ThenBy(file => places[file.Plan.Index])];
        var collectors = _kept.Collectors.Where(collector => Array.Exists(planned, file => file.Collector == collector.Collector));
        var all = FilesRead.Of(read, planned, until,
            collectors.Select(collector => KeyValuePair.Create(collector.Collector, UpTo(until, collector.Rhythm))));
        var names = all.Files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        return all with
        {
            Later = files.Any(file => places.ContainsKey(file.Plan.Index) && file.Read.Last > until) ? until : null,
            Late = [.. _kept.Late.Where(late => names.Contains(late.Key))],
        };
    }

    private static FileRecord UpTo(Timestamp? until, FileRecord file)
    {
        if (!(file.Read.Last > until)) return file;
        bool opens = !(file.Opens > until);
        return file with
        {
            Opens = opens ? file.Opens : null,
            CutAt = null,
            Read = file.Read with { First = opens ? file.Read.First : null, Last = opens ? until : null },
        };
    }

    // It goes on behind the time that was asked for.
    private static UpdateRhythm UpTo(Timestamp? until, UpdateRhythm rhythm) =>
        rhythm.Known is var known && known.Last > until ? new((known.First, until, known.Longest, known.Dump)) : rhythm;

    private static bool Takes(FileFilter where, Peer peer) => where.Decide(new()
    {
        Kinds = RouteEventKinds.RibEntry,
        HasPeer = true,
        Peer = new(peer.Address, peer.Asn),
    }) is not Verdict.No;
}
