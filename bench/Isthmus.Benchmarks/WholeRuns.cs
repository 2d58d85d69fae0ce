using System.Globalization;
using System.IO.Compression;

using Isthmus.Scenarios;
using Isthmus.Wire;

namespace Isthmus.Benchmarks;

/// <summary>What whole reports cost, as processes of their own: the table of docs/speed.md, "Whole reports".</summary>
internal sealed class WholeRuns : IDisposable
{
    private const string Subject = "AS131279";

    /// <summary>One prefix in so many goes to another upstream at all peers within the day.</summary>
    private const int MovesEvery = 10;

    private const int SubjectPeers = 10, UpdateFiles = 6;

    private static readonly int[] _sizes = [4, 40, 400, 4_000, 40_000];
    private static readonly Timestamp _from = Timestamp.Parse("2017-10-01T00:00:00Z");

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"isthmus-runs-{Environment.ProcessId}");
    private readonly List<string> _files = [];
    private string _program;
    private int _prefixes = 300_000, _peers = 40, _messages = 3_000_000, _rounds = 3;

    private WholeRuns(string program) => _program = program;

    /// <summary>Prints the tables.</summary>
    /// <param name="arguments">Options, as the program's help has them, and files of updates as gz.</param>
    /// <param name="program">Ours where none is named.</param>
    public static int Run(string[] arguments, string program)
    {
        using var runs = new WholeRuns(program);
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--program") runs._program = arguments[++i];
            else if (arguments[i] is "--prefixes") runs._prefixes = Number(arguments[++i]);
            else if (arguments[i] is "--peers") runs._peers = Number(arguments[++i]);
            else if (arguments[i] is "--messages") runs._messages = Number(arguments[++i]);
            else if (arguments[i] is "--rounds") runs._rounds = Number(arguments[++i]);
            else runs._files.Add(arguments[i]);
        }
        Directory.CreateDirectory(runs._folder);
        Console.WriteLine($"Program: {runs._program}, commit {Measured.Commit()}.");
        Console.WriteLine(Text($"The least of {runs._rounds} rounds: other load can only add to it.\n"));
        runs.BySize();
        runs.OfTable();
        runs.OfUpdates();
        return 0;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void BySize()
    {
        Console.WriteLine("| prefixes of the subject | spans | report, CPU s | MB | µs a span beyond the smallest |\n|---:|---:|---:|---:|---:|");
        (double Cpu, long Spans)? smallest = null;
        foreach (int size in _sizes)
        {
            string folder = Path.Combine(_folder, "rrc00");
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, "bview.20171001.0000"), Dump(size));
            File.WriteAllBytes(Path.Combine(folder, "updates.20171001.0000"), Moves(size));
            string command = $"{_program} report {Subject} {folder}";
            var (_, cpu) = Least(command);
            long spans = SubjectPeers * ((long)size + Moved(size));
            string each = smallest is { } least ? Text($"{(cpu - least.Cpu) * 1e6 / (spans - least.Spans):0.0}") : "";
            smallest ??= (cpu, spans);
            Console.WriteLine(Text($"| {size:N0} | {spans:N0} | {cpu:0.00} | {Measured.PeakMegabytes(command):0} | {each} |"));
            Directory.Delete(folder, recursive: true);
        }
        Console.WriteLine();
    }

    private static int Moved(int size) => (size + MovesEvery - 1) / MovesEvery;

    private static byte[] Dump(int size)
    {
        var writer = new MrtWriter().PeerIndexTable(_from, "192.0.2.254", "",
            [.. Enumerable.Range(0, SubjectPeers).Select(peer => new MrtPeer(AddressOf(peer), AsOf(peer)))]);
        for (int prefix = 0; prefix < size; prefix++)
            writer.Rib(_from, PrefixOf(prefix),
                [.. Enumerable.Range(0, SubjectPeers).Select(peer => new MrtRibEntry(peer, Route(peer, "4837"), _from))]);
        return writer.ToArray();
    }

    private static byte[] Moves(int size)
    {
        var writer = new MrtWriter();
        for (int move = 0; move < Moved(size); move++)
        {
            var time = _from + TimeSpan.FromHours(6) + TimeSpan.FromSeconds(12 * 3600.0 * move / Moved(size));
            for (int peer = 0; peer < SubjectPeers; peer++)
                writer.Update(time + TimeSpan.FromMilliseconds(10 * peer), new(AddressOf(peer), AsOf(peer)), Route(peer, "20485"),
                    announce: [PrefixOf(move * MovesEvery).ToString()]);
        }
        return writer.ToArray();
    }

    private static PathAttributes Route(int peer, string upstream) =>
        PathAttributes.Route($"{AsOf(peer)} 174 {upstream} 131279", AddressOf(peer));

    private static Prefix PrefixOf(int prefix) => new(IpAddress.V4(0x0B000000u + (uint)prefix * 256), 24);

    private static uint AsOf(int peer) => 1001 + (uint)peer;

    private static string AddressOf(int peer) => $"192.0.2.{peer + 1}";

    private void OfTable()
    {
        string file = Path.Combine(_folder, "rib.mrt");
        using (var output = File.Create(file)) new SyntheticTable(_prefixes, _peers).WriteRib(output);
        var (countWall, count) = Least($"{_program} read --count {file}");
        var (wall, cpu) = Least($"{_program} report KP {file}");
        Console.WriteLine("| table | MB | read --count, CPU s | wall s | report KP, CPU s | wall s | ratio, CPU | wanted |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        Console.WriteLine(Text($"| {_prefixes:N0} prefixes at {_peers} peers, generated | {new FileInfo(file).Length / 1e6:0} | {count:0.00} | {countWall:0.00}")
            + Text($" | {cpu:0.00} | {wall:0.00} | {cpu / count:0.00} | ≤ 3 |\n"));
        File.Delete(file);
    }

    private void OfUpdates()
    {
        string[] files = [.. _files];
        if (files.Length == 0)
        {
            files = [.. Enumerable.Range(0, UpdateFiles).Select(i => Path.Combine(_folder, Text($"updates.20250615.15{5 * i + 10:00}.gz")))];
            foreach (var (place, file) in files.Index())
            {
                using var packed = new GZipStream(File.Create(file), CompressionLevel.Optimal);
                new SyntheticTable(100_000, _peers).WriteUpdates(packed, _messages / UpdateFiles, place * (_messages / UpdateFiles));
            }
        }
        string named = string.Join(' ', files.Select(file => $"'{file.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        string what = _files.Count == 0 ? Text($"{_messages:N0} generated messages in {files.Length} files")
            : string.Join(", ", files.Select(Path.GetFileName));
        Console.WriteLine("| updates, gz | MB | igzip -dc, wall s | CPU s | report KP, wall s | CPU s | ratio, wall | wanted |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        var (igzipWall, igzip) = Least($"igzip -dc {named}");
        var (wall, cpu) = Least($"{_program} report KP {named}");
        Console.WriteLine(Text($"| {what} | {files.Sum(file => new FileInfo(file).Length) / 1e6:0.0} | {igzipWall:0.00} | {igzip:0.00} | {wall:0.00}")
            + Text($" | {cpu:0.00} | {wall / igzipWall:0.00} | ≤ 1.5 |"));
    }

    // Of wall and of CPU time the least. A file with a fault ends ours with 3.
    private (double Wall, double Cpu) Least(string command)
    {
        (double Wall, double Cpu) least = (double.MaxValue, double.MaxValue);
        for (int round = 0; round < _rounds; round++)
        {
            var (wall, cpu) = Measured.Run($"{{ {command} || [ $? -eq 3 ]; }}");
            least = (Math.Min(least.Wall, wall), Math.Min(least.Cpu, cpu));
        }
        return least;
    }
}
