using System.Runtime.ExceptionServices;

using Isthmus.Filters;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>
/// A file that is read a piece at a time. One thread at a time may cut the next piece; the pieces cut come back walked, in
/// their order.
/// </summary>
internal sealed class PiecedFile(InputFile file, ReadRequest request, ReadProgress progress) : IDisposable
{
    // What is lost between records is met when they are cut, what is wrong in them when they are walked.
    private readonly FaultLedger _lost = new(request.FaultsKept), _wrong = new(request.FaultsKept);
    private readonly bool _isWanted = request.Where?.For(file.Collector) is not { IsNever: true };
    private DecompressedStream? _plain;
    private RecordSource? _records;
    private TimeCheck? _times;
    private ExceptionDispatchInfo? _failure;
    private byte[]? _peerIndex;
    private long _others, _elements, _told, _bytesTold;

    public InputFile Input => file;

    /// <summary>Which of its elements are wanted, for one thread; null for all.</summary>
    public FileFilter? Filter() => request.Where?.For(file.Collector);

    /// <summary>Pieces that were begun and not passed, in the file's order.</summary>
    public Queue<WalkedPiece> Pieces { get; } = [];

    /// <summary>True while a thread cuts the next piece.</summary>
    public bool IsBeingCut { get; set; }

    /// <summary>True while a thread waits for that.</summary>
    public bool IsAwaited { get; set; }

    /// <summary>True when no piece is left to cut.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Cuts the next piece; of a file that cannot be read an empty one, and <see cref="Complete"/> fails as that did.</summary>
    /// <param name="bytes">So many bytes of records make it full.</param>
    public void Cut(RecordPiece piece, int bytes)
    {
        piece.Start(_peerIndex, bytes);
        try
        {
            if (_isWanted) Fill(piece);
        }
        catch (Exception failure)
        {
            // It is told when all before it has been written, as if the files had been read one after the other.
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
        if (!_isWanted || !piece.IsFull || _failure is not null) End();
    }

    /// <summary>Takes account of the next piece in the order.</summary>
    public void Pass(WalkedPiece piece)
    {
        foreach (var fault in piece.Faults) _wrong.Add(fault);
        foreach (var (what, count) in piece.PassedOver) _wrong.Pass(what, count);
        _others += piece.OtherRecords;
        _elements += piece.Elements;
    }

    /// <summary>What was read, when all pieces have been passed.</summary>
    public FileTally Complete()
    {
        _failure?.Throw();
        progress.AddBytes(file.SizeBytes - _bytesTold);
        progress.AddFile();
        if (_plain is null) return new(file.Name, 0, 0, 0, _lost);
        var faults = FaultLedger.InOrder(_lost, _wrong, request.FaultsKept);
        faults.AddDamage(_plain);
        return new(file.Name, _told, _others, _elements, faults) { Compression = _plain.Format, Bytes = _records!.Offset };
    }

    private void Fill(RecordPiece piece)
    {
        if (_records is null)
        {
            _plain = file.Unpack();
            _records = RecordSource.Open(_plain, _lost);
            _times = new(_records, file.Time);
        }
        while (!piece.IsFull && _records.TryRead(out var record))
        {
            piece.Add(record, _records);
            _times!.Take(record);
            // Each replaces the one before; whoever walks a later piece has to know it.
            if (record is { Type: MrtType.TableDumpV2, Subtype: 1 }) _peerIndex = record.Bytes.ToArray();
        }
        progress.AddRecords(_records.Records - _told);
        progress.AddBytes(_plain!.CompressedOffset - _bytesTold);
        (_told, _bytesTold) = (_records.Records, _plain.CompressedOffset);
    }

    // Its buffers are given back before its turn: what was wrong and how far it came stays.
    private void End()
    {
        IsAtEnd = true;
        if (_failure is null) _times?.End();
        _records?.Dispose();
    }

    public void Dispose()
    {
        _records?.Dispose();
        _plain?.Dispose();
    }
}
