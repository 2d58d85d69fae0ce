using System.CommandLine;

using Isthmus.Attribution;
using Isthmus.Export.Damage;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary>The options of commands that ask a survey: the period, who holds what, and how the survey is run.</summary>
internal static class SurveyOptions
{
    public static readonly Argument<string[]> Inputs = new("INPUT")
    {
        Description = "Files, folders, archives, globs, http(s) addresses or - for standard input, as for report. Without any:"
            + " the public archives, for --from and --to; without these the sample.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static readonly Option<Timestamp?> From = OptionText.Time("--from", "Start of the period; the first record where not given.");

    public static readonly Option<Timestamp?> To = OptionText.End("--to",
        "End of the period, which is not of it; a date alone is that whole day. The last record where not given.");

    public static readonly Option<string?> Where = new("--where")
    {
        Description = "Only the vantage points that fit, as 'collector rrc* and not peer-as 3333': by peer, peer-as, collector, project, and of several tables in a dump by view (docs/filter.md).",
        HelpName = "FILTER",
    };

    /// <summary>Adds the options to a command.</summary>
    public static void AddTo(Command command)
    {
        Option[] own = [StoreOption.Store, From, To, Where, RegistryOptions.CountryBy, RegistryOptions.Files, RegistryOptions.Override];
        foreach (var option in own) command.Options.Add(option);
        ArchiveOptions.AddTo(command);
    }

    /// <summary>Who is meant by what a user typed.</summary>
    public static Subject SubjectOf(string text, RegistrySnapshot registry)
    {
        var subject = Subjects.Resolve(text, registry, out string? error) ?? throw new UsageException(error!);
        if (subject.IsAddress) Terminal.Say($"{text} is an address: the routes of every prefix that holds it are taken, but no default route");
        return subject;
    }

    /// <summary>What a command line asks of the inputs.</summary>
    public static Question QuestionOf(ParseResult parsed, Subject subject)
    {
        Timestamp? from = parsed.GetValue(From), to = parsed.GetValue(To);
        if (to <= from) throw new UsageException(
            $"--to {parsed.GetResult(To)!.Tokens[0].Value} is not after --from {from}; give a period that has some length");
        return new(subject, from, to, null, RegistryOptions.RuleOf(parsed))
        {
            Where = OptionText.VantagePoints(Where.Name, parsed.GetValue(Where)),
        };
    }

    /// <summary>Reads the inputs, with a line of progress on a terminal, or asks the store that is named.</summary>
    public static SeenRoutes Replay(ParseResult parsed, Subject subject, RegistrySnapshot registry, CancellationToken stop)
    {
        using var asked = Open(parsed, subject, registry, stop);
        return asked.Ask(QuestionOf(parsed, subject));
    }

    /// <summary>Finds the inputs, or opens the store that is named, to ask them one or more questions.</summary>
    public static AskedInputs Open(ParseResult parsed, Subject subject, RegistrySnapshot registry, CancellationToken stop)
    {
        if (parsed.GetValue(StoreOption.Store) is not null) Output.RefuseOver(parsed, new([], [], null));
        if (StoreOption.Open(parsed, parsed.GetValue(Inputs) ?? [], subject, registry) is { } stored)
        {
            return new(question => Survey.Recall(question, stored, registry), [stored]);
        }
        var inputs = new Inputs();
        try
        {
            var files = ArchiveOptions.Resolve(parsed, parsed.GetValue(Inputs) ?? [], inputs, stop);
            Output.RefuseOver(parsed, files);
            return new(question =>
            {
                var progress = new ReadProgress();
                using var line = new ProgressLine(progress);
                return Survey.Replay(question, files, registry, progress, stop);
            }, [inputs]);
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    /// <summary>Says how one of several tables that a dump holds is chosen.</summary>
    public static void TellViews(Coverage coverage)
    {
        foreach (var (file, views) in coverage.Views) Terminal.Say($"{ViewWords.Of(file, views)}; {Where.Name} 'view NAME' chooses one");
    }
}

/// <summary>Inputs or a store, open to be asked.</summary>
internal sealed class AskedInputs(Func<Question, SeenRoutes> ask, IReadOnlyList<IDisposable> open) : IDisposable
{
    private bool _hasToldViews;

    /// <summary>Asks a question.</summary>
    public SeenRoutes Ask(Question question)
    {
        var seen = ask(question);
        if (!_hasToldViews) SurveyOptions.TellViews(seen.Coverage);
        _hasToldViews = true;
        return seen;
    }

    public void Dispose()
    {
        foreach (var one in open) one.Dispose();
    }
}
