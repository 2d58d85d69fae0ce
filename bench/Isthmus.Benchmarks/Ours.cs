using Isthmus.Export;
using Isthmus.Sources;
using Isthmus.Sources.Compression;

namespace Isthmus.Benchmarks;

/// <summary>What the program does with one file, as a process of its own that can be timed against others.</summary>
internal static class Ours
{
    /// <summary>Reads as <c>isthmus read</c> does, without its command line.</summary>
    public static int Read(string format, string file)
    {
        using var inputs = new Inputs();
        var set = inputs.Resolve([file], Stream.Null, CancellationToken.None);
        using var output = Console.OpenStandardOutput();
        using var writer = format == "count" ? null
            : new ElementWriter(Enum.Parse<ElementFormat>(format, ignoreCase: true), output);
        var tally = ReadRun.Run(set.Files, writer, new(), CancellationToken.None);
        if (writer is null) Console.WriteLine(tally.Elements);
        foreach (string line in tally.FaultLines()) Console.Error.WriteLine(line);
        return tally.Damaged ? 3 : 0;
    }

    /// <summary>Decompresses and throws the bytes away, as <c>igzip -dc</c> and <c>lbzip2 -dc</c> to /dev/null.</summary>
    public static int Decompress(string file)
    {
        using var plain = Decompression.Open(File.OpenRead(file));
        byte[] buffer = new byte[1 << 18];
        long bytes = 0;
        while (plain.Read(buffer) is var read and > 0) bytes += read;
        Console.WriteLine(bytes);
        return plain.Faults.Count > 0 ? 3 : 0;
    }
}
