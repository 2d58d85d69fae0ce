using System.Buffers.Binary;

namespace Isthmus.Wire.Bgp;

/// <summary>
/// Holds a block of attributes against <see cref="AttributeTable"/>: gives the gravest thing wrong, the first of
/// equally grave ones (RFC 7606 section 3).
/// </summary>
internal static class AttributeCheck
{
    private const byte KindFlags = (byte)(AttributeFlags.Optional | AttributeFlags.Transitive);

    // What the rules of the codes below 64 ask for, small enough to stay at hand.
    private static readonly Shape[] _shapes = Shapes();

    /// <summary>What one look tells of an attribute; a code without a rule is optional, of any length.</summary>
    /// <param name="IsLookedAt">True where the value tells more, or the length is no multiple of a power of two.</param>
    private readonly record struct Shape(byte KindMask, byte Flags, bool IsLookedAt, byte UnitMask, ushort Least, ushort Most);

    /// <summary>What one quick pass over a block found.</summary>
    internal ref struct Glance
    {
        /// <summary>
        /// True for a block with which nothing is wrong and whose AS numbers are as wide as said; false where it takes the whole check
        /// to tell, and the rest has no meaning.
        /// </summary>
        public bool IsOrdinary;

        /// <summary>A bit for each code that stands in the block; those from 64 on share the bit of code 0, which nothing has.</summary>
        public ulong Seen;

        /// <summary>The values of MP_REACH_NLRI and MP_UNREACH_NLRI; empty where there is none.</summary>
        public ReadOnlySpan<byte> MpReach, MpUnreach;
    }

    /// <summary>What is wrong with an update, and what is missing from it.</summary>
    /// <param name="glance">What <see cref="Look"/> gave of its attributes.</param>
    /// <param name="offset">Offset of the block in what faults count from.</param>
    public static Fault OfUpdate(in BgpUpdate update, scoped in Glance glance, int offset, out bool otherWidth)
    {
        ulong seen = glance.Seen;
        Fault worst = default;
        otherWidth = false;
        if (!glance.IsOrdinary) worst = Walk(update.Attributes, offset, isDump: false, out seen, out otherWidth);
        bool announcesIPv4 = !update.AnnouncedBytes.IsEmpty, announces = announcesIPv4 || !update.MpReach.NlriBytes.IsEmpty;
        // Attributes without a route that they are of: then the routes cannot have been found (RFC 7606 section 5.2).
        if (!announces && (seen & ~(1UL << (int)AttributeCode.MpUnreach)) != 0) return Graver(worst, new(FaultKind.Missing, offset));
        if (worst.Treatment >= Treatment.TreatAsWithdraw || !announces) return worst;
        byte missing = Missing(seen, announcesIPv4);
        return missing == 0 ? worst : Graver(worst, new(FaultKind.Missing, offset, 0, 0, Treatment.TreatAsWithdraw, missing));
    }

    /// <summary>
    /// What is wrong with the attributes of a RIB entry, which are those of the route (RFC 6396 section 4.3.4). An entry without ORIGIN or
    /// AS_PATH is to be skipped: it is no route that a peer can have announced (RFC 4271 section 5, RFC 7606 section 3 d). The next hop
    /// may be left out (docs/standards.md).
    /// </summary>
    public static Fault OfRibEntry(in PathAttributes attributes, int offset, out bool otherWidth)
    {
        otherWidth = false;
        var glance = Look(attributes);
        if (glance.IsOrdinary && (glance.Seen & NeededInDumps) == NeededInDumps) return default;
        ulong seen = glance.Seen;
        Fault worst = default;
        if (!glance.IsOrdinary) worst = Walk(attributes, offset, isDump: true, out seen, out otherWidth);
        byte missing = Missing(seen, announcesIPv4: false);
        if (missing == 0) return worst;
        return worst.Treatment >= Treatment.TreatAsWithdraw ? worst with { Treatment = Treatment.SkipEntry }
            : new(FaultKind.Missing, offset, 0, 0, Treatment.SkipEntry, missing);
    }

