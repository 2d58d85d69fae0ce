using Isthmus.Wire;

namespace Isthmus.Transit;

/// <summary>
/// The defined shares of one upstream (methods.md, "Shares"), each 0 to 1. None of them is traffic.
/// </summary>
/// <param name="Route">Routes by this upstream, of all routes.</param>
/// <param name="PeerAs">Mean over peer ASes of the part of the subject's visible prefixes that goes by this upstream: the headline.</param>
/// <param name="Prefix">Mean over prefixes of the part of peer ASes that go by this upstream.</param>
/// <param name="Address">The prefix share, weighted by addresses not covered by more-specific prefixes (IPv6: by /48s).</param>
/// <param name="Coverage">Peer ASes that see the subject by this upstream for at least one prefix; sums can exceed 1.</param>
/// <param name="Hegemony">Trimmed mean of betweenness; robust to near vantage points; not a share.</param>
public sealed record UpstreamShares(double Route, double PeerAs, double Prefix, double Address, double Coverage, double Hegemony);

/// <summary>One upstream of the subject at the end of the period.</summary>
/// <param name="FirstSeen">First and last time in the period that a peer AS held a route by it.</param>
/// <param name="PeerAses">How many peer ASes see the subject by it, full feed or not.</param>
public sealed record UpstreamState(Asn Asn, Timestamp FirstSeen, Timestamp LastSeen, int PeerAses, UpstreamShares Shares)
{
    /// <summary>How sure the shares are; null where too few peer ASes vote, or for the smallest of very many upstreams.</summary>
    public ShareIntervals? Intervals { get; init; }

    /// <summary>The shares over the countries of peer ASes; null where none votes.</summary>
    public CountrySpread? Countries { get; init; }
}

/// <summary>One upstream of one prefix at the end of the period.</summary>
/// <param name="PeerAs">Mean over the peer ASes that see the prefix of the part that goes by this upstream, 0 to 1.</param>
/// <param name="PeerAses">How many peer ASes see the prefix by it, full feed or not.</param>
public sealed record PrefixUpstream(Asn Asn, double PeerAs, int PeerAses);

/// <summary>An origin of a prefix.</summary>
/// <param name="PeerAses">How many peer ASes hold a route of the prefix that it originates.</param>
public sealed record PrefixOrigin(Asn Asn, int PeerAses);

/// <summary>A prefix of the subject at the end of the period.</summary>
/// <param name="Origin">The subject's origin that most peer ASes see; null where no path says which it is.</param>
/// <param name="Visibility">Part of the peer ASes with a full feed of its family that hold it, 0 to 1.</param>
public sealed record PrefixState(Prefix Prefix, Asn? Origin, double Visibility, int PeerAses, IReadOnlyList<PrefixUpstream> Upstreams)
{
    /// <summary>Every origin that is seen, the subject's or not (MOAS), the one that most peer ASes see first.</summary>
    public IReadOnlyList<PrefixOrigin> Origins { get; init; } = Origin is { } only ? [new(only, PeerAses)] : [];

    /// <summary>The subject's own origins: of a prefix that is asked for, all of them.</summary>
    public IReadOnlyList<Asn> OwnOrigins { get; init; } = Origin is { } own ? [own] : [];
}

/// <summary>How large the subject is at the end of the period, by the union of its visible prefixes (methods.md, "Shares").</summary>
/// <param name="Ipv4Slash24s">/24 blocks touched, rounded up.</param>
public sealed record SubjectSize(int Prefixes, long Ipv4Addresses, long Ipv4Slash24s, long Ipv6Slash48s, int Origins);

/// <summary>Shares over one bin <c>[Time, Time + bin)</c>, as means over time.</summary>
/// <param name="Visibility">Mean part of full-feed peer ASes that hold the subject's prefixes; null where nothing is known.</param>
/// <param name="Upstreams">Peer-AS share by upstream; empty where nothing is known or nothing is visible.</param>
public sealed record SeriesPoint(Timestamp Time, double? Visibility, IReadOnlyDictionary<Asn, double> Upstreams);

/// <summary>The series of one prefix, for the strip under the chart.</summary>
public sealed record PrefixSeries(Prefix Prefix, IReadOnlyList<SeriesPoint> Points);

