using System.Buffers.Binary;

using Isthmus.Sources.Compression;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>What is given in place of an archive's files, told by its first bytes, with what to do instead.</summary>
internal static class ForeignFormat
{
    /// <summary>A magic number of a capture (pcap in both orders and with nanoseconds, and pcapng).</summary>
    private static readonly uint[] _captures = [0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a];

    /// <summary>A BMP message has version 3, a length and a type below 7 (RFC 7854 section 4.1).</summary>
    private const int BmpVersion = 3, BmpTypes = 7, BmpHeaderBytes = 6, BmpBytesMax = 1 << 20;

    /// <summary>What is said of anything else.</summary>
    public const string Unknown = UnknownStart + "; give RIB or updates files of a collector";

    // So begins what is said of what is of no known format.
    private const string UnknownStart = "is neither MRT nor lines of bgpdump -m";

    /// <summary>
    /// What is said of a file of nothing. Archives hold such where a collector wrote nothing: by the archive's rhythm a gap, and not
    /// silence.
    /// </summary>
    public const string Empty = "is empty: it holds no record";

    /// <summary>Why a file is no input, to stand behind its name; null where it is one.</summary>
    /// <param name="start">Its first bytes, decompressed.</param>
    public static string? ProblemOf(ReadOnlySpan<byte> start, DecompressedStream plain, string name)
    {
        if (BgpdumpText.IsText(start)) return null;
        if (start.IsEmpty && plain.Fault is null) return CutNameOf(name, plain) ?? Empty;
        if (start.Length < MrtRecord.HeaderBytes) return plain.Fault is { } fault
            ? $"holds no whole MRT record: {fault.What}" : "is no MRT file: it is shorter than one record; give RIB or updates files";
        if (RecordReader.HoldsRecords(start)) return null;
        string foreign = Tell(start);
        return PackedNameOf(name, foreign, plain.Format) ?? foreign;
    }

