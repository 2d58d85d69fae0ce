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

    /// <summary>Bytes that the shipped file holds for each of its own, rounded up: room that need not grow.</summary>
    private const int UsualRatio = 5;

    /// <summary>Bytes of room that are taken at once, whatever the file's size; what holds more grows.</summary>
    private const int FirstRoomMax = 1 << 24;

    /// <summary>Reads the registry that the library ships.</summary>
    public static IReadOnlyList<RegistryLayer> ReadShipped()
    {
        using var stream = typeof(RegistryFile).Assembly.GetManifestResourceStream("registry.bin")
            ?? throw new InvalidOperationException("the library lacks its registry");
        return Read(stream);
    }

    /// <exception cref="InvalidDataException">The bytes are of no registry file, of another version's, or cut off.</exception>
    public static IReadOnlyList<RegistryLayer> Read(Stream stream)
    {
        using var brotli = new BrotliStream(stream, CompressionMode.Decompress);
        using var plain = new MemoryStream(stream.CanSeek ? (int)Math.Min(stream.Length * UsualRatio, FirstRoomMax) : 0);
        brotli.CopyTo(plain);
        var bytes = new PackedFacts(plain.GetBuffer().AsSpan(0, (int)plain.Length));
        if (bytes.Text() != Magic) throw new InvalidDataException("this is no registry file of this version");
        var layers = new RegistryLayer[bytes.Count()];
        for (int i = 0; i < layers.Length; i++) layers[i] = ReadLayer(ref bytes);
        return layers;
    }

    private static RegistryLayer ReadLayer(ref PackedFacts bytes)
    {
        var kind = (WitnessKind)bytes.Byte();
        string date = bytes.Text();
        string[] sources = new string[bytes.Count()];
        for (int i = 0; i < sources.Length; i++) sources[i] = bytes.Text();
        var ases = new AsFact[bytes.Count()];
        uint asn = 0;
        for (int i = 0; i < ases.Length; i++)
        {
            asn += (uint)bytes.Number();
            ases[i] = new(new(asn), bytes.Country(), bytes.Text());
        }
        return new(sources, ases, ReadRanges(ref bytes, 32), ReadRanges(ref bytes, 64)) { Kind = kind, Date = date };
    }

    // IPv4 ranges count addresses, IPv6 ranges /64s.
    private static CountryRange[] ReadRanges(ref PackedFacts bytes, int bits)
    {
        var ranges = new CountryRange[bytes.Count()];
        ulong at = 0;
        int shift = 64 - bits;
        for (int i = 0; i < ranges.Length; i++)
        {
            ulong first = at + bytes.Number(), last = first + bytes.Number();
            ranges[i] = new(first << shift, last << shift | (1UL << shift) - 1, bytes.Country());
            at = last;
        }
        return ranges;
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

    private static void WriteCountry(BinaryWriter writer, Country country)
    {
        string code = country.IsNone ? "--" : country.ToString();
        writer.Write((byte)code[0]);
        writer.Write((byte)code[1]);
    }

    // Every report reads these by the hundred thousand before it says a word.
    private ref struct PackedFacts(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public byte Byte() => Take(1)[0];

        public ulong Number()
        {
            ulong number = 0;
            for (int shift = 0; shift < 64; shift += 7)
            {
                byte group = Byte();
                number |= (ulong)(group & 0x7F) << shift;
                if (group < 0x80) return number;
            }
            throw new InvalidDataException("a number in the registry file has no end");
        }

        // How many follow: each takes a byte at the least.
        public int Count() => Number() is var count && count <= (ulong)_rest.Length ? (int)count : throw CutOff();

        public string Text() => Encoding.UTF8.GetString(Take(Count()));

        public Country Country()
        {
            var code = Take(2);
            return Registry.Country.TryParse([(char)code[0], (char)code[1]], null, out var country) ? country : Registry.Country.None;
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count > _rest.Length) throw CutOff();
            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }

        private static InvalidDataException CutOff() => new("the registry file is cut off");
    }
}
