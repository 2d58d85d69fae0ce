using System.CommandLine;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Sources;
using Isthmus.Store;

namespace Isthmus.App;

/// <summary>The option by which a command asks a store in place of files.</summary>
internal static class StoreOption
{
    public static readonly Option<string?> Store = new("--store")
    {
        Description = "Ask what a store keeps, made by ingest, and read no files.",
        HelpName = "STORE",
    };

    /// <summary>Opens the store that a command line names, whatever it keeps; null where it names none.</summary>
    /// <exception cref="UsageException">Inputs are named, too.</exception>
    public static StoredRoutes? Open(ParseResult parsed, IReadOnlyList<string> inputs)
    {
        if (parsed.GetValue(Store) is not { } named) return null;
        ArchiveOptions.RefuseBeside(parsed, Store.Name);
        if (inputs.Count > 0) throw new UsageException($"--store and INPUT: give one of them ({inputs[0]} can be added with 'isthmus ingest')");
        var stored = StoredRoutes.Open(StoreAddress.Parse(named));
        if (stored.Collectors.Count > 0) return stored;
        stored.Dispose();
        throw new InputException($"the store {named} holds no files yet: 'isthmus ingest INPUT --store {named}' adds some");
    }

    /// <summary>Opens the store that a command line names; null where it names none.</summary>
    /// <exception cref="UsageException">Inputs are named, too, or the store keeps the routes of others.</exception>
    public static StoredRoutes? Open(ParseResult parsed, IReadOnlyList<string> inputs, Subject subject, RegistrySnapshot registry)
    {
        if (Open(parsed, inputs) is not { } stored) return null;
        string named = parsed.GetValue(Store)!;
        string? why = stored.Registry != RegistryOptions.FingerprintOf(parsed) && stored.HasCountries
            ? $"the store {named} was filled by other words on who holds what: give the --registry and --override that it was filled with"
            : null;
        if (why is null && stored.Keeps(subject, RegistryOptions.RuleOf(parsed), registry)) return stored;
        stored.Dispose();
        throw new InputException(why ?? (stored.Selection.Subjects.Contains(subject.Text)
            ? $"the store {named} keeps the routes of {stored.Selection}: whose prefixes are a country's is asked by the same --country-by"
            : $"the store {named} keeps the routes of {stored.Selection} alone: of {subject.Text} it does not know all;"
            + $" 'isthmus ingest INPUT --store OTHER --select {subject.Text}' makes one that does"));
    }
}
