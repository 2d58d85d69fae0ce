namespace Isthmus.Wire.Bgp;

/// <summary>
/// A BGP UPDATE (RFC 4271 section 4.3): a view that finds its parts now and decodes them when asked, good as long as the bytes are.
/// </summary>
public readonly ref struct BgpUpdate
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly int _origin;
    private readonly bool _saidPathIds, _classicPathIds, _mpPathIds;

    /// <summary>Finds the parts and holds the attributes against RFC 7606; what is wrong <see cref="Fault"/> tells.</summary>
    /// <param name="body">The message after its header: <see cref="BgpMessage.Body"/>.</param>
    /// <param name="wide">True where AS numbers take four octets, by what the session agreed on or the record says (RFC 6793).</param>
    /// <param name="withPathIds">True where prefixes carry path identifiers, by the session or the record (RFC 7911, RFC 8050).</param>
    /// <param name="origin">Offset of the body in what faults count from, in bytes.</param>
    public BgpUpdate(ReadOnlySpan<byte> body, bool wide, bool withPathIds = false, int origin = 0)
    {
        _body = body;
        _origin = origin;
        var reader = new ByteReader(body, origin);
        WithdrawnBytes = reader.Take(reader.U16());
        uint length = reader.U16();
        int attributesOffset = reader.Offset;
        Attributes = new(reader.Take(length), wide);
        AnnouncedBytes = reader.Rest();
        MpReach = Attributes.MpReach;
        MpUnreach = Attributes.MpUnreach;
        bool otherWidth = false;
        Fault = reader.Ok ? AttributeCheck.OfUpdate(this, attributesOffset, out otherWidth) : reader.Fault;
        IsOtherWidth = otherWidth;
        _saidPathIds = withPathIds;
        _classicPathIds = withPathIds || LooksLikeAddPath(WithdrawnBytes, 1) || LooksLikeAddPath(AnnouncedBytes, 1);
        _mpPathIds = withPathIds || LooksLikeAddPath(MpReach.NlriBytes, MpReach.Afi)
            || LooksLikeAddPath(MpUnreach.NlriBytes, MpUnreach.Afi);
    }

    /// <summary>
    /// The gravest thing wrong, the first of equally grave ones, with what a receiver does about it (RFC 7606). From
    /// <see cref="Treatment.SkipRecord"/> on nothing in the message can be trusted. A prefix that cannot be one is only found where
    /// the lists are walked.
    /// </summary>
    public Fault Fault { get; }

    /// <summary>The path attributes of what is announced; empty where only IPv4 prefixes are withdrawn.</summary>
    public PathAttributes Attributes { get; }

    /// <summary>IPv4 prefixes made unreachable, in the field of RFC 4271; others are in <see cref="MpWithdrawn"/>.</summary>
    public NlriList Withdrawn => new(WithdrawnBytes, AddressFamily.IPv4, _classicPathIds);

    /// <summary>IPv4 prefixes made reachable, in the field of RFC 4271; others are in <see cref="MpAnnounced"/>.</summary>
    public NlriList Announced => new(AnnouncedBytes, AddressFamily.IPv4, _classicPathIds);

    internal MpReach MpReach { get; }

    internal MpUnreach MpUnreach { get; }

    /// <summary>Prefixes of MP_REACH_NLRI (RFC 4760 section 3); empty for other than IPv4 and IPv6, unicast and multicast.</summary>
    public NlriList MpAnnounced => ListOf(MpReach.Afi, MpReach.Safi, MpReach.NlriBytes);

    /// <summary>Prefixes of MP_UNREACH_NLRI (RFC 4760 section 4); empty for other than IPv4 and IPv6, unicast and multicast.</summary>
    public NlriList MpWithdrawn => ListOf(MpUnreach.Afi, MpUnreach.Safi, MpUnreach.NlriBytes);

    /// <summary>
    /// True when prefixes carry path identifiers (RFC 7911 section 3) that were not said to: only read with them they make sense
    /// (docs/standards.md).
    /// </summary>
    public bool IsUnsaidAddPath => !_saidPathIds && (_classicPathIds || _mpPathIds);

    /// <summary>Where the first list that only path identifiers make sense of is, in what faults count from.</summary>
    internal int UnsaidPathIdsOffset => OffsetOf(LooksLikeAddPath(WithdrawnBytes, 1) ? WithdrawnBytes
        : LooksLikeAddPath(AnnouncedBytes, 1) ? AnnouncedBytes
        : LooksLikeAddPath(MpReach.NlriBytes, MpReach.Afi) ? MpReach.NlriBytes : MpUnreach.NlriBytes);

    /// <summary>True when the AS numbers have the other width than was said, and were read so (docs/standards.md).</summary>
    public bool IsOtherWidth { get; }

    /// <summary>
    /// True for the mark that a session's start has sent all of a family (RFC 4724 section 2): nothing at all for
    /// IPv4, an empty MP_UNREACH_NLRI alone for another.
    /// </summary>
    public bool IsEndOfRib => Fault.Kind is FaultKind.None && WithdrawnBytes.IsEmpty && AnnouncedBytes.IsEmpty
        && (Attributes.Bytes.IsEmpty || MpUnreach.Exists && MpUnreach.NlriBytes.IsEmpty && Attributes.Bytes.Length is 6 or 7);

    internal ReadOnlySpan<byte> WithdrawnBytes { get; }

    internal ReadOnlySpan<byte> AnnouncedBytes { get; }

    internal ReadOnlySpan<byte> Body => _body;

    /// <summary>Where the body is, in what faults count from.</summary>
    internal int BodyOffset => _origin;

    /// <summary>Where a part of the message is, in what faults count from.</summary>
    private int OffsetOf(ReadOnlySpan<byte> part) => _origin + (_body.Overlaps(part, out int at) ? at : 0);

    private NlriList ListOf(ushort afi, byte safi, ReadOnlySpan<byte> bytes) =>
        MpReach.IsPlain(afi, safi) ? new(bytes, FamilyOf(afi), _mpPathIds) : default;

    private static AddressFamily FamilyOf(ushort afi) => afi is 1 ? AddressFamily.IPv4 : AddressFamily.IPv6;

    // A path identifier is small, so its upper byte is zero and reads as a default route. Nobody sends several of
    // these in one message: where the plain reading fails or finds them, and the other one fits, it is the right one.
    private static bool LooksLikeAddPath(ReadOnlySpan<byte> bytes, ushort afi)
    {
        if (bytes.Length < 5 || bytes[0] != 0 || !new NlriList(bytes, FamilyOf(afi), true).IsSound) return false;
        var plain = new NlriList(bytes, FamilyOf(afi), false);
        if (!plain.IsSound) return true;
        int defaults = 0;
        foreach (var prefix in plain)
            if (prefix.Length == 0) defaults++;
        return defaults > 1;
    }
}
