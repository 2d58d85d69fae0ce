using System.Globalization;

using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Reports.Dissection;

/// <summary>Writes records taken apart for a terminal of 100 columns: offset, bytes, fields; the fault below the field it is in.</summary>
internal static class HexText
{
    private const int BytesInLine = 16, Columns = 100;

    /// <summary>A mark, the offset, and 16 bytes of two digits stand left of the field's words.</summary>
    private const int TextColumn = 1 + 7 + 2 + BytesInLine * 3 + 1;

    public static void Write(TextWriter output, string file, in MrtRecord record, IReadOnlyList<DissectedField> fields, Fault fault)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{file}: record {record.Number}, byte {record.Offset}, {record.Bytes.Length} bytes"));
        int wrong = fault.Kind is FaultKind.None ? -1 : FieldAt(fields, fault.Offset);
        for (int i = 0; i < fields.Count; i++)
        {
            WriteField(output, record.Bytes, fields[i], i == wrong);
            if (i != wrong) continue;
            string text = string.Create(CultureInfo.InvariantCulture, $"fault at byte {fault.Offset} ({record.Offset + fault.Offset} of the file): {fault}");
            foreach (string line in Wrapped(text, Columns - 10)) output.WriteLine("!         " + line);
        }
        output.WriteLine();
    }

    /// <summary>Bytes in which there is no record, as far as they were kept.</summary>
    public static void WriteLost(TextWriter output, string line, long lost, ReadOnlySpan<byte> head)
    {
        output.WriteLine(line);
        string name = head.Length < lost
            ? string.Create(CultureInfo.InvariantCulture, $"lost, the first {head.Length} of {lost} bytes") : "lost";
        WriteField(output, head, new(0, head.Length, 0, name, ""), isWrong: true);
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

    private static void WriteField(TextWriter output, ReadOnlySpan<byte> bytes, DissectedField field, bool isWrong)
    {
        string indent = new(' ', 2 * field.Depth);
        string words = field.Value.Length == 0 ? field.Name : $"{field.Name}: {field.Value}";
        string[] lines = [.. Wrapped(words, Columns - TextColumn - indent.Length)];
        int count = Math.Max(lines.Length, (field.Length + BytesInLine - 1) / BytesInLine);
        for (int i = 0; i < count; i++)
        {
            int at = i * BytesInLine;
            bool hasBytes = at < field.Length;
            string offset = hasBytes ? (field.Offset + at).ToString(CultureInfo.InvariantCulture) : "";
            string hex = hasBytes ? Hex(bytes.Slice(field.Offset + at, Math.Min(BytesInLine, field.Length - at))) : "";
            string text = i < lines.Length ? indent + lines[i] : "";
            output.WriteLine($"{(isWrong ? '!' : ' ')}{offset,7}  {hex,-48} {text}".TrimEnd());
        }
    }

    private static string Hex(ReadOnlySpan<byte> bytes) =>
        string.Join(' ', bytes.ToArray().Select(one => one.ToString("x2", CultureInfo.InvariantCulture)));

    // At spaces where there are any; a word that is too long is cut.
    private static IEnumerable<string> Wrapped(string text, int width)
    {
        text = string.Concat(text.Select(one => char.IsControl(one) ? '\uFFFD' : one));
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
