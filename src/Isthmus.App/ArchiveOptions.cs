using System.CommandLine;
using System.Globalization;

using Isthmus.Archives;
using Isthmus.Sources;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary>The options that say what is taken of the public archives, by commands that get no INPUT and a whole period.</summary>
internal static class ArchiveOptions
{
    /// <summary>Addresses of archives, with spaces between, that are asked in place of the public ones.</summary>
    public const string ArchiveVariable = "ISTHMUS_ARCHIVE";

    /// <summary>So much the cache holds where nothing else is said.</summary>
    private const long CacheBytesDefault = 50_000_000_000;

    /// <summary>Notes of a run that are said; the rest are counted.</summary>
    private const int NotesMax = 20;

    public static readonly Option<string[]> Collector = new("--collector")
    {
        Description = "Collectors by name, in which * stands for any characters: rrc00, route-views.sg, 'rrc*'. May be given several times.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = false,
    };

    public static readonly Option<int?> Collectors = new("--collectors")
    {
        Description = "So many of them, those with the most different peer ASes that send all routes; reads up to 4 MiB of a dump of each.",
        HelpName = "N",
        CustomParser = result => result.Tokens is [var token]
            && int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count : OptionText.Wrong<int?>(result, $"--collectors: '{result.Tokens[0].Value}' is no number of collectors; write it like 8"),
    };

    public static readonly Option<string?> Project = Words("--project", "All collectors of a project.", "ris", "routeviews");

    public static readonly Option<string> Ribs = OptionText.Choice("--ribs",
        "Dumps beside the one that the period begins with: the first of each day, none, or all.", "daily", "first", "all");

    public static readonly Option<string[]> Archive = new("--archive")
    {
        Description = $"Folder on a server that has the collectors, in place of the public archives; also in {ArchiveVariable}. May be given several times.",
        HelpName = "URL",
        AllowMultipleArgumentsPerToken = false,
    };

    public static readonly Option<string?> Broker = new("--broker")
    {
        Description = "BGPKIT broker that says which files there are, in place of the archives' pages: https://api.bgpkit.com/v3/broker.",
        HelpName = "URL",
    };

    public static readonly Option<string?> Cache = new("--cache")
    {
        Description = "Folder that keeps what is fetched; isthmus in XDG_CACHE_HOME or ~/.cache where not given.",
        HelpName = "DIR",
    };

    public static readonly Option<long?> CacheSize = new("--cache-size")
    {
        Description = "So much is kept, as 500MB or 2TB; what was used longest ago goes first. 50GB where not given.",
        HelpName = "SIZE",
        CustomParser = result => result.Tokens is [var token] && TryParseSize(token.Value, out long size) ? size
            : OptionText.Wrong<long?>(result, $"--cache-size: '{result.Tokens[0].Value}' is no size; write it like 500MB, 50GB or 2TB"),
    };

    public static readonly Option<bool> Offline = new("--offline") { Description = "Ask no server: only what the cache has." };

    private static readonly Option[] _own =
    [
        Collector, Collectors, Project, Ribs, Archive, Broker, Cache, CacheSize, Offline, DatedRegistryOptions.Asked,
        DatedRegistryOptions.Mirror,
    ];

    /// <summary>When something is fetched and used; no answer depends on it.</summary>
    public static TimeProvider Clock => TimeProvider.System;