/// <summary>All that <c>Transit</c> has to say of a subject.</summary>
/// <param name="Size">Of both address families.</param>
/// <param name="Upstreams">Of the headline's family, as are <paramref name="Series"/>, <paramref name="Basis"/> and <see cref="Shares"/>.</param>
/// <param name="Prefixes">Of both families: those that some peer holds at the end and that count world-wide.</param>
/// <param name="Basis">Which peers the shares count; null where nothing was analysed.</param>
/// <param name="FullFeedPeerAses">Peer ASes with a full feed of the headline's family.</param>
public sealed record TransitAnswer(
    SubjectSize Size, IReadOnlyList<UpstreamState> Upstreams, IReadOnlyList<PrefixState> Prefixes,
    IReadOnlyList<TransitChange> Changes, IReadOnlyList<SeriesPoint> Series, IReadOnlyList<PrefixSeries> PrefixSeries,
    CountedPeers? Basis, int FullFeedPeerAses)
{
    /// <summary>The answer for each address family that the subject has, IPv4 first; none where nothing was analysed.</summary>
    public IReadOnlyList<FamilyAnswer> Families { get; init; } = [];

    /// <summary>
    /// The family that the headline is of: IPv4 where a route of it is held at the end, else IPv6 where one is, else the first
    /// that the subject had. Null where nothing was analysed.
    /// </summary>
    public FamilyAnswer? Headline => Families.FirstOrDefault(family => family.Prefixes > 0) ?? (Families is [var first, ..] ? first : null);

    /// <summary>
    /// Who is an upstream in any address family, each once: with the shares of the family in which its peer-AS share is the
    /// largest, and the first and last time of all. For who asks whether, not how much.
    /// </summary>
    public IReadOnlyList<UpstreamState> OfAnyFamily => Families.Count < 2 ? Upstreams
        : [.. Families.SelectMany(family => family.Upstreams).GroupBy(upstream => upstream.Asn)
            .Select(same => same.OrderByDescending(upstream => upstream.Shares.PeerAs).First() with
            {
                FirstSeen = same.Min(upstream => upstream.FirstSeen),
                LastSeen = same.Max(upstream => upstream.LastSeen),
            })
            .OrderByDescending(upstream => upstream.Shares.PeerAs).ThenBy(upstream => upstream.Asn)];

    /// <summary>
    /// Prefixes of the subject longer than /24 or /48 that some peer holds at the end: they stand apart, and count in no figure.
    /// </summary>
    public IReadOnlyList<PrefixState> MoreSpecifics { get; init; } = [];

    /// <summary>Prefixes inside the subject's that other origins announced in the period: they count in no figure.</summary>
    public IReadOnlyList<InsidePrefix> Inside { get; init; } = [];

    /// <summary>True where there were more of them than <see cref="Routes.RoutingState.InsideMax"/>.</summary>
    public bool LeftInsideOut { get; init; }

    /// <summary>What the peers are believed to have held over time; null where nothing was analysed.</summary>
    internal Sightings? Heard { get; init; }

    /// <summary>The changes joined by their cause, in order of time.</summary>
    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    /// <summary>What the shares and their intervals rest on; null where nothing was analysed.</summary>
    public ShareBasis? Shares { get; init; }

    /// <summary>What the court finds on each peer, in the order of <see cref="Routes.Observations.Peers"/>.</summary>
    public IReadOnlyList<VantagePoint> VantagePoints { get; init; } = [];
}

/// <summary>A prefix inside one of the subject's that another origin announced.</summary>
/// <param name="Covering">The subject's prefix that it lies in, the longest.</param>
/// <param name="FirstSeen">The first time in the data that a peer held it by this origin.</param>
/// <param name="LastSeen">The last one.</param>
/// <param name="PeerAses">Peer ASes that held it by this origin at any time.</param>
/// <param name="PeerAsesAtEnd">Those that hold it so at the end of the period.</param>
public sealed record InsidePrefix(
    Prefix Prefix, Prefix Covering, Asn Origin, Timestamp FirstSeen, Timestamp LastSeen, int PeerAses, int PeerAsesAtEnd);
