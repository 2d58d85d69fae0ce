using System.Diagnostics;
using System.IO.Hashing;
using System.Text;

using Isthmus.Tests.Support;

namespace Isthmus.Tests.Fuzz;

/// <summary>A reader under attack.</summary>
/// <param name="Name">Of the reader, and of its file in the corpus.</param>
/// <param name="Read">
/// Reads an input and tells what it met: an input that meets something new is kept and changed further. Whatever it throws is a bug.
/// </param>
/// <param name="Seeds">Sound inputs to begin with.</param>
internal sealed record Target(string Name, Action<byte[], Behaviour> Read, IReadOnlyList<byte[]> Seeds)
{
    /// <summary>A cheap reader is asked more often in the same time.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Bytes that reading may allocate beside a thousand for each of the input's.</summary>
    public long AllocationMax { get; init; } = 16 << 20;
}

/// <summary>What a reading met, as a set of small facts: kinds of fault, of event, of record, and powers of two of how many.</summary>
internal sealed class Behaviour
{
    private ulong _hash;

    public ulong Hash => _hash;

    public void Met(string fact, long count = 1)
    {
        int magnitude = count <= 0 ? 0 : 1 + (int)Math.Log2(count);
        _hash ^= XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{fact}:{magnitude}"));
    }
}

/// <summary>A bug that was found: what it does, and the input that shows it.</summary>
internal sealed record Finding(string Target, long Execution, byte[] Input, string What)
{
    public override string ToString() => $"{Target}, execution {Execution}: {What}\ninput: {Convert.ToHexString(Input)}";
}

/// <summary>
/// Feeds a reader changed inputs: the seeds, those that the corpus keeps, and those that it met something new with. Nothing but the
/// seed decides, so that a finding can be had again.
/// </summary>
internal sealed class Campaign(Target target, int seed)
{
    private const int PoolMax = 4_000, CorpusBytesMax = 400;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly List<byte[]> _pool = [.. target.Seeds, .. Corpus.Read(target.Name)];
    private readonly HashSet<ulong> _known = [];
    private readonly Mutation _mutation = new(seed);

    public long Executions { get; private set; }

    /// <summary>Inputs that met something new, small enough to be kept.</summary>
    public List<byte[]> News { get; } = [];

    public int Behaviours => _known.Count;

    /// <summary>Runs so many executions, or until the time is over where there is one; gives the first bug found.</summary>
    public Finding? Run(long executions, TimeSpan? time = null)
    {
        long begun = Stopwatch.GetTimestamp();
        foreach (byte[] input in _pool.ToArray())
            if (Execute(input, isNews: false) is { } atOnce) return atOnce;
        while (time is { } end ? Stopwatch.GetElapsedTime(begun) < end : Executions < executions)
            if (Execute(_mutation.Of(_pool), isNews: true) is { } finding) return finding;
        return null;
    }

    private Finding? Execute(byte[] input, bool isNews)
    {
        Executions++;
        var behaviour = new Behaviour();
        long begun = Stopwatch.GetTimestamp(), before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Read(input, behaviour);
        }
        catch (Exception bug)
        {
            return new(target.Name, Executions, input, bug.ToString());
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > target.AllocationMax + 1000L * input.Length) return new(target.Name, Executions, input, $"allocates {allocated} bytes");
        if (Stopwatch.GetElapsedTime(begun) > _patience) return new(target.Name, Executions, input, "takes longer than ten seconds");
        if (!_known.Add(behaviour.Hash) || !isNews || _pool.Count >= PoolMax) return null;
        _pool.Add(input);
        if (input.Length <= CorpusBytesMax) News.Add(input);
        return null;
    }
}

/// <summary>Inputs that once met something new, a line of hex each, small enough to be looked at: <c>Fuzz/Corpus</c>.</summary>
internal static class Corpus
{
    /// <summary>Of each target, so that the corpus stays small.</summary>
    private const int InputsMax = 150;

    private static string PathOf(string target) => Path.Combine(RealData.Repository, "tests/Isthmus.Tests/Fuzz/Corpus", target + ".txt");

    public static IEnumerable<byte[]> Read(string target) =>
        File.Exists(PathOf(target)) ? File.ReadLines(PathOf(target)).Select(Convert.FromHexString) : [];

    /// <summary>Keeps inputs beside those that are there.</summary>
    public static void Add(string target, IEnumerable<byte[]> inputs)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(target))!);
        var lines = Read(target).Concat(inputs).Select(Convert.ToHexStringLower).Where(line => line.Length > 0).Distinct().Take(InputsMax);
        File.WriteAllText(PathOf(target), string.Concat(lines.Select(line => line + "\n")));
    }
}
