using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>Whether there is an answer, and why not. None of these is a share of 0.</summary>
public enum DependenceState
{
    Answered,
    /// <summary>No full-feed peer outside the subject has a known table of the family.</summary>
    NoVantagePoints,
    /// <summary>The vantage points are known to hold no route of it.</summary>
    NoRoutes,
    /// <summary>Routes are there, and on none of them can a network on the way be counted.</summary>
    NoTransit,
}

/// <summary>One network on which a subject depends.</summary>
/// <param name="Country">Where it is registered; none where no source says.</param>
/// <param name="Hegemony">As IHR defines it; over the vantage points outside the subject.</param>
/// <param name="TransitInfluence">CTI, 0 to 1; null where it was not asked for.</param>
/// <param name="DirectShare">Mean over peer ASes of the part that enters the subject from it.</param>
/// <param name="Unavoidable">The part of the addresses of which every route of every vantage point crosses it.</param>
public sealed record NetworkDependence(
    Asn Asn, string? Name, Country Country, Estimate Hegemony, double? TransitInfluence, double DirectShare, double Unavoidable);

/// <summary>One country on which a subject depends: where networks on the way are registered, not where packets pass.</summary>
/// <param name="LastForeignHop">Mean over peer ASes of the part whose last hop outside the subject's country is registered in it.</param>
/// <param name="AnyHop">
/// The same for any hop, the vantage point's own AS aside, over the vantage points outside that country; null where there are none.
/// </param>
/// <param name="Unavoidable">The part of the addresses of which every route of every vantage point crosses it.</param>
/// <param name="Networks">Its networks on the way, those that are crossed most first.</param>
public sealed record CountryDependence(
    Country Country, Estimate LastForeignHop, double? AnyHop, double Unavoidable, IReadOnlyList<Asn> Networks);

/// <summary>A global backbone on the way: it stands for no country.</summary>
public sealed record BackboneDependence(Asn Asn, string? Name, double LastForeignHop, double AnyHop);

/// <summary>Two countries together.</summary>
/// <param name="Either">The part whose last hop outside is registered in one of them.</param>
/// <param name="Neither">The rest.</param>
/// <param name="EitherOnWay">The part with any hop in one of them, over the vantage points outside both; null where there are none.</param>
/// <param name="NeitherOnWay">The rest.</param>
public sealed record CountryPair(Country First, Country Second, double Either, double Neither, double? EitherOnWay, double? NeitherOnWay);

/// <summary>By which foreign upstream a gateway of a country is reached.</summary>
/// <param name="Share">Mean over peer ASes.</param>
public sealed record GatewayShare(Asn Gateway, Asn ForeignUpstream, double Share);

/// <summary>On which networks and countries a subject depends at a time, of one address family. No share is traffic.</summary>
/// <param name="PeerAses">Full-feed peer ASes outside the subject.</param>
/// <param name="Voters">Those that hold a route of it on which a network on the way can be counted.</param>
/// <param name="Addresses">IPv4 addresses that are reached, each once; for IPv6 prefixes.</param>
/// <param name="Networks">The highest hegemony first.</param>
/// <param name="Countries">The highest last foreign hop first.</param>
public sealed record DependenceAnswer(
    Subject Subject, Timestamp At, AddressFamily Family, DependenceState State, int PeerAses, int Voters, long Addresses, int Prefixes,
    IReadOnlyList<NetworkDependence> Networks, IReadOnlyList<CountryDependence> Countries, IReadOnlyList<BackboneDependence> Backbones,
    IReadOnlyList<CountryPair> Combinations, IReadOnlyList<GatewayShare> Gateways)
{
    /// <summary>From fewer full-feed peer ASes every output says so first.</summary>
    public const int PeerAsesMin = 10;

    /// <summary>The part whose last foreign hop is of no country that any source says; null where nothing is known.</summary>
    public double? UnknownCountry { get; init; }

    /// <summary>
    /// Mean over the voters of the part of the addresses to which they hold a route that counts, 0 to 1: of the rest they say nothing.
    /// </summary>
    public double HeldPart { get; init; }

    /// <summary>Origins of the subject that the data show.</summary>
    public IReadOnlyList<Asn> Origins { get; init; } = [];
}
