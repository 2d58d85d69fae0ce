using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Text;
using Isthmus.Transit;

namespace Isthmus.Reports;

/// <summary>The attribution ledger in words, the same in text, JSON and HTML.</summary>
public static class AttributionWords
{
    /// <summary>What must stand beside every country.</summary>
    public const string Caveat =
        "Where a number is registered, whose organisation holds it and where its addresses are said to be used are three things; "
        + "none of them is where packets pass.";

    /// <summary>The token of a kind of witness in JSON and text.</summary>
    public static string Token(WitnessKind kind) => kind switch
    {
        WitnessKind.Override => "override",
        WitnessKind.Delegation => "delegation",
        WitnessKind.OriginRegistration => "origin-registration",
        WitnessKind.Organisation => "organisation",
        WitnessKind.OriginatedAddresses => "originated-addresses",
        _ => "geolocation",
    };

    /// <summary>The word of a rule.</summary>
    public static string Token(CountryRule rule) => rule switch
    {
        CountryRule.Origin => "origin",
        CountryRule.Delegation => "delegation",
        CountryRule.Organisation => "organisation",
        _ => "geolocation",
    };

    /// <summary>What a rule counts as a country's, and why one may want it.</summary>
    public static string Of(CountryRule rule) => rule switch
    {
        CountryRule.Origin => "A prefix is a country's when the AS that originates it is: what the country's own networks announce.",
        CountryRule.Delegation =>
            "A prefix is a country's when an RIR delegated it to a holder there, whoever originates it, in the country or abroad.",
        CountryRule.Organisation =>
            "A prefix is a country's when the organisation that runs its origin is registered there; the origin's own country where none is known.",
        _ => "A prefix is a country's when a geolocation database puts most of its addresses there, whoever holds or originates it. "
            + "Such databases believe what holders declare: hosting and VPN networks declare countries that they sell, not where they are.",
    };

    /// <summary>What was said of one prefix or AS: <c>KP by delegation and geolocation, against CN by origin-registration</c>.</summary>
    public static string Of(AttributionEntry entry)
    {
        var said = entry.Witnesses.GroupBy(witness => witness.Country)
            .OrderByDescending(group => group.Key == entry.Chosen)
            .Select(group => $"{group.Key} by {Series([.. group.Select(witness => Token(witness.Kind)).Distinct()])}").ToArray();
        return said.Length == 0 ? "nothing is said" : string.Join(", against ", said);
    }

    /// <summary>Why a country was chosen, in a sentence.</summary>
    public static string WhyChosen(AttributionEntry entry) => entry.ChosenBy switch
    {
        null => "No witness that the rule asks says anything.",
        WitnessKind.Override => $"A user says so, because {entry.Witnesses.First(witness => witness.Kind is WitnessKind.Override).Why}.",
        WitnessKind.OriginRegistration => "Its origin decides.",
        WitnessKind.Delegation => "The delegation decides.",
        WitnessKind.Organisation => "The organisation decides.",
        WitnessKind.OriginatedAddresses => "Nothing closer to the registration is known than the addresses that it originated.",
        _ => "The geolocation decides.",
    };

    /// <summary>Why nothing can be said of a choice of witnesses.</summary>
    public static string NotKnown(AttributionEffect effect) => effect.NotKnown switch
    {
        EffectUnknown.NoOrganisations => "no source of organisations: give CAIDA's as-org2info as a registry",
        EffectUnknown.NoGeolocation => "no source of geolocation",
        EffectUnknown.TooManyBeside => $"{TooMany}; ask for the report by {Token(effect.Rule)}",
        EffectUnknown.TooMany => TooMany,
        _ => "",
    };

    private static string TooMany => $"more than {Wording.Count(AttributedPaths.DisputedMax)} prefixes are the country's by other witnesses alone, "
        + "too many to follow beside it";

    /// <summary>How an effect is called: <c>origin, without overrides</c>.</summary>
    public static string NameOf(AttributionEffect effect, bool hasOverrides) =>
        Token(effect.Rule) + (hasOverrides && !effect.Overrides ? ", without overrides" : "");

    /// <summary>A line of the override file that nothing in the answer is of.</summary>
    public static string Unused(OverrideUse use, string file) => FormattableString.Invariant(
        $"{file}: line {use.Line.Line} was not used: nothing here is of {use.Line.Of}");

    private static string Series(string[] parts) => parts is [.. var most, var last] && most.Length > 0
        ? $"{string.Join(", ", most)} and {last}" : string.Concat(parts);
}
