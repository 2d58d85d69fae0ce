using System.CommandLine;

using Isthmus.Claims;
using Isthmus.Files;
using Isthmus.Reports;

namespace Isthmus.App;

/// <summary><c>isthmus check</c>: what a text says of routing, held against data.</summary>
internal static class CheckCommand
{
    public const string Examples = """
        Examples:
          isthmus check story.txt archive/ --from 2017-10-01 --to 2017-10-02
          isthmus check "AS20485 began to carry North Korea's routes at 09:07:51 UTC on 1 October 2017."
          isthmus check story.txt archive/ --subject AS131279 --format json
          pbpaste | isthmus check - archive/
        """;

    /// <summary>Characters of a text; a newspaper's longest page has fewer.</summary>
    private const int TextMax = 1_000_000;

    private static readonly Argument<string> _text = new("TEXT")
    {
        Description = "A file that holds the text, - for standard input, or the text itself in quotes.",
    };

    private static readonly Option<string?> _subject = new("--subject")
    {
        Description = "Whom the text is about (AS131279, KP, a prefix); found in the text where not given.",
        HelpName = "SUBJECT",
    };

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("check", "Hold a news text against data: each statement about routes confirmed, contradicted or not decidable.")
        {
            _text, SurveyOptions.Inputs, _subject,
        };
        AnswerOptions.AddTo(command);
        SurveyOptions.AddTo(command);
        CommandLine.RefuseUnknownOptions(command);
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        string[] given = parsed.GetValue(SurveyOptions.Inputs) ?? [];
        string text = TextOf(parsed.GetValue(_text)!, given);
        var registry = DatedRegistryOptions.Read(parsed, stop);
        var claims = new ClaimCheck(registry);
        string about = parsed.GetValue(_subject) ?? claims.SubjectOf(text)
            ?? throw new UsageException("the text names no network by number and no country; say whom it is about with --subject");
        var subject = SurveyOptions.SubjectOf(about, registry);
        if (parsed.GetValue(_subject) is null)
            Terminal.Say($"the text is taken to be about {subject.Name ?? subject.Text}; --subject says otherwise");
        var check = claims.Run(text, Report.Brief(Survey.Analyse(SurveyOptions.Replay(parsed, subject, registry, stop))));
        AnswerOptions.Write(parsed, (answer, width) => CheckText.Write(check, answer, width), json => CheckJson.Write(check, json));
        return check.Report.Coverage.Complete ? ExitCode.Answered : ExitCode.Incomplete;
    }

    // A sentence is no file name; what looks like one and is not there is a slip.
    private static string TextOf(string text, string[] inputs)
    {
        if (text is "-")
        {
            if (inputs.Contains("-")) throw new UsageException("both TEXT and INPUT are standard input; give one of them as a file");
            return Read(StandardInput.OpenText());
        }
        if (File.Exists(text))
        {
            using var reader = BoundedFile.OpenText(text, $"the text {text}", BoundedFile.ArticleBytesMax);
            return Read(reader);
        }
        return text.Contains(' ', StringComparison.Ordinal) ? text
            : throw new UsageException($"there is no file '{text}'; give a file, - for standard input, or the text itself in quotes");
    }

    private static string Read(TextReader reader)
    {
        char[] buffer = new char[TextMax + 1];
        int length = reader.ReadBlock(buffer);
        if (length > TextMax) throw new UsageException($"the text is longer than {TextMax:N0} characters; give the part that is to be checked");
        return new(buffer, 0, length);
    }
}
