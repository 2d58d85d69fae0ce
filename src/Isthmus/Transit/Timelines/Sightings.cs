using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Timelines;

/// <summary>
/// What a peer's route says of the subject at a time. At or above zero it is the number of an upstream, or of several that a peer
/// with several paths uses at once (<see cref="Sightings.UpstreamsOf"/>).
/// </summary>
internal static class Holding
{
    /// <summary>The first number of several upstreams.</summary>
    public const int SeveralFrom = 1 << 24;

    /// <summary>No route at all.</summary>
    public const int None = -1;

    /// <summary>Nothing is known: never to be counted as no route.</summary>
    public const int Unknown = -2;

    /// <summary>
    /// A route of the subject whose upstream cannot be counted: refused path, the vantage point's own link, or its own country.
    /// </summary>
    public const int Uncounted = -3;

    /// <summary>A route of another origin.</summary>
    public const int Foreign = -4;

    /// <summary>
    /// A route of the subject, by the peer's updates as by its table dump, which differ in its upstream: that there is one is known.
    /// </summary>
    public const int Contradicted = -5;

    public static bool IsSubject(int holding) => holding >= 0 || holding is Uncounted or Contradicted;

    /// <summary>False where by whom the route goes, or whether there is one, is not known.</summary>
    public static bool IsKnown(int holding) => holding is not (Unknown or Contradicted);
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
    /// <summary>
    /// The holding at the end of the period as far as it is proved: an announcement proves what is held, also by a session whose
    /// table is not known; that one has no vote, but there is a route.
    /// </summary>
    public int AtEnd { get; init; }

    /// <summary>The holding at a time. Of several at one instant the last one stands.</summary>
    public int At(Timestamp time) => At(Runs, time);

    /// <inheritdoc cref="At(Timestamp)"/>
    public static int At(HoldingRun[] runs, Timestamp time)
    {
        int low = 0, high = runs.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (runs[middle].From <= time) low = middle + 1; else high = middle;
        }
        return low == 0 ? Holding.Unknown : runs[low - 1].Holding;
    }
}

/// <summary>All that the peers held of the subject, as upstreams over time.</summary>
internal sealed class Sightings
{
    private readonly Dictionary<Asn, int> _numbers;
    private readonly List<Asn> _upstreams;
    private readonly List<int[]> _each, _several;
    private readonly List<HoldingRun> _runs = [];
    private readonly bool _hasIpv4, _hasIpv6;
    private readonly bool _hasTableIpv4, _hasTableIpv6;
    private readonly bool[] _inside;
    private readonly bool _fromTables = true;
    private readonly IReadOnlySet<int> _struck = new HashSet<int>();
    private readonly Sightings?[] _families = new Sightings?[2];
    private readonly Sightings? _beside;

    /// <param name="scope">Which prefixes are looked at; null for those that count world-wide.</param>
    /// <param name="beside">Whose counted peers count here, family by family; null where this says who counts.</param>
    /// <param name="fromTables">
    /// True where of a peer nothing counts before its table is known; false where every message does, as in a search.
    /// </param>
    public Sightings(IRouteSpans seen, AttributedPaths paths, Func<Prefix, bool>? scope = null, Sightings? beside = null,
        bool fromTables = true)
    {
        _fromTables = fromTables;
        Seen = seen;
        _beside = beside;
        scope ??= paths.IsInScope;
        Paths = paths;
        (_numbers, _upstreams, _each, _several) = ([], [], [], []);
        (Prefixes, int[] places) = PrefixesOf(seen.Histories, scope);
        _inside = [.. seen.Peers.Select(feed => paths.Subject.Kind is SubjectKind.Country
            && paths.Registry.CountryOf(feed.Peer.Asn) == paths.Subject.Country)];
        _hasIpv6 = Prefixes.Any(prefix => prefix.Family is AddressFamily.IPv6);
        _hasIpv4 = Prefixes.Length == 0 || Prefixes.Any(prefix => prefix.Family is AddressFamily.IPv4);
        _hasTableIpv4 = seen.Peers.Any(feed => feed.Ipv4Since is not null);
        _hasTableIpv6 = seen.Peers.Any(feed => feed.Ipv6Since is not null);
        All = new Sighting[places.Count(place => place >= 0)];
        for (int history = 0, sighting = 0; history < places.Length; history++)
            if (places[history] >= 0) All[sighting++] = Trace(seen.Histories[history], history, places[history]);
        Counted = Count(_struck, out var basis);
        if (Families is [var only] && CountedBeside(only) is { } counted) Counted = counted;
        Basis = basis;
    }

