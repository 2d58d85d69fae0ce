using Isthmus.Routes;
using Isthmus.Sources.Compression;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>
/// The records of one file in their order: MRT as it stands, or lines of <c>bgpdump -m</c>, each as the record that says the same.
/// </summary>
public abstract class RecordSource(FaultLedger faults) : IDisposable
{
    /// <summary>So many bytes tell text from MRT: a few lines.</summary>
    public const int TellingBytes = 4096;

    /// <summary>So many bytes of a loss of framing are kept for whoever wants to see them.</summary>
    public const int LostBytesKept = 256;

    /// <summary>Told of bytes that were lost, with the first of them.</summary>
    public delegate void Loss(FaultEntry entry, ReadOnlySpan<byte> head);

    /// <summary>Told of each loss when it is entered: of MRT the first <see cref="LostBytesKept"/> bytes, of text the line.</summary>
    public Loss? OnLost { get; set; }

    /// <summary>Records, or lines, read so far.</summary>
    public long Records { get; protected set; }

    /// <summary>Offset in the decompressed file of the next record.</summary>
    public long Offset { get; protected set; }

    /// <summary>How often bytes were lost that could have been of any peer.</summary>
    public long Losses { get; protected set; }

    /// <summary>What is wrong with the file.</summary>
    protected FaultLedger Faults => faults;

    /// <summary>Opens the records of a file; what they are is told by its content.</summary>
    public static RecordSource Open(DecompressedStream plain, FaultLedger faults) =>
        BgpdumpText.IsText(plain.Peek(TellingBytes)) ? new TextRecordReader(plain, faults) : new RecordReader(plain, faults);

    /// <summary>Reads a record; it is good until the next call. False at the end.</summary>
    public abstract bool TryRead(out MrtRecord record);

    /// <summary>Enters in the ledger what was found wrong with the record read last when it was decoded.</summary>
    public virtual void Enter(in MrtRecord record, Fault fault) => faults.Add(record, fault);

    /// <summary>Counts what of the record read last is sound and not decoded.</summary>
    public void Pass(PassedOver what) => faults.Pass(what);

    /// <summary>Enters what was found wrong with an earlier record.</summary>
    public void Enter(RecordPlace place, Timestamp time, Fault fault) =>
        faults.Add(new FaultEntry(place.Number, place.Offset, fault) { Time = time, IsLine = IsText });

    /// <summary>Enters what was found wrong with several records.</summary>
    internal void Enter(FaultEntry entry) => faults.Add(entry with { IsLine = IsText });

    /// <summary>Where the record read last stands in the file.</summary>
    public virtual RecordPlace PlaceOf(in MrtRecord record) => new(record.Number, record.Offset, record.Bytes.Length);

    /// <summary>The bytes of the file that the record read last was made of: itself, or a line of text.</summary>
    public virtual ReadOnlySpan<byte> BytesOf(in MrtRecord record) => record.Bytes;

    /// <summary>True where records are made of lines of text.</summary>
    public virtual bool IsText => false;

    /// <summary>True when the record read last stands for bytes that cannot be read, of which the ledger knows.</summary>
    public virtual bool IsStandIn => false;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
