using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>What a route event is, as <c>bgpdump -m</c> tells them apart.</summary>
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

/// <summary>
/// One route event of a record: a prefix that a peer holds (RFC 6396 sections 4.2 and 4.3), announces or withdraws, or a session's change
/// of state (RFC 6396 section 4.4). Its attributes are a view, good as long as the record's bytes are.
/// </summary>
public ref struct RouteEvent
{
    /// <summary>What happened.</summary>
    public RouteEventKind Kind { get; internal set; }

    /// <summary>Time of the record: when the collector wrote it.</summary>
    public Timestamp Time { get; internal set; }

    /// <summary>
    /// For a RIB entry: when the peer last changed it, by the collector's word, to the second. Otherwise the record's time.
    /// </summary>
    public Timestamp Originated { get; internal set; }

    /// <summary>Index into <see cref="RouteEventReader.Peers"/>, the first being 0.</summary>
    public int Peer { get; internal set; }

    /// <summary>The prefix concerned; <c>default</c> for a change of state.</summary>
    public Prefix Prefix { get; internal set; }

    /// <summary>The path identifier of ADD-PATH (RFC 7911 section 3); 0 where the record has none.</summary>
    public uint PathId { get; internal set; }

    /// <summary>
    /// True for a route of the multicast table alone (SAFI 2 of RFC 4760, the multicast subtypes of RFC 6396 section 4.3): no packet is
    /// forwarded by it, and it stands beside the unicast route of its prefix.
    /// </summary>
    public bool IsMulticast { get; internal set; }

    /// <summary>Empty for a change of state and for a withdrawal, unless it is <see cref="TreatedAsWithdrawn"/>.</summary>
    public PathAttributes Attributes { get; internal set; }

    /// <summary>The attribute block of a RIB entry among the recent ones; not known for an update.</summary>
    public BlockKey Block { get; internal set; }

    /// <summary>
    /// The next hop where the record states it outside the attributes (BGP4MP_ENTRY, RFC 6396 appendix B.2.6.1); no address elsewhere.
    /// </summary>
    public IpAddress NextHop { get; internal set; }

    /// <summary>
    /// True for a malformed announcement that counts as a withdrawal (RFC 7606 section 2): its kind is
    /// <see cref="RouteEventKind.Withdrawal"/>, or <see cref="RouteEventKind.RibEntry"/> as it was.
    /// </summary>
    public bool TreatedAsWithdrawn { get; internal set; }

    /// <summary>
    /// True where the reader's <see cref="RouteEventReader.Sieve"/> has said <see cref="Verdict.Yes"/> of the entries of a dump that
    /// this is one of, so that it need not be asked again; false where there is none, or it could not tell yet.
    /// </summary>
    public bool IsWanted { get; internal set; }

    /// <summary>
    /// States 1 Idle to 6 Established (RFC 4271 section 8.2.2); 7 Clearing and 8 Deleted are Quagga's; 0 for no change of state.
    /// </summary>
    public ushort OldState { get; internal set; }

    /// <inheritdoc cref="OldState"/>
    public ushort NewState { get; internal set; }
}

/// <summary>A peer as a record names it (RFC 6396 sections 4.2, 4.3.1 and 4.4).</summary>
/// <param name="Address">Its address; 0.0.0.0 where old records leave it out (docs/standards.md).</param>
/// <param name="Asn">Its AS; <see cref="Wire.Asn.Trans"/> where the record's field is too small for it.</param>
public readonly record struct MrtPeer(IpAddress Address, Asn Asn);

/// <summary>Where a collector or peer stands (RFC 6397 section 4.1), in degrees of WGS 84: north and east are positive.</summary>
/// <remarks><c>default</c> is a place in the Gulf of Guinea; no place is <see cref="None"/>.</remarks>
/// <param name="Latitude">-90 to 90; not a number where it is private or not told.</param>
/// <param name="Longitude">-180 to 180; not a number where it is private or not told.</param>
public readonly record struct GeoPosition(float Latitude, float Longitude)
{
    /// <summary>No place: private, or not told.</summary>
    public static readonly GeoPosition None = new(float.NaN, float.NaN);

    /// <summary>True for a place on the globe.</summary>
    public bool IsKnown => Math.Abs(Latitude) <= 90 && Math.Abs(Longitude) <= 180;
}