    // The prefixes in scope that some peer held as the subject's, and for each history the place of its prefix among them; -1 for none.
    private (Prefix[] Prefixes, int[] Places) PrefixesOf(IReadOnlyList<RouteHistory> histories, Func<Prefix, bool> scope)
    {
        var prefixes = new List<Prefix>();
        int[] places = new int[histories.Count];
        for (int from = 0, to; from < places.Length; from = to)
        {
            var prefix = histories[from].Prefix;
            bool isSubjects = false;
            for (to = from; to < places.Length && histories[to].Prefix == prefix; to++)
                isSubjects = isSubjects || IsSubjects(histories[to]);
            bool isOfIt = isSubjects && scope(prefix);
            places.AsSpan(from, to - from).Fill(isOfIt ? prefixes.Count : -1);
            if (isOfIt) prefixes.Add(prefix);
        }
        return ([.. prefixes], places);
    }

    private bool[]? CountedBeside(AddressFamily family) =>
        _beside is not null && _beside.Families.Contains(family) ? _beside.Of(family).Counted : null;

    // The prefixes are sorted by family, so that those of one are a stretch.
    private Sightings(Sightings whole, AddressFamily family)
    {
        (Seen, Paths, _numbers, _upstreams, _inside, _struck) =
            (whole.Seen, whole.Paths, whole._numbers, whole._upstreams, whole._inside, whole._struck);
        (_each, _several) = (whole._each, whole._several);
        (_hasIpv4, _hasIpv6, _beside) = (family is AddressFamily.IPv4, family is AddressFamily.IPv6, whole._beside);
        Prefixes = [.. whole.Prefixes.Where(prefix => prefix.Family == family)];
        int first = Prefixes.Length == 0 ? 0 : Array.IndexOf(whole.Prefixes, Prefixes[0]);
        All = [.. whole.All.Where(sighting => whole.Prefixes[sighting.Prefix].Family == family)
            .Select(sighting => first == 0 ? sighting : sighting with { Prefix = sighting.Prefix - first })];
        Counted = CountedBeside(family) ?? Count(_struck, out _);
        Count(_struck, out var basis);
        Basis = basis;
    }

    private Sightings(Sightings whole, ILookup<int, (Timestamp From, Timestamp? To)> doubted, IReadOnlySet<int> struck)
    {
        (Paths, Prefixes, _numbers, _upstreams) = (whole.Paths, whole.Prefixes, whole._numbers, whole._upstreams);
        (_inside, _hasIpv4, _hasIpv6, _struck) = (whole._inside, whole._hasIpv4, whole._hasIpv6, struck);
        (_each, _several) = (whole._each, whole._several);
        (_fromTables, _hasTableIpv4, _hasTableIpv6) = (whole._fromTables, whole._hasTableIpv4, whole._hasTableIpv6);
        var histories = whole.Seen.Histories.ToArray();
        foreach (var stretches in doubted)
            foreach (var (from, to) in stretches)
                histories[whole.All[stretches.Key].History] = histories[whole.All[stretches.Key].History].Without(from, to);
        Seen = doubted.Count == 0 ? whole.Seen : whole.Seen.With(histories);
        All = [.. whole.All.Index().Select(entry => doubted.Contains(entry.Index)
            ? Trace(histories[entry.Item.History], entry.Item.History, entry.Item.Prefix) : entry.Item)];
        Counted = Count(struck, out var basis);
        Basis = basis;
    }

    /// <summary>The same without what is not believed: who is struck does not count, and of a stretch in doubt nothing is known.</summary>
    /// <param name="struck">Peers that do not count at all.</param>
    /// <param name="doubted">Stretches of time by index into <see cref="All"/>.</param>
    public Sightings Without(IReadOnlySet<int> struck, ILookup<int, (Timestamp From, Timestamp? To)> doubted) =>
        struck.Count == 0 && doubted.Count == 0 ? this : new(this, doubted, struck);

    /// <summary>The same of one address family: who counts, and how many prefixes there are, is another matter for each.</summary>
    public Sightings Of(AddressFamily family) => HasOnly(family) ? this
        : _families[family is AddressFamily.IPv4 ? 0 : 1] ??= new(this, family);

    private bool HasOnly(AddressFamily family) => family is AddressFamily.IPv4 ? !_hasIpv6 : !_hasIpv4;

    /// <summary>The address families of the prefixes: IPv4 where there is none.</summary>
    public IReadOnlyList<AddressFamily> Families =>
        _hasIpv4 && _hasIpv6 ? [AddressFamily.IPv4, AddressFamily.IPv6] : [_hasIpv6 ? AddressFamily.IPv6 : AddressFamily.IPv4];

    /// <summary>True for a peer whose word counts on a prefix: by the feed that it sends of that family.</summary>
    /// <param name="prefix">Index into <see cref="Prefixes"/>.</param>
    public bool Counts(int peer, int prefix) => Of(Prefixes[prefix].Family).Counted[peer];

