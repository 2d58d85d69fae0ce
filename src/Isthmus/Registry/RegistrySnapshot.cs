using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>
/// Who holds what: the country of an AS and of a prefix, by several witnesses that are kept apart, the names of ASes and who
/// runs them. Immutable layers, one a source; for each kind of fact the last layer that has it counts. A registration says
/// who answers for a number, not where packets pass.
/// </summary>
public sealed class RegistrySnapshot(
    IReadOnlyList<RegistryLayer> layers, OverrideFile? overrides = null, IReadOnlyList<string>? editions = null)
{
    /// <summary>What may say of which country an AS is, the strongest first.</summary>
    private static readonly WitnessKind[] _ofAses =
        [WitnessKind.Delegation, WitnessKind.Organisation, WitnessKind.OriginatedAddresses];

    private static readonly WitnessKind[] _ofPrefixes = [WitnessKind.Delegation, WitnessKind.Geolocation];

    private static readonly Lazy<RegistrySnapshot> _shipped = new(() => new(RegistryFile.ReadShipped()));

    // One country is asked for many times in a run.
    private volatile SaidAses? _lastSaid;

    private sealed record SaidAses(Country Country, Asn[] Ases);

    // What was laid on last counts first.
    private readonly RegistryLayer[] _laid = [.. layers.Reverse()];

    /// <summary>The offline registry that the program ships: see docs/data-sources.md.</summary>
    public static RegistrySnapshot Shipped => _shipped.Value;

    /// <summary>
    /// Where the facts are from and of which date, a sentence for each source; then one for each source of which an edition was chosen.
    /// </summary>
    public IReadOnlyList<string> Sources { get; } =
        [.. layers.SelectMany(layer => layer.Sources), .. overrides is null ? [] : new[] { overrides.Source }, .. editions ?? []];

    /// <summary>The sources of its facts, whatever day they were chosen for: two with the same say the same.</summary>
    internal string Facts { get; } = string.Join('\n', [.. layers.SelectMany(layer => layer.Sources), overrides?.Source ?? ""]);

    /// <summary>What a user says over all other witnesses; null for nothing.</summary>
    public OverrideFile? Overrides { get; } = overrides;

    /// <summary>This registry with other sources on top.</summary>
    public RegistrySnapshot With(IEnumerable<RegistryLayer> above) => new([.. layers, .. above], Overrides);

    /// <summary>This registry with what a user says; null takes it away.</summary>
    public RegistrySnapshot With(OverrideFile? said) => new(layers, said, editions);

    /// <summary>
    /// This registry as it was on a day: of each source that was given in several editions the latest that is not after it, else the
    /// earliest; null for the latest of each.
    /// </summary>
    public RegistrySnapshot At(DateOnly? day)
    {
        var (chosen, choices) = RegistryEditions.Choose(layers, day);
        return choices.Count == 0 ? this : new(chosen, Overrides, [.. editions ?? [], .. choices]);
    }

    /// <summary>True when some source is of the kind.</summary>
    public bool Has(WitnessKind kind) => layers.Any(layer => layer.Speaks(kind));

    /// <summary>True when some source of the kind speaks of ASes.</summary>
    public bool SpeaksOfAses(WitnessKind kind) => layers.Any(layer => layer.SpeaksOfAses(kind));

    /// <summary>The country of an AS by the strongest witness; none where no source says.</summary>
    public Country CountryOf(Asn asn)
    {
        if (Overrides?.Find(asn) is { } said) return said.Country;
        foreach (var kind in _ofAses)
            if (CountryOf(asn, kind) is { IsNone: false } country) return country;
        return Country.None;
    }

    /// <summary>The country of an AS by one kind of witness alone.</summary>
    public Country CountryOf(Asn asn, WitnessKind kind)
    {
        foreach (var layer in _laid)
            if (layer.CountryOf(asn, kind) is { IsNone: false } country) return country;
        return Country.None;
    }

    /// <summary>The country that most addresses of a prefix are registered in; none where no source says.</summary>
    public Country CountryOf(Prefix prefix) => Overrides?.Find(prefix)?.Country ?? CountryOf(prefix, WitnessKind.Delegation);

    /// <summary>The country of most addresses of a prefix by one kind of witness alone.</summary>
    public Country CountryOf(Prefix prefix, WitnessKind kind)
    {
        foreach (var layer in _laid)
            if (layer.Kind == kind && layer.CountryOf(prefix) is { IsNone: false } country) return country;
        return Country.None;
    }

    /// <summary>True when some witness, a user's override or a registry, says that a prefix is of a country.</summary>
    public bool IsSaidOf(Prefix prefix, Country country)
    {
        if (Overrides?.Find(prefix)?.Country == country) return true;
        foreach (var layer in _laid)
            if (layer.CountryOf(prefix) == country) return true;
        return false;
    }

    /// <summary>All that is said of the country of an AS, the strongest witness first: that one is <see cref="CountryOf(Asn)"/>.</summary>
    public IReadOnlyList<CountryWitness> WitnessesOf(Asn asn) => [.. Said(Overrides?.Find(asn)), ..
        from kind in _ofAses
        from layer in _laid
        let country = layer.CountryOf(asn, kind)
        where !country.IsNone
        select new CountryWitness(kind, country, layer.Sources[0], layer.Date)];

    /// <summary>All that is said of the country of a prefix by itself, the strongest witness first.</summary>
    public IReadOnlyList<CountryWitness> WitnessesOf(Prefix prefix) => [.. Said(Overrides?.Find(prefix)), ..
        from kind in _ofPrefixes
        from layer in _laid
        where layer.Kind == kind
        let country = layer.CountryOf(prefix)
        where !country.IsNone
        select new CountryWitness(kind, country, layer.Sources[0], layer.Date)];

    /// <summary>True when all that is said of the country of an AS is one country.</summary>
    /// <param name="country">What is said elsewhere, or none; with this together one country, where there is one.</param>
    internal bool Agree(Asn asn, ref Country country)
    {
        if (Overrides?.Find(asn) is { } line && !IsSame(line.Country, ref country)) return false;
        foreach (var kind in _ofAses)
            foreach (var layer in _laid)
                if (!IsSame(layer.CountryOf(asn, kind), ref country)) return false;
        return true;
    }

    /// <summary>The same of a prefix by itself.</summary>
    /// <inheritdoc cref="Agree(Asn, ref Country)"/>
    internal bool Agree(Prefix prefix, ref Country country)
    {
        if (Overrides?.Find(prefix) is { } line && !IsSame(line.Country, ref country)) return false;
        foreach (var layer in _laid)
            if (_ofPrefixes.Contains(layer.Kind) && !IsSame(layer.CountryOf(prefix), ref country)) return false;
        return true;
    }

    private static bool IsSame(Country said, ref Country country)
    {
        if (said.IsNone) return true;
        if (country.IsNone) country = said;
        return said == country;
    }

    private IEnumerable<CountryWitness> Said(CountryOverride? line) => line is null ? []
        : [new(WitnessKind.Override, line.Country, Overrides!.Source, "", line.Why)];

    /// <summary>The name of an AS, else that of the organisation that runs it; null where no source has one.</summary>
    public string? NameOf(Asn asn)
    {
        foreach (var layer in _laid)
            if (layer.Find(asn) is { Name.Length: > 0 } fact) return fact.Name;
        return OrganisationOf(asn)?.Name;
    }

    /// <summary>Every AS that some source names, with that name; one may stand in several sources.</summary>
    public IEnumerable<AsFact> Named => layers.SelectMany(layer => layer.Ases).Where(fact => fact.Name.Length > 0);

    /// <summary>The organisation that runs an AS; null where no source says: the shipped registry knows none.</summary>
    public Organisation? OrganisationOf(Asn asn)
    {
        foreach (var layer in _laid)
            if (layer.OrganisationOf(asn) is { } organisation) return organisation;
        return null;
    }

    /// <summary>The ASes that are of a country by the strongest witness, in order.</summary>
    public IReadOnlyList<Asn> AsesOf(Country country) => [.. AsesSaidOf(country).Where(asn => CountryOf(asn) == country)];

    /// <summary>The ASes that some witness says are of a country, in order.</summary>
    public IReadOnlyList<Asn> AsesSaidOf(Country country)
    {
        if (_lastSaid is { } known && known.Country == country) return known.Ases;
        Asn[] said = [.. layers.SelectMany(layer => layer.AsesOf(country))
            .Concat(Overrides?.Lines.Where(line => line.Country == country).Select(line => line.Asn).OfType<Asn>() ?? [])
            .Distinct().Order()];
        _lastSaid = new(country, said);
        return said;
    }

    /// <summary>True when some source of the kind speaks of address blocks.</summary>
    public bool SpeaksOfBlocks(WitnessKind kind) => layers.Any(layer => layer.Kind == kind && layer.Ipv4.Count + layer.Ipv6.Count > 0);

    /// <summary>All blocks of a family that one kind of witness speaks of, in the order of the layers.</summary>
    public IEnumerable<CountryRange> RangesOf(WitnessKind kind, AddressFamily family) => layers
        .Where(layer => layer.Kind == kind).SelectMany(layer => family is AddressFamily.IPv4 ? layer.Ipv4 : layer.Ipv6);
}
