using System.Buffers;
using System.Collections.Concurrent;

namespace Isthmus.Sources.Compression;

/// <summary>
/// Bzip2, stream after stream. Its blocks stand alone, so they are found by their magic at any bit and decoded on
/// all cores, a bounded number ahead of the reader; the bytes come out in order. Only blocks whose checksum is right
/// come out; those that are not are told, and what comes out behind them is no neighbour of what came out before.
/// </summary>
internal sealed class Bzip2Blocks : Decoder
{
    private const int HeaderBytes = 4, EndBits = 80;

    /// <summary>A stream of no blocks: header, mark and checksum. Zeros that are fewer can be no lost one.</summary>
    private const int EmptyStreamBytes = 14;

    /// <summary>So many false marks in one block, 2^-48 for each bit, are not met: it is damage.</summary>
    private const int JoinsMax = 3;

    // Each takes up to seven megabytes: files that are read side by side share them, and the last one leaves none behind.
    private static readonly ConcurrentBag<Bzip2Block> _idle = [];
    private static int _open;

    private readonly Bzip2Marks _marks;
    private readonly Queue<Pending> _pending = new();
    private readonly int _aheadMax = Math.Clamp(Environment.ProcessorCount, 1, 32) + 2;
    private byte[] _plain = [];
    private int _at, _length;
    private uint _streamCrc;
    private (string What, long Bit)? _stop;
    private bool _started, _ended, _isDisposed, _hasLoss, _goesOn;

    public Bzip2Blocks(StoredBytes stored) : base(stored)
    {
        _marks = new(stored);
        Interlocked.Increment(ref _open);
    }

