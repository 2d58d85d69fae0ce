using System.Diagnostics;
using System.Globalization;

using Isthmus.Relationships;
using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Benchmarks;

/// <summary>
/// How far relationships inferred from the paths of real tables agree with those of files in CAIDA's form, on the links that both have.
/// </summary>
internal static class RelationshipAgreement
{
    /// <summary>Infers from each table, or several joined by +, and compares with each file.</summary>
    public static int Run(IEnumerable<string> arguments, string program)
    {
        string[] all = [.. arguments];
        string[] files = [.. all.Where(IsRelationships)], tables = [.. all.Where(one => !IsRelationships(one))];
        if (files.Length == 0 || tables.Length == 0)
        {
            Console.Error.WriteLine("agreement TABLE[+TABLE…]… AS-REL…: tables are MRT, AS-REL are files whose names begin with as-rel or end with as-rel.txt…");
            return 2;
        }
        var given = new List<(string Name, RelationshipGraph Graph)>();
        foreach (string file in files)
        {
            var faults = new List<string>();
            given.Add((Path.GetFileName(file), RelationshipFile.Read(file, faults)));
            foreach (string fault in faults.Take(3)) Console.WriteLine(fault);
        }
        foreach (string table in tables)
        {
            if (table.Split('+').FirstOrDefault(part => !File.Exists(part)) is { } absent)
            {
                Console.WriteLine($"skipped: no {absent}");
                continue;
            }
            Console.WriteLine($"## {string.Join(" + ", table.Split('+').Select(Path.GetFileName))}");
            var paths = PathsOf(table.Split('+'), program);
            var watch = Stopwatch.StartNew();
            var ranked = RankInference.Infer(paths);
            var rankedIn = watch.Elapsed;
            watch.Restart();
            var walked = AnchoredWalk.Infer(paths, ipv6: table.Contains("route-views6", StringComparison.Ordinal));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{paths.Count} paths, {paths.AsCount} ASes, {ranked.Links.Count} links; top down {rankedIn.TotalSeconds:0.0} s, walk {watch.Elapsed.TotalSeconds:0.0} s"));
            Console.WriteLine($"clique: {string.Join(' ', ranked.Clique.Select(asn => asn.Number))}");
            foreach (var (name, graph) in given)
            {
                Compare($"{name}  top down", ranked, graph);
                Compare($"{name}  walk    ", walked, graph);
            }
        }
        return 0;
    }

    private static bool IsRelationships(string file) => Path.GetFileName(file).Contains("as-rel", StringComparison.Ordinal);

    private static void Compare(string title, RelationshipGraph inferred, RelationshipGraph given)
    {
        int both = 0, sales = 0, rightSales = 0, reversed = 0, peerings = 0, rightPeerings = 0;
        foreach (var link in inferred.Links)
        {
            int first = given.IndexOf(link.First), second = given.IndexOf(link.Second);
            if (first < 0 || second < 0 || given.Between(first, second) is not { } known) continue;
            both++;
            if (link.Kind is LinkKind.Transit)
            {
                sales++;
                if (known.Kind is Neighbour.Customer) rightSales++;
                if (known.Kind is Neighbour.Provider) reversed++;
            }
            else
            {
                peerings++;
                if (known.Kind is Neighbour.Peer) rightPeerings++;
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{title}: {both} links in both; sales {rightSales} of {sales} ({Part(rightSales, sales):0.0} %), {reversed} the other way round; peerings {rightPeerings} of {peerings} ({Part(rightPeerings, peerings):0.0} %)"));
    }

    private static double Part(int part, int of) => of == 0 ? double.NaN : 100.0 * part / of;

    private static SeenPaths PathsOf(IEnumerable<string> files, string program)
    {
        var seen = new SeenPaths();
        var cleaning = new PathCleaning();
        foreach (string file in files)
        {
            using var run = Process.Start(new ProcessStartInfo(program, ["read", file]) { RedirectStandardOutput = true })!;
            while (run.StandardOutput.ReadLine() is { } line)
            {
                string[] fields = line.Split('|');
                if (fields.Length < 7 || !fields[0].StartsWith("TABLE_DUMP", StringComparison.Ordinal) || fields[6].Contains('{')) continue;
                uint[] hops = [.. fields[6].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(word => Asn.TryParse(word, null, out var asn) ? asn.Number : 0)];
                if (hops.Length == 0) continue;
                var path = cleaning.Clean(new PathWords([PathWords.Header(SegmentType.Sequence, hops.Length), .. hops]));
                if (path.FirstAs == Asn.Parse(fields[4])) seen.Add(path.FirstAs, path);
            }
            run.WaitForExit();
        }
        return seen;
    }
}
