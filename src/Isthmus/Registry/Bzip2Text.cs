using Isthmus.Sources.Compression;

namespace Isthmus.Registry;

/// <summary>Plain bytes of a registry file in bzip2, as the RIPE NCC keeps those of the past; damage is no end of the file.</summary>
internal sealed class Bzip2Text(DecompressedStream plain, string name) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = plain.Read(buffer);
        if (plain.Fault is not null) throw new IOException($"{name} is cut off or damaged as a bzip2 file; give a sound copy");
        return count;
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) plain.Dispose();
        base.Dispose(disposing);
    }
}
