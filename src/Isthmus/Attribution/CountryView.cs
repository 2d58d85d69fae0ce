using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Attribution;

/// <summary>Which witness says whether a prefix is a country's. They differ, and the answer with them (methods.md, "Countries").</summary>
public enum CountryRule
{
    /// <summary>The country of the AS that originates it: what is routed by the country's networks.</summary>
    Origin,
    /// <summary>The country of the holder that an RIR delegated it to, whoever originates it.</summary>
    Delegation,
    /// <summary>The country of the organisation that runs its origin; the origin's own where none is known.</summary>
    Organisation,
    /// <summary>The country that a geolocation database says it is used in, whoever originates it.</summary>
    Geolocation,
}

/// <summary>The countries of ASes and prefixes under one rule. A user's override wins under every rule.</summary>
public sealed class CountryView(RegistrySnapshot registry, CountryRule rule)
{
    public CountryRule Rule { get; } = rule;

    /// <summary>Which witness of an AS counts before which.</summary>
    public IReadOnlyList<WitnessKind> OrderOfAses { get; } = rule switch
    {
        CountryRule.Delegation =>
            [WitnessKind.Override, WitnessKind.Delegation, WitnessKind.OriginatedAddresses, WitnessKind.Organisation],
        CountryRule.Organisation =>
            [WitnessKind.Override, WitnessKind.Organisation, WitnessKind.Delegation, WitnessKind.OriginatedAddresses],
        _ => [WitnessKind.Override, WitnessKind.Delegation, WitnessKind.Organisation, WitnessKind.OriginatedAddresses],
    };

    /// <summary>Which witness of a prefix counts before which.</summary>
    public IReadOnlyList<WitnessKind> OrderOfPrefixes { get; } = rule switch
    {
        CountryRule.Delegation => [WitnessKind.Override, WitnessKind.Delegation],
        CountryRule.Geolocation => [WitnessKind.Override, WitnessKind.Geolocation],
        CountryRule.Organisation => [WitnessKind.Override, WitnessKind.Organisation, WitnessKind.OriginRegistration],
        _ => [WitnessKind.Override, WitnessKind.OriginRegistration],
    };

    /// <summary>True when some prefix is judged by itself, not by its origin alone.</summary>
    public bool JudgesPrefixes => Rule is CountryRule.Delegation or CountryRule.Geolocation || registry.Overrides is { HasPrefixes: true };

    /// <summary>The country of an AS; none where no witness says.</summary>
    public Country CountryOf(Asn asn)
    {
        foreach (var kind in OrderOfAses)
        {
            var country = kind is WitnessKind.Override
                ? registry.Overrides?.Find(asn)?.Country ?? Country.None : registry.CountryOf(asn, kind);
            if (!country.IsNone) return country;
        }
        return Country.None;
    }

    /// <summary>The country of a prefix, none where no witness says; null where its origin decides.</summary>
    public Country? CountryOf(Prefix prefix) => registry.Overrides?.Find(prefix)?.Country ?? Rule switch
    {
        CountryRule.Delegation => registry.CountryOf(prefix, WitnessKind.Delegation),
        CountryRule.Geolocation => registry.CountryOf(prefix, WitnessKind.Geolocation),
        _ => null,
    };
}
