using System.CommandLine;

using Isthmus.Export;
using Isthmus.Sources;
using Isthmus.Tables;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary><c>isthmus table</c>: what every peer held at a second.</summary>
internal static class TableCommand
{
    public const string Examples = """
        Examples:
          isthmus table archive/ --at 2017-10-01T09:30
          isthmus table archive/ --at 2017-10-01T09:30 --where 'prefix within 175.45.176.0/22'
          isthmus table archive/ --at 2017-10-01T09:30 --format parquet --out table.parquet
          isthmus table --at 2017-10-01T09:30 --from 2017-10-01 --to 2017-10-02 --collector rrc00
          isthmus table --at 2017-10-01T09:30 --store all.duckdb
        Each line is one of bgpdump -m for a dump of that time. Fields behind the path are empty, as
        attributes are not kept. Lines that begin with # say what the routes rest on, and what is not
        known; in JSON the first line does, in CSV and Parquet standard error. Rows of the state
        unknown say whose tables are not known then: what such a peer held beside the routes that are
        listed. The columns are those of docs/schema.md.
        """;

    private static readonly Option<Timestamp?> _at = OptionText.Time("--at", "The time that is asked about; what is said of that time counts.");

    private static readonly Option<string?> _where = new("--where")
    {
        Description = "Only the routes that fit, as 'origin 131279 and not peer-as 3333': by peer, prefix, path and collector (docs/filter.md).",
        HelpName = "FILTER",
    };

    private static readonly Option<string> _format = OptionText.Choice(
        "--format", "line is the form of bgpdump -m, json is JSON lines, csv has a header, parquet wants --out (docs/schema.md).",
        "line", "json", "csv", "parquet");

    private static readonly Option<string?> _out = OptionText.OutFile("--out", "Write to a file, not to standard output.");

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("table", "What every peer held at a second, of every prefix, from dumps and updates.")
        {
            SurveyOptions.Inputs, _at, _where, _format, _out, StoreOption.Store, SurveyOptions.From, SurveyOptions.To,
        };
        ArchiveOptions.AddTo(command);
        CommandLine.RefuseUnknownOptions(command);
        command.Validators.Add(result =>
        {
            bool Asked(Option option) => result.GetResult(option) is { Implicit: false };
            if (!Asked(_at)) result.AddError("table needs --at: the time that is asked about, as 2017-10-01T09:30");
            else if (!Asked(_out) && result.GetResult(_format) is { Tokens: [{ Value: "parquet" }] })
                result.AddError("--format parquet writes a file, no text: give --out FILE");
        });
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        string[] given = parsed.GetValue(SurveyOptions.Inputs) ?? [];
        var at = parsed.GetValue(_at)!.Value;
        Timestamp? from = parsed.GetValue(SurveyOptions.From), to = parsed.GetValue(SurveyOptions.To);
        bool hasPeriod = from is not null || to is not null;
        if (hasPeriod && (given.Length > 0 || parsed.GetValue(StoreOption.Store) is not null)) throw new UsageException(
            "--from and --to say what is taken of the public archives, and something else is given: leave them out");
        if (at < from || at >= to) throw new UsageException("--at does not lie between --from and --to");
        var where = OptionText.HeldRoutes(_where.Name, parsed.GetValue(_where));
        var format = Enum.Parse<ElementFormat>(parsed.GetValue(_format)!, ignoreCase: true);
        if (StoreOption.Open(parsed, given) is { } stored)
        {
            using (stored)
            {
                Output.RefuseOver(parsed, new([], [], null));
                string? selection = stored.Selection.Subjects.Count == 0 ? null : stored.Selection.ToString();
                return Write(parsed, HeldTable.Of(at, where, stored), format, selection);
            }
        }
        using var inputs = new Inputs();
        HeldTable table;
        var progress = new ReadProgress();
        using (new ProgressLine(progress))
        {
            var files = ArchiveOptions.Resolve(parsed, given, inputs, stop);
            Output.RefuseOver(parsed, files);
            table = HeldTable.Read(at, where, files, progress, stop);
        }
        return Write(parsed, table, format, null);
    }

    private static int Write(ParseResult parsed, HeldTable table, ElementFormat format, string? selection)
    {
        using var output = Output.Open(parsed.GetValue(_out));
        TableWriter.Write(table, format, selection, output.Stream);
        output.Complete();
        if (format is ElementFormat.Csv or ElementFormat.Parquet)
            foreach (string line in TableWords.Lines(table, selection)) Terminal.Say(line);
        SurveyOptions.TellViews(table.Coverage);
        return table.Complete ? ExitCode.Answered : ExitCode.Incomplete;
    }
}
