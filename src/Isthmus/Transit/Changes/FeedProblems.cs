using System.Globalization;

using Isthmus.Routes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// Finds trouble of the feeds, which looks like trouble of the network and is none: a collector that loses most of its
/// sessions at once, one whose dump contradicts its own updates, and one whose clock is wrong.
/// </summary>
internal sealed class FeedProblems
{
    /// <summary>Sessions that are lost within this are lost together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(60);

    /// <summary>One session that fails is the peer's own matter.</summary>
    private const int SessionsMin = 2;

    private readonly IRouteSpans _seen;
    private readonly Dictionary<int, RouteHistory> _shown = [];

    private FeedProblems(Sightings sightings)
    {
        _seen = sightings.Seen;
        foreach (var history in _seen.Histories)
            if (history.Steps.Count > 1) _shown.TryAdd(history.Peer, history);
    }

    /// <param name="wrongClocks">Collectors whose clock is off, and how far.</param>
    public static IReadOnlyList<TransitChange> Find(Sightings sightings, IReadOnlyDictionary<Collector, TimeSpan> wrongClocks)
    {
        var problems = new FeedProblems(sightings);
        return [.. problems.Losses().Concat(problems.Contradictions()).Concat(problems.Skews(wrongClocks))
            .OrderBy(problem => problem.Time).ThenBy(problem => problem.Id, StringComparer.Ordinal)];
    }

    private IEnumerable<(Collector Collector, int[] Peers)> Collectors() => Enumerable.Range(0, _seen.Peers.Count)
        .Where(peer => _seen.Peers[peer].Ipv4Prefixes + _seen.Peers[peer].Ipv6Prefixes > 0)
        .GroupBy(peer => _seen.Peers[peer].Peer.Collector).OrderBy(group => group.Key)
        .Select(group => (group.Key, group.ToArray()));

    private IEnumerable<TransitChange> Losses()
    {
        foreach (var (collector, peers) in Collectors())
        {
            var losses = peers.SelectMany(peer => _seen.Peers[peer].Losses.Select(loss => (Peer: peer, Loss: loss)))
                .Where(entry => entry.Loss.From >= _seen.From && entry.Loss.From < _seen.To)
                .OrderBy(entry => entry.Loss.From).ThenBy(entry => entry.Peer).ToArray();
            for (int from = 0, to; from < losses.Length; from = to)
            {
                var first = losses[from].Loss.From;
                for (to = from + 1; to < losses.Length && losses[to].Loss.From - first <= Together;) to++;
                int[] lost = [.. losses[from..to].Select(entry => entry.Peer).Distinct()];
                int before = peers.Count(peer => lost.Contains(peer) || !IsLost(_seen.Peers[peer], first));
                if (2 * lost.Length <= before || lost.Length < SessionsMin) continue;
                Timestamp?[] back = [.. losses[from..to].Select(entry => entry.Loss.Back)
                    .OrderBy(time => time is null).ThenBy(time => time)];
                yield return Tell(collector, lost, before, KindOf(losses[from..to].Select(entry => entry.Loss.Cause)),
                    first, losses[to - 1].Loss.From, back[(back.Length - 1) / 2]);
            }
        }
    }

    private static bool IsLost(PeerFeed feed, Timestamp time) =>
        feed.Losses.Any(loss => loss.From < time && (loss.Back is null || loss.Back > time));

    private static FeedTroubleKind KindOf(IEnumerable<Cause> causes)
    {
        var most = causes.GroupBy(cause => cause).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
        return most switch
        {
            Cause.FileDamage => FeedTroubleKind.FilesMissing,
            Cause.Silence => FeedTroubleKind.SessionsSilent,
            _ => FeedTroubleKind.SessionsDown,
        };
    }

    private IEnumerable<TransitChange> Contradictions() => DumpContradictions.Of(_seen).Where(dump => dump.First >= _seen.From)
        .Select(dump => Tell(dump.Collector, [.. dump.Peers], dump.Holding, FeedTroubleKind.DumpContradicts, dump.First, dump.Last, null));

    private IEnumerable<TransitChange> Skews(IReadOnlyDictionary<Collector, TimeSpan> wrongClocks)
    {
        foreach (var (collector, peers) in Collectors())
            if (wrongClocks.TryGetValue(collector, out var offset)) yield return Tell(
                collector, peers, peers.Length, FeedTroubleKind.WrongClock, _seen.From, _seen.From, null, offset);
    }

    private TransitChange Tell(Collector collector, int[] peers, int before, FeedTroubleKind kind, Timestamp first, Timestamp last,
        Timestamp? until, TimeSpan offset = default)
    {
        string stamp = first.ToDateTimeOffset().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        int ases = peers.Select(peer => _seen.Peers[peer].Peer.Asn).Distinct().Count();
        int watching = _seen.Peers.Where(feed => feed.Peer.Collector == collector).Select(feed => feed.Peer.Asn).Distinct().Count();
        return new($"feed-problem-{stamp}-{collector.Name}-{Word(kind)}", ChangeKind.FeedProblem, first, first, null, first, last, until,
            null, null, [], 0, ases, watching, 1, Confidence.High, null, null, null, [.. Witnesses(peers, first, last)])
        {
            Feed = new(collector, peers.Length, before, kind) { Offset = offset },
            Projects = collector.Project is Project.Unknown ? [] : [collector.Project],
        };
    }

    // As ids have it.
    private static string Word(FeedTroubleKind kind) => kind switch
    {
        FeedTroubleKind.SessionsDown or FeedTroubleKind.SessionsSilent => "sessions",
        FeedTroubleKind.FilesMissing => "files",
        FeedTroubleKind.DumpContradicts => "its",
        _ => "clock",
    };

    private IEnumerable<Witness> Witnesses(int[] peers, Timestamp first, Timestamp last)
    {
        foreach (int peer in peers)
            if (_shown.TryGetValue(peer, out var history))
                foreach (var step in history.Steps.Where(step => step.Time >= first && step.Time <= last).Take(1))
                    yield return new(peer, history.Prefix, step);
    }
}
