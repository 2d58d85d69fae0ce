using System.Buffers.Binary;

namespace Isthmus.Wire.Mrt;

/// <summary>Where path identifiers stand in a record of RIB_GENERIC_ADDPATH of IPv4 or IPv6.</summary>
internal static class GenericRib
{
    private const int SequenceBytes = 4, FamilyBytes = 3, IdBytes = 4;

    /// <summary>Index of the peer, seconds, and length of the attributes: an entry without a path identifier.</summary>
    private const int EntryHeadBytes = 8;

    /// <summary>
    /// True where the body is consumed to its end with an identifier in each entry, and is not with one in front of the prefix (RFC 8050
    /// section 4.2).
    /// </summary>
    public static bool HasPathIdsInEntries(ReadOnlySpan<byte> body)
    {
        if (body.Length < SequenceBytes + FamilyBytes) return false;
        int bitsMax = BinaryPrimitives.ReadUInt16BigEndian(body[SequenceBytes..]) == 1 ? 32 : 128;
        var rest = body[(SequenceBytes + FamilyBytes)..];
        return !(rest.Length > IdBytes && IsConsumed(rest[IdBytes..], bitsMax, EntryHeadBytes))
            && IsConsumed(rest, bitsMax, EntryHeadBytes + IdBytes);
    }

    // A prefix, how many entries there are, and these.
    private static bool IsConsumed(ReadOnlySpan<byte> rest, int bitsMax, int headBytes)
    {
        if (rest.IsEmpty || rest[0] > bitsMax) return false;
        int prefixBytes = 1 + (rest[0] + 7) / 8;
        if (rest.Length < prefixBytes + sizeof(ushort)) return false;
        int count = BinaryPrimitives.ReadUInt16BigEndian(rest[prefixBytes..]);
        rest = rest[(prefixBytes + sizeof(ushort))..];
        for (; count > 0 && rest.Length >= headBytes; count--)
        {
            int bytes = headBytes + BinaryPrimitives.ReadUInt16BigEndian(rest[(headBytes - sizeof(ushort))..]);
            if (bytes > rest.Length) return false;
            rest = rest[bytes..];
        }
        return count == 0 && rest.IsEmpty;
    }
}
