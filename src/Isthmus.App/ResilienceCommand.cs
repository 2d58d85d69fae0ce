using System.CommandLine;

using Isthmus.Cuts;
using Isthmus.Relationships;
using Isthmus.Resilience;
using Isthmus.Resilience.Words;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary><c>isthmus resilience</c>: how easily a country or network could be cut off.</summary>
internal static class ResilienceCommand
{
    public const string Examples = """
        Examples:
          isthmus resilience KP --at 2017-10-01T13:00            the sample
          isthmus resilience AS131279 archive/ --at 2017-10-01T13:00 --format json
          isthmus resilience all rib.20171001.0000.bz2 --at 2017-10-01T00:10
          isthmus resilience KP --store all.duckdb --at 2017-10-01T13:00
        Gateways and upstreams outside at one time, the smallest cuts, and, over the period of the
        data, whether others carried when an upstream went. all lists the countries, those that
        least would cut off first (docs/relationships.md).
        """;

    /// <summary>Countries that are listed in text.</summary>
    private const int CountriesMax = 60;

    private static readonly Argument<string> _subject = new("SUBJECT")
    {
        Description = "A network (AS131279), a country (KP, or its name) or a prefix (175.45.176.0/22); all for every country.",
    };

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("resilience",
            "How easily a country or network could be cut off, and whether others carried when one went.")
        {
            _subject, SurveyOptions.Inputs, WholeTableInput.At, WhatIfCommand.RelationshipsFile, DependCommand.Family, StoreOption.Store,
            SurveyOptions.From, SurveyOptions.To, RegistryOptions.CountryBy, RegistryOptions.Files, RegistryOptions.Override,
        };
        AnswerOptions.AddTo(command);
        ArchiveOptions.AddTo(command);
        CommandLine.RefuseUnknownOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(WholeTableInput.At) is not { Implicit: false })
                result.AddError("resilience needs --at: the time that is asked about, as 2017-10-01T09:30");
        });
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var registry = DatedRegistryOptions.Read(parsed, stop);
        string asked = parsed.GetValue(_subject)!;
        bool isAll = asked.Equals("all", StringComparison.OrdinalIgnoreCase);
        var subject = isAll ? null : SurveyOptions.SubjectOf(asked, registry);
        var given = WhatIfCommand.ReadRelationships(parsed);
        using var inputs = WholeTableInput.Open(parsed, stop);
        if (isAll && inputs.Selection is { } selection) throw new UsageException(
            $"the store keeps the routes of {selection} alone: all needs every prefix, as 'isthmus ingest --select all' keeps");
        var at = parsed.GetValue(WholeTableInput.At)!.Value;
        var ofDay = registry.At(DateOnly.FromDateTime(at.ToDateTimeOffset().UtcDateTime));
        var view = new Attribution.CountryView(ofDay, RegistryOptions.RuleOf(parsed));
        var table = inputs.Ask(at, subject is null ? null : WhatIfCommand.CountedFor(subject));
        var routes = subject is null ? null : new SubjectRoutes(table, subject, view, DependCommand.FamilyOf(parsed));
        var family = routes?.Family ?? (DependCommand.FamilyOf(parsed) is AddressFamily.IPv6 ? AddressFamily.IPv6 : AddressFamily.IPv4);
        var paths = given is null ? TableRelationships.PathsOf(table, family) : null;
        string relationships = paths is null ? $"of {Path.GetFileName(parsed.GetValue(WhatIfCommand.RelationshipsFile))}"
            : TableRelationships.Words(paths);
        var run = new ResilienceRun(ofDay, view, given ?? RankInference.Infer(paths!));
        int full = routes?.FullFeedAses ?? table.VantagePoints(family).Select(peer => table.Peers[peer].Peer.Asn).Distinct().Count();
        var report = new ResilienceReport(table, family, routes is null ? run.All(table, family, stop) : [run.Of(routes)], ofDay,
            relationships, full)
        {
            Selection = inputs.Selection,
        };
        if (subject is not null)
        {
            using var period = SurveyOptions.Open(parsed, subject, registry, stop);
            report = report with { Failovers = Failover.Of(Survey.Analyse(period.Ask(SurveyOptions.QuestionOf(parsed, subject))).Transit) };
        }
        AnswerOptions.Write(parsed, (text, width) =>
        {
            if (isAll) ResilienceText.WriteAll(report, CountriesMax, text, width); else ResilienceText.Write(report, text, width);
        }, json =>
        {
            if (isAll) ResilienceJson.WriteAll(report, json); else ResilienceJson.Write(report, json);
        });
        return DependCommand.CodeOf(table);
    }
}
