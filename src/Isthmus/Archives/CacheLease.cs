namespace Isthmus.Archives;

/// <summary>
/// What one run uses of a cache, in a file that is locked as long as the run goes on: whoever makes room leaves that. The system gives up
/// the lock of a run that was killed.
/// </summary>
internal sealed class CacheLease : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);

    public CacheLease(string folder)
    {
        _path = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        // Shared for reading, so that others can read it and cannot have it alone.
        _file = new(_path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>From here on nobody removes these bytes.</summary>
    public void Hold(string hash)
    {
        lock (_held)
        {
            if (_held.Add(hash)) _file.Write(System.Text.Encoding.ASCII.GetBytes(hash + "\n"));
        }
    }

    /// <summary>What all runs that go on use; the files of those that have ended are removed.</summary>
    public static IReadOnlySet<string> AllIn(string folder)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            try
            {
                using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None)) { }
                File.Delete(path);
            }
            catch (FileNotFoundException)
            {
                // It has just ended.
            }
            catch (Exception locked) when (locked is IOException or UnauthorizedAccessException)
            {
                all.UnionWith(LinesOf(path));
            }
        }
        return all;
    }

    private static string[] LinesOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (IOException)
        {
            // Whoever makes room next removes it.
        }
    }
}
