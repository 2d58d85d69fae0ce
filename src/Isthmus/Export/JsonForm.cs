using System.Text;
using System.Text.Json;

using Isthmus.Text;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>One JSON object a line, always with all keys.</summary>
internal sealed class JsonForm : TableForm
{
    protected override ReadOnlySpan<byte> RowStart => "{"u8;

    protected override ReadOnlySpan<byte> RowEnd => "}\n"u8;

    public override ReadOnlySpan<byte> KindText(RouteEventKind kind) => kind switch
    {
        RouteEventKind.RibEntry => "\"kind\":\"rib-entry\","u8,
        RouteEventKind.Announcement => "\"kind\":\"announcement\","u8,
        RouteEventKind.Withdrawal => "\"kind\":\"withdrawal\","u8,
        _ => "\"kind\":\"peer-state\","u8,
    };

    protected override void Name(TextBuffer text, string column, string value)
    {
        Open(text, column);
        text.Append(JsonEncodedText.Encode(value).EncodedUtf8Bytes);
        Close(text);
    }

    protected override void Open(TextBuffer text, string column, bool holdsCommas = false)
    {
        Key(text, column);
        text.Append('"');
    }

    protected override void Close(TextBuffer text, bool holdsCommas = false) => text.Append("\","u8);

    protected override void Number(TextBuffer text, string column, long number)
    {
        Key(text, column);
        text.Append(number);
        text.Append(',');
    }

    protected override void Truth(TextBuffer text, string column, bool value)
    {
        Key(text, column);
        text.Append(value ? "true,"u8 : "false,"u8);
    }

    protected override void Empty(TextBuffer text, string column)
    {
        Key(text, column);
        text.Append("null,"u8);
    }

    protected override void OpenList(TextBuffer text, string column)
    {
        Key(text, column);
        text.Append('[');
    }

    protected override void OpenItem(TextBuffer text, bool first) => text.Append(first ? "\""u8 : ",\""u8);

    protected override void CloseItem(TextBuffer text) => text.Append('"');

    protected override void CloseList(TextBuffer text) => text.Append("],"u8);

    private static void Key(TextBuffer text, string column)
    {
        text.Append('"');
        Span<byte> bytes = stackalloc byte[32];
        text.Append(bytes[..Encoding.ASCII.GetBytes(column, bytes)]);
        text.Append("\":"u8);
    }
}
