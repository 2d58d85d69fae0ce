using System.Globalization;

using Isthmus.Sources.Compression;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>
/// Reads the MRT records of a decompressed stream. Where the framing is lost it looks for the next three plausible
/// records in a row, goes on there, and enters the bytes between in the ledger: nothing is lost silently.
/// </summary>
public sealed class RecordReader(Stream plain, FaultLedger faults) : RecordSource(faults)
{
    /// <summary>So many plausible records in a row prove that the framing is found again.</summary>
    private const int ChainRecords = 3;

    /// <summary>Bytes that are held while a chain is looked for; those before are given up.</summary>
    private const int SearchBytes = 1 << 24;

    private readonly StreamWindow _window = new(plain);
    private readonly StreamGaps _gaps = new(plain);

    private readonly RibNumbers _numbers = new();

    // In place of a table that is lost; the record behind it waits.
    private byte[]? _standIn;

    public override bool IsStandIn => _standIn is not null;

    // Of the last record of TABLE_DUMP; -1 before the first.
    private int _view = -1;

    /// <summary>Bytes in which no record could be found.</summary>
    public long BytesLost { get; private set; }

    public override bool TryRead(out MrtRecord record)
    {
        _standIn = null;
        var held = _window.Held;
        int length = WholeLength(held);
        if (length > 0 && _gaps.IsNone)
        {
            bool isLost = _numbers.LosesTable(held[..length], held[length..], Losses);
            record = isLost ? StandIn() : new MrtReader(held, Offset, Records).Take(length);
            if (!isLost) Accept(record, length);
            return true;
        }
        return TryReadOther(out record);
    }

    // A table without peers, in place of the one that is lost, of which the next record is.
    private MrtRecord StandIn()
    {
        _standIn = RibNumbers.EmptyTable(_window.Held);
        var record = new MrtReader(_standIn, Offset, Records).Take(_standIn.Length);
        Faults.Add(new(Records + 1, Offset, new(FaultKind.NoPeerIndex, 0, Treatment: Treatment.None),
            "behind damage the records of a dump begin anew: a peer index table is lost, and whose routes these are is not known")
        {
            Time = record.Time,
        });
        return record;
    }

    // Nearly every record lies there whole with the header of the next, and its length is as it says; 0 for another.
    private static int WholeLength(ReadOnlySpan<byte> held)
    {
        if (!MrtReader.IsPlausible(held)) return 0;
        long length = MrtReader.LengthOf(held);
        return length + MrtReader.LookAheadBytes <= held.Length && MrtReader.IsPlausible(held[(int)length..]) ? (int)length : 0;
    }

    private bool TryReadOther(out MrtRecord record)
    {
        while (true)
        {
            var reader = new MrtReader(_window.Held, Offset, Records);
            switch (reader.TryRead(out record))
            {
                case Framing.Whole when !_window.Ended && _window.Count < record.Bytes.Length + MrtReader.LookAheadBytes:
                    // What follows is needed too; reading moves the bytes, so the record is framed anew.
                    _window.Fill(record.Bytes.Length + MrtReader.LookAheadBytes);
                    continue;
                case Framing.Whole when _gaps.Take(Offset, Offset + record.Bytes.Length) is >= 0 and var gap:
                    // Whole records are missing there; one that reaches across is made of two.
                    if (gap == Offset) Losses++;
                    else if (!LoseUntil(gap)) return false;
                    continue;
                case Framing.Whole when !IsTornAfter(record.Bytes.Length):
                    if (_numbers.LosesTable(record.Bytes, _window.Held[record.Bytes.Length..], Losses)) record = StandIn();
                    else Accept(record, record.Bytes.Length);
                    return true;
                case Framing.Whole:
                    return TryMend(record.Bytes.Length, out record);
                case Framing.Partial when !_window.Ended:
                    // A length that is damaged must not swallow the file: it is believed as far as it can be read.
                    _window.Fill((int)reader.Needed);
                    continue;
                case Framing.End when !_window.Ended:
                    _window.Fill(MrtRecord.HeaderBytes);
                    continue;
                case Framing.End:
                    return false;
                default:
                    if (!Resynchronise()) return false;
                    continue;
            }
        }
    }

    /// <summary>
    /// True when a file that starts so is MRT: a plausible record, or, where the first is damaged, others in a row behind it. A start
    /// shorter than <see cref="RecordSource.TellingBytes"/> is the whole file.
    /// </summary>
    public static bool HoldsRecords(ReadOnlySpan<byte> start)
    {
        if (MrtReader.IsPlausible(start)) return true;
        using var records = new RecordReader(new MemoryStream(start.ToArray()), new FaultLedger());
        return records.FindChain(1, start.Length) >= 0;
    }

    // The bytes after a record are no header: either its own length is damaged, or what follows is.
    private bool IsTornAfter(int length)
    {
        var next = _window.Held[length..];
        return next.Length >= MrtRecord.HeaderBytes && !MrtReader.IsPlausible(next);
    }

