using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>How dependence is computed.</summary>
/// <param name="Hegemony">Over which peer ASes hegemony is taken.</param>
/// <param name="NetworksMax">So many networks are told, those of the highest hegemony; and all from which the subject is entered.</param>
public sealed record DependenceOptions(HegemonyBasis Hegemony = HegemonyBasis.Sparse, int NetworksMax = 20)
{
    /// <summary>The filters of CTI; null where it is not computed.</summary>
    public InfluenceFilters? Influence { get; init; } = new();

    /// <summary>Countries that are paired with each other in any case, at most <see cref="TogetherMax"/>.</summary>
    public IReadOnlyList<Country> Together { get; init; } = [];

    /// <summary>Countries that can be asked for together.</summary>
    public const int TogetherMax = 8;
}

/// <summary>
/// On which networks and countries subjects depend, by the whole table of a second and one address family (docs/methods.md, "Dependence").
/// Each path of each peer is looked at once, however many prefixes are reached by it.
/// </summary>
public sealed class DependenceRun
{
    private readonly WholeTable _table;
    private readonly CountryView _view;
    private readonly RegistrySnapshot _registry;
    private readonly AddressFamily _family;
    private readonly DependenceOptions _options;
    private readonly AsCountries _countries;
    private readonly int[] _peers;
    private readonly long[] _together;

    /// <param name="view">By whose word an AS and a prefix are a country's.</param>
    /// <param name="registry">The same who says so, for names.</param>
    public DependenceRun(WholeTable table, CountryView view, RegistrySnapshot registry, AddressFamily family, DependenceOptions options)
    {
        (_table, _view, _registry, _family, _options) = (table, view, registry, family, options);
        _countries = new(view);
        _peers = [.. table.VantagePoints(family)];
        var (_, rows) = table.RowsOf(family).GetOffsetAndLength(table.Prefixes.Count);
        table.WeighTogether(_peers, family, _together = new long[rows]);
    }

    /// <summary>The answer of the family of which vantage points hold a route, IPv4 first.</summary>
    public static DependenceAnswer Of(
        WholeTable table, CountryView view, RegistrySnapshot registry, Subject subject, AddressFamily family, DependenceOptions options)
    {
        if (family is not AddressFamily.None) return new DependenceRun(table, view, registry, family, options).Of(subject);
        var ipv4 = new DependenceRun(table, view, registry, AddressFamily.IPv4, options).Of(subject);
        if (ipv4.State is DependenceState.Answered) return ipv4;
        var ipv6 = new DependenceRun(table, view, registry, AddressFamily.IPv6, options).Of(subject);
        return ipv6.State is DependenceState.Answered ? ipv6 : ipv4;
    }

    /// <summary>The answer for one subject.</summary>
    public DependenceAnswer Of(Subject subject)
    {
        var scope = DependenceScope.Of(subject, _countries);
        bool isByPrefix = subject.Kind is SubjectKind.Prefix;
        Func<int, bool>? rows = !isByPrefix ? null : row => subject.IsAddress
            ? _table.Prefixes[row].Covers(subject.Prefix) : subject.Prefix.Covers(_table.Prefixes[row]);
        // By delegation or geolocation, and by a user's word on a prefix, the prefix decides where it can.
        bool judges = subject.Kind is SubjectKind.Country && _view.JudgesPrefixes;
        if (judges)
        {
            var decided = DecidedRows(subject.Country);
            var byPrefix = Walk(scope, row => decided[row - First] is true, isByPrefix: true);
            var byOrigin = Walk(scope, row => decided[row - First] is null, isByPrefix: false);
            PeerPaths[] both = [.. byPrefix.Zip(byOrigin, (one, two) => one with { Paths = [.. one.Paths, .. two.Paths] })];
            return Answer(scope, both, Unavoidable(scope, row => decided[row - First] is not false, isByPrefix: false), isByPrefix: true);
        }
        return Answer(scope, Walk(scope, rows, isByPrefix), Unavoidable(scope, rows, isByPrefix), isByPrefix);
    }

    private int First => _table.RowsOf(_family).Start.GetOffset(_table.Prefixes.Count);

    private bool?[] DecidedRows(Country country)
    {
        bool?[] decided = new bool?[_together.Length];
        for (int row = 0; row < decided.Length; row++)
            decided[row] = _view.CountryOf(_table.Prefixes[First + row]) is { } said ? said == country : null;
        return decided;
    }

