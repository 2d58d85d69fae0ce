using Isthmus.Routes;
using Isthmus.Text;

namespace Isthmus.Reports.Html.Sections;

/// <summary>What proves the page: the records as bytes, the inputs with their hashes, and how to check and cite it.</summary>
internal static class ProofSections
{
    private const int InputsMax = 300, EvidenceMax = 200;

    /// <summary>Bytes that are shown of all records; of the rest they stand in the JSON of the page.</summary>
    private const int BytesShownMax = 120_000;

    public static void Records(PageWriter page)
    {
        var report = page.Report;
        if (report.Records.Records.Count == 0) return;
        page.Open("records", "The records");
        page.Paragraph($"{report.Records.Choice} Each is an MRT record (RFC 6396) with its header, decoded as bgpdump prints it and in hexadecimal; "
            + "offsets count from the start of the decompressed file.");
        int shown = 0;
        foreach (var file in report.Records.Records.GroupBy(record => record.Place.Source))
        {
            page.Details($"{file.Key}: {Wording.Count(file.Count(), "record", "records")}", "file");
            page.Line("<ol class=\"records\">");
            foreach (var record in file) Record(page, record, (shown += record.Bytes.Length) <= BytesShownMax);
            page.Line("</ol>");
            page.EndDetails();
        }
        page.Close();
    }

    private static void Record(PageWriter page, RawRecord record, bool showsBytes)
    {
        var (number, offset, length) = (record.Place.Record, record.Place.Offset, record.Place.Length);
        string table = record.PeerTable is { } id ? $"; its peers are named by <a href=\"#{id}\">{id}</a>" : "";
        page.Line($"<li id=\"{record.Id}\"><p><b>{record.Id}</b> {PageWriter.T(PageWriter.Says(record))}</p>");
        page.Line($"<p class=\"meta\">{Wording.Moment(record.Reading.Time)} UTC, {PageWriter.T(record.Reading.Type)}, "
            + FormattableString.Invariant($"record {number}, byte {offset}, {length} bytes{table}</p>"));
        if (record.Reading.Lines.Count > 0)
            page.Line($"<pre>{string.Join('\n', record.Reading.Lines.Select(PageWriter.T))}"
                + (record.Reading.LinesLeftOut > 0 ? $"\n… and {Wording.Count(record.Reading.LinesLeftOut)} lines more" : "") + "</pre>");
        page.Line((showsBytes ? $"<pre class=\"hex\">{Convert.ToHexStringLower(record.Bytes)}</pre>"
            : $"<p class=\"meta\">Its bytes are in the JSON that this page holds, as records of the id {record.Id}.</p>") + "</li>");
    }

    public static void Inputs(PageWriter page)
    {
        var files = page.Report.Observations.Files;
        if (files.Count == 0) return;
        var proving = page.Report.Transit.Changes
            .SelectMany(change => change.Witnesses.Take(EvidenceMax)).Select(witness => witness.Step.Place)
            .Concat(page.Report.Records.Records.Select(record => record.Place))
            .Select(place => place.Source).OfType<Source>().ToHashSet();
        page.Open("inputs", "The inputs");
        page.Paragraph($"{Wording.Count(files.Count, "file was", "files were")} read. SHA-256 over all their SHA-256s, sorted, a line each: {Citation.InputsSha256(page.Report)}.");
        var shown = files.Where(file => files.Count <= InputsMax || proving.Contains(file.Source)).ToArray();
        page.Details(shown.Length == files.Count ? "All files, with SHA-256"
            : $"{Wording.Count(shown.Length, "file", "files")} of the evidence, with SHA-256");
        page.Table(shown.Length == files.Count ? "SHA-256 of each file as stored." : $"The JSON form, which the page holds, lists all {Wording.Count(files.Count)} inputs.",
            ["File", "SHA-256", "#Records"],
            shown.Take(InputsMax).Select(Row), "input-table");
        page.EndDetails();
        page.More(shown.Length - InputsMax, "files");
        page.Close();
    }

    private static string[] Row(ReadFile file) =>
        [$"<code>{PageWriter.T(file.Name)}</code>", $"<code>{PageWriter.T(file.Sha256)}</code>", Wording.Count(file.Records)];

    /// <param name="held">The report as this page holds it.</param>
    public static void Cite(PageWriter page, HeldReport held)
    {
        page.Open("cite", "How to cite and check this");
        page.Paragraph(Citation.Text(page.Report, page.Story), "cite");
        page.Line($"<pre>{string.Join('\n', Citation.BibTex(page.Report, page.Story).Split('\n').Select(PageWriter.T))}</pre>");
        page.Line("<p>To check it, give this page and its inputs to <code>isthmus verify PAGE INPUT</code>: it makes the report again and says whether every number, "
            + "every record and every line is equal.</p>");
        if (held.EntriesMax is { } most)
            page.Paragraph($"The whole report is larger than a page can be: of each of its lists this page holds the first {Wording.Count(most)} "
                + "entries, and says under leftOut how many lack. The JSON form, which the same command gives, has all.");
        page.Line("<p class=\"tools\" hidden><button type=\"button\" data-json=\"report\">"
            + $"{(held.EntriesMax is null ? "The whole report (JSON)" : "The report with short lists (JSON)")}</button></p>");
        page.Close();
    }
}
