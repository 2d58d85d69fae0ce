using System.Text;

using Isthmus.Text;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>
/// Rows of typed cells, for who takes values and no text, as <see cref="ParquetRows"/>; <see cref="RowCells"/> reads them. A cell is
/// <see cref="None"/>, or <see cref="There"/> and its value: eight bytes of a number or a time in microseconds, one of a truth, a text
/// behind its length, a list behind the number of its items. Behind the path stand its hops.
/// </summary>
internal sealed class RowForm : TableForm
{
    public const byte None = 0, There = 1;

    // Where the lengths stand that are not known yet.
    private int _text, _list, _items;

    protected override ReadOnlySpan<byte> RowStart => default;

    protected override ReadOnlySpan<byte> RowEnd => default;

    public override ReadOnlySpan<byte> KindText(RouteEventKind kind) => kind switch
    {
        RouteEventKind.RibEntry => "\u0001\u0009\0\0\0rib-entry"u8,
        RouteEventKind.Announcement => "\u0001\u000c\0\0\0announcement"u8,
        RouteEventKind.Withdrawal => "\u0001\u000a\0\0\0withdrawal"u8,
        _ => "\u0001\u000a\0\0\0peer-state"u8,
    };

    protected override void Name(TextBuffer text, string column, string value)
    {
        Open(text, column);
        text.Append(Encoding.UTF8.GetBytes(string.Concat(value.Select(one => char.IsControl(one) ? '\uFFFD' : one))));
        Close(text);
    }

    protected override void Open(TextBuffer text, string column, bool holdsCommas = false)
    {
        text.Append((char)There);
        _text = OpenLength(text);
    }

    protected override void Close(TextBuffer text, bool holdsCommas = false) => text.Set(_text, text.Length - _text - sizeof(int));

    protected override void Number(TextBuffer text, string column, long number)
    {
        text.Append((char)There);
        text.AppendBytes(number);
    }

    protected override void Time(TextBuffer text, string column, Timestamp time) => Number(text, column, time.Microseconds);

    protected override void Truth(TextBuffer text, string column, bool value)
    {
        text.Append((char)There);
        text.Append(value ? '\u0001' : '\0');
    }

    protected override void Empty(TextBuffer text, string column)
    {
        text.Append((char)None);
        if (column == "path") text.Append((char)None);
    }

    // Members of a set one after the other, confederations left out.
    protected override void Hops(TextBuffer text, AsPath path)
    {
        Span<uint> usual = stackalloc uint[512];
        Hops(text, path.ToWords(path.WordsMax <= usual.Length ? usual : new uint[path.WordsMax]));
    }

    protected override void Hops(TextBuffer text, PathWords path)
    {
        OpenList(text, "hops");
        foreach (var segment in path)
        {
            if (segment.Type is not (SegmentType.Sequence or SegmentType.Set)) continue;
            foreach (uint hop in segment.Hops) text.AppendBytes(hop);
            _items += segment.Hops.Length;
        }
        CloseList(text);
    }

    protected override void OpenList(TextBuffer text, string column)
    {
        text.Append((char)There);
        _list = OpenLength(text);
        _items = 0;
    }

    protected override void OpenItem(TextBuffer text, bool first) => _text = OpenLength(text);

    protected override void CloseItem(TextBuffer text)
    {
        Close(text);
        _items++;
    }

    protected override void CloseList(TextBuffer text) => text.Set(_list, _items);

    // A row ends with its last cell.
    protected override void EndRow(TextBuffer text) { }

    private static int OpenLength(TextBuffer text)
    {
        int at = text.Length;
        text.Append([0, 0, 0, 0]);
        return at;
    }
}
