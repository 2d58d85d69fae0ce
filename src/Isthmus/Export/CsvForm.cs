using System.Buffers;
using System.Text;

using Isthmus.Text;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>RFC 4180: a header row, CR LF after each row, quotes where a cell needs them; lists are split by spaces.</summary>
internal sealed class CsvForm : TableForm
{
    private static readonly SearchValues<char> _needQuotes = SearchValues.Create("\",\r\n");
    private static readonly byte[] _header = Encoding.ASCII.GetBytes(string.Join(',', Columns) + "\r\n");

    public override ReadOnlySpan<byte> Header => _header;

    protected override ReadOnlySpan<byte> RowStart => default;

    protected override ReadOnlySpan<byte> RowEnd => "\r\n"u8;

    public override ReadOnlySpan<byte> KindText(RouteEventKind kind) => kind switch
    {
        RouteEventKind.RibEntry => "rib-entry,"u8,
        RouteEventKind.Announcement => "announcement,"u8,
        RouteEventKind.Withdrawal => "withdrawal,"u8,
        _ => "peer-state,"u8,
    };

    protected override void Name(TextBuffer text, string column, string value)
    {
        // Spreadsheets take a cell that begins so for a formula (OWASP, CSV injection); the apostrophe says that it is text.
        if (value is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..]) value = "'" + value;
        value = Wording.Printable(value);
        bool quoted = value.AsSpan().ContainsAny(_needQuotes);
        text.Append(Encoding.UTF8.GetBytes(quoted ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"," : value + ","));
    }

    // A set in a path holds commas.
    protected override void Open(TextBuffer text, string column, bool holdsCommas = false)
    {
        if (holdsCommas) text.Append('"');
    }

    protected override void Close(TextBuffer text, bool holdsCommas = false) => text.Append(holdsCommas ? "\","u8 : ","u8);

    protected override void Number(TextBuffer text, string column, long number)
    {
        text.Append(number);
        text.Append(',');
    }

    protected override void Truth(TextBuffer text, string column, bool value) => text.Append(value ? "true,"u8 : "false,"u8);

    protected override void Empty(TextBuffer text, string column) => text.Append(',');

    protected override void OpenList(TextBuffer text, string column) { }

    protected override void OpenItem(TextBuffer text, bool first)
    {
        if (!first) text.Append(' ');
    }

    protected override void CloseItem(TextBuffer text) { }

    protected override void CloseList(TextBuffer text) => text.Append(',');
}
