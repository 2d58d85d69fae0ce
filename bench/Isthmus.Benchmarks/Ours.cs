using Isthmus.Reports.Elements;

namespace Isthmus.Benchmarks;

/// <summary>What the program does with one file, as a process of its own that can be timed against others.</summary>
internal static class Ours
{
    public static int Read(string format, string file)
    {
        using var output = Console.OpenStandardOutput();
        using var plain = File.OpenRead(file);
        using var writer = format == "count" ? null : new ElementWriter(Enum.Parse<ElementFormat>(format, ignoreCase: true), output);
        var tally = ReadRun.ReadFile((Path.GetFileName(file), "bench"), plain, writer);
        writer?.Flush();
        Console.Error.WriteLine($"{tally.Elements} elements, {tally.Records} records, {tally.Faults.Count} faults");
        return tally.Damaged ? 3 : 0;
    }
}
