using System.Buffers.Binary;
using System.Text;

using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>The name of the view that a dump gives itself in its peer index table (RFC 6396 section 4.3.1).</summary>
internal static class ViewName
{
    private const int TypeAt = 4, CollectorBytes = 4, LengthBytes = 2, TableDumpV2 = 13, PeerIndexTable = 1;

    /// <summary>True for a record that is a peer index table, by its header.</summary>
    public static bool IsIndex(ReadOnlySpan<byte> record) => record.Length >= MrtRecord.HeaderBytes
        && BinaryPrimitives.ReadUInt32BigEndian(record[TypeAt..]) == (TableDumpV2 << 16 | PeerIndexTable);

    /// <summary>The view number of a record of TABLE_DUMP (RFC 6396 section 4.2); 0 where it is cut off, or the only view.</summary>
    public static int NumberOf(ReadOnlySpan<byte> body) => BinaryPrimitives.TryReadUInt16BigEndian(body, out ushort number) ? number : 0;

    /// <summary>As the first record of a file has it; empty where that is no peer index table, or names none.</summary>
    public static string Of(ReadOnlySpan<byte> start)
    {
        const int Head = MrtRecord.HeaderBytes + CollectorBytes + LengthBytes;
        if (start.Length < Head || !IsIndex(start)) return "";
        int length = BinaryPrimitives.ReadUInt16BigEndian(start[(Head - LengthBytes)..]);
        return length <= start.Length - Head ? Encoding.UTF8.GetString(start.Slice(Head, length)) : "";
    }
}
