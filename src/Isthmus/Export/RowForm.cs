using System.Text;

using Isthmus.Text;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>Rows for <see cref="ParquetRows"/>: cells and items end in bytes that no text has.</summary>
internal sealed class RowForm : TableForm
{
    public const byte CellEnd = 0x1f, RowEndByte = 0x1e, ItemEnd = 0x1d, Null = 0;

    protected override ReadOnlySpan<byte> RowStart => default;

    // In the place of the last cell's end.
    protected override ReadOnlySpan<byte> RowEnd => [CellEnd, RowEndByte];

    public override ReadOnlySpan<byte> KindText(RouteEventKind kind) => kind switch
    {
        RouteEventKind.RibEntry => "rib-entry\u001f"u8,
        RouteEventKind.Announcement => "announcement\u001f"u8,
        RouteEventKind.Withdrawal => "withdrawal\u001f"u8,
        _ => "peer-state\u001f"u8,
    };

    protected override void Name(TextBuffer text, string column, string value)
    {
        text.Append(Encoding.UTF8.GetBytes(string.Concat(value.Select(one => char.IsControl(one) ? '\uFFFD' : one))));
        text.Append((char)CellEnd);
    }

    protected override void Open(TextBuffer text, string column, bool holdsCommas = false) { }

    protected override void Close(TextBuffer text, bool holdsCommas = false) => text.Append((char)CellEnd);

    protected override void Number(TextBuffer text, string column, long number)
    {
        text.Append(number);
        text.Append((char)CellEnd);
    }

    protected override void Truth(TextBuffer text, string column, bool value) => text.Append(value ? "1\u001f"u8 : "0\u001f"u8);

    protected override void Empty(TextBuffer text, string column) => text.Append([Null, CellEnd]);

    protected override void OpenList(TextBuffer text, string column) { }

    protected override void OpenItem(TextBuffer text, bool first) { }

    protected override void CloseItem(TextBuffer text) => text.Append((char)ItemEnd);

    protected override void CloseList(TextBuffer text) => text.Append((char)CellEnd);
}
