using System.CommandLine;

using Isthmus.Cuts;
using Isthmus.Rankings;
using Isthmus.Rankings.Words;
using Isthmus.Registry;
using Isthmus.Relationships;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary><c>isthmus rank</c>: who carries most for others.</summary>
internal static class RankCommand
{
    public const string Examples = """
        Examples:
          isthmus rank rib.20171001.0000.bz2 --at 2017-10-01T00:10
          isthmus rank archive/ --at 2017-10-01T00:10 --country KP --by prefixes
          isthmus rank archive/ --at 2017-10-01T00:10 --before 2017-09-01T00:10 --region asia
          isthmus rank --store all.duckdb --at 2017-10-01T00:10 --by sqrt --top 50 --format json
        A network scores by the prefixes of which paths show it on the side of their customers; the
        part of peer ASes counts, the highest and lowest tenth left out. Not traffic.
        """;

    private const int TopDefault = 20;

    private static readonly Option<string?> _country = new("--country")
    {
        Description = "Prefixes of a country alone, by its code or name.",
        HelpName = "COUNTRY",
    };

    private static readonly Option<string?> _region = new("--region")
    {
        Description = $"Prefixes of a continent alone: {string.Join(", ", Continents.Names)}.",
        HelpName = "CONTINENT",
    };

    private static readonly Option<string> _by = OptionText.Choice("--by",
        "addresses, the square root of these by prefix (large blocks count less), prefixes, or origin ASes.", "addresses", "sqrt",
            "prefixes", "ases");

    private static readonly Option<Timestamp?> _before = OptionText.Time("--before",
        "An earlier time to compare with, over the same peers.");

    private static readonly Option<int> _top = new("--top")
    {
        Description = "Networks that are listed; 20 where not given.",
        HelpName = "N",
        DefaultValueFactory = _ => TopDefault,
        CustomParser = result => result.Tokens is [var token] && int.TryParse(token.Value, out int top) && top > 0 ? top
            : OptionText.Wrong<int>(result, $"--top: '{result.Tokens[0].Value}' is no number of networks; write it like 50"),
    };

    private static readonly Option<string> _family = OptionText.Choice("--family", "IPv4 and IPv6 are two networks.", "ipv4", "ipv6");

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("rank", "Who carries most for others, in the world, a country or a continent.")
        {
            SurveyOptions.Inputs, WholeTableInput.At, _country, _region, _by, _before, _top, _family, WhatIfCommand.RelationshipsFile,
            StoreOption.Store, SurveyOptions.From, SurveyOptions.To, RegistryOptions.CountryBy, RegistryOptions.Files,
                RegistryOptions.Override,
        };
        AnswerOptions.AddTo(command);
        ArchiveOptions.AddTo(command);
        CommandLine.RefuseUnknownOptions(command);
        command.Validators.Add(result =>
        {
            bool Asked(Option option) => result.GetResult(option) is { Implicit: false };
            if (!Asked(WholeTableInput.At)) result.AddError("rank needs --at: the time that is asked about, as 2017-10-01T09:30");
            else if (Asked(_country) && Asked(_region)) result.AddError("--country and --region: give one of them");
        });
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var registry = DatedRegistryOptions.Read(parsed, stop);
        var (scope, countries) = ScopeOf(parsed);
        var by = Enum.Parse<RankMeasure>(parsed.GetValue(_by)!, ignoreCase: true);
        var question = new RankQuestion(by, parsed.GetValue(_family) is "ipv6" ? AddressFamily.IPv6 : AddressFamily.IPv4, countries);
        var at = parsed.GetValue(WholeTableInput.At)!.Value;
        var before = parsed.GetValue(_before);
        if (before >= at) throw new UsageException("--before is not earlier than --at");
        var given = WhatIfCommand.ReadRelationships(parsed);
        using var inputs = WholeTableInput.Open(parsed, stop);
        if (inputs.Selection is { } selection && !inputs.Selection.Equals(scope, StringComparison.Ordinal))
            throw new UsageException($"the store keeps the routes of {selection} alone: a ranking needs every prefix, as 'isthmus ingest --select all' keeps");
        registry = registry.At(DateOnly.FromDateTime(at.ToDateTimeOffset().UtcDateTime));
        var view = new Attribution.CountryView(registry, RegistryOptions.RuleOf(parsed));
        var table = inputs.Ask(at);
        var peers = TransitRanking.PeersOf(table, question.Family);
        int full = peers.Count;
        string relationships = given is null ? "" : $"of {Path.GetFileName(parsed.GetValue(WhatIfCommand.RelationshipsFile))}";
        TransitRanking? earlier = null;
        if (before is { } time)
        {
            var was = inputs.Ask(time);
            var same = TransitRanking.PeersOf(was, question.Family).ToDictionary(peer => was.Peers[peer].Peer);
            peers = [.. peers.Where(peer => same.ContainsKey(table.Peers[peer].Peer))];
            int[] then = [.. peers.Select(peer => same[table.Peers[peer].Peer])];
            var graph = given ?? RankInference.Infer(TableRelationships.PathsOf(was, question.Family));
            earlier = TransitRanking.Of(was, then, question, view, graph, stop);
        }
        var paths = given is null ? TableRelationships.PathsOf(table, question.Family) : null;
        var ranking = TransitRanking.Of(table, peers, question, view, given ?? RankInference.Infer(paths!), stop);
        if (earlier is not null) ranking = ranking.Since(earlier);
        var report = new RankReport(table, question, scope, ranking, registry, paths is null ? relationships
            : TableRelationships.Words(paths),
            parsed.GetValue(_top))
        {
            BeforeAt = before,
            FullFeedAses = full,
            Selection = inputs.Selection,
        };
        AnswerOptions.Write(parsed, (text, width) => RankWords.WriteText(report, text, width), json => RankWords.WriteJson(report, json));
        return DependCommand.CodeOf(table);
    }

    private static (string Scope, IReadOnlySet<Country>? Countries) ScopeOf(ParseResult parsed)
    {
        if (parsed.GetValue(_country) is { } country)
            return CountryNames.Called(country) is [var one] ? (one.ToString(), new HashSet<Country> { one })
                : throw new UsageException($"--country: '{country}' is no country; give one as KP or \"North Korea\"");
        if (parsed.GetValue(_region) is not { } region) return ("world", null);
        return Continents.Of(region) is { } countries ? (region.Trim().ToLowerInvariant().Replace(' ', '-'), countries)
            : throw new UsageException($"--region: '{region}' is not known; there are {string.Join(", ", Continents.Names)}");
    }
}
