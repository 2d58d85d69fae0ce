using System.CommandLine;

using Isthmus.Reports;
using Isthmus.Reports.Html;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary><c>isthmus history</c>: was somebody ever an upstream, when, how long, and how much was searched.</summary>
internal static class HistoryCommand
{
    public const string Examples = """
        Examples:
          isthmus history AS131279 archive/                     all that were ever seen
          isthmus history AS131279 archive/ --upstream AS22351  was Intelsat ever one?
          isthmus history KP --store kp.duckdb --at 2017-10-01T12:00   the upstreams with their shares then
          isthmus history KP --store kp.duckdb --html kp.html  a chart over all years that it keeps
          isthmus history KP archive/ --from 2012-01-01 --to 2014-01-01 --format json
        """;

    private static readonly Argument<string> _subject = new("SUBJECT")
    {
        Description = "A network (AS131279), a country (KP, or its name) or a prefix (175.45.176.0/22).",
    };

    private static readonly Option<Asn?> _upstream = new("--upstream")
    {
        Description = "Only this AS, and whether it was one at all.",
        HelpName = "ASN",
        CustomParser = result =>
        {
            if (result.Tokens is [var token] && Asn.TryParse(token.Value, null, out var asn)) return asn;
            result.AddError($"--upstream: '{(result.Tokens is [var wrong, ..] ? wrong.Value : "")}' is no AS number; write it like AS20485");
            return null;
        },
    };

    private static readonly Option<string?> _html = OptionText.OutFile("--html", "Write the page, one HTML file, beside the answer.");

    private static readonly Option<Timestamp?> _at = OptionText.Time("--at", "The upstreams and their shares at this time as well.");

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("history", "Was somebody ever an upstream of it, when, how long; and how much of the archive was searched.")
        {
            _subject, SurveyOptions.Inputs, _upstream, _at, _html,
        };
        AnswerOptions.AddTo(command);
        SurveyOptions.AddTo(command);
        CommandLine.RefuseUnknownOptions(command);
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var registry = DatedRegistryOptions.Read(parsed, stop);
        var subject = SurveyOptions.SubjectOf(parsed.GetValue(_subject)!, registry);
        var at = parsed.GetValue(_at);
        if (at < parsed.GetValue(SurveyOptions.From) || at > parsed.GetValue(SurveyOptions.To))
            throw new UsageException("--at does not lie in the period of --from and --to");
        using var asked = SurveyOptions.Open(parsed, subject, registry, stop);
        var question = SurveyOptions.QuestionOf(parsed, subject);
        var seen = asked.Ask(question);
        var search = SearchResult.Of(seen, parsed.GetValue(_upstream)) with
        {
            // What is said of that time counts, and the end of a period is not of it.
            At = at is { } time ? (time, Survey.Analyse(asked.Ask(question with { To = time + TimeSpan.FromMicroseconds(1) }))) : null,
        };
        AnswerOptions.Write(parsed, (text, width) => HistoryText.Write(search, text, width), json => HistoryJson.Write(search, json));
        if (parsed.GetValue(_html) is { } page)
        {
            using var beside = Output.Open(page);
            HistoryHtml.Write(search, Survey.Analyse(seen), beside.Text);
            beside.Complete();
            Terminal.Say($"the page is in {page}");
        }
        return seen.Coverage.Complete ? ExitCode.Answered : ExitCode.Incomplete;
    }
}
