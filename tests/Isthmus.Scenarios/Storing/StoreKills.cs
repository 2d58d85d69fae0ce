using System.Diagnostics;

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
    /// <param name="nodes">Two replicas of ClickHouse, of which one is stopped now and then and started again; null for DuckDB.</param>
    /// <param name="told">Takes how many kills there were, after each scenario; null for nobody.</param>
    public static StoreKillsResult Run(IReadOnlyList<string> program, ulong firstSeed, int kills, ClickHouseNodes? nodes = null,
        Action<int>? told = null)
    {
        int killed = 0, ended = 0;
        var wrong = new List<string>();
        for (ulong seed = firstSeed; killed < kills && wrong.Count == 0; seed++)
        {
            if (AccuracyRun.Draw(ScenarioHalf.Traps, seed) is not { } drawn) continue;
            var campaign = new Campaign(program, seed, nodes);
            AccuracyRun.InFolder(drawn, AccuracyRun.PartsOf(ScenarioHalf.Traps, drawn), folder =>
            {
                campaign.Run(folder, drawn.Subject.ToString(), kills - killed);
                return 0;
            });
            (killed, ended) = (killed + campaign.Kills, ended + campaign.Ended);
            wrong.AddRange(campaign.Wrong);
            told?.Invoke(killed);
        }
        return new(killed, ended, wrong);
    }

    /// <summary>All times in which a peer held one thing, a line each, sorted.</summary>
    public static IReadOnlyList<string> RowsOf(StoreAddress address)
    {
        using var stored = StoredRoutes.Open(address);
        return [.. stored.HistoriesOf(stored.Prefixes.ToHashSet()).SelectMany(history => history.Steps.Select((step, place) =>
            $"{history.Prefix}|{history.Peer}|{place}|{step.Time}|{(step.Path < 0 ? "" : stored.Paths.TextOf(step.Path))}|{step.Path < 0}"
            + $"|{step.Cause}|{step.Place.Source?.Sha256}|{step.Place.Record}")).Order(StringComparer.Ordinal)];
    }

    private sealed class Campaign(IReadOnlyList<string> program, ulong seed, ClickHouseNodes? nodes)
    {
        private readonly Random _random = new((int)seed);
        private string _place = "";
        private int _storedBefore;

        public int Kills { get; private set; }
        public int Ended { get; private set; }
        public List<string> Wrong { get; } = [];

        public void Run(string folder, string subject, int kills)
        {
            _place = Directory.CreateTempSubdirectory("isthmus-kills-").FullName;
            try
            {
                var (store, whole) = (AddressOf("killed"), AddressOf("whole"));
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
                var (kept, expected) = (RowsOf(store), RowsOf(whole));
                if (!kept.SequenceEqual(expected)) Wrong.Add($"seed {seed}: other rows than those of one run, as"
                    + $" {kept.Except(expected).Concat(expected.Except(kept)).FirstOrDefault()}");
            }
            finally
            {
                Directory.Delete(_place, recursive: true);
            }
        }

        private StoreAddress AddressOf(string name) => StoreAddress.Parse(nodes is null
            ? Path.Combine(_place, name + ".duckdb") : nodes.AddressOf($"{name}{seed}"));

        // True where it ended; a null time lets it.
        private bool Ingest(string[] files, StoreAddress store, string[] selection, TimeSpan? until)
        {
            // A killed run is to be taken for dead soon.
            var start = new ProcessStartInfo(program[0], [.. program.Skip(1), "ingest", .. files, "--store", TextOf(store), .. selection])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["ISTHMUS_CLAIM_SECONDS"] = "1" },
            };
            using var process = Process.Start(start)!;
            var said = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            // With the program goes the node that it speaks with, every other time.
            bool ended = process.WaitForExit(until ?? TimeSpan.FromMinutes(5));
            bool losesNode = !ended && nodes is not null && _random.Next(2) == 0;
            int node = _random.Next(2);
            if (losesNode) nodes!.Kill(node);
            if (!ended) process.Kill();
            process.WaitForExit();
            if (losesNode) nodes!.StartNode(node);
            string text = said.Item1.GetAwaiter().GetResult() + said.Item2.GetAwaiter().GetResult();
            if (ended) Ended++; else Kills++;
            if (ended && process.ExitCode is not (0 or 3)) Wrong.Add($"seed {seed}: exit code {process.ExitCode}: {text}");
            Check(store);
            return ended;
        }

        private static string TextOf(StoreAddress store) => store is DuckAddress file ? file.Path : store.ToString()!;

        private void Check(StoreAddress store)
        {
            if (store is DuckAddress file && !File.Exists(file.Path)) return;
            try
            {
                Wrong.AddRange(StoreSummary.Check(store).Select(line => $"seed {seed}: {line}"));
                int files = StoreSummary.Of(store).Collectors.Sum(collector => collector.Record.Files.Count);
                if (store.ToString().Contains("killed", StringComparison.Ordinal))
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

    }
}
