using System.Text;
using System.Text.RegularExpressions;

using Isthmus.Files;
using Isthmus.Sources;
using Isthmus.Text;

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

    // Of the arguments that are or hold addresses: what a message may say of them, and what in their place. The longest first.
    private static (string Text, string Shown)[] _addresses = [];

    /// <summary>Says one line on standard error, whatever the text is made of.</summary>
    public static void Say(string message) => Console.Error.WriteLine(Line($"isthmus: {message}"));

    /// <summary>
    /// The text as one line that a terminal can show: cut, without what would speak to it, and addresses without what may be secret.
    /// </summary>
    public static string Line(string text)
    {
        text = WithoutSecrets(text.ReplaceLineEndings(" "));
        return Wording.Printable(Wording.Cut(text, MessageCharactersMax));
    }

    /// <summary>The text with addresses as they may be shown, wherever they come from.</summary>
    public static string WithoutSecrets(string text)
    {
        foreach (var (secret, shown) in _addresses) text = text.Replace(secret, shown, StringComparison.Ordinal);
        return text.Contains(":/", StringComparison.Ordinal) ? Address().Replace(text, ShownOf) : text;
    }

    /// <summary>From here on the addresses among such arguments are shown without secrets, in whatever characters these are.</summary>
    public static void Hide(IEnumerable<string> arguments)
    {
        string[] addresses = [.. arguments.Where(argument => argument.Contains("://", StringComparison.Ordinal))];
        if (addresses.Length == 0) return;
        _addresses = [.. addresses.SelectMany(FormsOf).Concat(_addresses).Distinct().Where(form => form.Text != form.Shown)
            .OrderByDescending(form => form.Text.Length)];
    }

    private static string ShownOf(Match found) => Inputs.ShownOf(
        found.Value.Contains("://", StringComparison.Ordinal) ? found.Value : found.Value.Replace(":/", "://", StringComparison.Ordinal));

    // In a path, which an address is taken for where a file should be, one of its slashes is gone.
    [GeneratedRegex("""[A-Za-z][A-Za-z0-9+.\-]+:/+[^\s'"<>…]+(?<![;,.:])…?""")]
    private static partial Regex Address();

    /// <summary>
    /// From here on nothing that is written to standard error can speak to the terminal, or be a reason to end, whoever writes it; and
    /// what is written to a standard output that is closed is one.
    /// </summary>
    /// <param name="arguments">Of the command line: an address among them may hold a secret, in any characters.</param>
    public static void Guard(string[] arguments)
    {
        Console.SetError(Descriptors.IsGiven(Descriptors.Error) ? new PrintableWriter() : TextWriter.Null);
        bool isGiven = Descriptors.IsGiven(Descriptors.Output);
        Console.SetOut(isGiven ? new ToldWriter() : new StreamWriter(new ClosedOutput()) { AutoFlush = true });
        _addresses = [];
        // Mostly there is none, and to order none costs a native start as much as to read a small file.
        if (Array.Exists(arguments, argument => argument.Contains("://", StringComparison.Ordinal))) Hide(arguments);
    }

    // As it is given, and as the system's messages have it where it is taken for a file: the whole path, its folder, its name.
    private static IEnumerable<(string Text, string Shown)> FormsOf(string argument)
    {
        foreach (string address in TrustedArguments.ListsOf(argument).Append(argument))
        {
            if (!address.Contains("://", StringComparison.Ordinal)) continue;
            string one = address.ReplaceLineEndings(" "), shown = Inputs.ShownOf(one);
            yield return (one, shown);
            if (one.Contains('\0', StringComparison.Ordinal)) continue;
            string path = Path.GetFullPath(one), name = Path.GetFileName(path);
            yield return (path, shown);
            if (shown != one && Path.GetDirectoryName(path) is { } folder && folder.Contains('@', StringComparison.Ordinal))
                yield return (folder, Path.GetDirectoryName(shown) ?? "…");
            if (shown != one && name.AsSpan().ContainsAny('@', '?', '#')) yield return (name, Path.GetFileName(shown));
        }
    }

    /// <summary>Columns of the window that the program runs in; 0 where there is none, or it does not know.</summary>
    public static int WindowWidth()
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
    private sealed class PrintableWriter : TextWriter
    {
        private StreamWriter? _inner;

        // Most runs say nothing: the encoding of the terminal is asked for when something is said.
        private StreamWriter Inner => _inner ??= new(Console.OpenStandardError(), WithoutMark(Console.OutputEncoding)) { AutoFlush = true };

        private static Encoding WithoutMark(Encoding encoding) => encoding is UTF8Encoding ? new UTF8Encoding(false) : encoding;

        public override Encoding Encoding => Inner.Encoding;

        // It holds a copy of the descriptor, by which a pipe would stay open.
        protected override void Dispose(bool disposing)
        {
            if (disposing) _inner?.Dispose();
            base.Dispose(disposing);
        }

        public override void Write(char value) => Write(value.ToString());

        public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

        public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

        // Where nobody can be told, what is told is lost, and the work goes on.
        public override void Write(string? value)
        {
            try
            {
                if (value is not null) WriteGuarded(value);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The disk is full, or the other end has gone.
            }
        }

        private void WriteGuarded(string value)
        {
            var rest = value.AsSpan();
            while (rest.IndexOfAny('\r', '\n') is var at and >= 0)
            {
                Inner.Write(Wording.Printable(new(rest[..at])));
                Inner.Write(rest[at]);
                rest = rest[(at + 1)..];
            }
            Inner.Write(Wording.Printable(new(rest)));
        }

        public override void WriteLine(string? value) => Write(value + "\n");

        // What is written is flushed with it.
        public override void Flush() { }
    }

    /// <summary>Standard output for what the library of the command line writes: help and version. Opened when something is said.</summary>
    private sealed class ToldWriter : TextWriter
    {
        private StreamWriter? _inner;

        private StreamWriter Inner => _inner ??= Open(new(Output.StandardOutputName, Console.OpenStandardOutput()));

        private static StreamWriter Open(WrittenFile output) => new(output, new UTF8Encoding(false))
        {
            AutoFlush = true,
        };

        public override Encoding Encoding => Inner.Encoding;

        public override void Write(char value) => Inner.Write(value);

        public override void Write(char[] buffer, int index, int count) => Inner.Write(buffer, index, count);

        public override void Write(ReadOnlySpan<char> buffer) => Inner.Write(buffer);

        public override void Write(string? value) => Inner.Write(value);

        public override void WriteLine(string? value) => Inner.WriteLine(value);

        protected override void Dispose(bool disposing)
        {
            if (disposing) _inner?.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>Standard output where it is closed.</summary>
    private sealed class ClosedOutput : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException(Output.ClosedText);

        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
