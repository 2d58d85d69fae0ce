using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

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
    public IReadOnlyList<PrefixOrigin> Origins
    {
        get => field ??= Origin is { } only ? [new(only, PeerAses)] : [];
        init;
    }

    /// <summary>The subject's own origins: of a prefix that is asked for, all of them.</summary>
    public IReadOnlyList<Asn> OwnOrigins
    {
        get => field ??= Origin is { } own ? [own] : [];
        init;
    }
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
