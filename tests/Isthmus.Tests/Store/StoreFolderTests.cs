using DuckDB.NET.Data;

using Isthmus.Tests.Support;

namespace Isthmus.Tests.Store;

/// <summary>A store as Parquet files and back (docs/store.md, "As Parquet").</summary>
public sealed class StoreFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_that_was_exported_and_imported_is_the_same_row_for_row_and_answers_the_same()
    {
        string store = Filled(), again = _folder.Place("again.duckdb"), files = _folder.Place("files");
        Assert.Equal(0, Cli.Run("store", store, "--export", files).ExitCode);
        Assert.True(File.Exists(Path.Combine(files, "paths.parquet")));
        Assert.True(Directory.Exists(Path.Combine(files, "route_rows", "day=2017-10-01")));
        var done = Cli.Run("store", again, "--import", files, "--check");
        Assert.Equal(0, done.ExitCode);
        Assert.Contains("SOUND", done.Out);
        Assert.Equal(Rows(store), Rows(again));
        Assert.Equal(Cli.Run("history", "KP", "--store", store).Out, Cli.Run("history", "KP", "--store", again).Out);
        Refused("is there already", again, files);
    }

    [Fact]
    public void A_folder_with_a_missing_a_changed_or_a_strange_file_is_refused_and_nothing_is_imported()
    {
        string files = _folder.Place("files"), again = _folder.Place("again.duckdb");
        Assert.Equal(0, Cli.Run("store", Filled(), "--export", files).ExitCode);
        string paths = Path.Combine(files, "paths.parquet");
        byte[] bytes = File.ReadAllBytes(paths);
        File.Delete(paths);
        Refused("lacks paths.parquet", again, files);
        File.WriteAllBytes(paths, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        Refused("is not what was written", again, files);
        File.WriteAllBytes(paths, bytes);
        File.WriteAllBytes(Path.Combine(files, "more.parquet"), bytes);
        Refused("does not name", again, files);
        Assert.Equal([], Directory.GetFiles(_folder.Root, "again*"));
    }

    private static void Refused(string why, string store, string files)
    {
        var run = Cli.Run("store", store, "--import", files);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains(why, Assert.Single(run.ErrLines));
    }

    private string Filled()
    {
        string store = _folder.Place("kp.duckdb");
        Assert.Equal(0, Cli.Run("ingest", "samples/kp-2017-10/route-views.linx", "--store", store, "--select", "KP").ExitCode);
        return store;
    }

    private static string[] Rows(string store)
    {
        using var connection = new DuckDBConnection($"Data Source={store};ACCESS_MODE=READ_ONLY");
        connection.Open();
        var found = new List<string>();
        foreach (string table in Texts("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name"))
            found.AddRange(Texts($"SELECT '{table} ' || t::VARCHAR FROM {table} t ORDER BY rowid"));
        Assert.NotEmpty(found);
        return [.. found];

        List<string> Texts(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var rows = command.ExecuteReader();
            var texts = new List<string>();
            while (rows.Read()) texts.Add(rows.GetString(0));
            return texts;
        }
    }
}
