namespace Isthmus.Reports;

/// <summary>A page of plain text: headings, lines and paragraphs that wrap at blanks. Control characters never pass.</summary>
/// <param name="width">Columns to wrap at.</param>
internal sealed class TextPage(TextWriter output, int width)
{
    /// <summary>A line as it stands, an empty one where nothing is given.</summary>
    public void Line(string text = "") => output.WriteLine(Wording.Printable(text).TrimEnd());

    /// <summary>A line with another of dashes below it.</summary>
    public void Heading(string text)
    {
        Line(text);
        Line(new string('-', Math.Min(width, text.Length)));
    }

    /// <summary>That so many are not shown; nothing where none are.</summary>
    public void More(int count, string what)
    {
        if (count > 0) Line($"  … and {Wording.Count(count)} more {what}; --format json has all");
    }

    /// <summary>Wraps at blanks; what follows the first line is indented by as much more as the hang says.</summary>
    public void Paragraph(string text, string indent, int hang = 0)
    {
        string prefix = indent;
        var rest = Wording.Printable(text).AsSpan();
        while (prefix.Length + rest.Length > width)
        {
            int at = rest[..Math.Max(1, Math.Min(rest.Length, width - prefix.Length))].LastIndexOf(' ');
            if (at <= hang && prefix == indent || at <= 0) break;
            output.WriteLine(string.Concat(prefix, rest[..at]));
            rest = rest[(at + 1)..].TrimStart();
            prefix = indent + new string(' ', hang);
        }
        output.WriteLine(string.Concat(prefix, rest).TrimEnd());
    }
}
