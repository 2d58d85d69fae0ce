using System.Diagnostics;
using System.Globalization;

using Isthmus.Export;
using Isthmus.Filters;
using Isthmus.Registry;
using Isthmus.Sources;

namespace Isthmus.Benchmarks;

/// <summary>
/// What an element costs once the code is compiled and the file is in memory: for those who change the reading. The
/// least of several rounds, as a busy machine only ever adds.
/// </summary>
internal static class Steady
{
    public static int Run(string format, string file, int rounds, string? where)
    {
        using var inputs = new Inputs();
        var set = inputs.Resolve([file], Stream.Null, CancellationToken.None);
        var filter = where is null ? null : Filter.Parse(where, () => RegistrySnapshot.Shipped);
        double best = double.MaxValue;
        long elements = 0;
        for (int round = 0; round < rounds; round++)
        {
            using var writer = format == "count" ? null
                : new ElementWriter(Enum.Parse<ElementFormat>(format, ignoreCase: true), Stream.Null);
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            elements = ReadRun.Run(set.Files, writer, new(), CancellationToken.None, filter).Elements;
            best = Math.Min(best, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalNanoseconds);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{format} {elements} elements: {best / 1e9:0.000} CPU s{(filter is null ? $", {best / Math.Max(1, elements):0.0} ns an element" : "")}"));
        return 0;
    }
}
