using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;

using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Benchmarks;

/// <summary>
/// The table of docs/speed.md: whole processes, start-up and all, on the same file in one run, taking turns so that a
/// change in the machine's load meets all of them. Times mean nothing from another machine or another minute; the ratios do.
/// </summary>
/// <param name="file">A RIB, compressed or not.</param>
/// <param name="program">The program that users run.</param>
internal sealed class Comparison(string file, int rounds, string program) : IDisposable
{
    private const int ManyFiles = 8;

    /// <summary>bgpdump gives memory back after each record and takes it again, which makes it slow: it is told not to.</summary>
    private const string Untrimmed = "MALLOC_TRIM_THRESHOLD_=100000000000 MALLOC_TOP_PAD_=1000000000 bgpdump";

    /// <summary>A filter that any AS passes: it has to be found all the same.</summary>
    private const string AnyAsn = "0-4294967295";

    private readonly string _folder = Directory.CreateTempSubdirectory("isthmus-compare-").FullName;

    private string Plain => Path.Combine(_folder, "rib.mrt");

    private string Gz => Plain + ".gz";

    private string OtherGz => Path.Combine(_folder, "zlib-ng.rib.mrt.gz");

    private string Bz2 => Plain + ".bz2";

    private string Csv => Plain + ".csv";

    private string Many => Path.Combine(_folder, "many");

    private string FourBz2 => Path.Combine(_folder, "four-bz2");

