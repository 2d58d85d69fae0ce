using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>Who runs an AS, by a register of organisations: ASes of one <paramref name="Id"/> are siblings
/// (methods.md, "Changes").</summary>
/// <param name="Id">As the source writes it: <c>ORG-SJVC1-AP-APNIC</c>. Ids of two sources do not compare.</param>
/// <param name="Name">As the source writes it.</param>
/// <param name="Country">Where the organisation is registered; none where the source does not say.</param>
public sealed record Organisation(string Id, string Name, Country Country);

/// <summary>That an AS is run by an organisation.</summary>
public readonly record struct AsHolding(Asn Asn, Organisation Organisation);
