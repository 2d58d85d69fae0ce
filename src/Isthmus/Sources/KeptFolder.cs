using System.Collections.Concurrent;

namespace Isthmus.Sources;

/// <summary>A folder of temporary files, made when it is first asked for and removed with what it holds.</summary>
internal sealed class KeptFolder : IDisposable
{
    private static readonly ConcurrentDictionary<string, bool> _all = new(StringComparer.Ordinal);

    private string? _path;

    /// <summary>A path in it that nothing has.</summary>
    /// <exception cref="InputException">The folder cannot be made.</exception>
    public string NewPath()
    {
        try
        {
            if (_path is null) _all.TryAdd(_path = Directory.CreateTempSubdirectory("isthmus-").FullName, true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"what is there only once is kept in a temporary file, and none can be made in {Path.GetTempPath()}; name another folder in TMPDIR", failure);
        }
        return Path.Combine(_path, Guid.NewGuid().ToString("N"));
    }

    /// <summary>Removes all that are there, where the program has to end at once.</summary>
    public static void RemoveAll()
    {
        foreach (string path in _all.Keys) Remove(path);
    }

    public void Dispose()
    {
        if (_path is not null) Remove(_path);
    }

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The system clears its folder of temporary files.
        }
        _all.TryRemove(path, out _);
    }
}
