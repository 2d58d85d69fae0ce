using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>
/// What a country fact rests on, the strongest first. The kinds are kept apart: they answer different questions (methods.md,
/// "Countries"), and where they differ none of them is simply wrong.
/// </summary>
public enum WitnessKind
{
    /// <summary>A user says so, with a reason, in a file of his own.</summary>
    Override,
    /// <summary>An RIR delegated the number to a holder registered there.</summary>
    Delegation,
    /// <summary>Of a prefix: the AS that originates it is of that country.</summary>
    OriginRegistration,
    /// <summary>The organisation that runs the AS is registered there.</summary>
    Organisation,
    /// <summary>Of an AS: most addresses that it originated are delegated there.</summary>
    OriginatedAddresses,
    /// <summary>Of a prefix: a database says that its addresses are used there.</summary>
    Geolocation,
}

/// <summary>What one source says of the country of a prefix or an AS.</summary>
/// <param name="Source">Which source: one of <see cref="RegistrySnapshot.Sources"/>.</param>
/// <param name="Date">Of the facts, as 2026-06-17 or 2026-06; empty where the source has none.</param>
/// <param name="Why">The reason that a user gave for an override; null for all others.</param>
/// <param name="Origin">Of a prefix: the origin that this is said of; null where it is said of the prefix itself.</param>
public sealed record CountryWitness(
    WitnessKind Kind, Country Country, string Source, string Date, string? Why = null, Asn? Origin = null);
