using Isthmus.Routes;
using Isthmus.Sources;

namespace Isthmus.Archives;

/// <summary>What is wanted of which archives.</summary>
public sealed record FetchQuestion(ArchivePeriod Period)
{
    /// <summary>
    /// The collectors where none are named: each has peers all over the world, by sessions over many hops, and many that send all routes.
    /// </summary>
    public static IReadOnlyList<string> CollectorsDefault { get; } = ["rrc00", "route-views2"];

    /// <summary>Where they are looked for; of a collector that two have, the first one's files are taken.</summary>
    public IReadOnlyList<Archive> Archives { get; init; } = [Archive.Ris, Archive.RouteViews];

    /// <summary>Names of collectors, in which <c>*</c> stands for any characters; none for those of the rest of the question.</summary>
    public IReadOnlyList<string> Collectors { get; init; } = [];

    /// <summary>All collectors of a project; null for any.</summary>
    public Project? Project { get; init; }

    /// <summary>Only so many of the collectors, those that add most peer ASes with all routes; null for all.</summary>
    public int? Most { get; init; }

    /// <summary>A BGPKIT broker that is asked which files there are; null to read the archives' own pages.</summary>
    public Archive? Broker { get; init; }

    /// <summary>True to ask no server.</summary>
    public bool IsOffline { get; init; }

    /// <summary>True where nobody has said which collectors are wanted.</summary>
    public bool IsDefault => Collectors.Count == 0 && Project is null && Most is null;
}

/// <summary>A file that is wanted, and what came of it.</summary>
/// <param name="Copy">The bytes; null where they were not fetched.</param>
public sealed record FetchedFile(ArchiveFile File, CachedFile? Copy)
{
    /// <summary>Where the bytes are, and what they are called.</summary>
    public NamedFile Named => new(Copy!.Path, File.Path);
}

/// <summary>What came of a question.</summary>
/// <param name="Files">Those that are here, by path.</param>
/// <param name="Missing">What the archives should have and could not be had, with the reason, one line each.</param>
/// <param name="Notice">What the archive says of itself; null where it says nothing.</param>
public sealed record Fetched(IReadOnlyList<FetchedFile> Files, IReadOnlyList<string> Missing, CachedFile? Notice)
{
    /// <summary>The files as inputs, by the names that they have in the archive.</summary>
    public IReadOnlyList<NamedFile> Inputs
    {
        get
        {
            var inputs = Files.Select(file => file.Named);
            return [.. Notice is null ? inputs : inputs.Append(new(Notice.Path, FolderNotice.Name))];
        }
    }
}
