namespace Isthmus.Sources;

/// <summary>The bytes of one file of an archive, front to back, as far as they are there.</summary>
internal abstract class PackedEntry : Stream
{
    /// <summary>True when the archive ended, or was damaged, before the file did.</summary>
    public bool IsCut { get; protected set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public abstract override int Read(Span<byte> buffer);

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
