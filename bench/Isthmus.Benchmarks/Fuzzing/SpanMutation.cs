namespace Isthmus.Benchmarks.Fuzzing;

/// <summary>
/// Changes bytes in one buffer, as damage, chance and malice do, without allocating; the same seed gives the same changes.
/// </summary>
internal sealed class SpanMutation(ulong seed)
{
    /// <summary>No input is longer, in bytes.</summary>
    public const int BytesMax = 1 << 14;

    private readonly byte[] _buffer = new byte[BytesMax];
    private ulong _state = seed * 2 + 1;
    private int _length;

    private static ReadOnlySpan<byte> Edges => [0, 1, 2, 4, 0x0f, 0x10, 0x20, 0x21, 0x40, 0x7f, 0x80, 0x81, 0xc0, 0xfe, 0xff];

    /// <summary>The input made last.</summary>
    public ReadOnlySpan<byte> Input => _buffer.AsSpan(0, _length);

    /// <summary>One of the inputs with one to eight changes, now and then with a part of another one; good until the next call.</summary>
    public ReadOnlySpan<byte> Of(List<byte[]> pool)
    {
        byte[] start = pool[Below(pool.Count)];
        _length = Math.Min(start.Length, BytesMax);
        start.AsSpan(0, _length).CopyTo(_buffer);
        for (int changes = 1 << Below(4); changes > 0; changes--) Change(pool);
        return Input;
    }

    private void Change(List<byte[]> pool)
    {
        if (_length == 0)
        {
            _buffer[_length++] = (byte)Below(256);
            return;
        }
        int at = Below(_length), count = Math.Min(_length - at, 1 << Below(7));
        switch (Below(10))
        {
            case 0:
                _buffer[at] ^= (byte)(1 << Below(8));
                return;
            case 1:
                _buffer[at] = Edges[Below(Edges.Length)];
                return;
            case 2:
                _buffer[at] = (byte)Below(256);
                return;
            case 3:
                // A length or count that is off by a little.
                _buffer[at] = (byte)((_buffer[at] + 256 + Below(19) - 9) & 0xff);
                return;
            case 4:
                for (int i = at; i < Math.Min(_length, at + 4); i++) _buffer[i] = Edges[Below(Edges.Length)];
                return;
            case 5:
                _buffer.AsSpan(at + count, _length - at - count).CopyTo(_buffer.AsSpan(at));
                _length -= count;
                return;
            case 6:
                MakeRoom(at, count);
                return;
            case 7:
                count = MakeRoom(at, count);
                for (int i = at; i < at + count; i++) _buffer[i] = (byte)Below(256);
                return;
            case 8:
                _length = at;
                return;
            default:
                byte[] other = pool[Below(pool.Count)];
                if (other.Length == 0) return;
                var part = other.AsSpan(Below(other.Length));
                part = part[..Math.Min(part.Length, BytesMax - at)];
                part.CopyTo(_buffer.AsSpan(at));
                _length = at + part.Length;
                return;
        }
    }

    // The bytes from a place on stay there and follow once more behind, as many as fit.
    private int MakeRoom(int at, int count)
    {
        count = Math.Min(count, BytesMax - _length);
        _buffer.AsSpan(at, _length - at).CopyTo(_buffer.AsSpan(at + count));
        _length += count;
        return count;
    }

    // Xorshift of 64 bits (Marsaglia 2003): a number from 0 and below a bound.
    private int Below(int bound)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)(((_state >> 32) * (ulong)bound) >> 32);
    }
}
