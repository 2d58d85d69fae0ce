using System.IO.Compression;
using System.Text.Json;

using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>Registry files that a user lays on top of the shipped ones: RIR delegated statistics, or a JSON object of AS names.</summary>
public static class RegistryFiles
{
    /// <summary>Reads files and folders, plain or gz; later ones count before earlier ones.</summary>
    /// <param name="faults">One line for each line that cannot be read.</param>
    /// <exception cref="IOException">A file that is not there, or is no registry file.</exception>
    public static IEnumerable<RegistryLayer> Read(IEnumerable<string> paths, ICollection<string> faults) => paths
        .SelectMany(path => Directory.Exists(path) ? Directory.GetFiles(path).Order(StringComparer.Ordinal) : (IEnumerable<string>)[path])
        .Select(path => ReadFile(path, faults));

    private static RegistryLayer ReadFile(string path, ICollection<string> faults)
    {
        if (!File.Exists(path)) throw new IOException(
            $"no such registry file: {path}; give RIR delegated statistics or a JSON file of AS names");
        string name = Path.GetFileName(path);
        using var stored = File.OpenRead(path);
        bool packed = stored.ReadByte() == 0x1f;
        stored.Position = 0;
        using var reader = new StreamReader(packed ? new GZipStream(stored, CompressionMode.Decompress) : stored);
        if (reader.Peek() == '{') return ReadNames(reader, name);
        var layer = DelegatedStats.Read(reader, name, faults);
        return layer.Ases.Count + layer.Ipv4.Count + layer.Ipv6.Count > 0 ? layer
            : throw new IOException($"{name} holds no delegation and no AS name; give RIR delegated statistics or a JSON file of AS names");
    }

    // An object from AS number to name, or to an object that has a name.
    private static RegistryLayer ReadNames(StreamReader reader, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(reader.ReadToEnd());
            return new([$"AS names: {name}"], json.RootElement.EnumerateObject().Select(FactOf).OfType<AsFact>(), [], []);
        }
        catch (JsonException failure)
        {
            throw new IOException($"{name} is no JSON: {failure.Message}", failure);
        }
    }

    private static AsFact? FactOf(JsonProperty entry)
    {
        if (!Asn.TryParse(entry.Name, null, out var asn)) return null;
        string? name = entry.Value.ValueKind switch
        {
            JsonValueKind.String => entry.Value.GetString(),
            JsonValueKind.Object when entry.Value.TryGetProperty("name", out var inner) => inner.GetString(),
            _ => null,
        };
        if (string.IsNullOrEmpty(name)) return null;
        // Some lists end a name with the country of registration: "STAR-KP Star Joint Venture Company Ltd, KP".
        bool hasCountry = name is [.., ',', ' ', _, _] && Country.TryParse(name.AsSpan(name.Length - 2), null, out _);
        return hasCountry ? new(asn, Country.Parse(name[^2..]), name[..^4]) : new(asn, Country.None, name);
    }
}
