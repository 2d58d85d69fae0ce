using System.Globalization;

using Isthmus.Text;

namespace Isthmus.Export.Dissection;

/// <summary>Where a record or a line stands, as the heading over its fields has it.</summary>
public readonly record struct RecordHeading(string File, long Number, long Offset, bool IsLine);

/// <summary>Writes records taken apart: offset, bytes, fields; the fault below the field it is in.</summary>
/// <param name="columns">Columns of the terminal; null for text that goes elsewhere, which is set to 100, headings in one line.</param>
public sealed class HexText(TextWriter output, int? columns)
{
    private const int ColumnsDefault = 100;

    /// <summary>Columns that are left to a field's words at least, however deep it stands.</summary>
    private const int WordsMin = 10;

    private readonly int _columns = columns ?? ColumnsDefault;
    private readonly TextPage _headings = new(output, columns ?? int.MaxValue);

    private int BytesInLine => _columns >= 96 ? 16 : _columns >= 60 ? 8 : 4;

    /// <summary>A mark, the offset, and bytes of two digits stand left of the field's words.</summary>
    private int TextColumn => 1 + 7 + 2 + BytesInLine * 3 + 1;

    /// <summary>A record, or a line of text, and what is wrong with it.</summary>
    /// <param name="place">Where the bytes stand in the file.</param>
    /// <param name="wrong">Where in them something is wrong, and what; null for nothing.</param>
    public void Write(
        RecordHeading place, ReadOnlySpan<byte> bytes, IReadOnlyList<DissectedField> fields, (int At, string What)? wrong)
    {
        _headings.Line(string.Create(CultureInfo.InvariantCulture,
            $"{place.File}: {(place.IsLine ? "line" : "record")} {place.Number}, byte {place.Offset}, {bytes.Length} bytes"));
        int marked = wrong is { } fault ? FieldAt(fields, fault.At) : -1;
        for (int i = 0; i < fields.Count; i++)
        {
            WriteField(bytes, fields[i], i == marked);
            if (i != marked || wrong is not { } told) continue;
            string text = string.Create(CultureInfo.InvariantCulture, $"fault at byte {told.At} ({place.Offset + told.At} of the file): {told.What}");
            foreach (string line in Wrapped(text, _columns - 10)) output.WriteLine("!         " + line);
        }
        output.WriteLine();
    }

    /// <summary>Bytes in which there is no record, as far as they were kept.</summary>
    public void WriteLost(string line, long lost, ReadOnlySpan<byte> head)
    {
        _headings.Line(line);
        string name = head.Length < lost
            ? string.Create(CultureInfo.InvariantCulture, $"lost, the first {head.Length} of {lost} bytes") : "lost";
        WriteField(head, new(0, head.Length, 0, name, ""), isWrong: true);
        output.WriteLine();
    }

    // The deepest field that holds the byte; the last one where it lies behind all of them.
    private static int FieldAt(IReadOnlyList<DissectedField> fields, int offset)
    {
        int found = fields.Count - 1;
        for (int i = 0; i < fields.Count; i++)
            if (fields[i].Length > 0 && fields[i].Offset <= offset && offset < fields[i].Offset + fields[i].Length) found = i;
        return found;
    }

    private void WriteField(ReadOnlySpan<byte> bytes, DissectedField field, bool isWrong)
    {
        string indent = new(' ', Math.Min(2 * field.Depth, Math.Max(0, _columns - TextColumn - WordsMin)));
        string words = field.Value.Length == 0 ? field.Name : $"{field.Name}: {field.Value}";
        string[] lines = [.. Wrapped(words, Math.Max(WordsMin, _columns - TextColumn - indent.Length))];
        int count = Math.Max(lines.Length, (field.Length + BytesInLine - 1) / BytesInLine);
        for (int i = 0; i < count; i++)
        {
            int at = i * BytesInLine;
            bool hasBytes = at < field.Length;
            string offset = hasBytes ? (field.Offset + at).ToString(CultureInfo.InvariantCulture) : "";
            string hex = hasBytes ? Hex(bytes.Slice(field.Offset + at, Math.Min(BytesInLine, field.Length - at))) : "";
            string text = i < lines.Length ? indent + lines[i] : "";
            output.WriteLine($"{(isWrong ? '!' : ' ')}{offset,7}  {hex.PadRight(3 * BytesInLine)} {text}".TrimEnd());
        }
    }

    private static string Hex(ReadOnlySpan<byte> bytes) =>
        string.Join(' ', bytes.ToArray().Select(one => one.ToString("x2", CultureInfo.InvariantCulture)));

    // At spaces where there are any; a word that is too long is cut.
    private static IEnumerable<string> Wrapped(string text, int width)
    {
        text = Wording.Printable(text);
        while (text.Length > width)
        {
            int space = text.LastIndexOf(' ', width);
            int end = space > 0 ? space : width;
            yield return text[..end];
            text = text[end..].TrimStart();
        }
        yield return text;
    }
}
