using System.CommandLine;
using System.Text.RegularExpressions;

namespace Isthmus.App;

/// <summary>
/// What the command in a report that somebody sent would open: URLs and files. A stranger wrote it, so that what does not lie
/// in the inputs given is not opened unless the user says so.
/// </summary>
internal static partial class TrustedArguments
{
    /// <summary>Names that are listed; the rest are counted.</summary>
    private const int NamedMax = 5;

    /// <summary>Refuses what the user has not given.</summary>
    /// <param name="command">The report's command, parsed.</param>
    /// <param name="given">INPUT as the user gave it; where there is none the report's own are opened.</param>
    /// <exception cref="UsageException">The report's command names something outside.</exception>
    public static void Require(ParseResult command, IReadOnlyList<string> given)
    {
        string[] outside =
        [
            .. Named(command, withInputs: given.Count == 0).Where(name => !LiesIn(name, given)).Distinct(StringComparer.Ordinal),
        ];
        if (outside.Length == 0) return;
        string names = string.Join(", ", outside.Take(NamedMax)) + (outside.Length > NamedMax ? $" and {outside.Length - NamedMax} more" : "");
        throw new UsageException($"the report's command would open {names}: a report may name anything; give its files as INPUT,"
            + " or --trust-arguments to open what it names");
    }

    private static IEnumerable<string> Named(ParseResult command, bool withInputs)
    {
        if (withInputs)
        {
            var inputs = ReportCommand.InputsOf(command);
            foreach (string input in inputs.Where(input => input is not "-")) yield return input;
            if (ArchiveOptions.IsAsked(command, inputs)) foreach (string place in ArchiveOptions.PlacesOf(command)) yield return place;
        }
        foreach (string place in DatedRegistryOptions.PlacesOf(command)) yield return place;
        foreach (string file in command.GetValue(RegistryOptions.Files) ?? []) yield return file;
        if (command.GetValue(RegistryOptions.Override) is { } @override) yield return @override;
        foreach (string list in ListsOf(command.GetValue(SurveyOptions.Where) ?? "")) yield return list;
    }

    /// <summary>The files of lists that a filter names.</summary>
    public static IEnumerable<string> ListsOf(string filter) => ListFile().Matches(filter).Select(list => list.Groups[1].Value.Trim('"'));

    // By its path alone: nothing that a stranger names is touched to find out.
    private static bool LiesIn(string name, IReadOnlyList<string> given)
    {
        if (name.Contains("://", StringComparison.Ordinal)) return false;
        string path = Path.GetFullPath(name);
        return given.Append(Sample.Find() ?? "").Where(root => root.Length > 0 && !root.Contains("://", StringComparison.Ordinal))
            .Select(Path.GetFullPath).Any(root => path == root || path.StartsWith(
                Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }

    [GeneratedRegex("""@("[^"]*"|[^\s,)}]+)""")]
    private static partial Regex ListFile();
}
