using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>What a route event is.</summary>
public enum RouteEventKind : byte
{
    /// <summary>A route in a dumped table; bgpdump prints <c>B</c>.</summary>
    RibEntry,
    /// <summary>A prefix made reachable; bgpdump prints <c>A</c>.</summary>
    Announcement,
    /// <summary>A prefix made unreachable; bgpdump prints <c>W</c>.</summary>
    Withdrawal,
    /// <summary>A session's change of state; bgpdump prints <c>STATE</c>.</summary>
    PeerState,
}

/// <summary>One route event of a record: a prefix that a peer holds, announces or withdraws, or a session's change of state.</summary>
public ref struct RouteEvent
{
    /// <summary>What happened.</summary>
    public RouteEventKind Kind { get; internal set; }

    /// <summary>Time of the record.</summary>
    public Timestamp Time { get; internal set; }

    /// <summary>For a RIB entry: when the peer last changed it, by the collector's word. Otherwise the record's time.</summary>
    public Timestamp Originated { get; internal set; }

    /// <summary>Index into <see cref="RouteEventReader.Peers"/>.</summary>
    public int Peer { get; internal set; }

    /// <summary>The prefix concerned; <c>default</c> for a change of state.</summary>
    public Prefix Prefix { get; internal set; }

    /// <summary>The ADD-PATH identifier (RFC 7911); 0 for none.</summary>
    public uint PathId { get; internal set; }

    /// <summary>Empty for a withdrawal and a change of state.</summary>
    public PathAttributes Attributes { get; internal set; }

    /// <summary>The attribute block of a RIB entry among the recent ones; not known for an update.</summary>
    public BlockKey Block { get; internal set; }

    /// <summary>The next hop where the record states it outside the attributes (BGP4MP_ENTRY); no address elsewhere.</summary>
    public IpAddress NextHop { get; internal set; }

    /// <summary>True for a malformed announcement that counts as a withdrawal (RFC 7606 section 2).</summary>
    public bool TreatedAsWithdrawn { get; internal set; }

    /// <summary>States 1 Idle to 6 Established (RFC 4271 section 8.2.2); 7 Clearing and 8 Deleted are Quagga's.</summary>
    public ushort OldState { get; internal set; }

    /// <inheritdoc cref="OldState"/>
    public ushort NewState { get; internal set; }
}

/// <summary>A peer as a record names it.</summary>
public readonly record struct MrtPeer(IpAddress Address, Asn Asn);

/// <summary>Where a collector or peer stands (RFC 6397), in degrees of WGS 84: north and east are positive.</summary>
/// <param name="Latitude">-90 to 90; not a number where it is private or not told.</param>
/// <param name="Longitude">-180 to 180; not a number where it is private or not told.</param>
public readonly record struct GeoPosition(float Latitude, float Longitude)
{
    /// <summary>No place: private, or not told.</summary>
    public static readonly GeoPosition None = new(float.NaN, float.NaN);

    /// <summary>True for a place on the globe.</summary>
    public bool IsKnown => Math.Abs(Latitude) <= 90 && Math.Abs(Longitude) <= 180;
}
