namespace Isthmus.Sources;

/// <summary>A part of a file, as if it were a file of its own.</summary>
internal sealed class FilePart : Stream
{
    private readonly Stream _file;
    private readonly long _start, _length;

    private FilePart(Stream file, long start, long lengthMax)
    {
        (_file, _start, _length) = (file, start, Math.Min(lengthMax, file.Length - start));
        file.Position = start;
    }

    /// <summary>A part from a byte on; it disposes of the file.</summary>
    public static Stream Of(Stream file, long start, long lengthMax = long.MaxValue) => new FilePart(file, start, lengthMax);

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _length;
    public override long Position { get => _file.Position - _start; set => _file.Position = value + _start; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => _file.Read(buffer[..(int)Math.Clamp(_length - Position, 0, buffer.Length)]);

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + (origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => Position, _ => Length });

    public override void Flush() { }
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _file.Dispose();
        base.Dispose(disposing);
    }
}
