using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>Why no upstream can be counted on a route of the subject that is there.</summary>
public enum NoUpstream
{
    /// <summary>The peer is the subject's own neighbour, or the subject: that proves a link and no transit.</summary>
    DirectNeighbour,
    /// <summary>The path ends in an AS_SET of several: any of them may be the origin.</summary>
    OriginSet,
    /// <summary>A reserved or private number, AS_TRANS, a set or a loop in the path.</summary>
    RefusedPath,
    /// <summary>The peer stands in the country that is the subject, and sees no way in.</summary>
    InsideCountry,
    /// <summary>The peer's table dump and its updates differ in the upstream, and no update has spoken since.</summary>
    Contradicted,
}

/// <summary>How the routes to the subject stand at an instant. The four are never one another.</summary>
public enum RouteState
{
    /// <summary>Nothing is known.</summary>
    Unknown,
    /// <summary>Who could have seen a route is known to hold none.</summary>
    Absent,
    /// <summary>Routes are there, and on none of them can an upstream be counted.</summary>
    WithoutUpstream,
    Carried,
}

/// <summary>Routes on which no upstream can be counted, for one reason.</summary>
/// <param name="PeerAses">How many peer ASes hold such a route.</param>
public sealed record UncountedRoutes(NoUpstream Why, int Routes, int PeerAses);

/// <summary>The routes of the subject that peers hold at the end of the period, of one address family.</summary>
/// <param name="Routes">One for each session and prefix, whether its peer counts or not.</param>
/// <param name="PeerAses">Peer ASes that hold one.</param>
/// <param name="Uncounted">Those without an upstream that counts, the most frequent reason first.</param>
public sealed record HeldRoutes(RouteState State, int Routes, int PeerAses, IReadOnlyList<UncountedRoutes> Uncounted);

/// <summary>
/// The answer for one address family. IPv4 and IPv6 are two networks with other peers, tables and sizes: no figure is over both.
/// </summary>
/// <param name="Prefixes">Prefixes of the family that some peer holds at the end.</param>
/// <param name="Visibility">Mean over peer ASes of the part of these that they hold at the end, 0 to 1; null where nothing is known.</param>
/// <param name="FullFeedPeerAses">Peer ASes that send (nearly) the whole table of the family.</param>
/// <param name="FullVoters">Voting peer ASes that send it.</param>
/// <param name="Voters">The peer ASes that vote on the shares, in order: those that hold enough of the subject.</param>
/// <param name="Shares">What shares and intervals rest on.</param>
/// <param name="Basis">Which peers count.</param>
public sealed record FamilyAnswer(
    AddressFamily Family, SubjectSize Size, int Prefixes, double? Visibility, HeldRoutes Routes, int FullFeedPeerAses, int FullVoters,
    IReadOnlyList<Asn> Voters, IReadOnlyList<UpstreamState> Upstreams, ShareBasis Shares, IReadOnlyList<SeriesPoint> Series,
    CountedPeers Basis)
{
    /// <summary>From fewer voting peer ASes no share is a headline.</summary>
    public const int HeadlineVotersMin = 3;

    /// <summary>
    /// Prefixes that were held, and of which nothing is known at the end, at any peer: they are not among <see cref="Prefixes"/>, and may
    /// be held.
    /// </summary>
    public IReadOnlyList<Prefix> UnknownPrefixes { get; init; } = [];
}
