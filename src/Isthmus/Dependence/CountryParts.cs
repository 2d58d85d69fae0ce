using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>Which parts of what the vantage points abroad reach of a subject come in by which countries, backbones and gateways.</summary>
internal sealed class CountryParts
{
    /// <summary>So many countries, those by which most comes in, are paired with each other.</summary>
    private const int PairedMax = 4;

    private readonly WholeTable _table;
    private readonly DependenceScope _scope;
    private readonly IReadOnlyList<PeerPaths> _walked;
    private readonly Peer[] _peers;
    private readonly bool _isByPrefix;
    private readonly VotedParts<int> _last, _any;
    private readonly VotedParts<Asn> _lastBackbone, _anyBackbone, _networks;

    /// <param name="walked">What the vantage points outside reach of the subject.</param>
    public CountryParts(WholeTable table, DependenceScope scope, IReadOnlyList<PeerPaths> walked, bool isByPrefix)
    {
        (_table, _scope, _walked, _isByPrefix) = (table, scope, walked, isByPrefix);
        _peers = [.. walked.Select(peer => table.Peers[peer.Peer].Peer)];
        (_last, _any, _lastBackbone, _anyBackbone, _networks) = (new(_peers), new(_peers), new(_peers), new(_peers), new(_peers));
        (Gateways, Direct) = (new(_peers), new(_peers));
        var met = new List<int>();
        Each((session, way, clean, weight) =>
        {
            _last.AddTotal(session, weight);
            _any.AddTotal(session, weight);
            _lastBackbone.AddTotal(session, weight);
            _anyBackbone.AddTotal(session, weight);
            _networks.AddTotal(session, weight);
            Gateways.AddTotal(session, weight);
            if (GlobalBackbones.Contains(way.Last)) _lastBackbone.Add(session, way.Last, weight);
            else _last.Add(session, scope.Countries.Of(way.Last), weight);
            if (way.Gateway is { } gateway) Gateways.Add(session, (gateway, way.Last), weight);
            met.Clear();
            foreach (var asn in way.Carriers)
            {
                if (GlobalBackbones.Contains(asn)) _anyBackbone.Add(session, asn, weight);
                else
                {
                    int country = scope.Countries.Of(asn);
                    if (country == scope.Home) continue;
                    _networks.Add(session, asn, weight);
                    if (country >= 0 && !met.Contains(country)) met.Add(country);
                }
            }
            foreach (int country in met) _any.Add(session, country, weight);
        });
        DirectParts();
    }

    private delegate void Visit(int session, ForeignWay way, TablePath clean, double weight);

    // Each path that comes in from abroad by somebody else than the vantage point itself.
    private void Each(Visit visit)
    {
        for (int session = 0; session < _walked.Count; session++)
        {
            var peerAs = _peers[session].Asn;
            if (!_scope.IsAbroad(peerAs)) continue;
            foreach (var (path, weight, _) in _walked[session].Paths)
            {
                if (weight == 0 || !_table.IsBelieved(_walked[session].Peer, path)) continue;
                var clean = _table.Paths[path];
                var way = _scope.WayOf(clean, peerAs);
                if (way.IsTransit) visit(session, way, clean, weight * _scope.PartOf(clean, _isByPrefix));
            }
        }
    }

    // The upstream of a network stands in its own country as often as not.
    private void DirectParts()
    {
        bool isCountry = _scope.Home != AsCountries.Unknown && _scope.Subject.Kind is Attribution.SubjectKind.Country;
        for (int session = 0; session < _walked.Count; session++)
            foreach (var (path, weight, _) in _walked[session].Paths)
            {
                if (weight == 0 || !_table.IsBelieved(_walked[session].Peer, path)) continue;
                var clean = _table.Paths[path];
                var way = _scope.WayOf(clean, _peers[session].Asn);
                int own = clean.Carriers is [var first, ..] && first == _peers[session].Asn ? 1 : 0;
                if (isCountry ? !way.IsTransit : clean.Carriers.Length <= own) continue;
                double part = weight * _scope.PartOf(clean, _isByPrefix);
                Direct.AddTotal(session, part);
                Direct.Add(session, isCountry ? way.Last : clean.Carriers[^1], part);
            }
    }

    /// <summary>By gateway and foreign upstream.</summary>
    public VotedParts<(Asn Gateway, Asn Upstream)> Gateways { get; }

    /// <summary>By the network from which the subject is entered.</summary>
    public VotedParts<Asn> Direct { get; }

