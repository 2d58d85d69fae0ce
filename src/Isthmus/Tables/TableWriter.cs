using System.Text;

using Isthmus.Export;
using Isthmus.Text;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tables;

/// <summary>Writes what peers held at a time: in the forms of <c>isthmus read</c>, with the columns of docs/schema.md.</summary>
public static class TableWriter
{
    private const int FlushBytes = 1 << 16;

    // Against RFC 5952 section 4.2.2, as bgpdump does.
    private const int ZeroGroupsMin = 1;

    private static readonly AddressFamily[] _families = [AddressFamily.IPv4, AddressFamily.IPv6];

    /// <summary>Writes all of it.</summary>
    /// <param name="selection">Whose routes alone a store keeps, in words; null where every prefix is there.</param>
    /// <param name="output">It is left open.</param>
    public static void Write(HeldTable table, ElementFormat format, string? selection, Stream output)
    {
        if (format is ElementFormat.Line) WriteLines(table, selection, output);
        else WriteRows(table, format, selection, output);
    }

    private static void WriteLines(HeldTable table, string? selection, Stream output)
    {
        using var text = new TextBuffer(FlushBytes * 2);
        foreach (string line in TableWords.Lines(table, selection)) text.Append(Encoding.UTF8.GetBytes($"# {line}\n"));
        foreach (var peer in table.Peers)
            foreach (var family in _families)
                if (!peer.Knows(family)) text.Append(Encoding.UTF8.GetBytes($"# not known: {TableWords.Of(peer, family)}\n"));
        foreach (var route in table.Routes)
        {
            if (route.Step.Path < 0)
                text.Append(Encoding.UTF8.GetBytes($"# not known: {TableWords.Of(route.Peer)}, {route.Prefix}\n"));
            var numbered = table.Paths.NumberedOf(route.Step.Path);
            foreach (var (id, path) in numbered) WriteLine(text, table, route, path, id);
            if (numbered.Count == 0)
                foreach (int path in table.Paths.Each(route.Step.Path)) WriteLine(text, table, route, path, null);
            if (text.Length > FlushBytes) text.FlushTo(output);
        }
        text.FlushTo(output);
        output.Flush();
    }

    // Of the attributes behind the path nothing is kept: their fields are empty, where bgpdump writes a word or 0 for none.
    private static void WriteLine(TextBuffer text, HeldTable table, in TableRoute route, int path, uint? id)
    {
        text.Append(id is null ? "TABLE_DUMP2|"u8 : "TABLE_DUMP2_AP|"u8);
        text.AppendUnix(table.At, microseconds: false);
        text.Append("|B|"u8);
        text.Append(route.Peer.Address, ZeroGroupsMin);
        text.Append('|');
        text.Append(route.Peer.Asn.Number);
        text.Append('|');
        text.Append(route.Prefix, ZeroGroupsMin);
        if (id is { } number)
        {
            text.Append('|');
            text.Append(number);
        }
        text.Append('|');
        ElementForm.WritePath(text, table.Paths[path]);
        text.Append("||||||||\n"u8);
    }

    private static void WriteRows(HeldTable table, ElementFormat format, string? selection, Stream output)
    {
        var rows = format is ElementFormat.Parquet ? new ParquetRows(output, TableForm.HeldColumns, TableForm.HeldNullable) : output;
        var form = (TableForm)ElementForm.Of(format);
        using var text = new TextBuffer(FlushBytes * 2);
        if (format is ElementFormat.Json) TableWords.WriteJson(table, selection, output);
        if (format is ElementFormat.Csv) text.Append(Encoding.ASCII.GetBytes(string.Join(',', TableForm.HeldColumns) + "\r\n"));
        foreach (var peer in table.Peers)
            foreach (var family in _families)
                if (!peer.Knows(family))
                    form.WriteHeld(text, new() { At = table.At, Peer = peer.Peer, Family = family, Since = peer.LostSince });
        foreach (var route in table.Routes)
        {
            if (route.Step.Path < 0) Write(form, text, table, route, default, null);
            var numbered = table.Paths.NumberedOf(route.Step.Path);
            foreach (var (id, path) in numbered) Write(form, text, table, route, table.Paths[path], id);
            if (numbered.Count == 0)
                foreach (int path in table.Paths.Each(route.Step.Path)) Write(form, text, table, route, table.Paths[path], null);
            if (text.Length > FlushBytes) text.FlushTo(rows);
        }
        text.FlushTo(rows);
        rows.Flush();
    }

    private static void Write(TableForm form, TextBuffer text, HeldTable table, in TableRoute route, PathWords path, uint? id) =>
        form.WriteHeld(text, new()
        {
            At = table.At,
            Peer = route.Peer,
            Family = route.Prefix.Family,
            Prefix = route.Prefix,
            IsHeld = route.Step.Path >= 0,
            PathId = id,
            Path = path,
            Since = route.Step.Time,
            Cause = route.Step.Cause,
            Place = route.Step.Place,
        });
}
