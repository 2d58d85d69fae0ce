using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Isthmus.Tests.Support;

/// <summary>
/// A process of the built program that does one run after the other (<see cref="StartupHook"/>): a start and the compilation of hot
/// code cost more than most runs. Its standard streams are pipes, new for each run, as they are in a process of its own.
/// </summary>
internal sealed class ResidentProgram
{
    private static readonly ConcurrentBag<ResidentProgram> _idle = [];

    private const int OwnerReadsAndWrites = 0b110_000_000;

    private readonly Process _process;

    private ResidentProgram()
    {
        var start = new ProcessStartInfo("dotnet", [Cli.Program])
        {
            WorkingDirectory = RealData.Repository,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(ResidentProgram).Assembly.Location;
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start)!;
    }

    /// <summary>One run, in a process that no other run is in.</summary>
    public static CliRun Run(string[] arguments, byte[] input)
    {
        var program = _idle.TryTake(out var idle) ? idle : new();
        var run = program.Answer(arguments, input);
        if (!program._process.HasExited) _idle.Add(program);
        return run;
    }

    private CliRun Answer(string[] arguments, byte[] input)
    {
        using var folder = new TemporaryFolder();
        string[] pipes = [folder.Place("in"), folder.Place("out"), folder.Place("err")];
        foreach (string pipe in pipes) Assert.Equal(0, MakePipe(Encoding.UTF8.GetBytes(pipe + '\0'), OwnerReadsAndWrites));
        _process.StandardInput.WriteLine(JsonSerializer.Serialize<string[]>([folder.Root, .. arguments]));
        _process.StandardInput.Flush();
        // Each is opened when the other side opens it.
        var fed = Begin(() => Feed(pipes[0], input));
        var output = Begin(() => Read(pipes[1]));
        var error = Begin(() => Read(pipes[2]));
        var code = Begin(_process.StandardOutput.ReadLine);
        if (!Task.WaitAll([fed, output, error, code], Cli.Patience))
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"{string.Join(' ', arguments)} ran longer than {Cli.Patience}");
        }
        // No code is said by a run that ended the process.
        if (code.Result is null) _process.WaitForExit();
        return new(code.Result is null ? _process.ExitCode : int.Parse(code.Result, null), output.Result, error.Result);
    }

    // What waits takes no thread of the pool, which has as many as there are processors.
    private static Task<T> Begin<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static bool Feed(string pipe, byte[] input)
    {
        try
        {
            using var file = Open(pipe, FileAccess.Write);
            file.Write(input);
            return true;
        }
        catch (IOException)
        {
            // The run has ended without reading all of it.
            return false;
        }
    }

    private static string Read(string pipe)
    {
        using var reader = new StreamReader(Open(pipe, FileAccess.Read));
        return reader.ReadToEnd();
    }

    private static FileStream Open(string pipe, FileAccess access) =>
        new(pipe, FileMode.Open, access, FileShare.ReadWrite, bufferSize: 0);

    [DllImport("libc", EntryPoint = "mkfifo")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MakePipe(byte[] path, int mode);
}
