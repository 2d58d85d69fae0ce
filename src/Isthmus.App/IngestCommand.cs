using System.CommandLine;

using Isthmus.Sources;
using Isthmus.Store;
using Isthmus.Text;

namespace Isthmus.App;

/// <summary><c>isthmus ingest</c>: keeps what files of archives say, so that it can be asked without them.</summary>
internal static class IngestCommand
{
    public const string Examples = """
        Examples:
          isthmus ingest archive/ --store kp.duckdb --select KP    the routes of North Korea's prefixes
          isthmus ingest archive/2017.11/ --store kp.duckdb        more of the same, whenever it comes
          isthmus ingest archive/ --store all.duckdb               every prefix
          isthmus ingest --from 2017-10-01 --to 2017-10-03 --collector rrc00 --store kp.duckdb
          isthmus report KP --store kp.duckdb
        """;

    private static readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description = "Files, folders, archives, globs, http(s) addresses or - for standard input, as for report. Without any, and with --from"
            + " and --to: the public archives.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> _store = new("--store")
    {
        Description = "The store: a file, duckdb:FILE, or clickhouse://HOST:PORT/DATABASE. It is made where there is none.",
        HelpName = "STORE",
        Required = true,
    };

    private static readonly Option<string[]> _select = new("--select")
    {
        Description = "Whose routes to keep, of a new store: networks, countries, prefixes, or all. All where not given. May be given several times.",
        HelpName = "SUBJECT",
        AllowMultipleArgumentsPerToken = false,
    };

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("ingest", "Keep what files say in a store: each file once, in any order, at any time.")
        {
            _inputs, _store, _select, SurveyOptions.From, SurveyOptions.To, RegistryOptions.CountryBy, RegistryOptions.Files,
            RegistryOptions.Override,
        };
        ArchiveOptions.AddTo(command);
        CommandLine.RefuseUnknownOptions(command);
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static bool IsAll(string text) => text.Equals(StoreSelection.AllWord, StringComparison.OrdinalIgnoreCase);

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        string[] given = parsed.GetValue(_inputs) ?? [];
        if (!ArchiveOptions.IsAsked(parsed, given) && given.Length == 0)
            throw new UsageException("ingest needs INPUT, or --from and --to for the public archives");
        if (given.Length > 0 && (parsed.GetValue(SurveyOptions.From) ?? parsed.GetValue(SurveyOptions.To)) is not null)
            throw new UsageException("ingest takes all of an INPUT: --from and --to are for the public archives, without INPUT");
        var registry = DatedRegistryOptions.Read(parsed, stop);
        var address = StoreAddress.Parse(parsed.GetValue(_store)!);
        string[] asked = [.. (parsed.GetValue(_select) ?? []).SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries))];
        StoreSelection? selection = asked switch
        {
            [] => null,
            [var all] when IsAll(all) => new([], RegistryOptions.RuleOf(parsed)),
            _ when asked.Any(IsAll) => throw new UsageException("--select all is every prefix: leave the others out"),
            _ => new([.. asked.Select(text => SurveyOptions.SubjectOf(text, registry).Text).Distinct()], RegistryOptions.RuleOf(parsed)),
        };
        IngestResult result;
        using var inputs = new Inputs();
        var progress = new ReadProgress();
        using (new ProgressLine(progress))
        {
            var files = ArchiveOptions.Resolve(parsed, given, inputs, stop);
            string words = RegistryOptions.FingerprintOf(parsed);
            result = Ingest.Run(
                address, files, selection, text => SurveyOptions.SubjectOf(text, registry), registry, words, progress, stop);
        }
        foreach (string problem in result.Problems) Terminal.Say(problem);
        foreach (string fault in result.Faults) Terminal.Say(fault);
        var summary = StoreSummary.Of(address);
        string told = $"{Wording.Count(result.Added, "file", "files")} added, {Wording.Count(result.Known)} stored before; {address} keeps"
            + $" {Wording.Count(summary.Spans, "span", "spans")} of {Wording.Count(summary.Prefixes, "prefix", "prefixes")}";
        new TextPage(Console.Out, Terminal.IsOutput(null) ? Terminal.Columns : int.MaxValue).Line(told);
        return result.Problems.Count + result.Faults.Count > 0 ? ExitCode.Incomplete : ExitCode.Answered;
    }
}
