using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

using Isthmus.Text;

namespace Isthmus.App;

/// <summary>The program's commands. Each has a file that holds its options, its examples and its work.</summary>
internal static partial class CommandLine
{
    private const string Description =
        "Who carries a country's or a network's Internet routes, since when, how much, how surely: from the public record of BGP.";

    /// <summary>What the exit code says, as help has it.</summary>
    public const string Codes = """
        Exit codes:
          0  answered
          1  failed
          2  wrong usage
          3  answered from incomplete or damaged data; the answer says what is missing
          128 + N  ended by signal N: 129 SIGHUP, 130 Ctrl-C (SIGINT), 131 SIGQUIT, 143 SIGTERM
        """;

    /// <summary>What stands below the help of each command.</summary>
    public static readonly IReadOnlyDictionary<string, string> Examples = new Dictionary<string, string>
    {
        ["isthmus"] = Codes,
        ["report"] = ReportCommand.Examples,
        ["verify"] = VerifyCommand.Examples,
        ["check"] = CheckCommand.Examples,
        ["history"] = HistoryCommand.Examples,
        ["table"] = TableCommand.Examples,
        ["rank"] = RankCommand.Examples,
        ["whatif"] = WhatIfCommand.Examples,
        ["resilience"] = ResilienceCommand.Examples,
        ["depend"] = DependCommand.Examples,
        ["exposure"] = ExposureCommand.Examples,
        ["ingest"] = IngestCommand.Examples,
        ["store"] = StoreCommand.Examples,
        ["read"] = ReadCommand.Examples,
        ["fetch"] = FetchCommand.Examples,
        ["attribution"] = AttributionCommand.Examples,
        ["completion"] = CompletionCommand.Examples,
        ["man"] = ManCommand.Examples,
    };

