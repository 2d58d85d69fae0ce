using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Timelines;

/// <summary>A stretch of time, up to the next run, in which the key is the same.</summary>
/// <param name="Step">The step of the history that began it.</param>
internal readonly record struct KeyRun(Timestamp From, long Key, int Step);

/// <summary>
/// All that one prefix went through at every peer, asked by facet. Of a session nothing is known before its table is: what it
/// announces then may be what it held all the time. Where a dump contradicts what a peer's own updates said, nothing is known
/// of it until an update speaks again: either is wrong, and the other has no bytes to prove it.
/// </summary>
internal sealed class PrefixCourse
{
    private readonly Sightings _sightings;
    private readonly int[] _untabled;
    private readonly Dictionary<Facet, KeyRun[][]> _runs = [];
    private readonly List<KeyRun> _building = [];
    private readonly int[] _places;

    /// <param name="prefix">Index into <see cref="Sightings.Prefixes"/>.</param>
    /// <param name="histories">Indexes into <see cref="Observations.Histories"/>, in order of peer.</param>
    public PrefixCourse(Sightings sightings, int prefix, IEnumerable<int> histories)
    {
        _sightings = sightings;
        Prefix = prefix;
        int[] all = [.. histories];
        End = EndOf(sightings, all);
        var known = all.ToLookup(history => TableSinceOf(history) is not null);
        (Sessions, _places) = Spread(known[true]);
        _untabled = [.. known[false]];
        PeerAses = [.. Sessions.Index().GroupBy(entry => PeerOf(entry.Index).Asn).OrderBy(group => group.Key)
            .Select(group => (group.Key, group.Select(entry => entry.Index).ToArray()))];
    }

    /// <summary>Index into <see cref="Sightings.Prefixes"/>.</summary>
    public int Prefix { get; }

    // A session that shows several paths at once stands here once for each place among them, in order of their identifiers.
    private (int[] Sessions, int[] Places) Spread(IEnumerable<int> histories)
    {
        List<int> sessions = [], places = [];
        foreach (int history in histories)
        {
            int most = 1;
            foreach (var step in _sightings.Seen.Histories[history].Steps)
                if (_sightings.Paths.SetOf(step.Path) is { } set) most = Math.Max(most, set.Count);
            for (int place = 0; place < most; place++)
            {
                sessions.Add(history);
                places.Add(place);
            }
        }
        return ([.. sessions], [.. places]);
    }

    /// <summary>
    /// The sessions with a known table that ever held it: indexes into <see cref="Observations.Histories"/>. One with several paths
    /// at once (ADD-PATH) is there for each of them.
    /// </summary>
    public int[] Sessions { get; }

    /// <summary>True for the second and further paths of a session that shows several at once.</summary>
    public bool IsOneOfSeveral(int session) => _places[session] > 0;

    /// <summary>The peer ASes that ever held it, in order, each with its places in <see cref="Sessions"/>.</summary>
    public (Asn Asn, int[] Sessions)[] PeerAses { get; }

    public int Watching => PeerAses.Length;

    /// <summary>Peer ASes that shares count: who would hold it, were it the Internet's and not one peer's invention.</summary>
    private int Observers => _sightings.Seen.Peers.Index().Where(entry => _sightings.Counts(entry.Index, Prefix))
        .Select(entry => entry.Item.Peer.Asn).Distinct().Count();

    /// <summary>True for a session whose word counts on the prefix: by the feed that it sends.</summary>
    public bool IsCounted(int session) => _sightings.Counts(History(session).Peer, Prefix);

    private Timestamp? TableSinceOf(int history) => _sightings.Seen.Histories[history] is var of
        ? _sightings.Seen.Peers[of.Peer].TableSince(of.Prefix.Family) : null;

    /// <summary>
    /// So long after the last step of a prefix the end of the data has no say any more in what is found on it: no rule waits for longer
    /// than this for what does not come.
    /// </summary>
    public static readonly TimeSpan SettledAfter = TimeSpan.FromHours(1);

    /// <summary>
    /// Until when what is held is taken to be held, as far as that has a say: the end of the data, and not more than
    /// <see cref="SettledAfter"/> behind the last step. A dump is taken to hold until the next one, so that where there is nothing else
    /// what the last one shows has lasted.
    /// </summary>
    public Timestamp End { get; }

    /// <summary>The same of sessions.</summary>
    /// <param name="histories">Indexes into <see cref="Observations.Histories"/>.</param>
    public static Timestamp EndOf(Sightings sightings, IEnumerable<int> histories)
    {
        var seen = sightings.Seen;
        var end = seen.Peers.Any(feed => feed.SendsUpdates) ? seen.To : seen.To + Presences.AwayMin;
        Timestamp? last = null;
        foreach (int index in histories)
        {
            var history = seen.Histories[index];
            var step = history.Steps[^1].Time;
            // What stands when its table is known stands from then on.
            if (seen.Peers[history.Peer].TableSince(history.Prefix.Family) is { } table && table > step) step = table;
            if (!(step <= last)) last = step;
        }
        return last is { } settled && settled + SettledAfter < end ? settled + SettledAfter : end;
    }

    public RouteHistory History(int session) => _sightings.Seen.Histories[Sessions[session]];

    public Peer PeerOf(int session) => _sightings.Seen.Peers[History(session).Peer].Peer;

