using System.Buffers.Binary;
using System.Net;

namespace Isthmus.Wire;

/// <summary>The address families of unicast routing (RFC 4760 AFI 1 and 2).</summary>
public enum AddressFamily : byte
{
    None = 0,
    IPv4 = 1,
    IPv6 = 2,
}

/// <summary>An IPv4 or IPv6 address as 128 bits, left-aligned: an IPv4 address is the top 32 bits of <see cref="High"/>.</summary>
/// <param name="High">The first 64 bits.</param>
/// <param name="Low">The last 64 bits; zero for IPv4.</param>
/// <param name="Family">Which family the bits are of; <see cref="AddressFamily.None"/> for no address.</param>
public readonly record struct IpAddress(ulong High, ulong Low, AddressFamily Family)
    : IComparable<IpAddress>, ISpanParsable<IpAddress>, ISpanFormattable
{
    public static IpAddress V4(uint bits) => new((ulong)bits << 32, 0, AddressFamily.IPv4);

    public static IpAddress V6(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), AddressFamily.IPv6);

    public static IpAddress Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    public static IpAddress Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var address) ? address : throw new FormatException($"'{s}' is no IP address");

    public static bool TryParse(string? s, IFormatProvider? provider, out IpAddress result) =>
        TryParse(s.AsSpan(), provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out IpAddress result)
    {
        result = default;
        if (!IPAddress.TryParse(s, out var parsed)) return false;
        // IPAddress also takes "10" and "10.1"; a routing tool must not guess.
        if (parsed.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork && s.Count('.') != 3) return false;
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out int length);
        result = length == 4 ? V4(BinaryPrimitives.ReadUInt32BigEndian(bytes)) : V6(bytes);
        return true;
    }

    public int CompareTo(IpAddress other) =>
        Family != other.Family ? Family.CompareTo(other.Family)
        : High != other.High ? High.CompareTo(other.High)
        : Low.CompareTo(other.Low);

    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;
    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;
    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;
    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;

    /// <summary>Dotted decimal, or RFC 5952 text; <c>-</c> for no address.</summary>
    public override string ToString()
    {
        Span<char> buffer = stackalloc char[48];
        TryFormat(buffer, out int length, default, null);
        return buffer[..length].ToString();
    }

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        if (Family is AddressFamily.None) return destination.TryWrite($"-", out charsWritten);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPAddress(Family is AddressFamily.IPv4 ? bytes[..4] : bytes).TryFormat(destination, out charsWritten);
    }
}
