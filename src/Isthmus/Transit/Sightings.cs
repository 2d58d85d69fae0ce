using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit;

/// <summary>What a peer's route says of the subject at a time. At or above zero it is the number of an upstream.</summary>
internal static class Holding
{
    /// <summary>No route at all.</summary>
    public const int None = -1;

    /// <summary>Nothing is known: never to be counted as no route.</summary>
    public const int Unknown = -2;

    /// <summary>A route of the subject whose upstream cannot be counted: refused path, or the vantage point's own link.</summary>
    public const int Uncounted = -3;

    /// <summary>A route of another origin.</summary>
    public const int Foreign = -4;

    public static bool IsSubject(int holding) => holding >= 0 || holding == Uncounted;
}

/// <summary>A stretch of time, up to the next run, in which the holding is the same.</summary>
/// <param name="Step">The step of the history that began it.</param>
internal readonly record struct HoldingRun(Timestamp From, int Holding, int Step);

/// <summary>One prefix at one peer as runs of holdings: equal ones in a row are one.</summary>
/// <param name="Peer">Index into <see cref="Observations.Peers"/>.</param>
/// <param name="History">Index into <see cref="Observations.Histories"/>.</param>
/// <param name="Prefix">Index into <see cref="Sightings.Prefixes"/>.</param>
internal sealed record Sighting(int Peer, int History, int Prefix, HoldingRun[] Runs)
{
    /// <summary>The holding at a time. Of several at one instant the last one stands.</summary>
    public int At(Timestamp time)
    {
        int low = 0, high = Runs.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Runs[middle].From <= time) low = middle + 1; else high = middle;
        }
        return low == 0 ? Holding.Unknown : Runs[low - 1].Holding;
    }
}

/// <summary>All that the peers held of the subject, as upstreams over time.</summary>
internal sealed class Sightings
{
    private readonly Dictionary<Asn, int> _numbers = [];
    private readonly List<Asn> _upstreams = [];
    private readonly List<HoldingRun> _runs = [];

    public Sightings(Observations seen, AttributedPaths paths)
    {
        Seen = seen;
        Paths = paths;
        Prefixes = [.. seen.Histories.Where(IsSubjects).Select(history => history.Prefix).Distinct()];
        var places = Prefixes.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        All = [.. seen.Histories.Index()
            .Where(entry => places.ContainsKey(entry.Item.Prefix))
            .Select(entry => Trace(entry.Item, entry.Index, places[entry.Item.Prefix]))];
        Counted = Count(out string basis);
        Basis = basis;
    }

    public Observations Seen { get; }

    public AttributedPaths Paths { get; }

    /// <summary>The prefixes that some peer held with the subject as origin, sorted.</summary>
    public Prefix[] Prefixes { get; }

    /// <summary>Sorted by prefix, then peer.</summary>
    public Sighting[] All { get; }

    public IReadOnlyList<Asn> Upstreams => _upstreams;

    /// <summary>For each peer: whether shares and visibility count it.</summary>
    public bool[] Counted { get; }

    /// <summary>Which peers count, in a sentence.</summary>
    public string Basis { get; }

    public Asn PeerAs(int peer) => Seen.Peers[peer].Peer.Asn;

    private bool IsSubjects(RouteHistory history) => history.Steps.Any(step => step.Path >= 0 && Paths.Counts(history.Prefix, step.Path));

    private Sighting Trace(RouteHistory history, int index, int prefix)
    {
        _runs.Clear();
        var feed = Seen.Peers[history.Peer];
        for (int i = 0; i < history.Steps.Count; i++)
        {
            var step = history.Steps[i];
            int holding = HoldingOf(step.Path, history.Prefix, feed);
            if (_runs.Count == 0 || _runs[^1].Holding != holding) _runs.Add(new(step.Time, holding, i));
        }
        return new(history.Peer, index, prefix, [.. _runs]);
    }

    private int HoldingOf(int path, Prefix prefix, PeerFeed feed)
    {
        if (path == RouteStep.NoRoute) return Holding.None;
        if (path == RouteStep.Unknown) return Holding.Unknown;
        var said = Paths[path];
        // A path that starts with another AS than the peer's is an error, unless the session's all do (rule 7).
        if (!feed.Transparent && said.Clean.FirstAs != feed.Peer.Asn) return Holding.Unknown;
        if (!Paths.Counts(prefix, path)) return Holding.Foreign;
        return said is { Upstream: { } upstream, IsTransit: true } ? NumberOf(upstream) : Holding.Uncounted;
    }

    private int NumberOf(Asn upstream)
    {
        if (_numbers.TryGetValue(upstream, out int number)) return number;
        _upstreams.Add(upstream);
        return _numbers[upstream] = _upstreams.Count - 1;
    }

    /// <summary>Fewer full-feed peer ASes than this that see the subject are too few to count alone.</summary>
    private const int FullFeedPeerAsesMin = 3;

    private bool[] Count(out string basis)
    {
        bool wide = Prefixes.Length > 0 && Prefixes.All(prefix => prefix.Family is AddressFamily.IPv6);
        bool[] full = [.. Seen.Peers.Select(
            feed => wide ? feed.FullIpv6 : feed.FullIpv4 || feed.FullIpv6 && Prefixes.Any(p => p.Family is AddressFamily.IPv6))];
        bool[] sees = new bool[Seen.Peers.Count];
        foreach (var sighting in All) sees[sighting.Peer] |= Array.Exists(sighting.Runs, run => Holding.IsSubject(run.Holding));
        int ases = sees.Index().Where(entry => entry.Item && full[entry.Index]).Select(entry => PeerAs(entry.Index)).Distinct().Count();
        if (ases >= FullFeedPeerAsesMin)
        {
            basis = FormattableString.Invariant($"Shares count the {ases} full-feed peer ASes that hold a route of the subject.");
            return full;
        }
        int seeing = sees.Index().Where(entry => entry.Item).Select(entry => PeerAs(entry.Index)).Distinct().Count();
        basis = FormattableString.Invariant(
            $"Shares count all {seeing} peer ASes that hold a route of the subject, as only {ases} of them {(ases == 1 ? "sends" : "send")} a full feed.");
        return sees;
    }
}
