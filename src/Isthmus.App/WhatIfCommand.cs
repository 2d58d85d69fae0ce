using System.CommandLine;

using Isthmus.Cuts;
using Isthmus.Cuts.Words;
using Isthmus.Relationships;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary><c>isthmus whatif</c>: what would happen without a network, a link or a country.</summary>
internal static class WhatIfCommand
{
    public const string Examples = """
        Examples:
          isthmus whatif KP --at 2017-10-01T13:00 --cut as:4837          the sample
          isthmus whatif AS131279 archive/ --at 2017-10-01T13:00 --cut link:4837-131279
          isthmus whatif KP archive/ --at 2017-10-01T13:00 --cut country:CN --cut as:20485
          isthmus whatif CU rib.bz2 --at 2014-05-30T22:10 --cut as:12956 --mode modelled
          isthmus whatif KP --store all.duckdb --at 2017-10-01T13:00 --cut border:CN \
              --mode modelled --relationships 20171001.as-rel.txt.bz2
        observed takes the paths that are seen, and says what is lost at most; modelled makes routes
        of relationships, and says how many vantage points it predicts (docs/relationships.md).
        """;

    /// <summary>Lines of a file that cannot be read, named on standard error.</summary>
    private const int FaultsMax = 10;

    private static readonly Argument<string> _subject = new("SUBJECT")
    {
        Description = "A network (AS131279), a country (KP, or its name) or a prefix (175.45.176.0/22).",
    };

    private static readonly Option<string[]> _cut = new("--cut")
    {
        Description = "What is taken away: as:4837, link:4837-131279, country:CN (its networks carry for nobody) or border:CN (its links with"
            + " the subject). May be given several times: all are taken away at once.",
        HelpName = "CUT",
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<string> _mode = OptionText.Choice("--mode",
        "observed: what the seen paths lose, an upper bound. modelled: routes as policy makes them of relationships.", "observed",
            "modelled");

    public static readonly Option<string?> RelationshipsFile = new("--relationships")
    {
        Description = "CAIDA's file of AS relationships (serial-1 or serial-2), in place of those inferred from the data.",
        HelpName = "FILE",
    };

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("whatif", "What a network or country would lose without a network, a link or a country.")
        {
            _subject, SurveyOptions.Inputs, WholeTableInput.At, _cut, _mode, RelationshipsFile, DependCommand.Family, StoreOption.Store,
                SurveyOptions.From,
            SurveyOptions.To, RegistryOptions.CountryBy, RegistryOptions.Files, RegistryOptions.Override,
        };
        AnswerOptions.AddTo(command);
        ArchiveOptions.AddTo(command);
        CommandLine.RefuseUnknownOptions(command);
        command.Validators.Add(result =>
        {
            bool Asked(Option option) => result.GetResult(option) is { Implicit: false };
            if (!Asked(WholeTableInput.At)) result.AddError("whatif needs --at: the time that is asked about, as 2017-10-01T09:30");
            else if (!Asked(_cut)) result.AddError("whatif needs --cut: what is taken away, as as:4837, link:4837-131279 or country:CN");
        });
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    /// <summary>The relationships of the file that is named; null where none is.</summary>
    public static RelationshipGraph? ReadRelationships(ParseResult parsed)
    {
        if (parsed.GetValue(RelationshipsFile) is not { } file) return null;
        var faults = new List<string>();
        var graph = RelationshipFile.Read(file, faults);
        foreach (string fault in faults.Take(FaultsMax)) Terminal.Say(fault);
        if (faults.Count > FaultsMax) Terminal.Say($"{faults.Count - FaultsMax} more lines of it say nothing that is known");
        return graph;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var cuts = new List<Cut>();
        foreach (string text in parsed.GetValue(_cut)!)
            cuts.Add(Cut.Read(text, out string? wrong) ?? throw new UsageException($"{_cut.Name}: {wrong}"));
        var registry = DatedRegistryOptions.Read(parsed, stop);
        var subject = SurveyOptions.SubjectOf(parsed.GetValue(_subject)!, registry);
        bool isModelled = parsed.GetValue(_mode) is "modelled";
        if (!isModelled && parsed.GetValue(RelationshipsFile) is not null)
            throw new UsageException($"{RelationshipsFile.Name} is about a model: give {_mode.Name} modelled, too");
        var given = ReadRelationships(parsed);
        using var inputs = WholeTableInput.Open(parsed, stop);
        var at = parsed.GetValue(WholeTableInput.At)!.Value;
        registry = registry.At(DateOnly.FromDateTime(at.ToDateTimeOffset().UtcDateTime));
        var table = inputs.Ask(at, CountedFor(subject));
        var routes = new SubjectRoutes(table, subject, new(registry, RegistryOptions.RuleOf(parsed)), DependCommand.FamilyOf(parsed));
        WhatIfAnswer answer;
        if (!isModelled) answer = ObservedCut.Run(routes, cuts);
        else
        {
            var paths = given is null ? TableRelationships.PathsOf(table, routes.Family) : null;
            var graph = given ?? RankInference.Infer(paths!);
            string from = paths is null ? $"of {Path.GetFileName(parsed.GetValue(RelationshipsFile))}" : TableRelationships.Words(paths);
            answer = new ModelledCut(routes, graph).Run(cuts, from, paths, stop);
        }
        AnswerOptions.Write(parsed, (text, width) => WhatIfText.Write(answer, registry, inputs.Selection, text, width),
            json => WhatIfJson.Write(answer, inputs.Selection, json));
        SurveyOptions.TellViews(table.Coverage);
        return table.Complete ? ExitCode.Answered : ExitCode.Incomplete;
    }

    /// <summary>Which prefixes a question takes: those that count world-wide, and those of a prefix that was asked for.</summary>
    public static Func<Prefix, bool>? CountedFor(Attribution.Subject subject) =>
        subject.Kind is not Attribution.SubjectKind.Prefix || PrefixFilter.CountsGlobally(subject.Prefix) ? null
            : prefix => PrefixFilter.CountsGlobally(prefix) || subject.Prefix.Covers(prefix);
}
