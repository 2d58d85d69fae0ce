using System.Globalization;

using Isthmus.Routes;
using Isthmus.Sources.Compression;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>
/// Reads lines of <c>bgpdump -m</c> as the records that they came from. A line that cannot be one is passed over and entered
/// in the ledger with its number and byte; empty lines and such behind <c>#</c> are none.
/// </summary>
internal sealed class TextRecordReader(DecompressedStream plain, FaultLedger faults) : RecordSource(faults)
{
    /// <summary>No line is longer: path and communities of one route are 64 KiB at the most, some five characters a hop.</summary>
    private const int LineBytesMax = 1 << 20;

    private static readonly string _tooLong = string.Create(CultureInfo.InvariantCulture,
        $"a line of more than {LineBytesMax} bytes, the most that one of bgpdump -m can have");

    private readonly LineRecord _record = new();
    private readonly List<MrtPeer> _peers = [];
    private readonly Dictionary<MrtPeer, int> _places = [];
    private readonly StreamWindow _window = new(plain);
    private readonly StreamGaps _gaps = new(plain);
    private bool _isAcrossGap;
    private int _taken, _lineLength;
    private long _line, _lineOffset;
    private bool _isIndexed, _isStandIn, _hasEnd, _isTooLong;

    // The line that was read last stays in the window until the next is read.
    private ReadOnlySpan<byte> Line => _window.Held[.._lineLength];

    public override bool TryRead(out MrtRecord record)
    {
        while (_isIndexed || TryReadLine())
        {
            if (Line is [] or [(byte)'#', ..]) continue;
            var line = new BgpdumpLine(Line);
            if (!_isIndexed && line is { Wrong: null, Type: MrtType.TableDumpV2 } && _places.TryAdd(line.Peer, _peers.Count))
            {
                // An index table goes before the first route of each peer; then the line is read once more.
                _peers.Add(line.Peer);
                _record.WriteIndex(line.Time, _peers);
                _isIndexed = true;
                record = Framed();
                return true;
            }
            _isIndexed = false;
            Records++;
            if (!TryWrite(line)) continue;
            record = Framed();
            return true;
        }
        record = default;
        return false;
    }

    public override void Enter(in MrtRecord record, Fault fault)
    {
        if (!_isStandIn) Faults.Add(FaultEntry.OfLine(PlaceOf(record), record.Time, fault));
    }

    public override RecordPlace PlaceOf(in MrtRecord record) => new(_line, _lineOffset, _lineLength);

    public override ReadOnlySpan<byte> BytesOf(in MrtRecord record) => Line;

    public override bool IsText => true;

    public override bool IsStandIn => _isStandIn;

    private MrtRecord Framed() => new MrtReader(_record.Bytes, _lineOffset, _line - 1).Take(_record.Bytes.Length);

    // Writes the record of a line; of one that cannot be read, where its peer is known, a record that cannot be read either,
    // so that what the peer holds is no longer known.
    private bool TryWrite(scoped in BgpdumpLine line)
    {
        string? problem = line.Wrong;
        int at = line.WrongAt;
        // A line of a cut file can look whole: 10.0.0.0/16 as 10.0.0.0/1. A bar behind the last field shows its end.
        if (problem is null && !_hasEnd && line.Kind is RouteEventKind.Withdrawal or RouteEventKind.PeerState)
            (problem, at) = ($"{_gaps.Whole} ends inside a line: no end of a line behind it", _lineLength);
        if (_isTooLong) (problem, at) = (_tooLong, LineBytesMax);
        if (_isAcrossGap) (problem, at) = ("bytes are missing from the compressed stream in this line", 0);
        if (problem is null)
        {
            problem = _record.Write(line, _places.GetValueOrDefault(line.Peer), out var part);
            at = Line.Overlaps(part, out int within) ? within : 0;
        }
        _isStandIn = problem is not null;
        if (problem is null) return true;
        AddFault(line, at, problem);
        if (line.HasPeer && line.Kind is not RouteEventKind.RibEntry) _record.WriteUnreadable(line.Time, line.Peer);
        else if (!line.HasPeer) Losses++;
        return line.HasPeer && line.Kind is not RouteEventKind.RibEntry;
    }

    private void AddFault(scoped in BgpdumpLine line, int at, string problem)
    {
        var kind = _hasEnd || !_window.Ended ? FaultKind.BadValue : FaultKind.CutOff;
        var entry = new FaultEntry(
            _line, _lineOffset + at, new(kind, 0), string.Create(CultureInfo.InvariantCulture, $"{problem}; the line is skipped"))
        {
            Time = line.HasPeer ? line.Time : null,
            IsLine = true,
            BytesSkipped = _lineLength,
            LosesFraming = !line.HasPeer,
        };
        Faults.Add(entry);
        OnLost?.Invoke(entry, Line);
    }

    private bool TryReadLine()
    {
        _window.Pass(_taken);
        _taken = 0;
        while (_isTooLong) PassRest();
        if (_line == 0) PassMark();
        int length = FindEnd();
        if (length < 0) return false;
        _isTooLong = !_hasEnd && !_window.Ended;
        _line++;
        _taken = length + EndBytes(length);
        (_lineOffset, _lineLength) = (Offset, length);
        Offset += _taken;
        long gap = _gaps.Take(_lineOffset, Offset);
        _isAcrossGap = gap > _lineOffset;
        // Whole lines are missing too.
        if (gap >= 0) Losses++;
        return true;
    }

    // A piece of a line of which the start is too long already.
    private void PassRest()
    {
        int length = Math.Max(0, FindEnd());
        _isTooLong = !_hasEnd && !_window.Ended;
        length += EndBytes(length);
        _window.Pass(length);
        Offset += length;
    }

    private void PassMark()
    {
        _window.Fill(BgpdumpText.Mark.Length);
        if (!_window.Held.StartsWith(BgpdumpText.Mark)) return;
        _window.Pass(BgpdumpText.Mark.Length);
        Offset += BgpdumpText.Mark.Length;
    }

    // Lines end in LF, CR LF, or CR alone.
    private int EndBytes(int length)
    {
        if (!_hasEnd) return 0;
        if (_window.Held[length] == (byte)'\n') return 1;
        if (_window.Count < length + 2) _window.Fill(length + 2);
        return _window.Count > length + 1 && _window.Held[length + 1] == (byte)'\n' ? 2 : 1;
    }

    // The length of the next line without its end; -1 at the end of the file.
    private int FindEnd()
    {
        for (int searched = 0; ;)
        {
            int at = _window.Held[searched..].IndexOfAny((byte)'\n', (byte)'\r');
            _hasEnd = at >= 0;
            if (_hasEnd) return searched + at;
            searched = _window.Count;
            if (_window.Ended) return searched == 0 ? -1 : searched;
            // Told as a line that is too long; what follows up to its end is passed over.
            if (searched >= LineBytesMax) return searched;
            _window.Fill(searched + 1);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _window.Dispose();
    }
}
