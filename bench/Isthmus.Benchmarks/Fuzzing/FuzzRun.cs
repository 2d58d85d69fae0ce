using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Benchmarks.Fuzzing;

/// <summary>A reader of bytes that come from elsewhere, under attack.</summary>
/// <param name="Name">In the log, and of its inputs in the tests' corpus.</param>
/// <param name="Start">Makes a reader without a past: what comes of a file's earlier records is forgotten with it.</param>
/// <param name="Seeds">Sound inputs to begin with.</param>
internal sealed record FuzzReader(string Name, Func<FuzzReading> Start, IReadOnlyList<byte[]> Seeds)
{
    /// <summary>Its part of the time.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Inputs that one reader reads, one after another.</summary>
    public int InputsMax { get; init; } = 4096;
}

/// <summary>
/// Reads an input, and tells what it met as a number: an input that meets something new is changed further. What it throws is a bug.
/// </summary>
internal delegate int FuzzReading(ReadOnlySpan<byte> input);

/// <summary>
/// Attacks readers in turn, in one process and one thread, until the time is over. An input that takes longer, allocates more or throws
/// ends it, and is printed.
/// </summary>
internal sealed class FuzzRun
{
    private const int PoolMax = 4_000, Batch = 256;

    /// <summary>Seconds of processor time that one input may take, and minutes of any time: a busy machine is no bug.</summary>
    private const int SecondsMax = 10, MinutesMax = 10;

    /// <summary>Bytes that reading a batch of inputs may allocate for each of them: a decoder's tables and window.</summary>
    private const long AllocationMax = 64L << 20;

    private static readonly TimeSpan _slice = TimeSpan.FromSeconds(0.5), _flush = TimeSpan.FromMinutes(5);

    private readonly string _log, _commit;
    private readonly ulong _seed;
    private readonly Attack[] _attacks;
    private Attack? _current;
    private long _inputs, _watched;
    private (TimeSpan Cpu, long Since) _watchedFrom;
    private int _ended;

    private sealed class Attack(FuzzReader reader, ulong seed)
    {
        public FuzzReader Reader => reader;
        public List<byte[]> Pool { get; } = [.. reader.Seeds];
        public bool[] Known { get; } = new bool[1 << 16];
        public SpanMutation Mutation { get; } = new(seed);
        public FuzzReading Reading { get; set; } = reader.Start();
        public long Executions { get; set; }
        public double Seconds { get; set; }
        public long Logged { get; set; }
        public double LoggedSeconds { get; set; }
    }

    public FuzzRun(IEnumerable<FuzzReader> readers, string log, ulong seed)
    {
        (_log, _seed) = (log, seed);
        _commit = Measured.Commit();
        _attacks = [.. readers.Select(reader => new Attack(reader, seed))];
    }

    /// <summary>Runs for so long; 1 where a bug was found.</summary>
    public int Run(TimeSpan time)
    {
        long begun = Stopwatch.GetTimestamp();
        var flushed = TimeSpan.Zero;
        using var watch = new Timer(_ => Watch(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        while (Stopwatch.GetElapsedTime(begun) is var gone && gone < time)
        {
            foreach (var attack in _attacks)
            {
                if (Advance(attack, _slice * attack.Reader.Weight) is not { } bug) continue;
                Flush(bugOf: attack);
                Tell(attack, bug);
                return 1;
            }
            if (gone - flushed < _flush) continue;
            flushed = gone;
            Flush(bugOf: null);
        }
        Flush(bugOf: null);
        foreach (var attack in _attacks)
        {
            double rate = attack.Executions / attack.Seconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{attack.Reader.Name,-12} {attack.Executions,14:N0} executions {rate,12:N0} a second {attack.Pool.Count,6:N0} inputs kept"));
        }
        return 0;
    }

    private string? Advance(Attack attack, TimeSpan time)
    {
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < time)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Batch; i++)
            {
                if (attack.Executions++ % attack.Reader.InputsMax == 0) attack.Reading = attack.Reader.Start();
                var input = attack.Mutation.Of(attack.Pool);
                Volatile.Write(ref _inputs, _inputs + 1);
                _current = attack;
                try
                {
                    ref bool isKnown = ref attack.Known[attack.Reading(input) & 0xffff];
                    if (!isKnown && attack.Pool.Count < PoolMax) attack.Pool.Add(input.ToArray());
                    isKnown = true;
                }
                catch (Exception bug)
                {
                    return bug.ToString();
                }
                _current = null;
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (allocated > Batch * AllocationMax) return $"a batch allocates {allocated} bytes";
        }
        attack.Seconds += Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return null;
    }

    private void Watch()
    {
        long input = Volatile.Read(ref _inputs);
        var cpu = Environment.CpuUsage.TotalTime;
        if (input != _watched) (_watched, _watchedFrom) = (input, (cpu, Stopwatch.GetTimestamp()));
        bool isOver = (cpu - _watchedFrom.Cpu).TotalSeconds > SecondsMax
            || Stopwatch.GetElapsedTime(_watchedFrom.Since).TotalMinutes > MinutesMax;
        if (!isOver || _current is not { } attack || Interlocked.Exchange(ref _ended, 1) != 0) return;
        Flush(bugOf: attack);
        Tell(attack, $"takes longer than {SecondsMax} seconds");
        Environment.Exit(1);
    }

    private void Tell(Attack attack, string bug)
    {
        string input = $"{_log}.{attack.Reader.Name}.{_seed}.bug";
        File.WriteAllBytes(input, attack.Mutation.Input.ToArray());
        Console.Error.WriteLine($"{attack.Reader.Name}, execution {attack.Executions}: {bug}\ninput: {input}");
    }

    private void Flush(Attack? bugOf)
    {
        foreach (var attack in _attacks)
        {
            long executions = attack.Executions - attack.Logged;
            if (executions == 0) continue;
            double seconds = attack.Seconds - attack.LoggedSeconds;
            FuzzLog.Add(_log, _commit, attack.Reader.Name, _seed, executions, seconds, attack == bugOf ? 1 : 0);
            (attack.Logged, attack.LoggedSeconds) = (attack.Executions, attack.Seconds);
        }
    }
}
