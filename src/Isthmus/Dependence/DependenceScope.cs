using Isthmus.Attribution;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>What is the subject's: its ASes, and the country that is its home.</summary>
/// <param name="Home">The number of its country; <see cref="AsCountries.Unknown"/> for a prefix and where no source says.</param>
internal sealed record DependenceScope(Subject Subject, int Home, AsCountries Countries)
{
    public static DependenceScope Of(Subject subject, AsCountries countries) => new(subject, subject.Kind switch
    {
        SubjectKind.Country => countries.NumberOf(subject.Country),
        SubjectKind.As => countries.Of(subject.Asn),
        _ => AsCountries.Unknown,
    }, countries);

    /// <summary>True for an AS that is the subject's own. Of a prefix none is.</summary>
    public bool IsOwn(Asn asn) => Subject.Kind switch
    {
        SubjectKind.Country => Countries.Of(asn) == Home,
        SubjectKind.As => asn == Subject.Asn,
        _ => false,
    };

    /// <summary>Which part of what is reached by a path is the subject's: of an AS_SET each member has the same.</summary>
    public double PartOf(TablePath path, bool isByPrefix)
    {
        if (isByPrefix) return 1;
        int own = 0;
        foreach (var origin in path.Origins) own += IsOwn(origin) ? 1 : 0;
        return own == 0 ? 0 : (double)own / path.Origins.Length;
    }

    /// <summary>True for a vantage point outside the subject: only what these see is counted.</summary>
    public bool IsOutside(Asn peerAs) => !IsOwn(peerAs);

    /// <summary>True for a vantage point abroad, which sees a way into the subject's country.</summary>
    public bool IsAbroad(Asn peerAs) => IsOutside(peerAs) && (Home == AsCountries.Unknown || Countries.Of(peerAs) != Home);

    /// <summary>The way of a path from the vantage point into the subject's country.</summary>
    public ForeignWay WayOf(TablePath path, Asn peerAs)
    {
        // By delegation or geolocation the origin may be abroad: then it is the upstream (docs/methods.md, "Countries").
        bool isOriginAbroad = Subject.Kind is SubjectKind.Country && path.Origins.Length == 1 && !IsOwn(path.Origins[0]);
        var hops = isOriginAbroad ? path.Hops : path.Carriers;
        int end = hops.Length;
        if (!isOriginAbroad && Home != AsCountries.Unknown)
            while (end > 0 && Countries.Of(hops[end - 1]) == Home) end--;
        var gateway = end < hops.Length ? hops[end] : path.Origins[0];
        return new(hops[..end], hops.Length > 0 && hops[0] == peerAs ? 1 : 0, isOriginAbroad ? null : gateway);
    }
}

/// <summary>The hops of a path outside the subject's country, without those behind its way in.</summary>
/// <param name="hops">The vantage point's first.</param>
/// <param name="own">1 where the first hop is the vantage point's own AS, which says only from where one looks; else 0.</param>
/// <param name="gateway">The first AS inside; null where none is.</param>
internal readonly ref struct ForeignWay(ReadOnlySpan<Asn> hops, int own, Asn? gateway)
{
    /// <summary>The networks between the vantage point and the subject's country.</summary>
    public ReadOnlySpan<Asn> Carriers { get; } = hops.Length > own ? hops[own..] : [];

    public Asn? Gateway => gateway;

    /// <summary>
    /// False where nobody stands between: the vantage point is the subject's own neighbour, which proves a link and no transit.
    /// </summary>
    public bool IsTransit => Carriers.Length > 0;

    /// <summary>The last AS outside.</summary>
    public Asn Last => Carriers[^1];
}
