using System.CommandLine;
using System.CommandLine.Completions;
using System.Diagnostics;
using System.Text;

using Isthmus.App;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>Completions and the manual say what the parser takes.</summary>
public sealed class CompletionTests
{
    private static readonly Command _root = CommandLine.Build(default);

    public static TheoryData<string> Commands => [.. _root.Subcommands.Select(command => command.Name)];

    [Fact]
    public void The_manual_page_of_the_repository_is_the_one_that_the_program_prints() =>
        Golden.CheckFile(Path.Combine(RealData.Repository, "man", "isthmus.1"), Cli.Run("man").Out);

    [Fact]
    public void The_manual_page_has_every_command_argument_and_option()
    {
        string page = Cli.Run("man").Out.Replace("\\-", "-", StringComparison.Ordinal);
        foreach (var command in _root.Subcommands)
        {
            string section = page[page.IndexOf($".SS isthmus {command.Name}\n", StringComparison.Ordinal)..];
            section = section[..section.IndexOf("\n.S", 1, StringComparison.Ordinal)];
            Assert.All(command.Arguments, argument => Assert.Contains($"\\fI{argument.Name}\\fR\n", section, StringComparison.Ordinal));
            Assert.All(command.Options, option => Assert.Contains($"\\fB{option.Name}\\fR", section, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Bash_completes_the_commands() =>
        Assert.Equal([.. _root.Subcommands.Select(command => command.Name).Order(), "--help", "--version", "-h"],
            InBash(["isthmus", ""]).OrderBy(word => word.StartsWith('-')).ThenBy(word => word, StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Bash_completes_every_option_of_a_command_and_the_words_that_it_takes(string name)
    {
        var command = _root.Subcommands.Single(command => command.Name == name);
        string[][] lines =
        [
            ["isthmus", name, "-"],
            .. command.Options.Where(option => option.ValueType != typeof(bool)).Select(option => new[] { "isthmus", name, option.Name, "" }),
        ];
        string[][] wanted =
        [
            [.. command.Options.Select(option => option.Name), "--help", "-h"],
            .. command.Options.Where(option => option.ValueType != typeof(bool))
                .Select(option => option.GetCompletions(CompletionContext.Empty).Select(item => item.Label).ToArray()),
        ];
        string[][] found = InBash(lines);
        Assert.Equal(lines.Length, found.Length);
        foreach (var (words, expected) in found.Zip(wanted)) Assert.Equal(expected.Order(), words.Order());
    }

    [Fact]
    public async Task A_tab_in_a_real_bash_completes_the_line()
    {
        using var folder = new TemporaryFolder();
        string start = folder.Write("start", "PS1='ready$ '; bind 'set bell-style none'; isthmus() { echo \"got <$*>\"; }\n"u8.ToArray());
        File.AppendAllText(start, Cli.Run("completion", "bash").Out);
        using var terminal = Process.Start(new ProcessStartInfo("script", ["-qec", "bash --noprofile --rcfile start -i", "/dev/null"])
        {
            WorkingDirectory = folder.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["TERM"] = "dumb" },
        })!;
        // Each is typed when the shell is ready for it, as by hand.
        Assert.Contains("got <report --format json>", await Typed("isthmus rep\t--form\tj\t\n"), StringComparison.Ordinal);
        Assert.Contains("got <read start>", await Typed("isthmus read sta\t\n"), StringComparison.Ordinal);
        await terminal.StandardInput.WriteAsync("exit\n");
        terminal.StandardInput.Close();
        await terminal.WaitForExitAsync(TestContext.Current.CancellationToken);

        async Task<string> Typed(string keys)
        {
            await Shown("ready$ ");
            await terminal.StandardInput.WriteAsync(keys);
            await terminal.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            return await Shown(">\r\n");
        }

        async Task<string> Shown(string end)
        {
            var shown = new StringBuilder();
            char[] one = new char[1];
            while (await terminal.StandardOutput.ReadAsync(one, TestContext.Current.CancellationToken) > 0)
                if (shown.Append(one[0]).Length >= end.Length && shown.ToString(shown.Length - end.Length, end.Length) == end) break;
            return shown.ToString();
        }
    }

    [Fact]
    public void Fish_completes_commands_options_and_words()
    {
        Assert.SkipUnless(Cli.Bash("command -v fish").ExitCode == 0, "fish is not here: apt-get install fish, or run .ci/run");
        var run = Cli.Bash("""
            fish -c 'source (isthmus completion fish | psub)
                for line in "isthmus at" "isthmus report --form" "isthmus report --format " "isthmus completion z"; complete -C $line; end' 2>&1
            """.Replace("isthmus completion fish", $"dotnet {Cli.Program} completion fish", StringComparison.Ordinal));
        Assert.Equal(["attribution", "--format", "html", "json", "text", "zsh"],
            run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]));
    }

    [Fact]
    public void Zsh_takes_its_script_and_finds_every_option_in_it()
    {
        string script = Cli.Run("completion", "zsh").Out;
        foreach (var option in _root.Subcommands.SelectMany(command => command.Options))
            Assert.Contains($"{option.Name}[", script, StringComparison.Ordinal);
        Assert.SkipUnless(Cli.Bash("command -v zsh").ExitCode == 0, "zsh is not here: apt-get install zsh, or run .ci/run");
        var run = Cli.Bash($"""
            zsh -fc 'autoload -U compinit; compinit -D; source <(dotnet {Cli.Program} completion zsh) && print -r -- $_comps[isthmus]'
            """);
        Assert.Equal("_isthmus\n", run.Out);
        Assert.Equal("", run.Err);
    }

    [Fact]
    public void Another_shell_is_answered_by_those_that_there_are()
    {
        var run = Cli.Run("completion", "tcsh");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("isthmus: completion: 'tcsh' is not known; there are bash, zsh, fish\n", run.Err);
    }

    private static string[] InBash(string[] line) => Assert.Single(InBash([line]));

    /// <summary>What bash offers for the last word of each line.</summary>
    private static string[][] InBash(string[][] lines)
    {
        string asked = string.Concat(lines.Select(line =>
            $"COMP_WORDS=({string.Join(' ', line.Select(word => $"'{word}'"))}); COMP_CWORD={line.Length - 1}; _isthmus; echo \"${{COMPREPLY[*]}}\"\n"));
        var run = Cli.Bash($"source <(isthmus completion bash)\n{asked}");
        Assert.Equal("", run.Err);
        return [.. run.Out[..^1].Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
    }
}
