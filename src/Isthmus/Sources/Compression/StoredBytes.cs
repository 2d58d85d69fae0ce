using System.Security.Cryptography;

namespace Isthmus.Sources.Compression;

/// <summary>
/// The bytes of a file as stored: buffered and hashed on the way. A source that fails to read
/// ends here; <see cref="Failure"/> says why.
/// </summary>
/// <param name="hashed">False where nobody will ask for <see cref="Sha256"/>: hashing costs more than decoding.</param>
internal sealed class StoredBytes(Stream source, bool hashed) : IDisposable
{
    // A folder of a hundred thousand small files is not to cost as many large buffers.
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(
        source.CanSeek ? (int)Math.Clamp(source.Length + 1, BufferBytesMin, BufferBytesMax) : BufferBytesMax);
    private const int BufferBytesMin = 1 << 12, BufferBytesMax = 1 << 18;

    /// <summary>
    /// So many bytes are read at once: they stay in the processor's second cache, and of a buffer no more is touched than is used, for
    /// a page of memory that is new costs more than to read it.
    /// </summary>
    private const int StepBytes = 1 << 16;

    /// <summary>So many are read at least where the first ones are looked at, which often is all that is asked of a file.</summary>
    private const int PeekBytes = 1 << 13;

    private readonly IncrementalHash? _hash = !hashed ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _position, _end;
    private readonly long _first = source.CanSeek ? source.Position : 0;
    private long _bufferOffset, _sourceOffset, _hashedTo;
    private string? _sha256;

    /// <summary>Bytes taken so far.</summary>
    public long Offset => _bufferOffset + _position;

    /// <summary>Bytes at hand without reading.</summary>
    public ReadOnlySpan<byte> Ready => _buffer.AsSpan(_position, _end - _position);

    /// <summary>True when the source has given its last byte, taken or not.</summary>
    public bool SourceEnded { get; private set; }

    /// <summary>Why the source could not be read to its end, in a sentence; null when it could.</summary>
    public string? Failure { get; private set; }

    /// <summary>Looks at the next bytes, fewer than asked only at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (_end - _position < Math.Min(count, _buffer.Length) && Fill(Math.Max(count, PeekBytes))) { }
        return Ready[..Math.Min(count, _end - _position)];
    }

    /// <summary>Takes bytes that were looked at.</summary>
    public void Skip(int count) => _position += count;

    /// <summary>Takes at least one byte, or none at the end.</summary>
    public int Read(Span<byte> destination)
    {
        if (_position == _end && destination.Length >= Math.Min(StepBytes, _buffer.Length) / 2) return ReadThrough(destination);
        if (_position == _end && !Fill(StepBytes)) return 0;
        int count = Math.Min(destination.Length, _end - _position);
        _buffer.AsSpan(_position, count).CopyTo(destination);
        _position += count;
        return count;
    }

    // Many bytes are not copied twice.
    private int ReadThrough(Span<byte> destination)
    {
        if (SourceEnded) return 0;
        _bufferOffset += _end;
        _position = _end = 0;
        int read = ReadSource(destination);
        _bufferOffset += read;
        SourceEnded = read == 0;
        return read;
    }

    /// <summary>True where the bytes can be had again from the first one.</summary>
    public bool CanRewind => source.CanSeek && (Failure is null || source is EndedStream);

    /// <summary>
    /// Goes to a byte of the file, read already or not; where <see cref="CanRewind"/>. Behind the last it stands at the end.
    /// </summary>
    /// <param name="offset">Bytes from the first one.</param>
    public void Seek(long offset)
    {
        if (offset < _bufferOffset || offset > _bufferOffset + _end && offset <= _hashedTo)
        {
            source.Position = _first + offset;
            _position = _end = 0;
            _bufferOffset = _sourceOffset = offset;
            SourceEnded = false;
        }
        // What was never read is hashed on the way.
        while (offset > _bufferOffset + _end)
        {
            _position = _end;
            if (!Fill(StepBytes)) return;
        }
        _position = (int)(offset - _bufferOffset);
    }

    /// <summary>The first place from an offset on where bytes begin that fit, within so many; -1 for none.</summary>
    /// <param name="lengthMax">So many bytes, fewer only at the end of the file, are enough to tell.</param>
    public long Find(long offset, int lengthMax, Func<ReadOnlySpan<byte>, bool> fits)
    {
        Seek(offset);
        // What is at hand first: to bring more drops what stands before, which may be wanted again.
        while ((Ready.Length > lengthMax ? Ready : Peek(_buffer.Length)) is { IsEmpty: false } held)
        {
            int places = SourceEnded ? held.Length : held.Length - lengthMax;
            for (int i = 0; i < places; i++)
                if (fits(held[i..])) return Offset + i;
            Skip(places);
        }
        return -1;
    }

    /// <summary>SHA-256 of the whole file, lower-case hex; reads what is left of it.</summary>
    public string Sha256()
    {
        if (_sha256 is not null) return _sha256;
        if (_hash is null) throw new InvalidOperationException("opened without a hash");
        do _position = _end; while (Fill(StepBytes));
        return _sha256 = Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    private bool Fill(int count)
    {
        if (SourceEnded) return false;
        int dropped = _position;
        if (dropped > 0)
        {
            _buffer.AsSpan(dropped, _end - dropped).CopyTo(_buffer);
            _bufferOffset += dropped;
            _position -= dropped;
            _end -= dropped;
        }
        int read = ReadSource(_buffer.AsSpan(_end, Math.Min(count, _buffer.Length - _end)));
        _end += read;
        SourceEnded = read == 0;
        return read > 0;
    }

    private int ReadSource(Span<byte> destination)
    {
        try
        {
            int read = source.Read(destination);
            // What was hashed before a rewinding is not hashed again.
            int known = (int)Math.Clamp(_hashedTo - _sourceOffset, 0, read);
            _hash?.AppendData(destination[known..read]);
            _sourceOffset += read;
            _hashedTo = Math.Max(_hashedTo, _sourceOffset);
            return read;
        }
        catch (IOException failure)
        {
            Failure = failure is EndedException ? failure.Message : "the file cannot be read further: " + failure.Message;
            return 0;
        }
    }

    public void Dispose()
    {
        _hash?.Dispose();
        source.Dispose();
    }
}
