using System.Globalization;

using Isthmus.Sources.Compression;
using Isthmus.Wire.Mrt;

using Microsoft.Win32.SafeHandles;

namespace Isthmus.Sources;

/// <summary>
/// What is there only once, as files of archives and pipes, one behind the other in a temporary file: to create and to remove a file for
/// each of a hundred thousand small ones would cost many times what they hold.
/// </summary>
internal sealed class KeptBytes(string path) : IDisposable
{
    private readonly SafeFileHandle _file = File.OpenHandle(
        path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    // New for each small file of an archive, its pages would cost more than the file.
    private readonly byte[] _buffer = new byte[1 << 17];

    /// <summary>Where the temporary file is.</summary>
    public string Path => path;

    /// <summary>Bytes that are kept.</summary>
    public long End { get; private set; }

    /// <summary>Keeps bytes behind all others.</summary>
    /// <exception cref="InputException">There is no room for them.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes, End);
        }
        // The base library takes EFBIG for a wrong argument.
        catch (Exception failure) when (failure is IOException or ArgumentOutOfRangeException)
        {
            string why = failure is IOException ? failure.Message : "it would be larger than the system allows a file to be (see ulimit -f)";
            throw new InputException($"what is there only once is kept in {path}, which cannot be written further: {why}; "
                + "allow more, or name a folder with more room in TMPDIR", failure);
        }
        End += bytes.Length;
    }

    /// <summary>
    /// Keeps what a reader gives until its end, or until it fails. What is foreign by its first bytes is not kept: it may be a device
    /// without an end.
    /// </summary>
    /// <param name="read">Fills some room and says how much of it, none at the end.</param>
    /// <param name="bytesMax">So many are kept at the most.</param>
    /// <returns>Why what is kept is not all, and what else than an input of ours it is; null where it is all, and one.</returns>
    public (string? Cut, string? Foreign) Take(Func<Memory<byte>, int> read, long bytesMax)
    {
        for (long bytes = 0; ;)
        {
            int count = 0;
            try
            {
                while (count < _buffer.Length && read(_buffer.AsMemory(count)) is var more and > 0) count += more;
            }
            catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                Append(_buffer.AsSpan(0, count));
                // The base library's words for damage are of its own making, and often of another thing.
                return (failure is InvalidDataException ? "it cannot be unpacked any further: it is damaged" : Inputs.WhyNot(failure), null);
            }
            if (count == 0) return (null, null);
            var start = _buffer.AsSpan(0, Math.Min(count, RecordSource.TellingBytes));
            if (bytes == 0 && ForeignBy(start) is { } foreign) return (null, foreign);
            if ((bytes += count) > bytesMax) return (string.Create(CultureInfo.InvariantCulture,
                $"it has more than {bytesMax} bytes, the most that are kept of one input"), null);
            Append(_buffer.AsSpan(0, count));
            if (count < _buffer.Length) return (null, null);
        }
    }

    private static string? ForeignBy(ReadOnlySpan<byte> start) =>
        Decompression.Tell(start) is not CompressionFormat.Plain || PackedFolder.IsTar(start) || PackedFolder.IsZip(start)
            || GzipMembers.IsDamagedHeader(start) || BgpdumpText.IsText(start) || start.Length < MrtRecord.HeaderBytes
            || RecordReader.HoldsRecords(start)
            ? null : ForeignFormat.Tell(start);

    /// <summary>Gives up what is kept from a place on.</summary>
    public void CutTo(long end)
    {
        if (end == End) return;
        RandomAccess.SetLength(_file, end);
        End = end;
    }

    /// <summary>All that is kept from a place on, as one file.</summary>
    public KeptPart From(long start) => new(this, start, End - start);

    /// <summary>A part as a file of its own.</summary>
    public Stream Open(KeptPart part) => new PartStream(_file, part.Start, part.Length);

    public void Dispose() => _file.Dispose();

    private sealed class PartStream(SafeFileHandle file, long start, long length) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int wanted = (int)Math.Clamp(length - Position, 0, buffer.Length);
            int count = wanted == 0 ? 0 : RandomAccess.Read(file, buffer[..wanted], start + Position);
            Position += count;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) =>
            Position = offset + (origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => Position, _ => length });

        public override void Flush() { }
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>One file of those that are kept.</summary>
/// <param name="Start">Its first byte among all that are kept.</param>
/// <param name="Length">In bytes.</param>
internal sealed record KeptPart(KeptBytes Bytes, long Start, long Length)
{
    /// <summary>Opens it, at its first byte.</summary>
    public Stream Open() => Bytes.Open(this);
}
