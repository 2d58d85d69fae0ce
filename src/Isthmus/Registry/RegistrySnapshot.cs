using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>
/// Who holds what: the country of an AS and of a prefix, and the names of ASes. Immutable layers, one a source;
/// for each fact the last layer that has it counts. A registration says who answers for a number, not where packets pass.
/// </summary>
public sealed class RegistrySnapshot(IReadOnlyList<RegistryLayer> layers)
{
    private static readonly Lazy<RegistrySnapshot> _shipped = new(() => new([RegistryFile.ReadShipped()]));

    /// <summary>The offline registry that the program ships: see docs/data-sources.md.</summary>
    public static RegistrySnapshot Shipped => _shipped.Value;

    /// <summary>Where the facts are from and of which date, a sentence for each source.</summary>
    public IReadOnlyList<string> Sources { get; } = [.. layers.SelectMany(layer => layer.Sources)];

    /// <summary>This registry with other sources on top.</summary>
    public RegistrySnapshot With(IEnumerable<RegistryLayer> above) => new([.. layers, .. above]);

    /// <summary>The country that an AS is registered in; none where no source says.</summary>
    public Country CountryOf(Asn asn)
    {
        for (int i = layers.Count - 1; i >= 0; i--)
            if (layers[i].Find(asn) is { Country.IsNone: false } fact) return fact.Country;
        return Country.None;
    }

    /// <summary>The country that most addresses of a prefix are registered in; none where no source says.</summary>
    public Country CountryOf(Prefix prefix)
    {
        for (int i = layers.Count - 1; i >= 0; i--)
            if (layers[i].CountryOf(prefix) is { IsNone: false } country) return country;
        return Country.None;
    }

    /// <summary>The name of an AS; null where no source has one.</summary>
    public string? NameOf(Asn asn)
    {
        for (int i = layers.Count - 1; i >= 0; i--)
            if (layers[i].Find(asn) is { Name.Length: > 0 } fact) return fact.Name;
        return null;
    }

    /// <summary>The organisation that runs an AS; null where no source says: the shipped registry knows none.</summary>
    public Organisation? OrganisationOf(Asn asn)
    {
        for (int i = layers.Count - 1; i >= 0; i--)
            if (layers[i].OrganisationOf(asn) is { } organisation) return organisation;
        return null;
    }

    /// <summary>The ASes that are registered in a country, in order.</summary>
    public IReadOnlyList<Asn> AsesOf(Country country) => [.. layers
        .SelectMany(layer => layer.Ases).Where(fact => fact.Country == country)
        .Select(fact => fact.Asn).Distinct().Where(asn => CountryOf(asn) == country).Order()];

    /// <summary>True when some AS or address is registered in the country.</summary>
    public bool Knows(Country country) => layers.Any(layer =>
        layer.Ases.Any(fact => fact.Country == country) || layer.Ipv4.Any(range => range.Country == country));
}
