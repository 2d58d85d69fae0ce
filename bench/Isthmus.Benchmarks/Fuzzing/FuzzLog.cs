using System.Globalization;

namespace Isthmus.Benchmarks.Fuzzing;

/// <summary>
/// The log of all fuzzing, a line for each reader and run: date, commit, reader, seed, executions, seconds, bugs found, apart by tabs.
/// What it adds up to is the running count.
/// </summary>
internal static class FuzzLog
{
    private const string Head = "date\tcommit\treader\tseed\texecutions\tseconds\tbugs";

    /// <summary>Appends a line; makes the file where there is none.</summary>
    public static void Add(string file, string commit, string reader, ulong seed, long executions, double seconds, int bugs)
    {
        bool isNew = !File.Exists(file);
        using var log = File.AppendText(file);
        log.NewLine = "\n";
        if (isNew) log.WriteLine(Head);
        log.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}\t{commit}\t{reader}\t{seed}\t{executions}\t{seconds:F0}\t{bugs}"));
    }

    /// <summary>Prints what the logs add up to, reader by reader and in all.</summary>
    public static int Total(IReadOnlyList<string> files)
    {
        var lines = files.SelectMany(File.ReadLines).Where(line => line != Head).Select(line => line.Split('\t')).ToList();
        foreach (var reader in lines.GroupBy(line => line[2]).OrderBy(group => group.Key, StringComparer.Ordinal))
            Print(reader.Key, [.. reader]);
        Print("all", lines);
        return 0;
    }

    private static void Print(string reader, List<string[]> lines)
    {
        long executions = lines.Sum(line => long.Parse(line[4], CultureInfo.InvariantCulture));
        double seconds = lines.Sum(line => double.Parse(line[5], CultureInfo.InvariantCulture));
        int bugs = lines.Sum(line => int.Parse(line[6], CultureInfo.InvariantCulture));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{reader,-12} {executions,16:N0} executions {executions / Math.Max(1, seconds),12:N0} a second {bugs,4} bugs"));
    }
}
