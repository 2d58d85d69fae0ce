namespace Isthmus.Store;

/// <summary>Where a store is: a path, <c>duckdb:FILE</c>, or <c>clickhouse://host:port/database</c> (docs/store.md).</summary>
public abstract record StoreAddress
{
    private const string Duck = "duckdb:";

    /// <summary>Reads what a user typed.</summary>
    /// <exception cref="StoreException">It names a kind of store that there is not, or nothing.</exception>
    public static StoreAddress Parse(string text)
    {
        if (ClickHouseAddress.Is(text)) return ClickHouseAddress.Read(text);
        string path = text.StartsWith(Duck, StringComparison.OrdinalIgnoreCase) ? text[Duck.Length..] : text;
        if (path.Length == 0) throw new StoreException("the store has no name; write a path, or duckdb:FILE");
        if (path.Contains("://", StringComparison.Ordinal))
            throw new StoreException($"there is no kind of store as in '{text}'; write a path, duckdb:FILE or clickhouse://host:port/database");
        if (Directory.Exists(path))
            throw new StoreException($"{path} is a folder, and a store is a file; name one in it, as {path.TrimEnd('/')}/store.duckdb");
        // Not a name that DuckDB takes for a place of its own, as md: or :memory:.
        return new DuckAddress(Path.GetFullPath(path));
    }

    /// <summary>Opens it to be added to, and makes it where there is none.</summary>
    internal abstract IStoreWriter OpenToAdd();

    /// <summary>Opens it to be asked.</summary>
    internal abstract StoredRoutes OpenToAsk();
}

/// <summary>A store in a DuckDB file.</summary>
/// <param name="Path">The file.</param>
public sealed record DuckAddress(string Path) : StoreAddress
{
    /// <summary>The address as it is shown: from the working folder, where it lies in it.</summary>
    public override string ToString()
    {
        string near = System.IO.Path.GetRelativePath(Directory.GetCurrentDirectory(), Path);
        return near.StartsWith("..", StringComparison.Ordinal) ? Path : near;
    }

    internal override IStoreWriter OpenToAdd() => new StoreWriter(this);

    internal override StoredRoutes OpenToAsk() => DuckRoutes.Open(this);
}
