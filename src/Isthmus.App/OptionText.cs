using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

using Isthmus.Files;
using Isthmus.Filters;
using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary>Reads the values of options, and says what is wrong with one in the user's terms.</summary>
internal static class OptionText
{
    /// <summary>Characters of a date without a time, 2017-10-01.</summary>
    private const int DateLength = 10;

    private static readonly Timestamp _lastDay = Timestamp.Parse("9999-12-31");

    /// <summary>An option that takes an instant.</summary>
    public static Option<Timestamp?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => Single(result) is not { } text ? null
            : Timestamp.TryParse(text, null, out var time) ? time
            : Wrong<Timestamp?>(result, NoTime(name, text)),
    };

    /// <summary>
    /// An option that takes the end of a period, which is not of it. A date without a time means that whole day, so its end.
    /// </summary>
    public static Option<Timestamp?> End(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => Single(result) is not { } text ? null
            : !Timestamp.TryParse(text, null, out var time) ? Wrong<Timestamp?>(result, NoTime(name, text))
            : text.Length > DateLength ? time
            : time < _lastDay ? time + TimeSpan.FromDays(1)
            : Wrong<Timestamp?>(result, $"{name}: the day after {text} has no date; give an earlier one"),
    };

    /// <summary>An option that takes a length of time.</summary>
    public static Option<TimeSpan?> Span(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SPAN",
        CustomParser = result => Single(result) is { } text && TryParse(text, out var span) ? span
            : Wrong<TimeSpan?>(result, $"{name}: '{Single(result)}' is no length of time; write it like 30s, 5m, 1h or 1d"),
    };

    /// <summary>An option that takes one of a few words.</summary>
    public static Option<string> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => words[0],
            CustomParser = result => Single(result) is { } text && words.Contains(text) ? text
                : Wrong<string>(result, $"{name}: '{Single(result)}' is not known; there are {string.Join(", ", words)}"),
        };
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>An option that takes a file to write.</summary>
    public static Option<string?> OutFile(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "FILE" };
        option.Validators.Add(result =>
        {
            string? file = result.Tokens is [var token] ? token.Value : null;
            if (file is null or "-") return;
            if (file.Contains("://", StringComparison.Ordinal))
            {
                result.AddError($"{name}: '{Sources.Inputs.ShownOf(file)}' is an address; name a file");
                return;
            }
            string? folder = Path.GetDirectoryName(Path.GetFullPath(file));
            if (Directory.Exists(file)) result.AddError($"{name}: '{file}' is a folder; name a file in it");
            else if (!Directory.Exists(folder)) result.AddError($"{name}: there is no folder '{folder}'; make it first");
        });
        return option;
    }

    /// <summary>Reads the filter that an option gives; null for none.</summary>
    public static Filter? Filter(string name, string? text) => Filter(name, text, Parse);

    /// <summary>Reads a filter that chooses vantage points; null for none.</summary>
    public static Filter? VantagePoints(string name, string? text) => Filter(name, text,
        filter => Filters.Filter.ParseVantagePoints(filter, BoundedFile.ReadList));

    /// <summary>Reads a filter of routes that peers hold; null for none.</summary>
    public static Filter? HeldRoutes(string name, string? text) => Filter(name, text,
        filter => Filters.Filter.ParseHeldRoutes(filter, () => RegistrySnapshot.Shipped, BoundedFile.ReadList));

    private static Filter Parse(string text) => Filters.Filter.Parse(text, () => RegistrySnapshot.Shipped, BoundedFile.ReadList);

    private static Filter? Filter(string name, string? text, Func<string, Filter> parse)
    {
        try
        {
            return text is null ? null : parse(text);
        }
        catch (FilterException wrong)
        {
            throw new UsageException($"{name}: {wrong.Message}", wrong.Picture);
        }
    }

    /// <summary>Reads <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>1d</c>: whole seconds, from one second to 366 days.</summary>
    public static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        int unit = text is [] ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (unit == 0 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            return false;
        }
        long seconds = (long)count * unit;
        if (seconds is < 1 or > 366L * 86400) return false;
        span = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static string NoTime(string name, string text) =>
        $"{name}: '{text}' is no time; write it like 2017-10-01 or 2017-10-01T09:07:51Z, in UTC";

    private static string? Single(ArgumentResult result) => result.Tokens is [var token] ? token.Value : null;

    /// <summary>Says what is wrong with an option, and gives no value.</summary>
    public static T Wrong<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default!;
    }
}
