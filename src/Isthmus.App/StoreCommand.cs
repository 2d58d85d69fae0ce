using System.CommandLine;
using System.Text.Json;

using Isthmus.Store;
using Isthmus.Text;

namespace Isthmus.App;

/// <summary><c>isthmus store</c>: what is in a store, and whether it is sound.</summary>
internal static class StoreCommand
{
    public const string Examples = """
        Examples:
          isthmus store kp.duckdb            whose routes, of which collectors and times, where files are missing
          isthmus store kp.duckdb --check    held against its own sums
          isthmus store kp.duckdb --export kp-parquet     all of it as Parquet files
          isthmus store new.duckdb --import kp-parquet    and a store of these
          isthmus store kp.duckdb --migrate  of an older version of the program, brought to this one's
        """;

    private static readonly Argument<string> _store = new("STORE") { Description = "The store: a file, duckdb:FILE, or clickhouse://HOST:PORT/DATABASE." };

    private static readonly Option<bool> _check = new("--check") { Description = "Hold all rows against the store's own sums and rules." };

    private static readonly Option<bool> _migrate = new("--migrate")
    {
        Description = "Bring a store that an older version made to this one's schema; FILE.schema-N.bak keeps it as it was.",
    };

    private static readonly Option<string?> _export = new("--export")
    {
        Description = "Write all of it as Parquet files, the spans by day, into a folder that is not there yet.",
        HelpName = "FOLDER",
    };

    private static readonly Option<string?> _import = new("--import")
    {
        Description = "Make the store, which is not there yet, of a folder that --export wrote.",
        HelpName = "FOLDER",
    };

    public static Command Build()
    {
        var command = new Command("store", "What is in a store: whose routes, from which files, of which times; and whether it is sound.")
        {
            _store, _check, _migrate, _export, _import,
        };
        AnswerOptions.AddTo(command);
        CommandLine.RefuseUnknownOptions(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var address = StoreAddress.Parse(parsed.GetValue(_store)!);
        if (parsed.GetValue(_import) is { } from) StoreFolder.Import(address, from);
        if (parsed.GetValue(_export) is { } folder)
            Terminal.Say($"{Wording.Count(StoreFolder.Export(address, folder), "file", "files")} in {folder}");
        if (parsed.GetValue(_migrate))
            Terminal.Say(Migration.Run(address) is { } done ? $"{address} was of schema {done.From} and is of {done.To}; {done.Backup} is what it was"
                : $"{address} is of this version's schema already");
        var summary = StoreSummary.Of(address);
        var wrong = parsed.GetValue(_check) ? StoreSummary.Check(address) : null;
        AnswerOptions.Write(
            parsed, (text, width) => WriteText(address, summary, wrong, new(text, width)), json => WriteJson(summary, wrong, json));
        return wrong is { Count: > 0 } ? ExitCode.Failed : ExitCode.Answered;
    }

    private static void WriteText(StoreAddress address, StoreSummary summary, IReadOnlyList<string>? wrong, TextPage page)
    {
        page.Line($"{address} keeps the routes of {Whose(summary.Selection)}");
        page.Line($"  {Wording.Count(summary.Spans, "span", "spans")} of {Wording.Count(summary.Prefixes, "prefix", "prefixes")} with"
            + $" {Wording.Count(summary.Paths, "path", "paths")}, {Wording.Count(summary.Bytes)} bytes, schema {summary.Schema}");
        foreach (var collector in summary.Collectors)
        {
            var record = collector.Record;
            string times = collector is { From: { } from, To: { } to } ? $"{Wording.Moment(from)} to {Wording.Moment(to)}" : "no events";
            page.Line($"  {record.Collector.Name}: {times}, {Wording.Count(record.Files.Count, "file", "files")},"
                + $" {Wording.Count(record.Peers.Count, "session", "sessions")}");
            foreach (var gap in collector.Gaps) page.Line($"    no updates from {Wording.Moment(gap.From)} to {Wording.Moment(gap.To)}");
        }
        if (summary.Collectors.Count == 0) page.Line("  nothing yet: 'isthmus ingest INPUT --store …' adds files");
        if (wrong is null) return;
        page.Line(wrong.Count == 0 ? "SOUND: all rows are those that were written" : "NOT SOUND: make it again from its files");
        foreach (string line in wrong) page.Line($"  {line}");
    }

    private static string Whose(StoreSelection selection) => selection.Subjects.Count == 0 ? "every prefix" : selection.ToString();

    private static void WriteJson(StoreSummary summary, IReadOnlyList<string>? wrong, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new() { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("schema", summary.Schema);
        json.WriteStartArray("selection");
        foreach (string subject in summary.Selection.Subjects.DefaultIfEmpty(StoreSelection.AllWord)) json.WriteStringValue(subject);
        json.WriteEndArray();
        json.WriteNumber("bytes", summary.Bytes);
        json.WriteNumber("spans", summary.Spans);
        json.WriteNumber("prefixes", summary.Prefixes);
        json.WriteNumber("paths", summary.Paths);
        json.WriteStartArray("collectors");
        foreach (var collector in summary.Collectors)
        {
            json.WriteStartObject();
            json.WriteString("collector", collector.Record.Collector.Name);
            json.WriteString("from", collector.From?.ToString());
            json.WriteString("to", collector.To?.ToString());
            json.WriteNumber("files", collector.Record.Files.Count);
            json.WriteNumber("sessions", collector.Record.Peers.Count);
            json.WriteStartArray("gaps");
            foreach (var gap in collector.Gaps)
            {
                json.WriteStartObject();
                json.WriteString("from", gap.From.ToString());
                json.WriteString("to", gap.To.ToString());
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (wrong is not null)
        {
            json.WriteBoolean("sound", wrong.Count == 0);
            json.WriteStartArray("wrong");
            foreach (string line in wrong) json.WriteStringValue(line);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
    }
}
