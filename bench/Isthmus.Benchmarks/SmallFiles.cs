using System.Globalization;
using System.IO.Compression;

using Isthmus.Scenarios;
using Isthmus.Wire;

namespace Isthmus.Benchmarks;

/// <summary>What folders of many small files cost: processor time and memory by the number of files.</summary>
internal static class SmallFiles
{
    private static readonly TimeSpan _step = TimeSpan.FromMinutes(5);

    /// <summary>A dump stands before so many files of updates: eight hours.</summary>
    private const int UpdatesPerDump = 96;

    private const int RecordsPerFile = 4;

    private static readonly MrtSession _session = new("192.0.2.2", 2914);

    /// <summary>Prints the table of docs/robustness.md, "Many small files".</summary>
    public static int Run(int[] counts, string program)
    {
        string[] commands = ["report AS131279", "history AS131279", "read --count"];
        Console.WriteLine("| command | files | processor seconds | megabytes at most |\n|---|---:|---:|---:|");
        string folder = Path.Combine(Path.GetTempPath(), $"isthmus-small-files-{Environment.ProcessId}");
        try
        {
            foreach (int count in counts)
            {
                Write(Path.Combine(folder, $"{count}", "rrc00"), count);
                foreach (string command in commands)
                {
                    string line = $"{program} {command} {Path.Combine(folder, $"{count}")}";
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| `{command}` | {count:N0} | {Measured.Run(line).Cpu:0.0} | {Measured.PeakMegabytes(line):0} |"));
                }
                Directory.Delete(Path.Combine(folder, $"{count}"), recursive: true);
            }
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    private static void Write(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        var from = Timestamp.Parse("2017-10-01T00:00:00Z");
        Parallel.For(0, count, i =>
        {
            // A dump is of the time at which the updates behind it begin.
            int place = i % (UpdatesPerDump + 1);
            bool isDump = place == 0;
            var time = from + _step * (i / (UpdatesPerDump + 1) * UpdatesPerDump + (isDump ? 0 : place - 1));
            string stamp = time.ToDateTimeOffset().ToString("yyyyMMdd'.'HHmm", CultureInfo.InvariantCulture);
            using var packed = new GZipStream(
                File.Create(Path.Combine(folder, $"{(isDump ? "bview" : "updates")}.{stamp}.gz")), CompressionLevel.Fastest);
            packed.Write(isDump ? Dump(time) : Updates(time));
        });
    }

    private static byte[] Dump(Timestamp time) => new MrtWriter().PeerIndexTable(time, "192.0.2.254", "", [new("192.0.2.2", 2914)])
        .Rib(time, Prefix.Parse("175.45.176.0/24"), [new(0, Route("4837"), time)]).ToArray();

    // To one upstream and back, so that each file has something to say.
    private static byte[] Updates(Timestamp time)
    {
        var writer = new MrtWriter();
        for (int i = 0; i < RecordsPerFile; i++)
            writer.Update(time + TimeSpan.FromSeconds(i), _session, Route(i % 2 == 0 ? "20485" : "4837"), announce: ["175.45.176.0/24"]);
        return writer.ToArray();
    }

    private static PathAttributes Route(string upstream) => PathAttributes.Route($"2914 {upstream} 131279", "192.0.2.1");
}
