using System.CommandLine;

namespace Isthmus.App;

/// <summary>The form of an answer and where it goes, for commands that answer in text or JSON.</summary>
internal static class AnswerOptions
{
    private static readonly Option<string> _format = OptionText.Choice("--format", "Form of the answer.", "text", "json");

    private static readonly Option<string?> _out = OptionText.OutFile("--out", "Write the answer to a file, not to standard output.");

    /// <summary>Adds them to a command.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(_format);
        command.Options.Add(_out);
    }

    /// <summary>Writes an answer in the form that was asked for.</summary>
    /// <param name="text">Writes it for people, for so many columns.</param>
    public static void Write(ParseResult parsed, Action<TextWriter, int> text, Action<Stream> json)
    {
        Output.RefuseOver(parsed, null);
        using var output = Output.Open(parsed.GetValue(_out));
        if (parsed.GetValue(_format) is "json") json(output.Stream);
        else text(output.Text, Terminal.ColumnsFor(parsed.GetValue(_out)));
        output.Complete();
    }
}
