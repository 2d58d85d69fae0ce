using System.Globalization;
using System.Text;

namespace Isthmus.Files;

/// <summary>
/// A file that a user names beside the inputs: a registry, an override, a list, an article, a report. It is read up to a limit, so
/// that neither a device without an end nor a few kilobytes that unpack to gigabytes fill the memory.
/// </summary>
public static class BoundedFile
{
    /// <summary>Bytes of a file of a registry, unpacked: five times the largest that is published.</summary>
    public const long RegistryBytesMax = 512L << 20;

    /// <summary>Bytes of an override file.</summary>
    public const long OverrideBytesMax = 16L << 20;

    /// <summary>Bytes of a list that a filter names by <c>@</c>.</summary>
    public const long ListBytesMax = 64L << 20;

    /// <summary>Bytes of an article to check.</summary>
    public const long ArticleBytesMax = 4L << 20;

    /// <summary>Bytes of a report to verify.</summary>
    public const long ReportBytesMax = 256L << 20;

    /// <summary>Bytes of one line, in files that are read line by line.</summary>
    public const int LineBytesMax = 1 << 20;

    /// <summary>Bounds a stream.</summary>
    /// <param name="what">What it is, for the message: <c>the override file mine.txt</c>.</param>
    /// <param name="lineBytesMax">Bytes of one line; null where lines do not count.</param>
    public static Stream Bound(Stream stream, string what, long bytesMax, int? lineBytesMax = null) =>
        new BoundedStream(stream, what, bytesMax, lineBytesMax ?? long.MaxValue);

    /// <summary>
    /// Opens a file that a user names; not one that stands for an open file which was not given (<see cref="Descriptors"/>).
    /// </summary>
    public static FileStream OpenRead(string path)
    {
        Descriptors.Require(path);
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder; give a file");
        return File.OpenRead(path);
    }

    /// <summary>Opens a file of text.</summary>
    /// <exception cref="IOException">It is not there; or, when it is read, that it is larger than the limit.</exception>
    public static StreamReader OpenText(string path, string what, long bytesMax, int? lineBytesMax = null) =>
        new(Bound(OpenRead(path), what, bytesMax, lineBytesMax), Encoding.UTF8);

    /// <summary>All bytes of a file.</summary>
    /// <inheritdoc cref="OpenText"/>
    public static byte[] ReadAllBytes(string path, string what, long bytesMax)
    {
        using var bounded = Bound(OpenRead(path), what, bytesMax);
        using var bytes = new MemoryStream();
        bounded.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The lines of a list.</summary>
    /// <inheritdoc cref="OpenText"/>
    public static IEnumerable<string> ReadList(string path)
    {
        using var reader = OpenText(path, $"the list {Path.GetFileName(path)}", ListBytesMax, LineBytesMax);
        while (reader.ReadLine() is { } line) yield return line;
    }

    private sealed class BoundedStream(Stream inner, string what, long bytesMax, long lineBytesMax) : Stream
    {
        private long _bytes, _lineBytes;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => _bytes; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = inner.Read(buffer);
            if ((_bytes += count) > bytesMax) throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"{what} has more than {bytesMax} bytes, the most that are read of such a file"));
            Measure(buffer[..count]);
            return count;
        }

        private void Measure(ReadOnlySpan<byte> bytes)
        {
            for (int end = bytes.IndexOf((byte)'\n'); end >= 0; end = bytes.IndexOf((byte)'\n'))
            {
                Lengthen(end);
                _lineBytes = 0;
                bytes = bytes[(end + 1)..];
            }
            Lengthen(bytes.Length);
        }

        private void Lengthen(int bytes)
        {
            if ((_lineBytes += bytes) > lineBytesMax) throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"{what} has a line of more than {lineBytesMax} bytes, the most that are read of a line"));
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
}
