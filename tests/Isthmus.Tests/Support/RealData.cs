namespace Isthmus.Tests.Support;

/// <summary>
/// Real archive files, which lie beside the repository and never in it (ISTHMUS_DATA names another place). A test
/// that needs one is skipped where it is not there, and says what to do.
/// </summary>
public static class RealData
{
    /// <summary>The repository: the folder above this program that holds the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The place of a file, as <c>rib/routeviews.jinx.rib.20140530.2200.bz2</c>.</summary>
    public static string Path(string name)
    {
        string path = System.IO.Path.Combine(Folder, name);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path),
            $"no {System.IO.Path.GetFullPath(path)}: put it there, or name the folder of the real archives in ISTHMUS_DATA (CONTRIBUTING.md)");
        return path;
    }

    /// <summary>The names of the files in a folder, sorted; none where the data are absent.</summary>
    public static IEnumerable<string> Names(string folder)
    {
        string path = System.IO.Path.Combine(Folder, folder);
        return Directory.Exists(path)
            ? Directory.GetFiles(path).Select(file => $"{folder}/{System.IO.Path.GetFileName(file)}").Order(StringComparer.Ordinal)
            : [];
    }

    private static string Folder =>
        Environment.GetEnvironmentVariable("ISTHMUS_DATA") ?? System.IO.Path.Combine(Repository, "..", "shared", "data");

    private static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Isthmus.slnx")))
        {
            folder = System.IO.Path.GetDirectoryName(folder);
        }
        return folder ?? throw new DirectoryNotFoundException("no Isthmus.slnx above the tests");
    }
}
