namespace Isthmus.Sources.Compression;

/// <summary>The bytes that were had of an input, and behind them, in place of an end, why there are no more.</summary>
internal sealed class EndedStream(Stream had, string why) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = had.Read(buffer);
        return count > 0 || buffer.IsEmpty ? count : throw new IOException(why);
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) had.Dispose();
        base.Dispose(disposing);
    }
}
