using System.CommandLine;
using System.Text.RegularExpressions;

using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Reports.Html;
using Isthmus.Reports.Records;
using Isthmus.Sources;
using Isthmus.Transit.Shares;

namespace Isthmus.App;

/// <summary><c>isthmus report</c>: who carries the subject, what changed, when, how sure.</summary>
internal static partial class ReportCommand
{
    public const string Examples = """
        Examples:
          isthmus report KP                    the sample that comes with the program
          isthmus report KP --html kp.html     the same, and as a page beside it
          isthmus report AS131279 rib.20171001.0000.bz2 updates.20171001.*.bz2
          isthmus report KP archive/ --where 'collector rrc00 and not peer-as 3333'
          isthmus report KP archive/ --weight country
          isthmus report 175.45.176.0/22 archive/ --from 2017-10-01 --format json
          isthmus report KP --from 2017-10-01 --to 2017-10-02 --collector rrc00
          isthmus report KP --store kp.duckdb  what 'isthmus ingest' has kept
          zcat bview.gz | isthmus report "North Korea" -
        """;

    private static readonly Argument<string> _subject = new("SUBJECT")
    {
        Description = "A network (AS131279), a country (KP, or its name) or a prefix (175.45.176.0/22).",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description = "Files, folders, tar or zip archives, globs, http(s) addresses or - for standard input: MRT or the text of bgpdump -m,"
            + " plain or gz, bz2, xz, zst. Without any: the public archives, for --from and --to; without these the sample.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<TimeSpan?> _bin =
        OptionText.Span("--bin", "Width of the bins of the series; 5m for up to a week where not given, wider for more.");

    private static readonly Option<string> _weight =
        OptionText.Choice("--weight", "Who has one vote in the shares: each peer AS, or each country of peer ASes.", "peer-as", "country");

    private static readonly Option<string> _format = OptionText.Choice("--format", "Form of the answer.", "text", "json", "html");

    private static readonly Option<string?> _out = OptionText.OutFile("--out", "Write the answer to a file, not to standard output.");

    private static readonly Option<string?> _html = OptionText.OutFile("--html", "Write the page, one HTML file, beside the answer.");

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("report", "Who carries a network, country or prefix; what changed, when, seen by whom, how surely.")
        {
            _subject, _inputs, StoreOption.Store, SurveyOptions.From, SurveyOptions.To, SurveyOptions.Where, _bin, _weight, _format, _out,
            _html, RegistryOptions.CountryBy, RegistryOptions.Files, RegistryOptions.Override,
        };
        ArchiveOptions.AddTo(command);
        CommandLine.RefuseUnknownOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_subject) is not { Tokens: [_, ..] })
            {
                result.AddError("report needs a SUBJECT: a network as AS131279, a country as KP, or a prefix");
            }
        });
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        Report report;
        string format = parsed.GetValue(_format)!;
        using var inputs = new Inputs();
        var progress = new ReadProgress();
        using (new ProgressLine(progress))
        {
            InputSet Resolve()
            {
                var set = ArchiveOptions.Resolve(parsed, InputsOf(parsed), inputs, stop);
                Output.RefuseOver(parsed, set);
                return set;
            }

            bool embeds = format is not "text" || parsed.GetValue(_html) is not null;
            report = parsed.GetValue(StoreOption.Store) is null
                ? Make(parsed, Resolve, embeds, progress, stop) : Recall(parsed, embeds, stop);
        }

        using var output = Output.Open(parsed.GetValue(_out));
        Write(report, format, output, Terminal.ColumnsFor(parsed.GetValue(_out)));
        if (parsed.GetValue(_html) is { } page)
        {
            using var beside = Output.Open(page);
            Write(report, "html", beside, Terminal.ColumnsDefault);
            Terminal.Say($"the page is in {page}");
        }
        SurveyOptions.TellViews(report.Coverage);
        return report.Coverage.Complete ? ExitCode.Answered : ExitCode.Incomplete;
    }

    /// <summary>The INPUT arguments of a command line; none where the sample is meant.</summary>
    public static IReadOnlyList<string> InputsOf(ParseResult parsed) => parsed.GetValue(_inputs) ?? [];

    /// <summary>Makes the report that a command line asks for.</summary>
    /// <param name="resolve">Finds the inputs, when the rest of the command line has been understood.</param>
    /// <param name="embeds">True to read the records that prove it once more, for a form that holds them.</param>
    public static Report Make(ParseResult parsed, Func<InputSet> resolve, bool embeds, ReadProgress progress, CancellationToken stop)
    {
        var registry = DatedRegistryOptions.Read(parsed, stop);
        var question = QuestionOf(parsed, registry);
        var files = resolve();
        return Make(parsed, Survey.Replay(question, files, registry, progress, stop), registry, embeds ? files.Files : null, stop);
    }

    // The same of what a store keeps; records are read from the files that it was filled from, where they are there still.
    private static Report Recall(ParseResult parsed, bool embeds, CancellationToken stop)
    {
        var registry = RegistryOptions.Read(parsed);
        var question = QuestionOf(parsed, registry);
        using var stored = StoreOption.Open(parsed, InputsOf(parsed), question.Subject, registry)!;
        Output.RefuseOver(parsed, new([], [], null));
        return Make(parsed, Survey.Recall(question, stored, registry), registry, embeds ? stored.InputsThere() : null, stop);
    }

    private static Question QuestionOf(ParseResult parsed, RegistrySnapshot registry) =>
        SurveyOptions.QuestionOf(parsed, SurveyOptions.SubjectOf(parsed.GetValue(_subject)!, registry)) with
        {
            Bin = parsed.GetValue(_bin),
            Weighting = parsed.GetValue(_weight) is "country" ? Weighting.Country : Weighting.PeerAs,
        };

    private static Report Make(
        ParseResult parsed, SeenRoutes seen, RegistrySnapshot registry, IReadOnlyList<InputFile?>? inputs, CancellationToken stop)
    {
        var report = Report.Of(Survey.Analyse(seen));
        if (report.Attribution is { } ledger) RegistryOptions.TellUnused(ledger, registry);
        report = report with { Command = CommandOf(parsed), Arguments = ArgumentsOf(parsed) };
        return inputs is null ? report : RecordEmbedding.Embed(report, inputs, stop);
    }

    private static void Write(Report report, string format, Output output, int columns)
    {
        if (format is "json") ReportJson.Write(report, output.Stream);
        else if (format is "html") ReportHtml.Write(report, output.Text);
        else ReportText.Write(report, output.Text, columns);
        output.Complete();
    }

    private static string CommandOf(ParseResult parsed) =>
        "isthmus " + string.Join(' ',
            WordsOf(parsed).Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word));

    // A report's own command line is parsed without the program's other commands, and lacks the first word then. An address
    // may hold a password or a signature, and a report is published.
    private static string[] WordsOf(ParseResult parsed)
    {
        string[] words = [.. parsed.Tokens.Select(token => Inputs.ShownOf(token.Value))];
        return words is ["report", ..] ? words : ["report", .. words];
    }

    /// <summary>True when a stated command line is the one of the report's arguments, but for where the answer goes.</summary>
    public static bool IsCommandOf(string? stated, Report report) =>
        stated is not null && OutputOption().Replace(stated, "") == OutputOption().Replace(report.Command ?? "", "");

    [GeneratedRegex("""\x20--(?:out|html|format) (?:"[^"]*"|[^ ]+)(?= |$)""")]
    private static partial Regex OutputOption();

    // Where the answer goes is no part of the question.
    private static string[] ArgumentsOf(ParseResult parsed)
    {
        string[] outputs = ["--out", "--html", "--format"];
        string[] words = WordsOf(parsed);
        return [.. words.Where((word, index) => !outputs.Contains(word) && (index == 0 || !outputs.Contains(words[index - 1])))];
    }
}