    /// <summary>Adds the options to a command.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in _own) command.Options.Add(option);
    }

    /// <summary>True where a command line asks the archives: for a whole period, without INPUT, and of no store.</summary>
    /// <exception cref="UsageException">It asks for something of them in another way.</exception>
    public static bool IsAsked(ParseResult parsed, IReadOnlyList<string> given)
    {
        if (parsed.GetValue(StoreOption.Store) is not null) return false;
        bool hasFrom = parsed.GetValue(SurveyOptions.From) is not null, hasTo = parsed.GetValue(SurveyOptions.To) is not null;
        var own = _own.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
        if (given.Count > 0 && own is not null)
            throw new UsageException($"{own.Name} is about the public archives, which are asked where no INPUT is given; leave one of them out");
        if (given.Count > 0) return false;
        if (own is not null && !(hasFrom && hasTo))
            throw new UsageException($"{own.Name} is about the public archives, which are asked for a period: give --from and --to");
        if (hasFrom != hasTo) throw new UsageException(
            $"no INPUT is given, and {(hasFrom ? "--from without --to" : "--to without --from")}: give both to ask the public archives, or INPUT");
        return hasFrom;
    }

    /// <summary>Refuses what is about the archives beside an option that asks something else.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public static void RefuseBeside(ParseResult parsed, string other)
    {
        if (_own.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } own)
            throw new UsageException($"{own.Name} is about the public archives, and {other} is given: leave one of them out");
    }

    /// <summary>Finds the inputs: those given, those of the archives, or the sample.</summary>
    public static InputSet Resolve(ParseResult parsed, IReadOnlyList<string> given, Inputs inputs, CancellationToken stop)
    {
        if (!IsAsked(parsed, given)) return inputs.Resolve(Sample.OrGiven(given, inputs), StandardInput.Open(), stop);
        var question = QuestionOf(parsed, parsed.GetValue(SurveyOptions.From)!.Value, parsed.GetValue(SurveyOptions.To)!.Value);
        var cache = OpenCache(parsed);
        try
        {
            var fetched = Run(parsed, question, cache, isPlan: false, out _, stop);
            return inputs.Resolve(fetched.Inputs, fetched.Missing, cache, stop);
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    /// <summary>The folder that a command line names for what is fetched, or the user's own.</summary>
    public static ArchiveCache OpenCache(ParseResult parsed) => new(parsed.GetValue(Cache) ?? CacheDefault(), Clock);

    /// <summary>The addresses that a command line asks, and the cache that it names.</summary>
    public static IEnumerable<string> PlacesOf(ParseResult parsed)
    {
        var question = QuestionOf(parsed, default, default);
        foreach (var archive in question.Archives) yield return archive.Name;
        if (question.Broker is { } broker) yield return broker.Name;
        if (parsed.GetValue(Cache) is { } folder) yield return folder;
    }

    private static string CacheDefault()
    {
        string? named = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string folder = Path.IsPathFullyQualified(named ?? "") ? named!
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(folder, "isthmus");
    }

    /// <summary>What a command line wants of the archives.</summary>
    public static FetchQuestion QuestionOf(ParseResult parsed, Timestamp from, Timestamp to)
    {
        string[] named = parsed.GetValue(Archive) ?? [];
        if (named.Length == 0)
            named = (Environment.GetEnvironmentVariable(ArchiveVariable) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Terminal.Hide(named);
        var question = new FetchQuestion(new(from, to)
        {
            Ribs = parsed.GetValue(Ribs) switch { "first" => RibChoice.First, "all" => RibChoice.All, _ => RibChoice.Daily },
        })
        {
            Collectors = parsed.GetValue(Collector) ?? [],
            Project = parsed.GetValue(Project) switch { "ris" => Routes.Project.Ris, "routeviews" => Routes.Project.RouteViews, _ => null },
            Most = parsed.GetValue(Collectors),
            Broker = parsed.GetValue(Broker) is { } broker ? ArchiveOf(Broker.Name, broker) : null,
            IsOffline = parsed.GetValue(Offline),
        };
        return named.Length == 0 ? question : question with { Archives = [.. named.Select(address => ArchiveOf(Archive.Name, address))] };
    }

    /// <summary>The archive at an address that an option names.</summary>
    public static Archives.Archive ArchiveOf(string option, string address)
    {
        try
        {
            return new(address);
        }
        catch (InputException wrong)
        {
            throw new UsageException($"{option}: {wrong.Message}");
        }
    }

    /// <summary>Asks the archives, with a line of progress on a terminal, and says what is worth to be known.</summary>
    public static Fetched Run(
        ParseResult parsed, FetchQuestion question, ArchiveCache cache, bool isPlan, out FetchProgress progress, CancellationToken stop)
    {
        if (question.IsDefault) Terminal.Say(
            $"of the archives the collectors {Wording.Join(FetchQuestion.CollectorsDefault)} are read; {Collector.Name}, {Collectors.Name} or {Project.Name} says which else");
        var notes = new List<string>();
        var fetching = progress = new FetchProgress(notes.Add);
        try
        {
            using var line = new ProgressLine(seconds => ProgressLine.Text(fetching, seconds));
            return new ArchiveFetch(question, cache, fetching, Clock).Run(isPlan, parsed.GetValue(CacheSize) ?? CacheBytesDefault, stop);
        }
        finally
        {
            foreach (string note in notes.Take(NotesMax)) Terminal.Say(note);
            if (notes.Count > NotesMax) Terminal.Say($"{Wording.Count(notes.Count - NotesMax)} more notes on the archives are not shown");
        }
    }

    /// <summary>An option that takes one of a few words, or is not given.</summary>
    public static Option<string?> Words(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            CustomParser = result => result.Tokens is [var token] && words.Contains(token.Value) ? token.Value
                : OptionText.Wrong<string?>(result, $"{name}: '{result.Tokens[0].Value}' is not known; there are {string.Join(", ", words)}"),
        };
        option.CompletionSources.Add(words);
        return option;
    }

    private static bool TryParseSize(string text, out long size)
    {
        size = 0;
        long unit = text.Length < 3 ? 0 : text[^2..].ToUpperInvariant() switch
        {
            "KB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "TB" => 1_000_000_000_000,
            _ => 0,
        };
        if (unit == 0 || !int.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            return false;
        size = count * unit;
        return count > 0;
    }
}