    private const ulong NeededInDumps = 1UL << (int)AttributeCode.Origin | 1UL << (int)AttributeCode.AsPath;

    /// <summary>Looks over a block in one quick pass: nearly all blocks are ordinary, and need no more.</summary>
    internal static Glance Look(PathAttributes attributes)
    {
        Glance glance = default;
        var block = attributes.Bytes;
        var shapes = _shapes;
        ulong seen = 0;
        int at = 0;
        // Nearly every block begins with ORIGIN and a path of one segment.
        const byte Origin = (byte)AttributeCode.Origin, Path = (byte)AttributeCode.AsPath;
        if (block is [0x40, Origin, 1, <= 2, 0x40, Path, var path, >= 1 and <= 4, > 0 and var hops, ..]
            && path == 2 + hops * (attributes.IsWide ? 4 : 2) && path <= block.Length - 7)
        {
            if (AsPath.HoldsZero(block.Slice(9, path - 2), attributes.IsWide)) return glance;
            seen = 1UL << Origin | 1UL << Path;
            at = 7 + path;
        }
        while (at < block.Length)
        {
            if (block.Length - at < 3) return glance;
            byte flags = block[at], code = block[at + 1];
            int length = block[at + 2], header = 3;
            if ((flags & (byte)AttributeFlags.ExtendedLength) != 0)
            {
                if (block.Length - at < 4) return glance;
                length = length << 8 | block[at + 3];
                header = 4;
            }
            at += header;
            if (length > block.Length - at || code >= shapes.Length || (seen >> code & 1) != 0) return glance;
            seen |= 1UL << code;
            ref readonly var shape = ref shapes[code];
            if ((flags & shape.KindMask) != shape.Flags || length < shape.Least || length > shape.Most || (length & shape.UnitMask) != 0)
                return glance;
            if (shape.IsLookedAt)
            {
                var value = block.Slice(at, length);
                if (!IsOrdinary((AttributeCode)code, value, attributes)) return glance;
                if (code == (byte)AttributeCode.MpReach) glance.MpReach = value;
                if (code == (byte)AttributeCode.MpUnreach) glance.MpUnreach = value;
            }
            at += length;
        }
        glance.Seen = seen;
        glance.IsOrdinary = true;
        return glance;
    }

    private static bool IsOrdinary(AttributeCode code, ReadOnlySpan<byte> value, in PathAttributes all) => code switch
    {
        AttributeCode.Origin => value is [<= 2],
        AttributeCode.AsPath => AsPath.IsSoundWithoutZero(value, all.IsWide),
        AttributeCode.As4Path => all.IsWide || AsPath.IsSoundWithoutZero(value, wide: true),
        AttributeCode.Aggregator => value.Length == (all.IsWide ? 8 : 6) && !HasAsZero(value),
        AttributeCode.As4Aggregator => value.Length == 8 && !HasAsZero(value),
        // Abbreviated to the next hop, or whole with one of a usual length, and a reserved byte behind it (see MpReach).
        AttributeCode.MpReach => all.IsAbbreviated && value is [not 0, ..]
            ? value.Length > value[0] : value is [0, 1 or 2, >= 1 and <= 3, (4 or 16 or 32) and var hop, ..]
                && value.Length >= (all.IsAbbreviated ? 4 : 5) + hop,
        AttributeCode.MpUnreach => true,
        AttributeCode.AccumulatedIgp => AigpFault(value) < 0,
        _ => AttributeTable.Find((byte)code)!.Length.Allows(value.Length),
    };

    // Where the first TLV is that reaches beyond the attribute, or is shorter than its head, or is a metric that has not eight bytes
    // (RFC 7311 section 3); -1 for none.
    private static int AigpFault(ReadOnlySpan<byte> value)
    {
        const byte Metric = 1;
        for (int at = 0; at < value.Length;)
        {
            if (value.Length - at < 3) return at;
            int length = BinaryPrimitives.ReadUInt16BigEndian(value[(at + 1)..]);
            if (length < 3 || length > value.Length - at || value[at] == Metric && length != 11) return at;
            at += length;
        }
        return -1;
    }

