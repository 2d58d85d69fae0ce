namespace Isthmus.Text;

/// <summary>
/// A page of plain text: headings, lines and paragraphs that wrap at blanks, and within a word that is longer than the page is wide.
/// What could speak to a terminal never passes (<see cref="Wording.Printable"/>).
/// </summary>
/// <param name="width">Columns to wrap at.</param>
public sealed class TextPage(TextWriter output, int width)
{
    /// <summary>Columns that an indent leaves at least to the text.</summary>
    private const int TextMin = 16;

    /// <summary>Columns of the page.</summary>
    public int Width => width;

    /// <summary>A line as it stands, wrapped where the page is narrower; an empty one where nothing is given.</summary>
    public void Line(string text = "")
    {
        int blanks = text.AsSpan().IndexOfAnyExcept(' ');
        Paragraph(text[Math.Max(0, blanks)..], new(' ', Math.Max(0, blanks)), hang: 2);
    }

    /// <summary>A line with another below it.</summary>
    public void Heading(string text, char below = '-')
    {
        Paragraph(text, "");
        output.WriteLine(new string(below, Math.Min(width, text.Length)));
    }

    /// <summary>That so many are not shown; nothing where none are.</summary>
    public void More(int count, string what)
    {
        if (count > 0) Line($"  … and {Wording.Count(count)} more {what}; the JSON form has all");
    }

    /// <summary>Rows of a table where all of them fit, else a paragraph for each row.</summary>
    /// <param name="head">The names of the columns.</param>
    /// <param name="rows">Each row as the table has it, and in words.</param>
    public void Table(string head, IReadOnlyList<(string Row, string InWords)> rows)
    {
        bool fits = head.Length <= width && rows.All(row => row.Row.Length <= width);
        if (fits) Line(head);
        foreach (var (row, inWords) in rows)
        {
            if (fits) output.WriteLine(Wording.Printable(row).TrimEnd());
            else Paragraph(inWords, "  ", hang: 4);
        }
    }

    /// <summary>Wraps at blanks; what follows the first line is indented by as much more as the hang says.</summary>
    public void Paragraph(string text, string indent, int hang = 0)
    {
        indent = indent[..Math.Clamp(width - TextMin, 0, indent.Length)];
        hang = Math.Clamp(width - TextMin - indent.Length, 0, hang);
        string prefix = indent;
        var rest = Wording.Printable(text).AsSpan();
        while (prefix.Length + rest.Length > width)
        {
            int room = width - prefix.Length;
            int at = rest[..room].LastIndexOf(' ');
            // The blanks that set the head of a hanging line apart are no place to break it.
            bool isWhole = at > 0 && rest[..at].IndexOfAnyExcept(' ') >= 0 && (at > hang || prefix != indent);
            int end = isWhole ? at : char.IsHighSurrogate(rest[room - 1]) ? room - 1 : room;
            output.WriteLine(string.Concat(prefix, rest[..end]).TrimEnd());
            rest = rest[end..].TrimStart();
            prefix = indent + new string(' ', hang);
        }
        output.WriteLine(string.Concat(prefix, rest).TrimEnd());
    }
}
