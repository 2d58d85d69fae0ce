using System.CommandLine;
using System.Text.Json;

using Isthmus.Files;
using Isthmus.Reports;
using Isthmus.Reports.Html;
using Isthmus.Reports.Verification;
using Isthmus.Sources;
using Isthmus.Text;

namespace Isthmus.App;

/// <summary><c>isthmus verify</c>: makes a report again from its inputs and says whether it is the same, or where not.</summary>
internal static class VerifyCommand
{
    public const string Examples = """
        What is checked: every input by its SHA-256, every embedded record byte by
        byte at its place, then the whole report, made again by the command that it
        names, key by key, and a page line by line. A stranger's report may name any
        file or URL: what lies outside INPUT is listed, and opened only with
        --trust-arguments. Exit code 0 says equal, 1 not equal, 3 that inputs are
        missing, so that not all could be checked.

        Examples:
          isthmus verify kp.html --trust-arguments   the inputs that the report names
          isthmus verify kp.json samples/kp-2017-10  from a folder; only bytes matter
          isthmus verify kp.json 'archive/*.gz'
        """;

    /// <summary>Lines of each kind that are printed.</summary>
    private const int LinesMax = 20;

    private static readonly Argument<string> _report = new("REPORT")
    {
        Description = "A report in JSON or HTML, as isthmus report wrote it.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description = "Where its inputs are: files, folders, globs. Without any: where its command has them, with --trust-arguments.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> _out = OptionText.OutFile("--out", "Write what was found to a file, not to standard output.");

    private static readonly Option<bool> _trust = new("--trust-arguments")
    {
        Description = "Open the URLs and the files outside INPUT that the report's command names: inputs, registries, overrides, lists.",
    };

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("verify", "Make a report again from its inputs, and say whether it is equal or where not.")
        {
            _report, _inputs, _trust, _out,
        };
        CommandLine.RefuseUnknownOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_report) is not { Tokens: [_, ..] })
                result.AddError("verify needs a REPORT: a file that isthmus report wrote with --format json or html");
        });
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        string file = parsed.GetValue(_report)!;
        if (!File.Exists(file)) throw new InputException($"no such file: {file}; give a report in JSON or HTML");
        var stated = StatedReport.Read(file, BoundedFile.ReadAllBytes(file, $"the report {file}", BoundedFile.ReportBytesMax));
        Terminal.Hide(stated.Arguments);
        var command = ReportCommand.Build(stop).Parse([.. stated.Arguments.Skip(1)], CommandLine.Parsing);
        if (stated.Arguments is not ["report", ..] || command.Errors.Count > 0)
            throw new InputException($"{file} names no command that this program knows: {stated.Command}");
        if (!parsed.GetValue(_trust)) TrustedArguments.Require(command, parsed.GetValue(_inputs) ?? []);
        var verdict = new List<string>();
        int code;
        using (var inputs = new Inputs())
        {
            var progress = new ReadProgress();
            using var line = new ProgressLine(progress);
            var set = Resolve(parsed, command, inputs, stop);
            Output.RefuseOver(parsed, set);
            code = Verify(stated, command, set, new(verdict, progress, stop));
        }
        verdict.Insert(0, code switch
        {
            ExitCode.Answered => $"EQUAL: {file} is what its inputs give",
            ExitCode.Incomplete => $"NOT ALL CHECKED: inputs of {file} are missing",
            _ => $"NOT EQUAL: {file} is not what its inputs give",
        });
        using var output = Output.Open(parsed.GetValue(_out));
        // Scripts look for lines as they are.
        string? target = parsed.GetValue(_out);
        var page = new TextPage(output.Text, Terminal.IsOutput(target) ? Terminal.Columns : int.MaxValue);
        foreach (string text in verdict) page.Line(Terminal.WithoutSecrets(text));
        output.Complete();
        return code;
    }

    private static InputSet Resolve(ParseResult parsed, ParseResult command, Inputs inputs, CancellationToken stop)
    {
        var given = parsed.GetValue(_inputs) ?? [];
        if (given.Length > 0) return inputs.Resolve(given, StandardInput.Open(), stop);
        if (command.GetValue(StoreOption.Store) is not null)
            throw new UsageException("the report was made from a store; give the files that it was filled from as INPUT");
        var named = ReportCommand.InputsOf(command);
        return named.Contains("-")
            ? throw new UsageException("the report was made from standard input; give the file that was piped in, or - to pipe it again, as INPUT")
            : ArchiveOptions.Resolve(command, named, inputs, stop);
    }

    /// <summary>What a verification writes to and listens to.</summary>
    private sealed record Course(List<string> Verdict, ReadProgress Progress, CancellationToken Stop)
    {
        public void Say(string text, IReadOnlyCollection<string> lines)
        {
            Verdict.Add($"  {text}");
            Verdict.AddRange(lines.Take(LinesMax).Select(line => $"    {line}"));
            if (lines.Count > LinesMax) Verdict.Add($"    … and {Wording.Count(lines.Count - LinesMax)} more");
        }
    }

    private static int Verify(StatedReport stated, ParseResult command, InputSet set, Course course)
    {
        string here = typeof(Survey).Assembly.GetName().Version!.ToString(3);
        if (stated.Version != here) course.Say($"version  the report was made by isthmus {stated.Version}, this is {here}: differences may be the program's", []);
        var match = InputMatch.Find(stated, set.Files, course.Stop);
        course.Say($"inputs   {Wording.Count(match.Found.Count - match.Differing.Count)} of {Wording.Count(stated.Inputs.Count)} are there with the SHA-256 stated",
        [
            .. match.Differing.Select(entry => $"{entry.Input.File}: other bytes, SHA-256 {entry.Sha256} and not {entry.Input.Sha256}"),
            .. match.Missing.Select(input => $"{input.File}: missing, SHA-256 {input.Sha256}"),
        ]);
        if (match.Unused.Count > 0) course.Say($"         {Wording.Count(match.Unused.Count)} of the files given are no inputs of it, and were not used", []);
        var wrong = RecordCheck.Find(stated, match, out int looked, course.Stop);
        course.Say($"records  {Wording.Count(looked - wrong.Count)} of {Wording.Count(stated.Records.Count)} embedded records stand at their place, byte for byte", wrong);
        if (match.Found.Count == 0)
        {
            course.Say("content  not made again: none of the inputs is here", []);
            return ExitCode.Incomplete;
        }
        bool isEqual = CompareContent(stated, command, new(match.Found, Passed(set, stated), set.Notice ?? stated.Notice)
        {
            Unread = set.Unread.Count > 0 ? set.Unread : stated.Unread,
            Redirects = set.Redirects.Count > 0 ? set.Redirects : stated.Redirects,
        }, course);
        return match.Differing.Count > 0 || wrong.Count > 0 ? ExitCode.Failed
            : match.Missing.Count > 0 ? ExitCode.Incomplete
            : isEqual ? ExitCode.Answered : ExitCode.Failed;
    }

    private static byte[] JsonOf(Report report)
    {
        using var bytes = new MemoryStream();
        ReportJson.Write(report, bytes);
        return bytes.ToArray();
    }

    private static string PageOf(Report report)
    {
        using var page = new StringWriter { NewLine = "\n" };
        ReportHtml.Write(report, page);
        return page.ToString();
    }

    // Files that are no inputs are not asked for again; where they are there, they are compared.
    private static IReadOnlyList<string> Passed(InputSet set, StatedReport stated) =>
        set.PassedOver.Count > 0 ? set.PassedOver : stated.PassedOver;

    private static bool CompareContent(StatedReport stated, ParseResult command, InputSet inputs, Course course)
    {
        var report = ReportCommand.Make(command, () => inputs, embeds: true, course.Progress, course.Stop);
        bool isItsCommand = ReportCommand.IsCommandOf(stated.Command, report);
        if (isItsCommand) report = report with { Command = stated.Command };
        course.Say(isItsCommand ? "command  says what its arguments say; where its inputs lay is not checked, but their bytes are"
            : "command  does not say what its arguments say", []);
        string? page = stated.Page is null ? null : PageOf(report);
        using var rebuilt = page is null ? JsonDocument.Parse(JsonOf(report)) : JsonDocument.Parse(StatedReport.HeldBy(page));
        string[] differences = [.. ContentDifference.Between(stated.Content, rebuilt.RootElement).Select(found => found.ToString())];
        course.Say(differences.Length == 0 ? "content  equal, key by key" : $"content  {Wording.Count(differences.Length, "key differs", "keys differ")}", differences);
        if (stated.Page is null || page is null) return differences.Length == 0;
        string[] lines = stated.Page.Split('\n'), again = page.Split('\n');
        string[] changed = [.. Enumerable.Range(0, Math.Max(lines.Length, again.Length))
            .Where(index => index >= lines.Length || index >= again.Length || lines[index] != again[index])
            .Select(index => FormattableString.Invariant($"line {index + 1}"))];
        course.Say(changed.Length == 0 ? "page     equal, line by line" : $"page     {Wording.Count(changed.Length, "line differs", "lines differ")}",
            [.. changed.Take(1).Select(line => $"the first is {line}")]);
        return differences.Length == 0 && changed.Length == 0;
    }
}
