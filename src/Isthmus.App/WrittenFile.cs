namespace Isthmus.App;

/// <summary>
/// A file that is written. Where it cannot be written further the message has the name that the user gave, and not that of the part.
/// </summary>
/// <param name="name">As it was given.</param>
/// <param name="part">The new file that is written until all is there; null to write into the file itself.</param>
internal sealed class WrittenFile(string name, string? part) : Stream
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Errno ENOSPC; on Windows ERROR_DISK_FULL as a result.</summary>
    private static readonly int[] _diskFull = [28, unchecked((int)0x80070070)];

    private readonly FileStream _file = new(
        part ?? name, part is null ? FileMode.Create : FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes);

    public override bool CanRead => false;
    public override bool CanSeek => _file.CanSeek;
    public override bool CanWrite => true;
    public override long Length => _file.Length;
    public override long Position { get => _file.Position; set => _file.Position = value; }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _file.Write(buffer);
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
            _file.Flush();
        }
        catch (Exception failure) when (WhyNot(failure) is { } why)
        {
            throw new IOException(why, failure);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => _file.Seek(offset, origin);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => _file.SetLength(value);

    protected override void Dispose(bool disposing)
    {
        try
        {
            if (disposing) _file.Dispose();
        }
        catch (Exception failure) when (WhyNot(failure) is { } why)
        {
            throw new IOException(why, failure);
        }
        base.Dispose(disposing);
    }

    // The base library takes EFBIG for a wrong argument.
    private string? WhyNot(Exception failure) => failure switch
    {
        ArgumentOutOfRangeException =>
            $"{name} cannot be written further: it would be larger than the system allows a file to be; allow more (ulimit -f), or name another place",
        IOException { HResult: var result } when _diskFull.Contains(result) =>
            $"{name} cannot be written further: no room is left where it is; make room, or name another place",
        _ => null,
    };
}
