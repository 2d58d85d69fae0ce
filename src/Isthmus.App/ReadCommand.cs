using System.CommandLine;
using System.Globalization;

using Isthmus.Reports.Elements;
using Isthmus.Sources;

namespace Isthmus.App;

/// <summary><c>isthmus read</c>: route events, one a line, or their count.</summary>
internal static class ReadCommand
{
    public const string Examples = """
        Examples:
          isthmus read updates.20171001.0905.bz2 --where 'origin 131279'
          isthmus read archive/ --where 'prefix within 175.45.176.0/22 and not path ~ "4837 131279$"'
          isthmus read bview.20171001.0000.gz --count
          isthmus read archive/ --format json --out events.jsonl
          curl -s https://archive.example.net/updates.gz | isthmus read - --format csv
        """;

    private static readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description = "Files, folders, globs or - for standard input: MRT, plain or gz, bz2, zst.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> _format = OptionText.Choice(
        "--format", "line is the form of bgpdump -m, json is JSON lines, csv has a header.", "line", "json", "csv");

    private static readonly Option<string?> _where = new("--where")
    {
        Description = "Only the events that fit, as 'origin 131279 and kind announcement'; docs/filter.md has the language.",
        HelpName = "FILTER",
    };

    private static readonly Option<bool> _count = new("--count") { Description = "Only count." };

    private static readonly Option<string?> _out = OptionText.OutFile("--out", "Write to a file, not to standard output.");

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("read", "Print the route events of MRT files, or count them.")
        {
            _inputs, _where, _format, _count, _out,
        };
        CommandLine.RefuseUnknownOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_inputs) is { Tokens: [_, ..] }) return;
            result.AddError("read needs an INPUT: a file, a folder, a glob or - for standard input");
        });
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var where = OptionText.Filter("--where", parsed.GetValue(_where));
        using var inputs = new Inputs();
        var set = inputs.Resolve(parsed.GetValue(_inputs)!, Console.OpenStandardInput(), stop);
        foreach (string file in set.PassedOver) Console.Error.WriteLine($"isthmus: passed over: {file}");
        var progress = new ReadProgress();
        using var output = Output.Open(parsed.GetValue(_out));
        using var writer = parsed.GetValue(_count)
            ? null : new ElementWriter(Enum.Parse<ElementFormat>(parsed.GetValue(_format)!, ignoreCase: true), output.Stream);
        ReadTally tally;
        using (new ProgressLine(progress)) tally = ReadRun.Run(set.Files, writer, progress, stop, where);
        if (writer is null) output.Text.WriteLine(tally.Elements.ToString(CultureInfo.InvariantCulture));
        output.Complete();
        foreach (string fault in tally.FaultLines()) Console.Error.WriteLine($"isthmus: {fault}");
        return tally.Damaged ? ExitCode.Incomplete : ExitCode.Answered;
    }
}
