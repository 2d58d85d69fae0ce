using System.Buffers.Binary;
using System.Globalization;

namespace Isthmus.Wire.Bgp;

/// <summary>A value of fixed size, many of which stand in one attribute: what a <see cref="ValueList{T}"/> is of.</summary>
/// <typeparam name="TSelf">The value itself.</typeparam>
public interface IWireValue<TSelf> where TSelf : IWireValue<TSelf>
{
    /// <summary>Bytes of one on the wire.</summary>
    static abstract int Size { get; }

    /// <summary>Reads one from at least <see cref="Size"/> bytes; any bytes are one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    static abstract TSelf Read(ReadOnlySpan<byte> bytes);
}

/// <summary>
/// The values of an attribute, decoded while they are walked; bytes after the last whole one are left out. A view, good as long as the
/// bytes are.
/// </summary>
/// <typeparam name="T">What the values are.</typeparam>
/// <param name="bytes">The attribute's value; empty for no values.</param>
public readonly ref struct ValueList<T>(ReadOnlySpan<byte> bytes) where T : IWireValue<T>
{
    /// <summary>The attribute's value.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>How many whole values there are.</summary>
    public int Count => Bytes.Length / T.Size;

    /// <summary>One value.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public T this[int index] => T.Read(Bytes[(index * T.Size)..]);

    /// <summary>Walks the values in their order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks the values.</summary>
    public ref struct Enumerator
    {
        private readonly ValueList<T> _list;
        private int _at;

        internal Enumerator(ValueList<T> list)
        {
            _list = list;
            _at = -1;
        }

        /// <summary>The value moved to; good once <see cref="MoveNext"/> has given true.</summary>
        public readonly T Current => _list[_at];

        /// <summary>False after the last value.</summary>
        public bool MoveNext() => ++_at < _list.Count;
    }
}

/// <summary>A community (RFC 1997): <c>4837:100</c>, or the name of a well-known one.</summary>
/// <param name="Value">An AS number in the upper 16 bits, what that AS means by it in the lower.</param>
public readonly record struct Community(uint Value) : IWireValue<Community>
{
    /// <inheritdoc/>
    public static int Size => 4;

    /// <inheritdoc/>
    public static Community Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary><c>4837:100</c>; for well-known ones <c>no-export</c> and such (RFC 1997), <c>blackhole</c> (RFC 7999).</summary>
    public override string ToString() => Value switch
    {
        0xFFFF_FF01 => "no-export",
        0xFFFF_FF02 => "no-advertise",
        0xFFFF_FF03 => "no-export-subconfed",
        0xFFFF_029A => "blackhole", // RFC 7999
        _ => string.Create(CultureInfo.InvariantCulture, $"{Value >> 16}:{Value & 0xFFFF}"),
    };
}

/// <summary>An extended community (RFC 4360): a type of one or two octets and what it says, kept as its eight bytes.</summary>
/// <param name="Value">The eight bytes, the type first.</param>
public readonly record struct ExtendedCommunity(ulong Value) : IWireValue<ExtendedCommunity>
{
    /// <inheritdoc/>
    public static int Size => 8;

    /// <summary>
    /// The type's upper octet: 0 two-octet AS, 1 IPv4 address, 2 four-octet AS, 3 opaque, plus 0x40 where not transitive (RFC 7153).
    /// </summary>
    public byte Type => (byte)(Value >> 56);

    /// <summary>The type's lower octet: 2 route target, 3 route origin where the upper one is 0 to 2 (RFC 4360 sections 4 and 5).</summary>
    public byte Subtype => (byte)(Value >> 48 & 0xFF);

    /// <inheritdoc/>
    public static ExtendedCommunity Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes));

    /// <summary><c>rt:4837:100</c>, <c>soo:4837:100</c>, or <c>0x</c> and all eight bytes.</summary>
    public override string ToString()
    {
        string? name = (Type & 0xBF, Subtype) switch { ( <= 2, 2) => "rt", ( <= 2, 3) => "soo", _ => null };
        if (name is null) return string.Create(CultureInfo.InvariantCulture, $"0x{Value:x16}");
        uint four = (uint)(Value >> 16 & uint.MaxValue);
        return (Type & 0xBF) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"{name}:{Value >> 32 & 0xFFFF}:{Value & uint.MaxValue}"),
            1 => string.Create(CultureInfo.InvariantCulture, $"{name}:{IpAddress.V4(four)}:{Value & 0xFFFF}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{name}:{four}:{Value & 0xFFFF}"),
        };
    }
}

/// <summary>An IPv6 address specific extended community (RFC 5701 section 2).</summary>
/// <param name="Type">The type, 0x00 or 0x40, in the upper octet; in the lower 2 for a route target, 3 for a route origin.</param>
/// <param name="Address">Whose value it is.</param>
/// <param name="Local">The value that the address's holder gave.</param>
public readonly record struct IPv6ExtendedCommunity(ushort Type, IpAddress Address, ushort Local) : IWireValue<IPv6ExtendedCommunity>
{
    /// <inheritdoc/>
    public static int Size => 20;

    /// <inheritdoc/>
    public static IPv6ExtendedCommunity Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt16BigEndian(bytes), IpAddress.V6(bytes[2..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[18..]));

    /// <summary><c>rt:2001:db8::1:100</c>, <c>soo:2001:db8::1:100</c>, or the type as <c>0x</c> and four digits before them.</summary>
    public override string ToString()
    {
        string name = (Type & 0xBFFF) switch
        {
            2 => "rt",
            3 => "soo",
            _ => string.Create(CultureInfo.InvariantCulture, $"0x{Type:x4}"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{name}:{Address}:{Local}");
    }
}

/// <summary>A route reflection cluster (RFC 4456 section 7): four bytes, mostly a router's address.</summary>
/// <param name="Value">The four bytes, the highest first.</param>
public readonly record struct ClusterId(uint Value) : IWireValue<ClusterId>
{
    /// <inheritdoc/>
    public static int Size => 4;

    /// <inheritdoc/>
    public static ClusterId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Dotted decimal.</summary>
    public override string ToString() => IpAddress.V4(Value).ToString();
}

/// <summary>A large community (RFC 8092 section 3): <c>131279:1:2</c>.</summary>
/// <param name="Global">Whose value it is: an AS number.</param>
/// <param name="Local1">What that AS means by it, the first part.</param>
/// <param name="Local2">What that AS means by it, the second part.</param>
public readonly record struct LargeCommunity(uint Global, uint Local1, uint Local2) : IWireValue<LargeCommunity>
{
    /// <inheritdoc/>
    public static int Size => 12;

    /// <inheritdoc/>
    public static LargeCommunity Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    /// <summary>Three numbers with colons between (RFC 8092 section 5).</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Global}:{Local1}:{Local2}");
}
