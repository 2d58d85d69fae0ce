namespace Isthmus.Store;

/// <summary>Where a store is: a path, or <c>duckdb:FILE</c>.</summary>
/// <param name="Path">The DuckDB file.</param>
public sealed record StoreAddress(string Path)
{
    private const string Scheme = "duckdb:";

    /// <summary>Reads what a user typed.</summary>
    /// <exception cref="StoreException">It names a kind of store that there is not, or nothing.</exception>
    public static StoreAddress Parse(string text)
    {
        string path = text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..] : text;
        if (path.Length == 0) throw new StoreException("the store has no name; write a path, or duckdb:FILE");
        if (path.Contains("://", StringComparison.Ordinal))
            throw new StoreException($"there is no kind of store as in '{text}'; write a path, or duckdb:FILE");
        if (Directory.Exists(path))
            throw new StoreException($"{path} is a folder, and a store is a file; name one in it, as {path.TrimEnd('/')}/store.duckdb");
        // Not a name that DuckDB takes for a place of its own, as md: or :memory:.
        return new(System.IO.Path.GetFullPath(path));
    }

    /// <summary>The address as it is shown: from the working folder, where it lies in it.</summary>
    public override string ToString()
    {
        string near = System.IO.Path.GetRelativePath(Directory.GetCurrentDirectory(), Path);
        return near.StartsWith("..", StringComparison.Ordinal) ? Path : near;
    }
}
