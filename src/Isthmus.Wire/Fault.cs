
using static System.FormattableString;

namespace Isthmus.Wire;

/// <summary>What is wrong with some bytes, by the RFC of what they hold; RFC 7606 for path attributes.</summary>
public enum FaultKind : byte
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,
    /// <summary>A field needs more bytes than are left.</summary>
    Truncated,
    /// <summary>A field holds a value that the standard forbids there.</summary>
    BadValue,
    /// <summary>A length field disagrees with what it measures.</summary>
    BadLength,
    /// <summary>Attribute flags disagree with the attribute's code (RFC 7606 section 3 c).</summary>
    BadFlags,
    /// <summary>An attribute's length reaches beyond the block of attributes (RFC 7606 section 4).</summary>
    Overrun,
    /// <summary>A prefix longer than its family has bits: what follows it cannot be found (RFC 7606 section 3 j).</summary>
    BadPrefix,
    /// <summary>An attribute stands twice (RFC 7606 section 3 g), or a default route in a list of prefixes, as zeroed bytes read.</summary>
    Duplicate,
    /// <summary>An attribute that a route needs, announced or in a dump, is not there (RFC 7606 section 3 d).</summary>
    Missing,
    /// <summary>A record that refers to a peer index table which the file has not shown (RFC 6396 section 4.3.1).</summary>
    NoPeerIndex,
    /// <summary>A type, subtype or family that holds no IPv4 or IPv6 routes, or is not known.</summary>
    Unknown,
    /// <summary>A historic form that could hold routes, whose layout nobody wrote down.</summary>
    Undecoded,
    /// <summary>Bytes stand where the record should end.</summary>
    Trailing,
    /// <summary>Prefixes carry path identifiers though the record does not say so; they were read with them.</summary>
    UnsaidPathIds,
    /// <summary>No record stands where one should begin.</summary>
    Torn,
    /// <summary>The file ends inside a record.</summary>
    CutOff,
    /// <summary>The compressed stream is cut off or damaged.</summary>
    Compression,
    /// <summary>A record dated far from those before and after it, as a wrong bit does.</summary>
    StrayTime,
    /// <summary>A type, subtype, type of message or family that no standard defines, as a wrong bit makes one.</summary>
    Undefined,
    /// <summary>A RIB entry whose peer index is beyond the peer index table (RFC 6396 section 4.3.4).</summary>
    BadPeerIndex,
    /// <summary>AS 0 in a path or an aggregator (RFC 7607 section 2).</summary>
    AsZero,
    /// <summary>The marker of a BGP message is not all ones (RFC 4271 sections 4.1 and 6.1); the message was read.</summary>
    BadMarker,
    /// <summary>A state of a session that has no name (RFC 6396 section 4.4.1); the change was taken as it stands.</summary>
    BadState,
    /// <summary>A million microseconds or more in a record's time (RFC 6396 section 3); it was dated by 999,999.</summary>
    BadMicroseconds,
}

/// <summary>What a receiver does about a fault (RFC 7606 section 2, and framing), from the mildest to the gravest.</summary>
public enum Treatment : byte
{
    /// <summary>Nothing: the fault does no harm.</summary>
    None = 0,
    /// <summary>Discard the attribute, keep the routes.</summary>
    DiscardAttribute,
    /// <summary>Treat the announced routes as withdrawn.</summary>
    TreatAsWithdraw,
    /// <summary>Skip one entry of a RIB record, keep the others.</summary>
    SkipEntry,
    /// <summary>Skip the record, go on with the next. RFC 7606 has a session reset here, which an archive cannot do.</summary>
    SkipRecord,
    /// <summary>Skip bytes up to the next three plausible records in a row.</summary>
    Resynchronise,
    /// <summary>Stop reading the source: the framing is lost.</summary>
    StopSource,
}

/// <summary>What <see cref="Fault.Needed"/> and <see cref="Fault.Available"/> are given in.</summary>
public enum FaultUnit : byte
{
    /// <summary>Bytes of a field.</summary>
    Bytes = 0,
    /// <summary>The optional and transitive bits of an attribute, as the flags octet has them: 0x80 and 0x40.</summary>
    Flags,
    /// <summary>Bits of a prefix's length.</summary>
    Bits,
    /// <summary>Nothing is measured: the values themselves, as a type or a peer index.</summary>
    Number,
}

