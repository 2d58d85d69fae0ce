using System.Runtime.ExceptionServices;

using Isthmus.Sources;
using Isthmus.Text;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>
/// Text of several files, made on all cores and written in the order of the files. A thread cuts the next piece of a file, walks
/// it while others cut those behind, and keeps its text until what stands before it has been written; the piece whose turn it is
/// is written as it comes. Threads begin with a file each. When as much text waits as may, they help with the file whose turn it is.
/// </summary>
internal sealed class SideBySide : IDisposable
{
    /// <summary>Bytes that pieces may hold before no more of files ahead of their turn are cut.</summary>
    public const long WaitingBytesMax = 4 << 20;

    /// <summary>Bytes that a piece may hold; whoever walks it then waits for its turn.</summary>
    private const int PieceBytesMax = 1 << 22;

    /// <summary>
    /// Bytes of text that a piece is to have: each thread meets the attributes of a piece anew, so that pieces should be long, and
    /// far below what one may hold.
    /// </summary>
    private const int TextBytesWanted = 1 << 20;

    /// <summary>Bytes of records that a piece may have: how much text comes of them depends on form, filter and file.</summary>
    private const int RecordBytesMin = 1 << 15, RecordBytesMax = 1 << 19;

    private readonly ReadRequest _request;
    private readonly ElementWriter _output;
    private readonly CancellationToken _stop;
    private readonly int _threads;
    private readonly PiecedFile[] _files;
    private readonly FileTally[] _tallies;

    // All that follows, and the queues of the files, belong to whoever holds the gate.
    private readonly object _gate = new();
    private ExceptionDispatchInfo? _failure;
    private long _waitingBytes;
    private int _turn, _filesCut, _recordBytes = RecordBytesMin;

    public SideBySide(ReadRequest request, ElementWriter output, int threads, ReadProgress progress, CancellationToken stop)
    {
        (_request, _output, _threads, _stop) = (request, output, threads, stop);
        _files = [.. request.Files.Select(file => new PiecedFile(file, request, progress))];
        _tallies = new FileTally[_files.Length];
    }

    /// <summary>The most bytes that pieces may hold together: those that wait, those under way, and those next to be written.</summary>
    public long HeldBytesMax => WaitingBytesMax + 3L * _threads * PieceBytesMax;

    /// <summary>The most bytes that they did hold.</summary>
    public long HeldBytesMost { get; private set; }

