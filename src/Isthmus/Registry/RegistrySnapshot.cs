using System.Collections.Frozen;

using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>Who holds what, of one day: the country of an AS and of a prefix, and the names of ASes. Immutable.</summary>
public sealed class RegistrySnapshot
{
    private readonly FrozenDictionary<Asn, (Country Country, string? Name)> _asns =
        FrozenDictionary<Asn, (Country Country, string? Name)>.Empty;

    /// <summary>Where the facts are from and of which date, a sentence for each source.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The country that an AS is registered in.</summary>
    public Country CountryOf(Asn asn) => _asns.GetValueOrDefault(asn).Country;

    /// <summary>The name of an AS; null where no source has one.</summary>
    public string? NameOf(Asn asn) => _asns.GetValueOrDefault(asn).Name;
}
