using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Tests.Support;
using Isthmus.Transit;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>A small story of what peers held, told step by step, and what the analysis makes of it.</summary>
internal sealed class Observed
{
    public static readonly Timestamp Start = Timestamp.Parse("2017-10-01T00:00:00Z");

    private readonly SortedDictionary<(string Prefix, int Peer), List<RouteStep>> _steps = new();
    private readonly Dictionary<Peer, List<SessionSpan>> _down = [];
    private readonly Dictionary<Peer, Timestamp?> _since = [];
    private readonly PathTable _paths = new();
    private readonly List<Peer> _peers = [];
    private readonly HashSet<Peer> _partial = [], _sixth = [];
    private readonly Source _source = new("updates.gz", new("rrc00", Project.Ris));
    private readonly TimeSpan _length;
    private Timestamp[] _dumps = [];

    /// <param name="peers">AS numbers from 1001 on, spread over four collectors of both projects.</param>
    public Observed(int peers, TimeSpan length)
    {
        _length = length;
        _source.End(new string('a', 64));
        for (uint i = 0; i < peers; i++) AddPeer(1001 + i, (int)(i % 4));
    }

    public int Count => _peers.Count;

    public static Timestamp At(string time) => Timestamp.Parse(time.Contains('T', StringComparison.Ordinal) ? time : $"2017-10-01T{time}Z");

    public int AddPeer(uint asn, int collector)
    {
        Collector[] collectors =
            [new("rrc00", Project.Ris), new("route-views2", Project.RouteViews), new("rrc01", Project.Ris),
            new("route-views.sg", Project.RouteViews)];
        _peers.Add(new(collectors[collector], IpAddress.V4(0xC6120000 + (uint)_peers.Count + 1), new(asn)));
        return _peers.Count - 1;
    }

    /// <summary>A peer holds a prefix by an upstream from a time on; null for no route, -1 for not known, as bytes were lost.</summary>
    public Observed Hold(int peer, string prefix, long? upstream, Timestamp time, string via = "") =>
        upstream is null ? Step(peer, prefix, RouteStep.NoRoute, time, Cause.Withdrawal)
            : upstream is -1 ? Step(peer, prefix, RouteStep.Unknown, time, Cause.FileDamage)
            : Follow(peer, prefix, $"{(via.Length > 0 ? via : "174")} {upstream} 131279", time);

    /// <summary>A peer holds a prefix by a path, its own number aside, from a time on.</summary>
    public Observed Follow(int peer, string prefix, string path, Timestamp time, Cause cause = Cause.Announcement) =>
        Step(peer, prefix, _paths.Intern(ParsedPath.Of($"{_peers[peer].Asn.Number} {path}")), time, cause);

    /// <summary>A dump lacks the prefix at a peer.</summary>
    public Observed Lack(int peer, string prefix, Timestamp time) => Step(peer, prefix, RouteStep.NoRoute, time, Cause.RibAbsence);

    private Observed Step(int peer, string prefix, int path, Timestamp time, Cause cause)
    {
        var steps = _steps.TryGetValue((prefix, peer), out var known) ? known : _steps[(prefix, peer)] = [];
        steps.Add(new(time, path, cause, new(_source, steps.Count + 1, 0, 1)));
        return this;
    }

    /// <summary>A peer holds a prefix by a whole path from a time on.</summary>
    public Observed HoldPath(int peer, string prefix, string path, Timestamp time)
    {
        var steps = _steps.TryGetValue((prefix, peer), out var known) ? known : _steps[(prefix, peer)] = [];
        steps.Add(new(time, _paths.Intern(ParsedPath.Of(path)), Cause.Announcement, new(_source, steps.Count + 1, 0, 1)));
        return this;
    }

    /// <summary>Every peer holds the prefixes by an upstream from the start.</summary>
    public Observed FromTheStart(long upstream, params string[] prefixes)
    {
        foreach (string prefix in prefixes)
            for (int peer = 0; peer < _peers.Count; peer++) Hold(peer, prefix, upstream, Start);
        return this;
    }

    public Observed Down(int peer, Timestamp from, Timestamp to)
    {
        (_down.TryGetValue(_peers[peer], out var spans) ? spans : _down[_peers[peer]] = []).Add(new(from, to));
        return this;
    }

