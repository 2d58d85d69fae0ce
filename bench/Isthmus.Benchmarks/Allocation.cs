using System.Globalization;

using Isthmus.Export;
using Isthmus.Sources;
using Isthmus.Sources.Compression;

namespace Isthmus.Benchmarks;

/// <summary>
/// What an element allocates, all threads together: what a whole file takes more than its first half does, in its further
/// elements. More than a hundredth of a byte fails. What a file takes whatever its length is told beside it.
/// </summary>
internal static class Allocation
{
    private const double BytesAnElementMax = 0.01;

    public static int Gate(string file)
    {
        string folder = Directory.CreateTempSubdirectory("isthmus-allocation-").FullName;
        try
        {
            string whole = Path.Combine(folder, "whole.mrt"), half = Path.Combine(folder, "half.mrt");
            Cut(file, whole, half);
            bool passed = true;
            foreach (ElementFormat? format in (ElementFormat?[])[null, ElementFormat.Line, ElementFormat.Json, ElementFormat.Csv])
            {
                var (fewBytes, few) = Read(half, format);
                var (bytes, elements) = Read(whole, format);
                double each = (double)(bytes - fewBytes) / Math.Max(1, elements - few);
                passed &= each <= BytesAnElementMax;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{format?.ToString() ?? "Count",-6} {elements} elements: {each:0.0000} bytes for each, {bytes - each * elements:n0} for the file"));
            }
            return passed ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Cut(string file, string whole, string half)
    {
        using (var from = Decompression.Open(File.OpenRead(file)))
        using (var to = File.Create(whole)) from.CopyTo(to);
        long length = new FileInfo(whole).Length;
        using var records = new RecordReader(File.OpenRead(whole), new FaultLedger());
        using var first = File.Create(half);
        while (records.Offset < length / 2 && records.TryRead(out var record)) first.Write(record.Bytes);
    }

    // The least of three readings: what the runtime does beside adds to it.
    private static (long Bytes, long Elements) Read(string file, ElementFormat? format)
    {
        using var inputs = new Inputs();
        var set = inputs.Resolve([file], Stream.Null, CancellationToken.None);
        (long Bytes, long Elements) least = (long.MaxValue, 0);
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            using var writer = format is { } form ? new ElementWriter(form, Stream.Null) : null;
            long elements = ReadRun.Run(set.Files, writer, new(), CancellationToken.None).Elements;
            long bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            if (bytes < least.Bytes) least = (bytes, elements);
        }
        return least;
    }
}
