using System.CommandLine;

using Isthmus.Dependence;
using Isthmus.Dependence.Words;

namespace Isthmus.App;

/// <summary><c>isthmus exposure</c>: which countries and networks lie on the way to a subject.</summary>
internal static class ExposureCommand
{
    public const string Examples = """
        Examples:
          isthmus exposure KP --at 2017-10-01T13:00          the sample that comes with the program
          isthmus exposure AS131279 archive/ --at 2017-10-01T13:00 --format json
          isthmus exposure KP --store all.duckdb --at 2017-10-01T13:00
        A country is where a network on the way is registered, not where a cable lies or packets
        pass. Backbones of the world stand apart, and a country's own vantage points do not count
        for it.
        """;

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("exposure", "Which countries and networks lie on the way to it, and could observe.")
        {
            DependCommand.Subject, SurveyOptions.Inputs, WholeTableInput.At, StoreOption.Store, SurveyOptions.From, SurveyOptions.To,
            DependCommand.Family, RegistryOptions.CountryBy, RegistryOptions.Files, RegistryOptions.Override,
        };
        AnswerOptions.AddTo(command);
        ArchiveOptions.AddTo(command);
        CommandLine.RefuseUnknownOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(WholeTableInput.At) is not { Implicit: false })
                result.AddError("exposure needs --at: the time that is asked about, as 2017-10-01T09:30");
        });
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var registry = DatedRegistryOptions.Read(parsed, stop);
        var subject = SurveyOptions.SubjectOf(parsed.GetValue(DependCommand.Subject)!, registry);
        var at = parsed.GetValue(WholeTableInput.At)!.Value;
        if (at < parsed.GetValue(SurveyOptions.From) || at >= parsed.GetValue(SurveyOptions.To))
            throw new UsageException("--at does not lie between --from and --to");
        using var inputs = WholeTableInput.Open(parsed, stop);
        var told = DependCommand.Tell(parsed, inputs, subject, registry, [at], new DependenceOptions { Influence = null });
        AnswerOptions.Write(parsed, (text, width) => ExposureWords.WriteText(told, text, width),
            json => ExposureWords.WriteJson(told, json));
        return DependCommand.CodeOf(told.Table);
    }
}