    /// <summary>In words, to stand behind a file's name.</summary>
    /// <param name="start">Its first bytes, decompressed.</param>
    public static string Tell(ReadOnlySpan<byte> start)
    {
        var text = start.TrimStart(" \t\r\n\uFEFF"u8);
        if (Begins(text, "<!doctype"u8) || Begins(text, "<html"u8))
            return "is an HTML page, as a server's listing of a folder; give the addresses of the files that it names";
        if (text is [(byte)'{' or (byte)'[', ..])
            return text.IndexOf("ris_message"u8) >= 0 || text.IndexOf("\"peer_asn\""u8) >= 0
                ? "is JSON of RIS Live, which is not read as INPUT; give the collector's updates files of that time (data.ris.ripe.net)"
                : "is JSON and neither MRT nor lines of bgpdump -m; give RIB or updates files of a collector";
        if (start.Length >= 4 && _captures.Contains(BinaryPrimitives.ReadUInt32BigEndian(start)))
            return "is a packet capture (pcap), which is not read; write the session as MRT with the router or a collector (bgpd, BIRD, FRR, GoBGP)";
        if (IsBmp(start)) return "is a stream of BMP, which is not read; have the station that takes it write MRT (RFC 6396)";
        if (Begins(start, "obmp"u8)) return "holds messages of OpenBMP, which are not read; have the station that takes them write MRT (RFC 6396)";
        if (Begins(text, "time:"u8) && start.IndexOf("\nTYPE:"u8) >= 0)
            return "is the long text of bgpdump; give that of bgpdump -m, or the MRT file that it was made of";
        if (Begins(text, "bgp table version"u8) || Begins(text, "bgp routing table"u8))
            return "is a table as a router shows it, without the peers' AS numbers and times; give an MRT dump of the router";
        if (start is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
            return "is text in UTF-16, as PowerShell's > writes it; convert it with iconv -f UTF-16 -t UTF-8, or give the MRT file";
        if (PackerOf(start) is { } packer) return $"is packed with {packer}, which is not read; unpack it";
        if (Begins(start, "PAR1"u8)) return "is a Parquet file, as isthmus read writes them; give the MRT files that it was made from";
        return Unknown;
    }

    /// <summary>What is said of a file that would have to be unpacked twice; null for others. A file is unpacked once.</summary>
    public static string? PackedTwice(ReadOnlySpan<byte> start, CompressionFormat format)
    {
        if (format is CompressionFormat.Plain) return null;
        var inner = Decompression.Tell(start);
        string? what = inner is not CompressionFormat.Plain ? inner.ToString().ToLowerInvariant()
            : PackedFolder.IsZip(start) ? "a zip archive" : null;
        return what is null ? null : $"is packed twice: inside {format.ToString().ToLowerInvariant()} there is {what}; unpack it once";
    }

    /// <summary>What is said of a file that is compressed by its name and not by its first bytes; null for others.</summary>
    public static string? PackedNameOf(string name, string problem, CompressionFormat format)
    {
        if (format is not CompressionFormat.Plain || problem != Unknown || PackerNamed(name) is not { } packed) return null;
        return $"{UnknownStart}, and no {packed}, as its name says, by its first bytes; give a sound copy";
    }

    /// <summary>
    /// What is said of a file without a byte that is compressed by its name, which has a header where it holds nothing; null for others.
    /// </summary>
    public static string? CutNameOf(string name, DecompressedStream plain) =>
        plain.Format is not CompressionFormat.Plain || PackerNamed(name) is not { } packed ? null
        : $"is empty: it has no byte, and {packed}, as its name says, has some also where it holds no record; give a sound copy";

    /// <summary>True for what is said of what is of no known format.</summary>
    public static bool IsUnknown(string problem) => problem.StartsWith(UnknownStart, StringComparison.Ordinal);

    private static string? PackerNamed(string name) =>
        Path.GetExtension(name) switch { ".gz" => "gzip", ".bz2" => "bzip2", ".xz" => "xz", ".zst" => "zstd", _ => null };

    // By the first bytes that each of them begins its files with.
    private static string? PackerOf(ReadOnlySpan<byte> start) => start switch
    {
        [0x1f, 0x9d, ..] => "compress (.Z)",
        [0x04, 0x22, 0x4d, 0x18, ..] => "lz4",
        [(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => "7-Zip",
        [(byte)'R', (byte)'a', (byte)'r', (byte)'!', 0x1a, 0x07, ..] => "RAR",
        [(byte)'L', (byte)'Z', (byte)'I', (byte)'P', ..] => "lzip",
        [(byte)'M', (byte)'S', (byte)'C', (byte)'F', ..] => "cabinet (.cab)",
        [(byte)'!', (byte)'<', (byte)'a', (byte)'r', (byte)'c', (byte)'h', (byte)'>', (byte)'\n', ..] => "ar",
        [(byte)'0', (byte)'7', (byte)'0', (byte)'7', (byte)'0', (byte)'1' or (byte)'2' or (byte)'7', ..] => "cpio",
        [0xed, 0xab, 0xee, 0xdb, ..] => "RPM",
        [0x5d, 0, 0, _, _, ..] => "lzma",
        [0x78, 0x01 or 0x5e or 0x9c or 0xda, ..] => "zlib",
        _ => null,
    };

    private static bool IsBmp(ReadOnlySpan<byte> start) => start.Length >= BmpHeaderBytes && start[0] == BmpVersion
        && BinaryPrimitives.ReadUInt32BigEndian(start[1..]) is >= BmpHeaderBytes and <= BmpBytesMax && start[5] < BmpTypes;

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        if (text.Length < lower.Length) return false;
        for (int i = 0; i < lower.Length; i++)
            if ((text[i] is >= (byte)'A' and <= (byte)'Z' ? text[i] | 0x20 : text[i]) != lower[i]) return false;
        return true;
    }
}
