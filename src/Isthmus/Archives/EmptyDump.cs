using Isthmus.Sources.Compression;
using Isthmus.Wire.Mrt;

namespace Isthmus.Archives;

/// <summary>
/// Dumps that hold no route: rrc06 wrote such in January 2011, of 161 bytes, for twelve days. What peers held then is in the dump before.
/// </summary>
internal static class EmptyDump
{
    /// <summary>Stored bytes of a dump that is looked into: a list of all peers of a collector has less.</summary>
    public const long StoredBytesMax = 64 << 10;

    private const int PlainBytesMax = 4 << 20;

    /// <summary>True where a dump has no record but lists of peers (RFC 6396 section 4.3.1).</summary>
    public static bool Is(string path)
    {
        using var stored = File.OpenRead(path);
        if (stored.Length > StoredBytesMax) return false;
        using var plain = Decompression.Open(stored);
        var reader = new MrtReader(plain.Peek(PlainBytesMax));
        while (reader.TryRead(out var record) is Framing.Whole)
            if (record.Type is not MrtType.TableDumpV2 || record.Subtype != PeerIndexTable) return false;
        return true;
    }

    private const ushort PeerIndexTable = 1;
}
