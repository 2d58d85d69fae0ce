namespace Isthmus.Sources.Compression;

/// <summary>The stored bytes as a library's decoder wants them, and whether it asked for more than there were.</summary>
/// <param name="keptMax">So many of the bytes taken last are kept, for whoever wants to look back.</param>
/// <param name="oneByOne">True to give no more than a byte at a time, so that nothing is taken that is not needed.</param>
/// <param name="head">Given by <see cref="Read(Span{byte})"/> in place of the first bytes; null to give these.</param>
internal sealed class StoredInput(StoredBytes stored, int keptMax = 0, bool oneByOne = false, byte[]? head = null) : Stream
{
    private readonly byte[] _kept = new byte[2 * keptMax];
    private int _keptBytes, _headGiven;

    /// <summary>The bytes taken last, as many as are kept.</summary>
    public ReadOnlySpan<byte> Kept => _kept.AsSpan(0, _keptBytes)[^Math.Min(keptMax, _keptBytes)..];

    /// <summary>True when bytes were asked for at the end of the file: it is cut off, unless its decoder says otherwise.</summary>
    public bool WasEmpty { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => stored.Offset; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = stored.Read(oneByOne && buffer.Length > 1 ? buffer[..1] : buffer);
        WasEmpty |= count == 0 && !buffer.IsEmpty;
        for (int i = 0; i < count && _headGiven < head?.Length; i++) buffer[i] = head[_headGiven++];
        if (keptMax > 0) Keep(buffer[..count]);
        return count;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > keptMax) bytes = bytes[^keptMax..];
        if (_keptBytes + bytes.Length > _kept.Length)
        {
            Kept.CopyTo(_kept);
            _keptBytes = keptMax;
        }
        bytes.CopyTo(_kept.AsSpan(_keptBytes));
        _keptBytes += bytes.Length;
    }

    // The decoder of LZMA asks for single bytes, would take the end's -1 for a 0xff and go on.
    public override int ReadByte()
    {
        if (stored.Peek(1) is not [var value])
        {
            WasEmpty = true;
            throw new EndOfStreamException();
        }
        stored.Skip(1);
        if (keptMax > 0) Keep([value]);
        return value;
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
