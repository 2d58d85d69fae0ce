using System.Buffers;
using System.Globalization;

using Isthmus.Sources;

namespace Isthmus.Archives;

/// <summary>What the cache has of an address: bytes by their hash, and what the server said of them.</summary>
/// <param name="Url">As it was asked for, without user and password.</param>
/// <param name="Sha256">Of the bytes, in lower-case hexadecimal digits.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Fetched">When the server last said that these are the bytes.</param>
/// <param name="Tag">Its ETag; null where it has none.</param>
/// <param name="LastModified">Its Last-Modified; null where it has none.</param>
/// <param name="Path">Where the bytes are.</param>
public sealed record CachedFile(
    string Url, string Sha256, long Bytes, DateTimeOffset Fetched, string? Tag, string? LastModified, string Path)
{
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly SearchValues<char> _hexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Characters of a SHA-256 in hexadecimal digits.</summary>
    private const int HashLength = 64;

    /// <summary>True where this run brought the bytes here.</summary>
    public bool IsNew { get; init; }

    /// <summary>The address as it may be shown.</summary>
    public string Shown => HttpAddress.Shown(Url);

    /// <summary>As it stands in the index: a name and a value a line.</summary>
    internal string ToText()
    {
        string text = string.Create(CultureInfo.InvariantCulture,
            $"url {Url}\nsha256 {Sha256}\nbytes {Bytes}\nfetched {Fetched.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture)}\n");
        if (Tag is not null) text += $"etag {Tag}\n";
        return LastModified is null ? text : text + $"last-modified {LastModified}\n";
    }

    /// <summary>Reads what the index has; null where it is damaged.</summary>
    /// <param name="place">Where the bytes of a hash are.</param>
    internal static CachedFile? Read(string text, Func<string, string> place)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space) values[line[..space]] = line[(space + 1)..];
        return values.GetValueOrDefault("url") is { } url && values.GetValueOrDefault("sha256") is { Length: HashLength } hash
            && !hash.AsSpan().ContainsAnyExcept(_hexDigits)
            && long.TryParse(values.GetValueOrDefault("bytes"), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            && DateTimeOffset.TryParseExact(values.GetValueOrDefault("fetched"), TimeForm, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var fetched)
            ? new(url, hash, bytes, fetched, values.GetValueOrDefault("etag"), values.GetValueOrDefault("last-modified"), place(hash)) : null;
    }
}
