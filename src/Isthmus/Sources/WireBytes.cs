using System.Buffers.Binary;

using Isthmus.Wire;

namespace Isthmus.Sources;

/// <summary>Bytes that are written front to back, the highest of a number first, and used again.</summary>
internal sealed class WireBytes
{
    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public WireBytes Clear()
    {
        Length = 0;
        return this;
    }

    public WireBytes U8(byte value)
    {
        Room(1)[0] = value;
        return this;
    }

    public WireBytes U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Room(2), value);
        return this;
    }

    public WireBytes U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);
        return this;
    }

    public WireBytes Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        return this;
    }

    public WireBytes Fill(byte value, int count)
    {
        Room(count).Fill(value);
        return this;
    }

    public WireBytes Zeros(int count) => Fill(0, count);

    /// <summary>Two bytes that say how many follow, and these.</summary>
    public WireBytes Counted(ReadOnlySpan<byte> bytes) => U16((ushort)bytes.Length).Bytes(bytes);

    public WireBytes Address(IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], address.Low);
        return Bytes(address.Family is AddressFamily.IPv4 ? bytes[..4] : bytes);
    }

    /// <summary>A length in bits and as many bytes as it needs (RFC 4271 section 4.3).</summary>
    public WireBytes Prefix(Prefix prefix)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, prefix.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], prefix.Low);
        return U8(prefix.Length).Bytes(bytes[..((prefix.Length + 7) / 8)]);
    }

    public void SetU8(int at, byte value) => _bytes[at] = value;

    public void SetU16(int at, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(at), value);

    public void SetU32(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(at), value);

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
