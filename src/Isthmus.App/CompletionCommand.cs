using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Isthmus.App;

/// <summary><c>isthmus completion</c>: a script by which a shell completes the program's commands, options and their words.</summary>
internal static class CompletionCommand
{
    public const string Examples = """
        Examples:
          source <(isthmus completion bash)           for this shell
          isthmus completion bash > /usr/share/bash-completion/completions/isthmus
          isthmus completion zsh > ~/.zfunc/_isthmus  with ~/.zfunc in fpath
          isthmus completion fish > ~/.config/fish/completions/isthmus.fish
        """;

    private static readonly Argument<string> _shell = ShellArgument();

    public static Command Build()
    {
        var command = new Command("completion", "Print the script by which a shell completes commands, options and their words.") { _shell };
        CommandLine.RefuseUnknownOptions(command);
        command.SetAction(parsed =>
        {
            using var output = Output.Open(null);
            output.Text.Write(parsed.GetValue(_shell) switch
            {
                "zsh" => Zsh(parsed.RootCommandResult.Command),
                "fish" => Fish(parsed.RootCommandResult.Command),
                _ => Bash(parsed.RootCommandResult.Command),
            });
            output.Complete();
        });
        return command;
    }

    private static Argument<string> ShellArgument()
    {
        string[] shells = ["bash", "zsh", "fish"];
        var argument = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        argument.CompletionSources.Add(shells);
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !shells.Contains(token.Value))
                result.AddError($"completion: '{token.Value}' is not known; there are {string.Join(", ", shells)}");
        });
        return argument;
    }

    private static string Bash(Command root)
    {
        var values = new StringBuilder();
        var commands = new StringBuilder();
        foreach (var command in root.Subcommands)
        {
            var options = CommandTree.OptionsOf(command, root);
            foreach (var option in options.Where(option => !CommandTree.IsFlag(option)))
            {
                string action = CommandTree.WordsOf(option) is [_, ..] known ? $"words='{string.Join(' ', known)}'"
                    : CommandTree.TakesFile(option) ? "files=1" : "none=1";
                values.Append(CultureInfo.InvariantCulture, $"        '{command.Name} {option.Name}') {action} ;;\n");
            }
            string names = string.Join(' ', options.SelectMany(CommandTree.NamesOf));
            string arguments = CommandTree.ArgumentWordsOf(command) is [_, ..] words ? $"words='{string.Join(' ', words)}'"
                : command.Arguments.Count > 0 ? "files=1" : "none=1";
            commands.Append(CultureInfo.InvariantCulture, $"            {command.Name}) options='{names}'; {arguments} ;;\n");
        }
        string first = string.Join(' ',
            root.Subcommands.Select(command => command.Name).Concat(root.Options.SelectMany(CommandTree.NamesOf)));
        return $$"""
            # Completes isthmus in bash. Made by: isthmus completion bash
            _isthmus() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" command="${COMP_WORDS[1]}"
                local words='' options='' files='' none=''
                if [ "$COMP_CWORD" -eq 1 ]; then command='' words='{{first}}'; fi
                case "$command $previous" in
            {{values.ToString().TrimEnd('\n')}}
                esac
                if [ -z "$words$files$none" ]; then
                    case "$command" in
            {{commands.ToString().TrimEnd('\n')}}
                    esac
                    case "$current" in
                        -*) words="$options" files='' ;;
                    esac
                fi
                COMPREPLY=($(compgen -W "$words" -- "$current"))
                # bash itself completes files; none where a time, a filter or one of a few words is due.
                if [ -z "$files" ]; then compopt +o default 2>/dev/null; fi
            }
            complete -o default -F _isthmus isthmus

            """;
    }

    private static string Zsh(Command root)
    {
        var commands = new StringBuilder();
        foreach (var command in root.Subcommands)
        {
            commands.Append(CultureInfo.InvariantCulture, $"        {command.Name})\n            _arguments -S");
            foreach (var option in CommandTree.OptionsOf(command, root))
            {
                string action = CommandTree.WordsOf(option) is [_, ..] words ? $"({string.Join(' ', words)})"
                    : CommandTree.TakesFile(option) ? "_files" : "";
                string optional = option.Arity.MinimumNumberOfValues == 0 ? ":" : "";
                string value = CommandTree.IsFlag(option) ? "" : $":{optional}{option.HelpName}:{action}";
                string often = option.Arity.MaximumNumberOfValues > 1 ? "*" : "";
                foreach (string name in CommandTree.NamesOf(option))
                    commands.Append(" \\\n                ").Append(Quoted($"{often}{name}[{Bracketed(option.Description)}]{value}"));
            }
            string files = CommandTree.ArgumentWordsOf(command) is [_, ..] known ? $"({string.Join(' ', known)})" : "_files";
            if (command.Arguments is [.., var last]) commands.Append(CultureInfo.InvariantCulture, $" \\\n                '*:{last.Name}:{files}'");
            commands.Append(" ;;\n");
        }
        string described = string.Concat(root.Subcommands.Select(command =>
            $"            {Quoted($"{command.Name}:{command.Description}")}\n"));
        string options = string.Join(' ', root.Options.SelectMany(CommandTree.NamesOf));
        return $$"""
            #compdef isthmus
            # Completes isthmus in zsh. Made by: isthmus completion zsh
            _isthmus() {
                if (( CURRENT == 2 )); then
                    local -a commands=(
            {{described.TrimEnd('\n')}}
                    )
                    _describe -t commands command commands
                    compadd -- {{options}}
                    return
                fi
                local command=$words[2]
                shift words
                (( CURRENT-- ))
                case $command in
            {{commands.ToString().TrimEnd('\n')}}
                esac
            }
            if [[ $funcstack[1] == _isthmus ]]; then _isthmus "$@"; else compdef _isthmus isthmus; fi

            """;
    }

    private static string Fish(Command root)
    {
        var lines = new StringBuilder("# Completes isthmus in fish. Made by: isthmus completion fish\ncomplete -c isthmus -f\n");
        foreach (var command in root.Subcommands)
            lines.Append(CultureInfo.InvariantCulture,
                $"complete -c isthmus -n __fish_use_subcommand -a {command.Name} -d {Quoted(command.Description!)}\n");
        foreach (var option in root.Options) lines.Append(FishLine("__fish_use_subcommand", option));
        foreach (var command in root.Subcommands)
        {
            string condition = $"'__fish_seen_subcommand_from {command.Name}'";
            string arguments = CommandTree.ArgumentWordsOf(command) is [_, ..] words ? $"-a '{string.Join(' ', words)}'" : "-F";
            if (command.Arguments.Count > 0) lines.Append(CultureInfo.InvariantCulture, $"complete -c isthmus -n {condition} {arguments}\n");
            foreach (var option in CommandTree.OptionsOf(command, root)) lines.Append(FishLine(condition, option));
        }
        return lines.ToString();
    }

    private static string FishLine(string condition, Option option)
    {
        string names = string.Join(' ', CommandTree.NamesOf(option).Select(name =>
            name.StartsWith("--", StringComparison.Ordinal) ? $"-l {name[2..]}" : $"-s '{name[1..]}'"));
        string value = CommandTree.IsFlag(option) ? ""
            : CommandTree.WordsOf(option) is [_, ..] words ? $" -x -a '{string.Join(' ', words)}'"
            : CommandTree.TakesFile(option) ? " -r -F" : " -x";
        return $"complete -c isthmus -n {condition} {names}{value} -d {Quoted(option.Description!)}\n";
    }

    // Shells take what stands in single quotes as it is; an apostrophe ends them.
    private static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    // What ends the description in zsh's specification of an option.
    private static string Bracketed(string? text) => text!
        .Replace("[", @"\[", StringComparison.Ordinal).Replace("]", @"\]", StringComparison.Ordinal).Replace(":", @"\:", StringComparison.Ordinal);
}
