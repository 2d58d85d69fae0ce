using System.Diagnostics;
using System.Globalization;

using Isthmus.Attribution;
using Isthmus.Dependence;
using Isthmus.Registry;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Benchmarks;

/// <summary>
/// What the dependence of all countries costs on the table of a second, part by part; then the same asked of the half and the quarter of
/// the peers, which shows that what is asked of paths costs by distinct paths.
/// </summary>
internal static class DependenceCost
{
    public static int Run(string file, string at)
    {
        var clock = Stopwatch.StartNew();
        using var inputs = new Inputs();
        var files = inputs.Resolve([file], Stream.Null, CancellationToken.None);
        var table = WholeTable.Read(Timestamp.Parse(at), files, new(), CancellationToken.None);
        Tell("table", clock);
        var registry = RegistrySnapshot.Shipped;
        var view = new CountryView(registry, CountryRule.Origin);
        var peers = table.VantagePoints(AddressFamily.IPv4).ToArray();
        for (int part = 1; part <= 4; part *= 2)
        {
            long routes = 0, paths = 0;
            clock.Restart();
            foreach (var walked in table.Walk(AddressFamily.IPv4, peers[..(peers.Length / part)]))
            {
                paths += walked.Paths.Count;
                routes += (long)walked.Paths.Sum(path => path.Prefixes);
            }
            Tell(FormattableString.Invariant($"walk of {peers.Length / part} peers, {routes:N0} routes, {paths:N0} paths of peers"), clock);
        }
        clock.Restart();
        var run = new DependenceRun(table, view, registry, AddressFamily.IPv4, new() { NetworksMax = 10, Influence = null });
        Tell("weights", clock);
        clock.Restart();
        int answers = run.All().Count;
        Tell(string.Create(CultureInfo.InvariantCulture, $"{answers} countries"), clock);
        return 0;
    }

    private static void Tell(string what, Stopwatch clock) => Console.WriteLine(FormattableString.Invariant(
        $"{what}: {clock.Elapsed.TotalSeconds:0.0} s, {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:N0} MB at most"));
}