    // What the vantage points outside reach of the subject.
    private PeerPaths[] Walk(DependenceScope scope, Func<int, bool>? rows, bool isByPrefix, long[]? together = null)
    {
        int[] outside = [.. _peers.Where(peer => scope.IsOutside(_table.Peers[peer].Peer.Asn))];
        return [.. _table.Walk(_family, outside, rows, together).Select(walked => walked with
        {
            Paths = [.. walked.Paths.Where(path => scope.PartOf(_table.Paths[path.Path], isByPrefix) > 0)],
        })];
    }

    private UnavoidableParts.Found Unavoidable(DependenceScope scope, Func<int, bool>? rows, bool isByPrefix)
    {
        // 1 for the subject's, 2 for others, 0 for what was not looked at.
        byte[] known = new byte[_table.Paths.Sent.Count];
        int[] own = [0], none = [];
        return new UnavoidableParts(_table, _countries, _family, _peers, _together, rows, path =>
        {
            if (known[path] == 0) known[path] = (byte)(scope.PartOf(_table.Paths[path], isByPrefix) > 0 ? 1 : 2);
            return known[path] == 1 ? own : none;
        }, _ => scope).Of(0);
    }

    /// <summary>The answers for all countries of which a vantage point holds a route by its origin, in the order of their codes.</summary>
    public IReadOnlyList<DependenceAnswer> All()
    {
        var walked = new List<(int Peer, Dictionary<int, List<PathWeight>> Paths)>();
        foreach (var (peer, paths) in _table.Walk(_family, _peers))
        {
            var ofPeer = new Dictionary<int, List<PathWeight>>();
            foreach (var path in paths)
            {
                int last = AsCountries.Unknown;
                foreach (var origin in _table.Paths[path.Path].Origins)
                {
                    // Of a set the members of one country are one after the other often enough; of others each country has it once.
                    int country = _countries.Of(origin);
                    if (country == AsCountries.Unknown || country == last) continue;
                    last = country;
                    if (!ofPeer.TryGetValue(country, out var own)) ofPeer[country] = own = [];
                    if (own.Count == 0 || own[^1].Path != path.Path) own.Add(path);
                }
            }
            walked.Add((peer, ofPeer));
        }
        int[] met = [.. walked.SelectMany(peer => peer.Paths.Keys).Distinct().OrderBy(country => _countries.All[country])];
        var scopes = met.ToDictionary(country => country, country => DependenceScope.Of(SubjectOf(_countries.All[country]), _countries));
        int[]?[] ofPath = new int[]?[_table.Paths.Sent.Count];
        var alone = met.ToDictionary(country => country, country => (int[])[country]);
        var unavoidable = new UnavoidableParts(_table, _countries, _family, _peers, _together, null,
            path => ofPath[path] ??= CountriesOf(_table.Paths[path], alone), country => scopes[country]);
        return [.. met.Select(country => Answer(scopes[country],
            [.. walked.Where(peer => scopes[country].IsOutside(_table.Peers[peer.Peer].Peer.Asn))
                .Select(peer => new PeerPaths(peer.Peer, peer.Paths.GetValueOrDefault(country) ?? []))],
            unavoidable.Of(country), isByPrefix: false, isOneOfAll: true))];
    }

    private int[] CountriesOf(TablePath path, Dictionary<int, int[]> alone)
    {
        if (path.Origins.Length == 1) return alone.GetValueOrDefault(_countries.Of(path.Origins[0])) ?? [];
        var met = new SortedSet<int>();
        foreach (var origin in path.Origins) met.Add(_countries.Of(origin));
        return [.. met.Where(country => country != AsCountries.Unknown)];
    }

    /// <summary>A country as a subject.</summary>
    public static Subject SubjectOf(Country country) =>
        new(SubjectKind.Country, country.ToString(), CountryNames.NameOf(country), country, default, default);

