using System.Globalization;

using Isthmus.Wire;

namespace Isthmus.Sources;

/// <summary>One fault of a file: where it is, what is wrong, what was done.</summary>
/// <param name="Record">1-based number of the record; 0 for a fault of the file as a whole.</param>
/// <param name="Offset">Bytes from the start of the decompressed file.</param>
/// <param name="Text">In words, without the file's name.</param>
/// <param name="LosesFraming">True when bytes were lost that could have held whole records.</param>
public sealed record FileFault(long Record, long Offset, FaultKind Kind, string Text, bool LosesFraming)
{
    /// <summary>One line: <c>rrc00/updates.20240301.0005.gz: record 1204, byte 88123: AS_PATH needs 12 bytes, 4 left; …</c></summary>
    public string ToLine(string file) => Record == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{file}: byte {Offset}: {Text}")
        : string.Create(CultureInfo.InvariantCulture, $"{file}: record {Record}, byte {Offset}: {Text}");
}

/// <summary>What is wrong with one file: every fault counted, the first ones kept in words.</summary>
public sealed class FaultLedger
{
    /// <summary>Faults kept in words; the rest are counted. A file of noise has one for every record.</summary>
    public const int KeptMax = 100;

    private readonly List<FileFault> _kept = [];

    /// <summary>All faults.</summary>
    public long Count { get; private set; }

    public IReadOnlyList<FileFault> Kept => _kept;

    public void Add(FileFault fault)
    {
        Count++;
        // A loss of framing is never dropped: it says which bytes are missing.
        if (_kept.Count < KeptMax || fault.LosesFraming) _kept.Add(fault);
    }

    /// <summary>Enters a fault of a record that was framed.</summary>
    public void Add(long record, long offset, Fault fault) =>
        Add(new(record, offset + fault.Offset, fault.Kind, FaultText.Describe(fault), LosesFraming: false));
}

/// <summary>Faults in words.</summary>
public static class FaultText
{
    /// <summary>What is wrong and what was done, as <c>AS_PATH needs 12 bytes, 4 left; treated as withdrawn (RFC 7606)</c>.</summary>
    public static string Describe(Fault fault)
    {
        string what = fault.Attribute == 0 ? "a field" : NameOf(fault.Attribute);
        string wrong = fault.Kind switch
        {
            FaultKind.Truncated => Invariant($"{what} needs {fault.Needed} bytes, {fault.Available} left"),
            FaultKind.BadLength when fault.Attribute == 0 => Invariant($"an attribute overruns its block, {fault.Available} bytes left"),
            FaultKind.BadLength => Invariant($"{what} has {fault.Available} bytes, not {fault.Needed}"),
            FaultKind.BadValue => $"{what} holds a value that cannot be",
            FaultKind.BadFlags => $"{what} has flags that cannot be",
            FaultKind.Duplicate => $"{what} stands twice",
            FaultKind.Missing => $"{what} is missing from an announcement",
            FaultKind.NoPeerIndex => "a RIB entry without a peer index table before it",
            FaultKind.Unknown => "a type of record that holds no routes, or is not known",
            _ => "sound",
        };
        return fault.Treatment switch
        {
            Treatment.DiscardAttribute => wrong + "; attribute discarded (RFC 7606)",
            Treatment.TreatAsWithdraw => wrong + "; treated as withdrawn (RFC 7606)",
            Treatment.SkipRecord => wrong + "; the rest of the record skipped",
            Treatment.StopSource => wrong + "; reading stopped",
            _ => wrong,
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string NameOf(byte attribute) => attribute switch
    {
        1 => "ORIGIN",
        2 => "AS_PATH",
        3 => "NEXT_HOP",
        4 => "MULTI_EXIT_DISC",
        5 => "LOCAL_PREF",
        6 => "ATOMIC_AGGREGATE",
        7 => "AGGREGATOR",
        8 => "COMMUNITIES",
        14 => "MP_REACH_NLRI",
        15 => "MP_UNREACH_NLRI",
        16 => "EXTENDED COMMUNITIES",
        17 => "AS4_PATH",
        18 => "AS4_AGGREGATOR",
        32 => "LARGE_COMMUNITY",
        35 => "ONLY_TO_CUSTOMER",
        _ => Invariant($"attribute {attribute}"),
    };
}
