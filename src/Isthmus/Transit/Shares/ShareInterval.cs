using Isthmus.Registry;

namespace Isthmus.Transit.Shares;

/// <summary>Who has one vote in the shares (methods.md, "Who has a vote").</summary>
public enum Weighting
{
    /// <summary>Each peer AS; its sessions share its vote.</summary>
    PeerAs,

    /// <summary>Each country of peer ASes; its peer ASes share its vote.</summary>
    Country,
}

/// <summary>
/// How sure one share is, all between 0 and 1. The interval is a bootstrap over peer ASes: it says how much the figure
/// hangs on which networks happen to feed the collectors, and nothing of what none of them sees.
/// </summary>
/// <param name="Low">The lower end of the 95 % interval.</param>
/// <param name="High">Its upper end. The interval always holds the share.</param>
/// <param name="LeaveOneOutLow">The least that the share is, of all collectors and without each in turn; null for one collector.</param>
/// <param name="LeaveOneOutHigh">The most.</param>
public readonly record struct ShareInterval(double Low, double High, double? LeaveOneOutLow, double? LeaveOneOutHigh);

/// <summary>The intervals of the six measures of one upstream.</summary>
public sealed record ShareIntervals(
    ShareInterval Route, ShareInterval PeerAs, ShareInterval Prefix, ShareInterval Address, ShareInterval Coverage, ShareInterval Hegemony);

/// <summary>How the peer ASes of one country see one upstream.</summary>
/// <param name="Country">Where they are registered; none where no source says.</param>
/// <param name="PeerAses">How many of them vote.</param>
/// <param name="Share">Their mean peer-AS share, 0 to 1.</param>
public sealed record SpreadPart(Country Country, int PeerAses, double Share);

/// <summary>One upstream over the countries of peer ASes.</summary>
/// <param name="Balanced">The shares where each country weighs the same.</param>
/// <param name="Median">Median over countries of the peer-AS share.</param>
/// <param name="ByCountry">The share in each country, the least first.</param>
public sealed record CountrySpread(UpstreamShares Balanced, double Min, double Median, double Max, IReadOnlyList<SpreadPart> ByCountry);

/// <summary>What the shares and their intervals rest on.</summary>
/// <param name="By">Who has one vote.</param>
/// <param name="PeerAses">Peer ASes that vote: they hold a route of the subject whose upstream can be counted.</param>
/// <param name="Countries">Countries that these are registered in.</param>
/// <param name="Collectors">Collectors that these stand at.</param>
/// <param name="Draws">Draws of the bootstrap; 0 where too few peer ASes vote to draw from.</param>
/// <param name="Seed">Seed of the draws.</param>
public sealed record ShareBasis(Weighting By, int PeerAses, int Countries, int Collectors, int Draws, ulong Seed)
{
    /// <summary>An interval from fewer peer ASes says little: their own differences are all that it can show.</summary>
    public const int PeerAsesMin = 10;

    /// <summary>From fewer than this there is no interval at all.</summary>
    public const int PeerAsesLeast = 3;

    /// <summary>The part of the draws that lies in an interval.</summary>
    public const double Level = 0.95;

    /// <summary>Of a subject with more upstreams only so many, the largest, have intervals.</summary>
    public const int UpstreamsMax = 256;

    /// <summary>True where there are intervals, but from too few peer ASes to lean on.</summary>
    public bool SaysLittle => PeerAses is >= PeerAsesLeast and < PeerAsesMin;
}