    private static Shape[] Shapes()
    {
        var shapes = new Shape[64];
        for (int code = 0; code < shapes.Length; code++) shapes[code] = ShapeOf(AttributeTable.Find((byte)code));
        return shapes;
    }

    private static Shape ShapeOf(AttributeRule? rule)
    {
        const byte Optional = (byte)AttributeFlags.Optional;
        if (rule is null) return new(Optional, Optional, false, 0, 0, ushort.MaxValue);
        var (unit, least, most) = rule.Length;
        bool isPower = (unit & unit - 1) == 0;
        bool isLookedAt = !isPower || rule.Code is AttributeCode.Origin or AttributeCode.AsPath or AttributeCode.Aggregator
            or AttributeCode.MpReach or AttributeCode.MpUnreach or AttributeCode.As4Path or AttributeCode.As4Aggregator
            or AttributeCode.AccumulatedIgp;
        // In a dump MP_REACH_NLRI may be shorter than its rule has it.
        if (rule.Code is AttributeCode.MpReach) least = 0;
        return new(KindFlags, (byte)rule.Flags, isLookedAt, (byte)(isPower ? unit - 1 : 0), (ushort)least, (ushort)most);
    }

    private static Fault Walk(PathAttributes attributes, int offset, bool isDump, out ulong seen, out bool otherWidth)
    {
        Span<ulong> all = stackalloc ulong[4];
        all.Clear();
        Fault worst = default;
        otherWidth = false;
        int at = offset;
        var walk = attributes.GetEnumerator();
        while (walk.MoveNext())
        {
            var attribute = walk.Current;
            int header = HeaderOf(attribute);
            ref ulong word = ref all[attribute.Code >> 6];
            ulong bit = 1UL << (attribute.Code & 63);
            var fault = (word & bit) != 0 ? Twice(attribute.Code, at)
                : AttributeTable.Find(attribute.Code) is { } rule ? Check(attribute, rule, at + header, attributes, ref otherWidth)
                : (attribute.Flags & (byte)AttributeFlags.Optional) == 0 ? Unrecognised(attribute, at, isDump)
                : default;
            if (fault.Kind is not FaultKind.None) worst = Graver(worst, fault);
            word |= bit;
            at += header + attribute.Value.Length;
        }
        seen = all[0] | ((all[1] | all[2] | all[3]) != 0 ? 1UL : 0);
        if (!walk.Overrun) return worst;
        // RFC 7606 section 4: the lengths disagree, but the prefixes are still where the message says.
        uint left = (uint)(offset + attributes.Bytes.Length - at);
        return Graver(worst, new(FaultKind.Overrun, at, walk.Needed, left, Treatment.TreatAsWithdraw));
    }

    // The AS number of an aggregator, before its address of four bytes.
    private static bool HasAsZero(ReadOnlySpan<byte> aggregator) => aggregator.Length > 4 && !aggregator[..^4].ContainsAnyExcept((byte)0);

    // Flags, code, and a length of one byte or two.
    private static int HeaderOf(PathAttribute attribute) => (attribute.Flags & (byte)AttributeFlags.ExtendedLength) != 0 ? 4 : 3;

    // Of two of a kind the first counts; two of MP_REACH or MP_UNREACH end a session (RFC 7606 section 3 g).
    private static Fault Twice(byte code, int at) => new(FaultKind.Duplicate, at, 0, 0,
        (AttributeCode)code is AttributeCode.MpReach or AttributeCode.MpUnreach ? Treatment.SkipRecord : Treatment.DiscardAttribute, code);

    // All well-known attributes have a rule. Another that says it is one ends a session (RFC 4271 section 6.3, which RFC 7606 leaves as
    // it is); in a dump it was taken.
    private static Fault Unrecognised(PathAttribute attribute, int at, bool isDump) => new(FaultKind.BadFlags, at,
        (uint)AttributeFlags.Optional, (uint)attribute.Flags & KindFlags, isDump ? Treatment.None : Treatment.SkipRecord, attribute.Code);

