using System.Diagnostics;
using System.Globalization;

using Isthmus.Registry;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Store;

namespace Isthmus.Benchmarks;

/// <summary>
/// What a store in ClickHouse costs: a generated table is written by the real writer into two shards, and the history of one network and
/// of one prefix is asked, with the granules that the servers read for it.
/// </summary>
internal static class ClickHouseCost
{
    private const int Peers = 40;

    public static int Run(int rows, string program)
    {
        using var nodes = new ClickHouseNodes(areReplicas: false);
        string folder = Directory.CreateTempSubdirectory("isthmus-cost-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "rrc00"));
            using (var file = File.Create(Path.Combine(folder, "rrc00", "bview.20250615.1500.mrt")))
                new SyntheticTable(Math.Max(1, rows / Peers), Peers).WriteRib(file);
            var address = StoreAddress.Parse(nodes.AddressOf("cost"));
            using var inputs = new Inputs();
            var files = inputs.Resolve([folder], Stream.Null, default);
            var clock = Stopwatch.StartNew();
            Ingest.Run(address, files, null, _ => throw new UnreachableException(), RegistrySnapshot.Shipped, "", new(), default);
            double seconds = clock.Elapsed.TotalSeconds;
            var summary = StoreSummary.Of(address);
            Say($"{summary.Spans:N0} spans of {summary.Prefixes:N0} prefixes and {summary.Paths:N0} paths, in two shards");
            Say($"written in {seconds:0.0} s, {summary.Spans / seconds:N0} a second; {summary.Bytes / (double)summary.Spans:0.0} bytes a span");
            var granules = Each("SELECT sum(marks) FROM system.parts WHERE active AND table = 'all_route_rows'");
            Say($"granules of route_rows in all: {string.Join(" and ", granules)}");
            string origin, prefix;
            long[] closed = Marks();
            using (var stored = StoredRoutes.Open(address))
            {
                long[] open = Marks();
                prefix = stored.Prefixes[stored.Prefixes.Count / 2].ToString();
                var history = stored.HistoriesOf(new HashSet<Isthmus.Wire.Prefix> { Isthmus.Wire.Prefix.Parse(prefix) }).First();
                long[] held = Marks();
                _ = stored.HistoriesOf(new HashSet<Isthmus.Wire.Prefix> { Isthmus.Wire.Prefix.Parse(prefix) }).Count();
                Say($"granules of all tables read to open the store: {Between(closed, open)}; for what one prefix was held by: {Between(held, Marks())}");
                origin = stored.Paths[history.Steps.First(step => step.Path >= 0).Path].Origins[0].ToString(CultureInfo.InvariantCulture);
            }
            Ask("history", origin);
            Ask("history", prefix);
            Ask("report", origin);
            return 0;

            void Ask(string command, string subject)
            {
                long[] before = Marks();
                var asked = Stopwatch.StartNew();
                using (var process = Process.Start(new ProcessStartInfo(program, [command, subject, "--store", address.ToString()!])
                {
                    RedirectStandardOutput = true,
                }))
                {
                    process!.StandardOutput.ReadToEnd();
                    process.WaitForExit();
                }
                double took = asked.Elapsed.TotalSeconds;
                Say($"{command} {subject}: {took:0.00} s; granules read: {Between(before, Marks())}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        // Of all tables together, on each node.
        long[] Marks() => [.. Each("SELECT value FROM system.events WHERE event = 'SelectedMarks'")
            .Select(text => long.Parse(text, CultureInfo.InvariantCulture))];

        IEnumerable<string> Each(string sql)
        {
            using var client = new HttpClient();
            for (int node = 0; node < 2; node++)
            {
                using var question = new StringContent(sql);
                using var answer = client.PostAsync(new Uri(FormattableString.Invariant($"http://127.0.0.1:{nodes.PortOf(node)}/")), question)
                    .GetAwaiter().GetResult();
                yield return answer.Content.ReadAsStringAsync().GetAwaiter().GetResult().Trim() is { Length: > 0 } text ? text : "0";
            }
        }
    }

    private static string Between(long[] before, long[] after) => string.Join(" and ", after.Zip(before, (now, then) => now - then));

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
