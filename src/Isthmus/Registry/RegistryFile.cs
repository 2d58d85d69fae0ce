using System.IO.Compression;
using System.Text;

namespace Isthmus.Registry;

/// <summary>
/// The file form of layers: Brotli around, for each, its kind, date and sources, ASes (number as difference, country, name)
/// and ranges (gap, size, country), all numbers in seven-bit groups. Written by <c>build/registry.cs</c>, shipped inside the
/// library.
/// </summary>
public static class RegistryFile
{
    private const string Magic = "isthmus-registry-2";

    /// <summary>Reads the registry that the library ships.</summary>
    public static IReadOnlyList<RegistryLayer> ReadShipped()
    {
        using var stream = typeof(RegistryFile).Assembly.GetManifestResourceStream("registry.bin")
            ?? throw new InvalidOperationException("the library lacks its registry");
        return Read(stream);
    }

    /// <exception cref="InvalidDataException">The bytes are of no registry file, or of another version's.</exception>
    public static IReadOnlyList<RegistryLayer> Read(Stream stream)
    {
        using var reader = new BinaryReader(
            new BufferedStream(new BrotliStream(stream, CompressionMode.Decompress), 1 << 16), Encoding.UTF8);
        if (reader.ReadString() != Magic) throw new InvalidDataException("this is no registry file of this version");
        var layers = new RegistryLayer[reader.Read7BitEncodedInt()];
        for (int i = 0; i < layers.Length; i++) layers[i] = ReadLayer(reader);
        return layers;
    }

    private static RegistryLayer ReadLayer(BinaryReader reader)
    {
        var kind = (WitnessKind)reader.ReadByte();
        string date = reader.ReadString();
        string[] sources = new string[reader.Read7BitEncodedInt()];
        for (int i = 0; i < sources.Length; i++) sources[i] = reader.ReadString();
        var ases = new AsFact[reader.Read7BitEncodedInt()];
        uint asn = 0;
        for (int i = 0; i < ases.Length; i++)
        {
            asn += (uint)reader.Read7BitEncodedInt64();
            ases[i] = new(new(asn), ReadCountry(reader), reader.ReadString());
        }
        return new(sources, ases, ReadRanges(reader, 32), ReadRanges(reader, 64)) { Kind = kind, Date = date };
    }

    /// <summary>Writes the layers; organisations have no form here, as none may ship.</summary>
    public static void Write(Stream stream, IReadOnlyCollection<RegistryLayer> layers)
    {
        using var writer = new BinaryWriter(new BrotliStream(stream, CompressionLevel.SmallestSize), Encoding.UTF8);
        writer.Write(Magic);
        writer.Write7BitEncodedInt(layers.Count);
        foreach (var layer in layers) WriteLayer(writer, layer);
    }

    private static void WriteLayer(BinaryWriter writer, RegistryLayer layer)
    {
        writer.Write((byte)layer.Kind);
        writer.Write(layer.Date);
        writer.Write7BitEncodedInt(layer.Sources.Count);
        foreach (string source in layer.Sources) writer.Write(source);
        writer.Write7BitEncodedInt(layer.Ases.Count);
        uint asn = 0;
        foreach (var fact in layer.Ases)
        {
            writer.Write7BitEncodedInt64(fact.Asn.Number - asn);
            asn = fact.Asn.Number;
            WriteCountry(writer, fact.Country);
            writer.Write(fact.Name);
        }
        WriteRanges(writer, layer.Ipv4, 32);
        WriteRanges(writer, layer.Ipv6, 64);
    }

    // IPv4 ranges count addresses, IPv6 ranges /64s.
    private static CountryRange[] ReadRanges(BinaryReader reader, int bits)
    {
        var ranges = new CountryRange[reader.Read7BitEncodedInt()];
        ulong at = 0;
        int shift = 64 - bits;
        for (int i = 0; i < ranges.Length; i++)
        {
            ulong first = at + (ulong)reader.Read7BitEncodedInt64(), last = first + (ulong)reader.Read7BitEncodedInt64();
            ranges[i] = new(first << shift, last << shift | (1UL << shift) - 1, ReadCountry(reader));
            at = last;
        }
        return ranges;
    }

    private static void WriteRanges(BinaryWriter writer, IReadOnlyList<CountryRange> ranges, int bits)
    {
        writer.Write7BitEncodedInt(ranges.Count);
        ulong at = 0;
        int shift = 64 - bits;
        foreach (var range in ranges)
        {
            writer.Write7BitEncodedInt64((long)((range.First >> shift) - at));
            at = range.Last >> shift;
            writer.Write7BitEncodedInt64((long)(at - (range.First >> shift)));
            WriteCountry(writer, range.Country);
        }
    }

    private static Country ReadCountry(BinaryReader reader)
    {
        Span<char> code = [(char)reader.ReadByte(), (char)reader.ReadByte()];
        return Country.TryParse(code, null, out var country) ? country : Country.None;
    }

    private static void WriteCountry(BinaryWriter writer, Country country)
    {
        string code = country.IsNone ? "--" : country.ToString();
        writer.Write((byte)code[0]);
        writer.Write((byte)code[1]);
    }
}
