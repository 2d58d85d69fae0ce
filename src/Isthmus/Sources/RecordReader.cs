using System.Buffers;

using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>
/// Reads the MRT records of a decompressed stream. Where the framing is lost it looks for the next three plausible
/// records in a row, goes on there, and enters the bytes between in the ledger: nothing is lost silently.
/// </summary>
public sealed class RecordReader(Stream plain, FaultLedger faults) : RecordSource(faults)
{
    /// <summary>So many plausible records in a row prove that the framing is found again (methods.md 11.2).</summary>
    private const int ChainRecords = 3;

    /// <summary>Bytes that are held while a chain is looked for; those before are given up.</summary>
    private const int SearchBytes = 1 << 24;

    /// <summary>So many bytes of a loss are kept for whoever wants to see them.</summary>
    public const int LostBytesShown = 256;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
    private int _start, _end;
    private bool _ended;

    /// <summary>Bytes in which no record could be found.</summary>
    public long BytesLost { get; private set; }

    /// <summary>Told of each loss of bytes when it is entered, with the first <see cref="LostBytesShown"/> of them.</summary>
    public Action<FaultEntry, byte[]>? OnLost { get; init; }

    public override bool TryRead(out MrtRecord record)
    {
        while (true)
        {
            var reader = new MrtReader(_buffer.AsSpan(_start, _end - _start), Offset, Records);
            switch (reader.TryRead(out record))
            {
                case Framing.Whole when !_ended && _end - _start < record.Bytes.Length + MrtReader.LookAheadBytes:
                    // What follows is needed too; reading moves the bytes, so the record is framed anew.
                    Fill(record.Bytes.Length + MrtReader.LookAheadBytes);
                    continue;
                case Framing.Whole when !IsTornAfter(record.Bytes.Length):
                    Accept(record.Bytes.Length);
                    return true;
                case Framing.Whole:
                    return TryMend(record.Bytes.Length, out record);
                case Framing.Partial when !_ended:
                    // A length that is damaged must not swallow the file: it is believed as far as it can be read.
                    Fill((int)reader.Needed);
                    continue;
                case Framing.End when !_ended:
                    Fill(MrtRecord.HeaderBytes);
                    continue;
                case Framing.End:
                    return false;
                default:
                    if (!Resynchronise()) return false;
                    continue;
            }
        }
    }

    // The bytes after a record are no header: either its own length is damaged, or what follows is.
    private bool IsTornAfter(int length)
    {
        var next = _buffer.AsSpan(_start + length, _end - _start - length);
        return next.Length >= MrtRecord.HeaderBytes && !MrtReader.IsPlausible(next);
    }

    // When the chain goes on inside the record its length was too large: it ends where the chain begins.
    private bool TryMend(int length, out MrtRecord record)
    {
        int chain = FindChain(MrtRecord.HeaderBytes, length);
        int whole = chain >= 0 && chain < length ? chain : length;
        record = new MrtReader(_buffer.AsSpan(_start, length), Offset, Records).Take(whole);
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
        Accept(whole);
        return true;
    }

    private void Accept(int length)
    {
        _start += length;
        Offset += length;
        Records++;
    }

    // Torn, or cut off: the bytes up to the next chain are lost, all that are left when there is none.
    private bool Resynchronise()
    {
        long from = Offset;
        bool isHeader = MrtReader.IsPlausible(_buffer.AsSpan(_start, _end - _start));
        uint needed = isHeader ? new MrtReader(_buffer.AsSpan(_start, _end - _start)).Needed : MrtRecord.HeaderBytes;
        byte[] head = [];
        int chain;
        for (int first = 1; ; first = 0)
        {
            chain = FindChain(first, SearchBytes);
            int passed = chain >= 0 ? chain : Math.Min(SearchBytes, _end - _start);
            if (head.Length == 0) head = _buffer.AsSpan(_start, Math.Min(passed, LostBytesShown)).ToArray();
            _start += passed;
            Offset += passed;
            if (chain >= 0 || passed < SearchBytes || _ended && _end == _start) break;
        }
        long lost = Offset - from;
        BytesLost += lost;
        Losses++;
        // A file shorter than one search that begins like a record is a file that was cut.
        bool isCut = chain < 0 && (lost < MrtRecord.HeaderBytes || isHeader && needed > lost);
        string what = chain >= 0 ? "no MRT record here; read on at the next three in a row"
            : isCut ? "the file ends inside a record" : "no MRT record from here to the end of the file";
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
            if (_end - _start - at < MrtRecord.HeaderBytes && !_ended) Fill(at + (1 << 20));
            if (_end - _start - at < MrtRecord.HeaderBytes) return -1;
            if (IsChain(at)) return at;
        }
        return -1;
    }

    private bool IsChain(int at)
    {
        for (int i = 0; i < ChainRecords; i++)
        {
            while (!_ended && _end - _start - at < MrtRecord.HeaderBytes) Fill(at + MrtRecord.HeaderBytes);
            var rest = _buffer.AsSpan(_start + at, _end - _start - at);
            if (rest.IsEmpty) return i > 0;
            if (!MrtReader.IsPlausible(rest)) return false;
            uint length = new MrtReader(rest).Needed;
            if (length > (uint)rest.Length && !_ended && length <= ChainRecordBytesMax)
            {
                Fill(at + (int)length);
                rest = _buffer.AsSpan(_start + at, _end - _start - at);
            }
            if (length > (uint)rest.Length) return false;
            at += (int)length;
        }
        return true;
    }

    /// <summary>A record of a chain is no longer than this, so that a false header does not make us read the whole file.</summary>
    private const uint ChainRecordBytesMax = 1 << 20;

    /// <summary>Brings at least so many bytes from the start of the next record, as far as there are any.</summary>
    private void Fill(int needed)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        while (_end < needed && !_ended)
        {
            // Room is made as bytes come in: a length that is damaged must not cost what it announces.
            if (_end == _buffer.Length)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
                _buffer.AsSpan(0, _end).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }
            int read = plain.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            _ended = read == 0;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        plain.Dispose();
    }
}
