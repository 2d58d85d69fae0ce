using System.Security.Cryptography;

namespace Isthmus.Store;

/// <summary>
/// All that is in a store as Parquet files in a folder, one for each table, of the spans one for each day on which they began; and a store
/// made of such a folder again, row for row (docs/store.md, "As Parquet"). A list of the files has their hashes.
/// </summary>
public static class StoreFolder
{
    private const string ListName = "files.txt", RowsTable = "route_rows";

    /// <summary>Writes a store into a folder that is not there yet.</summary>
    /// <returns>How many files it has.</returns>
    /// <exception cref="StoreException">It is there, or cannot be written; then nothing is.</exception>
    public static int Export(StoreAddress address, string folder)
    {
        var file = FileOf(address);
        folder = Path.GetFullPath(folder);
        if (Path.Exists(folder)) throw new StoreException($"{folder} is there already; name a folder that is not");
        string part = $"{folder}.{Guid.NewGuid():N}.part";
        try
        {
            Directory.CreateDirectory(part);
            using (var database = Database.ToRead(file))
                foreach (string table in TablesOf(database))
                {
                    string rows = table == RowsTable
                        ? "rowid AS row, *, CAST(make_timestamp(began_s::BIGINT * 1000000) AS DATE) AS day" : "rowid AS row, *";
                    string form = table == RowsTable ? ", PARTITION_BY (day)" : "";
                    string to = Path.Combine(part, table == RowsTable ? table : table + ".parquet");
                    database.Do($"COPY (SELECT {rows} FROM {table} ORDER BY rowid) TO {Quoted(to)} (FORMAT parquet, COMPRESSION zstd{form})");
                }
            string[] files = FilesIn(part);
            File.WriteAllLines(Path.Combine(part, ListName), files.Select(name => $"{HashOf(Path.Combine(part, name))}  {name}"));
            Directory.Move(part, folder);
            return files.Length;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{folder} cannot be written: {failure.Message}", failure);
        }
        finally
        {
            if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
        }
    }

    /// <summary>Makes a new store of a folder.</summary>
    /// <exception cref="StoreException">
    /// The store is there already, or of the folder a file is missing, is not what was written, or is too much; then no store is made.
    /// </exception>
    public static void Import(StoreAddress address, string folder)
    {
        var file = FileOf(address);
        if (Path.Exists(file.Path)) throw new StoreException($"{address} is there already; name a store that is not");
        folder = Path.GetFullPath(folder);
        Verify(folder);
        var part = new DuckAddress($"{file.Path}.{Guid.NewGuid():N}.part");
        try
        {
            using (var database = Database.ToWrite(part))
            {
                database.AllOrNone(() =>
                {
                    foreach (string table in TablesOf(database)) Fill(database, table, folder);
                });
                int version = (int)database.Number("SELECT value::INTEGER FROM about WHERE name = 'schema'");
                if (version != SchemaSteps.Newest)
                    throw new StoreException($"{folder} is of a store of schema {version}, and this program reads {SchemaSteps.Newest}");
            }
            using (var stored = StoredRoutes.Open(part))
                if (stored.Check() is [var wrong, ..]) throw new StoreException($"{folder} is of a store that is not sound: {wrong}");
            File.Move(part.Path, file.Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"the store {address} cannot be written: {failure.Message}", failure);
        }
        finally
        {
            foreach (string left in (string[])[part.Path, part.Path + ".wal"]) File.Delete(left);
        }
    }

    private static void Fill(Database database, string table, string folder)
    {
        string one = Path.Combine(folder, table + ".parquet"), days = Path.Combine(folder, table);
        database.Do($"DELETE FROM {table}");
        bool isByDay = table == RowsTable;
        // Of a store without spans there is no day.
        if (isByDay ? !Directory.Exists(days) : !File.Exists(one)) return;
        string from = isByDay
            ? $"read_parquet({Quoted(Path.Combine(days, "*", "*.parquet"))}, hive_partitioning = false)" : $"read_parquet({Quoted(one)})";
        string[] columns = [.. database.Texts(
            $"SELECT column_name FROM duckdb_columns() WHERE NOT internal AND table_name = '{table}' ORDER BY column_index")];
        string names = string.Join(", ", columns);
        database.Do($"INSERT INTO {table} ({names}) SELECT {names} FROM {from} ORDER BY row");
    }

    private static void Verify(string folder)
    {
        string list = Path.Combine(folder, ListName);
        if (!File.Exists(list)) throw new StoreException($"{folder} holds no store: it lacks {ListName}, which every such folder has");
        var stated = File.ReadAllLines(list).Select(line => line.Split("  ", 2)).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[1], parts => parts[0], StringComparer.Ordinal);
        string[] there = FilesIn(folder);
        if (stated.Keys.Except(there).Order(StringComparer.Ordinal).FirstOrDefault() is { } missing)
            throw new StoreException($"{folder} lacks {missing}; nothing is imported");
        if (there.Except(stated.Keys).FirstOrDefault() is { } strange)
            throw new StoreException($"{folder} holds {strange}, which {ListName} does not name; nothing is imported");
        foreach (string name in there)
            if (HashOf(Path.Combine(folder, name)) != stated[name])
                throw new StoreException($"{Path.Combine(folder, name)} is not what was written: its SHA-256 is another; nothing is imported");
    }

    private static string[] FilesIn(string folder) => [.. Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> TablesOf(Database database) => database.Texts(
        "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY table_name");

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string Quoted(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";

    private static DuckAddress FileOf(StoreAddress address) => address as DuckAddress
        ?? throw new StoreException($"the store {address} is no file: only a file is written as Parquet");
}
