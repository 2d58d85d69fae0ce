using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

using Isthmus.Export;
using Isthmus.Export.Damage;
using Isthmus.Export.Dissection;
using Isthmus.Sources;

namespace Isthmus.App;

/// <summary><c>isthmus read</c>: route events, one a line, or their count.</summary>
internal static class ReadCommand
{
    public const string Examples = """
        Examples:
          isthmus read updates.20171001.0905.bz2 --where 'origin 131279'
          isthmus read archive/ --where 'path ~ "20485 131279$" and not peer-as 3333'
          isthmus read bview.20171001.0000.gz --count
          isthmus read archive/ --format json --out events.jsonl
          isthmus read updates.20171001.0905.bz2 --format parquet --out day.parquet
          isthmus read updates.20171001.0905.bz2 --ledger
          isthmus read updates.20171001.0905.bz2 --hex --where fault
          curl -s https://archive.example.net/updates.gz | isthmus read - --format csv
        """;

    /// <summary>Faults of records that a ledger which was asked for keeps of each file.</summary>
    private const int LedgerEntriesMax = 100_000;

    private static readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description = "Files, folders, tar or zip archives, globs, http(s) addresses or - for standard input: MRT or the text of bgpdump -m,"
            + " plain or gz, bz2, xz, zst.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> _format = OptionText.Choice(
        "--format", "line is the form of bgpdump -m, json is JSON lines, csv has a header, parquet wants --out (docs/schema.md).",
        "line", "json", "csv", "parquet");

    private static readonly Option<string?> _where = new("--where")
    {
        Description = "Only the events that fit, as 'origin 131279 and kind announcement'; docs/filter.md has the language.",
        HelpName = "FILTER",
    };

    private static readonly Option<bool> _count = new("--count") { Description = "Only count." };

    private static readonly Option<bool> _hex = new("--hex") { Description = "Take records apart: offset, bytes, and the name of each field." };

    private static readonly Option<RecordNumbers?> _record = new("--record")
    {
        Description = "With --hex: only the records of these numbers in each file, as 12 or 3,12-20.",
        HelpName = "N",
        CustomParser = result => result.Tokens is [var token] && RecordNumbers.TryParse(token.Value) is { } numbers ? numbers
            : OptionText.Wrong<RecordNumbers?>(result, $"--record: '{result.Tokens[0].Value}' is no number of a record; write it like 12, 12-20 or 3,12-20"),
    };

    private static readonly Option<string?> _ledger = new("--ledger")
    {
        Description = "Only what was read of each file and what is wrong with it; text where no form is given (docs/ledger.md).",
        HelpName = "text|json",
        Arity = ArgumentArity.ZeroOrOne,
        CompletionSources = { "text", "json" },
    };

    private static readonly Option<string?> _ledgerOut =
        OptionText.OutFile("--ledger-out", "Write the ledger to a file, beside what is asked for else.");

    private static readonly Option<string?> _out = OptionText.OutFile("--out", "Write to a file, not to standard output.");

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("read", "Print the route events of MRT files, or count them.")
        {
            _inputs, _where, _format, _count, _hex, _record, _ledger, _ledgerOut, _out,
        };
        CommandLine.RefuseUnknownOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_inputs) is { Tokens: [_, ..] } || IsLedgerFollowedByInput(result)) return;
            result.AddError("read needs an INPUT: a file, a folder, a glob or - for standard input");
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(_ledger) is not { Implicit: false } ledger) return;
            if (ledger.Tokens is [var form] && form.Value is not ("text" or "json"))
                result.AddError($"--ledger: '{form.Value}' is not known; there are text, json; with neither it stands behind INPUT");
            else if (result.GetResult(_count) is { Implicit: false } && result.GetResult(_ledgerOut) is not { Implicit: false })
                result.AddError("--ledger and --count are both asked for in place of the events; give one, or --ledger-out FILE");
        });
        command.Validators.Add(RefuseContradictions);
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    // Then what is missing is not the input: it was taken for the form.
    private static bool IsLedgerFollowedByInput(CommandResult result) =>
        result.GetResult(_ledger) is { Tokens: [{ Value: not ("text" or "json") }] };

    private static void RefuseContradictions(CommandResult result)
    {
        bool Asked(Option option) => result.GetResult(option) is { Implicit: false };
        bool isInPlace = Asked(_count) || Asked(_ledger) && !Asked(_ledgerOut);
        if (Asked(_hex) && (isInPlace || Asked(_format))) result.AddError("--hex, --count, --ledger and --format each say what is printed; give one of them");
        else if (isInPlace && Asked(_format)) result.AddError("--count and --ledger print no events, of which --format is the form; leave it out");
        else if (Asked(_record) && !Asked(_hex)) result.AddError("--record chooses what --hex takes apart; give --hex as well");
        else if (!isInPlace && !Asked(_out) && result.GetResult(_format) is { Tokens: [{ Value: "parquet" }] })
            result.AddError("--format parquet writes a file, no text: give --out FILE");
    }

    /// <summary>What is asked for, whoever has read the arguments.</summary>
    private sealed record Request(string[] Inputs)
    {
        public string? Where { get; init; }
        public ElementFormat Format { get; init; }
        public bool IsCount { get; init; }
        public bool IsHex { get; init; }
        public RecordNumbers? Records { get; init; }
        public bool AsksLedger { get; init; }
        public string? LedgerForm { get; init; }
        public string? LedgerFile { get; init; }
        public string? Out { get; init; }

        public bool IsLedger => AsksLedger && LedgerFile is null;
    }

    /// <summary>
    /// Counts, where all that is given is --count, one --where at the most, and inputs, in words that cannot mean anything else; null
    /// where the parser is needed. To make the parser and its options takes a native program as long as to count 5 MB.
    /// </summary>
    public static int? TryCount(ReadOnlySpan<string> args, CancellationToken stop) =>
        PlainCount(args) is var (inputs, where) ? Run(new(inputs) { IsCount = true, Where = where }, null, stop) : null;

    /// <summary>What such arguments behind the command give; null where they are others.</summary>
    internal static (string[] Inputs, string? Where)? PlainCount(ReadOnlySpan<string> args)
    {
        var inputs = new List<string>();
        string? where = null;
        bool isCount = false;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "--count" && !isCount) isCount = true;
            else if (args[i] is "--where" && where is null && i + 1 < args.Length && IsPlain(args[i + 1])) where = args[++i];
            else if (IsPlain(args[i])) inputs.Add(args[i]);
            else return null;
        }
        return isCount && inputs.Count > 0 ? ([.. inputs], where) : null;
    }

    // No option, none of the parser's own words, and no value of --count.
    private static bool IsPlain(string argument) =>
        argument is [not ('-' or '/' or '@' or '['), ..] or ['/', _, _, ..] && !bool.TryParse(argument, out _);

    private static int Run(ParseResult parsed, CancellationToken stop) => Run(
        new(parsed.GetValue(_inputs)!)
        {
            Where = parsed.GetValue(_where),
            Format = Enum.Parse<ElementFormat>(parsed.GetValue(_format)!, ignoreCase: true),
            IsCount = parsed.GetValue(_count),
            IsHex = parsed.GetValue(_hex),
            Records = parsed.GetValue(_record),
            AsksLedger = parsed.GetResult(_ledger) is { Implicit: false },
            LedgerForm = parsed.GetValue(_ledger),
            LedgerFile = parsed.GetValue(_ledgerOut),
            Out = parsed.GetValue(_out),
        },
        parsed, stop);

    private static int Run(Request asked, ParseResult? parsed, CancellationToken stop)
    {
        var where = OptionText.Filter("--where", asked.Where);
        using var inputs = new Inputs();
        // A ledger says of what cannot be read why, also where nothing can.
        bool asksLedger = asked.AsksLedger || asked.LedgerFile is not null;
        var standardInput = asked.Inputs.Contains("-") ? StandardInput.Open() : Stream.Null;
        var set = inputs.Resolve(asked.Inputs, standardInput, stop, orNone: asksLedger);
        foreach (string file in set.PassedOver) Terminal.Say($"passed over: {file}");
        foreach (string file in set.Unread) Terminal.Say($"not read: {file}");
        foreach (string address in set.Redirects) Terminal.Say($"redirected: {address}");
        if (parsed is not null) Output.RefuseOver(parsed, set);
        var progress = new ReadProgress();
        using var output = Output.Open(asked.Out);
        using var ledgerOutput = asked.LedgerFile is null ? null : Output.Open(asked.LedgerFile);
        using var writer = asked.IsLedger || asked.IsCount || asked.IsHex ? null : new ElementWriter(asked.Format, output.Stream);
        var request = new ReadRequest(set.Files)
        {
            Elements = writer,
            Where = where,
            FaultsKept = asksLedger ? LedgerEntriesMax : FaultLedger.ToldMax,
        };
        ReadTally tally;
        int? columns = !asked.IsCount && Terminal.IsOutput(asked.Out) ? Terminal.Columns : null;
        using (new ProgressLine(progress))
        {
            tally = asked.IsHex
                ? HexRun.Run(request, asked.Records, new(output.Text, columns), progress, stop)
                : ReadRun.Run(request, progress, stop);
        }
        tally = tally with { Unread = set.Unread, PassedOver = set.PassedOver, Redirects = set.Redirects };
        if (asked.IsCount) output.Text.WriteLine(tally.Elements.ToString(CultureInfo.InvariantCulture));
        if (asked.IsLedger) WriteLedger(tally, output, asked.LedgerForm, columns);
        if (ledgerOutput is not null) WriteLedger(tally, ledgerOutput, asked.LedgerForm, null);
        output.Complete();
        ledgerOutput?.Complete();
        if (tally.Damaged)
            foreach (string fault in tally.FaultLines()) Terminal.Say($"{fault}");
        foreach (var file in tally.Files)
            if (ViewWords.Of(file.Name, file.Faults.Views) is { } views) Terminal.Say($"{views}; --where 'view NAME' chooses one");
        if (PassedOverWords.Line(tally.NotDecoded) is { } passedOver) Terminal.Say(passedOver);
        if (set.Files.Count == 0) return ExitCode.Failed;
        return tally.Damaged || set.Unread.Count > 0 ? ExitCode.Incomplete : ExitCode.Answered;
    }

    private static void WriteLedger(ReadTally tally, Output output, string? form, int? columns)
    {
        if (form is "json") LedgerJson.Write(tally, output.Stream);
        else LedgerText.Write(tally, output.Text, columns);
    }
}
