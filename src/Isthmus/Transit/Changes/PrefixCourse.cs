using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>A stretch of time, up to the next run, in which the key is the same.</summary>
/// <param name="Step">The step of the history that began it.</param>
internal readonly record struct KeyRun(Timestamp From, long Key, int Step);

/// <summary>
/// All that one prefix went through at every peer, asked by facet. Where a dump contradicts what a peer's own updates
/// said, nothing is known of it until an update speaks again: either is wrong, and the other has no bytes to prove it.
/// </summary>
internal sealed class PrefixCourse
{
    private readonly Sightings _sightings;
    private readonly Dictionary<Facet, KeyRun[][]> _runs = [];
    private readonly List<KeyRun> _building = [];

    /// <param name="prefix">Index into <see cref="Sightings.Prefixes"/>.</param>
    /// <param name="histories">Indexes into <see cref="Observations.Histories"/>, in order of peer.</param>
    public PrefixCourse(Sightings sightings, int prefix, IEnumerable<int> histories)
    {
        _sightings = sightings;
        Prefix = prefix;
        Sessions = [.. histories];
        PeerAses = [.. Sessions.Index().GroupBy(entry => PeerOf(entry.Index).Asn).OrderBy(group => group.Key)
            .Select(group => (group.Key, group.Select(entry => entry.Index).ToArray()))];
    }

    /// <summary>Index into <see cref="Sightings.Prefixes"/>.</summary>
    public int Prefix { get; }

    /// <summary>The sessions that ever held it: indexes into <see cref="Observations.Histories"/>.</summary>
    public int[] Sessions { get; }

    /// <summary>The peer ASes that ever held it, in order, each with its places in <see cref="Sessions"/>.</summary>
    public (Asn Asn, int[] Sessions)[] PeerAses { get; }

    public int Watching => PeerAses.Length;

    /// <summary>Peer ASes that shares count: who would hold it, were it the Internet's and not one peer's invention.</summary>
    private int Observers => _sightings.Seen.Peers.Index().Where(entry => _sightings.Counts(entry.Index, Prefix))
        .Select(entry => entry.Item.Peer.Asn).Distinct().Count();

    public Timestamp End => _sightings.Seen.To;

    public RouteHistory History(int session) => _sightings.Seen.Histories[Sessions[session]];

    public Peer PeerOf(int session) => _sightings.Seen.Peers[History(session).Peer].Peer;

    /// <summary>The runs of each session under a facet, one by one as <see cref="Sessions"/>.</summary>
    public KeyRun[][] Runs(Facet facet)
    {
        if (_runs.TryGetValue(facet, out var known)) return known;
        return _runs[facet] = [.. Sessions.Select((_, session) => Trace(History(session), facet))];
    }

    /// <summary>True where enough peer ASes changed at all.</summary>
    public bool IsMoved => Watching > 0
        && PeerAses.Count(peerAs => peerAs.Sessions.Any(session => History(session).Steps.Count > 1))
            >= Presences.Threshold(Math.Max(Watching, Observers));

    /// <summary>The same at full-feed peers alone, as what a partial feed lacks proves nothing; all where these are too few.</summary>
    public PrefixCourse AtFullFeeds()
    {
        int[] full = [.. Sessions.Where(history => _sightings.Counts(_sightings.Seen.Histories[history].Peer, Prefix))];
        if (full.Length == Sessions.Length) return this;
        var course = new PrefixCourse(_sightings, Prefix, full);
        return course.Watching >= Presences.PeerAsesMin ? course : this;
    }

    /// <summary>The keys that enough peer ASes came to or left, in order.</summary>
    public IEnumerable<long> Moving(Facet facet)
    {
        var movers = new SortedDictionary<long, HashSet<Asn>>();
        foreach (var (session, runs) in Runs(facet).Index())
            for (int i = 0; i < runs.Length && runs.Length > 1; i++)
                if (runs[i].Key >= 0)
                    (movers.TryGetValue(runs[i].Key, out var ases) ? ases : movers[runs[i].Key] = []).Add(PeerOf(session).Asn);
        return movers.Where(entry => entry.Value.Count >= Presences.Threshold(Watching)).Select(entry => entry.Key);
    }

    /// <summary>Each change of a session from something known to something else that is known, in order of time.</summary>
    public IReadOnlyList<(Timestamp Time, int Session, int Step)> Changes(Facet facet) => [.. Runs(facet).Index()
        .SelectMany(entry => entry.Item.Skip(1).Zip(entry.Item, (run, before) => (run, before))
            .Where(pair => pair.before.Key is not Key.Unknown && pair.run.Key is not Key.Unknown)
            .Select(pair => (pair.run.From, entry.Index, pair.run.Step)))
        .OrderBy(change => change.From).ThenBy(change => change.Index)];

    /// <summary>What a path said at a time; null where none was held.</summary>
    public Attribution.AttributedPath? PathAt(int session, Timestamp time) =>
        History(session).PathAt(time) is >= 0 and var path ? _sightings.Paths[path] : null;

    /// <summary>True where the step changes who originates the prefix: that is no news of carriers.</summary>
    public bool ChangesOrigin(int session, int step)
    {
        if (step == 0) return false;
        var steps = History(session).Steps;
        return steps[step - 1].Path >= 0 && steps[step].Path >= 0
            && _sightings.Paths[steps[step - 1].Path].Origin is { } before && _sightings.Paths[steps[step].Path].Origin is { } after
            && before != after;
    }

    private KeyRun[] Trace(RouteHistory history, Facet facet)
    {
        _building.Clear();
        var feed = _sightings.Seen.Peers[history.Peer];
        for (int i = 0; i < history.Steps.Count; i++)
        {
            var step = history.Steps[i];
            long key = Key.Of(facet, history.Prefix, step.Path, feed, _sightings.Paths);
            long before = _building.Count == 0 ? Key.Unknown : _building[^1].Key;
            bool byDump = step.Cause is Cause.RibEntry or Cause.RibAbsence && feed.SendsUpdates;
            if (byDump && before != Key.Unknown && key != before) key = Key.Unknown;
            if (_building.Count == 0 || before != key) _building.Add(new(step.Time, key, i));
        }
        return [.. _building];
    }
}
