using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Shares;

namespace Isthmus.Reports;

/// <summary>Writes a report as a page of plain text that a person reads.</summary>
public sealed class ReportText(Report report, TextWriter output, int width)
{
    private const int PrefixesMax = 24, UpstreamsMax = 12, VantagePointsMax = 12, MissingMax = 20, IncidentsMax = 12, NameMax = 50;

    private readonly Story _story = new(report);
    private readonly TextPage _page = new(output, width);

    /// <summary>Writes the page.</summary>
    /// <param name="width">Columns to wrap at.</param>
    public static void Write(Report report, TextWriter output, int width = 100) => new ReportText(report, output, width).Write();

    private void Write()
    {
        if (report.Notice is { } notice) Paragraph($"*** {notice} ***", "");
        _page.Heading(_story.Headline.Text, '=');
        Line(_story.Period);
        Line();
        foreach (var sentence in _story.Lead) Paragraph(sentence.Text, "");
        Line();
        Course();
        Incidents();
        Changes();
        Families();
        Upstreams();
        Prefixes();
        MoreSpecifics();
        Inside();
        AttributionText.Section(_page, report);
        Heading("What this rests on");
        foreach (string sentence in CoverageWords.Read(report)) Paragraph(sentence, "  ");
        Missing();
        VantagePoints();
        Heading("What the figures mean");
        foreach (var definition in Definitions.Shares) Paragraph($"{definition.Name}: {definition.Text}", "  ");
        Line();
        foreach (string limit in Definitions.Limits) Paragraph(limit, "  ");
        Line();
        foreach (string source in report.Registry.Sources) Paragraph($"Registry: {source}", "  ");
        Line();
        Paragraph($"Cite as: {Citation.Text(report, _story)}", "  ");
    }

    private void Course()
    {
        if (_story.Course.Count == 0) return;
        Heading("In order (UTC)");
        foreach (var sentence in _story.Course) Paragraph(sentence.Text, "  ");
        if (_story.Local.Note(report.From, report.To) is { } note) Paragraph(note, "  ");
        Line();
    }

    private void Incidents()
    {
        if (_story.Incidents.Count == 0) return;
        Heading("Incidents and their phases (UTC)");
        foreach (var incident in _story.Incidents.Take(IncidentsMax))
        {
            Paragraph(incident.Heading.Text, "  ");
            foreach (var (_, sentence) in incident.Phases) Paragraph(sentence.Text, "      ");
        }
        More(_story.Incidents.Count - IncidentsMax, "incidents");
        Line();
    }

    private void Changes()
    {
        Heading("What changed (UTC)");
        if (_story.Changes.Count == 0) Paragraph(_story.NoChange, "  ");
        foreach (var (number, change, isPart) in _story.Changes)
        {
            string indent = isPart ? "      " : "  ";
            string head = $"{ChangeWords.Moment(change)}  {number,-4} ";
            Paragraph(head + _story.Words.What(change), indent, hang: head.Length);
            string inner = indent + new string(' ', head.Length);
            if (ChangeWords.Which(change, PrefixesMax) is { Length: > 0 } which) Paragraph(which, inner);
            string[] details =
            [
                _story.Local.At(change.Time), ChangeWords.Lasted(change), ChangeWords.Dating(change), $"seen by {ChangeWords.Seen(change)}",
                ChangeWords.Shares(change) is { Length: > 0 } shares ? $"{ChangeWords.ShareName(change)} {shares}" : "",
                $"confidence {KindWords.Token(change.Confidence)}",
            ];
            Paragraph(string.Join("; ", details.Where(detail => detail.Length > 0)), inner);
            if (change.Confidence is not Confidence.High)
                foreach (string reason in TestimonyWords.Reasons(change)) Paragraph(reason, inner);
        }
        Line();
    }

