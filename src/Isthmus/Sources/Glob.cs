using System.IO.Enumeration;

namespace Isthmus.Sources;

/// <summary>A path in whose parts <c>*</c> and <c>?</c> stand for characters, as a shell would expand it.</summary>
internal static class Glob
{
    /// <summary>The files and folders that fit, in the order of their paths.</summary>
    public static IEnumerable<string> Find(string glob)
    {
        string rooted = Path.GetPathRoot(glob) ?? "";
        string[] parts = glob[rooted.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> found = [rooted];
        foreach (string part in parts)
        {
            found = part.AsSpan().ContainsAny('*', '?')
                ? [.. found.SelectMany(folder => Matching(folder, part))]
                : [.. found.Select(folder => Path.Combine(folder, part)).Where(Path.Exists)];
        }
        return found.Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Matching(string folder, string part)
    {
        string at = folder.Length > 0 ? folder : ".";
        if (!Directory.Exists(at)) return [];
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(at).Select(path => Path.GetFileName(path))
                .Where(name => FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: false) && (part[0] == '.' || name[0] != '.'))
                .Select(name => Path.Combine(folder, name))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
