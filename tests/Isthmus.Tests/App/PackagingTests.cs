using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

using Isthmus.App;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>The program as it is given away: docs/install.md.</summary>
public sealed partial class PackagingTests
{
    private static readonly Dictionary<string, CliRun> _packaged = [];

    private static readonly Lazy<CliRun> _report = new(() => Cli.RunAlone("report", "KP"));

    [Fact]
    public void The_packed_tool_installs_from_its_folder_alone_and_answers_as_the_built_program_does()
    {
        string package = Packaged("tool");
        using var folder = new TemporaryFolder();
        string sources = folder.Write("nuget.config", Encoding.UTF8.GetBytes(
            $"""<configuration><packageSources><clear/><add key="here" value="{Path.GetDirectoryName(package)}"/></packageSources></configuration>"""));
        string tools = folder.Place("tools");
        var installed = Run(folder.Root, "dotnet",
            ["tool", "install", "isthmus", "--tool-path", tools, "--configfile", sources, "--no-cache"]);
        Assert.True(installed.ExitCode == 0, installed.Out + installed.Err);
        AssertAnswers(folder.Root, Path.Combine(tools, "isthmus"), []);
    }

    [Fact]
    public void The_program_of_one_file_runs_from_an_empty_folder_without_dotnet_or_any_environment()
    {
        string program = Packaged("linux-x64");
        using var folder = new TemporaryFolder();
        File.Copy(program, folder.Place("isthmus"));
        AssertAnswers(folder.Root, "/usr/bin/env", ["-i", folder.Place("isthmus")]);
        Assert.Equal([folder.Place("isthmus")], Directory.GetFileSystemEntries(folder.Root));
    }

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    [InlineData("win-x64")]
    [InlineData("osx-arm64")]
    public void Each_system_has_a_program_of_its_own_format_that_holds_the_library_and_the_sample(string system)
    {
        string program = Packaged(system);
        Assert.Equal(system is "win-x64" ? "isthmus.exe" : "isthmus", Path.GetFileName(program));
        byte[] bytes = File.ReadAllBytes(program);
        Assert.Equal(system, SystemOf(bytes));
        foreach (string assembly in new[] { "Isthmus.dll", "Isthmus.Wire.dll" })
            Assert.True(bytes.AsSpan().IndexOf(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, assembly))) > 0, assembly);
        using var sample = typeof(CommandLine).Assembly.GetManifestResourceStream("sample.zip")!;
        using var held = new MemoryStream();
        sample.CopyTo(held);
        Assert.True(bytes.AsSpan().IndexOf(held.ToArray()) > 0, "the sample");
    }

    /// <summary>No engine is needed: what the Containerfile runs fills the folder, and its user starts there what it starts.</summary>
    [Fact]
    public void The_container_answers_as_the_built_program_does_without_any_rights()
    {
        Assert.SkipUnless(Cli.Bash("unshare -m true").ExitCode == 0, "no right to enter another root here: run the tests as root, in a container that may mount");
        string file = File.ReadAllText(Path.Combine(RealData.Repository, "build", "Containerfile"));
        using var folder = new TemporaryFolder();
        string root = folder.Place("root");
        string command = Instruction(file, "RUN").Replace("/root-folder", root, StringComparison.Ordinal);
        Assert.Equal($"build/container-root {root}", command);
        var built = Cli.Bash(command);
        Assert.SkipWhen(built.ExitCode != 0 && NoRuntime().IsMatch(built.Out + built.Err), "no runtime is to be had from the package source here: run with a source that has the runtime packages of .NET");
        Assert.True(built.ExitCode == 0, built.Out + built.Err);

        string entry = Instruction(file, "ENTRYPOINT").Trim('[', ']', '"');
        string enter = "for mount in proc dev; do mount --bind /$mount $0/$mount; done; "
            + $"exec env -i $(command -v chroot) --userspec={Instruction(file, "USER")} $0 {entry} \"$@\"";
        Assert.NotEqual('0', Instruction(file, "USER")[0]);
        AssertAnswers(folder.Root, "unshare", ["-m", "bash", "-c", enter, root]);
        string data = Path.Combine(root, Instruction(file, "WORKDIR")[1..]);
        Assert.Empty(Directory.GetFileSystemEntries(data));
    }

    [Fact]
    public void The_container_is_built_of_what_the_build_reads_and_nothing_else()
    {
        string file = File.ReadAllText(Path.Combine(RealData.Repository, "build", "Containerfile"));
        string[] copied = [.. CopiedFrom().Matches(file).SelectMany(copy => copy.Groups[1].Value.Split(' ')[..^1])];
        Assert.Equal(
            ["Directory.Build.props", "Directory.Packages.props", "README.md", "build", "global.json", "samples", "src"],
            copied.Order(StringComparer.Ordinal));
        Assert.All(copied, name => Assert.True(Path.Exists(Path.Combine(RealData.Repository, name)), name));
        Assert.Contains("COPY --from=build /root-folder /\n", file, StringComparison.Ordinal);
    }

    /// <summary>The last of an instruction's lines.</summary>
    private static string Instruction(string file, string name) =>
        file.Split('\n').Last(line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..];

    [Fact]
    public void What_cannot_be_packaged_is_refused_with_what_can()
    {
        var run = Cli.Bash("build/package amiga");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("build/package: 'amiga' is not known; there are tool, linux-x64, linux-arm64, win-x64, osx-arm64\n", run.Err);
    }

    [Fact]
    public void The_start_script_of_Windows_does_what_the_other_one_does()
    {
        string unix = File.ReadAllText(Path.Combine(RealData.Repository, "isthmus"));
        string windows = File.ReadAllText(Path.Combine(RealData.Repository, "isthmus.cmd"));
        string[] lines = windows.Split("\r\n");
        Assert.DoesNotContain(lines, line => line.Contains('\n', StringComparison.Ordinal));
        Assert.True(Ascii.IsValid(windows));
        Assert.Equal(Shared(unix), Shared(windows.Replace('\\', '/').Replace("^", "", StringComparison.Ordinal)));
        Assert.Contains("dotnet \"%program%\" %*", lines);
        var labels = lines.Where(line => line is [':', ..]).Select(line => line[1..]).ToArray();
        Assert.Equal(labels.Order(), Called().Matches(windows).Select(call => call.Groups[1].Value).Distinct().Order());

        // What is built, by which command, when, and what is said.
        static string[] Shared(string script) =>
        [
            .. new[]
            {
                "artifacts/bin/Isthmus.App/release/Isthmus.App.dll", "artifacts/isthmus.built", "artifacts/build.log", "Directory.*.props",
                "global.json", "dotnet --list-sdks", "DOTNET_CLI_TELEMETRY_OPTOUT=1", "DOTNET_NOLOGO=1",
                "isthmus: the .NET 10 SDK is not here; install it (", "https://dotnet.microsoft.com/download)",
                "isthmus: building the program (about a minute the first time) ...",
                "isthmus: the build failed; all of it is in artifacts/build.log",
            }.Where(part => script.Contains(part, StringComparison.Ordinal)),
            .. BuildCommand().Matches(script).Select(match => match.Value.Replace('\\', '/')),
        ];
    }

    private static void AssertAnswers(string folder, string program, string[] before)
    {
        Assert.Equal(Cli.Run("--version").Out, Run(folder, program, [.. before, "--version"]).Out);
        var report = Run(folder, program, [.. before, "report", "KP"]);
        Assert.Equal(_report.Value, report);
        Assert.Equal(0, report.ExitCode);
        var missing = Run(folder, program, [.. before, "read", "no.mrt"]);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("no such file or folder: no.mrt", missing.Err, StringComparison.Ordinal);
    }

    /// <summary>Packages by the documented command, once, and gives the file that it names.</summary>
    private static string Packaged(string what)
    {
        if (!_packaged.TryGetValue(what, out var run)) _packaged[what] = run = Cli.Bash($"build/package {what}", TimeSpan.FromMinutes(15));
        string said = run.Out + run.Err;
        Assert.SkipWhen(run.ExitCode != 0 && NoRuntime().IsMatch(said), $"no runtime for {what} is to be had from the package source here: run with a source that has the runtime packages of .NET");
        Assert.True(run.ExitCode == 0, said);
        return Path.Combine(RealData.Repository, run.Out.TrimEnd().Split('\n')[^1]);
    }

    /// <summary>The system and processor that a program's header names: ELF, PE or Mach-O.</summary>
    private static string SystemOf(ReadOnlySpan<byte> program)
    {
        if (program.StartsWith("\u007FELF"u8))
        {
            return BinaryPrimitives.ReadUInt16LittleEndian(program[18..]) switch { 62 => "linux-x64", 183 => "linux-arm64", _ => "ELF" };
        }
        if (program.StartsWith("MZ"u8))
        {
            var header = program[BinaryPrimitives.ReadInt32LittleEndian(program[0x3C..])..];
            Assert.True(header.StartsWith("PE\0\0"u8));
            return BinaryPrimitives.ReadUInt16LittleEndian(header[4..]) is 0x8664 ? "win-x64" : "PE";
        }
        return BinaryPrimitives.ReadUInt64LittleEndian(program) is 0x0100000C_FEEDFACF ? "osx-arm64" : "unknown";
    }

    private static CliRun Run(string folder, string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    [GeneratedRegex(@"NU11\d\d|NU13\d\d|NETSDK1094")]
    private static partial Regex NoRuntime();

    [GeneratedRegex(@"dotnet build src[/\\][^\n>]*(?= ?>)")]
    private static partial Regex BuildCommand();

    [GeneratedRegex("^COPY (?!--from)(.+)$", RegexOptions.Multiline)]
    private static partial Regex CopiedFrom();

    [GeneratedRegex(@"call :(\w+)")]
    private static partial Regex Called();
}
