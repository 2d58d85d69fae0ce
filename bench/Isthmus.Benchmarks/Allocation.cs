using System.Globalization;

using Isthmus.Reports.Elements;
using Isthmus.Sources;

namespace Isthmus.Benchmarks;

/// <summary>What reading a file allocates, all threads together; more than a byte an element fails.</summary>
internal static class Allocation
{
    private const double BytesAnElementMax = 1;

    public static int Gate(string file)
    {
        using var inputs = new Inputs();
        var set = inputs.Resolve([file], Stream.Null, CancellationToken.None);
        bool passed = true;
        foreach (ElementFormat? format in (ElementFormat?[])[null, ElementFormat.Line, ElementFormat.Json, ElementFormat.Csv])
        {
            using var writer = format is { } form ? new ElementWriter(form, Stream.Null) : null;
            ReadRun.Run(set.Files, writer, new(), CancellationToken.None);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            var tally = ReadRun.Run(set.Files, writer, new(), CancellationToken.None);
            double each = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Math.Max(1, tally.Elements);
            passed &= each <= BytesAnElementMax;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{format?.ToString() ?? "Count",-6} {tally.Elements} elements, {each:0.000} bytes allocated for each"));
        }
        return passed ? 0 : 1;
    }
}
