using Isthmus.Reports.Html.Pictures;
using Isthmus.Routes;
using Isthmus.Text;

namespace Isthmus.Reports.Html.Sections;

/// <summary>What the sections of a page are made of and write to.</summary>
internal sealed class PageWriter
{
    /// <summary>A subject of more prefixes is told by its networks and upstreams, and not prefix by prefix.</summary>
    public const int PrefixesMax = 60;

    private TextWriter _output;
    private bool _hasPatterns;

    public PageWriter(Report report, TextWriter output)
    {
        _output = output;
        Report = report;
        Story = new(report);
        Palette = new(report.Transit.Series, report.Transit.Upstreams);
    }

    public Report Report { get; }

    public Story Story { get; }

    public Palette Palette { get; }

    /// <summary>True where there are too many prefixes to look at each.</summary>
    public bool IsLarge => Report.Transit.Prefixes.Count > PrefixesMax;

    /// <summary>True where the input shows one instant: there is nothing over time.</summary>
    public bool IsMoment => Report.Transit.Series.Count < 2;

    /// <summary>What is written meanwhile, by itself and not to the page.</summary>
    public string Apart(Action write)
    {
        var page = _output;
        using var apart = new StringWriter { NewLine = "\n" };
        _output = apart;
        write();
        _output = page;
        return apart.ToString();
    }

    public void Line(string markup) => _output.Write(markup + "\n");

    /// <summary>A text that is safe in markup.</summary>
    public static string T(string text) => Svg.Text(text);

    public void Open(string id, string heading) => Line($"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{T(heading)}</h2>");

    public void Close() => Line("</section>");

    public void Paragraph(string text, string css = "") => Line($"<p{(css.Length > 0 ? $" class=\"{css}\"" : "")}>{T(text)}</p>");

    public void List(IEnumerable<string> items)
    {
        Line("<ul class=\"plain\">");
        foreach (string item in items) Line($"<li>{T(item)}</li>");
        Line("</ul>");
    }

    /// <summary>A picture with what can be done with it: its file, and the table behind it.</summary>
    /// <param name="id">Of the picture.</param>
    /// <param name="caption">Below it, as text.</param>
    /// <param name="table">Id of the table behind it, where another picture shares it.</param>
    public void Figure(string id, string picture, string caption, string? table = null)
    {
        // The first picture defines the fills for all.
        if (!_hasPatterns)
            picture = picture.Insert(picture.IndexOf(Drawing.HeadEnd, StringComparison.Ordinal) + Drawing.HeadEnd.Length, Palette.Patterns);
        _hasPatterns = true;
        Line($"<figure>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{T(caption)}\">{picture}</div>\n<figcaption>{T(caption)}</figcaption>\n"
        + $"<p class=\"tools\" hidden><button type=\"button\" data-svg=\"{id}\">Picture (SVG)</button> "
        + $"<button type=\"button\" data-png=\"{id}\">Picture (PNG)</button> <button type=\"button\" data-csv=\"{table ?? id + "-table"}\">Numbers (CSV)</button></p>\n</figure>");
    }

    /// <summary>A table that scrolls by itself; rows are markup.</summary>
    /// <param name="heads">Column heads; one that begins with # holds numbers.</param>
    public void Table(string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, string? id = null)
    {
        Line($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{T(caption)}\"><table{(id is null ? "" : $" id=\"{id}\"")}><caption>{T(caption)}</caption>\n<thead><tr>"
            + string.Concat(heads.Select(head => $"<th scope=\"col\"{(head.StartsWith('#') ? " class=\"n\"" : "")}>{T(head.TrimStart('#'))}</th>"))
            + "</tr></thead><tbody>");
        foreach (var row in rows)
            Line("<tr>" + string.Concat(row.Select((cell, column) => column == 0 ? $"<th scope=\"row\">{cell}</th>"
                : $"<td{(heads[column].StartsWith('#') ? " class=\"n\"" : "")}>{cell}</td>")) + "</tr>");
        Line("</tbody></table></div>");
    }

    /// <summary>Opens a part that is closed until somebody asks for it.</summary>
    public void Details(string summary, string css = "") =>
        Line($"<details{(css.Length > 0 ? $" class=\"{css}\"" : "")}><summary>{T(summary)}</summary>");

    public void EndDetails() => Line("</details>");

    public void More(int count, string what)
    {
        if (count > 0) Paragraph($"… and {Wording.Count(count)} more {what}; the JSON form has all.", "meta");
    }

    /// <summary>A link to the record at a place, or the place where it is not embedded.</summary>
    public string Place(SourcePlace place)
    {
        if (place.IsNone) return "follows from what is not there";
        string where = FormattableString.Invariant($"{place.Source}, {place.Record}, {place.Offset}+{place.Length}");
        return Report.Records.IdOf(place) is { } id ? $"<a href=\"#{id}\">{id}</a>" : $"<code>{T(where)}</code>";
    }

    /// <summary>What a record says, in a sentence.</summary>
    public static string Says(RawRecord record)
    {
        if (RecordFields.Of(record.Reading) is not { } fields)
            return record.Reading.Lines.Count == 0 ? "names the peers of this dump" : "a change of the session's state";
        if (fields.Peers > 1) return $"{Wording.Join(fields.Announced)} as {Wording.Count(fields.Peers)} peers hold it";
        string announces = fields.Announced.Count == 0 ? ""
            : $"announces {string.Join(", ", fields.Announced.Take(6))}{(fields.Announced.Count > 6 ? " …" : "")} by {fields.Path}, next hop {fields.NextHop}";
        string withdraws = fields.Withdrawn.Count == 0 ? ""
            : $"withdraws {string.Join(", ", fields.Withdrawn.Take(6))}{(fields.Withdrawn.Count > 6 ? " …" : "")}";
        return $"{fields.Peer} {string.Join("; ", new[] { announces, withdraws }.Where(part => part.Length > 0))}";
    }
}