    /// <summary>An argument that begins with @ is a file of that name, and no list of arguments: a folder may hold one.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command line and says how it ended.</summary>
    public static int Run(string[] args, CancellationToken stop)
    {
        if (args is ["read", .. var given] && ReadCommand.TryCount(given, stop) is { } code) return code;
        // To read a small file takes less time than to set out the options of all commands, and help that nobody asks for.
        var root = args is ["read", ..] ? Root(args.Any(MayAskForHelp), ReadCommand.Build(stop)) : Build(stop);
        if (args is [])
        {
            root.Parse(["--help"], Parsing).Invoke(new InvocationConfiguration { Output = Console.Error });
            return ExitCode.Usage;
        }
        // A filter may be empty; a file, a subject or a time may not, and is mostly a variable of a script without a value.
        if (args.Where((arg, index) => arg.Length == 0 && (index == 0 || args[index - 1] is not "--where")).Any())
            throw new UsageException("one of the arguments is empty, as from a shell variable without a value; give it, or leave it out");
        RefuseMissingBehindDashes(args);
        var parsed = root.Parse(args, Parsing);
        if (parsed is { Action: ParseErrorAction, Errors: [var error, ..] }) throw new UsageException(InWords(error.Message, parsed, root));
        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    /// <summary>The commands, their options and their help.</summary>
    public static Command Build(CancellationToken stop) => Root(withHelp: true,
        ReportCommand.Build(stop), VerifyCommand.Build(stop), CheckCommand.Build(stop), HistoryCommand.Build(stop),
        TableCommand.Build(stop), DependCommand.Build(stop), ExposureCommand.Build(stop), RankCommand.Build(stop),
        WhatIfCommand.Build(stop), ResilienceCommand.Build(stop),
        FetchCommand.Build(stop), IngestCommand.Build(stop), StoreCommand.Build(), ReadCommand.Build(stop), AttributionCommand.Build(),
        CompletionCommand.Build(), ManCommand.Build());

    // No RootCommand: that one calls itself by the name of the assembly.
    private static Command Root(bool withHelp, params ReadOnlySpan<Command> commands)
    {
        var root = new Command("isthmus", Description);
        foreach (var command in commands) root.Add(command);
        if (!withHelp) return root;
        root.Add(new HelpOption { Action = new HelpWithExamples() });
        root.Add(new VersionOption());
        return root;
    }

    // An argument that begins as the options for help and version do.
    private static bool MayAskForHelp(string argument) =>
        argument is ['-', 'h' or '?', ..] or "/h" or "/?" or ['-', '-', 'h' or 'v', ..];

    // Behind -- nothing is an option, whatever it begins with.
    private static void RefuseMissingBehindDashes(string[] args)
    {
        string? missing = args.SkipWhile(arg => arg is not "--").Skip(1).FirstOrDefault(arg => arg is ['-', _, ..] && !Path.Exists(arg));
        if (missing is not null) throw new UsageException(
            $"no such file or folder: {missing}; behind -- all words are names and none an option: leave -- out where an option is meant");
    }

    /// <summary>Options that no command has are taken for inputs by the parser; nobody means that.</summary>
    public static void RefuseUnknownOptions(Command command) => command.Validators.Add(result =>
    {
        foreach (var token in command.Arguments.SelectMany(argument => result.GetResult(argument)?.Tokens ?? []))
        {
            if (token.Value is ['-', _, ..] && !Path.Exists(token.Value)) result.AddError(NoOption(command, token.Value));
        }
    });

    private static string NoOption(Command command, string word)
    {
        string near = command.Options.Select(option => option.Name).Append("--help").MinBy(name => Distance(name, word))!;
        return Distance(near, word) <= Math.Min(3, word.Length / 2)
            ? $"there is no option {word}; did you mean {near}?" : $"there is no option {word}; see isthmus {command.Name} --help";
    }

    private static string InWords(string message, ParseResult parsed, Command root)
    {
        var command = parsed.CommandResult.Command;
        if (command != root)
        {
            return MissingArgument().Match(message) is { Success: true } missing
                ? $"{command.Name} needs a {missing.Groups[1].Value}: {Needed(command.Arguments.First(one => one.Name == missing.Groups[1].Value))}"
                : OfOption(parsed) ?? TooMuch(parsed) ?? message;
        }
        string word = parsed.Tokens[0].Value;
        if (word is ['-', ..]) return $"there is no option {word}; see isthmus --help";
        string commands = string.Join(", ", root.Subcommands.Select(command => command.Name));
        string? near = root.Subcommands.Select(command => command.Name).FirstOrDefault(name => Distance(name, word) <= 2);
        return near is null ? $"there is no command '{word}'; there are {commands}; see isthmus --help"
            : $"there is no command '{word}'; did you mean {near}?";
    }

    private static string Needed(Argument argument)
    {
        string description = argument.Description!.TrimEnd('.');
        return char.ToLowerInvariant(description[0]) + description[1..];
    }

    // An option that lacks its value, or has been given more often than it can be.
    private static string? OfOption(ParseResult parsed) => parsed.CommandResult.Children.OfType<OptionResult>()
        .Where(given => given is { Implicit: false } && !CommandTree.IsFlag(given.Option)).Select(given =>
            given.Tokens.Count < given.Option.Arity.MinimumNumberOfValues
                ? $"{given.Option.Name} needs {(CommandTree.WordsOf(given.Option) is [_, ..] words ? $"one of {string.Join(", ", words)}" : $"{(given.Option.HelpName is ['A', ..] ? "an" : "a")} {given.Option.HelpName}")};"
                    + $" see isthmus {parsed.CommandResult.Command.Name} --help"
                : given.IdentifierTokenCount > 1 && given.Option.Arity.MaximumNumberOfValues == 1
                    ? $"{given.Option.Name} is given {given.IdentifierTokenCount} times; give it once" : null)
        .FirstOrDefault(told => told is not null);

    private static string? TooMuch(ParseResult parsed) => parsed.UnmatchedTokens is [var token, ..]
        ? token is ['-', _, ..] ? NoOption(parsed.CommandResult.Command, token) : $"'{token}' is too much: {parsed.CommandResult.Command.Name} takes "
            + (parsed.CommandResult.Command.Arguments is [_, ..] arguments ? $"one {string.Join(", one ", arguments.Select(one => one.Name))}" : "no argument")
            + $"; see isthmus {parsed.CommandResult.Command.Name} --help"
        : null;

    [GeneratedRegex("^Required argument '(\\w+)' missing")]
    private static partial Regex MissingArgument();

    /// <summary>Letters to change, add or take away to make one word of the other (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 0; i < left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int change = diagonal + (left[i] == right[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(change, Math.Min(row[j], row[j + 1]) + 1);
            }
        }
        return row[^1];
    }

    /// <summary>The help that the parser makes, with what it cannot know: examples.</summary>
    private sealed class HelpWithExamples : SynchronousCommandLineAction
    {
        private readonly HelpAction _plain = new() { MaxWidth = Terminal.Columns };

        public override int Invoke(ParseResult parseResult)
        {
            int code = _plain.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (!Examples.TryGetValue(parseResult.CommandResult.Command.Name, out string? text)) return code;
            var page = new TextPage(output, Terminal.Columns);
            foreach (string line in text.ReplaceLineEndings("\n").Split('\n')) page.Line(line);
            return code;
        }
    }
}
