namespace Isthmus.App;

/// <summary>
/// What is written: a file, or standard output. Where it cannot be written further the message has the name that the user knows it by,
/// and the way out.
/// </summary>
/// <param name="name">As it was given.</param>
/// <param name="inner">Takes the bytes.</param>
internal sealed class WrittenFile(string name, Stream inner) : Stream
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Errno ENOSPC and EDQUOT.</summary>
    public const int DiskFull = 28, QuotaFull = 122;

    /// <summary>The same, and on Windows ERROR_DISK_FULL as a result.</summary>
    private static readonly int[] _diskFull = [DiskFull, QuotaFull, unchecked((int)0x80070070)];

    /// <summary>Errno EFBIG; the base library takes it for a wrong argument where a file is written.</summary>
    private const int TooLarge = 27;

    /// <summary>Errno EAGAIN, of a pipe that does not wait.</summary>
    private const int NotNow = 11;

    /// <param name="name">As it was given.</param>
    /// <param name="part">The new file that is written until all is there; null to write into the file itself.</param>
    public static WrittenFile Create(string name, string? part) => new(name, new FileStream(
        part ?? name, part is null ? FileMode.Create : FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes));

    public override bool CanRead => false;
    public override bool CanSeek => inner.CanSeek;
    public override bool CanWrite => true;
    public override long Length => inner.Length;
    public override long Position { get => inner.Position; set => inner.Position = value; }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception failure) when (WhyNot(failure) is { } why)
        {
            throw new IOException(why, failure);
        }
    }

    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (Exception failure) when (WhyNot(failure) is { } why)
        {
            throw new IOException(why, failure);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => inner.SetLength(value);

    protected override void Dispose(bool disposing)
    {
        try
        {
            if (disposing) inner.Dispose();
        }
        catch (Exception failure) when (WhyNot(failure) is { } why)
        {
            throw new IOException(why, failure);
        }
        base.Dispose(disposing);
    }

    // Null for a reader that has enough, and for what is closed: both are told elsewhere.
    private string? WhyNot(Exception failure) => failure switch
    {
        ArgumentOutOfRangeException or IOException { HResult: TooLarge } =>
            $"{name} cannot be written further: it would be larger than the system allows a file to be; allow more (ulimit -f), or name another place",
        IOException { HResult: var result } when _diskFull.Contains(result) =>
            $"{name} cannot be written further: no room is left where it is; make room, or name another place",
        IOException { HResult: NotNow } => $"{name} cannot be written further: it is a pipe that does not wait for its reader; put `| cat` between",
        IOException gone when !Output.IsBrokenPipe(gone) => $"{name} cannot be written further: {gone.Message}; name another place",
        _ => null,
    };
}
