using System.Buffers.Binary;

namespace Isthmus.Sources.Compression;

/// <summary>The CRC of bzip2: polynomial 0x04c11db7, most significant bit first, eight bytes in a step.</summary>
internal static class Bzip2Crc
{
    private const uint Polynomial = 0x04c11db7;

    /// <summary>Table k, entry b: the CRC of byte b followed by k zero bytes.</summary>
    private static readonly uint[] s_tables = BuildTables();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        ReadOnlySpan<uint> tables = s_tables;
        unchecked
        {
            for (; bytes.Length >= 8; bytes = bytes[8..])
            {
                uint high = crc ^ BinaryPrimitives.ReadUInt32BigEndian(bytes), low = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
                crc = tables[0x700 + (int)(high >> 24)] ^ tables[0x600 + (byte)(high >> 16)]
                    ^ tables[0x500 + (byte)(high >> 8)] ^ tables[0x400 + (byte)high]
                    ^ tables[0x300 + (int)(low >> 24)] ^ tables[0x200 + (byte)(low >> 16)]
                    ^ tables[0x100 + (byte)(low >> 8)] ^ tables[(byte)low];
            }
            foreach (byte b in bytes) crc = (crc << 8) ^ tables[(byte)(crc >> 24) ^ b];
            return ~crc;
        }
    }

    /// <summary>Takes a block's CRC into that of its stream.</summary>
    public static uint Combine(uint stream, uint block) => uint.RotateLeft(stream, 1) ^ block;

    private static uint[] BuildTables()
    {
        uint[] tables = new uint[8 * 256];
        unchecked
        {
            for (uint b = 0; b < 256; b++)
            {
                uint crc = b << 24;
                for (int bit = 0; bit < 8; bit++) crc = (crc << 1) ^ ((crc & 0x8000_0000) != 0 ? Polynomial : 0);
                tables[b] = crc;
            }
            for (int i = 256; i < tables.Length; i++)
                tables[i] = (tables[i - 256] << 8) ^ tables[tables[i - 256] >> 24];
        }
        return tables;
    }
}