    // When the chain goes on inside the record its length was too large: it ends where the chain begins.
    private bool TryMend(int length, out MrtRecord record)
    {
        int chain = FindChain(1, length);
        // Records in a row that begin inside the header: it is torn itself, and they are whole.
        if (chain is > 0 and < MrtRecord.HeaderBytes)
        {
            record = default;
            return Resynchronise() && TryRead(out record);
        }
        int whole = chain >= 0 && chain < length ? chain : length;
        if (_numbers.LosesTable(_window.Held[..whole], _window.Held[whole..], Losses))
        {
            record = StandIn();
            return true;
        }
        record = new MrtReader(_window.Held[..length], Offset, Records).Take(whole);
        if (whole < length)
        {
            Losses++;
            Faults.Add(new(Records + 1, Offset, new(FaultKind.BadLength, 0, (uint)length, (uint)whole, Treatment.Resynchronise),
                FormattableString.Invariant($"the record's length is damaged; it ends where the next three begin, {length - whole} bytes short"))
            {
                Time = record.Time,
                LosesFraming = true,
            });
        }
        Accept(record, whole);
        return true;
    }

    private void Accept(in MrtRecord record, int length)
    {
        if (record is { Type: MrtType.TableDumpV2, Subtype: 1 }) Faults.AddView(ViewName.Of(_window.Held[..length]));
        else if (record.Type is MrtType.TableDump && ViewName.NumberOf(record.Body) is var view && view != _view)
            Faults.AddView((_view = view) == 0 ? "" : view.ToString(CultureInfo.InvariantCulture));
        _window.Pass(length);
        Offset += length;
        Records++;
    }

    // The record in front of bytes that are missing from the compressed stream is lost, and the rest of one behind them.
    private bool LoseUntil(long gap)
    {
        long from = Offset;
        byte[] head = _window.Held[..(int)Math.Min(gap - from, LostBytesKept)].ToArray();
        _window.Pass((int)(gap - from));
        Offset = gap;
        BytesLost += gap - from;
        Losses++;
        var entry = new FaultEntry(Records + 1, from, new(FaultKind.CutOff, 0, 0, 0, Treatment.Resynchronise), FormattableString.Invariant(
            $"a record reaches into bytes that are missing from the compressed stream; {gap - from} bytes skipped"))
        {
            Lost = new(from, gap),
            BytesSkipped = gap - from,
            LosesFraming = true,
        };
        Faults.Add(entry);
        OnLost?.Invoke(entry, head);
        return FindChain(0, 1) == 0 || Resynchronise();
    }

    // Torn, or cut off: the bytes up to the next chain are lost, all that are left when there is none.
    private bool Resynchronise()
    {
        long from = Offset;
        bool isHeader = MrtReader.IsPlausible(_window.Held);
        uint needed = isHeader ? new MrtReader(_window.Held).Needed : MrtRecord.HeaderBytes;
        byte[] head = [];
        int chain;
        for (int first = 1; ; first = 0)
        {
            chain = FindChain(first, SearchBytes);
            int passed = chain >= 0 ? chain : Math.Min(SearchBytes, _window.Count);
            if (head.Length == 0) head = _window.Held[..Math.Min(passed, LostBytesKept)].ToArray();
            _window.Pass(passed);
            Offset += passed;
            if (chain >= 0 || passed < SearchBytes || _window.Ended && _window.Count == 0) break;
        }
        long lost = Offset - from;
        BytesLost += lost;
        Losses++;
        // A file shorter than one search that begins like a record is a file that was cut.
        bool isCut = chain < 0 && (lost < MrtRecord.HeaderBytes || isHeader && needed > lost);
        string what = chain >= 0 ? "no MRT record here; read on at the next three in a row"
            : isCut ? $"{_gaps.Whole} ends inside a record" : "no MRT record from here to the end of the file";
        var entry = new FaultEntry(Records + 1, from, isCut
            ? new(FaultKind.CutOff, 0, needed, (uint)lost, Treatment.StopSource)
            : new(FaultKind.Torn, 0, MrtRecord.HeaderBytes, 0, chain >= 0 ? Treatment.Resynchronise : Treatment.StopSource),
            FormattableString.Invariant($"{what}; {lost} bytes skipped"))
        {
            Lost = new(from, Offset),
            BytesSkipped = lost,
            LosesFraming = true,
        };
        Faults.Add(entry);
        OnLost?.Invoke(entry, head);
        return chain >= 0;
    }

    // Looks ahead from a place in the buffer, up to another; reads on while there is more, in steps that stay bounded.
    private int FindChain(int from, int to)
    {
        for (int at = from; at < to; at++)
        {
            if (_window.Count - at < MrtRecord.HeaderBytes && !_window.Ended) _window.Fill(at + (1 << 20));
            if (_window.Count - at < MrtRecord.HeaderBytes) return -1;
            if (IsChain(at)) return at;
        }
        return -1;
    }

    private bool IsChain(int at)
    {
        for (int i = 0; i < ChainRecords; i++)
        {
            while (!_window.Ended && _window.Count - at < MrtRecord.HeaderBytes) _window.Fill(at + MrtRecord.HeaderBytes);
            var rest = _window.Held[at..];
            if (rest.IsEmpty) return i > 0;
            if (!MrtReader.IsPlausible(rest)) return false;
            long length = new MrtReader(rest).Needed;
            if (length + MrtReader.LookAheadBytes > rest.Length && !_window.Ended && length <= ChainRecordBytesMax)
            {
                _window.Fill(at + (int)length + MrtReader.LookAheadBytes);
                rest = _window.Held[at..];
            }
            if (length > rest.Length) return false;
            length = MrtReader.LengthOf(rest);
            at += (int)length;
        }
        return true;
    }

    /// <summary>A record of a chain is no longer than this, so that a false header does not make us read the whole file.</summary>
    private const uint ChainRecordBytesMax = 1 << 20;

    protected override void Dispose(bool disposing)
    {
        if (disposing) _window.Dispose();
    }
}