    public IRouteSpans Seen { get; }

    public AttributedPaths Paths { get; }

    /// <summary>The prefixes that some peer held with the subject as origin, sorted.</summary>
    public Prefix[] Prefixes { get; }

    /// <summary>Sorted by prefix, then peer.</summary>
    public Sighting[] All { get; }

    public IReadOnlyList<Asn> Upstreams => _upstreams;

    /// <summary>
    /// The upstreams of a holding, sorted: one, or all that a peer with several paths uses. None where the holding is below zero.
    /// </summary>
    public int[] UpstreamsOf(int holding) => holding < 0 ? [] : holding < Holding.SeveralFrom ? _each[holding]
        : _several[holding - Holding.SeveralFrom];

    /// <summary>True where any path of a holding is by an upstream.</summary>
    public bool IsBy(int holding, int upstream) =>
        holding == upstream || holding >= Holding.SeveralFrom && _several[holding - Holding.SeveralFrom].Contains(upstream);

    /// <summary>The path itself; of a set the first by an upstream.</summary>
    public int PathBy(int path, int upstream) => Paths.SetOf(path) is { } set
        ? set.First(one => Paths[one] is { IsTransit: true, Upstream: { } asn } && asn == _upstreams[upstream]) : path;

    /// <summary>For each peer: whether visibility counts it, and shares where it holds enough; of several families, for any.</summary>
    public bool[] Counted { get; }

    /// <summary>Which peers count.</summary>
    public CountedPeers Basis { get; }

    /// <summary>True for a peer that stands in the country that is the subject: it sees no way in (methods.md, "Who has a vote").</summary>
    public bool IsInside(int peer) => _inside[peer];

    public Asn PeerAs(int peer) => Seen.Peers[peer].Peer.Asn;

    /// <summary>The sightings of each prefix at which anything changed: of a large country most never do.</summary>
    public IEnumerable<ArraySegment<Sighting>> ChangedPrefixes()
    {
        for (int from = 0, to; from < All.Length; from = to)
        {
            bool changes = false;
            for (to = from; to < All.Length && All[to].Prefix == All[from].Prefix; to++)
                changes |= Seen.Histories[All[to].History].Steps.Count > 1;
            if (changes) yield return new(All, from, to - from);
        }
    }

    /// <summary>The sightings of one prefix, by peer.</summary>
    /// <param name="prefix">Index into <see cref="Prefixes"/>.</param>
    public ReadOnlySpan<Sighting> OfPrefix(int prefix) => All.AsSpan(PlacesOf(prefix));

    /// <summary>Their places in <see cref="All"/>.</summary>
    public Range PlacesOf(int prefix)
    {
        int from = 0, to = All.Length;
        while (from < to)
        {
            int middle = (from + to) / 2;
            if (All[middle].Prefix < prefix) from = middle + 1; else to = middle;
        }
        while (to < All.Length && All[to].Prefix == prefix) to++;
        return from..to;
    }

    /// <summary>True where some peer holds a prefix as the subject's.</summary>
    public bool IsHeld(Prefix prefix, Timestamp time)
    {
        if (Array.BinarySearch(Prefixes, prefix) is not (>= 0 and var place)) return false;
        foreach (var sighting in OfPrefix(place))
            if (Holding.IsSubject(sighting.At(time))) return true;
        return false;
    }

    private bool IsSubjects(RouteHistory history)
    {
        for (int i = 0; i < history.Steps.Count; i++)
            if (history.Steps[i].Path is >= 0 and var path && Paths.Counts(history.Prefix, path)) return true;
        return false;
    }

    private Sighting Trace(RouteHistory history, int index, int prefix)
    {
        _runs.Clear();
        var feed = Seen.Peers[history.Peer];
        var since = _fromTables ? feed.TableSince(history.Prefix.Family) : new Timestamp(long.MinValue / 2);
        for (int i = 0; i < history.Steps.Count; i++)
        {
            var step = history.Steps[i];
            if (since is null) break;
            if (step.Time < since)
            {
                // What its table has when that is known stands from then on.
                if (i + 1 < history.Steps.Count && history.Steps[i + 1].Time <= since) continue;
                step = step with { Time = since.Value };
            }
            int holding = HoldingOf(step.Path, history.Prefix, feed);
            if (holding >= 0 && _inside[history.Peer]) holding = Holding.Uncounted;
            // A dump that contradicts the peer's own updates: either is wrong. Only what both say is known until an update speaks again.
            if (feed.SendsUpdates && step.IsOfDump && _runs is [.., { Holding: var told }] && told != holding && Holding.IsKnown(told))
                holding = Holding.IsSubject(told) && Holding.IsSubject(holding) ? Holding.Contradicted : Holding.Unknown;
            if (_runs.Count == 0 || _runs[^1].Holding != holding) _runs.Add(new(step.Time, holding, i));
        }
        if (_runs.Count == 0 && history.Steps.Count > 0) _runs.Add(new(history.Steps[0].Time, Holding.Unknown, 0));
        bool isProvedAlone = _fromTables && !(since <= Seen.To) && HasTable(history.Prefix.Family);
        HoldingRun[] runs = [.. _runs];
        return new(history.Peer, index, prefix, runs)
        {
            AtEnd = isProvedAlone ? HeldAtEnd(history, feed) : Sighting.At(runs, Seen.To),
        };
    }

