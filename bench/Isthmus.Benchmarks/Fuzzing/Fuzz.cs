using System.Globalization;

namespace Isthmus.Benchmarks.Fuzzing;

/// <summary>The command <c>fuzz</c>: attacks the readers, or prints what the logs add up to.</summary>
internal static class Fuzz
{
    /// <summary>Where the running count is kept.</summary>
    private const string Log = "bench/fuzz-log.tsv";

    /// <summary>Runs the command.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments is ["total", .. var files]) return FuzzLog.Total(files.Length > 0 ? files : [Log]);
        string log = Log;
        double seconds = 60;
        ulong seed = (ulong)Random.Shared.NextInt64();
        var names = new List<string>();
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--log") log = arguments[++i];
            else if (arguments[i] is "--seconds") seconds = double.Parse(arguments[++i], CultureInfo.InvariantCulture);
            else if (arguments[i] is "--seed") seed = ulong.Parse(arguments[++i], CultureInfo.InvariantCulture);
            else names.Add(arguments[i]);
        }
        foreach (string name in names.Where(name => FuzzReaders.All.All(reader => reader.Name != name)))
        {
            Console.Error.WriteLine($"no reader {name}; there are {string.Join(", ", FuzzReaders.All.Select(reader => reader.Name))}");
            return 2;
        }
        var readers = FuzzReaders.All.Where(reader => names.Count == 0 || names.Contains(reader.Name));
        return new FuzzRun(readers, log, seed).Run(TimeSpan.FromSeconds(seconds));
    }
}
