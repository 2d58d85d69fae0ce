using Isthmus.Routes;
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
/// <param name="Path">Where it is.</param>
/// <param name="Name">As given, or from the folder that was given on: what faults and evidence call it.</param>
/// <param name="Time">The start of what it holds, by its name; null where the name does not tell.</param>
/// <param name="SizeBytes">As stored.</param>
public sealed record InputFile(string Path, string Name, Collector Collector, FileKind Kind, Timestamp? Time, long SizeBytes)
{
    /// <summary>The same file under another name, by which its collector, kind and time are told.</summary>
    public static InputFile Named(InputFile file, string name)
    {
        var (collector, kind, time) = ArchiveName.Read(name);
        return file with { Name = name, Collector = collector, Kind = kind, Time = time };
    }
}

/// <summary>All that is to be read.</summary>
/// <param name="PassedOver">Files of a folder that are no MRT, with the reason, one line each.</param>
/// <param name="Notice">What a folder says of itself in NOTICE.txt; null where it says nothing.</param>
public sealed record InputSet(IReadOnlyList<InputFile> Files, IReadOnlyList<string> PassedOver, string? Notice);