    /// <summary>Since when the table of a peer is known; null for never.</summary>
    public Observed TableSince(int peer, Timestamp? since)
    {
        _since[_peers[peer]] = since;
        return this;
    }

    /// <summary>There are dumps of all peers at these times, and no updates.</summary>
    public Observed DumpsAlone(params Timestamp[] times)
    {
        _dumps = times;
        return this;
    }

    /// <summary>A peer sends a part of the table only.</summary>
    public Observed Partial(int peer)
    {
        _partial.Add(_peers[peer]);
        return this;
    }

    /// <summary>Peers that send IPv6 alone; without a word a peer sends IPv4 alone.</summary>
    public Observed OnlyIpv6(params int[] peers)
    {
        foreach (int peer in peers) _sixth.Add(_peers[peer]);
        return this;
    }

    public TransitAnswer Answer(string subject = "AS131279", Weighting weighting = Weighting.PeerAs)
    {
        var of = Subjects.Resolve(subject, RegistrySnapshot.Shipped, out _)!;
        return TransitAnalysis.Answer(Seen(), new(_paths, of, RegistrySnapshot.Shipped, new()), TimeSpan.FromMinutes(5), weighting);
    }

    private Coverage Coverage => new(
        [.. _peers.Select(peer => peer.Collector).Distinct().Order()], Count, Count, Count, [], 0, 0, [], [], []);

    /// <summary>The same as what a question about the network sees.</summary>
    public SeenRoutes SeenRoutes() => new(
        new(Subjects.Resolve("AS131279", RegistrySnapshot.Shipped, out _)!, null, null, null), Seen(), Coverage, RegistrySnapshot.Shipped);

    /// <summary>The same as a report of the network.</summary>
    public Report Report()
    {
        var seen = Seen();
        var subject = Subjects.Resolve("AS131279", RegistrySnapshot.Shipped, out _)!;
        var coverage = Coverage;
        return new(subject, seen.From, seen.To, TimeSpan.FromMinutes(5), coverage, Answer(), seen, RegistrySnapshot.Shipped, null, "1.2.3");
    }

    private Observations Seen()
    {
        var end = Start + _length;
        int[] order = [.. Enumerable.Range(0, _peers.Count).OrderBy(peer => _peers[peer])];
        int[] rank = new int[order.Length];
        for (int i = 0; i < order.Length; i++) rank[order[i]] = i;
        var feeds = order.Select(peer => FeedOf(_peers[peer], end)).ToArray();
        var histories = _steps.Select(
            entry => new RouteHistory(rank[entry.Key.Peer], Prefix.Parse(entry.Key.Prefix), [.. entry.Value.OrderBy(step => step.Time)]))
            .OrderBy(history => history.Prefix).ThenBy(history => history.Peer).ToArray();
        var file = new ReadFile(_source, Start, end, 1, 1, 0);
        return new(Start, end, feeds, _paths, histories, [file]);
    }

    private PeerFeed FeedOf(Peer peer, Timestamp end)
    {
        bool full = !_partial.Contains(peer);
        bool isSixth = _sixth.Contains(peer);
        int prefixes = full ? 700_000 : 70_000;
        var since = _since.TryGetValue(peer, out var known) ? known : Start;
        full &= since is not null;
        return new(peer, isSixth ? 0 : prefixes, isSixth ? prefixes : 0, full && !isSixth, full && isSixth, false, UpOf(peer, end))
        {
            SendsUpdates = _dumps.Length == 0,
            Dumps = _dumps,
            Ipv4Since = since,
            Ipv6Since = since,
            Losses = [.. _down.GetValueOrDefault(peer, []).Select(down => new SessionLoss(down.From, down.To, Cause.PeerState))],
        };
    }

    private SessionSpan[] UpOf(Peer peer, Timestamp end)
    {
        var spans = new List<SessionSpan>();
        var from = Start;
        foreach (var down in _down.GetValueOrDefault(peer, []))
        {
            spans.Add(new(from, down.From));
            from = down.To;
        }
        return [.. spans, new(from, end)];
    }
}
