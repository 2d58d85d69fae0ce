using Isthmus.Attribution;
using Isthmus.Cuts;
using Isthmus.Dependence;
using Isthmus.Registry;
using Isthmus.Relationships;
using Isthmus.Wire;

namespace Isthmus.Resilience;

/// <summary>A part of what is reached.</summary>
/// <param name="Share">Over vantage points and addresses, 0 to 1.</param>
public readonly record struct GatewayShare(Asn Asn, double Share);

/// <summary>How easily a subject could be cut off, at a second.</summary>
/// <param name="Gateways">Its networks from which routes leave it, largest first.</param>
/// <param name="ForeignUpstreams">The networks outside next to these.</param>
/// <param name="ForeignCountries">Countries of those.</param>
/// <param name="Organisations">Organisations, or networks where none is known, that have a gateway; null for another subject than a
/// country.</param>
/// <param name="Reliability">Null where its networks are not in the graph of relationships, and for a prefix.</param>
/// <param name="SingleHomed">Its networks with one provider, and all of them in the graph.</param>
/// <param name="MinimumCuts">Null where they were not looked for: there are too many upstreams.</param>
public sealed record ResilienceAnswer(
    Subject Subject, int PeerAses, IReadOnlyList<GatewayShare> Gateways, IReadOnlyList<GatewayShare> ForeignUpstreams,
    IReadOnlyList<(Country Country, double Share)> ForeignCountries, int? Organisations, int PointsOfControl, Reliability? Reliability,
    (int Count, int Of) SingleHomed, IReadOnlyList<IsolatingCut>? MinimumCuts)
{
    /// <summary>The class of a country; null for another subject, and where nothing is seen.</summary>
    public FrontierClass? Class => Organisations is { } count ? ResilienceMeasures.ClassOf(count) : null;

    /// <summary>Networks in the smallest cut; null where it was not looked for or none is found.</summary>
    public int? SmallestCut => MinimumCuts?.Where(cut => !cut.OfLinks).Select(cut => (int?)cut.Ases.Count).FirstOrDefault();
}

/// <summary>Asks how easily subjects could be cut off.</summary>
public sealed class ResilienceRun
{
    /// <summary>Of countries with more foreign upstreams the smallest cut is not looked for where all countries are asked.</summary>
    private const int CutUpstreamsMax = 10;

    private readonly RegistrySnapshot _registry;
    private readonly CountryView _view;
    private readonly RelationshipGraph _graph;
    private readonly Dictionary<Asn, Country> _countries = [];
    private readonly IReadOnlyDictionary<Country, Reliability> _reliability;
    private readonly Dictionary<Country, (int Count, int Of)> _singleHomed = [];

    /// <param name="graph">Who sells to whom.</param>
    public ResilienceRun(RegistrySnapshot registry, CountryView view, RelationshipGraph graph)
    {
        (_registry, _view, _graph) = (registry, view, graph);
        _reliability = new NationalReliability(graph).Of(CountryOf);
        for (int at = 0; at < graph.Count; at++)
        {
            var country = CountryOf(graph[at]);
            var (count, of) = _singleHomed.GetValueOrDefault(country);
            _singleHomed[country] = (count + (IsSingleHomed(at) ? 1 : 0), of + 1);
        }
    }

    /// <summary>The answer on one subject.</summary>
    public ResilienceAnswer Of(SubjectRoutes routes) => Of(routes.Subject, Frontier.Of(routes), withCuts: true);

    /// <summary>The answers on all countries of which a route is seen from outside: those that least would cut off first.</summary>
    public IReadOnlyList<ResilienceAnswer> All(WholeTable table, AddressFamily family, CancellationToken stop) =>
    [
        .. Frontier.OfAll(table, family, CountryOf, stop)
            .Select(of => Of(new(SubjectKind.Country, of.Key.ToString(), CountryNames.NameOf(of.Key), of.Key, default, default), of.Value,
                withCuts: of.Value.Weights.Keys.Select(way => way.Upstream).Distinct().Count() <= CutUpstreamsMax))
            .OrderBy(answer => answer.SmallestCut ?? int.MaxValue).ThenBy(answer => answer.ForeignUpstreams.Count)
            .ThenByDescending(answer => answer.ForeignUpstreams[0].Share).ThenBy(answer => answer.Subject.Text, StringComparer.Ordinal),
    ];

    private ResilienceAnswer Of(Subject subject, Frontier frontier, bool withCuts)
    {
        var gateways = Shares(frontier.Weights.GroupBy(way => way.Key.Gateway, way => way.Value));
        var upstreams = Shares(frontier.Weights.GroupBy(way => way.Key.Upstream, way => way.Value));
        var countries = upstreams.GroupBy(upstream => CountryOf(upstream.Asn)).Select(of => (of.Key, of.Sum(one => one.Share)))
            .OrderByDescending(of => Math.Round(of.Item2, 9)).ThenBy(of => of.Key).ToList();
        bool isCountry = subject.Kind is SubjectKind.Country;
        int? organisations = !isCountry ? null
            : gateways.Select(gateway => _registry.OrganisationOf(gateway.Asn)?.Id ?? gateway.Asn.ToString()).Distinct().Count();
        var singleHomed = isCountry ? _singleHomed.GetValueOrDefault(subject.Country)
            : (frontier.Origins.Count(asn => _graph.IndexOf(asn) is >= 0 and var at && IsSingleHomed(at)),
                frontier.Origins.Count(asn => _graph.IndexOf(asn) >= 0));
        return new(subject, frontier.PeerAses, gateways, upstreams, countries, organisations,
            ResilienceMeasures.PointsOfControl(gateways.Select(gateway => gateway.Share)),
            isCountry ? _reliability.GetValueOrDefault(subject.Country) : null, singleHomed, withCuts ? frontier.Isolating() : null);
    }

    /// <summary>The country of an AS.</summary>
    public Country CountryOf(Asn asn) => _countries.TryGetValue(asn, out var country) ? country : _countries[asn] = _view.CountryOf(asn);

    private bool IsSingleHomed(int at) => _graph.Of(at, Neighbour.Provider).Length == 1;

    private static IReadOnlyList<GatewayShare> Shares(IEnumerable<IGrouping<Asn, double>> weights)
    {
        var sums = weights.Select(of => (Asn: of.Key, Sum: of.Sum())).ToList();
        double all = sums.Sum(one => one.Sum);
        return [.. sums.Select(one => new GatewayShare(one.Asn, all > 0 ? one.Sum / all : 0))
            .OrderByDescending(one => Math.Round(one.Share, 9)).ThenBy(one => one.Asn)];
    }
}
