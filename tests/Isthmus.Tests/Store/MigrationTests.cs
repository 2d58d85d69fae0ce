using System.IO.Compression;

using DuckDB.NET.Data;

using Isthmus.Store;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Store;

/// <summary>
/// A store that the first version with one has made (schema-1.duckdb.gz: the sample's first dump and eight files of updates of
/// route-views.linx, for KP) becomes one of this version (docs/store.md, "Older stores").
/// </summary>
public sealed class MigrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_old_store_is_not_asked_and_what_to_do_is_said()
    {
        string store = Old();
        byte[] before = File.ReadAllBytes(store);
        var asked = Cli.Run("report", "KP", "--store", store);
        Assert.Equal((1, ""), (asked.ExitCode, asked.Out));
        Assert.Contains("--migrate", Assert.Single(asked.ErrLines));
        Assert.Equal(before, File.ReadAllBytes(store));
    }

    [Fact]
    public void An_old_store_becomes_a_new_one_and_a_copy_of_it_stays()
    {
        string store = Old();
        byte[] before = File.ReadAllBytes(store);
        string[] rows = Rows(store);
        var done = Cli.Run("store", store, "--migrate", "--check");
        Assert.Equal(0, done.ExitCode);
        Assert.Contains("SOUND", done.Out);
        Assert.Equal(before, File.ReadAllBytes(store + ".schema-1.bak"));
        Assert.Equal(rows, Rows(store));
        var asked = Cli.Run("history", "KP", "--store", store);
        Assert.Contains("AS4837", asked.Out);
        Assert.DoesNotContain("was of schema", Cli.Run("store", store, "--migrate").Err);
    }

    [Fact]
    public void What_is_added_to_an_old_store_is_what_a_new_one_would_have()
    {
        string store = Old(), fresh = _folder.Place("new.duckdb");
        string archive = Path.Combine(RealData.Repository, "samples", "kp-2017-10", "route-views.linx");
        Assert.Equal(0, Cli.Run("ingest", archive, "--store", store).ExitCode);
        Assert.Equal(0, Cli.Run("ingest", archive, "--store", fresh, "--select", "KP").ExitCode);
        Assert.True(File.Exists(store + ".schema-1.bak"));
        Assert.Equal(Rows(fresh), Rows(store));
        Assert.Empty(StoreSummary.Check(StoreAddress.Parse(store)));
    }

    [Fact]
    public void A_store_that_cannot_be_copied_stays_as_it_is()
    {
        string store = Old();
        byte[] before = File.ReadAllBytes(store);
        Directory.CreateDirectory(store + ".schema-1.bak");
        var failed = Cli.Run("store", store, "--migrate");
        Assert.Equal((1, ""), (failed.ExitCode, failed.Out));
        Assert.Contains("cannot be copied", Assert.Single(failed.ErrLines));
        Assert.Equal(before, File.ReadAllBytes(store));
    }

    private string Old()
    {
        string store = _folder.Place("old.duckdb");
        using var packed = new GZipStream(File.OpenRead(
            Path.Combine(RealData.Repository, "tests", "Isthmus.Tests", "Store", "schema-1.duckdb.gz")), CompressionMode.Decompress);
        using var plain = File.Create(store);
        packed.CopyTo(plain);
        return store;
    }

    private static string[] Rows(string store)
    {
        using var connection = new DuckDBConnection($"Data Source={store};ACCESS_MODE=READ_ONLY");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT concat_ws('|', prefix, collector, peer_as, peer_address, began, ended, state, path, cause, sha256, record, byte_offset,
                length)
            FROM route_spans ORDER BY ALL
            """;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(rows.GetString(0));
        Assert.NotEmpty(found);
        return [.. found];
    }
}
