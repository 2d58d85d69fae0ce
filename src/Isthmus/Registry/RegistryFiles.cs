using System.Collections.ObjectModel;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

using Isthmus.Files;
using Isthmus.Sources.Compression;
using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>Registry files that a user lays on top of the shipped ones, told by their content.</summary>
public static class RegistryFiles
{
    private const string Known = "give RIR delegated statistics, CAIDA's as-org2info text, a table of first,last,country or a JSON file of AS names";

    /// <summary>Lines of comment that may stand before the one that tells what a file is.</summary>
    private const int HeadLinesMax = 100;

    /// <summary>Reads files and folders, plain or gz; later ones count before earlier ones.</summary>
    /// <param name="faults">One line for each line that cannot be read.</param>
    /// <exception cref="IOException">A file that is not there, or is no registry file.</exception>
    public static IEnumerable<RegistryLayer> Read(IEnumerable<string> paths, ICollection<string> faults) => paths
        .SelectMany(path => Directory.Exists(path) ? ReadFolder(path, faults) : [ReadFile(path, faults)]);

    /// <summary>Reads files that are kept under other names than their own, by which editions and sources are told.</summary>
    /// <inheritdoc cref="Read(IEnumerable{string}, ICollection{string})"/>
    public static IEnumerable<RegistryLayer> Read(IEnumerable<(string Path, string Name)> files, ICollection<string> faults) =>
        files.Select(file => ReadFile(file.Path, file.Name, faults));

    // What is no registry file is told; a folder may hold a README.
    private static IEnumerable<RegistryLayer> ReadFolder(string folder, ICollection<string> faults)
    {
        foreach (string path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            RegistryLayer? layer = null;
            var own = new List<string>();
            if (LeadsNowhere(path))
            {
                faults.Add($"passed over: {Path.GetFileName(path)} is a link that leads to no file");
                continue;
            }
            try
            {
                layer = ReadFile(path, own);
            }
            catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                faults.Add($"passed over: {failure.Message}");
            }
            if (layer is null) continue;
            foreach (string fault in own) faults.Add(fault);
            yield return layer;
        }
    }

    private static bool LeadsNowhere(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true) is { Exists: false };
        }
        catch (IOException)
        {
            // Links that lead in a circle.
            return true;
        }
    }

    /// <summary>A file with so many lines that cannot be read is no registry file.</summary>
    private const int FaultsMax = 100_000;

    private sealed class FaultLines(string name, ICollection<string> all) : Collection<string>
    {
        protected override void InsertItem(int index, string item)
        {
            if (Count >= FaultsMax) throw new IOException(FormattableString.Invariant(
                $"{name} has more than {FaultsMax} lines that cannot be read; {Known}"));
            base.InsertItem(index, item);
            all.Add(item);
        }
    }

    private static RegistryLayer ReadFile(string path, ICollection<string> all) => ReadFile(path, Path.GetFileName(path), all);

    private static RegistryLayer ReadFile(string path, string name, ICollection<string> all)
    {
        if (!File.Exists(path)) throw new IOException($"no such registry file: {path}; {Known}");
        try
        {
            return ReadFile(path, name, new FaultLines(name, all));
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException)
        {
            throw new IOException($"{name} is cut off or damaged as a gzip file; give a sound copy", failure);
        }
    }

    private static RegistryLayer ReadFile(string path, string name, FaultLines faults)
    {
        string head = HeadOf(path, name);
        using var reader = Open(path, name, isByLine: !head.StartsWith('{'));
        var layer = head.StartsWith('{') ? ReadNames(reader, name)
            : AsOrganisations.Opens(head) ? AsOrganisations.Read(reader, name, faults)
            : GeolocationRanges.Opens(head) ? GeolocationRanges.Read(reader, name, faults)
            : DelegatedStats.Read(reader, name, faults);
        return layer.Ases.Count + layer.Ipv4.Count + layer.Ipv6.Count + layer.Holdings.Count > 0 ? layer
            : throw new IOException($"{name} holds no fact of a registry; {Known}");
    }

    /// <summary>Reads a user's override file.</summary>
    /// <exception cref="IOException">The file is not there.</exception>
    /// <exception cref="OverrideException">A line is wrong.</exception>
    public static OverrideFile ReadOverrides(string path)
    {
        if (!File.Exists(path)) throw new IOException($"no such override file: {path}; write lines as AS134544 CN because …");
        using var reader = BoundedFile.OpenText(
            path, $"the override file {Path.GetFileName(path)}", BoundedFile.OverrideBytesMax, BoundedFile.LineBytesMax);
        return OverrideFile.Read(reader, Path.GetFileName(path));
    }

    private static StreamReader Open(string path, string name, bool isByLine)
    {
        var stored = BoundedFile.OpenRead(path);
        byte[] start = new byte[3];
        if (stored.CanSeek) stored.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (stored.CanSeek) stored.Position = 0;
        Stream plain = start[0] == 0x1f ? new GZipStream(stored, CompressionMode.Decompress)
            : start.AsSpan().SequenceEqual("BZh"u8) ? new Bzip2Text(Decompression.Open(stored), name) : stored;
        return new(BoundedFile.Bound(
            plain, $"the registry file {name}", BoundedFile.RegistryBytesMax, isByLine ? BoundedFile.LineBytesMax : null));
    }

    // The first line that tells what the file is; empty for an empty one.
    private static string HeadOf(string path, string name)
    {
        using var reader = Open(path, name, isByLine: true);
        // JSON may be one line.
        if (reader.Peek() == '{') return "{";
        for (int i = 0; i < HeadLinesMax && reader.ReadLine() is { } line; i++)
            if (line.Length > 0 && (line[0] != '#' || AsOrganisations.Opens(line))) return line;
        return "";
    }

    // An object from AS number to name, or to an object that has a name.
    private static RegistryLayer ReadNames(StreamReader reader, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(reader.ReadToEnd());
            string date = RegistryEditions.DayIn(name);
            return new([$"AS names{(date.Length > 0 ? $", {date}" : "")}: {name}"],
                json.RootElement.EnumerateObject().Select(FactOf).OfType<AsFact>(), [], [])
            {
                Date = date,
                Series = $"AS names ({RegistryEditions.WithoutDay(name)})",
            };
        }
        catch (JsonException failure)
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}");
            throw new IOException($"{name} is no JSON from {at} on", failure);
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
