using System.Buffers;

namespace Isthmus.Sources.Compression;

/// <summary>The bytes of a stream that are held while they are looked at, as many as are asked for. Bringing more moves them.</summary>
internal sealed class StreamWindow(Stream plain) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
    private int _start, _end;

    /// <summary>True when the stream has no more; what is held may still be there.</summary>
    public bool Ended { get; private set; }

    /// <summary>What is held and not passed; good until <see cref="Fill"/>.</summary>
    public ReadOnlySpan<byte> Held => _buffer.AsSpan(_start, _end - _start);

    /// <summary>How many bytes are held.</summary>
    public int Count => _end - _start;

    /// <summary>Goes past bytes that are held.</summary>
    public void Pass(int count) => _start += count;

    /// <summary>Brings at least so many bytes in all, as far as there are any.</summary>
    public void Fill(int needed)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        while (_end < needed && !Ended)
        {
            // Room is made as bytes come in: a length that is damaged must not cost what it announces.
            if (_end == _buffer.Length)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
                _buffer.AsSpan(0, _end).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }
            int read = plain.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            Ended = read == 0;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = ([], 0, 0);
        plain.Dispose();
    }
}
