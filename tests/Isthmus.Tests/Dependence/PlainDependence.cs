using Isthmus.Attribution;
using Isthmus.Dependence;
using Isthmus.Routes;
using Isthmus.Tests.Support;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Dependence;

/// <summary>
/// Dependence by its definitions and nothing else: every route for itself, every prefix beside every other, no path numbered and nothing
/// summed before its time.
/// </summary>
internal sealed class PlainDependence
{
    private readonly List<(Asn PeerAs, int Session, Prefix Prefix, double Weight, Asn[] Carriers, Asn[] Origins)> _routes = [];
    private readonly Func<Asn, string> _country;
    private readonly string _home;

    /// <param name="held">By session the AS number, and what it holds: a prefix and the texts of its paths.</param>
    public PlainDependence(
        IEnumerable<(Asn PeerAs, IEnumerable<(Prefix Prefix, string[] Paths)> Held)> held, string home, Func<Asn, string> country)
    {
        (_country, _home) = (country, home);
        var cleaning = new PathCleaning();
        foreach (var (session, (peerAs, routes)) in held.Index())
        {
            var own = routes.Where(route => route.Paths is not ["?"]).ToDictionary(route => route.Prefix, route => route.Paths);
            foreach (var (prefix, paths) in own)
            {
                double weight = prefix.Family is AddressFamily.IPv6 ? 1 : Math.Pow(2, 32 - prefix.Length) - Below(prefix, own)
                    .Sum(inner => Math.Pow(2, 32 - inner.Length));
                foreach (string text in paths)
                {
                    var clean = cleaning.Clean(new PathWords(ParsedPath.Of(text)));
                    if (clean.Verdict is not PathVerdict.Accepted || clean.FirstAs != peerAs) continue;
                    Asn[] carriers = clean.Origins.Count > 1 ? [.. clean.Hops] : [.. clean.Hops.SkipLast(1)];
                    _routes.Add((peerAs, session, prefix, weight / paths.Length, carriers, [.. clean.Origins]));
                }
            }
        }
    }

    // The next prefixes inside one: those that lie in no other between.
    private static IEnumerable<Prefix> Below(Prefix prefix, Dictionary<Prefix, string[]> own) => own.Keys.Where(inner => inner != prefix
        && prefix.Covers(inner)
        && !own.Keys.Any(between => between != prefix && between != inner && prefix.Covers(between) && between.Covers(inner)));

    private bool IsOwn(Asn asn) => _country(asn) == _home;

    private (Asn PeerAs, int Session, double Weight, Asn[] Foreign)[]? _ways;

    private (Asn PeerAs, int Session, double Weight, Asn[] Foreign)[] Ways() => _ways ??= [..
        from route in _routes
        let part = (double)route.Origins.Count(IsOwn) / route.Origins.Length
        where part > 0 && !IsOwn(route.PeerAs)
        let foreign = route.Carriers.Reverse().SkipWhile(IsOwn).Reverse().Skip(1).ToArray()
        where foreign.Length > 0
        select (route.PeerAs, route.Session, route.Weight * part, foreign)];

    /// <summary>Mean over peer ASes of the mean over their sessions of the part of the weight that fits; null where nobody votes.</summary>
    private static double? Mean(IEnumerable<(Asn PeerAs, int Session, double Weight, bool Fits)> routes)
    {
        double[] peerAses = [.. routes.GroupBy(route => route.PeerAs).Select(peerAs => peerAs.GroupBy(route => route.Session)
            .Where(session => session.Sum(route => route.Weight) > 0)
            .Select(session => session.Where(route => route.Fits).Sum(route => route.Weight) / session.Sum(route => route.Weight))
            .ToArray()).Where(sessions => sessions.Length > 0).Select(sessions => sessions.Average())];
        return peerAses.Length == 0 ? null : peerAses.Average();
    }

    /// <summary>The part whose last hop abroad is in a country.</summary>
    public double? LastForeignHop(string country) => Mean(Ways().Select(way => (way.PeerAs, way.Session, way.Weight,
        !GlobalBackbones.Contains(way.Foreign[^1]) && _country(way.Foreign[^1]) == country)));

    /// <summary>The part with any hop in a country, over the vantage points outside it.</summary>
    public double? AnyHop(string country) => Mean(Ways().Where(way => _country(way.PeerAs) != country).Select(way => (way.PeerAs,
        way.Session, way.Weight, way.Foreign.Any(asn => !GlobalBackbones.Contains(asn) && _country(asn) == country))));

    /// <summary>The part with a backbone of the world on the way.</summary>
    public double? Backbone(Asn backbone) =>
        Mean(Ways().Select(way => (way.PeerAs, way.Session, way.Weight, way.Foreign.Contains(backbone))));

    /// <summary>Hegemony over the origins of the country: the mean over them of the mean without the tenths at the ends.</summary>
    public double Hegemony(Asn asn)
    {
        Asn[] origins = [.. _routes.Where(route => !IsOwn(route.PeerAs) && route.Weight > 0)
            .SelectMany(route => route.Origins).Where(IsOwn).Distinct()];
        return origins.Average(origin =>
        {
            double[] values = [.. _routes.Where(route => !IsOwn(route.PeerAs) && route.Weight > 0 && route.Origins.Contains(origin))
                .GroupBy(route => route.PeerAs).Select(peerAs => peerAs.GroupBy(route => route.Session).Average(session =>
                    session.Where(route => route.Carriers.Contains(asn)).Sum(route => route.Weight / route.Origins.Length)
                        / session.Sum(route => route.Weight / route.Origins.Length))).Order()];
            int cut = values.Length / 10;
            return values[cut..^cut].Average();
        });
    }

    /// <summary>The countries of ASes as the program has them, backbones among them.</summary>
    public static Func<Asn, string> By(CountryView view)
    {
        var known = new Dictionary<Asn, string>();
        return asn => known.TryGetValue(asn, out string? country) ? country : known[asn] = view.CountryOf(asn).ToString();
    }
}