/// <summary>Malformed bytes: what, where, and what a receiver does about it. <c>default</c> is no fault. Nothing throws one.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">
/// Bytes, the first being 0, from the start of what the giver counts from: a record, an attribute's value, a list of prefixes.
/// </param>
/// <param name="Needed">What the field asked for, in <see cref="Unit"/>; 0 where that cannot be counted.</param>
/// <param name="Available">What was there, in <see cref="Unit"/>; 0 where that cannot be counted.</param>
/// <param name="Treatment">What a receiver does about it.</param>
/// <param name="Attribute">Code of the path attribute concerned; 0 for none.</param>
public readonly record struct Fault(
    FaultKind Kind, int Offset, uint Needed = 0, uint Available = 0, Treatment Treatment = Treatment.SkipRecord, byte Attribute = 0)
{
    /// <summary>What <see cref="Needed"/> holds of an undefined address family: AFI and SAFI are both in <see cref="Available"/>.</summary>
    internal const uint FamilyNumbers = 2;

    /// <summary>What <see cref="Needed"/> and <see cref="Available"/> count: bytes, but for flags, types, peer indexes and the length of a prefix.</summary>
    public FaultUnit Unit => Kind switch
    {
        FaultKind.BadFlags => FaultUnit.Flags,
        FaultKind.BadPrefix => FaultUnit.Bits,
        FaultKind.Undefined or FaultKind.BadPeerIndex or FaultKind.BadState => FaultUnit.Number,
        _ => FaultUnit.Bytes,
    };

    /// <summary>The name of the path attribute concerned, as the standard has it, or <c>attribute 99</c>; null for none.</summary>
    public string? AttributeName => Attribute == 0 ? null : AttributeTable.NameOf(Attribute);

    /// <summary>
    /// Where it is written what a receiver does about it: <c>RFC 7606 section 7.2</c>; null where no RFC has a word on it.
    /// </summary>
    public string? Rule => Treatment is Treatment.DiscardAttribute or Treatment.TreatAsWithdraw || Attribute != 0
        || Kind is FaultKind.Missing ? Section : null;

    /// <summary>In words, without the place: <c>AS_PATH needs 12 bytes, 4 left; treated as withdrawn (RFC 7606 section 7.2)</c>.</summary>
    public override string ToString() => Treatment switch
    {
        Treatment.DiscardAttribute => $"{Wrong}; attribute discarded ({Section})",
        Treatment.TreatAsWithdraw => $"{Wrong}; treated as withdrawn ({Section})",
        Treatment.SkipEntry => Wrong + "; the entry skipped",
        Treatment.SkipRecord => Wrong + "; the rest of the record skipped",
        Treatment.Resynchronise => Wrong + "; read on at the next three records in a row",
        Treatment.StopSource => Wrong + "; reading stopped",
        _ => Wrong,
    };

    private string Wrong => Kind switch
    {
        FaultKind.Truncated => Invariant($"{What} needs {Bytes(Needed)}, {Available} left"),
        FaultKind.BadLength when LengthRule is { } length => Invariant($"{What} needs {length}, has {Available}"),
        FaultKind.BadLength when Needed == 0 => Invariant($"{What} cannot have {Bytes(Available)}"),
        FaultKind.BadLength => Invariant($"{What} needs {Bytes(Needed)}, has {Available}"),
        FaultKind.BadValue => $"{What} holds a value that cannot be",
        FaultKind.BadFlags when IsUnrecognised => $"{What} has the flags of a well-known attribute, and is none",
        FaultKind.BadFlags => Invariant($"{What} needs flags 0x{Needed:x2}, has 0x{Available:x2}"),
        FaultKind.Overrun => Invariant($"an attribute needs {Bytes(Needed)}, {Available} left in the block"),
        FaultKind.BadPrefix => Invariant($"a prefix of {Available} bits, where {Needed} are the most"),
        FaultKind.Duplicate when Attribute == 0 => "a default route stands twice in one list of prefixes",
        FaultKind.Duplicate => $"{What} stands twice",
        FaultKind.Missing when Attribute == 0 => "path attributes without a prefix that they are of",
        FaultKind.Missing when Treatment is Treatment.SkipEntry => $"{What} is missing from a RIB entry",
        FaultKind.Missing => $"{What} is missing from an announcement",
        FaultKind.NoPeerIndex => "a RIB entry without a peer index table before it that names peers",
        FaultKind.Unknown => "a type of record that holds no IPv4 or IPv6 routes, or is not known",
        FaultKind.Undecoded => "a historic type of record whose layout was never published",
        FaultKind.Trailing => Invariant($"{Bytes(Available)} more than the record's fields hold"),
        FaultKind.UnsaidPathIds => "prefixes that can only be read with path identifiers, of which the record's subtype says nothing",
        FaultKind.Torn => "no MRT record here",
        FaultKind.CutOff => Invariant($"the file ends inside a record, which needs {Bytes(Needed)}, {Available} left"),
        FaultKind.Compression => "the compressed stream is damaged",
        FaultKind.StrayTime => "the record's time is far from those before and after it; dated by the one before",
        FaultKind.Undefined when Needed == FamilyNumbers =>
            Invariant($"an address family that no standard defines: AFI {Available >> 8}, SAFI {Available & 0xff}"),
        FaultKind.Undefined => Invariant($"a type, subtype or family that no standard defines: {Available}"),
        FaultKind.BadPeerIndex => Invariant($"an entry of peer {Available}, where the peer index table has {Needed} peers, counted from 0"),
        FaultKind.AsZero => $"{What} holds AS 0",
        FaultKind.BadMarker => "the marker of a BGP message is not all ones (RFC 4271 section 6.1); the message was read",
        FaultKind.BadState => Invariant($"a session's state {Available}, where {Needed} is the last that has a name (RFC 6396 section 4.4.1)"),
        FaultKind.BadMicroseconds => "a million microseconds or more in a record's time (RFC 6396 section 3); dated by 999,999",
        _ => "sound",
    };

    // The length of the attribute's value is wrong, not one inside it.
    private ValueLength? LengthRule => AttributeTable.Find(Attribute) is { } rule && rule.Length.Wanted == Needed
        && !rule.Length.Allows((int)Math.Min(Available, ushort.MaxValue)) ? rule.Length : null;

    private bool IsUnrecognised => AttributeTable.Find(Attribute) is null;

    private string What => AttributeName ?? "a field";

    private string Section => Kind switch
    {
        FaultKind.BadFlags => IsUnrecognised ? "RFC 4271 section 6.3" : "RFC 7606 section 3 c",
        FaultKind.Missing => Attribute == 0 ? "RFC 7606 section 5.2" : "RFC 7606 section 3 d",
        FaultKind.Duplicate => "RFC 7606 section 3 g",
        FaultKind.Overrun => "RFC 7606 section 4",
        FaultKind.AsZero => "RFC 7607 section 2",
        FaultKind.Undefined => "RFC 4760 section 7",
        _ => AttributeTable.Find(Attribute)?.Section ?? "RFC 7606",
    };

    private static string Bytes(uint count) => count == 1 ? "1 byte" : Invariant($"{count} bytes");
}
