using System.CommandLine;
using System.CommandLine.Completions;

namespace Isthmus.App;

/// <summary>What completions and the manual ask of the commands, so that both say what the parser takes.</summary>
internal static class CommandTree
{
    /// <summary>The options of a command, that for help last.</summary>
    public static IReadOnlyList<Option> OptionsOf(Command command, Command root)
    {
        var own = command.Options.Where(option => !option.Hidden).ToArray();
        return [.. own, .. root.Options.Where(option => option.Recursive && !own.Contains(option))];
    }

    /// <summary>True where no value follows.</summary>
    public static bool IsFlag(Option option) => option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0;

    /// <summary>True where a file follows.</summary>
    public static bool TakesFile(Option option) => option.HelpName is "FILE";

    /// <summary>The words that an option takes; none where only the user knows.</summary>
    public static IReadOnlyList<string> WordsOf(Option option) =>
        IsFlag(option) ? [] : [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];

    /// <summary>The words that the arguments of a command may be; none where they are files, or what only the user knows.</summary>
    public static IReadOnlyList<string> ArgumentWordsOf(Command command) =>
        [.. command.Arguments.SelectMany(argument => argument.GetCompletions(CompletionContext.Empty)).Select(item => item.Label)];

    /// <summary>The names of an option, the long one first, without those that a shell takes for patterns or files.</summary>
    public static IReadOnlyList<string> NamesOf(Option option) =>
        [option.Name, .. option.Aliases.Where(name => name is ['-', not '?', ..]).Order(StringComparer.Ordinal)];
}
