namespace Isthmus.App;

/// <summary>Bytes from an end that does not wait: where nothing is there yet, it is asked again.</summary>
internal sealed class PatientInput(Stream inner) : Stream
{
    /// <summary>Errno EAGAIN, on Linux and on macOS.</summary>
    private const int NotNowOnLinux = 11, NotNowOnMacOs = 35;

    private static readonly TimeSpan _wait = TimeSpan.FromMilliseconds(5);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            try
            {
                return inner.Read(buffer);
            }
            catch (IOException failure) when (failure.HResult is NotNowOnLinux or NotNowOnMacOs)
            {
                Thread.Sleep(_wait);
            }
        }
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
