namespace Isthmus.Sources.Compression;

/// <summary>
/// The plain bytes of a file. Reading never throws on damaged data: the bytes end where they can no longer be
/// decoded, and <see cref="Faults"/> says what was wrong.
/// </summary>
public sealed class DecompressedStream : Stream
{
    private readonly StoredBytes _stored;
    private readonly Decoder _decoder;
    private byte[] _ahead = [];
    private int _aheadAt;

    internal DecompressedStream(StoredBytes stored, Decoder decoder, CompressionFormat format)
    {
        _stored = stored;
        _decoder = decoder;
        Format = format;
    }

    /// <summary>How the file is compressed, by its content.</summary>
    public CompressionFormat Format { get; }

    /// <summary>The first damage found so far; null while there is none. Complete when <see cref="Read(Span{byte})"/> gave 0.</summary>
    public StreamFault? Fault => _decoder.Faults is [var first, ..] ? first : null;

    /// <summary>All damage found so far, in order.</summary>
    public IReadOnlyList<StreamFault> Faults => _decoder.Faults;

    internal int FaultCount => _decoder.FaultCount;

    /// <summary>True where the stored bytes ended before the file did: a transfer was cut, or they could not be read further.</summary>
    internal bool IsCutShort => _stored.Failure is not null;

    /// <summary>Stored bytes taken so far, for progress; the decoder may be a little ahead of what was read.</summary>
    public long CompressedOffset => _stored.Offset;

    /// <summary>SHA-256 of the whole file as stored, lower-case hex. Asking for it ends the reading of plain bytes.</summary>
    public string Sha256 => _stored.Sha256();

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _decoder.Produced - (_ahead.Length - _aheadAt); set => throw new NotSupportedException(); }

    /// <summary>Looks at the next plain bytes, fewer than asked only at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        byte[] held = new byte[Math.Max(count, _ahead.Length - _aheadAt)];
        int length = 0;
        while (length < held.Length && Read(held.AsSpan(length)) is var read and > 0) length += read;
        (_ahead, _aheadAt) = (held[..length], 0);
        return _ahead.AsSpan(0, Math.Min(count, length));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_aheadAt == _ahead.Length) return _decoder.Read(buffer);
        int count = Math.Min(buffer.Length, _ahead.Length - _aheadAt);
        _ahead.AsSpan(_aheadAt, count).CopyTo(buffer);
        _aheadAt += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _decoder.Dispose();
        base.Dispose(disposing);
    }
}
