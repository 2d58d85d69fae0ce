using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Attribution;

/// <summary>What a report is about.</summary>
public enum SubjectKind
{
    As,
    Country,
    Prefix,
}

/// <summary>The network, country or prefix that a report is about.</summary>
/// <param name="Text">The canonical text: <c>AS131279</c>, <c>KP</c>, <c>175.45.176.0/22</c>.</param>
/// <param name="Name">The registered name, where the registry has one.</param>
/// <param name="Country">Where the subject is registered, or the country itself.</param>
public sealed record Subject(SubjectKind Kind, string Text, string? Name, Country Country, Asn Asn, Prefix Prefix)
{
    /// <summary>
    /// True for a single address, which no network announces alone: the routes of all prefixes that hold it are meant, but no
    /// default route.
    /// </summary>
    public bool IsAddress => Kind is SubjectKind.Prefix && Prefix.Length == (Prefix.Family is AddressFamily.IPv4 ? 32 : 128);
}
