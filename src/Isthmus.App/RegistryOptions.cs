using System.CommandLine;
using System.Security.Cryptography;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;

namespace Isthmus.App;

/// <summary>The options that say who holds what, and by whose word a prefix is a country's.</summary>
internal static class RegistryOptions
{
    /// <summary>Lines of a registry file that cannot be read, named on standard error; the rest are as wrong.</summary>
    private const int FaultsMax = 10;

    private static readonly CountryRule[] _rules = Enum.GetValues<CountryRule>();

    public static readonly Option<string[]> Files = new("--registry")
    {
        Description = "Files that come before the registry shipped with the program: RIR delegated statistics, CAIDA's as-org2info,"
            + " tables of first,last,country (geolocation) or JSON of AS names; or folders of them. Of several editions of one source"
            + " the one of the data's date is used. May be given several times.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = false,
    };

    public static readonly Option<string?> Override = new("--override")
    {
        Description = "Countries that you know better, one a line: AS134544 CN because …, or 175.45.176.0/22 KP because …",
        HelpName = "FILE",
    };

    public static readonly Option<string> CountryBy = CountryByOption();

    /// <summary>The registry that the options ask for.</summary>
    /// <param name="dated">Registries of the data's date, which come before the shipped one and after those that a user names.</param>
    public static RegistrySnapshot Read(ParseResult parsed, IReadOnlyList<(string Path, string Name)>? dated = null)
    {
        var faults = new List<string>();
        var registry = RegistrySnapshot.Shipped.With(RegistryFiles.Read(dated ?? [], faults))
            .With(RegistryFiles.Read(parsed.GetValue(Files) ?? [], faults));
        foreach (string fault in faults.Take(FaultsMax)) Terminal.Say($"{fault}");
        if (faults.Count > FaultsMax) Terminal.Say($"{faults.Count - FaultsMax} more lines of registry files were passed over");
        if (RuleOf(parsed) is CountryRule.Organisation && !registry.Has(WitnessKind.Organisation)) throw new UsageException(
            "--country-by organisation: no file says which organisation runs an AS; give one with --registry, as CAIDA's as-org2info.txt");
        if (parsed.GetValue(Override) is not { } file) return registry;
        try
        {
            return registry.With(RegistryFiles.ReadOverrides(file));
        }
        catch (OverrideException wrong)
        {
            throw new UsageException($"--override: {wrong.Message}", wrong.Picture);
        }
    }

    /// <summary>
    /// Names what the options say of who holds what: empty for the registry that is shipped, else the SHA-256 of the files that are named.
    /// </summary>
    public static string FingerprintOf(ParseResult parsed)
    {
        string[] named = [.. parsed.GetValue(Files) ?? [], .. parsed.GetValue(Override) is { } own ? [own] : Array.Empty<string>()];
        bool isDated = parsed.GetValue(DatedRegistryOptions.Asked);
        if (named.Length == 0 && !isDated) return "";
        var hashes = named.SelectMany(name => Directory.Exists(name) ? Directory.GetFiles(name) : [name])
            .Select(HashOf).Order(StringComparer.Ordinal);
        return string.Join(' ', isDated ? hashes.Append($"of {parsed.GetValue(SurveyOptions.To)}") : hashes);
    }

    private static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The files of the folders that the options name.</summary>
    public static IEnumerable<string> FilesOf(ParseResult parsed) => parsed.GetResult(Files) is not { } given ? []
        : given.Tokens.Where(token => Directory.Exists(token.Value)).SelectMany(token => Directory.GetFiles(token.Value));

    /// <summary>The rule that the options ask for.</summary>
    public static CountryRule RuleOf(ParseResult parsed) =>
        _rules.First(rule => AttributionWords.Token(rule) == parsed.GetValue(CountryBy));

    /// <summary>Names the lines of the override file that nothing was of.</summary>
    public static void TellUnused(AttributionLedger ledger, RegistrySnapshot registry)
    {
        foreach (var use in ledger.Overrides.Where(use => !use.Used))
            Terminal.Say($"{AttributionWords.Unused(use, registry.Overrides!.Name)}");
    }

    private static Option<string> CountryByOption()
    {
        string[] words = [.. _rules.Select(AttributionWords.Token)];
        var option = OptionText.Choice(
            "--country-by", $"Whose word makes a prefix a country's: {string.Join(", ", words[..^1])} or {words[^1]}.", words);
        option.HelpName = "WITNESS";
        return option;
    }
}
