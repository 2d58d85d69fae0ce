using System.Globalization;

using Isthmus.Sources;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Export.Damage;

/// <summary>Writes what was read of each file, and what was wrong with it, for people (docs/ledger.md).</summary>
public static class LedgerText
{
    private static readonly string[] Heads = ["record", "byte", "kind", "attribute", "needed", "there", "treatment", "lost", "what"];

    /// <summary>Columns of numbers, which are set to the right.</summary>
    private static readonly bool[] IsNumber = [true, true, false, false, true, true, false, false, false];

    /// <summary>Writes all of it.</summary>
    /// <param name="width">
    /// Columns of a terminal: a table that is wider is written a fault a paragraph. Null to write tables as wide as they are.
    /// </param>
    public static void Write(ReadTally tally, TextWriter output, int? width = null)
    {
        var page = new TextPage(output, width ?? int.MaxValue);
        foreach (var file in tally.Files) Write(file, page);
        foreach (string unread in tally.Unread) page.Line($"not read: {unread}");
        foreach (string passed in tally.PassedOver) page.Line($"passed over: {passed}");
        foreach (string led in tally.Redirects) page.Line($"redirected: {led}");
        if (tally.Files.Count < 2) return;
        long lost = tally.Files.Sum(file => file.Faults.BytesLost), damaged = tally.Files.Count(file => file.Faults.Count > 0);
        page.Line(Invariant($"{Counted(tally.Files.Count, "file")}, {damaged:N0} damaged: {Read(tally.Records, tally.Elements)}, ")
            + Invariant($"{Counted(tally.Faults, "fault")}, {Counted(lost, "byte")} lost"));
    }

    private static void Write(FileTally file, TextPage page)
    {
        page.Line($"{file.Name}: {Read(file.Records, file.Elements)}, {(file.Faults.Count == 0 ? "no faults" : Sum(file.Faults))}");
        if (file.Faults.Views.Count > 1) page.Line(Invariant($"  {file.Faults.Views.Count,8:N0}  views: {ViewWords.List(file.Faults.Views)}"));
        foreach (var (what, count) in PassedOverCounts.InOrder(file.Faults.PassedOver))
            page.Line(Invariant($"  {count,8:N0}  not decoded: {PassedOverWords.Of(what)}"));
        if (file.Faults.Count == 0) return;
        foreach (var (kind, count) in file.Faults.Counts) page.Line(Invariant($"  {count,8:N0}  {FaultNames.NameOf(kind)}"));
        page.Line();
        string[][] rows = [Heads, .. file.Faults.Kept.Select(Cells)];
        int[] widths = [.. Enumerable.Range(0, Heads.Length).Select(column => rows.Max(row => row[column].Length))];
        string RowOf(string[] row) => "  " + string.Join("  ", row.Select(
            (cell, column) => IsNumber[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])));
        page.Table(RowOf(Heads), [.. rows.Skip(1).Select(row => (RowOf(row), InWords(row)))]);
        long more = file.Faults.Count - file.Faults.Kept.Count;
        if (more > 0) page.Line(Invariant($"  {more:N0} more"));
        page.Line();
    }

    private static string Read(long records, long elements) => $"{Counted(records, "record")}, {Counted(elements, "element")}";

    private static string Sum(FaultLedger faults) =>
        $"{Counted(faults.Count, "fault")}, {Counted(faults.BytesSkipped, "byte")} skipped, of which {faults.BytesLost.ToString("N0", Form)} lost";

    private static string[] Cells(FaultEntry entry)
    {
        var fault = entry.Fault;
        bool isCounted = fault.Needed != 0 || fault.Available != 0;
        return
        [
            entry.Record == 0 ? "-" : entry.Record.ToString(Form),
            entry.Offset.ToString(Form),
            FaultNames.NameOf(fault.Kind),
            fault.AttributeName ?? "-",
            isCounted ? Amount(fault.Needed, fault.Unit) : "-",
            isCounted ? Amount(fault.Available, fault.Unit) : "-",
            FaultNames.NameOf(fault.Treatment),
            entry.Lost is { } lost ? Invariant($"{lost.From}-{lost.To}") : "-",
            entry.Text,
        ];
    }

    private static string InWords(string[] row) => string.Join("; ", row.Select((cell, column) =>
        cell is "-" ? "" : column == Heads.Length - 1 ? cell : $"{Heads[column]} {cell}").Where(part => part.Length > 0));

    private static string Amount(uint amount, FaultUnit unit) => unit switch
    {
        FaultUnit.Flags => Invariant($"0x{amount:x2}"),
        FaultUnit.Bits => Invariant($"{amount} bits"),
        _ => amount.ToString(Form),
    };

    private static string Counted(long count, string what) => Invariant($"{count:N0} {what}{(count == 1 ? "" : "s")}");

    private static CultureInfo Form => CultureInfo.InvariantCulture;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
