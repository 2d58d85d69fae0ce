using System.CommandLine;
using System.Globalization;

using Isthmus.Archives;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary><c>isthmus fetch</c>: brings what a period needs of the public archives into the cache.</summary>
internal static class FetchCommand
{
    public const string Examples = """
        A line for each file: address, state (fetched, cached, listed), bytes,
        SHA-256 and where it is, with tabs between. What is here once is used by all
        commands that ask the archives, with --offline without any server. Layouts,
        limits and the cache's form: docs/fetch.md.

        Examples:
          isthmus fetch --from 2017-10-01 --to 2017-10-02 --collector rrc00
          isthmus fetch --from 2017-10-01 --to 2017-10-02 --project ris --dry-run
          isthmus fetch --from 2017-10-01T09:00Z --to 2017-10-01T11:00Z --collector 'route-views.*'
          isthmus fetch --from 2011-01-10 --to 2011-01-10 --collector rrc06 --kind rib
          isthmus report KP --from 2017-10-01 --to 2017-10-02 --collector rrc00 --offline
        """;

    private static readonly Option<Timestamp?> _from = OptionText.Time("--from", "Start of the period.");

    private static readonly Option<Timestamp?> _to =
        OptionText.End("--to", "End of the period, which is not of it; a date alone is that whole day.");

    private static readonly Option<string?> _kind =
        ArchiveOptions.Words("--kind", "Only dumps, or only updates; both where not given.", "rib", "updates");

    private static readonly Option<bool> _plan = new("--dry-run") { Description = "List what would be fetched, and fetch no file of it." };

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("fetch", "Fetch what a period needs of the public archives, once, for all commands.")
        {
            _from, _to, _kind, _plan,
        };
        ArchiveOptions.AddTo(command);
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        if (parsed.GetValue(_from) is not { } from || parsed.GetValue(_to) is not { } to)
            throw new UsageException("fetch needs a period: give --from and --to");
        if (to <= from) throw new UsageException(
            $"--to {parsed.GetResult(_to)!.Tokens[0].Value} is not after --from {from}; give a period that has some length");
        bool isPlan = parsed.GetValue(_plan);
        var question = ArchiveOptions.QuestionOf(parsed, from, to);
        question = parsed.GetValue(_kind) switch
        {
            "rib" => question with { Period = question.Period with { Updates = false } },
            "updates" => question with { Period = question.Period with { Ribs = RibChoice.None } },
            _ => question,
        };
        using var cache = ArchiveOptions.OpenCache(parsed);
        var fetched = ArchiveOptions.Run(parsed, question, cache, isPlan, out var progress, stop);
        var registries = parsed.GetValue(DatedRegistryOptions.Asked) && !isPlan ? DatedRegistryOptions.Fetch(parsed, to, cache, stop) : [];
        using var output = Output.Open(null);
        foreach (var file in fetched.Files) output.Text.WriteLine(LineOf(file.File.Shown, file.Copy, file.File.RoughBytes));
        foreach (var one in registries) output.Text.WriteLine(LineOf(one.Copy.Shown, one.Copy, null));
        output.Complete();
        foreach (string missing in fetched.Missing) Terminal.Say($"missing: {missing}");
        Terminal.Say(SummaryOf(fetched, progress, cache));
        return fetched.Missing.Count == 0 ? ExitCode.Answered : ExitCode.Incomplete;
    }

    private static string LineOf(string address, CachedFile? copy, long? roughBytes) => string.Join('\t',
        address, copy is null ? "listed" : copy.IsNew ? "fetched" : "cached",
        (copy?.Bytes ?? roughBytes)?.ToString(CultureInfo.InvariantCulture) ?? "", copy?.Sha256 ?? "", copy?.Path ?? "");

    private static string SummaryOf(Fetched fetched, FetchProgress progress, ArchiveCache cache)
    {
        long bytes = fetched.Files.Sum(file => file.Copy?.Bytes ?? file.File.RoughBytes ?? 0);
        string files = $"{Wording.Count(fetched.Files.Count, "file", "files")}, {Megabytes(bytes)} MB";
        return fetched.Files.Any(file => file.Copy is null) ? $"{files} would be there, what the cache has among them"
            : $"{files}, of which {Megabytes(progress.BytesFetched)} MB came over the network now, with the lists; the cache is {cache.Folder}";
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("#,0.#", CultureInfo.InvariantCulture);
}
