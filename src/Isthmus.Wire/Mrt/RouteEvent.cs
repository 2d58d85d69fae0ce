using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>What a route event is.</summary>
public enum RouteEventKind : byte
{
    RibEntry,
    Announcement,
    Withdrawal,
    PeerState,
}

/// <summary>One route event of a record: a prefix that a peer holds, announces or withdraws, or a session's change of state.</summary>
public readonly ref struct RouteEvent
{
    public RouteEventKind Kind { get; init; }

    /// <summary>Time of the record.</summary>
    public Timestamp Time { get; init; }

    /// <summary>For a RIB entry: when the peer last changed it, by the collector's word. Otherwise the record's time.</summary>
    public Timestamp Originated { get; init; }

    /// <summary>Index into <see cref="RouteEventReader.Peers"/>.</summary>
    public int Peer { get; init; }

    public Prefix Prefix { get; init; }

    /// <summary>The ADD-PATH identifier (RFC 7911); 0 for none.</summary>
    public uint PathId { get; init; }

    /// <summary>Empty for a withdrawal and a change of state.</summary>
    public PathAttributes Attributes { get; init; }

    /// <summary>True for a malformed announcement that counts as a withdrawal (RFC 7606 section 2).</summary>
    public bool TreatedAsWithdrawn { get; init; }

    /// <summary>States 1 Idle to 6 Established (RFC 4271 section 8.2.2); 7 Clearing and 8 Deleted are Quagga's.</summary>
    public ushort OldState { get; init; }

    /// <inheritdoc cref="OldState"/>
    public ushort NewState { get; init; }
}

/// <summary>A peer as a record names it.</summary>
public readonly record struct MrtPeer(IpAddress Address, Asn Asn);
