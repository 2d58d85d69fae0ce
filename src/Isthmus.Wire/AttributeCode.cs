namespace Isthmus.Wire;

/// <summary>
/// The codes of the path attributes that are decoded (RFC 4271 section 4.3 and later ones; IANA registry "BGP Path Attributes").
/// </summary>
public enum AttributeCode : byte
{
    /// <summary>ORIGIN (RFC 4271 section 5.1.1).</summary>
    Origin = 1,
    /// <summary>AS_PATH (RFC 4271 section 5.1.2).</summary>
    AsPath = 2,
    /// <summary>NEXT_HOP (RFC 4271 section 5.1.3).</summary>
    NextHop = 3,
    /// <summary>MULTI_EXIT_DISC (RFC 4271 section 5.1.4).</summary>
    MultiExitDiscriminator = 4,
    /// <summary>LOCAL_PREF (RFC 4271 section 5.1.5).</summary>
    LocalPreference = 5,
    /// <summary>ATOMIC_AGGREGATE (RFC 4271 section 5.1.6).</summary>
    AtomicAggregate = 6,
    /// <summary>AGGREGATOR (RFC 4271 section 5.1.7).</summary>
    Aggregator = 7,
    /// <summary>COMMUNITIES (RFC 1997).</summary>
    Communities = 8,
    /// <summary>ORIGINATOR_ID (RFC 4456 section 8).</summary>
    OriginatorId = 9,
    /// <summary>CLUSTER_LIST (RFC 4456 section 8).</summary>
    ClusterList = 10,
    /// <summary>MP_REACH_NLRI (RFC 4760 section 3).</summary>
    MpReach = 14,
    /// <summary>MP_UNREACH_NLRI (RFC 4760 section 4).</summary>
    MpUnreach = 15,
    /// <summary>EXTENDED COMMUNITIES (RFC 4360 section 2).</summary>
    ExtendedCommunities = 16,
    /// <summary>AS4_PATH (RFC 6793 section 3).</summary>
    As4Path = 17,
    /// <summary>AS4_AGGREGATOR (RFC 6793 section 3).</summary>
    As4Aggregator = 18,
    /// <summary>IPv6 Address Specific Extended Communities (RFC 5701 section 2).</summary>
    IPv6ExtendedCommunities = 25,
    /// <summary>AIGP (RFC 7311 section 3).</summary>
    AccumulatedIgp = 26,
    /// <summary>LARGE_COMMUNITY (RFC 8092 section 3).</summary>
    LargeCommunities = 32,
    /// <summary>ONLY_TO_CUSTOMER (RFC 9234 section 5).</summary>
    OnlyToCustomer = 35,
}