    /// <summary>How many peer ASes vote.</summary>
    public int Voters => _last.Voters().Length;

    /// <summary>The part whose last hop abroad is of no known country; null where nobody votes.</summary>
    public double? UnknownCountry => Voters == 0 ? null : Mean(_last.Of(AsCountries.Unknown));

    /// <summary>Mean over the voters of what they reach.</summary>
    public double MeanReach => _last.MeanTotal;

    private static double Mean(IReadOnlyCollection<double> values) => values.Average();

    /// <summary>The mean over peer ASes; 0 for none.</summary>
    public static double MeanOrZero(double[] values) => values.Length == 0 ? 0 : values.Average();

    private Func<Peer, bool> Outside(int country) => peer => _scope.Countries.Of(peer.Asn) != country;

    /// <summary>The countries on the way.</summary>
    public IReadOnlyList<CountryDependence> Countries(UnavoidableParts.Found unavoidable)
    {
        var networks = _networks.Keys.Select(asn => (Asn: asn, Share: MeanOrZero(_networks.Of(asn))))
            .ToLookup(network => _scope.Countries.Of(network.Asn));
        return [.. _last.Keys.Concat(_any.Keys).Where(country => country >= 0).Distinct()
            .Select(country => new CountryDependence(_scope.Countries.All[country], _last.EstimateOf(country, Mean),
                _any.Of(country, null, Outside(country)) is { Length: > 0 } abroad ? abroad.Average() : null,
                PartOf(unavoidable.Countries.GetValueOrDefault(country), unavoidable.Weight),
                [.. networks[country].OrderByDescending(network => Math.Round(network.Share, 9)).ThenBy(network => network.Asn)
                    .Select(network => network.Asn)]))
            .OrderByDescending(country => Math.Round(country.LastForeignHop.Value ?? 0, 9))
            .ThenByDescending(country => Math.Round(country.AnyHop ?? 0, 9)).ThenBy(country => country.Country)];
    }

    /// <summary>A part of a whole; 0 where there is nothing.</summary>
    public static double PartOf(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    /// <summary>The global backbones on the way.</summary>
    public IReadOnlyList<BackboneDependence> Backbones(RegistrySnapshot registry) =>
    [
        .. _anyBackbone.Keys.Concat(_lastBackbone.Keys).Distinct().Select(asn => new BackboneDependence(
                asn, registry.NameOf(asn), MeanOrZero(_lastBackbone.Of(asn)), MeanOrZero(_anyBackbone.Of(asn))))
            .OrderByDescending(one => Math.Round(one.AnyHop, 9)).ThenBy(one => one.Asn),
    ];

    /// <summary>The countries by which most comes in, two by two; before them those that were asked for.</summary>
    public IReadOnlyList<CountryPair> Pairs(IReadOnlyList<CountryDependence> countries, IReadOnlyList<Country> asked)
    {
        var most = countries.Where(country => country.LastForeignHop.Value > 0).Take(PairedMax).Select(country => country.Country);
        int[] numbers = [.. (asked.Count > 0 ? asked : most).Select(_scope.Countries.NumberOf)];
        var either = new VotedParts<(int, int)>(_peers);
        var onWay = new VotedParts<(int, int)>(_peers);
        var pairs = numbers.SelectMany((one, i) => numbers.Skip(i + 1).Select(two => (One: one, Two: two))).ToArray();
        Each((session, way, _, weight) =>
        {
            either.AddTotal(session, weight);
            onWay.AddTotal(session, weight);
            foreach (var (one, two) in pairs)
            {
                if (IsOf(way.Last, one, two)) either.Add(session, (one, two), weight);
                foreach (var asn in way.Carriers)
                {
                    if (!IsOf(asn, one, two)) continue;
                    onWay.Add(session, (one, two), weight);
                    break;
                }
            }
        });
        return [.. pairs.Select(pair =>
        {
            double share = MeanOrZero(either.Of(pair));
            double[] abroad = onWay.Of(pair, null, peer => Outside(pair.One)(peer) && Outside(pair.Two)(peer));
            double? way = abroad.Length > 0 ? abroad.Average() : null;
            return new CountryPair(_scope.Countries.All[pair.One], _scope.Countries.All[pair.Two], share, 1 - share, way, 1 - way);
        })];

        bool IsOf(Asn asn, int one, int two) => !GlobalBackbones.Contains(asn) && _scope.Countries.Of(asn) is var country
            && (country == one || country == two);
    }
}
