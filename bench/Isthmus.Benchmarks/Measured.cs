using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Benchmarks;

/// <summary>What a command takes as a process of its own; its output is thrown away.</summary>
internal static class Measured
{
    /// <summary>Wall time and CPU time, in seconds. The shell tells the CPU time of its children.</summary>
    /// <exception cref="InvalidOperationException">The command failed: what it took says nothing.</exception>
    public static (double Wall, double Cpu) Run(string command)
    {
        long start = Stopwatch.GetTimestamp();
        string[] lines = Shell($"{command} >/dev/null 2>&1; code=$?; times; exit $code").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, lines[^1].Split(' ').Sum(Seconds));
    }

    /// <summary>The most memory that it held at once. The kernel keeps the mark, so it is enough to look from time to time.</summary>
    public static double PeakMegabytes(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", $"exec {command} >/dev/null 2>&1"]))!;
        double most = 0;
        while (!process.WaitForExit(5))
        {
            try
            {
                const string Mark = "VmHWM:";
                foreach (string line in File.ReadLines($"/proc/{process.Id}/status"))
                    if (line.StartsWith(Mark, StringComparison.Ordinal))
                        most = double.Parse(line[Mark.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) / 1024;
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }
        return most;
    }

    /// <summary>True where the shell finds a program of this name.</summary>
    public static bool IsOnPath(string program) => Shell($"command -v {program} >/dev/null && echo yes || echo no").Trim() == "yes";

    /// <summary>A Debian package with its version.</summary>
    public static string VersionOf(string package) =>
        Shell($"dpkg-query -W -f '${{Package}} ${{Version}}' {package} 2>/dev/null || echo {package} not here").Trim();

    /// <summary>The commit that is measured, as git shows it; <c>unknown</c> where git knows none.</summary>
    public static string Commit() => Shell("git rev-parse --short HEAD 2>/dev/null || echo unknown").Trim();

    private static string Shell(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"ended with {process.ExitCode}: {script}");
    }

    // As 1m2.345s.
    private static double Seconds(string text)
    {
        string[] parts = text.TrimEnd('s').Split('m');
        return int.Parse(parts[0], CultureInfo.InvariantCulture) * 60 + double.Parse(parts[1], CultureInfo.InvariantCulture);
    }
}
