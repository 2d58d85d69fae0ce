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
        Add(new(record, offset + fault.Offset, fault.Kind, fault.ToString(), LosesFraming: false));
}
