using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

/// <summary>
/// Runs the program's entry again and again in one process. The runtime calls it in the program's own process, before the program,
/// where DOTNET_STARTUP_HOOKS names this assembly. Each line on standard input is one run, as a JSON array: a folder, and the arguments.
/// Standard input, output and error of the run are the folder's named pipes <c>in</c>, <c>out</c> and <c>err</c>; its exit code is a
/// line on the process's own standard output. Nothing but the base library may be named here.
/// </summary>
internal static class StartupHook
{
    private static readonly (string Name, FileAccess Access)[] _pipes =
        [("in", FileAccess.Read), ("out", FileAccess.Write), ("err", FileAccess.Write)];

    // Each holds a copy of a descriptor, by which a pipe would stay open.
    private static IDisposable[] _console = [];

    public static void Initialize()
    {
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        // Copies of the descriptors, which stay what they are when the descriptors themselves become those of a run.
        using var requests = new StreamReader(Console.OpenStandardInput());
        using var codes = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var program = Assembly.Load("Isthmus.App").EntryPoint!;
        while (requests.ReadLine() is { } line)
        {
            string[] request = JsonSerializer.Deserialize<string[]>(line)!;
            Attach([.. _pipes.Select(pipe => (Path.Combine(request[0], pipe.Name), pipe.Access))]);
            int code = (int)program.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [request[1..]], null)!;
            // Whoever reads the pipes sees their end.
            Attach([.. _pipes.Select(pipe => ("/dev/null", pipe.Access))]);
            codes.WriteLine(code);
        }
        Environment.Exit(0);
    }

    private static void Attach((string Path, FileAccess Access)[] files)
    {
        foreach (var (descriptor, (path, access)) in files.Index())
        {
            using var opened = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite);
            if (Duplicate((int)opened.DangerousGetHandle(), descriptor) < 0) throw new IOException($"{path} cannot be attached");
        }
        // The program's own, where it set them. The console's, which are made when they are first asked for, would keep the pipe open.
        if (_console.Length > 0) Console.Out.Dispose();
        if (_console.Length > 0) Console.Error.Dispose();
        foreach (var stream in _console) stream.Dispose();
        StreamReader input = new(Console.OpenStandardInput());
        StreamWriter output = new(Console.OpenStandardOutput()) { AutoFlush = true };
        StreamWriter error = new(Console.OpenStandardError()) { AutoFlush = true };
        _console = [input, output, error];
        Console.SetIn(input);
        Console.SetOut(output);
        Console.SetError(error);
    }

    [DllImport("libc", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int descriptor, int into);
}
