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
        var glance = AttributeCheck.Look(Attributes);
        if (glance.IsOrdinary)
        {
            if (!glance.MpReach.IsEmpty) MpReach = new(glance.MpReach);
            if (!glance.MpUnreach.IsEmpty) MpUnreach = new(glance.MpUnreach);
        }
        else
        {
            MpReach = Attributes.MpReach;
            MpUnreach = Attributes.MpUnreach;
        }
        bool otherWidth = false;
        Fault = reader.Ok ? AttributeCheck.OfUpdate(this, glance, attributesOffset, out otherWidth) : reader.Fault;
        IsOtherWidth = otherWidth;
        _saidPathIds = withPathIds;
        if (!withPathIds && IsClearlyPlain(WithdrawnBytes, 1, out int withdrawn) && IsClearlyPlain(AnnouncedBytes, 1, out int announced)
            && IsClearlyPlain(MpReach.NlriBytes, MpReach.Afi, out int mpAnnounced)
            && IsClearlyPlain(MpUnreach.NlriBytes, MpUnreach.Afi, out int mpWithdrawn))
        {
            WithdrawnCount = withdrawn + (MpReach.IsPlain(MpUnreach.Afi, MpUnreach.Safi) ? mpWithdrawn : 0);
            AnnouncedCount = announced + (MpReach.IsPlain(MpReach.Afi, MpReach.Safi) ? mpAnnounced : 0);
            return;
        }
        WithdrawnCount = AnnouncedCount = Uncounted;
        _classicPathIds = withPathIds || LooksLikeAddPath(WithdrawnBytes, 1) || LooksLikeAddPath(AnnouncedBytes, 1);
        _mpPathIds = withPathIds || LooksLikeAddPath(MpReach.NlriBytes, MpReach.Afi)
            || LooksLikeAddPath(MpUnreach.NlriBytes, MpUnreach.Afi);
        if (Fault.Treatment < Treatment.SkipRecord || Fault.Kind is FaultKind.None)
        {
            var lists = FaultOfLists();
            if (lists.Kind is not FaultKind.None) Fault = lists;
        }
    }

    // Where a list is unsound, what stands before the prefix that cannot be one is no more to be trusted (RFC 7606 section 3 j).
    private Fault FaultOfLists()
    {
        var fault = FaultOf(Withdrawn);
        if (fault.Kind is FaultKind.None) fault = FaultOf(MpWithdrawn);
        if (fault.Kind is FaultKind.None) fault = FaultOf(Announced);
        return fault.Kind is FaultKind.None ? FaultOf(MpAnnounced) : fault;
    }

    private Fault FaultOf(NlriList list)
    {
        if (list.IsSound) return default;
        var fault = list.FindFault();
        return fault with { Offset = OffsetOf(list.Bytes) + fault.Offset, Treatment = Treatment.SkipRecord };
    }

    /// <summary>
    /// The gravest thing wrong, the first of equally grave ones, with what a receiver does about it (RFC 7606). From
    /// <see cref="Treatment.SkipRecord"/> on nothing in the message can be trusted: so where a list holds a prefix that cannot be one.
    /// </summary>
    public Fault Fault { get; }

    /// <summary>The path attributes of what is announced; empty where only IPv4 prefixes are withdrawn.</summary>
    public PathAttributes Attributes { get; }

    /// <summary>IPv4 prefixes made unreachable, in the field of RFC 4271; others are in <see cref="MpWithdrawn"/>.</summary>
    public NlriList Withdrawn => new(WithdrawnBytes, AddressFamily.IPv4, _classicPathIds);

    /// <summary>IPv4 prefixes made reachable, in the field of RFC 4271; others are in <see cref="MpAnnounced"/>.</summary>
    public NlriList Announced => new(AnnouncedBytes, AddressFamily.IPv4, _classicPathIds);

    /// <summary>The family of the routes in MP_REACH_NLRI, where it is one that is not decoded; null for none.</summary>
    internal (ushort Afi, byte Safi)? OtherAnnounced =>
        MpReach.Exists && !MpReach.IsPlain(MpReach.Afi, MpReach.Safi) && MpReach.Fault.Kind is FaultKind.None
            ? (MpReach.Afi, MpReach.Safi) : null;

    /// <summary>The same of MP_UNREACH_NLRI; null for none too where it is the mark of an end of RIB, which holds no route.</summary>
    internal (ushort Afi, byte Safi)? OtherWithdrawn =>
        MpUnreach.Exists && !MpReach.IsPlain(MpUnreach.Afi, MpUnreach.Safi) && !MpUnreach.NlriBytes.IsEmpty
            ? (MpUnreach.Afi, MpUnreach.Safi) : null;

    /// <summary>Where the value of an attribute that is there begins, in what faults count from.</summary>
    internal int OffsetOf(AttributeCode code)
    {
        foreach (var attribute in Attributes)
            if (attribute.Code == (byte)code) return OffsetOf(attribute.Value);
        return _origin;
    }

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

    /// <summary>How many prefixes are withdrawn and announced in all lists; <see cref="Uncounted"/> where they were not counted.</summary>
    internal int WithdrawnCount { get; }

    /// <inheritdoc cref="WithdrawnCount"/>
    internal int AnnouncedCount { get; }

    /// <inheritdoc cref="WithdrawnCount"/>
    internal const int Uncounted = -1;

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

    // Sound, and without what path identifiers are told by below. Those of other families, of which nobody knows, are looked at there.
    private static bool IsClearlyPlain(ReadOnlySpan<byte> bytes, ushort afi, out int count)
    {
        count = 0;
        return bytes.IsEmpty || bytes[0] != 0 && new NlriList(bytes, FamilyOf(afi), false).TryCount(out count);
    }

    // A path identifier is mostly small, so its upper byte is zero and reads as a default route. Nobody sends several of
    // these in one message: where the plain reading fails or finds them, and the other one fits, it is the right one. Of large
    // identifiers the plain reading has to fail, and several in one message begin with the same byte, which prefixes read as
    // identifiers by mistake do not where one of them is damaged.
    private static bool LooksLikeAddPath(ReadOnlySpan<byte> bytes, ushort afi)
    {
        if (bytes.Length < 5) return false;
        var plain = new NlriList(bytes, FamilyOf(afi), false);
        if (bytes[0] != 0) return !plain.IsSound && HasLargePathIds(new(bytes, FamilyOf(afi), true));
        if (!new NlriList(bytes, FamilyOf(afi), true).IsSound) return false;
        return !plain.IsSound;
    }

    private static bool HasLargePathIds(NlriList list)
    {
        int count = 0;
        var walk = list.GetEnumerator();
        while (walk.MoveNext())
        {
            if (walk.PathId >> 24 != list.Bytes[0]) return false;
            count++;
        }
        return count > 1 && walk.Fault.Kind is FaultKind.None;
    }
}
