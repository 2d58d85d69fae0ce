using Isthmus.Wire;

namespace Isthmus.Export.Damage;

/// <summary>The names of faults and treatments as data have them: they are a contract, and do not change.</summary>
internal static class FaultNames
{
    /// <summary>A kind: <c>bad-length</c>.</summary>
    public static string NameOf(FaultKind kind) => kind switch
    {
        FaultKind.Truncated => "truncated",
        FaultKind.BadValue => "bad-value",
        FaultKind.BadLength => "bad-length",
        FaultKind.BadFlags => "bad-flags",
        FaultKind.Overrun => "overrun",
        FaultKind.BadPrefix => "bad-prefix",
        FaultKind.Duplicate => "duplicate",
        FaultKind.Missing => "missing",
        FaultKind.NoPeerIndex => "no-peer-index",
        FaultKind.Unknown => "unknown",
        FaultKind.Undecoded => "undecoded",
        FaultKind.Trailing => "trailing",
        FaultKind.BadMicroseconds => "bad-microseconds",
        FaultKind.UnsaidPathIds => "unsaid-path-ids",
        FaultKind.StrayTime => "stray-time",
        FaultKind.Torn => "torn",
        FaultKind.CutOff => "cut-off",
        FaultKind.Compression => "compression",
        FaultKind.Undefined => "undefined",
        FaultKind.BadPeerIndex => "bad-peer-index",
        FaultKind.AsZero => "as-zero",
        FaultKind.BadMarker => "bad-marker",
        FaultKind.BadState => "bad-state",
        _ => "none",
    };

    /// <summary>A treatment, in the words of RFC 7606 section 2 where it has one: <c>treat-as-withdraw</c>.</summary>
    public static string NameOf(Treatment treatment) => treatment switch
    {
        Treatment.DiscardAttribute => "attribute-discard",
        Treatment.TreatAsWithdraw => "treat-as-withdraw",
        Treatment.SkipEntry => "skip-entry",
        Treatment.SkipRecord => "skip-record",
        Treatment.Resynchronise => "resynchronise",
        Treatment.StopSource => "stop",
        _ => "none",
    };

    /// <summary>What is counted: <c>bytes</c>, <c>flags</c>, <c>bits</c>.</summary>
    public static string NameOf(FaultUnit unit) => unit switch
    {
        FaultUnit.Flags => "flags",
        FaultUnit.Bits => "bits",
        FaultUnit.Number => "number",
        _ => "bytes",
    };
}
