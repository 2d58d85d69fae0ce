using System.Collections.Concurrent;

namespace Isthmus.Sources.Compression;

/// <summary>
/// Decompresses on a thread of its own, a bounded number of pieces ahead of whoever reads, so that decompressing and
/// decoding overlap. What is wrong with the stream is known when its end is read.
/// </summary>
internal sealed class ReadAhead : Decoder
{
    /// <summary>Long enough for an inflater that keeps its window by copying; all together stay in a cache of a megabyte.</summary>
    private const int PieceBytes = 1 << 17;

    private const int PiecesAheadMax = 6;

    private readonly Decoder _inner;
    private readonly BlockingCollection<(byte[] Bytes, int Length)> _pieces = new(PiecesAheadMax);
    private readonly BlockingCollection<byte[]> _free = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _filling;
    private (byte[] Bytes, int Length) _piece = ([], 0);
    private int _at;
    private bool _isDisposed;

    public ReadAhead(StoredBytes stored, Decoder inner) : base(stored)
    {
        _inner = inner;
        for (int i = 0; i < PiecesAheadMax; i++) _free.Add(new byte[PieceBytes]);
        _filling = Task.Factory.StartNew(Fill, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    protected override int Decode(Span<byte> destination)
    {
        if (_at == _piece.Length && !Advance()) return 0;
        int count = Math.Min(destination.Length, _piece.Length - _at);
        _piece.Bytes.AsSpan(_at, count).CopyTo(destination);
        _at += count;
        return count;
    }

    private bool Advance()
    {
        if (_piece.Length > 0) _free.Add(_piece.Bytes);
        (_piece, _at) = (([], 0), 0);
        if (_pieces.TryTake(out _piece, Timeout.Infinite)) return true;
        _piece = ([], 0);
        _filling.GetAwaiter().GetResult();
        for (int i = Faults.Count; i < _inner.Faults.Count; i++) AddFault(_inner.Faults[i]);
        return false;
    }

    private void Fill()
    {
        try
        {
            for (int length = PieceBytes; length == PieceBytes && !_stop.IsCancellationRequested;)
            {
                byte[] bytes = _free.Take(_stop.Token);
                length = 0;
                while (length < PieceBytes && _inner.Read(bytes.AsSpan(length, PieceBytes - length)) is var read and > 0) length += read;
                if (length > 0) _pieces.Add((bytes, length), _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody reads any more.
        }
        finally
        {
            _pieces.CompleteAdding();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _stop.Cancel();
            ((IAsyncResult)_filling).AsyncWaitHandle.WaitOne();
            _inner.Dispose();
            _pieces.Dispose();
            _free.Dispose();
            _stop.Dispose();
        }
        base.Dispose(disposing);
    }
}