    private int HeldAtEnd(RouteHistory history, PeerFeed feed)
    {
        int holding = HoldingOf(history.PathAt(Seen.To), history.Prefix, feed);
        return holding >= 0 && _inside[history.Peer] ? Holding.Uncounted : holding == Holding.None ? Holding.Unknown : holding;
    }

    // Where nobody has a table, nothing counts.
    private bool HasTable(AddressFamily family) => family is AddressFamily.IPv4 ? _hasTableIpv4 : _hasTableIpv6;

    private int HoldingOf(int path, Prefix prefix, PeerFeed feed)
    {
        if (path == RouteStep.NoRoute) return Holding.None;
        if (path == RouteStep.Unknown) return Holding.Unknown;
        return Paths.SetOf(path) is { } set ? SeveralOf(set, prefix, feed) : OneOf(path, prefix, feed);
    }

    // Of several paths those by an upstream that counts speak; else that there is a route of the subject, or of another origin.
    private int SeveralOf(IReadOnlyList<int> paths, Prefix prefix, PeerFeed feed)
    {
        int[] each = [.. paths.Select(path => OneOf(path, prefix, feed)).Distinct().Order()];
        int[] upstreams = [.. each.Where(holding => holding >= 0)];
        if (upstreams.Length == 1) return upstreams[0];
        if (upstreams.Length == 0) return each.Contains(Holding.Uncounted) ? Holding.Uncounted
            : each.Contains(Holding.Foreign) ? Holding.Foreign : Holding.Unknown;
        int number = _several.FindIndex(known => known.AsSpan().SequenceEqual(upstreams));
        if (number < 0) _several.Add(upstreams);
        return Holding.SeveralFrom + (number < 0 ? _several.Count - 1 : number);
    }

    private int OneOf(int path, Prefix prefix, PeerFeed feed)
    {
        var said = Paths[path];
        // A path that starts with another AS than the peer's is an error, unless the session's all do (methods.md, "What each peer holds").
        if (!feed.Transparent && said.Clean.FirstAs != feed.Peer.Asn) return Holding.Unknown;
        if (!Paths.Counts(prefix, path)) return said.Clean.CountsForShares ? Holding.Foreign : Holding.Uncounted;
        return said is { Upstream: { } upstream, IsTransit: true } ? NumberOf(upstream) : Holding.Uncounted;
    }

    private int NumberOf(Asn upstream)
    {
        if (_numbers.TryGetValue(upstream, out int number)) return number;
        _upstreams.Add(upstream);
        _each.Add([_upstreams.Count - 1]);
        return _numbers[upstream] = _upstreams.Count - 1;
    }

    /// <summary>True for a peer with a full feed of a family that the subject has.</summary>
    public bool IsFull(PeerFeed feed) => _hasIpv4 && feed.FullIpv4 || _hasIpv6 && feed.FullIpv6;

    /// <summary>The most prefixes that a peer held at once, of the families that the subject has.</summary>
    public int PrefixesOf(PeerFeed feed) => (_hasIpv4 ? feed.Ipv4Prefixes : 0) + (_hasIpv6 ? feed.Ipv6Prefixes : 0);

    /// <summary>Fewer full-feed peer ASes than this that see the subject are too few to count alone.</summary>
    private const int FullFeedPeerAsesMin = 3;

    private bool[] Count(IReadOnlySet<int> struck, out CountedPeers basis)
    {
        bool[] full = [.. Seen.Peers.Select(IsFull)];
        foreach (int peer in struck) full[peer] = false;
        bool[] sees = new bool[Seen.Peers.Count];
        foreach (var sighting in All)
            sees[sighting.Peer] |= !struck.Contains(sighting.Peer) && Array.Exists(sighting.Runs, run => Holding.IsSubject(run.Holding));
        int ases = PeerAsesOf(peer => sees[peer] && full[peer]);
        basis = new(ases >= FullFeedPeerAsesMin, ases, PeerAsesOf(peer => sees[peer]), struck.Count);
        return basis.IsFullFeedsAlone ? full : sees;

        int PeerAsesOf(Func<int, bool> isOf) => Enumerable.Range(0, sees.Length).Where(isOf).Select(PeerAs).Distinct().Count();
    }
}
