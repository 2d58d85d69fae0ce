using System.Security.Cryptography;
using System.Text;

using Isthmus.Sources;

namespace Isthmus.Archives;

/// <summary>
/// What was fetched, in a folder: <c>objects/ab/abcd…</c> are bytes by their SHA-256, <c>index/12/1234…</c> says of an address (by the
/// SHA-256 of it) which bytes it has (docs/fetch.md). Each file is written beside its place and moved there, so that runs may share the
/// folder and none sees a part. What was used last is the index file's date.
/// </summary>
public sealed class ArchiveCache : IDisposable
{
    /// <summary>What is written to the cache and belongs to no address is removed when it is so old: its run has ended.</summary>
    private static readonly TimeSpan LooseMax = TimeSpan.FromDays(7);

    private readonly TimeProvider _time;
    private readonly CacheLease _lease;
    private readonly Lock _lock = new();

    /// <param name="folder">Made where it is not there.</param>
    /// <param name="time">When something is fetched and used.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public ArchiveCache(string folder, TimeProvider time)
    {
        (Folder, _time) = (Path.GetFullPath(folder), time);
        _lease = Guarded(() =>
        {
            foreach (string name in (string[])["objects", "index", "partial", "runs"]) Directory.CreateDirectory(In(name));
            return new CacheLease(In("runs"));
        });
    }

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>
    /// What the cache has of an address, from here on kept for this run; null where it has nothing. The bytes are hashed: where they are
    /// not what they were, they are removed and told.
    /// </summary>
    /// <param name="damage">What was wrong with the bytes; null where nothing was.</param>
    public CachedFile? Find(Uri address, out string? damage)
    {
        damage = null;
        string url = UrlOf(address), place = IndexOf(url);
        CachedFile? entry;
        try
        {
            entry = CachedFile.Read(File.ReadAllText(place), ObjectOf);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        if (entry is null || entry.Url != url)
        {
            damage = "its entry in the cache's index is damaged";
            Remove(place);
            return null;
        }
        Guarded(() => _lease.Hold(entry.Sha256));
        if (WrongOf(entry) is not { } wrong)
        {
            Touch(place);
            return entry;
        }
        damage = $"the copy in the cache {wrong}";
        Remove(entry.Path);
        Remove(place);
        return null;
    }

    private static string? WrongOf(CachedFile entry)
    {
        try
        {
            using var bytes = File.OpenRead(entry.Path);
            if (bytes.Length != entry.Bytes) return $"has {bytes.Length} bytes and not the {entry.Bytes} that came";
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == entry.Sha256 ? null : "is damaged: its SHA-256 is no longer what it was";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "cannot be read";
        }
    }

    /// <summary>Takes a file as the bytes of an address, in the place of those that it had; the file is gone then.</summary>
    internal CachedFile Add(Uri address, string file, string? tag, string? lastModified) => Guarded(() =>
    {
        string hash;
        long bytes;
        using (var stream = File.OpenRead(file)) (hash, bytes) = (Convert.ToHexStringLower(SHA256.HashData(stream)), stream.Length);
        _lease.Hold(hash);
        string place = ObjectOf(hash);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        // What is there may be damaged, what comes is not.
        File.Move(file, place, overwrite: true);
        var entry = new CachedFile(UrlOf(address), hash, bytes, _time.GetUtcNow(), tag, lastModified, place) { IsNew = true };
        Write(entry);
        return entry;
    });

    /// <summary>The server has said that what the cache has of an address is still what it has.</summary>
    internal CachedFile Confirm(CachedFile entry) => Guarded(() =>
    {
        var confirmed = entry with { Fetched = _time.GetUtcNow() };
        Write(confirmed);
        return confirmed;
    });

    /// <summary>A name in the folder of what is not yet whole, for an address.</summary>
    internal string PartOf(Uri address) => Path.Combine(In("partial"), HashOf(UrlOf(address)));

    private void Write(CachedFile entry)
    {
        string place = IndexOf(entry.Url), part = Path.Combine(In("partial"), $"{Guid.NewGuid():N}.index");
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(part, entry.ToText());
        File.SetLastWriteTimeUtc(part, _time.GetUtcNow().UtcDateTime);
        File.Move(part, place, overwrite: true);
    }

    private void Touch(string place)
    {
        try
        {
            File.SetLastWriteTimeUtc(place, _time.GetUtcNow().UtcDateTime);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It stays older than it is, which loses nothing but its place in the order.
        }
    }

    /// <summary>
    /// Removes what was used longest ago until no more than so many bytes are left, but nothing that a run which has not ended has used.
    /// </summary>
    /// <returns>The bytes that are left, and how many were removed.</returns>
    public (long Left, long Removed) Trim(long bytesMax)
    {
        lock (_lock) return Guarded(() => TrimTo(bytesMax));
    }

    private (long Left, long Removed) TrimTo(long bytesMax)
    {
        var held = CacheLease.AllIn(In("runs"));
        var now = _time.GetUtcNow().UtcDateTime;
        foreach (string part in Directory.EnumerateFiles(In("partial")).Where(part => now - File.GetLastWriteTimeUtc(part) > LooseMax)) Remove(part);
        var entries = new List<(string Place, string Hash, DateTime Used)>();
        foreach (string place in Directory.EnumerateFiles(In("index"), "*", SearchOption.AllDirectories))
        {
            if (ReadEntry(place) is { } entry) entries.Add((place, entry.Sha256, File.GetLastWriteTimeUtc(place)));
            else Remove(place);
        }
        var objects = Directory.EnumerateFiles(In("objects"), "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetFileName(path), path => new FileInfo(path).Length, StringComparer.Ordinal);
        long left = objects.Values.Sum(), before = left;
        var named = entries.Select(entry => entry.Hash).ToHashSet(StringComparer.Ordinal);
        foreach (string loose in objects.Keys.Where(hash => !named.Contains(hash) && !held.Contains(hash)
            && now - File.GetLastWriteTimeUtc(ObjectOf(hash)) > LooseMax)) left -= Drop(loose);
        // Several addresses may have the same bytes: these are as new as the last use of any.
        foreach (var same in entries.GroupBy(entry => entry.Hash)
            .OrderBy(same => same.Max(entry => entry.Used)).ThenBy(same => same.Key, StringComparer.Ordinal))
        {
            if (left <= bytesMax) break;
            if (held.Contains(same.Key)) continue;
            foreach (var entry in same) Remove(entry.Place);
            left -= Drop(same.Key);
        }
        return (left, before - left);

        long Drop(string hash)
        {
            Remove(ObjectOf(hash));
            return objects.GetValueOrDefault(hash);
        }
    }

    private CachedFile? ReadEntry(string place)
    {
        try
        {
            return CachedFile.Read(File.ReadAllText(place), ObjectOf);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another run has removed it, or the folder may only be read.
        }
    }

    private void Guarded(Action work) => Guarded(() =>
    {
        work();
        return true;
    });

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(failure);
        }
    }

    /// <summary>What is said where the folder takes nothing.</summary>
    internal IOException CannotWrite(Exception failure) =>
        new($"the cache {Folder} cannot be written: {Inputs.WhyNot(failure)}; make room or allow it, or name another folder", failure);

    // Without what is secret: the cache is not.
    private static string UrlOf(Uri address) =>
        address.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo & ~UriComponents.Fragment, UriFormat.UriEscaped);

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private string IndexOf(string url)
    {
        string hash = HashOf(url);
        return Path.Combine(In("index"), hash[..2], hash);
    }

    private string ObjectOf(string hash) => Path.Combine(In("objects"), hash[..2], hash);

    private string In(string name) => Path.Combine(Folder, name);

    /// <summary>What this run has used may be removed by others from here on.</summary>
    public void Dispose() => _lease.Dispose();
}
