using Isthmus.Reports.Html.Pictures;
using Isthmus.Text;
using Isthmus.Transit.Changes;

namespace Isthmus.Reports.Html.Sections;

/// <summary>Headline, three sentences that open to their proof, and the figures of a glance.</summary>
internal static class FrontSection
{
    private const int LinksMax = 60;

    public static void Write(PageWriter page)
    {
        var (report, story) = (page.Report, page.Story);
        page.Line($"<header>\n<p class=\"kicker\">{PageWriter.T(story.Title)}</p>\n<h1>{PageWriter.T((story.NewsHeadline ?? story.Headline).Text)}</h1>");
        if (story.NewsHeadline is { } news)
        {
            Proof(page, news);
            page.Line($"<p class=\"standing\">{PageWriter.T(story.Headline.Text)}</p>");
        }
        page.Paragraph(story.Period, "period");
        Proof(page, story.Headline);
        page.Line("<div class=\"lead\">");
        foreach (var sentence in story.Lead)
        {
            page.Paragraph(sentence.Text);
            Proof(page, sentence);
        }
        page.Line("</div>\n<dl class=\"facts\">");
        var size = report.Transit.Size;
        var own = report.Transit.Changes.Where(change => change.Kind is not ChangeKind.FeedProblem).ToArray();
        int parts = story.Changes.Count(numbered => numbered.IsPart), high = own.Count(change => change.Confidence is Confidence.High);
        Fact(page, "Upstreams at the end", Wording.Count(report.Transit.Upstreams.Count(upstream => upstream.PeerAses > 0)), "");
        Fact(page, "Prefixes", Wording.Count(size.Prefixes), size.Ipv4Addresses > 0
            ? Wording.Count(size.Ipv4Addresses, "IPv4 address", "IPv4 addresses") : "");
        Fact(page, "Changes", Wording.Count(own.Length), (parts > 0 ? $"{Wording.Count(parts)} of them within others; " : "")
            + $"{(high == own.Length && high > 0 ? "all" : Wording.Count(high))} of high confidence");
        Fact(page, "Vantage points", Wording.Count(report.Coverage.PeerAses),
            $"networks at {Wording.Count(report.Coverage.Collectors.Count, "collector", "collectors")}");
        Fact(page, "Data", report.Coverage.Complete ? "complete" : "incomplete", Wording.Count(report.Coverage.Files.Count, "file", "files"));
        page.Line("</dl>");
        page.Line($"<p class=\"caveat\"><b>Before you print this.</b> {PageWriter.T(Definitions.Caveats)}</p>\n</header>");
    }

    /// <summary>What proves a sentence: the changes and records that it stands on.</summary>
    public static void Proof(PageWriter page, Sentence sentence)
    {
        var records = page.Story.Provenance.RecordsOf(sentence);
        var changes = page.Story.Changes.Where(numbered => sentence.Changes.Contains(numbered.Change.Id)).ToArray();
        string on = string.Join(", ", new[]
        {
            changes.Length > 0 ? Wording.Count(changes.Length, "change", "changes") : "",
            records.Count > 0 ? Wording.Count(records.Count, "record", "records") : "",
            sentence.RestsOnAll ? "all inputs" : "",
        }.Where(part => part.Length > 0));
        if (on.Length == 0) return;
        page.Details($"Proof: {on}", "proof");
        var listed = ListedChanges.Of(page.Story).Intersect(changes).ToArray();
        if (listed.Length > 0)
            page.Line($"<p>Changes: {string.Join(", ", listed.Select(numbered => $"<a href=\"#change-{numbered.Number}\">{numbered.Number}</a>"))}"
                + (changes.Length > listed.Length ? $" and {Wording.Count(changes.Length - listed.Length)} more, in the JSON form" : "") + ".</p>");
        if (sentence.RestsOnAll)
            page.Line($"<p>No single record proves this: it is counted over <a href=\"#inputs\">all {Wording.Count(page.Report.Coverage.Files.Count)} inputs</a>.</p>");
        if (records.Count > 0)
        {
            page.Line($"<p>Records: {string.Join(", ", records.Take(LinksMax).Select(page.Place))}"
                + (records.Count > LinksMax ? $" and {Wording.Count(records.Count - LinksMax)} more, in the JSON form" : "") + ".</p>");
        }
        page.EndDetails();
    }

    private static void Fact(PageWriter page, string name, string value, string beside) => page.Line(
        $"<div><dt>{PageWriter.T(name)}</dt><dd>{PageWriter.T(value)}{(beside.Length > 0 ? $"<small>{PageWriter.T(beside)}</small>" : "")}</dd></div>");
}
