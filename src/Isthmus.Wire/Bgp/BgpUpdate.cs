namespace Isthmus.Wire.Bgp;

/// <summary>The types of BGP message (RFC 4271 section 4.1, RFC 2918).</summary>
public enum BgpMessageType : byte
{
    Open = 1,
    Update = 2,
    Notification = 3,
    Keepalive = 4,
    RouteRefresh = 5,
}

/// <summary>A BGP UPDATE (RFC 4271 section 4.3): a view that finds its parts now and decodes them when asked.</summary>
public readonly ref struct BgpUpdate
{
    /// <summary>Marker, length and type (RFC 4271 section 4.1).</summary>
    public const int HeaderBytes = 19;

    private readonly NlriForm _form;

    /// <param name="body">The message after its header.</param>
    /// <param name="wide">True where AS numbers take four octets.</param>
    /// <param name="withPathIds">True where the record says that prefixes carry path identifiers (RFC 8050).</param>
    /// <param name="origin">Offset of the body in what faults count from.</param>
    public BgpUpdate(ReadOnlySpan<byte> body, bool wide, bool withPathIds = false, int origin = 0)
    {
        var reader = new ByteReader(body, origin);
        WithdrawnBytes = reader.Take(reader.U16());
        uint length = reader.U16();
        int attributesOffset = reader.Offset;
        Attributes = new(reader.Take(length), wide);
        AnnouncedBytes = reader.Rest();
        MpReach = Attributes.MpReach;
        MpUnreach = Attributes.MpUnreach;
        _form = withPathIds ? NlriForm.PathIds : NlriForm.Plain;
        Fault = reader.Ok ? AttributeRules.Check(this, attributesOffset) : reader.Fault;
        if (!withPathIds && LooksLikeAddPath()) _form = NlriForm.PathIdsUnsaid;
    }

    /// <summary>The first thing wrong, with what a receiver does about it (RFC 7606).</summary>
    public Fault Fault { get; }

    public PathAttributes Attributes { get; }

    /// <summary>IPv4 prefixes made unreachable.</summary>
    public NlriList Withdrawn => new(WithdrawnBytes, AddressFamily.IPv4, WithPathIds);

    /// <summary>IPv4 prefixes made reachable.</summary>
    public NlriList Announced => new(AnnouncedBytes, AddressFamily.IPv4, WithPathIds);

    public MpReach MpReach { get; }

    public MpUnreach MpUnreach { get; }

    /// <summary>Prefixes of MP_REACH_NLRI; empty for other than IPv4 and IPv6.</summary>
    public NlriList MpAnnounced => ListOf(MpReach.Afi, MpReach.Safi, MpReach.NlriBytes);

    /// <summary>Prefixes of MP_UNREACH_NLRI; empty for other than IPv4 and IPv6.</summary>
    public NlriList MpWithdrawn => ListOf(MpUnreach.Afi, MpUnreach.Safi, MpUnreach.NlriBytes);

    public bool WithPathIds => _form is not NlriForm.Plain;

    /// <summary>True when the prefixes carry path identifiers though the record does not say so.</summary>
    public bool IsUnsaidAddPath => _form is NlriForm.PathIdsUnsaid;

    internal ReadOnlySpan<byte> WithdrawnBytes { get; }

    internal ReadOnlySpan<byte> AnnouncedBytes { get; }

    private NlriList ListOf(ushort afi, byte safi, ReadOnlySpan<byte> bytes) =>
        afi is 1 or 2 && safi is 1 or 2 or 3 ? new(bytes, afi is 1 ? AddressFamily.IPv4 : AddressFamily.IPv6, WithPathIds) : default;

    // A path identifier is small, so its upper byte is zero and reads as a default route. Nobody sends several of
    // these in one message: where the plain reading fails or finds them, and the other one fits, it is the right one.
    private bool LooksLikeAddPath() =>
        LooksLikeAddPath(WithdrawnBytes, AddressFamily.IPv4) || LooksLikeAddPath(AnnouncedBytes, AddressFamily.IPv4)
        || LooksLikeAddPath(MpReach.NlriBytes, MpReach.Afi is 1 ? AddressFamily.IPv4 : AddressFamily.IPv6)
        || LooksLikeAddPath(MpUnreach.NlriBytes, MpUnreach.Afi is 1 ? AddressFamily.IPv4 : AddressFamily.IPv6);

    private static bool LooksLikeAddPath(ReadOnlySpan<byte> bytes, AddressFamily family)
    {
        if (bytes.Length < 5 || bytes[0] != 0 || !new NlriList(bytes, family, true).IsSound) return false;
        var plain = new NlriList(bytes, family, false);
        if (!plain.IsSound) return true;
        int defaults = 0;
        foreach (var prefix in plain)
            if (prefix.Length == 0) defaults++;
        return defaults > 1;
    }

    private enum NlriForm : byte
    {
        Plain,
        PathIds,
        PathIdsUnsaid,
    }
}
