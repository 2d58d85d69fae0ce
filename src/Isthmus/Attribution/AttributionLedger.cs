using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Attribution;

/// <summary>What is said of the country of one prefix or AS, and which of it counts.</summary>
/// <param name="Asn">Null where the entry is of a prefix.</param>
/// <param name="Prefix">Null where the entry is of an AS.</param>
/// <param name="Witnesses">The strongest first, in the order of <see cref="WitnessKind"/>; several of one kind where sources differ in date.</param>
/// <param name="Chosen">The country that counts; none where no witness that the rule asks says.</param>
/// <param name="ChosenBy">Which witness it is by; null for none.</param>
/// <param name="Counts">Of a prefix: whether the subject has it. Null for an AS, and where no routes were read.</param>
public sealed record AttributionEntry(
    Asn? Asn, Prefix? Prefix, IReadOnlyList<CountryWitness> Witnesses, Country Chosen, WitnessKind? ChosenBy, bool? Counts)
{
    /// <summary>The AS or the prefix.</summary>
    public string Of => Asn?.ToString() ?? Prefix.ToString()!;

    /// <summary>True when two witnesses name different countries.</summary>
    public bool Conflict => Witnesses.Select(witness => witness.Country).Distinct().Count() > 1;
}

/// <summary>A line of the user's override file, and whether anything in the answer is of it.</summary>
public sealed record OverrideUse(CountryOverride Line, bool Used);

/// <summary>What one kind of witness puts in a country, whether it is routed or not.</summary>
/// <param name="Ases">Null where no source of the kind speaks of ASes.</param>
/// <param name="Ipv4Addresses">Null where no source of the kind speaks of addresses, as is <paramref name="Ipv6Slash48s"/>.</param>
/// <param name="Ipv6Slash48s">Blocks of that size, rounded up over all.</param>
public sealed record CountryClaim(WitnessKind Kind, int? Ases, long? Ipv4Addresses, long? Ipv6Slash48s);

/// <summary>
/// Of which country each prefix and AS of an answer is, by whose word: witnesses kept apart, what was chosen, by which rule,
/// and where they conflict.
/// </summary>
/// <param name="Rule">Which witness makes a prefix a country's.</param>
/// <param name="Entries">ASes, then prefixes, sorted; with conflicts first to be kept where there are too many.</param>
/// <param name="LeftOut">Entries that are too many to list.</param>
/// <param name="Conflicts">Of all entries, listed or not.</param>
/// <param name="Claims">For a country: what each kind of witness puts in it; empty for others.</param>
/// <param name="Overrides">The user's lines, in their order.</param>
public sealed record AttributionLedger(
    CountryRule Rule, IReadOnlyList<AttributionEntry> Entries, int LeftOut, int Conflicts,
    IReadOnlyList<CountryClaim> Claims, IReadOnlyList<OverrideUse> Overrides)
{
    /// <summary>Entries that are listed: a large country has many thousands.</summary>
    public const int EntriesMax = 2_000;

    /// <summary>The ledger of an answer: the subject's prefixes, those that others say are, origins and upstreams.</summary>
    public static AttributionLedger Of(IRouteSpans seen, AttributedPaths paths) =>
        new LedgerKeeping(paths.Subject, paths.View, paths.Registry).Of(seen, paths);

    /// <summary>The ledger of a subject by the registries alone, whether it is routed or not.</summary>
    public static AttributionLedger Of(Subject subject, CountryView view, RegistrySnapshot registry) =>
        new LedgerKeeping(subject, view, registry).Registered();
}