    /// <summary>Prints the table; rows whose other program is not installed are left out.</summary>
    public void Run()
    {
        MakeCopies();
        var (origin, prefix) = FindWanted();
        PrintMachine();
        Console.WriteLine("| ours | against | ours, CPU s | wall s | the other, CPU s | wall s | ratio | wanted |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
        string count = $"{program} read --count";
        string decoding = $"{count} --where 'origin {AnyAsn} and upstream {AnyAsn}' {Plain}";
        Row("uncompressed: prefix, peer, cleaned path, origin", decoding, "igzip -dc of its gz", $"igzip -dc {Gz}", Ratio.OursCpu, "≤ 1");
        Row("the same", decoding, "igzip -dc of zlib-ng's gz", $"igzip -dc {OtherGz}", Ratio.OursCpu, "");
        Row("the same without paths", $"{count} {Plain}", "igzip -dc of its gz", $"igzip -dc {Gz}", Ratio.OursCpu, "");
        Row("count, gz", $"{count} {Gz}", "igzip -dc", $"igzip -dc {Gz}", Ratio.OursWall, "≤ 1.15");
        Row("count, bz2", $"{count} {Bz2}", "lbzip2 -n2 -dc", $"lbzip2 -n2 -dc {Bz2}", Ratio.OursWall, "≤ 1.15");
        Row("text of bgpdump -m", $"{program} read {Plain}", "bgpdump -m, no trimming", $"{Untrimmed} -q -m {Plain}", Ratio.TheirsWall, "≥ 6");
        Row("one origin", $"{count} --where 'origin {origin.Number}' {Plain}", "ours, counting all", $"{count} {Plain}", Ratio.OursCpu, "≤ 1");
        Row("one prefix", $"{count} --where 'prefix {prefix}' {Plain}", "ours, counting all", $"{count} {Plain}", Ratio.OursCpu, "≤ 1");
        Row($"{ManyFiles} gz files, all cores", $"{count} {Many}", "ours, one core", $"taskset -c 0 {count} {Many}", Ratio.TheirsWall, "≥ 1.8");
        string text = $"{program} read {Many}";
        Row($"{ManyFiles} gz files as text, all cores", text, "ours, one core", $"taskset -c 0 {text}", Ratio.TheirsWall, "≥ 1.8");
        Row($"{ManyFiles} gz files", $"{count} {Many}", "ours, one of them", $"{count} {Gz}", Ratio.OursCpu, $"≤ {ManyFiles}");
        string parquet = $"{program} read --format parquet --out {Path.Combine(_folder, "rib.parquet")} {Plain}";
        foreach (int threads in (int[])[1, 2])
            Row("Parquet", parquet, $"DuckDB, COPY of its csv, threads: {threads}", DuckDb(threads), Ratio.OursWall, "");
        PrintMemory(
        [
            $"{count} {Plain}", $"{count} {Gz}", $"{count} {Bz2}", $"{count} {Many}", $"{count} {FourBz2}",
            $"{program} read {Plain}", text, $"{program} read {FourBz2}", parquet,
        ]);
    }

    private enum Ratio
    {
        /// <summary>Our CPU time in theirs: less is better.</summary>
        OursCpu,
        /// <summary>Our wall time in theirs: less is better.</summary>
        OursWall,
        /// <summary>Their wall time in ours: more is better.</summary>
        TheirsWall,
    }

    private void Row(string name, string ours, string otherName, string other, Ratio ratio, string wanted)
    {
        string tool = otherName.Split(' ')[0];
        if (tool is not ("ours," or "DuckDB,") && !IsInstalled(tool)) return;
        var (us, them) = (new Times(), new Times());
        for (int round = -1; round < rounds; round++)
        {
            var (one, two) = (Measured.Run(ours), Measured.Run(other));
            if (round < 0) continue; // The first round brings programs and files into memory.
            us.Add(one);
            them.Add(two);
        }
        double value = ratio switch
        {
            Ratio.OursCpu => us.Cpu / them.Cpu,
            Ratio.OursWall => us.Wall / them.Wall,
            _ => them.Wall / us.Wall,
        };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {otherName} | {us.Cpu:0.00} | {us.Wall:0.00} | {them.Cpu:0.00} | {them.Wall:0.00} | {value:0.00} | {wanted} |"));
    }

    private string DuckDb(int threads) =>
        $"{Environment.ProcessPath} duckdb-copy {Csv} {Path.Combine(_folder, "duckdb.parquet")} {threads}";

    private static void PrintMemory(string[] commands)
    {
        Console.WriteLine("\n| memory | MB resident, of 100 wanted |\n|---|---:|");
        foreach (string command in commands)
        {
            string told = string.Join(' ', command.Split(' ').Skip(1).Select(word => Path.GetFileName(word)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {told} | {Measured.PeakMegabytes(command):0} |"));
        }
        Console.WriteLine();
    }

    private void PrintMachine()
    {
        string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) ?? "";
        Console.WriteLine($"""
            Machine: {processor.Split(':')[^1].Trim()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}.
            Program: {Path.GetFileName(program)}, {(File.Exists(program + ".dll") ? "compiled as it runs" : "native")}; .NET {Environment.Version}.
            gz is inflated by {(IsalInflater.IsHere ? "ISA-L" : "the base library")}.
            Others: {Measured.VersionOf("isal")}, {Measured.VersionOf("lbzip2")}, {Measured.VersionOf("bgpdump")}.
            File: {Size(Plain)} bytes; as gz {Size(Gz)} by gzip, {Size(OtherGz)} by zlib-ng; as bz2 {(File.Exists(Bz2) ? Size(Bz2) : "not made")}.
            Medians of {rounds} rounds.

            """);
    }

    // What to look for is taken from somewhere in the file.
    private (Asn Origin, Prefix Prefix) FindWanted()
    {
        using var plain = Decompression.Open(File.OpenRead(Plain));
        using var records = new RecordReader(plain, new FaultLedger());
        var events = new RouteEventReader();
        (Asn, Prefix) found = default;
        while (records.Records < 5_000 && records.TryRead(out var record))
            foreach (ref readonly var one in events.Read(record))
                if (one.Attributes.AsPath.Origin is { } origin) found = (origin, one.Prefix);
        return found;
    }

    private void MakeCopies()
    {
        using (var from = Decompression.Open(File.OpenRead(file)))
        using (var to = File.Create(Plain)) from.CopyTo(to);
        using (var from = File.OpenRead(Plain))
        using (var to = new GZipStream(File.Create(OtherGz), CompressionLevel.Optimal)) from.CopyTo(to);
        // At its usual level, by the program that everybody has.
        Measured.Run($"gzip -k {Plain}");
        if (IsInstalled("lbzip2")) Measured.Run($"lbzip2 -k {Plain}");
        Measured.Run($"{program} read --format csv --out {Csv} {Plain}");
        Directory.CreateDirectory(Many);
        for (int i = 0; i < ManyFiles; i++) File.Copy(Gz, Path.Combine(Many, $"{i}.rib.mrt.gz"));
        Directory.CreateDirectory(FourBz2);
        for (int i = 0; i < 4 && File.Exists(Bz2); i++) File.Copy(Bz2, Path.Combine(FourBz2, $"{i}.rib.mrt.bz2"));
    }

    private static string Size(string path) => new FileInfo(path).Length.ToString("n0", CultureInfo.InvariantCulture);

    private static bool IsInstalled(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What the rounds of one command took; medians.</summary>
    private sealed class Times
    {
        private readonly List<double> _wall = [], _cpu = [];

        public double Wall => Median(_wall);

        public double Cpu => Median(_cpu);

        public void Add((double Wall, double Cpu) round)
        {
            _wall.Add(round.Wall);
            _cpu.Add(round.Cpu);
        }

        private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }
}
