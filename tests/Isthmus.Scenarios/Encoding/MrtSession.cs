using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>A peer's session as BGP4MP records have it (RFC 6396 section 4.4), and the form to write.</summary>
public sealed record MrtSession(IpAddress Peer, Asn PeerAsn, IpAddress Local, Asn LocalAsn)
{
    /// <summary>The session of a peer with a collector of AS12654 at a documentation address.</summary>
    public MrtSession(string peer, uint peerAsn)
        : this(
            IpAddress.Parse(peer), new(peerAsn),
            IpAddress.Parse(peer.Contains(':') ? "2001:db8::1" : "192.0.2.254"), new(12654))
    {
    }

    /// <summary>AS numbers in four octets: the _AS4 subtypes.</summary>
    public bool WideAsns { get; init; } = true;

    /// <summary>BGP4MP_ET: with microseconds.</summary>
    public bool Microseconds { get; init; }

    /// <summary>The _ADDPATH subtypes of RFC 8050: every prefix has a path id.</summary>
    public bool AddPath { get; init; }

    /// <summary>The _LOCAL subtypes: what the collector sent.</summary>
    public bool SentByCollector { get; init; }

    /// <summary>Without interface, family and addresses, as old Zebra wrote of sessions that were not up.</summary>
    public bool WithoutAddresses { get; init; }
}

/// <summary>A row of the peer index table (RFC 6396 section 4.3.1).</summary>
public sealed record MrtPeer(IpAddress Address, Asn Asn, IpAddress BgpId)
{
    public MrtPeer(string address, uint asn) : this(IpAddress.Parse(address), new(asn), IpAddress.V4(asn))
    {
    }

    /// <summary>The AS number in four octets; always so for one that does not fit in two.</summary>
    public bool WideAsn { get; init; } = true;

    /// <summary>Degrees north and east, for GEO_PEER_TABLE (RFC 6397); not a number where they are private.</summary>
    public (float Latitude, float Longitude) Place { get; init; } = (float.NaN, float.NaN);
}

/// <summary>One peer's route in a RIB record (RFC 6396 section 4.3.4).</summary>
/// <param name="PeerIndex">Row of the peer index table, from 0.</param>
/// <param name="PathId">For the ADD-PATH subtypes (RFC 8050).</param>
public sealed record MrtRibEntry(int PeerIndex, PathAttributes Attributes, Timestamp Originated, uint? PathId = null);

/// <summary>The states of a BGP session (RFC 4271 section 8.2.2), with the two that Quagga adds.</summary>
public enum SessionState : byte
{
    Idle = 1,
    Connect = 2,
    Active = 3,
    OpenSent = 4,
    OpenConfirm = 5,
    Established = 6,
    Clearing = 7,
    Deleted = 8,
}
