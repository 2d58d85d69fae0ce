namespace Isthmus.Wire.Bgp;

/// <summary>The types of BGP message (RFC 4271 section 4.1, RFC 2918).</summary>
public enum BgpMessageType : byte
{
    /// <summary>Begins a session (RFC 4271 section 4.2).</summary>
    Open = 1,
    /// <summary>Routes (RFC 4271 section 4.3).</summary>
    Update = 2,
    /// <summary>Ends a session, and says why (RFC 4271 section 4.5).</summary>
    Notification = 3,
    /// <summary>Nothing but a sign of life (RFC 4271 section 4.4).</summary>
    Keepalive = 4,
    /// <summary>Asks for all routes anew (RFC 2918).</summary>
    RouteRefresh = 5,
}

/// <summary>
/// A BGP message (RFC 4271 section 4.1): its header read, its body still bytes, which are good as long as those given are.
/// It may be longer than 4,096 bytes (RFC 8654), up to 65,535.
/// </summary>
public readonly ref struct BgpMessage
{
    /// <summary>Bytes of marker, length and type.</summary>
    public const int HeaderBytes = 19;

    /// <summary>Reads the header; what the marker holds is not looked at.</summary>
    /// <param name="bytes">From the marker on; may hold more than the message.</param>
    /// <param name="origin">Offset of the marker in what faults count from, in bytes.</param>
    public BgpMessage(ReadOnlySpan<byte> bytes, int origin = 0)
    {
        var reader = new ByteReader(bytes, origin);
        reader.Take(16);
        ushort length = reader.U16();
        Type = (BgpMessageType)reader.U8();
        if (reader.Ok && length < HeaderBytes) reader.FailBehind(3, FaultKind.BadLength, HeaderBytes, length);
        BodyOffset = reader.Offset;
        Body = reader.Take((uint)Math.Max(0, length - HeaderBytes));
        BytesAfter = reader.Left;
        Fault = reader.Fault;
    }

    /// <summary>What is wrong with the header's length (RFC 4271 section 6.1), or that the bytes end inside the message.</summary>
    public Fault Fault { get; }

    /// <summary>
    /// A type that no standard defines, a length that the type cannot have (RFC 4271 section 6.1, RFC 7313 section 5), or an OPEN whose
    /// optional parameters do not fill it: none keeps the body from being found. An UPDATE tells what is wrong with its length itself.
    /// </summary>
    internal Fault TypeFault
    {
        get
        {
            int length = HeaderBytes + Body.Length;
            var (least, most) = Type switch
            {
                BgpMessageType.Open => (29, ushort.MaxValue),
                BgpMessageType.Update => (0, ushort.MaxValue),
                BgpMessageType.Notification => (21, ushort.MaxValue),
                BgpMessageType.Keepalive => (HeaderBytes, HeaderBytes),
                // An entry of outbound route filters may follow (RFC 5291 section 4).
                BgpMessageType.RouteRefresh => (23, ushort.MaxValue),
                _ => (0, 0),
            };
            return most == 0 ? new(FaultKind.Undefined, BodyOffset - 1, 0, (uint)Type)
                : length < least || length > most ? new(FaultKind.BadLength, BodyOffset - 3, (uint)least, (uint)length)
                : Type is BgpMessageType.Open ? OptionalParametersFault : default;
        }
    }

    // RFC 4271 section 4.2; with lengths of two bytes where the first length and the first type are both 255 (RFC 9072 section 2).
    private Fault OptionalParametersFault
    {
        get
        {
            const byte Capabilities = 2, Extended = 255;
            var reader = new ByteReader(Body, BodyOffset);
            reader.Take(9);
            uint length = reader.U8();
            bool isExtended = length == Extended && reader.Unread is [Extended, ..];
            if (isExtended)
            {
                reader.U8();
                length = reader.U16();
            }
            if (reader.Ok && length != reader.Left) reader.FailBehind(isExtended ? 2 : 1, FaultKind.BadLength, length, (uint)reader.Left);
            while (reader.More)
            {
                byte type = reader.U8();
                var value = reader.Take(isExtended ? reader.U16() : reader.U8());
                var capabilities = new ByteReader(type == Capabilities ? value : default, reader.Offset - value.Length);
                while (capabilities.More)
                {
                    capabilities.U8();
                    capabilities.Take(capabilities.U8());
                }
                if (!capabilities.Ok) return capabilities.Fault;
            }
            return reader.Fault;
        }
    }

    /// <summary>What the message is; a type that is not in the list is kept as its number, 0 where the bytes end before it.</summary>
    public BgpMessageType Type { get; }

    /// <summary>What follows the header; empty where there is a <see cref="Fault"/>.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Offset of <see cref="Body"/> in what faults count from, in bytes.</summary>
    public int BodyOffset { get; }

    /// <summary>How many bytes were given that are not the message's; 0 where there is a <see cref="Fault"/>.</summary>
    public int BytesAfter { get; }
}
