using System.CommandLine;

using Isthmus.Attribution;
using Isthmus.Reports;

namespace Isthmus.App;

/// <summary><c>isthmus attribution</c>: of which country prefixes and ASes are, by whose word.</summary>
internal static class AttributionCommand
{
    public const string Examples = """
        Examples:
          isthmus attribution KP                what is North Korea's, and who differs
          isthmus attribution 102.129.128.0/24  of one prefix
          isthmus attribution AS134544 --registry as-org2info.txt.gz --override mine.txt
          isthmus attribution KP --format json --out kp.json
        """;

    private static readonly Argument<string> _subject = new("SUBJECT")
    {
        Description = "A network (AS131279), a country (KP, or its name) or a prefix (175.45.176.0/22).",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Build()
    {
        var command = new Command("attribution", "Of which country prefixes and ASes are, by whose word, and where witnesses differ.")
        {
            _subject,
        };
        AnswerOptions.AddTo(command);
        foreach (Option option in (Option[])[RegistryOptions.CountryBy, RegistryOptions.Files, RegistryOptions.Override])
            command.Options.Add(option);
        CommandLine.RefuseUnknownOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_subject) is not { Tokens: [_, ..] })
                result.AddError("attribution needs a SUBJECT: a network as AS131279, a country as KP, or a prefix");
        });
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        // Without data there is no day that is asked for.
        var registry = RegistryOptions.Read(parsed).At(null);
        var subject = SurveyOptions.SubjectOf(parsed.GetValue(_subject)!, registry);
        var ledger = AttributionLedger.Of(subject, new CountryView(registry, RegistryOptions.RuleOf(parsed)), registry);
        AnswerOptions.Write(parsed,
            (text, width) => AttributionText.Write(subject, ledger, registry, text, width),
            json => AttributionJson.Write(subject, ledger, registry, json));
        RegistryOptions.TellUnused(ledger, registry);
        return ExitCode.Answered;
    }
}
