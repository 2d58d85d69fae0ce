using System.Diagnostics;

namespace Isthmus.Tests.Support;

/// <summary>
/// ClickHouse as a library (chDB), in a process of its own: node loads it. <c>.ci/run</c> brings it; a test that needs it is skipped,
/// with a word, where it is not there.
/// </summary>
internal static class ClickHouse
{
    private static readonly string _library =
        Path.Combine(RealData.Repository, "artifacts/clickhouse/node_modules/@chdb/lib-linux-x64-gnu/chdb_node.node");

    // Queries come as arguments, an answer goes out behind each: TSV and an empty line.
    private const string Script = """
        const chdb = require(process.argv[1]);
        for (const query of process.argv.slice(2)) process.stdout.write(chdb.Query(query, "TSV") + "\n");
        """;

    /// <summary>Asks one query after the other in a folder; gives the lines of each answer.</summary>
    public static IReadOnlyList<string[]> Ask(string folder, params string[] queries)
    {
        Assert.SkipUnless(File.Exists(_library), "ClickHouse is not here: run .ci/run, which brings it by npm");
        var start = new ProcessStartInfo("node", ["-e", Script, "--", _library, .. queries])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return [.. output.Split("\n\n").SkipLast(1).Select(answer => answer.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
    }
}
