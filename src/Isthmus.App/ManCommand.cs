using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Isthmus.App;

/// <summary><c>isthmus man</c>: the manual page, in the man macros of roff, made of the commands and their help.</summary>
internal static partial class ManCommand
{
    public const string Examples = """
        Examples:
          isthmus man | man -l -
          isthmus man > /usr/local/share/man/man1/isthmus.1
        """;

    public static Command Build()
    {
        var command = new Command("man", "Print the manual page, for man.");
        CommandLine.RefuseUnknownOptions(command);
        command.SetAction(parsed =>
        {
            using var output = Output.Open(null);
            output.Text.Write(Page(parsed.RootCommandResult.Command));
            output.Complete();
        });
        return command;
    }

    private static string Page(Command root)
    {
        string version = typeof(Survey).Assembly.GetName().Version!.ToString(3);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $".TH ISTHMUS 1 \"\" \"isthmus {version}\" \"User Commands\"\n");
        page.Append(".SH NAME\nisthmus \\- who carries a country's or a network's Internet routes\n.SH SYNOPSIS\n.nf\n");
        foreach (var command in root.Subcommands) page.Append(CultureInfo.InvariantCulture, $"\\fBisthmus {command.Name}\\fR{Usage(command)}\n");
        page.Append(".fi\n.SH DESCRIPTION\n").Append(Text(root.Description!)).Append(".SH COMMANDS\n");
        foreach (var command in root.Subcommands)
        {
            page.Append(CultureInfo.InvariantCulture, $".SS isthmus {command.Name}\n").Append(Text(command.Description!));
            foreach (var argument in command.Arguments)
                page.Append(CultureInfo.InvariantCulture, $".TP\n\\fI{argument.Name}\\fR\n").Append(Text(argument.Description!));
            foreach (var option in CommandTree.OptionsOf(command, root)) page.Append(Entry(option));
            Append(page, CommandLine.Examples[command.Name]);
        }
        page.Append(".SH OPTIONS\n");
        foreach (var option in root.Options) page.Append(Entry(option));
        page.Append(".SH EXIT STATUS\n").Append(Example(CommandLine.Codes, skipped: 1));
        page.Append(".SH SEE ALSO\n.BR bgpdump (1)\n");
        return page.ToString();
    }

    private static string Usage(Command command)
    {
        var usage = new StringBuilder();
        foreach (var argument in command.Arguments)
        {
            string more = argument.Arity.MaximumNumberOfValues > 1 ? "..." : "";
            // The parser leaves to a command's own words what it lacks.
            bool isOptional = argument.Arity.MaximumNumberOfValues > 1 && command.Name is not "read";
            usage.Append(isOptional ? $" [\\fI{argument.Name}\\fR{more}]" : $" \\fI{argument.Name}\\fR{more}");
        }
        return usage.Append(command.Options.Count > 0 ? " [\\fIoptions\\fR]" : "").ToString();
    }

    private static string Entry(Option option)
    {
        string names = string.Join(", ", CommandTree.NamesOf(option).Select(name => $"\\fB{Escaped(name)}\\fR"));
        string value = CommandTree.IsFlag(option) ? ""
            : option.Arity.MinimumNumberOfValues == 0 ? $" [\\fI{Escaped(option.HelpName!)}\\fR]" : $" \\fI{Escaped(option.HelpName!)}\\fR";
        return $".TP\n{names}{value}\n{Text(option.Description!)}";
    }

    // What stands above the examples is text, a line each.
    private static void Append(StringBuilder page, string examples)
    {
        foreach (string block in examples.ReplaceLineEndings("\n").Split("\n\n"))
        {
            page.Append(".PP\n");
            page.Append(block.StartsWith("Examples:", StringComparison.Ordinal) ? "Examples:\n" + Example(block, skipped: 1)
                : string.Concat(block.Split('\n').Select(Text)));
        }
    }

    private static string Example(string block, int skipped) =>
        ".PP\n.nf\n" + string.Concat(block.ReplaceLineEndings("\n").Split('\n').Skip(skipped).Select(line => Text(line.Trim()))) + ".fi\n";

    // A line that begins with a point or an apostrophe is a request to roff.
    private static string Text(string text) => (text is ['.' or '\'', ..] ? "\\&" : "") + Escaped(text) + "\n";

    private static string Escaped(string text) => Hyphen().Replace(text.Replace("\\", "\\e", StringComparison.Ordinal), "\\-");

    [GeneratedRegex("-")]
    private static partial Regex Hyphen();
}