    private void Upstreams()
    {
        var upstreams = report.Transit.Upstreams.Where(upstream => upstream.PeerAses > 0).ToArray();
        if (upstreams.Length == 0) return;
        Heading($"Who carries it at the end, by six measures. {Definitions.NotTraffic}");
        var table = new SharesText(report.Transit.Shares, width);
        if (table.Head is { } head) Line(head);
        foreach (var upstream in upstreams.Take(UpstreamsMax))
            foreach (string line in table.Lines(upstream, Wording.Cut(_story.Names.Brief(upstream.Asn), NameMax))) Line(line);
        More(upstreams.Length - UpstreamsMax, "upstreams");
        foreach (string sentence in ShareWords.Explanation(report.Transit)) Paragraph(sentence, "  ");
        Line();
    }

    private void VantagePoints()
    {
        var points = report.Transit.VantagePoints;
        if (points.Count == 0) return;
        Heading("The vantage points");
        foreach (string sentence in CourtWords.Sentences(points)) Paragraph(sentence, "  ");
        VantagePoint[] remarkable = [.. points.Where(CourtWords.IsRemarkable)];
        foreach (var point in remarkable.Take(VantagePointsMax))
            Paragraph($"{point.Peer.Collector.Name} {point.Peer.Asn} {point.Peer.Address}: {CourtWords.Findings(point)}", "    ", hang: 2);
        More(remarkable.Length - VantagePointsMax, "vantage points");
        Line();
    }

    private void Prefixes()
    {
        var prefixes = report.Transit.Prefixes;
        if (prefixes.Count == 0) return;
        Heading($"Its prefixes at the end: {_story.Size}");
        foreach (var prefix in prefixes.Take(PrefixesMax)) Prefix(prefix);
        More(prefixes.Count - PrefixesMax, "prefixes");
        Line();
    }

    // What is longer than the world-wide table takes stands apart, and counts nowhere.
    private void MoreSpecifics()
    {
        var prefixes = report.Transit.MoreSpecifics;
        if (prefixes.Count == 0) return;
        Heading($"Longer than /24 or /48, in no figure: {Wording.Count(prefixes.Count, "prefix", "prefixes")}");
        foreach (var prefix in prefixes.Take(PrefixesMax)) Prefix(prefix);
        More(prefixes.Count - PrefixesMax, "prefixes");
        Line();
    }

    private void Inside()
    {
        var inside = report.Transit.Inside;
        if (inside.Count == 0) return;
        Heading(InsideWords.Heading(report.Transit));
        foreach (var prefix in InsideWords.Order(inside).Take(PrefixesMax)) Paragraph(InsideWords.Line(prefix, _story.Names), "  ", hang: 21);
        More(inside.Count - PrefixesMax, "routes");
        Line();
    }

    private void Prefix(PrefixState prefix)
    {
        string by = (prefix.Upstreams.Count == 0 ? "" : "by ") + StateWords.Carriers(prefix, asn => asn.ToString());
        Paragraph($"{prefix.Prefix,-20} {StateWords.Origins(prefix),-12} seen by {StateWords.SeenBy(report, prefix),6}  {by}", "  ", hang: 21);
    }

    private void Families()
    {
        if (report.Transit.Families.Count < 2) return;
        Heading("IPv4 and IPv6 apart, at the end");
        foreach (var family in report.Transit.Families) Paragraph(StateWords.Beside(family, _story.Names), "  ");
        Line();
    }

    private void Missing()
    {
        Paragraph(CoverageWords.Verdict(report.Coverage), "  ");
        var missing = CoverageWords.Missing(report.Coverage);
        foreach (string line in missing.Take(MissingMax)) Paragraph(line, "    ");
        More(missing.Count - MissingMax, "lines");
        Line();
    }

    private void More(int count, string what) => _page.More(count, what);

    private void Heading(string text) => _page.Heading(text);

    private void Line(string text = "") => _page.Line(text);

    private void Paragraph(string text, string indent, int hang = 0) => _page.Paragraph(text, indent, hang);
}
