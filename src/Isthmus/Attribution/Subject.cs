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
public sealed record Subject(SubjectKind Kind, string Text, string? Name, Country Country, Asn Asn, Prefix Prefix);
