using Isthmus.Reports;
using Isthmus.Text;

namespace Isthmus.Claims;

/// <summary>Writes a checked text for people: each statement with its mark, why, and the closest true figure.</summary>
public static class CheckText
{
    /// <summary>Characters of one statement that are printed; the text itself has the rest.</summary>
    private const int StatementMax = 1000;

    /// <summary>Writes all of it.</summary>
    /// <param name="width">Columns to wrap at.</param>
    public static void Write(CheckedText check, TextWriter output, int width = 100)
    {
        var page = new TextPage(output, width);
        var report = check.Report;
        if (report.Notice is { } notice) page.Paragraph($"*** {notice} ***", "");
        int Count(Mark mark) => check.Claims.Count(claim => claim.Mark == mark);
        page.Paragraph($"{Wording.Count(check.Claims.Count, "statement", "statements")} about the routes to {Names.Full(report.Subject)}: "
            + $"{Count(Mark.Confirmed)} confirmed, {Count(Mark.Contradicted)} contradicted, {Count(Mark.NotDecidable)} not decidable", "");
        page.Paragraph($"held against {Wording.Count(report.Coverage.Files.Count, "file", "files")} from "
            + $"{Wording.Count(report.Coverage.Collectors.Count, "collector", "collectors")}, {new Story(report).Period}", "");
        if (!report.Coverage.Complete || report.Coverage.Where is not null) page.Paragraph(CoverageWords.Verdict(report.Coverage), "");
        foreach (var judged in check.Claims) Write(judged, report, page);
        if (check.Claims.Count == 0) Apart(page, "No statement was found that routing could decide. That is no judgement of the text.");
        if (check.Unjudged > 0) Apart(page, $"{Wording.Count(check.Unjudged, "more statement was", "more statements were")} found and not judged: "
            + $"a text is judged up to {Wording.Count(ClaimCheck.ClaimsMax)} statements. Give it in parts.");
        Apart(page, Caveat);
    }

    /// <summary>What a reader must know of every such check.</summary>
    public const string Caveat =
        "Found and judged by fixed rules; what they do not understand is passed over. Routes are not traffic; registered in is not located in.";

    /// <summary>The mark as it is printed and as JSON has it.</summary>
    public static string Word(Mark mark) => mark switch
    {
        Mark.Confirmed => "confirmed",
        Mark.Contradicted => "contradicted",
        _ => "not-decidable",
    };

    private static void Write(JudgedClaim judged, Report report, TextPage page)
    {
        var claim = judged.Claim;
        string mark = judged.InPart ? "NOT DECIDABLE (confirmed in part)"
            : judged.Mark is Mark.NotDecidable ? "NOT DECIDABLE" : Word(judged.Mark).ToUpperInvariant();
        Apart(page, $"{mark}  {KindOf(claim)}");
        Statement($"\"{Wording.Cut(claim.Words, StatementMax)}\"", page);
        Statement(judged.Why, page);
        if (judged.Closest is { } closest) Statement($"Closest true figure: {closest.TrimEnd('.')}.", page);
        foreach (string id in judged.Changes.Take(3)) Evidence(id, report, page);
    }

    private static void Evidence(string id, Report report, TextPage page)
    {
        if (report.Transit.Changes.FirstOrDefault(change => change.Id == id) is not { } change) return;
        string place = change.Witnesses.Where(witness => !witness.Step.Place.IsNone)
            .Select(witness => $"; first of {change.Witnesses.Count} records: {witness.Step.Place}").FirstOrDefault() ?? "";
        page.Paragraph($"[{id}{place}]", "    ");
    }

    /// <summary>What a claim states, in a word or two.</summary>
    public static string KindOf(Claim claim) => claim.Kind switch
    {
        ClaimKind.Carries when claim.Until is not null => "carried from when to when",
        ClaimKind.Carries => "who carries",
        ClaimKind.Began => "began",
        ClaimKind.Ended => "ended",
        ClaimKind.Returned => "returned",
        ClaimKind.Share => claim.Number is { } number ? $"share: {number.Text}" : "share",
        ClaimKind.Part => claim.Number is { } part ? $"part: {part.Text}" : "part",
        ClaimKind.Size => claim.Number is { } size ? $"size: {size.Text}" : "size",
        ClaimKind.Sole => "sole upstream",
        ClaimKind.First => "first time",
        ClaimKind.Outage => "outage",
        ClaimKind.Unstable => "unstable",
        ClaimKind.Vanished => "disappeared",
        ClaimKind.CameBack => "came back",
        ClaimKind.Lost => claim.Number is { } lost ? $"lost: {lost.Text}" : "lost",
        ClaimKind.Gained => claim.Number is { } gained ? $"gained: {gained.Text}" : "gained",
        _ => "name and number",
    };

    // What stands in the text on several lines is one statement.
    private static void Statement(string text, TextPage page) =>
        page.Paragraph(string.Join(' ', text.ReplaceLineEndings(" ").Split(' ', StringSplitOptions.RemoveEmptyEntries)), "    ");

    private static void Apart(TextPage page, string text)
    {
        page.Line();
        page.Paragraph(text, "");
    }
}
