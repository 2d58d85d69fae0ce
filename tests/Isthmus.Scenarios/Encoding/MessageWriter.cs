using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>Writes whole BGP messages with their headers (RFC 4271 section 4).</summary>
public static class MessageWriter
{
    private const byte OpenType = 1, UpdateType = 2, NotificationType = 3, KeepAliveType = 4;

    /// <summary>
    /// An UPDATE: <c>Update(PathAttributes.Route("2914 4837 131279", "192.0.2.1"), ["175.45.176.0/24"])</c>, or
    /// <c>Update(withdraw: ["175.45.176.0/24"])</c>. IPv6 prefixes go into <c>PathAttributes.MpReach</c>.
    /// </summary>
    /// <param name="wideAsns">AS numbers in four octets, as BGP4MP_MESSAGE_AS4 needs.</param>
    public static byte[] Update(
        PathAttributes? attributes = null, IReadOnlyList<Nlri>? announce = null, IReadOnlyList<Nlri>? withdraw = null,
        bool wideAsns = true) =>
        RawUpdate(Encode(withdraw), attributes?.ToArray(wideAsns) ?? [], Encode(announce));

    /// <summary>An UPDATE of three parts as they are, right or wrong.</summary>
    public static byte[] RawUpdate(
        ReadOnlySpan<byte> withdrawn, ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> announced) =>
        Message(UpdateType, new ByteWriter()
            .U16(withdrawn.Length).Bytes(withdrawn).U16(attributes.Length).Bytes(attributes).Bytes(announced).Written);

    /// <summary>The mark that a session start has sent all (RFC 4724): an UPDATE with nothing in it.</summary>
    public static byte[] EndOfRib() => Update();

    public static byte[] KeepAlive() => Message(KeepAliveType, []);

    public static byte[] Notification(byte code, byte subcode, params byte[] data) =>
        Message(NotificationType, [code, subcode, .. data]);

    /// <summary>An OPEN with the capabilities for IPv4, IPv6 and four-octet AS numbers (RFC 5492, 6793).</summary>
    public static byte[] Open(uint asn, string bgpId, ushort holdTime = 180)
    {
        byte[] capabilities = new ByteWriter()
            .U8(1).U8(4).U16(1).U8(0).U8(1)
            .U8(1).U8(4).U16(2).U8(0).U8(1)
            .U8(65).U8(4).U32(asn).ToArray();
        return Message(OpenType, new ByteWriter()
            .U8(4).Asn(new(asn), wide: false).U16(holdTime).Address(IpAddress.Parse(bgpId))
            .U8(capabilities.Length + 2).U8(2).U8(capabilities.Length).Bytes(capabilities).Written);
    }

    /// <summary>A message of any type around a body: marker, length, type.</summary>
    public static byte[] Message(byte type, ReadOnlySpan<byte> body)
    {
        var writer = new ByteWriter();
        for (int i = 0; i < 16; i++) writer.U8(0xFF);
        return writer.U16(19 + body.Length).U8(type).Bytes(body).ToArray();
    }

    private static byte[] Encode(IReadOnlyList<Nlri>? prefixes)
    {
        var writer = new ByteWriter();
        foreach (var nlri in prefixes ?? []) writer.Nlri(nlri);
        return writer.ToArray();
    }
}
