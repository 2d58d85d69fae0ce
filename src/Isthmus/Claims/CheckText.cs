using System.Text;

using Isthmus.Reports;

namespace Isthmus.Claims;

/// <summary>Writes a checked text for people: each statement with its mark, why, and the closest true figure.</summary>
public static class CheckText
{
    private const int Width = 100, Indent = 4;

    /// <summary>Writes all of it.</summary>
    public static void Write(CheckedText check, TextWriter output)
    {
        var report = check.Report;
        if (report.Notice is { } notice) output.Write($"*** {notice} ***\n");
        int Count(Mark mark) => check.Claims.Count(claim => claim.Mark == mark);
        output.Write($"{Wording.Count(check.Claims.Count, "statement", "statements")} about the routes to {Names.Full(report.Subject)}: "
            + $"{Count(Mark.Confirmed)} confirmed, {Count(Mark.Contradicted)} contradicted, {Count(Mark.NotDecidable)} not decidable\n");
        output.Write($"held against {Wording.Count(report.Coverage.Files.Count, "file", "files")} from "
            + $"{Wording.Count(report.Coverage.Collectors.Count, "collector", "collectors")}, {new Story(report).Period}\n");
        if (!report.Coverage.Complete || report.Coverage.Where is not null) output.Write($"{CoverageWords.Verdict(report.Coverage)}\n");
        foreach (var judged in check.Claims) Write(judged, report, output);
        if (check.Claims.Count == 0) output.Write("\nNo statement was found that routing could decide. That is no judgement of the text.\n");
        output.Write($"\n{Caveat}\n");
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

    private static void Write(JudgedClaim judged, Report report, TextWriter output)
    {
        var claim = judged.Claim;
        string mark = judged.Mark is Mark.NotDecidable ? "NOT DECIDABLE" : Word(judged.Mark).ToUpperInvariant();
        output.Write($"\n{mark}  {KindOf(claim)}\n");
        Wrap($"\"{claim.Words}\"", output);
        Wrap(judged.Why, output);
        if (judged.Closest is { } closest) Wrap($"Closest true figure: {closest.TrimEnd('.')}.", output);
        foreach (string id in judged.Changes.Take(3)) Evidence(id, report, output);
    }

    private static void Evidence(string id, Report report, TextWriter output)
    {
        if (report.Transit.Changes.FirstOrDefault(change => change.Id == id) is not { } change) return;
        string place = change.Witnesses.Where(witness => witness.Step.Evidence.Record > 0).Select(witness =>
        {
            var evidence = witness.Step.Evidence;
            return FormattableString.Invariant(
                $"; first of {change.Witnesses.Count} records: {report.Observations.Files[evidence.File].Name}, record {evidence.Record}, byte {evidence.Offset}");
        }).FirstOrDefault() ?? "";
        output.Write($"    [{id}{place}]\n");
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
        _ => "name and number",
    };

    private static void Wrap(string text, TextWriter output)
    {
        var line = new StringBuilder();
        foreach (string word in text.ReplaceLineEndings(" ").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && Indent + line.Length + 1 + word.Length > Width)
            {
                output.Write($"    {line}\n");
                line.Clear();
            }
            if (line.Length > 0) line.Append(' ');
            line.Append(word);
        }
        if (line.Length > 0) output.Write($"    {line}\n");
    }
}