    /// <summary>Reads all files. What fails in one thread ends all, and is thrown.</summary>
    public FileTally[] Run()
    {
        using var wake = _stop.Register(Wake);
        Task.WaitAll([.. Enumerable.Range(0, _threads).Select(_ =>
            Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
        _failure?.Throw();
        return _tallies;
    }

    private void Work()
    {
        try
        {
            WalkedPiece? current = null;
            using var writer = _output.Beside(text => Write(current!, text));
            using var piece = new RecordPiece();
            ElementWalk? walk = null;
            byte[]? peerIndex = null;
            for (PiecedFile? last = null; Begin(last) is ({ } file, { } walked, var bytes); last = file)
            {
                file.Cut(piece, bytes);
                EndCut(file);
                if (file != last)
                {
                    walk = new(file.Filter(), writer);
                    peerIndex = null;
                    writer.StartFile(file.Input.Name, file.Input.Collector.Name);
                }
                if (piece.PeerIndex is { } index && index != peerIndex) walk!.Take(new MrtReader(index).Take(index.Length));
                peerIndex = piece.PeerIndex;
                current = walked;
                piece.Walk(walk!, walked);
                writer.Flush();
                End(walked);
            }
        }
        catch (Exception failure)
        {
            lock (_gate) _failure ??= ExceptionDispatchInfo.Capture(failure);
            Wake();
        }
    }

    // The file to cut next, the place of the piece in its order, and how long it is to be; null when nothing is left to cut.
    private (PiecedFile File, WalkedPiece Piece, int Bytes)? Begin(PiecedFile? last)
    {
        lock (_gate)
        {
            while (_filesCut < _files.Length)
            {
                if (Choose(last) is { } file)
                {
                    var piece = new WalkedPiece();
                    file.IsBeingCut = true;
                    file.Pieces.Enqueue(piece);
                    return (file, piece, _recordBytes);
                }
                if (last is not null && last == _files[_turn]) last.IsAwaited = true;
                WaitForOthers();
                if (last is not null) last.IsAwaited = false;
            }
            return null;
        }
    }

    // The file whose turn it is goes before all others when no piece of it is under way: or all could wait for a turn that nobody
    // has. Otherwise a thread stays with its file, whose attributes it has met.
    private PiecedFile? Choose(PiecedFile? last)
    {
        ThrowIfEnded();
        var turn = _files[_turn];
        if (turn.Pieces.Count == 0 && MayCut(turn)) return turn;
        if (last is not null && MayCut(last)) return last;
        // Cutting takes less than walking: one thread waits for another one's cut sooner than that it takes up a file anew.
        if (last == turn && turn is { IsBeingCut: true, IsAwaited: false } && turn.Pieces.Count < 2 * _threads) return null;
        for (int i = _turn; i < _files.Length && i < _turn + _threads; i++)
            if (MayCut(_files[i])) return _files[i];
        return null;
    }

    private bool MayCut(PiecedFile file) => file is { IsBeingCut: false, IsAtEnd: false }
        && (file == _files[_turn] ? file.Pieces.Count < 2 * _threads : _waitingBytes < WaitingBytesMax);

    private void EndCut(PiecedFile file)
    {
        lock (_gate)
        {
            file.IsBeingCut = false;
            if (file.IsAtEnd) _filesCut++;
            Monitor.PulseAll(_gate);
        }
    }

    // Text of a piece: written where it is its turn, kept where not.
    private void Write(WalkedPiece piece, TextBuffer text)
    {
        piece.TextBytes += text.Length;
        lock (_gate)
        {
            while (piece != Next && piece.Bytes + text.Length > PieceBytesMax) WaitForOthers();
            if (piece != Next)
            {
                text.MoveTo(piece.Text);
                Count(piece, piece.Bytes);
                return;
            }
        }
        WriteOut(piece);
        _output.Append(text.Text);
        text.Clear();
    }

    // Whoever ends the piece whose turn it is writes those behind it that are done, too.
    private void End(WalkedPiece piece)
    {
        lock (_gate)
        {
            piece.IsDone = true;
            if (piece.TextBytes > TextBytesWanted) _recordBytes = Math.Max(RecordBytesMin, _recordBytes / 2);
            else if (piece.TextBytes < TextBytesWanted / 2) _recordBytes = Math.Min(RecordBytesMax, _recordBytes * 2);
            Count(piece, piece.Bytes);
            if (piece != Next) return;
        }
        for (var next = piece; next is not null; next = Pass(next)) WriteOut(next);
    }

    private void WriteOut(WalkedPiece piece)
    {
        if (piece.Text.Length == 0) return;
        _output.Append(piece.Text.Text);
        piece.Text.Dispose();
        lock (_gate) Count(piece, piece.Bytes);
    }

    // Gives the turn to the next piece, and that piece where it is done already.
    private WalkedPiece? Pass(WalkedPiece piece)
    {
        lock (_gate)
        {
            _files[_turn].Pieces.Dequeue();
            _files[_turn].Pass(piece);
            Count(piece, 0);
            piece.Dispose();
            for (; _turn < _files.Length && _files[_turn] is { IsAtEnd: true, Pieces.Count: 0 } file; _turn++)
                _tallies[_turn] = file.Complete();
            Monitor.PulseAll(_gate);
            return Next is { IsDone: true } next ? next : null;
        }
    }

    /// <summary>The piece whose turn it is; null where it has not been begun.</summary>
    private WalkedPiece? Next => _turn < _files.Length && _files[_turn].Pieces.TryPeek(out var piece) ? piece : null;

    private void Count(WalkedPiece piece, long bytes)
    {
        _waitingBytes += bytes - piece.BytesCounted;
        piece.BytesCounted = bytes;
        HeldBytesMost = Math.Max(HeldBytesMost, _waitingBytes);
    }

    private void WaitForOthers()
    {
        ThrowIfEnded();
        Monitor.Wait(_gate);
    }

    // Whoever failed first is told of; the others only leave.
    private void ThrowIfEnded()
    {
        _stop.ThrowIfCancellationRequested();
        if (_failure is not null) throw new OperationCanceledException();
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }
}
