using System.Buffers.Binary;

using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>Appends big-endian fields to a growing buffer: the writing twin of a byte reader.</summary>
public sealed class ByteWriter
{
    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    public ByteWriter U8(int value)
    {
        Grow(1)[0] = (byte)value;
        return this;
    }

    public ByteWriter U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Grow(2), (ushort)value);
        return this;
    }

    public ByteWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Grow(4), value);
        return this;
    }

    public ByteWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Grow(bytes.Length));
        return this;
    }

    /// <summary>An AS number in four octets, or in two with AS_TRANS for what does not fit (RFC 6793).</summary>
    public ByteWriter Asn(Asn asn, bool wide) =>
        wide ? U32(asn.Number) : U16((int)(asn.Number > ushort.MaxValue ? Wire.Asn.Trans.Number : asn.Number));

    /// <summary>4 or 16 bytes.</summary>
    public ByteWriter Address(IpAddress address)
    {
        if (address.Family is AddressFamily.IPv4) return U32((uint)(address.High >> 32));
        var room = Grow(16);
        BinaryPrimitives.WriteUInt64BigEndian(room, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(room[8..], address.Low);
        return this;
    }

    /// <summary>A prefix (RFC 4271 section 4.3), after a path id where there is one (RFC 7911).</summary>
    public ByteWriter Nlri(Nlri nlri)
    {
        if (nlri.PathId is { } id) U32(id);
        U8(nlri.Prefix.Length);
        Span<byte> address = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(address, nlri.Prefix.High);
        BinaryPrimitives.WriteUInt64BigEndian(address[8..], nlri.Prefix.Low);
        return Bytes(address[..((nlri.Prefix.Length + 7) / 8)]);
    }

    private Span<byte> Grow(int count)
    {
        if (Length + count > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
