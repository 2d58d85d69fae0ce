using System.Text.RegularExpressions;

using DuckDB.NET.Data;

using Isthmus.Tests.Support;

namespace Isthmus.Tests.Store;

/// <summary>What docs/store.md says holds: its tables are those of a store, and its questions have answers, as DuckDB gives them.</summary>
public sealed partial class StoreDocumentTests : IClassFixture<StoreDocumentTests.SampleStore>
{
    private static readonly string _document = File.ReadAllText(Path.Combine(RealData.Repository, "docs", "store.md"));

    private readonly SampleStore _store;

    public StoreDocumentTests(SampleStore store) => _store = store;

    /// <summary>A store of the sample.</summary>
    public sealed class SampleStore : IDisposable
    {
        public TemporaryFolder Folder { get; } = new();

        public string Path => Folder.Place("kp.duckdb");

        public SampleStore() => Assert.Equal(0, Cli.Run("ingest", "samples/kp-2017-10", "--store", Path, "--select", "KP").ExitCode);

        public void Dispose() => Folder.Dispose();
    }

    [Fact]
    public void Every_question_of_the_document_has_an_answer()
    {
        string[] questions = [.. Question().Matches(_document).Select(match => match.Groups[1].Value)];
        Assert.True(questions.Length >= 5);
        Assert.All(questions, question =>
        {
            string spans = _store.Folder.Place("spans");
            string[] answer = Ask(question.Replace("'spans'", $"'{spans}'", StringComparison.Ordinal));
            Assert.True(answer.Length > 0 || question.StartsWith("COPY", StringComparison.Ordinal));
        });
        Assert.Equal(["2"], Ask($"SELECT count(DISTINCT day)::VARCHAR FROM read_parquet('{_store.Folder.Place("spans")}/*/*.parquet')"));
    }

    // Dyn's timeline: three prefixes, and never the fourth.
    [Fact]
    public void The_second_carrier_is_seen_first_when_the_timeline_says() => Assert.Equal(
        ["175.45.176.0/24 2017-10-01 09:07:51", "175.45.178.0/24 2017-10-01 09:07:51", "175.45.179.0/24 2017-10-01 09:07:51"],
        Ask("""
            SELECT prefix || ' ' || min(date_trunc('second', began))::VARCHAR FROM route_spans
            WHERE list_contains(hops, 20485) AND origin = 131279 GROUP BY prefix ORDER BY prefix
            """));

    [Fact]
    public void Every_table_is_in_the_document()
    {
        string[] tables = Ask("SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'");
        Assert.All(tables, table => Assert.Contains($"`{table}`", _document));
    }

    private string[] Ask(string sql)
    {
        using var connection = new DuckDBConnection($"Data Source={_store.Path};ACCESS_MODE=READ_ONLY");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(Convert.ToString(rows.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        return [.. found];
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Question();
}