    /// <summary>True when the bytes begin a stream: <c>BZh</c>, a level, and a mark as far as there are bytes.</summary>
    public static bool IsStream(ReadOnlySpan<byte> bytes)
    {
        if (!IsHeader(bytes)) return false;
        var mark = bytes[HeaderBytes..Math.Min(bytes.Length, HeaderBytes + 6)];
        ReadOnlySpan<byte> block = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], end = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];
        return block.StartsWith(mark) || end.StartsWith(mark);
    }

    /// <summary>True where a file begins as a stream does, but for the first four bytes, or for some of the mark behind them.</summary>
    public static bool IsDamagedFile(ReadOnlySpan<byte> start)
    {
        if (start.Length < HeaderBytes + 6 || IsStream(start)) return false;
        ReadOnlySpan<byte> block = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
        int same = 0;
        for (int i = 0; i < block.Length; i++) same += start[HeaderBytes + i] == block[i] ? 1 : 0;
        return same == block.Length || IsHeader(start) && same >= block.Length / 2;
    }

    protected override int Decode(Span<byte> destination)
    {
        while (_at == _length)
        {
            if (_stop is var (what, bit))
            {
                AddFault(what, bit >> 3);
                _stop = null;
                _ended = !_goesOn;
                _goesOn = false;
            }
            if (_ended) return 0;
            if (_started) Advance(); else Start();
        }
        int count = Math.Min(destination.Length, _length - _at);
        _plain.AsSpan(_at, count).CopyTo(destination);
        _at += count;
        return count;
    }

    private static bool IsHeader(ReadOnlySpan<byte> bytes) => bytes is [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..];

    private void Start()
    {
        _started = true;
        if (Stored.Peek(HeaderBytes) is { Length: HeaderBytes } head && !IsHeader(head))
            AddFault(new StreamFault("the first bytes of a bzip2 stream are damaged; the stream is read all the same", 0, 0)
            {
                LosesBytes = false,
            });
        long first = _marks.FindFirst();
        if (first < 0) Stop("cut off inside the header of a bzip2 stream", HeaderBytes * 8);
        else if (first != HeaderBytes * 8) Stop("the first block of a bzip2 stream is damaged: its mark is wrong", HeaderBytes * 8, goesOn: true);
    }

    // Keeps the workers fed, then takes the next segment in order.
    private void Advance()
    {
        while (_pending.Count < _aheadMax && TakeSegment()) { }
        if (!_pending.TryDequeue(out var pending)) _ended = true;
        else if (pending.Segment.Mark is Bzip2Mark.StreamEnd) EndStream(pending.Segment);
        else FinishBlock(pending);
    }

    private bool TakeSegment()
    {
        if (_marks.Next() is not { } segment) return false;
        _pending.Enqueue(new(segment, segment.Mark is Bzip2Mark.Block ? Task.Run(() => Decode(segment)) : null));
        return true;
    }

    private static Bzip2Plain Decode(Bzip2Segment segment)
    {
        if (!_idle.TryTake(out var block)) block = new();
        var plain = block.Decode(segment.Padded, segment.FirstBit, segment.FirstBit + segment.BitLength);
        _idle.Add(block);
        return plain;
    }

    // A block that fails may have been cut at a mark that is none: it is tried again with what follows.
    private void FinishBlock(Pending pending)
    {
        var segment = pending.Segment;
        var plain = pending.Plain!.GetAwaiter().GetResult();
        var outcome = plain.Outcome;
        List<Pending> joined = [];
        for (int joins = 0; plain.Outcome is not Bzip2Outcome.Whole && segment.ReachesMark && joins < JoinsMax; joins++)
        {
            if (_pending.Count == 0 && !TakeSegment()) break;
            var next = _pending.Dequeue();
            joined.Add(next);
            next.Plain?.Wait();
            segment = segment.Join(next.Segment);
            plain = Decode(segment);
        }
        if (plain.Outcome is Bzip2Outcome.Whole)
        {
            Give(segment, plain);
            return;
        }
        // The blocks that it was tried with stand alone.
        var own = pending.Plain.Result;
        Pending[] behind = [.. joined, .. _pending];
        _pending.Clear();
        foreach (var next in behind) _pending.Enqueue(next);
        if (own.HasOtherSumAlone)
        {
            long start = pending.Segment.StartBit >> 3;
            AddFault(new StreamFault("the checksum of a bzip2 block is wrong; all that its codes give was read", start, Produced)
            {
                LosesBytes = false,
            });
            _hasLoss = true;
            Give(pending.Segment, own);
            return;
        }
        string lost = pending.Segment.ReachesMark ? "; the block, of up to 900 kB, is lost"
            : pending.Segment.IsFollowed ? "; all blocks up to the next mark are lost" : "";
        Stop(outcome switch
        {
            Bzip2Outcome.Randomised => "a block of bzip2 0.9.0 with its bytes randomised, which is not read",
            Bzip2Outcome.CutOff when !pending.Segment.IsFollowed => "cut off inside a bzip2 block",
            _ => "a bzip2 block is damaged: its checksum or its codes are wrong",
        } + lost, pending.Segment.StartBit, goesOn: pending.Segment.IsFollowed);
    }

    private void Give(Bzip2Segment segment, Bzip2Plain plain)
    {
        ArrayPool<byte>.Shared.Return(_plain);
        (_plain, _at, _length) = (plain.Bytes, 0, plain.Length);
        _streamCrc = Bzip2Crc.Combine(_streamCrc, plain.Crc);
        long left = segment.BitLength - plain.Bits;
        if (left > 0 || !segment.ReachesMark)
            Stop(left >= EndBits ? "no bzip2 block where one should be"
                : segment.IsFollowed ? "the end of a bzip2 stream is missing" : "cut off before the end of a bzip2 stream",
                segment.StartBit + plain.Bits, goesOn: segment.IsFollowed);
        segment.Return();
    }

    // The stream's checksum, then bits up to a whole byte, then the end of the file or the header of the next stream.
    private void EndStream(Bzip2Segment segment)
    {
        var bits = new Bzip2Bits(segment.Padded, segment.FirstBit + Bzip2Block.MagicBits, segment.FirstBit + segment.BitLength);
        uint crc = (bits.Take(16) << 16) | bits.Take(16);
        if (bits.Overrun)
        {
            Stop("cut off inside the end of a bzip2 stream", segment.StartBit, goesOn: segment.IsFollowed);
            return;
        }
        // Without a block that is lost the sum over all of them cannot be right.
        if (crc != _streamCrc && !_hasLoss) AddFault("a bzip2 stream's checksum is wrong", segment.StartBit >> 3);
        _streamCrc = 0;
        _hasLoss = false;
        var rest = segment.Padded[(int)((segment.FirstBit + EndBits + 7) >> 3)..segment.ByteLength];
        bool isStream = IsHeader(rest) && rest.Length == HeaderBytes && segment.ReachesMark && (segment.EndBit & 7) == 0;
        if (!isStream && segment.IsFollowed || rest.ContainsAnyExcept((byte)0) && !isStream)
            Stop(IsHeader(rest) ? "cut off inside a bzip2 stream"
            : "the bytes after a bzip2 stream are no bzip2", (segment.StartBit + EndBits + 7) & ~7L, goesOn: segment.IsFollowed);
        else if (rest.Length >= EmptyStreamBytes)
            AddFault(StreamFault.Zeros("bzip2 stream", (segment.EndBit >> 3) - rest.Length, segment.EndBit >> 3, Produced));
        segment.Return();
    }

    private void Stop(string what, long bit, bool goesOn = false)
    {
        _stop = (what, bit);
        _goesOn = goesOn;
        _hasLoss |= goesOn;
    }

    protected override void Dispose(bool disposing)
    {
        // Blocks still being decoded keep their own memory and end by themselves.
        _pending.Clear();
        _ended = true;
        if (!_isDisposed && Interlocked.Decrement(ref _open) == 0) _idle.Clear();
        _isDisposed = true;
        base.Dispose(disposing);
    }

    /// <summary>A segment in order, and its block being decoded; null for the end of a stream.</summary>
    private sealed record Pending(Bzip2Segment Segment, Task<Bzip2Plain>? Plain);
}
