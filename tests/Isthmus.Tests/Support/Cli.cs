using System.Diagnostics;
using System.Text.Json;

using Isthmus.Scenarios;

namespace Isthmus.Tests.Support;

/// <summary>What a run of the built program gave.</summary>
public sealed record CliRun(int ExitCode, string Out, string Err)
{
    /// <summary>Standard error in lines.</summary>
    public string[] ErrLines => Err.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Standard output as JSON; fails with what was said where there is none.</summary>
    public JsonElement Json()
    {
        Assert.True(Out.StartsWith('{'), $"exit {ExitCode}, no JSON: {Err}");
        return JsonDocument.Parse(Out).RootElement;
    }
}

/// <summary>Runs the built program outside of the tests' process: its arguments, input, outputs and exit code.</summary>
public static class Cli
{
    /// <summary>A run that takes longer hangs.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(4);

    /// <summary>The built program, which dotnet runs.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Isthmus.App.dll");

    /// <summary>Runs <c>isthmus</c> in the root of the repository, in a process that stays for many runs.</summary>
    public static CliRun Run(params string[] arguments) => ResidentProgram.Run(arguments, []);

    /// <summary>The same with bytes on standard input.</summary>
    public static CliRun Feed(byte[] input, params string[] arguments) => ResidentProgram.Run(arguments, input);

    /// <summary>Runs <c>isthmus</c> as a user does: in a process of its own, which is what the test is about.</summary>
    public static CliRun RunAlone(params string[] arguments) => Start(new("dotnet", [Program, .. arguments]));

    /// <summary>Runs a line of bash, in which <c>isthmus</c> is the built program in a process of its own.</summary>
    /// <param name="patience">How long it may take; as any run, where that is not said.</param>
    public static CliRun Bash(string line, TimeSpan? patience = null) =>
        Start(new("bash", ["-c", $"isthmus() {{ dotnet '{Program}' \"$@\"; }}; {line}"]), patience);

    private static CliRun Start(ProcessStartInfo start, TimeSpan? patience = null)
    {
        var limit = patience ?? Patience;
        start.WorkingDirectory = RealData.Repository;
        // Most runs are shorter than it takes until what is learnt of hot code pays.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Close();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{string.Join(' ', start.ArgumentList)} ran longer than {limit}");
        }
        return new(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}

/// <summary>A folder for one test, gone after it.</summary>
/// <param name="inMemory">True for many files that are only read: see <see cref="ScratchFolder"/>.</param>
public sealed class TemporaryFolder(bool inMemory = false) : IDisposable
{
    public string Root { get; } =
        inMemory ? ScratchFolder.Create("isthmus-test-") : Directory.CreateTempSubdirectory("isthmus-test-").FullName;

    /// <summary>The place of a file or folder in it.</summary>
    public string Place(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file and gives its place.</summary>
    public string Write(string name, byte[] bytes)
    {
        string path = Place(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
