using Isthmus.Sources;
using Isthmus.Text;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>Records of one file in a row, copied, so that they can be walked while another thread frames those behind them.</summary>
internal sealed class RecordPiece : IDisposable
{
    /// <summary>So many records make one, however short: after each it is asked whether to go on, and progress told.</summary>
    private const int FullRecords = 1 << 12;

    private readonly TextBuffer _bytes = new(1 << 17);
    private readonly List<Entry> _entries = [];
    private int _fullBytes;

    /// <param name="LineBytes">Length of the line that the record was made of; of MRT its own.</param>
    /// <param name="IsStandIn">True when it stands for bytes of which the ledger knows already.</param>
    private readonly record struct Entry(long Number, long Offset, int Bytes, int LineBytes, bool IsLine, bool IsStandIn);

    /// <summary>True when it is as large as a piece gets.</summary>
    public bool IsFull => _bytes.Length >= _fullBytes || _entries.Count >= FullRecords;

    /// <summary>The peer index table that holds for its first record; null where there is none.</summary>
    public byte[]? PeerIndex { get; private set; }

    /// <summary>Makes it empty, for the records behind a peer index table.</summary>
    /// <param name="fullBytes">So many bytes of records make it full.</param>
    public void Start(byte[]? peerIndex, int fullBytes)
    {
        _fullBytes = fullBytes;
        _bytes.Clear();
        _entries.Clear();
        PeerIndex = peerIndex;
    }

    /// <summary>Copies the record that a source has just given.</summary>
    public void Add(in MrtRecord record, RecordSource source)
    {
        _entries.Add(new(
            record.Number, record.Offset, record.Bytes.Length, source.PlaceOf(record).Length, source.IsText, source.IsStandIn));
        _bytes.Append(record.Bytes);
    }

    /// <summary>Walks the records, and enters what came of it.</summary>
    public void Walk(ElementWalk walk, WalkedPiece walked)
    {
        var rest = _bytes.Text;
        foreach (var entry in _entries)
        {
            var record = new MrtReader(rest, entry.Offset, entry.Number - 1).Take(entry.Bytes);
            rest = rest[entry.Bytes..];
            walked.Elements += walk.Take(record);
            if (!walk.PassedOver.IsNone) walked.Pass(walk.PassedOver);
            if (walk.Fault.Kind is FaultKind.Unknown) walked.OtherRecords++;
            else if (walk.Fault.Kind is not FaultKind.None && !entry.IsStandIn)
                walked.Faults.Add(entry.IsLine
                    ? FaultEntry.OfLine(new(entry.Number, entry.Offset, entry.LineBytes), record.Time, walk.Fault)
                    : FaultEntry.OfRecord(record, walk.Fault));
        }
    }

    public void Dispose() => _bytes.Dispose();
}

/// <summary>What came of a piece of records: it waits until what stands before it has been written.</summary>
internal sealed class WalkedPiece : IDisposable
{
    /// <summary>So many bytes it takes beside its text, and for each fault.</summary>
    private const int OwnBytes = 512, FaultBytes = 256;

    /// <summary>Text of its elements that has not been written.</summary>
    public TextBuffer Text { get; } = new(0);

    public List<FaultEntry> Faults { get; } = [];

    /// <summary>What is sound and not decoded; few kinds of it, so that it takes no room to speak of.</summary>
    public Dictionary<PassedOver, long> PassedOver { get; } = [];

    public void Pass(PassedOver what) => PassedOver[what] = PassedOver.GetValueOrDefault(what) + 1;

    /// <summary>Records of types that hold no routes, or that are not known.</summary>
    public long OtherRecords { get; set; }

    public long Elements { get; set; }

    /// <summary>Bytes of text that all its elements took, written or not.</summary>
    public long TextBytes { get; set; }

    /// <summary>True when nothing more comes.</summary>
    public bool IsDone { get; set; }

    /// <summary>Bytes of memory that it takes, about.</summary>
    public long Bytes => OwnBytes + Text.Length + (long)FaultBytes * Faults.Count;

    /// <summary>So many of them are in the sum of all that wait.</summary>
    public long BytesCounted { get; set; }

    public void Dispose() => Text.Dispose();
}
