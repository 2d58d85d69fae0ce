using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Court;

/// <summary>How much of the table a peer sends, of the address families that the subject has.</summary>
public enum FeedSize
{
    /// <summary>It was never seen to hold a route of them.</summary>
    None,
    Partial,
    /// <summary>(Nearly) all of one.</summary>
    Full,
}

/// <summary>A route that a peer still held long after nearly all others had withdrawn the prefix.</summary>
/// <param name="Since">When nearly all others had withdrawn it.</param>
/// <param name="Until">When the peer dropped it, or others held it again; null where it does at the end of the period.</param>
public sealed record StuckRoute(Prefix Prefix, Timestamp Since, Timestamp? Until);

/// <summary>A route on which a peer changed its mind again and again while no others did.</summary>
/// <param name="Since">The first of these changes.</param>
/// <param name="Until">The last.</param>
public sealed record RestlessRoute(Prefix Prefix, Timestamp Since, Timestamp Until);

/// <summary>How far changes are dated off where one stands, beside the same changes elsewhere.</summary>
/// <param name="Offset">Median over the changes; positive is late. Null where there is too little to judge.</param>
/// <param name="Changes">How many changes that many saw could be compared.</param>
/// <param name="IsWrong">Over 30 s off, always alike, and one of a minority: the clock is wrong, not the network slow.</param>
public sealed record ClockSkew(TimeSpan? Offset, int Changes, bool IsWrong);

/// <summary>Why a vantage point votes on the shares at the end of the period, or does not.</summary>
public enum VoteReason
{
    Votes,
    /// <summary>The clock of its collector is wrong.</summary>
    WrongClock,
    /// <summary>Too many of the routes that it holds are stuck.</summary>
    Stuck,
    /// <summary>It sends no routes of the subject's address family.</summary>
    NoRoutes,
    /// <summary>Neither a dump nor a table transfer shows what it holds.</summary>
    NoTable,
    /// <summary>It never held a route of the subject.</summary>
    NeverHeld,
    /// <summary>It stands inside the country, and sees no way in.</summary>
    InsideCountry,
    /// <summary>It sends a partial feed, and enough full feeds see the subject.</summary>
    PartialFeed,
    /// <summary>It is not known to have held a route of the subject.</summary>
    NotKnownToHold,
    /// <summary>Of too few of the subject's prefixes it is known whether it holds them.</summary>
    TooLittleKnown,
    /// <summary>It holds less than half of the subject's prefixes that the widest feeds hold.</summary>
    TooFewHeld,
    /// <summary>The routes that it holds are stuck.</summary>
    RoutesStuck,
    /// <summary>No upstream can be counted: it is the subject's neighbour, or its paths are refused.</summary>
    NoUpstream,
    /// <summary>What it holds at the end is not known.</summary>
    NotKnownAtEnd,
    /// <summary>It holds no route of the subject at the end.</summary>
    HoldsNone,
}

/// <summary>What the court finds on one vantage point, and what its word weighs.</summary>
/// <param name="Country">Where its AS is registered; none where no source says.</param>
/// <param name="Ipv4Prefixes">The most IPv4 prefixes that it held at once.</param>
/// <param name="Ipv6Prefixes">The same for IPv6.</param>
/// <param name="Sessions">Sessions of its AS, at all collectors.</param>
/// <param name="Resets">How often its session went down in the period.</param>
/// <param name="Gaps">Stretches of the period in which its table was not known, whatever the reason.</param>
/// <param name="Unknown">How long these were together.</param>
/// <param name="StuckRoutes">Routes of the subject that stayed when the others had gone, in order of prefix and time.</param>
/// <param name="Lag">Its own dates beside the others': a slow router or a wrong clock.</param>
/// <param name="Clock">The same for its collector, whose clock dates what it says.</param>
/// <param name="Agreement">
/// The part of time and prefixes, 0 to 1, in which it held what most other peer ASes held; null where there was no other.
/// It costs no weight: who sees what others do not see is a witness, too.
/// </param>
/// <param name="Weight">
/// Its part, 0 to 1, in one vote on the shares at the end of the period: 0 is no vote; sessions of one peer AS (peer ASes
/// of one country, where these weigh the same) share one.
/// </param>
/// <param name="Why">Why it weighs that much.</param>
public sealed record VantagePoint(
    Peer Peer, Country Country, FeedSize Feed, int Ipv4Prefixes, int Ipv6Prefixes, int Sessions, int Resets, int Gaps, TimeSpan Unknown,
    IReadOnlyList<StuckRoute> StuckRoutes, ClockSkew Lag, ClockSkew Clock, double? Agreement, double Weight, VoteReason Why)
{
    /// <summary>Sessions of its AS that share its vote; 0 where it has none.</summary>
    public int SessionsSharing { get; init; }

    /// <summary>Peer ASes of its country that share one vote, where countries weigh the same; otherwise 1.</summary>
    public int PeerAsesSharing { get; init; } = 1;

    /// <summary>Routes of the subject that it holds at the end of the period, and how many of them are stuck.</summary>
    public (int Stuck, int Held) AtEnd { get; init; }

    /// <summary>
    /// Its part in one vote on the IPv4 shares; null where the subject has no IPv4. <see cref="Weight"/> is of the headline's family.
    /// </summary>
    public double? Ipv4Weight { get; init; }

    /// <summary>The same for IPv6.</summary>
    public double? Ipv6Weight { get; init; }

    /// <summary>Routes of the subject of which nothing is believed for a while, in order of prefix and time.</summary>
    public IReadOnlyList<RestlessRoute> RestlessRoutes { get; init; } = [];
}
