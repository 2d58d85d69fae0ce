using System.Diagnostics;

using DuckDB.NET.Data;

using Isthmus.Sources;
using Isthmus.Store;

namespace Isthmus.Scenarios;

/// <summary>What came of killing ingests.</summary>
/// <param name="Kills">Runs that were killed before they ended.</param>
/// <param name="Ended">Runs that ended before they were to be killed, or were let end.</param>
/// <param name="Wrong">What was lost, was there twice, or was not sound, one line each.</param>
public sealed record StoreKillsResult(int Kills, int Ended, IReadOnlyList<string> Wrong);

/// <summary>
/// Kills the program at random instants while it fills a store, by a signal that it cannot catch, and holds the store each time against its
/// own sums and against what was said to be stored; in the end against one that was filled at once.
/// </summary>
public static class StoreKills
{
    /// <summary>Runs that a part of the files is given to be killed in; then it is let end.</summary>
    private const int KillsOfPartMax = 5;

    /// <summary>Kills until there were so many kills.</summary>
    /// <param name="program">The command line of the built program.</param>
    public static StoreKillsResult Run(IReadOnlyList<string> program, ulong firstSeed, int kills)
    {
        int killed = 0, ended = 0;
        var wrong = new List<string>();
        for (ulong seed = firstSeed; killed < kills && wrong.Count == 0; seed++)
        {
            if (AccuracyRun.Draw(ScenarioHalf.Traps, seed) is not { } drawn) continue;
            var campaign = new Campaign(program, seed);
            AccuracyRun.InFolder(drawn, AccuracyRun.PartsOf(ScenarioHalf.Traps, drawn), folder =>
            {
                campaign.Run(folder, drawn.Subject.ToString(), kills - killed);
                return 0;
            });
            (killed, ended) = (killed + campaign.Kills, ended + campaign.Ended);
            wrong.AddRange(campaign.Wrong);
        }
        return new(killed, ended, wrong);
    }

    private sealed class Campaign(IReadOnlyList<string> program, ulong seed)
    {
        private readonly Random _random = new((int)seed);
        private int _storedBefore;

        public int Kills { get; private set; }
        public int Ended { get; private set; }
        public List<string> Wrong { get; } = [];

        public void Run(string folder, string subject, int kills)
        {
            string place = Directory.CreateTempSubdirectory("isthmus-kills-").FullName;
            try
            {
                var (store, whole) = (new DuckAddress(Path.Combine(place, "killed.duckdb")), new DuckAddress(Path.Combine(place, "whole.duckdb")));
                string[] selection = seed % 2 == 0 ? ["--select", subject] : [];
                var clock = Stopwatch.StartNew();
                Ingest([folder], whole, selection, null);
                var length = clock.Elapsed;
                using var inputs = new Inputs();
                string[] files = [.. inputs.Resolve([folder], Stream.Null, default).Files.Select(file => file.Path)];
                _random.Shuffle(files);
                foreach (string[] part in files.Chunk(1 + files.Length / 3))
                {
                    for (int attempt = 0; attempt < KillsOfPartMax && Kills < kills; attempt++)
                        if (Ingest(part, store, selection, length * _random.NextDouble())) break;
                    Ingest(part, store, selection, null);
                    if (Wrong.Count > 0) return;
                }
                if (!Rows(store).SequenceEqual(Rows(whole))) Wrong.Add($"seed {seed}: other rows than those of one run");
            }
            finally
            {
                Directory.Delete(place, recursive: true);
            }
        }

        // True where it ended; a null time lets it.
        private bool Ingest(string[] files, DuckAddress store, string[] selection, TimeSpan? until)
        {
            var start = new ProcessStartInfo(program[0], [.. program.Skip(1), "ingest", .. files, "--store", store.Path, .. selection])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var said = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            bool ended = process.WaitForExit(until ?? TimeSpan.FromMinutes(5));
            if (!ended) process.Kill();
            process.WaitForExit();
            string text = said.Item1.GetAwaiter().GetResult() + said.Item2.GetAwaiter().GetResult();
            if (ended) Ended++; else Kills++;
            if (ended && process.ExitCode is not (0 or 3)) Wrong.Add($"seed {seed}: exit code {process.ExitCode}: {text}");
            Check(store);
            return ended;
        }

        private void Check(DuckAddress store)
        {
            if (!File.Exists(store.Path)) return;
            try
            {
                Wrong.AddRange(StoreSummary.Check(store).Select(line => $"seed {seed}: {line}"));
                int files = StoreSummary.Of(store).Collectors.Sum(collector => collector.Record.Files.Count);
                if (Path.GetFileName(store.Path) == "killed.duckdb")
                {
                    if (files < _storedBefore) Wrong.Add($"seed {seed}: {_storedBefore} files were stored, and now {files} are");
                    _storedBefore = files;
                }
            }
            catch (StoreException failure)
            {
                // Killed before its tables were made it is no store yet; the next run makes them.
                if (_storedBefore > 0) Wrong.Add($"seed {seed}: {failure.Message}");
            }
        }

        private static List<string> Rows(DuckAddress address)
        {
            using var connection = new DuckDBConnection($"Data Source={address.Path};ACCESS_MODE=READ_ONLY");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                SELECT concat_ws('|', prefix, collector, peer_as, peer_address, began, ended, state, path, cause, sha256, record)
                FROM route_spans ORDER BY ALL
                """;
            using var rows = command.ExecuteReader();
            var found = new List<string>();
            while (rows.Read()) found.Add(rows.GetString(0));
            return found;
        }
    }
}
