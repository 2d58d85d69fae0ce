using System.Security.Cryptography;

using Isthmus.Routes;
using Isthmus.Sources.Compression;
using Isthmus.Wire;

namespace Isthmus.Sources;

/// <summary>What a file of an archive holds, by its name.</summary>
public enum FileKind
{
    Unknown,
    Rib,
    Updates,
}

/// <summary>One file to read.</summary>
/// <param name="Path">Where it is; of what is there only once, where it is kept with others.</param>
/// <param name="Name">As given, or from the folder that was given on: what faults and evidence call it.</param>
/// <param name="Collector">By the absolute path, and by the dump's view name where the path tells none.</param>
/// <param name="Time">The start of what it holds, by its name; null where the name does not tell.</param>
/// <param name="SizeBytes">As stored.</param>
public sealed record InputFile(string Path, string Name, Collector Collector, FileKind Kind, Timestamp? Time, long SizeBytes)
{
    /// <summary>
    /// Why the file at <see cref="Path"/> is not all of the input, as where a transfer was cut, in a sentence; null where it is.
    /// </summary>
    public string? Cut { get; init; }

    /// <summary>Where in the file at <see cref="Path"/> it stands, of what is kept with others; null where it is the whole file.</summary>
    internal KeptPart? Part { get; init; }

    /// <summary>How it is compressed where its own first bytes do not tell; null where they do.</summary>
    internal CompressionFormat? Packing { get; init; }

    /// <summary>Opens its plain bytes.</summary>
    internal DecompressedStream Unpack(bool hashed = false) => Decompression.Open(Open(), hashed, Packing);

    /// <summary>SHA-256 of its bytes as stored, lower-case hex; of what cannot be read that of nothing.</summary>
    public string Hash()
    {
        using var stored = Open();
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(stored));
        }
        catch (IOException)
        {
            return Convert.ToHexStringLower(SHA256.HashData([]));
        }
    }

    /// <summary>
    /// Opens the bytes as stored. A file that is gone or may no longer be read gives a stream that says so when it is read, so
    /// that it ends up among the faults.
    /// </summary>
    internal Stream Open()
    {
        try
        {
            var stored = OpenWhole();
            return Cut is null ? stored : new EndedStream(stored, Cut + InputAdvice.On(Cut));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new EndedStream(Stream.Null, "the file cannot be read: " + Inputs.WhyNot(failure));
        }
    }

    /// <summary>Opens the bytes as stored, of which it is not told where they were cut.</summary>
    /// <exception cref="IOException">It is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal Stream OpenWhole() => Part?.Open()
        ?? new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>The same file under another name, by which its kind and time are told.</summary>
    /// <param name="collector">The name of the collector that it is of; null for the one that its place tells.</param>
    public static InputFile Named(InputFile file, string name, string? collector)
    {
        var (_, kind, time, _) = ArchiveName.Read(name);
        bool isSame = collector is null || collector == file.Collector.Name;
        return file with { Name = name, Collector = isSame ? file.Collector : ArchiveName.Named(collector!), Kind = kind, Time = time };
    }
}

/// <summary>A file by another name than its own, as what was fetched from an archive has.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">What it is called, with the folders that tell its collector.</param>
public sealed record NamedFile(string Path, string Name);

/// <summary>All that is to be read.</summary>
/// <param name="PassedOver">Files that are no MRT, with the reason, one line each.</param>
/// <param name="Notice">What a folder says of itself in NOTICE.txt; null where it says nothing.</param>
public sealed record InputSet(IReadOnlyList<InputFile> Files, IReadOnlyList<string> PassedOver, string? Notice)
{
    /// <summary>Files, folders and addresses that could not be read, with the reason, one line each: what they hold is missing.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>Addresses that a server redirected to others, one line each: the one that was given, and the one that was read.</summary>
    public IReadOnlyList<string> Redirects { get; init; } = [];

    /// <summary>The files that were found by their names, archives and notices among them, whether they could be read or not.</summary>
    public IReadOnlySet<FileIdentity> Found { get; init; } = new HashSet<FileIdentity>();
}
