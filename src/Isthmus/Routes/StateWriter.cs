using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>Writes the state of a replay, to go on with it later: <see cref="StateReader"/> reads what it wrote, in the same order.</summary>
internal sealed class StateWriter(Stream to) : IDisposable
{
    /// <summary>A number takes so many bytes at most, of seven bits each.</summary>
    private const int NumberBytesMax = 10;

    // Most of what is written takes a byte or two, and a stream takes longer for each than for what stands in it.
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly Dictionary<Source, int> _sources = [];
    private int _length;

    // Of the last place the file, and its number.
    private Source? _last;
    private int _place;
    private bool _isKnown;

    public void Write(bool value) => Write((byte)(value ? 1 : 0));

    public void Write(byte value)
    {
        if (_length == _buffer.Length) Flush();
        _buffer[_length++] = value;
    }

    public void Write(int value) => WriteNumber(unchecked((uint)value));

    public void Write(uint value) => WriteNumber(value);

    public void Write(long value) => WriteNumber(unchecked((ulong)value));

    public void Write(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        Write(bytes.Length);
        WriteBytes(bytes);
    }

    public void Write(Timestamp time) => WriteFixed(unchecked((ulong)time.Microseconds));

    public void Write(Timestamp? time)
    {
        Write(time is not null);
        if (time is { } known) Write(known);
    }

    public void Write(IpAddress address)
    {
        Write((byte)address.Family);
        WriteFixed(address.High);
        if (address.Family is AddressFamily.IPv6) WriteFixed(address.Low);
    }

    public void Write(in Prefix prefix)
    {
        Write(prefix.Address);
        Write((byte)prefix.Length);
    }

    public void Write(Peer peer)
    {
        Write(peer.Address);
        Write(peer.Asn.Number);
    }

    /// <summary>A source by its hash the first time, later by its place among those that were written.</summary>
    public void Write(SourcePlace place)
    {
        if (place.Source is not { } source)
        {
            Write(-1);
            return;
        }
        // Of one file stand many in a row.
        if (!ReferenceEquals(source, _last))
        {
            _isKnown = _sources.TryGetValue(source, out _place);
            if (!_isKnown) _sources.Add(source, _place = _sources.Count);
            _last = source;
        }
        Write(_place);
        if (!_isKnown) Write(source.Sha256);
        _isKnown = true;
        Write(place.Record);
        Write(place.Offset);
        Write(place.Length);
    }

    public void Write(in RouteStep step)
    {
        Write(step.Time);
        Write(step.Path);
        Write((byte)step.Cause);
        Write(step.Place);
        Write(step.PathId);
    }

    /// <summary>How many numbers there are, and their bytes, the lowest first.</summary>
    public void Write<T>(ReadOnlySpan<T> numbers) where T : unmanaged
    {
        Write(numbers.Length);
        WriteBytes(MemoryMarshal.AsBytes(numbers));
    }

    /// <summary>How many there are, and each.</summary>
    public void Write<T>(IReadOnlyCollection<T> all, Action<T> write)
    {
        Write(all.Count);
        foreach (var one in all) write(one);
    }

    public void Dispose() => Flush();

    private void WriteNumber(ulong value)
    {
        if (_buffer.Length - _length < NumberBytesMax) Flush();
        for (; value >= 0x80; value >>= 7) _buffer[_length++] = (byte)(value & 0x7F | 0x80);
        _buffer[_length++] = (byte)value;
    }

    private void WriteFixed(ulong value)
    {
        if (_buffer.Length - _length < sizeof(ulong)) Flush();
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_length), value);
        _length += sizeof(ulong);
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        Flush();
        to.Write(bytes);
    }

    private void Flush()
    {
        to.Write(_buffer.AsSpan(0, _length));
        _length = 0;
    }
}
