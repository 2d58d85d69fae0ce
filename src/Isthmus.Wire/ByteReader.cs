using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Isthmus.Wire;

/// <summary>
/// Reads big-endian fields front to back. It never leaves its bytes: the first short or wrong field is kept as
/// <see cref="Fault"/>, and from there on the reader is empty and reads zero. A mutable struct: pass it by ref.
/// </summary>
/// <param name="bytes">What to read.</param>
/// <param name="origin">Offset of the first byte in what faults count from.</param>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, int origin = 0)
{
    private readonly int _end = origin + bytes.Length;
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The first field that was short or wrong.</summary>
    public Fault Fault { get; private set; }

    /// <summary>True while nothing was short or wrong.</summary>
    public readonly bool Ok => Fault.Kind is FaultKind.None;

    /// <summary>True while there are bytes left: loop on this, never on a count from the wire alone.</summary>
    public readonly bool More => !_rest.IsEmpty;

    /// <summary>Bytes left.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>Bytes from the start of what faults count from.</summary>
    public readonly int Offset => _end - _rest.Length;

    /// <summary>One byte; 0 and a fault where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte U8()
    {
        if (_rest.IsEmpty) return (byte)Short(1);
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    /// <summary>Two bytes, the higher first; 0 and a fault where they are not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort U16()
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out ushort value)) return (ushort)Short(2);
        _rest = _rest[2..];
        return value;
    }

    /// <summary>Four bytes, the highest first; 0 and a fault where they are not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint U32()
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out uint value)) return Short(4);
        _rest = _rest[4..];
        return value;
    }

    /// <summary>An IPv6 address of 16 bytes; no address where they are not there.</summary>
    public IpAddress V6() => Take(16) is { Length: 16 } bytes ? IpAddress.V6(bytes) : default;

    /// <summary>True when the marker of a BGP message comes next (RFC 4271 section 4.1).</summary>
    internal readonly bool StartsWithMarker => _rest.Length >= 16
        && (BinaryPrimitives.ReadUInt64BigEndian(_rest) & BinaryPrimitives.ReadUInt64BigEndian(_rest[8..])) == ulong.MaxValue;

    /// <summary>All that is left, left where it is.</summary>
    public readonly ReadOnlySpan<byte> Unread => _rest;

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> Rest()
    {
        var rest = _rest;
        _rest = default;
        return rest;
    }

    /// <summary>The next bytes; none, and a fault, where there are not so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Take(uint count)
    {
        var rest = _rest;
        if (count > (uint)rest.Length)
        {
            Short(count);
            return default;
        }
        _rest = rest[(int)count..];
        return rest[..(int)count];
    }

    /// <summary>Keeps the first fault and turns the reader empty.</summary>
    public void Fail(FaultKind kind, uint needed = 0, byte attribute = 0, Treatment treatment = Treatment.SkipRecord)
    {
        if (Ok) Fault = new(kind, Offset, needed, (uint)_rest.Length, treatment, attribute);
        _rest = default;
    }

    /// <summary>The same for a field that was read already, so many bytes back.</summary>
    internal void FailBehind(int back, FaultKind kind, uint needed, uint available)
    {
        if (Ok) Fault = new(kind, Offset - back, needed, available);
        _rest = default;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint Short(uint needed)
    {
        Fail(FaultKind.Truncated, needed);
        return 0;
    }
}
