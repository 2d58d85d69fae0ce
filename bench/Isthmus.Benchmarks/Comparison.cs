using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;

using Isthmus.Sources;

namespace Isthmus.Benchmarks;

/// <summary>
/// Whole processes on the same file in one run, taking turns so that a change in the machine's load meets all of
/// them. Times mean nothing from another machine or another minute; the ratios do.
/// </summary>
internal sealed class Comparison(string file, int rounds) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isthmus-compare-").FullName;

    private sealed record Contender(string Name, string Command)
    {
        public bool IsOurs => Name.StartsWith("ours", StringComparison.Ordinal);

        public List<double> Wall { get; } = [];

        public List<double> Cpu { get; } = [];
    }

    /// <summary>Runs all contests that the installed tools allow, and prints a table of each.</summary>
    public void Run()
    {
        string plain = Path.Combine(_folder, "plain.mrt"), gz = plain + ".gz", bz2 = plain + ".bz2";
        MakeCopies(plain, gz, bz2);
        string count = $"{Quote(Environment.ProcessPath!)} read count", line = $"{Quote(Environment.ProcessPath!)} read line";
        string decompress = $"{Quote(Environment.ProcessPath!)} decompress";
        const string Untrimmed = "MALLOC_TRIM_THRESHOLD_=100000000000 MALLOC_TOP_PAD_=1000000000 bgpdump";
        Contest("Counting all elements of the uncompressed file", [
            new("ours", $"{count} {plain}"), new("bgpdump -m", $"bgpdump -q -m {plain}"),
            new("igzip -dc of its gz", $"igzip -dc {gz}")]);
        Contest("Counting all elements of the gz file", [
            new("ours", $"{count} {gz}"), new("ours, decompressing only", $"{decompress} {gz}"),
            new("igzip -dc", $"igzip -dc {gz}")]);
        if (File.Exists(bz2))
            Contest("Counting all elements of the bz2 file", [
                new("ours", $"{count} {bz2}"), new("ours, decompressing only", $"{decompress} {bz2}"),
                new("lbzip2 -n2 -dc", $"lbzip2 -n2 -dc {bz2}")]);
        Contest("Text in the form of bgpdump -m", [
            new("ours", $"{line} {plain}"), new("bgpdump -m", $"bgpdump -q -m {plain}"),
            new("bgpdump -m, trimming off", $"{Untrimmed} -q -m {plain}")]);
    }

    private void Contest(string title, IReadOnlyList<Contender> contenders)
    {
        contenders = [.. contenders.Where(contender => contender.IsOurs || IsInstalled(contender.Name.Split(' ')[0]))];
        for (int round = -1; round < rounds; round++)
            foreach (var contender in contenders)
            {
                var (wall, cpu) = Time(contender.Command);
                if (round < 0) continue; // The first round brings programs and files into memory.
                contender.Wall.Add(wall);
                contender.Cpu.Add(cpu);
            }
        var ours = contenders.First(contender => contender.IsOurs);
        Console.WriteLine($"\n{title}\n");
        Console.WriteLine("| what | wall s | CPU s | wall, in ours | CPU, in ours |\n|---|---:|---:|---:|---:|");
        foreach (var contender in contenders)
        {
            double wall = Median(contender.Wall), cpu = Median(contender.Cpu);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {contender.Name} | {wall:0.000} | {cpu:0.000} | {wall / Median(ours.Wall):0.00} | {cpu / Median(ours.Cpu):0.00} |"));
        }
    }

    private void MakeCopies(string plain, string gz, string bz2)
    {
        using (var from = Decompression.Open(File.OpenRead(file)))
        using (var to = File.Create(plain)) from.CopyTo(to);
        using (var from = File.OpenRead(plain))
        using (var to = new GZipStream(File.Create(gz), CompressionLevel.Optimal)) from.CopyTo(to);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileName(file)}: {new FileInfo(plain).Length:n0} bytes, {new FileInfo(gz).Length:n0} as gz"));
        Console.WriteLine($"median of {rounds} rounds, {Environment.ProcessorCount} cores");
        if (IsInstalled("lbzip2")) Time($"lbzip2 -k -c {plain} > {bz2}; :");
    }

    // The shell tells the CPU time of its children.
    private static (double Wall, double Cpu) Time(string command)
    {
        string script = command.EndsWith(':') ? $"{command}; times" : $"{command} >/dev/null 2>&1; times";
        long start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, lines[^1].Split(' ').Sum(Seconds));
    }

    // As 1m2.345s.
    private static double Seconds(string text)
    {
        string[] parts = text.TrimEnd('s').Split('m');
        return int.Parse(parts[0], CultureInfo.InvariantCulture) * 60 + double.Parse(parts[1], CultureInfo.InvariantCulture);
    }

    private static bool IsInstalled(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Quote(string path) => $"'{path}'";

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
