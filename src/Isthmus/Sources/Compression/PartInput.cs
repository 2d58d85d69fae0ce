namespace Isthmus.Sources.Compression;

/// <summary>A part of a file as stored, between bytes that a decoder wants before and behind it.</summary>
/// <param name="stored">It stands at the first byte of the part.</param>
/// <param name="end">Offset of the first byte behind the part.</param>
internal sealed class PartInput(StoredBytes stored, long end, byte[] head, byte[] tail) : Stream
{
    private long _taken;
    private int _tailTaken;

    /// <summary>True when some of the bytes behind the part were taken: whoever takes not all is not at the part's end.</summary>
    public bool IsInTail => _tailTaken > 0 && _tailTaken < tail.Length;

    /// <summary>True when bytes were asked for behind the last, or taken of those behind the part.</summary>
    public bool WasEmpty { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _taken; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count;
        if (_taken < head.Length)
        {
            count = Math.Min(buffer.Length, head.Length - (int)_taken);
            head.AsSpan((int)_taken, count).CopyTo(buffer);
        }
        else
        {
            long left = Math.Max(0, end - stored.Offset);
            count = left == 0 ? 0 : stored.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
            if (count == 0 && !buffer.IsEmpty)
            {
                WasEmpty = true;
                count = Math.Min(buffer.Length, tail.Length - _tailTaken);
                tail.AsSpan(_tailTaken, count).CopyTo(buffer);
                _tailTaken += count;
            }
        }
        _taken += count;
        return count;
    }

    // The decoder of LZMA would take the end's -1 for a 0xff and go on.
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 1 ? one[0] : throw new EndOfStreamException();
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