    private DependenceAnswer Answer(DependenceScope scope, IReadOnlyList<PeerPaths> walked, UnavoidableParts.Found unavoidable,
        bool isByPrefix, bool isOneOfAll = false)
    {
        int abroad = walked.Select(peer => _table.Peers[peer.Peer].Peer.Asn).Distinct().Count(scope.IsAbroad);
        var empty = new DependenceAnswer(scope.Subject, _table.At, _family, DependenceState.NoVantagePoints, abroad, 0,
            unavoidable.Weight, unavoidable.Prefixes, [], [], [], [], []);
        if (abroad == 0) return empty;
        if (walked.All(peer => peer.Paths.Count == 0)) return empty with { State = DependenceState.NoRoutes };
        var parts = new CountryParts(_table, scope, walked, isByPrefix);
        if (parts.Voters == 0) return empty with { State = DependenceState.NoTransit };
        var countries = parts.Countries(unavoidable);
        var networks = Networks(scope, walked, parts, unavoidable, isByPrefix, isOneOfAll, out var origins);
        return empty with
        {
            State = DependenceState.Answered,
            Voters = parts.Voters,
            Networks = networks,
            Countries = countries,
            Backbones = parts.Backbones(_registry),
            Combinations = parts.Pairs(countries, _options.Together),
            Gateways = scope.Subject.Kind is not SubjectKind.Country ? [] : [.. parts.Gateways.Keys
                .Select(key => new GatewayShare(key.Gateway, key.Upstream, CountryParts.MeanOrZero(parts.Gateways.Of(key))))
                .OrderByDescending(share => Math.Round(share.Share, 9)).ThenBy(share => share.Gateway)
                .ThenBy(share => share.ForeignUpstream)],
            UnknownCountry = parts.UnknownCountry,
            HeldPart = unavoidable.Weight == 0 ? 0 : Math.Min(1, parts.MeanReach / unavoidable.Weight),
            Origins = origins,
        };
    }

    private NetworkDependence[] Networks(DependenceScope scope, IReadOnlyList<PeerPaths> walked, CountryParts parts,
        UnavoidableParts.Found unavoidable, bool isByPrefix, bool isOneOfAll, out Asn[] origins)
    {
        int voters = _options.Hegemony is HegemonyBasis.Padded
            ? walked.Select(peer => _table.Peers[peer.Peer].Peer.Asn).Distinct().Count() : 0;
        var graphs = new OriginGraphs(_table, walked, origin => isByPrefix || scope.IsOwn(origin));
        origins = graphs.Origins;
        var means = graphs.Means(voters);
        Asn[] told = [.. means.Where(mean => mean.Value > 0).OrderByDescending(mean => Math.Round(mean.Value, 9)).ThenBy(mean => mean.Key)
            .Take(_options.NetworksMax).Select(mean => mean.Key).Union(parts.Direct.Keys)];
        var influence = _options.Influence is { } filters && !isOneOfAll
            ? InfluenceScores.Of(_table, InfluenceWalk(scope, isByPrefix), unavoidable.Weight, filters) : null;
        var intervals = new HegemonyIntervals(isOneOfAll ? [] : graphs.Tallies(HegemonyIntervals.DrawnMax), voters);
        return [.. told.Select(asn => new NetworkDependence(asn, _registry.NameOf(asn), _view.CountryOf(asn),
                intervals.Of(asn, means.GetValueOrDefault(asn)), influence?.GetValueOrDefault(asn),
                CountryParts.MeanOrZero(parts.Direct.Of(asn)),
                CountryParts.PartOf(unavoidable.Networks.GetValueOrDefault(asn), unavoidable.Weight)))
            .OrderByDescending(network => Math.Round(network.Hegemony.Value ?? 0, 9))
            .ThenByDescending(network => Math.Round(network.DirectShare, 9)).ThenBy(network => network.Asn)];
    }

    private IEnumerable<PeerPaths> InfluenceWalk(DependenceScope scope, bool isByPrefix)
    {
        Func<int, bool>? rows = scope.Subject.Kind is SubjectKind.Prefix ? row => scope.Subject.Prefix.Covers(_table.Prefixes[row]) : null;
        return Walk(scope, rows, isByPrefix && rows is not null, _together)
            .Where(peer => scope.IsAbroad(_table.Peers[peer.Peer].Peer.Asn))
            .Select(peer => peer with
            {
                Paths = [.. peer.Paths.Select(path => path with
                {
                    Weight = path.Weight * scope.PartOf(_table.Paths[path.Path], isByPrefix && rows is not null),
                })],
            });
    }
}
