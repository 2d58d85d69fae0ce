namespace Isthmus.Wire;

/// <summary>What is wrong with some bytes.</summary>
public enum FaultKind : byte
{
    None = 0,
    /// <summary>A field needs more bytes than are left.</summary>
    Truncated,
    /// <summary>A field holds a value that the standard forbids there.</summary>
    BadValue,
    /// <summary>A length field disagrees with what it measures.</summary>
    BadLength,
    /// <summary>Attribute flags disagree with the attribute's code (RFC 7606 section 3 c).</summary>
    BadFlags,
    /// <summary>An attribute stands twice (RFC 7606 section 3 g).</summary>
    Duplicate,
    /// <summary>An attribute that announced routes need is not there (RFC 7606 section 3 d).</summary>
    Missing,
    /// <summary>A record that refers to a peer index table which the file has not shown.</summary>
    NoPeerIndex,
    /// <summary>A type or subtype that this reader does not know.</summary>
    Unknown,
}

/// <summary>What a receiver does about a fault (RFC 7606 section 2, and framing).</summary>
public enum Treatment : byte
{
    None = 0,
    /// <summary>Discard the attribute, keep the routes.</summary>
    DiscardAttribute,
    /// <summary>Treat the announced routes as withdrawn.</summary>
    TreatAsWithdraw,
    /// <summary>Skip the record, go on with the next.</summary>
    SkipRecord,
    /// <summary>Stop reading the source: the framing is lost.</summary>
    StopSource,
}

/// <summary>Malformed bytes: what, where, and what was done about it.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">Bytes from the start of what the reader was given.</param>
/// <param name="Needed">Bytes that the field asked for.</param>
/// <param name="Available">Bytes that were there.</param>
/// <param name="Treatment">What a receiver does about it.</param>
/// <param name="Attribute">Code of the path attribute concerned; 0 for none.</param>
public readonly record struct Fault(
    FaultKind Kind, int Offset, uint Needed = 0, uint Available = 0, Treatment Treatment = Treatment.SkipRecord, byte Attribute = 0);
