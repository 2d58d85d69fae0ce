using System.Globalization;

using DuckDB.NET.Data;

namespace Isthmus.Benchmarks;

/// <summary>
/// Rows of a csv file as Parquet, by DuckDB, as somebody would do it who has the csv already: the types are told by the content, the
/// columns are compressed with zstd at DuckDB's own level.
/// </summary>
internal static class DuckDbCopy
{
    public static int Run(string csv, string parquet, int threads)
    {
        using var database = new DuckDBConnection("Data Source=:memory:");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
            set threads = {threads};
            copy (select * from read_csv('{Quoted(csv)}', header = true)) to '{Quoted(parquet)}' (format parquet, compression zstd);
            """);
        command.ExecuteNonQuery();
        return 0;
    }

    private static string Quoted(string path) => path.Replace("'", "''", StringComparison.Ordinal);
}
