using Isthmus.Sources;

namespace Isthmus.Archives;

/// <summary>
/// What came of a file that is not whole yet, and what tells whether a server still has the same: so that a later transfer, of this run or
/// another, goes on where it ended.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private readonly ArchiveCache _cache;
    private readonly string _path, _told;
    private FileStream? _file;

    /// <exception cref="IOException">The cache cannot be written.</exception>
    public PartialFile(ArchiveCache cache, Uri address)
    {
        _cache = cache;
        string path = cache.PartOf(address);
        _file = OpenAlone(path) ?? OpenAlone(path = $"{path}.{Guid.NewGuid():N}") ?? throw cache.CannotWrite(new IOException("a file is in use"));
        (_path, _told) = (path, path + ".told");
        string[] told = Read(_told);
        if (told is [{ Length: > 0 } validator, var packed, ..] && _file.Length > 0) (Validator, IsPacked) = (validator, packed is "packed");
        _file.Seek(0, SeekOrigin.End);
    }

    // Null where another run is writing it.
    private FileStream? OpenAlone(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw _cache.CannotWrite(failure);
        }
    }

    /// <summary>Bytes that came.</summary>
    public long Length => _file!.Length;

    /// <summary>An ETag or a date that says of which version they are; null where a server cannot be asked for the rest.</summary>
    public string? Validator { get; private set; }

    /// <summary>True where they are packed for the way.</summary>
    public bool IsPacked { get; private set; }

    /// <summary>True where an answer brings the bytes behind those that are here, to the end.</summary>
    public bool IsContinuedBy(HttpAnswer answer) =>
        answer.Range is { HasRange: true, From: { } from, To: { } to, Length: { } all } && from == Length && to + 1 == all
        && (answer.Packing is not null) == IsPacked;

    /// <summary>Begins anew.</summary>
    /// <param name="tag">The version's ETag, of which only a strong one promises equal bytes (RFC 9110 section 8.8.3).</param>
    public void Restart(string? tag, string? lastModified, bool isPacked)
    {
        Write(() =>
        {
            _file!.SetLength(0);
            Validator = tag is not null && !tag.StartsWith("W/", StringComparison.Ordinal) ? tag : lastModified;
            IsPacked = isPacked;
            if (Validator is null) File.Delete(_told);
            else File.WriteAllText(_told, $"{Validator}\n{(isPacked ? "packed" : "plain")}\n");
        });
    }

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file!.Write(bytes);
        }
        // The base library takes EFBIG for a wrong argument.
        catch (Exception failure) when (failure is IOException or ArgumentOutOfRangeException)
        {
            throw _cache.CannotWrite(failure is IOException ? failure
                : new IOException("a file would be larger than the system allows (see ulimit -f)", failure));
        }
    }

    /// <summary>All has come: where it is.</summary>
    public string Close()
    {
        Write(() =>
        {
            _file!.Dispose();
            _file = null;
            File.Delete(_told);
        });
        return _path;
    }

    private void Write(Action work)
    {
        try
        {
            work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw _cache.CannotWrite(failure);
        }
    }

    private static string[] Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>What came stays where the rest can be asked for.</summary>
    public void Dispose()
    {
        if (_file is not { } file) return;
        _file = null;
        bool isOfUse = Validator is not null && file.Length > 0;
        try
        {
            file.Dispose();
            if (isOfUse) return;
            File.Delete(_path);
            File.Delete(_told);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whoever makes room removes it.
        }
    }
}
