namespace Isthmus.Sources.Compression;

/// <summary>
/// The bytes that were had of an input, and behind them, in place of an end, why there are no more. They may be had again where the bytes
/// themselves may.
/// </summary>
internal sealed class EndedStream(Stream had, string why) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => had.CanSeek;
    public override bool CanWrite => false;
    public override long Length => had.Length;
    public override long Position { get => had.Position; set => had.Position = value; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = had.Read(buffer);
        return count > 0 || buffer.IsEmpty ? count : throw new EndedException(why);
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => had.Seek(offset, origin);
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) had.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>The end of what was had; the message says what ended it, in a sentence of its own.</summary>
internal sealed class EndedException(string why) : IOException(why);
