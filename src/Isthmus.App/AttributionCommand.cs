using System.CommandLine;

using Isthmus.Attribution;
using Isthmus.Reports;

namespace Isthmus.App;

/// <summary><c>isthmus attribution</c>: of which country prefixes and ASes are, by whose word.</summary>
internal static class AttributionCommand
{
    public const string Examples = """
        Examples:
          isthmus attribution KP                                 what is North Korea's, and where witnesses differ
          isthmus attribution 102.129.128.0/24                   of one prefix
          isthmus attribution AS134544 --registry as-org2info.txt.gz --override mine.txt
          isthmus attribution KP --format json --out kp.json
        """;

    private static readonly Argument<string> _subject = new("SUBJECT")
    {
        Description = "A network (AS131279), a country (KP, or its name) or a prefix (175.45.176.0/22).",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> _format = OptionText.Choice("--format", "Form of the answer.", "text", "json");

    private static readonly Option<string?> _out = OptionText.OutFile("--out", "Write the answer to a file, not to standard output.");

    public static Command Build()
    {
        var command = new Command("attribution", "Of which country prefixes and ASes are, by whose word, and where witnesses differ.")
        {
            _subject, _format, _out, RegistryOptions.CountryBy, RegistryOptions.Files, RegistryOptions.Override,
        };
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
        var registry = RegistryOptions.Read(parsed);
        var subject = Subjects.Resolve(parsed.GetValue(_subject)!, registry, out string? error) ?? throw new UsageException(error!);
        var ledger = AttributionLedger.Of(subject, new CountryView(registry, RegistryOptions.RuleOf(parsed)), registry);
        using var output = Output.Open(parsed.GetValue(_out));
        if (parsed.GetValue(_format) is "json") AttributionJson.Write(subject, ledger, registry, output.Stream);
        else AttributionText.Write(subject, ledger, registry, output.Text);
        output.Complete();
        RegistryOptions.TellUnused(ledger, registry);
        return ExitCode.Answered;
    }
}