    private static Fault Check(
        PathAttribute attribute, AttributeRule rule, int at, PathAttributes all, scoped ref bool otherWidth)
    {
        int length = attribute.Value.Length;
        // In a dump MP_REACH_NLRI is the next hop alone, and has its own reader.
        bool judged = !(all.IsAbbreviated && rule.Code is AttributeCode.MpReach);
        if (judged && !rule.Length.Allows(length))
            return new(FaultKind.BadLength, at, rule.Length.Wanted, (uint)length, rule.Treatment, attribute.Code);
        if ((attribute.Flags & KindFlags) != (byte)rule.Flags)
            return new(FaultKind.BadFlags, at - HeaderOf(attribute), (uint)rule.Flags, (uint)attribute.Flags & KindFlags,
                FlagTreatment(rule), attribute.Code);
        switch (rule.Code)
        {
            case AttributeCode.AccumulatedIgp when AigpFault(attribute.Value) is >= 0 and var tlv:
                return new(FaultKind.BadValue, at + tlv, 0, (uint)(length - tlv), rule.Treatment, attribute.Code);
            case AttributeCode.Origin when attribute.Value[0] > 2:
                return new(FaultKind.BadValue, at, 1, 1, rule.Treatment, attribute.Code);
            case AttributeCode.AsPath:
                var path = new AsPath(attribute.Value, all.IsWide);
                otherWidth = path.IsOtherWidth;
                if (path.HasAsZero) return new(FaultKind.AsZero, at, 0, 0, rule.Treatment, attribute.Code);
                return path.IsSound ? default : new(FaultKind.BadValue, at, 0, (uint)length, rule.Treatment, attribute.Code);
            case AttributeCode.As4Path when !all.IsWide && !new AsPath(attribute.Value, true).IsSoundAs(wide: true):
                return new(FaultKind.BadValue, at, 0, (uint)length, rule.Treatment, attribute.Code);
            case AttributeCode.As4Path when !all.IsWide && AsPath.HasZero(attribute.Value, wide: true):
            case AttributeCode.Aggregator or AttributeCode.As4Aggregator when HasAsZero(attribute.Value):
                return new(FaultKind.AsZero, at, 0, 0, rule.Treatment, attribute.Code);
            case AttributeCode.Aggregator when !all.IsWide && length == 8 || all.IsWide && length == 6:
                otherWidth = true;
                return default;
            case AttributeCode.MpReach or AttributeCode.MpUnreach when judged || rule.Code is AttributeCode.MpReach:
                return CheckMp(attribute, at, all.IsAbbreviated);
            default:
                return default;
        }
    }

    private static Fault CheckMp(PathAttribute attribute, int at, bool abbreviated)
    {
        var fault = (AttributeCode)attribute.Code is AttributeCode.MpReach
            ? new MpReach(attribute.Value, abbreviated).Fault : new MpUnreach(attribute.Value).Fault;
        if (fault.Kind is FaultKind.None) return default;
        var treatment = abbreviated ? Treatment.DiscardAttribute : Treatment.SkipRecord;
        return fault with { Offset = at + fault.Offset, Treatment = treatment, Attribute = attribute.Code };
    }

    // Section 3 c: as withdrawn, where the attribute's own rule is no milder.
    private static Treatment FlagTreatment(AttributeRule rule) =>
        rule.Treatment is Treatment.SkipRecord ? Treatment.TreatAsWithdraw : rule.Treatment;

    // Section 3 d: without these an announced route cannot be used.
    private static byte Missing(ulong seen, bool announcesIPv4) =>
        !Has(seen, AttributeCode.Origin) ? (byte)AttributeCode.Origin
        : !Has(seen, AttributeCode.AsPath) ? (byte)AttributeCode.AsPath
        : announcesIPv4 && !Has(seen, AttributeCode.NextHop) ? (byte)AttributeCode.NextHop
        : (byte)0;

    private static bool Has(ulong seen, AttributeCode code) => (seen >> (int)code & 1) != 0;

    private static Fault Graver(Fault one, Fault other) =>
        one.Kind is FaultKind.None || other.Treatment > one.Treatment ? other.Kind is FaultKind.None ? one : other : one;
}
