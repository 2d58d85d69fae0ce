using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

using Isthmus.Scenarios;

namespace Isthmus.Benchmarks;

/// <summary>
/// Holds every sentence of the reports on real files against the lines of the same files: docs/accuracy.md. Files of updates are asked
/// whole; their second half alone, with the first half's lines beside; and the second half behind a table made of the first.
/// </summary>
internal sealed partial class Audit(string program, int most) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isthmus-audit-").FullName;
    private readonly List<(string Name, AuditedSentence Sentence)> _all = [];
    private int _written;

    /// <summary>Audits files and folders, one day of a collector together, and prints a table; 1 where a sentence is disproved.</summary>
    public static int Run(string[] arguments, string program)
    {
        int most = 20;
        if (arguments is ["--most", var number, .. var rest]) (most, arguments) = (int.Parse(number, CultureInfo.InvariantCulture), rest);
        using var audit = new Audit(program, most);
        foreach (var set in arguments.Where(File.Exists).GroupBy(SetOf, StringComparer.Ordinal))
            audit.Files(set.Key, [.. set.Order(StringComparer.Ordinal)]);
        foreach (string folder in arguments.Where(Directory.Exists)) audit.Folder(folder);
        return audit.Print();
    }

    // Files that differ in the time of the day alone are one after the other.
    private static string SetOf(string file) => TimeOfDay().Replace(Path.GetFileName(file), "$1");

    private void Folder(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => DatedFile().IsMatch(Path.GetFileName(file))).Order(StringComparer.Ordinal)];
        if (files.Length == 0) return;
        var lines = new RouteLines();
        foreach (string file in files) foreach (string line in Read(file)) lines.Add(line, Path.GetDirectoryName(file)!);
        string name = Path.GetFileName(folder.TrimEnd('/'));
        Judge($"{name}, all", files, lines, lines.Movers(most), lines.HasTable);
        string[] updates = [.. files.Where(file => Path.GetFileName(file).Contains("updates", StringComparison.Ordinal))];
        if (updates.Length > 0 && updates.Length < files.Length)
            Judge($"{name}, updates alone", updates, lines, lines.Movers(most), hasTable: false);
    }

    private void Files(string name, string[] files)
    {
        string[] text = [.. files.SelectMany(Read)];
        var whole = Lines(text);
        if (whole.Period.From > whole.Period.To) return;
        Judge($"{name}, whole", files, whole, whole.Movers(most), whole.HasTable);
        if (whole.HasTable) return;
        long middle = (whole.Period.From + (whole.Period.To - whole.Period.From) / 2) / 1_000_000 * 1_000_000;
        string[] first = [.. text.Where(line => TimeOf(line) < middle)], second = [.. text.Where(line => TimeOf(line) >= middle)];
        if (second.Length == 0 || first.Length == 0) return;
        var movers = Lines(second).Movers(most);
        string alone = Write("updates", middle, second);
        Judge($"{name}, second half alone", [alone], whole, movers, hasTable: false);
        string[] table = [.. Lines(first).ToTable(middle)];
        if (table.Length == 0) return;
        Judge($"{name}, second half and table", [Write("rib", middle, table), alone], Lines([.. table, .. second]), movers, hasTable: true);
    }

    private void Judge(string name, IReadOnlyList<string> files, RouteLines lines, IReadOnlyList<uint> movers, bool hasTable)
    {
        var sentences = AuditRun.Run(files, lines, movers, hasTable);
        foreach (var sentence in sentences) _all.Add((name, sentence));
        foreach (var wrong in sentences.Where(sentence => sentence.Verdict >= AuditVerdict.Unproven))
            Console.Error.WriteLine(
                $"{name}: AS{wrong.Subject}: {wrong.Verdict.ToString().ToLowerInvariant()}, {wrong.Kind}: \"{wrong.Text}\": {wrong.Why}");
    }

    private int Print()
    {
        Console.WriteLine("| files | sentences | held | disproved | unproven |\n|---|---:|---:|---:|---:|");
        foreach (var set in _all.GroupBy(entry => entry.Name)) Console.WriteLine(Row(set.Key, [.. set.Select(entry => entry.Sentence)]));
        Console.WriteLine("\n| kind | sentences | held | disproved | unproven |\n|---|---:|---:|---:|---:|");
        foreach (var kind in _all.GroupBy(entry => entry.Sentence.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            Console.WriteLine(Row(kind.Key, [.. kind.Select(entry => entry.Sentence)]));
        Console.WriteLine(Row("all", [.. _all.Select(entry => entry.Sentence)]));
        return _all.Exists(entry => entry.Sentence.Verdict is AuditVerdict.Disproved) ? 1 : 0;
    }

    private static string Row(string name, AuditedSentence[] of) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {of.Length} | {of.Count(one => one.Verdict is not AuditVerdict.NotHeld)} | {of.Count(one => one.Verdict is AuditVerdict.Disproved)} "
        + $"| {of.Count(one => one.Verdict is AuditVerdict.Unproven)} |");

    private static RouteLines Lines(IEnumerable<string> text)
    {
        var lines = new RouteLines();
        foreach (string line in text) lines.Add(line, "");
        return lines;
    }

    private static long TimeOf(string line) => RouteLines.TryTime(line.Split('|', 3)[1], out long time) ? time : 0;

    private string Write(string kind, long time, IEnumerable<string> lines)
    {
        string stamp = (DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(time)).ToString("yyyyMMdd.HHmm", CultureInfo.InvariantCulture);
        string path = Path.Combine(_folder, $"{_written++}", $"{kind}.{stamp}.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path, lines);
        return path;
    }

    private List<string> Read(string file)
    {
        var command = new ProcessStartInfo(program, ["read", file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var reading = Process.Start(command)!;
        reading.ErrorDataReceived += (_, _) => { };
        reading.BeginErrorReadLine();
        var lines = new List<string>();
        while (reading.StandardOutput.ReadLine() is { } line) lines.Add(line);
        reading.WaitForExit();
        return lines;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex(@"(\d{8})\.\d{4}(?=\.)")]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"(updates|rib|bview)\.")]
    private static partial Regex DatedFile();
}
