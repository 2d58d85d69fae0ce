using Isthmus.Transit.Changes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Incidents;
using Isthmus.Transit.Shares;
using Isthmus.Transit.Timelines;

namespace Isthmus.Transit;

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