    /// <summary>Since when a session's table is known.</summary>
    public Timestamp? TableOf(int session) => TableSinceOf(Sessions[session]);

    /// <summary>When the session was lost, and why.</summary>
    public IReadOnlyList<SessionLoss> LossesOf(int session) => _sightings.Seen.Peers[History(session).Peer].Losses;

    /// <summary>The runs of each session under a facet, one by one as <see cref="Sessions"/>.</summary>
    public KeyRun[][] Runs(Facet facet)
    {
        if (_runs.TryGetValue(facet, out var known)) return known;
        return _runs[facet] = [.. Sessions.Select((_, session) => Trace(session, facet))];
    }

    /// <summary>True where enough peer ASes changed at all.</summary>
    public bool IsMoved => Watching > 0
        && PeerAses.Count(peerAs => peerAs.Sessions.Any(session => History(session).Steps.Count > 1))
            >= Presences.Threshold(Math.Max(Watching, Observers));

    /// <summary>The same at full-feed peers alone, as what a partial feed lacks proves nothing; all where these are too few.</summary>
    public PrefixCourse AtFullFeeds()
    {
        int[] all = [.. Sessions.Distinct()];
        int[] full = [.. all.Where(history => _sightings.Counts(_sightings.Seen.Histories[history].Peer, Prefix))];
        if (full.Length == all.Length) return this;
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
    /// <param name="ofCounted">True where what a partial feed sends no more, or sends anew, is none.</param>
    public IReadOnlyList<(Timestamp Time, int Session, int Step)> Changes(Facet facet, bool ofCounted = false) => [.. Runs(facet).Index()
        .SelectMany(entry => entry.Item.Skip(1).Zip(entry.Item, (run, before) => (run, before))
            .Where(pair => pair.before.Key is not Key.Unknown && pair.run.Key is not Key.Unknown
                && (!ofCounted || Key.IsHeld(pair.before.Key) && Key.IsHeld(pair.run.Key) || IsCounted(entry.Index)))
            .Select(pair => (pair.run.From, entry.Index, pair.run.Step)))
        .OrderBy(change => change.From).ThenBy(change => change.Index)];

    /// <summary>
    /// The peer ASes that were shown to use a key at a time by sessions whose table was not known then: that they had no other
    /// before is not known, but what they announced they held.
    /// </summary>
    public IEnumerable<Asn> ShownUsing(Facet facet, long key, Timestamp time) => _untabled
        .Concat(Sessions.Where(history => TableSinceOf(history) > time))
        .Select(history => _sightings.Seen.Histories[history])
        .Where(history => PathsAt(history, time).Any(
            path => Key.Of(facet, history.Prefix, path, _sightings.Seen.Peers[history.Peer], _sightings.Paths) == key))
        .Select(history => _sightings.Seen.Peers[history.Peer].Peer.Asn);

    private IEnumerable<int> PathsAt(RouteHistory history, Timestamp time) =>
        history.PathAt(time) is var path && _sightings.Paths.SetOf(path) is { } set ? set : [path];

    /// <summary>What a path said at a time; null where none was held.</summary>
    public Attribution.AttributedPath? PathAt(int session, Timestamp time) =>
        PathOf(session, History(session).PathAt(time)) is >= 0 and var path ? _sightings.Paths[path] : null;

    /// <summary>True where the step changes who originates the prefix: that is no news of carriers.</summary>
    public bool ChangesOrigin(int session, int step)
    {
        if (step == 0) return false;
        var steps = History(session).Steps;
        return PathOf(session, steps[step - 1].Path) is >= 0 and var was && PathOf(session, steps[step].Path) is >= 0 and var now
            && _sightings.Paths[was].Origin is { } before && _sightings.Paths[now].Origin is { } after && before != after;
    }

    // The path in the place of a session; below zero where it holds none, or fewer than that.
    private int PathOf(int session, int path)
    {
        int place = _places[session];
        if (path < 0 || _sightings.Paths.SetOf(path) is not { } set) return place == 0 || path < 0 ? path : RouteStep.NoRoute;
        return place < set.Count ? set[place] : RouteStep.NoRoute;
    }

    private KeyRun[] Trace(int session, Facet facet)
    {
        _building.Clear();
        var history = History(session);
        var feed = _sightings.Seen.Peers[history.Peer];
        var since = feed.TableSince(history.Prefix.Family);
        for (int i = 0; i < history.Steps.Count; i++)
        {
            var step = history.Steps[i];
            if (step.Time < since)
            {
                // What it holds when its table is known stands from then on.
                if (i + 1 < history.Steps.Count && history.Steps[i + 1].Time <= since) continue;
                step = step with { Time = since.Value };
            }
            long key = Key.Of(facet, history.Prefix, PathOf(session, step.Path), feed, _sightings.Paths);
            // Another path stands in the first place, or none does: that is said there.
            if (key == Key.None && _places[session] > 0) key = Key.Beside;
            long before = _building.Count == 0 ? Key.Unknown : _building[^1].Key;
            if (feed.SendsUpdates && step.IsOfDump && before != Key.Unknown && key != before) key = Key.Unknown;
            if (_building.Count == 0 || before != key) _building.Add(new(step.Time, key, i));
        }
        return [.. _building];
    }
}
