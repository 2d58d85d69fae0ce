using System.Text;
using System.Text.RegularExpressions;

using Isthmus.Reports;
using Isthmus.Sources;

namespace Isthmus.App;

/// <summary>The terminal that a person reads at: how wide it is, and what may be said to it.</summary>
internal static partial class Terminal
{
    /// <summary>Columns of text that goes to a file or a pipe: the same on every machine.</summary>
    public const int ColumnsDefault = 100;

    /// <summary>Fewest and most columns that text is set to; narrower terminals break lines themselves, longer lines read badly.</summary>
    public const int ColumnsMin = 40, ColumnsMax = 120;

    /// <summary>Characters of one message on standard error; what is longer is cut, and shown to be by an ellipsis.</summary>
    public const int MessageCharactersMax = 2000;

    /// <summary>Columns for text on standard output: those of the terminal, or the default where it is none or does not know.</summary>
    public static int Columns => ColumnsOf(Console.IsOutputRedirected ? 0 : WindowWidth());

    /// <summary>True where what goes to this file is seen on a terminal.</summary>
    public static bool IsOutput(string? file) => file is null or "-" && !Console.IsOutputRedirected;

    /// <summary>Columns for text in a window of so many; 0 for none.</summary>
    public static int ColumnsOf(int window) => window <= 0 ? ColumnsDefault : Math.Clamp(window, ColumnsMin, ColumnsMax);

    /// <summary>Columns for an answer that goes to this file; null and - are standard output.</summary>
    public static int ColumnsFor(string? file) => file is null or "-" ? Columns : ColumnsDefault;

    /// <summary>Says one line on standard error, whatever the text is made of.</summary>
    public static void Say(string message) => Console.Error.WriteLine(Line($"isthmus: {message}"));

    /// <summary>
    /// The text as one line that a terminal can show: cut, without what would speak to it, and addresses without what may be secret.
    /// </summary>
    public static string Line(string text) => Wording.Printable(Wording.Cut(
        Address().Replace(text.ReplaceLineEndings(" "), found => Inputs.ShownOf(found.Value)), MessageCharactersMax));

    [GeneratedRegex("""[A-Za-z][A-Za-z0-9+.\-]*://[^\s'"<>…]+""")]
    private static partial Regex Address();

    /// <summary>From here on nothing that is written to standard error can speak to the terminal, whoever writes it.</summary>
    public static void Guard() => Console.SetError(new PrintableWriter(Console.Error));

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (Exception failure) when (failure is IOException or PlatformNotSupportedException)
        {
            return 0;
        }
    }

    /// <summary>Lets printable text through, and the ends of lines; CR is what the line of progress returns by.</summary>
    private sealed class PrintableWriter(TextWriter inner) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

        public override void Write(string? value)
        {
            if (value is null) return;
            var rest = value.AsSpan();
            while (rest.IndexOfAny('\r', '\n') is var at and >= 0)
            {
                inner.Write(Wording.Printable(new(rest[..at])));
                inner.Write(rest[at]);
                rest = rest[(at + 1)..];
            }
            inner.Write(Wording.Printable(new(rest)));
        }

        public override void WriteLine(string? value) => Write(value + "\n");

        public override void Flush() => inner.Flush();
    }
}
