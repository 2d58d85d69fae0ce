using System.Globalization;

using DuckDB.NET.Data;

namespace Isthmus.Benchmarks;

/// <summary>What a store in DuckDB costs to fill, to keep and to ask, as processes of their own: the tables of docs/scale.md.</summary>
internal sealed class StoreCost : IDisposable
{
    /// <summary>Prefixes and peers of generated updates.</summary>
    private const int Prefixes = 100_000, Peers = 40;

    /// <summary>A network of so many prefixes is asked for, or of the next larger number that there is.</summary>
    private const int SubjectPrefixes = 14;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"isthmus-store-{Environment.ProcessId}");
    private readonly string _program;

    private StoreCost(string program)
    {
        _program = program;
        Directory.CreateDirectory(_folder);
    }

    /// <summary>Prints a row for each input.</summary>
    /// <param name="inputs">Files, and numbers: so many messages of updates are generated.</param>
    public static int Run(string[] inputs, string program)
    {
        using var cost = new StoreCost(program);
        Console.WriteLine($"Program: {program}, commit {Measured.Commit()}.\n");
        Console.WriteLine("| input | spans | read --count, CPU s | ingest, CPU s | ratio | spans a second | MB at most | bytes a span, rows"
            + " | bytes a span, all | as Parquet | as bz2 of MRT | history of an AS, wall s | CPU s |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (string input in inputs) cost.Row(input);
        return 0;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Row(string input)
    {
        bool isGenerated = int.TryParse(input, NumberStyles.None, CultureInfo.InvariantCulture, out int messages);
        string file = isGenerated ? Path.Combine(_folder, "updates.20250615.1500") : input;
        if (isGenerated)
            using (var output = File.Create(file)) new SyntheticTable(Prefixes, Peers).WriteUpdates(output, messages);
        string store = Path.Combine(_folder, "all.duckdb"), parquet = Path.Combine(_folder, "parquet");
        double count = Measured.Run($"{{ {_program} read --count {file} || [ $? -eq 3 ]; }}").Cpu;
        double peak = Measured.PeakMegabytes($"{_program} ingest {file} --store {store}");
        File.Delete(store);
        var (_, ingest) = Measured.Run($"{{ {_program} ingest {file} --store {store} || [ $? -eq 3 ]; }}");
        var (spans, blocks, subject) = Asked(store);
        Measured.Run($"{_program} store {store} --export {parquet}");
        long asParquet = Directory.EnumerateFiles(parquet, "*route_rows*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateDirectories(parquet, "*route_rows*", SearchOption.AllDirectories)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)))
            .Distinct().Sum(path => new FileInfo(path).Length);
        long packed = file.EndsWith(".bz2", StringComparison.Ordinal) ? new FileInfo(file).Length : Packed(file);
        var (wall, cpu) = Measured.Run($"{{ {_program} history AS{subject} --store {store} || [ $? -eq 3 ]; }}");
        double each = 1.0 / spans;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {(isGenerated ? $"{messages:N0} generated messages" : Path.GetFileName(file))} | {spans:N0} | {count:0.00} | {ingest:0.00} |")
            + string.Create(CultureInfo.InvariantCulture,
            $" {ingest / count:0.0} | {spans / ingest:N0} | {peak:0} | {blocks * each:0.0} | {new FileInfo(store).Length * each:0.0} |")
            + string.Create(CultureInfo.InvariantCulture,
            $" {asParquet * each:0.0} | {packed * each:0.0} | {wall:0.00} | {cpu:0.00} |"));
        File.Delete(store);
        Directory.Delete(parquet, recursive: true);
        if (isGenerated) File.Delete(file);
    }

    // Spans, the bytes of the blocks of their rows, and a network of middling size.
    private static (long Spans, long Bytes, long Subject) Asked(string store)
    {
        using var connection = new DuckDBConnection($"Data Source={store};ACCESS_MODE=READ_ONLY");
        connection.Open();
        long Number(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        }
        return (Number("SELECT count(*) FROM route_rows"),
            Number("SELECT count(DISTINCT block_id) * (SELECT block_size FROM pragma_database_size() LIMIT 1) FROM pragma_storage_info('route_rows')"),
            Number(FormattableString.Invariant($"""
                SELECT origin FROM (SELECT origin, count(DISTINCT prefix_id) AS size FROM route_rows JOIN paths USING (path_id)
                    WHERE origin IS NOT NULL GROUP BY origin)
                ORDER BY CASE WHEN size >= {SubjectPrefixes} THEN size ELSE 1000000 - size END, origin LIMIT 1
                """)));
    }

    private long Packed(string file)
    {
        string packed = Path.Combine(_folder, "packed.bz2");
        string plain = file.EndsWith(".gz", StringComparison.Ordinal) ? $"gzip -dc {file}" : $"cat {file}";
        Measured.Run($"bash -c '{plain} | bzip2 -9 > {packed}'");
        long bytes = new FileInfo(packed).Length;
        File.Delete(packed);
        return bytes;
    }
}
